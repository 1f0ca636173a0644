/**
 * Dated values: anywhere in a rule set a value may be a map from dates to values,
 * `{ 2010-06-23: 5, 2012-01-01: 20 }`. The law of a month is what is in force on its first day; before the first
 * date a value is absent, and `null` ends it.
 */
import { monthOf, parseMonth, type Month } from '../evidence/month.js'

type Dated = Record<string, unknown>
type Path = readonly string[]

const dateShape = /^\d{4}-\d{2}(-\d{2})?$/

export const isDate = (key: string): boolean => dateShape.test(key)

export function isDated(value: unknown): value is Dated {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const keys = Object.keys(value)
  return keys.length > 0 && keys.every(isDate)
}

/** The first month whose first day is not before the date. @returns undefined where there is no such day. */
export function firstMonth(date: string): Month | undefined {
  const month = parseMonth(date)
  if (month === undefined) return undefined
  const day = date.length > 7 ? Number(date.slice(8)) : 1
  if (day < 1 || day > daysOf(date)) return undefined
  return day === 1 ? month : month + 1
}

function daysOf(date: string): number {
  const [year, month] = date.split('-').map(Number)
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}

/** The date in force in a month; `anyway` falls back to the first that holds a value. */
export function dateInForce(dated: Dated, month: Month, anyway: boolean): string | undefined {
  const dates = Object.keys(dated)
    .filter(date => firstMonth(date) !== undefined && !(anyway && dated[date] === null))
    .sort()
  const begun = dates.filter(date => firstMonth(date)! <= month)
  return begun.at(-1) ?? (anyway ? dates[0] : undefined)
}

/**
 * A tree without dates: every dated value replaced by the one in force, what is absent left out.
 * @param anyway keep the shape: a value that is not in force counts with the nearest one that is (for checking)
 */
export function inForce(value: unknown, month: Month, anyway = false): unknown {
  if (typeof value !== 'object' || value === null || undated.has(value)) return value
  if (isDated(value)) {
    const date = dateInForce(value, month, anyway)
    return date === undefined ? undefined : inForce(value[date], month, anyway)
  }
  const entries = Object.entries(value).map(([key, inner]) => [key, inForce(inner, month, anyway)] as const)
  if (entries.every(([key, inner]) => inner !== null && inner === (value as Dated)[key])) {
    undated.add(value)
    return value
  }
  if (Array.isArray(value)) return entries.map(([, inner]) => inner)
  return Object.fromEntries(entries.filter(([, inner]) => inner !== undefined && inner !== null))
}

/** Parts of trees that hold no dates: in force as they stand in every month, they need not be gone through again. */
const undated = new WeakSet<object>()

/** The path in the tree as written that a path in `inForce(tree, month)` comes from. */
export function writtenPath(tree: unknown, path: Path, month: Month, anyway = false): string[] {
  const written: string[] = []
  let node = tree
  const unfold = () => {
    while (isDated(node)) {
      const date = dateInForce(node, month, anyway)
      if (date === undefined) return
      written.push(date)
      node = node[date]
    }
  }
  for (const step of path) {
    unfold()
    written.push(step)
    node = (node as Record<string, unknown> | undefined)?.[step]
  }
  unfold()
  return written
}

/** Every date of a tree with the path that holds it. */
export function datesOf(value: unknown, path: Path = []): { date: string; path: string[] }[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => {
    const here = [...path, key]
    return [...(isDated(value) ? [{ date: key, path: here }] : []), ...datesOf(inner, here)]
  })
}

/** Paths of values that are empty, other than those that end a dated one. */
export function emptyValues(value: unknown, path: Path = []): string[][] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => {
    const here = [...path, key]
    return inner === null ? (isDated(value) ? [] : [here]) : emptyValues(inner, here)
  })
}

/** The months in which a tree changes, ascending; one that never changes has none. */
export function changesOf(tree: unknown): Month[] {
  const months = datesOf(tree).flatMap(({ date }) => firstMonth(date) ?? [])
  return [...new Set(months)].sort((a, b) => a - b)
}

/** A month before every date that a rule set can name. */
export const BEFORE_ALL: Month = monthOf(0, 1)
