/**
 * A rule set as data: what `read` makes of a policy file, after checking names, types and dates.
 * Values that differ by date are kept as dated values; `compile(policy, month)` gives the law of one month.
 */
import type { Month } from '../evidence/month.js'
import type { Text } from '../reading/text.js'
import type { FactDefinition } from './facts.js'

/** Who comes along when the head registers. Ordered: each contains the one before. */
export const SCOPES = ['none', 'spouse_and_minors', 'direct_kin', 'co_resident_kin'] as const
export type Scope = (typeof SCOPES)[number]

export const STATUSES = ['none', 'permit', 'hukou'] as const
export type Status = (typeof STATUSES)[number]

/** What a status gives at a service: numbers, flags, or the id of a parameter that holds the number. */
export type Entitlement = Record<string, number | boolean | string>

/** The law of one month, ready to evaluate. Made by policy/compile. */
export interface Law {
  policy: string
  title: Text
  month: Month
  channels: CompiledChannel[]
  /** service → status → entitlement, as in force in that month. */
  entitlements: Record<string, Record<Status, Entitlement>>
}

/**
 * Facts of one applicant: one number a slot (policy/facts.ts): true 1, false 0, an ordered or named value its
 * index, NaN unknown.
 */
export type FactRow = Float64Array

export interface LedgerLine {
  line: string
  points: number
  clause?: string
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
    ledger(row: FactRow): LedgerLine[]
    /** Persons a year; undefined = no quota known. */
    quota?: { year: number; areas?: Record<string, number> }
    /** Months of the year (1–12) in which rounds are held; undefined = any month. */
    rounds?: number[]
    /** Keys of the order, the first counts most: larger is better where `descending`. */
    rank: { value(row: FactRow): number; descending: boolean }[]
  }
  /** The smallest conditions (conjuncts) with their value, for «which condition failed». */
  conditions: { text: string; test(row: FactRow): number }[]
}

export interface Policy {
  id: string
  title: Text
  source: { document: string; url?: string; note?: string }
  file: string
  /** The core facts and those that the policy declares. */
  facts: FactDefinition[]
}
