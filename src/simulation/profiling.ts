/**
 * A profile in the making: looks at households month by month of a run in which nobody registers, and notes who passes
 * which way in, with whom they would bring.
 */
import { monthsOf, type Horizon } from '../evidence/month.js'
import { OWN_TENURE } from '../policy/facts.js'
import { ORIGINS, PLACE, RELATION, RELATIONS, type Population } from '../population/population.js'
import type { Applicant } from './applicant.js'
import { channelPreference } from './choice.js'
import { ENTRY_YEARS, entryYear, FIRST_ENTRY_YEAR } from './flows.js'
import { oldChannel } from './legacy.js'
import { BASE_CHANNELS, wayIndex, WAYS, type Composition, type Entering, type Profile } from './profile.js'
import { joinChance, widestScope, type Joining } from './registration.js'
import { Gate, type LawSeries } from './timeline.js'
import { livesHere, STATUS, tenureIn, type World } from './world.js'

const emptyComposition = (channels: number): Composition => ({
  households: 0,
  owners: 0,
  employees: 0,
  onlyNew: 0,
  minors: 0,
  children: new Float64Array(ENTRY_YEARS),
  leftBehind: new Float64Array(ENTRY_YEARS),
  channels: new Float64Array(channels),
  persons: new Float64Array(channels),
})

function emptyProfile({ series, before }: Profiled, samples: number[], areas: number): Profile {
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
const baseBits = (ids: readonly string[]): number =>
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

/** Does some law of the rule set register those who do not apply? */
const hasAutomatic = ({ laws }: LawSeries): boolean =>
  laws.some(({ channels }) => channels.some(({ selection }) => selection === 'none'))

/**
 * A profile in the making. `month` takes its samples, called at the end of each month, in order, of a run in which
 * nobody registers.
 */
export function profiling(
  of: Profiled,
  samples: number[],
  world: World,
  applicant: Applicant,
  inputs: ProfileInputs,
): { profile: Profile; month(m: number): void } {
  const { horizon, willing, sampled, population } = inputs
  const { households } = population
  const areas = population.areas.length
  const profile = emptyProfile(of, samples, areas)
  const months = monthsOf(horizon)
  const cells = areas * ORIGINS.length
  if (hasAutomatic(of.series)) {
    const monthly = Array.from({ length: months }, (_, m) => m)
    const again = new Float64Array(months * months * cells)
    profile.entering = { first: emptyProfile(of, monthly, areas), again }
  }
  /** By household: the last month in which it passed a channel without application; none: −1. */
  const last = new Int16Array(profile.entering ? world.applicants : 0).fill(-1)

  function enter({ first, again }: Entering, gate: Gate, m: number): void {
    const note = noting(first, m, gate, world, inputs)
    for (let h = 0; h < world.applicants; h++) {
      if (!sampled[h] || !livesHere(world, h)) continue
      const passed = gate.passes(applicant.at(h, horizon.from + m))
      const byRule = passed & gate.automatic
      if (!byRule) continue
      const known = gate.known(applicant, passed)
      if (last[h] < 0) note(h, wayIndex({ automatic: true, place: 0 }), 1, byRule, byRule | known, known)
      else if (last[h] < m - 1)
        again[(m * months + last[h]) * cells + households.area[h] * ORIGINS.length + households.origin[h]] +=
          inputs.weight
      last[h] = m
    }
  }

  /** Every applicant of the world in its present state. */
  function sample(gate: Gate, s: number): void {
    const note = noting(profile, s, gate, world, inputs)
    const ids = gate.channels.map(({ id }) => id)
    const bases = baseBits(ids)
    const baseOf = ids.map(id => (BASE_CHANNELS as readonly string[]).indexOf(id))
    for (let h = 0; h < world.applicants; h++) {
      const status = world.status[h]
      if ((status !== STATUS.here && status !== STATUS.elsewhere) || !sampled[h]) continue
      const all = gate.passes(applicant.at(h, horizon.from + samples[s]))
      // Who passed such a channel is registered by now, whatever it passes.
      if (last[h] >= 0) {
        const byRule = all & gate.automatic
        const known = gate.known(applicant, all)
        if (byRule) note(h, wayIndex({ automatic: true, place: 0 }), 1, byRule, byRule | known, known)
        continue
      }
      const passed = all & ~gate.automatic
      if (passed === 0) continue
      const known = gate.known(applicant, passed)
      const place = households.place[h] === PLACE.elsewhere ? 1 : 0
      for (let c = 0; c < ids.length; c++)
        if (baseOf[c] >= 0 && known & (1 << c))
          note(h, wayIndex({ base: baseOf[c], place }), 1, 1 << c, passed, known)
      const opened = passed & ~known
      const settled = known & ~bases
      if (opened) note(h, wayIndex({ opened: true, place }), willing[h], opened | settled, passed, known)
      else if (settled) note(h, wayIndex({ settled: true, place }), willing[h], settled, passed, known)
    }
  }

  return {
    profile,
    month(m) {
      const s = samples.indexOf(m)
      const { entering } = profile
      if (!entering && s < 0) return
      const gate = gateOf(of, m)
      if (entering) enter(entering, gate, m)
      if (s >= 0) sample(gate, s)
    },
  }
}

/**
 * What a household adds to sample `s` of a profile.
 * @returns of a household: its way in, with which chance, the channels (bits) it chooses among there, those whose
 *          scope counts, and those it passes that are no opening
 */
function noting(
  profile: Profile,
  s: number,
  gate: Gate,
  world: World,
  { population, horizon, settledBefore, join, preference, weight: scale }: ProfileInputs,
) {
  const { households, persons } = population
  const month = horizon.from + profile.samples[s]
  const ids = gate.channels.map(({ id }) => id)
  const inProfile = ids.map(id => profile.channels.indexOf(id))
  const weights = channelPreference(ids, preference)
  const own = [1, join.spouse, join.child, join.parent, join.other]
  return (h: number, way: number, chance: number, bits: number, scopes: number, known: number): void => {
    const weight = chance * scale
    const scope = widestScope(gate.channels, scopes)
    const cell = households.area[h] * ORIGINS.length + households.origin[h]
    const counted = (s * WAYS + way) * profile.areas * ORIGINS.length + cell
    const at = counted * RELATIONS.length
    const composition = profile.compositions[(s * WAYS + way) * profile.areas + households.area[h]]
    const head = households.first[h]
    profile.members[at] += weight
    profile.heads[counted] += scale
    if (!settledBefore[h]) profile.readyShare[counted] += weight
    composition.households += weight
    if (tenureIn(world, h, month) === OWN_TENURE) composition.owners += weight
    if (world.insuredSince[h] <= month && households.place[h] !== PLACE.elsewhere)
      composition.employees += weight
    if (known === 0) composition.onlyNew += weight
    let brought = weight
    for (let p = head + 1; p < households.first[h + 1]; p++) {
      const relation = persons.relation[p]
      const entry = entryYear(persons.birth[p]) - FIRST_ENTRY_YEAR
      const child = relation === RELATION.child && entry >= 0 && entry < ENTRY_YEARS
      if (persons.away[p]) {
        if (child) composition.leftBehind[entry] += weight
        continue
      }
      const comes = weight * joinChance(population, h, p, scope, month, join)
      brought += comes
      // The chance is recorded as a multiple of the relation's own chance, so that this can be drawn later.
      const admitted = own[relation] > 0 ? comes / own[relation] : 0
      profile.members[at + relation] += admitted
      if (child) composition.children[entry] += admitted
      if (child && month - persons.birth[p] < 16 * 12) composition.minors += admitted
    }
    let total = 0
    for (let c = 0; c < ids.length; c++) if (bits & (1 << c)) total += weights[c]
    for (let c = 0; c < ids.length; c++) {
      if (!(bits & (1 << c))) continue
      composition.channels[inProfile[c]] += (weight * weights[c]) / total
      composition.persons[inProfile[c]] += (brought * weights[c]) / total
    }
  }
}
