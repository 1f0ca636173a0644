/**
 * The ledger of points: lines, groups, factors, floor and cap, as a typed tree and as functions over a row of facts.
 * Evaluation, explanations, comparisons and pages all read the same tree. NaN is "not known".
 */
import { nearest } from '../reading/nearest.js'
import type { Text } from '../reading/text.js'
import type { Expression } from './expression/check.js'
import { compile, type Evaluate } from './expression/compile.js'
import type { Expressions } from './expressions.js'
import type { FactDefinition, FactRow } from './facts.js'
import type { ChannelRules, GroupRules, InForce, LineRules } from './schema.js'

export interface LedgerLine {
  line: string
  /** NaN where a fact of the line is not known. */
  points: number
  clause?: string
}

/** How a line comes to its points. */
export type LineRule =
  /** Points where the guard holds. */
  | { kind: 'flag'; points: number }
  /** Points for each unit of a quantity, rounded as said. */
  | { kind: 'each'; of: Expression; round?: 'down' | 'up' | 'nearest'; points: number }
  /** Points by the code of a fact: an ordered one carries on the points of the level below. */
  | { kind: 'levels'; slot: number; byCode: number[] }
  /** Points of the highest step that the quantity reaches (`from`, ascending); 0 below the first. */
  | { kind: 'steps'; of: Expression; steps: { from: number; points: number }[] }
  /** Points of the range that holds the quantity, both ends in it; 0 in none. Ascending, without overlap. */
  | { kind: 'bands'; of: Expression; bands: { from: number; to: number; points: number }[] }

export interface ScoreLine {
  kind: 'line'
  id: string
  title?: Text
  clause?: string
  path: readonly string[]
  rule: LineRule
  /** No points where it does not hold. */
  guard?: Expression
  /** Holds gains from above, and deductions (where it is negative) from below. */
  cap?: number
  points: Evaluate
}

export interface ScoreGroup {
  kind: 'group'
  id: string
  title?: Text
  clause?: string
  path: readonly string[]
  of: ScorePart[]
  highest: boolean
  cap: number
}

/** What counts on its own in the total, or together by a group's rule. */
export type ScorePart = ScoreLine | ScoreGroup

export interface ScoreFactor {
  id: string
  clause?: string
  path: readonly string[]
  /** Always, where absent. */
  guard?: Expression
  times: number
  holds: Evaluate
}

export interface ScoreTree {
  /** Lines outside groups in the order written, then groups that are in no other. */
  parts: ScorePart[]
  factors: ScoreFactor[]
  floor: number
  cap: number
  /** Ids of all lines in the order written. */
  order: string[]
  /** Points are rounded to a millionth: without it 0.1 × 46 months would miss a threshold by a hair. */
  fractional: boolean
}

export interface Score {
  tree: ScoreTree
  score: Evaluate
  ledger(row: FactRow): LedgerLine[]
}

type Path = readonly string[]

export function compileScore(rules: InForce<ChannelRules>, path: Path, expressions: Expressions): Score {
  const lines = new Map<string, ScoreLine>()
  for (const [id, line] of Object.entries(rules.score ?? {})) {
    const compiled = line && compileLine(id, line, [...path, 'score', id], expressions)
    if (compiled) lines.set(id, compiled)
  }
  const factors = Object.entries(rules.factors ?? {}).flatMap(([id, factor]): ScoreFactor[] => {
    if (factor?.times === undefined) return []
    const place = [...path, 'factors', id]
    const guard =
      factor.when === undefined ? undefined : expressions.typed(factor.when, 'boolean', [...place, 'when'])
    if (factor.when !== undefined && !guard) return []
    const { clause, times } = factor
    return [{ id, clause, path: place, guard, times, holds: guard ? compile(guard) : () => 1 }]
  })
  const { floor = -Infinity, cap = Infinity } = rules.admit ?? {}
  const tree: ScoreTree = {
    parts: grouped(rules.groups ?? {}, lines, path, expressions),
    factors,
    floor,
    cap,
    order: [...lines.keys()],
    fractional:
      factors.length > 0 ||
      [...lines.values()].some(line => isFractional(line, expressions.facts)) ||
      Object.values(rules.groups ?? {}).some(group => !isHalves(group?.cap ?? 0)),
  }
  const sum = sumOf(tree.parts.map(partValue))
  return {
    tree,
    score: row => bounded(multiplied(sum(row), tree, row), tree),
    ledger: row => ledgerOf(tree, row, sum(row)),
  }
}

function compileLine(
  id: string,
  line: InForce<LineRules>,
  path: Path,
  expressions: Expressions,
): ScoreLine | undefined {
  const rule = ruleOf(line, path, expressions)
  const guard =
    line.when === undefined ? undefined : expressions.typed(line.when, 'boolean', [...path, 'when'])
  if (!rule || (line.when !== undefined && !guard)) return undefined
  const { clause, cap } = line
  return {
    kind: 'line',
    id,
    title: line.title as Text | undefined,
    clause,
    path,
    rule,
    guard,
    cap,
    points: capped(guarded(pointsOf(rule), guard && compile(guard)), cap),
  }
}

function ruleOf(line: InForce<LineRules>, path: Path, expressions: Expressions): LineRule | undefined {
  const { by, each, points, bands, round } = line
  if (each !== undefined) {
    const of = expressions.typed(each, 'number', [...path, 'each'])
    return of && typeof points === 'number' ? { kind: 'each', of, round, points } : undefined
  }
  if (by === undefined) return typeof points === 'number' ? { kind: 'flag', points } : undefined
  const slot = expressions.facts.findIndex(fact => fact.name === by.trim())
  const type = expressions.facts[slot]?.type
  if (type && 'values' in type && typeof points === 'object') {
    expressions.reads.add(slot)
    return levels(slot, type, points as Record<string, number>, path, expressions)
  }
  if (type && type.kind !== 'number') {
    expressions.report([...path, 'by'], {
      code: 'wrong-type',
      message: { zh: `“${by}”没有档次,不能用于 by`, en: `"${by}" has no levels, so points cannot go by it` },
      expected: namesOf(
        expressions.facts.filter(fact => 'values' in fact.type || fact.type.kind === 'number'),
      ),
    })
    return undefined
  }
  const of = expressions.typed(by, 'number', [...path, 'by'])
  if (!of) return undefined
  return bands !== undefined
    ? rangesOf(of, bands as { from?: number; to?: number; points: number }[], path, expressions)
    : stepsOf(of, (points ?? {}) as Record<string, number>, path, expressions)
}

function levels(
  slot: number,
  type: { kind: string; values: string[] },
  points: Record<string, number>,
  path: Path,
  expressions: Expressions,
): LineRule {
  for (const level of Object.keys(points))
    if (!type.values.includes(level))
      expressions.report([...path, 'points', level], {
        code: 'unknown-value',
        message: {
          zh: `“${expressions.facts[slot].name}”没有取值“${level}”`,
          en: `The fact "${expressions.facts[slot].name}" has no value "${level}"`,
        },
        expected: { zh: type.values.join('、'), en: type.values.join(', ') },
        nearest: nearest(level, type.values),
      })
  let reached = 0
  const byCode = type.values.map(value => {
    if (type.kind === 'named') return points[value] ?? 0
    return (reached = points[value] ?? reached)
  })
  return { kind: 'levels', slot, byCode }
}

function stepsOf(
  of: Expression,
  points: Record<string, number>,
  path: Path,
  expressions: Expressions,
): LineRule {
  const steps = Object.entries(points).flatMap(([key, value]) => {
    if (/^-?\d+(\.\d+)?$/.test(key)) return [{ from: Number(key), points: value }]
    expressions.report([...path, 'points', key], {
      code: 'wrong-value',
      message: { zh: `“${key}”不是数`, en: `"${key}" is no number` },
      expected: { zh: '数:达到该数即得分', en: 'a number: points for who reaches it' },
    })
    return []
  })
  return { kind: 'steps', of, steps: steps.sort((a, b) => a.from - b.from) }
}

function rangesOf(
  of: Expression,
  bands: { from?: number; to?: number; points: number }[],
  path: Path,
  expressions: Expressions,
): LineRule {
  const sorted = bands
    .map(({ from = -Infinity, to = Infinity, points }, index) => ({ from, to, points, index }))
    .sort((a, b) => a.from - b.from)
  for (const [i, band] of sorted.entries()) {
    const before = sorted[i - 1]
    const backwards = band.from > band.to
    if (backwards || (before && before.to >= band.from))
      expressions.report([...path, 'bands', String(band.index)], {
        code: backwards ? 'bad-range' : 'bands-overlap',
        message: backwards
          ? { zh: `${band.from} 大于 ${band.to}`, en: `${band.from} is above ${band.to}` }
          : {
              zh: `与 ${before.from}–${before.to} 重叠`,
              en: `This band overlaps the one from ${before.from} to ${before.to}`,
            },
      })
  }
  return { kind: 'bands', of, bands: sorted.map(({ from, to, points }) => ({ from, to, points })) }
}

/** Half a unit rounds up. */
export const ROUND = { down: Math.floor, up: Math.ceil, nearest: Math.round }

function pointsOf(rule: LineRule): Evaluate {
  switch (rule.kind) {
    case 'flag': {
      const { points } = rule
      return () => points
    }
    case 'each': {
      const [of, { points, round }] = [compile(rule.of), rule]
      if (!round) return row => of(row) * points
      const rounded = ROUND[round]
      return row => rounded(of(row)) * points
    }
    case 'levels': {
      const { slot, byCode } = rule
      return row => {
        const code = row[slot]
        return Number.isNaN(code) ? NaN : byCode[code]
      }
    }
    case 'steps': {
      const [of, { steps }] = [compile(rule.of), rule]
      return row => {
        const value = of(row)
        if (Number.isNaN(value)) return NaN
        let points = 0
        for (let i = 0; i < steps.length && value >= steps[i].from; i++) points = steps[i].points
        return points
      }
    }
    case 'bands': {
      const [of, { bands }] = [compile(rule.of), rule]
      return row => {
        const value = of(row)
        if (Number.isNaN(value)) return NaN
        for (const band of bands) if (value >= band.from && value <= band.to) return band.points
        return 0
      }
    }
  }
}

/** Nothing where the guard fails; what would be nothing anyway is so whether the guard is known or not. */
function guarded(points: Evaluate, guard: Evaluate | undefined): Evaluate {
  if (!guard) return points
  return row => {
    const holds = guard(row)
    if (holds === 0) return 0
    const value = points(row)
    return value === 0 ? 0 : holds * value
  }
}

function capped(points: Evaluate, cap: number | undefined): Evaluate {
  if (cap === undefined) return points
  return cap < 0 ? row => Math.max(points(row), cap) : row => Math.min(points(row), cap)
}

function grouped(
  groups: Record<string, InForce<GroupRules> | undefined>,
  lines: ReadonlyMap<string, ScoreLine>,
  path: Path,
  expressions: Expressions,
): ScorePart[] {
  const written = [
    ...expressions.writtenNames([...path, 'score']),
    ...expressions.writtenNames([...path, 'groups']),
  ]
  const taken = new Map<string, string>()
  const made = new Map<string, ScoreGroup>()
  const make = (id: string, within: readonly string[]): ScoreGroup | undefined => {
    const group = groups[id]
    if (group === undefined || made.has(id)) return made.get(id)
    const place = [...path, 'groups', id]
    const of: ScorePart[] = []
    for (const [index, name] of (group.of ?? []).entries()) {
      const problem = [...within, id].includes(name)
        ? {
            code: 'circular-group',
            message: {
              zh: `“${name}”包含自身:${[...within, id, name].join(' → ')}`,
              en: `"${name}" holds itself: ${[...within, id, name].join(' → ')}`,
            },
          }
        : !written.includes(name)
          ? {
              code: 'unknown-line',
              message: { zh: `没有名为“${name}”的积分行`, en: `There is no line "${name}"` },
              nearest: nearest(name, written),
            }
          : taken.has(name)
            ? {
                code: 'line-in-two-groups',
                message: {
                  zh: `积分行“${name}”已在“${taken.get(name)}”组中`,
                  en: `The line "${name}" is in the group "${taken.get(name)}" already`,
                },
              }
            : undefined
      if (problem) {
        expressions.report([...place, 'of', String(index)], problem)
        continue
      }
      taken.set(name, id)
      const part = lines.get(name) ?? make(name, [...within, id])
      if (part) of.push(part)
    }
    const { clause, cap = Infinity, title } = group
    const result: ScoreGroup = {
      kind: 'group',
      id,
      title: title as Text | undefined,
      clause,
      path: place,
      of,
      highest: group.take === 'highest',
      cap,
    }
    made.set(id, result)
    return result
  }
  for (const id of Object.keys(groups)) make(id, [])
  return [...lines.values(), ...made.values()].filter(({ id }) => !taken.has(id))
}

function sumOf(values: readonly Evaluate[]): Evaluate {
  if (values.length === 1) return values[0]
  return row => {
    let sum = 0
    for (let i = 0; i < values.length; i++) sum += values[i](row)
    return sum
  }
}

function partValue(part: ScorePart): Evaluate {
  if (part.kind === 'line') return part.points
  const all = part.of.map(partValue)
  const { highest, cap } = part
  if (all.length === 0) return () => 0
  return row => {
    let value = all[0](row)
    for (let i = 1; i < all.length; i++) value = highest ? Math.max(value, all[i](row)) : value + all[i](row)
    return Math.min(value, cap)
  }
}

function multiplied(sum: number, { factors }: ScoreTree, row: FactRow): number {
  let value = sum
  for (const { holds, times } of factors) {
    const yes = holds(row)
    if (yes !== 0) value = value === 0 ? 0 : yes * value * times
  }
  return value
}

const bounded = (value: number, { floor, cap, fractional }: ScoreTree): number => {
  const held = Math.min(Math.max(value, floor), cap)
  return fractional ? toMillionths(held) : held
}

export const toMillionths = (points: number): number => Math.round(points * 1e6) / 1e6

/** Halves add up without error. */
const isHalves = (points: number): boolean => Number.isInteger(points * 2)

function isFractional({ rule, cap = 0 }: ScoreLine, facts: readonly FactDefinition[]): boolean {
  const all =
    rule.kind === 'levels'
      ? rule.byCode
      : rule.kind === 'steps'
        ? rule.steps.map(({ points }) => points)
        : rule.kind === 'bands'
          ? rule.bands.map(({ points }) => points)
          : [rule.points]
  const units = rule.kind === 'each' && rule.round === undefined ? rule.of : undefined
  const type = units?.op === 'fact' ? facts[units.slot].type : undefined
  const whole = units === undefined || (type?.kind === 'number' && type.whole)
  return !whole || ![...all, cap].every(isHalves)
}

/**
 * The lines as counted: of a group's "highest" the others count 0; what a cap cuts off, a factor adds, a floor or the
 * cap of the total change are lines of their own, after the others.
 *
 * @param sum of the parts, without the hair by which their lines and cuts may miss it
 */
function ledgerOf(tree: ScoreTree, row: FactRow, sum: number): LedgerLine[] {
  const counted = new Map<string, LedgerLine>()
  const cuts: LedgerLine[] = []
  const visit = (part: ScorePart, counts: boolean): void => {
    if (part.kind === 'line') {
      counted.set(part.id, entry(part.id, counts ? part.points(row) : 0, part.clause))
      return
    }
    const values = part.of.map(inner => partValue(inner)(row))
    const top = Math.max(...values)
    const best = part.highest ? values.indexOf(top) : -1
    part.of.forEach((inner, index) => visit(inner, counts && (best < 0 || index === best)))
    const sum = values.length === 0 ? 0 : part.highest ? top : values.reduce((a, b) => a + b, 0)
    if (counts && sum > part.cap) cuts.push(entry(part.id, part.cap - sum, part.clause))
  }
  for (const part of tree.parts) visit(part, true)
  const ledger = [...tree.order.map(id => counted.get(id)!), ...cuts]
  for (const { id, clause, holds, times } of tree.factors) {
    const yes = holds(row)
    const more = yes === 0 || sum === 0 ? 0 : yes * sum * times - sum
    ledger.push(entry(id, toMillionths(more), clause))
    sum += more
  }
  if (sum < tree.floor) ledger.push(entry('floor', toMillionths(tree.floor - sum)))
  sum = Math.max(sum, tree.floor)
  if (sum > tree.cap) ledger.push(entry('cap', toMillionths(tree.cap - sum)))
  return ledger
}

/** −0 is written 0. */
const entry = (line: string, points: number, clause?: string): LedgerLine => ({
  line,
  points: points + 0,
  ...(clause !== undefined && { clause }),
})

const namesOf = (facts: readonly FactDefinition[]) => {
  const names = facts.map(({ name }) => name)
  return { zh: names.join('、'), en: names.join(', ') }
}
