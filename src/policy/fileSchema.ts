/**
 * The JSON Schema of a policy file, made from the same definitions that judge it. There any value may be dated, which
 * zod's schema does not say because dates are resolved before it is asked: each value's schema is widened here.
 */
import { z } from 'zod'
import { amendment, extension, ruleSet } from './schema.js'

export type JsonSchema = { [key: string]: unknown }

/** Draft 7, which editors of YAML understand best. @see https://json-schema.org/draft-07 */
export const jsonSchemaOf = (schema: z.ZodType): JsonSchema =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', target: 'draft-7' }) as JsonSchema

const DATE = '^\\d{4}-\\d{2}(-\\d{2})?$'

/** Parts of a policy file that cannot be dated. */
const UNDATED = ['policy', 'title', 'source', 'amendments']

export function policyFileSchema(): JsonSchema {
  const { $schema, ...whole } = jsonSchemaOf(
    ruleSet.extend({ amendments: z.array(amendment).min(1).optional() }),
  )
  const { $schema: _, ...amending } = jsonSchemaOf(extension)
  const definitions: Record<string, JsonSchema> = {}
  const properties = Object.fromEntries(
    Object.entries(whole.properties as Record<string, JsonSchema>).map(([key, value]) => [
      key,
      UNDATED.includes(key) ? value : dated(value, definitions, [key]),
    ]),
  )
  return {
    $schema,
    title: 'Menkan policy',
    if: { required: ['extends'] },
    then: amending,
    else: { ...whole, properties },
    definitions,
  }
}

/** The value, or a map from dates to such values (null ends it). A definition of its own, so that nothing doubles. */
function dated(
  schema: JsonSchema,
  definitions: Record<string, JsonSchema>,
  path: readonly string[],
): JsonSchema {
  const { description, ...value } = within(schema, definitions, path)
  const simple = value.type !== undefined && value.type !== 'object' && value.type !== 'array'
  const name = path.join('.')
  if (!simple) definitions[name] = value
  const one = simple ? value : { $ref: `#/definitions/${name}` }
  const byDate = {
    type: 'object',
    patternProperties: { [DATE]: { anyOf: [one, { type: 'null' }] } },
    additionalProperties: false,
    minProperties: 1,
  }
  return { ...(description !== undefined && { description }), anyOf: [one, byDate] }
}

function within(
  schema: JsonSchema,
  definitions: Record<string, JsonSchema>,
  path: readonly string[],
): JsonSchema {
  const inner = (value: JsonSchema, key: string) => dated(value, definitions, [...path, key])
  const { properties, additionalProperties, anyOf, ...rest } = schema
  return {
    ...rest,
    ...(properties !== undefined && {
      properties: Object.fromEntries(
        Object.entries(properties as object).map(([key, value]) => [key, inner(value as JsonSchema, key)]),
      ),
    }),
    ...(additionalProperties !== undefined && {
      additionalProperties:
        typeof additionalProperties === 'object'
          ? inner(additionalProperties as JsonSchema, 'any')
          : additionalProperties,
    }),
    ...(anyOf !== undefined && {
      anyOf: (anyOf as JsonSchema[]).map((option, index) =>
        within(option, definitions, [...path, String(index)]),
      ),
    }),
  }
}
