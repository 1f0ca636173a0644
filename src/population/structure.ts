/** What a population looks like: counts for people to read, at full size. */
import type { Month } from '../evidence/month.js'
import { COMPOSITIONS, compositionOf } from './composition.js'
import { ORIGINS, PLACE, PLACES, RELATION } from './population.js'
import type { Peopled } from './tables.js'

/** Ages of the pyramid: bands of five completed years, the last one open. */
export const AGE_BAND = 5
export const AGE_BANDS = 17

export interface Structure {
  /** Area ids. */
  areas: string[]
  /** Persons who live, or would live, here: [area][place]; without those left behind. */
  persons: number[][]
  /** Left behind by those here: spouses and children, by area. */
  leftBehind: { spouses: number; children: number }[]
  /** Households: [composition][place]. */
  households: number[][]
  /** Persons here at the start: [origin][sex][band]. */
  pyramid: number[][][]
  /** Households here by number of persons, from 1 on. */
  sizes: number[]
}

/** @param scale share of the households that was made: counts are divided by it */
export function structureOf({ areas, households, persons }: Peopled, from: Month, scale: number): Structure {
  const table = (rows: number, columns: number) =>
    Array.from({ length: rows }, () => new Array<number>(columns).fill(0))
  const structure: Structure = {
    areas,
    persons: table(areas.length, PLACES.length),
    leftBehind: areas.map(() => ({ spouses: 0, children: 0 })),
    households: table(COMPOSITIONS.length, PLACES.length),
    pyramid: ORIGINS.map(() => table(2, AGE_BANDS)),
    sizes: new Array<number>(Math.max(...COMPOSITIONS.map(({ size }) => size))).fill(0),
  }
  const each = 1 / scale
  for (let h = 0; h < households.count; h++) {
    const [area, place] = [households.area[h], households.place[h]]
    const [first, next] = [households.first[h], households.first[h + 1]]
    structure.households[compositionOf(persons, first, next)][place] += each
    let size = 0
    for (let p = first; p < next; p++) {
      if (persons.away[p]) {
        if (place === PLACE.here)
          structure.leftBehind[area][persons.relation[p] === RELATION.child ? 'children' : 'spouses'] += each
        continue
      }
      size++
      structure.persons[area][place] += each
      if (place !== PLACE.here) continue
      const age = Math.floor((from - 1 - persons.birth[p]) / 12)
      structure.pyramid[households.origin[h]][persons.sex[p]][
        Math.min(AGE_BANDS - 1, Math.floor(age / AGE_BAND))
      ] += each
    }
    if (place === PLACE.here) structure.sizes[size - 1] += each
  }
  return structure
}
