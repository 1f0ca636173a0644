/** The fields of a file and what each is, from the descriptions in its schema. */
import { z } from 'zod'

export interface Field {
  name: string
  /** `中文 · English` */
  description: string
  required: boolean
  /** 0 for a key of the file itself. */
  depth: number
}

interface Node {
  description?: string
  properties?: Record<string, Node>
  required?: string[]
  items?: Node
  anyOf?: Node[]
}

/** Every field of the form, each before the fields within it; those that lists and maps hold only where described. */
export function fieldsOf(schema: z.ZodType): Field[] {
  return within(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Node, 0)
}

function within(node: Node, depth: number): Field[] {
  const inner = node.items ?? node
  return Object.entries(inner.properties ?? {}).flatMap(([name, field]): Field[] => {
    const below = within(field, depth + 1).filter(({ description }) => description !== '')
    const { description = '' } = field
    if (description === '' && below.length === 0 && depth > 0) return []
    return [{ name, description, required: inner.required?.includes(name) ?? false, depth }, ...below]
  })
}
