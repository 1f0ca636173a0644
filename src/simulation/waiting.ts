/**
 * Waiting times by inversion: where a process has one chance a month for one person, a single keyed draw at the
 * start of the wait tells the month in which it happens. The same distribution as a draw each month, at the cost of
 * one; and a higher probability never makes anyone wait longer.
 */
import ln from '@stdlib/math-base-special-ln'
import { uniform, type SeedKey } from '../evidence/luck.js'
import { NEVER, type Month } from '../evidence/month.js'

/**
 * The month of an event with probability p in every month from `from` on: geometric, from + floor(ln u / ln(1 − p)).
 * @returns NEVER where it lies beyond any horizon
 */
export function eventMonth(key: SeedKey, person: number, decision: number, from: Month, p: number): Month {
  if (p <= 0) return NEVER
  return Math.min(NEVER, from + Math.floor(ln(uniform(key, person, decision, from)) / ln(1 - p)))
}

/**
 * Waits whose probability differs by group and month but not by person, such as learning of an opening: each group
 * keeps its survival S = Π(1 − p), a person who begins to wait draws u once and is due when S has fallen to u·S(begin).
 */
export class GroupWait {
  private readonly survival: Float64Array
  private readonly due: Float64Array

  constructor(groups: number, persons: number) {
    this.survival = new Float64Array(groups).fill(1)
    this.due = new Float64Array(persons)
  }

  /** @param u the person's keyed draw for this wait */
  begin(person: number, group: number, u: number): void {
    this.due[person] = u * this.survival[group]
  }

  /** A month passes in which each who waits has probability p. */
  pass(group: number, p: number): void {
    this.survival[group] *= 1 - p
  }

  isDue(person: number, group: number): boolean {
    return this.survival[group] <= this.due[person]
  }
}
