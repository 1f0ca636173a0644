/** One cell to the text that is written for it, or to what is wrong with it. */
import { formatMonth, type Month } from '../../evidence/month.js'
import { personalData } from '../../reading/personalData.js'
import type { AreaReader } from './area.js'
import type { Field } from './field.js'
import { monthOfCell, yearOfCell } from './month.js'
import { decimal, isNumber } from './number.js'
import { trouble, type Reading } from './trouble.js'
import { AMBIGUOUS, TRUTH, UNKNOWN, VALUES } from './words.js'

/** How the column's figures are to be taken. */
export interface Scale {
  /** Ten to this power times what is written. */
  power: number
  /** Then this many times: 12 for years where months are wanted. */
  times: number
  /** Cells are a month; the time from it to this one is wanted. */
  since?: Month
}

export const PLAIN_SCALE: Scale = { power: 0, times: 1 }

export const tidy = (cell: string): string => (/^[!-~]*$/.test(cell) ? cell : cell.normalize('NFKC').trim())
/** Words are compared without blanks, letter case and width. */
export const plainWord = (word: string): string =>
  word.normalize('NFKC').replace(/\s+/g, ' ').trim().toLowerCase()

/**
 * @param meanings the user's: a word and the value that it is, empty for unknown
 * @returns the cell's text; the values of a column repeat, so they are read once as long as there are not too many
 */
export function cellReader(
  field: Field,
  scale: Scale,
  meanings: ReadonlyMap<string, string>,
  areas: AreaReader,
): (cell: string) => Reading {
  const read = valueReader(field, scale, areas)
  const known = new Map<string, Reading>()
  const fresh = (written: string): Reading => {
    const text = tidy(written)
    const word = plainWord(text)
    const meant = meanings.get(word)
    if (meant === '') return ''
    if (meant !== undefined) return read(meant)
    if (word === '' || (field.type.kind !== 'text' && UNKNOWN.has(word))) return ''
    if (/^[=+@\t\r-]/.test(text) && !isNumber(text)) return trouble['formula-cell']
    const value = read(text)
    if (typeof value === 'string') return value
    if (value.code !== 'wrong-cell') return value
    if (personalData(text)) return trouble['personal-cell']
    return AMBIGUOUS[field.name]?.[word] ? trouble['ambiguous-cell'] : value
  }
  const plain = plainWhole(field, scale, meanings)
  return written => {
    if (plain?.(written)) return written
    const before = known.get(written)
    if (before !== undefined) return before
    const reading = plain && /^\d+(?:\.\d+)?$/.test(written) ? read(written) : fresh(written)
    // A part of a piece would hold the whole piece in memory.
    if (known.size < 4096) known.set(` ${written}`.slice(1), reading)
    return reading
  }
}

/** Whether a cell is a whole number that stays as it stands: most figures are, and need no more than to be seen. */
function plainWhole(
  { type }: Field,
  { power, times, since }: Scale,
  meanings: ReadonlyMap<string, string>,
): ((cell: string) => boolean) | undefined {
  if (type.kind !== 'number' || power !== 0 || times !== 1 || since !== undefined || meanings.size > 0)
    return undefined
  const { min = -Infinity, max = Infinity } = type
  return cell => {
    const { length } = cell
    if (length === 0 || length > 9) return false
    let value = 0
    for (let k = 0; k < length; k++) {
      const digit = cell.charCodeAt(k) - 48
      if (digit < 0 || digit > 9 || (k > 0 && value === 0)) return false
      value = value * 10 + digit
    }
    return value >= min && value <= max
  }
}

function valueReader(field: Field, scale: Scale, areas: AreaReader): (text: string) => Reading {
  const { type } = field
  const wrong = trouble['wrong-cell']
  switch (type.kind) {
    case 'boolean':
      return text => TRUTH[text.toLowerCase()] ?? wrong
    case 'number':
      return numberReader(field, scale)
    case 'area':
      return text => areas(text)
    case 'words': {
      const words = wordsOf(field)
      return text => words.get(plainWord(text)) ?? (type.others?.test(text) ? text : wrong)
    }
    case 'month':
      return text => {
        const month = monthOfCell(text)
        return month === undefined ? wrong : formatMonth(month)
      }
    case 'year':
      return text => String(yearOfCell(text) ?? '') || wrong
    case 'band':
      return text => bandOf(text, field.unit) ?? wrong
    case 'text':
    case 'id':
      return text => (personalData(text) ? trouble['personal-cell'] : text.replace(/\r\n?/g, '\n'))
  }
}

/** Every word for a value of the field, plain, and the value. */
export function wordsOf({ name, type }: Field): Map<string, string> {
  const words = new Map(Object.entries(VALUES[name] ?? {}).map(([word, value]) => [plainWord(word), value]))
  if (type.kind === 'words')
    for (const [index, value] of type.values.entries()) {
      const label = type.labels[index]
      for (const word of [value, label?.zh, label?.en])
        if (word !== undefined) words.set(plainWord(word), value)
    }
  return words
}

const MEASURES: Record<string, RegExp> = {
  years: /^(?:周?岁|years?|years?old|y)$/i,
  months: /^(?:个?月|months?|m)$/i,
}
const MEASURE = /^(?:人|口|次|个?小时|元|个|名|户|宗|件|套|persons?|people|households?|yuan|hours?|times?)$/i

function numberReader({ type, unit }: Field, { power, times, since }: Scale): (text: string) => Reading {
  const {
    min = -Infinity,
    max = Infinity,
    whole = false,
  } = type as { min?: number; max?: number; whole?: boolean }
  const wrong = trouble['wrong-cell']
  const measure = MEASURES[unit ?? ''] ?? MEASURE
  const checked = (value: number): boolean =>
    value >= min && value <= max && (!whole || Number.isInteger(value))
  return text => {
    if (since !== undefined) {
      const month = monthOfCell(text)
      if (month === undefined) return wrong
      const passed = unit === 'years' ? Math.floor((since - month) / 12) : since - month
      return checked(passed) ? String(passed) : wrong
    }
    if (unit === 'months') {
      const years = /^(\d+)\s*年(?:零?(\d+)个?月)?$/.exec(text)
      if (years) return String(Number(years[1]) * 12 + Number(years[2] ?? 0))
    }
    const written = decimal(text, power, measure)
    if (written === undefined) return wrong
    const value = Number(written) * times
    return checked(value) ? (times === 1 ? written : String(value)) : wrong
  }
}

/** `0—14岁`, `15 ~ 64`, `65岁及以上`, `60以上` as `0-14`, `15-64`, `65+`; another short word as it is. */
function bandOf(text: string, unit?: string): string | undefined {
  const plain = text
    .replace(/\s+/g, '')
    .replace(/周?岁|个月|年(?=$|[-~—–及以])/g, '')
    .replace(/(\d)(?:—+|–|~|至|到)(\d)/, '$1-$2')
    .replace(/^(\d+)(?:及以上|以上|\+|&over|andover)$/, '$1+')
  if (/^\d+(?:-\d+|\+)?$/.test(plain)) return plain
  return unit === undefined && plain !== '' && !personalData(text) ? text : undefined
}
