/** From margins and cases to weights, and a plain account of how well the margins are met and what stands against it. */
import { uniform, type SeedKey } from '../../evidence/luck.js'
import { SYNTHESIS } from '../draws.js'
import { disagreements, marginTotal, scaledTo, type Disagreement } from './agreement.js'
import { membersOf, type Cases, type Collapsed } from './cases.js'
import { Dimensions } from './dimensions.js'
import { fit, type FitOptions, type Fitted } from './fit.js'
import { groupName, type Margin } from './margin.js'
import { countsOf, type Problem } from './problem.js'
import { controlled, luckOf, nameUnits, shareOut, truncateReplicateSample } from './whole.js'

export interface WeighOptions extends FitOptions {
  /** Every margin is multiplied so that it sums to this one. */
  scaleTo?: Margin
  integerise?: 'controlled' | 'trs'
  key?: SeedKey
}

/** One group of a margin. */
export interface Place {
  margin: Margin
  cell: Record<string, string>
}

export interface MarginResult {
  margin: Margin
  largestGap: number
  /** The largest gap as a share of its group's total; of a total of 0, as a share of the mean total. */
  relativeGap: number
  worst: { cell: Record<string, string>; asked: number; reached: number }
}

export type Conflict =
  | { kind: 'disagreement'; disagreement: Disagreement }
  /** No weights fill the group: its base weight, and the least and most that bounds let that become. */
  | { kind: 'impossible'; place: Place; asked: number; base: number; least: number; most: number }
  /** What some groups ask is more than others allow; factors tell how often each counts. */
  | {
      kind: 'contradiction'
      asks: (Place & { total: number; times: number })[]
      allows: (Place & { total: number; times: number })[]
      /** By how much the sum of asks exceeds that of allows, and what the bounds let weights make up for. */
      short: number
      bounds: number
    }

export type Relaxed =
  | { kind: 'scaled'; margin: Margin; from: number; to: number }
  | { kind: 'gave-way'; place: Place; from: number; to: number }

export interface Spread {
  /** Cases with a weight above 0, and without. */
  weighted: number
  zero: number
  min: number
  max: number
  mean: number
  maxOverMean: number
  /** Kish: 1 + the squared coefficient of variation; and cases ÷ that. */
  designEffect: number
  effectiveSampleSize: number
  /** Of weight ÷ base weight. */
  ratioMin: number
  ratioMax: number
}

export interface Weighing {
  fitted: Fitted
  /** Of each case. */
  weights: Float64Array
  /** Whole numbers of each case, where they were asked for. */
  whole: Float64Array | undefined
  margins: MarginResult[]
  /** The same of the whole numbers. */
  wholeMargins: MarginResult[] | undefined
  conflicts: Conflict[]
  relaxed: Relaxed[]
  spread: Spread
  units: number
}

/** A gap between total and count that is only rounding is not told as having given way. */
const TOLD = 1e-6

/**
 * @param dimensions of the margins
 * @param collapsed what they are over: records, households or a table
 */
export function weigh(
  dimensions: Dimensions,
  { problem: asked, cases }: Collapsed,
  { scaleTo, integerise, key = [0, 0], ...options }: WeighOptions = {},
): Weighing {
  const relaxed: Relaxed[] = []
  let margins = dimensions.margins
  if (scaleTo) {
    const scaled = scaledTo(margins, scaleTo)
    for (const [m, margin] of margins.entries())
      if (Math.abs(scaled.factors[m] - 1) > 1e-12)
        relaxed.push({ kind: 'scaled', margin, from: marginTotal(margin), to: marginTotal(scaleTo) })
    margins = scaled.margins
  }
  const problem: Problem = { ...asked, totals: Float64Array.from(margins.flatMap(({ totals }) => totals)) }
  const differing = disagreements(margins)
  const fitted = fit(problem, options)
  const place = (group: number): Place => {
    const { m, at } = dimensions.placeOf(group)
    return { margin: margins[m], cell: groupName(margins[m], at) }
  }
  if (options.price !== undefined)
    for (const [g, count] of fitted.counts.entries())
      if (Math.abs(count - problem.totals[g]) > TOLD * Math.max(1, problem.totals[g]))
        relaxed.push({ kind: 'gave-way', place: place(g), from: problem.totals[g], to: count })
  const ratio = fitted.weights.map((w, u) => (problem.base[u] > 0 ? w / problem.base[u] : 0))
  const weights = cases.base.map((base, c) => base * ratio[cases.unit[c]])
  const whole =
    integerise &&
    wholeNumbers(integerise, problem, cases, fitted.weights, weights, dimensions.groupNames, key)
  return {
    fitted,
    weights,
    whole,
    margins: compare(margins, fitted.counts),
    wholeMargins: whole && compare(margins, countsOf(problem, perUnit(whole, cases, problem.base.length))),
    conflicts: options.price === undefined ? conflictsOf(problem, fitted, differing, place, options) : [],
    relaxed,
    spread: spreadOf(weights, cases.base),
    units: problem.base.length,
  }
}

function perUnit(ofCase: Float64Array, { unit }: Cases, units: number): Float64Array {
  const sums = new Float64Array(units)
  for (let c = 0; c < unit.length; c++) sums[unit[c]] += ofCase[c]
  return sums
}

/** Groups with fewer than `least` cases, but not none: with microdata no fit may lean on them. */
export function smallGroups(dimensions: Dimensions, { problem, cases }: Collapsed, least: number): Place[] {
  const counts = countsOf(problem, perUnit(new Float64Array(cases.count).fill(1), cases, problem.base.length))
  return [...counts.keys()]
    .filter(g => counts[g] > 0 && counts[g] < least)
    .map(g => {
      const { m, at } = dimensions.placeOf(g)
      return { margin: dimensions.margins[m], cell: groupName(dimensions.margins[m], at) }
    })
}

function compare(margins: readonly Margin[], counts: Float64Array): MarginResult[] {
  let first = 0
  return margins.map(margin => {
    const { totals } = margin
    let worst = 0
    const gap = (g: number) => Math.abs(counts[first + g] - totals[g])
    for (let g = 1; g < totals.length; g++) if (gap(g) > gap(worst)) worst = g
    const largestGap = gap(worst)
    const scale = totals[worst] || marginTotal(margin) / totals.length
    const result = {
      margin,
      largestGap,
      relativeGap: largestGap === 0 ? 0 : scale > 0 ? largestGap / scale : Infinity,
      worst: { cell: groupName(margin, worst), asked: totals[worst], reached: counts[first + worst] },
    }
    first += totals.length
    return result
  })
}

function conflictsOf(
  problem: Problem,
  { proof, impossible }: Fitted,
  differing: Disagreement[],
  place: (group: number) => Place,
  { lower = 0, upper = Infinity }: FitOptions,
): Conflict[] {
  const base = countsOf(problem, problem.base)
  const conflicts: Conflict[] = differing.map(disagreement => ({ kind: 'disagreement', disagreement }))
  for (const g of impossible)
    conflicts.push({
      kind: 'impossible',
      place: place(g),
      asked: problem.totals[g],
      base: base[g],
      least: base[g] * lower,
      most: base[g] > 0 ? base[g] * upper : 0,
    })
  // Margins that differ contradict one another anyway; the proof would only say so again.
  if (proof && differing.length === 0) {
    const those = [...proof.factors.keys()].filter(g => proof.factors[g] !== 0)
    const smallest = Math.min(...those.map(g => Math.abs(proof.factors[g])))
    const part = (sign: number) =>
      those
        .filter(g => proof.factors[g] * sign > 0)
        .map(g => ({
          ...place(g),
          total: problem.totals[g],
          times: Math.abs(proof.factors[g]) / smallest,
        }))
    conflicts.push({
      kind: 'contradiction',
      asks: part(1),
      allows: part(-1),
      short: (proof.asked - proof.possible) / smallest,
      bounds: proof.possible / smallest,
    })
  }
  return conflicts
}

function spreadOf(weights: Float64Array, base: Float64Array): Spread {
  let [weighted, sum, squares] = [0, 0, 0]
  let [min, max, ratioMin, ratioMax] = [Infinity, 0, Infinity, 0]
  for (const [c, w] of weights.entries()) {
    if (w === 0) continue
    weighted++
    sum += w
    squares += w * w
    min = Math.min(min, w)
    max = Math.max(max, w)
    ratioMin = Math.min(ratioMin, w / base[c])
    ratioMax = Math.max(ratioMax, w / base[c])
  }
  const mean = weighted > 0 ? sum / weighted : 0
  return {
    weighted,
    zero: weights.length - weighted,
    min: weighted > 0 ? min : 0,
    max,
    mean,
    maxOverMean: mean > 0 ? max / mean : 0,
    designEffect: sum > 0 ? (weighted * squares) / (sum * sum) : 0,
    effectiveSampleSize: squares > 0 ? (sum * sum) / squares : 0,
    ratioMin: weighted > 0 ? ratioMin : 0,
    ratioMax,
  }
}

function wholeNumbers(
  method: 'controlled' | 'trs',
  problem: Problem,
  cases: Cases,
  unitWeights: Float64Array,
  weights: Float64Array,
  groupNames: Uint32Array,
  key: SeedKey,
): Float64Array {
  const unitNames = nameUnits(problem, groupNames)
  // A table without records has its cells for cases.
  const luck = luckOf(key, cases.names ?? unitNames, SYNTHESIS.shareOut)
  if (method === 'trs') return truncateReplicateSample(weights, luck)
  const whole = controlled(problem, unitWeights, groupNames, key)
  const ofCase = new Float64Array(cases.count)
  const { start, members } = membersOf(cases.unit, problem.base.length)
  for (let u = 0; u < whole.length; u++) {
    const offset = uniform(key, unitNames[2 * u], SYNTHESIS.shareOut, unitNames[2 * u + 1] & 0xffff)
    shareOut(members.subarray(start[u], start[u + 1]), weights, whole[u], luck, offset, ofCase)
  }
  return ofCase
}
