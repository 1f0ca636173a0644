import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fit, type FitOptions } from '../../../src/population/fitting/fit.js'
import { countsOf, sumsOf, type Problem } from '../../../src/population/fitting/problem.js'
import { dense, flat, groupAt, naive, positions, problemOf, shapeOf, type Target } from './tables.js'

interface Case {
  name: string
  seed: unknown
  margins: { dims: number[]; target: unknown }[]
  expected?: unknown
  afterRowsThenCols?: unknown
}
const { cases, infeasible } = JSON.parse(readFileSync(new URL('../ipf.json', import.meta.url), 'utf8')) as {
  cases: Case[]
  infeasible: Case[]
}
const targetsOf = ({ margins }: Case): Target[] =>
  margins.map(({ dims, target }) => ({ dims, totals: flat(target) }))
const fitted = (known: Case, options?: FitOptions) => {
  const seed = flat(known.seed)
  const problem = problemOf(seed, shapeOf(known.seed), targetsOf(known))
  const result = fit(problem, options)
  return { ...result, problem, table: dense(problem, result.weights, seed.length) }
}
const closest = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((most, x, i) => Math.max(most, Math.abs(x - b[i])), 0)
/** Two blocks of two by two, joined by a thread. */
const threaded = (thread: number) =>
  [0, 1, 2, 3].flatMap(r => [0, 1, 2, 3].map(c => (r >> 1 === c >> 1 ? 1 : thread)))
const called = (name: string) => infeasible.find(known => known.name === name)!

describe('known answers', () => {
  it.each(cases.filter(c => c.expected))('$name', known => {
    const { converged, table, forced } = fitted(known)
    expect(converged).toBe(true)
    expect(closest(table, flat(known.expected))).toBeLessThan(1e-6)
    expect(forced).toHaveLength(0)
  })
  it.each(cases.filter(c => c.afterRowsThenCols))('one round by hand: $name', known => {
    expect(closest(fitted(known, { rounds: 1 }).table, flat(known.afterRowsThenCols))).toBeLessThan(1e-12)
  })
})

it('is done in few steps where sweeps alone crawl', () => {
  const targets = [
    { dims: [0], totals: [25.5, 20, 30, 24.5] },
    { dims: [1], totals: [20, 25, 30, 25] },
  ]
  const seed = threaded(1e-5)
  const problem = problemOf(seed, [4, 4], targets)
  const { converged, iterations, weights } = fit(problem)
  expect(converged).toBe(true)
  expect(iterations).toBeLessThan(40)
  const far = (rounds: number) => closest(weights, naive(seed, [4, 4], targets, rounds))
  expect(far(400)).toBeGreaterThan(0.01)
  expect(far(4000)).toBeLessThan(1e-6)
})

describe('totals that no weights meet', () => {
  it('a group without a unit is impossible', () => {
    const { converged, impossible } = fitted(called('zero-row-with-positive-target'))
    expect(converged).toBe(false)
    expect([...impossible]).toEqual([0])
  })
  it('totals that differ contradict one another', () => {
    const { converged, proof } = fitted(called('totals-disagree'))
    expect(converged).toBe(false)
    expect(proof!.asked - proof!.possible).toBeGreaterThan(0)
  })
  it('row 0 asks for 8 and lies in column 0, which has 5; or column 1 for 5, in row 1, which has 2', () => {
    const { converged, proof } = fitted(called('blocked-by-zero-pattern'))
    expect(converged).toBe(false)
    expect([
      [1, 0, -1, 0],
      [0, -1, 0, 1],
    ]).toContainEqual([...proof!.factors])
    expect(proof!.asked - proof!.possible).toBe(3)
  })
  it('a table with more zeros than the seed is reached, and its zeros are told', () => {
    const { converged, table, forced } = fitted(called('limit-on-boundary'))
    expect(converged).toBe(true)
    expect(closest(table, [0, 6, 4, 0])).toBeLessThan(1e-6)
    expect([...forced]).toEqual([0])
  })
})

/** A seed with holes, and one-way and two-way margins: of a table with the same holes, or of nothing in common. */
const drawn = fc
  .record({
    shape: fc.constantFrom([3, 2], [2, 3, 2], [2, 2, 2, 2]),
    seed: fc.array(fc.double({ min: 0.1, max: 9, noNaN: true }), { minLength: 16, maxLength: 16 }),
    holes: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 16, maxLength: 16 }),
    goal: fc.array(fc.double({ min: 0.1, max: 9, noNaN: true }), { minLength: 16, maxLength: 16 }),
  })
  .map(({ shape, seed, holes, goal }) => {
    const length = shape.reduce((a, b) => a * b, 1)
    const holed = (x: number[]) => x.slice(0, length).map((v, i) => (holes[i] === 0 ? 0 : v))
    const all = positions(shape)
    const over = (dims: number[]) => {
      const totals = new Array<number>(dims.reduce((a, d) => a * shape[d], 1)).fill(0)
      for (const [cell, x] of holed(goal).entries()) totals[groupAt(shape, dims, all[cell])] += x
      return { dims, totals }
    }
    const targets = shape.length === 2 ? [[0], [1]] : [[0], [1, 2], [0, 2]]
    return { shape, seed: holed(seed), goal: holed(goal), targets: targets.map(over) }
  })
  .filter(({ goal }) => goal.some(x => x > 0))

describe('for any table', () => {
  it('meets totals that some table with the same zeros has, as the plainest raking does', () => {
    fc.assert(
      fc.property(drawn, ({ seed, shape, targets }) => {
        const problem = problemOf(seed, shape, targets)
        const { converged, weights, counts, proof } = fit(problem)
        expect(proof).toBeUndefined()
        expect(converged).toBe(true)
        const total = targets[0].totals.reduce((a, b) => a + b, 0)
        expect(closest(counts, problem.totals)).toBeLessThan(1e-9 * total)
        expect(weights.every(w => w >= 0)).toBe(true)
        const slow = naive(seed, shape, targets, 3000)
        expect(closest(dense(problem, weights, seed.length), slow)).toBeLessThan(1e-5 * total)
      }),
      { numRuns: 60 },
    )
  })

  it('either meets arbitrary totals or proves that none can, by a proof that holds', () => {
    const totals = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 6, maxLength: 6 })
    fc.assert(
      fc.property(drawn, totals, totals, ({ seed }, rows, columns) => {
        const all = rows.reduce((a, b) => a + b, 0)
        const scale = all / columns.reduce((a, b) => a + b, 0)
        const shape = [3, 3]
        const nine = Array.from({ length: 9 }, (_, i) => seed[i] ?? 0)
        const third = (x: number[]) => [x[0] + x[1], x[2] + x[3], x[4] + x[5]]
        const problem = problemOf(nine, shape, [
          { dims: [0], totals: third(rows) },
          { dims: [1], totals: third(columns).map(x => x * scale) },
        ])
        const { converged, counts, proof, impossible } = fit(problem)
        if (converged) expect(closest(counts, problem.totals)).toBeLessThan(1e-9 * all)
        if (converged || impossible.length > 0) return
        const { factors } = proof!
        // Farkas: no unit gains, and yet more than nothing is asked.
        expect(Math.max(...sumsOf(problem, factors))).toBeLessThan(1e-9)
        expect(problem.totals.reduce((sum, t, g) => sum + t * factors[g], 0)).toBeGreaterThan(0)
      }),
      { numRuns: 200 },
    )
  })

  it('keeps every ratio of weight to base within its bounds, converged or not', () => {
    const bound = fc.double({ min: 0.05, max: 0.95, noNaN: true })
    fc.assert(
      fc.property(drawn, bound, bound, ({ seed, shape, targets }, lower, more) => {
        const problem = problemOf(seed, shape, targets)
        const upper = 1 + 3 * more
        const { weights, converged, counts, proof, impossible } = fit(problem, { lower, upper, rounds: 300 })
        for (const [i, w] of weights.entries()) {
          expect(w).toBeGreaterThanOrEqual(lower * problem.base[i])
          expect(w).toBeLessThanOrEqual(upper * problem.base[i])
        }
        if (converged) expect(closest(counts, problem.totals)).toBeLessThan(1e-8)
        else expect(proof !== undefined || impossible.length > 0).toBe(true)
      }),
      { numRuns: 100 },
    )
  })
})

/** Two persons of kind 0 and one of kind 1 in one sort of household, one of kind 1 in the other. */
const homes: Problem = {
  base: Float64Array.from([10, 10]),
  start: Uint32Array.from([0, 3, 5]),
  group: Uint32Array.from([0, 1, 2, 1, 2]),
  times: Uint32Array.from([2, 1, 1, 1, 1]),
  totals: Float64Array.from([40, 50, 50]),
  margins: [
    { first: 0, end: 2, of: 'persons' },
    { first: 2, end: 3, of: 'households' },
  ],
}

describe('households and persons at once', () => {
  it('gives the only weights there are', () => {
    // Kind 0: 2a = 40, so a = 20; kind 1: a + b = 50, so b = 30; households: 50.
    const { converged, weights } = fit(homes)
    expect(converged).toBe(true)
    expect(closest(weights, [20, 30])).toBeLessThan(1e-6)
  })
  it('proves that too few households cannot hold the persons', () => {
    const { converged, proof } = fit({ ...homes, totals: Float64Array.from([40, 50, 45]) })
    expect(converged).toBe(false)
    expect(proof!.asked).toBeGreaterThan(proof!.possible)
  })
  it('with a price on gaps gives way where it must, and hardly elsewhere', () => {
    const { converged, counts } = fit({ ...homes, totals: Float64Array.from([40, 50, 45]) }, { price: 1e6 })
    expect(converged).toBe(true)
    expect(counts[0]).toBeCloseTo(40, 2)
    // The persons of kind 1 are the households: both give way, by as much for 50 as for 45.
    expect(counts[1]).toBeCloseTo(counts[2], 6)
    expect(counts[1]).toBeGreaterThan(45)
    expect(counts[1]).toBeLessThan(50)
  })
  it('counts are those of the weights', () => {
    const { weights, counts } = fit(homes)
    expect([...counts]).toEqual([...countsOf(homes, weights)])
  })
})
