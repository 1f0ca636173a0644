/** Which numbers the answer is made of: the rows that `headline` lists, most important first. */
import { yearOf, yearsOf, type Horizon } from '../evidence/month.js'
import type { Grade } from '../evidence/parameter.js'
import { CITY } from '../results/comparison.js'
import type { Layout } from './tables.js'

export interface HeadlineCell {
  table: string
  measure: string
  keys: Record<string, string>
  grade: Grade
  assumedStock?: boolean
}

/** Numbers of one year in the order of importance; `year` stands under the table's own name for its time key. */
const NUMBERS: (Omit<HeadlineCell, 'keys'> & { time: string; keys: Record<string, string> })[] = [
  {
    table: 'registrations_year',
    measure: 'persons',
    time: 'year',
    keys: { area: CITY, basis: 'external' },
    grade: 'calibrated',
  },
  {
    table: 'registrations_year',
    measure: 'persons',
    time: 'year',
    keys: { area: CITY, basis: 'districtIn' },
    grade: 'calibrated',
  },
  {
    table: 'registrations_year',
    measure: 'persons',
    time: 'year',
    keys: { area: CITY, basis: 'event' },
    grade: 'calibrated',
  },
  { table: 'presence', measure: 'net_new_residents', time: 'year', keys: { area: CITY }, grade: 'assumed' },
  {
    table: 'seats',
    measure: 'added_net',
    time: 'september',
    keys: { area: CITY, stage: 'primary' },
    grade: 'assumed',
  },
  {
    table: 'seats',
    measure: 'added_net',
    time: 'september',
    keys: { area: CITY, stage: 'junior' },
    grade: 'assumed',
  },
  {
    table: 'seats',
    measure: 'gap_soft',
    time: 'september',
    keys: { area: CITY, stage: 'primary' },
    grade: 'assumed',
    assumedStock: true,
  },
  {
    table: 'seats',
    measure: 'gap_soft',
    time: 'september',
    keys: { area: CITY, stage: 'junior' },
    grade: 'assumed',
    assumedStock: true,
  },
  {
    table: 'prh',
    measure: 'added_net_hh',
    time: 'year',
    keys: { area: CITY, status: 'all' },
    grade: 'assumed',
  },
  {
    table: 'prh',
    measure: 'waiting_hh',
    time: 'year',
    keys: { area: CITY, status: 'all' },
    grade: 'assumed',
    assumedStock: true,
  },
  {
    table: 'med_fund',
    measure: 'new_members_from_registration',
    time: 'year',
    keys: { scheme: 'resident' },
    grade: 'assumed',
  },
  {
    table: 'med_fund',
    measure: 'local_subsidy_wan',
    time: 'year',
    keys: { scheme: 'resident' },
    grade: 'assumed',
  },
  {
    table: 'med_fund',
    measure: 'expenditure_wan',
    time: 'year',
    keys: { scheme: 'resident' },
    grade: 'assumed',
  },
  {
    table: 'med_fund',
    measure: 'balance_wan',
    time: 'year',
    keys: { scheme: 'resident' },
    grade: 'assumed',
    assumedStock: true,
  },
]

/** Every headline number of every year, the last year first: it is the one that the one-sentence answer speaks of. */
export function headlineCells(layout: Layout, horizon: Horizon): (HeadlineCell & { cell: number })[] {
  const last = yearOf(horizon.to)
  const years = [last, ...yearsOf(horizon).filter(year => year !== last)]
  return years.flatMap(year =>
    NUMBERS.flatMap(({ time, keys, ...number }) => {
      const full = { [time]: String(year), ...keys }
      const cell = cellOf(layout, number.table, number.measure, full)
      return cell === undefined ? [] : [{ ...number, keys: full, cell }]
    }),
  )
}

/** Position of one number in the cells of a run. @returns undefined where the table has no such row */
export function cellOf(
  layout: Layout,
  tableId: string,
  measure: string,
  keys: Record<string, string>,
): number | undefined {
  const table = layout.tables.find(({ schema }) => schema.id === tableId)
  if (!table) return undefined
  const m = table.schema.measures.findIndex(({ id }) => id === measure)
  const row = table.rows.findIndex(values =>
    table.schema.keys.every((key, i) => keys[key] === undefined || keys[key] === values[i]),
  )
  return m < 0 || row < 0 ? undefined : table.offset + m * table.rows.length + row
}
