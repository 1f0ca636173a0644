/**
 * Arrival: each member of the pool has one month and one keyed u, comes if u is below rate / maximum, and never
 * later. The rate follows the openness of the law (model §2.6): base × (1 + η·O·(1 − e^(−τ/mig.tau)) − θ·O_rivals), τ the months since
 * the opening; rivals' openness is 0 unless a parameter says otherwise. Who comes stays who they are in every scenario.
 */
import exp from '@stdlib/math-base-special-exp'
import { DECISIONS, uniform } from '../../evidence/luck.js'
import { valueOf } from '../../evidence/parameter.js'
import { PLACE } from '../../population/population.js'
import { byMonth } from '../calendar.js'
import { enter } from '../ledger.js'
import type { Process, Run } from '../run.js'

/** Arrivals of a month as a multiple of the base. */
export function arrivalFactor(run: Pick<Run, 'values' | 'openness' | 'timeline'>, m: number): number {
  const { timeline, values, openness } = run
  const entry = timeline.entry[m]
  const tau = timeline.horizon.from + m - timeline.since[entry]
  const gained = entry === 0 ? openness[0] : openness[entry] * (1 - exp(-tau / valueOf(values, 'mig.tau')))
  return (
    1 + valueOf(values, 'mig.eta') * gained - valueOf(values, 'mig.theta') * valueOf(values, 'mig.rivals')
  )
}

/** Greatest multiple that the supports allow; the pool is made for it. */
export const greatestArrivalFactor = (support: (id: string) => [number, number]): number =>
  1 + support('mig.eta')[1]

export function arrival(run: Run): Process {
  const { key } = run.world.population.households
  const due = byMonth(run.world.population, PLACE.arrival, run.timeline.horizon)
  const greatest = greatestArrivalFactor(run.support)
  return {
    id: 'arrival',
    month(m) {
      const share = arrivalFactor(run, m) / greatest
      const month = run.timeline.horizon.from + m
      for (const h of due(m)) if (uniform(run.key, key[h], DECISIONS.arrive, month) < share) enter(run, h, m)
    },
  }
}
