/**
 * What changes in a household whatever the policy: a spell of social insurance begins or ends, a home is bought, a
 * lease is put on file, a permit is taken out. Monthly probabilities `trans.*`.
 */
import { DECISIONS } from '../../evidence/luck.js'
import { uniform } from '../../evidence/luck.js'
import { NEVER } from '../../evidence/month.js'
import { valueOf } from '../../evidence/parameter.js'
import { CORE_FACTS } from '../../policy/facts.js'
import { OWN_TENURE, RENT_TENURE } from '../applicant.js'
import { AtRisk, atBound } from '../hazard.js'
import type { Process, Run } from '../run.js'
import { STATUS } from '../world.js'

const WORK = (CORE_FACTS.find(({ name }) => name === 'work')!.type as { values: string[] }).values
const [FORMAL, INFORMAL] = [WORK.indexOf('formal'), WORK.indexOf('informal')]

/** Insured → not, else not → insured: one or the other, never both in a month. Employees only. */
export function insurance(run: Run): Process {
  const { status, insuredSince, insuredBefore } = run.world
  const { persons, households } = run.world.population
  const start = valueOf(run.values, 'trans.insuredStart')
  const end = valueOf(run.values, 'trans.insuredEnd')
  return atBound(run, {
    id: 'insurance',
    decision: DECISIONS.insuredStart,
    bound: Math.max(run.support('trans.insuredStart')[1], run.support('trans.insuredEnd')[1]),
    probability(h) {
      if (status[h] !== STATUS.here) return 0
      const work = persons.work[households.first[h]]
      if (work !== FORMAL && work !== INFORMAL) return 0
      return insuredSince[h] === NEVER ? start : end
    },
    happens(h, month) {
      if (insuredSince[h] === NEVER) insuredSince[h] = month
      else {
        insuredBefore[h] += month - insuredSince[h]
        insuredSince[h] = NEVER
      }
    },
  })
}

export function purchase(run: Run): Process {
  const { status, tenure } = run.world
  const p = valueOf(run.values, 'trans.purchase')
  return atBound(run, {
    id: 'purchase',
    decision: DECISIONS.purchase,
    bound: run.support('trans.purchase')[1],
    probability: h => (status[h] === STATUS.here && tenure[h] !== OWN_TENURE ? p : 0),
    happens: h => {
      tenure[h] = OWN_TENURE
    },
  })
}

export function leaseFiling(run: Run): Process {
  const { status, tenure, leaseFiled } = run.world
  const p = valueOf(run.values, 'trans.leaseFiling')
  return atBound(run, {
    id: 'leaseFiling',
    decision: DECISIONS.leaseFiling,
    bound: run.support('trans.leaseFiling')[1],
    probability: h => (status[h] === STATUS.here && tenure[h] === RENT_TENURE && !leaseFiled[h] ? p : 0),
    happens: h => {
      leaseFiled[h] = 1
    },
  })
}

/** The permit is taken out by many in a month: a list of those without one, not candidates at a bound. */
export function permit(run: Run): Process & { enters(household: number): void } {
  const { status, permitSince } = run.world
  const { key, count } = run.world.population.households
  const p = valueOf(run.values, 'trans.permit')
  const from = run.timeline.horizon.from
  const without = new AtRisk(count >> 2)
  for (let h = 0; h < count; h++) if (status[h] === STATUS.here && permitSince[h] === NEVER) without.add(h)
  return {
    id: 'permit',
    enters(h) {
      if (permitSince[h] === NEVER) without.add(h)
    },
    month(m) {
      without.visit(h => {
        if (status[h] !== STATUS.here) return false
        if (uniform(run.key, key[h], DECISIONS.permit, from + m) >= p) return true
        permitSince[h] = from + m
        return false
      })
    },
  }
}
