/** Which coordinates of the fit are proposed together. Only the speed of the sampler hangs on it, never the answer. */
import ln from '@stdlib/math-base-special-ln'
import { AREA, at, INTRA_SD, PLACE, type Priors } from './priors.js'
import type { Block } from './sampler.js'
import { BREAK_YEAR, FIRST_REFORM_YEAR } from './targets.js'

/** A block and the counts of areas that it touches. */
export type YearBlock = Block & {
  /** One area only; all where it is not given. */
  area?: number
  /** Years by index; none where `from` > `to`. */
  from: number
  to: number
  /** The moves within the city change in every year, though the counts before `from` do not feel it. */
  intra?: true
}

/**
 * What moves together: each area; groups of the whole place that lean on one another; and lines along which a value of the
 * place and those of its areas make up for each other, so that the counts hardly feel it.
 *
 * @param windowsFrom index of the first year with counts of a part of it
 */
export function blocks(
  priors: Priors,
  areas: number,
  years: readonly number[],
  windowsFrom: number,
): YearBlock[] {
  const end = years.length - 1
  /** Where no count of an area changes. */
  const none = end + 1
  const [broken, reform] = [years.indexOf(BREAK_YEAR), years.indexOf(FIRST_REFORM_YEAR)]
  const group = (from: number, to: number, ...names: (typeof PLACE)[number][]): YearBlock => ({
    coordinates: names.map(at),
    from,
    to,
  })
  const inAreas = (name: (typeof AREA)[number]) =>
    Array.from({ length: areas }, (_, a) => priors.areaStart(a) + AREA.indexOf(name))
  const shocks = Array.from({ length: priors.shocks }, (_, y) => PLACE.length + y)
  const value = (z: Float64Array, name: (typeof PLACE)[number]) => priors.all[at(name)].at(z[at(name)])
  const walks = (z: Float64Array) => inAreas('walk').map(i => priors.all[i].at(z[i]))
  const along = (from: number, coordinates: number[], way: Block['way']): YearBlock => ({
    coordinates,
    way,
    from,
    to: end,
  })
  /** A straight way; the weights hang on coordinates that do not move along it. */
  const straight = (from: number, coordinates: number[], weights: (z: Float64Array) => number[]) =>
    along(from, coordinates, (z, trial, by) => {
      const weight = weights(z)
      for (const [i, c] of coordinates.entries()) trial[c] = z[c] + by * weight[i]
      return 0
    })
  /** A scale and what it scales: their products stay. */
  const scaling = (name: (typeof PLACE)[number], scaled: number[]) =>
    along(none, [at(name), ...scaled], (z, trial, by) => {
      trial[at(name)] = z[at(name)] + by
      const ratio = value(z, name) / value(trial, name)
      for (const c of scaled) trial[c] = z[c] * ratio
      return scaled.length * ln(ratio)
    })
  const opposite = (coordinates: number[], weight: number) => coordinates.map(() => -weight)
  const citySteps = ([2015, 2016, 2017] as const).map(year => ({
    city: at(`cityStep${year}`),
    own: inAreas(`step${year}`),
  }))
  /** The moves within the city change in every year, though no count before `from` feels it. */
  const within = (block: YearBlock): YearBlock => ({ ...block, intra: true })
  const timing = group(reform, end, 'inForce', 'awareP', 'awareQ', 'awareInit', 'lambda', 'permanent')
  return [
    ...Array.from({ length: areas }, (_, a): YearBlock => ({
      area: a,
      coordinates: AREA.map((_, i) => priors.areaStart(a) + i),
      from: 0,
      to: end,
    })),
    ...Array.from({ length: areas }, (_, a): YearBlock => ({
      area: a,
      coordinates: RECENT.map(name => priors.areaStart(a) + AREA.indexOf(name)),
      from: broken,
      to: end,
    })),
    ...inAreas('size').map((size, a): YearBlock => ({ area: a, coordinates: [size], from: 0, to: end })),
    group(
      reform,
      end,
      'conversion.province',
      'conversion.otherProvince',
      'lambda',
      'permanent',
      'inForce',
      'awareP',
      'awareQ',
      'awareInit',
      'effectSd',
      'cityStep2017',
    ),
    timing,
    within(
      group(
        broken,
        end,
        'returned',
        'breakLoss',
        'intraShare',
        'outElsewhere',
        'conversion.province',
        'conversion.otherProvince',
        'cityWalk',
        'breakRest',
        'cityStep2015',
        'cityStep2016',
        'cityStep2017',
      ),
    ),
    group(
      broken,
      end,
      'returned',
      'breakLoss',
      'conversion.province',
      'conversion.otherProvince',
      'cityWalk',
      'breakRest',
      'cityStep2015',
      'cityStep2016',
      'cityStep2017',
    ),
    group(
      0,
      -1,
      'share.kin',
      'share.purchase',
      'share.points',
      'eventOverDistrictIn',
      'doubleTag',
      'event.kin',
      'event.purchase',
      'opening.kin',
      'opening.purchase',
    ),
    within(group(broken, end, 'returned', 'breakLoss', 'intraShare', 'outElsewhere')),
    group(reform, end, 'conversion.province', 'conversion.otherProvince', 'effectSd', 'cityStep2017'),
    group(windowsFrom, end, 'sizeOut', 'sizeWindow'),
    {
      coordinates: [
        ...['trend.province', 'trend.otherProvince', 'yearShock'].map(name => at(name as 'yearShock')),
        ...shocks,
      ],
      from: 0,
      to: broken - 1,
    },
    ...citySteps.map(({ city, own }) =>
      straight(none, [city, ...own], z => [1, ...walks(z).map(walk => -value(z, 'cityWalk') / walk)]),
    ),
    straight(none, [at('intraShare'), ...inAreas('intraShare')], () => [
      1,
      ...opposite(inAreas('intraShare'), 1 / INTRA_SD),
    ]),
    straight(reform, [at('conversion.province'), at('conversion.otherProvince'), ...inAreas('effect')], z => [
      1,
      1,
      ...opposite(inAreas('effect'), CONVERSION_SD / value(z, 'effectSd')),
    ]),
    straight(none, [...inAreas('level'), ...inAreas('otherProvince'), at('cityStep2015'), ...shocks], z => [
      ...opposite([...inAreas('level'), ...inAreas('otherProvince')], -1),
      -1 / value(z, 'cityWalk'),
      ...opposite(shocks, 1 / value(z, 'yearShock')),
    ]),
    straight(0, [at('trend.province'), ...inAreas('level')], () => [1, ...opposite(inAreas('level'), -TILT)]),
    straight(0, [at('trend.otherProvince'), ...inAreas('otherProvince')], () => [
      1,
      ...opposite(inAreas('level'), -TILT),
    ]),
    along(none, [at('breakRest'), at('cityStep2015')], (z, trial, by) => {
      trial[at('breakRest')] = z[at('breakRest')] + by
      const shift = value(trial, 'breakRest') - value(z, 'breakRest')
      trial[at('cityStep2015')] = z[at('cityStep2015')] - shift / value(z, 'cityWalk')
      return 0
    }),
    scaling('effectSd', inAreas('effect')),
    scaling('yearShock', shocks),
    scaling(
      'cityWalk',
      citySteps.map(({ city }) => city),
    ),
  ]
}

/** What the opening's flow hangs on. */
export const TIMED: ReadonlySet<string> = new Set([
  'conversion.province',
  'conversion.otherProvince',
  'lambda',
  'permanent',
  'inForce',
  'awareP',
  'awareQ',
  'awareInit',
])

/** What an area's last years hang on. */
const RECENT = ['effect', 'step2015', 'step2016', 'step2017', 'walk'] as const

/** About the sd of the log of a conversion a priori: only a line's slope hangs on it, never the answer. */
const CONVERSION_SD = 0.6
/** A trend tilts the years around their middle: three years at .05 a year. */
const TILT = 0.15
