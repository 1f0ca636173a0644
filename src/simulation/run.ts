/** What one run works with: everything that its processes share, and the ledger they write to. */
import type { SeedKey } from '../evidence/luck.js'
import type { Values } from '../evidence/parameter.js'
import type { Applicant } from './applicant.js'
import type { Flows } from './flows.js'
import type { Rates } from './rates.js'
import type { Joining } from './registration.js'
import { Gate, lawAt, type OldChannel, type Timeline } from './timeline.js'
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
  /** The household looked at. */
  applicant: Applicant
  /** Told of each household that arrives. */
  entering: ((household: number, month: number) => void)[]
}

/** One step of the month. `month` counts from 0. */
export interface Process {
  id: string
  month(month: number): void
}

/** The gate of the month's law and of what remains of earlier ones, made anew when either changes. */
export function gates(timeline: Timeline): (month: number, old: readonly OldChannel[]) => Gate {
  let made: Gate | undefined
  return (month, old) => {
    const law = lawAt(timeline, month)
    const initial = timeline.entries[0].series.laws[month]
    if (made?.law !== law || made.initialLaw !== initial || made.old !== old)
      made = new Gate(law, initial, old)
    return made
  }
}
