/** The ledger of points into instructions. The arithmetic is that of policy/score, in the same order. */
import type { LineRule, ScoreGroup, ScoreLine, ScorePart, ScoreTree } from '../score.js'
import { F64, I32, OP } from './assembly.js'
import { collect, type ColumnExpressions } from './expressions.js'

const { i32, f64 } = OP

/**
 * Leaves the total score, NaN where not known. Zero may have either sign, else the same bits as the row function's.
 */
export function total({ parts, factors, floor, cap, fractional }: ScoreTree, to: ColumnExpressions): void {
  const sum = to.out.local(F64)
  to.out.f64(0)
  for (const part of parts) {
    worth(part, to)
    to.out.op(f64.add)
  }
  for (const { guard, times } of factors) {
    to.out.set(sum)
    to.condition(guard ?? { op: 'constant', value: 1 })
    to.out.get(sum)
    to.multiplied(times)
  }
  if (floor > -Infinity) to.held('atLeast', floor)
  if (cap < Infinity) to.held('atMost', cap)
  if (fractional) {
    to.out.f64(1e6).op(f64.mul)
    rounded(to)
    to.out.f64(1e6).op(f64.div)
  }
}

/** Leaves what a part counts. */
function worth(part: ScorePart, to: ColumnExpressions): void {
  if (part.kind === 'group') return groupWorth(part, to)
  const table = to.tabulated(slotsOf(part), () => part.points)
  if (table) return to.byTable(table)
  const { rule, guard, cap } = part
  if (guard) to.condition(guard)
  points(rule, to)
  if (guard) to.guarded()
  if (cap !== undefined) to.held(cap < 0 ? 'atLeast' : 'atMost', cap)
}

function groupWorth({ of, highest, cap }: ScoreGroup, to: ColumnExpressions): void {
  const [first, ...others] = of
  if (first) worth(first, to)
  else to.out.f64(0)
  for (const part of others) {
    worth(part, to)
    if (highest) to.extreme('max')
    else to.out.op(f64.add)
  }
  if (cap < Infinity) to.held('atMost', cap)
}

function slotsOf({ rule, guard }: ScoreLine): Set<number> {
  const slots = new Set<number>()
  if (rule.kind === 'levels') slots.add(rule.slot)
  else if (rule.kind !== 'flag') collect(rule.of, slots)
  if (guard) collect(guard, slots)
  return slots
}

/** Leaves the points of a rule, before guard and cap. */
function points(rule: LineRule, to: ColumnExpressions): void {
  const { out } = to
  switch (rule.kind) {
    case 'flag':
      out.f64(rule.points)
      return
    case 'levels': {
      const { slot, byCode } = rule
      const ofRow = () => (row: Float64Array) => (row[slot] === row[slot] ? byCode[row[slot]] : NaN)
      to.byTable(to.tabulated(new Set([slot]), ofRow)!)
      return
    }
    case 'each':
      to.quantity(rule.of)
      if (rule.round === 'down') out.op(f64.floor)
      else if (rule.round === 'up') out.op(f64.ceil)
      else if (rule.round === 'nearest') rounded(to)
      out.f64(rule.points).op(f64.mul)
      return
    default: {
      const ends = rule.kind === 'steps' ? rule.steps : rule.bands
      const [value, place] = [out.local(F64), out.local(I32)]
      to.quantity(rule.of)
      // How many beginnings are reached is the place of the points; the last place is "not known".
      out.set(value).i32(0)
      for (const { from } of ends) out.get(value).f64(from).op(f64.ge, i32.add)
      if (rule.kind === 'bands') {
        const last = out.table(Float64Array.of(Infinity, ...rule.bands.map(({ to }) => to)))
        out.tee(place).get(value).get(place).i32(3).op(i32.shl).loadF64(last).op(f64.le, i32.mul)
      }
      out
        .get(value)
        .get(value)
        .op(f64.ne)
        .i32(ends.length + 1)
        .op(i32.mul, i32.add)
      out
        .i32(3)
        .op(i32.shl)
        .loadF64(out.table(Float64Array.of(0, ...ends.map(end => end.points), NaN)))
    }
  }
}

/** As Math.round: half a unit goes up. */
function rounded(to: ColumnExpressions): void {
  const { out } = to
  const [value, below] = [out.local(F64), out.local(F64)]
  out.tee(value).op(f64.floor).tee(below)
  out.get(value).get(below).op(f64.sub).f64(0.5).op(f64.ge, f64.ofI32, f64.add)
}
