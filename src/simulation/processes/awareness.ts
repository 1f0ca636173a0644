/**
 * Awareness of an opening (Bass by area, model §2.4): in its first month each household knows with `aware.init`;
 * then one who does not know learns with p + q·Ā, Ā the share of those living in the area who knew at the end of
 * the month before. What was in force before the horizon is known to all. A newer opening starts anew.
 */
import { DECISIONS, uniform } from '../../evidence/luck.js'
import { NEVER } from '../../evidence/month.js'
import type { CalibratedRow } from '../calibrated.js'
import { AtRisk } from '../hazard.js'
import type { Process, Run } from '../run.js'
import { STATUS } from '../world.js'

export function awareness(run: Run, row: CalibratedRow): Process & { enters(household: number): void } {
  const { status, awareSince } = run.world
  const { area, key, count } = run.world.population.households
  const { timeline } = run
  const areas = run.world.population.areas.length
  const present = new Float64Array(areas)
  const aware = new Float64Array(areas)
  const share = new Float64Array(areas)
  let unaware = new AtRisk(0)
  let opening = 0
  return {
    id: 'awareness',
    enters(h) {
      if (opening > 0) unaware.add(h)
    },
    month(m) {
      const month = timeline.horizon.from + m
      const entry = timeline.entry[m]
      if (entry === 0) return
      if (entry !== opening) {
        opening = entry
        awareSince.fill(NEVER)
        unaware = new AtRisk(count >> 1)
        for (let h = 0; h < count; h++)
          if (status[h] === STATUS.here || status[h] === STATUS.elsewhere) unaware.add(h)
        unaware.visit(h => {
          if (uniform(run.key, key[h], DECISIONS.aware, month) >= row.awareInit) return true
          awareSince[h] = month
          return false
        })
        return
      }
      // Shares as of the end of the month before: exits and arrivals of this month have been seen, awareness has not.
      present.fill(0)
      aware.fill(0)
      for (let h = 0; h < count; h++)
        if (status[h] === STATUS.here) {
          present[area[h]]++
          if (awareSince[h] < month) aware[area[h]]++
        }
      for (let a = 0; a < areas; a++) share[a] = present[a] > 0 ? aware[a] / present[a] : 0
      unaware.visit(h => {
        if (status[h] !== STATUS.here && status[h] !== STATUS.elsewhere) return false
        if (uniform(run.key, key[h], DECISIONS.aware, month) >= row.awareP + row.awareQ * share[area[h]])
          return true
        awareSince[h] = month
        return false
      })
    },
  }
}
