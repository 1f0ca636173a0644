/**
 * A population beside the records that its margins come from: how near it comes to them, and without the households
 * in which somebody equals a record that nobody shares.
 */
import type { FactDefinition } from '../policy/facts.js'
import { column } from './column.js'
import { closestRecords, type CodedColumn, type Distances } from './closestRecord.js'
import type { HouseholdColumns, PersonColumns, Population } from './population.js'
import { tablesOf } from './tables.js'
import type { Month } from '../evidence/month.js'

export interface Closeness {
  /** Facts that records and persons both have. */
  facts: string[]
  records: number
  /** Of persons to their closest record. */
  synthetic: Distances
  /** Of every other record to the closest of the rest: how near real persons come to one another. */
  among: Distances
  /** Persons who equal a record, which several share. */
  shared: number
  /** Households left out since somebody in them equals a record that nobody shares, and their persons. */
  leftOut: { households: number; persons: number }
}

/** Codes of records by fact. Unknown is NaN. */
export type RecordColumns = Map<string, ArrayLike<number>>

/**
 * @param from    month at which ages are told
 * @param records by fact; facts that persons of a population do not carry are passed over
 * @returns the population without copies, and how near it comes; undefined where no fact is common to both
 */
export function withoutCopies(
  population: Population,
  from: Month,
  facts: readonly FactDefinition[],
  records: RecordColumns,
): { population: Population; closeness: Closeness } | undefined {
  const known = personFacts(population, from)
  const common = facts.filter(({ name }) => known.has(name) && records.has(name))
  if (common.length === 0) return undefined
  const coded = (
    of: ReadonlyMap<string, ArrayLike<number>>,
    keep?: (row: number) => boolean,
  ): CodedColumn[] =>
    common.map(({ name, type }) => {
      const data = of.get(name)!
      return {
        name,
        kind: type.kind === 'number' || type.kind === 'ordered' ? 'ordered' : 'named',
        data: keep ? Array.from(data).filter((_, row) => keep(row)) : data,
      }
    })
  const { synthetic, copies, refused } = closestRecords(coded(known), coded(records))
  const even = (row: number) => row % 2 === 0
  const among = closestRecords(
    coded(records, row => !even(row)),
    coded(records, even),
  ).synthetic
  const { households, persons } = population
  const drop = new Uint8Array(households.count)
  for (const p of refused) drop[persons.household[p]] = 1
  const kept = keeping(population, drop)
  return {
    population: kept,
    closeness: {
      facts: common.map(({ name }) => name),
      records: records.get(common[0].name)!.length,
      synthetic,
      among,
      shared: copies - refused.length,
      leftOut: {
        households: households.count - kept.households.count,
        persons: persons.count - kept.persons.count,
      },
    },
  }
}

/** Facts of every person that the tables hold, those of the household too; codes as in rows of facts. */
function personFacts(population: Population, from: Month): Map<string, ArrayLike<number>> {
  const [persons, households] = ['persons', 'households'].map(name => {
    const { columns } = tablesOf(population, from).find(table => table.name === name)!
    return new Map(columns.map(({ name, data }) => [name, data]))
  })
  const { household } = population.persons
  const found = new Map(persons)
  for (const [name, data] of households)
    if (!found.has(name))
      found.set(
        name,
        Float32Array.from(household, h => data[h]),
      )
  return found
}

/** The households that are not dropped, with their persons. */
function keeping(population: Population, drop: Uint8Array): Population {
  const { households, persons } = population
  const rows = Array.from(drop.keys()).filter(h => !drop[h])
  const members = Array.from({ length: persons.count }, (_, p) => p).filter(p => !drop[persons.household[p]])
  const place = new Uint32Array(households.count)
  rows.forEach((h, at) => (place[h] = at))
  const first = column(Uint32Array, rows.length + 1)
  rows.forEach((h, at) => (first[at + 1] = first[at] + households.first[h + 1] - households.first[h]))
  return {
    ...population,
    households: { ...picked(households, rows), first },
    persons: {
      ...picked(persons, members),
      household: Uint32Array.from(members, p => place[persons.household[p]]),
    },
  }
}

function picked<Columns extends HouseholdColumns | PersonColumns>(columns: Columns, rows: number[]): Columns {
  const { count, ...arrays } = columns
  void count
  const taken = Object.entries(arrays).map(([name, data]) => {
    const from = data as Uint8Array
    const to = column(from.constructor as Uint8ArrayConstructor, rows.length)
    rows.forEach((row, at) => (to[at] = from[row]))
    return [name, to]
  })
  return { count: rows.length, ...(Object.fromEntries(taken) as object) } as Columns
}
