import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { loadPolicy } from '../../src/node/policies.js'
import { lintPolicy } from '../../src/policy/lint.js'
import { readPolicy } from '../../src/policy/read.js'
import type { Finding } from '../../src/reading/finding.js'
import { AREAS, shipped } from './shipped.js'

const HEAD = 'policy: p\ntitle: { zh: 甲, en: A }\nsource: { document: d, url: u }\n'
const read = (body: string) => readPolicy(HEAD + body, 'p.yaml')
const lint = (body: string, place?: Parameters<typeof lintPolicy>[1]): Finding[] =>
  lintPolicy(read(body), place)
const codes = (findings: readonly Finding[]) => findings.map(({ code }) => code)

/** One channel with these lines in it. */
const channel = (...lines: string[]) =>
  `channels:\n  a:\n    clause: c\n    brings: none\n${lines.map(l => `    ${l}\n`).join('')}`
const when = (text: string) => lint(channel(`when: '${text}'`))
/** A ledger whose admission is as said. */
const score = (lines: string, admit = 'at_least: 1, clause: y', ...more: string[]) =>
  lint(channel(`score: { ${lines} }`, `admit: { ${admit} }`, ...more))

describe('conditions', () => {
  const cases: [text: string, codes: string[]][] = [
    ['age > 130', ['never-true']],
    ['months_resident >= 6 && months_resident < 3', ['channel-never-open']],
    ['age >= 0 && has_permit', ['always-true']],
    ['months_resident >= 6 && months_resident >= 12', ['implied-condition']],
    ['education >= "bachelor" && education != "primary"', ['implied-condition']],
    ['tenure == "rent" && tenure in ["rent", "own"]', ['implied-condition']],
    ['has_permit || age < 0', ['idle-branch']],
    ['age >= 60 || age >= 65', ['idle-branch']],
    ['has_permit && (has_permit || age >= 60)', ['implied-condition']],
    ['(age >= 0 ? months_resident : months_permit) >= 6', ['idle-choice']],
    ['min(age, 200) >= 60', ['idle-argument']],
    ['pension_months / 12 >= 5 && pension_months < 30', ['channel-never-open']],
    // Nothing is dead in these.
    ['months_resident >= 6 && months_permit >= 6', []],
    ['tenure == "own" || tenure == "rent" && lease_filed', []],
    ['tenure in ["own", "dorm", "kin_housing"] || tenure == "rent" && lease_filed', []],
    ['months_insured != 0 && months_resident / months_insured > 2', []],
    ['area == "x" || area == "y"', []],
    ['age < 18 || age >= 60', []],
    ['true', []],
  ]
  it.each(cases)('%s: %j', (text, expected) => expect(codes(when(text))).toEqual(expected))

  it('across prerequisites and vetoes, with the place of each', () => {
    const findings = lint(
      channel(
        'prerequisites: { old: { clause: x, when: age >= 60 } }',
        'vetoes: { child: { clause: y, when: age < 18 }, odd: { clause: z, when: age > 200 } }',
        'when: has_permit && age >= 50',
      ),
    )
    expect(findings.map(({ code, line, column }) => [code, line, column])).toEqual([
      ['implied-condition', 9, 41],
      ['veto-never-holds', 9, 77],
      ['implied-condition', 10, 25],
    ])
    expect(findings[0].message.en).toBe(
      'a: the veto "age less than 18 years" cannot hold where "age at least 60 years" is asked already',
    )
    expect(findings[2].message.zh).toBe('a:“年龄不少于 50 岁”不必写:“年龄不少于 60 岁”成立时它必成立')
  })
  it('a channel within another: told of the one that brings no more', () => {
    const two = (first: string, second: string) =>
      codes(
        lint(
          `channels:\n  a: { clause: c, when: months_resident >= 12, brings: ${first} }\n  b: { clause: c, when: months_resident >= 6, brings: ${second} }\n`,
        ),
      )
    expect(two('none', 'direct_kin')).toEqual(['implied-channel'])
    expect(two('direct_kin', 'none')).toEqual([])
  })
  it('tells the months where it is not so all the time', () => {
    const [finding, ...more] = lint(
      channel('when: { 2010-01: age >= 0, 2012-01: age >= 18, 2014-01: age >= 0 }'),
    )
    expect(more).toEqual([])
    expect(finding).toMatchObject({ code: 'always-true', line: 8 })
    expect(finding.message.en).toContain('(2010-01 to 2011-12, from 2014-01)')
  })
})

describe('points', () => {
  const cases: [what: string, lines: string, admit: string, codes: string[]][] = [
    [
      'a threshold above all',
      'l: { clause: x, by: education, points: { bachelor: 20 } }',
      'at_least: 60, clause: y',
      ['unreachable-threshold'],
    ],
    [
      'a threshold below all',
      'l: { clause: x, by: education, points: { primary: 20 } }',
      'at_least: 20, clause: y',
      ['idle-threshold'],
    ],
    [
      'a step beyond the range',
      'l: { clause: x, by: age, points: { 18: 5, 121: 9 } }',
      'at_least: 1, clause: y',
      ['unreachable-points'],
    ],
    [
      'a band beyond the range',
      'l: { clause: x, by: age, bands: [{ from: 18, to: 120, points: 5 }, { from: 121, points: 3 }] }',
      'at_least: 1, clause: y',
      ['unreachable-points'],
    ],
    [
      'a gap',
      'l: { clause: x, by: age, bands: [{ from: 18, to: 35, points: 5 }, { from: 37, points: 3 }] }',
      'at_least: 1, clause: y',
      ['bands-gap'],
    ],
    [
      'no gap of whole years',
      'l: { clause: x, by: age, bands: [{ from: 18, to: 35, points: 5 }, { from: 36, points: 3 }] }',
      'at_least: 1, clause: y',
      [],
    ],
    [
      'a gap of money',
      'l: { clause: x, by: donated_yuan_5y, bands: [{ from: 0, to: 999, points: 5 }, { from: 1000, points: 7 }] }',
      'at_least: 1, clause: y',
      ['bands-gap'],
    ],
    [
      'a falling level',
      'l: { clause: x, by: education, points: { bachelor: 20, master: 50, doctorate: 40 } }',
      'at_least: 1, clause: y',
      ['points-fall'],
    ],
    [
      'an age that counts less',
      'l: { clause: x, by: age, points: { 18: 20, 30: 10, 45: 0 } }',
      'at_least: 1, clause: y',
      [],
    ],
    [
      'a cap of a line',
      'l: { clause: x, each: household_size, points: 2, cap: 60 }',
      'at_least: 3, clause: y',
      ['idle-cap'],
    ],
    [
      'a cap that binds',
      'l: { clause: x, each: household_size, points: 2, cap: 59 }',
      'at_least: 3, clause: y',
      [],
    ],
    [
      'a line of nothing',
      'l: { clause: x, when: has_permit, points: 0 }, m: { clause: x, when: lease_filed, points: 1 }',
      'at_least: 1, clause: y',
      ['idle-line'],
    ],
    [
      'a guard that never holds',
      'l: { clause: x, when: age > 130, points: 5 }, m: { clause: x, when: lease_filed, points: 1 }',
      'at_least: 1, clause: y',
      ['never-true'],
    ],
    [
      'floor and cap of the total',
      'l: { clause: x, each: age, points: 1 }',
      'at_least: 1, floor: -5, cap: 120, clause: y',
      ['idle-floor', 'idle-cap'],
    ],
    [
      'no clause anywhere',
      'l: { each: age, points: 1 }',
      'at_least: 1',
      ['missing-clause', 'missing-clause'],
    ],
  ]
  it.each(cases)('%s', (_what, lines, admit, expected) =>
    expect(codes(score(lines, admit)).sort()).toEqual([...expected].sort()),
  )
  it('groups: a cap that never binds, a line that is never the highest, a factor of 1', () => {
    const lines =
      'x: { clause: x, when: age >= 60, points: 5 }, y: { clause: y, when: age >= 50, points: 9 }, z: { clause: z, when: has_permit, points: 2 }'
    const found = score(
      lines,
      'at_least: 1, clause: y',
      'groups: { g: { clause: g, of: [x, y], take: highest, cap: 9 } }',
      'factors: { f: { clause: f, times: 1 } }',
    )
    expect(found.map(({ code, line }) => [code, line])).toEqual([
      ['never-highest', 8],
      ['idle-factor', 11],
      ['idle-cap', 10],
    ])
  })
  it('of two lines that always have the same points the later one is never above', () => {
    const lines = 'x: { clause: x, when: age >= 60, points: 9 }, y: { clause: y, when: age >= 60, points: 9 }'
    const found = score(lines, 'at_least: 1, clause: y', 'groups: { g: { of: [x, y], take: highest } }')
    expect(found.map(({ code, column }) => [code, column])).toEqual([['never-highest', 60]])
  })
  it('a level that only the channel’s own conditions shut out is a note', () => {
    const found = score(
      'l: { clause: x, by: education, points: { junior_college: 10, bachelor: 20, doctorate: 60 } }',
      'at_least: 40, clause: y',
      'when: education >= "bachelor"',
    )
    expect(found.map(({ code, severity }) => [code, severity])).toEqual([['unreachable-points', 'note']])
    // A level means "at least": college counts for bachelors where no other level is written.
    expect(
      score(
        'l: { clause: x, by: education, points: { junior_college: 10, doctorate: 60 } }',
        'at_least: 40, clause: y',
        'when: education >= "bachelor"',
      ),
    ).toEqual([])
  })
  it('a step that everybody has left behind is a note, a factor that holds for some halves nobody else', () => {
    const steps = 'l: { clause: x, by: age, points: { 18: 5, 30: 9, 60: 20 } }'
    expect(codes(score(steps, 'at_least: 10, clause: y', 'when: age >= 40'))).toEqual(['unreachable-points'])
    const half = 'factors: { f: { clause: f, when: has_permit, times: 0.5 } }'
    const each = 'l: { clause: x, each: household_size, points: 2 }'
    expect(score(each, 'at_least: 60, clause: y', half)).toEqual([])
    expect(codes(score(each, 'at_least: 60.25, clause: y', half))).toEqual(['unreachable-threshold'])
    // The least is half of 2.
    expect(codes(score(each, 'at_least: 1, clause: y', half))).toEqual(['idle-threshold'])
    expect(score(each, 'at_least: 1.25, clause: y', half)).toEqual([])
  })
  it('points of 0 for some years are a way to end a line', () => {
    const line =
      'l: { clause: x, when: has_permit, points: { 2010-01: 5, 2012-01: 0 } }, m: { clause: x, when: lease_filed, points: 1 }'
    expect(codes(score(line))).toEqual([])
  })
})

describe('rounds and quotas', () => {
  const points = 'score: { l: { clause: x, each: age, points: 1 } }'
  const admit = (rules: string, place?: Parameters<typeof lintPolicy>[1]) =>
    codes(lint(channel(points, `admit: { clause: y, at_least: 1, ${rules} }`), place))
  const cases: [rules: string, codes: string[]][] = [
    ['rank: [age desc]', ['unused-setting']],
    ['rounds: [9, 3]', ['rounds-out-of-order']],
    ['rounds: [3, 3]', ['round-repeated']],
    ['rounds: [3, 9], quota: { year: 100 }, spill: true', ['unused-setting']],
    ['rounds: [3, 9], quota: { year: 100 }, waits: false, valid_months: 12', ['unused-setting']],
    ['rounds: [3], quota: { year: 9 }, rank: [score desc, age desc, score desc]', ['idle-rank-key']],
    ['rounds: [3], quota: { year: 9, areas: { duanzhou: 6, gaoyao: 4 } }', ['quota-does-not-sum']],
    ['rounds: [3], quota: { year: 10, areas: { duanzhou: 6, gaoyao: 4 } }', []],
    ['rounds: [3], quota: { year: 11, areas: { duanzhou: 6, gaoyao: 4 } }', []],
    ['rounds: [{ on: 2015-03-01, places: 1 }, { on: 2015-01-01, places: 1 }]', ['rounds-out-of-order']],
    ['rounds: [{ on: 2015-03-01, places: 1 }, { on: 2015-03-01, places: 1 }]', ['round-repeated']],
    [
      'rounds: [{ on: 2015-03-01, places: 1, when: has_permit }, { on: 2015-03-01, places: 1, when: lease_filed }]',
      [],
    ],
    ['rounds: [{ on: 2015-03-01, places: 1, when: age > 130 }]', ['never-true']],
  ]
  it.each(cases)('%s', (rules, expected) => expect(admit(rules)).toEqual(expected))
  it('areas that leave places over are told of where all areas of the place are named', () => {
    const place = { areas: AREAS, parameters: [] }
    expect(admit('rounds: [3], quota: { year: 11, areas: { duanzhou: 6, gaoyao: 4 } }', place)).toEqual([
      'quota-does-not-sum',
    ])
    expect(admit('rounds: [3], quota: { year: 11, areas: { duanzhou: 6 } }', place)).toEqual([])
  })
  it('a round before the channel begins is never held', () => {
    const found = lint(
      `channels:\n  a:\n    2016-01-01:\n      clause: c\n      brings: none\n      score: { l: { clause: x, each: age, points: 1 } }\n      admit: { clause: y, at_least: 1, rounds: [{ on: 2015-06-01, places: 5 }, { on: 2016-06-01, places: 5 }] }\n`,
    )
    expect(found.map(({ code, line }) => [code, line])).toEqual([['round-outside', 10]])
    expect(found[0].message.en).toContain('2015-06')
  })
})

describe('dates', () => {
  const cases: [text: string, codes: string[]][] = [
    ['{ 2012-01-01: has_permit, 2010-01-01: lease_filed }', ['dates-out-of-order']],
    ['{ 2012-01-15: has_permit, 2012-02-01: lease_filed }', ['never-in-force']],
    ['{ 2012-01-01: has_permit, 2014-01-01: has_permit }', ['no-change']],
    ['{ 2012-01-01: null, 2014-01-01: has_permit }', ['ends-before-begin']],
    ['{ 2012-01-01: has_permit, 2014-01-01: lease_filed, 2016-01-01: null }', []],
  ]
  it.each(cases)('%s', (text, expected) => expect(codes(lint(channel(`when: ${text}`)))).toEqual(expected))
  it('an amendment that a later one replaces in whole', () => {
    const amendment = (id: string, from: string, value: number, more = '') =>
      `  - { amendment: ${id}, from: ${from}, set: { channels.a.when: age >= ${value} }${more} }\n`
    const body = (from: string) =>
      channel('when: age >= 18') +
      `amendments:\n${amendment('one', '2012-01', 20)}${amendment('two', from, 22, ', replaces: [one]')}`
    expect(lint(body('2011-01')).map(({ code, line }) => [code, line])).toEqual([['never-in-force', 10]])
    expect(lint(body('2013-01'))).toEqual([])
  })
  it('two amendments one after the other that say the same are in order', () => {
    const set = 'set: { channels.a.when: age >= 22 }'
    const body = `${channel('when: age >= 18')}amendments:
  - { amendment: one, from: 2012-01, to: 2012-12, ${set} }
  - { amendment: two, from: 2013-01, ${set} }
`
    expect(lint(body)).toEqual([])
  })
})

describe('sources, facts, entitlements', () => {
  it('counts the figures that are assumed, and names their rules', () => {
    const [found] = lint(
      channel(
        'prerequisites: { stay: { grade: assumed, when: months_resident >= 6 && months_permit >= 3 } }',
        'score: { l: { clause: x, each: pension_months / 12, points: 2, cap: 20 } }',
        'admit: { clause: y, at_least: 10 }',
      ),
    )
    expect(found).toMatchObject({ code: 'assumed-figures', severity: 'note', line: 8 })
    // 6 and 3; 12, 2, 20 and 10.
    expect(found.message.en).toBe('2 of 6 figures are assumed: a.prerequisites.stay (2)')
  })
  it('a source without a url; an assumption in a note alone', () => {
    const policy = readPolicy(
      `policy: p\ntitle: { zh: 甲, en: A }\nsource: { document: d }\n${channel('when: has_permit', 'note: { zh: 假定, en: assumed }')}`,
      'p.yaml',
    )
    expect(codes(lintPolicy(policy))).toEqual(['missing-url', 'assumed-in-words-only'])
  })
  it('facts that nothing reads or nobody knows', () => {
    const facts = `facts:
  unread: { type: boolean }
  known: { type: boolean }
  sure: { type: boolean, assume: { shares: { true: 1 }, source: s, grade: observed } }
  made: { type: number, min: 0, max: 9, is: age + 10 }
  recent: { type: number, min: 0, max: 30, whole: true, window: { of: insured, months: 36 } }
`
    const found = lint(facts + channel(`when: known && sure && made < 9 && recent >= 1`))
    expect(found.map(({ code, severity, line }) => [code, severity, line])).toEqual([
      ['unread-fact', 'warning', 5],
      ['beyond-bounds', 'warning', 8],
      ['beyond-bounds', 'warning', 9],
      ['column-only-fact', 'note', 6],
      ['idle-share', 'note', 7],
    ])
    expect(found[3].message.en).toContain('needed by "a"')
  })
  it('entitlements that make no difference, stand on their head or name what the pack lacks', () => {
    const body =
      channel('when: has_permit') +
      `entitlements:
  library: { none: { claim: true }, permit: { claim: true }, hukou: { claim: true } }
  housing: { permit: { claim: true, use: edu.pubPermi }, hukou: { claim: false } }
  school: { permit: { claim: false }, hukou: { claim: true, use: edu.pubPermit } }
`
    expect(lint(body).map(({ code, line }) => [code, line])).toEqual([
      ['lower-status-claims-more', 11],
      ['entitlement-never-differs', 10],
    ])
    const place = { areas: AREAS, parameters: ['edu.pubPermit.primary'] }
    expect(lint(body, place)[0]).toMatchObject({
      code: 'unknown-parameter',
      severity: 'error',
      line: 11,
      nearest: 'edu.pubPermit',
    })
  })
  it('an area that the place does not have is an error, and stands alone', () => {
    const found = lint(channel(`when: area == "duanzhu" && age >= 0`), { areas: AREAS, parameters: [] })
    expect(found).toMatchObject([{ severity: 'error', code: 'unknown-area', nearest: 'duanzhou' }])
  })
})

describe('the shipped rule sets', () => {
  const ids = readdirSync(new URL('../../scenarios/policies', import.meta.url))
    .filter(file => file.endsWith('.yaml') && !file.endsWith('.test.yaml'))
    .map(file => file.replace('.yaml', ''))
  it.each(ids)('%s: no warning', async id => {
    const found = lintPolicy(await loadPolicy(id))
    expect(found.filter(({ severity }) => severity !== 'note')).toEqual([])
  })
  it('all of which there are', () => expect(ids.length).toBeGreaterThanOrEqual(8))
  it('the cap of the education line is that of its highest level: so it stands in the table', () => {
    const ABOUT_SOURCES = ['missing-url', 'assumed-figures', 'assumed-in-words-only']
    const found = codes(lintPolicy(shipped('guangdong-points')))
    expect(found.filter(code => !ABOUT_SOURCES.includes(code))).toEqual(['idle-cap'])
  })
})
