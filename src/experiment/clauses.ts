/**
 * The clauses of a rule set that an ablation takes away, each with the changes that do it: a channel, a condition, a
 * gate, a veto, a line of points, who comes along, a quota. Several of them may be taken away together.
 */
import type { Area } from '../pack/pack.js'
import { inForce } from '../policy/dated.js'
import type { CompiledChannel, Condition, Law, Policy } from '../policy/policy.js'
import type { ChannelRules, InForce, RuleSet } from '../policy/schema.js'
import type { ScorePart } from '../policy/score.js'
import { describe, SCOPE_WORDS } from '../policy/words.js'
import type { Text } from '../reading/text.js'

export interface Clause {
  /** Its path: `channels.rent`, `channels.rent.when[0]`. */
  id: string
  /** What is taken away, in words: `months resident without a break at least 6 months`. */
  words: Text
  /** The clause of the document. */
  clause: string
  kind: 'channel' | 'condition' | 'prerequisite' | 'veto' | 'line' | 'brings' | 'quota'
}

/** The channels of a law, each a clause. */
export const channelClauses = (law: Law): Clause[] =>
  law.channels.map(({ id, title, clause }) => ({
    id: `channels.${id}`,
    words: title,
    clause,
    kind: 'channel',
  }))

/** What a channel is made of. A score's threshold belongs to its lines and is none. */
export function clausesWithin(policy: Policy, channel: CompiledChannel, areas: readonly Area[]): Clause[] {
  const path = `channels.${channel.id}`
  const vocabulary = { facts: policy.facts, areas }
  const clauses: Clause[] = []
  const gates = new Map<string, Condition[]>()
  let own = 0
  for (const condition of channel.conditions) {
    const [, , map, name] = condition.path
    if (condition.kind === 'when')
      clauses.push({
        id: `${path}.when[${own++}]`,
        words: describe(condition.expression!, vocabulary),
        clause: condition.clause,
        kind: 'condition',
      })
    else if (condition.expression) {
      const key = `${path}.${map}.${name}`
      gates.set(key, [...(gates.get(key) ?? []), condition])
    }
  }
  for (const [id, conditions] of gates) {
    const [{ kind, clause }] = conditions
    const said = conditions.map(({ expression }) => describe(expression!, vocabulary))
    clauses.push({
      id,
      words: { zh: said.map(({ zh }) => zh).join(',且'), en: said.map(({ en }) => en).join(', and ') },
      clause,
      kind: kind === 'veto' ? 'veto' : 'prerequisite',
    })
  }
  const lines = (part: ScorePart): void => {
    if (part.kind === 'group') part.of.forEach(lines)
    else
      clauses.push({
        id: `${path}.score.${part.id}`,
        words: part.title ?? { zh: part.clause ?? part.id, en: part.id },
        clause: part.clause ?? channel.clause,
        kind: 'line',
      })
  }
  channel.points?.tree.parts.forEach(lines)
  if (channel.rounds)
    clauses.push({
      id: `${path}.admit.quota`,
      words: { zh: '名额', en: 'the quota' },
      clause: channel.clause,
      kind: 'quota',
    })
  if (channel.brings !== 'none') {
    const { zh, en } = SCOPE_WORDS[channel.brings]
    clauses.push({
      id: `${path}.brings`,
      words: { zh: `随迁:${zh}`, en: `brings: ${en}` },
      clause: channel.clause,
      kind: 'brings',
    })
  }
  return clauses
}

/** Changes by path (policy/patch) after which none of these clauses is in the law. */
export function withoutClauses(
  policy: Policy,
  law: Law,
  gone: readonly Clause[],
): [path: string, value: unknown][] {
  const changes = new Map<string, unknown>()
  const rules = inForce(policy.tree, law.month) as InForce<RuleSet>
  for (const { id, kind } of gone) {
    const [, channel] = id.split('.')
    const path = `channels.${channel}`
    switch (kind) {
      case 'condition': {
        const conditions = law.channels
          .find(one => one.id === channel)!
          .conditions.filter(one => one.kind === 'when')
        const kept = conditions.filter((_, i) => !gone.some(clause => clause.id === `${path}.when[${i}]`))
        changes.set(
          `${path}.when`,
          kept.length === 0 ? true : kept.map(({ text }) => `(${text})`).join(' && '),
        )
        break
      }
      case 'line':
        changes.set(id, { ...citedOf(rules.channels?.[channel], id), when: false, points: 0 })
        break
      case 'brings':
        changes.set(id, 'none')
        break
      case 'quota': {
        const { quota, rounds, rank, select } = rules.channels?.[channel]?.admit ?? {}
        for (const [key, value] of Object.entries({ quota, rounds, rank, select }))
          if (value !== undefined) changes.set(`${path}.admit.${key}`, null)
        break
      }
      default:
        changes.set(id, null)
    }
  }
  return [...changes]
}

/** A line keeps its clause, so that the ledger still names it. */
function citedOf(rules: InForce<ChannelRules> | undefined, id: string): { clause?: string } {
  const clause = rules?.score?.[id.split('.')[3]]?.clause
  return clause === undefined ? {} : { clause }
}
