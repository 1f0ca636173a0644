/** The two ways to run a process: candidates at its bound over everybody, or one keyed draw for each of a list at risk. */
import { uniform } from '../evidence/luck.js'
import { formatMonth } from '../evidence/month.js'
import { Candidates } from './kernel.js'
import type { Process, Run } from './run.js'

export interface Hazard {
  id: string
  /** The number of its draws (evidence/luck.ts). */
  decision: number
  /** Greatest monthly probability, the same in every scenario. */
  bound: number
  /** Probability in this month (absolute), 0 where the household is not at risk. */
  probability(household: number, month: number): number
  happens(household: number, month: number): void
}

/** @throws Error naming process, household and month where a probability is above the bound. */
export function atBound(run: Run, { id, decision, bound, probability, happens }: Hazard): Process {
  const { key } = run.world.population.households
  const from = run.timeline.horizon.from
  const candidates = new Candidates(run.key, decision, run.world.applicants, bound)
  return {
    id,
    month(m) {
      const month = from + m
      candidates.visit(m, h => {
        const p = probability(h, month)
        if (p === 0) return
        if (p > bound)
          throw new Error(
            `${id}: probability ${p} of household ${key[h]} in ${formatMonth(month)} is above the bound ${bound}`,
          )
        if (uniform(run.key, key[h], decision, month) * bound < p) happens(h, month)
      })
    },
  }
}

/** Households at risk, kept as a list; who is no longer at risk is dropped when met. */
export class AtRisk {
  private rows: Uint32Array
  private length = 0

  constructor(capacity: number) {
    this.rows = new Uint32Array(capacity)
  }

  add(household: number): void {
    if (this.length === this.rows.length) {
      const larger = new Uint32Array(Math.max(1024, this.length * 2))
      larger.set(this.rows)
      this.rows = larger
    }
    this.rows[this.length++] = household
  }

  /** Visit everyone; `each` returns false where the household is to be dropped. Order within a month never matters: draws are keyed. */
  visit(each: (household: number) => boolean): void {
    let kept = 0
    for (let i = 0; i < this.length; i++) {
      const household = this.rows[i]
      if (each(household)) this.rows[kept++] = household
    }
    this.length = kept
  }
}
