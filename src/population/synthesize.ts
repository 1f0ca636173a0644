/**
 * Synthesis: whole households of whole persons, from margins. Who is here is raked and made whole (stock), picks age,
 * sex and schooling from tables raked to the margins (adults), and holds what its stay makes likely (standing);
 * those to come and those elsewhere are like them (roster, pools). All luck is keyed by household or person, and
 * membership of a scale is drawn before anything else, so a small scale is a part of every larger one.
 */
import { subKey, uniform, type SeedKey } from '../evidence/luck.js'
import { NEVER, type Horizon, type Month } from '../evidence/month.js'
import { valueOf, type Values } from '../evidence/parameter.js'
import type { Pack } from '../pack/pack.js'
import { makeAdults } from './adults.js'
import { column } from './column.js'
import { pick } from './distribution.js'
import { SYNTHESIS } from './draws.js'
import { fitReport } from './fit.js'
import { requireMargins } from './margin.js'
import { birthInBand, childrenAway, evenLuck, fillMembers, sizeOf } from './members.js'
import { largestArrivals, largestOrdinary } from './pools.js'
import { PLACE, RELATION, type HouseholdColumns, type PersonColumns, type Population } from './population.js'
import { eachHousehold, type Entry } from './roster.js'
import { arrivedIn, fillHousehold, fillPerson, makeStanding } from './standing.js'
import { makeStock, stockOver } from './stock.js'

/** The key of the population of a run, by the key of the run. */
export const populationKey = (run: SeedKey): SeedKey => subKey(run, 0x706f70)

/**
 * @param pack    with the margins of `REQUIRED` (margin.ts) and, for ordinary moves, a yearbook
 * @param values  `pop.*` and `pool.*` are read
 * @param key     of the population; one population a run
 * @param scale   in (0, 1]; households are kept with this probability
 * @returns the pool of the whole horizon, ascending by key, with its fit
 * @throws InputError `missing-margin`, `unknown-group`, `margins-disagree`, `no-seed-mass`, `pool-too-large`
 */
export function synthesize(
  pack: Pack,
  values: Values,
  horizon: Horizon,
  key: SeedKey,
  scale: number,
): Population {
  requireMargins(pack)
  const stock = makeStock(pack, values, key)
  const adults = makeAdults(pack, stockOver(stock, [2]))
  const even = evenLuck(key)
  const standing = makeStanding(pack, values, stock, adults, key, even, horizon.from)
  const two = valueOf(values, 'pop.secondLeftBehind')
  const headMale = valueOf(values, 'pop.headMale')
  const each = (visit: (entry: Entry) => void) =>
    eachHousehold(pack, values, horizon, key, scale, stock, visit)
  const awayOf = (entry: Entry) => (entry.place === PLACE.ordinary ? 0 : childrenAway(key, entry, two))

  // Counted first, so that columns have their length from the start.
  let householdCount = 0
  let personCount = 0
  each(entry => {
    householdCount++
    personCount += entry.place === PLACE.ordinary ? 1 : sizeOf(entry, awayOf(entry))
  })
  const households = householdColumns(householdCount)
  const persons = personColumns(personCount)

  let h = 0
  let row = 0
  each(entry => {
    const month: Month = entry.place === PLACE.here ? arrivedIn(standing, entry) : entry.month
    const away = awayOf(entry)
    households.key[h] = entry.key
    households.area[h] = entry.area
    households.origin[h] = entry.origin
    households.place[h] = entry.place
    households.month[h] = month
    households.u[h] = month !== NEVER ? uniform(key, entry.key, SYNTHESIS.arrive, 0) : 0
    households.first[h] = row
    let size = 1
    if (entry.place === PLACE.ordinary) {
      // Movers are as old as their margin says; their schooling is that of single persons of their age.
      const cell = pick(adults.mover, 0, uniform(key, entry.key, SYNTHESIS.profile, 0))
      const b = Math.floor(cell / 2)
      persons.key[row] = entry.key
      persons.relation[row] = RELATION.head
      persons.sex[row] = cell % 2
      persons.birth[row] = birthInBand(adults, b, month, uniform(key, entry.key, SYNTHESIS.age, 0))
      persons.education[row] = pick(adults.education, b, uniform(key, entry.key, SYNTHESIS.composition, 0))
    } else {
      size = sizeOf(entry, away)
      const anchor = entry.place === PLACE.arrival ? month : horizon.from
      fillMembers(persons, row, entry, away, anchor, adults, key, even, headMale)
    }
    for (let member = 0; member < size; member++) {
      persons.household[row + member] = h
      fillPerson(persons, row + member, row, member, entry, standing, month)
    }
    fillHousehold(households, persons, h, entry, standing)
    row += size
    h++
  })
  households.first[h] = row

  return {
    areas: pack.areas.map(({ id }) => id),
    households,
    persons,
    fit: fitReport(pack, households, persons, stock, adults, horizon, scale),
    scale,
    maxima: {
      arrivals: largestArrivals(pack, values, stock),
      ordinary: largestOrdinary(pack, values, horizon),
    },
  }
}

function householdColumns(count: number): HouseholdColumns {
  const bytes = () => column(Uint8Array, count)
  return {
    count,
    key: column(Uint32Array, count),
    area: bytes(),
    origin: bytes(),
    place: bytes(),
    month: column(Int16Array, count),
    u: column(Float64Array, count),
    first: column(Uint32Array, count + 1),
    tenure: bytes(),
    leaseFiled: bytes(),
    ownsNonResidential: bytes(),
    hasPremises: bytes(),
    kinHere: bytes(),
    permitSince: column(Int16Array, count),
    land: bytes(),
  }
}

function personColumns(count: number): PersonColumns {
  const bytes = () => column(Uint8Array, count)
  return {
    count,
    key: column(Uint32Array, count),
    household: column(Uint32Array, count),
    relation: bytes(),
    away: bytes(),
    sex: bytes(),
    birth: column(Int16Array, count),
    education: bytes(),
    skill: bytes(),
    title: bytes(),
    hukouKind: bytes(),
    work: bytes(),
    vocational: bytes(),
    employmentRegistered: bytes(),
    insuredSince: column(Int16Array, count),
    insuredBefore: column(Uint16Array, count),
  }
}
