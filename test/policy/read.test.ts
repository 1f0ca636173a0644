import { describe, expect, it } from 'vitest'
import { compileLaw, compileLaws } from '../../src/policy/compile.js'
import { firstMonth, inForce } from '../../src/policy/dated.js'
import { readPolicy, resolvePolicy } from '../../src/policy/read.js'
import { InputError, type Finding } from '../../src/reading/finding.js'
import { AREAS, judge, month } from './shipped.js'

const HEAD = `policy: town
title: { zh: 镇, en: Town }
source: { document: none }
`
const read = (channels: string, more = '') => readPolicy(`${HEAD}${more}channels:\n${channels}`, 'town.yaml')

async function findingsOf(act: () => unknown): Promise<Finding[]> {
  try {
    await act()
  } catch (error) {
    if (error instanceof InputError) return error.findings
    throw error
  }
  throw new Error('nothing was found wrong')
}

describe('dated values', () => {
  it('a value is in force from the first month whose first day is not before its date', () => {
    expect(firstMonth('2012-01-01')).toBe(month('2012-01'))
    expect(firstMonth('2010-06-23')).toBe(month('2010-07'))
    expect(firstMonth('2010-12-31')).toBe(month('2011-01'))
    expect(firstMonth('2010-06')).toBe(month('2010-06'))
    expect(firstMonth('2011-02-29')).toBeUndefined()
    expect(firstMonth('2012-02-29')).toBe(month('2012-03'))
  })
  it('stand anywhere, and null ends them', () => {
    const tree = { a: { '2012-01-01': 5, '2010-01-01': 3, '2014-01-01': null }, b: [{ '2013-01': 'x' }] }
    expect(inForce(tree, month('2009-12'))).toEqual({ b: [undefined] })
    expect(inForce(tree, month('2011-12'))).toEqual({ a: 3, b: [undefined] })
    expect(inForce(tree, month('2013-01'))).toEqual({ a: 5, b: ['x'] })
    expect(inForce(tree, month('2014-01'))).toEqual({ b: ['x'] })
  })
  it('a whole channel may begin and end', () => {
    const policy = read(
      '  new:\n    2016-07-01: { clause: a, when: has_permit, brings: none }\n    2018-01-01: null\n',
    )
    const ids = (at: string) => compileLaw(policy, month(at)).channels.map(({ id }) => id)
    expect([ids('2016-06'), ids('2016-07'), ids('2018-01')]).toEqual([[], ['new'], []])
  })
  it('compiles a law anew only where something changes', () => {
    const policy = read(
      '  a: { clause: a, when: { 2015-01-01: true, 2015-03-01: has_permit }, brings: none }\n',
    )
    const laws = compileLaws(policy, { from: month('2015-01'), to: month('2015-04') })
    expect(laws[1]).toBe(laws[0])
    expect(laws[2]).not.toBe(laws[1])
    expect(laws[3]).toBe(laws[2])
  })
})

describe('mistakes', () => {
  it('all of a file at once, each with line, column and the nearest name', async () => {
    const findings = await findingsOf(() =>
      read(`  rent:
    clause: one
    when: tenure == "rent" && lease_field && has_permit
    brings: none
  kin:
    clause: two
    when: >-
      kin_here
      == "uncle"
    brings: none
  quoted:
    clause: three
    when: "tenure == \\"own\\" && agee > 5"
    brings: none
`),
    )
    expect(findings.map(({ code, line, column, nearest }) => ({ code, line, column, nearest }))).toEqual([
      { code: 'unknown-fact', line: 7, column: 31, nearest: 'lease_filed' },
      { code: 'unknown-value', line: 13, column: 10, nearest: undefined },
      { code: 'unknown-fact', line: 17, column: 33, nearest: 'age' },
    ])
    expect(findings[0].message.en).toContain('channels.rent.when')
  })
  const wrong: [what: string, channels: string, code: string, line: number, nearest?: string][] = [
    [
      'unknown key',
      '  a: { clause: x, wehn: has_permit, brings: none, when: true }\n',
      'unknown-key',
      5,
      'when',
    ],
    ['unknown scope', '  a: { clause: x, when: true, brings: everybody }\n', 'wrong-value', 5],
    ['no condition', '  a: { clause: x, brings: none }\n', 'wrong-value', 5],
    ['no such day', '  a: { clause: x, when: { 2012-13-01: true }, brings: none }\n', 'wrong-date', 5],
    [
      'unknown level',
      '  a:\n    clause: x\n    score:\n      e: { by: education, points: { bachelr: 5 } }\n    admit: { at_least: 1 }\n    brings: none\n',
      'unknown-value',
      8,
      'bachelor',
    ],
    [
      'a group of an unknown line',
      '  a:\n    clause: x\n    score:\n      e: { each: age, points: 1 }\n    groups: { g: { of: [f], take: sum } }\n    admit: { at_least: 1 }\n    brings: none\n',
      'unknown-line',
      9,
    ],
    [
      'a negative quota',
      '  a:\n    clause: x\n    score: { e: { each: age, points: 1 } }\n    admit: { at_least: 1, quota: { year: -1 } }\n    brings: none\n',
      'wrong-value',
      8,
    ],
    [
      'a mistake in a later epoch only',
      '  a: { clause: x, when: { 2010-01-01: true, 2020-01-01: has_permt }, brings: none }\n',
      'unknown-fact',
      5,
      'has_permit',
    ],
  ]
  it.each(wrong)('%s', async (_, channels, code, line, near) => {
    const [first] = await findingsOf(() => read(channels))
    expect(first).toMatchObject({ code, line, file: 'town.yaml' })
    if (near) expect(first.nearest).toBe(near)
  })
  it('an area is checked once the place is known', async () => {
    const policy = read('  a: { clause: x, when: area == "duanzou", brings: none }\n')
    const [finding] = await findingsOf(() => compileLaw(policy, 0, { areas: AREAS }))
    expect(finding).toMatchObject({ code: 'unknown-area', nearest: 'duanzhou', line: 5 })
  })
})

describe('declared facts', () => {
  const facts = `facts:
  language: { type: ordered, values: [none, basic, fluent] }
  shop_m2: { type: number, unit: m2, min: 0 }
`
  it('may be used like the core ones', () => {
    const policy = read(
      '  a: { clause: x, when: language >= "basic" && shop_m2 > 20, brings: none }\n',
      facts,
    )
    expect(judge(policy, '2015-01', { language: 'fluent', shop_m2: 21 }).channels).toEqual(['a'])
    expect(judge(policy, '2015-01', { language: 'none', shop_m2: 21 }).channels).toEqual([])
  })
  it('may not redeclare one', async () => {
    const [finding] = await findingsOf(() =>
      read('  a: { clause: x, when: true, brings: none }\n', 'facts:\n  age: { type: number }\n'),
    )
    expect(finding).toMatchObject({ code: 'redeclared-fact', line: 5 })
  })
})

describe('a key without a value', () => {
  it('is a mistake, not a value that is not in force: a comma had cut a text in two', async () => {
    const findings = await findingsOf(() =>
      read('  a: { clause: x, when: true, brings: none, note: { zh: 甲, en: with, or without } }\n'),
    )
    expect(findings).toMatchObject([{ code: 'empty-value', line: 5 }])
    expect(findings[0].message.en).toContain('or without')
  })
  it('ends a dated value', () => {
    const policy = read('  a: { clause: x, when: { 2010-01: true, 2012-01: null }, brings: none }\n')
    expect(compileLaw(policy, month('2012-01')).channels).toEqual([])
  })
})

describe('extends', () => {
  const base = `${HEAD}channels:
  rent: { clause: a, when: months_resident >= 6, brings: none }
`
  const amend = (patch: string, of = 'town') => `policy: reform
title: { zh: 改, en: Reform }
source: { document: new }
extends: ${of}
patch:
${patch}`
  const load = (files: Record<string, string>) => (name: string) => ({ text: files[name], file: name })
  const resolveReform = (patch: string) => resolvePolicy('reform', load({ town: base, reform: amend(patch) }))

  it('changes, adds and removes by path', async () => {
    const policy = await resolveReform(`  channels.rent.when: months_resident >= 12
  channels.kin: { clause: b, when: 'kin_here != "none"', brings: direct_kin }
`)
    expect(policy.id).toBe('reform')
    expect(judge(policy, '2015-01', { months_resident: 11, kin_here: 'other' }).channels).toEqual(['kin'])
    expect(judge(policy, '2015-01', { months_resident: 12, kin_here: 'none' }).channels).toEqual(['rent'])
    const without = await resolveReform('  channels.rent: null\n')
    expect(compileLaw(without, 0).channels).toEqual([])
  })
  it('applies whole or not at all, and says every patch that does not fit', async () => {
    const findings = await findingsOf(() =>
      resolveReform(`  channels.rent.when: months_resident >= 6
  channels.rnet.when: has_permit
`),
    )
    expect(findings.map(({ code, line, nearest }) => ({ code, line, nearest }))).toEqual([
      { code: 'no-op-patch', line: 6, nearest: undefined },
      { code: 'unknown-path', line: 7, nearest: 'rent' },
    ])
  })
  it('a mistake inside a patch has its place in the file of the patch', async () => {
    const [finding] = await findingsOf(() => resolveReform('  channels.rent.when: has_permt\n'))
    expect(finding).toMatchObject({ file: 'reform', line: 6, code: 'unknown-fact', nearest: 'has_permit' })
    expect(finding.column).toBe(23)
  })
  it('a circle is a mistake', async () => {
    const files = {
      reform: amend('  channels.rent: null\n', 'other'),
      other: amend('  channels.rent: null\n', 'reform'),
    }
    const [finding] = await findingsOf(() => resolvePolicy('reform', load(files)))
    expect(finding).toMatchObject({ code: 'cycle-in-extends', line: 4 })
  })
})
