/** Registrations, presence, migration and rounds as result tables (T1, T2, T4, T14 of the model), and those of the services. */
import { formatMonth, monthsOf, yearOf, yearsOf } from '../evidence/month.js'
import { BASES } from '../pack/pack.js'
import { ORIGIN, ORIGINS } from '../population/population.js'
import { CITY } from '../results/comparison.js'
import { emptyTable, type Table, type TableSchema } from '../results/table.js'
import { SERVICES } from '../services/list.js'
import type { ServiceContext } from '../services/service.js'
import { PRESENCE, type Flows } from '../simulation/flows.js'
import type { Plan } from './plan.js'
import { roundRows, ROUNDS, roundsHeld } from './roundsHeld.js'

const persons = { id: 'persons', unit: 'persons', label: { zh: '登记人数', en: 'persons registered' } }
const cases = { id: 'cases', unit: 'cases', label: { zh: '登记件数', en: 'cases' } }

export const REGISTRATIONS_YEAR: TableSchema = {
  id: 'registrations_year',
  title: { zh: '每年迁入登记', en: 'Registrations a year' },
  keys: ['year', 'area', 'basis'],
  measures: [persons, cases],
}
export const REGISTRATIONS_CELL: TableSchema = {
  id: 'registrations_cell',
  title: { zh: '按月、地区、渠道、来源的登记', en: 'Registrations by month, area, channel and origin' },
  keys: ['month', 'area', 'channel', 'origin'],
  measures: [
    persons,
    cases,
    {
      id: 'only_new_channel_persons',
      unit: 'persons',
      label: { zh: '仅因新放宽渠道可登记者', en: 'with no way in but an opening' },
    },
  ],
}
export const PRESENCE_YEAR: TableSchema = {
  id: 'presence',
  title: { zh: '市外迁入者的居住状况', en: 'Presence of registrants from outside the city' },
  keys: ['year', 'area'],
  measures: [
    { id: 'already_here', unit: 'persons', label: { zh: '已在本地居住', en: 'already here' } },
    { id: 'moves_in', unit: 'persons', label: { zh: '随后迁入居住', en: 'moves in' } },
    { id: 'paper_only', unit: 'persons', label: { zh: '仅落户不居住', en: 'on paper only' } },
    { id: 'net_new_residents', unit: 'persons', label: { zh: '净增常住人口', en: 'net new residents' } },
  ],
}
export const INMIGRATION: TableSchema = {
  id: 'inmigration',
  title: { zh: '流动人口的到来与离开', en: 'Migrants arriving and leaving' },
  keys: ['month'],
  measures: [
    { id: 'arrivals', unit: 'persons', label: { zh: '到来', en: 'arrivals' } },
    { id: 'exits', unit: 'persons', label: { zh: '离开', en: 'exits' } },
  ],
}

/** Where each table's numbers stand in the one array that a run hands back. */
export interface Layout {
  tables: { schema: TableSchema; rows: string[][]; offset: number }[]
  length: number
}

/** The tables of a plan: fixed by it alone. That of rounds is only there if some are held. */
export function layoutOf(plan: Plan): Layout {
  const { pack, horizon, channels } = plan
  const areas = pack.areas.map(({ id }) => id)
  const years = yearsOf(horizon).map(String)
  const months = Array.from({ length: monthsOf(horizon) }, (_, m) => formatMonth(horizon.from + m))
  const cross = (...keys: string[][]): string[][] =>
    keys.reduce<string[][]>((rows, values) => rows.flatMap(row => values.map(value => [...row, value])), [[]])
  const made: [TableSchema, string[][]][] = [
    [REGISTRATIONS_YEAR, cross(years, [CITY, ...areas], [...BASES])],
    [
      REGISTRATIONS_CELL,
      months.flatMap(month =>
        areas.flatMap(area =>
          channels.flatMap(channel => originsOf(channel).map(o => [month, area, channel, ORIGINS[o]])),
        ),
      ),
    ],
    [PRESENCE_YEAR, cross(years, [CITY, ...areas])],
    [INMIGRATION, cross(months)],
    [ROUNDS, roundRows(plan)],
    ...SERVICES.flatMap(service =>
      service.schemas.map((schema): [TableSchema, string[][]] => [
        schema,
        service.rows(schema, pack, horizon),
      ]),
    ),
  ]
  let length = 0
  const tables = made.flatMap(([schema, rows]) => {
    const table = { schema, rows, offset: length }
    length += rows.length * schema.measures.length
    return rows.length > 0 ? [table] : []
  })
  return { tables, length }
}

/** Only ordinary movers come from other areas of the city. */
const originsOf = (channel: string): number[] =>
  channel === 'ordinary'
    ? [ORIGIN.cityOtherArea, ORIGIN.province, ORIGIN.otherProvince]
    : [ORIGIN.province, ORIGIN.otherProvince]

/** All numbers of one run in the order of the layout. */
export function cellsOf(
  layout: Layout,
  flows: Flows,
  context: ServiceContext,
  eventOverDistrictIn: number,
): Float64Array {
  const tables = [
    registrationsYear(layout, flows, eventOverDistrictIn),
    registrationsCell(layout, flows),
    presence(layout, flows),
    inmigration(layout, flows),
    ...layout.tables.filter(({ schema }) => schema === ROUNDS).map(({ rows }) => roundsHeld(rows, flows)),
    ...SERVICES.flatMap(service => {
      const state = service.begin(context)
      for (let m = 0; m < monthsOf(flows.horizon); m++) service.month(state, m, flows, context)
      return service.end(state, context)
    }),
  ]
  const cells = new Float64Array(layout.length)
  for (const table of tables) {
    const { offset, rows } = layout.tables.find(({ schema }) => schema.id === table.schema.id)!
    table.columns.forEach((column, i) => cells.set(column, offset + i * rows.length))
  }
  return cells
}

const blank = (layout: Layout, schema: TableSchema): Table =>
  emptyTable(schema, layout.tables.find(table => table.schema.id === schema.id)!.rows)

function registrationsYear(layout: Layout, flows: Flows, eventOverDistrictIn: number): Table {
  const table = blank(layout, REGISTRATIONS_YEAR)
  const { areas, horizon, channels } = flows
  const perYear = (areas + 1) * BASES.length
  const [personsColumn, casesColumn] = table.columns
  for (let m = 0; m < monthsOf(horizon); m++) {
    const year = yearOf(horizon.from + m) - yearOf(horizon.from)
    for (let a = 0; a < areas; a++)
      for (let c = 0; c < channels.length; c++)
        for (let o = 0; o < ORIGINS.length; o++) {
          const at = ((m * areas + a) * channels.length + c) * ORIGINS.length + o
          if (flows.persons[at] === 0) continue
          for (const area of [0, a + 1]) {
            const row = year * perYear + area * BASES.length
            for (const [basis, factor] of [
              [0, o === ORIGIN.cityOtherArea ? 0 : 1],
              [1, 1],
              [2, eventOverDistrictIn],
            ]) {
              personsColumn[row + basis] += flows.persons[at] * factor
              casesColumn[row + basis] += flows.cases[at] * factor
            }
          }
        }
  }
  return table
}

function registrationsCell(layout: Layout, flows: Flows): Table {
  const table = blank(layout, REGISTRATIONS_CELL)
  const { areas, horizon, channels } = flows
  const columns = [flows.persons, flows.cases, flows.onlyNew]
  let row = 0
  for (let m = 0; m < monthsOf(horizon); m++)
    for (let a = 0; a < areas; a++)
      for (let c = 0; c < channels.length; c++)
        for (const o of originsOf(channels[c])) {
          const at = ((m * areas + a) * channels.length + c) * ORIGINS.length + o
          columns.forEach((column, i) => (table.columns[i][row] = column[at]))
          row++
        }
  return table
}

function presence(layout: Layout, flows: Flows): Table {
  const table = blank(layout, PRESENCE_YEAR)
  const { areas, horizon } = flows
  for (let m = 0; m < monthsOf(horizon); m++) {
    const year = yearOf(horizon.from + m) - yearOf(horizon.from)
    for (let a = 0; a < areas; a++)
      for (const area of [0, a + 1]) {
        const row = year * (areas + 1) + area
        for (let k = 0; k < 3; k++) table.columns[k][row] += flows.presence[(m * areas + a) * 3 + k]
        table.columns[3][row] += flows.presence[(m * areas + a) * 3 + PRESENCE.movesIn]
      }
  }
  return table
}

function inmigration(layout: Layout, flows: Flows): Table {
  const table = blank(layout, INMIGRATION)
  for (let m = 0; m < monthsOf(flows.horizon); m++)
    for (let a = 0; a < flows.areas; a++) {
      table.columns[0][m] += flows.arrivals[m * flows.areas + a]
      table.columns[1][m] += flows.exits[m * flows.areas + a]
    }
  return table
}
