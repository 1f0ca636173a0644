/** The state of a run: columns beside the population's own, changed month by month; no object for a person. */
import { NEVER, type Month } from '../evidence/month.js'
import { OWN_TENURE } from '../policy/facts.js'
import { applicantRows, PLACE, type Population } from '../population/population.js'
import type { InsuredMonths } from './insured.js'

export const STATUS = { notYet: 0, here: 1, elsewhere: 2, waiting: 3, registered: 4, gone: 5 } as const

export interface World {
  population: Population
  /** Rows of households that have a state at all: ordinary movers only move. */
  applicants: number
  /** By household: persons of it who live with the head; fixed. */
  size: Uint8Array
  status: Uint8Array
  /** Month in which the stay began. */
  arrived: Int16Array
  /** Month in which a home is bought, a lease put on file, a permit taken out; NEVER. What holds at entry lies at or before it. */
  boughtIn: Int16Array
  leaseSince: Int16Array
  permitSince: Int16Array
  /** Of the head: */
  insuredSince: Int16Array
  insuredBefore: Uint16Array
  /** Where a law counts months within a window (insured.ts). */
  insuredMonths?: InsuredMonths
  /** Month since which the household knows of the newest opening. */
  awareSince: Int16Array
  registeredIn: Int16Array
  /** Channel (index into the run's list), 255 none. */
  channel: Uint8Array
  /** By person: 1 registered. */
  registered: Uint8Array
}

export function newWorld(population: Population): World {
  const count = applicantRows(population)
  return {
    population,
    applicants: count,
    size: sizes(population, count),
    status: new Uint8Array(count),
    arrived: new Int16Array(count),
    boughtIn: new Int16Array(count),
    leaseSince: new Int16Array(count),
    permitSince: new Int16Array(count),
    insuredSince: new Int16Array(count),
    insuredBefore: new Uint16Array(count),
    awareSince: new Int16Array(count),
    registeredIn: new Int16Array(count),
    channel: new Uint8Array(count),
    registered: new Uint8Array(population.households.first[count]),
  }
}

function sizes({ households, persons }: Population, count: number): Uint8Array {
  const size = new Uint8Array(count)
  for (let h = 0; h < count; h++)
    for (let p = households.first[h]; p < households.first[h + 1]; p++) if (!persons.away[p]) size[h]++
  return size
}

/** Back to the horizon's first month, so that a worker uses one set of columns for all its replicates. */
export function reset(world: World): void {
  const { households, persons } = world.population
  world.boughtIn.fill(NEVER)
  world.permitSince.set(households.permitSince.subarray(0, world.applicants))
  world.awareSince.fill(NEVER)
  world.registeredIn.fill(NEVER)
  world.channel.fill(255)
  world.registered.fill(0)
  for (let h = 0; h < world.applicants; h++) {
    const place = households.place[h]
    const head = households.first[h]
    world.status[h] =
      place === PLACE.here ? STATUS.here : place === PLACE.elsewhere ? STATUS.elsewhere : STATUS.notYet
    world.arrived[h] = place === PLACE.here ? households.month[h] : NEVER
    // Since when a lease is on file is not recorded, only that it is.
    world.leaseSince[h] = households.leaseFiled[h] ? households.month[h] : NEVER
    world.insuredSince[h] = persons.insuredSince[head]
    world.insuredBefore[h] = persons.insuredBefore[head]
  }
}

/** Lives in the city without registration, in line for a round of points or not. */
export const livesHere = ({ status, population }: World, h: number): boolean =>
  status[h] === STATUS.here ||
  (status[h] === STATUS.waiting && population.households.place[h] !== PLACE.elsewhere)

/** A future arrival settles: what it holds at entry is as of this month. */
export function settle(world: World, household: number, month: Month): void {
  world.status[household] = STATUS.here
  world.arrived[household] = month
}

/** Tenure in a month: what it was at entry, or own since a home was bought. */
export const tenureIn = ({ population, boughtIn }: World, h: number, month: Month): number =>
  boughtIn[h] <= month ? OWN_TENURE : population.households.tenure[h]
