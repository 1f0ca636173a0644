/**
 * The list of households before they have members: key, cell, composition, tenure, month. A key is made of place,
 * area, origin and number within them, so that a longer horizon or a larger pool adds keys and renames nobody:
 * 2 bits place, 6 block and area, 2 origin, 19 number, 3 member (a person's key is the household's plus the place in
 * it). Numbers beyond 19 bits go on in further blocks: of k areas, area a of block b has the 6 bits a + b × k.
 */
import { uniform, type SeedKey } from '../evidence/luck.js'
import { NEVER, type Horizon, type Month } from '../evidence/month.js'
import { monthOfYear } from '../evidence/month.js'
import { valueOf, type Values } from '../evidence/parameter.js'
import type { Pack } from '../pack/pack.js'
import { InputError } from '../reading/finding.js'
import { compositionShares, stockOver, type Stock } from './stock.js'
import { COMPOSITIONS } from './composition.js'
import { distributions, pick } from './distribution.js'
import { SYNTHESIS } from './draws.js'
import { groupsOf, target } from './margin.js'
import { largestArrivals, largestOrdinary } from './pools.js'
import { ORIGINS, PLACE } from './population.js'

export const MEMBERS = 8
const NUMBERS = 2 ** 19
const AREAS = 64

/** Place in a pack's lists; composition and stay are 0 where they mean nothing. */
export interface Entry {
  key: number
  area: number
  origin: number
  place: number
  composition: number
  tenure: number
  /** Index of the stay band; households here only. */
  stay: number
  /** NEVER where not known yet (here) or never (elsewhere). */
  month: Month
  /** 1 where it has registered kin here whatever the draw says. */
  kin: number
  /** Running number among the households here of that composition, at full scale. */
  ordinal: number
}

/** @throws InputError `pool-too-large` */
function keyOf(place: number, area: number, origin: number, number: number, areas: number): number {
  const block = Math.floor(number / NUMBERS)
  const blocks = Math.floor(AREAS / areas)
  if (block >= blocks)
    throw new InputError([
      {
        severity: 'error',
        code: 'pool-too-large',
        message: {
          zh: `一个地区、一种来源的家庭最多 ${blocks * NUMBERS} 户（共 ${areas} 个地区，最多 ${AREAS} 个）`,
          en: `At most ${blocks * NUMBERS} households of one area and origin, with ${areas} areas (of at most ${AREAS})`,
        },
        fix: {
          zh: '请把地区分得更细，或缩小 pop.stockFactor、pool.*',
          en: 'Split the area, or lower pop.stockFactor or pool.*',
        },
      },
    ])
  return (
    ((((place * AREAS + area + block * areas) * ORIGINS.length + origin) * NUMBERS + (number % NUMBERS)) *
      MEMBERS) >>>
    0
  )
}

/** Whether a household of this key is kept at this scale: who is kept at a scale is kept at every larger one. */
export const kept = (key: SeedKey, household: number, scale: number): boolean =>
  scale >= 1 || uniform(key, household, SYNTHESIS.keep, 0) < scale

/** Visit every kept household once, by ascending key. `entry` is the same object each time. */
export function eachHousehold(
  pack: Pack,
  values: Values,
  horizon: Horizon,
  key: SeedKey,
  scale: number,
  stock: Stock,
  visit: (entry: Entry) => void,
): void {
  const entry: Entry = {
    key: 0, area: 0, origin: 0, place: 0, composition: 0, tenure: 0, stay: 0, month: NEVER, kin: 0, ordinal: 0,
  } // prettier-ignore
  const groups = pack.areas.length * ORIGINS.length
  const [, , compositions, tenures, stays] = stock.shape
  let block = 0
  let further = false
  /** Whether a household is of the block that is being visited, and kept. */
  const offer = (number: number): boolean => {
    const of = Math.floor(number / NUMBERS)
    if (of > block) further = true
    if (of !== block) return false
    entry.key = keyOf(entry.place, entry.area, entry.origin, number, pack.areas.length)
    return kept(key, entry.key, scale)
  }
  /** All groups of a place, block by block, which is the order of their keys. */
  const eachGroup = (place: number, fill: (group: number) => void) => {
    entry.place = place
    block = 0
    do {
      further = false
      for (let group = 0; group < groups; group++) {
        entry.area = Math.floor(group / ORIGINS.length)
        entry.origin = group % ORIGINS.length
        fill(group)
      }
      block++
    } while (further)
  }

  const ordinals = new Float64Array(compositions)
  eachGroup(PLACE.here, group => {
    if (group === 0) ordinals.fill(0)
    let number = 0
    for (let inner = 0; inner < compositions * tenures * stays; inner++) {
      const count = stock.households[group * compositions * tenures * stays + inner]
      entry.stay = inner % stays
      entry.tenure = Math.floor(inner / stays) % tenures
      entry.composition = Math.floor(inner / stays / tenures)
      for (let i = 0; i < count; i++) {
        entry.ordinal = ordinals[entry.composition]++
        if (offer(number++)) visit(entry)
      }
    }
  })

  // Who arrives is like those who came in the last year.
  const recent = distributions(newest(stock), compositions * tenures)
  const arrivals = largestArrivals(pack, values, stock)
  const season = target(pack, 'arrival_month')
  entry.stay = 0
  eachGroup(PLACE.arrival, group => {
    const each = (number: number, month: Month) => {
      if (!offer(number)) return
      const cell = pick(recent, group, uniform(key, entry.key, SYNTHESIS.composition, 0))
      entry.composition = Math.floor(cell / tenures)
      entry.tenure = cell % tenures
      entry.month = month
      visit(entry)
    }
    monthly(horizon, month => arrivals[group] * 12 * season[monthOfYear(month) - 1], each)
  })

  // Elsewhere live whole families, or persons alone.
  const whole = distributions(
    compositionShares(pack, values).map((share, c) => (COMPOSITIONS[c].childrenAway ? 0 : share)),
    compositions,
  )
  const byTenure = stockOver(stock, [0, 1, 3])
  const [own, kinHousing] = ['own', 'kin_housing'].map(name => groupsOf(pack, 'tenure').indexOf(name))
  const [perKin, perOwner, kinHere] = ['pool.elsewhere.kin', 'pool.elsewhere.purchase', 'pop.kinHere'].map(
    id => valueOf(values, id),
  )
  entry.month = NEVER
  eachGroup(PLACE.elsewhere, group => {
    let here = 0
    for (let t = 0; t < tenures; t++) here += byTenure[group * tenures + t]
    const counts = [perKin * kinHere * here, perOwner * byTenure[group * tenures + own]].map(Math.round)
    // Even numbers have kin, odd ones have bought: either pool may grow without renaming the other.
    for (let number = 0; number < 2 * Math.max(...counts); number++) {
      const bought = number % 2
      if (number >= 2 * counts[bought] || !offer(number)) continue
      entry.composition = pick(whole, 0, uniform(key, entry.key, SYNTHESIS.composition, 0))
      entry.tenure = bought ? own : kinHousing
      entry.kin = 1 - bought
      visit(entry)
    }
  })
  entry.kin = 0

  const ordinary = largestOrdinary(pack, values, horizon)
  entry.composition = 0
  entry.tenure = groupsOf(pack, 'tenure').indexOf('rent')
  eachGroup(PLACE.ordinary, group => {
    monthly(
      horizon,
      () => ordinary[group],
      (number, month) => {
        if (!offer(number)) return
        entry.month = month
        visit(entry)
      },
    )
  })
}

/** Whole members of a pool, month by month, whose running sum stays within one half of the expected. */
function monthly(
  horizon: Horizon,
  rate: (month: Month) => number,
  each: (number: number, month: Month) => void,
) {
  let expected = 0
  let number = 0
  for (let month = horizon.from; month <= horizon.to; month++) {
    expected += rate(month)
    for (const until = Math.round(expected); number < until; number++) each(number, month)
  }
}

/** [area, origin, composition, tenure] of those who came last, before rounding. */
function newest({ fractional, shape }: Stock): Float64Array {
  const stays = shape[4]
  return Float64Array.from({ length: fractional.length / stays }, (_, cell) => fractional[cell * stays])
}
