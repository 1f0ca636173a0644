/**
 * Awareness of an opening (Bass by area, model §2.4): in its first month each household knows with `aware.init`;
 * then one who does not know learns with p + q·Ā, Ā the share of those living in the area who knew at the end of
 * the month before. What was in force before the horizon is known to all. A newer opening starts anew.
 */
import { DECISIONS, uniform } from '../../evidence/luck.js'
import { NEVER, type Month } from '../../evidence/month.js'
import type { CalibratedRow } from '../calibrated.js'
import { AtRisk } from '../hazard.js'
import type { Process, Run } from '../run.js'
import { GroupWait } from '../waiting.js'
import { livesHere, STATUS } from '../world.js'

export function awareness(
  run: Run,
  row: CalibratedRow,
): Process & { enters(household: number, month: Month): void } {
  const { status, awareSince } = run.world
  const { area, key } = run.world.population.households
  const count = run.world.applicants
  const { timeline } = run
  const areas = run.world.population.areas.length
  const present = new Float64Array(areas)
  const aware = new Float64Array(areas)
  let unaware = new AtRisk(0)
  let wait = new GroupWait(areas, 0)
  let opening = 0
  const mayLearn = (h: number) =>
    status[h] === STATUS.here || status[h] === STATUS.elsewhere || status[h] === STATUS.waiting
  const learnsFrom = (h: number, month: Month) => {
    wait.begin(h, area[h], uniform(run.key, key[h], DECISIONS.aware, month))
    unaware.add(h)
  }
  const learn = (month: Month) =>
    unaware.visit(h => {
      if (!mayLearn(h)) return false
      if (!wait.isDue(h, area[h])) return true
      awareSince[h] = month
      return false
    })
  return {
    id: 'awareness',
    enters(h, month) {
      if (opening > 0) learnsFrom(h, month)
    },
    month(m) {
      const month = timeline.horizon.from + m
      const entry = timeline.entry[m]
      if (entry === 0) return
      if (entry !== opening) {
        opening = entry
        awareSince.fill(NEVER)
        unaware = new AtRisk(count >> 1)
        wait = new GroupWait(areas, count)
        for (let h = 0; h < count; h++) if (mayLearn(h)) learnsFrom(h, month)
        for (let a = 0; a < areas; a++) wait.pass(a, row.awareInit)
        learn(month)
        return
      }
      // Shares as of the end of the month before: exits and arrivals of this month have been seen, awareness has not.
      present.fill(0)
      aware.fill(0)
      for (let h = 0; h < count; h++)
        if (livesHere(run.world, h)) {
          present[area[h]]++
          if (awareSince[h] < month) aware[area[h]]++
        }
      for (let a = 0; a < areas; a++) {
        const share = present[a] > 0 ? aware[a] / present[a] : 0
        wait.pass(a, Math.min(1, row.awareP + row.awareQ * share))
      }
      learn(month)
    },
  }
}
