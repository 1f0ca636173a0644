/** Known answers of quotaRanking.json (worked by hand), and laws of a round. */
import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { DECISIONS, seedKey, uniform } from '../../src/evidence/luck.js'
import { placesInRound, rankWithinQuota, type RoundRules } from '../../src/policy/ranking.js'
import { compileLaw } from '../../src/policy/compile.js'
import { readPolicy } from '../../src/policy/read.js'
import { judge, month } from './shipped.js'

interface Person {
  id: string
  area: string
  score: number
  months_insured: number
  month?: string
}
interface Case {
  name: string
  persons: Person[]
  admitted?: string[]
  unfilled?: Record<string, number>
  rounds?: { applicants: Person[]; quota: number; admitted: string[]; carried?: number }[]
}
const { cases } = JSON.parse(readFileSync(new URL('quotaRanking.json', import.meta.url), 'utf8')) as {
  cases: Case[]
}
const given = (name: string) => cases.find(item => item.name === name)!

const AREA = ['D', 'E', 'F']
const RULES: RoundRules = { atLeast: 60, descending: [true, true] }

function round(persons: Person[], rules: Partial<RoundRules>, draws?: number[]) {
  const result = rankWithinQuota(
    {
      score: persons.map(({ score }) => score),
      area: persons.map(({ area }) => AREA.indexOf(area)),
      keys: [persons.map(({ score }) => score), persons.map(person => person.months_insured)],
      draw: draws ?? persons.map(() => 0.5),
    },
    { ...RULES, ...rules },
  )
  const ids = (rows: number[]) => rows.map(row => persons[row].id)
  return {
    ...result,
    admitted: ids(result.admitted),
    rankedOut: ids(result.rankedOut),
    below: ids(result.below),
  }
}

describe('known answers', () => {
  it('threshold only', () => {
    const { persons, admitted } = given('threshold-only')
    expect(round(persons, {}).admitted).toEqual(['c', 'a', 'd'])
    expect(admitted).toEqual(['c', 'a', 'd'])
  })
  it('quota with a second key', () => {
    const { persons, admitted } = given('quota-second-key')
    const result = round(persons, { quota: { whole: 3 } })
    expect(result.admitted).toEqual(admitted)
    expect(result).toMatchObject({ rankedOut: ['d'], below: ['e'] })
  })
  it('full ties: all, or none', () => {
    const all = given('full-tie-admit-all')
    const result = round(all.persons, { quota: { whole: 2 }, ties: 'admit_all' })
    expect(result.admitted.sort()).toEqual(all.admitted)
    expect(result.over).toBe(1)
    const none = given('full-tie-admit-none')
    expect(round(none.persons, { quota: { whole: 2 }, ties: 'admit_none' }).admitted).toEqual(none.admitted)
  })
  it('full ties by draw: even over draws, the same in any order of the rows', () => {
    const { persons } = given('full-tie-at-the-cut')
    const [a, b, c] = persons
    expect(round([a, b, c], { quota: { whole: 2 } }, [0.1, 0.7, 0.2]).admitted).toEqual(['a', 'c'])
    expect(round([c, b, a], { quota: { whole: 2 } }, [0.2, 0.7, 0.1]).admitted).toEqual(['a', 'c'])
  })
  it('full ties by keyed draw: about even over seeds', () => {
    const { persons } = given('full-tie-at-the-cut')
    let b = 0
    for (let seed = 0; seed < 400; seed++) {
      const draws = persons.map((_, person) =>
        uniform(seedKey(`seed ${seed}`), person, DECISIONS.pointsTie, 24180),
      )
      const { admitted } = round(persons, { quota: { whole: 2 } }, draws)
      expect(admitted[0]).toBe('a')
      if (admitted[1] === 'b') b++
    }
    expect(b).toBeGreaterThanOrEqual(160)
    expect(b).toBeLessThanOrEqual(240)
  })
  it('area quotas without and with spill', () => {
    const no = given('area-quotas-no-spill')
    const stay = round(no.persons, { quota: { areas: [2, 2] } })
    expect(stay.admitted).toEqual(no.admitted)
    expect([...stay.unfilled.values()]).toEqual([no.unfilled!.D, no.unfilled!.E])
    const yes = given('area-quotas-spill')
    const spill = round(yes.persons, { quota: { areas: [2, 2] }, spill: true })
    expect(spill.admitted).toEqual(yes.admitted)
    expect(spill.rankedOut).toEqual(['e'])
    expect([...spill.unfilled.values()]).toEqual([0, 0])
  })
  it('area quotas under a quota of the city', () => {
    const { persons, admitted } = given('area-and-city-cap')
    expect(round(persons, { quota: { whole: 3, areas: [2, 2, 1] } }).admitted).toEqual(admitted)
  })
  it('unfilled places go to the next round of the year, not to the next year', () => {
    let before = 0
    for (const [index, { applicants, quota, admitted }] of given('rounds-carry-over').rounds!.entries()) {
      if (index === 2) before = 0
      const places = placesInRound(4, 2, index % 2, before)
      expect(places).toBe(quota)
      const result = round(applicants, { quota: { whole: places } })
      expect(result.admitted).toEqual(admitted)
      before += result.admitted.length
    }
  })
  it('a quota of 0 is none, no quota is no limit, a negative one a mistake', () => {
    const { persons } = given('threshold-only')
    expect(round(persons, { quota: { whole: 0 } }).admitted).toEqual([])
    expect(round(persons, {}).admitted).toHaveLength(3)
    expect(() => round(persons, { quota: { whole: -1 } })).toThrow(RangeError)
  })
})

describe('known answers for the ledger', () => {
  const policy = (lines: string, atLeast = '60') =>
    readPolicy(
      `policy: p
title: { zh: 甲, en: A }
source: { document: none }
facts: { base: { type: number }, other: { type: number } }
channels:
  points:
    clause: c
    score: { ${lines} }
    admit: { at_least: ${atLeast} }
    groups: { skills: { of: [base, other], take: highest } }
    brings: none
`,
      'p.yaml',
    )
  const lines = 'base: { each: base, points: 1 }, other: { each: other, points: 1 }'
  it('groups: the highest, and full years with a cap', () => {
    const insurance = 'insurance: { each: months_insured / 12, round: down, points: 1, cap: 5 }'
    const rules = policy(`${lines}, ${insurance}`)
    const persons = (given('groups-highest') as unknown as { persons: Record<string, number>[] }).persons
    for (const { education, skill, months_insured, score } of persons)
      expect(judge(rules, '2015-01', { base: education, other: skill, months_insured }).score.points).toBe(
        score,
      )
  })
  it('negative totals stay, unless the policy has a floor', () => {
    const fined = `${lines}, fined: { when: sentenced, points: -100 }`
    expect(judge(policy(fined), '2015-01', { base: 80, sentenced: true }).score.points).toBe(-20)
    const floored = judge(policy(fined, '60, floor: 0'), '2015-01', { base: 80, sentenced: true })
    expect(floored.score.points).toBe(0)
    expect(floored.ledger.at(-1)).toMatchObject({ line: 'floor', points: 20 })
  })
  it('a dated threshold; a month has the law of its first day, so 2010-06-07 begins with 2010-07', () => {
    const rules = policy(lines, '{ 2010-06-07: 60, 2012-01-01: 80 }')
    const open = (at: string, base: number) => judge(rules, at, { base }).channels.length > 0
    // The known answers count the month of the date itself: person a applies in 2010-06. Here in 2010-07.
    expect(compileLaw(rules, month('2010-06')).channels).toEqual([])
    expect(open('2010-07', 60)).toBe(true)
    const { persons, admitted } = given('dated-threshold')
    for (const { id, score, month: at } of persons.filter(person => person.id !== 'a'))
      expect(open(at!, score), id).toBe(admitted!.includes(id))
  })
})

describe('laws of a round', () => {
  const applicants = fc.array(
    fc.record({
      score: fc.integer({ min: 50, max: 70 }),
      area: fc.constantFrom('D', 'E'),
      months_insured: fc.integer({ min: 0, max: 3 }),
    }),
    { maxLength: 25 },
  )
  const quota = fc.record({ whole: fc.integer({ min: 0, max: 12 }), d: fc.integer({ min: 0, max: 8 }) })
  const named = (rows: Omit<Person, 'id'>[]) => rows.map((row, index) => ({ id: String(index), ...row }))

  it('never more than the places, nobody below the threshold, everybody in one list', () => {
    fc.assert(
      fc.property(applicants, quota, fc.boolean(), (rows, { whole, d }, spill) => {
        const persons = named(rows)
        const draws = persons.map((_, i) => ((i * 7919) % 101) / 101)
        const result = round(persons, { quota: { whole, areas: [d] }, spill }, draws)
        expect(result.admitted.length).toBeLessThanOrEqual(whole)
        const inD = result.admitted.filter(id => persons[Number(id)].area === 'D')
        if (!spill) expect(inD.length).toBeLessThanOrEqual(d)
        for (const id of result.admitted) expect(persons[Number(id)].score).toBeGreaterThanOrEqual(60)
        const all = [...result.admitted, ...result.rankedOut, ...result.below]
        expect(new Set(all).size).toBe(all.length)
        expect(all).toHaveLength(persons.length)
      }),
    )
  })
  it('whose key is not known stand last, in either direction and any order of the rows', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }), (descending, order) => {
        const months = [NaN, 24, 12, NaN]
        const { admitted } = rankWithinQuota(
          {
            score: order.map(() => 70),
            area: order.map(() => 0),
            keys: [order.map(i => months[i])],
            draw: order.map(i => i / 4),
          },
          { atLeast: 60, quota: { whole: 3 }, descending: [descending] },
        )
        expect(admitted.map(row => order[row])).toEqual(descending ? [1, 2, 0] : [2, 1, 0])
      }),
    )
  })
  it('one place more never costs anybody theirs', () => {
    fc.assert(
      fc.property(applicants, fc.integer({ min: 0, max: 10 }), (rows, whole) => {
        const persons = named(rows)
        const draws = persons.map((_, i) => ((i * 7919) % 101) / 101)
        const fewer = round(persons, { quota: { whole } }, draws).admitted
        const more = round(persons, { quota: { whole: whole + 1 } }, draws).admitted
        expect(more).toEqual(expect.arrayContaining(fewer))
      }),
    )
  })
})
