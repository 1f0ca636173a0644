/**
 * From runs to bands. A number's draws are the recurrence's draws, corrected by what simulation showed it to miss
 * (bias) and widened by what simulation showed to be luck at full scale:
 *   x_d = c·e_d (+ b) + √scale · luck_r,   r = d mod replicates.
 * The correction is the ratio of mean simulated to mean expected over the paired replicates where that is well
 * determined, so that a difference that is zero stays zero; else the mean gap is added.
 */
import { mean as averageOf, sampleVariance } from 'simple-statistics'
import { DECISIONS, nameKey, seedKey, uniform } from '../evidence/luck.js'
import type { Band, Shares } from '../results/comparison.js'
import { quantileOfSorted } from '../results/quantiles.js'
import { MEMBERS } from '../simulation/calibrated.js'

/** The numbers of one cell over all runs. */
export interface CellRuns {
  /** Recurrence, by draw. Draw d belongs to structural member d mod 4. */
  draws: Float64Array
  /** The paired replicates: recurrence and simulation. */
  expected: Float64Array
  simulated: Float64Array
  scale: number
}

/**
 * The runs that have the number at all: a round that is not held has none. What no recurrence ever has, as a lowest
 * score, is taken from the simulations as it is, luck at their own scale.
 * @returns undefined where none has it
 */
export function known(cell: CellRuns): CellRuns | undefined {
  const has = (x: number) => !Number.isNaN(x)
  const { draws, expected, simulated } = cell
  if (draws.every(has) && simulated.every(has)) return cell
  if (!draws.some(has)) {
    const made = simulated.filter(has)
    return made.length > 0 ? { ...cell, draws: made, expected: made, simulated: made } : undefined
  }
  const pairs = simulated.map((x, r) => x + expected[r])
  return {
    ...cell,
    draws: draws.filter(has),
    expected: expected.filter((_, r) => has(pairs[r])),
    simulated: simulated.filter((_, r) => has(pairs[r])),
  }
}

/** simple-statistics asks for arrays of numbers and reads any. */
const numbers = (x: Float64Array) => x as unknown as readonly number[]
/** 0 of none: without a simulation nothing is corrected. */
const mean = (x: Float64Array): number => (x.length === 0 ? 0 : averageOf(numbers(x)))
const variance = (x: Float64Array): number => (x.length < 2 ? 0 : sampleVariance(numbers(x)))

export interface Combined {
  values: Float64Array
  /** Luck at full scale, by replicate; mean 0. */
  luck: Float64Array
  /** Standard error of the correction. */
  correctionError: number
  ratio: number
}

/** How far the ratio may go, and how well the denominator must be known, before the gap is added instead. */
const RATIO_LIMIT = 3

export function combine({ draws, expected, simulated, scale }: CellRuns): Combined {
  const replicates = expected.length
  const [e, s] = [mean(expected), mean(simulated)]
  const gap = new Float64Array(replicates)
  for (let r = 0; r < replicates; r++) gap[r] = simulated[r] - expected[r]
  const error = Math.sqrt(variance(gap) / Math.max(1, replicates))
  const ratio = e !== 0 ? s / e : NaN
  const byRatio = Math.abs(e) > 4 * error && ratio > 1 / RATIO_LIMIT && ratio < RATIO_LIMIT
  const factor = byRatio ? ratio : 1
  const shift = byRatio ? 0 : s - e
  const luck = new Float64Array(replicates)
  for (let r = 0; r < replicates; r++)
    luck[r] = (simulated[r] - factor * expected[r] - shift) * Math.sqrt(scale)
  const values = new Float64Array(draws.length)
  for (let d = 0; d < draws.length; d++)
    values[d] = factor * draws[d] + shift + (replicates > 1 ? luck[d % replicates] : 0)
  return { values, luck, correctionError: error, ratio: factor }
}

/** Mean and 5, 50, 95 % points (type 7). A quantity that was never negative in any run is not made so by the correction. */
export function band(values: Float64Array, neverNegative: boolean): Band {
  const sorted = values.slice()
  if (neverNegative) for (let i = 0; i < sorted.length; i++) sorted[i] = Math.max(0, sorted[i])
  const average = mean(sorted)
  sorted.sort()
  return {
    mean: average,
    p05: quantileOfSorted(sorted, 0.05),
    p50: quantileOfSorted(sorted, 0.5),
    p95: quantileOfSorted(sorted, 0.95),
  }
}

const square = (x: number): number => x * x

/** Monte Carlo standard errors: of the mean, and by keyed bootstrap of the band's ends. */
export function monteCarlo(
  { values, correctionError }: Combined,
  name: string,
): { mcse: number; mcseP05: number; mcseP95: number } {
  const n = values.length
  const key = seedKey('bootstrap')
  const RESAMPLES = 200
  const low = new Float64Array(RESAMPLES)
  const high = new Float64Array(RESAMPLES)
  const resample = new Float64Array(n)
  for (let b = 0; b < RESAMPLES; b++) {
    for (let i = 0; i < n; i++)
      resample[i] = values[Math.floor(uniform(key, nameKey(name) ^ i, DECISIONS.bootstrap, b) * n)]
    resample.sort()
    low[b] = quantileOfSorted(resample, 0.05)
    high[b] = quantileOfSorted(resample, 0.95)
  }
  return {
    mcse: Math.sqrt(variance(values) / n + square(correctionError)),
    mcseP05: Math.sqrt(variance(low) + square(correctionError)),
    mcseP95: Math.sqrt(variance(high) + square(correctionError)),
  }
}

/** Mean under each structural member. */
export function memberMeans(values: Float64Array): Record<string, number> {
  return Object.fromEntries(MEMBERS.map((member, k) => [member, memberMean(values, k)]))
}

/**
 * Where the variance comes from: between structural members; the future walk of the base flow (`withNoise` − `still`);
 * luck; the rest is parameters. Shares of their sum.
 */
export function sharesOf(
  draws: Float64Array,
  luck: Float64Array,
  withNoise: Float64Array,
  still: Float64Array,
): Shares {
  const means = MEMBERS.map((_, k) => memberMean(draws, k))
  const between = Float64Array.from(draws, (_, d) => means[d % MEMBERS.length])
  const structure = variance(between)
  const noise = Math.max(0, variance(Float64Array.from(withNoise, (x, i) => x - still[i])))
  const ofLuck = variance(luck)
  const parameters = Math.max(0, variance(draws) - structure - noise)
  const total = structure + parameters + noise + ofLuck
  const share = (x: number) => (total > 0 ? x / total : 0)
  return {
    structure: share(structure),
    parameters: share(parameters),
    noise: share(noise),
    luck: share(ofLuck),
  }
}

function memberMean(draws: Float64Array, k: number): number {
  let sum = 0
  let n = 0
  for (let d = k; d < draws.length; d += MEMBERS.length) {
    sum += draws[d]
    n++
  }
  return sum / n
}

/** (Var A + Var B) / Var(B − A) over the paired simulations; null where the difference never varies. */
export function varianceReduction(a: Float64Array, b: Float64Array): number | null {
  const difference = variance(Float64Array.from(b, (x, i) => x - a[i]))
  return difference > 0 ? (variance(a) + variance(b)) / difference : null
}
