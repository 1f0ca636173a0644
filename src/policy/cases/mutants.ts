/**
 * Rule sets with one thing changed, to see whether their cases notice. Every number is changed once, by the smallest
 * step that matters: one unit of its last written digit, upwards; but points, a cap and the upper end of a band towards
 * zero, as a cap would hide the other way, and a cap beyond what is ever reached makes no difference. A number that divides those below from those above – the
 * least score, a step, what a condition compares with – is moved the other way too. Comparisons, `&&` and `||`, values
 * of facts, words, true and false, and dates are changed as well, and counted apart.
 *
 * Left alone are shares of an assumption, the range of a fact and rounds by date: cases give or repeat them; and a step
 * at the least value of its fact is not moved down, where nobody is.
 */
import { formatMonth } from '../../evidence/month.js'
import { BEFORE_ALL, firstMonth, isDate, isDated } from '../dated.js'
import { parse } from '../expression/parse.js'
import type { FactDefinition } from '../facts.js'
import type { Policy } from '../policy.js'
import { SCOPES } from '../schema.js'
import { moved, textChanges } from './textChanges.js'

export type MutantKind = 'number' | 'bound' | 'comparison' | 'logic' | 'value' | 'word' | 'date'

/** One thing changed: the value at a path, or the key that ends it. */
export interface Change {
  kind: MutantKind
  path: readonly string[]
  /** Character of the text at the path. */
  index?: number
  from: string
  to: string
}

export interface Mutant extends Change {
  tree: Policy['tree']
}

type Map = Record<string, unknown>

export function* mutantsOf({ tree, facts }: Policy): Generator<Mutant> {
  const at = (path: readonly string[], change: (before: unknown) => unknown) =>
    changed(tree, path, change) as Policy['tree']

  /** @param within the map that the node, or what is dated around it, stands in */
  function* visit(node: unknown, path: readonly string[], within: Map = {}): Generator<Mutant> {
    if (typeof node !== 'object' || node === null) {
      for (const { value, ...change } of leafChanges(node, path, facts))
        yield { ...change, path, tree: at(path, () => value) }
      return
    }
    const map = node as Map
    const keys = isDated(node)
      ? dateChanges(map)
      : namesOf(path).at(-1) === 'points'
        ? stepChanges(map, leastOf(within.by, facts))
        : []
    for (const { kind, from, to } of keys)
      yield { kind, path: [...path, from], from, to, tree: at(path, () => renamed(map, from, to)) }
    for (const [key, inner] of Object.entries(map)) {
      const idle = key === 'round' && facts.some(({ name, type }) => name === map.each && isWhole(type))
      if (!idle && !isLeftAlone([...path, key]))
        yield* visit(inner, [...path, key], isDated(node) ? within : map)
    }
  }
  yield* visit(tree, [])
}

/** A number of whole units is the same however it is rounded. */
const isWhole = (type: FactDefinition['type']) => type.kind === 'number' && type.whole

/** The names of a path without dates. */
const namesOf = (path: readonly string[]) => path.filter(key => !isDate(key))

/** Words that decide nothing, and data. */
const SILENT = ['title', 'label', 'clause', 'source', 'note', 'grade', 'unit', 'values', 'cut_off', 'policy']

function isLeftAlone(path: readonly string[]): boolean {
  const names = namesOf(path)
  const last = names.at(-1)!
  if (SILENT.includes(last)) return true
  if (names[0] === 'facts') return ['label', 'type', 'min', 'max', 'whole', 'assume'].includes(names[2])
  return names.at(-3) === 'rounds' && (last === 'on' || last === 'places')
}

type LeafChange = Omit<Change, 'path'> & { value: unknown }

/** Words that may stand in each other's place. */
const CHOICES: Record<string, readonly string[]> = {
  brings: SCOPES,
  take: ['highest', 'sum'],
  round: ['down', 'up', 'nearest'],
  ties: ['draw', 'admit_all', 'admit_none'],
  unfilled: ['year', 'always', 'never'],
  who: ['applied', 'qualified'],
}

const CONDITIONS = ['when', 'is', 'each', 'by']

function leafChanges(node: unknown, path: readonly string[], facts: readonly FactDefinition[]): LeafChange[] {
  const names = namesOf(path)
  const [parent, name] = names.slice(-2)
  switch (typeof node) {
    case 'boolean':
      return [{ kind: 'word', from: String(node), to: String(!node), value: !node }]
    case 'number':
      return numberChanges(node, names).map(([kind, value]) => ({
        kind,
        from: String(node),
        to: String(value),
        value,
      }))
    case 'string': {
      if (name in CHOICES) {
        const words = CHOICES[name]
        const to = words[(words.indexOf(node) + 1) % words.length]
        return [{ kind: 'word', from: node, to, value: to }]
      }
      if (parent === 'rank') {
        const to = node.endsWith('asc') ? node.replace(/asc$/, 'desc') : node.replace(/desc$/, 'asc')
        return [{ kind: 'word', from: node, to, value: to }]
      }
      if (!CONDITIONS.includes(name)) return []
      const parsed = parse(node)
      return 'syntax' in parsed
        ? textChanges(parsed.syntax, node, facts).map(({ start, end, ...change }) => ({
            ...change,
            index: start,
            value: node.slice(0, start) + change.to + node.slice(end),
          }))
        : []
    }
    default:
      return []
  }
}

function numberChanges(value: number, names: readonly string[]): [MutantKind, number][] {
  const by = (direction: 1 | -1) => Number(moved(String(value), direction))
  const [parent, name] = names.slice(-2)
  const towardsZero = ['cap', 'to', 'points'].includes(name) || parent === 'points'
  if (towardsZero) return [['number', by(value > 0 ? -1 : 1)]]
  return name === 'at_least'
    ? [
        ['number', by(1)],
        ['bound', by(-1)],
      ]
    : [['number', by(1)]]
}

type KeyChange = Pick<Change, 'kind' | 'from' | 'to'>

/** The least value that a fact of this name may have; none is known of an expression. */
const leastOf = (by: unknown, facts: readonly FactDefinition[]): number => {
  const type = facts.find(({ name }) => name === by)?.type
  return (type?.kind === 'number' ? type.min : undefined) ?? -Infinity
}

/** Lower bounds of steps, which are the keys of the points; where nobody is below `least`, the step there holds for all. */
const stepChanges = (steps: Map, least: number): KeyChange[] =>
  Object.keys(steps)
    .filter(key => /^-?\d+(\.\d+)?$/.test(key))
    .flatMap((from): KeyChange[] => [
      { kind: 'number', from, to: moved(from, 1) },
      ...(Number(from) > least ? [{ kind: 'bound' as const, from, to: moved(from, -1) }] : []),
    ])

/** A month later; a month earlier too where something else was in force before. */
function dateChanges(dated: Map): KeyChange[] {
  const dates = Object.keys(dated).sort()
  return dates.flatMap((from, index) => {
    const month = firstMonth(from)!
    if (month === BEFORE_ALL) return []
    const moves = index === 0 ? [month + 1] : [month + 1, month - 1]
    return moves
      .map(formatMonth)
      .filter(to => !dates.some(date => firstMonth(date) === firstMonth(to)))
      .map(to => ({ kind: 'date', from, to }))
  })
}

/** A key under another name; of two numbers that meet, the one that was higher stays, as the higher step counts. */
function renamed(map: Map, from: string, to: string): Map {
  const { [from]: moved, ...others } = map
  return to in others && Number(to) > Number(from) ? others : { ...others, [to]: moved }
}

function changed(
  node: unknown,
  [key, ...rest]: readonly string[],
  change: (before: unknown) => unknown,
): unknown {
  if (key === undefined) return change(node)
  if (Array.isArray(node))
    return node.map((inner: unknown, index) => (String(index) === key ? changed(inner, rest, change) : inner))
  const map = node as Map
  return { ...map, [key]: changed(map[key], rest, change) }
}
