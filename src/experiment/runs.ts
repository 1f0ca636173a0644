/** One replicate or one draw of a plan: the work that threads do. Each is a function of its index alone. */
import { normalQuantile } from '../evidence/draw.js'
import { DECISIONS, uniform } from '../evidence/luck.js'
import type { Values } from '../evidence/parameter.js'
import type { ServiceContext } from '../services/service.js'
import type { CalibratedRow } from '../simulation/calibrated.js'
import type { Flows } from '../simulation/flows.js'
import { meanField } from '../simulation/meanField.js'
import { ratesOf, type Rates } from '../simulation/rates.js'
import { simulate } from '../simulation/simulate.js'
import { lawAt, resolveTimeline, type Timeline } from '../simulation/timeline.js'
import { newWorld, type World } from '../simulation/world.js'
import { replicateKey, rowOf, valuesOf, type Plan, type PlannedScenario } from './plan.js'
import { channelPreferences, pairKey, profilesOf, supportOf, type Prepared } from './prepare.js'
import { cellsOf, type Layout } from './tables.js'

/** A draw runs the recurrence; a replicate simulates persons and runs the recurrence beside it. `still`: without process noise too. */
export type Part = { kind: 'draw'; index: number; still: boolean } | { kind: 'replicate'; index: number }

export interface PartResult {
  /** By scenario, all cells of the layout. */
  expected: Float64Array[]
  simulated?: Float64Array[]
  still?: Float64Array[]
  /** Greatest share of a scenario's expected flow that the caps of the rates kept out. */
  capped: number
}

export function worker(plan: Plan, prepared: Prepared, layout: Layout): (part: Part) => PartResult {
  let world: World | undefined
  let scratch: Flows | undefined
  const expectation = (run: Replicate): Flows => (scratch = expected(plan, prepared, run, scratch))
  return part => {
    const capped: number[] = []
    const levels = plan.scenarios.map(scenario => {
      const run = replicate(plan, prepared, scenario, part.index, true)
      capped.push(run.rates.capped)
      return cells(plan, layout, run, expectation(run))
    })
    if (part.kind === 'draw')
      return {
        expected: levels,
        capped: Math.max(...capped),
        ...(part.still && {
          still: plan.scenarios.map(scenario => {
            const run = replicate(plan, prepared, scenario, part.index, false)
            return cells(plan, layout, run, expectation(run))
          }),
        }),
      }
    world ??= newWorld(prepared.population)
    const simulated = plan.scenarios.map(scenario =>
      cellsOfReplicate(plan, prepared, layout, scenario, part.index, world!),
    )
    return { expected: levels, simulated, capped: Math.max(...capped) }
  }
}

/** Everything about a scenario in one replicate that is drawn. */
export interface Replicate {
  scenario: PlannedScenario
  values: Values
  row: CalibratedRow
  rates: Rates
  timeline: Timeline
  openness: number[]
}

export function replicate(
  plan: Plan,
  prepared: Prepared,
  scenario: PlannedScenario,
  index: number,
  noise: boolean,
): Replicate {
  const values = valuesOf(plan, scenario, index)
  const row = rowOf(plan, scenario, index)
  const { before, after } = plan.reference
  const reference = {
    before: prepared.profiles[pairKey(before, before)],
    after: prepared.profiles[pairKey(after, before)],
  }
  const walk = noise ? walkOf(plan, row, index) : () => 0
  return {
    scenario,
    values,
    row,
    rates: ratesOf(row, values, reference, prepared.stock, walk, plan.horizon),
    timeline: resolveTimeline(scenario.timeline, plan.horizon, row.inForce),
    openness: scenario.timeline.map(({ series }) => prepared.openness[series.fingerprint]),
  }
}

/** The last year whose base flow was fitted; after it the level walks. */
const LAST_FITTED_YEAR = 2017

/** Log of the base flow's walk: yearly steps of the city and of each area, keyed, the same in every scenario. */
function walkOf(plan: Plan, row: CalibratedRow, index: number): (area: number, year: number) => number {
  const key = replicateKey(plan, index)
  const step = (who: number, year: number) => normalQuantile(uniform(key, who, DECISIONS.baseNoise, year))
  return (area, year) => {
    let sum = 0
    for (let y = LAST_FITTED_YEAR + 1; y <= year; y++)
      sum += row.cityWalk * step(0, y) + row.areas[area].walk * step(area + 1, y)
    return sum
  }
}

export function expected(plan: Plan, prepared: Prepared, run: Replicate, into?: Flows): Flows {
  return meanField({
    ...run,
    profiles: profilesOf(prepared, run.scenario),
    untouched: prepared.untouched,
    channels: plan.channels,
    areas: prepared.population.areas,
    ordinaryMaxima: prepared.population.maxima.ordinary,
    into,
  })
}

export function simulation(
  plan: Plan,
  prepared: Prepared,
  run: Replicate,
  index: number,
  world: World,
): Flows {
  return simulate({
    ...run,
    world,
    support: supportOf(plan),
    key: replicateKey(plan, index),
    willing: prepared.willing,
    settledBefore: prepared.settledBefore,
    preference: channelPreferences(run.values),
    channels: plan.channels,
  })
}

/** One scenario simulated in one replicate, as the cells of the layout. */
export function cellsOfReplicate(
  plan: Plan,
  prepared: Prepared,
  layout: Layout,
  scenario: PlannedScenario,
  index: number,
  world: World,
): Float64Array {
  const run = replicate(plan, prepared, scenario, index, true)
  return cells(plan, layout, run, simulation(plan, prepared, run, index, world))
}

function cells(plan: Plan, layout: Layout, run: Replicate, flows: Flows): Float64Array {
  const context: ServiceContext = {
    pack: plan.pack,
    horizon: plan.horizon,
    values: run.values,
    law: month => lawAt(run.timeline, month),
  }
  return cellsOf(layout, flows, context, run.row.eventOverDistrictIn)
}
