/**
 * Rounds of a channel with a quota, a pool or a lottery: applicants stand in line; in a round those who still pass are
 * ranked within its places (policy/ranking). Who is not admitted waits on, unless the rules say otherwise; an
 * application may expire. Who no longer passes at a round, or whose channel is abolished, may apply anew, there or
 * elsewhere. A line that a right keeps (legacy.ts) goes on under its old rules.
 */
import { DECISIONS, uniform } from '../../evidence/luck.js'
import type { Month } from '../../evidence/month.js'
import type { CompiledChannel, FactRow } from '../../policy/policy.js'
import { rankWithinQuota } from '../../policy/ranking.js'
import { PLACE } from '../../population/population.js'
import { register } from '../ledger.js'
import type { Right } from '../legacy.js'
import { Places, type RoundHeld } from '../places.js'
import { widestScope } from '../registration.js'
import type { Run } from '../run.js'
import type { Gate } from '../timeline.js'
import { STATUS } from '../world.js'

interface Line {
  /** In the order of application. */
  queue: { household: number; since: Month }[]
  places: Places
  /** Applications that expired since the last round: in all, then by area. */
  expired: Float64Array
}

export function rounds(run: Run) {
  const { world, applicant, key } = run
  const { areas, scale, households } = world.population
  const { from } = run.timeline.horizon
  /** By channel id, or name of a right. */
  const lines = new Map<string, Line>()

  const none = () => new Float64Array(areas.length + 1)
  const newLine = (): Line => ({ queue: [], places: new Places(areas, scale), expired: none() })
  /** In all, then by area. */
  const count = (list: readonly number[], counts: Float64Array = none()): Float64Array => {
    counts[0] += list.length
    for (const h of list) counts[households.area[h] + 1]++
    return counts
  }
  const inLine = ({ queue }: Line) => queue.map(({ household }) => household)
  /** Who left the city, or registered by rule, is in line no more. */
  const waits = ({ household }: { household: number }) => world.status[household] === STATUS.waiting
  const release = (household: number) => {
    world.status[household] = households.place[household] === PLACE.elsewhere ? STATUS.elsewhere : STATUS.here
  }
  /** Keep those of a line for whom `stays`, release the others. @returns the others */
  const sift = (line: Line, stays: (place: Line['queue'][number]) => boolean): number[] => {
    const released: number[] = []
    line.queue = line.queue.filter(waits).filter(place => {
      if (stays(place)) return true
      release(place.household)
      released.push(place.household)
      return false
    })
    return released
  }

  function hold(m: number, gate: Gate, c: number, line: Line, { places, when }: RoundHeld): Float64Array {
    const month = from + m
    const channel = gate.channels[c]
    const { rank, ties, spill, waits: waitsOn } = channel.rounds!
    const facts = (h: number) => applicant.at(h, month).facts(gate.lawOf(c))
    const before = count(inLine(line))
    sift(line, ({ household }) => channel.open(facts(household)) === 1)
    const takes = inLine(line).filter(household => !when || when(facts(household)) === 1)
    const score = takes.map(h => scoreOf(channel, facts(h)))
    const ranks = takes.map(h => rank.map(({ value }) => value(facts(h))))
    const { admitted } = rankWithinQuota(
      {
        score,
        area: takes.map(h => households.area[h]),
        keys: rank.map((_, k) => ranks.map(values => values[k])),
        draw: takes.map(h => uniform(key, households.key[h], DECISIONS.pointsTie, month)),
      },
      {
        atLeast: channel.points?.atLeast ?? -Infinity,
        quota: { whole: places[0], areas: places.slice(1) },
        descending: rank.map(({ descending }) => descending),
        ties,
        spill,
      },
    )
    const lowestScore = none().fill(NaN)
    for (const i of admitted) {
      const h = takes[i]
      if (rank[0]?.text === 'score')
        for (const cell of [0, households.area[h] + 1])
          if (!(lowestScore[cell] <= score[i])) lowestScore[cell] = score[i]
      const passed = gate.passes(applicant.at(h, month)) | (1 << c)
      register(
        run,
        h,
        m,
        run.channels.indexOf(channel.id),
        widestScope(gate.channels, passed),
        gate.known(applicant, passed) === 0,
      )
    }
    const tookPart = waitsOn ? undefined : new Set(takes)
    sift(line, ({ household }) => !tookPart?.has(household))
    const counts = count(admitted.map(i => takes[i]))
    run.flows.rounds.push({
      month: m,
      channel: run.channels.indexOf(channel.id),
      places: Float64Array.from(places, limit => limit ?? NaN),
      inLine: before,
      takingPart: count(takes),
      admitted: counts,
      lowestScore,
      waiting: count(inLine(line)),
      expired: line.expired,
    })
    line.expired = none()
    return counts
  }

  return {
    /** Stand in line for channel c of the gate. */
    apply(household: number, gate: Gate, c: number, month: Month): void {
      world.status[household] = STATUS.waiting
      const name = lineOf(gate, c)
      const line = lines.get(name) ?? lines.set(name, newLine()).get(name)!
      line.queue.push({ household, since: month })
    },

    /** Whoever is in line for a channel that changes or closes stays there by right, with its places. */
    keep({ channel, line }: Right): void {
      const old = lines.get(channel.id)
      if (old) lines.set(line, old)
      lines.delete(channel.id)
    },

    month(m: number, gate: Gate): void {
      const month = from + m
      // A line that nobody stands in has rounds too: their places may be carried on.
      gate.channels.forEach(({ rounds }, c) => {
        const name = lineOf(gate, c)
        if (rounds && !lines.has(name)) lines.set(name, newLine())
      })
      for (const [name, line] of lines) {
        const c = gate.channels.findIndex((_, i) => lineOf(gate, i) === name)
        const rules = gate.channels[c]?.rounds
        if (!rules) {
          sift(line, () => false)
          lines.delete(name)
          continue
        }
        const { validMonths = Infinity } = rules
        count(
          sift(line, ({ since }) => month - since <= validMonths),
          line.expired,
        )
        line.places.hold(rules, month, round => hold(m, gate, c, line, round))
      }
    },
  }
}

const scoreOf = ({ points }: CompiledChannel, row: FactRow): number => (points ? points.score(row) : 0)

/** The name of the line for channel c: its id, or that of the right by which it goes on. */
const lineOf = ({ channels, law, old }: Gate, c: number): string =>
  c < law.channels.length ? channels[c].id : (old[c - law.channels.length] as Right).line
