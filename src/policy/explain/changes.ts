/**
 * The smallest changes that would let a person through a channel: one fact, two facts, or one fact and then waiting.
 * Every set is minimal: no part of it would do. They stand in this order: fewest changes (waiting counts as one),
 * soonest, smallest move – counted in thresholds passed by a quantity, levels of an ordered fact, one for any other
 * change, none for a fact that is not known and only has to turn out so – and then as the rules name the facts.
 */
import type { Month } from '../../evidence/month.js'
import { advanced, clocksOf, FIXED, isClock, RISING, type Clock } from './course.js'
import type { FactRow } from '../facts.js'
import type { CompiledChannel, Law } from '../policy.js'
import { compute, givenFacts } from '../supply.js'
import { Thresholds } from './thresholds.js'
import { channelIn, smallest, type Outlook, type Wait } from './waiting.js'

export interface Change {
  slot: number
  /** NaN where it is not known. */
  from: number
  to: number
  /**
   * `act`: the person sees to it. `learn`: it is not known and has to turn out so. `begin`: a duration begins to
   * run now. `wait`: a duration, or an age, goes on.
   */
  by: 'act' | 'learn' | 'begin' | 'wait'
  /** Other values that would do as well, of a fact whose values have no order. */
  others: number[]
  /** Of a quantity or a level to be learnt: all from here to there would do. */
  range?: [from: number, to: number]
}

export interface Proposal {
  channel: string
  changes: Change[]
  /** The month that has to be waited for, under whose law the changes do. */
  month?: Month
}

interface Move extends Change {
  cost: number
}

/** Moves of one fact looked at in a pair, or before waiting; a pair found is then brought as near as it goes. */
const MOST_MOVES = 40

/** @param wait what waiting alone does: no set has to wait as long as that */
export function nearestChanges(id: string, view: Outlook, wait: Wait): Proposal[] {
  const channel = channelIn(view.laws[0], id)
  if (!channel || channel.open(view.row) === 1) return []
  const search = new Search(channel, view)
  const one = search.one()
  const alone = new Set(one.map(([{ slot }]) => slot))
  const rest = search.slots.filter(slot => !alone.has(slot))
  const sets = [
    ...one.map(moves => ({ moves, month: undefined as Month | undefined })),
    ...search.two(rest).map(moves => ({ moves, month: undefined })),
    ...search.thenWait(rest, wait.month),
  ]
  if (
    Number.isNaN(channel.open(view.row)) &&
    !sets.some(({ moves }) => moves.every(({ by }) => by === 'learn'))
  ) {
    const all = search.all()
    if (all) sets.push({ moves: all, month: undefined })
  }
  const size = ({ moves }: { moves: Move[] }) =>
    moves.filter(({ by }) => by !== 'wait').length + (moves.some(({ by }) => by === 'wait') ? 1 : 0)
  const cost = ({ moves }: { moves: Move[] }) => moves.reduce((sum, move) => sum + move.cost, 0)
  return sets
    .sort((a, b) => size(a) - size(b) || (a.month ?? 0) - (b.month ?? 0) || cost(a) - cost(b))
    .map(({ moves, month }) => ({
      channel: id,
      changes: moves.map(({ cost: _, ...change }) => change),
      ...(month !== undefined && { month }),
    }))
}

class Search {
  /** Of the given facts that the channel reads. */
  readonly slots: number[]
  private readonly thresholds: Thresholds

  constructor(
    private readonly channel: CompiledChannel,
    private readonly view: Outlook,
  ) {
    const { laws, policy, areas, person } = view
    this.slots = this.given(laws[0], channel.facts)
    this.thresholds = new Thresholds(
      channel,
      policy.facts,
      slots => new Set([...slots, ...this.given(laws[0], slots)]),
      row => compute(laws[0].declared, row, person.given),
      areas.length,
    )
  }

  /** One change of one fact, the smallest of each. */
  one(): Move[][] {
    return this.slots.flatMap(slot => {
      const moves = this.moves(slot, this.view.row).filter(move => this.opens([move]))
      return moves.length === 0 ? [] : [[this.merged(moves[0], [])]]
    })
  }

  /** The smallest change of each two facts, neither of which would do alone. */
  two(slots: readonly number[]): Move[][] {
    const { row } = this.view
    const found: Move[][] = []
    const moves = new Map(slots.map(slot => [slot, thinned(this.moves(slot, row))]))
    for (const [index, a] of slots.entries())
      for (const b of slots.slice(index + 1)) {
        const together = this.thresholds.together(a, b)
        let best: Move[] | undefined
        const cost = () => (best ? best[0].cost + best[1].cost : Infinity)
        for (const first of moves.get(a)!) {
          if (first.cost >= cost()) break
          const seconds = together ? thinned(this.moves(b, this.changed([first]))) : moves.get(b)!
          const second = seconds.find(move => this.opens([first, move]))
          if (second && first.cost + second.cost < cost()) best = [first, second]
        }
        if (best) found.push(this.brought(best))
      }
    return found
  }

  /** One change now and then the clocks: the soonest month of each fact. */
  thenWait(slots: readonly number[], latest: Month | undefined) {
    const { laws, person, policy, row } = this.view
    const limit = latest === undefined ? laws.length - 1 : latest - person.month - 1
    return slots.flatMap(slot => {
      let best: { move: Move; months: number } | undefined
      for (const move of [...thinned(this.moves(slot, row)), ...this.beginning(slot)]) {
        const changed = this.changed(move.by === 'begin' ? [] : [move])
        const begun = move.by === 'begin' ? [slot] : []
        let clocks: Clock[] = []
        for (let months = 1; months < (best?.months ?? limit + 1); months++) {
          const law = laws[months]
          if (months === 1 || law !== laws[months - 1])
            clocks = clocksOf(person, policy.facts, law, changed, begun)
          if (this.openIn(law, advanced(person, law, changed, clocks, months))) best = { move, months }
        }
      }
      const moves = best && this.explained(best.move, best.months)
      return moves ? [{ moves, month: person.month + best!.months }] : []
    })
  }

  /** Every unknown fact on which the channel hangs, condition by condition, where two are not enough. */
  all(): Move[] | undefined {
    let moves: Move[] = []
    for (const { test, facts } of this.channel.conditions) {
      const row = this.changed(moves)
      if (!Number.isNaN(test(row))) continue
      const open = this.given(this.view.laws[0], facts).filter(slot => Number.isNaN(row[slot]))
      const holds = (more: Move[]) => test(this.changed([...moves, ...more])) === 1
      const one = open.flatMap(slot => this.moves(slot, row).filter(move => holds([move])))[0]
      const more = one ? [one] : this.pairWithin(open, row, holds)
      if (!more) return undefined
      moves = [...moves, ...more]
    }
    const least = smallest(moves, part => this.opens(part))
    return least?.map(move =>
      this.merged(
        move,
        least.filter(other => other !== move),
      ),
    )
  }

  private pairWithin(slots: readonly number[], row: FactRow, holds: (moves: Move[]) => boolean) {
    for (const [index, a] of slots.entries())
      for (const b of slots.slice(index + 1))
        for (const first of thinned(this.moves(a, row)))
          for (const second of thinned(this.moves(b, this.changed([first]))))
            if (holds([first, second])) return [first, second]
    return undefined
  }

  /** With the durations that matter until then; undefined where the change itself is not needed. */
  private explained(move: Move, months: number): Move[] | undefined {
    const { laws, person, policy } = this.view
    const law = laws[months]
    const channel = channelIn(law, this.channel.id)!
    const begins = move.by === 'begin'
    const changed = this.changed(begins ? [] : [move])
    const running = clocksOf(person, policy.facts, law, changed, begins ? [move.slot] : [])
    const read = new Set(this.given(law, channel.facts))
    const settled = { ...move }
    if (begins) settled.to = running.find(({ slot }) => slot === move.slot)!.after(months)
    const waits = running
      .filter(({ slot }) => slot !== move.slot && read.has(slot))
      .map(({ slot, after }): Move => {
        const from = changed[slot]
        return { slot, from, to: after(months), by: 'wait', others: [], cost: 0 }
      })
    const least = smallest([settled, ...waits], part => this.openIn(law, this.changed(part, law)))
    return least?.includes(settled) ? least : undefined
  }

  /** What the fact may become, the smallest move first: one value for each segment of its values. */
  private moves(slot: number, row: FactRow): Move[] {
    const fact = this.view.policy.facts[slot]
    const from = row[slot]
    const unknown = Number.isNaN(from)
    if (!unknown && (fact.name in FIXED || isClock(fact))) return []
    const segments = this.thresholds.segments(slot, row)
    const here = segments.findIndex(segment => from >= segment.from && from <= segment.to)
    const steps = fact.type.kind === 'number' || fact.type.kind === 'ordered'
    const moves = segments.flatMap((segment, index): Move[] => {
      if (index === here || (RISING.includes(fact.name) && index < here)) return []
      const base = { slot, from, others: [] }
      if (!unknown) {
        const to = index > here ? segment.from : segment.to
        return [{ ...base, to, by: 'act', cost: steps ? Math.abs(index - here) : 1 }]
      }
      const to = index === 0 && segments.length > 1 ? segment.to : segment.from
      return [{ ...base, to, by: 'learn', cost: 0, ...(steps && { range: [segment.from, segment.to] }) }]
    })
    return moves.sort((a, b) => a.cost - b.cost)
  }

  /** A duration that stands still may be begun. */
  private beginning(slot: number): Move[] {
    const { laws, person, policy, row } = this.view
    const fact = policy.facts[slot]
    const stands =
      isClock(fact) &&
      !Number.isNaN(row[slot]) &&
      !clocksOf(person, policy.facts, laws[0], row).some(clock => clock.slot === slot)
    return stands ? [{ slot, from: row[slot], to: row[slot], by: 'begin', others: [], cost: 1 }] : []
  }

  /** Every other value that would do in its place, beside the other changes. */
  private merged(move: Move, beside: readonly Move[]): Move {
    const { kind } = this.view.policy.facts[move.slot].type
    const doing = this.moves(move.slot, this.changed(beside)).filter(
      other => other.by === move.by && this.opens([...beside, other]),
    )
    if (kind === 'named' || kind === 'area')
      return { ...move, others: doing.map(({ to }) => to).filter(to => to !== move.to) }
    if (!move.range) return move
    // Segments that touch and all do are one range.
    const ranges = doing.map(({ range }) => range!).sort(([a], [b]) => a - b)
    const range: [number, number] = [...move.range]
    const all = this.thresholds.segments(move.slot, this.changed(beside))
    const index = all.findIndex(({ from }) => from === range[0])
    const does = (segment: { from: number } | undefined) =>
      segment && ranges.some(([from]) => from === segment.from)
    for (let next = index + 1; does(all[next]); next++) range[1] = all[next].to
    for (let next = index - 1; does(all[next]); next--) range[0] = all[next].from
    return { ...move, range }
  }

  /** Each quantity as near to what it is as the others allow, then with what would do in its place. */
  private brought([first, second]: Move[]): Move[] {
    const nearer = (move: Move, other: Move): Move =>
      this.moves(move.slot, this.changed([other])).find(
        candidate => candidate.by === move.by && this.opens([candidate, other]),
      ) ?? move
    const a = nearer(first, second)
    const b = nearer(second, a)
    return [this.merged(a, [b]), this.merged(b, [a])]
  }

  private opens(changes: readonly Change[]): boolean {
    return this.channel.open(this.changed(changes)) === 1
  }

  private openIn(law: Law, row: FactRow): boolean {
    return channelIn(law, this.channel.id)?.open(row) === 1
  }

  private changed(changes: readonly Change[], law: Law = this.view.laws[0]): FactRow {
    const row = this.view.row.slice()
    for (const { slot, to } of changes) row[slot] = to
    compute(law.declared, row, this.view.person.given)
    return row
  }

  private given(law: Law, slots: readonly number[]): number[] {
    return [...givenFacts(law.declared, slots, this.view.person.given)]
  }
}

/** Evenly over all, the smallest and the largest among them. */
const thinned = (moves: readonly Move[]): readonly Move[] =>
  moves.length <= MOST_MOVES
    ? moves
    : Array.from(
        { length: MOST_MOVES },
        (_, index) => moves[Math.round((index * (moves.length - 1)) / (MOST_MOVES - 1))],
      )
