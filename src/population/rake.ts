/**
 * Raking (iterative proportional fitting) of a dense table to known totals along any of its dimensions.
 * Deming & Stephan, Annals of Mathematical Statistics 11 (1940), 427–444. A zero of the seed stays zero.
 */
import { InputError, type Finding } from '../reading/finding.js'

/** Totals over some dimensions of a table, row-major in the order of `over` (which is ascending). */
export interface MarginTotals {
  name: string
  /** Dimensions of the table, counted from 0. */
  over: number[]
  totals: ArrayLike<number>
}

export interface MarginGap {
  margin: string
  largestGap: number
  relativeGap: number
  /** Row-major index of the worst cell in the margin. */
  cell: number
}

export interface Raked {
  counts: Float64Array
  iterations: number
  /** False where the totals were not reached: then no table has them, or only one with more zeros than the seed. */
  converged: boolean
  gaps: MarginGap[]
}

const product = (lengths: number[]) => lengths.reduce((a, b) => a * b, 1)

/** For each cell of a table of this shape, the row-major index of its group along the dimensions `over`. */
export function groupOfCells(shape: number[], over: number[]): Uint32Array {
  const groups = new Uint32Array(product(shape))
  let stride = 1
  for (let at = over.length - 1; at >= 0; at--) {
    const inner = product(shape.slice(over[at] + 1))
    for (let cell = 0; cell < groups.length; cell++)
      groups[cell] += (Math.floor(cell / inner) % shape[over[at]]) * stride
    stride *= shape[over[at]]
  }
  return groups
}

export function sumOver(counts: ArrayLike<number>, groups: Uint32Array, length: number): Float64Array {
  const sums = new Float64Array(length)
  for (let cell = 0; cell < groups.length; cell++) sums[groups[cell]] += counts[cell]
  return sums
}

/**
 * Fit a table to totals.
 *
 * @param seed    weights, row-major, as long as the product of `shape`; not changed
 * @param shape   length of each dimension
 * @param margins what is to be met; their totals must agree with one another
 * @param tolerance largest gap, as a share of the grand total, at which the fit has converged
 * @returns the fitted table, whether it converged, and the gap left in each margin
 * @throws InputError `margins-disagree` (names both and the gap), `negative-count`, `wrong-length`,
 *   `no-seed-mass` (a positive total over cells that are all zero): all of them at once
 * @example rake([1, 2, 3, 4], [2, 2], [{ name: 'rows', over: [0], totals: [4, 6] }, { name: 'columns', over: [1], totals: [5, 5] }])
 */
export function rake(
  seed: ArrayLike<number>,
  shape: number[],
  margins: MarginTotals[],
  { rounds = 1000, tolerance = 1e-12 } = {},
): Raked {
  const groups = margins.map(({ over }) => groupOfCells(shape, over))
  const findings = mistakes(seed, shape, margins, groups)
  if (findings.length > 0) throw new InputError(findings)
  const counts = Float64Array.from(seed)
  const total = margins.length > 0 ? sum(margins[0].totals) : sum(seed)
  let iterations = 0
  let gaps = measure(counts, margins, groups)
  const reached = () => gaps.every(({ largestGap }) => largestGap <= tolerance * Math.max(1, total))
  while (!reached() && iterations < rounds) {
    for (const [m, { totals }] of margins.entries()) {
      const sums = sumOver(counts, groups[m], totals.length)
      for (let g = 0; g < sums.length; g++) sums[g] = sums[g] > 0 ? totals[g] / sums[g] : 0
      for (let cell = 0; cell < counts.length; cell++) counts[cell] *= sums[groups[m][cell]]
    }
    iterations++
    gaps = measure(counts, margins, groups)
  }
  return { counts, iterations, converged: reached(), gaps }
}

const sum = (numbers: ArrayLike<number>) => {
  let total = 0
  for (let i = 0; i < numbers.length; i++) total += numbers[i]
  return total
}

/** The largest gap of each margin between a table and what was asked. */
export function measure(
  counts: ArrayLike<number>,
  margins: MarginTotals[],
  groups: Uint32Array[],
): MarginGap[] {
  return margins.map(({ name, totals }, m) => {
    const sums = sumOver(counts, groups[m], totals.length)
    let cell = 0
    for (let g = 1; g < sums.length; g++)
      if (Math.abs(sums[g] - totals[g]) > Math.abs(sums[cell] - totals[cell])) cell = g
    const largestGap = Math.abs(sums[cell] - totals[cell])
    return {
      margin: name,
      largestGap,
      relativeGap: totals[cell] > 0 ? largestGap / totals[cell] : largestGap > 0 ? Infinity : 0,
      cell,
    }
  })
}

const error = (code: string, zh: string, en: string): Finding => ({
  severity: 'error',
  code,
  message: { zh, en },
})

function mistakes(
  seed: ArrayLike<number>,
  shape: number[],
  margins: MarginTotals[],
  groups: Uint32Array[],
): Finding[] {
  const findings: Finding[] = []
  const lengths: [string, number, number][] = [
    ['seed', seed.length, product(shape)],
    ...margins.map(({ name, over, totals }): [string, number, number] => [
      name,
      totals.length,
      product(over.map(d => shape[d])),
    ]),
  ]
  for (const [name, is, should] of lengths)
    if (is !== should)
      findings.push(
        error(
          'wrong-length',
          `“${name}”有 ${is} 个格，应为 ${should}`,
          `${name} has ${is} cells, not ${should}`,
        ),
      )
  if (findings.length > 0) return findings
  for (const [name, numbers] of [['seed', seed] as const, ...margins.map(m => [m.name, m.totals] as const)])
    for (let i = 0; i < numbers.length; i++)
      if (!(numbers[i] >= 0))
        findings.push(
          error(
            'negative-count',
            `“${name}”第 ${i + 1} 格为 ${numbers[i]}，不能为负`,
            `${name}, cell ${i + 1} is ${numbers[i]}: not a count`,
          ),
        )
  for (const [a, first] of margins.entries())
    for (const second of margins.slice(a + 1)) {
      const gap = disagreement(shape, first, second)
      if (gap)
        findings.push(
          error(
            'margins-disagree',
            `“${first.name}”合计 ${gap.first}，“${second.name}”合计 ${gap.second}，相差 ${gap.by}`,
            `${first.name} sums to ${gap.first}, ${second.name} to ${gap.second}: they differ by ${gap.by}`,
          ),
        )
    }
  for (const [m, { name, totals }] of margins.entries()) {
    const sums = sumOver(seed, groups[m], totals.length)
    for (let g = 0; g < totals.length; g++)
      if (totals[g] > 0 && sums[g] === 0)
        findings.push(
          error(
            'no-seed-mass',
            `“${name}”第 ${g + 1} 组应有 ${totals[g]}，但其所有格都被排除`,
            `${name}, group ${g + 1} asks for ${totals[g]}, but all its cells are excluded: no table exists`,
          ),
        )
  }
  return findings
}

/** Two margins must give the same totals over the dimensions that they share (or in all, if none). */
function disagreement(shape: number[], first: MarginTotals, second: MarginTotals) {
  const shared = first.over.filter(d => second.over.includes(d))
  const collapse = ({ over, totals }: MarginTotals) =>
    sumOver(
      totals,
      groupOfCells(
        over.map(d => shape[d]),
        shared.map(d => over.indexOf(d)),
      ),
      product(shared.map(d => shape[d])),
    )
  const [a, b] = [collapse(first), collapse(second)]
  for (let g = 0; g < a.length; g++) {
    const by = Math.abs(a[g] - b[g])
    if (by > 1e-9 * Math.max(1, a[g], b[g])) return { first: a[g], second: b[g], by }
  }
  return undefined
}
