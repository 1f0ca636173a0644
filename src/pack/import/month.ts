/** Months as offices and spreadsheets write them. A day, where there is one, is never kept. */
import { monthOf, type Month } from '../../evidence/month.js'

const DATE =
  /^(\d{4})(?:年|[-/.])(\d{1,2})(?:月份?|(?:月|[-/.])(\d{1,2})日?)?(?:[T\s]*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?)?$/
const DIGITS = /^(\d{4})(\d{2})(\d{2})?$/

/** Days of a spreadsheet's calendar, counted from 1899-12-30, that can be meant: 1910 to 2099. */
const SERIAL: [number, number] = [3654, 73050]

/**
 * `2016年5月3日`, `2016-5`, `2016/05/03`, `2016.05`, `201605`, `20160503`, `2016-05-03 00:00:00`, and the number under
 * which a spreadsheet holds a day (42493). A year of two digits or 5/3/2016 may be read in two ways, so not at all.
 */
export function monthOfCell(cell: string): Month | undefined {
  const text = cell
    .normalize('NFKC')
    .trim()
    .replace(/\s*([年月日/.-])\s*/g, '$1')
  const match = DATE.exec(text) ?? DIGITS.exec(text)
  if (match) return checked(Number(match[1]), Number(match[2]), match[3] === undefined ? 1 : Number(match[3]))
  if (!/^\d{4,5}(?:\.\d+)?$/.test(text)) return undefined
  const serial = Math.floor(Number(text))
  return serial >= SERIAL[0] && serial <= SERIAL[1] ? monthOfSerial(serial) : undefined
}

const checked = (year: number, month: number, day: number): Month | undefined =>
  year >= 1880 && year <= 2100 && month >= 1 && month <= 12 && day >= 1 && day <= 31
    ? monthOf(year, month)
    : undefined

/** `2016年`, `2016年度`, `2016`. */
export function yearOfCell(cell: string): number | undefined {
  const match = /^(\d{4})(?:年度?)?$/.exec(cell.normalize('NFKC').trim())
  const year = Number(match?.[1])
  return year >= 1949 && year <= 2100 ? year : undefined
}

/** `5月`, `5月份`, `05`: 1 … 12. */
export function monthWithinYear(cell: string): number | undefined {
  const month = Number(/^(\d{1,2})(?:月份?)?$/.exec(cell.normalize('NFKC').trim())?.[1])
  return month >= 1 && month <= 12 ? month : undefined
}

/** H. Hinnant, "chrono-compatible low-level date algorithms": civil_from_days, in months. */
function monthOfSerial(serial: number): Month {
  // Day 0 of the algorithm is 0000-03-01; 1899-12-30 is day 693899 of it.
  const days = serial + 693899
  const era = Math.floor(days / 146097)
  const ofEra = days - era * 146097
  const year = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36524) - Math.floor(ofEra / 146096)) / 365,
  )
  const ofYear = ofEra - (365 * year + Math.floor(year / 4) - Math.floor(year / 100))
  const sinceMarch = Math.floor((5 * ofYear + 2) / 153)
  return monthOf(year + era * 400, 1) + sinceMarch + 2
}
