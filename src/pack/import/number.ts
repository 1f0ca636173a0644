/** Numbers as offices write them, in exact decimal text: nothing passes through a double on its way. */

/** Powers of ten that stand behind a number. */
const MULTIPLES: Record<string, number> = { 百: 2, 千: 3, 万: 4, 十万: 5, 百万: 6, 千万: 7, 亿: 8, 万亿: 12 }

const NUMBER = new RegExp(
  '^([+-]?)(\\d{1,3}(?:,\\d{3})+|\\d+|(?=\\.\\d))(?:\\.(\\d*))?(?:e([+-]?\\d{1,2}))?' +
    '(万亿|亿|千万|百万|十万|万|千|百)?(%|‰)?(.*)$',
  'i',
)

/**
 * Full-width digits, thousands separators, 万 and 亿, %, brackets for minus, a spreadsheet's 1.2E+05.
 *
 * @param power   ten to this power times what is written
 * @param measure words that may follow the number: 岁, 个月
 * @returns plain decimal text, undefined where this is no number
 */
export function decimal(cell: string, power = 0, measure?: RegExp): string | undefined {
  if (power === 0 && /^(?:0|[1-9]\d{0,14})(?:\.\d{0,8}[1-9])?$/.test(cell)) return cell
  let text = cell.normalize('NFKC').replace(/[\s\u2212]/g, blank => (blank === '\u2212' ? '-' : ''))
  const bracketed = /^\((.+)\)$/.exec(text)
  if (bracketed) text = '-' + bracketed[1]
  const match = NUMBER.exec(text)
  if (!match) return undefined
  const [, sign, whole, fraction = '', exponent = '0', multiple, part, rest] = match
  if (rest !== '' && !measure?.test(rest)) return undefined
  const shift =
    power +
    Number(exponent) +
    (multiple ? MULTIPLES[multiple] : 0) -
    (part === '%' ? 2 : part === '‰' ? 3 : 0)
  return shifted(sign === '-', whole.replaceAll(',', ''), fraction, shift)
}

/** A decimal times a power of ten, by moving its point. */
function shifted(negative: boolean, whole: string, fraction: string, power: number): string {
  const digits = whole + fraction
  const point = whole.length + power
  const padded = digits.padEnd(Math.max(point, 0), '0').padStart(digits.length - Math.min(point, 0), '0')
  const at = Math.max(point, 0)
  const before = padded.slice(0, at).replace(/^0+(?=\d)/, '') || '0'
  const after = padded.slice(at).replace(/0+$/, '')
  const plain = after ? `${before}.${after}` : before
  return negative && /[1-9]/.test(plain) ? '-' + plain : plain
}

/** `1,200`, `1.5万` or `−3` begin as a formula may, or hold a comma, and are numbers all the same. */
export const isNumber = (cell: string): boolean => decimal(cell) !== undefined
