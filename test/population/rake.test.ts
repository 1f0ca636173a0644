import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rake, type MarginTotals } from '../../src/population/rake.js'
import { InputError } from '../../src/reading/finding.js'

interface Case {
  name: string
  seed: unknown
  margins: { dims: number[]; target: unknown }[]
  expected?: unknown
  afterRows?: unknown
  afterRowsThenCols?: unknown
}
const { cases, infeasible } = JSON.parse(readFileSync(new URL('ipf.json', import.meta.url), 'utf8')) as {
  cases: Case[]
  infeasible: Case[]
}
const flat = (nested: unknown): number[] =>
  Array.isArray(nested) ? nested.flat(Infinity) : [nested as number]
const shapeOf = (nested: unknown): number[] =>
  Array.isArray(nested) ? [nested.length, ...shapeOf(nested[0])] : []
const marginsOf = ({ margins }: Case): MarginTotals[] =>
  margins.map(({ dims, target }) => ({ name: dims.join('×'), over: dims, totals: flat(target) }))
const fit = (known: Case, rounds = 1000) =>
  rake(flat(known.seed), shapeOf(known.seed), marginsOf(known), { rounds })
const codes = (act: () => unknown) => {
  try {
    act()
  } catch (error) {
    return (error as InputError).findings.map(({ code }) => code)
  }
  return []
}

describe('raking', () => {
  it.each(cases.filter(c => c.expected))('gives the known answer of $name', known => {
    const { counts, converged } = fit(known)
    expect(converged).toBe(true)
    for (const [cell, expected] of flat(known.expected).entries())
      expect(Math.abs(counts[cell] - expected)).toBeLessThan(1e-6)
  })

  it.each(cases.filter(c => c.afterRowsThenCols))('takes one round as by hand: $name', known => {
    const { counts } = fit(known, 1)
    for (const [cell, expected] of flat(known.afterRowsThenCols).entries())
      expect(counts[cell]).toBeCloseTo(expected, 9)
  })

  it.each([
    ['zero-row-with-positive-target', 'no-seed-mass'],
    ['totals-disagree', 'margins-disagree'],
  ])('refuses %s', (name, code) => {
    const known = infeasible.find(c => c.name === name)!
    expect(codes(() => fit(known))).toContain(code)
  })

  it('reports totals that no table has with the margin that is missed', () => {
    const { converged, gaps } = fit(infeasible.find(c => c.name === 'blocked-by-zero-pattern')!)
    expect(converged).toBe(false)
    // The last margin is met after each round, the first is short of what row 0 cannot hold: 8 − 5.
    expect(gaps[0].largestGap).toBeCloseTo(3, 6)
  })

  it('claims no plain fit where the only table lies on the boundary', () => {
    const { converged, counts, gaps } = fit(infeasible.find(c => c.name === 'limit-on-boundary')!)
    expect(converged).toBe(false)
    expect(Math.max(...gaps.map(gap => gap.largestGap))).toBeGreaterThan(0)
    expect(counts[0]).toBeLessThan(0.05)
  })

  it('finds margins that disagree only along a dimension they share', () => {
    const margins = [
      { name: 'a', over: [0, 1], totals: [1, 2, 3, 4] },
      { name: 'b', over: [1, 2], totals: [5, 0, 5, 0] },
    ]
    expect(codes(() => rake(new Array(8).fill(1), [2, 2, 2], margins))).toEqual(['margins-disagree'])
  })

  it('keeps odds ratios of the seed and meets any totals of a positive table', () => {
    const positive = fc.double({ min: 0.1, max: 50, noNaN: true })
    fc.assert(
      fc.property(
        fc.array(positive, { minLength: 6, maxLength: 6 }),
        fc.array(positive, { minLength: 6, maxLength: 6 }),
        (seed, table) => {
          const rows = [table[0] + table[1] + table[2], table[3] + table[4] + table[5]]
          const columns = [0, 1, 2].map(c => table[c] + table[c + 3])
          const { counts, converged } = rake(
            seed,
            [2, 3],
            [
              { name: 'rows', over: [0], totals: rows },
              { name: 'columns', over: [1], totals: columns },
            ],
          )
          expect(converged).toBe(true)
          const odds = (t: ArrayLike<number>) => (t[0] * t[4]) / (t[1] * t[3])
          expect(odds(counts) / odds(seed)).toBeCloseTo(1, 6)
        },
      ),
      { numRuns: 50 },
    )
  })
})
