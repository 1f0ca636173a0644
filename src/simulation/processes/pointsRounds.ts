/**
 * Points rounds: where a points channel has a quota or fixed months, applicants wait; in a round those still eligible
 * are ranked within what is left of the year's quota (policy/ranking). Who is not admitted waits on. If the channel
 * is abolished, or they no longer pass, the waiting are released and may apply another way.
 */
import { DECISIONS, uniform } from '../../evidence/luck.js'
import { monthOfYear } from '../../evidence/month.js'
import { placesInRound, rankWithinQuota } from '../../policy/ranking.js'
import { PLACE } from '../../population/population.js'
import { fillFacts } from '../applicant.js'
import { register } from '../ledger.js'
import { widestScope } from '../registration.js'
import type { Run } from '../run.js'
import type { Gate } from '../timeline.js'
import { STATUS } from '../world.js'

/** Without fixed months a round is held every month. */
const EVERY_MONTH = Array.from({ length: 12 }, (_, i) => i + 1)

export function pointsRounds(run: Run) {
  const { world, row, key } = run
  const { households, areas, scale } = { ...world.population, households: world.population.households }
  const { from } = run.timeline.horizon
  /** By channel id, in the order of application. */
  const waiting = new Map<string, number[]>()
  /** Admitted so far in the year: the place, then each area. */
  let admitted = new Map<string, Float64Array>()

  /** Who left the city in the meantime is in line no more. */
  const waits = (h: number) => world.status[h] === STATUS.waiting
  const release = (h: number) => {
    world.status[h] = households.place[h] === PLACE.elsewhere ? STATUS.elsewhere : STATUS.here
  }

  return {
    apply(h: number, channel: string): void {
      world.status[h] = STATUS.waiting
      waiting.set(channel, [...(waiting.get(channel) ?? []), h])
    },

    month(m: number, gate: Gate): void {
      const month = from + m
      const inYear = monthOfYear(month)
      if (inYear === 1) admitted = new Map()
      for (const [channel, queue] of waiting) {
        const c = gate.law.channels.findIndex(({ id }) => id === channel)
        const { rounds: rules, points } = gate.law.channels[c] ?? {}
        if (!rules) {
          queue.filter(waits).forEach(release)
          waiting.delete(channel)
          continue
        }
        const months = rules.months ?? EVERY_MONTH
        const round = months.indexOf(inYear)
        if (round < 0) continue
        const facts = (h: number) => fillFacts(row, world, h, month)
        const passing = queue.filter(waits).filter(h => gate.passes(facts(h)) & (1 << c) || void release(h))
        const soFar = admitted.get(channel) ?? new Float64Array(areas.length + 1)
        admitted.set(channel, soFar)
        const places = (year: number | undefined, before: number) =>
          year === undefined
            ? undefined
            : placesInRound(Math.round(year * scale), months.length, round, before)
        const ranks = passing.map(h => rules.rank.map(({ value }) => value(facts(h))))
        const result = rankWithinQuota(
          {
            score: passing.map(h => (points ? points.score(facts(h)) : 0)),
            area: passing.map(h => households.area[h]),
            keys: rules.rank.map((_, k) => ranks.map(values => values[k])),
            draw: passing.map(h => uniform(key, households.key[h], DECISIONS.pointsTie, month)),
          },
          {
            atLeast: points?.atLeast ?? -Infinity,
            quota: {
              whole: places(rules.quota?.year, soFar[0]),
              areas: areas.map((area, a) => places(rules.quota?.areas?.[area], soFar[a + 1])),
            },
            descending: rules.rank.map(({ descending }) => descending),
            ties: rules.ties,
            spill: rules.spill,
          },
        )
        for (const i of result.admitted) {
          const h = passing[i]
          const passed = gate.passes(facts(h))
          soFar[0]++
          soFar[households.area[h] + 1]++
          register(
            run,
            h,
            m,
            run.channels.indexOf(channel),
            widestScope(gate.law, passed),
            gate.known(row, passed) === 0,
          )
        }
        const out = new Set(result.admitted)
        waiting.set(
          channel,
          passing.filter((_, i) => !out.has(i)),
        )
      }
    },
  }
}
