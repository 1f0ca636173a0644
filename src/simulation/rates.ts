/**
 * From a calibrated row to what the simulation draws with. A row speaks of flows (persons a year); a household
 * applies with a hazard. The bridge is the population's own profile under the rule sets that the row was fitted to
 * (pack.reference): how many persons those who pass would bring. It is the same for every scenario, so that a
 * policy which admits more people brings more registrations, and never fewer of anyone.
 */
import type { Values } from '../evidence/parameter.js'
import { valueOf } from '../evidence/parameter.js'
import { monthOfYear, yearsOf, type Horizon, type Month } from '../evidence/month.js'
import exp from '@stdlib/math-base-special-exp'
import { ORIGIN } from '../population/population.js'
import type { CalibratedRow } from './calibrated.js'
import { baseFlow } from './expected.js'
import { BASE_CHANNELS, PLACES_OF_APPLICANTS, personsPerWeight, type Profile } from './profile.js'

/**
 * Greatest monthly hazards, whatever the row: through one base channel, and of the permanent part for one household.
 * The bound of the application process leans on them.
 */
export const BASE_CAP = 0.005
export const STEADY_CAP = 0.03
export const SEASON_CAP = 1.6

export interface Rates {
  horizon: Horizon
  /** Hazard a month through a base channel: [year][BASE_CHANNELS][place][area × 4 + origin]. */
  base: Float64Array
  /** Hazard through other channels, once known, per unit of willingness (the permanent part): [place][area × 4 + origin]. */
  steady: Float64Array
  /** Share of the willing who are ready: apply with `lambda` (the part that empties): [place][area × 4 + origin]. */
  ready: Float64Array
  lambda: number
  /** Ordinary movers a month, in persons: [year][area × 4 + origin]. */
  ordinary: Float64Array
  /** Multiplier of each calendar month, mean 1. */
  season: Float64Array
  /** Share of the expected opening flow that the caps kept out. */
  capped: number
}

/** Multipliers of the calendar months (index 0 = January), scaled to mean 1, at most SEASON_CAP. */
export function seasonOf(values: Values): Float64Array {
  const season = Float64Array.from({ length: 12 }, (_, i) =>
    valueOf(values, `apply.season.${String(i + 1).padStart(2, '0')}`),
  )
  const mean = season.reduce((a, b) => a + b, 0) / 12
  return season.map(s => Math.min(SEASON_CAP, s / mean))
}

export const seasonAt = (season: Float64Array, month: Month): number => season[monthOfYear(month) - 1]

/**
 * @param walk log of the future walk of the base flow, [area][year of the horizon]; 0 up to 2017 (process noise)
 * @param stock migrants living here at the horizon's start, persons: [area × 4 + origin]
 */
export function ratesOf(
  row: CalibratedRow,
  values: Values,
  reference: { before: Profile; after: Profile },
  stock: Float64Array,
  walk: (area: number, year: number) => number,
  horizon: Horizon,
): Rates {
  const years = yearsOf(horizon)
  const areas = row.areas.length
  const cells = areas * 4
  const places = PLACES_OF_APPLICANTS.length
  const shares = [row.share.kin, row.share.purchase, row.share.points]
  const base = new Float64Array(years.length * BASE_CHANNELS.length * places * cells)
  const ordinary = new Float64Array(years.length * cells)
  let asked = 0
  let kept = 0
  for (const [y, year] of years.entries())
    for (let a = 0; a < areas; a++) {
      const flows = baseFlow(row, a, year, walk(a, year))
      ordinary[y * cells + a * 4 + ORIGIN.cityOtherArea] = flows[0] / 12
      for (const o of [ORIGIN.province, ORIGIN.otherProvince]) {
        let throughChannels = 0
        for (const [c, channel] of BASE_CHANNELS.entries()) {
          const here = channel === 'points' ? 1 : valueOf(values, `presence.${channel}.alreadyHere`)
          for (let place = 0; place < places; place++) {
            const flow = (flows[o] / 12) * shares[c] * (place === 0 ? here : 1 - here)
            const weight = personsPerWeight(reference.before, { base: c, place }, a, o, values)
            const hazard = weight > 0 ? Math.min(BASE_CAP, flow / weight) : 0
            base[((y * BASE_CHANNELS.length + c) * places + place) * cells + a * 4 + o] = hazard
            throughChannels += hazard * weight
          }
        }
        // What the kin and buyers of the pool cannot supply comes as ordinary moves: the base flow stays whole.
        ordinary[y * cells + a * 4 + o] = flows[o] / 12 - throughChannels
      }
    }
  const steady = new Float64Array(places * cells)
  const ready = new Float64Array(places * cells)
  const elsewhere = valueOf(values, 'apply.openingElsewhere')
  for (let a = 0; a < areas; a++)
    for (const o of [ORIGIN.province, ORIGIN.otherProvince]) {
      const conversion = o === ORIGIN.province ? row.conversion.province : row.conversion.otherProvince
      const perMonth = (stock[a * 4 + o] * conversion * exp(row.areas[a].effect)) / 12
      for (let place = 0; place < places; place++) {
        const flow = perMonth * (place === 0 ? 1 - elsewhere : elsewhere)
        const weight = personsPerWeight(reference.after, { opened: true, place }, a, o, values)
        const at = place * cells + a * 4 + o
        if (weight > 0) {
          steady[at] = Math.min(STEADY_CAP, (row.permanent * flow) / weight)
          ready[at] = Math.min(1, ((1 - row.permanent) * flow) / (weight * row.lambda))
        }
        asked += flow
        kept += (steady[at] + ready[at] * row.lambda) * weight
      }
    }
  return {
    horizon,
    base,
    steady,
    ready,
    lambda: row.lambda,
    ordinary,
    season: seasonOf(values),
    capped: asked > 0 ? 1 - kept / asked : 0,
  }
}
