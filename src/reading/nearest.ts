import leven from 'leven'

/** The known name most like `name`, if one is near enough that a slip of the hand explains it. */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  let best: string | undefined
  let least = Math.max(2, Math.floor(name.length / 3)) + 1
  for (const candidate of known) {
    const distance = leven(name, candidate)
    if (distance < least) {
      least = distance
      best = candidate
    }
  }
  return best
}
