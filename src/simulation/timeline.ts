/** Which law is in force when: the policies of a scenario, laid over the months of the horizon. */
import type { Horizon, Month } from '../evidence/month.js'
import { monthsOf } from '../evidence/month.js'
import type { CompiledChannel, Law } from '../policy/policy.js'
import type { Applicant } from './applicant.js'

/** A policy as its laws by month (0 = the horizon's first); the same object where nothing changed. */
export interface LawSeries {
  policy: string
  /** Two series with the same text here hold the same law in every month. */
  fingerprint: string
  laws: Law[]
}

/** Does some law count months within a window? Then a run keeps them (insured.ts). */
export const readsWindow = ({ laws }: LawSeries): boolean =>
  laws.some(({ declared }) => declared.some(({ kind }) => kind === 'window'))

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

/** A channel of an earlier law that some may still use (legacy.ts). */
export interface OldChannel {
  channel: CompiledChannel
  /** The law that it stood in: its conditions read the facts of that. */
  law: Law
  /** May the applicant still apply through it? */
  open(applicant: Applicant): boolean
}

/**
 * What a household may do under a law, given what was in force before. A channel is an *opening* for a household
 * where the law of the horizon's first month did not have it or did not let the household through.
 */
export class Gate {
  /** The channels of the law, then those of `old`. */
  readonly channels: readonly CompiledChannel[]
  /** Bits of the channels through which nobody applies: who lives here and passes is registered. */
  readonly automatic: number
  /** The initial law's channel of the same id, or undefined: [channel]. */
  private readonly initial: (CompiledChannel | undefined)[]

  constructor(
    readonly law: Law,
    readonly initialLaw: Law,
    readonly old: readonly OldChannel[] = [],
  ) {
    this.channels = [...law.channels, ...old.map(({ channel }) => channel)]
    this.initial = this.channels.map(channel => initialLaw.channels.find(({ id }) => id === channel.id))
    this.automatic = law.channels.reduce(
      (bits, { selection }, c) => (selection === 'none' ? bits | (1 << c) : bits),
      0,
    )
  }

  /** The law in which channel c stands. */
  lawOf(c: number): Law {
    return c < this.law.channels.length ? this.law : this.old[c - this.law.channels.length].law
  }

  /** Bit c: the household passes channel c. Unknown facts do not pass. An old channel counts where the law's own of that name is shut. */
  passes(applicant: Applicant): number {
    let bits = 0
    const { channels } = this.law
    const row = applicant.facts(this.law)
    for (let c = 0; c < channels.length; c++) if (channels[c].open(row) === 1) bits |= 1 << c
    for (let k = 0; k < this.old.length; k++) {
      const { id } = this.old[k].channel
      const own = channels.findIndex(channel => channel.id === id)
      if ((own < 0 || !(bits & (1 << own))) && this.old[k].open(applicant)) bits |= 1 << (channels.length + k)
    }
    return bits
  }

  /** Of the channels passed, those that are no opening: the initial law let the household through as well. */
  known(applicant: Applicant, passed: number): number {
    let bits = 0
    for (let c = 0; c < this.initial.length; c++)
      if (
        passed & (1 << c) &&
        this.initial[c] !== undefined &&
        (this.initial[c] === this.channels[c] ||
          this.initial[c]!.open(applicant.facts(this.initialLaw)) === 1)
      )
        bits |= 1 << c
    return bits
  }
}
