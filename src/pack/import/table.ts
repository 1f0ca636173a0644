/** Tables of counts and margins: few rows, held in memory, written long, one figure a line. */
import type { Text } from '../../reading/text.js'
import type { Area } from '../pack.js'
import { holderOf } from './area.js'
import { tidy } from './cell.js'
import { nameOf, type Column } from './columns.js'
import type { Form } from './field.js'
import { csvLine } from './line.js'
import { decimal } from './number.js'
import { totalFinding, type Outcome } from './outcome.js'
import type { Taken } from './persons.js'
import type { Reading } from './trouble.js'
import { PERIOD, windowOf } from './wide.js'
import { SUBTOTALS, TOTALS } from './words.js'

type Wide = Extract<Column, { groups: unknown }>

interface Line {
  row: number
  /** By field; the figure under the form's own name. */
  cells: Record<string, string>
  /** The name of the area as it stands, where it holds another one. */
  holds?: string
}

export interface TablePlan {
  form: Form
  file: string
  taken: readonly Taken[]
  wide: readonly Wide[]
  /** Reads a figure under a wide header. */
  figure(cell: string): Reading
  /** The columns that add the wide ones up. */
  totals: readonly Column[]
  constants: Readonly<Record<string, string>>
  areas: readonly Area[]
  place: Text
  /** Names of the fields, in the order in which they are written. */
  order: readonly string[]
}

export class Table {
  private readonly lines: Line[] = []
  /** As they stand; `area` is what an area's cell was read as, undefined for the whole place. */
  private readonly rows: { cells: readonly string[]; area?: string; holds?: string }[] = []
  private readonly sums: { cells: readonly string[]; number: number; after: number }[] = []
  private readonly value: string

  constructor(
    private readonly plan: TablePlan,
    private readonly outcome: Outcome,
  ) {
    this.value = plan.form === 'counts' ? 'value' : 'total'
  }

  take(row: readonly string[], number: number): void {
    const { plan, outcome } = this
    // 合计 in any column of words is a total of the rows that share the others.
    if (this.dimensions().some(index => TOTALS.test(tidy(row[index] ?? '')))) {
      outcome.leaveOut(number, 'total')
      return this.total(row, number)
    }
    const cells: Record<string, string> = { ...plan.constants }
    let refusal: 'missing-area' | 'unknown-area' | 'undeclared-area' | undefined
    let holds: string | undefined
    let whole = false
    const troubles: [string, Exclude<Reading, string>][] = []
    for (const { column, read } of plan.taken) {
      const written = row[column.index] ?? ''
      const { name, type } = column.to
      const isWhole = type.kind === 'area' && plan.form === 'counts' && this.isPlace(written)
      whole ||= isWhole
      const reading = isWhole ? '' : read(written)
      if (typeof reading === 'string') {
        cells[name] = reading
        if (type.kind === 'area' && reading === '' && !isWhole) refusal = 'missing-area'
      } else if (type.kind === 'area') {
        if (reading.code === 'holds-another-area') holds = written
        else refusal = reading.code as 'unknown-area'
      } else {
        cells[name] = ''
        troubles.push([name, reading])
      }
    }
    if (!whole) this.rows.push({ cells: row, area: cells.area, holds })
    this.checkAcross(row, number)
    if (refusal) return outcome.refuse(number, refusal)
    for (const [name, { code }] of troubles) outcome.empty(number, name, code)
    const figures =
      plan.wide.length === 0
        ? [cells]
        : plan.wide.map(column => ({ ...cells, ...this.group(column, row, number) }))
    for (const line of figures) this.lines.push({ row: number, cells: this.dated(line), holds })
  }

  /** A row of totals, to be held against the rows once all are there. */
  total(row: readonly string[], number: number): void {
    this.sums.push({ cells: row, number, after: this.rows.length })
  }

  /** @returns the whole file, header first */
  end(): string {
    this.takeOutInner()
    this.findRepeated()
    this.checkTotals()
    const present = new Set(this.lines.flatMap(({ cells }) => Object.keys(cells)))
    const { order, taken, wide, constants } = this.plan
    // A table without a line still has its header.
    const names = [
      ...order,
      ...Object.keys(constants),
      ...taken.map(({ column }) => column.to.name),
      ...wide.flatMap(({ groups }) => [...groups.keys()]),
    ]
    const known = [...new Set(names)].filter(
      name =>
        name !== this.value &&
        name !== PERIOD &&
        (present.has(name) || this.lines.length === 0) &&
        !(this.plan.form === 'counts' && (name === 'month' || name === 'year')),
    )
    const last = this.plan.form === 'margins' ? [...known, this.value] : orderWith(known, this.value, order)
    this.outcome.rows = this.lines.length
    return (
      csvLine(last) + this.lines.map(({ cells }) => csvLine(last.map(name => cells[name] ?? ''))).join('')
    )
  }

  private group(column: Wide, row: readonly string[], number: number): Record<string, string> {
    const reading = this.plan.figure(row[column.index] ?? '')
    if (typeof reading !== 'string') this.outcome.empty(number, nameOf(column), reading.code)
    return { ...Object.fromEntries(column.groups), [this.value]: typeof reading === 'string' ? reading : '' }
  }

  /** Month, year, or period of a header to the window of a figure. */
  private dated(cells: Record<string, string>): Record<string, string> {
    if (this.plan.form !== 'counts') return cells
    const { month, year, [PERIOD]: period, ...rest } = cells
    const written = period ?? (month || year)
    const window = written ? windowOf(written, year ? Number(year) : undefined) : undefined
    return { ...rest, ...(window && !(rest.from && rest.to) && { from: window[0], to: window[1] }) }
  }

  private readonly isPlace = (cell: string): boolean => {
    const { zh, en } = this.plan.place
    return ['全市', zh, zh + '合计', en].some(name => name.toLowerCase() === tidy(cell).toLowerCase())
  }

  /** Columns of words: a total is one of all the values of such a column. */
  private dimensions(): number[] {
    const words = new Set(['area', 'words', 'band', 'month', 'year', 'boolean'])
    return this.plan.taken
      .filter(({ column }) => words.has(column.to.type.kind))
      .map(({ column }) => column.index)
  }

  /** An area printed together with an inner one: the inner one's figure of the same kind is taken out. */
  private takeOutInner(): void {
    const { areas, place } = this.plan
    const keyOf = (cells: Record<string, string>, area: string) => this.key({ ...cells, area })
    const byKey = new Map(
      this.lines
        .filter(({ holds }) => holds === undefined)
        .map(line => [keyOf(line.cells, line.cells.area), line]),
    )
    const refused = new Set<number>()
    for (const line of this.lines) {
      const holder = line.holds === undefined ? undefined : holderOf(line.holds, areas, place)
      if (line.holds === undefined) continue
      const inner = holder?.inner.map(area => byKey.get(keyOf(line.cells, area))?.cells[this.value])
      const whole = line.cells[this.value]
      if (!holder || !inner || inner.some(figure => !figure) || whole === '') refused.add(line.row)
      else {
        line.cells.area = holder.code
        line.cells[this.value] = subtracted(whole, inner as string[])
      }
    }
    for (const row of refused) this.outcome.refuse(row, 'holds-another-area')
    this.outcome.refused.sort((a, b) => a.row - b.row)
    const kept = this.lines.filter(({ row }) => !refused.has(row))
    this.lines.splice(0, this.lines.length, ...kept)
  }

  /** Everything that says what a figure counts. */
  private key(cells: Record<string, string>): string {
    const notWhat = new Set([this.value, 'low', 'high', 'note', 'source', 'grade'])
    return JSON.stringify(
      Object.entries(cells)
        .filter(([name]) => !notWhat.has(name))
        .sort(),
    )
  }

  private findRepeated(): void {
    const first = new Map<string, number>()
    for (const { row, cells } of this.lines) {
      const key = this.key(cells)
      const before = first.get(key)
      if (before === undefined) first.set(key, row)
      else
        this.outcome.findings.push({
          severity: 'warning',
          code: 'repeated-cell',
          file: this.plan.file,
          line: row,
          message: {
            zh: `与第 ${before} 行说的是同一个数`,
            en: `This is the same figure as that of row ${before}`,
          },
        })
    }
  }

  /** Areas whose figures stand within those of another row. */
  private innerOf(rows: readonly { holds?: string }[]): Set<string> {
    const { areas, place } = this.plan
    const names = new Set(rows.flatMap(({ holds }) => holds ?? []))
    return new Set([...names].flatMap(name => holderOf(name, areas, place)?.inner ?? []))
  }

  /** Columns of figures, wide ones or the one. */
  private figureColumns(): Column[] {
    const { wide, taken, totals } = this.plan
    return wide.length > 0
      ? [...wide, ...totals]
      : taken.filter(({ column }) => column.to.name === this.value).map(({ column }) => column)
  }

  /** Rows of totals against the rows that they are the totals of, refused ones too. */
  private checkTotals(): void {
    const dimensions = this.dimensions()
    const whole = (cell: string | undefined) =>
      TOTALS.test(tidy(cell ?? '')) || tidy(cell ?? '') === '' || this.isPlace(cell ?? '')
    let since = 0
    for (const { cells, number, after } of this.sums) {
      const partial = cells.some(cell => SUBTOTALS.test(tidy(cell)))
      const candidates = this.rows.slice(partial ? since : 0, partial ? after : undefined)
      if (partial) since = after
      const inner = this.innerOf(candidates)
      const rows = candidates.filter(
        row =>
          !inner.has(row.area ?? '') &&
          dimensions.every(
            index => whole(cells[index]) || tidy(cells[index]) === tidy(row.cells[index] ?? ''),
          ),
      )
      for (const column of this.figureColumns()) {
        const printed = decimal(tidy(cells[column.index] ?? ''))
        if (printed === undefined || rows.length === 0) continue
        const same = sumsTo(
          printed,
          rows.map(row => row.cells[column.index] ?? ''),
        )
        this.outcome.findings.push(totalFinding(this.plan.file, number, nameOf(column), same))
      }
    }
  }

  /** A column of totals against the figures beside it. */
  private checkAcross(row: readonly string[], number: number): void {
    const { wide, totals, file } = this.plan
    if (totals.length !== 1) return
    const printed = decimal(tidy(row[totals[0].index] ?? ''))
    if (
      printed !== undefined &&
      !sumsTo(
        printed,
        wide.map(({ index }) => row[index] ?? ''),
      )
    )
      this.outcome.findings.push({
        severity: 'warning',
        code: 'total-does-not-match',
        file,
        line: number,
        message: {
          zh: `“${nameOf(totals[0])}”不等于本行各数之和`,
          en: `"${nameOf(totals[0])}" is not the sum of the figures in its row`,
        },
      })
  }
}

/** Within the rounding of figures with decimals; of whole numbers exactly. Cells that are no numbers count as none. */
function sumsTo(printed: string, cells: readonly string[]): boolean {
  const figures = cells.flatMap(cell => decimal(tidy(cell)) ?? [])
  const decimals = Math.max(...[printed, ...figures].map(figure => figure.split('.')[1]?.length ?? 0))
  const unit = Number(`1e-${decimals}`)
  const sum = figures.reduce((sum, figure) => sum + Number(figure), 0)
  const tolerance = decimals === 0 ? 1e-6 : (figures.length + 1) * 0.5 * unit * (1 + 1e-9)
  return Math.abs(sum - Number(printed)) <= tolerance
}

function subtracted(whole: string, parts: readonly string[]): string {
  const decimals = Math.max(...[whole, ...parts].map(figure => figure.split('.')[1]?.length ?? 0))
  const rest = parts.reduce((rest, part) => rest - Number(part), Number(whole))
  return String(Number(rest.toFixed(decimals)))
}

/** The figure stands where the form has it. */
function orderWith(names: readonly string[], value: string, order: readonly string[]): string[] {
  const place = order.indexOf(value)
  const before = names.filter(name => order.indexOf(name) < place && order.includes(name))
  return [...before, value, ...names.filter(name => !before.includes(name))]
}
