/** Shapley values against a table worked by hand, and the axioms that define them. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seedKey } from '../../src/evidence/luck.js'
import { coalitionsOf, everything, EXACT_CLAUSES, shapley } from '../../src/experiment/shapley.js'

/** Registrations with each set of the clauses A (bit 0), B, C switched on; shares worked by hand from the six orders. */
const TABLE = { values: [100, 160, 130, 180, 105, 170, 150, 200], shares: [335 / 6, 185 / 6, 80 / 6] }

const key = seedKey('shapley')
const table = (clauses: number) =>
  fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2 ** clauses, maxLength: 2 ** clauses })

describe('exact', () => {
  it('gives the shares worked by hand', () => {
    const values = shapley(3, { exact: true }, set => TABLE.values[set])
    values.forEach(({ value, error }, i) => {
      expect(value).toBeCloseTo(TABLE.shares[i], 10)
      expect(error).toBe(0)
    })
  })
  it('adds up to what all clauses together bring; a clause that never matters gets nothing; equals get the same', () => {
    fc.assert(
      fc.property(table(4), values => {
        // Clause 4 (bit 4) never matters; clauses 5 and 0 are made interchangeable.
        const value = (set: number) => values[set & 15]
        const shares = shapley(5, { exact: true }, value)
        expect(shares.reduce((sum, share) => sum + share.value, 0)).toBeCloseTo(values[15] - values[0], 6)
        expect(shares[4].value).toBeCloseTo(0, 9)
        const either = (set: number) => values[((set & 1) | ((set >> 1) & 1)) * 3 + (set & 12)]
        const [a, b] = shapley(4, { exact: true }, either)
        expect(a.value).toBeCloseTo(b.value, 9)
      }),
    )
  })
  it('asks for all sets up to six clauses', () => {
    const { sampling, coalitions } = coalitionsOf(EXACT_CLAUSES, 1, key)
    expect(sampling.exact).toBe(true)
    expect(coalitions).toHaveLength(64)
  })
})

describe('sampled', () => {
  it('asks for no more sets than the budget, whole and nothing and each left out among them', () => {
    const { sampling, coalitions } = coalitionsOf(10, 60, key)
    expect(sampling.exact).toBe(false)
    expect(coalitions.length).toBeLessThanOrEqual(60)
    expect(new Set(coalitions).size).toBe(coalitions.length)
    const all = everything(10)
    for (const set of [0, all, ...Array.from({ length: 10 }, (_, i) => all & ~(1 << i))])
      expect(coalitions).toContain(set)
  })
  it('of clauses that only add has no error at all', () => {
    const worth = [5, 0, 7, 1, 9, 2, 4, 8]
    const { sampling } = coalitionsOf(8, 40, key)
    const sum = (set: number) => worth.reduce((total, w, i) => total + (set & (1 << i) ? w : 0), 0)
    shapley(8, sampling, sum).forEach(({ value, error }, i) => {
      expect(value).toBeCloseTo(worth[i], 9)
      expect(error).toBeCloseTo(0, 9)
    })
  })
  it('comes near the exact values, within its own error', () => {
    // Seven clauses of which two overlap: a game with a closed answer. Clauses 0 and 1 bring 10 alone or together.
    const value = (set: number) =>
      (set & 3 ? 10 : 0) + [2, 3, 4, 5, 6].reduce((sum, i) => sum + (set & (1 << i) ? i : 0), 0)
    const { sampling } = coalitionsOf(7, 100, key)
    const shares = shapley(7, sampling, value)
    for (const i of [0, 1]) expect(Math.abs(shares[i].value - 5)).toBeLessThan(4 * shares[i].error)
    expect(shares[0].error).toBeGreaterThan(0)
    expect(shares[4].value).toBeCloseTo(4, 9)
  })
  it('the same key gives the same orders, another key others', () => {
    expect(coalitionsOf(9, 80, key)).toEqual(coalitionsOf(9, 80, key))
    expect(coalitionsOf(9, 80, key)).not.toEqual(coalitionsOf(9, 80, seedKey('other')))
  })
})
