/** The mapping file that is still to be filled in: lines of YAML for what the program could not tell. */
import type { Text } from '../../reading/text.js'

/** Stands where the user has to decide. */
export const UNDECIDED = 'TODO'

export interface Draft {
  /** Header as written, and what it became. */
  columns: { header: string; to: string }[]
  /** By field: words that may mean several values. */
  values: Map<string, Map<string, string[]>>
  /** Areas whose rows may hold another one. */
  holding: string[]
}

/** A text as a YAML key or value: in quotes unless nothing in it could mean anything else. */
export const quoted = (text: string): string =>
  /^[\p{L}_][\p{L}\p{N}_ ]*$/u.test(text) &&
  !/^(?:true|false|null|yes|no|on|off|y|n|~)$/i.test(text) &&
  !text.endsWith(' ')
    ? text
    : JSON.stringify(text)

/** @returns the lines of a mapping file, each undecided one with what it may be */
export function draftText(
  { columns, values, holding }: Draft,
  words: { head: Text; lang: 'zh' | 'en' },
): string {
  const lines = [`# ${words.head[words.lang]}`]
  if (columns.length > 0)
    lines.push('columns:', ...columns.map(({ header, to }) => `  ${quoted(header)}: ${quoted(to)}`))
  if (values.size > 0) lines.push('values:')
  for (const [field, meanings] of values) {
    lines.push(`  ${field}:`)
    for (const [word, candidates] of meanings)
      lines.push(`    ${quoted(word)}: ${UNDECIDED} # ${candidates.join(' | ')}`)
  }
  if (holding.length > 0)
    lines.push('holding:', ...holding.map(area => `  ${area}: ${UNDECIDED} # with | without`))
  return lines.join('\n') + '\n'
}
