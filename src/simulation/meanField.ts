/**
 * The run in expectation: the recurrence on cells (area × origin × here or elsewhere) that costs a thousandth of a
 * simulation. Bands are made of hundreds of such runs; simulations measure what it leaves out (luck and its bias).
 *
 * Left out, and thus part of the bias: that the ready are the same households month after month only through the
 * stock they leave (gamma frailty: mean hazard of those left is λ·S^v, S the share left), that awareness is drawn by
 * household, and that who registered would have changed the composition of those who remain. What it leaves out of
 * rounds stands in expectedLines.ts.
 */
import exp from '@stdlib/math-base-special-exp'
import pow from '@stdlib/math-base-special-pow'
import { monthsOf, yearOf } from '../evidence/month.js'
import { valueOf, type Values } from '../evidence/parameter.js'
import { ORIGIN, ORIGINS } from '../population/population.js'
import type { CalibratedRow } from './calibrated.js'
import { awareness } from './expected.js'
import { ExpectedLines, type Sample } from './expectedLines.js'
import { cleared, emptyFlows, ENTRY_YEARS, PRESENCE, type Flows } from './flows.js'
import { paperShare } from './ledger.js'
import { arising } from './legacy.js'
import { arrivalFactor } from './processes/arrival.js'
import {
  BASE_CHANNELS,
  joinVector,
  personsAt,
  WAYS,
  wayIndex,
  type Composition,
  type Profile,
} from './profile.js'
import { seasonAt, type Rates } from './rates.js'
import { lawAt, type Timeline } from './timeline.js'

export interface MeanFieldInputs {
  timeline: Timeline
  /** One for each entry of the timeline, all with the same samples. */
  profiles: Profile[]
  /** A run in which nobody applied: who lives here, arrives and leaves. */
  untouched: Flows
  rates: Rates
  row: CalibratedRow
  values: Values
  openness: number[]
  channels: string[]
  /** Ids of the areas. */
  areas: readonly string[]
  /** Greatest ordinary flow that the pool was made for, persons a month: [area × 4 + origin]. */
  ordinaryMaxima: Float64Array
  /** Flows of a run before, whose arrays are used again: hundreds of draws need not allocate. */
  into?: Flows
}

/** What comes through one channel, an index into all of them. */
interface Registered {
  channel: number
  persons: number
  cases: number
}

const APPLICANTS = [ORIGIN.province, ORIGIN.otherProvince]

export function meanField(inputs: MeanFieldInputs): Flows {
  const { timeline, profiles, untouched, rates, values, channels } = inputs
  const { horizon } = timeline
  const { areas } = untouched
  const months = monthsOf(horizon)
  const cells = areas * ORIGINS.length
  const flows = inputs.into ? cleared(inputs.into) : emptyFlows(horizon, areas, channels)
  const join = joinVector(values)
  const variance = valueOf(values, 'apply.frailtyVar')
  const { samples } = profiles[0]
  const ordinaryChannel = channels.indexOf('ordinary')
  const ordinaryOnPaper = valueOf(values, 'presence.ordinary.paperOnly')
  const paper = channels.map((_, channel) => paperShare({ values, channels }, channel))

  // Persons that each way would bring, by profile, sample, way and cell.
  const weightsOf = made(profile => {
    const table = new Float64Array(samples.length * WAYS * cells)
    for (let s = 0; s < samples.length; s++)
      for (let way = 0; way < WAYS; way++)
        for (let a = 0; a < areas; a++)
          for (const o of APPLICANTS) {
            const cell = a * ORIGINS.length + o
            table[(s * WAYS + way) * cells + cell] = personsAt(profile, s, way, cell, join)
          }
    return table
  })
  const indicesOf = made(profile => profile.channels.map(id => channels.indexOf(id)))
  const lines = new ExpectedLines(inputs.areas, months)
  const staying = new Float64Array(areas)

  // Persons registered so far who would still be here, by way and cell; ready ones apart.
  const gone = new Float64Array(WAYS * cells)
  const readyGone = new Float64Array(WAYS * cells)
  const registeredHere = new Float64Array(areas)
  const registeredChildren = new Float64Array(areas * ENTRY_YEARS)
  const induced = new Float64Array(areas)

  for (let m = 0; m < months; m++) {
    const month = horizon.from + m
    const year = yearOf(month) - yearOf(horizon.from)
    const season = seasonAt(rates.season, month)
    const entry = timeline.entry[m]
    const { rights } = profiles[entry]
    const profile = rights && month - timeline.since[entry] < rights.months ? rights.profile : profiles[entry]
    const weights = weightsOf(profile)
    const known = entry === 0 ? 1 : awarenessAt(inputs, month - timeline.since[entry])
    let s = 0
    while (s < samples.length - 2 && samples[s + 1] <= m) s++
    const t =
      samples.length === 1 ? 0 : Math.min(1, Math.max(0, (m - samples[s]) / (samples[s + 1] - samples[s])))
    const near = t < 0.5 || samples.length === 1 ? [s, s + 1] : [s + 1, s]
    /** The nearer of the two samples in which somebody passes. */
    const sampleOf = (way: number, cell: number): number =>
      profile.members[((near[0] * WAYS + way) * cells + cell) * join.length] > 0 ? near[0] : near[1]
    const weightAt = (way: number, cell: number): number => {
      const at = (s * WAYS + way) * cells + cell
      return weights[at] * (1 - t) + (t > 0 ? weights[at + WAYS * cells] * t : 0)
    }

    for (let a = 0; a < areas; a++) {
      const present = untouched.present[m * areas + a]
      staying[a] = present > 0 ? 1 - untouched.exits[m * areas + a] / present : 1
      registeredHere[a] *= staying[a]
      for (let e = 0; e < ENTRY_YEARS; e++) registeredChildren[a * ENTRY_YEARS + e] *= staying[a]
    }
    lines.month(m, month, lawAt(timeline, m), arising(timeline, m), {
      staying,
      admit: (channel, way, cell, { persons, cases }, of) =>
        write(way, cell, of, [{ channel: channels.indexOf(channel), persons, cases }]),
      release(way, cell, joined) {
        gone[way * cells + cell] -= joined.gone
        readyGone[way * cells + cell] -= joined.ready
      },
      held: (channel, round) => flows.rounds.push({ month: m, channel: channels.indexOf(channel), ...round }),
    })

    for (let a = 0; a < areas; a++) {
      const present = untouched.present[m * areas + a]
      for (const o of APPLICANTS) {
        const cell = a * ORIGINS.length + o
        for (let place = 0; place < 2; place++) {
          const stay = place === 0 ? staying[a] : 1
          for (let c = 0; c < BASE_CHANNELS.length; c++) {
            const way = wayIndex({ base: c, place })
            const hazard = season * rates.base[((year * BASE_CHANNELS.length + c) * 2 + place) * cells + cell]
            apply(way, cell, stay, hazard, 0)
          }
          const steady = season * rates.steady[place * cells + cell]
          const ready = rates.ready[place * cells + cell]
          apply(wayIndex({ opened: true, place }), cell, stay, steady * known, ready, known)
          apply(wayIndex({ settled: true, place }), cell, stay, steady, ready, 1)
        }
        registerByRule(wayIndex({ automatic: true, place: 0 }), cell, staying[a])
      }
      for (let o = 0; o < ORIGINS.length; o++) {
        const cell = a * ORIGINS.length + o
        const persons = Math.min(inputs.ordinaryMaxima[cell], rates.ordinary[year * cells + cell] * season)
        const at = ((m * areas + a) * channels.length + ordinaryChannel) * ORIGINS.length + o
        flows.persons[at] += persons
        flows.cases[at] += persons
        if (o === ORIGIN.cityOtherArea) continue
        flows.presence[(m * areas + a) * 3 + PRESENCE.paperOnly] += persons * ordinaryOnPaper
        flows.presence[(m * areas + a) * 3 + PRESENCE.movesIn] += persons * (1 - ordinaryOnPaper)
      }

      const factor = arrivalFactor(inputs, m)
      const arrivals = untouched.arrivals[m * areas + a]
      induced[a] = induced[a] * staying[a] + arrivals * (factor - 1)
      const share = present > 0 ? 1 + induced[a] / present : 1
      const left = present > 0 ? share - registeredHere[a] / present : 0
      flows.arrivals[m * areas + a] = arrivals * factor
      flows.exits[m * areas + a] = untouched.exits[m * areas + a] * left
      flows.present[m * areas + a] = present * left
      for (let e = 0; e < ENTRY_YEARS; e++) {
        const at = (m * areas + a) * ENTRY_YEARS + e
        flows.migrantChildren[at] = Math.max(
          0,
          untouched.migrantChildren[at] * share - registeredChildren[a * ENTRY_YEARS + e],
        )
      }
      for (let k = 0; k < 2; k++) {
        flows.renters[(m * areas + a) * 2 + k] = untouched.renters[(m * areas + a) * 2 + k] * left
        flows.presentAdults[(m * areas + a) * 2 + k] = untouched.presentAdults[(m * areas + a) * 2 + k] * left
      }
      flows.presentMinors[m * areas + a] = untouched.presentMinors[m * areas + a] * left
    }

    /** One way in of one cell: `hazard` acts on all who pass, `ready` is the share that applies with λ once it knows. */
    function apply(way: number, cell: number, stay: number, hazard: number, ready: number, aware = 1): void {
      const at = way * cells + cell
      const weight = weightAt(way, cell)
      gone[at] *= stay
      readyGone[at] *= stay
      if (weight <= 0) return
      const nearest = sampleOf(way, cell)
      const heads = profile.heads[(nearest * WAYS + way) * cells + cell]
      const head = profile.members[((nearest * WAYS + way) * cells + cell) * join.length]
      // `gone` is in units of weight: who registers takes their own weight away, the mean one here.
      let persons = Math.max(0, weight - gone[at]) * (1 - exp(-hazard))
      const taken = heads > 0 ? (persons * head) / heads : 0
      let fromReady = 0
      gone[at] += taken
      if (ready > 0) {
        const eligible = head > 0 ? profile.readyShare[(nearest * WAYS + way) * cells + cell] / head : 0
        const potential = ready * weight * eligible
        const stock = Math.max(0, potential - readyGone[at])
        if (stock > 0) {
          const registered =
            stock * (1 - exp(-season * aware * rates.lambda * pow(stock / potential, variance)))
          readyGone[at] += registered
          persons += registered
          fromReady = registered
        }
      }
      if (persons > 0) applied(way, cell, persons, taken, fromReady, { profile, nearest })
    }

    /**
     * Without application: all who pass in the first month of these rules, then those who come to pass; again, if the
     * last time was before these rules.
     */
    function registerByRule(way: number, cell: number, stay: number): void {
      const at = way * cells + cell
      gone[at] *= stay
      const { entering } = profile
      if (!entering) return
      const here = { profile, nearest: sampleOf(way, cell) }
      const begin = Math.max(0, timeline.since[entry] - horizon.from)
      if (m === begin) put(Math.max(0, weightAt(way, cell) - gone[at]), here)
      else {
        put(personsAt(entering.first, m, way, cell, join), { profile: entering.first, nearest: m })
        let again = 0
        for (let last = 0; last < begin; last++) again += entering.again[(m * months + last) * cells + cell]
        put(again * perCaseOf(way, cell, here), here)
      }

      function put(persons: number, of: Sample): void {
        // Not a number: a cell of nobody.
        if (!(persons > 0)) return
        gone[at] += persons
        write(way, cell, of, spread(way, cell, persons, of))
      }
    }

    /** Those who apply: written as registrations, or into the lines of the channels that have rounds. */
    function applied(
      way: number,
      cell: number,
      persons: number,
      taken: number,
      fromReady: number,
      of: Sample,
    ): void {
      const direct: Registered[] = []
      for (const each of spread(way, cell, persons, of)) {
        const id = channels[each.channel]
        if (!lines.has(id)) direct.push(each)
        else {
          const part = each.persons / persons
          const joined = {
            persons: each.persons,
            cases: each.cases,
            gone: taken * part,
            ready: fromReady * part,
          }
          lines.join(id, m, way, cell, joined, of)
        }
      }
      if (direct.length > 0) write(way, cell, of, direct)
    }

    /** Persons over the channels that they choose among. */
    function spread(way: number, cell: number, persons: number, of: Sample): Registered[] {
      const { channels: cases, persons: parts, households } = compositionOf(way, cell, of)
      const whole = parts.reduce((sum, part) => sum + part, 0)
      const all = persons / perCaseOf(way, cell, of)
      return indicesOf(of.profile).flatMap((channel, c) =>
        cases[c] === 0
          ? []
          : { channel, persons: (persons * parts[c]) / whole, cases: (all * cases[c]) / households },
      )
    }

    function compositionOf(way: number, cell: number, { profile, nearest }: Sample): Composition {
      return profile.compositions[(nearest * WAYS + way) * areas + Math.floor(cell / ORIGINS.length)]
    }

    function perCaseOf(way: number, cell: number, { profile, nearest }: Sample): number {
      const at = ((nearest * WAYS + way) * cells + cell) * join.length
      let perCase = 0
      for (let r = 0; r < join.length; r++)
        perCase += (profile.members[at + r] / profile.members[at]) * join[r]
      return perCase
    }

    /** Write registrations. */
    function write(way: number, cell: number, of: Sample, registered: readonly Registered[]): void {
      const composition = compositionOf(way, cell, of)
      const a = Math.floor(cell / ORIGINS.length)
      const place = way % 2
      const o = cell % ORIGINS.length
      let persons = 0
      let cases = 0
      let onPaper = 0
      for (const each of registered) {
        const row = ((m * areas + a) * channels.length + each.channel) * ORIGINS.length + o
        flows.persons[row] += each.persons
        flows.cases[row] += each.cases
        flows.onlyNew[row] += (each.persons * composition.onlyNew) / composition.households
        persons += each.persons
        cases += each.cases
        onPaper += each.persons * paper[each.channel]
      }
      onPaper /= persons
      const share = cases / composition.households
      const presences: [presence: number, part: number][] =
        place === 0
          ? [[PRESENCE.alreadyHere, 1]]
          : [
              [PRESENCE.movesIn, 1 - onPaper],
              [PRESENCE.paperOnly, onPaper],
            ]
      const minors = share * join[2] * composition.minors
      const employees = place === 0 ? share * composition.employees : 0
      for (const [presence, part] of presences) {
        const row = (m * areas + a) * 3 + presence
        flows.presence[row] += persons * part
        flows.households[row * 2] += share * composition.owners * part
        flows.households[row * 2 + 1] += share * (composition.households - composition.owners) * part
        flows.minors[row] += minors * part
        flows.adults[row * 2] += employees * part
        flows.adults[row * 2 + 1] += (persons - minors - employees) * part
        const kind = presence === PRESENCE.alreadyHere ? 0 : presence + 1
        const children = ((m * areas + a) * 4 + kind) * ENTRY_YEARS
        for (let e = 0; e < ENTRY_YEARS; e++)
          flows.children[children + e] += share * join[2] * composition.children[e] * part
      }
      if (place !== 0) return
      registeredHere[a] += persons
      const leftBehind = ((m * areas + a) * 4 + 1) * ENTRY_YEARS
      for (let e = 0; e < ENTRY_YEARS; e++) {
        flows.children[leftBehind + e] += share * composition.leftBehind[e]
        registeredChildren[a * ENTRY_YEARS + e] += share * join[2] * composition.children[e]
      }
    }
  }
  return flows
}

/** A value made once for each profile. */
function made<T>(make: (profile: Profile) => T): (profile: Profile) => T {
  const ready = new Map<Profile, T>()
  return profile => {
    const known = ready.get(profile)
    if (known) return known
    const value = make(profile)
    ready.set(profile, value)
    return value
  }
}

const curves = new WeakMap<CalibratedRow, Float64Array>()

/** Share that knows of an opening `tau` months after it took force; the curve is made once a row. */
function awarenessAt({ row, timeline }: MeanFieldInputs, tau: number): number {
  let curve = curves.get(row)
  if (!curve)
    curves.set(row, (curve = awareness(row.awareP, row.awareQ, row.awareInit, monthsOf(timeline.horizon))))
  return curve[tau]
}
