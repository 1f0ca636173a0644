/** Persons taken one by one and judged a block at a time: what a file of persons needs of a law over columns. */
import type { FactDefinition } from '../facts.js'
import type { FactRow, Law } from '../policy.js'
import { compileColumns, type ColumnLaw } from './law.js'
import { BLOCK, YES } from './column.js'

/** What the short form of an evaluation says of one person. */
export interface Verdict {
  id: string
  channels: string[]
  /** The highest score that is known. */
  score?: number
}

export class PersonBlock {
  private readonly over: ColumnLaw
  private ids: string[] = []

  /** @param given slots of the facts that have a column */
  constructor(law: Law, facts: readonly FactDefinition[], given: ReadonlySet<number>) {
    this.over = compileColumns(law, facts, given)
  }

  /** @returns whether the block is full and wants to be judged */
  add(id: string, row: FactRow): boolean {
    if (!this.over.lay(this.ids.length, row)) throw new Error(`half a unit of a whole fact: ${id}`)
    return this.ids.push(id) === BLOCK
  }

  /** Judges the persons added since, in their order, and forgets them. */
  judge(): Verdict[] {
    this.over.judge(this.ids.length)
    const verdicts = this.ids.map((id, i) => this.verdict(id, i))
    this.ids = []
    return verdicts
  }

  private verdict(id: string, i: number): Verdict {
    const verdict: Verdict = { id, channels: [] }
    for (const { id: channel, open, score } of this.over.channels) {
      if (open[i] === YES) verdict.channels.push(channel)
      if (score) count(verdict, score[i])
    }
    return verdict
  }
}

function count(verdict: Verdict, score: number): void {
  const { score: best = -Infinity } = verdict
  if (!Number.isNaN(score)) verdict.score = Math.max(best, score)
}
