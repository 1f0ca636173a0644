/**
 * The one-page comparison (对比表) as data: one block a measure, years down, scenarios across. Terminal, page and
 * spreadsheet lay out the same blocks.
 */
import type { Lang } from '../reading/text.js'
import type { Comparison, Headline } from '../results/comparison.js'
import { keyValue, unitOf, wordsOf } from './wording/wording.js'

/** Keys that say when; a block runs over them. */
const PERIODS = ['year', 'september', 'month']

export interface Block {
  /** First of its headlines: label, unit, grade and the other keys are the same in all. */
  first: Headline
  /** `year`, `september`, `month`; empty where the number has no period. */
  periodKey: string
  /** In order of time. */
  lines: { period: string; headline: Headline }[]
}

/** @returns the headline numbers in blocks, in the order in which their first member came */
export function blocksOf(comparison: Comparison): Block[] {
  const blocks = new Map<string, Block>()
  for (const headline of comparison.headline) {
    const periodKey = PERIODS.find(key => key in headline.keys) ?? ''
    const others = Object.entries(headline.keys).filter(([key]) => key !== periodKey)
    const name = JSON.stringify([headline.id, others])
    const block = blocks.get(name) ?? { first: headline, periodKey, lines: [] }
    blocks.set(name, block)
    block.lines.push({ period: headline.keys[periodKey] ?? '', headline })
  }
  for (const block of blocks.values()) block.lines.sort((a, b) => (a.period < b.period ? -1 : 1))
  return [...blocks.values()]
}

/** The keys of a headline in words, its period left out, the whole place unless it stands alone: `whole city · from outside the city`. */
export function placeOf(comparison: Comparison, headline: Headline, lang: Lang): string {
  return Object.entries(headline.keys)
    .filter(([key]) => !PERIODS.includes(key))
    .map(([key, value]) => keyValue(comparison, key, value, lang))
    .join(wordsOf(lang).separator)
}

/** Its period in words, empty where it has none. */
export function periodOf(headline: Headline, lang: Lang): string {
  const key = PERIODS.find(name => name in headline.keys) as
    keyof ReturnType<typeof wordsOf>['period'] | undefined
  return key ? wordsOf(lang).period[key](headline.keys[key]) : ''
}

/** `Registrations · whole city · from outside the city (persons)`; a star where it stands beside an assumed stock. */
export function blockTitle(comparison: Comparison, { first }: Block, lang: Lang): string {
  const place = placeOf(comparison, first, lang)
  const unit = unitOf(first.unit, lang)
  const title =
    first.label[lang] + (place ? wordsOf(lang).separator + place : '') + (first.assumedStock ? ' *' : '')
  return lang === 'zh' ? `${title}（${unit}）` : `${title} (${unit})`
}
