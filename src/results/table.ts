/**
 * A result table: fixed rows (key tuples) and one number a row and measure. The rows of a table depend on
 * the place and the horizon alone, never on a draw, so that tables of draws can be laid over one another.
 */
import type { Text } from '../reading/text.js'

export interface Measure {
  id: string
  unit: string
  label: Text
  /** Evidence that the level leans on where it is not known: `assumed` marks the column. */
  assumed?: boolean
}

export interface TableSchema {
  /** `registrations_year` (T1) … model §9. */
  id: string
  title: Text
  keys: string[]
  measures: Measure[]
}

export interface Table {
  schema: TableSchema
  /** Key values of each row, in the order of schema.keys. */
  rows: string[][]
  /** One array a measure, as long as `rows`; NaN where the level is not known. */
  columns: Float64Array[]
}

export function emptyTable(schema: TableSchema, rows: string[][]): Table {
  return { schema, rows, columns: schema.measures.map(() => new Float64Array(rows.length)) }
}
