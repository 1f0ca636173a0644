/** What a file of cases may say: persons that build on each other, words of either language, and every slip at its place. */
import { describe, expect, it } from 'vitest'
import { readCases } from '../../../src/policy/cases/file.js'
import { InputError, type Finding } from '../../../src/reading/finding.js'
import { readPolicy } from '../../../src/policy/read.js'
import { shipped } from '../shipped.js'

const policy = shipped('guangdong-points')
const read = (body: string) => readCases(`cases: guangdong-points\n${body}`, 'g.test.yaml', policy)
const slot = (name: string) => policy.facts.findIndex(fact => fact.name === name)

/** The facts of the person of the only case. */
function factsOf(body: string, ...names: string[]): number[] {
  const { row } = read(`${body}
tests:
  - { case: x, at: 2012-01, person: p, channels: [] }`).cases[0].person
  return names.map(name => row[slot(name)])
}

function mistakes(body: string): Pick<Finding, 'code' | 'line' | 'column' | 'nearest'>[] {
  try {
    read(body)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return error.findings.map(({ code, line, column, nearest }) => ({
      code,
      line,
      column,
      ...(nearest !== undefined && { nearest }),
    }))
  }
  return []
}

describe('persons', () => {
  it('take words of either language, numbers and truth', () => {
    const person =
      'persons: { p: { education: 大专, skill: middle worker, sentenced: 是, age: 35, 养老保险累计月数: 7 } }'
    // Junior college is the fourth level, middle worker the third; both count from 0.
    expect(factsOf(person, 'education', 'skill', 'sentenced', 'age', 'pension_months')).toEqual([
      3, 2, 1, 35, 7,
    ])
  })
  it('are like another one but for what they say themselves', () => {
    const persons =
      'persons: { p: { like: b, age: 40 }, b: { like: a, sex: 女 }, a: { age: 30, sex: 男, work: 学生 } }'
    expect(factsOf(persons, 'age', 'sex', 'work')).toEqual([40, 0, 4])
  })
  it('have nothing that is not said: unknown, or none where the file says so', () => {
    const person = 'persons: { p: { sex: 男, age: unknown } }'
    const names = ['months_insured', 'sentenced', 'education', 'kin_here', 'tenure', 'area', 'age']
    expect(factsOf(person, ...names)).toEqual([NaN, NaN, NaN, NaN, NaN, NaN, NaN])
    // A household has one person at least; a named fact has no lowest value, an area neither.
    expect(factsOf(`otherwise: none\n${person}`, ...names, 'household_size')).toEqual([
      0,
      0,
      0,
      0,
      NaN,
      NaN,
      NaN,
      1,
    ])
  })
  it('have the facts that the rules compute, unless a case states them', () => {
    const computing = readPolicy(
      `policy: p
title: { zh: 甲, en: A }
source: { document: none }
facts: { years: { type: number, is: months_insured / 12 } }
channels: { a: { clause: c, when: years >= 2, brings: none } }`,
      'p.yaml',
    )
    const cases = readCases(
      `cases: p
at: 2012-01
tests:
  - { case: computed, person: { months_insured: 24 }, channels: [a] }
  - { case: stated, person: { months_insured: 24, years: 1 }, channels: [] }`,
      'p.test.yaml',
      computing,
    )
    expect(cases.cases.map(({ person }) => person.stated.size)).toEqual([1, 2])
  })
  it('stand in an area of the file', () => {
    const named = 'areas: [D, E]\npersons: { p: { area: E } }'
    expect(factsOf(named, 'area')).toEqual([1])
  })
})

describe('cases', () => {
  it('in several months are as many cases; what a case does not say, the file says', () => {
    const { cases } = read(`at: 2012-01
source: the table
tolerance: 0.5
tests:
  - { case: one, channels: [] }
  - { case: two, at: [2011-12, 2017-01], source: another, tolerance: 0, channels: [] }`)
    expect(
      cases.map(({ name, month, source, tolerance, line }) => [name, month, source, tolerance, line]),
    ).toEqual([
      ['one', 2012 * 12, 'the table', 0.5, 6],
      ['two', 2011 * 12 + 11, 'another', 0, 7],
      ['two', 2017 * 12, 'another', 0, 7],
    ])
  })
})

describe('slips', () => {
  it.each<[string, string, Partial<Finding>]>([
    ['a key', 'tests: [{ case: x, at: 2012-01, channel: [] }]', { code: 'unknown-key', nearest: 'channels' }],
    ['nothing expected', 'tests: [{ case: x, at: 2012-01 }]', { code: 'wrong-value', line: 2, column: 9 }],
    ['no case', 'persons: { p: { age: 3 } }', { code: 'wrong-value', line: 1 }],
    ['no month', 'tests: [{ case: x, channels: [] }]', { code: 'wrong-month', line: 2, column: 9 }],
    [
      'a month',
      'tests: [{ case: x, at: 2012-13, channels: [] }]',
      { code: 'wrong-month', line: 2, column: 20 },
    ],
    [
      'a fact',
      'at: 2012-01\ntests: [{ case: x, person: { eduction: 大专 }, channels: [] }]',
      { code: 'unknown-fact', line: 3, column: 30, nearest: 'education' },
    ],
    [
      'a value',
      'at: 2012-01\ntests: [{ case: x, person: { education: 大砖 }, channels: [] }]',
      { code: 'unknown-value', line: 3, column: 30, nearest: '大专' },
    ],
    [
      'a number out of range',
      'at: 2012-01\ntests: [{ case: x, person: { age: 121 }, channels: [] }]',
      { code: 'unknown-value', line: 3, column: 30 },
    ],
    [
      'a person',
      'at: 2012-01\npersons: { ready: {} }\ntests: [{ case: x, person: redy, channels: [] }]',
      { code: 'unknown-person', nearest: 'ready' },
    ],
    [
      'a person nobody is like',
      'at: 2012-01\npersons: { ready: { agee: 3 } }\ntests: [{ case: x, channels: [] }]',
      { code: 'unknown-fact', line: 3, column: 21, nearest: 'age' },
    ],
    [
      'a circle',
      'at: 2012-01\npersons: { a: { like: b }, b: { like: a } }\ntests: [{ case: x, channels: [] }]',
      { code: 'circular-person', line: 3 },
    ],
    [
      'an area without a place',
      'at: 2012-01\ntests: [{ case: x, person: { area: D }, channels: [] }]',
      { code: 'unknown-area' },
    ],
    [
      'an area',
      'areas: [D, E]\nat: 2012-01\ntests: [{ case: x, person: { area: F }, channels: [] }]',
      { code: 'unknown-value' },
    ],
    [
      'a channel',
      'at: 2012-01\ntests: [{ case: x, channels: [point] }]',
      { code: 'unknown-channel', line: 3, column: 31, nearest: 'points' },
    ],
    [
      'a closed channel',
      'at: 2012-01\ntests: [{ case: x, not: [kins] }]',
      { code: 'unknown-channel', nearest: 'kin' },
    ],
    [
      'a score of a channel without points',
      'at: 2012-01\ntests: [{ case: x, score: { kin: 3 } }]',
      { code: 'unknown-line', line: 3, column: 29 },
    ],
    [
      'a line',
      'at: 2012-01\ntests: [{ case: x, ledger: { points: { eduction: 5 } } }]',
      { code: 'unknown-line', line: 3, column: 40, nearest: 'education' },
    ],
    [
      'a condition',
      'at: 2012-01\ntests: [{ case: x, failed: { points: [permits] } }]',
      { code: 'unknown-condition', line: 3, column: 39, nearest: 'permit' },
    ],
    [
      'an unknown fact',
      'at: 2012-01\ntests: [{ case: x, unknown: { points: [skil] } }]',
      { code: 'unknown-fact', nearest: 'skill' },
    ],
    [
      'a path',
      'at: 2012-01\ntests: [{ case: x, law: { channels.points.bring: none } }]',
      { code: 'unknown-path', line: 3, column: 27, nearest: 'brings' },
    ],
    [
      'a pack beside areas',
      'pack: zhaoqing\nareas: [D]\nat: 2012-01\ntests: [{ case: x, channels: [] }]',
      { code: 'wrong-value' },
    ],
    [
      'a person of a round',
      'at: 2012-01\nrounds: [{ round: x, channel: points, persons: { a: {} }, admitted: [b] }]',
      { code: 'unknown-person', line: 3, column: 70 },
    ],
    [
      'a round that expects nothing',
      'at: 2012-01\nrounds: [{ round: x, channel: points, with_places: 3 }]',
      { code: 'wrong-value', line: 3 },
    ],
    [
      'an area of a round',
      'areas: [D]\nat: 2012-01\nrounds: [{ round: x, channel: points, places: { areas: { E: 3 } } }]',
      { code: 'unknown-area', line: 4, column: 58 },
    ],
    [
      'a round in two months',
      'at: [2012-01, 2012-02]\nrounds: [{ round: x, channel: points, admitted: [] }]',
      { code: 'wrong-month' },
    ],
  ])('%s', (_, body, finding) => {
    const found = mistakes(body)
    expect(found).toHaveLength(1)
    expect(found[0]).toMatchObject(finding)
  })
  it('are told all at once, and each once', () => {
    const body = `at: [2011-12, 2012-01]
persons: { p: { agee: 3 } }
tests:
  - { case: x, person: p, channels: [point] }
  - { case: y, person: p, failed: { points: [permits] } }`
    expect(mistakes(body).map(({ code, line }) => [code, line])).toEqual([
      ['unknown-fact', 3],
      ['unknown-channel', 5],
      ['unknown-condition', 6],
    ])
  })
})
