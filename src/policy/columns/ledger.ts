/** The ledger of points into passes over a block: most lines are one loop that reads, divides, rounds, caps and adds. */
import type { Expression } from '../expression/check.js'
import type { Evaluate } from '../expression/compile.js'
import type { LineRule, ScoreGroup, ScoreLine, ScorePart, ScoreTree } from '../score.js'
import { collect, type ColumnExpressions } from './expressions.js'
import * as kernels from './kernels.js'
import * as lines from './lineKernels.js'
import type { Program, Quantities, Table } from './vectors.js'

/**
 * The total score of each row, NaN unknown, in a vector of the block that is written by nothing else. Zero has no
 * sign, as in a written score; else the same bits as the row function's.
 */
export function compileLedger(tree: ScoreTree, expressions: ColumnExpressions): Float64Array {
  const { program } = expressions
  let total = sum(tree.parts, expressions)
  for (const { guard, times } of tree.factors) {
    const holds = expressions.condition(guard ?? { op: 'constant', value: 1 })
    program.steps.push(lines.multiply(holds, times, total))
    program.release(holds)
  }
  for (const [step, end] of [
    [lines.addAtLeast, tree.floor],
    [lines.addAtMost, tree.cap],
  ] as const) {
    if (!Number.isFinite(end)) continue
    const held = zero(program)
    program.steps.push(step(end, total, held))
    program.release(total)
    total = held
  }
  if (tree.fractional) program.steps.push(lines.toMillionths(total))
  return total.data
}

/** In a vector of its own. */
function sum(parts: readonly ScorePart[], expressions: ColumnExpressions): Quantities {
  const { program } = expressions
  const total = zero(program)
  let tables: Table[] = []
  const addTables = () => {
    program.steps.push(...lines.addTables(tables, total))
    tables = []
  }
  for (const part of parts) {
    const table = part.kind === 'line' ? expressions.tabulated(slotsOf(part), () => part.points) : undefined
    if (table) tables.push(table)
    else {
      addTables()
      add(part, total, expressions)
    }
  }
  addTables()
  return total
}

function add(part: ScorePart, total: Quantities, expressions: ColumnExpressions): void {
  const { program } = expressions
  const { kind, cap = Infinity } = part
  if (kind === 'line' && part.rule.kind === 'each' && !part.guard && cap === Infinity)
    return addEach(part.rule, total, expressions)
  const value = kind === 'line' ? lineValue(part, expressions) : groupValue(part, expressions)
  program.steps.push(
    cap === Infinity
      ? lines.add(value, total)
      : kind === 'line' && cap < 0
        ? lines.addAtLeast(cap, value, total)
        : lines.addAtMost(cap, value, total),
  )
  program.release(value)
}

function addEach(
  { of, round, points }: Extract<LineRule, { kind: 'each' }>,
  total: Quantities,
  expressions: ColumnExpressions,
): void {
  const divided = quotient(of)
  const quantity = expressions.quantity(divided.of)
  expressions.program.steps.push(lines.ADD_EACH[round ?? 'exactly'](quantity, divided.divisor, points, total))
  expressions.program.release(quantity)
}

/** A division by a constant is done where the line is counted; by 1 it changes nothing. */
function quotient(of: Expression): { of: Expression; divisor: number } {
  return of.op === '/' && of.right.op === 'constant' && of.right.value !== 0
    ? { of: of.left, divisor: of.right.value }
    : { of, divisor: 1 }
}

function slotsOf({ rule, guard }: ScoreLine): Set<number> {
  const slots = new Set<number>()
  if (rule.kind === 'levels') slots.add(rule.slot)
  else if (rule.kind !== 'flag') collect(rule.of, slots)
  if (guard) collect(guard, slots)
  return slots
}

/** Before its cap. */
function lineValue({ rule, guard }: ScoreLine, expressions: ColumnExpressions): Quantities {
  const { program } = expressions
  const value = ruleValue(rule, expressions)
  if (guard) {
    const holds = expressions.condition(guard)
    program.steps.push(lines.guard(holds, value))
    program.release(holds)
  }
  return value
}

/** In a vector of its own. */
function ruleValue(rule: LineRule, expressions: ColumnExpressions): Quantities {
  const { program } = expressions
  if (rule.kind === 'each') {
    const value = zero(program)
    addEach(rule, value, expressions)
    return value
  }
  const value = program.quantity()
  if (rule.kind === 'flag') program.steps.push(count => void value.data.fill(rule.points, 0, count))
  else if (rule.kind === 'levels')
    program.steps.push(
      kernels.quantityByCode(
        expressions.tabulated(new Set([rule.slot]), () => levelPoints(rule))!,
        value,
      ),
    )
  else {
    const of = expressions.quantity(rule.of)
    program.steps.push(
      rule.kind === 'steps'
        ? lines.pointsBySteps(of, rule.steps, value)
        : lines.pointsByBands(of, rule.bands, value),
    )
    program.release(of)
  }
  return value
}

const levelPoints =
  ({ slot, byCode }: Extract<LineRule, { kind: 'levels' }>): Evaluate =>
  row =>
    row[slot] === row[slot] ? byCode[row[slot]] : NaN

function zero(program: Program): Quantities {
  const value = program.quantity()
  program.steps.push(count => void value.data.fill(0, 0, count))
  return value
}

/** Before its cap. */
function groupValue({ of, highest }: ScoreGroup, expressions: ColumnExpressions): Quantities {
  const { program } = expressions
  const [first, ...others] = of
  const value = sum(highest ? of.slice(0, 1) : of, expressions)
  if (highest && first)
    for (const part of others) {
      const next = sum([part], expressions)
      program.steps.push(kernels.RECKON.max(value, next, value))
      program.release(next)
    }
  return value
}
