/**
 * Findings: what a reader or a check has to tell the user. They are data with a stable code
 * (listed in docs/findings.md); only the edge of the program turns them into words of one language.
 */
import type { Lang, Text } from './text.js'

export type Severity = 'error' | 'warning' | 'note'

export interface Finding {
  severity: Severity
  /** Stable, kebab-case: `unknown-key`, `unknown-fact`, `part-above-whole` … */
  code: string
  file?: string
  /** Both count from 1. */
  line?: number
  column?: number
  message: Text
  /** What would have been right. */
  expected?: Text
  /** The nearest name that exists. */
  nearest?: string
  /** The way out. */
  fix?: Text
}

/** The contract's form of a finding (`--format json`): texts in one language. */
export interface PlainFinding extends Omit<Finding, 'message' | 'expected' | 'fix'> {
  message: string
  expected?: string
  fix?: string
}

/** The user's input is wrong (exit 2). Carries every mistake found, not only the first. */
export class InputError extends Error {
  constructor(readonly findings: Finding[]) {
    super(findings.map(f => inWords(f, 'en')).join('\n'))
    this.name = 'InputError'
  }
}

export function plain(finding: Finding, lang: Lang): PlainFinding {
  const { message, expected, fix, ...rest } = finding
  return {
    ...rest,
    message: message[lang],
    ...(expected && { expected: expected[lang] }),
    ...(fix && { fix: fix[lang] }),
  }
}

/** One finding as lines of text: `file:line:column  message`, then what was expected and the way out. */
export function inWords(finding: Finding, lang: Lang): string {
  const { file, line, column } = finding
  // A column alone would be read as a line.
  const place = [file, line, line === undefined ? undefined : column]
    .filter(part => part !== undefined)
    .join(':')
  const lines = [(place ? place + '  ' : '') + finding.message[lang]]
  if (finding.expected) lines.push((lang === 'zh' ? '  应为:' : '  Expected: ') + finding.expected[lang])
  if (finding.nearest)
    lines.push(lang === 'zh' ? `  是否想写“${finding.nearest}”?` : `  Did you mean "${finding.nearest}"?`)
  if (finding.fix) lines.push('  ' + finding.fix[lang])
  return lines.join('\n')
}
