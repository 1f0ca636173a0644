/**
 * The profile of a population under a law: how many households pass which way in, and whom they would bring, month
 * by month, if nobody registered. It is expectation, not simulation of applications: willingness counts by its
 * probability, members by their chance to come along. Rates are set by it and the mean-field recurrence runs on it.
 *
 * Sums are kept by kind of member, so that the chances of coming along can be drawn without another sweep.
 */
import { valueOf, type Values } from '../evidence/parameter.js'
import { OWN_TENURE } from '../policy/facts.js'
import { ORIGINS, PLACE, RELATION, RELATIONS, type Population } from '../population/population.js'
import type { Applicant } from './applicant.js'
import { channelPreference } from './choice.js'
import { ENTRY_YEARS, entryYear, FIRST_ENTRY_YEAR } from './flows.js'
import { oldChannel } from './legacy.js'
import { joinChance, widestScope, type Joining } from './registration.js'
import { Gate, type LawSeries } from './timeline.js'
import { livesHere, STATUS, tenureIn, type World } from './world.js'
import type { Horizon } from '../evidence/month.js'

/** Channels whose flow before the reform is fitted (shares of the base flow); all others draw on the willing. */
export const BASE_CHANNELS = ['kin', 'purchase', 'points'] as const

export const PLACES_OF_APPLICANTS = ['here', 'elsewhere'] as const

/**
 * Ways in: a base channel known to all; an opening; another channel known to all (`settled`); a channel that asks for
 * no application (`automatic`: whoever passes it now or passed it in a month before). Each here and elsewhere.
 */
export type Way =
  | { base: number; place: number }
  | { opened: true; place: number }
  | { settled: true; place: number }
  | { automatic: true; place: number }

export const WAYS = (BASE_CHANNELS.length + 3) * 2
export const wayIndex = (way: Way): number => {
  const after =
    'base' in way ? way.base - BASE_CHANNELS.length : 'opened' in way ? 0 : 'settled' in way ? 1 : 2
  return (BASE_CHANNELS.length + after) * 2 + way.place
}

/** Minors and adults, owners, employee scheme: what services need to know of those a way would bring. */
export interface Composition {
  /** Weighted households; of them owners. */
  households: number
  owners: number
  /** Heads in the employee scheme here. */
  employees: number
  onlyNew: number
  /** Weighted minors (under 16) that the scope admits. */
  minors: number
  /** Weighted children that the scope admits, by entry year; and those left behind. */
  children: Float64Array
  leftBehind: Float64Array
  /** Choice among the channels, [index into the profile's channels]. */
  channels: Float64Array
}

export interface Profile {
  policy: string
  /** Ids of the channels of all its laws, and of those that rights keep open. */
  channels: string[]
  /** Months of the horizon (from 0) that were looked at, ascending. */
  samples: number[]
  /** [sample][way][area × 4 + origin][RELATIONS]: weighted members that the scope admits; heads count 1. */
  members: Float64Array
  /** The same for the ready, who exclude those that passed another channel before the horizon: [sample][way][area × 4 + origin]. */
  readyShare: Float64Array
  /** Households that pass, each counted 1: [sample][way][area × 4 + origin]; members ÷ this is their mean weight. */
  heads: Float64Array
  /** [sample][way][area] */
  compositions: Composition[]
  areas: number
  /** What holds in its place for so many months after the law took force, while rights of the one before last. */
  rights?: { profile: Profile; months: number }
}

const emptyComposition = (channels: number): Composition => ({
  households: 0,
  owners: 0,
  employees: 0,
  onlyNew: 0,
  minors: 0,
  children: new Float64Array(ENTRY_YEARS),
  leftBehind: new Float64Array(ENTRY_YEARS),
  channels: new Float64Array(channels),
})

/** @param before the rules whose channels are still open by right, if a profile with such rights is meant */
export function emptyProfile(
  series: LawSeries,
  samples: number[],
  areas: number,
  before?: LawSeries,
): Profile {
  const ids = (of: LawSeries) => of.laws.flatMap(({ channels }) => channels.map(({ id }) => id))
  const channels = [...new Set([...ids(series), ...(before ? ids(before) : [])])]
  const cells = samples.length * WAYS * areas * ORIGINS.length
  return {
    policy: series.policy,
    channels,
    samples,
    areas,
    members: new Float64Array(cells * RELATIONS.length),
    readyShare: new Float64Array(cells),
    heads: new Float64Array(cells),
    compositions: Array.from({ length: samples.length * WAYS * areas }, () =>
      emptyComposition(channels.length),
    ),
  }
}

/** Which bits of some channels are base channels. */
export const baseBits = (ids: readonly string[]): number =>
  ids.reduce((bits, id, c) => ((BASE_CHANNELS as readonly string[]).includes(id) ? bits | (1 << c) : bits), 0)

export interface ProfileInputs {
  population: Population
  horizon: Horizon
  willing: Float64Array
  /** By household: 1 where another than a base channel was open to it before the horizon. */
  settledBefore: Uint8Array
  /** By household: 1 where it is looked at; `weight` stands for those left out and for the population's scale. */
  sampled: Uint8Array
  weight: number
  join: Joining
  preference: Map<string, number>
}

/** What a profile is of: a rule set, the one of the horizon's start, and perhaps the one whose rights go on. */
export interface Profiled {
  series: LawSeries
  initial: LawSeries
  before?: LawSeries
}

/** A right counts for whoever passes the old channel in the month of the sample: its month of change differs by replicate. */
function gateOf({ series, initial, before }: Profiled, m: number): Gate {
  const law = series.laws[m]
  const old = before?.laws[m]
  const rights = old
    ? law.legacy
        .filter(({ who, channel }) => who === 'qualified' && old.channels.some(({ id }) => id === channel))
        .map(right => {
          const channel = old.channels.find(({ id }) => id === right.channel)!
          return oldChannel(old, right, applicant => channel.open(applicant.facts(old)) === 1)
        })
    : []
  return new Gate(law, initial.laws[m], rights)
}

/** Does some law of the rule set register without application? Then `notePassing` is to see every month. */
export const hasAutomatic = ({ laws }: LawSeries): boolean =>
  laws.some(({ channels }) => channels.some(({ selection }) => selection === 'none'))

/** Mark who passes a channel without application in month m: such a household is registered, whatever it passes later. */
export function notePassing(
  passedBefore: Uint8Array,
  of: Profiled,
  m: number,
  applicant: Applicant,
  world: World,
  { sampled, horizon }: ProfileInputs,
): void {
  const gate = gateOf(of, m)
  for (let h = 0; h < world.applicants; h++)
    if (sampled[h] && !passedBefore[h] && livesHere(world, h))
      if (gate.passes(applicant.at(h, horizon.from + m)) & gate.automatic) passedBefore[h] = 1
}

/**
 * Add sample `s` of a profile: look at every applicant of the world in its present state.
 * @param passedBefore as of `notePassing`, where some channel asks for no application
 */
export function addSample(
  profile: Profile,
  s: number,
  of: Profiled,
  world: World,
  applicant: Applicant,
  inputs: ProfileInputs,
  passedBefore?: Uint8Array,
): void {
  const { population, willing, settledBefore, sampled, join, preference } = inputs
  const { households, persons } = population
  const m = profile.samples[s]
  const month = inputs.horizon.from + m
  const gate = gateOf(of, m)
  const ids = gate.channels.map(({ id }) => id)
  const inProfile = ids.map(id => profile.channels.indexOf(id))
  const bases = baseBits(ids)
  const baseOf = ids.map(id => (BASE_CHANNELS as readonly string[]).indexOf(id))
  const weights = channelPreference(ids, preference)
  for (let h = 0; h < world.applicants; h++) {
    const status = world.status[h]
    if ((status !== STATUS.here && status !== STATUS.elsewhere) || !sampled[h]) continue
    const all = gate.passes(applicant.at(h, month))
    const byRule = passedBefore?.[h] === 1
    const passed = byRule ? all : all & ~gate.automatic
    if (passed === 0 && !byRule) continue
    const known = gate.known(applicant, passed)
    const place = households.place[h] === PLACE.elsewhere ? 1 : 0
    const scope = widestScope(gate.channels, passed)
    const cell = households.area[h] * ORIGINS.length + households.origin[h]
    const note = (way: number, chance: number, bits: number) => {
      const weight = chance * inputs.weight
      const counted = (s * WAYS + way) * profile.areas * ORIGINS.length + cell
      const at = ((s * WAYS + way) * profile.areas * ORIGINS.length + cell) * RELATIONS.length
      const composition = profile.compositions[(s * WAYS + way) * profile.areas + households.area[h]]
      const head = households.first[h]
      profile.members[at] += weight
      profile.heads[counted] += inputs.weight
      if (!settledBefore[h]) profile.readyShare[counted] += weight
      composition.households += weight
      if (tenureIn(world, h, month) === OWN_TENURE) composition.owners += weight
      if (world.insuredSince[h] <= month && place === 0) composition.employees += weight
      if (known === 0) composition.onlyNew += weight
      let total = 0
      for (let c = 0; c < ids.length; c++) if (bits & (1 << c)) total += weights[c]
      for (let c = 0; c < ids.length; c++)
        if (bits & (1 << c)) composition.channels[inProfile[c]] += (weight * weights[c]) / total
      for (let p = head + 1; p < households.first[h + 1]; p++) {
        const relation = persons.relation[p]
        const entry = entryYear(persons.birth[p]) - FIRST_ENTRY_YEAR
        const child = relation === RELATION.child && entry >= 0 && entry < ENTRY_YEARS
        if (persons.away[p]) {
          if (child) composition.leftBehind[entry] += weight
          continue
        }
        // The chance is recorded as a multiple of the relation's own chance, so that this can be drawn later.
        const own =
          relation === RELATION.spouse
            ? join.spouse
            : relation === RELATION.child
              ? join.child
              : relation === RELATION.parent
                ? join.parent
                : join.other
        const admitted = own > 0 ? (weight * joinChance(population, h, p, scope, month, join)) / own : 0
        profile.members[at + relation] += admitted
        if (child) composition.children[entry] += admitted
        if (child && month - persons.birth[p] < 16 * 12) composition.minors += admitted
      }
    }
    if (byRule) {
      note(wayIndex({ automatic: true, place }), 1, passed & gate.automatic || gate.automatic)
      continue
    }
    for (let c = 0; c < ids.length; c++)
      if (baseOf[c] >= 0 && known & (1 << c)) note(wayIndex({ base: baseOf[c], place }), 1, 1 << c)
    const opened = passed & ~known
    const settled = known & ~bases
    if (opened) note(wayIndex({ opened: true, place }), willing[h], opened | settled)
    else if (settled) note(wayIndex({ settled: true, place }), willing[h], settled)
  }
}

/** Chances of coming along by relation, the head first (RELATIONS). */
export const joinVector = (values: Values): number[] => [
  1,
  ...['coreg.spouse', 'coreg.child', 'coreg.parent', 'coreg.otherKin'].map(id => valueOf(values, id)),
]

/** Persons that those who pass would bring (weighted by willingness where the way is not a base channel), averaged over the samples. */
export function personsPerWeight(
  profile: Profile,
  way: Way,
  area: number,
  origin: number,
  values: Values,
): number {
  let sum = 0
  for (let s = 0; s < profile.samples.length; s++)
    sum += personsAt(profile, s, wayIndex(way), area * ORIGINS.length + origin, joinVector(values))
  return sum / profile.samples.length
}

export function personsAt(
  profile: Profile,
  sample: number,
  way: number,
  cell: number,
  join: number[],
): number {
  const at = ((sample * WAYS + way) * profile.areas * ORIGINS.length + cell) * RELATIONS.length
  let sum = 0
  for (let r = 0; r < RELATIONS.length; r++) sum += profile.members[at + r] * join[r]
  return sum
}

/**
 * Parameters that shape the profile itself, or what calibration took as given: they stay at their value in every
 * draw (an override moves them for all). The report lists them as held.
 */
const HELD =
  /^(will\.|trans\.|mig\.exit\.|pop\.|pool\.|apply\.(season|preference)\.|coreg\.(landFactor|keepOneRural)$)/
export const isHeld = (id: string): boolean => HELD.test(id)
