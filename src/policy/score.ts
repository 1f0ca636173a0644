/** The ledger of points: lines, caps and groups into functions over a row of facts. NaN is "not known". */
import { nearest } from '../reading/nearest.js'
import type { ChannelRules, InForce, LineRules } from './schema.js'
import type { Evaluate } from './expression/compile.js'
import type { FactDefinition } from './facts.js'
import type { FactRow, LedgerLine } from './policy.js'
import type { Expressions } from './expressions.js'

export interface Score {
  score: Evaluate
  ledger(row: FactRow): LedgerLine[]
}

interface Line {
  id: string
  clause?: string
  points: Evaluate
}

/** Lines that count on their own, or together by a group's rule. */
interface Part {
  lines: Line[]
  group?: { id: string; clause?: string; highest: boolean; cap: number }
}

type Path = readonly string[]

export function compileScore(rules: InForce<ChannelRules>, path: Path, expressions: Expressions): Score {
  const lines = new Map<string, Line>()
  for (const [id, line] of Object.entries(rules.score ?? {})) {
    if (line === undefined) continue
    const points = compileLine(line, [...path, 'score', id], expressions)
    if (points) lines.set(id, { id, clause: line.clause, points: capped(points, line.cap) })
  }
  const parts = grouped(rules, lines, path, expressions)
  const floor = rules.admit?.floor ?? -Infinity
  const totals = parts.map(total)
  return {
    score(row) {
      let sum = 0
      for (const part of totals) sum += part(row)
      return sum < floor ? floor : sum
    },
    ledger: row => entries(parts, [...lines.keys()], row, floor),
  }
}

function compileLine(line: InForce<LineRules>, path: Path, expressions: Expressions): Evaluate | undefined {
  const { points } = line
  if (points === undefined) return undefined
  if (line.by !== undefined && typeof points === 'object')
    return byLevel(line.by, points as Record<string, number>, path, expressions)
  const value = points as number
  if (line.each !== undefined) {
    const quantity = expressions.quantity(line.each, [...path, 'each'])
    const round = line.round === undefined ? (units: number) => units : ROUND[line.round]
    return quantity && (row => round(quantity(row)) * value)
  }
  const test = expressions.condition(line.when ?? false, [...path, 'when'])
  return test && (row => test(row) * value)
}

/** Half a unit rounds up. */
const ROUND = { down: Math.floor, up: Math.ceil, nearest: Math.round }

/** Points by the level of a fact: of an ordered one the highest level reached, of a named one its value. */
function byLevel(
  name: string,
  points: Record<string, number>,
  path: Path,
  expressions: Expressions,
): Evaluate | undefined {
  const slot = expressions.slot(name, [...path, 'by'])
  if (slot === undefined) return undefined
  const { type } = expressions.facts[slot]
  if (type.kind !== 'ordered' && type.kind !== 'named') {
    expressions.report([...path, 'by'], {
      code: 'wrong-type',
      message: {
        zh: `“${name}”没有档次,不能用于 by`,
        en: `"${name}" has no levels, so points cannot go by it`,
      },
      expected: namesOf(expressions.facts.filter(fact => 'values' in fact.type)),
    })
    return undefined
  }
  for (const level of Object.keys(points))
    if (!type.values.includes(level))
      expressions.report([...path, 'points', level], {
        code: 'unknown-value',
        message: { zh: `“${name}”没有取值“${level}”`, en: `The fact "${name}" has no value "${level}"` },
        expected: { zh: type.values.join('、'), en: type.values.join(', ') },
        nearest: nearest(level, type.values),
      })
  let reached = 0
  const byCode = type.values.map(value => {
    if (type.kind === 'named') return points[value] ?? 0
    return (reached = points[value] ?? reached)
  })
  return row => {
    const code = row[slot]
    return Number.isNaN(code) ? NaN : byCode[code]
  }
}

/** A cap holds gains from above, and deductions (where it is negative) from below. */
function capped(points: Evaluate, cap: number | undefined): Evaluate {
  if (cap === undefined) return points
  return cap < 0 ? row => Math.max(points(row), cap) : row => Math.min(points(row), cap)
}

function grouped(
  { groups = {} }: InForce<ChannelRules>,
  lines: Map<string, Line>,
  path: Path,
  expressions: Expressions,
): Part[] {
  const written = expressions.writtenNames([...path, 'score'])
  const taken = new Map<string, string>()
  const parts: Part[] = []
  for (const [id, group] of Object.entries(groups)) {
    if (group === undefined) continue
    const members: Line[] = []
    for (const [index, name] of (group.of ?? []).entries()) {
      const place = [...path, 'groups', id, 'of', String(index)]
      if (!written.includes(name))
        expressions.report(place, {
          code: 'unknown-line',
          message: { zh: `没有名为“${name}”的积分行`, en: `There is no line "${name}"` },
          nearest: nearest(name, written),
        })
      else if (taken.has(name))
        expressions.report(place, {
          code: 'line-in-two-groups',
          message: {
            zh: `积分行“${name}”已在“${taken.get(name)}”组中`,
            en: `The line "${name}" is in the group "${taken.get(name)}" already`,
          },
        })
      else {
        taken.set(name, id)
        const line = lines.get(name)
        if (line) members.push(line)
      }
    }
    const { clause, cap = Infinity } = group
    parts.push({ lines: members, group: { id, clause, highest: group.take === 'highest', cap } })
  }
  const alone = [...lines.values()].filter(({ id }) => !taken.has(id)).map(line => ({ lines: [line] }))
  return [...alone, ...parts]
}

function total({ lines, group }: Part): Evaluate {
  const all = lines.map(({ points }) => points)
  if (!group) return all[0]
  const { highest, cap } = group
  if (all.length === 0) return () => 0
  return row => {
    let value = all[0](row)
    for (let i = 1; i < all.length; i++) value = highest ? Math.max(value, all[i](row)) : value + all[i](row)
    return Math.min(value, cap)
  }
}

/** The lines as counted: of a group's "highest" the others count 0; what a cap cuts off is a line of its own, after the others. */
function entries(parts: Part[], order: string[], row: FactRow, floor: number): LedgerLine[] {
  const ledger: LedgerLine[] = []
  for (const { lines, group } of parts) {
    const points = lines.map(line => line.points(row))
    const best = group?.highest ? points.indexOf(Math.max(...points)) : -1
    for (const [index, { id, clause }] of lines.entries()) {
      const counts = best < 0 || index === best
      ledger.push(entry(id, counts ? points[index] : 0, clause))
    }
    if (!group) continue
    const sum = group.highest ? Math.max(...points) : points.reduce((a, b) => a + b, 0)
    if (sum > group.cap) ledger.push(entry(group.id, group.cap - sum, group.clause))
  }
  const place = ({ line }: LedgerLine) => (order.includes(line) ? order.indexOf(line) : Infinity)
  ledger.sort((a, b) => (place(a) === place(b) ? 0 : place(a) - place(b)))
  const sum = ledger.reduce((a, { points }) => a + points, 0)
  if (sum < floor) ledger.push(entry('floor', floor - sum))
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
