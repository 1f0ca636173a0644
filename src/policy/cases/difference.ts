/** What a case expected and did not get, in words. */
import type { Text } from '../../reading/text.js'
import { plainNumber } from '../words.js'

/** One expectation that does not hold. */
export interface Difference {
  what: Text
  expected: Text
  got: Text
}

export const sameSet = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every(name => b.includes(name))

export const plain = (text: string): Text => ({ zh: text, en: text })

export const json = (value: unknown): Text => plain(JSON.stringify(value ?? null))

export const number = (value: number): Text =>
  Number.isNaN(value) ? { zh: '未知', en: 'not known' } : plain(plainNumber(value))

const NONE: Text = { zh: '无', en: 'none' }

/** Words, then in brackets what explains them. */
export function explained(words: Text, why: readonly Text[]): Text {
  if (why.length === 0) return words
  return {
    zh: `${words.zh}(${why.map(({ zh }) => zh).join(';')})`,
    en: `${words.en} (${why.map(({ en }) => en).join('; ')})`,
  }
}

export const names = (ids: readonly string[]): Text =>
  ids.length === 0 ? NONE : { zh: ids.join('、'), en: ids.join(', ') }
