/**
 * Children with local hukou by the year in which they enter grade 1, from registered births (model §0.5(g), §4.1).
 * Deaths of children are left out (a few in a thousand). Births before and after the yearbook's years are assumed.
 */
import { yearOf } from '../../evidence/month.js'
import { valueOf, type Values } from '../../evidence/parameter.js'
import type { Pack } from '../../pack/pack.js'
import type { Stage } from './claims.js'

/** Ages 0 to 6 over which late registration is spread. */
const LATE_AGES = 7
/** Years whose mean continues the series at either end. */
const END_YEARS = 3

/**
 * Births by area and year as if registered when born. Where the printed row of one area holds another (`inside`), the
 * other is taken out. In the year `edu.lateYear` the share `edu.lateShare` of what exceeds the mean of the years beside
 * it is late registration and is spread evenly over the births of that year and the six before.
 *
 * @returns children of (index of the area, year); 0 for an area without a yearbook
 */
export function birthsOnTime(pack: Pack, values: Values): (area: number, year: number) => number {
  const printed = new Map(pack.yearbook.map(row => [`${row.area} ${row.year}`, row.births]))
  const late = values.get('edu.lateYear')
  const series = pack.areas.map(({ id }) => {
    const births = new Map<number, number>()
    for (const row of pack.yearbook.filter(({ area }) => area === id)) {
      const within = pack.areas.filter(
        ({ inside }) => inside?.area === id && yearOf(inside.until) >= row.year,
      )
      const others = within.reduce((sum, other) => sum + (printed.get(`${other.id} ${row.year}`) ?? 0), 0)
      births.set(row.year, row.births - others)
    }
    if (births.size === 0) return () => 0
    const years = [...births.keys()].sort((a, b) => a - b)
    const mean = (some: number[]) => some.reduce((sum, year) => sum + births.get(year)!, 0) / some.length
    const before = mean(years.slice(0, END_YEARS)) * valueOf(values, 'edu.birthsBefore')
    const after = mean(years.slice(-END_YEARS)) * valueOf(values, 'edu.birthsAfter')

    const beside = late === undefined ? [] : [births.get(late - 1), births.get(late), births.get(late + 1)]
    const [left, middle, right] = beside
    const excess =
      left === undefined || middle === undefined || right === undefined
        ? 0
        : Math.max(0, middle - (left + right) / 2) * valueOf(values, 'edu.lateShare')
    return (year: number) => {
      const registered = births.get(year) ?? (year < years[0] ? before : after)
      if (excess === 0 || year > late! || year <= late! - LATE_AGES) return registered
      return registered + excess / LATE_AGES - (year === late ? excess : 0)
    }
  })
  return (area, year) => series[area](year)
}

/**
 * Children who reach grade 1 in September of `year`: aged six by 31 August, so born in the last four months of
 * year − 7 or the first eight of year − 6, births being even over the year.
 */
export const entrants = (
  births: (area: number, year: number) => number,
  area: number,
  year: number,
): number => (births(area, year - 7) + 2 * births(area, year - 6)) / 3

/**
 * Public seats of children with local hukou who entered in `entry`: less those who live elsewhere (`edu.outFlow.AREA`)
 * and those in private school, plus those from other areas of the city (`edu.inFlow.AREA`, a share of the area's own).
 */
export function localSeats(
  births: (area: number, year: number) => number,
  pack: Pack,
  values: Values,
  area: number,
  stage: Stage,
  entry: number,
  usePermit: number,
): number {
  const { id } = pack.areas[area]
  const stay = 1 - (values.get(`edu.outFlow.${id}`) ?? 0)
  const inPublic = 1 - valueOf(values, `edu.privLocal.${stage.id}`)
  const come = values.get(`edu.inFlow.${id}`) ?? 0
  return entrants(births, area, entry) * (stay * inPublic + come * usePermit)
}
