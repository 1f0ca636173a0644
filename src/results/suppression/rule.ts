/** The rule for counts of real persons: what is small, how wide a hidden count must stay open, how the rest is rounded. */

export const RULE = {
  /** 0 < n < 10 is hidden. */
  least: 10,
  /** What a reader can work out about a hidden count must leave at least so many persons between least and greatest. */
  protection: 10,
  /** What is shown is rounded to tens. */
  rounding: 10,
} as const

/**
 * Must a count be hidden for its own sake? Either of the two does it; a true zero is shown, and a difference counts by
 * its size (−7 is small).
 * @param weighted   persons, or a difference of persons
 * @param unweighted records behind it; the same where nothing is weighted
 */
export const isSmall = (weighted: number, unweighted = weighted): boolean =>
  [weighted, unweighted].some(n => n !== 0 && Math.abs(n) < RULE.least)

/**
 * To the nearest ten, halves away from zero: 5 → 10, −5 → −10. Every total is rounded from its own exact value, so
 * rounded cells need not add up to it.
 */
export function toTens(value: number): number {
  const size = Math.floor(Math.abs(value) / RULE.rounding + 0.5) * RULE.rounding
  return value < 0 && size > 0 ? -size : size
}

/** What a reader knows of a count (or, `signed`, a difference) that is shown rounded: 40 says 35 to 45, and 10 says 10 to 15, since less is hidden. */
export function rangeOfShown(value: number, signed = false): [low: number, high: number] {
  const shown = toTens(value)
  if (value === 0) return [0, 0]
  const half = RULE.rounding / 2
  const size: [number, number] = [Math.max(RULE.least, Math.abs(shown) - half), Math.abs(shown) + half]
  return signed && value < 0 ? [-size[1], -size[0]] : size
}
