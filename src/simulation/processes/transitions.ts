/**
 * What changes in a household whatever the policy: a spell of social insurance begins or ends, a home is bought, a
 * lease is put on file, a permit is taken out. Monthly probabilities `trans.*`.
 */
import { DECISIONS } from '../../evidence/luck.js'
import { NEVER, type Month } from '../../evidence/month.js'
import { valueOf } from '../../evidence/parameter.js'
import { CORE_FACTS, OWN_TENURE, RENT_TENURE } from '../../policy/facts.js'
import { atBound } from '../hazard.js'
import { spellEnds } from '../insured.js'
import type { Process, Run } from '../run.js'
import { eventMonth } from '../waiting.js'
import { livesHere } from '../world.js'

const WORK = (CORE_FACTS.find(({ name }) => name === 'work')!.type as { values: string[] }).values
const [FORMAL, INFORMAL] = [WORK.indexOf('formal'), WORK.indexOf('informal')]

/** Insured → not, else not → insured: one or the other, never both in a month. Employees only. */
export function insurance(run: Run): Process {
  const { insuredSince, insuredBefore } = run.world
  const { persons, households } = run.world.population
  const start = valueOf(run.values, 'trans.insuredStart')
  const end = valueOf(run.values, 'trans.insuredEnd')
  return atBound(run, {
    id: 'insurance',
    decision: DECISIONS.insuredStart,
    bound: Math.max(run.support('trans.insuredStart')[1], run.support('trans.insuredEnd')[1]),
    probability(h) {
      if (!livesHere(run.world, h)) return 0
      const work = persons.work[households.first[h]]
      if (work !== FORMAL && work !== INFORMAL) return 0
      return insuredSince[h] === NEVER ? start : end
    },
    happens(h, month) {
      if (insuredSince[h] === NEVER) insuredSince[h] = month
      else {
        spellEnds(run.world, h, month)
        insuredBefore[h] += month - insuredSince[h]
        insuredSince[h] = NEVER
      }
    },
  })
}

/**
 * What a household that settles will do by itself, drawn when it does: buy a home, put a lease on file, take out a
 * permit. Each waits with a constant probability a month, so one draw tells the month.
 */
export function schedule(run: Run): (household: number, month: Month) => void {
  const { boughtIn, leaseSince, permitSince } = run.world
  const { key, tenure } = run.world.population.households
  const [buys, files, takesPermit] = ['trans.purchase', 'trans.leaseFiling', 'trans.permit'].map(id =>
    valueOf(run.values, id),
  )
  return (h, month) => {
    if (tenure[h] !== OWN_TENURE) boughtIn[h] = eventMonth(run.key, key[h], DECISIONS.purchase, month, buys)
    if (tenure[h] === RENT_TENURE && leaseSince[h] === NEVER)
      leaseSince[h] = eventMonth(run.key, key[h], DECISIONS.leaseFiling, month, files)
    if (permitSince[h] === NEVER)
      permitSince[h] = eventMonth(run.key, key[h], DECISIONS.permit, month, takesPermit)
  }
}
