/** menkan schema: JSON Schema of the files that users write, for editors that complete and check as one types. */
import { scenarioSchema } from '../experiment/scenario.js'
import { importMapping } from '../pack/import/mapping.js'
import { parameterFiles } from '../pack/parameters.js'
import { packHead } from '../pack/read.js'
import { jsonSchemaOf, policyFileSchema, type JsonSchema } from '../policy/fileSchema.js'
import type { Verb } from './verb.js'
import { mistake } from './policyInput.js'
import { nearest } from '../reading/nearest.js'

const titled = (title: string, schema: JsonSchema): JsonSchema => ({ title, ...schema })

/** By the kind of file. */
export const SCHEMAS: Record<string, () => JsonSchema> = {
  policy: policyFileSchema,
  scenario: () => titled('Menkan scenario', jsonSchemaOf(scenarioSchema)),
  pack: () => titled('Menkan pack (pack.yaml)', jsonSchemaOf(packHead)),
  parameters: () => titled('Menkan parameters (parameters/*.yaml)', jsonSchemaOf(parameterFiles.required)),
  import: () => titled('Menkan import mapping', jsonSchemaOf(importMapping)),
  stocks: () => titled('Menkan stocks (stocks.yaml)', jsonSchemaOf(parameterFiles.optional)),
}

export const schema: Verb = {
  path: ['schema'],
  does: {
    zh: '打印政策、情景或数据包文件的 JSON Schema,供编辑器使用',
    en: 'Print the JSON Schema of policy, scenario or pack files, for editors',
  },
  takes: [
    {
      name: 'kind',
      required: true,
      does: {
        zh: `文件种类:${Object.keys(SCHEMAS).join('、')}`,
        en: `Kind of file: ${Object.keys(SCHEMAS).join(', ')}`,
      },
    },
  ],
  options: {},
  example: 'menkan schema policy',
  act({ positionals }, terminal) {
    const kind = positionals.kind as string
    if (!Object.hasOwn(SCHEMAS, kind))
      throw mistake('unknown-schema', `没有名为“${kind}”的文件种类`, `There is no kind of file "${kind}"`, {
        expected: { zh: Object.keys(SCHEMAS).join('、'), en: Object.keys(SCHEMAS).join(', ') },
        nearest: nearest(kind, Object.keys(SCHEMAS)),
      })
    terminal.print(JSON.stringify(SCHEMAS[kind](), null, 2))
    return Promise.resolve(0)
  },
}
