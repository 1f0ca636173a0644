/** Known answers of quotaRanking.json (worked by hand), each written as a case of a policy; and that a wrong answer is told. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { InputError } from '../../../src/reading/finding.js'
import { pilot, unmet } from './pilot.js'

interface Person {
  id: string
  area?: string
  score?: number
  months_insured: number
  assessed?: string
}
interface Known {
  name: string
  persons: Person[]
  admitted: string[]
  mustAdmit: string[]
  exactlyOneOf: string[]
  unfilled: Record<string, number>
  cutOff: Record<string, number>
  rounds: { month: string; applicants: Person[]; quota: number; admitted: string[] }[]
}
const { cases } = JSON.parse(readFileSync(new URL('../quotaRanking.json', import.meta.url), 'utf8')) as {
  cases: Known[]
}
const known = (name: string) => cases.find(item => item.name === name)!

const RANK = 'at_least: 60, rank: [score desc, months_insured desc]'
/** A round every month, as many as pass. */
const EVERY_MONTH = `${RANK}, rounds: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]`

/** A file with one round; YAML takes JSON. */
const round = (persons: Person[], expected: Record<string, unknown>, at = '2012-09') =>
  `areas: [D, E, F]\nrounds:\n  - ${JSON.stringify({
    round: 'one',
    at,
    channel: 'points',
    persons: Object.fromEntries(
      persons.map(({ id, area, score, months_insured, assessed }) => [
        id,
        { area, base: score, months_insured, ...(assessed && { applied: assessed }) },
      ]),
    ),
    ...expected,
  })}`

describe('known answers as cases', () => {
  const { persons: three } = known('quota-second-key')
  const tied = known('full-tie-at-the-cut')

  it('threshold only', () => {
    const { persons, admitted } = known('threshold-only')
    const expected = { ranked: admitted, refused: { b: 'unqualified' } }
    expect(unmet(pilot(EVERY_MONTH), round(persons, expected))).toEqual([])
  })
  it('a second key; who is ranked out waits, or not, as the rules say', () => {
    const { admitted, cutOff } = known('quota-second-key')
    const expected = { with_places: 3, ranked: admitted, cut_off: cutOff }
    const waiting = { ...expected, waiting: ['d'], refused: { e: 'unqualified' } }
    expect(unmet(pilot(EVERY_MONTH), round(three, waiting))).toEqual([])
    const refused = { ...expected, waiting: [], refused: { d: 'no_place', e: 'unqualified' } }
    expect(unmet(pilot(`${EVERY_MONTH}, waits: false`), round(three, refused))).toEqual([])
  })
  it('a full tie by lot: one of the two, and which is not to be expected', () => {
    const { persons, mustAdmit, exactlyOneOf } = tied
    const lot = round(persons, { with_places: 2, must_admit: mustAdmit, exactly_one_of: exactlyOneOf })
    expect(unmet(pilot(EVERY_MONTH), lot)).toEqual([])
    for (const one of exactlyOneOf)
      expect(unmet(pilot(EVERY_MONTH), round(persons, { with_places: 2, must_admit: [one] }))).toHaveLength(1)
  })
  it('full ties: all, or none', () => {
    const all = known('full-tie-admit-all')
    const expected = { with_places: 2, admitted: all.admitted, over: 1 }
    expect(unmet(pilot(`${EVERY_MONTH}, ties: admit_all`), round(all.persons, expected))).toEqual([])
    const none = known('full-tie-admit-none')
    const nobody = { with_places: 2, admitted: none.admitted, over: 0 }
    expect(unmet(pilot(`${EVERY_MONTH}, ties: admit_none`), round(none.persons, nobody))).toEqual([])
  })
  it('quotas of areas, without and with spill, and under that of the city', () => {
    const stay = known('area-quotas-no-spill')
    const areas = { D: 2, E: 2 }
    const lapse = { with_places: { areas }, ranked: stay.admitted, unfilled: stay.unfilled }
    expect(unmet(pilot(EVERY_MONTH), round(stay.persons, lapse))).toEqual([])
    const spill = known('area-quotas-spill')
    const moved = { with_places: { areas }, ranked: spill.admitted, unfilled: spill.unfilled, waiting: ['e'] }
    expect(unmet(pilot(`${EVERY_MONTH}, spill: true`), round(spill.persons, moved))).toEqual([])
    const { persons, admitted } = known('area-and-city-cap')
    const both = { with_places: { whole: 3, areas: { D: 2, E: 2, F: 1 } }, ranked: admitted }
    expect(unmet(pilot(EVERY_MONTH), round(persons, both))).toEqual([])
  })
  it('empty places go to the next round of the year, not to the next year', () => {
    const rules = pilot(`${RANK}, quota: { year: 4 }, rounds: [3, 9]`)
    for (const { month, applicants, quota, admitted } of known('rounds-carry-over').rounds) {
      // One was admitted in March.
      const before = month === '2012-09' ? { admitted_before: 1 } : {}
      const expected = { ...before, places: quota, admitted }
      expect(unmet(rules, round(applicants, expected, month)), month).toEqual([])
    }
    const lapse = pilot(`${RANK}, quota: { year: 4 }, rounds: [9, 3], unfilled: never`)
    expect(unmet(lapse, round([], { admitted_before: 1, places: 2 }))).toEqual([])
    expect(unmet(lapse, round([], { places: 0 }, '2012-05'))).toEqual([])
  })
  it('a score lasts twelve months', () => {
    const { persons, admitted } = known('expiry')
    const expected = { with_places: 3, ranked: admitted, refused: { a: 'expired' } }
    expect(unmet(pilot(`${EVERY_MONTH}, valid_months: 12`), round(persons, expected))).toEqual([])
  })
  it('a quota of 0 is none, none at all is no limit, a negative one a mistake', () => {
    const { persons, admitted } = known('threshold-only')
    const none = round(persons, { with_places: 0, admitted: [] })
    expect(unmet(pilot(EVERY_MONTH), none)).toEqual([])
    expect(unmet(pilot(`${RANK}, quota: { year: 0 }`), round(persons, { places: 0, admitted: [] }))).toEqual(
      [],
    )
    expect(unmet(pilot(EVERY_MONTH), round(persons, { admitted }))).toEqual([])
    expect(() => pilot(`${RANK}, quota: { year: -1 }`)).toThrow(InputError)
    expect(() => unmet(pilot(EVERY_MONTH), round(persons, { with_places: -1, admitted: [] }))).toThrow(
      InputError,
    )
  })
  it('a threshold with a date: the month that contains it does not count, the next one does', () => {
    // The known answers count June 2010 itself; here a month has the law of its first day.
    const rules = pilot('at_least: { 2010-06-07: 60, 2012-01-01: 80 }')
    const at = (month: string, base: number, channels: string[]) => ({
      case: `${base} in ${month}`,
      at: month,
      person: { base },
      channels,
    })
    const tests = [
      at('2010-05', 60, []),
      at('2010-06', 60, []),
      at('2010-07', 60, ['points']),
      at('2011-12', 79, ['points']),
      at('2012-01', 79, []),
      at('2012-01', 80, ['points']),
    ]
    expect(unmet(rules, `tests: ${JSON.stringify(tests)}`)).toEqual([])
  })
  it('groups, caps and negative totals', () => {
    const lines = `      skills: { each: skills, points: 1 }
      insurance: { each: months_insured / 12, round: down, points: 1, cap: 5 }
      convicted: { when: sentenced, points: -100 }
    groups: { best: { of: [base, skills], take: highest } }`
    const { persons } = known('groups-highest') as unknown as { persons: Record<string, number | string>[] }
    const tests = persons.map(({ id, education, skill, months_insured, score }) => ({
      case: id,
      at: '2012-01',
      person: { base: education, skills: skill, months_insured, sentenced: false },
      score: { points: score },
    }))
    const negative = {
      case: 'fined',
      at: '2012-01',
      person: { base: 80, skills: 0, months_insured: 0, sentenced: true },
      score: { points: -20 },
    }
    expect(unmet(pilot('at_least: 60', lines), `tests: ${JSON.stringify([...tests, negative])}`)).toEqual([])
  })
})

describe('rounds by date', () => {
  const rules = pilot(
    'select: pool, at_least: 0, rounds: [{ on: 2015-01-10, places: 1, when: base >= 50 }, { on: 2015-01-20, places: 1 }]',
  )
  const persons = ['a', 'b', 'c'].map((id, i) => ({ id, score: 40 + 20 * i, months_insured: 0 }))

  it('are held in turn; who takes no part in one stays in line for the next', () => {
    // c (80) is the better of b and c in the first, b (60) is next, a (40) waits.
    const expected = { places: 2, ranked: ['c', 'b'], waiting: ['a'] }
    expect(unmet(rules, round(persons, expected, '2015-01'))).toEqual([])
    expect(unmet(rules, round(persons, { places: 0, admitted: [] }, '2015-02'))).toEqual([])
  })
})

describe('a wrong answer is told', () => {
  const { persons } = known('quota-second-key')
  it.each([
    [{ admitted: ['a', 'b', 'd'] }, 'admitted: expected a, b, d, got a, c, b'],
    [{ ranked: ['a', 'b', 'c'] }, 'admitted, best first: expected a, b, c, got a, c, b'],
    [{ must_admit: ['d'] }, 'admitted: expected d, got a, c, b'],
    [{ exactly_one_of: ['a', 'b'] }, 'exactly one admitted: expected a, b, got a, b'],
    [{ refused: { d: 'no_place' } }, 'd: expected no place, got waiting'],
    [{ refused: { a: 'unqualified' } }, 'a: expected conditions or points not met, got admitted'],
    [{ waiting: [] }, 'waiting: expected none, got d'],
    [{ over: 1 }, 'admitted beyond the places: expected 1, got 0'],
    [{ cut_off: { months_insured: 61 } }, 'months_insured of the last one admitted: expected 61, got 60'],
    [{ places: 3 }, 'places of the round: expected 3, got no limit'],
    [{ unfilled: { D: 0 } }, 'empty places in D: expected 0, got no limit'],
  ])('%j', (expected, told) => {
    expect(unmet(pilot(EVERY_MONTH), round(persons, { with_places: 3, ...expected }))).toEqual([told])
  })
  it('a channel that has no rounds', () => {
    expect(unmet(pilot('at_least: 60'), round(persons, { admitted: [] }))).toEqual([
      'points: expected a channel with limited places, got no quota or rounds',
    ])
  })
})
