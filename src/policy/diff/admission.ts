/** How those who pass are let in: selection, places, rounds, order – held against those of another law. */
import type { Text } from '../../reading/text.js'
import type { CompiledChannel, Rounds } from '../policy.js'
import type { ChannelRules, InForce, Selection } from '../schema.js'
import { plainNumber, SELECTION_WORDS } from '../words.js'
import { change, joined, more, paired, same, type Change, type Effect, type Part } from './change.js'
import { guardChange } from './conditions.js'
import type { Ground, Side } from './ground.js'
import { conditionWords } from './words.js'
import { meaningOf } from './meaning.js'

type Admission = NonNullable<InForce<ChannelRules>['admit']>

export function admissionChanges(
  id: string,
  [a, b]: readonly [CompiledChannel, CompiledChannel],
  sides: readonly [Side, Side],
  ground: Ground,
): Change[] {
  const changes: Change[] = []
  const say = (
    part: Part,
    subject: Text,
    before: Text | undefined,
    after: Text | undefined,
    effect: Effect,
    name?: string,
  ) => changes.push(change({ channel: id, part, ...(name && { name }), subject, before, after, effect }))
  if (a.selection !== b.selection)
    say(
      'selection',
      { zh: '准入方式', en: 'how they are let in' },
      SELECTION_WORDS[a.selection],
      SELECTION_WORDS[b.selection],
      more(openness(a.selection), openness(b.selection)) === 'none'
        ? 'unclear'
        : more(openness(a.selection), openness(b.selection)),
    )

  const [x, y] = [a.rounds, b.rounds]
  for (const [area, before, after] of [
    ['', x?.quota?.year, y?.quota?.year] as const,
    ...paired(x?.quota?.areas ?? {}, y?.quota?.areas ?? {}),
  ])
    if (before !== after)
      say(
        'quota',
        quotaSubject(area, ground),
        before === undefined ? undefined : places(before),
        after === undefined ? undefined : places(after),
        more(before ?? Infinity, after ?? Infinity),
        area || undefined,
      )
  const months = (rounds: Rounds | undefined) => rounds?.months && [...rounds.months].sort((p, q) => p - q)
  if (months(x)?.join() !== months(y)?.join())
    say('rounds', { zh: '轮次', en: 'rounds' }, monthsWords(months(x)), monthsWords(months(y)), 'unclear')
  changes.push(...roundChanges(id, sides, ground))
  const [rank, order] = [a, b].map((channel, i) => rankOf(channel, sides[i], ground))
  if (rank?.en !== order?.en) say('rank', { zh: '排名', en: 'order' }, rank, order, 'unclear')
  for (const { subject, of, effect } of MANNERS) {
    const [before, after] = [x && of(x), y && of(y)]
    const usual = of(USUAL).en
    // What is as usual is not worth a word where the other law has no places at all.
    if (before?.en === after?.en || (!x && after?.en === usual) || (!y && before?.en === usual)) continue
    say('rounds', subject, before, after, x && y ? (effect?.(x, y) ?? 'unclear') : 'unclear')
  }
  return changes
}

/** Who passes is let in, or has to win a place. */
const openness = (selection: Selection): number => (selection === 'open' || selection === 'none' ? 1 : 0)

const places = (persons: number): Text => ({
  zh: `${plainNumber(persons)} 人`,
  en: `${plainNumber(persons)} ${persons === 1 ? 'person' : 'persons'}`,
})

function quotaSubject(area: string, { areas }: Ground): Text {
  if (area === '') return { zh: '年度名额', en: 'yearly quota' }
  const { zh, en } = areas.find(({ id }) => id === area)?.name ?? same(area)
  return { zh: `${zh}年度名额`, en: `yearly quota of ${en}` }
}

const monthsWords = (months: readonly number[] | undefined): Text | undefined =>
  months && { zh: `每年 ${months.join('、')} 月`, en: `month ${months.join(', ')} of each year` }

/** Rounds with a date of their own: matched by date. */
function roundChanges(channel: string, sides: readonly [Side, Side], ground: Ground): Change[] {
  const [a, b] = sides.map(side => roundsOf(channel, side, ground))
  return paired(a, b).flatMap(([date, x, y]): Change[] => {
    const about = { channel, part: 'rounds' as const, name: date }
    const subject = { zh: `${date.slice(0, 10)} 一轮`, en: `round of ${date.slice(0, 10)}` }
    if (!x || !y)
      return [
        change({
          ...about,
          subject,
          before: x && placesOfRound(x, ground),
          after: y && placesOfRound(y, ground),
          effect: 'unclear',
        }),
      ]
    const changes: Change[] = []
    if (x.places !== y.places)
      changes.push(
        change({
          ...about,
          subject,
          before: places(x.places),
          after: places(y.places),
          effect: more(x.places, y.places),
        }),
      )
    const guard = guardChange(x.when, y.when, ground)
    if (guard)
      changes.push(
        change({
          ...about,
          ...guard,
          subject: { zh: `${subject.zh}·参加者`, en: `${subject.en}, for whom` },
        }),
      )
    return changes
  })
}

interface Round {
  places: number
  when?: ReturnType<Side['read']>
}

function roundsOf(channel: string, { rules, read }: Side, _ground: Ground): Record<string, Round> {
  const admit: Admission = rules.channels?.[channel]?.admit ?? {}
  const rounds: Record<string, Round> = {}
  for (const round of (admit.rounds ?? []) as (
    number | { on: string; places: number; when?: string | boolean }
  )[]) {
    if (typeof round === 'number') continue
    // A day may hold several rounds.
    let date = round.on
    while (date in rounds) date += "'"
    rounds[date] = {
      places: round.places,
      when: round.when === undefined ? undefined : read(round.when, 'boolean'),
    }
  }
  return rounds
}

function placesOfRound({ places: persons, when }: Round, ground: Ground): Text {
  const { zh, en } = places(persons)
  if (!when) return { zh, en }
  const who = conditionWords(meaningOf(when, ground.facts), ground)
  return { zh: `${zh},限:${who.zh}`, en: `${en}, only if ${who.en}` }
}

/** The keys of the order in words, one wording for one meaning. */
function rankOf({ rounds }: CompiledChannel, { law, read }: Side, ground: Ground): Text | undefined {
  if (!rounds) return undefined
  if (rounds.rank.length === 0) return { zh: '抽签', en: 'by lot' }
  const keys = rounds.rank.map(({ text, descending }): Text => {
    const fact = law.facts.find(({ name }) => name === text)
    const expression = fact || text === 'score' ? undefined : read(text, 'number')
    const { zh, en } =
      text === 'score'
        ? { zh: '积分', en: 'score' }
        : (fact?.label ?? (expression ? ground.say(expression) : same(text)))
    return {
      zh: `${zh}${descending ? '高者先' : '低者先'}`,
      en: `${en}, ${descending ? 'highest' : 'lowest'} first`,
    }
  })
  return joined(keys, '、再按', '; then ')
}

/** What holds where nothing is said. */
const USUAL: Rounds = { rank: [], ties: 'draw', spill: false, waits: true, unfilled: 'year', reads: [] }

const TIES = {
  draw: { zh: '抽签', en: 'by lot' },
  admit_all: { zh: '全部录取', en: 'all are admitted' },
  admit_none: { zh: '均不录取', en: 'none is admitted' },
}
const UNFILLED = {
  year: { zh: '归同年以后各轮', en: 'to later rounds of the year' },
  always: { zh: '归以后各轮', en: 'to any later round' },
  never: { zh: '作废', en: 'lapse' },
}
const YES_NO = (yes: boolean): Text => (yes ? { zh: '是', en: 'yes' } : { zh: '否', en: 'no' })

const MANNERS: { subject: Text; of(rounds: Rounds): Text; effect?(a: Rounds, b: Rounds): Effect }[] = [
  { subject: { zh: '末位并列', en: 'ties at the cut' }, of: ({ ties }) => TIES[ties] },
  {
    subject: { zh: '空余名额归其他地区', en: 'empty places go to other areas' },
    of: ({ spill }) => YES_NO(spill),
    effect: (a, b) => more(Number(a.spill), Number(b.spill)),
  },
  {
    subject: { zh: '申请有效期', en: 'an application stands for' },
    of: ({ validMonths: months }) =>
      months === undefined
        ? { zh: '不限', en: 'any time' }
        : { zh: `${months} 个月`, en: `${months} months` },
    effect: (a, b) => more(a.validMonths ?? Infinity, b.validMonths ?? Infinity),
  },
  {
    subject: { zh: '落选者留待下轮', en: 'who is not admitted stays in line' },
    of: ({ waits }) => YES_NO(waits),
    effect: (a, b) => more(Number(a.waits), Number(b.waits)),
  },
  { subject: { zh: '未用名额', en: 'unused places' }, of: ({ unfilled }) => UNFILLED[unfilled] },
]
