/**
 * What the fit is held against: the pack's yearbook and targets, brought to disjoint areas and one form.
 * Every count belongs to a basis and a window (model of the count bases: observe.ts).
 */
import { monthOf, yearOf, type Horizon } from '../evidence/month.js'
import type { Margin, Pack, Target } from '../pack/pack.js'
import { InputError, type Finding } from '../reading/finding.js'

/** Origins of moves as the yearbook has them; "province" holds the moves between areas of the city. */
export const YEARBOOK_ORIGINS = ['province', 'other_province'] as const

/** A count over some months of one year. */
export interface WindowCount {
  /** The pack's id of the target. */
  id: string
  window: Horizon
  count: number
}

export interface Observations {
  areas: string[]
  years: number[]
  /** Registered moves in, persons a year: [area][year][YEARBOOK_ORIGINS]. */
  moves: Float64Array
  /** Registered moves out within the province, all areas, persons: [year]. */
  outProvince: Float64Array
  /** Counts of an area on the basis districtIn. */
  parts: (WindowCount & { area: number })[]
  /** Counts of the whole place on the basis external. */
  external: WindowCount[]
  /** Counts of a channel on the basis event, whole place. */
  channels: (WindowCount & { channel: 'kin' | 'purchase' })[]
  /** Migrants living here, persons: [area][YEARBOOK_ORIGINS] (from other cities of the province; from other provinces). */
  stock: Float64Array
}

/** The years in which the break falls and the reform may act; all before are the years the base is read from. */
export const BREAK_YEAR = 2015
export const FIRST_REFORM_YEAR = 2016
export const LAST_YEAR = 2017

/**
 * @throws InputError `yearbook-gap` (an area-year is missing, or all years before the break), `target-not-understood` (basis, window or channel that
 *   the measurement model does not know), `no-migrant-margin`; all of them at once
 */
export function observations(pack: Pack): Observations {
  const findings: Finding[] = []
  const areas = pack.areas.map(area => area.id)
  const years = [...new Set(pack.yearbook.map(row => row.year))]
    .filter(year => year <= LAST_YEAR)
    .sort((a, b) => a - b)
  if (!years.some(year => year < BREAK_YEAR))
    findings.push({
      severity: 'error',
      code: 'yearbook-gap',
      file: 'yearbook.csv',
      message: {
        zh: `年鉴没有 ${BREAK_YEAR} 年以前的年份,无从得知基础迁移`,
        en: `The yearbook has no year before ${BREAK_YEAR}: there is no base flow to read`,
      },
      expected: {
        zh: `各地区 ${LAST_YEAR} 年及以前的每一年`,
        en: `every area in every year up to ${LAST_YEAR}`,
      },
    })
  const moves = new Float64Array(areas.length * years.length * 2)
  const outProvince = new Float64Array(years.length)
  for (const [a, area] of areas.entries())
    for (const [y, year] of years.entries()) {
      const row = pack.yearbook.find(r => r.area === area && r.year === year)
      if (!row) {
        findings.push({
          severity: 'error',
          code: 'yearbook-gap',
          file: 'yearbook.csv',
          message: { zh: `年鉴缺 ${area} ${year} 年`, en: `The yearbook lacks ${area} in ${year}` },
        })
        continue
      }
      // A row that still holds another area gives that area's persons back: the rows become disjoint.
      const held = pack.areas.filter(
        other => other.inside?.area === area && monthOf(year, 12) <= other.inside.until,
      )
      const inner = held.map(other => pack.yearbook.find(r => r.area === other.id && r.year === year))
      const less = (of: (r: (typeof pack.yearbook)[number]) => number) =>
        inner.reduce((sum, r) => sum + (r ? of(r) : 0), 0)
      moves[(a * years.length + y) * 2] = row.inProvince - less(r => r.inProvince)
      moves[(a * years.length + y) * 2 + 1] = row.inOtherProvinces - less(r => r.inOtherProvinces)
      outProvince[y] += row.outProvince - less(r => r.outProvince)
    }
  const seen: Observations = {
    areas,
    years,
    moves,
    outProvince,
    parts: [],
    external: [],
    channels: [],
    stock: stockOf(pack.margins, areas, findings),
  }
  for (const target of pack.targets)
    if (target.use === 'fit' && !isYearbook(target, years)) place(target, seen, findings)
  if (findings.length > 0) throw new InputError(findings)
  return seen
}

/** Whole years of moves are read from the yearbook itself, where each is split by origin. */
const isYearbook = ({ window, origin, channel }: Target, years: number[]) =>
  window.to - window.from === 11 &&
  window.from % 12 === 0 &&
  channel === undefined &&
  (origin !== undefined || years.includes(yearOf(window.from)))

function place(target: Target, seen: Observations, findings: Finding[]): void {
  const { id, window, value, area, channel, basis } = target
  const counted = { id, window, count: Math.round(value) }
  const inOneYear = yearOf(window.from) === yearOf(window.to) && seen.years.includes(yearOf(window.from))
  const counts = target.errorModel === 'negbin'
  if (inOneYear && counts && channel === undefined && area !== undefined && basis === 'districtIn')
    seen.parts.push({ ...counted, area: seen.areas.indexOf(area) })
  else if (inOneYear && counts && channel === undefined && area === undefined && basis === 'external')
    seen.external.push(counted)
  else if (
    inOneYear &&
    counts &&
    (channel === 'kin' || channel === 'purchase') &&
    area === undefined &&
    basis === 'event'
  )
    seen.channels.push({ ...counted, channel })
  else
    findings.push({
      severity: 'error',
      code: 'target-not-understood',
      file: 'targets.csv',
      line: target.line,
      message: { zh: `无法拟合目标“${id}”`, en: `The fit cannot read the target ${id}` },
      expected: {
        zh: '同一年内的计数(negbin):某区按 districtIn、全市按 external、亲属或购房渠道按 event;其他请标为 use: check',
        en: 'a count (negbin) within one year: an area as districtIn, the place as external, kin or purchase as event; mark others use: check',
      },
    })
}

/** Migrants by area and origin, summed from a margin that has both dimensions. */
export function stockOf(
  margins: readonly Margin[],
  areas: readonly string[],
  findings: Finding[],
): Float64Array {
  const stock = new Float64Array(areas.length * 2)
  const margin = margins.find(
    m =>
      m.unit === 'persons' &&
      m.dimensions.length === 2 &&
      m.dimensions.includes('area') &&
      m.dimensions.includes('origin'),
  )
  if (!margin) {
    findings.push({
      severity: 'error',
      code: 'no-migrant-margin',
      file: 'margins.csv',
      message: {
        zh: '缺少按区与来源地的流动人口边际',
        en: 'There is no margin of migrants by area and origin',
      },
    })
    return stock
  }
  const [atArea, atOrigin] = [margin.dimensions.indexOf('area'), margin.dimensions.indexOf('origin')]
  for (const { groups, value } of margin.cells) {
    const a = areas.indexOf(groups[atArea])
    const o = (YEARBOOK_ORIGINS as readonly string[]).indexOf(groups[atOrigin])
    if (a >= 0 && o >= 0) stock[a * 2 + o] += value
  }
  if (stock.every(persons => persons === 0))
    findings.push({
      severity: 'error',
      code: 'no-migrant-margin',
      file: margin.file,
      line: margin.cells[0].line,
      message: {
        zh: '按区与来源地的流动人口边际全为 0,尚未填写',
        en: 'The margin of migrants by area and origin is 0 throughout: it has not been filled in',
      },
    })
  return stock
}
