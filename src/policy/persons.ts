/** A CSV of persons into rows of facts. Headers are fact names or their labels; an empty cell is "unknown". */
import { parse } from 'csv-parse/sync'
import type { Area } from '../pack/pack.js'
import { InputError, type Finding } from '../reading/finding.js'
import { nearest } from '../reading/nearest.js'
import { indexOfArea } from './compile.js'
import type { FactDefinition } from './facts.js'
import type { FactRow, Law } from './policy.js'
import { givenFacts } from './supply.js'

export interface Persons {
  ids: string[]
  /** One a person, as long as the policy's facts; NaN unknown. */
  rows: FactRow[]
  /** Slots of the facts that have a column. */
  columns: Set<number>
  /** One finding a mistake of a refused row: `wrong-cell`, `missing-id`, `duplicate-id`, `wrong-length`. */
  refused: Finding[]
}

const ID_LABELS = ['id', '编号']

/**
 * @param facts those of the policy: a column that no rule needs is taken if it is one of them
 * @param areas the pack's; a cell may hold an area's id, code, name or alias
 * @throws InputError `broken-csv`, `unknown-column`, `duplicate-column`, `missing-column` (no id), all at once
 */
export function readPersons(
  text: string,
  file: string,
  facts: readonly FactDefinition[],
  areas: readonly Area[],
): Persons {
  const [header, ...body] = records(text, file)
  const slots = readHeader(header?.record ?? [], file, facts)
  const cells = slots.map(slot => (slot === ID ? undefined : cellReader(facts[slot], areas)))
  const persons: Persons = {
    ids: [],
    rows: [],
    columns: new Set(slots.filter(slot => slot !== ID)),
    refused: [],
  }
  const seen = new Set<string>()
  const all = new Float64Array(body.length * facts.length).fill(NaN)
  for (const { record, info } of body) {
    const mistakes: Finding[] = []
    const refuse = (code: string, zh: string, en: string, column?: number, more?: Partial<Finding>) =>
      void mistakes.push({
        severity: 'error',
        code,
        file,
        line: info.lines,
        column,
        message: { zh, en },
        ...more,
      })
    const row = all.subarray(persons.rows.length * facts.length, (persons.rows.length + 1) * facts.length)
    const id = tidy(record[slots.indexOf(ID)] ?? '')
    if (record.length !== slots.length)
      refuse('wrong-length', '单元格数与表头不符', 'The row has not as many cells as the header')
    else if (id === '') refuse('missing-id', '缺少编号 id', 'The id is missing', slots.indexOf(ID) + 1)
    else if (seen.has(id))
      refuse('duplicate-id', `编号“${id}”重复`, `The id "${id}" stands twice`, slots.indexOf(ID) + 1)
    else
      for (const [index, slot] of slots.entries()) {
        const cell = tidy(record[index])
        if (slot === ID || cell === '') continue
        const value = cells[index]!(cell)
        if (value !== undefined) row[slot] = value
        else
          refuse(
            'wrong-cell',
            `“${facts[slot].name}”不能是“${record[index]}”`,
            `"${facts[slot].name}" cannot be "${record[index]}"`,
            index + 1,
            expectedOf(facts[slot], areas, cell),
          )
      }
    if (mistakes.length > 0) {
      row.fill(NaN)
      persons.refused.push(...mistakes)
      continue
    }
    seen.add(id)
    persons.ids.push(id)
    persons.rows.push(row)
  }
  return persons
}

/** Facts that the law reads and the file has no column for, with the channels that need them. */
export function missingFacts(law: Law, columns: ReadonlySet<number>): Map<number, string[]> {
  const missing = new Map<number, string[]>()
  for (const channel of law.channels)
    for (const slot of givenFacts(law.declared, channel.facts, columns))
      if (!columns.has(slot)) missing.set(slot, [...(missing.get(slot) ?? []), channel.id])
  return missing
}

const ID = -1

function records(text: string, file: string): { record: string[]; info: { lines: number } }[] {
  try {
    return parse(text, {
      bom: true,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
    }) as unknown as ReturnType<typeof records>
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
}

/** The slot of each column, ID for the id's. */
function readHeader(header: string[], file: string, facts: readonly FactDefinition[]): number[] {
  const findings: Finding[] = []
  const at = (index: number) => ({ severity: 'error' as const, file, line: 1, column: index + 1 })
  const known = ['id', ...facts.map(({ name }) => name)]
  const slots = header.map(tidy).map((name, index) => {
    if (ID_LABELS.includes(name)) return ID
    const slot = facts.findIndex(fact => fact.name === name || fact.label.zh === name)
    if (slot < 0)
      findings.push({
        ...at(index),
        code: 'unknown-column',
        message: { zh: `没有名为“${name}”的列`, en: `Unknown column "${name}"` },
        nearest: nearest(name, [...known, ...facts.map(({ label }) => label.zh)]),
        expected: { zh: known.join('、'), en: known.join(', ') },
      })
    return slot < 0 ? NaN : slot
  })
  for (const [index, slot] of slots.entries())
    if (!Number.isNaN(slot) && slots.indexOf(slot) < index)
      findings.push({
        ...at(index),
        code: 'duplicate-column',
        message: { zh: `列“${header[index]}”重复`, en: `The column "${header[index]}" stands twice` },
      })
  if (!slots.includes(ID))
    findings.push({
      severity: 'error',
      code: 'missing-column',
      file,
      line: 1,
      message: { zh: '缺少列“id”', en: 'Column "id" is missing' },
    })
  if (findings.length > 0) throw new InputError(findings)
  return slots
}

/** Full-width digits, letters and spaces are read as the plain ones. */
export const tidy = (cell: string): string => cell.normalize('NFKC').trim()

const TRUTH: Record<string, number> = { true: 1, 是: 1, yes: 1, '1': 1, false: 0, 否: 0, no: 0, '0': 0 }

/** Text of a cell to the number of its slot, undefined where the fact has no such value. */
export function cellReader(
  fact: FactDefinition,
  areas: readonly Area[],
): (cell: string) => number | undefined {
  const { type, valueLabels = [] } = fact
  switch (type.kind) {
    case 'boolean':
      return cell => TRUTH[cell.toLowerCase()]
    case 'number':
      return cell => {
        const value = /^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(cell) ? Number(cell) : NaN
        return value >= type.min && value <= type.max ? value : undefined
      }
    case 'area':
      return cell => indexOfArea(areas, cell)
    default: {
      const codes = new Map<string, number>()
      for (const [code, { zh, en }] of valueLabels.entries()) codes.set(tidy(zh), code).set(en, code)
      for (const [code, value] of type.values.entries()) codes.set(value, code)
      return cell => codes.get(cell) ?? codes.get(cell.toLowerCase())
    }
  }
}

export function expectedOf(
  { type, valueLabels, unit }: FactDefinition,
  areas: readonly Area[],
  cell: string,
): Partial<Finding> {
  if (type.kind === 'boolean')
    return { expected: { zh: '是/否(true/false、1/0)', en: 'true/false (or 1/0)' } }
  if (type.kind === 'number') {
    const range = `${type.min} … ${type.max}${unit ? ` ${unit}` : ''}`
    return { expected: { zh: `数,${range}`, en: `a number, ${range}` } }
  }
  const values = type.kind === 'area' ? areas.map(({ id }) => id) : type.values
  const labels =
    type.kind === 'area' ? areas.map(({ name }) => name.zh) : (valueLabels ?? []).map(({ zh }) => zh)
  return {
    expected: { zh: (labels.length > 0 ? labels : values).join('、'), en: values.join(', ') },
    nearest: nearest(cell, [...values, ...labels]),
  }
}
