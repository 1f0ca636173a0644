/** Looking things up in a pack's margins. */
import { DIMENSIONS } from '../pack/margins.js'
import type { Margin, Pack } from '../pack/pack.js'
import { InputError, type Finding } from '../reading/finding.js'

/** Dimensions whose bands are those of another. */
const SAME_BANDS: Record<string, string> = { wife_age: 'age', mover_age: 'age' }

/** Groups of a dimension in order: the known list, or the bands that the pack's targets name. */
export function groupsOf(pack: Pack, dimension: string): string[] {
  const known = DIMENSIONS[dimension]
  if (known === 'area') return pack.areas.map(({ id }) => id)
  if (known !== 'bands') return known
  const name = SAME_BANDS[dimension] ?? dimension
  const bands = new Set<string>()
  for (const { dimensions, cells, unit } of pack.margins)
    if (unit !== 'weight' && dimensions.includes(name))
      for (const { groups } of cells) bands.add(groups[dimensions.indexOf(name)])
  return [...bands].sort((a, b) => parseInt(a) - parseInt(b))
}

const same = (margin: Margin, dimensions: string[]) =>
  margin.dimensions.length === dimensions.length && dimensions.every(name => margin.dimensions.includes(name))

/** Cells as a dense row-major table in the order of `dimensions`; cells that the pack does not give are `absent`. */
function dense(pack: Pack, dimensions: string[], margin: Margin | undefined, absent: number): Float64Array {
  const groups = dimensions.map(name => groupsOf(pack, name))
  const table = new Float64Array(groups.reduce((length, { length: n }) => length * n, 1)).fill(absent)
  for (const cell of margin?.cells ?? []) {
    let index = 0
    for (const [at, name] of dimensions.entries())
      index = index * groups[at].length + groups[at].indexOf(cell.groups[margin!.dimensions.indexOf(name)])
    table[index] = cell.value
  }
  return table
}

/** A target along these dimensions, as shares or counts. @throws Error if the pack has none (see `requireMargins`) */
export function target(pack: Pack, ...dimensions: string[]): Float64Array {
  const margin = pack.margins.find(margin => margin.unit !== 'weight' && same(margin, dimensions))
  if (!margin) throw new Error(`no margin ${dimensions.join('*')}`)
  return dense(pack, dimensions, margin, 0)
}

/** Weights along these dimensions to start raking from; 1 where the pack says nothing. */
export const weights = (pack: Pack, ...dimensions: string[]): Float64Array =>
  dense(
    pack,
    dimensions,
    pack.margins.find(margin => margin.unit === 'weight' && same(margin, dimensions)),
    1,
  )

/** What synthesis cannot do without. */
export const REQUIRED = [
  ['area', 'origin'],
  ['household.together'],
  ['household.apart'],
  ['age', 'sex'],
  ['education'],
  ['tenure'],
  ['stay'],
  ['work'],
  ['skill'],
  ['title'],
  ['kin_here'],
  ['land'],
  ['arrival_month'],
  ['mover_age', 'sex'],
]

/** @throws InputError `missing-margin`, `unknown-group` (an area, or a band that no target has): all of them */
export function requireMargins(pack: Pack): void {
  const findings: Finding[] = []
  for (const dimensions of REQUIRED)
    if (!pack.margins.some(margin => margin.unit !== 'weight' && same(margin, dimensions)))
      findings.push({
        severity: 'error',
        code: 'missing-margin',
        message: {
          zh: `数据包“${pack.id}”缺少边际表“${dimensions.join('*')}”`,
          en: `The pack ${pack.id} has no margin ${dimensions.join('*')}`,
        },
      })
  for (const { dimensions, cells, file } of pack.margins)
    for (const [at, dimension] of dimensions.entries()) {
      const groups = groupsOf(pack, dimension)
      for (const cell of cells)
        if (!groups.includes(cell.groups[at]))
          findings.push({
            severity: 'error',
            code: 'unknown-group',
            file,
            line: cell.line,
            message: {
              zh: `“${dimension}”没有“${cell.groups[at]}”这一组`,
              en: `${dimension} has no group "${cell.groups[at]}"`,
            },
            expected: { zh: groups.join('、'), en: groups.join(', ') },
          })
    }
  if (findings.length > 0) throw new InputError(findings)
}
