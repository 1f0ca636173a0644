/** One suite for every service. */
import { describe, expect, it } from 'vitest'
import type { Table } from '../../src/results/table.js'
import { SERVICES } from '../../src/services/list.js'
import { CITY } from '../../src/services/rows.js'
import {
  columnOf,
  context,
  EQUAL,
  ENTITLEMENTS,
  fold,
  HORIZON,
  noFlows,
  onlyAlreadyHere,
  PACK,
  PRESENT,
  REGISTRATIONS,
  scaled,
  someFlows,
  values,
} from './place.js'

/** The measures by which registration's own effect is told. */
const ADDED: Record<string, string[]> = {
  seats: ['added_net', 'demand_registered', 'demand_joined', 'demand_paper', 'teachers_added'],
  seats_per_1000: [],
  prh: ['added_net_hh'],
  med_fund: ['new_members_from_registration', 'added_subsidy_wan'],
}
const RATIOS = ['mean_class', 'mean_wait_months']
/** What the city opens is shared out by demand, the one thing that ties areas together. */
const SHARED = [
  'soft_cap',
  'hard_cap',
  'pipeline_open',
  'gap_soft',
  'gap_hard',
  'stock_zero_gap',
  'mean_class',
]
const SEEDS = [1, 2, 3, 4, 5]

const registered = (seed: number) => someFlows(seed)
const nobodyRegisters = (seed: number) => scaled(someFlows(seed), 0, REGISTRATIONS)
const added = (tables: Table[]) =>
  tables.flatMap(table => ADDED[table.schema.id].flatMap(measure => [...columnOf(table, measure)]))

describe.each(SERVICES)('service $id', service => {
  it('fills the rows that it promised, whatever happens', () => {
    for (const flows of [noFlows(), registered(1)])
      fold(service, flows, context()).forEach((table, index) => {
        const schema = service.schemas[index]
        expect(table.schema).toEqual(schema)
        expect(table.rows).toEqual(service.rows(schema, PACK, HORIZON))
        expect(table.columns.every(column => column.length === table.rows.length)).toBe(true)
        expect(table.rows.every(row => row.length === schema.keys.length)).toBe(true)
        expect(ADDED).toHaveProperty(schema.id)
      })
  })

  it('has numbers everywhere but months of reserve of an unknown fund', () => {
    for (const table of fold(service, registered(1), context()))
      for (const { id } of table.schema.measures) {
        const known = [...columnOf(table, id)].every(value => Number.isFinite(value))
        expect([id, known]).toEqual([id, id !== 'reserve_months'])
      }
  })

  it('gives the same twice', () => {
    expect(fold(service, registered(2), context())).toEqual(fold(service, registered(2), context()))
  })

  it('adds nothing where nobody registers', () => {
    for (const seed of SEEDS)
      expect(added(fold(service, nobodyRegisters(seed), context())).every(value => value === 0)).toBe(true)
  })

  it('adds something where people register', () => {
    for (const seed of SEEDS)
      expect(added(fold(service, registered(seed), context())).some(value => value > 0)).toBe(true)
  })

  it('adds twice as much for twice the registrations', () => {
    for (const seed of SEEDS) {
      const once = added(fold(service, registered(seed), context()))
      const twice = added(fold(service, scaled(registered(seed), 2, REGISTRATIONS), context()))
      once.forEach((value, index) => expect(twice[index]).toBeCloseTo(2 * value, 8))
    }
  })

  it('adds nothing for those already here where both statuses are entitled alike', () => {
    for (const seed of SEEDS) {
      const flows = registered(seed)
      onlyAlreadyHere(flows)
      added(fold(service, flows, context({}, EQUAL))).forEach(value => expect(value).toBeCloseTo(0, 9))
      // Not an empty law: with unequal entitlements the same flows add something.
      expect(added(fold(service, flows, context({}, ENTITLEMENTS))).some(value => value > 1)).toBe(true)
    }
  })

  it('keeps areas apart, and the city is their sum', () => {
    for (const seed of SEEDS) {
      const both = fold(service, someFlows(seed), context())
      const alone = fold(service, someFlows(seed, [0]), context())
      both.forEach((table, t) => {
        const area = table.schema.keys.indexOf('area')
        if (area < 0) return
        table.schema.measures.forEach(({ id }, m) => {
          if (!SHARED.includes(id))
            table.rows.forEach((row, r) => {
              if (row[area] === 'duanzhou') expect(alone[t].columns[m][r]).toBe(table.columns[m][r])
            })
          if (table.schema.id === 'seats_per_1000' || RATIOS.includes(id)) return
          table.rows.forEach((row, r) => {
            if (row[area] !== CITY) return
            const parts = table.rows.flatMap((other, o) =>
              other[area] !== CITY && other.every((key, k) => k === area || key === row[k])
                ? [table.columns[m][o]]
                : [],
            )
            expect(table.columns[m][r]).toBeCloseTo(
              parts.reduce((sum, x) => sum + x, 0),
              6,
            )
          })
        })
      })
    }
  })

  it('asks for every stock that is not known, once, with a line to enter it', () => {
    const [finding, ...others] = service
      .findings(PACK, values())
      .filter(({ code }) => code === 'stock-unknown')
    expect(others).toEqual([])
    expect(finding.severity).toBe('note')
    const id = /--set (\S+)=N/.exec(finding.fix!.en)![1]
    expect(finding.fix!.zh).toContain(`--set ${id}=N`)
    expect(service.findings(PACK, values({ [id]: 5 }))[0].message.en).not.toContain(id + ',')
  })
})

describe('supply', () => {
  const [education, housing, insurance] = SERVICES
  const queues = (flows: ReturnType<typeof someFlows>, stock: Record<string, number>) => ({
    seats: fold(education, flows, context(stock))[0],
    prh: fold(housing, flows, context(stock))[0],
    fund: fold(insurance, flows, context(stock))[0],
  })

  it('more of it never lengthens a queue, and nothing is met beyond it', () => {
    for (const seed of SEEDS)
      for (const flows of [someFlows(seed), scaled(someFlows(seed), 3, [...REGISTRATIONS, ...PRESENT])]) {
        const stock = (n: number) =>
          Object.fromEntries(
            PACK.areas.flatMap(({ id }) => [
              [`stock.prh.${id}`, n],
              [`stock.seats.${id}.primary`, n * 10],
              [`stock.seats.${id}.junior`, n * 10],
            ]),
          )
        const sizes = [0, 20, 80, 200, 500, 2000].map(n => ({ n, ...queues(flows, stock(n)) }))
        sizes.forEach(({ n, seats, prh }, index) => {
          if (index > 0) {
            const less = sizes[index - 1]
            for (const measure of ['gap_soft', 'gap_hard'])
              columnOf(seats, measure).forEach((gap, r) =>
                expect(gap).toBeLessThanOrEqual(columnOf(less.seats, measure)[r]),
              )
            columnOf(prh, 'waiting_hh').forEach((waiting, r) =>
              expect(waiting).toBeLessThanOrEqual(columnOf(less.prh, 'waiting_hh')[r] + 1e-9),
            )
          }
          // Met = wanted less short; dwellings given in a year are those that fell vacant in it.
          columnOf(seats, 'demand').forEach((demand, r) =>
            expect(demand - columnOf(seats, 'gap_soft')[r]).toBeLessThanOrEqual(
              columnOf(seats, 'soft_cap')[r] + 1e-6,
            ),
          )
          const given = columnOf(prh, 'allocated_hh')
          prh.rows.forEach(([, area, status], r) => {
            if (area !== CITY && status === 'all') expect(given[r]).toBeLessThanOrEqual(0.08 * n + 1e-9)
          })
        })
        // A test that can fail: the largest stock does shorten the queue.
        const last = (table: Table) => columnOf(table, 'waiting_hh').at(-1)!
        expect(last(sizes[5].prh)).toBeLessThan(last(sizes[0].prh))
      }
  })

  it('the assumed seats are the same whoever registers', () => {
    const soft = (flows: ReturnType<typeof someFlows>) =>
      columnOf(fold(education, flows, context())[0], 'soft_cap')
    // Nobody registers before the first September in either.
    const late = someFlows(1)
    for (const name of REGISTRATIONS) late[name].fill(0, 0, (late[name].length / 48) * 8)
    expect(soft(late)).toEqual(soft(scaled(late, 0, REGISTRATIONS)))
  })
})
