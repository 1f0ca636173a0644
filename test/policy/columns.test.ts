/** The shipped laws over columns: block by block, from any row, the same as row by row. */
import { describe, expect, it } from 'vitest'
import { seedKey, uniform } from '../../src/evidence/luck.js'
import { compileColumns } from '../../src/policy/columns/law.js'
import { BLOCK, codesOf, NO, put, UNKNOWN, YES } from '../../src/policy/columns/column.js'
import { compileLaw } from '../../src/policy/compile.js'
import type { FactDefinition, FactRow } from '../../src/policy/facts.js'
import { readPolicy } from '../../src/policy/read.js'
import { AREAS, month, rowOf, shipped } from './shipped.js'

/** More than two blocks, the last of them with an odd number of rows. */
const PERSONS = 2 * BLOCK + 333

/** Each level of each fact, and one cell in ten unknown. */
function drawn(facts: readonly FactDefinition[]): FactRow[] {
  const key = seedKey('columns')
  return Array.from({ length: PERSONS }, (_, person) =>
    Float64Array.from(facts, ({ type }, slot) => {
      const u = uniform(key, person, slot, 0)
      if (u < 0.1) return NaN
      const values =
        'values' in type ? type.values.length : type.kind === 'number' ? Math.min(type.max + 1, 200) : 2
      const least = type.kind === 'number' ? type.min : 0
      return least + Math.floor(((u - 0.1) / 0.9) * (values - least))
    }),
  )
}

describe('a law over columns', () => {
  it.each([
    ['guangdong-points', '2011-06'],
    ['guangdong-points', '2015-06'],
    ['zhaoqing-zero-threshold', '2017-01'],
  ])('%s in %s: every channel and score of every row', (id, at) => {
    const policy = shipped(id)
    const law = compileLaw(policy, month(at), { areas: AREAS })
    const rows = drawn(policy.facts)
    const { channels, lay, judge } = compileColumns(law, policy.facts)
    const truths = new Set<number>()
    for (let from = 0; from < PERSONS; from += BLOCK) {
      const count = Math.min(BLOCK, PERSONS - from)
      for (let i = 0; i < count; i++) expect(lay(i, rows[from + i])).toBe(true)
      judge(count)
      for (const [k, { open, score }] of channels.entries())
        for (let i = 0; i < count; i++) {
          const row = rows[from + i]
          const expected = law.channels[k].open(row)
          truths.add(open[i])
          expect(open[i]).toBe(Number.isNaN(expected) ? UNKNOWN : expected === 1 ? YES : NO)
          if (score) expect(score[i]).toBe(law.channels[k].points!.score(row) + 0)
        }
    }
    expect(truths).toEqual(new Set([NO, UNKNOWN, YES]))
  })

  it('reads the columns of its facts alone', () => {
    const policy = shipped('guangdong-points')
    const law = compileLaw(policy, month('2015-06'))
    const { columns } = compileColumns(
      { ...law, channels: law.channels.filter(({ id }) => id === 'kin') },
      policy.facts,
    )
    expect(policy.facts.filter((_, slot) => columns[slot]).map(({ name }) => name)).toEqual(['kin_here'])
  })
})

describe('ends of bands, steps and units, by rows and by columns', () => {
  const by = 'donated_yuan_5y'
  const cases: [name: string, line: object, points: [amount: number, points: number][]][] = [
    ['bands hold both ends', { by, bands: [{ from: 0, to: 10, points: 1 }, { from: 20, to: 30, points: 2 }] }, [[0, 1], [10, 1], [10.5, 0], [20, 2], [30, 2], [30.5, 0]]],
    ['an open band has one end', { by, bands: [{ from: 20, points: 2 }] }, [[19.5, 0], [20, 2], [1e9, 2]]],
    ['a step is reached at its number', { by, points: { 10: 1, 20: 2 } }, [[9.5, 0], [10, 1], [19.5, 1], [20, 2], [1e9, 2]]],
    ['down', { each: by, round: 'down', points: 3 }, [[0.5, 0], [1, 3], [1.5, 3]]],
    ['up', { each: by, round: 'up', points: 3 }, [[0.5, 3], [1, 3], [1.5, 6]]],
    ['half a unit goes up', { each: by, round: 'nearest', points: 3 }, [[0.49, 0], [0.5, 3], [1.5, 6], [2.49, 6], [2.5, 9]]],
    ['a cap holds gains', { each: by, points: 2, cap: 5 }, [[2, 4], [2.5, 5], [3, 5]]],
    ['a cap below nothing holds deductions', { each: by, points: -2, cap: -5 }, [[2, -4], [2.5, -5], [3, -5]]],
    // In doubles 0.1 × 3 is 0.30000000000000004.
    ['tenths', { each: by, points: 0.1 }, [[3, 0.3], [46, 4.6]]],
  ] // prettier-ignore
  it.each(cases)('%s', (_, line, points) => {
    const text = { zh: 'e', en: 'e' }
    const channels = { c: { clause: 'c', brings: 'none', score: { line }, admit: { select: 'open' } } }
    const policy = readPolicy(
      JSON.stringify({ policy: 'e', title: text, source: { document: 'e' }, channels }),
      'e.yaml',
    )
    const law = compileLaw(policy, month('2015-06'))
    const rows = points.map(([amount]) => rowOf(policy.facts, { [by]: amount }))
    const { lay, judge, channels: over } = compileColumns(law, policy.facts)
    rows.forEach((row, i) => lay(i, row))
    judge(rows.length)
    expect(rows.map(row => law.channels[0].points!.score(row))).toEqual(points.map(([, many]) => many))
    expect([...over[0].score!.slice(0, rows.length)]).toEqual(points.map(([, many]) => many))
  })
})

describe('a column', () => {
  const policy = shipped('guangdong-points')
  const fact = (name: string) => policy.facts.find(one => one.name === name)!
  it('holds few whole values as codes and says what they cannot hold', () => {
    const { least } = codesOf(fact('household_size'))!
    const column = new Uint16Array(3)
    expect([put(column, 0, 1, least), put(column, 1, 30, least), put(column, 2, NaN, least)]).toEqual([
      true,
      true,
      true,
    ])
    expect([...column]).toEqual([1, 30, 0])
    expect(put(column, 0, 2.5, least)).toBe(false)
    expect(codesOf(fact('donated_yuan_5y'))).toBeUndefined()
  })
  it('of a fact with no whole beginning, or no end, is one of doubles', () => {
    const number = (min: number, max: number) =>
      codesOf({ ...fact('age'), type: { kind: 'number', min, max, whole: true } })
    expect(number(0.5, 9.5)).toBeUndefined()
    expect(number(0, Infinity)).toBeUndefined()
    expect(number(-Infinity, 0)).toBeUndefined()
    expect(number(-5, 5)).toEqual({ least: -5, count: 11 })
    expect(number(1, 65535)).toEqual({ least: 1, count: 65535 })
    expect(number(0, 65535)).toBeUndefined()
  })
})
