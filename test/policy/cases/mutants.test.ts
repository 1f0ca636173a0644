/** Every number is changed once, comparisons, values, words and dates too; and cases notice what they should. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { coverageOf } from '../../../src/policy/cases/coverage.js'
import { mutantsOf } from '../../../src/policy/cases/mutants.js'
import { mutate } from '../../../src/policy/cases/mutate.js'
import { readPolicy } from '../../../src/policy/read.js'
import { shipped } from '../shipped.js'
import { casesOf, pilot } from './pilot.js'

/** Changes to one part of a channel, as `kind path: from → to`. */
function changesOf(part: string, more = ''): string[] {
  const policy = readPolicy(
    `policy: p
title: { zh: 甲, en: A }
source: { document: none }
${more}channels:
  points:
    clause: c
${part.replace(/^/gm, '    ')}
    brings: co_resident_kin
`,
    'p.yaml',
  )
  return [...mutantsOf(policy)]
    .map(({ kind, path, from, to }) => `${kind} ${path.slice(2).join('.')}: ${from} → ${to}`)
    .filter(change => !change.startsWith('word brings'))
}

describe('changes', () => {
  it('to a condition: each comparison, number, value and sign', () => {
    expect(
      changesOf('when: (months_insured >= 6 || tenure == "rent") && education > "bachelor"').sort(),
    ).toEqual([
      'bound when: 6 → 5',
      'comparison when: == → !=',
      'comparison when: > → >=',
      'comparison when: >= → >',
      'logic when: && → ||',
      'logic when: || → &&',
      'number when: 6 → 7',
      'value when: "bachelor" → "master"',
      'value when: "rent" → "dorm"',
    ])
  })
  it('to a list: each entry; to arithmetic: its numbers, each once', () => {
    expect(
      changesOf('when: kin_here in ["spouse", "other"] && age / 1.5 > 20').filter(
        c => !/^(comp|logic)/.test(c),
      ),
    ).toEqual([
      'value when: "spouse" → "parent"',
      'value when: "other" → "child"',
      'number when: 1.5 → 1.6',
      'number when: 20 → 21',
      'bound when: 20 → 19',
    ])
  })
  it('to points towards zero, to bounds either way, to caps and ends of bands inwards', () => {
    expect(
      changesOf(`score:
  school: { by: education, points: { bachelor: 20 }, cap: 25 }
  age: { by: age, bands: [{ from: 18, to: 30, points: 5 }, { from: 40, to: 50, points: 0 }] }
  years: { by: months_insured, points: { 12: 1.5 } }
  fine: { each: unlawful_birth_5y, points: -60, cap: -120 }
admit: { at_least: 60, floor: 0, cap: 100 }`),
    ).toEqual([
      'number score.school.points.bachelor: 20 → 19',
      'number score.school.cap: 25 → 24',
      'number score.age.bands.0.from: 18 → 19',
      'number score.age.bands.0.to: 30 → 29',
      'number score.age.bands.0.points: 5 → 4',
      'number score.age.bands.1.from: 40 → 41',
      'number score.age.bands.1.to: 50 → 49',
      'number score.age.bands.1.points: 0 → 1',
      'number score.years.points.12: 12 → 13',
      'bound score.years.points.12: 12 → 11',
      'number score.years.points.12: 1.5 → 1.4',
      'number score.fine.points: -60 → -59',
      'number score.fine.cap: -120 → -119',
      'number admit.at_least: 60 → 61',
      'bound admit.at_least: 60 → 59',
      'number admit.floor: 0 → 1',
      'number admit.cap: 100 → 99',
    ])
  })
  it('to a step at the least value of its fact, dated or not: only upwards, as nobody is below', () => {
    const facts = 'facts: { level: { type: number, min: 2, max: 9, assume: { shares: { 2: 1 } } } }\n'
    const steps = (by: string) =>
      changesOf(
        `score: { base: { by: ${by}, points: { 2012-01-01: { 2: 5, 3: 8 } } } }\nadmit: { at_least: 1 }`,
        facts,
      ).filter(change => / [23] → /.test(change))
    const at = (path: string) => `score.base.points.2012-01-01.${path}`
    const upper = [`number ${at('3: 3 → 4')}`, `bound ${at('3: 3 → 2')}`]
    expect(steps('level')).toEqual([`number ${at('2: 2 → 3')}`, ...upper])
    expect(steps('level * 1')).toEqual([`number ${at('2: 2 → 3')}`, `bound ${at('2: 2 → 1')}`, ...upper])
  })
  it('to what decides a round; rounds by date are data', () => {
    expect(
      changesOf(`score: { base: { each: age, points: 1 } }
admit:
  at_least: { 2010-01-01: 60, 2012-01-01: 80 }
  quota: { year: 100, areas: { D: 60 } }
  rounds: [3, 9]
  rank: [score desc, months_insured asc]
  ties: admit_all
  spill: false
  valid_months: 12
  unfilled: never`).slice(1),
    ).toEqual([
      'date admit.at_least.2010-01-01: 2010-01-01 → 2010-02',
      'date admit.at_least.2012-01-01: 2012-01-01 → 2012-02',
      'date admit.at_least.2012-01-01: 2012-01-01 → 2011-12',
      'number admit.at_least.2010-01-01: 60 → 61',
      'bound admit.at_least.2010-01-01: 60 → 59',
      'number admit.at_least.2012-01-01: 80 → 81',
      'bound admit.at_least.2012-01-01: 80 → 79',
      'number admit.quota.year: 100 → 101',
      'number admit.quota.areas.D: 60 → 61',
      'number admit.rounds.0: 3 → 4',
      'number admit.rounds.1: 9 → 10',
      'word admit.rank.0: score desc → score asc',
      'word admit.rank.1: months_insured asc → months_insured desc',
      'word admit.ties: admit_all → admit_none',
      'word admit.spill: false → true',
      'number admit.valid_months: 12 → 13',
      'word admit.unfilled: never → year',
    ])
    const dated = changesOf(`score: { base: { each: age, points: 1 } }
admit: { select: pool, at_least: 60, rounds: [{ on: 2015-01-10, places: 100, when: age < 30, cut_off: 480 }] }`)
    expect(dated.filter(change => change.includes('rounds'))).toEqual([
      'comparison admit.rounds.0.when: < → <=',
      'number admit.rounds.0.when: 30 → 31',
      'bound admit.rounds.0.when: 30 → 29',
    ])
  })
  it('not to words, ranges of facts, shares, or how whole numbers are rounded', () => {
    const facts = 'facts: { x: { type: number, min: 1, max: 5, assume: { shares: { 1: 0.5, 2: 0.5 } } } }\n'
    expect(changesOf('note: { zh: "6", en: "6" }\nwhen: has_permit\nsource: "12"', facts)).toEqual([])
    const round = (each: string) =>
      changesOf(`score: { base: { each: ${each}, round: down, points: 1 } }\nadmit: { at_least: 6 }`).filter(
        c => c.includes('round'),
      )
    expect(round('age')).toEqual([])
    expect(round('age / 2')).toEqual(['word score.base.round: down → up'])
  })
  it('each stands where it says, and nothing else is touched', () => {
    const policy = shipped('guangdong-points')
    const text = readFileSync(
      new URL('../../../scenarios/policies/guangdong-points.yaml', import.meta.url),
      'utf8',
    )
    const lines = text.split('\n')
    for (const { kind, path, index, from, tree } of mutantsOf(policy)) {
      const { line, column } = policy.place(path, index)
      if (index !== undefined || kind === 'date')
        expect(lines[line! - 1].slice(column! - 1)).toMatch(start(from))
      expect(JSON.stringify(tree)).not.toBe(JSON.stringify(policy.tree))
      expect(Object.keys(tree)).toEqual(Object.keys(policy.tree))
    }
  })
})

describe('a rule set that extends another', () => {
  it('is changed, and covered, in what its own file says', () => {
    const base = pilot('at_least: 60')
    const file = `policy: wider
title: { zh: 乙, en: B }
source: { document: none }
extends: pilot
patch: { channels.points.admit.at_least: 50 }`
    const extended = readPolicy(file, 'wider.yaml', base)
    const cases = casesOf(
      extended,
      'at: 2012-01\ntests: [{ case: x, person: { base: 50 }, channels: [points] }]',
    )
    expect(mutate(extended, cases)).toMatchObject({
      numbers: { changed: 1, caught: 1 },
      survivors: [
        { path: 'channels.points.admit.at_least', from: '50', to: '49', file: 'wider.yaml', line: 5 },
      ],
    })
    expect(coverageOf(extended, cases).clauses.map(({ path }) => path)).toEqual([
      'channels.points.admit.at_least',
    ])
  })
})

const start = (text: string) => new RegExp('^' + text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))

describe('what cases notice', () => {
  const rules = pilot('at_least: 60, cap: 100')
  const caught = (tests: string) => {
    const { survivors, numbers, all } = mutate(rules, casesOf(rules, `at: 2012-01\ntests: [${tests}]`))
    return {
      numbers,
      all,
      left: survivors.map(({ path, from, to }) => `${path.replace('channels.points.', '')}: ${from} → ${to}`),
    }
  }
  const test = (base: number, expected: string) => `{ case: x, person: { base: ${base} }, ${expected} }`

  it('a change that makes no case fail survives, with its place', () => {
    const { left, numbers } = caught(test(60, 'channels: [points]'))
    // 1 point a unit and at least 60 are held by it; the cap, the lower bound and the scope are not.
    expect(left).toEqual([
      'admit.at_least: 60 → 59',
      'admit.cap: 100 → 99',
      'brings: none → spouse_and_minors',
    ])
    expect(numbers).toEqual({ changed: 3, caught: 2, share: 2 / 3 })
  })
  it('cases at both sides of each bound let none survive', () => {
    const tests = [
      test(60, 'channels: [points]'),
      test(59.5, 'channels: []'),
      test(101, 'score: { points: 100 }, law: { channels.points.brings: none }'),
    ]
    expect(caught(tests.join(', ')).left).toEqual([])
  })
})
