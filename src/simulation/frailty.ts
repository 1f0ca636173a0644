/**
 * Frailty: households differ in how readily they act by a factor with mean 1 and variance v (gamma), so that the
 * surge decays more slowly than an exponential (model §2.4). A table of 1,024 equal shares: the mean of each is
 * taken at its middle, the last share's is cut there, and the table is scaled back to mean 1.
 */
import quantile from '@stdlib/stats-base-dists-gamma-quantile'

const SHARES = 1024

export function frailtyTable(variance: number): Float64Array {
  if (variance < 1e-6) return new Float64Array(SHARES).fill(1)
  const table = Float64Array.from({ length: SHARES }, (_, i) =>
    quantile((i + 0.5) / SHARES, 1 / variance, 1 / variance),
  )
  const mean = table.reduce((a, b) => a + b, 0) / SHARES
  return table.map(x => x / mean)
}

export const frailtyOf = (table: Float64Array, u: number): number => table[Math.floor(u * SHARES)]
