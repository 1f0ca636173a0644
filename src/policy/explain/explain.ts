/**
 * What a law says of one person and why, as data with words in both languages: each channel's conditions as a tree
 * with the person's values, its points with their ledger, what is not known, the smallest changes that would do, and
 * what waiting does.
 */
import { formatMonth } from '../../evidence/month.js'
import type { Area } from '../../pack/pack.js'
import type { Text } from '../../reading/text.js'
import { nearestChanges, type Change, type Proposal } from './changes.js'
import { conditionTree, factValue, type ConditionTree, type FactValue, type Reader } from './conditionTree.js'
import { FIXED } from './course.js'
import type { ConditionKind } from '../expressions.js'
import { explainedLedger, type ExplainedLine } from './ledger.js'
import type { Person } from '../person.js'
import type { CompiledChannel, FactRow, Policy, Scope } from '../policy.js'
import type { Selection } from '../schema.js'
import { givenFacts } from '../supply.js'
import { channelIn, channelsOf, outlook, waitFor, type Outlook, type Wait } from './waiting.js'
import { quantityWords, valueWords } from '../words.js'

export interface Requirement extends ConditionTree {
  kind: ConditionKind
  clause: string
}

export interface ExplainedChannel {
  id: string
  title: Text
  clause: string
  /** null where unknown facts decide. Passing is not yet being admitted unless the selection is `open` or `none`. */
  open: boolean | null
  selection: Selection
  /** Places a year and months of rounds, as far as the rules say them. */
  places?: { year?: number; months?: number[] }
  conditions: Requirement[]
  /** Of a channel that counts points: null where a fact of the ledger is not known. */
  score?: number | null
  /** null where no score is too low. */
  atLeast?: number | null
  ledger?: ExplainedLine[]
  brings: Scope
  /** Facts that are not known and that the channel reads. */
  unknown: FactValue[]
  /** Facts of conditions that fail which no one can change for an application, and why. */
  fixed: { fact: string; label: Text; reason: Text }[]
}

export interface ExplainedChange {
  fact: string
  label: Text
  from: FactValue['value']
  to: FactValue['value']
  /** Other values that would do as well. */
  others?: FactValue['value'][]
  by: Change['by']
  words: Text
}

export interface ExplainedProposal {
  channel: string
  changes: ExplainedChange[]
  /** To be waited for. */
  month?: string
}

export interface ExplainedWait {
  channel: string
  title: Text
  month: string | null
  /** Months from now. */
  months?: number
  /** Facts that have to go on until then. */
  assumes: FactValue[]
  closes?: string
  lost?: { condition: Text; month: string }
  unknown: FactValue[]
}

export interface Explanation {
  person: { id: string | null; facts: FactValue[] }
  policy: { id: string; title: Text }
  at: string
  channels: ExplainedChannel[]
  nearest: ExplainedProposal[]
  waiting: ExplainedWait[]
}

/**
 * @param only the ids of channels to look at; all where absent
 * @throws InputError as `compileLaw`
 */
export function explain(
  policy: Policy,
  person: Person,
  areas: readonly Area[],
  only?: readonly string[],
): Explanation {
  const view = outlook(policy, person, areas)
  const { laws, row } = view
  const reader: Reader = { facts: policy.facts, areas, declared: laws[0].declared, given: person.given }
  const ids = channelsOf(laws).filter(id => only?.includes(id) ?? true)
  const waits = ids.map(id => waitFor(id, view))
  return {
    person: {
      id: person.id ?? null,
      facts: [...person.given].sort((a, b) => a - b).map(slot => factValue(slot, row, reader)),
    },
    policy: { id: policy.id, title: policy.title },
    at: formatMonth(person.month),
    channels: ids.flatMap(id => {
      const channel = channelIn(laws[0], id)
      return channel ? [explainedChannel(channel, row, reader)] : []
    }),
    nearest: waits.flatMap(wait =>
      nearestChanges(wait.channel, view, wait).map(proposal => explainedProposal(proposal, reader)),
    ),
    // Of a channel that is open and stays so waiting has nothing to say.
    waiting: waits
      .filter(({ month, closes }) => month !== person.month || closes !== undefined)
      .map(wait => explainedWait(wait, view, reader)),
  }
}

export const known = (value: number): boolean | null => (Number.isNaN(value) ? null : value === 1)

function explainedChannel(channel: CompiledChannel, row: FactRow, reader: Reader): ExplainedChannel {
  const { id, title, clause, selection, brings, conditions, points, rounds, facts } = channel
  const { year } = rounds?.quota ?? {}
  const score = points?.score(row)
  const places = { ...(year !== undefined && { year }), ...(rounds?.months && { months: rounds.months }) }
  return {
    id,
    title,
    clause,
    open: known(channel.open(row)),
    selection,
    ...(Object.keys(places).length > 0 && { places }),
    conditions: conditions.map(condition => ({
      kind: condition.kind,
      clause: condition.clause,
      ...(condition.expression
        ? conditionTree(condition.expression, row, reader)
        : { holds: known(condition.test(row)), words: enough(points!.atLeast) }),
    })),
    ...(points &&
      score !== undefined && {
        score: Number.isNaN(score) ? null : score,
        atLeast: points.atLeast === -Infinity ? null : points.atLeast,
        ledger: explainedLedger(points, row, reader),
      }),
    brings,
    unknown: [...givenFacts(reader.declared, facts, reader.given)]
      .filter(slot => Number.isNaN(row[slot]))
      .sort((a, b) => a - b)
      .map(slot => factValue(slot, row, reader)),
    fixed: fixedFacts(channel, row, reader),
  }
}

function fixedFacts({ conditions }: CompiledChannel, row: FactRow, { facts, declared, given }: Reader) {
  const failing = conditions.filter(({ kind, test }) => kind !== 'score' && test(row) === 0)
  const slots = givenFacts(
    declared,
    failing.flatMap(condition => condition.facts),
    given,
  )
  return [...slots]
    .map(slot => facts[slot])
    .filter(({ name }) => name in FIXED)
    .map(({ name, label }) => ({ fact: name, label, reason: FIXED[name] }))
}

const enough = (atLeast: number): Text => ({
  zh: `积分不少于 ${quantityWords(atLeast, undefined).zh} 分`,
  en: `at least ${quantityWords(atLeast, 'points').en}`,
})

function explainedProposal({ channel, changes, month }: Proposal, reader: Reader): ExplainedProposal {
  return {
    channel,
    changes: changes.map(change =>
      explainedChange(change, reader, month === undefined ? undefined : formatMonth(month)),
    ),
    ...(month !== undefined && { month: formatMonth(month) }),
  }
}

function explainedChange(change: Change, reader: Reader, month: string | undefined): ExplainedChange {
  const { slot, from, to, others, by } = change
  const { facts, areas } = reader
  const row = new Float64Array(facts.length)
  const valueAt = (value: number) => {
    row[slot] = value
    return factValue(slot, row, reader).value
  }
  const { name, label } = facts[slot]
  const say = (value: number) => valueWords(facts[slot], value, areas)
  const options = [to, ...others].map(say)
  const target: Text = {
    zh: options.map(({ zh }) => zh).join('或'),
    en: options.map(({ en }) => en).join(' or '),
  }
  const words = (): Text => {
    switch (by) {
      case 'act':
        return {
          zh: `${label.zh}由“${say(from).zh}”变为“${target.zh}”`,
          en: `${label.en}: from ${say(from).en} to ${target.en}`,
        }
      case 'learn': {
        const range = rangeWords(change, reader) ?? { zh: `为${target.zh}`, en: target.en }
        return {
          zh: `查明“${label.zh}”${range.zh}`,
          en: `${label.en}, not known so far, turns out to be ${range.en}`,
        }
      }
      case 'begin':
        return {
          zh: `${label.zh}从现在开始计算,到 ${month} 为 ${say(to).zh}`,
          en: `${label.en} begin to count now and come to ${say(to).en} in ${month}`,
        }
      case 'wait':
        return {
          zh: `${label.zh}到 ${month} 由 ${say(from).zh}增至 ${say(to).zh}`,
          en: `${label.en} grow from ${say(from).en} to ${say(to).en} by ${month}`,
        }
    }
  }
  return {
    fact: name,
    label,
    from: Number.isNaN(from) ? null : valueAt(from),
    to: valueAt(to),
    ...(others.length > 0 && { others: others.map(valueAt) }),
    by,
    words: words(),
  }
}

/** Of a quantity or level that has to turn out within a range; undefined where one value is meant. */
function rangeWords({ slot, range }: Change, { facts, areas }: Reader): Text | undefined {
  if (!range || range[0] === range[1]) return undefined
  const { type } = facts[slot]
  const [from, to] = range.map(value => valueWords(facts[slot], value, areas))
  const [min, max] =
    type.kind === 'number' ? [type.min, type.max] : [0, 'values' in type ? type.values.length - 1 : 0]
  // Chinese sets a space before digits alone.
  const spaced = ({ zh }: Text) => (/^[\d−-]/.test(zh) ? ` ${zh}` : zh)
  if (range[0] <= min && range[1] >= max) return { zh: ',无论多少均可', en: 'anything at all' }
  if (range[1] >= max) return { zh: `不低于${spaced(from)}`, en: `${from.en} or more` }
  if (range[0] <= min) return { zh: `不超过${spaced(to)}`, en: `${to.en} or less` }
  return { zh: `在${spaced(from)}至${spaced(to)}之间`, en: `from ${from.en} to ${to.en}` }
}
function explainedWait(wait: Wait, { laws, person, row }: Outlook, reader: Reader): ExplainedWait {
  const { channel: id, month, closes, lost } = wait
  const values = (slots: readonly number[]) => slots.map(slot => factValue(slot, row, reader))
  const law = laws.find(one => channelIn(one, id))!
  const channel = channelIn(law, id)!
  const condition = lost && channel.conditions.find(({ text }) => text === lost.condition)
  return {
    channel: id,
    title: channel.title,
    month: month === undefined ? null : formatMonth(month),
    ...(month !== undefined && { months: month - person.month }),
    assumes: values(wait.assumes),
    ...(closes !== undefined && { closes: formatMonth(closes) }),
    ...(condition?.expression && {
      lost: {
        condition: conditionTree(condition.expression, row, reader).words,
        month: formatMonth(lost!.month),
      },
    }),
    unknown: values(wait.unknown),
  }
}
