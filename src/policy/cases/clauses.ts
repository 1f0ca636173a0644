/** The clauses of a law one by one, each with what a row of facts shows of it. */
import { inForce } from '../dated.js'
import { compile } from '../expression/compile.js'
import { conjuncts, parse } from '../expression/parse.js'
import type { FactDefinition } from '../facts.js'
import type { CompiledChannel, FactRow, Law, Policy } from '../policy.js'
import type { ChannelRules, InForce, RuleSet } from '../schema.js'
import type { ScoreLine, ScorePart } from '../score.js'
import { conditionKeys } from './file.js'

/**
 * `points`: one level, step, band or unit; `guard`: the condition of a line or factor; `round`: what a round goes by;
 * `law`: what no facts of a person decide, such as who may come along.
 */
export type ClauseKind =
  'condition' | 'score' | 'points' | 'guard' | 'cap' | 'group' | 'factor' | 'round' | 'law'

export interface Clause {
  kind: ClauseKind
  channel?: string
  /** Of the ledger: the line or group, `floor` or `cap`. */
  line?: string
  /** In the rules in force. */
  path: readonly string[]
  /** Of one part of a condition: the character where it begins. */
  index?: number
  clause?: string
  /** For what holds or fails 1 or 0; else 1 where the row makes it count. Anything else: the row does not show it. */
  shown(row: FactRow): number
  twoSided: boolean
}

export function clausesOf(policy: Policy, law: Law): Clause[] {
  const rules = inForce(policy.tree, law.month) as InForce<RuleSet>
  const services = Object.entries(rules.entitlements ?? {}).flatMap(([service, statuses]) =>
    Object.keys(statuses ?? {})
      .filter(status => status !== 'note')
      .map(status => ofLaw(['entitlements', service, status])),
  )
  const legacy = law.legacy.map(({ channel, clause }) => ofLaw(['legacy', channel], clause))
  const channels = law.channels.flatMap(channel => {
    const { id, clause, rounds } = channel
    const written = rules.channels?.[id] ?? {}
    const round: Clause = { ...ofLaw(['channels', id, 'admit'], clause), kind: 'round', channel: id }
    return [
      ...ofConditions(channel, written),
      ...ofLedger(channel, written, policy.facts),
      ...(rounds ? [round] : []),
      ofLaw(['channels', id, 'brings'], clause),
    ]
  })
  return [...channels, ...services, ...legacy]
}

const ofLaw = (path: string[], clause?: string): Clause => ({
  kind: 'law',
  path,
  clause,
  shown: () => NaN,
  twoSided: false,
})

/** Each part of each condition that must hold; `true` is none. */
function ofConditions(channel: CompiledChannel, rules: InForce<ChannelRules>): Clause[] {
  return conditionKeys(channel.conditions).map(([key, { kind, path, clause, test }]) => {
    const text = path.slice(2).reduce<unknown>((node, step) => (node as Record<string, unknown>)[step], rules)
    const parsed = typeof text === 'string' && kind !== 'veto' ? parse(text) : undefined
    const part = Number(key.split('#').at(-1))
    return {
      kind: kind === 'score' ? 'score' : 'condition',
      channel: channel.id,
      path,
      ...(parsed && 'syntax' in parsed && { index: conjuncts(parsed.syntax)[part].start }),
      clause,
      shown: test,
      twoSided: true,
    }
  })
}

function ofLedger(
  { id, clause, points }: CompiledChannel,
  rules: InForce<ChannelRules>,
  facts: readonly FactDefinition[],
): Clause[] {
  if (!points) return []
  const { tree, score } = points
  const clauses: Clause[] = []
  const add = (
    of: { id: string; clause?: string },
    kind: ClauseKind,
    path: readonly string[],
    shown: Clause['shown'],
    twoSided = false,
  ) => void clauses.push({ kind, channel: id, line: of.id, path, clause: of.clause, shown, twoSided })

  const visit = (part: ScorePart): void => {
    if (part.kind === 'line') {
      for (const [path, shown] of ofLine(part, rules, facts))
        add(part, 'points', [...part.path, ...path], shown)
      if (part.guard) add(part, 'guard', [...part.path, 'when'], compile(part.guard), true)
    } else {
      part.of.forEach(visit)
      // That only the highest counts, or the sum, shows where two of them count.
      const counting = (row: FactRow) => part.of.filter(inner => valueOf(inner, row) !== 0).length
      add(part, 'group', [...part.path, 'take'], row => Number(counting(row) > 1))
    }
    const { cap = Infinity } = part
    if (Number.isFinite(cap))
      add(part, 'cap', [...part.path, 'cap'], row => Number(valueOf(part, row) === cap))
  }
  tree.parts.forEach(visit)
  for (const factor of tree.factors) {
    const counts = (row: FactRow) => tree.parts.some(part => valueOf(part, row) !== 0)
    add(factor, 'factor', [...factor.path, 'times'], row => Number(counts(row) && factor.holds(row) === 1))
    if (factor.guard) add(factor, 'guard', [...factor.path, 'when'], factor.holds, true)
  }
  for (const bound of ['floor', 'cap'] as const)
    if (Number.isFinite(tree[bound]))
      add({ id: bound, clause }, 'cap', ['channels', id, 'admit', bound], row =>
        Number(score(row) === tree[bound]),
      )
  return clauses
}

/** Each level, step, band or unit of a line, and whether a row meets it. */
function ofLine(
  { id, rule, points }: ScoreLine,
  rules: InForce<ChannelRules>,
  facts: readonly FactDefinition[],
): [path: string[], shown: Clause['shown']][] {
  const written = rules.score?.[id] ?? {}
  const levels = Object.keys(typeof written.points === 'object' ? written.points : {})
  switch (rule.kind) {
    case 'levels': {
      const { type } = facts[rule.slot]
      const values = 'values' in type ? type.values : []
      // Of an ordered fact a level stands for those above it that are not named.
      const reached = (code: number) =>
        type.kind === 'named'
          ? values[code]
          : values.slice(0, code + 1).findLast(value => levels.includes(value))
      return levels.map(level => [['points', level], row => Number(reached(row[rule.slot]) === level)])
    }
    case 'steps': {
      const of = compile(rule.of)
      const reached = (value: number) => rule.steps.findLast(({ from }) => value >= from)?.from
      return levels.map(level => [['points', level], row => Number(reached(of(row)) === Number(level))])
    }
    case 'bands': {
      const of = compile(rule.of)
      return (written.bands ?? []).map(({ from = -Infinity, to = Infinity }, index) => [
        ['bands', String(index), 'points'],
        row => Number(of(row) >= from && of(row) <= to),
      ])
    }
    default:
      return [[['points'], row => Number(Math.abs(points(row)) > 0)]]
  }
}

function valueOf(part: ScorePart, row: FactRow): number {
  if (part.kind === 'line') return part.points(row)
  const values = part.of.map(inner => valueOf(inner, row))
  const value = part.highest ? Math.max(...values) : values.reduce((sum, points) => sum + points, 0)
  return Math.min(value, part.cap)
}
