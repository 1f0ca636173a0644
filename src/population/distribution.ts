/** Rows of weights, ready to pick from by a uniform number. */
import pow from '@stdlib/math-base-special-pow'
import { uniform, type SeedKey } from '../evidence/luck.js'
import { SYNTHESIS } from './draws.js'

export interface Distributions {
  /** Outcomes a row. */
  width: number
  /** Running sums of each row, scaled to 1. A row without weight picks outcome 0. */
  cumulative: Float64Array
}

export function distributions(weights: ArrayLike<number>, width: number): Distributions {
  const cumulative = Float64Array.from(weights)
  for (let row = 0; row < cumulative.length; row += width) {
    for (let i = 1; i < width; i++) cumulative[row + i] += cumulative[row + i - 1]
    const total = cumulative[row + width - 1]
    if (total > 0) for (let i = 0; i < width; i++) cumulative[row + i] /= total
  }
  return { width, cumulative }
}

/** The outcome that u in (0, 1) falls on; outcomes without weight are never picked. */
export function pick({ width, cumulative }: Distributions, row: number, u: number): number {
  const start = row * width
  let low = 0
  let high = width - 1
  const last = cumulative[start + high]
  if (last === 0) return 0
  // u scaled by the row's last sum, which rounding may have left a digit off 1.
  const at = u * last
  while (low < high) {
    const middle = (low + high) >>> 1
    if (at < cumulative[start + middle]) high = middle
    else low = middle + 1
  }
  return low
}

/**
 * Even luck: the n-th member of a sequence that fills (0, 1) more evenly than chance, one sequence a dimension
 * (Kronecker sequence on powers of the generalised golden ratio: Roberts 2018). The persons here get what margins
 * fix by it, so that the made population meets them within a few persons, not within the noise of sampling.
 */
export class EvenLuck {
  private readonly step: number[]
  private readonly shift: number[]

  constructor(key: SeedKey, dimensions: number) {
    // The root of x^(d+1) = x + 1.
    let root = 1.5
    for (let i = 0; i < 60; i++) root = pow(1 + root, 1 / (dimensions + 1))
    this.step = Array.from({ length: dimensions }, (_, d) => 1 / pow(root, d + 1))
    this.shift = Array.from({ length: dimensions }, (_, d) => uniform(key, d, SYNTHESIS.shift, 0))
  }

  /** @param n counts from 0, below 2³⁰ */
  at(n: number, dimension: number): number {
    const x = this.shift[dimension] + n * this.step[dimension]
    return x - Math.floor(x)
  }
}
