/**
 * The audit: for every hidden cell the least and the greatest value that agree with all that is shown, with the sums
 * that hold between cells and with counts not being negative. Exact for real numbers, by linear programming (Fischetti &
 * Salazar-González, Journal of the American Statistical Association 95 (2000), "attacker's problem").
 */
import { reduce, type Group, type Known, type Reduced } from './reduce.js'
import type { OpenProgram, Program, Solver } from './solver.js'
import type { System } from './system.js'

/** Stands for no limit in a program; above any count of persons, and low enough that a solver keeps its digits. */
const FAR = 1e8

/** Below this, two values are one. */
export const SAME = 1e-6

export interface Range {
  low: number
  high: number
}

export const widthOf = ({ low, high }: Range): number => high - low

/** A reader who takes what is shown as exact: the hidden cells are open from floor to ceiling. */
export function knownExactly({ values, floor, ceiling }: System, hidden: ReadonlySet<number>): Known {
  const known = { low: values.slice(), high: values.slice() }
  for (const cell of hidden) {
    known.low[cell] = floor[cell]
    known.high[cell] = ceiling[cell]
  }
  return known
}

export function programOf({ groups, rows }: Reduced): Program {
  const starts = new Int32Array(rows.length + 1)
  rows.forEach((row, r) => (starts[r + 1] = starts[r] + row.groups.length))
  return {
    lower: Float64Array.from(groups, ({ low }) => Math.max(low, -FAR)),
    upper: Float64Array.from(groups, ({ high }) => Math.min(high, FAR)),
    starts,
    indices: Int32Array.from(rows.flatMap(row => row.groups)),
    values: Float64Array.from(rows.flatMap(row => row.factors)),
    equals: Float64Array.from(rows, ({ equals }) => equals),
  }
}

/**
 * What a reader can work out about these cells.
 * @param enough stop at a cell as soon as its range is known to be at least so wide; its range is then a part of the true one
 * @throws Error where what is known contradicts itself
 */
export const audit = (
  system: System,
  known: Known,
  targets: Iterable<number>,
  solver: Solver,
  enough = Infinity,
): Map<number, Range> => new Map(auditEach(system, known, targets, solver, enough))

/** The same, cell by cell: whoever has heard enough may stop. */
export function* auditEach(
  system: System,
  known: Known,
  targets: Iterable<number>,
  solver: Solver,
  enough: number,
): Generator<[cell: number, range: Range]> {
  const reduced = reduce(system, known)
  const { groups, groupOf } = reduced
  // The truth is one point that agrees with everything; each solution is another, and says something of every cell.
  const seen = groups.map(({ value }): Range => ({ low: value, high: value }))
  const solved = new Set<string>()
  let program: OpenProgram | undefined
  const solve = (group: number, sign: 1 | -1): void => {
    const name = `${group}:${sign}`
    if (solved.has(name)) return
    solved.add(name)
    program ??= solver(programOf(reduced))
    const cost = new Float64Array(groups.length)
    cost[group] = sign
    const point = program.least(cost)
    if (!point) throw new Error('what is known of the cells contradicts itself')
    point.forEach((value, g) => {
      seen[g].low = Math.min(seen[g].low, value)
      seen[g].high = Math.max(seen[g].high, value)
    })
  }
  try {
    for (const cell of targets) {
      const group = groupOf[cell]
      const now = (): Range =>
        group < 0
          ? { low: known.low[cell], high: known.high[cell] }
          : member(cell, groups[group], seen[group], known)
      for (const sign of [-1, 1] as const) if (group >= 0 && widthOf(now()) < enough) solve(group, sign)
      yield [cell, now()]
    }
  } finally {
    program?.close()
  }
}

/** The range of one member of a group whose sum has this range: the others take up what they can. */
function member(cell: number, { members }: Group, sum: Range, { low, high }: Known): Range {
  const others = { low: 0, high: 0 }
  for (const other of members)
    if (other !== cell) {
      others.low += low[other]
      others.high += high[other]
    }
  const least = Math.max(low[cell], sum.low - others.high)
  const greatest = Math.min(high[cell], sum.high - others.low)
  return {
    low: least <= -FAR / 2 ? -Infinity : least,
    high: greatest >= FAR / 2 ? Infinity : greatest,
  }
}
