/** How sure a paired difference is, in words. */
import type { Lang } from '../reading/text.js'
import { isHidden, type Difference } from '../results/comparison.js'
import { number, percent, wordsOf } from './wording/wording.js'

/** Monte Carlo error, variance reduction and where the band comes from, of one paired difference; nothing of a hidden one. */
export function precision(difference: Difference, lang: Lang): string[] {
  if (isHidden(difference)) return []
  const words = wordsOf(lang)
  const error = Math.max(difference.mcse, difference.mcseP05, difference.mcseP95)
  const lines = [words.error(number(error), percent(error / (difference.p95 - difference.p05)))]
  if (difference.varianceReduction !== null) lines.push(words.reduction(number(difference.varianceReduction)))
  if (difference.shares) {
    const shares = Object.entries(difference.shares).filter(([, share]) => share > 0)
    const said = shares.map(
      ([name, share]) => `${words.shares[name as keyof typeof words.shares]} ${percent(share)}`,
    )
    lines.push(words.bandFrom + words.colon + said.join(words.comma))
  }
  return lines
}
