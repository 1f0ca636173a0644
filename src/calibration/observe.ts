/**
 * The measurement model: from a point of the fit to the count that each target should show, through the count bases.
 *
 * - Yearbook, in, from the province: intra-city moves + base from the province + the opening's. From other provinces: alike.
 * - Yearbook, out within the province, whole place: the same intra-city moves (each leaves somewhere) + moves out of the city.
 * - An area's count within a year (districtIn): that area's year as printed × the share that falls in the window; a
 *   window is a part of a year that is already fitted, so only its share is news.
 * - The place's count (external): what does not come from another area. `districtIn / external` follows from the intra-city
 *   moves and is no free factor.
 * - Kin and purchase (event): shares of all events, with those inside an area; buyers' families are counted twice.
 *
 * Every count has a negative binomial error: size by area for years, one for windows, one for the out-moves; that of the
 * place's count is given by what is believed of the two ways of counting.
 */
import exp from '@stdlib/math-base-special-exp'
import ln from '@stdlib/math-base-special-ln'
import { monthOf, monthOfYear, yearOf } from '../evidence/month.js'
import { awareness, baseFlow, openingFlow } from '../simulation/expected.js'
import gammaln from '@stdlib/math-base-special-gammaln'
import { logFactorial, negbinLog } from './negbin.js'
import { emptyPoint, fillArea, fillPlace, PLACE, type Point, type Priors, type Shared } from './priors.js'
import type { Member } from '../simulation/calibrated.js'
import { blocks, TIMED } from './moves.js'
import type { Target } from './sampler.js'
import { BREAK_YEAR, FIRST_REFORM_YEAR, LAST_YEAR, type Observations } from './targets.js'

/** What a count of the fit is: the group it is reported in, which one, and what was seen. */
export interface Count {
  id: string
  group: string
  observed: number
}

/** A count with its model: mean and size of the negative binomial. */
type Visit = (index: number, mean: number, size: number) => void

/** sd of log(share of the external base / share of all base events): those from outside use channels about alike. */
const SHARE_SD = 0.5
/** Share of a stock replaced in a month, from a yearly exit of about a tenth (mig.exit.*). */
export const TURNOVER = 0.0087

interface State {
  /** Value of each coordinate. */
  values: Float64Array
  point: Point
  shared: Shared
  /** Factor of the base by origin and year: trend and shock before the break, else 1. */
  factor: [Float64Array, Float64Array]
  /** Opening per person of stock, by origin: in each year, in each window. */
  yearOpening: [Float64Array, Float64Array]
  windowOpening: [Float64Array, Float64Array]
  /** What areas add up to: [area][intra by year; external, base, opening by window]. */
  sums: Float64Array
  /** Log likelihood of the counts of an area in a year: [area][year]. */
  logs: Float64Array
}

export interface Measurement extends Target {
  counts: Count[]
  years: readonly number[]
  member: Member
  priors: Priors
  /** The point at z, of its own. */
  point(z: Float64Array): Point
  /** Mean and size of every count at z, in the order of `counts`. */
  expect(z: Float64Array, visit: Visit): void
}

/** @param season multiplier of each calendar month (index 0 = January), mean 1 */
export function measurement(
  seen: Observations,
  priors: Priors,
  season: Float64Array,
  member: Member,
): Measurement {
  const { areas, years } = seen
  const windows = [...seen.parts, ...seen.external, ...seen.channels].map(t => t.window)
  const unique = windows.filter((w, i) => windows.findIndex(o => o.from === w.from && o.to === w.to) === i)
  const atWindow = (w: { from: number; to: number }) =>
    unique.findIndex(o => o.from === w.from && o.to === w.to)
  const windowYear = unique.map(w => years.indexOf(yearOf(w.from)))
  const seasonShare = unique.map(w => {
    let share = 0
    for (let m = w.from; m <= w.to; m++) share += season[monthOfYear(m) - 1] / 12
    return share
  })
  const [nYears, nWindows] = [years.length, unique.length]
  const width = nYears + 3 * nWindows
  const first = monthOf(FIRST_REFORM_YEAR, 1)
  const last = monthOf(LAST_YEAR, 12)

  const counts: Count[] = []
  const yearCounts = areas.map((area, a) =>
    years.map((year, y) =>
      ['province', 'other_province'].map((origin, o) => {
        const group = `${year < BREAK_YEAR ? 'before' : year}.${origin}`
        counts.push({
          id: `${area}.${year}.${origin}`,
          group,
          observed: seen.moves[(a * nYears + y) * 2 + o],
        })
        return counts.length - 1
      }),
    ),
  )
  const add = (id: string, group: string, observed: number) => counts.push({ id, group, observed }) - 1
  const parts = seen.parts.map(part => ({
    ...part,
    index: add(part.id, 'part', part.count),
    w: atWindow(part.window),
    year: seen.moves
      .subarray((part.area * nYears + years.indexOf(yearOf(part.window.from))) * 2)
      .subarray(0, 2)
      .reduce((s, v) => s + v, 0),
  }))
  const outs = years.map((year, y) => add(`out.${year}.province`, 'out', seen.outProvince[y]))
  const external = seen.external.map(t => ({
    ...t,
    index: add(t.id, 'external', t.count),
    w: atWindow(t.window),
  }))
  const channels = seen.channels.map(t => ({
    ...t,
    index: add(t.id, 'channel', t.count),
    w: atWindow(t.window),
  }))
  const factorials = counts.map(c => logFactorial(c.observed))

  const state = (): State => ({
    values: new Float64Array(priors.dimension),
    point: emptyPoint(member, seen),
    shared: { deviation: [0, 0, 0], intraShare: 0, effectSd: 0 },
    factor: [new Float64Array(nYears).fill(1), new Float64Array(nYears).fill(1)],
    yearOpening: [new Float64Array(nYears), new Float64Array(nYears)],
    windowOpening: [new Float64Array(nWindows), new Float64Array(nWindows)],
    sums: new Float64Array(areas.length * width),
    logs: new Float64Array(areas.length * nYears),
  })

  /** What the opening brings a person of the stock; only where `timed` has the recurrence to run again. */
  function openings(to: State): void {
    const { row } = to.point
    const start = Math.max(first, row.inForce)
    const months = last - start + 1
    const aware = awareness(row.awareP, row.awareQ, row.awareInit, months)
    const seasons = Float64Array.from({ length: months }, (_, m) => season[monthOfYear(start + m) - 1])
    const unit = openingFlow(1, 1, row.lambda, row.permanent, aware, seasons, TURNOVER)
    for (const [o, conversion] of [row.conversion.province, row.conversion.otherProvince].entries()) {
      const [byYear, byWindow] = [to.yearOpening[o].fill(0), to.windowOpening[o].fill(0)]
      for (let m = 0; m < months; m++) byYear[years.indexOf(yearOf(start + m))] += unit[m] * conversion
      for (let w = 0; w < nWindows; w++)
        for (let m = Math.max(unique[w].from, start); m <= unique[w].to; m++)
          byWindow[w] += unit[m - start] * conversion
    }
  }

  /** Fill what belongs to the whole place, from the values of `to`. */
  function fillWhole(to: State): void {
    to.shared = fillPlace(to.values, to.point)
    const { trend, shock } = to.point.nuisance
    for (let y = 0; years[y] < BREAK_YEAR; y++)
      for (const o of [0, 1]) to.factor[o][y] = exp(trend[o] * (years[y] - BREAK_YEAR + 1) + shock[y])
  }

  function fillAll(z: Float64Array, to: State): void {
    for (let i = 0; i < z.length; i++) to.values[i] = priors.all[i].at(z[i])
    fillWhole(to)
    openings(to)
    for (const a of all) fillArea(to.values, priors.areaStart(a), a, to.shared, to.point)
  }

  /** Counts of one area in one year; what it adds to the whole place goes to `sums`. */
  function visitArea(from: State, a: number, y: number, sums: Float64Array, visit: Visit): void {
    const { row, nuisance } = from.point
    const offset = a * width
    const scale = exp(row.areas[a].effect)
    const [inProvince, fromOther] = [seen.stock[a * 2] * scale, seen.stock[a * 2 + 1] * scale]
    const size = nuisance.size[a]
    const flow = baseFlow(row, a, years[y], 0)
    const opened = inProvince * from.yearOpening[0][y]
    const openedOther = fromOther * from.yearOpening[1][y]
    const intra = flow[0] * from.factor[0][y]
    const province = flow[1] * from.factor[0][y]
    const other = flow[2] * from.factor[1][y]
    visit(yearCounts[a][y][0], intra + province + opened, size)
    visit(yearCounts[a][y][1], other + openedOther, size)
    sums[offset + y] = intra
    for (let w = 0; w < nWindows; w++) {
      if (windowYear[w] !== y) continue
      const opening = inProvince * from.windowOpening[0][w] + fromOther * from.windowOpening[1][w]
      const base = (intra + province + other) * seasonShare[w]
      const at = offset + nYears + 3 * w
      sums[at] = (province + other) * seasonShare[w] + opening
      sums[at + 1] = base
      sums[at + 2] = opening
      for (const part of parts)
        if (part.area === a && part.w === w) {
          const share = (base + opening) / (intra + province + other + opened + openedOther)
          visit(part.index, part.year * share, nuisance.sizeWindow)
        }
    }
  }

  const total = (sums: Float64Array, k: number): number => {
    let sum = 0
    for (let at = k; at < sums.length; at += width) sum += sums[at]
    return sum
  }

  /** Counts of the whole place, from what the areas add up to. */
  function visitPlace({ row, nuisance }: Point, sums: Float64Array, visit: Visit): void {
    for (let y = 0; y < nYears; y++) visit(outs[y], total(sums, y) + nuisance.outElsewhere, nuisance.sizeOut)
    for (const { index, w } of external) visit(index, total(sums, nYears + 3 * w), priors.sizeExternal)
    for (const { index, w, channel } of channels) {
      const base = total(sums, nYears + 3 * w + 1)
      const opening = total(sums, nYears + 3 * w + 2)
      const events = (of: 'kin' | 'purchase') =>
        row.eventOverDistrictIn * (nuisance.event[of] * base + nuisance.opening[of] * opening)
      const mean = channel === 'kin' ? events('kin') + row.doubleTag * events('purchase') : events('purchase')
      visit(index, mean, nuisance.sizeWindow)
    }
  }

  /** Shares must leave something for the rest; the base's split leans on that of the events. */
  function sharesLog({ row: { share }, nuisance: { event, opening } }: Point): number {
    if (
      share.kin + share.purchase + share.points > 0.98 ||
      event.kin + event.purchase > 1 ||
      opening.kin + opening.purchase > 1
    )
      return -Infinity
    const kin = ln(share.kin / event.kin) / SHARE_SD
    const purchase = ln(share.purchase / event.purchase) / SHARE_SD
    return -(kin * kin + purchase * purchase) / 2
  }

  let kept = state()
  let trial = state()
  let sum = 0
  let lastSize = NaN
  let lastGamma = NaN
  const likelihood: Visit = (index, mean, size) => {
    if (size !== lastSize) {
      lastSize = size
      lastGamma = gammaln(size)
    }
    sum += negbinLog(counts[index].observed, mean, size, factorials[index] + lastGamma)
  }
  const windowsFrom = Math.min(nYears, ...windowYear)
  const moves = blocks(priors, areas.length, years, windowsFrom)
  const timed = moves.map(({ coordinates }) => coordinates.some(i => i < PLACE.length && TIMED.has(PLACE[i])))
  const all = Array.from(areas.keys())

  return {
    counts,
    years,
    member,
    priors,
    dimension: priors.dimension,
    blocks: moves,
    point(z) {
      const own = state()
      fillAll(z, own)
      return own.point
    },
    expect(z, visit) {
      const own = state()
      fillAll(z, own)
      for (const a of all) for (let y = 0; y < nYears; y++) visitArea(own, a, y, own.sums, visit)
      visitPlace(own.point, own.sums, visit)
    },
    logDensity(z, block) {
      let log = 0
      for (let i = 0; i < z.length; i++) log -= (z[i] * z[i]) / 2
      const { coordinates, area, from, to, intra } = moves[block] ?? {
        coordinates: z.keys(),
        from: 0,
        to: nYears - 1,
      }
      trial.values.set(kept.values)
      for (const i of coordinates) trial.values[i] = priors.all[i].at(z[i])
      const state = area === undefined ? trial : kept
      if (area === undefined) {
        fillWhole(trial)
        if (block < 0 || timed[block]) openings(trial)
        else
          for (const o of [0, 1]) {
            trial.yearOpening[o].set(kept.yearOpening[o])
            trial.windowOpening[o].set(kept.windowOpening[o])
          }
      }
      log += sharesLog(state.point)
      if (log === -Infinity) return log
      trial.sums.set(kept.sums)
      trial.logs.set(kept.logs)
      for (const a of area === undefined ? (from > to ? [] : all) : [area]) {
        fillArea(trial.values, priors.areaStart(a), a, state.shared, state.point)
        for (let y = intra ? 0 : from; y <= to; y++) {
          sum = 0
          visitArea(state, a, y, trial.sums, y < from ? () => {} : likelihood)
          if (y >= from) trial.logs[a * nYears + y] = sum
        }
      }
      for (const part of trial.logs) log += part
      sum = 0
      visitPlace(state.point, trial.sums, likelihood)
      return Number.isNaN(log + sum) ? -Infinity : log + sum
    },
    keep(block) {
      if (moves[block]?.area === undefined) [kept, trial] = [trial, kept]
      else {
        kept.values.set(trial.values)
        kept.sums.set(trial.sums)
        kept.logs.set(trial.logs)
      }
    },
  }
}
