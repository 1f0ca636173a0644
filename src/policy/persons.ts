/** A CSV of persons into rows of facts. Headers are fact names or their labels; an empty cell is "unknown". */
import type { Area } from '../pack/pack.js'
import { InputError, type Finding } from '../reading/finding.js'
import { nearest } from '../reading/nearest.js'
import { Records } from '../reading/records.js'
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
  const persons: Persons = { ids: [], rows: [], columns: new Set(), refused: [] }
  const reader = new PersonReader(file, facts, areas, {
    header: columns => void (persons.columns = columns),
    person(id, row) {
      persons.ids.push(id)
      persons.rows.push(row.slice())
    },
    refused: mistakes => void persons.refused.push(...mistakes),
  })
  reader.read(text, true)
  return persons
}

/** Whoever takes in what is read. */
export interface PersonSink {
  /** Called once, before any person: slots of the facts that have a column. */
  header(columns: Set<number>): void
  /** @param row written anew for the next person */
  person(id: string, row: FactRow): void
  /** Everything that is wrong with one row. */
  refused(mistakes: Finding[]): void
}

/** Persons of a CSV that arrives in pieces, in their order. Beside a piece, memory holds the ids alone. */
export class PersonReader {
  private readonly records: Records
  private readonly ids = new Ids()
  private readonly row: FactRow
  private slots: number[] | undefined
  private cells: ((cell: string) => number | undefined)[] = []

  constructor(
    private readonly file: string,
    private readonly facts: readonly FactDefinition[],
    private readonly areas: readonly Area[],
    private readonly sink: PersonSink,
  ) {
    this.records = new Records(file)
    this.row = new Float64Array(facts.length)
  }

  /**
   * @param last nothing follows
   * @throws InputError as `readPersons`
   */
  read(piece: string, last: boolean): void {
    const { records, lines } = this.records.read(this.slots ? piece : piece.replace(/^\uFEFF/, ''), last)
    const first = this.slots ? 0 : 1
    if (!this.slots && (records.length > 0 || last)) this.begin(records[0] ?? [])
    for (let index = first; index < records.length; index++) {
      const mistakes = this.take(records[index])
      if (mistakes.length > 0)
        this.sink.refused(mistakes.map(mistake => ({ ...mistake, line: lines[index] })))
    }
  }

  private begin(header: string[]): void {
    const { facts, areas, file } = this
    this.slots = readHeader(header, file, facts)
    this.cells = this.slots.map(slot =>
      slot === ID ? () => undefined : remembered(cellReader(facts[slot], areas)),
    )
    this.sink.header(new Set(this.slots.filter(slot => slot !== ID)))
  }

  /** One record to the sink, or what is wrong with it. */
  private take(record: string[]): Finding[] {
    const { facts, row, cells } = this
    const slots = this.slots!
    const mistakes: Finding[] = []
    const refuse = (code: string, zh: string, en: string, column?: number, more?: Partial<Finding>) =>
      void mistakes.push({ severity: 'error', code, file: this.file, column, message: { zh, en }, ...more })
    const at = slots.indexOf(ID)
    const id = tidy(record[at] ?? '')
    if (record.length !== slots.length)
      refuse('wrong-length', '单元格数与表头不符', 'The row has not as many cells as the header')
    else if (id === '') refuse('missing-id', '缺少编号 id', 'The id is missing', at + 1)
    else if (this.ids.has(id))
      refuse('duplicate-id', `编号“${id}”重复`, `The id "${id}" stands twice`, at + 1)
    else {
      row.fill(NaN)
      for (let index = 0; index < slots.length; index++) {
        const [slot, written] = [slots[index], record[index]]
        if (slot === ID) continue
        const value = cells[index](written)
        if (value !== undefined) row[slot] = value
        else
          refuse(
            'wrong-cell',
            `“${facts[slot].name}”不能是“${written}”`,
            `"${facts[slot].name}" cannot be "${written}"`,
            index + 1,
            expectedOf(facts[slot], this.areas, tidy(written)),
          )
      }
    }
    if (mistakes.length > 0) return mistakes
    this.ids.add(id)
    this.sink.person(id, row)
    return mistakes
  }
}

/** Ids that have been seen. One set of the engine ends at 2²⁴ members. */
class Ids {
  private readonly sets = [new Set<string>()]

  has = (id: string): boolean => this.sets.some(set => set.has(id))

  add(id: string): void {
    if (this.sets[0].size >= 1 << 23) this.sets.unshift(new Set())
    this.sets[0].add(copy(id))
  }
}

/** A text of its own: the engine would let a part of a piece hold the whole piece in memory. */
const copy = (text: string): string => ` ${text}`.slice(1)

/** The values of a column repeat: each is read once, as long as there are not too many. NaN: an empty cell. */
function remembered(read: (cell: string) => number | undefined): (cell: string) => number | undefined {
  const known = new Map<string, number | undefined>()
  return written => {
    const value = known.get(written)
    if (value !== undefined) return value
    const cell = tidy(written)
    const found = cell === '' ? NaN : read(cell)
    if (found !== undefined && known.size < 4096) known.set(copy(written), found)
    return found
  }
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
export const tidy = (cell: string): string => (/^[!-~]*$/.test(cell) ? cell : cell.normalize('NFKC').trim())

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
