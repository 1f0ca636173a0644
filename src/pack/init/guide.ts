/** The pages of a new pack that are for people: what to do next, what each column is, where figures come from. */
import type { z } from 'zod'
import { TABLES } from '../figures.js'
import { DIMENSIONS, marginRow } from '../margins.js'
import { fieldsOf } from './fields.js'
import type { NewPlace } from './place.js'

/** @param like the place whose figures stand here until they are replaced */
export const guide = ({ id, title }: NewPlace, like: string): string => `# ${title.zh} · ${title.en}

${like} 的数字在这里暂代:凡沿用者等级均为 assumed,来源写明 “taken over from ${like}, not checked for ${id}”;换上本地数字时,连同 grade 与 source 一起改。
没有数字可沿用的写作 “to be filled for ${id}”。先填什么见手册 docs/data.md “Start a pack”。

Figures of ${like} stand in here: each is graded assumed and its source says "taken over from ${like}, not checked for
${id}". Replace value, grade and source together. What could not be taken over says "to be filled for ${id}". What to
fill first is in the manual, docs/data.md, "Start a pack".

\`\`\`
menkan pack check .                          # 还要填什么 · what is left to fill
menkan policy lint scenarios/policies/${id}-before.yaml scenarios/policies/${id}-after.yaml --pack .
menkan calibrate . --out calibrated.csv      # 数字改动后重做 · again after each change of figures
menkan compare scenarios/before.yaml scenarios/after.yaml
\`\`\`

## CSV 各列 · Columns of the tables

${[['margins.csv', marginRow] as const, ...Object.entries(TABLES)].map(([file, form]) => columnsOf(file, form)).join('\n')}
### 边际的维度与组 · Dimensions of margins and their groups

${Object.entries(DIMENSIONS)
  .map(([name, groups]) => `- \`${name}\`: ${Array.isArray(groups) ? groups.join(', ') : groups}`)
  .join('\n')}
`

const columnsOf = (file: string, form: z.ZodObject): string =>
  `### ${file}

${fieldsOf(form)
  .map(
    ({ name, description, required }) =>
      `- \`${name}\`${required ? '' : ' (可空 · may be empty)'}: ${description}`,
  )
  .join('\n')}
`

/** To be written by whoever reads the sources. */
export const sourcesPage = (
  { id, title }: NewPlace,
  like: string,
): string => `# ${title.zh}数据来源 · Sources of ${title.en}

## 读过 · Read

尚无 · nothing yet

## 推算 · Derived

尚无 · nothing yet

## 假定 · Assumed

全部沿用 ${like},未经核实;清单见 · all taken over from ${like} and not checked; for the list: \`menkan pack check ${id}\`

## 矛盾 · Contradictions

## 未找到 · Not found
`
