/** Turns the texts of one channel into functions, remembers which facts they read and reports what is wrong where. */
import type { Finding } from '../reading/finding.js'
import { check, type Expression, type Names } from './expression/check.js'
import { and, compile, type Evaluate } from './expression/compile.js'
import { conjuncts, parse, textOf, type Problem, type Syntax } from './expression/parse.js'
import { nearest } from '../reading/nearest.js'
import type { FactDefinition } from './facts.js'
import type { Condition } from './policy.js'

/** What is wrong at a path of the rules in force; `index` is a character of the text there. */
export type Report = (
  path: readonly string[],
  problem: Omit<Finding, 'severity' | 'file' | 'line' | 'column'>,
  index?: number,
) => void

export class Expressions {
  readonly reads = new Set<number>()

  constructor(
    private readonly names: Names,
    readonly report: Report,
    /** The keys written at a path, in force or not. */
    readonly writtenNames: (path: readonly string[]) => string[],
  ) {}

  get facts(): readonly FactDefinition[] {
    return this.names.facts
  }

  /** A condition as one function. @returns undefined if it is wrong, and reports why */
  condition(text: string | boolean, path: readonly string[]): Evaluate | undefined {
    const parts = this.conditions(text, path)
    return parts && and(parts.map(({ test }) => test))
  }

  /** The parts of a condition that must all hold. @returns undefined if one is wrong, and reports why */
  conditions(text: string | boolean, path: readonly string[]): Condition[] | undefined {
    const syntax = this.parsed(String(text), path)
    if (!syntax) return undefined
    const parts = conjuncts(syntax).map(part => {
      const reads = new Set<number>()
      const expression = this.checked(part, 'boolean', path, reads)
      return expression && condition(textOf(part), expression, reads)
    })
    return parts.every(part => part !== undefined) ? parts : undefined
  }

  /** A number. @returns undefined if the text is wrong, and reports why */
  quantity(text: string, path: readonly string[]): Evaluate | undefined {
    const syntax = this.parsed(text, path)
    const expression = syntax && this.checked(syntax, 'number', path, this.reads)
    return expression && compile(expression)
  }

  /** A key of an order: a number, a condition, or an ordered fact by its order. Its facts are not those of a rule. */
  key(text: string, path: readonly string[]): Evaluate | undefined {
    const syntax = this.parsed(text, path)
    if (!syntax) return undefined
    const slot = this.facts.findIndex(fact => fact.name === text.trim())
    if (slot >= 0) return row => row[slot]
    const problems: Problem[] = []
    const expression = check(syntax, 'number', this.names, problems, new Set())
    this.reportAll(problems, path)
    return expression && compile(expression)
  }

  /** The slot of a fact. @returns undefined if there is none, and reports it */
  slot(name: string, path: readonly string[]): number | undefined {
    const slot = this.facts.findIndex(fact => fact.name === name)
    if (slot >= 0) {
      this.reads.add(slot)
      return slot
    }
    const known = this.facts.map(fact => fact.name)
    this.report(
      path,
      {
        code: 'unknown-fact',
        message: { zh: `没有名为“${name}”的事实`, en: `Unknown fact "${name}"` },
        nearest: nearest(name, known),
      },
      0,
    )
    return undefined
  }

  private parsed(text: string, path: readonly string[]): Syntax | undefined {
    const result = parse(text)
    if ('syntax' in result) return result.syntax
    this.reportAll([result.problem], path)
    return undefined
  }

  private checked(
    syntax: Syntax,
    expected: 'boolean' | 'number',
    path: readonly string[],
    reads: Set<number>,
  ): Expression | undefined {
    const problems: Problem[] = []
    const expression = check(syntax, expected, this.names, problems, reads)
    for (const slot of reads) this.reads.add(slot)
    this.reportAll(problems, path)
    return expression
  }

  private reportAll(problems: Problem[], path: readonly string[]) {
    for (const { index, ...problem } of problems) this.report(path, problem, index)
  }
}

const condition = (text: string, expression: Expression, reads: Set<number>): Condition => ({
  text,
  expression,
  test: compile(expression),
  facts: [...reads],
})
