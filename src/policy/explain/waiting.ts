/**
 * What mere waiting does: the first month in which a channel lets a person through while everything that goes on by
 * itself goes on, under the law of each month. Every month is looked at, so the answer is exact.
 */
import type { Month } from '../../evidence/month.js'
import type { Area } from '../../pack/pack.js'
import { compileLaws } from '../compile.js'
import { advanced, clocksOf, LONGEST_WAIT, type Clock } from './course.js'
import type { FactRow } from '../facts.js'
import type { Person } from '../person.js'
import type { CompiledChannel, Law, Policy } from '../policy.js'
import { compute, givenFacts } from '../supply.js'

export interface Outlook {
  policy: Policy
  person: Person
  areas: readonly Area[]
  /** One a month, from the person's on. */
  laws: readonly Law[]
  /** The person's facts, computed ones filled by the first law. */
  row: FactRow
}

export interface Wait {
  channel: string
  /** The first month that lets the person through, undefined where none does. */
  month?: Month
  /** Slots of what has to go on until then. */
  assumes: number[]
  /** The first month after it in which the channel lets the person through no more. */
  closes?: Month
  /** Without a month: a condition that holds now and is lost by waiting, and when. */
  lost?: { condition: string; month: Month; facts: number[] }
  /** Without a month: slots of unknown facts on which it hangs whether some month would do. */
  unknown: number[]
}

/** @throws InputError as `compileLaw` */
export function outlook(policy: Policy, person: Person, areas: readonly Area[]): Outlook {
  const laws = compileLaws(policy, { from: person.month, to: person.month + LONGEST_WAIT }, { areas })
  const row = person.row.slice()
  compute(laws[0].declared, row, person.given)
  return { policy, person, areas, laws, row }
}

export const channelIn = (law: Law, id: string): CompiledChannel | undefined =>
  law.channels.find(channel => channel.id === id)

/** Ids of all channels of these laws, those of the first law first. */
export const channelsOf = (laws: readonly Law[]): string[] => [
  ...new Set([...new Set(laws)].flatMap(({ channels }) => channels.map(({ id }) => id))),
]

export function waitFor(id: string, view: Outlook): Wait {
  const { laws, person, policy, row } = view
  const clocks = (months: number) => clocksOf(person, policy.facts, laws[months], row)
  const read = (months: number) => {
    const channel = channelIn(laws[months], id)
    const slots = givenFacts(laws[months].declared, channel?.facts ?? [], person.given)
    return clocks(months).filter(({ slot }) => slots.has(slot))
  }
  const open = (months: number, running: readonly Clock[] = clocks(months)) =>
    channelIn(laws[months], id)?.open(advanced(person, laws[months], row, running, months)) ?? 0
  const answers = laws.map((_, months) => open(months))
  const first = answers.indexOf(1)
  if (first >= 0) {
    const end = answers.findIndex((answer, months) => months > first && answer !== 1)
    const needed = first === 0 ? [] : smallest(read(first), running => open(first, running) === 1)
    return {
      channel: id,
      month: person.month + first,
      assumes: (needed ?? []).map(({ slot }) => slot),
      ...(end >= 0 && { closes: person.month + end }),
      unknown: [],
    }
  }
  const hangs = answers.findIndex(answer => Number.isNaN(answer))
  const facts = hangs < 0 ? undefined : channelIn(laws[hangs], id)?.facts
  const lost = lostCondition(id, view, clocks)
  return {
    channel: id,
    assumes: [],
    ...(lost && { lost }),
    unknown: facts
      ? [...givenFacts(laws[hangs].declared, facts, person.given)].filter(slot => Number.isNaN(row[slot]))
      : [],
  }
}

/** The first condition to be lost among those that hold now. */
function lostCondition(
  id: string,
  { laws, person, row }: Outlook,
  clocks: (months: number) => Clock[],
): Wait['lost'] {
  const holding = channelIn(laws[0], id)?.conditions.filter(
    ({ kind, test }) => kind !== 'score' && test(row) === 1,
  )
  if (!holding || holding.length === 0) return undefined
  for (let months = 1; months < laws.length; months++) {
    const channel = channelIn(laws[months], id)
    if (!channel) return undefined
    const later = advanced(person, laws[months], row, clocks(months), months)
    const gone = channel.conditions.find(
      ({ text, test }) => holding.some(condition => condition.text === text) && test(later) === 0,
    )
    if (gone) return { condition: gone.text, month: person.month + months, facts: gone.facts }
  }
  return undefined
}

/**
 * The smallest part of a list that passes, parts of one size in the order of the list: exactly up to twelve, beyond
 * that by leaving out one after another.
 */
export function smallest<T>(items: readonly T[], passes: (part: readonly T[]) => boolean): T[] | undefined {
  if (items.length <= 12) {
    for (let size = 0; size <= items.length; size++)
      for (const part of combinations(items, size)) if (passes(part)) return part
    return undefined
  }
  if (!passes(items)) return undefined
  return items.reduce<readonly T[]>((kept, item) => {
    const without = kept.filter(other => other !== item)
    return passes(without) ? without : kept
  }, items) as T[]
}

function* combinations<T>(items: readonly T[], size: number): Generator<T[]> {
  if (size === 0) yield []
  else
    for (let first = 0; first <= items.length - size; first++)
      for (const rest of combinations(items.slice(first + 1), size - 1)) yield [items[first], ...rest]
}
