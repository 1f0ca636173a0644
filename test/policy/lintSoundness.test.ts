/** What the check calls dead is dead: deleted, it changes nothing for anybody whom the rules could meet. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileLaw } from '../../src/policy/compile.js'
import { check, type Expression } from '../../src/policy/expression/check.js'
import { and, compile } from '../../src/policy/expression/compile.js'
import { parse } from '../../src/policy/expression/parse.js'
import { channelDoubts } from '../../src/policy/lint/channels.js'
import { conditionDoubts } from '../../src/policy/lint/conditions.js'
import { idleParts, idleWithin, type Idle } from '../../src/policy/lint/idle.js'
import { pointDoubts } from '../../src/policy/lint/points.js'
import { sceneOf, type Doubt } from '../../src/policy/lint/scene.js'
import { yes } from '../../src/policy/people.js'
import type { CompiledChannel, Policy } from '../../src/policy/policy.js'
import { readPolicy } from '../../src/policy/read.js'
import type { ScorePart } from '../../src/policy/score.js'
import { compute } from '../../src/policy/supply.js'
import { condition, FACTS, person, quantity, rowOfPerson } from './randomRules.js'

type Rules = Record<string, unknown>
/** Rule sets a law is tried on; 5,000 were, once. */
const RUNS = 150
const HEAD = `policy: p\ntitle: { zh: 甲, en: A }\nsource: { document: d }\n${FACTS}`
const policyOf = (channels: Rules): Policy =>
  readPolicy(`${HEAD}channels: ${JSON.stringify(channels)}\n`, 'p.yaml')

const amount = fc.integer({ min: -4, max: 9 })
const some = <T>(arbitrary: fc.Arbitrary<T>, key: string) =>
  fc
    .option(arbitrary, { nil: undefined, freq: 2 })
    .map(value => (value === undefined ? {} : { [key]: value }))
const merged = (...parts: fc.Arbitrary<Rules>[]): fc.Arbitrary<Rules> =>
  fc.tuple(...parts).map(rules => Object.assign({}, ...rules) as Rules)
const steps = (keys: readonly string[]) =>
  fc
    .uniqueArray(fc.constantFrom(...keys), { minLength: 1, maxLength: 3 })
    .chain(chosen => fc.tuple(...chosen.map(key => amount.map(points => [key, points] as const))))
    .map(entries => ({ points: Object.fromEntries(entries) }) as Rules)
const bands = fc.uniqueArray(fc.integer({ min: -1, max: 7 }), { minLength: 2, maxLength: 6 }).chain(ends => {
  const sorted = ends.sort((a, b) => a - b)
  const pairs = sorted.flatMap((from, i) =>
    i % 2 === 0 && i + 1 < sorted.length ? [{ from, to: sorted[i + 1] }] : [],
  )
  return fc
    .tuple(...pairs.map(pair => amount.map(points => ({ ...pair, points }))))
    .map(all => ({ bands: all }) as Rules)
})
const as = (key: string, arbitrary: fc.Arbitrary<unknown>) =>
  arbitrary.map(value => ({ [key]: value }) as Rules)
const more = merged(some(condition, 'when'), some(amount, 'cap'))
const line: fc.Arbitrary<Rules> = fc.oneof(
  merged(as('when', condition), as('points', amount), some(amount, 'cap')),
  merged(
    as('each', quantity),
    as('points', amount),
    some(fc.constantFrom('down', 'up', 'nearest'), 'round'),
    more,
  ),
  merged(
    as('by', fc.constantFrom('years', 'months', 'rate', 'double')),
    steps(['0', '1', '2', '4', '7']),
    more,
  ),
  merged(as('by', fc.constantFrom('years', 'rate', 'double')), bands, more),
  merged(as('by', fc.constant('level')), steps(['low', 'mid', 'high']), more),
  merged(as('by', fc.constant('kind')), steps(['a', 'b', 'c']), more),
)
const gate = condition.map(when => ({ when, clause: 'c' }))
const score = fc.record({ l1: line, l2: line, l3: line, l4: line })
const group = (of: string[]) =>
  merged(fc.constant({ of }), as('take', fc.constantFrom('highest', 'sum')), some(amount, 'cap'))
const channel: fc.Arbitrary<Rules> = merged(
  fc.constant({ clause: 'c' }),
  as('brings', fc.constantFrom('none', 'direct_kin')),
  as('when', condition),
  some(fc.dictionary(fc.constantFrom('p1', 'p2'), gate), 'prerequisites'),
  some(fc.record({ v1: gate }), 'vetoes'),
  fc.oneof(
    fc.constant({}),
    merged(
      as('score', score),
      some(
        fc
          .tuple(group(['l1', 'l2']), fc.option(group(['g1', 'l3'])))
          .map(([g1, g2]) => (g2 ? { g1, g2 } : { g1 })),
        'groups',
      ),
      some(
        fc.record({ f1: merged(as('times', fc.constantFrom(0, 0.5, 1, 2)), some(condition, 'when')) }),
        'factors',
      ),
      as(
        'admit',
        merged(as('at_least', fc.integer({ min: -5, max: 30 })), some(amount, 'floor'), some(amount, 'cap')),
      ),
    ),
  ),
)

/** Everybody of a coarse grid, and some between. */
const crowd = fc.array(person(false), { minLength: 40, maxLength: 40 })

function rowsOf(policy: Policy, persons: Record<string, number>[]) {
  const law = compileLaw(policy, 0)
  return persons.map(cells => {
    const row = rowOfPerson(policy, cells)
    compute(law.declared, row, new Set())
    return row
  })
}

const doubtsOf = (policy: Policy): Doubt[] => {
  const scene = sceneOf(policy, 0)
  return [...conditionDoubts(scene), ...pointDoubts(scene), ...channelDoubts(scene)]
}

const linesOf = (part: ScorePart): ScorePart[] => [
  part,
  ...(part.kind === 'group' ? part.of.flatMap(linesOf) : []),
]

/** The rules without a level, a cap, a factor, a member of a group. */
function deleted(channels: Rules, paths: readonly (readonly string[])[]): Rules {
  const copy = JSON.parse(JSON.stringify(channels)) as Rules
  for (const path of paths) {
    const parent = path.slice(1, -1).reduce<Rules>((node, key) => node[key] as Rules, copy)
    const last = path.at(-1)!
    const rules = copy[path[1]] as { groups?: Record<string, { of: string[] }> }
    const drop = (name: string) => {
      for (const other of Object.values(rules.groups ?? {}))
        other.of = other.of.filter(member => member !== name)
      for (const member of rules.groups?.[name]?.of ?? []) drop(member)
      delete rules.groups?.[name]
      delete ((rules as Rules).score as Rules)[name]
    }
    if (path[2] === 'groups' && path.length === 4) drop(last)
    else if (path[2] === 'score' && path.length === 4) drop(last)
    // Places of a list stay where they are until all are gone.
    else if (Array.isArray(parent)) (parent as unknown[])[Number(last)] = undefined
    else delete parent[last]
  }
  for (const rules of Object.values(copy) as Rules[])
    for (const scored of Object.values((rules.score ?? {}) as Record<string, Rules>))
      if (Array.isArray(scored.bands)) {
        scored.bands = (scored.bands as unknown[]).filter(band => band !== undefined && band !== null)
        if ((scored.bands as unknown[]).length === 0) scored.bands = [{ from: 1e6, points: 0 }]
      }
  return copy
}

const DELETED = ['unreachable-points', 'idle-cap', 'idle-floor', 'idle-factor', 'never-highest']
const seen = new Map<string, number>()

function holdTo(channels: Rules, persons: Record<string, number>[]) {
  const policy = policyOf(channels)
  const doubts = doubtsOf(policy)
  for (const { code } of doubts) seen.set(code, (seen.get(code) ?? 0) + 1)
  const law = compileLaw(policy, 0)
  const rows = rowsOf(policy, persons)
  const of = ({ path }: Doubt): CompiledChannel => law.channels.find(({ id }) => id === path[1])!
  for (const doubt of doubts) {
    const channel = of(doubt)
    if (doubt.path[0] !== 'channels') continue
    const passers = rows.filter(row => channel.when(row) === 1)
    const parts = channel.points?.tree.parts.flatMap(linesOf) ?? []
    const onLine = parts.find(({ path }) => path.join() === doubt.path.slice(0, 4).join())
    const guard = [...parts, ...(channel.points?.tree.factors ?? [])].find(
      part => [...part.path, 'when'].join() === doubt.path.join(),
    )
    if (doubt.code === 'channel-never-open') expect(passers).toHaveLength(0)
    if (doubt.code === 'never-true' && !guard) expect(passers).toHaveLength(0)
    if (guard && 'guard' in guard && guard.guard) {
      const truths = passers.map(row => compile(guard.guard!)(row))
      if (doubt.code === 'never-true') expect(truths).not.toContain(1)
      if (doubt.code === 'always-true') expect(truths).not.toContain(0)
    }
    if (doubt.code === 'idle-line' && onLine?.kind === 'line')
      for (const row of passers) expect(Math.abs(onLine.points(row) || 0)).toBe(0)
    if (doubt.code === 'unreachable-threshold') expect(rows.some(row => channel.open(row) === 1)).toBe(false)
    if (doubt.code === 'idle-threshold') for (const row of passers) expect(channel.open(row)).toBe(1)
    if (doubt.code === 'implied-channel') {
      const scopes = ['none', 'direct_kin']
      const wider = law.channels.some(
        other =>
          other !== channel &&
          scopes.indexOf(other.brings) >= scopes.indexOf(channel.brings) &&
          rows.every(row => channel.open(row) !== 1 || other.open(row) === 1),
      )
      expect(wider).toBe(true)
    }
  }
  // Conditions without those that add nothing: the same persons pass.
  const { everybody } = sceneOf(policy, 0)
  for (const { conditions } of law.channels) {
    const gates = conditions.filter(gate => gate.expression !== undefined)
    const expressions = gates.map(gate => gate.expression!)
    if (!everybody.who(expressions.map(yes))) continue
    const idle = idleParts(expressions, '&&', everybody, () => {}).map(({ part }) => part)
    const left = gates.filter((_, i) => !idle.includes(i))
    for (const row of rows) {
      const before = and(gates.map(({ test }) => test))(row)
      if (!Number.isNaN(before)) expect(and(left.map(({ test }) => test))(row)).toBe(before)
    }
  }
  // Points without what nobody reaches and what never binds: the same score for whoever meets the conditions.
  const paths = doubts.filter(({ code }) => DELETED.includes(code)).map(({ path }) => path)
  const less = compileLaw(policyOf(deleted(channels, paths)), 0)
  for (const [i, channel] of law.channels.entries())
    for (const row of rows) {
      const score = channel.points?.score(row)
      if (channel.when(row) !== 1 || score === undefined || Number.isNaN(score)) continue
      expect(less.channels[i].points!.score(row)).toBeCloseTo(score, 4)
    }
}

describe('soundness', () => {
  it('of a channel: conditions, points, thresholds', () => {
    fc.assert(
      fc.property(channel, crowd, (rules, persons) => holdTo({ a: rules }, persons)),
      { numRuns: RUNS },
    )
    // The property would hold of a check that finds nothing.
    expect(
      [...DELETED, 'implied-condition', 'unreachable-threshold'].filter(code => !seen.has(code)),
    ).toEqual([])
  })

  it('of one channel within another', () => {
    const short = merged(
      fc.constant({ clause: 'c' }),
      as('brings', fc.constantFrom('none', 'direct_kin')),
      as('when', condition),
    )
    seen.clear()
    fc.assert(
      fc.property(short, short, crowd, (a, b, persons) => holdTo({ a, b }, persons)),
      { numRuns: RUNS },
    )
    expect(seen.get('implied-channel')).toBeGreaterThan(1)
  })

  const policy = policyOf({ a: { clause: 'c', when: 'filed', brings: 'none' } })
  const { everybody } = sceneOf(policy, 0)
  const read = (text: string): Expression => {
    const parsed = parse(text)
    if ('problem' in parsed) throw new Error(text)
    return check(parsed.syntax, 'boolean', { facts: policy.facts }, [], new Set())!
  }

  it('of parts inside a condition: without them it is decided as before', () => {
    let found = 0
    fc.assert(
      fc.property(condition, crowd, (text, persons) => {
        const whole = read(text)
        // Of what is always or never so the whole is told of, not its parts.
        if (everybody.all(whole) || everybody.none(whole)) return
        const idle = idleWithin(whole, everybody)
        found += idle.length
        const [before, after] = [compile(whole), compile(simplified(whole, idle))]
        for (const row of rowsOf(policy, persons))
          if (!Number.isNaN(before(row))) expect(after(row)).toBe(before(row))
      }),
      { numRuns: 4 * RUNS },
    )
    expect(found).toBeGreaterThan(30)
  })
})

/** The condition with every idle part replaced by what it stands for. */
function simplified(expression: Expression, idle: readonly Idle[]): Expression {
  const instead = new Map(
    idle.map(one => {
      const value =
        one.kind === 'implied'
          ? 1
          : one.kind === 'branch'
            ? 0
            : one.kind === 'choice'
              ? Number(one.holds)
              : one.op === 'min'
                ? Infinity
                : -Infinity
      return [one.part, { op: 'constant', value } as Expression]
    }),
  )
  const visit = (node: Expression): Expression => {
    const other = instead.get(node)
    if (other) return other
    switch (node.op) {
      case 'constant':
      case 'fact':
        return node
      case '!':
      case 'negate':
      case 'in':
        return { ...node, of: visit(node.of) }
      case 'min':
      case 'max':
        return { ...node, args: node.args.map(visit) }
      case '?:':
        return { ...node, test: visit(node.test), then: visit(node.then), otherwise: visit(node.otherwise) }
      default:
        return { ...node, left: visit(node.left), right: visit(node.right) }
    }
  }
  return visit(expression)
}
