/** The header of a CSV of persons: which fact each column holds. */
import { InputError, type Finding } from '../reading/finding.js'
import { nearest } from '../reading/nearest.js'
import { shown, tidy } from './cells.js'
import type { FactDefinition } from './facts.js'

/** Stands for the slot of the column that holds ids. */
export const ID = -1
const ID_LABELS = ['id', '编号']
/** Stands for the slot of a column that is known and not read. */
export const PASSED_OVER = -2

/**
 * The slot of each column, ID for the id's.
 * @param passedOver names of columns that may be there and are not read
 * @throws InputError as `readPersons`, all mistakes at once
 */
export function readHeader(
  header: string[],
  place: { file: string; line: number },
  facts: readonly FactDefinition[],
  passedOver: readonly string[] = [],
): number[] {
  const findings: Finding[] = []
  const refuse = (code: string, zh: string, en: string, more?: Partial<Finding>) =>
    void findings.push({ severity: 'error', code, ...place, message: { zh, en }, ...more })
  const sign = partedBy(header)
  if (header.length === 0)
    refuse('missing-column', '文件是空的,没有表头', 'The file is empty: it has no header')
  else if (header.some(name => name.includes('\0')))
    refuse(
      'unknown-encoding',
      '文件含有空字符(NUL):可能是没有字节顺序标记的 UTF-16,或不是文本;请另存为 UTF-8',
      'The file holds NUL characters: it is UTF-16 without its mark, or no text. Save it as UTF-8',
      { column: 1 },
    )
  else if (sign !== undefined)
    refuse(
      'broken-csv',
      `单元格以“${shown(sign)}”分隔:CSV 用英文逗号`,
      `The cells are parted by "${shown(sign)}": a CSV has commas`,
      { column: 1 },
    )
  if (findings.length > 0) throw new InputError(findings)
  const known = ['id', ...facts.map(({ name }) => name)]
  const expected = { zh: known.join('、'), en: known.join(', ') }
  const slots = header.map(tidy).map((name, index) => {
    if (ID_LABELS.includes(name)) return ID
    if (passedOver.includes(name)) return PASSED_OVER
    const slot = facts.findIndex(fact => fact.name === name || fact.label.zh === name)
    if (slot >= 0) return slot
    const column = index + 1
    if (name === '') refuse('unknown-column', '这一列没有名称', 'This column has no name', { column })
    else
      refuse('unknown-column', `没有名为“${shown(name)}”的列`, `Unknown column "${shown(name)}"`, {
        column,
        nearest: nearest(name, [...known, ...facts.map(({ label }) => label.zh)]),
        // A list of forty names says nothing new the second time.
        ...(!findings.some(({ expected }) => expected) && { expected }),
      })
    return NaN
  })
  for (const [index, slot] of slots.entries()) {
    const first = slots.indexOf(slot)
    if (Number.isNaN(slot) || slot === PASSED_OVER || first === index) continue
    const [earlier, name] = [header[first], header[index]]
    refuse(
      'duplicate-column',
      `列“${name}”与第 ${first + 1} 列“${earlier}”重复`,
      `The column "${name}" repeats column ${first + 1}, "${earlier}"`,
      { column: index + 1 },
    )
  }
  if (!slots.includes(ID)) refuse('missing-column', '缺少列“id”', 'Column "id" is missing')
  if (findings.length > 0) throw new InputError(findings)
  return slots
}

/** What a header of one cell is parted by, if that cell begins with the id's column. */
const partedBy = (header: string[]): string | undefined =>
  header.length === 1 ? /^\s*(?:id|编号)([;\t,、|])/.exec(header[0])?.[1] : undefined
