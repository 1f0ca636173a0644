/** Without records: the cells of the table that the margins span, but for those that cannot exist. */
import { InputError } from '../../reading/finding.js'
import { plainCell, Mistakes, Sheet } from './sheet.js'
import type { Dimensions } from './dimensions.js'
import type { Collapsed } from './cases.js'
import type { Problem } from './problem.js'
import { growingWholes } from './distinct.js'

/** Most cells of such a table: about 100 bytes each with ten margins. */
export const MOST_CELLS = 8_000_000

/** Structural zeros: each a category of some dimensions, −1 in those that may be anything. */
export class ExclusionReader {
  private readonly mistakes: Mistakes
  private readonly sheet: Sheet
  private at: number[] = []
  private readonly patterns: Int32Array[] = []

  constructor(
    file: string,
    private readonly dimensions: Dimensions,
  ) {
    this.mistakes = new Mistakes(file)
    this.sheet = new Sheet(this.mistakes, {
      header: names => this.header(names),
      row: (cells, line) => this.row(cells, line),
    })
  }

  read(piece: string, last: boolean): void {
    this.sheet.read(piece, last)
  }

  /** @throws InputError `unknown-column`, `category-without-total`, `excludes-all`: all at once */
  end(): Int32Array[] {
    this.mistakes.settle()
    return this.patterns
  }

  private header(names: string[]): void {
    const { names: known } = this.dimensions
    this.at = names.map(name => known.indexOf(name))
    for (const [index, d] of this.at.entries())
      if (d < 0)
        this.mistakes.add(
          'unknown-column',
          `“${names[index]}”不是边际的维度`,
          `No margin has the dimension "${names[index]}"`,
          { line: 1, column: index + 1, expected: { zh: known.join('、'), en: known.join(', ') } },
        )
    this.mistakes.settle()
  }

  private row(cells: string[], line: number): void {
    const pattern = new Int32Array(this.dimensions.names.length).fill(-1)
    for (const [index, cell] of cells.map(plainCell).entries()) {
      if (cell === '') continue
      const code = this.dimensions.code(this.at[index], cell)
      pattern[this.at[index]] = code
      if (code < 0)
        this.mistakes.add(
          'category-without-total',
          `“${this.dimensions.names[this.at[index]]}”没有类别“${cell}”`,
          `"${this.dimensions.names[this.at[index]]}" has no category "${cell}"`,
          { line, column: index + 1 },
        )
    }
    if (pattern.every(code => code < 0))
      this.mistakes.add(
        'excludes-all',
        '这一行没有类别,会排除整个表',
        'This row names no category and would exclude all',
        {
          line,
        },
      )
    this.patterns.push(pattern)
  }
}

export interface Table extends Collapsed {
  /** Of each cell, the codes of its categories. */
  codes: Uint32Array
  /** Cells that a margin has no row for, and cells that were excluded. */
  unlisted: number
  excluded: number
}

/** @throws InputError `table-too-large` */
export function spanned(dimensions: Dimensions, exclusions: readonly Int32Array[]): Table {
  const lengths = dimensions.categories.map(({ size }) => size)
  const cells = lengths.reduce((a, b) => a * b, 1)
  if (cells > MOST_CELLS) throw tooLarge(lengths, cells)
  const { names, margins } = dimensions
  const codes = growingWholes()
  const group = growingWholes()
  const at = new Uint32Array(names.length)
  const own = new Uint32Array(margins.length)
  let [count, unlisted, excluded] = [0, 0, 0]
  for (let cell = 0; cell < cells; cell++) {
    for (let d = names.length - 1, rest = cell; d >= 0; d--) {
      at[d] = rest % lengths[d]
      rest = Math.floor(rest / lengths[d])
    }
    if (exclusions.some(pattern => pattern.every((code, d) => code < 0 || code === at[d]))) {
      excluded++
      continue
    }
    let isListed = true
    for (let m = 0; isListed && m < own.length; m++) {
      const g = dimensions.groupOf(m, at)
      isListed = g >= 0
      own[m] = g
    }
    if (!isListed) {
      unlisted++
      continue
    }
    count++
    for (const code of at) codes.push(code)
    for (const g of own) group.push(g)
  }
  const problem: Problem = {
    base: new Float64Array(count).fill(1),
    start: Uint32Array.from({ length: count + 1 }, (_, i) => i * margins.length),
    group: group.values.slice(),
    times: new Uint32Array(group.length).fill(1),
    totals: dimensions.totals,
    margins: dimensions.ranges,
  }
  return {
    problem,
    cases: {
      count,
      base: problem.base,
      unit: Uint32Array.from({ length: count }, (_, i) => i),
      ofRecord: undefined,
      names: undefined,
      uneven: 0,
    },
    codes: codes.values,
    unlisted,
    excluded,
  }
}

const tooLarge = (lengths: number[], cells: number) =>
  new InputError([
    {
      severity: 'error',
      code: 'table-too-large',
      message: {
        zh: `没有记录时要造整个表:${lengths.join(' × ')} = ${cells} 个格,上限 ${MOST_CELLS}`,
        en: `Without records the whole table is made: ${lengths.join(' × ')} = ${cells} cells; the most is ${MOST_CELLS}`,
      },
      fix: {
        zh: '用 --records 给出样本(只算样本中有的格,维度多少都可以),或去掉只在一张一维边际中出现的维度:它与其余独立,可事后相乘。',
        en: 'Give a sample with --records (only cells that it has are kept, whatever the number of dimensions), or leave out a dimension that only a one-way margin has: it is independent of the rest and can be multiplied in afterwards.',
      },
    },
  ])
