/** From rows of a banded table to the points that charts draw. */
import * as Plot from '@observablehq/plot'
import { bandAt, rowsWhere, type Band, type BandedTable, type Comparison } from '../../results/comparison.js'
import { bandOf, lineOf } from './frame.js'

export interface Point extends Band {
  year: number
}

const PERIODS = ['year', 'september', 'month']

/** The year that a row belongs to: from its key `year`, `september` or `month`. */
export function yearOfRow(table: BandedTable, row: number): number {
  const key = table.schema.keys.findIndex(name => PERIODS.includes(name))
  return Number(table.rows[row][key].slice(0, 4))
}

/** One measure of a scenario over the rows with these keys, in order of time; unknown and hidden levels are left out. */
export function points(
  table: BandedTable,
  scenario: string,
  measure: string,
  keys: Record<string, string>,
): Point[] {
  return rowsWhere(table, keys)
    .map(row => ({ year: yearOfRow(table, row), ...bandAt(table.scenarios[scenario], table, measure, row) }))
    .filter(({ mean }) => Number.isFinite(mean))
    .sort((a, b) => a.year - b.year)
}

/** Marks: each scenario's band with its line, told apart by texture, dash and dot. */
export function bandsOf(
  comparison: Comparison,
  chart: string,
  of: (scenario: string) => Point[],
): Plot.Markish[] {
  const all = comparison.scenarios.map(({ id }) => of(id))
  return [
    ...all.map((data, index) =>
      Plot.areaY(data, { x: 'year', y1: 'p05', y2: 'p95', fill: bandOf(chart, index) }),
    ),
    // The baseline's dashes come last, so that they stay visible where the lines meet.
    ...all
      .flatMap((data, index) => {
        const { stroke, dash } = lineOf(index)
        return [
          Plot.dot(data, { x: 'year', y: 'mean', r: 3, stroke, fill: index === 0 ? 'white' : stroke }),
          Plot.lineY(data, { x: 'year', y: 'mean', stroke, strokeDasharray: dash, strokeWidth: 2.6 }),
        ]
      })
      .reverse(),
  ]
}

/** The horizontal axis of years: whole years only. */
export const yearAxis = (years: number[]): Plot.ScaleOptions => ({
  label: null,
  ticks: [...new Set(years)],
  tickFormat: (year: number) => String(year),
})
