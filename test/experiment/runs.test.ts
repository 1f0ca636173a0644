import { beforeAll, describe, expect, it } from 'vitest'
import { monthOf, monthsOf, type Horizon } from '../../src/evidence/month.js'
import { openPlan, type Plan, type PlanSource } from '../../src/experiment/plan.js'
import { prepare, type Prepared } from '../../src/experiment/prepare.js'
import { replicate, simulation, worker, type Part, type PartResult } from '../../src/experiment/runs.js'
import { cellsOf, layoutOf, type Layout } from '../../src/experiment/tables.js'
import { gather } from '../../src/node/experiment.js'
import { patchPolicy } from '../../src/policy/patch.js'
import { compileLaws } from '../../src/policy/compile.js'
import { ENTRY_YEARS, type Flows } from '../../src/simulation/flows.js'
import { newWorld } from '../../src/simulation/world.js'
import { shipped } from '../policy/shipped.js'

/** A small part of the city, and two years about the reform. */
const horizon: Horizon = { from: monthOf(2016, 1), to: monthOf(2017, 12) }
let source: PlanSource
let third: PlanSource['scenarios'][0]
const part = (index: number): Part => ({ kind: 'replicate', index })

interface Opened {
  plan: Plan
  prepared: Prepared
  layout: Layout
  work: (part: Part) => PartResult
}
async function opened(changed: Partial<PlanSource> = {}): Promise<Opened> {
  const plan = await openPlan({ ...source, ...changed })
  const prepared = prepare(plan)
  const layout = layoutOf(plan)
  return { plan, prepared, layout, work: worker(plan, prepared, layout) }
}

let pair: Opened
let result: PartResult
beforeAll(async () => {
  const gathered = await gather(['points', 'zero-threshold'], {
    seed: 'runs',
    replicates: 3,
    draws: 40,
    scale: 0.01,
  })
  const scenarios = gathered.scenarios.map(scenario => ({
    ...scenario,
    horizon,
    policy: scenario.policy.map((entry, i) => (i === 0 ? { ...entry, from: horizon.from } : entry)),
  }))
  source = { ...gathered, scenarios }
  third = {
    ...scenarios[1],
    id: 'third',
    parameters: [{ id: 'edu.join', value: 0.95, layer: 'scenario' as const }],
  }
  pair = await opened()
  result = pair.work(part(1))
}, 60_000)

describe('a replicate', () => {
  it('does not hang on how many there are, on those before it, or on the number of draws', async () => {
    const many = await opened({ replicates: 9, draws: 300 })
    many.work(part(0))
    many.work({ kind: 'draw', index: 5, still: true })
    const again = many.work(part(1))
    expect(again.simulated).toEqual(result.simulated)
    expect(again.expected).toEqual(result.expected)
    expect(pair.work(part(2)).simulated).not.toEqual(result.simulated)
  }, 30_000)

  it('is not moved by a scenario more, and the third differs where it should', async () => {
    const { work, layout } = await opened({ scenarios: [...source.scenarios, third] })
    const three = work(part(1))
    for (const s of [0, 1]) {
      expect(three.simulated![s]).toEqual(result.simulated![s])
      expect(three.expected[s]).toEqual(result.expected[s])
    }
    for (const { schema, rows, offset } of layout.tables) {
      const cells = (s: number) =>
        three.simulated![s].subarray(offset, offset + rows.length * schema.measures.length)
      const same = schema.id !== 'seats' && schema.id !== 'seats_per_1000'
      if (same) expect(cells(2), schema.id).toEqual(cells(1))
      else expect(cells(2), schema.id).not.toEqual(cells(1))
    }
  }, 30_000)

  it('of one scenario alone is that of the pair, cell by cell', async () => {
    // The channels of the reference rule sets are in every plan, so the layout is the same.
    const alone = await opened({ scenarios: [source.scenarios[1]] })
    const [mine, theirs] = [alone.layout, pair.layout].map(({ tables }) =>
      tables.map(({ schema, rows }) => [schema.id, rows.length]),
    )
    expect(mine).toEqual(theirs)
    const byName = (opened: Opened, cells: Float64Array) => {
      const named = new Map<string, number>()
      for (const { schema, rows, offset } of opened.layout.tables)
        schema.measures.forEach(({ id }, m) =>
          rows.forEach((keys, row) =>
            named.set([schema.id, id, ...keys].join(' '), cells[offset + m * rows.length + row]),
          ),
        )
      return named
    }
    const single = alone.work(part(1))
    // The run in which nobody applies is that of the first scenario's first law: the same here.
    expect(byName(alone, single.simulated![0])).toEqual(byName(pair, result.simulated![1]))
    expect(byName(alone, single.expected[0])).toEqual(byName(pair, result.expected[1]))
  }, 30_000)

  it('is another with another seed, and so is the city', async () => {
    const other = await opened({ seed: 'other' })
    expect(other.prepared.population.households.key).not.toEqual(pair.prepared.population.households.key)
    expect(other.work(part(1)).simulated).not.toEqual(result.simulated)
  }, 30_000)
})

describe('the tables of a run', () => {
  const column = (s: number, table: string, measure: string) => {
    const { schema, rows, offset } = pair.layout.tables.find(({ schema }) => schema.id === table)!
    const m = schema.measures.findIndex(({ id }) => id === measure)
    return rows.map((keys, row) => ({ keys, value: result.simulated![s][offset + m * rows.length + row] }))
  }

  it('count external within districtIn, and events as their multiple', () => {
    const { row } = replicate(pair.plan, pair.prepared, pair.plan.scenarios[1], 1, true)
    for (const measure of ['persons', 'cases']) {
      const cells = column(1, 'registrations_year', measure)
      const at = (year: string, area: string, basis: string) =>
        cells.find(({ keys }) => keys.join() === [year, area, basis].join())!.value
      for (const { keys } of cells) {
        const [year, area] = keys
        expect(at(year, area, 'external')).toBeLessThanOrEqual(at(year, area, 'districtIn'))
        expect(at(year, area, 'event')).toBeCloseTo(row.eventOverDistrictIn * at(year, area, 'districtIn'), 6)
      }
      expect(at('2017', 'city', 'external')).toBeGreaterThan(0)
    }
  })

  it('have a city that is the sum of its areas', () => {
    const cells = column(1, 'registrations_year', 'persons')
    for (const year of ['2016', '2017'])
      for (const basis of ['external', 'districtIn', 'event']) {
        const of = (wanted: (area: string) => boolean) =>
          cells
            .filter(({ keys }) => keys[0] === year && keys[2] === basis && wanted(keys[1]))
            .reduce((sum, { value }) => sum + value, 0)
        expect(of(area => area === 'city')).toBeCloseTo(
          of(area => area !== 'city'),
          6,
        )
      }
  })

  it('agree by month, channel and origin with those of the year', () => {
    const months = column(1, 'registrations_cell', 'persons')
    const years = column(1, 'registrations_year', 'persons')
    const year = (y: string, basis: string) =>
      years.find(({ keys }) => keys.join() === [y, 'city', basis].join())!.value
    for (const y of ['2016', '2017']) {
      const those = months.filter(({ keys }) => keys[0].startsWith(y))
      const sum = (some: typeof those) => some.reduce((total, { value }) => total + value, 0)
      expect(sum(those)).toBeCloseTo(year(y, 'districtIn'), 6)
      expect(sum(those.filter(({ keys }) => keys[3] !== 'city_other_area'))).toBeCloseTo(
        year(y, 'external'),
        6,
      )
    }
  })

  it('have of presence what came from outside the city', () => {
    const parts = ['already_here', 'moves_in', 'paper_only'].map(measure => column(1, 'presence', measure))
    const years = column(1, 'registrations_year', 'persons').filter(({ keys }) => keys[2] === 'external')
    for (const [row, { keys }] of parts[0].entries()) {
      const external = years.find(other => other.keys[0] === keys[0] && other.keys[1] === keys[1])!
      expect(parts[0][row].value + parts[1][row].value + parts[2][row].value).toBeCloseTo(external.value, 6)
    }
  })

  it('before the reform are the same in both scenarios', () => {
    const { timeline } = replicate(pair.plan, pair.prepared, pair.plan.scenarios[1], 1, true)
    const since = timeline.since[1]
    expect(since).toBeGreaterThan(horizon.from)
    const { rows, offset, schema } = pair.layout.tables.find(
      ({ schema }) => schema.id === 'registrations_cell',
    )!
    const before = rows.length * ((since - horizon.from) / monthsOf(horizon))
    for (const cells of [result.simulated!, result.expected])
      for (let m = 0; m < schema.measures.length; m++) {
        const [a, b] = cells.map(of => of.slice(offset + m * rows.length, offset + m * rows.length + before))
        expect(b).toEqual(a)
      }
  })
})

describe('entitlement', () => {
  it('alike for permit and hukou: those already here add no seat, whoever they are; unlike, they do', () => {
    const { plan, prepared, layout } = pair
    const scenario = plan.scenarios[1]
    const run = replicate(plan, prepared, scenario, 1, true)
    const flows = simulation(plan, prepared, run, 1, newWorld(prepared.population))
    onlyAlreadyHere(flows)
    const equal = patchPolicy(shipped('zhaoqing-zero-threshold'), 'entitlements.education.permit', '@hukou')
    const seats = (laws: ReturnType<typeof compileLaws>) => {
      const cells = cellsOf(
        layout,
        flows,
        { pack: plan.pack, horizon, values: run.values, law: month => laws[month] },
        1,
      )
      const { rows, offset, schema } = layout.tables.find(table => table.schema.id === 'seats')!
      const of = (measure: string) => {
        const m = schema.measures.findIndex(({ id }) => id === measure)
        return cells.slice(offset + m * rows.length, offset + (m + 1) * rows.length)
      }
      return { net: of('added_net'), gross: of('gross_registered') }
    }
    const alike = seats(compileLaws(equal, horizon, { areas: plan.pack.areas }))
    const unlike = seats(compileLaws(shipped('zhaoqing-zero-threshold'), horizon, { areas: plan.pack.areas }))
    expect(alike.gross).toEqual(unlike.gross)
    expect(Math.max(...alike.gross)).toBeGreaterThan(0)
    for (const net of alike.net) expect(Math.abs(net)).toBeLessThan(1e-9)
    expect(Math.max(...unlike.net)).toBeGreaterThan(0)
  })
})

/** Of those who register, only those who lived here before, and their children here or left behind. */
function onlyAlreadyHere(flows: Flows): void {
  flows.children.forEach((_, i) => {
    if (Math.floor(i / ENTRY_YEARS) % 4 > 1) flows.children[i] = 0
  })
}
