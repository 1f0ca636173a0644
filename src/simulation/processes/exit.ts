/**
 * Exit: a migrant household leaves the city. Rarer the longer the stay (`mig.exit.*`, a year; a
 * yearly rate r is 1 − (1 − r)^(1/12) a month; model §2.6). Not here: those registered, who are counted as settled.
 */
import { DECISIONS } from '../../evidence/luck.js'
import { valueOf } from '../../evidence/parameter.js'
import { monthly } from '../expected.js'
import { atBound } from '../hazard.js'
import { leave } from '../ledger.js'
import type { Process, Run } from '../run.js'
import { livesHere } from '../world.js'

/** Months of stay below which each rate holds. */
const STAYS: [id: string, below: number][] = [
  ['mig.exit.year1', 12],
  ['mig.exit.year3', 36],
  ['mig.exit.year5', 60],
  ['mig.exit.later', Infinity],
]

export function exit(run: Run): Process {
  const { arrived } = run.world
  const rates = STAYS.map(([id, below]) => ({ below, p: monthly(valueOf(run.values, id)) }))
  return atBound(run, {
    id: 'exit',
    decision: DECISIONS.exit,
    bound: monthly(Math.max(...STAYS.map(([id]) => run.support(id)[1]))),
    probability(h, month) {
      if (!livesHere(run.world, h)) return 0
      const stay = month - arrived[h]
      for (const { below, p } of rates) if (stay < below) return p
      return 0
    },
    happens: (h, month) => leave(run, h, month),
  })
}
