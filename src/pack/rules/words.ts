/** Names and numbers of figures in the words of findings, and what makes two figures speak of one thing. */
import { formatMonth, type Horizon } from '../../evidence/month.js'
import type { Finding } from '../../reading/finding.js'
import type { Text } from '../../reading/text.js'
import type { Figure, Pack } from '../pack.js'

/** What the words need to know of the place: its name, those of its areas, and the labels of ids. */
export type Names = Pick<Pack, 'title' | 'areas' | 'labels'>

/** 10407 → "10,407". */
export const grouped = (value: number): string => {
  const [whole, decimals] = String(value).split('.')
  return whole.replace(/\B(?=(\d{3})+$)/g, ',') + (decimals === undefined ? '' : '.' + decimals)
}

export const placeName = (area: string | undefined, { title, areas }: Names): Text =>
  area === undefined ? title : (areas.find(({ id }) => id === area)?.name ?? { zh: area, en: area })

export const windowName = ({ from, to }: Horizon): Text => {
  const [first, last] = [formatMonth(from), formatMonth(to)]
  return first === last ? { zh: first, en: first } : { zh: `${first} 至 ${last}`, en: `${first} to ${last}` }
}

export const label = (id: string, { labels }: Names): Text => labels?.[id] ?? { zh: id, en: id }

/** "registered moves in (purchase), Duanzhou, 2017-01 to 2017-04". */
export function figureName({ quantity, channel, area, window }: Figure, names: Names): Text {
  const [what, place, when] = [label(quantity, names), placeName(area, names), windowName(window)]
  const by = channel === undefined ? undefined : label(channel, names)
  return {
    zh: `${place.zh}${what.zh}${by ? `(${by.zh})` : ''},${when.zh}`,
    en: `${what.en}${by ? ` (${by.en})` : ''}, ${place.en}, ${when.en}`,
  }
}

/** The same quantity, place, channel and basis: windows are compared by whoever asks. */
export const sameStory = (a: Figure, b: Figure): boolean =>
  a.quantity === b.quantity && a.area === b.area && a.channel === b.channel && a.basis === b.basis

export const sameWindow = (a: Figure, b: Figure): boolean =>
  a.window.from === b.window.from && a.window.to === b.window.to

export const overlap = (a: Figure, b: Figure): boolean =>
  a.window.from <= b.window.to && b.window.from <= a.window.to

/** Half the step to which a count is rounded, read off its last zeros: 602,400 is known to within 50. */
export function rounding(value: number): number {
  if (value === 0 || value % 1 !== 0) return 0.5
  let step = 1
  while (value % (step * 10) === 0) step *= 10
  return step / 2
}

export const about = (
  file: string,
  line: number,
  severity: Finding['severity'],
  code: string,
  message: Text,
  expected?: Text,
): Finding => ({ severity, code, file, line, message, ...(expected && { expected }) })

export const join = (texts: Text[], zh: string, en: string): Text => ({
  zh: texts.map(text => text.zh).join(zh),
  en: texts.map(text => text.en).join(en),
})
