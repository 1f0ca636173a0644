/**
 * The convex dual of raking, minimised by Newton's method: a few steps where sweeps would take thousands. Each step is
 * solved by conjugate gradients over the units' own entries, so that no matrix of groups by groups is made
 * (Nocedal & Wright, Numerical Optimization (2006), algorithm 7.1).
 *
 * The dual is the sum of base × G(u) over units less multiplier × total over groups, u being the sum of the unit's
 * multipliers. G′ is the ratio of the weight: exp(u), cut off at the bounds as Deville & Särndal (JASA 87 (1992),
 * 376–382, case 7) do with the linear distance.
 */
import exp from '@stdlib/math-base-special-exp'
import ln from '@stdlib/math-base-special-ln'
import { countsOf, sizeOf, sumsOf, type Problem } from './problem.js'
import { weightsOf, type Bounds, type State } from './sweeps.js'

export interface NewtonResult {
  state: State
  steps: number
  converged: boolean
}

const STEPS = 60

/**
 * @param state where to start; not changed
 * @param enough largest gap at which it is done
 * @param work passes over the entries that may be spent
 */
export function newton(
  problem: Problem,
  state: State,
  bounds: Bounds,
  slack: Float64Array | undefined,
  enough: number,
  work: number,
): NewtonResult {
  const { totals } = problem
  const { base, impossible } = state
  const total = sizeOf(problem)
  const give = slack ?? new Float64Array(totals.length)
  let at = evaluate(state.multipliers)
  let steps = 0
  let spent = 1
  for (; at.gap > enough && steps < STEPS && spent < work; steps++) {
    const { direction, passes } = solve(at, work - spent)
    spent += passes
    const slope = dot(at.gradient, direction)
    let next
    for (let size = 1; size > 1e-4; size /= 2) {
      const tried = evaluate(at.multipliers.map((x, g) => x + size * direction[g]))
      spent++
      // Near the end the value is flat to the last digit, and the gap alone tells.
      if (tried.value <= at.value + 1e-4 * size * slope || tried.gap < at.gap / 2) {
        next = tried
        break
      }
    }
    if (!next) break
    at = next
  }
  return {
    state: { ...state, ratio: at.ratio, multipliers: at.multipliers },
    steps,
    converged: at.gap <= enough,
  }

  function evaluate(multipliers: Float64Array) {
    const ratio = sumsOf(problem, multipliers)
    let value = 0
    for (let i = 0; i < ratio.length; i++) {
      const u = ratio[i]
      ratio[i] = exp(u)
      if (base[i] > 0) value += base[i] * integral(u, ratio[i], bounds)
    }
    const counts = countsOf(problem, weightsOf({ ...state, ratio }, bounds))
    let gap = 0
    const gradient = counts.map((count, g) => {
      if (!isFree(g)) return 0
      value += ((give[g] * multipliers[g]) / 2 - totals[g]) * multipliers[g]
      const missing = count + give[g] * multipliers[g] - totals[g]
      gap = Math.max(gap, Math.abs(missing))
      return missing
    })
    return { multipliers, ratio, value, gradient, gap }
  }

  function isFree(g: number) {
    return !impossible[g] && totals[g] > 0
  }

  /** Conjugate gradients on curvature × direction = −gradient, as exact as the gradient is small. */
  function solve({ ratio, gradient, gap }: typeof at, passesLeft: number) {
    const { start, group, times } = problem
    const curvature = base.map((b, i) =>
      ratio[i] > bounds.lower && ratio[i] < bounds.upper ? b * ratio[i] : 0,
    )
    const diagonal = give.slice()
    for (let i = 0; i < base.length; i++)
      for (let k = start[i]; k < start[i + 1]; k++) diagonal[group[k]] += times[k] * times[k] * curvature[i]
    const scale = diagonal.map((d, g) => (d > 0 && isFree(g) ? 1 / d : 0))
    const direction = new Float64Array(totals.length)
    const residual = gradient.map((x, g) => (scale[g] > 0 ? -x : 0))
    let scaled = residual.map((x, g) => x * scale[g])
    let search = scaled
    let size = dot(residual, scaled)
    const forcing = Math.max(1e-5, Math.min(0.1, gap / total))
    const stop = forcing * forcing * size
    let passes = 0
    const most = Math.min(passesLeft, 4 * totals.length)
    while (size > stop && passes < most) {
      passes += 2
      const sums = sumsOf(problem, search)
      for (let i = 0; i < sums.length; i++) sums[i] *= curvature[i]
      const turned = countsOf(problem, sums)
      for (let g = 0; g < turned.length; g++) turned[g] = scale[g] > 0 ? turned[g] + give[g] * search[g] : 0
      const bend = dot(search, turned)
      if (!(bend > 0)) break
      const length = size / bend
      for (let g = 0; g < direction.length; g++) {
        direction[g] += length * search[g]
        residual[g] -= length * turned[g]
      }
      scaled = residual.map((x, g) => x * scale[g])
      const before = size
      size = dot(residual, scaled)
      const keep = size / before
      search = scaled.map((x, g) => x + keep * search[g])
    }
    return { direction, passes }
  }
}

/** The integral of the ratio of a weight from far below up to u. */
function integral(u: number, ratio: number, { lower, upper }: Bounds): number {
  if (ratio <= lower && lower > 0) return lower + lower * (u - ln(lower))
  if (ratio >= upper) return upper + upper * (u - ln(upper))
  return ratio
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k]
  return sum
}
