/** One case against the law of its month: what was expected, what the rules say instead. */
import type { Month } from '../../evidence/month.js'
import type { Text } from '../../reading/text.js'
import { inForce } from '../dated.js'
import { evaluate, type Evaluation } from '../evaluate.js'
import type { CompiledChannel, FactRow, Law, Policy } from '../policy.js'
import { describe, plainNumber, valueWords } from '../words.js'
import { explained, json, names, number, plain, sameSet, type Difference } from './difference.js'
import { conditionKeys, type Case } from './file.js'
import { rowUnder } from './person.js'

/** @returns what does not hold */
export function judgeCase(policy: Policy, law: Law, item: Case): Difference[] {
  const { expected, failed, computed, tolerance } = item
  const row = rowUnder(law, item.person)
  const got = evaluate(law, policy.facts, row)
  const differences: Difference[] = []
  const differ = (what: Text, wanted: Text, instead: Text) =>
    void differences.push({ what, expected: wanted, got: instead })
  const channelOf = (id: string) => law.channels.find(channel => channel.id === id)

  const why = (id: string) => whyNot(id, channelOf(id), row, got, policy)

  if (expected.channels && !sameSet(expected.channels, got.channels)) {
    const missing = expected.channels.filter(id => !got.channels.includes(id))
    differ(
      { zh: '可走的渠道', en: 'open channels' },
      names(expected.channels),
      explained(names(got.channels), missing.map(why)),
    )
  }
  for (const id of expected.not ?? []) {
    const open = channelOf(id)?.open(row) ?? 0
    if (open !== 0) differ(plain(id), CLOSED, open === 1 ? OPEN : why(id))
  }
  const near = (a: number, b: number | undefined) => Math.abs(a - (b ?? NaN)) <= tolerance + 1e-6
  for (const [id, score] of Object.entries(expected.score ?? {})) {
    if (near(score, got.score[id])) continue
    const counted = got.ledger.filter(line => line.channel === id && line.points !== 0)
    differ(
      { zh: `${id} 总分`, en: `score of ${id}` },
      number(score),
      id in got.score
        ? explained(
            number(got.score[id]),
            counted.map(({ line, points }) => pair(line, number(points))),
          )
        : NOT_IN_FORCE,
    )
  }
  for (const [id, lines] of Object.entries(expected.ledger ?? {}))
    for (const [line, points] of Object.entries(lines)) {
      // What a cap, factor or floor changes is no line of the ledger where it changes nothing.
      const counted = got.ledger.filter(entry => entry.channel === id && entry.line === line)
      const instead = id in got.score ? counted.reduce((sum, entry) => sum + entry.points, 0) : undefined
      if (!near(points, instead))
        differ(plain(`${id}.${line}`), number(points), instead === undefined ? NOT_IN_FORCE : number(instead))
    }
  for (const [id, entries] of Object.entries(failed)) {
    const channel = channelOf(id)
    const failing = conditionKeys(channel?.conditions ?? []).filter(([, { test }]) => test(row) === 0)
    const named = new Set(entries.flatMap(({ keys }) => keys))
    const holds =
      entries.every(({ keys }) => failing.some(([key]) => keys.includes(key))) &&
      failing.every(([key]) => named.has(key))
    if (!holds)
      differ(
        { zh: `${id} 未满足的条件`, en: `failed conditions of ${id}` },
        names(entries.map(({ written }) => written)),
        channel ? names(failing.map(([, { text }]) => text)) : NOT_IN_FORCE,
      )
  }
  for (const [id, facts] of Object.entries(expected.unknown ?? {})) {
    const instead = got.unknown.find(({ channel }) => channel === id)?.facts ?? []
    const slots = facts.map(name => policy.facts.find(fact => fact.name === name || fact.label.zh === name)!)
    const wanted = slots.map(({ name }) => name)
    if (!sameSet(wanted, instead))
      differ(
        { zh: `${id} 待定的事实`, en: `unknown facts of ${id}` },
        names(wanted),
        channelOf(id) ? names(instead) : NOT_IN_FORCE,
      )
  }
  for (const [slot, value] of computed)
    if (!(Math.abs(row[slot] - value) <= 1e-6) && !(Number.isNaN(row[slot]) && Number.isNaN(value))) {
      const fact = policy.facts[slot]
      differ(fact.label, valueWords(fact, value), valueWords(fact, row[slot]))
    }
  for (const [path, value] of Object.entries(expected.law ?? {})) {
    const instead = ruleAt(policy, law.month, path)
    if (JSON.stringify(instead) !== JSON.stringify(value)) differ(plain(path), json(value), json(instead))
  }
  return differences
}

/** What stands at a path of the rules in a month, null where nothing does. */
function ruleAt(policy: Policy, month: Month, path: string): unknown {
  const keys = path.split('.')
  return (
    keys.reduce<unknown>(
      (node, key) => (node as Record<string, unknown> | undefined)?.[key],
      inForce(policy.tree, month),
    ) ?? null
  )
}

/** Why a channel is not open: what fails, else what is not known. */
function whyNot(
  id: string,
  channel: CompiledChannel | undefined,
  row: FactRow,
  { unknown }: Evaluation,
  { facts }: Policy,
): Text {
  if (!channel) return pair(id, NOT_IN_FORCE)
  const failing = channel.conditions.filter(({ test }) => test(row) === 0)
  const why = failing.map(({ expression }) =>
    expression ? describe(expression, { facts }) : enough(channel.points!.atLeast),
  )
  if (why.length > 0)
    return {
      zh: `${id} 须${why.map(({ zh }) => zh).join(';')}`,
      en: `${id} needs: ${why.map(({ en }) => en).join('; ')}`,
    }
  const waits = names(unknown.find(item => item.channel === id)?.facts ?? [])
  return { zh: `${id} 待定于 ${waits.zh}`, en: `${id} waits for ${waits.en}` }
}

const enough = (atLeast: number): Text => ({
  zh: `总分不少于 ${plainNumber(atLeast)}`,
  en: `score at least ${plainNumber(atLeast)}`,
})

const pair = (name: string, { zh, en }: Text): Text => ({ zh: `${name} ${zh}`, en: `${name} ${en}` })

const NOT_IN_FORCE: Text = { zh: '当月没有这一渠道', en: 'not in force then' }
const OPEN: Text = { zh: '可走', en: 'open' }
const CLOSED: Text = { zh: '不可走', en: 'closed' }
