/** A rule set into the law of one month: names resolved to slots, texts to functions, dates to what is in force. */
import { monthsOf, parseMonth, type Horizon, type Month } from '../evidence/month.js'
import { InputError, type Finding } from '../reading/finding.js'
import { nearest } from '../reading/nearest.js'
import type { Area } from '../pack/pack.js'
import { changesOf, firstMonth, inForce, writtenPath } from './dated.js'
import { and, compile } from './expression/compile.js'
import { Expressions, type Report } from './expressions.js'
import type { FactRow } from './facts.js'
import {
  STATUSES,
  type CompiledChannel,
  type Condition,
  type DatedRound,
  type Entitlement,
  type Law,
  type Legacy,
  type Policy,
  type Rounds,
} from './policy.js'
import type { ChannelRules, InForce, RuleSet, Selection } from './schema.js'
import { compileScore } from './score.js'
import { declaredFacts } from './supply.js'

/** A household's ways in are kept as the bits of one number (simulation/timeline.ts), rights to closed ones included. */
const MOST_CHANNELS = 31

export interface CompileOptions {
  /** The areas of the place. Without them a rule that names one cannot be checked, and meets no area. */
  areas?: readonly Area[]
  /** Facts that are nowhere recorded: a condition on one that may be skipped (`skippedWhenMissing`) is left out. */
  without?: readonly string[]
}

/**
 * The law of a month (what is in force on its first day). A channel, line or condition that is not in force then
 * is not in it; points count from the month in which their threshold does.
 *
 * @throws InputError `unknown-area` (and whatever else is wrong) with the place in the file
 */
export function compileLaw(policy: Policy, month: Month, options: CompileOptions = {}): Law {
  const findings: Finding[] = []
  const law = buildLaw(policy, month, options, findings)
  if (findings.length > 0) throw new InputError(findings)
  return law
}

/**
 * The laws of a horizon, one a month; the same object as long as nothing changes (its `month` is the first of them).
 * @throws InputError as `compileLaw`
 */
export function compileLaws(policy: Policy, horizon: Horizon, options: CompileOptions = {}): Law[] {
  const changes = new Set(changesOf(policy.tree))
  const laws: Law[] = []
  for (let m = 0; m < monthsOf(horizon); m++) {
    const month = horizon.from + m
    laws.push(m === 0 || changes.has(month) ? compileLaw(policy, month, options) : laws[m - 1])
  }
  return laws
}

/** As `compileLaw`, but adds what is wrong to `findings` and goes on. */
export function buildLaw(policy: Policy, month: Month, options: CompileOptions, findings: Finding[]): Law {
  const { areas } = options
  const rules = inForce(policy.tree, month) as InForce<RuleSet>
  const report: Report = (path, problem, index) =>
    void findings.push({
      severity: 'error',
      ...problem,
      ...policy.place(writtenPath(policy.tree, path, month), index),
      message: {
        zh: `${problem.message.zh}(${path.join('.')})`,
        en: `${problem.message.en} in ${path.join('.')}`,
      },
    })
  const names = {
    facts: policy.facts,
    area: areas && ((name: string) => indexOfArea(areas, name)),
    areaNames: areas?.map(({ id }) => id),
  }
  let written: unknown
  const writtenNames = (path: readonly string[]) =>
    keysAt((written ??= inForce(policy.tree, month, true)), path)
  const expressions = () => new Expressions(names, report, writtenNames)
  const channels = Object.entries(rules.channels ?? {}).flatMap(
    ([id, channel]) => compileChannel(id, channel ?? {}, expressions(), options) ?? [],
  )
  const legacy = Object.entries(rules.legacy ?? {}).flatMap(([channel, right]): Legacy[] => {
    const { months, who, clause } = right ?? {}
    return months === undefined || who === undefined || clause === undefined
      ? []
      : [{ channel, months, who, clause }]
  })
  const ways = [
    ...channels.map(({ id }) => ['channels', id]),
    ...legacy.map(({ channel }) => ['legacy', channel]),
  ]
  if (ways.length > MOST_CHANNELS)
    report(ways[MOST_CHANNELS], {
      code: 'too-many-channels',
      message: {
        zh: `同一月份有 ${ways.length} 条渠道(含保留的权利),最多 ${MOST_CHANNELS} 条`,
        en: `${ways.length} channels at once, rights to former ones included: at most ${MOST_CHANNELS}`,
      },
      fix: {
        zh: '把条件相近的渠道用 || 合并为一条',
        en: 'Join channels that are alike into one, their conditions by ||',
      },
    })
  return {
    policy: policy.id,
    title: policy.title,
    month,
    channels,
    entitlements: compileEntitlements(rules, names.areaNames, report),
    facts: policy.facts,
    declared: declaredFacts(rules.facts ?? {}, policy.facts, expressions),
    legacy,
  }
}

/** @returns undefined while the channel is not in force */
function compileChannel(
  id: string,
  rules: InForce<ChannelRules>,
  expressions: Expressions,
  options: CompileOptions,
): CompiledChannel | undefined {
  const { without = [] } = options
  const path = ['channels', id]
  const { clause, brings, admit } = rules
  const written = expressions.writtenNames(path)
  // A part that is written but not in force: the channel has not begun, or has ended.
  const idle = (part: 'when' | 'score' | 'admit') => written.includes(part) && rules[part] === undefined
  if (clause === undefined || brings === undefined || idle('when') || idle('score') || idle('admit'))
    return undefined
  // Points count from the month in which their threshold does.
  if (admit?.at_least === undefined && expressions.writtenNames([...path, 'admit']).includes('at_least'))
    return undefined

  const skipped = (condition: Condition) =>
    condition.facts.some(
      slot => expressions.facts[slot].skippedWhenMissing && without.includes(expressions.facts[slot].name),
    )
  const gates = Object.entries(rules.prerequisites ?? {}).flatMap(([name, gate]) =>
    gate?.when === undefined
      ? []
      : (expressions.conditions(
          gate.when,
          [...path, 'prerequisites', name, 'when'],
          'prerequisite',
          gate.clause ?? clause,
        ) ?? []),
  )
  const vetoes = Object.entries(rules.vetoes ?? {}).flatMap(([name, veto]) =>
    veto?.when === undefined
      ? []
      : (expressions.veto(veto.when, [...path, 'vetoes', name, 'when'], veto.clause ?? clause) ?? []),
  )
  const own =
    rules.when === undefined
      ? []
      : (expressions.conditions(rules.when, [...path, 'when'], 'when', clause) ?? [])
  const conditions = [...gates, ...vetoes, ...own].filter(
    condition => !skipped(condition) && condition.text !== 'true',
  )
  const when = and(conditions.map(({ test }) => test))
  const facts = new Set(conditions.flatMap(condition => condition.facts))
  const selection: Selection = admit?.select ?? (admit?.quota || admit?.rounds ? 'quota' : 'open')
  const channel = { id, title: titleOf(id, rules), clause, brings, selection, when }
  if (!rules.score) {
    const rounds = compileRounds(rules, selection, undefined, path, expressions, options)
    return { ...channel, conditions, open: when, facts: [...facts], ...(rounds && { rounds }) }
  }

  const { at_least: atLeast = -Infinity } = admit ?? {}
  expressions.reads.clear()
  const { score, ledger, tree } = compileScore(rules, path, expressions)
  const counted = [...expressions.reads]
  const enough: Condition = {
    kind: 'score',
    text: `score >= ${atLeast}`,
    test: row => {
      const value = score(row)
      return Number.isNaN(value) ? NaN : value >= atLeast ? 1 : 0
    },
    facts: counted,
    clause: admit?.clause ?? clause,
    path: [...path, 'admit', 'at_least'],
    index: 0,
  }
  const limit = atLeast === -Infinity ? [] : [enough]
  const rounds = compileRounds(rules, selection, score, path, expressions, options)
  return {
    ...channel,
    conditions: [...conditions, ...limit],
    open: and([when, ...limit.map(({ test }) => test)]),
    facts: [...new Set([...facts, ...counted])],
    points: {
      atLeast,
      score,
      ledger,
      tree,
      facts: counted,
      fingerprint: JSON.stringify([
        rules.score,
        rules.groups ?? {},
        rules.factors ?? {},
        admit?.floor ?? null,
        admit?.cap ?? null,
      ]),
    },
    ...(rounds && { rounds }),
  }
}

function compileRounds(
  { admit = {}, clause = '' }: InForce<ChannelRules>,
  selection: Selection,
  score: ((row: FactRow) => number) | undefined,
  path: string[],
  expressions: Expressions,
  { areas }: CompileOptions,
): Rounds | undefined {
  if (selection === 'open' || selection === 'none') return undefined
  const { quota, rounds = [], rank = score ? ['score desc'] : [] } = admit
  if (areas)
    for (const area of Object.keys(quota?.areas ?? {}))
      checkArea(
        area,
        areas.map(known => known.id),
        [...path, 'admit', 'quota', 'areas', area],
        expressions.report,
      )
  const reads: Rounds['reads'] = []
  const note = (slots: Iterable<number>, place: string[]) =>
    void reads.push({ facts: [...slots], clause: admit.clause ?? clause, path: place })
  const dated = rounds.flatMap((round, index): DatedRound[] => {
    if (typeof round === 'number') return []
    const place = [...path, 'admit', 'rounds', String(index)]
    expressions.reads.clear()
    const when =
      round.when === undefined ? undefined : expressions.typed(round.when, 'boolean', [...place, 'when'])
    if (when) note(expressions.reads, [...place, 'when'])
    const month = firstMonth(round.on) === undefined ? undefined : parseMonth(round.on)
    if (month === undefined)
      expressions.report([...place, 'on'], {
        code: 'wrong-date',
        message: { zh: `“${round.on}”不是日期`, en: `"${round.on}" is no date` },
      })
    if (month === undefined || (round.when !== undefined && !when)) return []
    return [{ month, places: round.places, ...(when && { when: compile(when) }) }]
  })
  return {
    quota: quota as Rounds['quota'],
    months: dated.length > 0 ? undefined : (rounds as number[]).length > 0 ? (rounds as number[]) : undefined,
    dated: dated.length > 0 ? dated : undefined,
    rank:
      selection === 'lottery'
        ? []
        : (rank as string[]).flatMap((key, index) => {
            const [, text, direction] = /^(.*) (asc|desc)$/s.exec(key)!
            const place = [...path, 'admit', 'rank', String(index)]
            const facts = new Set<number>()
            const value = score && text.trim() === 'score' ? score : expressions.key(text, place, facts)
            note(facts, place)
            return value ? [{ value, descending: direction === 'desc', text: text.trim() }] : []
          }),
    ties: admit.ties ?? 'draw',
    spill: admit.spill ?? false,
    validMonths: admit.valid_months,
    waits: admit.waits ?? true,
    // A dated round has its own places.
    unfilled: admit.unfilled ?? (dated.length > 0 ? 'never' : 'year'),
    reads,
  }
}

function compileEntitlements(rules: InForce<RuleSet>, areas: string[] | undefined, report: Report) {
  const matrix: Law['entitlements'] = {}
  for (const [service, statuses] of Object.entries(rules.entitlements ?? {}))
    matrix[service] = Object.fromEntries(
      STATUSES.map(status => {
        const given = (statuses?.[status] ?? {}) as Entitlement
        if (areas && Array.isArray(given.areas))
          for (const [index, area] of given.areas.entries())
            checkArea(area, areas, ['entitlements', service, status, 'areas', String(index)], report)
        return [status, { claim: false, ...given }]
      }),
    ) as unknown as Law['entitlements'][string]
  return matrix
}

function checkArea(area: string, known: readonly string[], path: string[], report: Report) {
  if (known.includes(area)) return
  report(path, {
    code: 'unknown-area',
    message: { zh: `没有名为“${area}”的地区`, en: `Unknown area "${area}"` },
    expected: { zh: known.join('、'), en: known.join(', ') },
    nearest: nearest(area, known),
  })
}

/** The code of an area by its id, code, a name in either language or an alias. */
export function indexOfArea(areas: readonly Area[], name: string): number | undefined {
  const index = areas.findIndex(
    ({ id, code, name: { zh, en }, aliases }) => [id, code, zh, en].includes(name) || aliases.includes(name),
  )
  return index < 0 ? undefined : index
}

const titleOf = (id: string, { title }: InForce<ChannelRules>) => ({
  zh: title?.zh ?? id,
  en: title?.en ?? id,
})

function keysAt(tree: unknown, path: readonly string[]): string[] {
  const node = path.reduce<unknown>(
    (inner, key) => (inner as Record<string, unknown> | undefined)?.[key],
    tree,
  )
  return typeof node === 'object' && node !== null ? Object.keys(node) : []
}
