/** Words for what data holds: units, keys, numbers, bands. The sentences are in zh.ts and en.ts. */
import { formatMonth, type Horizon } from '../../evidence/month.js'
import type { Lang } from '../../reading/text.js'
import { HIDDEN, isHidden, type Band, type Comparison, type Difference } from '../../results/comparison.js'
import { HIDDEN_MARK } from '../../results/csv.js'
import { en } from './en.js'
import { zh, type Words } from './zh.js'

export type { Words }

export const wordsOf = (lang: Lang): Words => (lang === 'zh' ? zh : en)

export const unitOf = (unit: string, lang: Lang): string => wordsOf(lang).units[unit] ?? unit

/** A key's value in words: an area or channel by the name its data gives, else a known word, else as it is. */
export function keyValue(comparison: Comparison, key: string, value: string, lang: Lang): string {
  const named = key === 'area' || key === 'channel' ? comparison.names[key][value]?.[lang] : undefined
  return named ?? wordsOf(lang).values[value] ?? value
}

export const scenarioTitle = (comparison: Comparison, id: string, lang: Lang): string =>
  comparison.scenarios.find(scenario => scenario.id === id)?.title[lang] ?? id

/**
 * A number for people: whole from 10 on, else as many decimals as two significant digits need; thousands are
 * grouped, a minus is U+2212, an unknown level is "–", a hidden number is a mark that `spellHidden` puts into words.
 * @param signed writes "+" before a positive number
 * @param like   the number whose size decides on the decimals, so that the ends of a band are written alike
 */
export function number(value: number, signed = false, like = value): string {
  if (Number.isNaN(value)) return '–'
  if (value === HIDDEN) return HIDDEN_MARK
  const size = Math.abs(like)
  const decimals = size >= 10 || size === 0 ? 0 : size >= 1 ? 1 : size >= 0.1 ? 2 : 3
  const rounded = Math.abs(value).toFixed(decimals)
  if (Number(rounded) === 0) return '0'
  const [whole, fraction] = rounded.split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',') + (fraction ? `.${fraction}` : '')
  return (value < 0 ? '−' : signed ? '+' : '') + grouped
}

/** A share as whole per cent; "<1%" where it would vanish. */
export function percent(share: number): string {
  if (Number.isNaN(share)) return '–'
  return share > 0 && share < 0.005 ? '<1%' : `${Math.round(share * 100)}%`
}

/** Both ends of a band, written with the decimals of the larger one. */
function ends({ p05, p95 }: Band, signed: boolean): [string, string] {
  const like = Math.max(Math.abs(p05), Math.abs(p95))
  return [number(p05, signed, like), number(p95, signed, like)]
}

/** `[p05, p95]`, short, for cells; empty where it is not known or hidden. */
export const bracket = (band: Band, signed = false): string =>
  Number.isNaN(band.p05) || isHidden(band) ? '' : `[${ends(band, signed).join(', ')}]`

/** `p05 to p95`, for sentences. */
export const rangeOf = (band: Band, lang: Lang, signed = false): string =>
  wordsOf(lang).range(...ends(band, signed))

/** A title in quotation marks, unless it brings its own. */
export const quoted = (title: string): string => (/[“「]/.test(title) ? title : `“${title}”`)

/** Is the sign certain, open or fixed by the rules, or is there no difference in any draw? */
export function signKey({ signCertain, p05, p95, mean }: Difference): keyof Words['signs'] {
  if (p05 === 0 && p95 === 0 && mean === 0) return 'none'
  return signCertain === 'by construction' ? signCertain : signCertain ? 'certain' : 'open'
}

/** The sign in one word. */
export const signOf = (difference: Difference, lang: Lang): string =>
  isHidden(difference) ? HIDDEN_MARK : wordsOf(lang).signWords[signKey(difference)]

/** Hidden numbers in words of the language: neither 0 nor empty. */
export const spellHidden = (text: string, lang: Lang): string =>
  text.replaceAll(HIDDEN_MARK, wordsOf(lang).hidden)

/** What “hidden” means, under every table and chart of a comparison that hides numbers. */
export const hiddenNote = ({ suppression }: Comparison, lang: Lang): string[] =>
  suppression ? [wordsOf(lang).hiddenNote(suppression.rule.least, suppression.rule.rounding)] : []

export const horizonOf = ({ from, to }: Horizon): string => `${formatMonth(from)} – ${formatMonth(to)}`
