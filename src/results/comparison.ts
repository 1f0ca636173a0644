/**
 * What a comparison of scenarios comes to: the value that experiment/ makes and report/ shows. Nothing in it
 * depends on how it was computed, so it can be saved, hashed and drawn anywhere.
 */
import type { Horizon } from '../evidence/month.js'
import type { Grade, Layer } from '../evidence/parameter.js'
import type { Finding } from '../reading/finding.js'
import type { Text } from '../reading/text.js'
import type { TableSchema } from './table.js'

/** The row key that stands for the whole place where a table has areas. */
export const CITY = 'city'

/**
 * Stands for a number that is hidden because it would tell of persons (suppression/): mean and band alike. No number of
 * a run is infinite, and whatever writes numbers knows it.
 */
export const HIDDEN = Infinity

export const isHidden = ({ mean }: Pick<Band, 'mean'>): boolean => mean === HIDDEN

/** What was hidden of a comparison made from records of real persons, and by which rule. */
export interface Suppression {
  rule: { least: number; protection: number; rounding: number }
  /** Counts of persons in all tables, levels of all scenarios; those that scenarios share are counted once. */
  counts: number
  /** Hidden for their own sake. */
  primary: number
  /** Hidden so that no other can be worked out. */
  complementary: number
  /** Differences between scenarios that are hidden. */
  differences: number
  /** Share simulated: a record stands for 1/scale persons. */
  scale: number
  /** sha256 of the manifests of earlier releases that were taken into account. */
  earlier: string[]
}

/** One number with its band: mean and quantiles (type 7) over the draws. */
export interface Band {
  mean: number
  p05: number
  p50: number
  p95: number
}

/** A band for every row of a table: `columns[measure].p05[row]`. NaN where the level is not known. */
export interface BandColumn {
  mean: Float64Array
  p05: Float64Array
  p50: Float64Array
  p95: Float64Array
}

/** A result table with the bands of each scenario laid over the same rows. */
export interface BandedTable {
  schema: TableSchema
  /** Key values of each row, in the order of schema.keys. */
  rows: string[][]
  /** By scenario id; one column a measure, in the order of schema.measures. */
  scenarios: Record<string, BandColumn[]>
  /** By scenario id, the baseline left out: scenario minus baseline, paired draw by draw. Absent with one scenario. */
  difference?: Record<string, BandColumn[]>
}

/** Where the variance of a number comes from; shares of 1. A paired difference has no `noise`: it is common to both. */
export interface Shares {
  structure: number
  parameters: number
  noise: number
  luck: number
}

export interface Estimate extends Band {
  shares?: Shares
  /** The mean under each structural member (simulation/calibrated.ts, MEMBERS). */
  members?: Record<string, number>
}

export interface Difference extends Estimate {
  /** Monte Carlo standard errors of the mean and, by bootstrap, of the ends of the band. */
  mcse: number
  mcseP05: number
  mcseP95: number
  /** p05 and p95 on one side of 0; or the rules alone fix the sign, because one rule set contains the other. */
  signCertain: boolean | 'by construction'
  /** (Var A + Var B) / Var(B − A); null where undefined. */
  varianceReduction: number | null
}

export interface Headline {
  /** `table.column`: `registrations_year.persons`. */
  id: string
  label: Text
  unit: string
  /** Every key of its row: year, area, basis, stage, scheme, channel … */
  keys: Record<string, string>
  /** By scenario id. */
  values: Record<string, Estimate>
  /** By scenario id, the baseline left out. Empty with one scenario. */
  differences: Record<string, Difference>
  /** The weakest grade of evidence that it leans on. */
  grade: Grade
  /** True where it stands beside an assumed stock (seats, dwellings, fund). */
  assumedStock?: boolean
}

/** One row of the table of assumptions (T16). */
export interface AssumptionRow {
  parameter: string
  label: Text
  value: number | undefined
  unit: string
  /** 5 % and 95 % of what is believed. */
  range: [number, number]
  grade: Grade
  layer: Layer
  source: string
  note?: string
  /** 1 − sd(posterior)/sd(prior), only for what was fitted; below .2 it is called not identified. */
  contraction?: number
  /** By headline id: rank correlation of this parameter with the paired difference over the draws. */
  influence?: Record<string, number>
}

export interface Comparison {
  pack: { id: string; title: Text; version: string }
  horizon: Horizon
  /** In the order of the columns; the baseline first. */
  scenarios: { id: string; title: Text }[]
  /** Scenario id. With one scenario it is that one. */
  baseline: string
  seed: string
  /** Paired simulations, for luck. */
  replicates: number
  /** Mean-field draws of the parameters, for the bands. */
  draws: number
  /** Share of the migrants that were simulated one by one; 1 = a record a migrant. */
  scale: number
  tables: BandedTable[]
  /** The most important first: the answer in one sentence is made of the first entry. */
  headline: Headline[]
  findings: Finding[]
  assumptions: AssumptionRow[]
  /** What else happened at the time of the reform (from the pack). */
  confounders?: Text[]
  /** Words for key values that data brings: area ids, channel ids. */
  names: { area: Record<string, Text>; channel: Record<string, Text> }
  /** Only of a pack that holds records of real persons: small counts are hidden, the others rounded. */
  suppression?: Suppression
}

/** Share of the band (p95 − p05) that a Monte Carlo error may be. */
export const ERROR_GATE = 0.1

/** Does the Monte Carlo error of a difference hold the gate: mean and both ends, each under a tenth of the band? */
export function holdsErrorGate({ mean, p05, p95, mcse, mcseP05, mcseP95 }: Difference): boolean {
  // Of a hidden difference nobody is told anything that an error could spoil.
  if (mean === HIDDEN) return true
  return Math.max(mcse, mcseP05, mcseP95) <= ERROR_GATE * (p95 - p05)
}

/** A table by its id. @returns undefined where the run did not make it. */
export function tableOf(comparison: Comparison, id: string): BandedTable | undefined {
  return comparison.tables.find(table => table.schema.id === id)
}

/** Rows of a table whose keys have these values: `{ area: 'city', basis: 'external' }`. */
export function rowsWhere(table: BandedTable, keys: Record<string, string>): number[] {
  const wanted = Object.entries(keys).map(([key, value]) => [table.schema.keys.indexOf(key), value] as const)
  return table.rows.flatMap((row, index) =>
    wanted.every(([key, value]) => row[key] === value) ? [index] : [],
  )
}

/** The band of one measure in one row. */
export function bandAt(columns: BandColumn[], table: BandedTable, measure: string, row: number): Band {
  const index = table.schema.measures.findIndex(({ id }) => id === measure)
  if (index < 0) throw new Error(`table ${table.schema.id} has no measure ${measure}`)
  const { mean, p05, p50, p95 } = columns[index]
  return { mean: mean[row], p05: p05[row], p50: p50[row], p95: p95[row] }
}
