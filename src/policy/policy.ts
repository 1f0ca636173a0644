/**
 * A rule set as data: what `read` makes of a policy file, after checking names, types and dates.
 * Values that differ by date are kept as dated values; `compileLaw(policy, month)` gives the law of one month.
 */
import type { Month } from '../evidence/month.js'
import type { Text } from '../reading/text.js'
import type { Expression } from './expression/check.js'
import type { FactDefinition } from './facts.js'

/** Who comes along when the head registers. Ordered: each contains the one before. */
export const SCOPES = ['none', 'spouse_and_minors', 'direct_kin', 'co_resident_kin'] as const
export type Scope = (typeof SCOPES)[number]

export const STATUSES = ['none', 'permit', 'hukou'] as const
export type Status = (typeof STATUSES)[number]

/** What a status gives at a service: numbers, flags, the id of a parameter that holds the number, or a list of area ids. */
export type Entitlement = Record<string, number | boolean | string | string[]>

/** The law of one month, ready to evaluate. Made by policy/compile. */
export interface Law {
  policy: string
  title: Text
  month: Month
  channels: CompiledChannel[]
  /** service → status → entitlement, as in force in that month. `claim` is always there. */
  entitlements: Record<string, Record<Status, Entitlement>>
}

/**
 * Facts of one applicant: one number a slot (policy/facts.ts): true 1, false 0, an ordered or named value its
 * index, NaN unknown.
 */
export type FactRow = Float64Array

export interface LedgerLine {
  line: string
  /** NaN where a fact of the line is not known. */
  points: number
  clause?: string
}

export interface Condition {
  text: string
  /** 1 yes, 0 no, NaN not known. */
  test(row: FactRow): number
  /** Slots of the facts read. */
  facts: number[]
  /** Absent for the condition that the score be high enough. */
  expression?: Expression
}

export interface CompiledChannel {
  id: string
  title: Text
  clause: string
  brings: Scope
  /** Slots of the facts that the conditions and the ledger read. */
  facts: number[]
  /** Conditions met and, where points count, score ≥ atLeast: 1 yes, 0 no, NaN not known. Quota and rounds are not looked at. */
  open(row: FactRow): number
  /** The condition alone, in three-valued logic. */
  when(row: FactRow): number
  points?: {
    atLeast: number
    score(row: FactRow): number
    /** Every line in force with its points as counted; the points add up to the score. */
    ledger(row: FactRow): LedgerLine[]
    /** Slots of the facts that the ledger reads. */
    facts: number[]
    /** Two ledgers with the same text here give everybody the same score. */
    fingerprint: string
    /** Persons a year; undefined = no quota known. */
    quota?: { year?: number; areas?: Record<string, number> }
    /** Months of the year (1–12) in which rounds are held; undefined = any month. */
    rounds?: number[]
    /** Keys of the order, the first counts most: larger is better where `descending`. */
    rank: { value(row: FactRow): number; descending: boolean }[]
    /** What happens to applicants who agree on every key at the cut (policy/ranking). */
    ties: 'draw' | 'admit_all' | 'admit_none'
    /** Places that an area leaves empty go to the best refused of any area. */
    spill: boolean
  }
  /** The smallest conditions (conjuncts, then the score) with their value, for «which condition failed». */
  conditions: Condition[]
}

/** Where the value at a path of the rule set was written; `index` is a character of a text there. */
export type Place = (
  path: readonly string[],
  index?: number,
) => { file: string; line?: number; column?: number }

export interface Policy {
  id: string
  title: Text
  source: { document: string; url?: string; note?: Text }
  file: string
  /** The core facts and those that the policy declares. Their order is that of the slots of a FactRow. */
  facts: FactDefinition[]
  /** The rule set as written (patches applied), dated values included. */
  tree: Readonly<Record<string, unknown>>
  place: Place
}
