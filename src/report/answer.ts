/** The answer in one sentence, its band with it: made of the first headline number. */
import type { Lang } from '../reading/text.js'
import { isHidden, type Comparison, type Headline } from '../results/comparison.js'
import { periodOf, placeOf } from './blocks.js'
import { number, quoted, rangeOf, scenarioTitle, signKey, unitOf, wordsOf } from './wording/wording.js'

/** `12,300 persons` */
const amount = (value: number, { unit }: Headline, lang: Lang, signed = false): string =>
  `${number(value, signed)} ${unitOf(unit, lang)}`

/**
 * One headline number as a sentence: for each scenario the paired difference from the baseline with its band and
 * whether its sign is certain; with one scenario the level.
 */
export function sentence(comparison: Comparison, headline: Headline, lang: Lang): string {
  const words = wordsOf(lang)
  const title = (id: string): string => quoted(scenarioTitle(comparison, id, lang))
  const said = {
    label: headline.label[lang],
    place: placeOf(comparison, headline, lang),
    period: periodOf(headline, lang),
  }
  const differences = Object.entries(headline.differences)
  if (differences.length === 0) {
    const value = headline.values[comparison.baseline]
    if (isHidden(value)) return words.hiddenAnswer(title(comparison.baseline), said)
    return words.level(
      title(comparison.baseline),
      said,
      amount(value.mean, headline, lang),
      rangeOf(value, lang),
    )
  }
  return differences
    .map(([id, difference]) => {
      if (isHidden(difference)) return words.hiddenAnswer(title(id), said)
      const change = amount(difference.mean, headline, lang, true)
      const band = rangeOf(difference, lang, true)
      return (
        words.answer(title(id), title(comparison.baseline), said, change, band) +
        words.signs[signKey(difference)]
      )
    })
    .join('\n')
}

/** The answer in one sentence (one a scenario), or undefined where there is no headline number. */
export function answer(comparison: Comparison, lang: Lang): string | undefined {
  return comparison.headline.length > 0 ? sentence(comparison, comparison.headline[0], lang) : undefined
}
