/**
 * How large the pools of those to come are: the greatest monthly numbers that a run may ask for, by area and origin.
 * They are headroom, not forecasts; a run takes who has u < rate / greatest.
 */
import { yearOf, type Horizon } from '../evidence/month.js'
import { valueOf, type Values } from '../evidence/parameter.js'
import type { Pack } from '../pack/pack.js'
import { ORIGIN, ORIGINS } from './population.js'
import { stockOver, type Stock } from './stock.js'

/** Greatest factor on the base arrivals: openness 1 at the end of the support of `mig.eta`; rivals only lower it. */
export function greatestArrivalFactor(pack: Pack): number {
  const eta = pack.parameters.find(({ id }) => id === 'mig.eta')
  return 1 + Math.max(0, eta?.support[1] ?? 0)
}

/**
 * Households a month (mean over a year), [area × ORIGINS]: the base, `pool.arrivalRate` of the stock a year, times
 * the greatest factor. The pool follows the season (`arrival_month`), so the share that comes does not.
 */
export function largestArrivals(pack: Pack, values: Values, stock: Stock): Float64Array {
  const rate = (valueOf(values, 'pool.arrivalRate') / 12) * greatestArrivalFactor(pack)
  return stockOver(stock, [0, 1], stock.fractional).map(households => households * rate)
}

/**
 * Persons a month, the same in every month, [area × ORIGINS]: `pool.ordinaryMax` times the yearbook's moves in, of the mean
 * year before the horizon or the greatest year within it. The yearbook does not part moves between areas of the
 * city from those within the province, so either may be all of them.
 */
export function largestOrdinary(pack: Pack, values: Values, horizon: Horizon): Float64Array {
  const factor = valueOf(values, 'pool.ordinaryMax') / 12
  const most = new Float64Array(pack.areas.length * ORIGINS.length)
  for (const [a, { id }] of pack.areas.entries()) {
    const rows = pack.yearbook.filter(({ area }) => area === id)
    const greatest = (field: 'inProvince' | 'inOtherProvinces') => {
      const before = rows.filter(({ year }) => year < yearOf(horizon.from)).map(row => row[field])
      const within = rows.filter(({ year }) => year >= yearOf(horizon.from)).map(row => row[field])
      const mean = before.reduce((sum, n) => sum + n, 0) / Math.max(1, before.length)
      return factor * Math.max(mean, ...within)
    }
    most[a * ORIGINS.length + ORIGIN.cityOtherArea] = greatest('inProvince')
    most[a * ORIGINS.length + ORIGIN.province] = greatest('inProvince')
    most[a * ORIGINS.length + ORIGIN.otherProvince] = greatest('inOtherProvinces')
  }
  return most
}
