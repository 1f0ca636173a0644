/** A verb is one value; help, checking of what was typed and "did you mean" are made from it (cli/main.ts). */
import type { Lang, Text } from '../reading/text.js'
import type { Finding } from '../reading/finding.js'

/** 0 done, 1 the program failed, 2 the user's input is wrong, 3 done but a gate did not hold or rows were refused. */
export type ExitCode = 0 | 1 | 2 | 3

export interface Option {
  type: 'string' | 'number' | 'boolean' | 'strings'
  does: Text
  choices?: string[]
  /** For numbers: both ends are allowed. */
  range?: [number, number]
  /** For numbers: whole ones only. */
  whole?: boolean
  default?: string | number | boolean
}

/** What was typed, checked against the verb. */
export interface Given {
  /** By name of `takes`; a `many` one is an array. */
  positionals: Record<string, string | string[] | undefined>
  options: Record<string, string | number | boolean | string[] | undefined>
}

/** Where a verb speaks. Machine output goes to `print`, everything else to `tell`. */
export interface Terminal {
  lang: Lang
  format: 'text' | 'json' | 'csv'
  quiet: boolean
  /** False with NO_COLOR or where standard output is no terminal. */
  color: boolean
  /** Columns of the terminal, 80 where there is none. */
  width: number
  /** Standard output, a line end added. */
  print(text: string): void
  /** Standard error, a line end added; silent with --quiet. */
  tell(text: string): void
  /** Findings to standard error, in words or, with --format json, as one document { findings }. */
  report(findings: Finding[]): void
}

export interface Verb {
  /** `['policy', 'show']` for `menkan policy show`. */
  path: string[]
  does: Text
  takes: { name: string; does: Text; required?: boolean; many?: boolean }[]
  options: Record<string, Option>
  /** One real command line. */
  example: string
  act(given: Given, terminal: Terminal): Promise<ExitCode>
}

/** A line of the table of contents: a verb that is loaded only when it is asked for. */
export interface VerbEntry {
  path: string[]
  does: Text
  load(): Promise<Verb>
}
