/**
 * Candidates at a bound. A process that happens to few in a month need not ask everyone: where no monthly
 * probability is above `bound`, it is enough to visit each person-month with probability `bound`, found by
 * geometric skips, and to accept with probability / bound. The result has exactly the distribution of the plain
 * monthly loop (thinning: Lewis & Shedler 1979), at a cost that falls with the bound.
 *
 * The universe of a block is its rows × the months of the horizon, month after month. The skips of a block are
 * keyed (seed, process, block, index), so that a candidate depends neither on other blocks nor on what anybody
 * does; the accept draw is keyed by person and month as every draw is. Blocks are fixed by the population, so the
 * candidates are the same in every scenario: an event that a policy makes likelier is never lost.
 */
import ln from '@stdlib/math-base-special-ln'
import { secondWord, threefry, type SeedKey } from '../evidence/luck.js'

/** Rows a block. */
export const BLOCK = 16384

/** Marks skips among the counters, so that no skip shares a counter with a draw of `uniform`: decisions lie below it. */
const SKIP = 0x8000

export class Candidates {
  private readonly blocks: number
  /** Next candidate of each block as row-in-block + rows-of-block × month; and the index of the skip after it. */
  private readonly next: Float64Array
  private readonly index: Uint32Array
  /** A block of the generator gives two words; the second waits here. */
  private readonly spare: Uint32Array
  private readonly perLog: number

  constructor(
    private readonly key: SeedKey,
    private readonly decision: number,
    private readonly rows: number,
    readonly bound: number,
  ) {
    if (!(bound > 0 && bound < 1))
      throw new Error(`bound ${bound} of decision ${decision} is not between 0 and 1`)
    this.blocks = Math.ceil(rows / BLOCK)
    this.next = new Float64Array(this.blocks)
    this.index = new Uint32Array(this.blocks)
    this.spare = new Uint32Array(this.blocks)
    this.perLog = 1 / ln(1 - bound)
    for (let block = 0; block < this.blocks; block++) this.next[block] = this.skip(block)
  }

  /** Geometric number of person-months passed over: floor(ln u / ln(1 − bound)). */
  private skip(block: number): number {
    const index = this.index[block]++
    let word = this.spare[block]
    if ((index & 1) === 0) {
      word = threefry(this.key[0], this.key[1], index >>> 1, ((SKIP | this.decision) << 16) | block) >>> 0
      this.spare[block] = secondWord()
    }
    return Math.floor(ln((word + 0.5) / 4294967296) * this.perLog)
  }

  /** Visit the candidate rows of a month (0 = the first), ascending. Months are to be visited in order. */
  visit(month: number, each: (row: number) => void): void {
    for (let block = 0; block < this.blocks; block++) {
      const first = block * BLOCK
      const size = Math.min(BLOCK, this.rows - first)
      const start = size * month
      const end = start + size
      let at = this.next[block]
      while (at < end) {
        each(first + at - start)
        at += 1 + this.skip(block)
      }
      this.next[block] = at
    }
  }
}
