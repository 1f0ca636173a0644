/**
 * Margins of a pack from records of real persons. Synthesis then meets the margins and never sees a record, so that a
 * population made from a register copies nobody out of it; a cell that few records stand behind is not let through.
 */
import type { Area } from '../pack/pack.js'
import { band, DIMENSIONS } from '../pack/margins.js'
import { CORE_FACTS, type FactDefinition, type FactRow } from '../policy/facts.js'
import { ADULT } from './adults.js'

/** Cells with fewer records, but not none, are not fitted to. */
export const FEWEST_RECORDS = 10

/** What a margin counts, and of whom. */
type Universe = 'persons' | 'adults' | 'titled' | 'households' | 'householdsWithKin'

/** The margins that columns of persons can give, by their dimensions. */
export const TABULATED: Record<string, Universe> = {
  'area*origin': 'persons',
  'age*sex': 'adults',
  education: 'adults',
  work: 'adults',
  skill: 'adults',
  title: 'titled',
  tenure: 'households',
  stay: 'households',
  kin_here: 'householdsWithKin',
}

/** Facts behind dimensions whose name is not that of a fact. */
const FACT_OF: Record<string, string> = { stay: 'months_resident' }
const OF_UNIVERSE: Record<Universe, string[]> = {
  persons: [],
  adults: ['age'],
  titled: ['age', 'education'],
  households: ['household_size'],
  householdsWithKin: ['household_size', 'kin_here'],
}

/** The facts that a margin needs a column of. */
export const factsOf = (margin: string): string[] => [
  ...new Set([
    ...margin.split('*').map(dimension => FACT_OF[dimension] ?? dimension),
    ...OF_UNIVERSE[TABULATED[margin]],
  ]),
]

/** The weight of a record, as `population fit` writes it. */
export const WEIGHT: FactDefinition = {
  name: 'weight',
  label: { zh: '权重', en: 'weight' },
  type: { kind: 'number', min: 0, max: 1e9, whole: false },
}
export const RECORD_FACTS: readonly FactDefinition[] = [...CORE_FACTS, WEIGHT]

const slot = (fact: string) => RECORD_FACTS.findIndex(({ name }) => name === fact)
const [AGE, EDUCATION, SIZE, KIN, WEIGHT_SLOT] = [
  'age',
  'education',
  'household_size',
  'kin_here',
  'weight',
].map(slot)
const valuesOf = (fact: string): string[] => {
  const { type } = RECORD_FACTS[slot(fact)]
  return type.kind === 'named' || type.kind === 'ordered' ? type.values : []
}
const COLLEGE = valuesOf('education').indexOf('junior_college')
const NO_KIN = valuesOf('kin_here').indexOf('none')

export interface Cell {
  groups: string[]
  /** Weighted: persons for `area*origin`, else a share of the margin's universe. */
  value: number
  records: number
}

export interface Tabulated {
  margin: string
  unit: 'persons' | 'share'
  /** All combinations, in the order of their groups. */
  cells: Cell[]
  /** Records of the universe, and those left out of it because a cell that it needs is unknown or in no band. */
  records: number
  unknown: number
}

/** Bands of the two dimensions that have no groups of their own, as in margins.csv: `21-30`, `51+`. */
export interface Bands {
  age: string[]
  stay: string[]
}

export class Tabulation {
  private readonly margins: OneMargin[]

  /** @param margins keys of `TABULATED` whose facts have a column */
  constructor(margins: readonly string[], areas: readonly Area[], bands: Bands) {
    this.margins = margins.map(margin => new OneMargin(margin, areas, bands))
  }

  /** @param row by `RECORD_FACTS`; without a weight a record counts once */
  take(row: FactRow): void {
    const weight = Number.isNaN(row[WEIGHT_SLOT]) ? 1 : row[WEIGHT_SLOT]
    for (const margin of this.margins) margin.take(row, weight)
  }

  result = (): Tabulated[] => this.margins.map(margin => margin.result())
}

class OneMargin {
  private readonly universe: Universe
  private readonly dimensions: { groups: string[]; of(row: FactRow): number }[]
  private readonly weights: Float64Array
  private readonly counts: Float64Array
  private records = 0
  private unknown = 0

  constructor(
    private readonly margin: string,
    areas: readonly Area[],
    bands: Bands,
  ) {
    this.universe = TABULATED[margin]
    this.dimensions = margin.split('*').map(name => dimension(name, areas, bands))
    const length = this.dimensions.reduce((n, { groups }) => n * groups.length, 1)
    this.weights = new Float64Array(length)
    this.counts = new Float64Array(length)
  }

  take(row: FactRow, weight: number): void {
    const belongs = isIn(this.universe, row)
    if (belongs === false) return
    this.records++
    let cell = 0
    for (const { groups, of } of this.dimensions) cell = cell * groups.length + of(row)
    // A household of n has n chances to be met through its members.
    const units = this.universe.startsWith('households') ? row[SIZE] : 1
    if (belongs === undefined || Number.isNaN(cell) || !(units >= 1)) {
      this.unknown++
      return
    }
    this.weights[cell] += weight / units
    this.counts[cell]++
  }

  result(): Tabulated {
    const { margin, records, unknown } = this
    const isCount = this.universe === 'persons'
    const total = isCount ? 1 : this.weights.reduce((a, b) => a + b, 0)
    const cells = Array.from(this.weights, (weight, at): Cell => {
      const groups: string[] = []
      let rest = at
      for (const { groups: names } of [...this.dimensions].reverse()) {
        groups.unshift(names[rest % names.length])
        rest = Math.floor(rest / names.length)
      }
      return { groups, value: total > 0 ? weight / total : 0, records: this.counts[at] }
    })
    return { margin, unit: isCount ? 'persons' : 'share', cells, records, unknown }
  }
}

/** True, false, or undefined where a cell that decides it is unknown. */
function isIn(universe: Universe, row: FactRow): boolean | undefined {
  if (universe === 'adults' || universe === 'titled') {
    if (row[AGE] < ADULT) return false
    const known = !Number.isNaN(row[AGE])
    if (universe === 'adults') return known ? true : undefined
    if (row[EDUCATION] < COLLEGE) return false
    return known && !Number.isNaN(row[EDUCATION]) ? true : undefined
  }
  if (universe === 'householdsWithKin' && row[KIN] === NO_KIN) return false
  return true
}

/** Group of a row along a dimension, NaN where it is unknown or in no band. */
function dimension(name: string, areas: readonly Area[], bands: Bands) {
  const at = slot(FACT_OF[name] ?? name)
  if (name === 'area') return { groups: areas.map(({ id }) => id), of: (row: FactRow) => row[at] }
  if (name === 'age' || name === 'stay') {
    const [groups, unit] = name === 'age' ? [bands.age, 1] : [bands.stay, 12]
    const ends = groups.map(group => band(group)!)
    // Both ends of ages belong; of years of stay the upper one does not.
    const of = (row: FactRow) => {
      const x = row[at] / unit
      const group = ends.findIndex(({ from, to }) => x >= from && (name === 'age' ? x < to + 1 : x < to))
      return group < 0 ? NaN : group
    }
    return { groups, of }
  }
  const groups = DIMENSIONS[name] as string[]
  const codes = valuesOf(name).map(value => groups.indexOf(EMPLOYEES.has(value) ? 'employee' : value))
  return {
    groups,
    of: (row: FactRow) => (Number.isNaN(row[at]) || codes[row[at]] < 0 ? NaN : codes[row[at]]),
  }
}

/** Whether they are insured is a parameter of its own (`pop.insured`). */
const EMPLOYEES = new Set(['formal', 'informal'])
