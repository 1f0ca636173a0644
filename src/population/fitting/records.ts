/** Records to be weighted, read in pieces and kept as columns of numbers: never a row longer than it takes. */
import { nameKey } from '../../evidence/luck.js'
import type { Finding } from '../../reading/finding.js'
import { nearest } from '../../reading/nearest.js'
import {
  PERSONAL_WORDS,
  personalColumn,
  personalData,
  personalHeader,
  type PersonalKind,
} from '../../reading/personalData.js'
import { mixed, type Dimensions } from './dimensions.js'
import { DistinctLists, growingNumbers, growingWholes } from './distinct.js'
import { countIn, Mistakes, plainCell, Sheet } from './sheet.js'

export interface RecordsOptions {
  /** Column of base weights; 1 without. */
  weight?: string
  /** Column that says which records are one household. */
  household?: string
  /** Whether each record gets a name of its own, made of what it holds: for luck that goes by it. */
  isNamed?: boolean
  /** Records of real persons: no value of a cell is told. */
  isMicrodata?: boolean
}

export interface RecordColumns {
  columns: string[]
  count: number
  /** Of each record, its base weight; undefined where all are 1. */
  weights: Float64Array | undefined
  /** Of each record, which of `groups` is its list. */
  combination: Uint32Array
  /** Distinct lists of groups, one group a margin, in the order of the margins. */
  groups: DistinctLists
  /** Of each record, its household, numbered from 0 as they come. */
  household: Uint32Array | undefined
  households: number
  /** Two words a record; equal for records that hold the same in the same columns, whatever their order. */
  names: Uint32Array | undefined
}

/** Cells of a column that are looked at for names of persons. */
const SAMPLE = 500
/** Distinct cells of a column whose judgement is remembered. */
const REMEMBERED = 4096

export class RecordsReader {
  private readonly mistakes: Mistakes
  private readonly sheet: Sheet
  private columns: string[] = []
  /** Column of each dimension. */
  private at: number[] = []
  private weightAt = -1
  private householdAt = -1
  private readonly codes: Uint32Array
  private readonly own: Uint32Array
  private readonly weights = growingNumbers()
  private readonly combinations = new DistinctLists()
  private readonly combination = growingWholes()
  private readonly listOf = growingWholes()
  private readonly groups = new DistinctLists()
  private readonly household = growingWholes()
  private readonly households = new Map<string, number>()
  private readonly names = growingWholes()
  private columnNames: number[] = []
  private readonly unknown = new Set<string>()
  private samples: string[][] = []
  private judged: Map<string, PersonalKind | undefined>[] = []

  constructor(
    file: string,
    private readonly dimensions: Dimensions,
    private readonly options: RecordsOptions,
  ) {
    this.mistakes = new Mistakes(file)
    this.codes = new Uint32Array(dimensions.names.length)
    this.own = new Uint32Array(dimensions.margins.length)
    this.sheet = new Sheet(this.mistakes, {
      header: names => this.header(names),
      row: (cells, line) => this.row(cells, line),
    })
  }

  read(piece: string, last: boolean): void {
    this.sheet.read(piece, last)
  }

  /**
   * @throws InputError with every mistake: `missing-column`, `personal-data`, `wrong-cell`, `negative-count`,
   *   `category-without-total`, `empty-file`
   */
  end(): RecordColumns {
    if (this.combination.length === 0 && this.mistakes.isEmpty)
      this.mistakes.add('empty-file', '只有表头,没有记录', 'There is a header, but no record below it')
    for (const [index, cells] of this.samples.entries())
      if (personalColumn('', cells, cell => this.isCategory(index, cell)) === 'name')
        this.refusePersonal('name', index, 1)
    this.mistakes.settle()
    const { options } = this
    return {
      columns: this.columns,
      count: this.combination.length,
      weights: options.weight === undefined ? undefined : this.weights.values,
      combination: this.combination.values.map(c => this.listOf.values[c]),
      groups: this.groups,
      household: options.household === undefined ? undefined : this.household.values,
      households: this.households.size,
      names: options.isNamed ? this.names.values : undefined,
    }
  }

  private header(names: string[]): void {
    const { dimensions, options, mistakes } = this
    this.columns = names
    const find = (name: string, zh: string, en: string) => {
      const index = names.indexOf(name)
      if (index < 0)
        mistakes.add('missing-column', `缺少列“${name}”(${zh})`, `Column "${name}" is missing (${en})`, {
          line: 1,
          nearest: nearest(name, names),
          expected: { zh: names.join('、'), en: names.join(', ') },
        })
      return index
    }
    this.at = dimensions.names.map(name => find(name, '边际的维度', 'a dimension of a margin'))
    if (options.weight !== undefined) this.weightAt = find(options.weight, '权重', 'the weight')
    if (options.household !== undefined) this.householdAt = find(options.household, '户号', 'the household')
    for (const [index, name] of names.entries()) {
      const kind = personalHeader(name)
      if (kind) this.refusePersonal(kind, index, 1)
    }
    mistakes.settle()
    this.columnNames = names.map(nameKey)
    this.samples = names.map(() => [])
    this.judged = names.map(() => new Map())
  }

  private row(cells: string[], line: number): void {
    this.lookForPersons(cells, line)
    const weight = this.weightOf(cells, line)
    const known = this.readCodes(cells, line)
    const household = this.householdOf(cells, line)
    if (weight === undefined || !known || household === undefined) return
    const combination = this.combinations.add(this.codes)
    if (combination === this.listOf.length) this.listOf.push(this.listGroups(line))
    this.combination.push(combination)
    if (this.options.weight !== undefined) this.weights.push(weight)
    if (this.options.household !== undefined) this.household.push(household)
    if (this.options.isNamed) this.name(cells)
  }

  private weightOf(cells: string[], line: number): number | undefined {
    if (this.weightAt < 0) return 1
    const weight = countIn(cells[this.weightAt])
    if (weight !== undefined && weight >= 0) return weight
    const at = { line, column: this.weightAt + 1 }
    if (weight === undefined)
      this.mistakes.add('wrong-cell', '权重不是数', 'The weight is no number', {
        ...at,
        expected: { zh: '0 或更大的数', en: 'a number of 0 or more' },
      })
    else this.mistakes.add('negative-count', '权重不能为负', 'The weight is below 0', at)
    return undefined
  }

  private householdOf(cells: string[], line: number): number | undefined {
    if (this.householdAt < 0) return 0
    const id = plainCell(cells[this.householdAt])
    const known = this.households.get(id)
    if (known !== undefined) return known
    if (id === '') {
      this.mistakes.add('wrong-cell', '户号是空的', 'The household is empty', {
        line,
        column: this.householdAt + 1,
      })
      return undefined
    }
    const number = this.households.size
    // A text of its own: a part of a piece would hold the whole piece in memory.
    this.households.set(` ${id}`.slice(1), number)
    return number
  }

  private readCodes(cells: string[], line: number): boolean {
    const { dimensions, at, codes } = this
    let isKnown = true
    for (let d = 0; d < at.length; d++) {
      const written = cells[at[d]]
      let code = dimensions.code(d, written)
      if (code < 0) code = dimensions.code(d, plainCell(written))
      codes[d] = code
      if (code >= 0) continue
      isKnown = false
      this.refuseCategory(d, plainCell(written), line)
    }
    return isKnown
  }

  private refuseCategory(d: number, category: string, line: number): void {
    const name = this.dimensions.names[d]
    const key = JSON.stringify([name, category])
    if (this.unknown.has(key)) return
    this.unknown.add(key)
    const place: Partial<Finding> = { line, column: this.at[d] + 1 }
    const known = [...this.dimensions.categories[d].keys()]
    const said = this.options.isMicrodata ? undefined : category
    this.mistakes.add(
      'category-without-total',
      said === undefined
        ? `“${name}”的类别不在边际中`
        : said === ''
          ? `“${name}”是空的`
          : `“${name}”的类别“${said}”不在边际中`,
      said === undefined
        ? `No margin has this category of "${name}"`
        : said === ''
          ? `"${name}" is empty`
          : `No margin has the category "${said}" of "${name}"`,
      {
        ...place,
        ...(said && { nearest: nearest(said, known) }),
        expected: { zh: known.slice(0, 20).join('、'), en: known.slice(0, 20).join(', ') },
        fix: {
          zh: '在边际文件中加上这一类别(没有则合计为 0),或改正记录。',
          en: 'Give the category a row with its total in the margin (0 if there are none), or mend the record.',
        },
      },
    )
  }

  /** The groups that the codes lie in, as a list of `groups`. */
  private listGroups(line: number): number {
    const { dimensions, own, codes } = this
    for (const [m, margin] of dimensions.margins.entries()) {
      const group = dimensions.groupOf(m, codes)
      if (group < 0) {
        const said = margin.dimensions
          .map(name => {
            const d = dimensions.names.indexOf(name)
            return [...dimensions.categories[d].keys()][codes[d]]
          })
          .join(' · ')
        this.mistakes.add(
          'category-without-total',
          `边际 ${margin.file} 没有记录的组合“${said}”`,
          `The margin ${margin.file} has no row for the record's "${said}"`,
          {
            line,
            fix: {
              zh: '在边际文件中加上这一行(没有则合计为 0)。',
              en: 'Give it a row with its total in the margin (0 if there are none).',
            },
          },
        )
      }
      own[m] = group
    }
    return this.groups.add(own)
  }

  private name(cells: string[]): void {
    let [high, low] = [0, 0]
    for (let c = 0; c < cells.length; c++) {
      const word = nameKey(cells[c])
      high += mixed(word ^ this.columnNames[c])
      low += mixed(Math.imul(word, 0x9e3779b1) + this.columnNames[c])
    }
    this.names.push(mixed(high >>> 0))
    this.names.push(mixed(low >>> 0))
  }

  private isCategory(column: number, cell: string): boolean {
    const d = this.at.indexOf(column)
    return d >= 0 && this.dimensions.categories[d].has(plainCell(cell))
  }

  private lookForPersons(cells: string[], line: number): void {
    for (let c = 0; c < cells.length; c++) {
      const cell = cells[c]
      if (cell.length < 2) continue
      if (this.samples[c].length < SAMPLE) this.samples[c].push(` ${cell}`.slice(1))
      if (cell.length < 5 || this.isCategory(c, cell)) continue
      const judged = this.judged[c]
      const known = judged.has(cell)
      const kind = known ? judged.get(cell) : personalData(cell)
      if (!known && judged.size < REMEMBERED) judged.set(` ${cell}`.slice(1), kind)
      if (kind) this.refusePersonal(kind, c, line)
    }
  }

  private refusePersonal(kind: PersonalKind, column: number, line: number): void {
    const { zh, en } = PERSONAL_WORDS[kind]
    const name = this.columns[column]
    this.mistakes.add(
      'personal-data',
      `列“${name}”含有${zh},不予读取`,
      `The column "${name}" holds personal data (${en}) and is not read`,
      {
        line,
        column: column + 1,
        fix: { zh: '请先删除这一列。', en: 'Take the column out of the file first.' },
      },
    )
  }
}
