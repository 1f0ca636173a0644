/**
 * Margins of the migrant population: what synthesis is raked to. One row a cell; the rows with the same
 * `dimensions` are one margin. Units: `persons`, `households` (counts), `share` (of the margin's universe, sums to
 * 1) and `weight` (where raking starts from: relative, 0 excludes the combination, a cell not given is 1).
 */
import { z } from 'zod'
import { GRADES, type Grade } from '../evidence/parameter.js'
import { InputError, type Finding } from '../reading/finding.js'
import { nearest } from '../reading/nearest.js'
import { readTable } from '../reading/table.js'
import { GRADE, SOURCE, type Margin } from './pack.js'

/**
 * The dimensions and their groups; `bands` are the pack's own: `21-30` or `51+` (ages, both ends belong), `1-3` or
 * `5+` (years of stay, the upper end does not). The other names are values of facts.
 */
export const DIMENSIONS: Record<string, string[] | 'area' | 'bands'> = {
  area: 'area',
  origin: ['city_other_area', 'province', 'other_province', 'in_place'],
  /** Of households, under the reading that families come together, or that they live apart. */
  'household.together': [
    'single',
    'single_away',
    'couple',
    'couple_away',
    'couple_1',
    'couple_2',
    'extended',
    'kin',
  ],
  'household.apart': [
    'single',
    'single_away',
    'couple',
    'couple_away',
    'couple_1',
    'couple_2',
    'extended',
    'kin',
  ],
  /** For weights. */
  household: ['single', 'single_away', 'couple', 'couple_away', 'couple_1', 'couple_2', 'extended', 'kin'],
  role: ['single', 'single_away', 'husband', 'wife', 'father', 'mother', 'grandparent', 'kin'],
  age: 'bands',
  /** For weights of couples: the man's age band is `age`. */
  wife_age: 'bands',
  sex: ['female', 'male'],
  education: [
    'primary',
    'junior_secondary',
    'senior_secondary',
    'junior_college',
    'bachelor',
    'master',
    'doctorate',
  ],
  tenure: ['own', 'rent', 'dorm', 'kin_housing'],
  stay: 'bands',
  /** `employee` becomes formal where insured, informal where not. */
  work: ['employee', 'self_employed', 'legal_representative', 'student', 'retired', 'none'],
  skill: ['none', 'junior_worker', 'middle_worker', 'senior_worker', 'technician', 'senior_technician'],
  /** Of adults with junior college or above. */
  title: ['none', 'junior', 'middle', 'senior'],
  /** Of households that have kin here. */
  kin_here: ['spouse', 'parent', 'child', 'other'],
  /** Of rural adults. */
  land: ['none', 'plot', 'homestead', 'both'],
  arrival_month: Array.from({ length: 12 }, (_, m) => String(m + 1)),
  /** Of ordinary movers. */
  mover_age: 'bands',
}

const UNITS = ['persons', 'households', 'share', 'weight']

/** The ends of `21-30` or `51+`. */
export function band(group: string): { from: number; to: number } | undefined {
  const match = /^(\d+)(?:-(\d+)|\+)$/.exec(group)
  if (!match) return undefined
  const to = match[2] === undefined ? Infinity : Number(match[2])
  return Number(match[1]) <= to ? { from: Number(match[1]), to } : undefined
}

/** A row of margins.csv: one cell of a margin. */
export const marginRow = z.strictObject({
  dimensions: z.string().describe('维度名,以 * 相连 · names of dimensions, joined by *'),
  groups: z.string().describe('各维度的组,以 * 相连 · one group a dimension, joined by *'),
  value: z.coerce.number().describe('非负的数 · a number, not negative'),
  unit: z
    .enum(UNITS)
    .describe(
      '人数、户数(同单位合计相同)、比例(合计为 1)、权重 · counts of one unit have one total, shares sum to 1',
    ),
  grade: z.enum(GRADES).describe(GRADE),
  source: z.string().describe(SOURCE),
  note: z.string().optional().describe('备注 · remark'),
})

/** Names of several dimensions (or groups) in one cell are joined by this. */
export const JOIN = '*'

/**
 * @param areas ids of the pack's areas; without them area names are not checked
 * @returns the margins, in the order of the file, each with the weakest grade of its cells
 * @throws InputError `negative-count`, `unknown-dimension`, `unknown-group`, `wrong-number-of-groups`,
 *   `mixed-units`, `twice`, `margins-disagree` (both totals and the gap), beside those of `readTable`
 */
export function readMargins(text: string, file: string, areas?: string[]): Margin[] {
  const rows = readTable(text, file, marginRow)
  const findings: Finding[] = []
  const mistake = (line: number, code: string, zh: string, en: string, more: Partial<Finding> = {}) =>
    findings.push({ severity: 'error', code, file, line, message: { zh, en }, ...more })
  const margins = new Map<string, Margin & { grade: Grade }>()
  for (const { line, dimensions, groups, value, unit, grade, source, note } of rows) {
    const names = dimensions.split(JOIN)
    const cells = groups.split(JOIN)
    const unknown = names.filter(name => !(name in DIMENSIONS))
    for (const name of unknown)
      mistake(line, 'unknown-dimension', `没有名为“${name}”的维度`, `Unknown dimension "${name}"`, {
        nearest: nearest(name, Object.keys(DIMENSIONS)),
      })
    if (unknown.length > 0) continue
    if (cells.length !== names.length)
      mistake(
        line,
        'wrong-number-of-groups',
        `“${dimensions}”有 ${names.length} 个维度，而“${groups}”有 ${cells.length} 个组`,
        `${dimensions} has ${names.length} dimensions, ${groups} has ${cells.length} groups`,
      )
    else
      for (const [at, name] of names.entries()) {
        const known = DIMENSIONS[name]
        const list = known === 'area' ? areas : known === 'bands' ? undefined : known
        if (known === 'bands' ? !band(cells[at]) : list && !list.includes(cells[at]))
          mistake(
            line,
            'unknown-group',
            `“${name}”没有“${cells[at]}”这一组`,
            `${name} has no group "${cells[at]}"`,
            {
              ...(list && {
                nearest: nearest(cells[at], list),
                expected: { zh: list.join('、'), en: list.join(', ') },
              }),
              ...(known === 'bands' && { expected: { zh: '21-30 或 51+', en: '21-30 or 51+' } }),
            },
          )
      }
    if (!(value >= 0))
      mistake(line, 'negative-count', `数值 ${value} 不能为负`, `The value ${value} is negative`)
    const margin = margins.get(dimensions)
    if (!margin)
      margins.set(dimensions, {
        dimensions: names,
        cells: [{ groups: cells, value, line }],
        file,
        unit,
        grade,
        source,
        ...(note !== undefined && { note }),
      })
    else {
      if (margin.unit !== unit)
        mistake(
          line,
          'mixed-units',
          `“${dimensions}”前面的单位是“${margin.unit}”，这里是“${unit}”`,
          `${dimensions} is in ${margin.unit} above and in ${unit} here`,
        )
      if (margin.cells.some(cell => cell.groups.join(JOIN) === groups))
        mistake(
          line,
          'twice',
          `“${dimensions}”的“${groups}”出现两次`,
          `${dimensions}: ${groups} is given twice`,
        )
      margin.cells.push({ groups: cells, value, line })
      if (GRADES.indexOf(grade) > GRADES.indexOf(margin.grade)) margin.grade = grade
      if (!margin.source.includes(source)) margin.source += '; ' + source
      if (note !== undefined && !margin.note?.includes(note))
        margin.note = margin.note === undefined ? note : margin.note + '; ' + note
    }
  }
  const all = [...margins.values()]
  if (findings.length === 0) findings.push(...disagreements(all))
  if (findings.length > 0) throw new InputError(findings)
  return all
}

const totalOf = (margin: Margin) => margin.cells.reduce((sum, { value }) => sum + value, 0)

/** Shares must sum to 1, and counts of the same unit to the same total. */
function disagreements(margins: Margin[]): Finding[] {
  const findings: Finding[] = []
  const disagree = (margin: Margin, zh: string, en: string) =>
    findings.push({
      severity: 'error',
      code: 'margins-disagree',
      file: margin.file,
      line: margin.cells[0].line,
      message: { zh, en },
    })
  for (const margin of margins) {
    const [name, total] = [margin.dimensions.join(JOIN), totalOf(margin)]
    if (margin.unit === 'share' && Math.abs(total - 1) > 1e-6)
      disagree(
        margin,
        `“${name}”的比例合计 ${+total.toPrecision(9)}，应为 1，差 ${+(total - 1).toPrecision(6)}`,
        `the shares of ${name} sum to ${+total.toPrecision(9)}, not 1: a gap of ${+(total - 1).toPrecision(6)}`,
      )
    if (margin.unit !== 'persons' && margin.unit !== 'households') continue
    const first = margins.find(({ unit }) => unit === margin.unit)!
    const gap = total - totalOf(first)
    if (Math.abs(gap) > 0.5)
      disagree(
        margin,
        `“${first.dimensions.join(JOIN)}”合计 ${totalOf(first)}，“${name}”合计 ${total}，相差 ${gap}`,
        `${first.dimensions.join(JOIN)} sums to ${totalOf(first)}, ${name} to ${total}: they differ by ${gap}`,
      )
  }
  return findings
}
