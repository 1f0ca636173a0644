/** Whom two laws let through, person by person: who newly qualifies, who no longer does, by channel and by group. */
import type { FactRow, Law } from '../policy.js'

/** Numbers of persons looked at. */
export interface Moves {
  /** All of them. */
  all: number
  /** Some channel is open under the first law, under the second. */
  before: number
  after: number
  /** Under the second law alone, under the first alone. */
  gained: number
  lost: number
  /** Facts that are not known leave it open under either law. */
  undecided: number
}

export interface ChannelMoves {
  channel: string
  /** Who passes it under each law. */
  before: number
  after: number
  /** Who passes it under the second law and not under the first … */
  gained: number
  /** … and had no other way in: qualifies by the new rule alone. */
  only: number
  lost: number
  /** Of those who lost it, who has no other way in now. */
  shut: number
}

export interface Qualifying {
  total: Moves
  channels: ChannelMoves[]
  /** By name of the fact, then by its code; NaN not known. */
  groups: Record<string, Map<number, Moves>>
}

const nobody = (): Moves => ({ all: 0, before: 0, after: 0, gained: 0, lost: 0, undecided: 0 })

/** @param by names of facts of the first law; each person is counted by its value of each */
export class QualifyingCount {
  private readonly slots: [name: string, slot: number][]
  private readonly result: Qualifying
  private readonly pairs: {
    moves: ChannelMoves
    before?: Law['channels'][number]
    after?: Law['channels'][number]
  }[]

  constructor(
    private readonly a: Law,
    private readonly b: Law,
    by: readonly string[],
  ) {
    this.slots = by.map(name => [name, a.facts.findIndex(fact => fact.name === name)])
    const ids = [...new Set([...a.channels, ...b.channels].map(({ id }) => id))]
    this.pairs = ids.map(channel => ({
      moves: { channel, before: 0, after: 0, gained: 0, only: 0, lost: 0, shut: 0 },
      before: a.channels.find(({ id }) => id === channel),
      after: b.channels.find(({ id }) => id === channel),
    }))
    this.result = {
      total: nobody(),
      channels: this.pairs.map(({ moves }) => moves),
      groups: Object.fromEntries(by.map(name => [name, new Map<number, Moves>()])),
    }
  }

  /** One person, as each of the laws reads it. */
  add(rowA: FactRow, rowB: FactRow): void {
    const before = passes(this.a, rowA)
    const after = passes(this.b, rowB)
    count(this.result.total, before, after)
    for (const [name, slot] of this.slots) {
      const group = this.result.groups[name]
      let moves = group.get(rowA[slot])
      if (!moves) group.set(rowA[slot], (moves = nobody()))
      count(moves, before, after)
    }
    for (const { moves, before: old, after: now } of this.pairs) {
      const was = old ? old.open(rowA) : 0
      const is = now ? now.open(rowB) : 0
      if (was === 1) moves.before++
      if (is === 1) moves.after++
      if (was === 0 && is === 1) {
        moves.gained++
        if (before === 0) moves.only++
      }
      if (was === 1 && is === 0) {
        moves.lost++
        if (after === 0) moves.shut++
      }
    }
  }

  get counted(): Qualifying {
    return this.result
  }
}

/** Some channel is open: 1 yes, 0 no, NaN not known. */
function passes({ channels }: Law, row: FactRow): number {
  let none = 0
  for (const channel of channels) {
    const open = channel.open(row)
    if (open === 1) return 1
    none += open
  }
  return none
}

function count(moves: Moves, before: number, after: number): void {
  moves.all++
  if (before === 1) moves.before++
  if (after === 1) moves.after++
  if (before === 0 && after === 1) moves.gained++
  if (before === 1 && after === 0) moves.lost++
  if (Number.isNaN(before) || Number.isNaN(after)) moves.undecided++
}
