/**
 * A population as two tables that any program can read, persons and households: facts' names, words of values, months
 * as months. `populationOf` is the way back, to the same columns byte for byte.
 */
import type { Month } from '../evidence/month.js'
import { CORE_FACTS } from '../policy/facts.js'
import { column } from './column.js'
import { COMPOSITION_NAMES, compositionOf } from './composition.js'
import {
  ORIGINS,
  PLACE,
  PLACES,
  LANDS,
  RELATIONS,
  type HouseholdColumns,
  type PersonColumns,
} from './population.js'

/**
 * A column of a table. Codes of `words` are indices into the words; a month is absolute (evidence/month.ts), NEVER
 * where there is none; a flag is 0 or 1.
 */
export interface TableColumn {
  name: string
  kind: 'key' | 'whole' | 'real' | 'flag' | 'month' | 'words'
  words?: readonly string[]
  /** Said for the reader's convenience: it follows from the others and is not read back. */
  derived?: true
  data: ArrayLike<number>
}

export interface PopulationTable {
  name: 'persons' | 'households'
  rows: number
  columns: TableColumn[]
}

/** What the tables hold of a population. */
export interface Peopled {
  /** Area ids, the order of `area`. */
  areas: string[]
  households: HouseholdColumns
  persons: PersonColumns
}

const wordsOf = (fact: string): string[] =>
  (CORE_FACTS.find(({ name }) => name === fact)!.type as { values: string[] }).values

/** How each column of a struct is written; `first` and `household` are told by the persons' household key. */
type Written<Columns> = Record<
  Exclude<keyof Columns, 'count' | 'first' | 'household'>,
  { name: string; kind: TableColumn['kind']; words?: readonly string[]; Type: ColumnType }
>
type ColumnType =
  | Uint8ArrayConstructor
  | Int16ArrayConstructor
  | Uint16ArrayConstructor
  | Uint32ArrayConstructor
  | Float64ArrayConstructor

const key = { name: 'id', kind: 'key', Type: Uint32Array } as const
const flag = (name: string) => ({ name, kind: 'flag', Type: Uint8Array }) as const
const month = (name: string) => ({ name, kind: 'month', Type: Int16Array }) as const
const words = (name: string, list: readonly string[]) =>
  ({ name, kind: 'words', words: list, Type: Uint8Array }) as const
const fact = (name: string) => words(name, wordsOf(name))

const HOUSEHOLDS = (areas: readonly string[]): Written<HouseholdColumns> => ({
  key,
  area: words('area', areas),
  origin: words('origin', ORIGINS),
  place: words('place', PLACES),
  month: month('month'),
  u: { name: 'arrival_draw', kind: 'real', Type: Float64Array },
  tenure: fact('tenure'),
  leaseFiled: flag('lease_filed'),
  ownsNonResidential: flag('owns_nonresidential'),
  hasPremises: flag('has_premises'),
  kinHere: fact('kin_here'),
  permitSince: month('permit_since'),
  land: words('land', LANDS),
})

const PERSONS: Written<PersonColumns> = {
  key,
  relation: words('relation', RELATIONS),
  away: flag('left_behind'),
  sex: fact('sex'),
  birth: month('birth'),
  education: fact('education'),
  skill: fact('skill'),
  title: fact('title'),
  hukouKind: fact('hukou_kind'),
  work: fact('work'),
  vocational: flag('vocational'),
  employmentRegistered: flag('employment_registered'),
  insuredSince: month('insured_since'),
  insuredBefore: { name: 'months_insured_before', kind: 'whole', Type: Uint16Array },
}

const HOUSEHOLD = 'household'

function columnsOf<Columns extends object>(struct: Columns, written: Written<Columns>): TableColumn[] {
  return Object.entries(written).map(([field, form]) => {
    const { name, kind, words } = form as Written<Columns>[keyof Written<Columns>]
    return { name, kind, ...(words && { words }), data: struct[field as keyof Columns] as ArrayLike<number> }
  })
}

/**
 * @param from month at whose beginning the ages of those who are here or elsewhere are told; of arrivals and movers
 *             it is their own
 */
export function tablesOf({ areas, households, persons }: Peopled, from: Month): PopulationTable[] {
  const composition = new Uint8Array(households.count)
  const size = new Uint8Array(households.count)
  const age = new Uint8Array(persons.count)
  const householdKey = new Uint32Array(persons.count)
  const place = new Uint8Array(persons.count)
  for (let h = 0; h < households.count; h++) {
    const [first, next] = [households.first[h], households.first[h + 1]]
    composition[h] = compositionOf(persons, first, next)
    const entered = households.place[h] === PLACE.arrival || households.place[h] === PLACE.ordinary
    const at = entered ? households.month[h] : from
    for (let p = first; p < next; p++) {
      if (!persons.away[p]) size[h]++
      age[p] = Math.floor((at - 1 - persons.birth[p]) / 12)
      householdKey[p] = households.key[h]
      place[p] = households.place[h]
    }
  }
  return [
    {
      name: 'persons',
      rows: persons.count,
      columns: [
        ...columnsOf(persons, PERSONS),
        { name: HOUSEHOLD, kind: 'key', data: householdKey },
        { name: 'place', kind: 'words', words: PLACES, derived: true, data: place },
        { name: 'age', kind: 'whole', derived: true, data: age },
      ],
    },
    {
      name: 'households',
      rows: households.count,
      columns: [
        ...columnsOf(households, HOUSEHOLDS(areas)),
        { name: 'composition', kind: 'words', words: COMPOSITION_NAMES, derived: true, data: composition },
        { name: 'household_size', kind: 'whole', derived: true, data: size },
      ],
    },
  ]
}

/** The columns that `populationOf` needs, without their data. */
export const tableForms = (areas: readonly string[]): Record<PopulationTable['name'], TableForm[]> => ({
  persons: [...Object.values(PERSONS), { name: HOUSEHOLD, kind: 'key', Type: Uint32Array }],
  households: Object.values(HOUSEHOLDS(areas)),
})
export type TableForm = Pick<TableColumn, 'name' | 'kind' | 'words'> & { Type: ColumnType }

/** @param tables data by table and column name, of those in `tableForms` */
export function populationOf(
  areas: string[],
  tables: Record<PopulationTable['name'], ReadonlyMap<string, ArrayLike<number>>>,
): Peopled {
  const struct = <Columns extends { count: number }>(
    written: Written<Columns>,
    data: ReadonlyMap<string, ArrayLike<number>>,
  ) => {
    const count = data.get(key.name)!.length
    const columns = Object.entries(written).map(([field, form]) => {
      const { name, Type } = form as Written<Columns>[keyof Written<Columns>]
      const array = column(Type as Uint8ArrayConstructor, count)
      array.set(data.get(name)!)
      return [field, array]
    })
    return { ...Object.fromEntries(columns), count } as Omit<Columns, 'first' | 'household'>
  }
  const households = struct(HOUSEHOLDS(areas), tables.households)
  const persons = struct(PERSONS, tables.persons)
  const of = tables.persons.get(HOUSEHOLD)!
  const household = column(Uint32Array, persons.count)
  const first = column(Uint32Array, households.count + 1)
  // Both tables ascend by key, and so do the persons' households.
  let h = 0
  for (let p = 0; p < persons.count; p++) {
    while (of[p] !== households.key[h]) first[++h] = p
    household[p] = h
  }
  first[households.count] = persons.count
  return { areas, households: { ...households, first }, persons: { ...persons, household } }
}
