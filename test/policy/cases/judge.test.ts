/** What a case expects of one person, and what is told where the rules say otherwise. */
import { describe, expect, it } from 'vitest'
import { shipped } from '../shipped.js'
import { pilot, unmet } from './pilot.js'

const policy = shipped('guangdong-points')
const college =
  '{ has_permit: true, employment_registered: true, pension_months: 12, education: 大专, kin_here: 无, tenure: 租赁'
const told = (expected: string, more = '', at = '2012-01') =>
  unmet(
    policy,
    `otherwise: none\nat: ${at}\ntests:\n  - { case: x, person: ${college}${more} }, ${expected} }`,
  )

describe('what holds', () => {
  // 60 for junior college, 1.5 for a full year of one scheme.
  it.each([
    'channels: [points]',
    'not: [kin, purchase]',
    'score: { points: 61.5 }',
    'ledger: { points: { education: 60, pension: 1.5, insurance: 0, skill: 0 } }',
    'failed: { points: [], kin: [when] }',
    'unknown: { points: [] }',
    'law: { channels.points.admit.at_least: 60, channels.points.score.education.points.junior_secondary: 20 }',
    'tolerance: 1, score: { points: 60.5 }',
  ])('%s', expected => {
    expect(told(expected)).toEqual([])
  })
  it('a failed condition by the name of its rule, its text as anybody may write it, or its clause', () => {
    const without = `otherwise: none
at: 2012-01
tests:
  - { case: a, person: { education: 本科, pension_months: 1 }, failed: { points: [permit, employment_registered] } }
  - case: b
    person: { education: 本科, pension_months: 1, has_permit: true }
    failed: { points: [粤府办〔2010〕32号 · 就业登记 (employment registered)] }
  - case: c
    person: { education: 高中, pension_months: 1, has_permit: true, employment_registered: true }
    failed: { points: ['score>=60'] }`
    expect(unmet(policy, without)).toEqual([])
  })
  it('nothing stands at a path before its date', () => {
    expect(told('law: { channels.points.admit.at_least: null }', '', '2010-06')).toEqual([])
  })
  it('a channel that is not in force is closed', () => {
    expect(told('not: [points], channels: []', '', '2010-06')).toEqual([])
  })
})

describe('what does not hold is told', () => {
  it.each([
    ['channels: []', 'open channels: expected none, got points'],
    [
      'channels: [points, kin]',
      'open channels: expected points, kin, got points (kin needs: nearest registered relative lived with is spouse, parent or child)',
    ],
    ['not: [points]', 'points: expected closed, got open'],
    ['score: { points: 61 }', 'score of points: expected 61, got 61.5 (education 60; pension 1.5)'],
    [
      'tolerance: 1, score: { points: 60.4 }',
      'score of points: expected 60.4, got 61.5 (education 60; pension 1.5)',
    ],
    ['ledger: { points: { education: 20 } }', 'points.education: expected 20, got 60'],
    ['failed: { points: [score] }', 'failed conditions of points: expected score, got none'],
    [
      'failed: { kin: [] }',
      'failed conditions of kin: expected none, got kin_here in ["spouse", "parent", "child"]',
    ],
    ['unknown: { points: [skill] }', 'unknown facts of points: expected skill, got none'],
    [
      'law: { channels.points.brings: none }',
      'channels.points.brings: expected "none", got "spouse_and_minors"',
    ],
  ])('%s', (expected, words) => {
    expect(told(expected)).toEqual([words])
  })
  it('an unknown fact leaves a channel neither open nor closed', () => {
    const more = ', sentenced: unknown'
    expect(told('channels: [], unknown: { points: [sentenced] }', more)).toEqual([])
    expect(told('not: [points]', more)).toEqual(['points: expected closed, got points waits for sentenced'])
    expect(told('score: { points: 61.5 }', more)).toEqual([
      'score of points: expected 61.5, got not known (education 60; pension 1.5; sentenced not known)',
    ])
  })
  it('what the rules compute of a person', () => {
    const computing = pilot(
      'at_least: 0',
      '',
      'years: { type: number, unit: years, is: months_insured / 12 }',
    )
    const computed = (facts: string) =>
      unmet(
        computing,
        `at: 2012-01\ntests: [{ case: x, person: { months_insured: 24, base: 3 }, facts: { ${facts} } }]`,
      )
    expect(computed('years: 2, base: 3, skills: unknown')).toEqual([])
    expect(computed('years: 3')).toEqual(['years: expected 3 years, got 2 years'])
    expect(computed('skills: 1')).toEqual(['skills: expected 1, got not known'])
  })
  it('a score before the rules', () => {
    expect(told('score: { points: 60 }', '', '2010-06')).toEqual([
      'score of points: expected 60, got not in force then',
    ])
  })
})
