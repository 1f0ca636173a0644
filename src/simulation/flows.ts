/**
 * What a run leaves behind for services and results: monthly aggregates, the same whether persons were
 * simulated (whole numbers) or the mean-field recurrence was run (expectations). Persons unless said.
 * All arrays are dense and row-major in the order written; a month counts from the horizon's first.
 */
import type { Horizon } from '../evidence/month.js'
import { monthsOf } from '../evidence/month.js'

/** Who creates demand (model §2.8). */
export const PRESENCES = ['already_here', 'moves_in', 'paper_only'] as const
export const PRESENCE = { alreadyHere: 0, movesIn: 1, paperOnly: 2 } as const

/** Where a registrant's child is: lives here with the family, left behind, moves in with it, on paper only. */
export const CHILD_KINDS = ['here', 'left_behind', 'moves_in', 'paper'] as const

/** Children are counted by the year in which they enter grade 1 (aged 6 by 31 August). */
export const FIRST_ENTRY_YEAR = 2000
export const ENTRY_YEARS = 40

/** Entry year of a child born in `month`: born by August enters at six in that year, later the year after. */
export const entryYear = (birth: number): number => Math.floor((birth + 4) / 12) + 6

/**
 * A round of a channel: cases, of the place and then of each area. How many took part, and what an application's
 * expiry cost the line, the recurrence knows only roughly (expectedLines.ts), and the lowest score not at all.
 */
export interface RoundFlow {
  /** From the horizon's first. */
  month: number
  /** Index into `channels`. */
  channel: number
  /** NaN without limit. */
  places: Float64Array
  /** In line when the round is held; of them, those who still pass and are within its condition. */
  inLine: Float64Array
  takingPart: Float64Array
  admitted: Float64Array
  /** Lowest score admitted: NaN where nobody was, where the order does not begin with the score, and in expectation. */
  lowestScore: Float64Array
  /** In line after it. */
  waiting: Float64Array
  /** Applications that expired since the round before. */
  expired: Float64Array
}

export interface Flows {
  horizon: Horizon
  areas: number
  channels: string[]
  /** Registrations: [month][area][channel][origin (ORIGINS)]. */
  persons: Float64Array
  /** Applications that they came from (one a household). */
  cases: Float64Array
  /** Of `persons`, those with no way in but a channel that was newly opened or loosened for them. */
  onlyNew: Float64Array
  /** Registrations from outside the city by presence, `ordinary` included: [month][area][presence]. */
  presence: Float64Array
  /** Registered children, `ordinary` left out: [month][area][child kind][entry year − FIRST_ENTRY_YEAR]. */
  children: Float64Array
  /** Registered households, `ordinary` left out: [month][area][presence][0 owner, 1 not owner]. */
  households: Float64Array
  /** Registered persons aged 16+, `ordinary` left out, by scheme before: [month][area][presence][0 employee scheme here, 1 other]. */
  adults: Float64Array
  /** Registered persons under 16, `ordinary` left out: [month][area][presence]. */
  minors: Float64Array
  /** Migrants living here, not registered, at the month's end: [month][area]. */
  present: Float64Array
  arrivals: Float64Array
  exits: Float64Array
  /** Children of those present and not registered, living here, at the month's end: [month][area][entry year − FIRST_ENTRY_YEAR]. */
  migrantChildren: Float64Array
  /** Households of those present, not owners: [month][area][0 others, 1 permit and 12 months of insurance in a row (head)]. */
  renters: Float64Array
  /** Adults present, not registered: [month][area][0 employee scheme here, 1 other]; and minors present. */
  presentAdults: Float64Array
  presentMinors: Float64Array
  /** In the order in which they were held; several of a channel in one month come after each other. */
  rounds: RoundFlow[]
}

/** The same arrays, all zero; no round held. */
export function cleared(flows: Flows): Flows {
  for (const array of Object.values(flows)) if (array instanceof Float64Array) array.fill(0)
  flows.rounds = []
  return flows
}

export function emptyFlows(horizon: Horizon, areas: number, channels: string[]): Flows {
  const cells = (...lengths: number[]) =>
    new Float64Array(lengths.reduce((a, b) => a * b, monthsOf(horizon) * areas))
  const registrations = () => cells(channels.length, 4)
  return {
    horizon,
    areas,
    channels,
    persons: registrations(),
    cases: registrations(),
    onlyNew: registrations(),
    presence: cells(3),
    children: cells(4, ENTRY_YEARS),
    households: cells(3, 2),
    adults: cells(3, 2),
    minors: cells(3),
    present: cells(),
    arrivals: cells(),
    exits: cells(),
    migrantChildren: cells(ENTRY_YEARS),
    renters: cells(2),
    presentAdults: cells(2),
    presentMinors: cells(),
    rounds: [],
  }
}
