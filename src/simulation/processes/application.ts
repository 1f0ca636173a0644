/**
 * Application and registration (model §2.4–2.5). The hazard of a household that passes some channel it knows of is
 *   season × [ Σ base channels passed (fitted to the base flow)
 *            + ξ · (steady · p + willing · ready · λ) if another channel, an opening or one known to all, is passed ]
 * (p the household's willingness, ξ its frailty) and it applies with 1 − e^(−hazard). The ready are few and apply soon: a list, one keyed draw each. The others are
 * candidates at a bound. Either way the draw is keyed (household, apply, month): a policy that opens more only adds.
 *
 * A channel of the selection `none` asks for no application: whoever lives here and passes it is registered in that
 * month, whether willing or not.
 */
import exp from '@stdlib/math-base-special-exp'
import { DECISIONS, uniform } from '../../evidence/luck.js'
import { valueOf } from '../../evidence/parameter.js'
import { yearOf } from '../../evidence/month.js'
import { ORIGINS, PLACE } from '../../population/population.js'
import { channelPreference, choose } from '../choice.js'
import { frailtyOf, frailtyTable } from '../frailty.js'
import { AtRisk } from '../hazard.js'
import { Candidates } from '../kernel.js'
import { register } from '../ledger.js'
import { Rights } from '../legacy.js'
import { BASE_CHANNELS } from '../profile.js'
import { BASE_CAP, SEASON_CAP, seasonAt, STEADY_CAP } from '../rates.js'
import { widestScope } from '../registration.js'
import { gates, type Process, type Run } from '../run.js'
import { livesHere, STATUS } from '../world.js'
import { rounds } from './rounds.js'

/** Greatest monthly probability of one who is not ready. */
const bound = 1 - exp(-SEASON_CAP * (BASE_CHANNELS.length * BASE_CAP + STEADY_CAP))

export function application(run: Run): Process {
  const { world, rates, timeline, willing, settledBefore, applicant } = run
  const { status, awareSince } = world
  const { households } = world.population
  const { key, area, origin, place } = households
  const count = world.applicants
  const { from } = timeline.horizon
  const cells = world.population.areas.length * ORIGINS.length
  const gateOf = gates(timeline)
  const frailty = frailtyTable(valueOf(run.values, 'apply.frailtyVar'))
  const lines = rounds(run)
  const rights = new Rights(timeline)

  const cellOf = (h: number) => area[h] * ORIGINS.length + origin[h]
  const elsewhere = (h: number) => (place[h] === PLACE.elsewhere ? 1 : 0)
  /** The permanent part of a household's hazard: its own willingness and frailty, at most STEADY_CAP. */
  const steadyOf = (h: number, xi: number) =>
    Math.min(STEADY_CAP, xi * willing[h] * rates.steady[elsewhere(h) * cells + cellOf(h)])
  const isWilling = (h: number) => uniform(run.key, key[h], DECISIONS.willing, 0) < willing[h]

  // Whoever passed another channel before the horizon and was ready has registered long ago.
  const ready = new AtRisk(1024)
  const isReady = new Uint8Array(count)
  for (let h = 0; h < count; h++) {
    if (settledBefore[h]) continue
    const share = rates.ready[elsewhere(h) * cells + cellOf(h)]
    if (share > 0 && uniform(run.key, key[h], DECISIONS.ready, 0) < share && isWilling(h)) {
      isReady[h] = 1
      ready.add(h)
    }
  }
  const candidates = new Candidates(run.key, DECISIONS.apply, count, bound)

  // Scratch of `hazards`, so that a candidate allocates nothing.
  const base = new Float64Array(BASE_CHANNELS.length)
  let openBase = 0
  let known = 0
  let usable = 0
  let passed = 0

  return {
    id: 'application',
    month(m) {
      const month = from + m
      for (const right of rights.begin(m)) lines.keep(right)
      const gate = gateOf(m, rights.alive)
      const { channels, automatic } = gate
      const ids = channels.map(({ id }) => id)
      const indexOf = ids.map(id => run.channels.indexOf(id))
      const baseOf = ids.map(id => (BASE_CHANNELS as readonly string[]).indexOf(id))
      const preference = channelPreference(ids, run.preference)
      const season = seasonAt(rates.season, month)
      const year = yearOf(month) - yearOf(from)
      const openings = timeline.entry[m] > 0
      const baseAt = (c: number, h: number) =>
        rates.base[((year * BASE_CHANNELS.length + c) * 2 + elsewhere(h)) * cells + cellOf(h)]

      /** Ways in of a household this month, into the scratch above. @returns summed hazard of the base channels */
      const look = (h: number): number => {
        passed = gate.passes(applicant.at(h, month)) & ~automatic
        usable = 0
        if (passed === 0) return 0
        known = gate.known(applicant, passed)
        openBase = 0
        let sum = 0
        for (let c = 0; c < ids.length; c++)
          if (baseOf[c] >= 0 && known & (1 << c)) {
            base[baseOf[c]] = baseAt(baseOf[c], h)
            sum += base[baseOf[c]]
            openBase |= 1 << c
          }
        usable = (openings && awareSince[h] <= month ? passed : known) & ~openBase
        return sum
      }

      const act = (h: number, ofBase: number, ofWilling: number) => {
        const total = ofBase + ofWilling
        const u = uniform(run.key, key[h], DECISIONS.channel, month)
        let c = -1
        if (u * total < ofBase) {
          let at = u * total
          for (let i = 0; i < ids.length; i++)
            if (openBase & (1 << i)) {
              c = i
              at -= base[baseOf[i]]
              if (at < 0) break
            }
        } else c = choose(preference, usable, (u * total - ofBase) / ofWilling)
        if (channels[c].rounds) lines.apply(h, gate, c, month)
        else register(run, h, m, indexOf[c], widestScope(channels, passed & (known | usable)), known === 0)
      }

      const registerByRule = (h: number) => {
        const all = gate.passes(applicant.at(h, month))
        const byRule = all & automatic
        if (!byRule) return
        const before = gate.known(applicant, all)
        const c = choose(preference, byRule, uniform(run.key, key[h], DECISIONS.channel, month))
        register(run, h, m, indexOf[c], widestScope(channels, before | byRule), before === 0)
      }

      lines.month(m, gate)

      if (automatic) for (let h = 0; h < count; h++) if (livesHere(world, h)) registerByRule(h)

      ready.visit(h => {
        if (status[h] === STATUS.notYet || status[h] === STATUS.waiting) return true
        if (status[h] !== STATUS.here && status[h] !== STATUS.elsewhere) return false
        const xi = frailtyOf(frailty, uniform(run.key, key[h], DECISIONS.frailty, 0))
        const ofOwn = steadyOf(h, xi) + xi * rates.lambda
        const u = uniform(run.key, key[h], DECISIONS.apply, month)
        // Most draws fail even if every way were open: look at the law only where one might succeed.
        if (u >= 1 - exp(-season * (ofOwn + BASE_CHANNELS.length * BASE_CAP))) return true
        const ofBase = season * look(h)
        const ofWilling = usable ? season * ofOwn : 0
        if (passed === 0 || u >= 1 - exp(-(ofBase + ofWilling))) return true
        act(h, ofBase, ofWilling)
        return world.status[h] === STATUS.waiting
      })

      candidates.visit(m, h => {
        if ((status[h] !== STATUS.here && status[h] !== STATUS.elsewhere) || isReady[h]) return
        const u = uniform(run.key, key[h], DECISIONS.apply, month) * bound
        let greatest = 0
        for (let c = 0; c < BASE_CHANNELS.length; c++) greatest += baseAt(c, h)
        const steady = steadyOf(h, frailtyOf(frailty, uniform(run.key, key[h], DECISIONS.frailty, 0)))
        if (u >= 1 - exp(-season * (greatest + steady))) return
        const ofBase = season * look(h)
        if (passed === 0) return
        const ofWilling = usable ? season * steady : 0
        if (u < 1 - exp(-(ofBase + ofWilling))) act(h, ofBase, ofWilling)
      })

      rights.end(m, count, look => {
        for (let h = 0; h < count; h++)
          if (livesHere(world, h) || status[h] === STATUS.elsewhere || status[h] === STATUS.waiting)
            look(applicant.at(h, month))
      })
    },
  }
}
