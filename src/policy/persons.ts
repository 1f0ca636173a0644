/** A CSV of persons into rows of facts. Headers are fact names or their labels; an empty cell is "unknown". */
import type { Area } from '../pack/pack.js'
import type { Finding } from '../reading/finding.js'
import { personalData } from '../reading/personalData.js'
import { Records } from '../reading/records.js'
import { cellReader, expectedOf, shown, tidy } from './cells.js'
import type { FactDefinition } from './facts.js'
import type { FactRow, Law } from './policy.js'
import { ID, readHeader } from './personsHeader.js'
import { givenFacts } from './supply.js'

export interface Persons {
  ids: string[]
  /** One a person, as long as the policy's facts; NaN unknown. */
  rows: FactRow[]
  /** Slots of the facts that have a column. */
  columns: Set<number>
  /** One finding a mistake of a refused row: `wrong-cell`, `missing-id`, `duplicate-id`, `personal-data`, `wrong-length`. `column` counts cells. */
  refused: Finding[]
}

/**
 * @param facts those of the policy: a column that no rule needs is taken if it is one of them
 * @param areas the pack's; a cell may hold an area's id, code, name or alias
 * @throws InputError `broken-csv`, `unknown-encoding`, or `unknown-column`, `duplicate-column`, `missing-column` (no id)
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

/** No phone or identity number has fewer characters; to look at every short id would cost more than reading it. */
const SHORTEST_PERSONAL = 11

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
    /** Names of columns that may be there and are not read. */
    private readonly passedOver: readonly string[] = [],
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
    if (!this.slots && (records.length > 0 || last)) this.begin(records[0] ?? [], lines[0] ?? 1)
    for (let index = first; index < records.length; index++) {
      const mistakes = this.take(records[index])
      if (mistakes.length > 0)
        this.sink.refused(mistakes.map(mistake => ({ ...mistake, line: lines[index] })))
    }
  }

  private begin(header: string[], line: number): void {
    const { facts, areas, file } = this
    this.slots = readHeader(header, { file, line }, facts, this.passedOver)
    this.cells = this.slots.map(slot =>
      slot < 0 ? () => undefined : remembered(cellReader(facts[slot], areas)),
    )
    this.sink.header(new Set(this.slots.filter(slot => slot >= 0)))
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
    const [has, wants] = [record.length, slots.length]
    if (has !== wants)
      refuse(
        'wrong-length',
        `本行有 ${has} 个单元格,表头有 ${wants} 个`,
        `This row has ${has} cells, the header ${wants}`,
        Math.min(has, wants) + 1,
      )
    else if (id === '') refuse('missing-id', '缺少编号 id', 'The id is missing', at + 1)
    else if (CONTROL.test(id))
      refuse('wrong-cell', `编号不能是“${shown(id)}”`, `The id cannot be "${shown(id)}"`, at + 1)
    else if (id.length >= SHORTEST_PERSONAL && personalData(id))
      refuse(
        'personal-data',
        '编号是证件号码、电话等个人信息',
        'The id is an identity number, a phone or the like',
        at + 1,
        {
          fix: {
            zh: '用 menkan pack import 读入,编号会换成加密散列。',
            en: 'Read the file with menkan pack import, which hashes ids.',
          },
        },
      )
    else if (this.ids.has(id))
      refuse('duplicate-id', `编号“${shown(id)}”重复`, `The id "${shown(id)}" stands twice`, at + 1)
    else {
      row.fill(NaN)
      for (let index = 0; index < slots.length; index++) {
        const [slot, written] = [slots[index], record[index]]
        if (slot < 0) continue
        const value = cells[index](written)
        if (value !== undefined) row[slot] = value
        else
          refuse(
            'wrong-cell',
            `“${facts[slot].label.zh}”不能是“${shown(written)}”`,
            `"${facts[slot].name}" cannot be "${shown(written)}"`,
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

/** Characters that no text holds and that a terminal would obey; line ends and tabs are not among them. */
const CONTROL = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/

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
