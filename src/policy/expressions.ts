/** Turns the texts of one channel into functions, remembers which facts they read and reports what is wrong where. */
import type { Finding } from '../reading/finding.js'
import { check, type Expected, type Expression, type Names } from './expression/check.js'
import { compile, type Evaluate } from './expression/compile.js'
import { conjuncts, parse, textOf, type Problem, type Syntax } from './expression/parse.js'
import type { FactDefinition, FactRow } from './facts.js'

/** What is wrong at a path of the rules in force; `index` is a character of the text there. */
export type Report = (
  path: readonly string[],
  problem: Omit<Finding, 'severity' | 'file' | 'line' | 'column'>,
  index?: number,
) => void

/** What kind of rule a condition is: all of them must hold, whichever they are. */
export type ConditionKind = 'prerequisite' | 'veto' | 'when' | 'score'

export interface Condition {
  kind: ConditionKind
  text: string
  /** 1 yes, 0 no, NaN not known. */
  test(row: FactRow): number
  /** Slots of the facts read; a computed fact stands for itself. */
  facts: number[]
  /** Absent for the condition that the score be high enough. */
  expression?: Expression
  clause: string
  /** Where it stands in the rules in force. */
  path: readonly string[]
  /** The character of the text there at which it begins. */
  index: number
}

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

  /** The parts of a condition that must all hold. @returns undefined if one is wrong, and reports why */
  conditions(
    text: string | boolean,
    path: readonly string[],
    kind: ConditionKind,
    clause: string,
  ): Condition[] | undefined {
    const syntax = this.parsed(String(text), path)
    if (!syntax) return undefined
    const parts = conjuncts(syntax).map(part => {
      const reads = new Set<number>()
      const expression = this.checked(part, 'boolean', path, reads)
      return (
        expression && {
          kind,
          text: textOf(part),
          expression,
          test: compile(expression),
          facts: [...reads],
          clause,
          path,
          index: part.start,
        }
      )
    })
    return parts.every(part => part !== undefined) ? parts : undefined
  }

  /** What must not hold: one condition, the negation of all of it. */
  veto(text: string | boolean, path: readonly string[], clause: string): Condition | undefined {
    const syntax = this.parsed(String(text), path)
    const reads = new Set<number>()
    const of = syntax && this.checked(syntax, 'boolean', path, reads)
    if (!of) return undefined
    const expression: Expression = { op: '!', of }
    const negated = `!(${textOf(syntax)})`
    return {
      kind: 'veto',
      text: negated,
      expression,
      test: compile(expression),
      facts: [...reads],
      clause,
      path,
      index: 0,
    }
  }

  /** A condition, a quantity or a value of a fact. @returns undefined if the text is wrong, and reports why */
  typed(text: string | boolean, expected: Expected, path: readonly string[]): Expression | undefined {
    const syntax = this.parsed(String(text), path)
    return syntax && this.checked(syntax, expected, path, this.reads)
  }

  /** A key of an order: a number, a condition, or an ordered fact by its order. Its facts, not those of a rule, go into `reads`. */
  key(text: string, path: readonly string[], reads: Set<number>): Evaluate | undefined {
    const syntax = this.parsed(text, path)
    if (!syntax) return undefined
    const slot = this.facts.findIndex(fact => fact.name === text.trim())
    if (slot >= 0) {
      reads.add(slot)
      return row => row[slot]
    }
    const problems: Problem[] = []
    const expression = check(syntax, 'number', this.names, problems, reads)
    this.reportAll(problems, path)
    return expression && compile(expression)
  }

  private parsed(text: string, path: readonly string[]): Syntax | undefined {
    const result = parse(text)
    if ('syntax' in result) return result.syntax
    this.reportAll([result.problem], path)
    return undefined
  }

  private checked(
    syntax: Syntax,
    expected: Expected,
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
