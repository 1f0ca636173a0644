/** A clause counts as exercised where a case meets it and says what must come of it. */
import { describe, expect, it } from 'vitest'
import { coverageOf } from '../../../src/policy/cases/coverage.js'
import { readPolicy } from '../../../src/policy/read.js'
import { casesOf } from './pilot.js'

const POLICY = `policy: pilot
title: { zh: 甲, en: A }
source: { document: none }
facts:
  quantity: { type: number }
channels:
  points:
    clause: the regulation
    prerequisites:
      permit: { clause: permit, when: has_permit && age >= 18 }
    vetoes:
      crime: { clause: crime, when: sentenced }
    score:
      school:
        clause: school
        by: education
        points: { bachelor: { 2010-01-01: 20, 2012-01-01: 30 }, doctorate: 40 }
      kind:
        by: sex
        points: { female: 1 }
      steps:
        by: quantity
        points: { 0: 1, 10: 2 }
      bands:
        by: quantity
        bands: [{ from: 5, to: 9, points: 1 }, { from: 10, points: 2 }]
      blood:
        each: blood_donations_5y
        when: sex == "male"
        points: 2
        cap: 4
      insured:
        when: months_insured >= 12
        points: 5
    groups:
      best: { of: [school, insured], take: highest }
      most: { of: [best, blood], take: sum, cap: 42 }
    factors:
      half: { when: age >= 60, times: 0.5 }
    admit: { at_least: 20, floor: 0, cap: 45, quota: { year: 10 } }
    brings: none
legacy:
  kin: { clause: old, months: 6, who: applied }
entitlements:
  education:
    hukou: { claim: true }
`
const policy = readPolicy(POLICY, 'pilot.yaml')

/** Clauses by path, those that these cases exercise, and those of them seen from both sides. */
function seen(body: string) {
  const { clauses, share } = coverageOf(policy, casesOf(policy, `otherwise: none\nat: 2012-01\n${body}`))
  const paths = (of: 'exercised' | 'both') =>
    clauses.filter(clause => clause[of]).map(({ path }) => path.replace('channels.points.', ''))
  return { clauses, share, exercised: paths('exercised'), both: paths('both') }
}
const test = (person: string, expected: string) => `tests: [{ case: x, person: ${person}, ${expected} }]`

describe('what there is to exercise', () => {
  it('is every part of a condition, level, step, band, unit, cap, group, factor, bound, right and status', () => {
    const { clauses, share } = seen(test('{}', 'law: { policy: pilot }'))
    expect(clauses.map(({ kind, path }) => `${kind} ${path.replace('channels.points.', '')}`)).toEqual([
      'condition prerequisites.permit.when',
      'condition prerequisites.permit.when',
      'condition vetoes.crime.when',
      'points score.school.points.bachelor.2010-01-01',
      'points score.school.points.bachelor.2012-01-01',
      'points score.school.points.doctorate',
      'points score.kind.points.female',
      'points score.steps.points.0',
      'points score.steps.points.10',
      'points score.bands.bands.0.points',
      'points score.bands.bands.1.points',
      'guard score.blood.when',
      'points score.blood.points',
      'cap score.blood.cap',
      'guard score.insured.when',
      'points score.insured.points',
      'group groups.best.take',
      'group groups.most.take',
      'cap groups.most.cap',
      'guard factors.half.when',
      'factor factors.half.times',
      'round admit',
      'score admit.at_least',
      'cap admit.floor',
      'cap admit.cap',
      'law brings',
      'law legacy.kin',
      'law entitlements.education.hukou',
    ])
    expect(share).toBe(0)
  })
  it('each at its place: both parts of a condition, both values of a date', () => {
    const { clauses } = seen(test('{}', 'law: { policy: pilot }'))
    const at = (index: number) => [clauses[index].line, clauses[index].column]
    // `permit: { clause: permit, when: has_permit && age >= 18 }` in line 10, column 7.
    expect([at(0), at(1)]).toEqual([
      [10, 39],
      [10, 53],
    ])
    const line = POLICY.split('\n').findIndex(text => text.includes('2012-01-01')) + 1
    expect([at(3), at(4)]).toEqual([
      [line, 31],
      [line, 47],
    ])
    expect(clauses[3].clause).toBe('school')
  })
})

describe('a condition', () => {
  it('is seen from the side that the person shows, by cases that say what must come of it', () => {
    const adult = '{ has_permit: true, age: 30, sex: 女 }'
    for (const expected of [
      'channels: []',
      'not: [points]',
      'failed: { points: [score] }',
      'unknown: { points: [] }',
    ])
      expect(seen(test(adult, expected)).exercised, expected).toEqual([
        'prerequisites.permit.when',
        'prerequisites.permit.when',
        'vetoes.crime.when',
        'admit.at_least',
      ])
    expect(seen(test(adult, 'score: { points: 0 }')).exercised).not.toContain('prerequisites.permit.when')
  })
  it('counts when it has been seen to hold and to fail', () => {
    const both = `tests:
  - { case: a, person: { has_permit: true }, not: [points] }
  - { case: b, person: { has_permit: false, sentenced: true }, not: [points] }`
    expect(seen(both).both).toEqual(['prerequisites.permit.when', 'vetoes.crime.when'])
  })
  it('does not count where it is unknown', () => {
    expect(
      seen(test('{ has_permit: unknown, age: unknown, sentenced: unknown }', 'channels: []')).exercised,
    ).toEqual([])
  })
})

describe('the ledger', () => {
  const ledger = (person: string) => seen(test(person, 'score: { points: 0 }')).exercised
  it('a level stands for those above it that are not named', () => {
    expect(ledger('{ education: 硕士 }')).toContain('score.school.points.bachelor.2012-01-01')
    expect(ledger('{ education: 博士 }')).not.toContain('score.school.points.bachelor.2012-01-01')
    expect(ledger('{ education: 大专 }').filter(path => path.includes('school'))).toEqual([])
  })
  it('a dated value counts by the month of the case', () => {
    const early = 'tests: [{ case: x, at: 2011-12, person: { education: 本科 }, score: { points: 0 } }]'
    expect(seen(early).exercised).toContain('score.school.points.bachelor.2010-01-01')
    expect(seen(early).exercised).not.toContain('score.school.points.bachelor.2012-01-01')
  })
  it('steps and bands count where the quantity falls', () => {
    const of = (quantity: number) =>
      ledger(`{ quantity: ${quantity} }`).filter(path => /steps|bands/.test(path))
    expect(of(-1)).toEqual([])
    expect(of(9)).toEqual(['score.steps.points.0', 'score.bands.bands.0.points'])
    expect(of(10)).toEqual(['score.steps.points.10', 'score.bands.bands.1.points'])
  })
  it('a cap counts where it is reached, a guard from both sides, a group where two of its parts count', () => {
    const blood = (times: number) => ledger(`{ sex: 男, blood_donations_5y: ${times} }`)
    expect(blood(1)).toContain('score.blood.points')
    expect(blood(1)).not.toContain('score.blood.cap')
    expect(blood(2)).toContain('score.blood.cap')
    expect(ledger('{ sex: 女, blood_donations_5y: 1 }')).not.toContain('score.blood.points')
    expect(ledger('{ education: 本科 }')).not.toContain('groups.best.take')
    expect(ledger('{ education: 本科, months_insured: 12 }')).toContain('groups.best.take')
    // 40 for a doctorate and 4 for blood are above the cap of 42.
    expect(ledger('{ education: 博士, sex: 男, blood_donations_5y: 2 }')).toContain('groups.most.cap')
  })
  it('a factor counts where it multiplies something, the bounds of the total where they are reached', () => {
    expect(ledger('{ age: 60, quantity: -1, sex: 男 }')).not.toContain('factors.half.times')
    expect(ledger('{ age: 60, quantity: -1, sex: 女 }')).toContain('factors.half.times')
    // Nothing counts: the total is the floor of 0; 1 + 1 for a woman is above it, and below the cap.
    expect(ledger('{ quantity: -1, sex: 男 }')).toContain('admit.floor')
    expect(ledger('{ quantity: 0, sex: 女 }')).not.toContain('admit.floor')
    expect(ledger('{ quantity: 0, sex: 女 }')).not.toContain('admit.cap')
  })
  it('of a case that names lines only these count', () => {
    const { exercised } = seen(test('{ education: 本科, sex: 女 }', 'ledger: { points: { kind: 1 } }'))
    expect(exercised).toEqual(['score.kind.points.female'])
  })
})

describe('what touches no person', () => {
  it('counts where a case states what the rules say', () => {
    const paths =
      'channels.points.brings: none, legacy.kin.months: 6, entitlements.education.hukou.claim: true'
    expect(seen(test('{}', `law: { ${paths} }`)).exercised).toEqual([
      'brings',
      'legacy.kin',
      'entitlements.education.hukou',
    ])
  })
  it('a round shows its persons and the rules of rounds', () => {
    const round = `rounds: [{ round: x, channel: points, persons: { a: { has_permit: true, age: 30, sex: 女 } }, admitted: [] }]`
    const { exercised } = seen(round)
    expect(exercised).toEqual(
      expect.arrayContaining(['admit', 'prerequisites.permit.when', 'admit.at_least']),
    )
    expect(seen('rounds: [{ round: x, channel: points, places: 0 }]').exercised).toEqual(['admit'])
  })
})
