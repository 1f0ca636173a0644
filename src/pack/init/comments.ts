/** Comments of a new pack's YAML files: where the schema lies, what the fields are, and what the other place's file said. */
import type { Document, Scalar, YAMLMap } from 'yaml'
import type { Field } from './fields.js'

/** Characters of a line before a map is folded. */
export const LINE = 120

/** `name: description`, fields within a field below it. */
export const asComment = (fields: readonly Field[]): string[] =>
  fields.map(({ name, description, depth }) => `${'  '.repeat(depth + 1)}${name}: ${description}`)

/** Put lines at the head of a file, above those that it has; the schema is named first, as editors want it. */
export function headComment(document: Document, lines: readonly string[], schema?: string): void {
  const contents = document.contents as YAMLMap<Scalar>
  const first = contents.items[0].key
  const had = [document, contents, first]
    .map(({ commentBefore }) => commentBefore)
    .flatMap(comment => comment?.split('\n') ?? [])
    .filter(line => !line.includes('$schema='))
  contents.commentBefore = undefined
  first.commentBefore = undefined
  const named = schema === undefined ? [] : [`yaml-language-server: $schema=${schema}`]
  document.commentBefore = [...[...named, ...lines].map(line => ` ${line}`), ...had].join('\n')
}
