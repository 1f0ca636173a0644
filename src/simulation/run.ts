/** What one run works with: everything that its processes share, and the ledger they write to. */
import type { SeedKey } from '../evidence/luck.js'
import type { Values } from '../evidence/parameter.js'
import type { FactRow } from '../policy/policy.js'
import type { Flows } from './flows.js'
import type { Rates } from './rates.js'
import type { Joining } from './registration.js'
import { Gate, lawAt, type Timeline } from './timeline.js'
import type { World } from './world.js'

export interface Run {
  world: World
  timeline: Timeline
  values: Values
  /** Hard limits of a parameter: bounds come from them, never from the values of a run. */
  support(id: string): [number, number]
  /** Key of the replicate. */
  key: SeedKey
  rates: Rates
  /** By household: probability of belonging to the willing; 1 where settled before the horizon (profile.ts). */
  willing: Float64Array
  settledBefore: Uint8Array
  join: Joining
  preference: Map<string, number>
  /** By timeline entry: openness gained over the law before the horizon (model §2.6). */
  openness: number[]
  /** Every channel of every scenario of the plan, `ordinary` the last: the index space of `flows`. */
  channels: string[]
  flows: Flows
  row: FactRow
  /** Told of each household that arrives. */
  entering: ((household: number, month: number) => void)[]
}

/** One step of the month. `month` counts from 0. */
export interface Process {
  id: string
  month(month: number): void
}

/** The gate of the month's law, made once a law. */
export function gates(timeline: Timeline): (month: number) => Gate {
  const made = new Map<object, Gate>()
  return month => {
    const law = lawAt(timeline, month)
    let gate = made.get(law)
    if (!gate) made.set(law, (gate = new Gate(law, timeline.entries[0].series.laws[month])))
    return gate
  }
}
