/** Margins as a user writes them: a CSV whose columns are dimensions and whose last is `total`. */
import { Mistakes, countIn, plainCell, Sheet } from './sheet.js'

export interface Margin {
  file: string
  of: 'persons' | 'households'
  dimensions: string[]
  /** Of each group, its value in each dimension. */
  groups: string[][]
  /** Of each group, 0 or more. */
  totals: number[]
}

const TOTAL = ['total', '合计']

/** Reads one margin; a CSV with the single column `total` holds the total of all. */
export class MarginReader {
  private readonly mistakes: Mistakes
  private readonly sheet: Sheet
  private readonly margin: Margin
  private readonly seen = new Map<string, number>()

  constructor(file: string, of: Margin['of']) {
    this.mistakes = new Mistakes(file)
    this.margin = { file, of, dimensions: [], groups: [], totals: [] }
    this.sheet = new Sheet(this.mistakes, {
      header: names => this.header(names),
      row: (cells, line) => this.row(cells, line),
    })
  }

  read(piece: string, last: boolean): void {
    this.sheet.read(piece, last)
  }

  /** @throws InputError `missing-column`, `wrong-cell`, `negative-count`, `duplicate-cell`, `empty-file`: all at once */
  end(): Margin {
    if (this.margin.groups.length === 0 && this.mistakes.isEmpty)
      this.mistakes.add('empty-file', '只有表头,没有一行合计', 'There is a header, but no total below it')
    this.mistakes.settle()
    return this.margin
  }

  private header(names: string[]): void {
    if (TOTAL.includes(names[names.length - 1])) this.margin.dimensions = names.slice(0, -1)
    else {
      this.mistakes.add('missing-column', '最后一列应为“total”', 'The last column must be "total"', {
        line: 1,
        expected: { zh: '维度列在前,最后一列为 total 或 合计', en: 'columns of dimensions, then total' },
      })
      this.mistakes.settle()
    }
  }

  private row(cells: string[], line: number): void {
    const values = cells.slice(0, -1).map(plainCell)
    const column = cells.length
    const total = countIn(cells[column - 1])
    const empty = values.indexOf('')
    if (empty >= 0)
      this.mistakes.add(
        'wrong-cell',
        `“${this.margin.dimensions[empty]}”是空的`,
        `"${this.margin.dimensions[empty]}" is empty`,
        { line, column: empty + 1, expected: { zh: '一个类别', en: 'a category' } },
      )
    if (total === undefined)
      this.mistakes.add('wrong-cell', `“${cells[column - 1]}”不是数`, `"${cells[column - 1]}" is no number`, {
        line,
        column,
        expected: { zh: '0 或更大的数', en: 'a number of 0 or more' },
      })
    else if (total < 0)
      this.mistakes.add('negative-count', `合计为 ${total},不能为负`, `The total is ${total}: not a count`, {
        line,
        column,
      })
    const name = JSON.stringify(values)
    const before = this.seen.get(name)
    if (before !== undefined)
      this.mistakes.add(
        'duplicate-cell',
        `${values.join(' · ')} 已在第 ${before} 行`,
        `${values.join(' · ')} stands in line ${before} already`,
        { line },
      )
    this.seen.set(name, before ?? line)
    this.margin.groups.push(values)
    this.margin.totals.push(total ?? 0)
  }
}

/** What one group is, in words: its values, or that it holds all. */
export const groupName = ({ dimensions, groups }: Margin, group: number): Record<string, string> =>
  Object.fromEntries(dimensions.map((dimension, d) => [dimension, groups[group][d]]))
