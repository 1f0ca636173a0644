/** Rows of persons, one by one: nothing of a row is kept but the ids that were seen. */
import type { Column } from './columns.js'
import type { Reading } from './trouble.js'
import { tidy } from './cell.js'
import { totalFinding, type Outcome, type Reason } from './outcome.js'
import { decimal } from './number.js'
import { UNKNOWN } from './words.js'
import { csvLine } from './line.js'

/** One written column: its reader, and where it stands. */
export interface Taken {
  column: Extract<Column, { to: unknown }>
  read(cell: string): Reading
}

export class PersonRows {
  private readonly ids = new Ids()
  /** Of the columns of figures, by their place in a line. */
  private readonly sums: { k: number; sum: number }[]
  private readonly idAt: number

  /** @param hash of an id; without one ids stay as they are */
  constructor(
    private readonly taken: readonly Taken[],
    private readonly file: string,
    private readonly outcome: Outcome,
    private readonly hash: ((id: string) => string) | undefined,
  ) {
    this.sums = taken.flatMap(({ column }, k) => (column.to.type.kind === 'number' ? [{ k, sum: 0 }] : []))
    this.idAt = taken.find(({ column }) => column.to.name === 'id')!.column.index
  }

  readonly header = () => csvLine(this.taken.map(({ column }) => column.to.name))

  /** @returns the line to write, empty for a refused row */
  take(row: readonly string[], number: number): string {
    const { outcome, taken } = this
    const id = idOf(row[this.idAt] ?? '')
    const cells: string[] = []
    const troubles: [number, Exclude<Reading, string>][] = []
    let refusal: Reason | undefined =
      id.wrong ?? (this.ids.has(id.text) ? ('duplicate-id' as const) : undefined)
    for (let k = 0; k < taken.length; k++) {
      const { column, read } = taken[k]
      const { kind } = column.to.type
      const written = row[column.index] ?? ''
      if (kind === 'id') {
        const text = column.index === this.idAt ? id.text : idOf(written).text
        cells.push(text === '' ? '' : this.hash ? this.hash(text) : text)
        continue
      }
      const reading = read(written)
      if (kind === 'area')
        refusal ??=
          reading === ''
            ? 'missing-area'
            : typeof reading === 'string'
              ? undefined
              : (reading.code as 'unknown-area')
      if (typeof reading === 'string') cells.push(reading)
      else {
        cells.push('')
        troubles.push([k, reading])
      }
    }
    for (const one of this.sums) one.sum += Number(cells[one.k])
    if (refusal) {
      outcome.refuse(number, refusal)
      return ''
    }
    for (const [k, { code }] of troubles) outcome.empty(number, taken[k].column.to.name, code)
    this.ids.add(id.text)
    outcome.rows++
    return csvLine(cells)
  }

  /** A row of totals against the sums of all rows before it. */
  total(row: readonly string[], number: number): void {
    for (const { k, sum } of this.sums) {
      const { column } = this.taken[k]
      const printed = decimal(tidy(row[column.index] ?? ''), column.scale.power)
      if (printed === undefined) continue
      const difference = Math.abs(Number(printed) - sum)
      this.outcome.findings.push(
        totalFinding(this.file, number, column.to.name, difference <= 1e-9 * Math.abs(sum)),
      )
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
