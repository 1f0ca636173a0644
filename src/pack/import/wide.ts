/** Headers of figures that stand side by side, one a group: 男 and 女, months, channels; in one row or in two. */
import { formatMonth, monthOf } from '../../evidence/month.js'
import type { AreaReader } from './area.js'
import { cellReader, PLAIN_SCALE } from './cell.js'
import { fieldOfHeader, type Situation } from './columns.js'
import { ownField, type Field } from './field.js'
import type { Header } from './layout.js'
import { monthOfCell, monthWithinYear, yearOfCell } from './month.js'
import { TOTALS } from './words.js'

/** By column: the group of each dimension, or that it is the total of the others. */
export type Groups = (index: number) => Map<string, string> | 'total' | undefined

const NONE: Groups = () => undefined

/** A period is told by its words: a month, a year, a month of a year that another column names. */
export const PERIOD = 'period'

export function periodOf(cell: string): string | undefined {
  const year = yearOfCell(cell)
  if (year !== undefined) return String(year)
  const month = monthOfCell(cell)
  if (month !== undefined) return formatMonth(month)
  const within = /月/.test(cell) ? monthWithinYear(cell) : undefined
  return within === undefined ? undefined : `--${String(within).padStart(2, '0')}`
}

/** @returns from and to, given the year where the period is a month alone */
export function windowOf(period: string, year: number | undefined): [string, string] | undefined {
  if (/^\d{4}$/.test(period)) return [`${period}-01`, `${period}-12`]
  if (!period.startsWith('--')) return [period, period]
  if (year === undefined) return undefined
  const month = formatMonth(monthOf(year, Number(period.slice(2))))
  return [month, month]
}

/** Two columns at least, each of a group of its own; a header of the file's own fields is none. */
export function findGroups(header: Header, situation: Situation, areas: AreaReader): Groups {
  const { form, fields, mapping } = situation
  if (form === 'persons') return NONE
  const declared = mapping.wide === undefined ? undefined : [mapping.wide].flat()
  const readers = fields
    .filter(({ type }) => type.kind === 'words' || type.kind === 'area')
    .map(field => ({ name: field.name, read: cellReader(field, PLAIN_SCALE, new Map(), areas) }))
  const chosen = (name: string): Field => fields.find(field => field.name === name) ?? ownField(name, 'band')

  /** The dimensions that a part of a header is a value of. */
  const meanings = (part: string): [string, string][] => {
    const period = form === 'counts' ? periodOf(part) : undefined
    if (period !== undefined) return [[PERIOD, period]]
    return readers.flatMap(({ name, read }): [string, string][] => {
      const value = read(part)
      return typeof value === 'string' && value !== '' && value !== part.toLowerCase() + '_'
        ? [[name, value]]
        : []
    })
  }
  const groups = header.names.map((name, index) => {
    const parts = header.upper ? [header.upper[index], header.lower[index]] : [name]
    if (mapping.columns[name] !== undefined || parts.every(part => part === '')) return undefined
    if (declared) {
      const own = parts.slice(-declared.length)
      if (
        own.length < declared.length ||
        own.some(part => part === '' || TOTALS.test(part) || fieldOfHeader(part, fields))
      )
        return undefined
      const values = own.map((part, k) => {
        const value = cellReader(chosen(declared[k]), PLAIN_SCALE, new Map(), areas)(part)
        return typeof value === 'string' && value !== '' ? value : part
      })
      return new Map(declared.map((dimension, k) => [dimension, values[k]]))
    }
    if (parts.some(part => fieldOfHeader(part, fields) && !valueHeader(part, situation))) return undefined
    const found = parts.map(meanings)
    // A word that may belong to several dimensions, such as 无, belongs to none.
    if (found.some(one => one.length > 1) || found.every(one => one.length === 0)) return undefined
    return new Map(found.flat())
  })
  const keys = groups.flatMap(group => (group ? [JSON.stringify([...group])] : []))
  if (keys.length < 2 || new Set(keys).size < keys.length) return NONE
  const isTotal = (index: number) => {
    const { lower, upper } = header
    return TOTALS.test(lower[index] ?? '') || (lower[index] === '' && TOTALS.test(upper?.[index] ?? ''))
  }
  return index => groups[index] ?? (isTotal(index) ? 'total' : undefined)
}

/** 人数 over 男 and 女 is the name of the figures, not of a group. */
const valueHeader = (part: string, { form, fields }: Situation): boolean =>
  fieldOfHeader(part, fields)?.name === (form === 'counts' ? 'value' : 'total')
