/** Numbers as people write them, in YAML and in expressions alike: what is computed with is what stands there. */
import type { Text } from './text.js'

/**
 * What is wrong with a number, given how it was written and what became of it.
 * A double holds every whole number up to 2⁵³ − 1 and not the next but one, so a longer one would lose digits
 * silently; 017 and 0x1F mean different things to different readers.
 * @returns undefined where the number is taken as it stands
 */
export function numberMistake(source: string, value: number): Text | undefined {
  if (!Number.isFinite(value))
    return { zh: `“${source}”不是有限的数`, en: `"${source}" is not a finite number` }
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER)
    return {
      zh: `数“${source}”太大,末位数字会丢失`,
      en: `The number ${source} is too large: its last digits would be lost`,
    }
  if (/^[-+]?0[\dxo]/i.test(source))
    return {
      zh: `数“${source}”不是普通的十进制写法`,
      en: `The number ${source} is not in plain decimal digits`,
    }
  if (value === 0 && /[1-9]/.test(source.replace(/e.*/i, '')))
    return { zh: `数“${source}”太小,会变成 0`, en: `The number ${source} is too small: it would become 0` }
  return undefined
}

/** What to write instead. */
export const PLAIN_NUMBER: Text = {
  zh: '±9007199254740991 以内的十进制数,开头没有多余的 0',
  en: 'decimal digits without leading zeros, within ±9007199254740991',
}
