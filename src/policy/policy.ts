/**
 * A rule set as data: what `read` makes of a policy file, after checking names, types and dates.
 * Values that differ by date are kept as dated values; `compileLaw(policy, month)` gives the law of one month.
 */
import type { Month } from '../evidence/month.js'
import type { Text } from '../reading/text.js'
import type { Condition } from './expressions.js'
import type { FactDefinition, FactRow } from './facts.js'
import type { Scope, Selection } from './schema.js'
import type { LedgerLine, ScoreTree } from './score.js'
import type { DeclaredFact } from './supply.js'

export type { Condition } from './expressions.js'
export type { FactRow } from './facts.js'
export { SCOPES, type Scope } from './schema.js'
export type { LedgerLine } from './score.js'

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
  /** The facts of the policy, in the order of a row's slots. */
  facts: readonly FactDefinition[]
  /** Those that the policy declares, each after what it is made of. */
  declared: DeclaredFact[]
  /** What remains of channels of the rule set before this one. */
  legacy: Legacy[]
}

/** One round that stands in the rules with its date, as a pool's invitations do. */
export interface DatedRound {
  month: Month
  places: number
  /** Who takes part in this round; everybody in line where absent. */
  when?(row: FactRow): number
}

/** Places and the order in which they are given. */
export interface Rounds {
  /** Persons a year; undefined = no quota known. */
  quota?: { year?: number; areas?: Record<string, number> }
  /** Months of the year (1–12) in which rounds are held; undefined = any month. */
  months?: number[]
  /** Rounds by date; they take the place of `quota` and `months`. */
  dated?: DatedRound[]
  /** Keys of the order, the first counts most: larger is better where `descending`. Empty: by lot. */
  rank: { value(row: FactRow): number; descending: boolean; text: string }[]
  /** What happens to applicants who agree on every key at the cut (policy/ranking). */
  ties: 'draw' | 'admit_all' | 'admit_none'
  /** Places that an area leaves empty go to the best refused of any area. */
  spill: boolean
  /** Months after which an application falls out of the line and may be made anew; undefined = never. */
  validMonths?: number
  /** Who was not admitted waits for the next round; else the application ends with its round. */
  waits: boolean
  /** Where places that a round left empty go: `year` the next round of the year, `always` any later round, `never` they lapse. */
  unfilled: 'year' | 'always' | 'never'
  /** What keys of the order and conditions of rounds read: slots of facts, and where it stands. */
  reads: { facts: number[]; clause: string; path: readonly string[] }[]
}

export interface CompiledChannel {
  id: string
  title: Text
  clause: string
  brings: Scope
  selection: Selection
  /** Slots of the facts that the conditions and the ledger read. */
  facts: number[]
  /** Conditions met and, where points count, score ≥ atLeast: 1 yes, 0 no, NaN not known. Quota and rounds are not looked at. */
  open(row: FactRow): number
  /** The conditions without the score, in three-valued logic. */
  when(row: FactRow): number
  points?: {
    /** −Infinity where no score is too low. */
    atLeast: number
    score(row: FactRow): number
    /** Every line in force with its points as counted; the points add up to the score. */
    ledger(row: FactRow): LedgerLine[]
    /** The ledger as data: what the score is made of. */
    tree: ScoreTree
    /** Slots of the facts that the ledger reads. */
    facts: number[]
    /** Two ledgers with the same text here give everybody the same score. */
    fingerprint: string
  }
  /** Of the selections `quota`, `pool` and `lottery`. */
  rounds?: Rounds
  /** The smallest conditions (conjuncts, then the score) with their value, for «which condition failed». */
  conditions: Condition[]
}

/** A right that outlives its channel: who had applied, or qualified, when the rule set took force. */
export interface Legacy {
  channel: string
  /** Months for which it lasts, counted from the month in which the rule set takes force. */
  months: number
  who: 'applied' | 'qualified'
  clause: string
}

/** An amendment that has been laid over a rule set (policy/amend). */
export interface Amended {
  id: string
  from: Month
  /** The last month; undefined = for good. */
  to?: Month
  paths: string[]
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
  /** The rule set as written (patches and amendments applied), dated values included. */
  tree: Readonly<Record<string, unknown>>
  place: Place
  /** Amendments that have been laid over the tree, in the order of their stacking. */
  amendments: readonly Amended[]
}
