/** The calibrated file: one row a joint draw, columns of simulation/calibrated.ts, six significant digits. */
import { columnNames, toColumns, type CalibratedRow } from '../simulation/calibrated.js'

/** @returns CSV with `\n` ends; the same rows give the same bytes */
export function calibratedCsv(rows: readonly CalibratedRow[], areaIds: string[]): string {
  const lines = rows.map(row => toColumns(row).map(short).join(','))
  return [columnNames(areaIds).join(','), ...lines, ''].join('\n')
}

/** Six significant digits without trailing zeros: 0.0182345, 1234.5, 24199. */
const short = (value: number): string => String(Number(value.toPrecision(6)))
