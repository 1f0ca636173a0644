/**
 * Weights that meet totals and stay as near the base weights as they can: the least relative entropy, within bounds.
 *
 * Sweeps first, since most problems need few of them; where they crawl, Newton's method on the same dual. Where no
 * weights exist, the multipliers run away, and their direction is turned into a proof.
 */
import { judge, type Proof } from './conflict.js'
import { newton } from './newton.js'
import { byGroup, countsOf, sizeOf, type Problem } from './problem.js'
import { balanceOnce, byMargin, rakeOnce, weightsOf, type Bounds, type State } from './sweeps.js'

export interface FitOptions extends Partial<Bounds> {
  /** Largest gap, as a share of the largest margin's total, at which the fit has converged. */
  tolerance?: number
  /** Most sweeps. */
  rounds?: number
  /**
   * Totals may give way, at a price: half of this × gap² ÷ total, in units of the entropy (ridge calibration: Rao &
   * Singh, ASA Survey Research Methods Section (1997), 57–65). Undefined: none does.
   */
  price?: number
}

export interface Fitted {
  weights: Float64Array
  /** Weighted count of each group. */
  counts: Float64Array
  converged: boolean
  /** Sweeps and steps of Newton's method. */
  iterations: number
  newtonSteps: number
  /** That the totals contradict one another over these units. */
  proof?: Proof
  /** Groups that no weights within bounds can fill: too few units, or a total of less than the bounds leave. */
  impossible: Uint32Array
  /** Units whose weight must be 0, though neither their base weight nor a total of their own is: proven. */
  forced: Uint32Array
}

/** After how many sweeps the first look is taken at where the multipliers go; then each time they have doubled. */
const LOOK = 16

/** A ratio below this share of the middle one is on its way to 0. */
const VANISHING = 1e-7

export function fit(
  problem: Problem,
  { lower = 0, upper = Infinity, tolerance = 1e-10, rounds = 2000, price }: FitOptions = {},
): Fitted {
  const bounds = { lower, upper }
  const { totals } = problem
  const enough = tolerance * Math.max(sizeOf(problem), Number.MIN_VALUE)
  const slack = price === undefined ? undefined : totals.map(total => total / price)
  let state = begin(problem, bounds, enough)
  const isPlain = lower === 0 && upper === Infinity && !slack && everyUnitOnce(problem)
  const sweep = isPlain ? plainly() : balancing()
  const impossible = Uint32Array.from([...totals.keys()].filter(g => state.impossible[g]))
  const forced: number[] = []
  let iterations = 0
  let newtonSteps = 0
  let proof: Proof | undefined
  let converged = gapOf() <= enough
  let before = state.multipliers.slice()
  for (let look = LOOK; !converged && iterations < rounds;) {
    const gap = sweep()
    iterations++
    if (gap <= 10 * enough && gapOf() <= enough) converged = true
    if (converged || iterations < look) continue
    look *= 2
    if (!slack) {
      const found = judge(problem, state.base, bounds, difference(state.multipliers, before))
      if (found?.kind === 'conflict') {
        proof = found.proof
        break
      }
      if (found?.kind === 'zeros') exclude(found.units)
    }
    before = state.multipliers.slice()
    const tried = newton(problem, state, bounds, slack, enough, 2 * iterations + 50)
    iterations += tried.steps
    newtonSteps += tried.steps
    if (tried.converged && !vanishes(tried.state)) {
      state = tried.state
      converged = true
    }
  }
  const weights = weightsOf(state, bounds)
  return {
    weights,
    counts: countsOf(problem, weights),
    converged: converged && impossible.length === 0,
    iterations,
    newtonSteps,
    proof,
    impossible,
    forced: Uint32Array.from(forced),
  }

  function plainly() {
    const columns = byMargin(problem)
    return () => rakeOnce(problem, columns, state)
  }

  function balancing() {
    const turned = byGroup(problem)
    return () => balanceOnce(problem, turned, state, bounds, slack)
  }

  function gapOf(): number {
    const counts = countsOf(problem, weightsOf(state, bounds))
    return counts.reduce((most, count, g) => {
      const give = slack ? slack[g] * state.multipliers[g] : 0
      return state.impossible[g] ? most : Math.max(most, Math.abs(count + give - totals[g]))
    }, 0)
  }

  function exclude(units: Uint32Array) {
    for (const i of units) state.base[i] = 0
    forced.push(...units)
  }

  /** A fit that only seems whole: some weights are on their way to 0, which the sweeps will prove or not. */
  function vanishes({ base, ratio }: State): boolean {
    if (lower > 0 || iterations >= rounds / 2) return false
    const positive = ratio.filter((_, i) => base[i] > 0).sort()
    return positive[0] < VANISHING * positive[positive.length >> 1]
  }
}

/** Units in a group whose total is 0 have no weight; groups that cannot be filled are known beforehand. */
function begin(problem: Problem, { lower, upper }: Bounds, enough: number): State {
  const { start, group, totals } = problem
  const base = problem.base.slice()
  if (lower === 0)
    for (let i = 0; i < base.length; i++)
      for (let k = start[i]; k < start[i + 1]; k++) if (totals[group[k]] === 0) base[i] = 0
  const counts = countsOf(problem, base)
  return {
    base,
    ratio: new Float64Array(base.length).fill(1),
    multipliers: new Float64Array(totals.length),
    impossible: Uint8Array.from(counts, (count, g) =>
      Number(
        totals[g] > 0 && count === 0
          ? true
          : totals[g] < lower * count - enough || (upper < Infinity && totals[g] > upper * count + enough),
      ),
    ),
  }
}

function everyUnitOnce({ base, group, margins, times }: Problem): boolean {
  return group.length === base.length * margins.length && times.every(t => t === 1)
}

const difference = (a: Float64Array, b: Float64Array) => a.map((x, g) => x - b[g])
