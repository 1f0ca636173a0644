/**
 * A file as an office keeps it into the program's own CSV: rows arrive in pieces, lines leave in pieces. Persons are
 * never held; tables of counts and margins are, since their totals are checked.
 */
import { parseMonth } from '../../evidence/month.js'
import { InputError, type Finding } from '../../reading/finding.js'
import { personalData, personalHeader } from '../../reading/personalData.js'
import type { Text } from '../../reading/text.js'
import type { Area } from '../pack.js'
import { areaReader, type AreaReader } from './area.js'
import { cellReader, PLAIN_SCALE, plainWord, wordsOf } from './cell.js'
import { decideColumns, fieldOfHeader, isRowCounter, nameOf, type Column, type Situation } from './columns.js'
import { quoted, UNDECIDED, type Draft } from './draft.js'
import { fieldsOf, ID, type Fact, type Field, type Form } from './field.js'
import { asideOf, FIELD, findHeader, HEAD, type Header } from './layout.js'
import type { ImportMapping } from './mapping.js'
import { Outcome } from './outcome.js'
import { PersonRows, type Taken } from './persons.js'
import { Shapes } from './shape.js'
import { Table } from './table.js'
import { findGroups, periodOf } from './wide.js'
import { AMBIGUOUS, TOTALS, TRUTH, UNKNOWN } from './words.js'

export interface ImportTask {
  file: string
  form: Form
  facts: readonly Fact[]
  areas: readonly Area[]
  /** The whole place. */
  place: Text
  labels: Readonly<Record<string, Text>>
  mapping: ImportMapping
  /** Keyed hash of an id; absent: ids stay as they are. */
  hash?: (id: string) => string
  /** Goes on where a column is not known, to show all that can be shown. */
  dryRun?: boolean
}

/** Rows that are looked at before any is read: header, and a sample of each column. */
const SAMPLE = 1000

export class Import {
  readonly outcome: Outcome
  columns: Column[] = []
  /** What the cells of a column look like, never what they are. */
  readonly shapes = new Shapes()
  private readonly situation: Situation
  private readonly areas: AreaReader
  private head: string[][] | undefined = []
  private header!: Header
  /** Rows seen. */
  private number = 0
  private persons?: PersonRows
  private table?: Table
  private readonly ambiguous = new Map<string, Map<string, string[]>>()
  private readonly undeclared = new Set<string>()

  constructor(private readonly task: ImportTask) {
    const { form, facts, labels, mapping, file, hash, areas, place } = task
    const fields = fieldsOf(form, facts, labels)
    this.outcome = new Outcome(file)
    this.areas = areaReader(areas, place, mapping.holding)
    const words = new Set([
      ...Object.keys(TRUTH),
      ...UNKNOWN,
      ...fields.flatMap(field => [...wordsOf(field).keys()]),
    ])
    const isKnown = (cell: string) =>
      words.has(plainWord(cell)) || TOTALS.test(cell) || this.areas(cell) !== this.areas('?')
    this.situation = { file, form, fields, mapping, isKnown, keepIds: hash === undefined }
  }

  /**
   * @param last nothing follows
   * @returns what is to be written now
   * @throws InputError `empty-file`, `header-not-found`, those of `decideColumns`, `missing-column`, `personal-ids`
   */
  take(rows: string[][], last: boolean): string {
    if (this.head) {
      for (const row of rows) this.head.push(row)
      if (this.head.length < SAMPLE + HEAD && !last) return ''
      rows = this.head
      this.head = undefined
      this.begin(rows)
      const written = this.persons ? this.persons.header() : ''
      return written + this.data(rows) + this.ending(last)
    }
    return this.data(rows) + this.ending(last)
  }

  private readonly ending = (last: boolean): string => (last && this.table ? this.table.end() : '')

  private data(rows: readonly string[][]): string {
    let lines = ''
    for (const row of rows) {
      this.number++
      if (this.number <= this.header.at + 1) {
        if (this.number <= this.header.at && row.some(cell => cell.trim() !== ''))
          this.outcome.leaveOut(this.number, 'title')
        continue
      }
      const aside = asideOf(row, this.header)
      if (aside) {
        this.outcome.leaveOut(this.number, aside)
        if (aside === 'total') (this.persons ?? this.table)?.total(row, this.number)
      } else if (this.persons) lines += this.persons.take(row, this.number)
      else this.table?.take(row, this.number)
    }
    return lines
  }

  private begin(rows: readonly string[][]): void {
    const { file, mapping } = this.task
    if (!rows.some(row => row.some(cell => cell.trim() !== '')))
      throw new InputError([
        {
          severity: 'error',
          code: 'empty-file',
          file,
          message: { zh: '文件里没有数据', en: 'The file holds no data' },
        },
      ])
    const declared = mapping.header === undefined ? undefined : [mapping.header].flat().map(row => row - 1)
    const header = findHeader(rows, this.weigh, declared)
    if (!header) throw new InputError([noHeader(file)])
    this.header = header
    const data = rows.slice(header.at + 1).filter(row => !asideOf(row, header))
    const sample = data.slice(0, SAMPLE)
    const { columns, findings } = decideColumns(
      header,
      sample,
      findGroups(header, this.situation, this.areas),
      this.situation,
    )
    this.columns = this.withAge(columns)
    findings.push(...this.missing())
    for (const [index, column] of this.columns.entries())
      if (this.task.dryRun && !('dropped' in column))
        this.shapes.see(
          column.index,
          sample.map(row => row[index] ?? ''),
        )
    if (findings.length > 0) {
      if (!this.task.dryRun) throw new InputError(findings)
      this.outcome.findings.push(...findings)
    }
    if (this.situation.keepIds) this.refusePersonalIds(sample)
    this.open()
  }

  /** Names of fields and of persons' data weigh most, words of the subject a little. */
  private readonly weigh = (cell: string): number => {
    const { fields, mapping, form, isKnown } = this.situation
    if (cell.trim() === '' || cell.length > 40) return 0
    if (
      fieldOfHeader(cell, fields) ||
      personalHeader(cell) ||
      mapping.columns[cell] !== undefined ||
      isRowCounter(cell)
    )
      return FIELD
    return form !== 'persons' && (periodOf(cell) !== undefined || isKnown(cell)) ? 1 : 0
  }

  /** A date of birth becomes the age at the month that the mapping names. */
  private withAge(columns: readonly Column[]): Column[] {
    const { fields, mapping } = this.situation
    const age = fields.find(({ name }) => name === 'age')
    const at = mapping.at === undefined ? undefined : parseMonth(mapping.at)
    if (
      !age ||
      at === undefined ||
      this.situation.form !== 'persons' ||
      columns.some(column => 'to' in column && column.to === age)
    )
      return [...columns]
    return columns.map(column =>
      'to' in column && column.to.name === 'birth_month'
        ? { ...column, to: age, scale: { ...PLAIN_SCALE, since: at } }
        : column,
    )
  }

  private missing(): Finding[] {
    const { form, file, mapping } = this.situation
    const has = (name: string) =>
      name in mapping.constants ||
      this.columns.some(
        column =>
          ('to' in column && column.to.name === name) || ('groups' in column && column.groups.has(name)),
      )
    const wide = this.columns.some(column => 'groups' in column)
    const lacking: [string, string][] =
      form === 'persons'
        ? has(ID)
          ? []
          : [['id', '编号']]
        : form === 'margins'
          ? wide || has('total')
            ? []
            : [['total', '合计']]
          : [
              ...(wide || has('value') ? [] : [['value', '数值'] as [string, string]]),
              ...(['month', 'year', 'period'].some(has) || (has('from') && has('to'))
                ? []
                : [['month', '月份'] as [string, string]]),
            ]
    return lacking.map(([name, zh]) => ({
      severity: 'error',
      code: 'missing-column',
      file,
      line: this.header.at + 1,
      message: { zh: `缺少列“${name}”(${zh})`, en: `Column "${name}" is missing` },
      fix:
        name === ID
          ? {
              zh: `在映射文件的 columns 下写明哪一列是编号,如“身份证号: id”:编号写出前换成加密散列。`,
              en: 'Say under columns of the mapping file which one is the id, e.g. "身份证号: id": ids are replaced by a keyed hash.',
            }
          : {
              zh: `在映射文件的 columns 下写明哪一列是 ${name}${form === 'counts' && name === 'month' ? ',或在 constants 下写 from 与 to' : ''}。`,
              en: `Say under columns of the mapping file which one is ${name}${form === 'counts' && name === 'month' ? ', or give from and to under constants' : ''}.`,
            },
    }))
  }

  private refusePersonalIds(sample: readonly string[][]): void {
    const id = this.columns.find(
      column =>
        'to' in column &&
        column.to.type.kind === 'id' &&
        sample.some(row => personalData(row[column.index] ?? '')),
    )
    if (id)
      throw new InputError([
        {
          severity: 'error',
          code: 'personal-ids',
          file: this.task.file,
          line: this.header.at + 1,
          column: id.index + 1,
          message: {
            zh: '编号是证件号码或电话号码,不能原样保留',
            en: 'The ids are identity or phone numbers and cannot be kept as they are',
          },
          fix: {
            zh: '去掉 --keep-ids:编号会换成加密散列。',
            en: 'Leave out --keep-ids: ids are then replaced by a keyed hash.',
          },
        },
      ])
  }

  private open(): void {
    const { form, file, hash, areas, place, mapping } = this.task
    const taken = this.columns.flatMap((column): Taken[] =>
      'to' in column ? [{ column, read: this.reader(column.to, column.scale) }] : [],
    )
    const order = this.situation.fields.map(({ name }) => name)
    // Names of the user's own come last.
    const rank = ({ column }: Taken) =>
      order.includes(column.to.name) ? order.indexOf(column.to.name) : order.length
    taken.sort((a, b) => rank(a) - rank(b))
    if (form === 'persons') {
      if (taken.some(({ column }) => column.to.name === ID))
        this.persons = new PersonRows(taken, file, this.outcome, hash)
      return
    }
    const value = this.situation.fields.find(({ name }) => name === (form === 'counts' ? 'value' : 'total'))!
    this.table = new Table(
      {
        form,
        file,
        taken,
        wide: this.columns.filter(column => 'groups' in column),
        figure: this.reader(value, PLAIN_SCALE),
        totals: this.columns.filter(column => 'dropped' in column && column.dropped === 'total'),
        constants: Object.fromEntries(
          Object.entries(mapping.constants).map(([name, constant]) => [name, String(constant)]),
        ),
        areas,
        place,
        order,
      },
      this.outcome,
    )
  }

  /** A reader of cells that also keeps what the user will have to decide. */
  private reader(
    field: Field,
    scale: Column extends infer C ? (C extends { to: Field; scale: infer S } ? S : never) : never,
  ) {
    const written = this.situation.mapping.values[field.name] ?? {}
    const meanings = new Map(
      Object.entries(written).map(([word, value]) => [plainWord(word), value === null ? '' : String(value)]),
    )
    const read = cellReader(field, scale, meanings, this.areas)
    const { areas } = this.task
    return (cell: string) => {
      const reading = read(cell)
      if (typeof reading !== 'string') {
        const word = plainWord(cell)
        if (reading.code === 'ambiguous-cell') {
          const words = this.ambiguous.get(field.name) ?? new Map<string, string[]>()
          this.ambiguous.set(field.name, words.set(word, AMBIGUOUS[field.name][word]))
        }
        if (reading.code === 'undeclared-area')
          for (const { inside } of areas) if (inside) this.undeclared.add(inside.area)
      }
      return reading
    }
  }

  /** What there is to tell; words that may mean several things with the lines of the mapping that settle them. */
  told(): Finding[] {
    return this.outcome.told().map(finding => {
      if (finding.code !== 'ambiguous-cell') return finding
      const lines = [...this.ambiguous].flatMap(([field, words]) =>
        [...words].map(([word, values]) => `${field}: { ${quoted(word)}: ${values.join(' | ')} }`),
      )
      return {
        ...finding,
        fix: {
          zh: `在映射文件的 values 下写明其一:${lines.join(';')}`,
          en: `Say under values of the mapping file which one: ${lines.join('; ')}`,
        },
      }
    })
  }

  /** Whether the user has something to decide. */
  hasOpenQuestions(): boolean {
    const open = this.columns.some(column => 'undecided' in column)
    return open || this.ambiguous.size > 0 || this.undeclared.size > 0
  }

  /** The mapping that would say what the program decided, and ask for what it could not. */
  draft(): Draft {
    const columns = this.columns
      .filter(
        column =>
          !('groups' in column) &&
          column.header !== '' &&
          !('dropped' in column && column.dropped === 'total'),
      )
      .map(column => ({
        header: nameOf(column),
        to: 'to' in column ? column.to.name : 'dropped' in column ? 'drop' : UNDECIDED,
      }))
    return { columns, values: this.ambiguous, holding: [...this.undeclared] }
  }
}

const noHeader = (file: string): Finding => ({
  severity: 'error',
  code: 'header-not-found',
  file,
  message: {
    zh: `前 ${HEAD} 行里没有认得的表头`,
    en: `No row among the first ${HEAD} is a header with words that are known`,
  },
  fix: {
    zh: '在映射文件中写明表头是第几行,如 header: 3,并在 columns 下写明各列。',
    en: 'Say in the mapping file which row it is, e.g. header: 3, and under columns what each column is.',
  },
})
