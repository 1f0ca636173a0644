/** Rows of persons, one by one: nothing of a row is kept but the ids that were seen. */
import type { Column } from './columns.js'
import type { Reading, TroubleCode } from './trouble.js'
import { tidy } from './cell.js'
import { totalFinding, type Outcome, type Reason } from './outcome.js'
import { decimal } from './number.js'
import { UNKNOWN } from './words.js'
import { csvCell, csvLine } from './line.js'
import type { FieldType } from './field.js'

/** One written column: its reader, and where it stands. */
export interface Taken {
  column: Extract<Column, { to: unknown }>
  read(cell: string): Reading
}

/** What is asked of a column for every row, laid ready. */
interface Slot {
  name: string
  index: number
  kind: FieldType['kind']
  read(cell: string): Reading
  sum: number
}

export class PersonRows {
  private readonly ids = new Ids()
  private readonly slots: readonly Slot[]
  private readonly idAt: number

  /** @param hash of an id; without one ids stay as they are */
  constructor(
    private readonly taken: readonly Taken[],
    private readonly file: string,
    private readonly outcome: Outcome,
    private readonly hash: ((id: string) => string) | undefined,
  ) {
    this.slots = taken.map(({ column: { index, to }, read }) => ({
      name: to.name,
      index,
      kind: to.type.kind,
      read,
      sum: 0,
    }))
    this.idAt = this.slots.find(({ name }) => name === 'id')!.index
  }

  readonly header = () => csvLine(this.slots.map(({ name }) => name))

  /** @returns the line to write, empty for a refused row */
  take(row: readonly string[], number: number): string {
    const { outcome } = this
    const id = idOf(row[this.idAt] ?? '')
    let refusal: Reason | undefined = id.wrong ?? (this.ids.has(id.text) ? 'duplicate-id' : undefined)
    let troubles: [name: string, code: TroubleCode][] | undefined
    let line = ''
    for (const slot of this.slots) {
      const written = row[slot.index] ?? ''
      let text = ''
      if (slot.kind === 'id') {
        if (!refusal) text = this.idText(slot.index === this.idAt ? id.text : idOf(written).text)
      } else {
        const reading = slot.read(written)
        if (typeof reading === 'string') text = slot.kind === 'text' ? csvCell(reading) : reading
        else if (slot.kind === 'area') refusal ??= reading.code as Reason
        else (troubles ??= []).push([slot.name, reading.code])
        if (slot.kind === 'area' && reading === '') refusal ??= 'missing-area'
        if (slot.kind === 'number') slot.sum += Number(text)
      }
      line += line === '' && slot === this.slots[0] ? text : ',' + text
    }
    if (refusal) {
      outcome.refuse(number, refusal)
      return ''
    }
    if (troubles) for (const [name, code] of troubles) outcome.empty(number, name, code)
    this.ids.add(id.text)
    outcome.rows++
    return line + '\n'
  }

  private readonly idText = (id: string): string => (id === '' ? '' : this.hash ? this.hash(id) : csvCell(id))

  /** A row of totals against the sums of all rows before it. */
  total(row: readonly string[], number: number): void {
    for (const [k, { sum, kind, name }] of this.slots.entries()) {
      const { column } = this.taken[k]
      const printed =
        kind === 'number' ? decimal(tidy(row[column.index] ?? ''), column.scale.power) : undefined
      if (printed === undefined) continue
      const difference = Math.abs(Number(printed) - sum)
      this.outcome.findings.push(totalFinding(this.file, number, name, difference <= 1e-9 * Math.abs(sum)))
    }
  }
}

/** An id as text: a spreadsheet's leading apostrophe is none of it. */
function idOf(cell: string): { text: string; wrong?: 'missing-id' | 'formula-id' | 'mangled-id' } {
  const text = tidy(cell).replace(/^'/, '')
  if (text === '' || UNKNOWN.has(text.toLowerCase())) return { text: '', wrong: 'missing-id' }
  if (/^[=+@\t-]/.test(text)) return { text: '', wrong: 'formula-id' }
  return /^\d(?:\.\d+)?e\+?\d+$/i.test(text) ? { text: '', wrong: 'mangled-id' } : { text }
}

/** Ids that have been seen. One set of the engine ends at 2²⁴ members. */
class Ids {
  private readonly sets = [new Set<string>()]

  has = (id: string): boolean => this.sets.some(set => set.has(id))

  add(id: string): void {
    if (this.sets[0].size >= 1 << 23) this.sets.unshift(new Set())
    // A part of a piece would hold the whole piece in memory.
    this.sets[0].add(` ${id}`.slice(1))
  }
}
