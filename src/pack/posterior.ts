/** The rows that calibration wrote: calibrated.csv, whose sha256 stands in calibrated.sha256. */
import { parse } from 'csv-parse/sync'
import { InputError, type Finding } from '../reading/finding.js'
import type { Pack } from './pack.js'

/**
 * @returns the columns and rows, all numbers
 * @throws InputError `missing-file` (no hash beside it), `hash-mismatch`, `broken-csv`, `wrong-value`
 */
export function readPosterior(
  files: ReadonlyMap<string, string>,
  hash: (text: string) => string,
): NonNullable<Pack['calibrated']> {
  const file = 'calibrated.csv'
  const text = files.get(file) ?? ''
  const stated = files.get('calibrated.sha256')?.trim().split(/\s/)[0]
  const sha256 = hash(text)
  const fix = {
    zh: '用 menkan calibrate 重新生成这两个文件',
    en: 'menkan calibrate makes both files again',
  }
  if (stated === undefined)
    throw refusal({
      code: 'missing-file',
      file: 'calibrated.sha256',
      message: { zh: '校准结果缺少它的哈希文件', en: 'The calibrated rows lack the file with their hash' },
      fix,
    })
  if (stated !== sha256)
    throw refusal({
      code: 'hash-mismatch',
      file,
      message: {
        zh: `内容与 calibrated.sha256 不符(${sha256.slice(0, 12)}… ≠ ${stated.slice(0, 12)}…)`,
        en: `The content does not match calibrated.sha256 (${sha256.slice(0, 12)}… is not ${stated.slice(0, 12)}…)`,
      },
      fix,
    })
  let records: string[][]
  try {
    records = parse(text, { bom: true, skip_empty_lines: true }) as string[][]
  } catch (error) {
    const { message, lines } = error as { message: string; lines?: number }
    throw refusal({
      code: 'broken-csv',
      file,
      line: lines,
      message: { zh: `CSV 格式有误:${message}`, en: `This is not valid CSV: ${message}` },
    })
  }
  const [columns = [], ...body] = records
  const rows = body.map(cells => cells.map(cell => (cell === '' ? NaN : Number(cell))))
  const bad = rows.flatMap((row, index) => {
    const column = row.findIndex(value => !Number.isFinite(value))
    return column < 0 ? [] : [{ line: index + 2, column: column + 1, cell: body[index][column] }]
  })
  if (bad.length > 0)
    throw new InputError(
      bad.map(({ line, column, cell }) => ({
        severity: 'error',
        code: 'wrong-value',
        file,
        line,
        column,
        message: { zh: `“${cell}”不是数值`, en: `"${cell}" is not a number` },
      })),
    )
  return { columns, rows, sha256 }
}

const refusal = (finding: Omit<Finding, 'severity'>) => new InputError([{ severity: 'error', ...finding }])
