/**
 * What outlives a change of law: for so many months a channel of the law before is still open to those who passed it
 * in that law's last month (`qualified`), or keeps its line (`applied`). A right once held is not examined again, but
 * who stands in line is judged by the old rules at every round. In the months of a right all holders know of it as
 * far as they knew of the channel; with its last month it ends for all.
 */
import type { Month } from '../evidence/month.js'
import type { Law, Legacy } from '../policy/policy.js'
import type { Applicant } from './applicant.js'
import { lawAt, type OldChannel, type Timeline } from './timeline.js'

export interface Right extends OldChannel {
  /** Unlike every other line's name: two rights may be on channels of one id. */
  line: string
  /** The first month (absolute) in which it is over. */
  until: Month
}

export interface Arising {
  before: Law
  rights: Legacy[]
}

/**
 * Rights that arise with month m (from 0) of the timeline: all those of a rule set that takes force then, and those
 * that a rule set begins to grant on a date of its own. Nothing is known of what went before the horizon.
 */
export function arising(timeline: Timeline, m: number): Arising | undefined {
  if (m === 0) return undefined
  const [before, law] = [lawAt(timeline, m - 1), lawAt(timeline, m)]
  if (before === law) return undefined
  const sameRules = timeline.entry[m] === timeline.entry[m - 1]
  const rights = law.legacy.filter(
    ({ channel }) =>
      before.channels.some(({ id }) => id === channel) &&
      !(sameRules && before.legacy.some(right => right.channel === channel)),
  )
  return rights.length > 0 ? { before, rights } : undefined
}

/** The channel of the law before as open to those for whom `holds`. */
export const oldChannel = (
  before: Law,
  { channel: name, who }: Legacy,
  holds: (applicant: Applicant) => boolean,
): OldChannel => ({
  channel: before.channels.find(({ id }) => id === name)!,
  law: before,
  open: who === 'qualified' ? holds : () => false,
})

/** The rights of a run as its months go by. */
export class Rights {
  /** Those alive; the same array as long as nothing changes. */
  alive: readonly Right[] = []
  private holders = new Map<Legacy, Uint8Array>()

  constructor(private readonly timeline: Timeline) {}

  /** A month begins. @returns the rights that arise with it */
  begin(m: number): Right[] {
    const month = this.timeline.horizon.from + m
    if (this.alive.some(({ until }) => until <= month))
      this.alive = this.alive.filter(({ until }) => until > month)
    const { before, rights } = arising(this.timeline, m) ?? {}
    if (!before || !rights) return []
    const born = rights.map((right): Right => {
      const held = this.holders.get(right)
      return {
        ...oldChannel(before, right, ({ household }) => held?.[household] === 1),
        line: `${right.channel} ${m}`,
        until: month + right.months,
      }
    })
    this.alive = [...this.alive, ...born]
    return born
  }

  /**
   * A month ends: if it is the last of a law from which rights arise, note who qualifies.
   * @param each hands over every household that might still register
   */
  end(m: number, households: number, each: (look: (applicant: Applicant) => void) => void): void {
    if (m + 1 >= this.timeline.entry.length) return
    const { before, rights } = arising(this.timeline, m + 1) ?? {}
    const held = rights?.filter(({ who }) => who === 'qualified')
    if (!before || !held || held.length === 0) return
    const columns = held.map(right => {
      const column = new Uint8Array(households)
      this.holders.set(right, column)
      return { column, channel: before.channels.find(({ id }) => id === right.channel)! }
    })
    each(applicant => {
      const row = applicant.facts(before)
      for (const { column, channel } of columns) if (channel.open(row) === 1) column[applicant.household] = 1
    })
  }
}
