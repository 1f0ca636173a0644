/** Facts that a policy declares: made of others, counted over a window, assumed, or given by a column. */
import { describe, expect, it } from 'vitest'
import { compileLaw } from '../../src/policy/compile.js'
import { readPolicy } from '../../src/policy/read.js'
import { complete, compute, givenFacts } from '../../src/policy/supply.js'
import { InputError } from '../../src/reading/finding.js'
import { month, rowOf } from './shipped.js'

const policy = (facts: string, when = 'true') =>
  readPolicy(
    `policy: p
title: { zh: 甲, en: A }
source: { document: d }
facts: { ${facts} }
channels: { a: { clause: c, when: '${when}', brings: none } }
`,
    'p.yaml',
  )
const codes = (act: () => unknown) => {
  try {
    act()
  } catch (error) {
    if (error instanceof InputError) return error.findings.map(({ code }) => code)
    throw error
  }
  return []
}
const slotOf = ({ facts }: ReturnType<typeof policy>, name: string) =>
  facts.findIndex(fact => fact.name === name)
const law = (rules: ReturnType<typeof policy>) => compileLaw(rules, month('2015-01'))

describe('facts made of others', () => {
  const rules = policy(
    `late: { type: boolean, is: "least >= 7" }, least: { type: number, is: "min(age, household_size)" },
     band: { type: ordered, values: [young, old], is: 'age >= 40 ? "old" : "young"' }`,
    'late && band == "old"',
  )
  it('are filled in the order of what they are made of, however they are written', () => {
    const row = rowOf(rules.facts, { age: 50, household_size: 7 })
    compute(law(rules).declared, row, new Set())
    expect([row[slotOf(rules, 'least')], row[slotOf(rules, 'late')], row[slotOf(rules, 'band')]]).toEqual([
      7, 1, 1,
    ])
    expect(law(rules).channels[0].open(row)).toBe(1)
  })
  it('are unknown where what they are made of is', () => {
    const row = rowOf(rules.facts, { age: 50 }, NaN)
    compute(law(rules).declared, row, new Set())
    expect(row[slotOf(rules, 'late')]).toBeNaN()
  })
  it('a column of that name wins', () => {
    const row = rowOf(rules.facts, { age: 50, least: 3 })
    compute(law(rules).declared, row, new Set([slotOf(rules, 'least')]))
    expect([row[slotOf(rules, 'least')], row[slotOf(rules, 'late')]]).toEqual([3, 0])
  })
  it('must be given what they are made of', () => {
    const { declared, channels } = law(rules)
    const given = [...givenFacts(declared, channels[0].facts)].map(slot => rules.facts[slot].name)
    expect(given.sort()).toEqual(['age', 'household_size'])
  })
  it('in a circle are a mistake', () => {
    expect(codes(() => policy('a: { type: number, is: b + 1 }, b: { type: number, is: a + 1 }'))).toContain(
      'circular-fact',
    )
    expect(codes(() => policy('a: { type: number, is: a + 1 }'))).toEqual(['circular-fact'])
  })
  it('of the wrong type are a mistake', () => {
    expect(codes(() => policy('a: { type: number, is: has_permit }'))).toEqual(['wrong-type'])
    expect(codes(() => policy(`a: { type: named, values: [x, y], is: '"z"' }`))).toEqual(['unknown-value'])
  })
})

describe('assumed facts', () => {
  const rules = policy(
    `rare: { type: boolean, assume: { shares: { true: 0.1 } } },
     kind: { type: named, values: [x, y, z], assume: { shares: { z: 0.5, x: 0.25, y: 0.25 } } },
     count: { type: number, min: 0, assume: { shares: { 0: 0.9, 3: 0.1 } } }, lost: { type: boolean }`,
  )
  const filled = (u: number) => {
    const row = rowOf(rules.facts, {})
    complete(law(rules).declared, rules.facts, row, { luck: () => u, insuredWithin: () => 0 })
    return ['rare', 'kind', 'count', 'lost'].map(name => row[slotOf(rules, name)])
  }
  it('take each value by its share, in the order of the values', () => {
    expect(filled(0.0001)).toEqual([0, 0, 0, NaN])
    expect(filled(0.4)).toEqual([0, 1, 0, NaN])
    expect(filled(0.95)).toEqual([1, 2, 3, NaN])
    const rare = Array.from({ length: 1000 }, (_, i) => filled((i + 0.5) / 1000)[0])
    expect(rare.filter(value => value === 1)).toHaveLength(100)
  })
  it('whose shares are not those of the values are a mistake', () => {
    expect(
      codes(() => policy('k: { type: named, values: [x, y], assume: { shares: { x: 0.5, y: 0.4 } } }')),
    ).toEqual(['wrong-value'])
    expect(
      codes(() => policy('k: { type: named, values: [x, y], assume: { shares: { x: 0.5, w: 0.5 } } }')),
    ).toContain('unknown-value')
    expect(codes(() => policy('k: { type: number, max: 5, assume: { shares: { 6: 1 } } }'))).toContain(
      'unknown-value',
    )
  })
})

it('a fact has one origin, and only numbers have ranges', () => {
  expect(
    codes(() => policy('a: { type: boolean, is: has_permit, assume: { shares: { true: 1 } } }')),
  ).toEqual(['wrong-value'])
  expect(codes(() => policy('a: { type: boolean, min: 3 }'))).toEqual(['wrong-value'])
  expect(codes(() => policy('a: { type: named }'))).toEqual(['wrong-value'])
  expect(codes(() => policy('a: { type: boolean, window: { of: insured, months: 60 } }'))).toEqual([
    'wrong-value',
  ])
})
