/**
 * CSV into checked rows (UTF-8, with or without BOM). Cells are text; a zod schema per row turns them into
 * values (`z.coerce.number()` and the like). Every mistake of a file is reported at once.
 */
import { parse } from 'csv-parse/sync'
import { z } from 'zod'
import { InputError, type Finding } from './finding.js'
import { nearest } from './nearest.js'

/**
 * @param row a `z.strictObject` whose keys are the headers; optional keys may be missing from the header.
 *            An empty cell is handed over as `undefined`.
 * @returns the rows, each with the line of the file it came from (the header is line 1)
 * @throws InputError `broken-csv`, `unknown-column`, `missing-column`, `wrong-value` (all of them at once)
 */
export function readTable<S extends z.ZodObject>(
  text: string,
  file: string,
  row: S,
): (z.output<S> & { line: number })[] {
  let records: { record: string[]; info: { lines: number } }[]
  try {
    records = parse(text, {
      bom: true,
      info: true,
      relax_column_count: false,
      skip_empty_lines: true,
    }) as unknown as typeof records
  } catch (error) {
    const { lines, message } = error as { lines?: number; message: string }
    throw new InputError([
      {
        severity: 'error',
        code: 'broken-csv',
        file,
        line: lines,
        message: { zh: `CSV 格式有误:${message}`, en: `This is not valid CSV: ${message}` },
      },
    ])
  }
  const findings: Finding[] = []
  const header = records[0]?.record ?? []
  const known = Object.keys(row.shape)
  for (const [index, name] of header.entries())
    if (!known.includes(name))
      findings.push({
        severity: 'error',
        code: 'unknown-column',
        file,
        line: 1,
        column: index + 1,
        message: { zh: `没有名为“${name}”的列`, en: `Unknown column "${name}"` },
        nearest: nearest(name, known),
        expected: { zh: known.join('、'), en: known.join(', ') },
      })
  for (const name of known)
    if (!header.includes(name) && !(row.shape[name] as z.ZodType).safeParse(undefined).success)
      findings.push({
        severity: 'error',
        code: 'missing-column',
        file,
        line: 1,
        message: { zh: `缺少列“${name}”`, en: `Column "${name}" is missing` },
      })
  const rows: (z.output<S> & { line: number })[] = []
  if (findings.length === 0)
    for (const { record, info } of records.slice(1)) {
      const cells = Object.fromEntries(
        header.map((name, index) => [name, record[index] === '' ? undefined : record[index]]),
      )
      const parsed = row.safeParse(cells)
      if (parsed.success) rows.push({ ...parsed.data, line: info.lines } as z.output<S> & { line: number })
      else
        for (const issue of parsed.error.issues)
          findings.push({
            severity: 'error',
            code: 'wrong-value',
            file,
            line: info.lines,
            column: header.indexOf(String(issue.path[0])) + 1 || undefined,
            message: {
              zh: `“${String(issue.path[0])}”:${z.locales.zhCN().localeError(issue as z.core.$ZodRawIssue) as string}`,
              en: `${String(issue.path[0])}: ${issue.message}`,
            },
          })
    }
  if (findings.length > 0) throw new InputError(findings)
  return rows
}
