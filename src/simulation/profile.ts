/**
 * The profile of a population under a law: how many households pass which way in, and whom they would bring, month
 * by month, if nobody registered. It is expectation, not simulation of applications: willingness counts by its
 * probability, members by their chance to come along. Rates are set by it and the mean-field recurrence runs on it.
 *
 * Sums are kept by kind of member, so that the chances of coming along can be drawn without another sweep.
 */
import { valueOf, type Values } from '../evidence/parameter.js'
import { ORIGINS, RELATIONS } from '../population/population.js'

/** Channels whose flow before the reform is fitted (shares of the base flow); all others draw on the willing. */
export const BASE_CHANNELS = ['kin', 'purchase', 'points'] as const

export const PLACES_OF_APPLICANTS = ['here', 'elsewhere'] as const

/**
 * Ways in: a base channel known to all; an opening; another channel known to all (`settled`); a channel that asks for
 * no application (`automatic`: whoever lives here and passes it). Each here and elsewhere.
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
  /** Choice among the channels, weighted households and whom they would bring: [index into the profile's channels]. */
  channels: Float64Array
  persons: Float64Array
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
  /** Where some channel asks for no application: who comes to pass it. */
  entering?: Entering
  /** What holds in its place for so many months after the law took force, while rights of the one before last. */
  rights?: { profile: Profile; months: number }
}

/** Of channels without application, under a law in force since the horizon's start. */
export interface Entering {
  /** Those who pass for the first time: a sample each month. */
  first: Profile
  /** Households that pass again after some months, by the last month they passed: [month][last][area × 4 + origin]. */
  again: Float64Array
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
