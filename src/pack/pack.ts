/** What a place is: areas, figures, margins, rates, stocks and targets, every number with its evidence. */
import type { Evidence, Parameter } from '../evidence/parameter.js'
import type { Horizon, Month } from '../evidence/month.js'
import type { Text } from '../reading/text.js'

/** What every file says of these two of its fields (descriptions of the schemas). */
export const GRADE =
  '证据等级:所见、推算、校准、假定 · evidence: read in a source, arithmetic on it, fitted, all else'
export const SOURCE = '出处;假定的写明依据 · where it was read; of an assumption, on what it stands'

export interface Area {
  /** Short and stable, used in parameter ids: `duanzhou`. */
  id: string
  /** `441202`; the High-tech Zone is `441284450`. */
  code: string
  name: Text
  /** Other spellings and former codes that are read as this area. */
  aliases: string[]
  /** Up to this month (inclusive) the printed rows of `area` hold this area too: the two are not to be summed. */
  inside?: { area: string; until: Month }
}

/** How registrations are counted (model §2.7). */
export const BASES = ['external', 'districtIn', 'event'] as const
export type Basis = (typeof BASES)[number]

/** A published or derived figure of the place: one row of figures.csv. */
export interface Figure extends Evidence {
  quantity: string
  /** Area id, or undefined for the whole place. */
  area?: string
  value: number
  range?: [number, number]
  window: Horizon
  channel?: string
  basis?: Basis
  /** Growth on the same window a year before, as printed: how many decimals it has tells how well the base is known. */
  growth?: { percent: number; decimals: number }
  /** What is counted, in a few words, where that differs between figures of one story: "finished projects". */
  covers?: string
  /** Quantities that this figure is the quotient of. */
  ratio?: { numerator: string; denominator: string }
  line: number
}

/** A figure that calibration fits or checks: one row of targets.csv. */
export interface Target extends Figure {
  id: string
  /** `negbin` (counts, size by area), `growth` (log-ratio, sd .03 + rounding). */
  errorModel: 'negbin' | 'growth'
  use: 'fit' | 'check'
  origin?: string
}

/** One area-year of the yearbook: registered moves, births, deaths; persons. */
export interface YearbookRow {
  area: string
  year: number
  inProvince: number
  inOtherProvinces: number
  outProvince: number
  outOtherProvinces: number
  births: number
  deaths: number
  /** In minus out as printed, where it is. */
  netProvince?: number
  netOtherProvinces?: number
  line: number
}

/** Shares or totals of the migrant population along one or two dimensions, for synthesis. */
export interface Margin extends Evidence {
  /** Names of dimensions, e.g. ['area', 'origin']. */
  dimensions: string[]
  /** The cells: a value a dimension, and persons (or households) or a share. */
  cells: { groups: string[]; value: number; line: number }[]
  file: string
}

export interface Pack {
  id: string
  title: Text
  version: string
  /** True only for packs made from records of real persons: output is then suppressed. */
  microdata: boolean
  areas: Area[]
  /** Words for the ids of the figures: quantities, channels, what they cover. An id without is shown as it is. */
  labels?: Record<string, Text>
  /** What else happened here at the time of the reform: every report lists it beside a change from before to after. */
  confounders?: Text[]
  figures: Figure[]
  targets: Target[]
  yearbook: YearbookRow[]
  margins: Margin[]
  parameters: Parameter[]
  /** Where each field of evidence comes from, file by file: parameters, rows of tables, whole margins. */
  sources?: { file: string; field: string; source: string }[]
  /** The rule sets before and after the reform that the calibration refers to (policy ids). */
  reference: { before: string; after: string }
  /** Posterior rows (simulation/calibrated.ts reads their columns); absent until calibrated. */
  calibrated?: { columns: string[]; rows: number[][]; sha256: string }
  /** sha256 of every file read, by name. */
  files: Record<string, string>
}
