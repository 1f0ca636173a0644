/**
 * CSV that arrives in pieces, into records: memory holds a piece and the record that it breaks off in, never the file.
 */
import { parse } from 'csv-parse/sync'
import { InputError } from './finding.js'

/** Characters of the longest record that is taken for one: beyond it a quote is open or the file is no CSV. */
const LONGEST = 1 << 20

export interface Batch {
  records: string[][]
  /** The line of the file, from 1, on which a record of this batch ends. */
  line(index: number): number
}

export class Records {
  private rest = ''
  /** Lines of the file before `rest`. */
  private lines = 0
  /** LF (with or without CR), or CR alone; known once one has been seen. */
  private end: '\n' | '\r' | undefined

  constructor(private readonly file: string) {}

  /**
   * The records that are whole with this piece; empty lines are left out. Quotes and line ends as in RFC 4180, line
   * ends also LF or CR alone.
   *
   * @param last nothing follows
   * @throws InputError `broken-csv` with the line
   */
  read(piece: string, last: boolean): Batch {
    const text = this.rest + piece
    // A piece may break off between CR and LF.
    this.end ??= text.includes('\n') ? '\n' : /\r[^]/.test(text) ? '\r' : undefined
    const end = this.end ?? '\n'
    const quoted = text.includes('"')
    const cut = last ? text.length : quoted ? lastEnd(text, end) : text.lastIndexOf(end) + 1
    const whole = text.slice(0, cut)
    const before = this.lines
    this.rest = text.slice(cut)
    this.lines += countOf(whole, end)
    if (this.rest.length > LONGEST)
      throw this.broken(this.lines + 1, {
        zh: `从这里起的一条记录超过 ${LONGEST} 个字符:引号没有闭合,或不是 CSV`,
        en: `The record that begins here is longer than ${LONGEST} characters: a quote is not closed, or this is no CSV`,
      })
    return quoted ? this.parsed(whole, end, before) : split(whole, end, before)
  }

  private parsed(text: string, end: string, before: number): Batch {
    const options = {
      relax_column_count: true,
      skip_empty_lines: true,
      record_delimiter: end === '\r' ? end : ['\r\n', end],
    }
    // Places cost the parser as much again as records, so they are asked for only where a record is refused.
    let lines: number[] | undefined
    const all = () => linesOf(text, end, parse(text, { ...options, info: true }) as unknown as Informed[])
    try {
      const records = parse(text, options) as unknown as string[][]
      return { records, line: index => before + (lines ??= all())[index] }
    } catch (error) {
      const { code, lines: line = 1, message } = error as { code: string; lines?: number; message: string }
      if (code === 'CSV_QUOTE_NOT_CLOSED')
        throw this.broken(before + countOf(text.slice(0, lastEnd(text, end)), end) + 1, {
          zh: '从这里起的一条记录有引号没有闭合',
          en: 'A quote of the record that begins here is not closed',
        })
      throw this.broken(before + line, {
        zh: `CSV 格式有误:${message}`,
        en: `This is not valid CSV: ${message}`,
      })
    }
  }

  private broken(line: number, message: { zh: string; en: string }) {
    return new InputError([{ severity: 'error', code: 'broken-csv', file: this.file, line, message }])
  }
}

interface Informed {
  info: { bytes: number }
}

/** By the bytes read up to the end of each record. The parser's own lines count a CRLF within quotes twice. */
function linesOf(text: string, end: string, records: readonly Informed[]): number[] {
  const bytes = new TextEncoder().encode(text)
  const code = end.charCodeAt(0)
  let at = 0
  let line = 1
  return records.map(({ info }) => {
    for (; at < info.bytes - 1; at++) if (bytes[at] === code) line++
    return line
  })
}

/** Without a quote every comma parts two cells and every line end two records. */
function split(text: string, end: string, before: number): Batch {
  const records: string[][] = []
  const lines: number[] = []
  if (text === '') return { records, line: () => before }
  for (const [index, line] of text.split(end).entries()) {
    const plain = line.endsWith('\r') ? line.slice(0, -1) : line
    if (plain === '') continue
    records.push(plain.split(','))
    lines.push(before + index + 1)
  }
  return { records, line: index => lines[index] }
}

/** The place after the last line end that is not within quotes. */
function lastEnd(text: string, end: string): number {
  let cut = 0
  for (let from = 0; ;) {
    const open = text.indexOf('"', from)
    const outside = text.lastIndexOf(end, open < 0 ? text.length : open)
    if (outside >= from) cut = outside + 1
    const close = open < 0 ? -1 : text.indexOf('"', open + 1)
    if (close < 0) return cut
    from = close + 1
  }
}

function countOf(text: string, end: string): number {
  let count = 0
  for (let at = text.indexOf(end); at >= 0; at = text.indexOf(end, at + 1)) count++
  return count
}
