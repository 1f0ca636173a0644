/** Amendments: what holds from when to when, all or nothing, and contradictions by name. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileLaw } from '../../src/policy/compile.js'
import type { Policy } from '../../src/policy/policy.js'
import { changeMonths, readPolicy } from '../../src/policy/read.js'
import { InputError, type Finding } from '../../src/reading/finding.js'
import { month } from './shipped.js'

const BASE = `policy: p
title: { zh: 甲, en: A }
source: { document: d }
channels:
  rent: { clause: c, when: months_resident >= 12, brings: none }
  points:
    clause: c
    score: { school: { clause: s, when: vocational, points: { 2010-01-01: 10, 2014-01-01: 20 } } }
    admit: { at_least: 60 }
    brings: none
`
const amended = (...lines: string[]): Policy =>
  readPolicy(BASE + 'amendments:\n' + lines.map(line => `  - { ${line} }\n`).join(''), 'p.yaml')
const findings = (act: () => unknown): Finding[] => {
  try {
    act()
  } catch (error) {
    if (error instanceof InputError) return error.findings
    throw error
  }
  return []
}
const atLeast = (policy: Policy, at: string) =>
  compileLaw(policy, month(at)).channels.find(({ id }) => id === 'points')!.points!.atLeast
const school = (policy: Policy, at: string) => {
  const { rule } = compileLaw(policy, month(at)).channels.find(({ id }) => id === 'points')!.points!.tree
    .parts[0] as { rule: { points: number } }
  return rule.points
}

describe('an amendment', () => {
  it('holds from its first month to its last, and what was there before holds again', () => {
    const policy = amended(
      'amendment: up, from: 2012-03, to: 2013-02, set: { channels.points.admit.at_least: 80 }',
    )
    expect(['2012-02', '2012-03', '2013-02', '2013-03'].map(at => atLeast(policy, at))).toEqual([
      60, 80, 80, 60,
    ])
    expect(changeMonths(policy)).toEqual(['2010-01', '2012-03', '2013-03', '2014-01'])
  })
  it('without an end holds for good; a day within a month counts from the next month', () => {
    const policy = amended('amendment: up, from: 2012-03-02, set: { channels.points.admit.at_least: 80 }')
    expect(['2012-03', '2012-04', '2099-01'].map(at => atLeast(policy, at))).toEqual([60, 80, 80])
  })
  it('adds a channel and takes one away, for its time', () => {
    const policy = amended(
      'amendment: x, from: 2012-01, to: 2012-12, set: { channels.kin: { clause: k, when: true, brings: none }, channels.rent: null }',
    )
    const ids = (at: string) => compileLaw(policy, month(at)).channels.map(({ id }) => id)
    expect(ids('2011-12')).toEqual(['rent', 'points'])
    expect(ids('2012-01')).toEqual(['points', 'kin'])
    expect(ids('2013-01')).toEqual(['rent', 'points'])
  })
  it('over dated values leaves the dates outside its time', () => {
    const policy = amended(
      'amendment: x, from: 2011-01, to: 2011-12, set: { channels.points.score.school.points: 15 }',
    )
    expect(['2010-12', '2011-01', '2011-12', '2012-01', '2014-01'].map(at => school(policy, at))).toEqual([
      10, 15, 15, 10, 20,
    ])
  })
  it('outside every amendment the law is the original one (any windows that do not meet)', () => {
    const original = readPolicy(BASE, 'p.yaml')
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 24150, max: 24250 }), { minLength: 4, maxLength: 4 }),
        fc.integer({ min: 24140, max: 24260 }),
        (ends, at) => {
          const [a, b, c, d] = ends.sort((x, y) => x - y)
          const text = (m: number) => `${Math.floor(m / 12)}-${String((m % 12) + 1).padStart(2, '0')}`
          const policy = amended(
            `amendment: one, from: ${text(a)}, to: ${text(b)}, set: { channels.points.admit.at_least: 70 }`,
            `amendment: two, from: ${text(c)}, to: ${text(d)}, set: { channels.points.admit.at_least: 50 }`,
          )
          const expected = at >= a && at <= b ? 70 : at >= c && at <= d ? 50 : 60
          expect(atLeast(policy, text(at))).toBe(expected)
          expect(school(policy, text(at))).toBe(school(original, text(at)))
        },
      ),
    )
  })
})

describe('what does not fit', () => {
  const cases: [name: string, lines: string[], code: string, line: number][] = [
    [
      'two that change the same path in the same months',
      [
        'amendment: one, from: 2012-01, to: 2012-12, set: { channels.points.admit.at_least: 70 }',
        'amendment: two, from: 2012-12, set: { channels.points.admit.at_least: 80 }',
      ],
      'amendments-conflict',
      13,
    ],
    [
      'one that changes what another has replaced as a whole',
      [
        'amendment: one, from: 2012-01, set: { channels.rent.when: has_permit }',
        'amendment: two, from: 2013-01, set: { channels.rent: null }',
      ],
      'amendments-conflict',
      13,
    ],
    [
      'one that hides what the rules say for a later date',
      ['amendment: x, from: 2012-01, set: { channels.points.score.school.points: 15 }'],
      'amendments-conflict',
      12,
    ],
    [
      'a path that leads nowhere',
      ['amendment: x, from: 2012-01, set: { channels.points.admit.at_least: 70, channels.rnet.when: true }'],
      'unknown-path',
      12,
    ],
    [
      'no change',
      ['amendment: x, from: 2012-01, set: { channels.points.admit.at_least: 60 }'],
      'no-op-patch',
      12,
    ],
    [
      'a date that is none',
      ['amendment: x, from: 2012-02-31, set: { channels.points.admit.at_least: 70 }'],
      'wrong-date',
      12,
    ],
    [
      'an end before the beginning',
      ['amendment: x, from: 2012-02, to: 2012-01, set: { channels.points.admit.at_least: 70 }'],
      'bad-window',
      12,
    ],
    [
      'a name to replace that is not there',
      ['amendment: x, from: 2012-02, replaces: [y], set: { channels.points.admit.at_least: 70 }'],
      'unknown-amendment',
      12,
    ],
    [
      'two of one name',
      [
        'amendment: x, from: 2012-02, to: 2012-02, set: { channels.points.admit.at_least: 70 }',
        'amendment: x, from: 2013-02, set: { channels.points.admit.at_least: 70 }',
      ],
      'duplicate-id',
      13,
    ],
    [
      'a condition that is wrong, at its own place',
      ['amendment: x, from: 2012-02, set: { channels.rent.when: months_residnt >= 6 }'],
      'unknown-fact',
      12,
    ],
  ]
  it.each(cases)('%s', (_, lines, code, line) => {
    expect(findings(() => amended(...lines))).toEqual([
      expect.objectContaining({ code, line, file: 'p.yaml' }),
    ])
  })
  it('a later amendment may say that it replaces the earlier', () => {
    const policy = amended(
      'amendment: one, from: 2012-01, set: { channels.points.admit.at_least: 70 }',
      'amendment: two, from: 2013-01, replaces: [one], set: { channels.points.admit.at_least: 80 }',
    )
    expect(['2011-12', '2012-12', '2013-01'].map(at => atLeast(policy, at))).toEqual([60, 70, 80])
  })
})

describe('a file that extends another from a date on', () => {
  const extension = (more: string) =>
    `policy: q\ntitle: { zh: 乙, en: B }\nsource: { document: e }\nextends: p\n${more}\n`
  const base = readPolicy(BASE, 'p.yaml')
  it('amends it from then', () => {
    const text = extension('from: 2012-01\npatch: { channels.rent.when: months_resident >= 6 }')
    const policy = readPolicy(text, 'q.yaml', base)
    const rent = (at: string) => compileLaw(policy, month(at)).channels[0].conditions[0].text
    expect([rent('2011-12'), rent('2012-01')]).toEqual(['months_resident >= 12', 'months_resident >= 6'])
    expect(policy.amendments).toEqual([
      { id: 'q', from: month('2012-01'), to: undefined, paths: ['channels.rent.when'] },
    ])
  })
  it('conflicts with what the other has amended', () => {
    const below = amended('amendment: one, from: 2012-01, set: { channels.rent.when: has_permit }')
    const text = extension('from: 2013-01\npatch: { channels.rent.when: months_resident >= 6 }')
    expect(findings(() => readPolicy(text, 'q.yaml', below))).toEqual([
      expect.objectContaining({ code: 'amendments-conflict', file: 'q.yaml', line: 6 }),
    ])
  })
})
