/**
 * The free quantities of the fit and what is believed of them before any count is seen.
 *
 * Every coordinate of a point z is standard normal a priori; a quantity is the quantile of its own distribution at Φ(z).
 * So bounds need no care, a Latin hypercube of z is one of the prior, and pack parameters bring their own distribution.
 * Quantities that a calibrated row carries are filled into it; the rest belong to the measurement (Nuisance).
 */
import exp from '@stdlib/math-base-special-exp'
import ln from '@stdlib/math-base-special-ln'
import { drawParameter, normalCdf, normalQuantile } from '../evidence/draw.js'
import type { Parameter } from '../evidence/parameter.js'
import { InputError } from '../reading/finding.js'
import type { CalibratedRow, Member } from '../simulation/calibrated.js'
import { BREAK_YEAR, type Observations } from './targets.js'

/** z → value; `log` where the value is judged on the line of logarithms. */
export interface Prior {
  name: string
  log: boolean
  at(z: number): number
}

const tiny = 1e-12
const phi = (z: number) => Math.min(1 - tiny, Math.max(tiny, normalCdf(z)))
const uniform = (name: string, low: number, high: number): Prior => ({
  name,
  log: false,
  at: z => low + (high - low) * phi(z),
})
const logNormal = (name: string, median: number, sd: number): Prior => ({
  name,
  log: true,
  at: z => median * exp(sd * z),
})
const normal = (name: string, mean: number, sd: number): Prior => ({
  name,
  log: false,
  at: z => mean + sd * z,
})

/** Whole-place quantities in the order of z; the names are those of the calibrated file where it has them. */
export const PLACE = [
  'conversion.province', 'conversion.otherProvince', 'lambda', 'permanent', 'returned', 'breakLoss',
  'inForce', 'awareP', 'awareQ', 'awareInit',
  'cityWalk', 'breakRest', 'cityStep2015', 'cityStep2016', 'cityStep2017', 'effectSd', 'intraShare', 'outElsewhere',
  'share.kin', 'share.purchase', 'share.points', 'eventOverDistrictIn', 'doubleTag',
  'event.kin', 'event.purchase', 'opening.kin', 'opening.purchase',
  'sizeOut', 'sizeWindow', 'trend.province', 'trend.otherProvince', 'yearShock',
] as const // prettier-ignore
type PlaceName = (typeof PLACE)[number]
export const at = (name: PlaceName): number => PLACE.indexOf(name)

/** Quantities of one area. */
export const AREA = [
  'effect',
  'level',
  'intraShare',
  'otherProvince',
  'step2015',
  'step2016',
  'step2017',
  'walk',
  'size',
] as const
type AreaName = (typeof AREA)[number]

/** sd of an area's logit of the intra-city share around the city's. */
export const INTRA_SD = 0.6

/** What the measurement needs beside the calibrated row. */
export interface Nuisance {
  /** Moves out to places of the province outside the city, persons a year. */
  outElsewhere: number
  /** Shares of all base events (those inside the city too) that are kin and purchase; of the opening's likewise. */
  event: { kin: number; purchase: number }
  opening: { kin: number; purchase: number }
  /** Sizes of the negative binomial: by area, of the out-moves, of counts within a year. */
  size: Float64Array
  sizeOut: number
  sizeWindow: number
  /** Growth a year of each origin's base up to the break (log), and the years' shared shocks before it (log). */
  trend: [number, number]
  shock: Float64Array
}

export interface Point {
  row: CalibratedRow
  nuisance: Nuisance
}

export interface Priors {
  /** One a coordinate: the place's (PLACE), the shocks, then each area's (AREA). */
  all: Prior[]
  /** Years before the break, each with a shared shock. */
  shocks: number
  dimension: number
  /** Size of a count of the whole place on the basis external: two ways of counting differ by `bases.districtOverExternal`. */
  sizeExternal: number
  /** Index of an area's first coordinate; shocks come after the place's, areas after the shocks. */
  areaStart(area: number): number
}

/** Quantities whose prior is a parameter of the pack. */
const FROM_PACK: Partial<Record<PlaceName | AreaName, string>> = {
  'conversion.province': 'apply.conversion.province',
  'conversion.otherProvince': 'apply.conversion.otherProvince',
  lambda: 'apply.lambdaWilling',
  permanent: 'reform.permanent',
  returned: 'moves.return',
  breakLoss: 'moves.break',
  inForce: 'reform.inForce',
  awareP: 'aware.pc',
  awareQ: 'aware.q',
  awareInit: 'aware.init',
  cityWalk: 'moves.walkCity',
  breakRest: 'moves.breakRest',
  effectSd: 'reform.areaSd',
  'share.kin': 'apply.share.kin',
  'share.purchase': 'apply.share.purchase',
  'share.points': 'apply.share.points',
  eventOverDistrictIn: 'bases.eventOverDistrictIn',
  doubleTag: 'bases.doubleTag',
  yearShock: 'moves.yearShock',
  sizeOut: 'moves.size',
  sizeWindow: 'moves.size',
  walk: 'moves.walkArea',
  size: 'moves.size',
}

/**
 * @param parameters the pack's
 * @throws InputError `missing-parameter`, all of them at once
 */
export function priors(seen: Observations, parameters: readonly Parameter[]): Priors {
  const before = seen.years.filter(year => year < BREAK_YEAR)
  const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length
  const out = mean(before.map((_, y) => seen.outProvince[y]))
  const missing = new Set<string>()
  const prior = (name: PlaceName | AreaName): Prior => {
    const id = FROM_PACK[name] ?? name
    const parameter = parameters.find(p => p.id === id)
    if (!parameter) {
      missing.add(id)
      return normal(name, 0, 1)
    }
    const log = parameter.dist === 'lognormal' || parameter.dist === 'loguniform'
    return { name, log, at: z => drawParameter(parameter, phi(z)) }
  }
  const own: Partial<Record<PlaceName, Prior>> = {
    cityStep2015: normal('cityStep2015', 0, 1),
    cityStep2016: normal('cityStep2016', 0, 1),
    cityStep2017: normal('cityStep2017', 0, 1),
    intraShare: normal('intraShare', 0.4, 1),
    outElsewhere: logNormal('outElsewhere', out / 2, 0.7),
    'event.kin': uniform('event.kin', 0.05, 0.8),
    'event.purchase': uniform('event.purchase', 0.05, 0.8),
    'opening.kin': uniform('opening.kin', 0, 0.8),
    'opening.purchase': uniform('opening.purchase', 0, 0.8),
    'trend.province': normal('trend.province', 0, 0.05),
    'trend.otherProvince': normal('trend.otherProvince', 0, 0.05),
  }
  const place = PLACE.map(name => own[name] ?? prior(name))
  const [walk, size] = [prior('walk'), prior('size')]
  const ratio = parameters.find(p => p.id === 'bases.districtOverExternal')
  if (!ratio) missing.add('bases.districtOverExternal')
  if (missing.size > 0)
    throw new InputError(
      [...missing].map(id => ({
        severity: 'error',
        code: 'missing-parameter',
        message: {
          zh: `数据包缺少校准所需的参数“${id}”`,
          en: `The pack lacks the parameter ${id}, which calibration needs`,
        },
      })),
    )
  const area = seen.areas.flatMap((_, a) => {
    const level = (origin: number) =>
      Math.max(1, mean(before.map((_, y) => seen.moves[(a * seen.years.length + y) * 2 + origin])))
    return [
      normal('effect', 0, 1),
      logNormal('level', level(0), 1), // weak: a factor e around what the yearbook shows
      normal('intraShare', 0, INTRA_SD),
      logNormal('otherProvince', level(1), 1),
      normal('step2015', 0, 1),
      normal('step2016', 0, 1),
      normal('step2017', 0, 1),
      walk,
      size,
    ]
  })
  const all = [...place, ...before.map(year => normal(`shock${year}`, 0, 1)), ...area]
  const start = PLACE.length + before.length
  // The variance of the log of the ratio is about 1 / size.
  const [low, high] = ratio!.interval90
  const sd = ln(high / low) / (2 * normalQuantile(0.95))
  return {
    all,
    sizeExternal: 1 / (sd * sd),
    shocks: before.length,
    dimension: all.length,
    areaStart: a => start + a * AREA.length,
  }
}

/** A point to be filled again and again. */
export function emptyPoint(member: Member, seen: Observations): Point {
  return {
    row: {
      member,
      conversion: { province: 0, otherProvince: 0 },
      lambda: 0, permanent: 0, returned: 0, breakLoss: 0, inForce: 0, awareP: 0, awareQ: 0, awareInit: 0, cityWalk: 0,
      share: { kin: 0, purchase: 0, points: 0 },
      eventOverDistrictIn: 0, doubleTag: 0,
      areas: seen.areas.map(() => ({ effect: 0, intra: 0, province: 0, otherProvince: 0, deviation: [0, 0, 0], walk: 0 })),
    }, // prettier-ignore
    nuisance: {
      outElsewhere: 0,
      event: { kin: 0, purchase: 0 },
      opening: { kin: 0, purchase: 0 },
      size: new Float64Array(seen.areas.length),
      sizeOut: 0,
      sizeWindow: 0,
      trend: [0, 0],
      shock: new Float64Array(seen.years.filter(year => year < BREAK_YEAR).length),
    },
  }
}

/** Values of the whole place that areas lean on, kept between calls of `fillArea`. */
export interface Shared {
  deviation: [number, number, number]
  intraShare: number
  effectSd: number
}

/** Fill what belongs to the whole place from values in the order of `Priors.all`; the member fixes what it denies (permanent, decaying: ρ = 0; return only: no reform). */
export function fillPlace(values: Float64Array, point: Point): Shared {
  const value = (name: PlaceName) => values[at(name)]
  const { row, nuisance } = point
  const reform = row.member !== 'return_only'
  row.conversion.province = reform ? value('conversion.province') : 0
  row.conversion.otherProvince = reform ? value('conversion.otherProvince') : 0
  row.lambda = value('lambda')
  row.permanent = row.member === 'permanent' ? 1 : row.member === 'decaying' ? 0 : value('permanent')
  row.returned = row.member === 'permanent' || row.member === 'decaying' ? 0 : value('returned')
  row.breakLoss = value('breakLoss')
  row.inForce = value('inForce')
  row.awareP = value('awareP')
  row.awareQ = value('awareQ')
  row.awareInit = value('awareInit')
  row.cityWalk = value('cityWalk')
  row.share.kin = value('share.kin')
  row.share.purchase = value('share.purchase')
  row.share.points = value('share.points')
  row.eventOverDistrictIn = value('eventOverDistrictIn')
  row.doubleTag = value('doubleTag')
  nuisance.outElsewhere = value('outElsewhere')
  nuisance.event.kin = value('event.kin')
  nuisance.event.purchase = value('event.purchase')
  nuisance.opening.kin = value('opening.kin')
  nuisance.opening.purchase = value('opening.purchase')
  nuisance.sizeOut = value('sizeOut')
  nuisance.sizeWindow = value('sizeWindow')
  nuisance.trend[0] = value('trend.province')
  nuisance.trend[1] = value('trend.otherProvince')
  const shock = value('yearShock')
  for (let y = 0; y < nuisance.shock.length; y++) nuisance.shock[y] = shock * values[PLACE.length + y]
  const d2015 = value('breakRest') + row.cityWalk * value('cityStep2015')
  const d2016 = d2015 + row.cityWalk * value('cityStep2016')
  return {
    deviation: [d2015, d2016, d2016 + row.cityWalk * value('cityStep2017')],
    intraShare: value('intraShare'),
    effectSd: value('effectSd'),
  }
}

/** Fill one area, whose values begin at `start`. */
export function fillArea(
  values: Float64Array,
  start: number,
  a: number,
  shared: Shared,
  { row, nuisance }: Point,
): void {
  const area = row.areas[a]
  area.effect = shared.effectSd * values[start]
  const level = values[start + 1]
  const intra = 1 / (1 + exp(-shared.intraShare - values[start + 2]))
  area.intra = level * intra
  area.province = level * (1 - intra)
  area.otherProvince = values[start + 3]
  area.walk = values[start + 7]
  let own = 0
  for (let step = 0; step < 3; step++) {
    own += area.walk * values[start + 4 + step]
    area.deviation[step] = shared.deviation[step] + own
  }
  nuisance.size[a] = values[start + 8]
}
