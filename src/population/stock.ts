/**
 * The households that are here at the start: how many of each area, origin, composition, tenure and length of stay.
 * Persons by area and origin are given; their number and the mix of compositions give the households, which are raked
 * to tenure and stay and made whole.
 */
import type { SeedKey } from '../evidence/luck.js'
import { valueOf, type Values } from '../evidence/parameter.js'
import type { Pack } from '../pack/pack.js'
import { ORIGINS } from './population.js'
import { COMPOSITIONS } from './composition.js'
import { apportion, integerise } from './integerise.js'
import { groupsOf, target, weights } from './margin.js'
import { groupOfCells, rake, sumOver, type Raked } from './rake.js'

export interface Stock {
  /** [area, origin, composition, tenure, stay] */
  shape: number[]
  /** Whole households. */
  households: Float64Array
  /** The same before rounding. */
  fractional: Float64Array
  /** What was asked, after scaling: persons by area and origin, households by composition. */
  persons: Float64Array
  compositions: Float64Array
  fits: Raked[]
}

/** The mix of compositions: share of households. */
export function compositionShares(pack: Pack, values: Values): Float64Array {
  const together = valueOf(values, 'pop.together')
  const apart = target(pack, 'household.apart')
  return target(pack, 'household.together').map((share, c) => together * share + (1 - together) * apart[c])
}

export function makeStock(pack: Pack, values: Values, key: SeedKey): Stock {
  const areas = pack.areas.length
  const stays = groupsOf(pack, 'stay')
  const tenure = target(pack, 'tenure')
  const persons = target(pack, 'area', 'origin').map(n => Math.round(n * valueOf(values, 'pop.stockFactor')))
  const allPersons = persons.reduce((a, b) => a + b, 0)

  // Persons by area, origin and composition: so that a group's persons are met, whatever its mix of sizes.
  const mix = compositionShares(pack, values)
  const meanSize = mix.reduce((sum, share, c) => sum + share * COMPOSITIONS[c].size, 0)
  const compositions = mix.map(share => (allPersons / meanSize) * share)
  const byOrigin = weights(pack, 'origin', 'household')
  const first = rake(
    Float64Array.from({ length: persons.length * COMPOSITIONS.length }, (_, cell) => {
      const c = cell % COMPOSITIONS.length
      const origin = Math.floor(cell / COMPOSITIONS.length) % ORIGINS.length
      return mix[c] * COMPOSITIONS[c].size * byOrigin[origin * COMPOSITIONS.length + c]
    }),
    [areas, ORIGINS.length, COMPOSITIONS.length],
    [
      { name: 'area × origin', over: [0, 1], totals: persons },
      { name: 'household', over: [2], totals: compositions.map((n, c) => n * COMPOSITIONS[c].size) },
    ],
  )
  const groups = wholeGroups(first.counts, persons)

  const all = groups.reduce((a, b) => a + b, 0)
  const shape = [areas, ORIGINS.length, COMPOSITIONS.length, tenure.length, stays.length]
  const tenureWeights = weights(pack, 'household', 'tenure')
  const stayWeights = weights(pack, 'tenure', 'stay')
  const length = shape.reduce((a, b) => a * b, 1)
  const margins = [
    { name: 'area × origin × household', over: [0, 1, 2], totals: groups },
    { name: 'tenure', over: [3], totals: apportion(tenure, all) },
    { name: 'stay', over: [4], totals: apportion(target(pack, 'stay'), all) },
  ]
  const group = groupOfCells(shape, [0, 1, 2])
  const second = rake(
    Float64Array.from({ length }, (_, cell) => {
      const t = Math.floor(cell / stays.length) % tenure.length
      const c = Math.floor(cell / stays.length / tenure.length) % COMPOSITIONS.length
      const s = cell % stays.length
      // A group without households must not keep the others from their totals.
      return groups[group[cell]] > 0
        ? tenureWeights[c * tenure.length + t] * stayWeights[t * stays.length + s]
        : 0
    }),
    shape,
    margins,
  )
  const households = integerise(second.counts, shape, margins, key).counts
  return { shape, households, fractional: second.counts, persons, compositions, fits: [first, second] }
}

/** Whole households by group and composition with the persons of each group exact: single persons make up the rest. */
function wholeGroups(personsByCell: Float64Array, persons: Float64Array): Float64Array {
  const width = COMPOSITIONS.length
  const whole = new Float64Array(personsByCell.length)
  for (let g = 0; g < persons.length; g++) {
    let left = persons[g]
    for (let c = 1; c < width; c++) {
      whole[g * width + c] = Math.round(personsByCell[g * width + c] / COMPOSITIONS[c].size)
      left -= whole[g * width + c] * COMPOSITIONS[c].size
    }
    for (let c = 1; left < 0; c = c === width - 1 ? 1 : c + 1)
      if (whole[g * width + c] > 0) {
        whole[g * width + c]--
        left += COMPOSITIONS[c].size
      }
    whole[g * width] = left
  }
  return whole
}

/** Households of the stock by some of its dimensions, row-major. */
export function stockOver(stock: Stock, over: number[], table = stock.households): Float64Array {
  const length = over.reduce((n, d) => n * stock.shape[d], 1)
  return sumOver(table, groupOfCells(stock.shape, over), length)
}
