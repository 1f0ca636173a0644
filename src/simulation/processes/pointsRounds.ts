/**
 * Points rounds: where a points channel has a quota or fixed months, applicants wait; in a round those still eligible
 * are ranked (the policy's keys, then each one's keyed draw) and admitted up to what is left of the year's quota.
 * Who is not admitted waits on. If the channel is abolished the waiting are released and may apply another way.
 */
import { DECISIONS, uniform } from '../../evidence/luck.js'
import { monthOfYear } from '../../evidence/month.js'
import { fillFacts } from '../applicant.js'
import { register } from '../ledger.js'
import { widestScope } from '../registration.js'
import type { Run } from '../run.js'
import type { Gate } from '../timeline.js'
import { STATUS } from '../world.js'

export function pointsRounds(run: Run) {
  const { world, row } = run
  const { households, scale } = { households: world.population.households, scale: world.population.scale }
  const { from } = run.timeline.horizon
  let waiting: { household: number; channel: string }[] = []
  /** Admitted so far in the year, by channel and by channel:area. */
  let admitted = new Map<string, number>()

  return {
    apply(household: number, channel: number, gate: Gate): void {
      world.status[household] = STATUS.waiting
      waiting.push({ household, channel: gate.law.channels[channel].id })
    },

    month(m: number, gate: Gate): void {
      const month = from + m
      if (monthOfYear(month) === 1) admitted = new Map()
      if (waiting.length === 0) return
      const still: typeof waiting = []
      const entrants: { household: number; channel: number; passed: number; keys: number[]; tie: number }[] =
        []
      for (const entry of waiting) {
        const c = gate.law.channels.findIndex(({ id }) => id === entry.channel)
        const points = gate.law.channels[c]?.points
        if (!points) {
          world.status[entry.household] = STATUS.here
          continue
        }
        if (points.rounds && !points.rounds.includes(monthOfYear(month))) {
          still.push(entry)
          continue
        }
        const passed = gate.passes(fillFacts(row, world, entry.household, month))
        if (!(passed & (1 << c))) {
          world.status[entry.household] = STATUS.here
          continue
        }
        const keys = points.rank.map(({ value, descending }) => (descending ? -value(row) : value(row)))
        const tie = uniform(run.key, households.key[entry.household], DECISIONS.pointsTie, month)
        entrants.push({ household: entry.household, channel: c, passed, keys, tie })
      }
      entrants.sort((a, b) => {
        for (let k = 0; k < a.keys.length; k++) if (a.keys[k] !== b.keys[k]) return a.keys[k] - b.keys[k]
        return a.tie - b.tie
      })
      for (const { household, channel, passed } of entrants) {
        const { id, points } = gate.law.channels[channel]
        const area = world.population.areas[households.area[household]]
        const left = (key: string, quota: number | undefined) =>
          quota === undefined || (admitted.get(key) ?? 0) < quota * scale
        const areaQuota = points!.quota?.areas?.[area]
        if (!left(id, points!.quota?.year) || !left(`${id}:${area}`, areaQuota)) {
          still.push({ household, channel: id })
          continue
        }
        for (const key of [id, `${id}:${area}`]) admitted.set(key, (admitted.get(key) ?? 0) + 1)
        register(
          run,
          household,
          m,
          run.channels.indexOf(id),
          widestScope(gate.law, passed),
          gate.known(fillFacts(row, world, household, month), passed) === 0,
        )
      }
      waiting = still
    },
  }
}
