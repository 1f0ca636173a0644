/** The shipped laws over columns: block by block, from any row, the same as row by row. */
import { describe, expect, it } from 'vitest'
import { seedKey, uniform } from '../../src/evidence/luck.js'
import { compileColumns } from '../../src/policy/columns/law.js'
import { BLOCK, codesOf, emptyColumn, NO, put, UNKNOWN, YES } from '../../src/policy/columns/vectors.js'
import { compileLaw } from '../../src/policy/compile.js'
import type { FactDefinition, FactRow } from '../../src/policy/facts.js'
import { AREAS, month, shipped } from './shipped.js'

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

describe('a column', () => {
  const fact = (name: string) => shipped('guangdong-points').facts.find(one => one.name === name)!
  it('holds few whole values as codes and says what they cannot hold', () => {
    const months = emptyColumn(fact('months_insured'), 2)
    const { least } = codesOf(fact('months_insured'))!
    expect(months).toBeInstanceOf(Uint16Array)
    expect(put(months, 0, 6, least)).toBe(true)
    expect(put(months, 1, NaN, least)).toBe(true)
    expect(put(months, 1, 6.5, least)).toBe(false)
    expect(emptyColumn(fact('donated_yuan_5y'), 1)).toBeInstanceOf(Float64Array)
    expect(emptyColumn(fact('volunteer_hours_5y'), 1)).toBeInstanceOf(Float64Array)
  })
})
