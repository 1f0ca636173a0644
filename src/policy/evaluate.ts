/** What a law says of one person: open channels, score, ledger, failed conditions, and what is not known. */
import type { FactDefinition } from './facts.js'
import type { CompiledChannel, FactRow, Law, LedgerLine } from './policy.js'

export interface Evaluation {
  /** Conditions met and score high enough; quotas and rounds are not applied. */
  channels: string[]
  /** Of the channels that count points, whether or not their conditions hold; NaN where not known. */
  score: Record<string, number>
  ledger: (LedgerLine & { channel: string })[]
  failed: { channel: string; condition: string }[]
  /** Channels that cannot be decided or scored, with the unknown facts that they wait for. */
  unknown: { channel: string; facts: string[] }[]
}

/** @param facts those of the policy, in the order of the row's slots */
export function evaluate(law: Law, facts: readonly FactDefinition[], row: FactRow): Evaluation {
  const result: Evaluation = { channels: [], score: {}, ledger: [], failed: [], unknown: [] }
  for (const channel of law.channels) {
    const open = channel.open(row)
    if (open === 1) result.channels.push(channel.id)
    for (const { text, test } of channel.conditions)
      if (test(row) === 0) result.failed.push({ channel: channel.id, condition: text })
    const score = channel.points?.score(row)
    if (channel.points && score !== undefined) {
      result.score[channel.id] = score + 0
      for (const line of channel.points.ledger(row)) result.ledger.push({ channel: channel.id, ...line })
    }
    if (Number.isNaN(open) || Number.isNaN(score))
      result.unknown.push({
        channel: channel.id,
        facts: waitsFor(channel, row, open).map(slot => facts[slot].name),
      })
  }
  return result
}

/** Slots of the unknown facts that keep a channel, or its score, undecided. */
function waitsFor(channel: CompiledChannel, row: FactRow, open: number): number[] {
  const undecided = Number.isNaN(open) ? channel.conditions.filter(({ test }) => Number.isNaN(test(row))) : []
  const slots = undecided.flatMap(({ facts }) => facts)
  if (channel.points && Number.isNaN(channel.points.score(row))) slots.push(...channel.points.facts)
  return [...new Set(slots)].filter(slot => Number.isNaN(row[slot])).sort((a, b) => a - b)
}
