/**
 * CSV as a spreadsheet reads it, in pieces: rows are counted as the spreadsheet counts them (empty ones too, a cell
 * with a line end in it once), cells may be parted by comma, semicolon or tab, and a quote within a cell is a quote.
 * `Records` is the strict reader of the program's own form. Memory holds a piece and the record that it breaks off in.
 */
import { InputError } from './finding.js'

/** Characters of the longest record that is taken for one: beyond it a quote is open or the file is no CSV. */
const LONGEST = 1 << 20

/** Characters within which a line has ended. */
const ENOUGH = 1 << 15

export class SheetRecords {
  private rest = ''
  private rows = 0
  private delimiter: string | undefined
  /** LF (with CR before it or without), or CR alone; known once one has been seen. */
  private end: '\n' | '\r' | undefined

  constructor(private readonly file: string) {}

  /**
   * The rows that are whole with this piece, empty ones as one empty cell.
   *
   * @param last nothing follows
   * @throws InputError `broken-csv` with the row
   */
  read(piece: string, last: boolean): string[][] {
    const text = this.rest + piece
    this.end ??= lineEndOf(text, last)
    const rows: string[][] = []
    // Nothing can be told of a line that has not ended.
    const at = this.end || last ? this.split(text, last, rows) : 0
    this.rest = text.slice(at)
    this.rows += rows.length
    if (this.rest.length > LONGEST || (last && this.rest !== ''))
      throw new InputError([
        {
          severity: 'error',
          code: 'broken-csv',
          file: this.file,
          line: this.rows + 1,
          message: last
            ? { zh: '从这一行起有引号没有闭合', en: 'A quote that opens in this row is not closed' }
            : {
                zh: `这一行超过 ${LONGEST} 个字符:引号没有闭合,或不是 CSV`,
                en: `This row is longer than ${LONGEST} characters: a quote is not closed, or this is no CSV`,
              },
        },
      ])
    return rows
  }

  /** @returns the place up to which the text was read */
  private split(text: string, last: boolean, rows: string[][]): number {
    const end = this.end ?? '\n'
    const delimiter = (this.delimiter ??= delimiterOf(text))
    let quote = text.indexOf('"')
    for (let at = 0; at < text.length;) {
      const stop = text.indexOf(end, at)
      if (quote >= 0 && quote < at) quote = text.indexOf('"', at)
      if (stop < 0 && !last) return at
      const until = stop < 0 ? text.length : stop
      if (quote < 0 || quote > until) {
        const plain = end === '\n' && text.charCodeAt(until - 1) === 13 && until > at ? until - 1 : until
        rows.push(text.slice(at, plain).split(delimiter))
        at = until + 1
      } else {
        const cells: string[] = []
        const next = quotedRow(text, at, delimiter, end, last, cells)
        if (next < 0) return at
        rows.push(cells)
        at = next
      }
    }
    return text.length
  }
}

/** One row with quotes in it, from `at`. @returns the place behind its line end, −1 where the text breaks off before */
function quotedRow(
  text: string,
  at: number,
  delimiter: string,
  end: string,
  last: boolean,
  cells: string[],
): number {
  for (;;) {
    let cell = ''
    if (text[at] === '"') {
      for (at++; ;) {
        const close = text.indexOf('"', at)
        if (close < 0 || (close + 1 === text.length && !last)) return -1
        if (text[close + 1] === '"') {
          cell += text.slice(at, close + 1)
          at = close + 2
        } else {
          cell += text.slice(at, close)
          at = close + 1
          break
        }
      }
    }
    let until = at
    while (until < text.length && text[until] !== delimiter && text[until] !== end) until++
    if (until === text.length && !last) return -1
    const more = text.slice(at, until)
    const ends = text[until] !== delimiter
    cells.push(cell + (ends && end === '\n' && more.endsWith('\r') ? more.slice(0, -1) : more))
    at = until + 1
    if (ends) return at
  }
}

/** A line end within quotes says nothing, unless a quote that stands alone has made all the rest seem quoted. */
function lineEndOf(text: string, last: boolean): '\n' | '\r' | undefined {
  const outside = text.replace(/"[^"]*(?:"|$)/g, '')
  const seen = (part: string) => (part.includes('\n') ? '\n' : /\r[^]/.test(part) ? '\r' : undefined)
  return seen(outside) ?? (last || text.length > ENOUGH ? seen(text) : undefined)
}

/** Whatever parts most cells in the first lines; a comma where nothing does. */
function delimiterOf(text: string): string {
  const lines = text.slice(0, 1 << 14)
  const counts = [',', '\t', ';'].map(one => lines.split(one).length)
  return [',', '\t', ';'][counts.indexOf(Math.max(...counts))]
}
