/**
 * In which of the last 64 months a head was insured here. Kept only where some law counts months within a window.
 *
 * A month counts if the spell ran when it began: not the month in which a spell begins, but that in which it ends. So
 * a window agrees with the durations that are month − began: six of the last six is `months_insured >= 6`.
 *
 * What lies before the horizon is known as a sum alone. It is taken to lie as late as it can: right before the running
 * spell, or before the horizon's first month where there is none.
 */
import { NEVER, type Month } from '../evidence/month.js'

/** Bit k of (high, low) is month `asOf` − k; by household. The running spell is not in it. */
export interface InsuredMonths {
  low: Uint32Array
  high: Uint32Array
  asOf: Int16Array
}

/** Spells of insurance of the heads: month in which the running one began (NEVER), months of those before it. */
export interface Spells {
  insuredSince: Int16Array
  insuredBefore: Uint16Array
  insuredMonths?: InsuredMonths
}

/** Begin to keep months, as of a horizon's first month; columns that are there are used again. */
export function keepInsuredMonths(spells: Spells, from: Month): void {
  const { insuredSince, insuredBefore } = spells
  const count = insuredSince.length
  const months = (spells.insuredMonths ??= {
    low: new Uint32Array(count),
    high: new Uint32Array(count),
    asOf: new Int16Array(count),
  })
  months.low.fill(0)
  months.high.fill(0)
  for (let h = 0; h < count; h++) {
    months.asOf[h] = insuredSince[h] === NEVER ? from : insuredSince[h]
    for (let k = 1; k <= Math.min(63, insuredBefore[h]); k++)
      if (k < 32) months.low[h] |= 1 << k
      else months.high[h] |= 1 << (k - 32)
  }
}

/** To be told before the running spell of a household ends. */
export function spellEnds({ insuredSince, insuredMonths }: Spells, h: number, month: Month): void {
  if (!insuredMonths) return
  const { low, high, asOf } = insuredMonths
  const run = month - insuredSince[h]
  const shifted = shift(low[h], high[h], month - asOf[h])
  const [lowRun, highRun] = firstBits(run)
  low[h] = shifted[0] | lowRun
  high[h] = shifted[1] | highRun
  asOf[h] = month
}

/**
 * Months insured among the last `within` (at most 64), this one included.
 * @throws Error where months are not kept
 */
export function insuredWithin(spells: Spells, h: number, month: Month, within: number): number {
  if (!spells.insuredMonths) throw new Error('months of insurance are not kept')
  const { low, high, asOf } = spells.insuredMonths
  const [lowBits, highBits] = shift(low[h], high[h], Math.max(0, month - asOf[h]))
  const [lowMask, highMask] = firstBits(within)
  const run = Math.max(0, month - spells.insuredSince[h])
  return ones(lowBits & lowMask) + ones(highBits & highMask) + Math.min(within, run)
}

/** 64 bits moved up, those beyond the last lost. */
function shift(low: number, high: number, by: number): [low: number, high: number] {
  if (by >= 64) return [0, 0]
  if (by >= 32) return [0, low << (by - 32)]
  return by === 0 ? [low, high] : [low << by, (high << by) | (low >>> (32 - by))]
}

/** The lowest bits set. */
const firstBits = (count: number): [low: number, high: number] => [
  count >= 32 ? -1 : (1 << count) - 1,
  count >= 64 ? -1 : count > 32 ? (1 << (count - 32)) - 1 : 0,
]

/** Bits set in a word (Warren, Hacker's Delight, 5-1). */
function ones(word: number): number {
  let x = word - ((word >>> 1) & 0x55555555)
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333)
  x = (x + (x >>> 4)) & 0x0f0f0f0f
  return Math.imul(x, 0x01010101) >>> 24
}
