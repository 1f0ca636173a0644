/**
 * What a comparison may never say: that spelling is a difference, that a changed number is none, that a looser law
 * shuts somebody out. Held on random rule sets, random changes of them and random persons.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileLaw } from '../../src/policy/compile.js'
import { seedKey, uniform } from '../../src/evidence/luck.js'
import { BEFORE_ALL, changesOf, isDate } from '../../src/policy/dated.js'
import { diffLaws, type Change, type Effect } from '../../src/policy/diff.js'
import { conjuncts, parse, textOf } from '../../src/policy/expression/parse.js'
import { makePolicy } from '../../src/policy/make.js'
import type { Policy } from '../../src/policy/policy.js'
import { readPolicy } from '../../src/policy/read.js'
import { compute } from '../../src/policy/supply.js'
import { condition, FACTS, person, rowOfPerson } from './randomRules.js'
import { AREAS, month, shipped } from './shipped.js'

type Tree = Record<string, unknown>
type Path = (string | number)[]

const lawOf = (policy: Policy, at: number) => ({ policy, law: compileLaw(policy, at, { areas: AREAS }) })
const compare = (a: Policy, b: Policy, at: number): Change[] => diffLaws(lawOf(a, at), lawOf(b, at), AREAS)
const made = (tree: unknown): Policy =>
  makePolicy(tree as Policy['tree'], () => ({ file: 'p.yaml' }), 'p.yaml')

const SHIPPED = [
  'guangdong-points',
  'zhaoqing-zero-threshold',
  'zhongshan-points',
  'beijing-points',
  'express-entry',
]
const latest = (policy: Policy): number => changesOf(policy.tree).at(-1) ?? month('2017-01')
/** Every leaf with its path. */
function leaves(node: unknown, path: Path = []): [Path, unknown][] {
  if (typeof node !== 'object' || node === null) return [[path, node]]
  return Object.entries(node).flatMap(([key, inner]) =>
    leaves(inner, [...path, Array.isArray(node) ? Number(key) : key]),
  )
}

function withLeaf(node: unknown, [key, ...rest]: Path, value: unknown): unknown {
  const inner = (node as Record<string | number, unknown>)[key]
  const changed = rest.length > 0 ? withLeaf(inner, rest, value) : value
  return Array.isArray(node)
    ? node.map((item: unknown, i) => (i === key ? changed : item))
    : { ...(node as object), [key]: changed }
}

const CONDITIONS = ['when', 'is']

describe('spelling', () => {
  /** Keys in another order, conditions written another way. Lists keep their order where it means something. */
  function respelled(node: unknown, key: string, random: () => number): unknown {
    const shuffled = <T>(items: readonly T[]): T[] => {
      const left = [...items]
      return items.map(() => left.splice(Math.floor(random() * left.length), 1)[0])
    }
    if (typeof node === 'string' && (key === 'when' || key === 'is')) {
      const parsed = parse(node)
      if (!('syntax' in parsed)) return node
      const parts = shuffled(conjuncts(parsed.syntax).map(part => `(${textOf(part)})`))
      const text = parts.join(random() < 0.5 ? '&&' : '  &&  ')
      return key === 'when' && random() < 0.3 ? `!(!(${text}))` : text
    }
    if (Array.isArray(node)) {
      const items = node.map(item => respelled(item, '', random))
      return ['of', 'areas', 'bands'].includes(key) ? shuffled(items) : items
    }
    if (typeof node !== 'object' || node === null) return node
    // What is dated goes by its key; the values of a fact are in order.
    const entries = Object.entries(node).map(
      ([name, inner]) => [name, respelled(inner, isDate(name) ? key : name, random)] as const,
    )
    return Object.fromEntries(key === 'values' ? entries : shuffled(entries))
  }
  it.each(SHIPPED)('another spelling of %s is no difference', id => {
    const original = shipped(id)
    fc.assert(
      fc.property(fc.integer(), seed => {
        const key = seedKey(String(seed))
        let drawn = 0
        const other = made(respelled(original.tree, '', () => uniform(key, drawn++, 0, 0)))
        expect(compare(original, other, latest(original)).map(({ words }) => words.en)).toEqual([])
      }),
      { numRuns: 5 },
    )
  })
})

describe('a changed number of a table', () => {
  /** Paths of the numbers that decide, with the name that the change must bear. */
  function numbers(tree: unknown): [Path, number, string][] {
    return leaves((tree as Tree).channels, ['channels']).flatMap(
      ([path, value]): [Path, number, string][] => {
        const [, , part, name] = path
        if (typeof value !== 'number') return []
        if (part === 'score' && path.at(-1) !== 'from' && path.at(-1) !== 'to')
          return [[path, value, String(name)]]
        if (part === 'groups' || part === 'factors') return [[path, value, String(name)]]
        if (part === 'admit' && name === 'at_least') return [[path, value, 'threshold']]
        if (part === 'admit' && name === 'quota') return [[path, value, 'quota']]
        return []
      },
    )
  }
  it.each(SHIPPED)('%s: each number, one at a time, is exactly one change of that line', id => {
    const original = shipped(id)
    const months = [latest(original), ...changesOf(original.tree)]
    const laws = new Map(months.map(at => [at, lawOf(original, at)]))
    const all = numbers(original.tree)
    // Of tables with hundreds of numbers every third is as good as all.
    for (const [path, value, name] of all.filter((_, i) => all.length < 150 || i % 3 === 0)) {
      const other = made(withLeaf(original.tree, path, value + 1))
      // In a month in which the number holds.
      const changes = [...laws]
        .map(([at, law]) => diffLaws(law, lawOf(other, at), AREAS))
        .find(({ length }) => length > 0)
      expect([path.join('.'), ...(changes ?? []).map(change => change.name ?? change.part)]).toEqual([
        path.join('.'),
        name,
      ])
    }
  })
})

describe('the other way round', () => {
  // What two gates of other names have become of one another is named by either.
  const gate = ({ part, name }: Change) =>
    ['prerequisite', 'veto', 'condition'].includes(part) ? 'gate' : `${part} ${name}`
  const plain = (changes: Change[]) =>
    changes.map(change => {
      const { channel, kind, before, after, effect } = change
      return JSON.stringify([channel, gate(change), kind, effect, before?.en, after?.en])
    })
  const mirrored = (changes: Change[]) =>
    plain(
      changes.map(change => ({
        ...change,
        kind: ({ added: 'removed', removed: 'added', changed: 'changed' } as const)[change.kind],
        before: change.after,
        after: change.before,
        effect: ({ looser: 'tighter', tighter: 'looser', unclear: 'unclear', none: 'none' } as const)[
          change.effect
        ],
      })),
    )
  const pairs: [string, string][] = [
    ['guangdong-points', 'zhaoqing-zero-threshold'],
    ['zhongshan-points', 'guangzhou-points'],
    ['beijing-points', 'zhongshan-points'],
    ['express-entry', 'eu-free-movement'],
  ]
  it.each(pairs)('%s and %s', (a, b) => {
    const [x, y] = [a, b].map(id => lawOf(shipped(id), latest(shipped(id))))
    const [there, back] = [diffLaws(x, y, AREAS), diffLaws(y, x, AREAS)]
    expect(there.length).toBeGreaterThan(5)
    expect(plain(back).sort()).toEqual(mirrored(there).sort())
  })
})

const amount = fc.integer({ min: -4, max: 9 })
const scores = fc
  .record({
    lines: fc.record({
      l1: fc.record({ when: condition, points: amount }),
      l2: fc.record({
        each: fc.constantFrom('years', 'months / 2', 'rate', 'double'),
        round: fc.constantFrom('down', 'up', 'nearest'),
        points: amount,
      }),
      l3: fc.record({
        by: fc.constant('level'),
        points: fc.record({ low: amount, high: amount }),
        when: condition,
      }),
      l4: fc.record({
        by: fc.constant('months'),
        points: fc.record({ '1': amount, '3': amount }),
        cap: amount,
      }),
    }),
    take: fc.constantFrom('highest', 'sum'),
    cap: amount,
    times: fc.constantFrom(0.5, 1.5, 2),
    guard: condition,
    atLeast: fc.integer({ min: -5, max: 15 }),
    grouped: fc.boolean(),
    multiplied: fc.boolean(),
  })
  .map(({ lines, take, cap, times, guard, atLeast, grouped, multiplied }) => ({
    score: lines,
    ...(grouped && { groups: { g: { of: ['l1', 'l2'], take, cap } } }),
    ...(multiplied && { factors: { f: { when: guard, times } } }),
    admit: { at_least: atLeast },
  }))
/** By conditions or by points alone, so that neither hides the other. */
const channel: fc.Arbitrary<object> = fc.oneof(
  fc.record({ when: condition, gate: condition, veto: condition }).map(({ when, gate, veto }) => ({
    clause: 'c',
    brings: 'none',
    when,
    prerequisites: { p: { clause: 'c', when: gate } },
    vetoes: { v: { clause: 'c', when: veto } },
  })),
  { weight: 2, arbitrary: scores.map(points => ({ clause: 'c', brings: 'none', ...points })) },
)

/** One change at random: a number moved, a condition changed, something left out. */
interface Edit {
  where: number
  by: number
  how: number
  text: string
}
const edit: fc.Arbitrary<Edit> = fc.record({
  where: fc.nat(1000),
  by: fc.integer({ min: -3, max: 3 }),
  how: fc.nat(5),
  text: condition,
})
const OPTIONAL = ['cap', 'groups', 'factors', 'prerequisites', 'vetoes', 'round', 'at_least']

function edited(rules: unknown, { where, by, how, text }: Edit): unknown {
  const spots = leaves(rules).filter(([path, value]) => {
    const last = path.at(-1)
    return typeof value === 'number' || (typeof last === 'string' && CONDITIONS.includes(last))
  })
  const [path, value] = spots[where % spots.length]
  if (how === 0) {
    const cut = path.findIndex(key => typeof key === 'string' && OPTIONAL.includes(key))
    if (cut >= 0) return withoutKey(rules, path.slice(0, cut + 1))
  }
  if (typeof value === 'number')
    return withLeaf(rules, path, path.at(-1) === 'times' ? Math.abs(value + by) : value + by)
  const old = String(value)
  const digits = /\d+/.exec(old)
  const changed =
    how === 1
      ? `(${old}) && (${text})`
      : how === 2
        ? `(${old}) || (${text})`
        : digits
          ? old.slice(0, digits.index) +
            String(Math.abs(Number(digits[0]) + by)) +
            old.slice(digits.index + digits[0].length)
          : text
  return withLeaf(rules, path, changed)
}

function withoutKey(node: unknown, [key, ...rest]: Path): unknown {
  const { [key]: inner, ...others } = node as Record<string, unknown>
  return rest.length > 0 ? { ...others, [key]: withoutKey(inner, rest) } : others
}

describe('looser and tighter', () => {
  const policyOf = (rules: unknown): Policy =>
    readPolicy(
      `policy: p\ntitle: { zh: 甲, en: A }\nsource: { document: d }\n${FACTS}channels: ${JSON.stringify({ a: rules })}\n`,
      'p.yaml',
    )
  const told = { looser: 0, tighter: 0, none: 0, unclear: 0, same: 0 }
  it('nobody loses by changes that are all looser, or gains by tighter ones; where nothing differs, nobody’s score does', () => {
    fc.assert(
      fc.property(
        channel,
        fc.array(edit, { minLength: 1, maxLength: 3 }),
        fc.array(person(false), { minLength: 30, maxLength: 30 }),
        (rules, edits, persons) => {
          const [a, b] = [policyOf(rules), policyOf(edits.reduce(edited, rules))]
          const changes = compare(a, b, BEFORE_ALL)
          const effects = new Set<Effect>(changes.map(({ effect }) => effect))
          const only = (...allowed: Effect[]) => [...effects].every(effect => allowed.includes(effect))
          const [x, y] = [a, b].map(policy => compileLaw(policy, BEFORE_ALL))
          told[
            changes.length === 0
              ? 'same'
              : only('none')
                ? 'none'
                : only('looser', 'none')
                  ? 'looser'
                  : only('tighter', 'none')
                    ? 'tighter'
                    : 'unclear'
          ]++
          for (const cells of persons) {
            const row = rowOfPerson(a, cells)
            compute(x.declared, row, new Set())
            const [before, after] = [x, y].map(({ channels }) => channels[0].open(row))
            // What divides by zero is not known, and stays so or is decided.
            if (Number.isNaN(before) || Number.isNaN(after)) continue
            if (only('looser', 'none') && before === 1) expect(after).toBe(1)
            if (only('tighter', 'none') && before === 0) expect(after).toBe(0)
            const [was, is] = [x, y].map(({ channels }) => channels[0].points?.score(row))
            if (changes.length === 0 && !Number.isNaN(was) && !Number.isNaN(is)) expect(is).toBe(was)
          }
        },
      ),
      { numRuns: 600 },
    )
    // A comparison that never commits itself would hold the law as well.
    expect(told.looser + told.tighter).toBeGreaterThan(told.unclear / 2)
  })
})
