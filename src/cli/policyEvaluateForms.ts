/** The forms in which persons are written once they are judged: JSON, CSV, or words. */
import { PersonBlock } from '../policy/columns/block.js'
import { evaluate, type Evaluation } from '../policy/evaluate.js'
import type { FactRow, Law, Policy } from '../policy/policy.js'
import { compute } from '../policy/supply.js'
import type { Lang } from '../reading/text.js'
import { csvCell } from '../results/csv.js'
import type { Terminal } from './verb.js'

/** Text that is held before it goes out: a file that turns out to be broken soon has then written nothing. */
const HELD = 1 << 20

/** Takes persons and gives lines of text. */
export abstract class EvaluationWriter {
  count = 0
  private lines: string[] = []
  private held = 0

  person(id: string, row: FactRow): void {
    this.count++
    this.take(id, row)
  }

  /** All persons have been given. */
  abstract end(): void
  protected abstract take(id: string, row: FactRow): void

  protected line(text: string): void {
    this.lines.push(text)
    this.held += text.length
  }

  /** What has gathered, lines without the last line end, once it is worth it. */
  async flush(write: (text: string) => Promise<void>, last: boolean): Promise<void> {
    if (this.lines.length === 0 || (!last && this.held < HELD)) return
    await write(this.lines.join('\n'))
    this.lines = []
    this.held = 0
  }
}

export function evaluationWriter(
  format: Terminal['format'],
  law: Law,
  policy: Policy,
  columns: ReadonlySet<number>,
  lang: Lang,
): EvaluationWriter {
  if (format === 'csv') return new CsvWriter(law, policy, columns)
  const judge = (row: FactRow) => {
    compute(law.declared, row, columns)
    return evaluate(law, policy.facts, row)
  }
  return format === 'json' ? new JsonWriter(judge) : new TextWriter(judge, lang)
}

/** `id,channels,score`, for a pipe: no byte order mark, plain line ends. No reasons, so persons go by columns. */
class CsvWriter extends EvaluationWriter {
  private readonly block: PersonBlock

  constructor(law: Law, { facts }: Policy, columns: ReadonlySet<number>) {
    super()
    this.block = new PersonBlock(law, facts, columns)
    this.line('id,channels,score')
  }

  protected take(id: string, row: FactRow) {
    if (this.block.add(id, row)) this.end()
  }

  end() {
    for (const { id, channels, score = '' } of this.block.judge())
      this.line(`${csvCell(id)},${channels.join(';')},${score}`)
  }
}

/** One array, a person a line. */
class JsonWriter extends EvaluationWriter {
  constructor(private readonly judge: (row: FactRow) => Evaluation) {
    super()
  }

  protected take(id: string, row: FactRow) {
    this.line((this.count === 1 ? '[' : ',') + JSON.stringify({ id, ...this.judge(row) }))
  }

  end() {
    this.line(this.count === 0 ? '[]' : ']')
  }
}

class TextWriter extends EvaluationWriter {
  constructor(
    private readonly judge: (row: FactRow) => Evaluation,
    private readonly lang: Lang,
  ) {
    super()
  }

  protected take(id: string, row: FactRow) {
    this.line(inText(id, this.judge(row), this.lang))
  }

  end() {}
}

function inText(id: string, result: Evaluation, lang: Lang): string {
  const zh = lang === 'zh'
  const { channels, score, ledger, failed, unknown } = result
  const lines = [`${id}  ${channels.join(', ') || (zh ? '没有可走的渠道' : 'no channel open')}`]
  for (const [channel, value] of Object.entries(score)) {
    const counted = ledger.filter(line => line.channel === channel && line.points !== 0)
    const parts = counted
      .map(({ line, points }) => `${line} ${Number.isNaN(points) ? '?' : points}`)
      .join(', ')
    const total = Number.isNaN(value) ? '?' : value
    lines.push(`    ${channel}: ${zh ? `${total} 分` : `${total} points`}${parts && ` (${parts})`}`)
  }
  for (const channel of new Set(failed.map(item => item.channel))) {
    const conditions = failed.filter(item => item.channel === channel).map(item => item.condition)
    lines.push(`    ${zh ? '未满足' : 'failed'} ${channel}: ${conditions.join('; ')}`)
  }
  for (const { channel, facts } of unknown)
    lines.push(`    ${zh ? '未知' : 'unknown'} ${channel}: ${facts.join(', ')}`)
  return lines.join('\n')
}
