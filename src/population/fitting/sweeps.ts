/**
 * One round of raking: each group in turn is made to have its total by one factor on its units.
 *
 * Where every unit counts once in one group of each margin and no bound stands, that is iterative proportional
 * fitting (Deming & Stephan, Annals of Mathematical Statistics 11 (1940), 427–444). Else it is generalised raking
 * (Deville, Särndal & Sautory, JASA 88 (1993), 1013–1020), entropy list balancing: the factor of a group is the root
 * of one increasing function. Both go up the same dual, coordinate by coordinate.
 */
import exp from '@stdlib/math-base-special-exp'
import ln from '@stdlib/math-base-special-ln'
import type { ByGroup, Problem } from './problem.js'

/** Least and largest ratio of a weight to its base weight: 0 and Infinity where none is set. */
export interface Bounds {
  lower: number
  upper: number
}

/** A fit on its way. */
export interface State {
  /** Base weights; 0 where a unit can have no weight. */
  base: Float64Array
  /** Of each unit, before bounds: the product of its groups' factors. */
  ratio: Float64Array
  /** Of each group: the logarithm of its factor. */
  multipliers: Float64Array
  /** Groups that no unit can fill are left alone. */
  impossible: Uint8Array
}

export const weightsOf = ({ base, ratio }: State, bounds: Bounds): Float64Array =>
  base.map((b, i) => (b === 0 ? 0 : b * clamp(ratio[i], bounds)))

export const clamp = (ratio: number, { lower, upper }: Bounds): number =>
  ratio < lower ? lower : ratio > upper ? upper : ratio

/** A factor that is taken out of range by a total that cannot be met stays a number. */
const LEAST = 1e-280
const MOST = 1e280

/** The group of each unit, margin by margin: memory is then gone through in its order. */
export function byMargin({ base, group, margins }: Problem): Uint32Array[] {
  return margins.map((_, m) => {
    const column = new Uint32Array(base.length)
    for (let i = 0, k = m; i < column.length; i++, k += margins.length) column[i] = group[k]
    return column
  })
}

/**
 * Iterative proportional fitting.
 * @param columns as `byMargin` gives them
 * @returns largest gap of a group just before it was scaled
 */
export function rakeOnce(problem: Problem, columns: readonly Uint32Array[], state: State): number {
  const { totals, margins } = problem
  const { base, ratio, multipliers, impossible } = state
  const sums = new Float64Array(totals.length)
  const factors = new Float64Array(totals.length).fill(1)
  addUp(base, ratio, columns[0], sums)
  let gap = 0
  for (const [m, { first, end }] of margins.entries()) {
    for (let g = first; g < end; g++) {
      if (impossible[g]) continue
      gap = Math.max(gap, Math.abs(sums[g] - totals[g]))
      if (!(sums[g] > LEAST) || totals[g] === 0) continue
      factors[g] = totals[g] / sums[g]
      multipliers[g] += ln(factors[g])
    }
    scale(base, ratio, columns[m], factors)
    if (m + 1 < columns.length) addUp(base, ratio, columns[m + 1], sums)
  }
  return gap
}

function scale(base: Float64Array, ratio: Float64Array, group: Uint32Array, factors: Float64Array): void {
  for (let i = 0; i < base.length; i++) {
    const scaled = ratio[i] * factors[group[i]]
    ratio[i] = scaled < LEAST ? 0 : scaled > MOST ? MOST : scaled
  }
}

function addUp(base: Float64Array, ratio: Float64Array, group: Uint32Array, sums: Float64Array): void {
  for (let i = 0; i < base.length; i++) sums[group[i]] += base[i] * ratio[i]
}

/**
 * Balancing group by group, with bounds and with units that count several times.
 * @param slack of each group: how much of its total it gives up for each unit of its multiplier
 * @returns as `rakeOnce`
 */
export function balanceOnce(
  problem: Problem,
  turned: ByGroup,
  state: State,
  bounds: Bounds,
  slack?: ArrayLike<number>,
): number {
  let gap = 0
  for (let g = 0; g < problem.totals.length; g++) {
    if (state.impossible[g] || problem.totals[g] === 0) continue
    // The count still missing at the multiplier as it is.
    const missing = (step: number) => {
      const { count, slope } = groupAt(turned, state, bounds, g, exp(step))
      const give = slack?.[g] ?? 0
      return {
        missing: problem.totals[g] - count - give * (state.multipliers[g] + step),
        slope: slope + give,
        count,
      }
    }
    gap = Math.max(gap, Math.abs(missing(0).missing))
    const step = root(missing, problem.totals[g])
    state.multipliers[g] += step
    const factor = exp(step)
    for (let k = turned.start[g]; k < turned.start[g + 1]; k++) {
      const i = turned.unit[k]
      state.ratio[i] = Math.min(MOST, Math.max(LEAST, state.ratio[i] * power(factor, turned.times[k])))
    }
  }
  return gap
}

/** The count of a group, and its slope in the logarithm of the factor, if its units were scaled by `factor`. */
function groupAt(
  { start, unit, times }: ByGroup,
  { base, ratio }: State,
  { lower, upper }: Bounds,
  g: number,
  factor: number,
) {
  let count = 0
  let slope = 0
  for (let k = start[g]; k < start[g + 1]; k++) {
    const [b, t] = [base[unit[k]], times[k]]
    const x = ratio[unit[k]] * power(factor, t)
    if (x <= lower) count += t * b * lower
    else if (x >= upper) count += t * b * upper
    else {
      count += t * b * x
      slope += t * t * b * x
    }
  }
  return { count, slope }
}

const power = (factor: number, times: number): number => {
  let product = factor
  for (let k = 1; k < times; k++) product *= factor
  return product
}

/** Newton on a falling function, kept between the ends that are known; exact in one step for a plain ratio. */
function root(at: (step: number) => { missing: number; slope: number; count: number }, total: number) {
  let [low, high, step] = [-Infinity, Infinity, 0]
  for (let tries = 0; tries < 100; tries++) {
    const { missing, slope, count } = at(step)
    if (Math.abs(missing) <= 1e-13 * total) break
    if (missing > 0) low = step
    else high = step
    // Where the count grows as a power of the factor, the logarithms lie on a line.
    const reached = total - missing
    const change = reached > 0 && count > 0 ? (ln(total / reached) * reached) / slope : missing / slope
    // Flat: all units stand at a bound.
    let next = step + (slope > 0 ? Math.max(-FAR, Math.min(FAR, change)) : missing > 0 ? FAR : -FAR)
    if (!(next > low && next < high)) next = (low + high) / 2
    if (next === step || !Number.isFinite(next)) break
    step = next
  }
  return step
}

/** The farthest that one step goes, in logarithms. */
const FAR = 3
