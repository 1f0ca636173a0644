/**
 * Ordinary moves: the base flow of marriage, study and posting (model §0.5(f)), by area, origin and month at the
 * calibrated rate, the same in every scenario. Each mover of the pool has one month and one keyed u.
 */
import { DECISIONS, uniform } from '../../evidence/luck.js'
import { yearOf } from '../../evidence/month.js'
import { valueOf } from '../../evidence/parameter.js'
import { ORIGIN, ORIGINS, PLACE } from '../../population/population.js'
import { byMonth } from '../calendar.js'
import { PRESENCE } from '../flows.js'
import { writeRegistration } from '../ledger.js'
import { seasonAt } from '../rates.js'
import type { Process, Run } from '../run.js'

export function ordinary(run: Run): Process {
  const { population } = run.world
  const { households, maxima } = population
  const { rates, timeline } = run
  const { from } = timeline.horizon
  const cells = population.areas.length * ORIGINS.length
  const due = byMonth(population, PLACE.ordinary, timeline.horizon)
  const channel = run.channels.indexOf('ordinary')
  const onPaper = valueOf(run.values, 'presence.ordinary.paperOnly')
  return {
    id: 'ordinary',
    month(m) {
      const month = from + m
      const year = yearOf(month) - yearOf(from)
      for (const h of due(m)) {
        const cell = households.area[h] * ORIGINS.length + households.origin[h]
        const rate = rates.ordinary[year * cells + cell] * seasonAt(rates.season, month)
        if (uniform(run.key, households.key[h], DECISIONS.arrive, month) * maxima.ordinary[cell] >= rate)
          continue
        const external = households.origin[h] !== ORIGIN.cityOtherArea
        const presence =
          uniform(run.key, households.key[h], DECISIONS.presence, month) < onPaper
            ? PRESENCE.paperOnly
            : PRESENCE.movesIn
        writeRegistration(run, h, m, channel, 1, false, external ? presence : -1)
      }
    },
  }
}
