/** Ledgers reckoned by hand: steps, bands, guards, groups within groups, factors, floor and cap of the total. */
import { describe, expect, it } from 'vitest'
import { readPolicy } from '../../src/policy/read.js'
import { InputError } from '../../src/reading/finding.js'
import { judge } from './shipped.js'

const policy = (score: string, more = '', facts = '{}') =>
  readPolicy(
    `policy: p
title: { zh: 甲, en: A }
source: { document: d }
facts: ${facts}
channels:
  points:
    clause: c
    score: ${score}
    ${more || 'admit: { at_least: 0 }'}
    brings: none
`,
    'p.yaml',
  )
const points = (rules: ReturnType<typeof policy>, cells: Parameters<typeof judge>[2], rest = 0) =>
  judge(rules, '2015-01', cells, rest)
const score = (rules: ReturnType<typeof policy>, cells: Parameters<typeof judge>[2], rest = 0) =>
  points(rules, cells, rest).score.points
const codes = (act: () => unknown) => {
  try {
    act()
  } catch (error) {
    if (error instanceof InputError) return error.findings.map(({ code, line }) => `${code}:${line}`)
    throw error
  }
  return []
}

describe('points by a quantity', () => {
  it('steps: the highest one reached, nothing below the first', () => {
    const rules = policy('{ age: { clause: a, by: age, points: { 18: 99, 20: 110, 30: 105, 45: 0 } } }')
    expect([17, 18, 19, 20, 29, 30, 44, 45, 60].map(age => score(rules, { age }))).toEqual([
      0, 99, 99, 110, 110, 105, 105, 0, 0,
    ])
  })
  it('bands: both ends belong to a band, nothing between and beyond', () => {
    const rules = policy(
      '{ age: { clause: a, by: age, bands: [{ from: 36, to: 45, points: 3 }, { to: 30, points: 5 }] } }',
    )
    expect([0, 30, 31, 35, 36, 45, 46].map(age => score(rules, { age }))).toEqual([5, 5, 0, 0, 3, 3, 0])
  })
  it('of an expression', () => {
    const rules = policy(
      '{ years: { clause: a, by: "min(pension_months, medical_months) / 12", points: { 1: 2, 2: 7 } } }',
    )
    expect(score(rules, { pension_months: 30, medical_months: 23 })).toBe(2)
    expect(score(rules, { pension_months: 30, medical_months: 24 })).toBe(7)
  })
  it('bands that overlap, run backwards, or steps that are no numbers are mistakes with their line', () => {
    expect(
      codes(() =>
        policy('{ a: { by: age, bands: [{ from: 18, to: 35, points: 5 }, { from: 35, points: 3 }] } }'),
      ),
    ).toEqual(['bands-overlap:8'])
    expect(codes(() => policy('{ a: { by: age, bands: [{ from: 35, to: 18, points: 5 }] } }'))).toEqual([
      'bad-range:8',
    ])
    expect(codes(() => policy('{ a: { by: age, points: { old: 5 } } }'))).toEqual(['wrong-value:8'])
  })
})

describe('guards', () => {
  const rules = policy('{ a: { clause: a, by: education, when: has_permit, points: { bachelor: 80 } } }')
  it('no points where the guard fails', () => {
    expect(score(rules, { education: 'master', has_permit: true })).toBe(80)
    expect(score(rules, { education: 'master', has_permit: false })).toBe(0)
  })
  it('what is nothing either way is known though the guard is not; else it is not known', () => {
    expect(score(rules, { education: 'primary' }, NaN)).toBe(0)
    expect(score(rules, { education: 'master' }, NaN)).toBeNaN()
    expect(score(rules, { has_permit: false }, NaN)).toBe(0)
  })
})

describe('groups within groups', () => {
  // Two bundles of at most 50, together at most 80, as skill transfer in a ranking system.
  const rules = policy(
    `{ a: { each: household_size, points: 20 }, b: { each: children_6_14_here, points: 20 }, c: { each: blood_donations_5y, points: 30 } }`,
    `groups: { ab: { of: [a, b], take: sum, cap: 50 }, all: { of: [ab, c], take: sum, cap: 80 } }
    admit: { at_least: 0 }`,
  )
  it('an inner cap binds before an outer one', () => {
    // a + b = 60 → 50; c = 60; together 110 → 80
    const cells = { household_size: 1, children_6_14_here: 2, blood_donations_5y: 2 }
    expect(score(rules, cells)).toBe(80)
    expect(points(rules, cells).ledger.map(({ line, points }) => [line, points])).toEqual([
      ['a', 20],
      ['b', 40],
      ['c', 60],
      ['ab', -10],
      ['all', -30],
    ])
  })
  it('the highest of two sums: the lines of the other count nothing', () => {
    const highest = policy(
      `{ a: { each: household_size, points: 20 }, b: { each: children_6_14_here, points: 20 }, c: { each: blood_donations_5y, points: 30 } }`,
      `groups: { ab: { of: [a, b], take: sum }, all: { of: [ab, c], take: highest } }
    admit: { at_least: 0 }`,
    )
    const cells = { household_size: 1, children_6_14_here: 1, blood_donations_5y: 1 }
    expect(points(highest, cells)).toMatchObject({
      score: { points: 40 },
      ledger: [{ points: 20 }, { points: 20 }, { points: 0 }],
    })
  })
  it('a group that holds itself is a mistake', () => {
    const circle = `groups: { x: { of: [y], take: sum }, y: { of: [x, a], take: sum } }
    admit: { at_least: 0 }`
    expect(codes(() => policy('{ a: { when: vocational, points: 1 } }', circle))).toContain(
      'circular-group:9',
    )
  })
})

describe('the total', () => {
  const lines = '{ a: { each: household_size, points: 10 }, b: { when: sentenced, points: -100 } }'
  it('is multiplied where a factor holds, and the ledger says by how much', () => {
    const rules = policy(
      lines,
      `factors: { out: { clause: f, when: owns_nonresidential, times: 1.3 } }
    admit: { at_least: 60 }`,
    )
    expect(score(rules, { household_size: 5, owns_nonresidential: true })).toBe(65)
    expect(points(rules, { household_size: 5, owns_nonresidential: true }).ledger.at(-1)).toMatchObject({
      line: 'out',
      points: 15,
    })
    expect(score(rules, { household_size: 5 })).toBe(50)
  })
  it('has a floor and a cap, each a line of the ledger', () => {
    const rules = policy(lines, 'admit: { at_least: 0, floor: -20, cap: 45 }')
    expect(points(rules, { sentenced: true })).toMatchObject({ score: { points: -20 } })
    expect(points(rules, { household_size: 6 })).toMatchObject({ score: { points: 45 } })
    expect(points(rules, { household_size: 6 }).ledger.at(-1)).toMatchObject({ line: 'cap', points: -15 })
  })
  it('of tenths is not off by a hair: 0.1 a month for 3 months is 0.3', () => {
    const rules = policy('{ fund: { each: household_size, points: 0.1 } }', 'admit: { at_least: 0.3 }')
    expect(points(rules, { household_size: 3 })).toMatchObject({
      score: { points: 0.3 },
      channels: ['points'],
    })
  })
  it('without a threshold nobody’s score is too low', () => {
    const rules = policy(lines, 'admit: { quota: { year: 10 } }')
    expect(points(rules, { sentenced: true }).channels).toEqual(['points'])
  })
})

describe('a veto', () => {
  const rules = readPolicy(
    `policy: p
title: { zh: 甲, en: A }
source: { document: d }
channels:
  a: { clause: c, vetoes: { crime: { clause: one vote, when: sentenced || reeducation } }, when: has_permit, brings: none }
`,
    'p.yaml',
  )
  it('refuses whoever it holds of, and is named by its clause’s condition', () => {
    expect(judge(rules, '2015-01', { has_permit: true }).channels).toEqual(['a'])
    const refused = judge(rules, '2015-01', { has_permit: true, reeducation: true })
    expect(refused.channels).toEqual([])
    expect(refused.failed).toEqual([{ channel: 'a', condition: '!(sentenced || reeducation)' }])
  })
})
