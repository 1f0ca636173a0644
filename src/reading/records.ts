/**
 * CSV that arrives in pieces, into records: memory holds a piece and the record that it breaks off in, never the file.
 * A line without a quote is parted at its commas, which is many times faster than a parser that asks every character.
 */
import { InputError } from './finding.js'
import type { Text } from './text.js'

/** Characters of the longest record that is taken for one: beyond it a quote is open or the file is no CSV. */
const LONGEST = 1 << 20

export interface Batch {
  records: string[][]
  /** The line of the file, from 1, on which each record ends. */
  lines: number[]
}

export class Records {
  private rest = ''
  /** Lines of the file before `rest`. */
  private before = 0
  /** LF (with or without CR), or CR alone; known once one has been seen. */
  private end: '\n' | '\r' | undefined

  constructor(private readonly file: string) {}

  /**
   * The records that are whole with this piece; empty lines are left out. Quotes and line ends as in RFC 4180, line
   * ends also LF or CR alone.
   *
   * @param last nothing follows
   * @throws InputError `broken-csv` with the line, and the cell where it is known
   */
  read(piece: string, last: boolean): Batch {
    const text = this.rest + piece
    // A piece may break off between CR and LF.
    this.end ??= text.includes('\n') ? '\n' : /\r[^]/.test(text) ? '\r' : undefined
    const end = this.end ?? '\n'
    const batch: Batch = { records: [], lines: [] }
    let at = 0
    let quote = text.indexOf('"')
    while (at < text.length) {
      let stop = text.indexOf(end, at)
      if (stop < 0 && last) stop = text.length
      let cells: string[]
      if (quote < 0 || (stop >= 0 && quote > stop)) {
        if (stop < 0) break
        const line = text.slice(at, text[stop - 1] === '\r' && stop > at ? stop - 1 : stop)
        cells = line === '' ? [] : line.split(',')
        this.before++
        at = stop + 1
      } else {
        const record = this.quoted(text, at, end, last)
        if (record === undefined) break
        cells = record.cells
        this.before += countOf(text.slice(at, record.stop), end) + 1
        at = record.stop + 1
        quote = text.indexOf('"', at)
      }
      if (cells.length > 0) {
        batch.records.push(cells)
        batch.lines.push(this.before)
      }
    }
    this.rest = text.slice(at)
    if (this.rest.length > LONGEST)
      throw this.broken(this.before + 1, undefined, {
        zh: `从这里起的一条记录超过 ${LONGEST} 个字符:引号没有闭合,或不是 CSV`,
        en: `The record that begins here is longer than ${LONGEST} characters: a quote is not closed, or this is no CSV`,
      })
    return batch
  }

  /** The record that begins at `at`, and where its line ends; undefined where the text breaks off within it. */
  private quoted(text: string, at: number, end: string, last: boolean) {
    const cells: string[] = []
    let stop = -1
    for (let from = at; ; from++) {
      if (text[from] === '"') {
        let close = text.indexOf('"', from + 1)
        const once = close
        while (close >= 0 && text[close + 1] === '"') close = text.indexOf('"', close + 2)
        if (close < 0 && last)
          throw this.broken(this.before + countOf(text.slice(at, from), end) + 1, cells.length + 1, {
            zh: '从这里起的引号没有闭合',
            en: 'The quote that begins here is not closed',
          })
        if (close < 0) return undefined
        const cell = text.slice(from + 1, close)
        cells.push(close === once ? cell : cell.replaceAll('""', '"'))
        from = close + 1
      } else {
        if (stop < from) stop = text.indexOf(end, from)
        if (stop < 0) stop = text.length
        const comma = text.indexOf(',', from)
        const to = comma >= 0 && comma < stop ? comma : text[stop - 1] === '\r' ? stop - 1 : stop
        const cell = text.slice(from, to)
        if (cell.includes('"'))
          throw this.broken(this.before + countOf(text.slice(at, from), end) + 1, cells.length + 1, {
            zh: '单元格里的引号要写两遍,并在单元格两端加引号',
            en: 'A quote within a cell is written twice, and the cell stands in quotes',
          })
        cells.push(cell)
        from = to
      }
      if (text[from] === ',') continue
      if (text[from] === '\r' && end === '\n') from++
      if (from >= text.length) return last ? { cells, stop: from } : undefined
      if (text[from] === end) return { cells, stop: from }
      throw this.broken(this.before + countOf(text.slice(at, from), end) + 1, cells.length, {
        zh: '单元格的引号闭合之后还有文字',
        en: 'Text follows the closing quote of a cell',
      })
    }
  }

  private broken(line: number, column: number | undefined, message: Text) {
    return new InputError([
      { severity: 'error', code: 'broken-csv', file: this.file, line, ...(column && { column }), message },
    ])
  }
}

function countOf(text: string, end: string): number {
  let count = 0
  for (let at = text.indexOf(end); at >= 0; at = text.indexOf(end, at + 1)) count++
  return count
}
