/** Quantiles and bands over draws. Type 7 of Hyndman & Fan, American Statistician 50 (1996): linear between order statistics. */
import type { Band, BandColumn } from './comparison.js'

/**
 * @param sorted ascending, at least one number, none NaN
 * @param p      0 … 1
 */
export function quantileOfSorted(sorted: Float64Array, p: number): number {
  const position = (sorted.length - 1) * p
  const below = Math.floor(position)
  const above = Math.min(below + 1, sorted.length - 1)
  return sorted[below] + (position - below) * (sorted[above] - sorted[below])
}

/** @returns one quantile for each p; NaN where there is no value or one of them is NaN */
export function quantiles(values: Float64Array, ps: number[]): number[] {
  const sorted = values.slice().sort() // typed arrays sort by number, NaN last
  if (sorted.length === 0 || Number.isNaN(sorted[sorted.length - 1])) return ps.map(() => NaN)
  return ps.map(p => quantileOfSorted(sorted, p))
}

/** Mean and band of draws; the mean is folded in the order given, so that the same draws give the same bytes. */
export function bandOf(values: Float64Array): Band {
  let sum = 0
  for (const value of values) sum += value
  const [p05, p50, p95] = quantiles(values, [0.05, 0.5, 0.95])
  return { mean: sum / values.length, p05, p50, p95 }
}

/**
 * The bands of one measure over all rows of a table.
 * @param draws one array a draw, each as long as `rows`
 */
export function bandColumn(draws: Float64Array[], rows: number): BandColumn {
  const column: BandColumn = {
    mean: new Float64Array(rows),
    p05: new Float64Array(rows),
    p50: new Float64Array(rows),
    p95: new Float64Array(rows),
  }
  const values = new Float64Array(draws.length)
  for (let row = 0; row < rows; row++) {
    for (let draw = 0; draw < draws.length; draw++) values[draw] = draws[draw][row]
    const band = bandOf(values)
    column.mean[row] = band.mean
    column.p05[row] = band.p05
    column.p50[row] = band.p50
    column.p95[row] = band.p95
  }
  return column
}
