/**
 * The law of a month over columns: compiled once into one loop of machine code over a block of persons. It says which
 * channels are open and what each person scores, as `evaluate` does for one; why is asked of one person at a time.
 */
import type { FactDefinition } from '../facts.js'
import type { CompiledChannel, FactRow, Law } from '../policy.js'
import { F64, OP } from './assembly.js'
import { BLOCK, codesOf, put, YES, type Column } from './column.js'
import { ColumnExpressions } from './expressions.js'
import { total } from './ledger.js'

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
  const expressions = new ColumnExpressions(facts)
  for (const fact of law.declared)
    if (fact.kind === 'computed' && !given.has(fact.slot)) expressions.compute(fact.slot, fact.expression)
  const results = law.channels.map(channel => writeChannel(channel, expressions))
  const { run, memory } = expressions.out.assemble()
  const columns: (Column | undefined)[] = []
  for (const slot of expressions.columns.keys()) columns[slot] = expressions.column(slot, memory)
  const least = facts.map(fact => codesOf(fact)?.least ?? 0)
  return {
    columns,
    judge: run,
    channels: results.map(({ id, open, score }) => ({
      id,
      open: new Uint8Array(memory, open, BLOCK),
      score: score === undefined ? undefined : new Float64Array(memory, score, BLOCK),
    })),
    lay(at, row) {
      let held = true
      columns.forEach((column, slot) => {
        if (column && !put(column, at, row[slot], least[slot])) held = false
      })
      return held
    },
  }
}

/** @returns where in memory the results of the channel are */
function writeChannel(
  { id, conditions, points }: CompiledChannel,
  to: ColumnExpressions,
): { id: string; open: number; score?: number } {
  const { out } = to
  const [open, score] = [out.reserve(BLOCK), points && out.reserve(8 * BLOCK)]
  const value = out.local(F64)
  if (points) {
    total(points.tree, to)
    // −0 is told as 0.
    out.f64(0).op(OP.f64.add).set(value)
    out.get(out.row8).get(value).storeF64(score!)
  }
  out.get(out.row).i32(YES)
  for (const { expression, kind } of conditions) {
    if (kind === 'score') {
      out.get(value)
      to.comparedTo('>=', points!.atLeast)
    } else to.condition(expression!)
    out.op(OP.i32.and)
  }
  out.storeByte(open)
  return { id, open, score }
}
