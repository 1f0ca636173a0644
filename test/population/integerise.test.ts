import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seedKey } from '../../src/evidence/luck.js'
import { apportion, integerise } from '../../src/population/integerise.js'
import { groupOfCells, rake, sumOver } from '../../src/population/rake.js'
import { InputError } from '../../src/reading/finding.js'

interface Known {
  oneWay: { p: number[]; n: number; expected: number[] }[]
  twoWay: { table: number[][]; rowTotals: number[]; colTotals: number[] }[]
  multiWay: { margins: { dims: number[]; target: unknown }[]; publishedRmseBelow?: number }[]
  errors: { table?: number[][]; p?: number[]; n?: number; error: string }[]
}
const known = JSON.parse(readFileSync(new URL('integerise.json', import.meta.url), 'utf8')) as Known
const key = seedKey('integerise')
const flat = (nested: unknown): number[] =>
  Array.isArray(nested) ? nested.flat(Infinity) : [nested as number]
const rmse = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Math.sqrt(Array.from(a, (x, i) => (x - b[i]) ** 2).reduce((s, x) => s + x, 0) / a.length)

describe('sharing out a whole number', () => {
  it.each(known.oneWay)('$n by $p', ({ p, n, expected }) => {
    expect([...apportion(p, n, { shares: true })]).toEqual(expected)
  })
  it.each(known.errors.filter(c => c.p))('refuses: $error', ({ p, n }) => {
    expect(() => apportion(p!, n!, { shares: true })).toThrow(InputError)
  })
})

describe('whole numbers for a table', () => {
  it.each(known.twoWay)(
    'keeps both margins, each cell one of its two roundings',
    ({ table, rowTotals, colTotals }) => {
      const shape = [table.length, table[0].length]
      const margins = [
        { name: 'rows', over: [0] },
        { name: 'columns', over: [1] },
      ]
      const { counts, gaps } = integerise(flat(table), shape, margins, key)
      expect(gaps.map(gap => gap.largestGap)).toEqual([0, 0])
      expect([...sumOver(counts, groupOfCells(shape, [0]), shape[0])]).toEqual(rowTotals)
      expect([...sumOver(counts, groupOfCells(shape, [1]), shape[1])]).toEqual(colTotals)
      for (const [cell, x] of flat(table).entries()) {
        expect(counts[cell]).toBeGreaterThanOrEqual(Math.floor(x))
        expect(counts[cell]).toBeLessThanOrEqual(Math.ceil(x))
      }
      expect(rmse(counts, flat(table))).toBeLessThan(0.5)
    },
  )

  it.each(known.multiWay)('keeps the margins of case %#', ({ margins, publishedRmseBelow }) => {
    const shape: number[] = []
    for (const { dims, target } of margins)
      for (let t = target, d = 0; Array.isArray(t); t = t[0], d++) shape[dims[d]] = (t as unknown[]).length
    const totals = margins.map(({ dims, target }) => ({
      name: dims.join('×'),
      over: dims,
      totals: flat(target),
    }))
    const length = shape.reduce((a, b) => a * b, 1)
    const { counts: fitted } = rake(new Float64Array(length).fill(1), shape, totals)
    const { counts, gaps } = integerise(fitted, shape, totals, key)
    expect(gaps.map(gap => gap.largestGap)).toEqual(margins.map(() => 0))
    expect(counts.every(n => Number.isInteger(n) && n >= 0)).toBe(true)
    if (publishedRmseBelow) expect(rmse(counts, fitted)).toBeLessThan(publishedRmseBelow)
  })

  it.each(known.errors.filter(c => c.table))('refuses: $error', ({ table }) => {
    const margins = [
      { name: 'rows', over: [0] },
      { name: 'all', over: [] },
    ]
    expect(() => integerise(flat(table), [2, 2], margins, key)).toThrow(InputError)
  })

  it('always has an exact answer for two margins', () => {
    const rows = 5
    const columns = 4
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.01, max: 9, noNaN: true }), { minLength: 20, maxLength: 20 }),
        fc.array(fc.integer({ min: 1, max: 30 }), { minLength: rows, maxLength: rows }),
        (seed, rowTotals) => {
          const all = rowTotals.reduce((a, b) => a + b, 0)
          const columnTotals = apportion([3, 1, 2, 2], all)
          const { counts } = rake(
            seed,
            [rows, columns],
            [
              { name: 'rows', over: [0], totals: rowTotals },
              { name: 'columns', over: [1], totals: columnTotals },
            ],
          )
          const { gaps } = integerise(
            counts,
            [rows, columns],
            [
              { name: 'rows', over: [0] },
              { name: 'columns', over: [1] },
            ],
            key,
          )
          expect(gaps.map(gap => gap.largestGap)).toEqual([0, 0])
        },
      ),
      { numRuns: 100 },
    )
  })
})
