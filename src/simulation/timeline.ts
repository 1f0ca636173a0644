/** Which law is in force when: the policies of a scenario, laid over the months of the horizon. */
import type { Horizon, Month } from '../evidence/month.js'
import { monthsOf } from '../evidence/month.js'
import type { CompiledChannel, FactRow, Law } from '../policy/policy.js'

/** A policy as its laws by month (0 = the horizon's first); the same object where nothing changed. */
export interface LawSeries {
  policy: string
  /** Two series with the same text here hold the same law in every month. */
  fingerprint: string
  laws: Law[]
}

export interface TimelineEntry {
  /** A month, or `reform.inForce`: the month that the calibrated row of the replicate holds. */
  from: Month | 'reform.inForce'
  series: LawSeries
}

/** The timeline of one replicate: which entry holds in each month. */
export interface Timeline {
  horizon: Horizon
  entries: TimelineEntry[]
  /** Entry in force, by month of the horizon. */
  entry: Uint8Array
  /** Month (absolute) since which each entry holds; the first counts as known to all. */
  since: Month[]
}

export function resolveTimeline(entries: TimelineEntry[], horizon: Horizon, inForce: Month): Timeline {
  const since = entries.map(({ from }) => (from === 'reform.inForce' ? inForce : from))
  const entry = new Uint8Array(monthsOf(horizon))
  for (let m = 0; m < entry.length; m++)
    for (let e = 0; e < entries.length; e++) if (since[e] <= horizon.from + m) entry[m] = e
  return { horizon, entries, entry, since }
}

export const lawAt = (timeline: Timeline, month: number): Law =>
  timeline.entries[timeline.entry[month]].series.laws[month]

/**
 * What a household may do under a law, given what was in force before. A channel is an *opening* for a household
 * where the law of the horizon's first month did not have it or did not let the household through.
 */
export class Gate {
  /** The initial law's channel of the same id, or undefined: [channel of the law]. */
  private readonly initial: (CompiledChannel | undefined)[]

  constructor(
    readonly law: Law,
    initialLaw: Law,
  ) {
    this.initial = law.channels.map(channel => initialLaw.channels.find(({ id }) => id === channel.id))
  }

  /** Bit c: the household passes channel c of the law. Unknown facts do not pass. */
  passes(row: FactRow): number {
    let bits = 0
    const { channels } = this.law
    for (let c = 0; c < channels.length; c++) if (channels[c].open(row) === 1) bits |= 1 << c
    return bits
  }

  /** Of the channels passed, those that are no opening: the initial law let the household through as well. */
  known(row: FactRow, passed: number): number {
    let bits = 0
    for (let c = 0; c < this.initial.length; c++)
      if (
        passed & (1 << c) &&
        this.initial[c] !== undefined &&
        (this.initial[c] === this.law.channels[c] || this.initial[c]!.open(row) === 1)
      )
        bits |= 1 << c
    return bits
  }
}
