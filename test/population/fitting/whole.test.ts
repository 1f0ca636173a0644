import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seedKey } from '../../../src/evidence/luck.js'
import { fit } from '../../../src/population/fitting/fit.js'
import { countsOf, type Problem } from '../../../src/population/fitting/problem.js'
import { controlled, shareOut, truncateReplicateSample } from '../../../src/population/fitting/whole.js'
import { apportion } from '../../../src/population/integerise.js'
import { flat, problemOf, type Target } from './tables.js'

interface Known {
  twoWay: { table: number[][]; rowTotals: number[]; colTotals: number[] }[]
  multiWay: { margins: { dims: number[]; target: unknown }[]; publishedRmseBelow?: number }[]
}
const known = JSON.parse(readFileSync(new URL('../integerise.json', import.meta.url), 'utf8')) as Known
const key = seedKey('whole')
const rmse = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Math.sqrt(Array.from(a, (x, i) => (x - b[i]) ** 2).reduce((s, x) => s + x, 0) / a.length)
/** Names of groups: of margin and position. */
const names = (problem: Problem, order = [...problem.totals.keys()]) =>
  Uint32Array.from(order.flatMap(g => [g * 2654435761, g * 40503 + 7]))
const make = (problem: Problem, weights: Float64Array, seed = key) =>
  controlled(problem, weights, names(problem), seed)
const gapOf = (problem: Problem, whole: Float64Array, weights: Float64Array) => {
  const wanted = countsOf(problem, weights)
  return Math.max(...countsOf(problem, whole).map((n, g) => Math.abs(n - wanted[g])))
}

describe('controlled rounding', () => {
  it.each(known.twoWay)(
    'keeps both margins, each cell one of its two roundings',
    ({ table, rowTotals, colTotals }) => {
      const targets = [
        { dims: [0], totals: rowTotals },
        { dims: [1], totals: colTotals },
      ]
      const problem = problemOf(flat(table), [table.length, table[0].length], targets)
      const whole = make(problem, problem.base)
      expect([...countsOf(problem, whole)]).toEqual([...rowTotals, ...colTotals])
      for (const [i, x] of problem.base.entries()) expect([Math.floor(x), Math.ceil(x)]).toContain(whole[i])
      expect(rmse(whole, problem.base)).toBeLessThan(0.5)
    },
  )

  it.each(known.multiWay)('keeps the margins of case %#', ({ margins, publishedRmseBelow }) => {
    const shape: number[] = []
    for (const { dims, target } of margins)
      for (let t = target, d = 0; Array.isArray(t); t = t[0], d++) shape[dims[d]] = (t as unknown[]).length
    const length = shape.reduce((a, b) => a * b, 1)
    const targets = margins.map(({ dims, target }) => ({ dims, totals: flat(target) }))
    const problem = problemOf(new Array(length).fill(1), shape, targets)
    const { weights } = fit(problem)
    const whole = make(problem, weights)
    expect([...countsOf(problem, whole)]).toEqual([...problem.totals])
    if (publishedRmseBelow) expect(rmse(whole, weights)).toBeLessThan(publishedRmseBelow)
  })

  const drawn = fc
    .record({
      shape: fc.constantFrom([6, 5], [4, 3, 3], [3, 3, 2, 2]),
      seed: fc.array(fc.double({ min: 0.01, max: 9, noNaN: true }), { minLength: 36, maxLength: 36 }),
      all: fc.integer({ min: 20, max: 400 }),
      words: fc.string(),
    })
    .map(({ shape, seed, all, words }) => {
      const length = shape.reduce((a, b) => a * b, 1)
      const targets = shape.map((n, d): Target => ({
        dims: [d],
        totals: [...apportion(seed.slice(d, d + n), all)],
      }))
      const problem = problemOf(seed.slice(0, length), shape, targets)
      return { problem, shape, seed: seedKey(words), weights: fit(problem).weights }
    })

  it('keeps every margin within one, whatever the number of dimensions, and exactly for two', () => {
    fc.assert(
      fc.property(drawn, ({ problem, shape, seed, weights }) => {
        const whole = make(problem, weights, seed)
        expect(whole.every(n => Number.isInteger(n) && n >= 0)).toBe(true)
        expect(gapOf(problem, whole, weights)).toBeLessThan(shape.length === 2 ? 1e-6 : 1 + 1e-6)
      }),
      { numRuns: 60 },
    )
  })

  it('gives the same numbers whatever the order of cells, groups and margins', () => {
    fc.assert(
      fc.property(drawn, fc.integer(), ({ problem, shape, seed, weights }, turn) => {
        const whole = make(problem, weights, seed)
        const n = weights.length
        const many = shape.length
        // Cells from last to first and turned; margins from last to first.
        const order = [...weights.keys()].map(i => (n - 1 - i + (turn >>> 0)) % n)
        const groups = [...problem.margins]
          .reverse()
          .flatMap(({ first, end }) => [...problem.totals.keys()].slice(first, end))
        const place = new Map(groups.map((g, at) => [g, at]))
        const other: Problem = {
          ...problem,
          base: Float64Array.from(order, i => problem.base[i]),
          group: Uint32Array.from(
            order.flatMap(i =>
              [...problem.group.slice(i * many, i * many + many)].reverse().map(g => place.get(g)!),
            ),
          ),
          totals: Float64Array.from(groups, g => problem.totals[g]),
        }
        const again = controlled(
          other,
          Float64Array.from(order, i => weights[i]),
          names(problem, groups),
          seed,
        )
        expect([...again]).toEqual(order.map(i => whole[i]))
      }),
      { numRuns: 30 },
    )
  })

  it('same seed, same numbers; another seed, others', () => {
    const shape = [5, 5]
    const targets = [0, 1].map(d => ({ dims: [d], totals: [4, 4, 4, 4, 4] }))
    const problem = problemOf(new Array(25).fill(1), shape, targets)
    const { weights } = fit(problem)
    expect(make(problem, weights)).toEqual(make(problem, weights))
    expect(make(problem, weights)).not.toEqual(make(problem, weights, seedKey('another')))
  })

  it('keeps weights on the average', () => {
    // 0.3 and 0.7 in two rows of two: row sums 1, so each draw gives one of the two; the rarer one in 3 of 10.
    const problem = problemOf(
      [0.3, 0.7, 0.7, 0.3],
      [2, 2],
      [
        { dims: [0], totals: [1, 1] },
        { dims: [1], totals: [1, 1] },
      ],
    )
    let rare = 0
    for (let k = 0; k < 2000; k++) rare += make(problem, problem.base, seedKey(`draw ${k}`))[0]
    // Two of the four cells are drawn together, so that the rarer pair comes less often than 0.3; never not at all.
    expect(rare / 2000).toBeGreaterThan(0.1)
    expect(rare / 2000).toBeLessThan(0.35)
  })

  it('rounds nothing that is whole, and fills no cell of weight 0', () => {
    const problem = problemOf([2, 3, 5, 7], [2, 2], [{ dims: [0], totals: [5, 12] }])
    expect([...make(problem, problem.base)]).toEqual([2, 3, 5, 7])
    expect(make(problem, Float64Array.from([0, 1.5, 1.5, 0]))[0]).toBe(0)
  })
})

describe('ten margins of a large sparse table', () => {
  it('are kept within one', () => {
    const dims = 10
    const cells = 20_000
    const levels = 5
    const group = Uint32Array.from({ length: cells * dims }, (_, k) => {
      const [i, d] = [Math.floor(k / dims), k % dims]
      return d * levels + ((Math.imul(i + 1, 2654435761 + 40503 * d) >>> (7 + d)) % levels)
    })
    const base = Float64Array.from({ length: cells }, (_, i) => 0.1 + ((i * 7919) % 101) / 60)
    const problem: Problem = {
      base,
      start: Uint32Array.from({ length: cells + 1 }, (_, i) => i * dims),
      group,
      times: new Uint32Array(group.length).fill(1),
      totals: new Float64Array(dims * levels),
      margins: [],
    }
    const whole = make(problem, base)
    expect(gapOf(problem, whole, base)).toBeLessThanOrEqual(1)
  })
})

describe('sharing a whole number out to records', () => {
  it('gives all of it, each record one of the two roundings of its share', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.01, max: 5, noNaN: true }), { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 0, max: 60 }),
        fc.double({ min: 0.001, max: 0.999, noNaN: true }),
        (shares, whole, offset) => {
          const into = new Float64Array(shares.length)
          const luck = shares.map((_, i) => ((i * 37) % 31) / 31)
          shareOut([...shares.keys()], shares, whole, luck, offset, into)
          const all = shares.reduce((a, b) => a + b, 0)
          expect(into.reduce((a, b) => a + b, 0)).toBe(whole)
          for (const [i, share] of shares.entries())
            expect(Math.abs(into[i] - (share / all) * whole)).toBeLessThan(1 + 1e-9)
        },
      ),
    )
  })
})

describe('truncate, replicate, sample', () => {
  it('keeps the whole part and the total', () => {
    const weights = Float64Array.from({ length: 101 }, (_, i) => (i % 7) + 0.37)
    const luck = Float64Array.from({ length: 101 }, (_, i) => ((i * 61) % 101) / 101 + 0.001)
    const whole = truncateReplicateSample(weights, luck)
    for (const [i, n] of whole.entries()) expect([Math.floor(weights[i]), Math.ceil(weights[i])]).toContain(n)
    expect(whole.reduce((a, b) => a + b, 0)).toBe(Math.round(weights.reduce((a, b) => a + b, 0)))
  })
})
