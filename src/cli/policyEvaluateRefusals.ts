/** Rows of a file of persons that were refused: the first on the screen, all of them in a file if one is named. */
import type { OutFile } from '../node/outFile.js'
import { inWords, type Finding } from '../reading/finding.js'
import type { Lang } from '../reading/text.js'
import { csv } from '../results/csv.js'

/** Findings that are kept for the screen. */
const SHOWN = 1000

export class Refusals {
  rows = 0
  private readonly first: Finding[] = []
  private findings = 0
  private waiting: string[][]

  /** @param file takes one line a mistake */
  constructor(
    private readonly lang: Lang,
    private readonly file?: OutFile,
  ) {
    this.waiting = file ? [['line', 'column', 'code', 'message']] : []
  }

  add(mistakes: readonly Finding[]): void {
    this.rows++
    this.findings += mistakes.length
    if (this.first.length < SHOWN) this.first.push(...mistakes)
    if (this.file)
      for (const { line, column, code, message, expected } of mistakes)
        this.waiting.push([
          String(line),
          String(column ?? ''),
          code,
          inWords({ severity: 'error', code, message, expected }, this.lang).replaceAll('\n', ' '),
        ])
  }

  async flush(): Promise<void> {
    if (!this.file || this.waiting.length === 0) return
    const text = csv(this.waiting)
    const isHead = this.waiting[0][0] === 'line'
    await this.file.write(isHead ? text : text.slice(1))
    this.waiting = []
  }

  /** For the screen: the first, and how many more there are. */
  shown(): Finding[] {
    const more = this.findings - this.first.length
    if (more === 0) return this.first
    const left: Finding = {
      severity: 'error',
      code: 'more-refused',
      message: {
        zh: `另有 ${more} 处错误未列出;共拒收 ${this.rows} 行`,
        en: `${more} more mistakes are not listed here; ${this.rows} rows were refused in all`,
      },
      ...(!this.file && {
        fix: { zh: '用 --refused 文件名 列出全部。', en: 'List all of them with --refused FILE.' },
      }),
    }
    return [...this.first, left]
  }
}
