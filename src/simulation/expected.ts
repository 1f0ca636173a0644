/**
 * Expected flows by area and origin: the recurrence that calibration fits and that turns a calibrated row into
 * the rates of the simulation. One place for the formulas of model §2.4 and §7.
 */
import exp from '@stdlib/math-base-special-exp'
import pow from '@stdlib/math-base-special-pow'
import type { CalibratedRow } from './calibrated.js'

/**
 * Share of a group that knows of an opening, month by month since it took force (Bass, model §2.4, discrete):
 * A₀ = init, A₍ₘ₊₁₎ = Aₘ + (1 − Aₘ)(p + q·Aₘ).
 */
export function awareness(p: number, q: number, init: number, months: number): Float64Array {
  const aware = new Float64Array(months)
  aware[0] = init
  for (let m = 1; m < months; m++)
    aware[m] = aware[m - 1] + (1 - aware[m - 1]) * Math.min(1, p + q * aware[m - 1])
  return aware
}

/**
 * Registrations a month that an opening brings, in persons, with a stock that neither grows nor shrinks:
 * a permanent part φ·c·Aₘ·sₘ, and a part from a stock of ready persons R₀ = (1 − φ)·c/λ that applies with
 * hazard λ once aware, loses and gains by turnover: rₘ = Rₘ(1 − e^(−λ·Aₘ·sₘ)), R₍ₘ₊₁₎ = Rₘ − rₘ + ν(R₀ − Rₘ).
 * c = stock × yearly conversion / 12.
 *
 * @param season  multiplier of each month since the opening, mean 1 over a year
 * @param turnover ν, share of the stock replaced by new arrivals in a month
 * @returns persons a month, as long as `aware`
 */
export function openingFlow(
  stock: number,
  conversion: number,
  lambda: number,
  permanent: number,
  aware: Float64Array,
  season: Float64Array,
  turnover: number,
): Float64Array {
  const perMonth = (stock * conversion) / 12
  const ready0 = ((1 - permanent) * perMonth) / lambda
  const flow = new Float64Array(aware.length)
  let ready = ready0
  for (let m = 0; m < aware.length; m++) {
    const registered = ready * (1 - exp(-lambda * aware[m] * season[m]))
    flow[m] = permanent * perMonth * aware[m] * season[m] + registered
    ready += turnover * (ready0 - ready) - registered
  }
  return flow
}

/**
 * Base flow in persons a year, as yearbooks count it (moves into an area). The break of 2015 takes `breakLoss` of the
 * intra-city moves, of which `returned` comes back from 2017 on (model §0.5(c)). After 2017 the level of 2017 walks:
 * `walk(area, year)` is the log of the walk's sum so far, 0 where no future noise is wanted.
 *
 * @returns by origin (ORIGINS: city_other_area, province, other_province)
 */
export function baseFlow(
  row: CalibratedRow,
  area: number,
  year: number,
  walk: number,
): [number, number, number] {
  const { intra, province, otherProvince, deviation } = row.areas[area]
  const lost = year < 2015 ? 0 : year < 2017 ? row.breakLoss : row.breakLoss * (1 - row.returned)
  const level = year < 2015 ? 1 : exp(deviation[Math.min(year, 2017) - 2015] + walk)
  return [intra * (1 - lost) * level, province * level, otherProvince * level]
}

/** A yearly probability as a monthly one: 1 − (1 − r)^(1/12). */
export const monthly = (yearly: number): number => 1 - pow(1 - yearly, 1 / 12)
