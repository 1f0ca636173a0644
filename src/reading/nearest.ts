import leven from 'leven'

/** The known name most like `name`, if one is near enough that a slip of the hand explains it. */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  let best: string | undefined
  // A word with no letter in common is no slip, however short both are.
  let least = Math.min(Math.max(2, Math.floor(name.length / 3)) + 1, name.length)
  for (const candidate of known) {
    const distance = leven(name, candidate)
    if (distance < least) {
      least = distance
      best = candidate
    }
  }
  return best
}
