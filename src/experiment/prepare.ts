/**
 * What all replicates of a plan share, made once: the population, who is willing, the profiles of every law, a run
 * in which nobody registers, and how much more open each law is than what was there before. Plain data: threads are
 * given it without a copy of the columns.
 */
import { DECISIONS, subKey, uniform } from '../evidence/luck.js'
import { monthOfYear, monthsOf } from '../evidence/month.js'
import type { Values } from '../evidence/parameter.js'
import { column } from '../population/column.js'
import { ORIGINS, type Population } from '../population/population.js'
import { synthesize } from '../population/synthesize.js'
import { Applicant } from '../simulation/applicant.js'
import type { Flows } from '../simulation/flows.js'
import { keepInsuredMonths } from '../simulation/insured.js'
import { BASE_CHANNELS, type Profile } from '../simulation/profile.js'
import { profiling, type Profiled } from '../simulation/profiling.js'
import { joining } from '../simulation/registration.js'
import { seasonOf, type Rates } from '../simulation/rates.js'
import { simulate } from '../simulation/simulate.js'
import { readsWindow, resolveTimeline, type LawSeries } from '../simulation/timeline.js'
import { willingness } from '../simulation/willingness.js'
import { newWorld, reset, STATUS } from '../simulation/world.js'
import type { Plan, PlannedScenario } from './plan.js'

export interface Prepared {
  population: Population
  willing: Float64Array
  settledBefore: Uint8Array
  /** By `pairKey`. */
  profiles: Record<string, Profile>
  untouched: Flows
  /** By fingerprint of a law series: share of households that pass some channel, less that under the rules before the reform. */
  openness: Record<string, number>
  /** Migrants living here at the horizon's start, persons: [area × 4 + origin]. */
  stock: Float64Array
}

/** A law and what was in force at the start: what is an opening depends on both. With `before`: while its rights last. */
export const pairKey = (
  series: Profiled['series'],
  initial: Profiled['initial'],
  before?: Profiled['before'],
): string => [series, initial, ...(before ? [before] : [])].map(({ fingerprint }) => fingerprint).join('|')

/** At most so many households are looked at for a profile. */
const PROFILE_SAMPLE = 120_000

export const channelPreferences = (values: Values): Map<string, number> =>
  new Map(
    [...values]
      .filter(([id]) => id.startsWith('apply.preference.'))
      .map(([id, value]) => [id.slice('apply.preference.'.length), value]),
  )

export const supportOf = (plan: Plan) => {
  const supports = new Map(plan.pack.parameters.map(({ id, support }) => [id, support]))
  return (id: string): [number, number] => {
    const support = supports.get(id)
    if (!support) throw new Error(`no parameter ${id}`)
    return support
  }
}

export function prepare(plan: Plan): Prepared {
  const { pack, horizon, reference } = plan
  const values = heldValues(plan)
  const population = synthesize(pack, values, horizon, subKey(plan.key, 0x706f70), plan.source.scale)
  const { households, persons } = population
  const willing = willingness(population, values, horizon.from)
  const world = newWorld(population)
  const key = subKey(plan.key, 0x70726f66)
  const applicant = new Applicant(world, key)
  const laws = profiled(plan)

  reset(world)
  if (laws.some(({ series }) => readsWindow(series))) keepInsuredMonths(world, horizon.from)
  const settledBefore = column(Uint8Array, world.applicants)
  const stock = new Float64Array(population.areas.length * ORIGINS.length)
  const openness: Record<string, number> = {}
  const every = [...new Map(laws.map(({ series }) => [series.fingerprint, series])).values()]
  const opened = every.map(() => 0)
  let looked = 0
  for (let h = 0; h < world.applicants; h++) {
    if (world.status[h] !== STATUS.here) continue
    for (let p = households.first[h]; p < households.first[h + 1]; p++)
      if (!persons.away[p])
        stock[households.area[h] * ORIGINS.length + households.origin[h]] += 1 / population.scale
    applicant.at(h, horizon.from)
    const before = reference.before.laws[0]
    for (const channel of before.channels)
      if (
        !(BASE_CHANNELS as readonly string[]).includes(channel.id) &&
        channel.open(applicant.facts(before)) === 1
      )
        settledBefore[h] = 1
    looked++
    every.forEach(({ laws }, i) => {
      const last = laws[laws.length - 1]
      if (last.channels.some(channel => channel.open(applicant.facts(last)) === 1)) opened[i]++
    })
  }
  const before = opened[every.findIndex(({ fingerprint }) => fingerprint === reference.before.fingerprint)]
  every.forEach(({ fingerprint }, i) => (openness[fingerprint] = (opened[i] - before) / looked))

  const months = monthsOf(horizon)
  const samples = Array.from({ length: months }, (_, m) => m).filter(
    m => m === 0 || m === months - 1 || monthOfYear(horizon.from + m) % 6 === 0,
  )
  const share = Math.min(1, PROFILE_SAMPLE / world.applicants)
  const sampled = new Uint8Array(world.applicants)
  for (let h = 0; h < world.applicants; h++)
    sampled[h] = share === 1 || uniform(key, households.key[h], DECISIONS.keep, 0) < share ? 1 : 0
  const inputs = {
    population,
    horizon,
    willing,
    settledBefore,
    sampled,
    weight: 1 / (share * population.scale),
    join: joining(values),
    preference: channelPreferences(values),
  }
  const todo = new Map(
    laws.map(of => [
      pairKey(of.series, of.initial, of.before),
      profiling(of, samples, world, applicant, inputs),
    ]),
  )
  const untouched = simulate({
    world,
    timeline: resolveTimeline(plan.scenarios[0].timeline.slice(0, 1), horizon, horizon.from),
    values: new Map([...values, ['mig.eta', 0], ['mig.theta', 0]]),
    support: supportOf(plan),
    key,
    row: plan.rows[0],
    rates: NOBODY(values, plan),
    willing,
    settledBefore,
    preference: inputs.preference,
    openness: [0],
    channels: plan.channels,
    applications: false,
    observe(m) {
      for (const { month } of todo.values()) month(m)
    },
  })
  return {
    population,
    willing,
    settledBefore,
    profiles: Object.fromEntries([...todo].map(([pair, { profile }]) => [pair, profile])),
    untouched,
    openness,
    stock,
  }
}

/** Each law of the plan with the law that stood at the start of its scenario, again while rights of the one before last; the reference pair too. */
function profiled({ reference: { before, after }, scenarios }: Plan): Profiled[] {
  return [
    { series: before, initial: before },
    { series: after, initial: before },
    ...scenarios.flatMap(({ timeline }) =>
      timeline.flatMap(({ series }, e): Profiled[] => {
        const initial = timeline[0].series
        const rights = e > 0 && monthsOfRights(series) > 0
        return [{ series, initial }, ...(rights ? [{ series, initial, before: timeline[e - 1].series }] : [])]
      }),
    ),
  ]
}

/** Months for which those who qualified under the rules before may go on; 0 for none. */
const monthsOfRights = ({ laws }: LawSeries): number =>
  Math.max(
    0,
    ...laws
      .flatMap(({ legacy }) => legacy.filter(({ who }) => who === 'qualified'))
      .map(({ months }) => months),
  )

/** The values of what the profile holds: the same in every scenario (openPlan sees to it). */
export const heldValues = (plan: Plan): Values => plan.scenarios[0].layered.values

export const profilesOf = (prepared: Prepared, { timeline }: PlannedScenario): Profile[] =>
  timeline.map(({ series }, e) => {
    const profile = prepared.profiles[pairKey(series, timeline[0].series)]
    const months = monthsOfRights(series)
    if (e === 0 || months === 0) return profile
    const before = timeline[e - 1].series
    const inForce = prepared.profiles[pairKey(series, timeline[0].series, before)]
    return { ...profile, rights: { profile: inForce, months } }
  })

/** Rates under which nobody registers. */
const NOBODY = (values: Values, { horizon }: Plan): Rates => ({
  horizon,
  base: new Float64Array(0),
  steady: new Float64Array(0),
  ready: new Float64Array(0),
  lambda: 0,
  ordinary: new Float64Array(0),
  season: seasonOf(values),
  capped: 0,
})
