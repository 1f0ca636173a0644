/** What an import has to tell: refused rows, emptied cells, rows that were no data. Never what stood in them. */
import type { Finding } from '../../reading/finding.js'
import type { Text } from '../../reading/text.js'
import type { Aside } from './layout.js'
import { TROUBLES, type TroubleCode } from './trouble.js'

export const REASONS = {
  'missing-id': { zh: '缺少编号', en: 'the id is missing' },
  'duplicate-id': { zh: '编号与前面某行相同', en: 'the id stands in a row before' },
  'formula-id': { zh: '编号是公式', en: 'the id is a formula' },
  'mangled-id': { zh: '编号被电子表格改成了科学计数', en: 'a spreadsheet has turned the id into 4.4E+17' },
  'missing-area': { zh: '缺少地区', en: 'the area is missing' },
  'unknown-area': { zh: '地区不在数据包中', en: 'the area is none of the pack' },
  'undeclared-area': {
    zh: '未说明该地区的行是否包含另一地区(在映射文件 holding 下写 with 或 without)',
    en: 'whether rows of this area hold another one is not said (with or without, under holding of the mapping)',
  },
  'holds-another-area': {
    zh: '该行包含另一地区,而没有可以从中减去的那一行',
    en: 'the row holds another area, and there is no row of that one to take out',
  },
} satisfies Record<string, Text>
export type Reason = keyof typeof REASONS

/** Cells named one by one; beyond it only their number. */
const NAMED = 10_000
/** Row numbers that a message names. */
const SHOWN = 8

export interface Emptied {
  row: number
  /** The field that the cell belonged to. */
  column: string
  reason: TroubleCode
}

export class Outcome {
  /** Rows written. */
  rows = 0
  readonly refused: { row: number; reason: Reason }[] = []
  readonly emptied: Emptied[] = []
  readonly leftOut: { row: number; reason: Exclude<Aside, 'blank'> }[] = []
  readonly findings: Finding[] = []
  /** By field and trouble: how many cells, and the first rows. */
  private readonly cells = new Map<
    string,
    { column: string; code: TroubleCode; count: number; rows: number[] }
  >()

  constructor(private readonly file: string) {}

  refuse(row: number, reason: Reason): void {
    this.refused.push({ row, reason })
  }

  empty(row: number, column: string, reason: TroubleCode): void {
    if (this.emptied.length < NAMED) this.emptied.push({ row, column, reason })
    const key = `${column} ${reason}`
    let entry = this.cells.get(key)
    if (!entry) this.cells.set(key, (entry = { column, code: reason, count: 0, rows: [] }))
    entry.count++
    if (entry.rows.length < SHOWN) entry.rows.push(row)
  }

  leaveOut(row: number, reason: Aside): void {
    if (reason !== 'blank') this.leftOut.push({ row, reason })
  }

  /** One finding a column and trouble, and whatever else was found, in this order. */
  told(): Finding[] {
    const emptied = [...this.cells.values()].map(({ column, code, count, rows }): Finding => {
      const more = count > rows.length
      return {
        severity: 'warning',
        code,
        file: this.file,
        line: rows[0],
        message: {
          zh: `“${column}”有 ${count} 个单元格${TROUBLES[code].zh},已留空:第 ${rows.join('、')}${more ? ' …' : ''} 行`,
          en: `"${column}": ${count} ${count === 1 ? 'cell' : 'cells'} left empty, each ${TROUBLES[code].en}: ${rows.length > 1 ? 'rows' : 'row'} ${rows.join(', ')}${more ? ' …' : ''}`,
        },
      }
    })
    return [...emptied, ...this.findings]
  }
}

/** Sums of a column of figures, and what a row of totals says of them. */
export function totalFinding(file: string, row: number, column: string, sums: boolean): Finding {
  return sums
    ? {
        severity: 'note',
        code: 'total-row',
        file,
        line: row,
        message: {
          zh: `合计行,未写入;“${column}”与各行之和一致`,
          en: `A row of totals, not written; "${column}" is the sum of the rows`,
        },
      }
    : {
        severity: 'warning',
        code: 'total-does-not-match',
        file,
        line: row,
        message: {
          zh: `合计行,未写入;“${column}”不等于各行之和`,
          en: `A row of totals, not written; "${column}" is not the sum of the rows`,
        },
      }
}
