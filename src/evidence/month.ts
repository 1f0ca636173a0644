/**
 * A month is an index: year × 12 + (month − 1), so 2015-01 is 24180. It fits an Int16 column.
 * Durations are differences of months; NEVER stands for "not yet, or not at all".
 */
export type Month = number

/** The one value for "has not happened", of the same type as a month and later than every month. */
export const NEVER = 32767

export const monthOf = (year: number, month1to12: number): Month => year * 12 + month1to12 - 1
export const yearOf = (month: Month): number => Math.floor(month / 12)
/** 1 … 12. */
export const monthOfYear = (month: Month): number => (month % 12) + 1

/** "2015-01" (or a date "2015-01-31", whose day is dropped). @returns undefined where it is no month. */
export function parseMonth(text: string): Month | undefined {
  const match = /^(\d{4})-(\d{2})(?:-\d{2})?$/.exec(text)
  if (!match) return undefined
  const month = Number(match[2])
  return month >= 1 && month <= 12 ? monthOf(Number(match[1]), month) : undefined
}

export const formatMonth = (month: Month): string =>
  `${String(yearOf(month)).padStart(4, '0')}-${String(monthOfYear(month)).padStart(2, '0')}`

/** Both ends belong to it: 2015-01 … 2020-12 is 72 months. */
export interface Horizon {
  from: Month
  to: Month
}

export const monthsOf = ({ from, to }: Horizon): number => to - from + 1
export const yearsOf = ({ from, to }: Horizon): number[] =>
  Array.from({ length: yearOf(to) - yearOf(from) + 1 }, (_, i) => yearOf(from) + i)
