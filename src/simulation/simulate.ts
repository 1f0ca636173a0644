/**
 * One run: one scenario, one replicate. The month order of model §2.2; each step sees what the steps before it did,
 * and what couples persons (awareness, points rounds) works on the month's aggregates.
 */
import type { SeedKey } from '../evidence/luck.js'
import { monthsOf } from '../evidence/month.js'
import type { Values } from '../evidence/parameter.js'
import type { CalibratedRow } from './calibrated.js'
import { Applicant } from './applicant.js'
import { emptyFlows, type Flows } from './flows.js'
import { keepInsuredMonths } from './insured.js'
import { close, countSlowStocks, isCounted, open } from './ledger.js'
import { application } from './processes/application.js'
import { arrival } from './processes/arrival.js'
import { awareness } from './processes/awareness.js'
import { exit } from './processes/exit.js'
import { ordinary } from './processes/ordinary.js'
import { insurance, schedule } from './processes/transitions.js'
import type { Rates } from './rates.js'
import { joining } from './registration.js'
import type { Process, Run } from './run.js'
import { readsWindow, type Timeline } from './timeline.js'
import { reset, type World } from './world.js'

export interface RunInputs {
  world: World
  timeline: Timeline
  values: Values
  support(id: string): [number, number]
  key: SeedKey
  row: CalibratedRow
  rates: Rates
  willing: Float64Array
  settledBefore: Uint8Array
  preference: Map<string, number>
  openness: number[]
  channels: string[]
  /** Called at the end of each month, e.g. to take a profile; and where false, nobody applies. */
  applications?: boolean
  observe?(month: number, run: Run): void
}

/** @returns monthly flows at full scale: divided by the population's scale */
export function simulate(inputs: RunInputs): Flows {
  const { world, timeline } = inputs
  const { population } = world
  const run: Run = {
    ...inputs,
    join: joining(inputs.values),
    flows: emptyFlows(timeline.horizon, population.areas.length, inputs.channels),
    applicant: new Applicant(world, inputs.key),
    entering: [],
  }
  reset(world)
  if (world.insuredMonths || timeline.entries.some(({ series }) => readsWindow(series)))
    keepInsuredMonths(world, timeline.horizon.from)
  const learns = awareness(run, inputs.row)
  run.entering = [schedule(run), learns.enters]
  const steps: Process[] = [exit(run), arrival(run), insurance(run), learns]
  if (inputs.applications !== false) steps.push(application(run), ordinary(run))
  open(run)
  let counted = 0
  for (let m = 0; m < monthsOf(timeline.horizon); m++) {
    for (const step of steps) step.month(m)
    close(run, m)
    if (isCounted(run, m)) {
      countSlowStocks(run, m, counted)
      counted = m
    }
    inputs.observe?.(m, run)
  }
  return scaled(run.flows, 1 / population.scale)
}

function scaled(flows: Flows, factor: number): Flows {
  if (factor === 1) return flows
  const { rounds, ...monthly } = flows
  const counts = rounds.flatMap(({ lowestScore: _, ...round }) => Object.values(round))
  for (const array of [...Object.values(monthly), ...counts])
    if (array instanceof Float64Array) for (let i = 0; i < array.length; i++) array[i] *= factor
  return flows
}
