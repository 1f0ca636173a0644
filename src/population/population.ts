/**
 * The synthetic population: struct of typed arrays, sorted by household key, no object for a person.
 * Made once at synthesis for the whole horizon: those here, future arrivals, those elsewhere (kin and buyers)
 * and ordinary movers. Policy changes who comes, stays and applies, never who somebody is.
 *
 * Codes are indices into the lists below; months are absolute (evidence/month.ts). The arrays may lie on
 * SharedArrayBuffers, so that worker threads read them without a copy.
 */
import type { Grade } from '../evidence/parameter.js'
import type { FitStatistics } from './fitStatistics.js'

export const ORIGINS = ['city_other_area', 'province', 'other_province', 'in_place'] as const
export const ORIGIN = { cityOtherArea: 0, province: 1, otherProvince: 2, inPlace: 3 } as const

/** Where a household stands at synthesis. */
export const PLACES = ['here', 'arrival', 'elsewhere', 'ordinary'] as const
/** `ordinary`: a single mover of the yearbook's base flow (marriage, study, posting), one person a household. */
export const PLACE = { here: 0, arrival: 1, elsewhere: 2, ordinary: 3 } as const

export const RELATIONS = ['head', 'spouse', 'child', 'parent', 'other'] as const
export const RELATION = { head: 0, spouse: 1, child: 2, parent: 3, other: 4 } as const

export const LANDS = ['none', 'plot', 'homestead', 'both'] as const

export interface HouseholdColumns {
  count: number
  /** Unique in the pool, ascending; given at synthesis. Equals the key of its head. */
  key: Uint32Array
  /** Index into pack.areas. */
  area: Uint8Array
  /** ORIGINS */
  origin: Uint8Array
  /** PLACES */
  place: Uint8Array
  /** here: month of arrival (before the horizon). arrival, ordinary: the one month of the horizon that is theirs. elsewhere: NEVER. */
  month: Int16Array
  /** Keyed uniform on (0, 1), compared with rate/maximum for arrivals and ordinary movers. */
  u: Float64Array
  /** Persons of household h are rows first[h] … first[h + 1] − 1; the head is the first. Length count + 1. */
  first: Uint32Array
  /** Index into the values of the fact `tenure` (policy/facts.ts), at entry. */
  tenure: Uint8Array
  leaseFiled: Uint8Array
  ownsNonResidential: Uint8Array
  hasPremises: Uint8Array
  /** Index into the values of the fact `kin_here`. */
  kinHere: Uint8Array
  /** Month since which the head holds a residence permit, NEVER if none. */
  permitSince: Int16Array
  /** LANDS: land rights at the place of origin. */
  land: Uint8Array
}

export interface PersonColumns {
  count: number
  key: Uint32Array
  /** Row of the household. */
  household: Uint32Array
  /** RELATIONS, to the head. */
  relation: Uint8Array
  /** 1: left behind at the place of origin, joins perhaps. */
  away: Uint8Array
  /** Index into the fact `sex`. */
  sex: Uint8Array
  /** Month of birth; may lie within the horizon only for children not yet born, who are not in the pool yet. */
  birth: Int16Array
  /** Indices into the facts `education`, `skill`, `title`, `hukou_kind`, `work`. */
  education: Uint8Array
  skill: Uint8Array
  title: Uint8Array
  hukouKind: Uint8Array
  work: Uint8Array
  vocational: Uint8Array
  employmentRegistered: Uint8Array
  /** Month in which the running spell of social insurance here began, NEVER if not insured. */
  insuredSince: Int16Array
  /** Months of insurance in earlier spells. */
  insuredBefore: Uint16Array
}

/** Whom a margin counts: those here at the start, save arrivals and movers. Graduates have junior college or above. */
export const UNIVERSES = [
  'persons',
  'adults',
  'graduates',
  'ruralHeads',
  'households',
  'withKin',
  'arrivals',
  'movers',
] as const

/** A margin as it was asked for and as it was made. Counts are at full size, in persons or households (`universe`). */
export interface MarginFit extends FitStatistics {
  /** Its dimensions in one name: `age × sex`. */
  margin: string
  dimensions: string[]
  universe: (typeof UNIVERSES)[number]
  /** Of each cell, row-major: `21-30*female`. */
  groups: string[]
  asked: number[]
  made: number[]
  /** Cells whose Z score lies beyond ±1.96. */
  misfits: number
  /** RSSZ above 1: its table differs from the one asked by more than chance. */
  weak: boolean
  /** Largest |made − asked| over the cells, and as a share of what that cell should hold. */
  largestGap: number
  relativeGap: number
  cell: string
  grade: Grade
  source: string
}

export interface FitReport {
  converged: boolean
  iterations: number
  margins: MarginFit[]
}

export interface Population {
  /** Area ids, the order of `area`. */
  areas: string[]
  households: HouseholdColumns
  persons: PersonColumns
  fit: FitReport
  /** 1 = one record a migrant. Households with keyHash < scale are kept (design: Scale). */
  scale: number
  /** Greatest monthly numbers the pool of arrivals and of ordinary movers was made for, persons or households a month at full scale. */
  maxima: {
    /** Households a month: [area × ORIGINS]. */
    arrivals: Float64Array
    /** Persons a month: [area × ORIGINS]. */
    ordinary: Float64Array
  }
}

/** Rows before the first ordinary mover: keys sort by place, and movers come last. Nothing but their move happens to them. */
export function applicantRows({ households }: Population): number {
  let rows = households.count
  while (rows > 0 && households.place[rows - 1] === PLACE.ordinary) rows--
  return rows
}
