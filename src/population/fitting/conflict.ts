/**
 * Proof that totals cannot be met, from the direction in which the multipliers of a fit run away (Farkas' lemma).
 *
 * Give each group a number y. Whatever the weights w within their bounds, the sum of y × count over groups is the sum
 * of w × u over units, u being the sum of y over the unit's groups. Where no weights can make that as large as the sum
 * of y × total, no weights meet the totals. Groups with y > 0 then ask for more than those with y < 0 allow.
 */
import { sumsOf, totalOf, type Problem } from './problem.js'
import type { Bounds } from './sweeps.js'

export interface Proof {
  /** By group, 0 for the many that have no part in it. */
  factors: Float64Array
  /** Sum of factor × total: what is asked beyond what is allowed. */
  asked: number
  /** The most that any weights can make of it. */
  possible: number
}

export type Judgement =
  { kind: 'conflict'; proof: Proof } | { kind: 'zeros'; units: Uint32Array; proof: Proof } | undefined

/** Share of what is asked by which a proof must be clear of rounding. */
const CLEAR = 1e-9
/** Proofs of few whole numbers are looked for up to this one. */
const LARGEST = 12

/**
 * @param base weights, 0 for units without any
 * @param drift change of the multipliers over some rounds
 * @returns a conflict, or units whose weight must be 0 (the only tables have more zeros than the records), or
 *   undefined where the drift proves nothing
 */
export function judge(
  problem: Problem,
  base: Float64Array,
  bounds: Bounds,
  drift: ArrayLike<number>,
): Judgement {
  const differing = verify(problem, base, bounds, unequal(problem))
  if (differing) return conflict(differing)
  const { factors, largest } = plain(problem, drift)
  if (!(largest > 0)) return undefined
  for (let most = 1; most <= LARGEST; most++) {
    const whole = factors.map(y => Math.round((y / largest) * most) + 0)
    const found = verify(problem, base, bounds, whole)
    if (found) return found
  }
  // Not whole: moved down along one margin, which has a group of every unit, until no unit is above 0.
  if (bounds.upper < Infinity) return conflict(verify(problem, base, bounds, factors))
  const above = sumsOf(problem, factors).reduce((most, u, i) => (base[i] > 0 ? Math.max(most, u) : most), 0)
  const { first, end } = problem.margins[0]
  return conflict(
    verify(
      problem,
      base,
      bounds,
      factors.map((y, g) => (g >= first && g < end ? y - above * (1 + 1e-12) : y)),
    ),
  )
}

const conflict = (found: Judgement) => (found?.kind === 'conflict' ? found : undefined)

function verify(problem: Problem, base: Float64Array, bounds: Bounds, factors: Float64Array): Judgement {
  const units = sumsOf(problem, factors)
  let possible = 0
  let scale = 0
  for (let i = 0; i < units.length; i++) {
    if (base[i] === 0 || units[i] === 0) continue
    const ratio = units[i] > 0 ? bounds.upper : bounds.lower
    if (ratio === Infinity) return undefined
    possible += base[i] * ratio * units[i]
    scale += base[i] * ratio * Math.abs(units[i])
  }
  let asked = 0
  for (let g = 0; g < factors.length; g++) {
    asked += factors[g] * problem.totals[g]
    scale += Math.abs(factors[g]) * problem.totals[g]
  }
  const proof = { factors, asked, possible }
  if (asked - possible > CLEAR * scale) return { kind: 'conflict', proof }
  if (asked - possible < -CLEAR * scale || bounds.lower > 0) return undefined
  const below = [...units.keys()].filter(i => base[i] > 0 && units[i] < 0)
  return below.length > 0 ? { kind: 'zeros', units: Uint32Array.from(below), proof } : undefined
}

/** The margin with the largest total against that with the smallest: where all are equal it proves nothing. */
function unequal(problem: Problem): Float64Array {
  const factors = new Float64Array(problem.totals.length)
  const those = problem.margins.filter(({ of }) => of === problem.margins[0].of)
  const ordered = those.sort((a, b) => totalOf(problem, b) - totalOf(problem, a))
  const [most, least] = [ordered[0], ordered[ordered.length - 1]]
  if (most === least) return factors
  return factors.fill(1, most.first, most.end).fill(-1, least.first, least.end)
}

/**
 * The same direction with as few groups in it as can be had by moving whole margins: adding to all groups of one and
 * taking from all of another changes nothing. Each margin's commonest value becomes 0, but for one that takes the rest.
 */
function plain({ margins }: Problem, drift: ArrayLike<number>) {
  const factors = Float64Array.from(drift)
  for (const of of ['persons', 'households'] as const) {
    const those = margins.filter(margin => margin.of === of)
    const common = those.map(({ first, end }) => commonest(factors.subarray(first, end)))
    const sum = common.reduce((a, b) => a + b, 0)
    const moves = (rest: number) => common.map((c, m) => (m === rest ? c - sum : c))
    const near = 1e-3 * factors.reduce((most, y) => Math.max(most, Math.abs(y)), 0)
    const left = those.map((_, rest) => {
      const move = moves(rest)
      return those.reduce(
        (count, { first, end }, m) =>
          count + factors.subarray(first, end).filter(y => Math.abs(y - move[m]) > near).length,
        0,
      )
    })
    const best = moves(left.indexOf(Math.min(...left)))
    for (const [m, { first, end }] of those.entries()) for (let g = first; g < end; g++) factors[g] -= best[m]
  }
  return { factors, largest: factors.reduce((most, y) => Math.max(most, Math.abs(y)), 0) }
}

/** The middle of the longest run of values that lie near one another. */
function commonest(values: Float64Array): number {
  const sorted = values.slice().sort()
  const near = 1e-3 * Math.max(Math.abs(sorted[0]), Math.abs(sorted[sorted.length - 1]))
  let [best, length] = [0, 0]
  for (let from = 0, to = 0; to < sorted.length; to++) {
    while (sorted[to] - sorted[from] > near) from++
    if (to - from + 1 > length) [best, length] = [sorted[(from + to) >> 1], to - from + 1]
  }
  return best
}
