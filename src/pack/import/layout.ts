/** Where a sheet's header stands, and which rows are no data: titles, notes, totals, the header again. */
import { FOOTNOTE, TOTALS } from './words.js'

/** Rows among which the header is looked for. */
export const HEAD = 50

export interface Header {
  /** One a column, of the lower header row; that of the upper one before it where there are two. */
  names: string[]
  /** Its two parts where it stands in two rows: a name over several columns is repeated over each. */
  upper?: string[]
  lower: string[]
  /** Index of its last row. */
  at: number
}

export const plainHeader = (cell: string): string =>
  /^[!-~]*$/.test(cell) ? cell : cell.normalize('NFKC').replace(/\s+/g, '')

/**
 * @param weigh how much a cell looks like a header's: 0 not at all
 * @param declared index of the header's rows as the user says
 * @returns undefined where no row holds a word that headers have
 */
export function findHeader(
  rows: readonly string[][],
  weigh: (cell: string) => number,
  declared?: number[],
): Header | undefined {
  if (declared) return headerOf(rows, declared)
  let best = -1
  let most = 0
  for (const [index, row] of rows.slice(0, HEAD).entries()) {
    const weight = row.reduce((sum, cell) => sum + weigh(cell), 0)
    if (weight > most) [best, most] = [index, weight]
  }
  if (best < 0 || most < FIELD) return undefined
  // The row over it, or below it, belongs to it where it fills the header's gaps with words.
  if (isSecond(rows[best], rows[best + 1])) return headerOf(rows, [best, best + 1])
  if (best > 0 && isSecond(rows[best - 1], rows[best])) return headerOf(rows, [best - 1, best])
  return headerOf(rows, [best])
}

/** What a cell weighs that is the name of a field, beside 1 for a value of one. */
export const FIELD = 10

/** Under a cell of its own a lower row is empty, or repeats it; where the upper one has a gap, it has words. */
function isSecond(upper: readonly string[], lower: readonly string[] | undefined): boolean {
  if (!lower || filled(upper) < 2 || filled(lower) < 2 || (lower[0] ?? '').trim() !== '') return false
  const words = lower.filter(cell => cell.trim() !== '')
  const gaps = upper.filter(
    (cell, index) => index > 0 && cell.trim() === '' && (lower[index] ?? '').trim() !== '',
  )
  return gaps.length > 0 && words.every(cell => !/^[\d.,%\s-]+$/.test(cell))
}

function headerOf(rows: readonly string[][], at: number[]): Header {
  const lower = (rows[at.at(-1)!] ?? []).map(plainHeader)
  if (at.length === 1) return { names: lower, lower, at: at[0] }
  const width = Math.max(lower.length, rows[at[0]].length)
  const upper: string[] = []
  for (let index = 0; index < width; index++) {
    const own = plainHeader(rows[at[0]][index] ?? '')
    // A merged cell shows its words in its first column alone.
    upper.push(own !== '' || (lower[index] ?? '') === '' ? own : (upper[index - 1] ?? ''))
  }
  const names = upper.map((over, index) => [over, lower[index] ?? ''].filter(Boolean).join('/'))
  return { names, upper, lower: upper.map((_, index) => lower[index] ?? ''), at: at[1] }
}

export const filled = (row: readonly string[]): number => {
  let count = 0
  for (const cell of row) if (cell !== '' && cell.trim() !== '') count++
  return count
}

export type Aside = 'title' | 'note' | 'total' | 'header-again' | 'blank'

/** @returns why the row is no data, undefined for a row of data */
export function asideOf(row: readonly string[], header: Header): Aside | undefined {
  const first = row[0] || row.find(cell => cell.trim() !== '')
  if (first === undefined || (first.trim() === '' && filled(row) === 0)) return 'blank'
  const begun = first.trim() === '' ? row.find(cell => cell.trim() !== '')! : first
  if (begun.length <= LONGEST_WORD && TOTALS.test(plainHeader(begun))) return 'total'
  // Most rows are data, and say so by their third cell.
  if (!(row[0] && row[1] && row[2]) && filled(row) <= 2 && isNote(begun, filled(row))) return 'note'
  return isHeader(row, header) ? 'header-again' : undefined
}

/** Of a word for a total. */
const LONGEST_WORD = 16

const isNote = (cell: string, filled: number): boolean =>
  FOOTNOTE.test(cell.normalize('NFKC').replace(/\s+/g, '')) || (filled === 1 && cell.trim().length > 20)

const isHeader = (row: readonly string[], { lower }: Header): boolean =>
  plainHeader(row[0] ?? '') === lower[0] &&
  filled(row) > 1 &&
  lower.every((name, index) => plainHeader(row[index] ?? '') === name)
