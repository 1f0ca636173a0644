/** The dimensions of all margins together, their categories numbered, and the groups that lie at a combination. */
import { nameKey } from '../../evidence/luck.js'
import { DistinctLists } from './distinct.js'
import type { Margin } from './margin.js'
import type { Range } from './problem.js'

export class Dimensions {
  readonly names: string[]
  /** Of each dimension, the number of each category that a margin has. */
  readonly categories: Map<string, number>[]
  readonly ranges: Range[] = []
  readonly totals: Float64Array
  /** Of each group of all margins, two words that stand for what it is, whatever the order of files and columns. */
  readonly groupNames: Uint32Array
  private readonly finders: { over: number[]; lists: DistinctLists; codes: Uint32Array }[]

  constructor(readonly margins: readonly Margin[]) {
    this.names = [...new Set(margins.flatMap(({ dimensions }) => dimensions))]
    this.categories = this.names.map(() => new Map())
    for (const { dimensions, groups } of margins)
      for (const [d, name] of dimensions.entries()) {
        const known = this.categories[this.names.indexOf(name)]
        for (const values of groups) if (!known.has(values[d])) known.set(values[d], known.size)
      }
    this.totals = Float64Array.from(margins.flatMap(({ totals }) => totals))
    const words: number[] = []
    let first = 0
    this.finders = margins.map(({ of, dimensions, groups }) => {
      const over = dimensions.map(name => this.names.indexOf(name))
      const lists = new DistinctLists()
      for (const values of groups) {
        lists.add(values.map((value, d) => this.categories[over[d]].get(value)!))
        const said = dimensions.map((name, d) => JSON.stringify([name, values[d]])).sort()
        words.push(nameKey(of + said.join()), nameKey(said.join() + of))
      }
      this.ranges.push({ first, end: (first += groups.length), of })
      return { over, lists, codes: new Uint32Array(over.length) }
    })
    this.groupNames = Uint32Array.from(words)
  }

  /** Code of a category, −1 where no margin has it. */
  code(dimension: number, category: string): number {
    return this.categories[dimension].get(category) ?? -1
  }

  /** The group of margin m at a combination of codes; −1 where the margin does not have it. */
  groupOf(m: number, combination: ArrayLike<number>): number {
    const { over, lists, codes } = this.finders[m]
    for (let k = 0; k < over.length; k++) codes[k] = combination[over[k]]
    const found = lists.find(codes)
    return found < 0 ? -1 : this.ranges[m].first + found
  }

  /** The margin that has a group, and the group's number in it. */
  placeOf(group: number): { m: number; at: number } {
    const m = this.ranges.findIndex(({ end }) => group < end)
    return { m, at: group - this.ranges[m].first }
  }
}

/** The last step of MurmurHash3: every bit of a word moves every other. */
export function mixed(word: number): number {
  let h = word
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}
