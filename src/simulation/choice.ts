/** Which of several open channels a household takes: P(c) ∝ exp(preference), one keyed draw (model §2.5). */
import exp from '@stdlib/math-base-special-exp'

/** Weight of each channel, by the order of `ids`; a channel without a preference of its own counts as 0. */
export const channelPreference = (
  ids: readonly string[],
  preference: ReadonlyMap<string, number>,
): Float64Array => Float64Array.from(ids, id => exp(preference.get(id) ?? 0))

/** The channel that `u` falls on among the bits of `open`. */
export function choose(weights: Float64Array, open: number, u: number): number {
  let total = 0
  for (let c = 0; c < weights.length; c++) if (open & (1 << c)) total += weights[c]
  let at = u * total
  let last = -1
  for (let c = 0; c < weights.length; c++)
    if (open & (1 << c)) {
      last = c
      at -= weights[c]
      if (at < 0) return c
    }
  return last
}
