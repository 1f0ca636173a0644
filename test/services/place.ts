/** A small place for the services' tests: two areas of the Zhaoqing pack with its shipped parameters, and laws and flows made by hand. */
import { readFileSync } from 'node:fs'
import { monthOf, type Horizon } from '../../src/evidence/month.js'
import type { Values } from '../../src/evidence/parameter.js'
import type { Pack, YearbookRow } from '../../src/pack/pack.js'
import { readParameters } from '../../src/pack/parameters.js'
import type { Entitlement, Law, Status } from '../../src/policy/policy.js'
import type { Table } from '../../src/results/table.js'
import type { Service, ServiceContext } from '../../src/services/service.js'
import { emptyFlows, ENTRY_YEARS, FIRST_ENTRY_YEAR, type Flows } from '../../src/simulation/flows.js'

const DATA = new URL('../../data/zhaoqing/', import.meta.url)
const read = (name: string, value: 'required' | 'optional') =>
  readParameters(readFileSync(new URL(name, DATA), 'utf8'), name, value)

export const PARAMETERS = [
  ...['education', 'housing', 'insurance'].flatMap(name => read(`parameters/${name}.yaml`, 'required')),
  ...read('stocks.yaml', 'optional'),
]

/** The shipped values, and `presence.lagMedian`, with some of them changed. */
export function values(changes: Record<string, number> = {}): Values {
  const shipped = PARAMETERS.flatMap(({ id, value }): [string, number][] =>
    value === undefined ? [] : [[id, value]],
  )
  return new Map([...shipped, ['presence.lagMedian', 3], ...Object.entries(changes)])
}

export const HORIZON: Horizon = { from: monthOf(2015, 1), to: monthOf(2018, 12) }

const yearbook = (area: string, births: number): YearbookRow[] =>
  [2008, 2009, 2010, 2011, 2012, 2013].map((year, line) => ({
    area,
    year,
    inProvince: 0,
    inOtherProvinces: 0,
    outProvince: 0,
    outOtherProvinces: 0,
    births,
    deaths: 0,
    line,
  }))

export const PACK: Pack = {
  id: 'two-areas',
  title: { zh: '两地', en: 'Two areas' },
  version: '1',
  microdata: false,
  areas: [
    { id: 'duanzhou', code: '1', name: { zh: '端州', en: 'Duanzhou' }, aliases: [] },
    { id: 'huaiji', code: '2', name: { zh: '怀集', en: 'Huaiji' }, aliases: [] },
  ],
  figures: [],
  targets: [],
  yearbook: [...yearbook('duanzhou', 600), ...yearbook('huaiji', 900)],
  margins: [],
  parameters: [],
  reference: { before: 'a', after: 'b' },
  files: {},
}

type Entitlements = Record<string, Record<Status, Entitlement>>

export const ENTITLEMENTS: Entitlements = {
  education: {
    none: { claim: false },
    permit: { claim: true, use: 'edu.pubPermit', switch: 0, join: 0, paper: 0 },
    hukou: {
      claim: true,
      use: 'edu.pubHukou',
      switch: 'edu.switch',
      join: 'edu.join',
      paper: 'edu.paperOpt',
    },
  },
  housing: {
    none: { claim: false },
    permit: { claim: true, apply: 'prh.apply.permit', areas: ['duanzhou'] },
    hukou: { claim: true, apply: 'prh.apply.hukou', insured: false },
  },
  insurance: {
    none: { claim: false },
    permit: { claim: true, takeup: 'med.takeup.permit' },
    hukou: { claim: true, takeup: 'med.takeup.hukou' },
  },
}

/** The same entitlements for permit holders as for those registered. */
export const EQUAL: Entitlements = Object.fromEntries(
  Object.entries(ENTITLEMENTS).map(([service, of]) => [service, { ...of, permit: of.hukou }]),
)

export function context(
  changes: Record<string, number> = {},
  entitlements: Entitlements = ENTITLEMENTS,
  pack = PACK,
): ServiceContext {
  const law = (month: number): Law => ({
    policy: 'test',
    title: { zh: '', en: '' },
    month: HORIZON.from + month,
    channels: [],
    facts: [],
    declared: [],
    legacy: [],
    entitlements,
  })
  return { pack, horizon: HORIZON, values: values(changes), law }
}

/** Every array that holds what registrations bring. */
export const REGISTRATIONS = [
  'persons',
  'cases',
  'onlyNew',
  'presence',
  'children',
  'households',
  'adults',
  'minors',
] as const
/** And what does not depend on them. */
export const PRESENT = ['present', 'migrantChildren', 'renters', 'presentAdults', 'presentMinors'] as const

export const noFlows = (): Flows => emptyFlows(HORIZON, PACK.areas.length, ['rent'])

/** Flows in which every cell of every array has something, in an order that follows from `seed`. */
export function someFlows(seed: number, areas: readonly number[] = [0, 1]): Flows {
  const flows = noFlows()
  for (const name of [...REGISTRATIONS, ...PRESENT]) {
    const array = flows[name]
    const perMonth = array.length / (HORIZON.to - HORIZON.from + 1)
    const width = perMonth / PACK.areas.length
    array.forEach((_, cell) => {
      const area = Math.floor((cell % perMonth) / width)
      const cohort = (cell % ENTRY_YEARS) + FIRST_ENTRY_YEAR
      const children = name === 'children' || name === 'migrantChildren'
      if (!areas.includes(area) || (children && (cohort < 2007 || cohort > 2030))) return
      const spread = ((cell + 1) * (seed * 2 + 1) * 7919) % 17
      // Those present are many beside those who register in a month.
      array[cell] = (PRESENT as readonly string[]).includes(name) ? 400 + spread * 10 : spread
    })
  }
  return flows
}

export function scaled(flows: Flows, by: number, names: readonly (keyof Flows)[]): Flows {
  const copy = { ...flows }
  for (const name of names) Object.assign(copy, { [name]: (flows[name] as Float64Array).map(x => x * by) })
  return copy
}

export function fold<State>(service: Service<State>, flows: Flows, where: ServiceContext): Table[] {
  const state = service.begin(where)
  for (let month = 0; month <= where.horizon.to - where.horizon.from; month++)
    service.month(state, month, flows, where)
  return service.end(state, where)
}

export function cell(table: Table, keys: readonly string[], measure: string): number {
  const row = table.rows.findIndex(row => row.every((key, index) => key === keys[index]))
  const column = table.schema.measures.findIndex(({ id }) => id === measure)
  if (row < 0 || column < 0) throw new Error(`no ${keys.join('/')} ${measure}`)
  return table.columns[column][row]
}

export const columnOf = (table: Table, measure: string): Float64Array =>
  table.columns[table.schema.measures.findIndex(({ id }) => id === measure)]

/** Of those who register, only those who lived here before, with their children here or left behind. */
export function onlyAlreadyHere(flows: Flows): void {
  const keep = (array: Float64Array, width: number, inner: number, kinds: readonly number[]) =>
    array.forEach((_, cell) => {
      if (!kinds.includes(Math.floor((cell % width) / inner))) array[cell] = 0
    })
  keep(flows.children, flows.children.length / (flows.minors.length / 3), ENTRY_YEARS, [0, 1])
  keep(flows.households, 6, 2, [0])
  keep(flows.adults, 6, 2, [0])
  keep(flows.minors, 3, 1, [0])
}
