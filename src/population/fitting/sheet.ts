/** A CSV that arrives in pieces, row by row: header first, cells made plain, what is wrong gathered. */
import { InputError, type Finding } from '../../reading/finding.js'
import { Records } from '../../reading/records.js'

/** Mistakes of one kind that are told one by one. */
const TOLD = 10

/** Findings of a file, of each kind the first few and how many more. */
export class Mistakes {
  private readonly findings: Finding[] = []
  private readonly counts = new Map<string, number>()

  constructor(readonly file: string) {}

  add(code: string, zh: string, en: string, more: Partial<Finding> = {}): void {
    const count = (this.counts.get(code) ?? 0) + 1
    this.counts.set(code, count)
    if (count <= TOLD)
      this.findings.push({ severity: 'error', code, file: this.file, message: { zh, en }, ...more })
  }

  get isEmpty(): boolean {
    return this.counts.size === 0
  }

  /** @throws InputError with all of them, if there are any */
  settle(): void {
    if (this.isEmpty) return
    const left = [...this.counts].filter(([, count]) => count > TOLD)
    throw new InputError([
      ...this.findings,
      ...left.map(([code, count]): Finding => ({
        severity: 'error',
        code: 'more-mistakes',
        file: this.file,
        message: {
          zh: `另有 ${count - TOLD} 处同类错误(${code})未列出`,
          en: `${count - TOLD} more mistakes of this kind (${code}) are not listed`,
        },
      })),
    ])
  }
}

/** Full-width digits and letters as the plain ones, no blanks around. */
export const plainCell = (cell: string): string =>
  /^[!-~]*$/.test(cell) ? cell : cell.normalize('NFKC').trim()

/**
 * A count as it is written: digits, a point, thousands separators, an exponent. A minus is read, for whoever refuses it.
 * @returns undefined where the cell is no number
 */
export function countIn(cell: string): number | undefined {
  const text = plainCell(cell)
  const digits = /^[+-]?\d{1,3}(,\d{3})+(\.\d*)?$/.test(text) ? text.replaceAll(',', '') : text
  return /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(digits) && Number.isFinite(Number(digits))
    ? Number(digits)
    : undefined
}

export interface SheetSink {
  /** Names of the columns. */
  header(names: string[]): void
  /** A row that is as long as the header. The cells are as written. */
  row(cells: string[], line: number): void
}

export class Sheet {
  private readonly records: Records
  private columns: number | undefined

  constructor(
    private readonly mistakes: Mistakes,
    private readonly sink: SheetSink,
  ) {
    this.records = new Records(mistakes.file)
  }

  /**
   * @param last nothing follows
   * @throws InputError `broken-csv`, `empty-file`, `duplicate-column`
   */
  read(piece: string, last: boolean): void {
    const isFirst = this.columns === undefined
    const { records, lines } = this.records.read(isFirst ? piece.replace(/^\uFEFF/, '') : piece, last)
    let from = 0
    if (isFirst && records.length > 0) {
      this.begin(records[0])
      from = 1
    }
    for (let at = from; at < records.length; at++)
      if (records[at].length === this.columns) this.sink.row(records[at], lines[at])
      else
        this.mistakes.add(
          'wrong-length',
          '单元格数与表头不符',
          'The row has not as many cells as the header',
          {
            line: lines[at],
          },
        )
    if (last && this.columns === undefined) {
      this.mistakes.add('empty-file', '文件是空的', 'The file is empty')
      this.mistakes.settle()
    }
  }

  private begin(header: string[]): void {
    if (header[0].startsWith('PK\u0003\u0004')) {
      this.mistakes.add('broken-csv', '这是工作簿(XLSX)或压缩包', 'This is a workbook (XLSX) or an archive', {
        expected: { zh: 'CSV:请另存为 CSV', en: 'CSV: save the sheet as CSV' },
      })
      this.mistakes.settle()
    }
    const names = header.map(plainCell)
    for (const [index, name] of names.entries())
      if (names.indexOf(name) < index)
        this.mistakes.add('duplicate-column', `列“${name}”重复`, `The column "${name}" stands twice`, {
          line: 1,
          column: index + 1,
        })
    this.mistakes.settle()
    this.columns = names.length
    this.sink.header(names)
  }
}
