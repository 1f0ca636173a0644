/** A round on a short list of applicants, as a case states it: places, order, ties, spill, waiting. */
import { DECISIONS, seedKey, subKey, uniform } from '../../evidence/luck.js'
import { monthOfYear, type Month } from '../../evidence/month.js'
import type { Area } from '../../pack/pack.js'
import type { Text } from '../../reading/text.js'
import { CORE_FACTS } from '../facts.js'
import type { CompiledChannel, FactRow, Law, Rounds } from '../policy.js'
import { placesInRound, rankWithinQuota } from '../ranking.js'
import { names, number, plain, sameSet, type Difference } from './difference.js'
import { areasOf, type RoundCase } from './file.js'
import { rowUnder } from './person.js'
import type { Quota, Refusal } from './schema.js'

/** Ties by lot are drawn so often, each time with the applicants in another order; what is expected must hold always. */
const DRAWS = 20
const AREA = CORE_FACTS.findIndex(({ name }) => name === 'area')
const EVERY_MONTH = Array.from({ length: 12 }, (_, i) => i + 1)
const KEY = seedKey('rounds of policy cases')

interface Places {
  whole?: number
  areas: Record<string, number | undefined>
  when?(row: FactRow): number
}

interface Outcome {
  admitted: string[]
  refused: Record<string, Refusal>
  waiting: string[]
  unfilled: Record<string, number>
  over: number
}

/** @returns what does not hold, at the first draw that shows it */
export function judgeRound(law: Law, item: RoundCase, areas: readonly Area[] = []): Difference[] {
  const channel = law.channels.find(({ id }) => id === item.channel)
  if (!channel?.rounds)
    return [
      {
        what: plain(item.channel),
        expected: { zh: '名额有限的渠道', en: 'a channel with limited places' },
        got: channel
          ? { zh: '符合条件即可,没有名额', en: 'no quota or rounds' }
          : { zh: '当月没有这一渠道', en: 'not in force then' },
      },
    ]
  const rounds = placesOf(channel.rounds, item.month, item.expected.admitted_before)
  const rows = item.persons.map(person => rowUnder(law, person))
  for (let draw = 0; draw < DRAWS; draw++) {
    const outcome = held(channel, channel.rounds, withPlaces(rounds, item), { item, rows, areas, draw })
    const differences = compared(item, rounds, outcome, channel.rounds, rows)
    if (differences.length > 0) return differences
    if (channel.rounds.ties !== 'draw') break
  }
  return []
}

/** The rounds that the law holds in a month; several where they stand in the rules by date. */
function placesOf(rules: Rounds, month: Month, before: Quota | undefined): Places[] {
  if (rules.dated)
    return rules.dated
      .filter(round => round.month === month)
      .map(({ places, when }) => ({ whole: places, areas: {}, when }))
  const months = [...new Set(rules.months ?? EVERY_MONTH)].sort((a, b) => a - b)
  const round = months.indexOf(monthOfYear(month))
  if (round < 0) return []
  const { year, areas = {} } = rules.quota ?? {}
  // Where empty places lapse, earlier rounds count as filled.
  const share = (quota: number, admitted = 0) =>
    placesInRound(
      quota,
      months.length,
      round,
      rules.unfilled === 'never' ? placesInRound(quota, months.length, round - 1, 0) : admitted,
    )
  const admitted = areasOf(before)
  return [
    {
      whole: year === undefined ? undefined : share(year, wholeOf(before)),
      areas: Object.fromEntries(
        Object.entries(areas).map(([area, quota]) => [area, share(quota, admitted[area])]),
      ),
    },
  ]
}

const wholeOf = (quota: Quota | undefined) => (typeof quota === 'object' ? quota.whole : quota)

const withPlaces = (rounds: Places[], { expected: { with_places: given } }: RoundCase): Places[] =>
  given === undefined
    ? rounds
    : (rounds.length > 0 ? rounds : [{ areas: {} }]).map(({ when }) => ({
        whole: wholeOf(given),
        areas: areasOf(given),
        when,
      }))

function held(
  channel: CompiledChannel,
  rules: Rounds,
  rounds: readonly Places[],
  { item, rows, areas, draw }: { item: RoundCase; rows: FactRow[]; areas: readonly Area[]; draw: number },
): Outcome {
  const { persons, month } = item
  const expired = (index: number) =>
    rules.validMonths !== undefined && month - (persons[index].applied ?? month) > rules.validMonths
  const inLine = new Set(rows.keys())
  const tookPart = new Set<number>()
  const admitted: number[] = []
  let [empty, over] = [0, 0]
  let unfilled: Record<string, number> = {}
  for (const { whole: own, areas: byArea, when } of rounds) {
    // As in the simulation: what one round by date leaves empty is added to the next.
    const whole = own === undefined ? undefined : own + empty
    const taking = [...inLine].filter(
      index => !expired(index) && channel.open(rows[index]) === 1 && (when?.(rows[index]) ?? 1) === 1,
    )
    for (const index of taking) tookPart.add(index)
    if (draw % 2 === 1) taking.reverse()
    const result = rankWithinQuota(
      {
        score: taking.map(index => channel.points?.score(rows[index]) ?? 0),
        area: taking.map(index => rows[index][AREA]),
        keys: rules.rank.map(({ value }) => taking.map(index => value(rows[index]))),
        draw: taking.map(index => uniform(subKey(KEY, draw), index, DECISIONS.pointsTie, month)),
      },
      {
        atLeast: channel.points?.atLeast ?? -Infinity,
        quota: { whole, areas: areas.map(({ id }) => byArea[id]) },
        descending: rules.rank.map(({ descending }) => descending),
        ties: rules.ties,
        spill: rules.spill,
      },
    )
    for (const place of result.admitted) {
      admitted.push(taking[place])
      inLine.delete(taking[place])
    }
    unfilled = Object.fromEntries([...result.unfilled].map(([area, places]) => [areas[area].id, places]))
    over += result.over
    empty =
      whole === undefined || rules.unfilled === 'never' ? 0 : Math.max(0, whole - result.admitted.length)
  }
  const waiting: string[] = []
  const refused: Outcome['refused'] = {}
  for (const index of inLine) {
    const { id } = persons[index]
    if (expired(index)) refused[id] = 'expired'
    else if (channel.open(rows[index]) !== 1) refused[id] = 'unqualified'
    else if (rules.waits || !tookPart.has(index)) waiting.push(id)
    else refused[id] = 'no_place'
  }
  return { admitted: admitted.map(index => persons[index].id), refused, waiting, unfilled, over }
}

function compared(
  { expected, persons }: RoundCase,
  rounds: readonly Places[],
  outcome: Outcome,
  rules: Rounds,
  rows: readonly FactRow[],
): Difference[] {
  const differences: Difference[] = []
  const differ = (what: Text, wanted: Text, got: Text) =>
    void differences.push({ what, expected: wanted, got })
  const { admitted, refused, waiting, unfilled, over } = outcome
  const { places } = expected
  if (places !== undefined) {
    const sum = rounds.every(({ whole }) => whole !== undefined)
      ? rounds.reduce((all, { whole }) => all + whole!, 0)
      : undefined
    const whole = wholeOf(places)
    if (whole !== undefined && whole !== sum)
      differ(PLACES, number(whole), sum === undefined ? UNLIMITED : number(sum))
    for (const [area, wanted] of Object.entries(areasOf(places))) {
      const got = rounds[0]?.areas[area]
      if (wanted !== got) differ(placesIn(area), number(wanted), got === undefined ? UNLIMITED : number(got))
    }
  }
  if (expected.admitted && !sameSet(expected.admitted, admitted))
    differ(ADMITTED, names(expected.admitted), names(admitted))
  if (expected.ranked && expected.ranked.join('\n') !== admitted.join('\n'))
    differ({ zh: '录取次序', en: 'admitted, best first' }, names(expected.ranked), names(admitted))
  const out = (expected.must_admit ?? []).filter(id => !admitted.includes(id))
  if (out.length > 0) differ(ADMITTED, names(out), names(admitted))
  if (expected.exactly_one_of) {
    const among = expected.exactly_one_of.filter(id => admitted.includes(id))
    if (among.length !== 1)
      differ(
        { zh: '只录取其中一人', en: 'exactly one admitted' },
        names(expected.exactly_one_of),
        names(among),
      )
  }
  for (const [id, reason] of Object.entries(expected.refused ?? {}))
    if (refused[id] !== reason)
      differ(
        plain(id),
        REASONS[reason],
        refused[id] ? REASONS[refused[id]] : waiting.includes(id) ? WAITING : ADMITTED,
      )
  if (expected.waiting && !sameSet(expected.waiting, waiting))
    differ(WAITING, names(expected.waiting), names(waiting))
  for (const [area, wanted] of Object.entries(expected.unfilled ?? {}))
    if (unfilled[area] !== wanted)
      differ(
        { zh: `${area} 空余名额`, en: `empty places in ${area}` },
        number(wanted),
        unfilled[area] === undefined ? UNLIMITED : number(unfilled[area]),
      )
  if (expected.over !== undefined && expected.over !== over)
    differ({ zh: '超出名额人数', en: 'admitted beyond the places' }, number(expected.over), number(over))
  for (const [text, wanted] of Object.entries(expected.cut_off ?? {})) {
    const last = persons.findIndex(({ id }) => id === admitted.at(-1))
    const key = rules.rank.find(key => key.text === text)
    const got = key && last >= 0 ? key.value(rows[last]) : NaN
    if (got !== wanted)
      differ(
        { zh: `最后一名的 ${text}`, en: `${text} of the last one admitted` },
        number(wanted),
        number(got),
      )
  }
  return differences
}

const PLACES: Text = { zh: '本轮名额', en: 'places of the round' }
const placesIn = (area: string): Text => ({ zh: `${area} 本轮名额`, en: `places of the round in ${area}` })
const UNLIMITED: Text = { zh: '不限', en: 'no limit' }
const ADMITTED: Text = { zh: '录取', en: 'admitted' }
const WAITING: Text = { zh: '轮候', en: 'waiting' }
const REASONS: Record<Refusal, Text> = {
  unqualified: { zh: '不符合条件或积分不足', en: 'conditions or points not met' },
  no_place: { zh: '未获名额', en: 'no place' },
  expired: { zh: '申请已过期', en: 'application expired' },
}
