/**
 * Whole numbers for a fitted table that keep its margins.
 *
 * Truncate, then top up (Lovelace & Ballas, Computers, Environment and Urban Systems 41 (2013), 1–11), but under control of the
 * margins (Cox, JASA 82 (1987), 520–524): a cell is topped up, the largest remainder first, only while all of
 * its groups are short. What is then still short is repaired by a tabu search over ±1 moves that lowers the sum
 * of the gaps, first among the two roundings of each cell, then beyond them. For two margins an exact solution
 * exists; for more it need not, so the gap left is returned. Ties go by keyed luck: same key, same table.
 */
import { uniform, type SeedKey } from '../evidence/luck.js'
import { InputError } from '../reading/finding.js'
import { groupOfCells, measure, sumOver, type MarginGap, type MarginTotals } from './rake.js'
import { SYNTHESIS } from './draws.js'

const notWhole = (code: string, zh: string, en: string) =>
  new InputError([{ severity: 'error', code, message: { zh, en } }])

/**
 * Share out a whole number by weights: largest remainder (Hamilton), ties to the first.
 * @throws InputError `not-whole` for a total that is negative or no whole number, `shares-off` where shares are
 *   asked to sum to 1 (`shares: true`) and do not
 */
export function apportion(weights: ArrayLike<number>, total: number, { shares = false } = {}): Float64Array {
  const all = Array.from(weights).reduce((a, b) => a + b, 0)
  if (!(total >= 0) || total !== Math.floor(total))
    throw notWhole(
      'not-whole',
      `合计 ${total} 不是非负整数`,
      `the total ${total} is not a whole number of 0 or more`,
    )
  if (shares && Math.abs(all - 1) > 1e-9)
    throw notWhole('shares-off', `各项比例之和为 ${all}，应为 1`, `the shares sum to ${all}, not 1`)
  const exact = Array.from(weights, weight => (all > 0 ? (weight / all) * total : 0))
  // A remainder within rounding of a whole number is one.
  const whole = Float64Array.from(exact, x => Math.floor(x + 1e-9))
  const order = exact.map((_, i) => i)
  order.sort((a, b) => exact[b] - whole[b] - (exact[a] - whole[a]) || a - b)
  let left = total - whole.reduce((a, b) => a + b, 0)
  for (let i = 0; left > 0 && all > 0; i++, left--) whole[order[i % order.length]]++
  return whole
}

export interface Integerised {
  counts: Float64Array
  /** What is left between the whole table and the margins' totals. */
  gaps: MarginGap[]
}

/**
 * @param table   fractional counts, row-major
 * @param margins dimensions whose totals are to be kept: the sums of `table`, which must be whole
 * @throws InputError `not-whole` if a total of a margin is not whole
 */
export function integerise(
  table: ArrayLike<number>,
  shape: number[],
  margins: { name: string; over: number[] }[],
  key: SeedKey,
  { steps = 4000 } = {},
): Integerised {
  const groups = margins.map(({ over }) => groupOfCells(shape, over))
  const wanted = margins.map(({ name, over }, m): MarginTotals => {
    const sums = sumOver(
      table,
      groups[m],
      over.reduce((length, d) => length * shape[d], 1),
    )
    for (let g = 0; g < sums.length; g++) {
      const whole = Math.round(sums[g])
      if (Math.abs(sums[g] - whole) > 1e-6 * Math.max(1, whole))
        throw notWhole(
          'not-whole',
          `“${name}”第 ${g + 1} 组合计 ${sums[g]} 不是整数`,
          `${name}, group ${g + 1}: the total ${sums[g]} is not a whole number`,
        )
      sums[g] = whole
    }
    return { name, over, totals: sums }
  })
  const floor = Float64Array.from(table, x => Math.floor(x + 1e-9))
  const counts = Float64Array.from(floor)
  const short = wanted.map(({ totals }, m) => {
    const sums = sumOver(counts, groups[m], totals.length)
    return Float64Array.from(totals, (total, g) => total - sums[g])
  })
  const move = (cell: number, by: number) => {
    counts[cell] += by
    for (let m = 0; m < short.length; m++) short[m][groups[m][cell]] -= by
  }

  const tie = Float64Array.from(table, (_, cell) => uniform(key, cell, SYNTHESIS.integerise, 0))
  const order = Array.from(counts.keys()).filter(cell => table[cell] > 0)
  order.sort((a, b) => table[b] - floor[b] - (table[a] - floor[a]) || tie[a] - tie[b])
  const topUp = (cells: number[]) => {
    for (const cell of cells) if (short.every((gap, m) => gap[groups[m][cell]] > 0)) move(cell, 1)
  }
  topUp(order.filter(cell => table[cell] - floor[cell] > 1e-9))
  const isShort = () => short.some(gap => gap.some(x => x !== 0))
  if (isShort())
    repair(order, groups, short, move, steps, (cell, by) => {
      const next = counts[cell] + by
      return next >= floor[cell] && next <= Math.ceil(table[cell] - 1e-9)
    })
  if (isShort()) repair(order, groups, short, move, steps, (cell, by) => counts[cell] + by >= 0)
  return { counts, gaps: measure(counts, wanted, groups) }
}

/**
 * Tabu search: in each step the allowed ±1 move that lowers the sum of gaps most (or raises it least) and was not
 * undone lately; stops at zero. The best order of cells is theirs by remainder, so ties keep the table near.
 */
function repair(
  cells: number[],
  groups: Uint32Array[],
  short: Float64Array[],
  move: (cell: number, by: number) => void,
  steps: number,
  allowed: (cell: number, by: number) => boolean,
) {
  let gap = short.reduce((all, margin) => margin.reduce((a, x) => a + Math.abs(x), all), 0)
  const freeAt = new Map<number, number>()
  for (let step = 0; step < steps && gap > 0; step++) {
    let best = -1
    let bestBy = 0
    let bestChange = Infinity
    for (const cell of cells)
      for (let by = -1; by <= 1; by += 2) {
        if ((freeAt.get(cell) ?? 0) > step || !allowed(cell, by)) continue
        let change = 0
        for (let m = 0; m < short.length; m++) {
          const x = short[m][groups[m][cell]]
          change += Math.abs(x - by) - Math.abs(x)
        }
        if (change < bestChange) {
          best = cell
          bestBy = by
          bestChange = change
        }
      }
    if (best < 0) return
    move(best, bestBy)
    gap += bestChange
    // The tenure varies with the step so that the search does not run in a ring.
    freeAt.set(best, step + 3 + (step % 7))
  }
}
