/** Quotas, rounds and orders: settings that decide nothing, rounds that are never held, areas that do not add up. */
import { formatMonth, parseMonth, type Month } from '../../evidence/month.js'
import type { Text } from '../../reading/text.js'
import { indexOfArea } from '../compile.js'
import { check, type Expression } from '../expression/check.js'
import { parse } from '../expression/parse.js'
import type { CompiledChannel } from '../policy.js'
import type { ChannelRules, InForce } from '../schema.js'
import { plainNumber } from '../words.js'
import { decisionDoubts } from './conditions.js'
import { at, passersOf, type Doubt, type Scene } from './scene.js'

type Admit = NonNullable<InForce<ChannelRules>['admit']>

export function roundDoubts(scene: Scene): Doubt[] {
  return scene.law.channels.flatMap(channel => {
    const admit = scene.rules.channels?.[channel.id]?.admit
    if (!admit) return []
    const path = ['channels', channel.id, 'admit']
    const tell = (code: string, place: readonly string[], message: Text): Doubt => ({
      severity: 'warning',
      code,
      path: [...path, ...place],
      message: at(channel.title, message),
    })
    return [
      ...unusedSettings(channel, admit, tell),
      ...rankDoubts(channel, tell),
      ...monthDoubts(admit, tell),
      ...datedDoubts(admit, tell),
      ...whenDoubts(channel, admit, path, scene),
      ...areaDoubts(admit, scene, tell),
    ]
  })
}

type Tell = (code: string, place: readonly string[], message: Text) => Doubt

const OF_ROUNDS = ['rank', 'ties', 'spill', 'valid_months', 'waits', 'unfilled'] as const

function unusedSettings({ selection }: CompiledChannel, admit: Admit, tell: Tell): Doubt[] {
  if (selection === 'open' || selection === 'none')
    return OF_ROUNDS.filter(key => admit[key] !== undefined).map(key =>
      tell('unused-setting', [key], {
        zh: `没有名额或轮次,“${key}”不起作用`,
        en: `without a quota or rounds "${key}" decides nothing`,
      }),
    )
  const doubts: Doubt[] = []
  if (admit.spill && Object.keys(admit.quota?.areas ?? {}).length === 0)
    doubts.push(
      tell('unused-setting', ['spill'], {
        zh: '各区没有各自的名额,“spill”不起作用',
        en: 'no area has places of its own, so "spill" decides nothing',
      }),
    )
  if (admit.waits === false && admit.valid_months !== undefined)
    doubts.push(
      tell('unused-setting', ['valid_months'], {
        zh: '未入选者须重新申请(waits: false),“valid_months”不起作用',
        en: 'who is not admitted has to apply again (waits: false), so "valid_months" decides nothing',
      }),
    )
  return doubts
}

/** A key that stood in the order before can part nobody any more. */
function rankDoubts({ rounds }: CompiledChannel, tell: Tell): Doubt[] {
  const keys = rounds?.rank.map(({ text }) => text) ?? []
  return keys.flatMap((key, i) =>
    keys.indexOf(key) < i
      ? [
          tell('idle-rank-key', ['rank', String(i)], {
            zh: `排序时“${key}”已在前面用过,此处不起作用`,
            en: `"${key}" stands earlier in the order already and decides nothing here`,
          }),
        ]
      : [],
  )
}

function monthDoubts({ rounds = [] }: Admit, tell: Tell): Doubt[] {
  const months = rounds.filter(round => typeof round === 'number')
  return months.flatMap((month, i) =>
    months.indexOf(month) < i
      ? [
          tell('round-repeated', ['rounds', String(i)], {
            zh: `${month} 月的轮次写了两次`,
            en: `the round of month ${month} stands twice`,
          }),
        ]
      : i > 0 && month < Math.max(...months.slice(0, i))
        ? [
            tell('rounds-out-of-order', ['rounds', String(i)], {
              zh: `${month} 月的轮次写在更晚的月份之后`,
              en: `the round of month ${month} stands after a later one`,
            }),
          ]
        : [],
  )
}

function datedDoubts({ rounds = [] }: Admit, tell: Tell): Doubt[] {
  const dated = rounds.flatMap((round, index) => (typeof round === 'object' ? [{ ...round, index }] : []))
  return dated.slice(1).flatMap((round, i) => {
    const place = ['rounds', String(round.index), 'on']
    const earlier = dated.slice(0, i + 1)
    // Several rounds of one month for different applicants are common.
    if (earlier.some(({ on, when }) => on === round.on && when === round.when))
      return [
        tell('round-repeated', place, {
          zh: `${round.on} 的轮次写了两次`,
          en: `the round of ${round.on} stands twice`,
        }),
      ]
    return round.on < dated[i].on
      ? [
          tell('rounds-out-of-order', place, {
            zh: `${round.on} 的轮次写在 ${dated[i].on} 之后`,
            en: `the round of ${round.on} stands after that of ${dated[i].on}`,
          }),
        ]
      : []
  })
}

/** Who takes part in a round: the conditions of the channel hold of them as well. */
function whenDoubts(
  channel: CompiledChannel,
  { rounds = [] }: Admit,
  path: readonly string[],
  scene: Scene,
): Doubt[] {
  const people = passersOf(channel, scene)
  if (!people) return []
  return rounds.flatMap((round, i) => {
    const condition = typeof round === 'object' && round.when !== undefined && read(round.when, scene)
    if (!condition || round.when === true) return []
    const where = at(channel.title, { zh: round.on, en: round.on })
    return decisionDoubts(condition, people, where, { path: [...path, 'rounds', String(i), 'when'] }, scene)
  })
}

function read(text: string | boolean, { policy, areas }: Scene): Expression | undefined {
  const parsed = parse(String(text))
  const names = { facts: policy.facts, area: (name: string) => indexOfArea(areas, name) }
  return 'syntax' in parsed ? check(parsed.syntax, 'boolean', names, [], new Set()) : undefined
}

function areaDoubts({ quota }: Admit, { areas, place }: Scene, tell: Tell): Doubt[] {
  const [year, places] = [quota?.year, (quota?.areas ?? {}) as Record<string, number>]
  const names = Object.keys(places)
  if (year === undefined || names.length === 0) return []
  const sum = names.reduce((a, name) => a + places[name], 0)
  const words = { sum: plainNumber(sum), year: plainNumber(year) }
  if (sum > year)
    return [
      tell('quota-does-not-sum', ['quota', 'areas'], {
        zh: `各区名额合计 ${words.sum},多于全年 ${words.year},用不完`,
        en: `the areas have ${words.sum} places together, the year only ${words.year}: some are never given`,
      }),
    ]
  // An area that is not named has no limit of its own and may take the rest.
  if (sum === year || !place || !areas.every(({ id }) => names.includes(id))) return []
  return [
    tell('quota-does-not-sum', ['quota', 'areas'], {
      zh: `各区名额合计 ${words.sum},少于全年 ${words.year},余下的无人可用`,
      en: `the areas have ${words.sum} places together, the year ${words.year}: the rest can go to nobody`,
    }),
  ]
}

/** Rounds with a date on which the channel, or this list of rounds, is not in force. */
export function roundsOutside(scene: Scene, sceneOf: (month: Month) => Scene): Doubt[] {
  return scene.law.channels.flatMap(({ id, title, rounds }) =>
    (rounds?.dated ?? []).flatMap(({ month }): Doubt[] => {
      const then = sceneOf(month).law.channels.find(channel => channel.id === id)
      if (then?.rounds?.dated?.some(held => held.month === month)) return []
      const written = scene.rules.channels?.[id]?.admit?.rounds ?? []
      const index = written.findIndex(round => typeof round === 'object' && parseMonth(round.on) === month)
      const date = formatMonth(month)
      return [
        {
          severity: 'warning',
          code: 'round-outside',
          path: ['channels', id, 'admit', 'rounds', String(index), 'on'],
          message: at(title, {
            zh: `${date} 的轮次不会举行:届时此规定尚未生效或已失效`,
            en: `the round of ${date} is never held: this is not in force then`,
          }),
        },
      ]
    }),
  )
}
