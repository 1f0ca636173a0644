/**
 * Shapley values over clauses: what each clause contributes to the value of a rule set, averaged over all orders in
 * which the clauses could have been added. Exact from the values of all 2ⁿ sets of clauses where n is small; else
 * over random orders, with the standard error that this brings.
 *
 * @see Shapley, "A value for n-person games", Contributions to the Theory of Games II (1953), 307–317; sampling:
 *      Castro, Gómez & Tejada, Computers & Operations Research 36 (2009), 1726–1730
 */
import { DECISIONS, subKey, uniform, type SeedKey } from '../evidence/luck.js'

/** A set of clauses: bit i is clause i. */
export type Coalition = number

/** Up to so many clauses all sets are run. */
export const EXACT_CLAUSES = 6

/** Bits of a number that stays a 32-bit integer. */
export const MOST_CLAUSES = 30

export const everything = (clauses: number): Coalition => (1 << clauses) - 1

/** How the sets to be run were chosen. */
export type Sampling = { exact: true } | { exact: false; orders: number[][] }

/**
 * Which sets have to be run: all of them up to EXACT_CLAUSES or where the budget holds them; else the full and the
 * empty set, each clause left out, and as many random orders as the budget holds (at least two, so that there is an
 * error to print).
 *
 * @param budget greatest number of sets
 */
export function coalitionsOf(
  clauses: number,
  budget: number,
  key: SeedKey,
): { sampling: Sampling; coalitions: Coalition[] } {
  const all = everything(clauses)
  if (clauses <= EXACT_CLAUSES || 1 << clauses <= budget)
    return { sampling: { exact: true }, coalitions: Array.from({ length: all + 1 }, (_, set) => set) }
  const chosen = new Set<Coalition>([all, 0])
  for (let i = 0; i < clauses; i++) chosen.add(all & ~(1 << i))
  const orders: number[][] = []
  for (;;) {
    const order = orderOf(clauses, subKey(key, orders.length))
    const sets = stepsOf(order)
    const more = sets.filter(set => !chosen.has(set)).length
    if (orders.length >= 2 && chosen.size + more > budget) break
    orders.push(order)
    for (const set of sets) chosen.add(set)
  }
  return { sampling: { exact: false, orders }, coalitions: [...chosen] }
}

/** A random order of the clauses (Fisher & Yates), by keyed draws. */
function orderOf(clauses: number, key: SeedKey): number[] {
  const order = Array.from({ length: clauses }, (_, i) => i)
  for (let i = clauses - 1; i > 0; i--) {
    const j = Math.floor(uniform(key, i, DECISIONS.bootstrap, 0) * (i + 1))
    ;[order[i], order[j]] = [order[j], order[i]]
  }
  return order
}

/** The sets that arise as clauses are added in this order, the empty one first. */
function stepsOf(order: readonly number[]): Coalition[] {
  const sets = [0]
  for (const clause of order) sets.push(sets[sets.length - 1] | (1 << clause))
  return sets
}

export interface ShapleyValue {
  value: number
  /** Standard error of sampling orders; 0 where all sets were run. */
  error: number
}

/** @param value of a set of clauses that `coalitionsOf` asked for */
export function shapley(
  clauses: number,
  sampling: Sampling,
  value: (coalition: Coalition) => number,
): ShapleyValue[] {
  return sampling.exact ? exact(clauses, value) : sampled(clauses, sampling.orders, value)
}

function exact(clauses: number, value: (coalition: Coalition) => number): ShapleyValue[] {
  const factorial = [1]
  for (let n = 1; n <= clauses; n++) factorial.push(factorial[n - 1] * n)
  return Array.from({ length: clauses }, (_, i) => {
    let sum = 0
    for (let set = 0; set <= everything(clauses); set++) {
      if (set & (1 << i)) continue
      const size = bitsOf(set)
      const weight = (factorial[size] * factorial[clauses - size - 1]) / factorial[clauses]
      sum += weight * (value(set | (1 << i)) - value(set))
    }
    return { value: sum, error: 0 }
  })
}

function sampled(
  clauses: number,
  orders: readonly number[][],
  value: (coalition: Coalition) => number,
): ShapleyValue[] {
  const gains = Array.from({ length: clauses }, () => [] as number[])
  for (const order of orders) {
    const sets = stepsOf(order)
    order.forEach((clause, step) => gains[clause].push(value(sets[step + 1]) - value(sets[step])))
  }
  return gains.map(gain => ({ value: meanOf(gain), error: standardError(gain) }))
}

export const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/** Of the mean; NaN of a single value, whose error nobody knows. */
export function standardError(values: readonly number[]): number {
  if (values.length < 2) return NaN
  const mean = meanOf(values)
  const squares = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0)
  return Math.sqrt(squares / (values.length - 1) / values.length)
}

function bitsOf(set: Coalition): number {
  let bits = 0
  for (let rest = set; rest > 0; rest &= rest - 1) bits++
  return bits
}
