/**
 * Files of persons, and the two ways through them that the bench sets side by side: `policy evaluate` from CSV to CSV,
 * and the CSV parser alone, which takes every cell and does nothing with it.
 */
import { closeSync, createReadStream, openSync, writeSync } from 'node:fs'
import { finished } from 'node:stream/promises'
import { parse } from 'csv-parse'
import type { Area } from '../src/pack/pack.js'
import type { FactDefinition, FactRow } from '../src/policy/facts.js'

/** Rows to a write. */
const CHUNK = 10_000

/** @param quote what stands around each cell: nothing, or a quotation mark as some programs write it */
export function writePersons(
  path: string,
  facts: readonly FactDefinition[],
  areas: readonly Area[],
  rows: readonly FactRow[],
  quote: '' | '"',
): void {
  const line = (cells: string[]) => cells.map(cell => quote + cell + quote).join(',') + '\n'
  const file = openSync(path, 'wx')
  writeSync(file, line(['id', ...facts.map(({ name }) => name)]))
  for (let from = 0; from < rows.length; from += CHUNK) {
    const lines = rows
      .slice(from, from + CHUNK)
      .map((row, i) =>
        line([`GD${from + i}`, ...facts.map((fact, slot) => cell(fact, row[slot], from + i, areas))]),
      )
    writeSync(file, lines.join(''))
  }
  closeSync(file)
}

function cell({ type }: FactDefinition, value: number, person: number, areas: readonly Area[]): string {
  if (Number.isNaN(value)) return ''
  if (type.kind === 'boolean') return value === 1 ? 'true' : 'false'
  if (type.kind === 'area') return areas[person % areas.length].id
  if ('values' in type) return type.values[value]
  // Sums of money have cents, so that hardly one of them comes twice.
  return type.whole ? String(value) : (value + (person % 100) / 100).toFixed(2)
}

/** What `policy evaluate` takes too: rows of any length, empty lines, line ends of any system. */
const PARSING = { relax_column_count: true, skip_empty_lines: true, record_delimiter: ['\r\n', '\n'] }

/** The streaming parser. @returns records read */
export async function parseAlone(path: string): Promise<number> {
  let records = 0
  const parser = createReadStream(path, { highWaterMark: 1 << 16 }).pipe(parse(PARSING))
  parser.on('data', () => records++)
  await finished(parser)
  return records
}
