/**
 * The law of a month over columns: compiled once into passes over blocks of persons. It says which channels are open
 * and what each person scores, as `evaluate` does for one; why is asked of one person at a time.
 */
import type { FactDefinition } from '../facts.js'
import type { Condition, FactRow, Law } from '../policy.js'
import { ColumnExpressions } from './expressions.js'
import * as kernels from './kernels.js'
import { compileLedger } from './ledger.js'
import { BLOCK, Codes, codesOf, Program, put, Quantities, Truth, YES, type Column } from './vectors.js'

export interface ColumnChannel {
  id: string
  /** Of the rows judged last: 0 no, 1 not known, 3 yes. */
  open: Uint8Array
  /** Of the rows judged last, where the channel counts points; NaN not known. */
  score?: Float64Array
}

export interface ColumnLaw {
  /** By slot: a column of BLOCK rows for each fact that the rules read and do not compute. To be filled by the caller. */
  columns: (Column | undefined)[]
  /**
   * Write a row of facts into the columns.
   * @returns false where codes cannot hold it (half a month of a fact of whole ones): then ask the row functions
   */
  lay(at: number, row: FactRow): boolean
  /** Judge the first `count` rows. Allocates nothing. */
  judge(count: number): void
  channels: ColumnChannel[]
}

/**
 * @param facts those of the policy, in the order of the slots
 * @param given slots of declared facts that have a column and are not computed
 */
export function compileColumns(
  law: Law,
  facts: readonly FactDefinition[],
  given: ReadonlySet<number> = new Set(),
): ColumnLaw {
  const program = new Program()
  const expressions = new ColumnExpressions(facts, program)
  const computed = new Set<number>()
  for (const fact of law.declared)
    if (fact.kind === 'computed' && !given.has(fact.slot)) {
      computed.add(fact.slot)
      const value = expressions.quantity(fact.expression)
      expressions.sources.set(fact.slot, kept(value, facts[fact.slot], program))
      program.release(value)
    }
  const channels = law.channels.map(({ id, conditions, points }): ColumnChannel => {
    const score = points && compileLedger(points.tree, expressions)
    return { id, open: openRows(conditions, points?.atLeast, score, expressions), score }
  })
  const columns: (Column | undefined)[] = []
  for (const [slot, { data }] of expressions.sources) if (!computed.has(slot)) columns[slot] = data
  const least = facts.map(fact => codesOf(fact)?.least ?? 0)
  return {
    columns,
    channels,
    lay(at, row) {
      let held = true
      columns.forEach((column, slot) => {
        if (column && !put(column, at, row[slot], least[slot])) held = false
      })
      return held
    },
    judge(count) {
      for (const step of program.steps) step(count)
    },
  }
}

/** A computed fact as a column of the block. Numbers may be any, whatever range they were declared with. */
function kept(value: Quantities, { type }: FactDefinition, program: Program): Codes | Quantities {
  if (type.kind === 'number') {
    const own = new Quantities(new Float64Array(BLOCK))
    program.steps.push(kernels.copy(value, own))
    return own
  }
  const own = new Codes(new Uint16Array(BLOCK))
  program.steps.push(kernels.codesOfQuantity(value, own))
  return own
}

function openRows(
  conditions: readonly Condition[],
  atLeast: number | undefined,
  score: Float64Array | undefined,
  expressions: ColumnExpressions,
): Uint8Array {
  const { program } = expressions
  const open = new Truth()
  program.steps.push(count => void open.bytes.fill(YES, 0, count))
  for (const { expression, kind } of conditions) {
    const holds = expression ? expressions.condition(expression) : program.truth()
    if (kind === 'score') program.steps.push(kernels.compareTo('>=', new Quantities(score!), atLeast!, holds))
    program.steps.push(kernels.and(open, holds, open))
    program.release(holds)
  }
  return open.bytes
}
