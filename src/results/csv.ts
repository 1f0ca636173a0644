/**
 * Result tables as CSV: UTF-8 with BOM (spreadsheets then read Chinese), lines end in CRLF (RFC 4180), key columns
 * first, then `X[unit]` (the mean), `X_p05`, `X_p50`, `X_p95` for every measure X. An unknown level is an empty cell.
 */
import { HIDDEN, type BandColumn, type BandedTable } from './comparison.js'

const BOM = '\uFEFF'

/** Stands where a number is hidden to protect persons (the sign of the UK's Government Statistical Service): neither 0 nor empty. */
export const HIDDEN_MARK = '[c]'

/** Nine significant digits, the shortest way to write them; empty for NaN, `[c]` where hidden, no minus before zero. */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return ''
  if (value === HIDDEN) return HIDDEN_MARK
  return String(Number(value.toPrecision(9)) + 0)
}

/** One cell, in quotes where it needs them. */
export const csvCell = (text: string): string =>
  /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text

/** Rows of text as one CSV document. */
export const csv = (rows: string[][]): string =>
  BOM + rows.map(row => row.map(csvCell).join(',') + '\r\n').join('')

function bandedRows(table: BandedTable, lead: string[], columns: BandColumn[]): string[][] {
  return table.rows.map((keys, row) => [
    ...lead,
    ...keys,
    ...columns.flatMap(column =>
      [column.mean, column.p05, column.p50, column.p95].map(values => formatNumber(values[row])),
    ),
  ])
}

const measureHeaders = ({ schema }: BandedTable): string[] =>
  schema.measures.flatMap(({ id, unit }) => [`${id}[${unit}]`, `${id}_p05`, `${id}_p50`, `${id}_p95`])

/** Every scenario's levels; the first column is `scenario`. */
export function levelsCsv(table: BandedTable): string {
  return csv([
    ['scenario', ...table.schema.keys, ...measureHeaders(table)],
    ...Object.entries(table.scenarios).flatMap(([id, columns]) => bandedRows(table, [id], columns)),
  ])
}

/** Paired differences, scenario minus baseline; the first columns are `scenario` and `baseline`. */
export function differencesCsv(table: BandedTable, baseline: string): string {
  return csv([
    ['scenario', 'baseline', ...table.schema.keys, ...measureHeaders(table)],
    ...Object.entries(table.difference ?? {}).flatMap(([id, columns]) =>
      bandedRows(table, [id, baseline], columns),
    ),
  ])
}

/**
 * The files of tables/ for a run.
 * @returns text by name: `registrations_year.csv` and, where scenarios are compared, `registrations_year_difference.csv`
 */
export function tableFiles(tables: BandedTable[], baseline: string): Map<string, string> {
  const files = new Map<string, string>()
  for (const table of tables) {
    files.set(`${table.schema.id}.csv`, levelsCsv(table))
    if (table.difference) files.set(`${table.schema.id}_difference.csv`, differencesCsv(table, baseline))
  }
  return files
}
