/** The tables of published numbers: figures.csv, targets.csv, yearbook.csv. Counts of persons are in persons, not 万. */
import { z } from 'zod'
import { formatMonth, monthOf, parseMonth, type Horizon } from '../evidence/month.js'
import { GRADES, type Evidence } from '../evidence/parameter.js'
import { InputError, type Finding } from '../reading/finding.js'
import { nearest } from '../reading/nearest.js'
import { readTable } from '../reading/table.js'
import { BASES, type Area, type Figure, type Target, type YearbookRow } from './pack.js'

const text = z.string().min(1)
const month = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])$/)
  .transform(word => parseMonth(word)!)
const printedPercent = z
  .string()
  .regex(/^-?\d+(\.\d+)?$/)
  .transform(word => ({ percent: Number(word), decimals: word.split('.')[1]?.length ?? 0 }))
const quotient = z
  .string()
  .regex(/^\S+ \/ \S+$/)
  .transform(words => {
    const [numerator, denominator] = words.split(' / ')
    return { numerator, denominator }
  })

const figure = {
  quantity: text,
  area: text.optional(),
  channel: text.optional(),
  basis: z.enum(BASES).optional(),
  from: month,
  to: month,
  value: z.coerce.number(),
  low: z.coerce.number().optional(),
  high: z.coerce.number().optional(),
  unit: text,
  growth_pct: printedPercent.optional(),
  covers: text.optional(),
  ratio_of: quotient.optional(),
  grade: z.enum(GRADES),
  source: text,
  note: text.optional(),
}
const figureRow = z.strictObject(figure)
const targetRow = z.strictObject({
  id: text,
  ...figure,
  origin: text.optional(),
  error_model: z.enum(['negbin', 'growth']),
  use: z.enum(['fit', 'check']),
})

const count = z.coerce.number().int().nonnegative()
const yearbookRow = z.strictObject({
  area: text,
  year: z.coerce.number().int(),
  in_province: count,
  in_other_provinces: count,
  out_province: count,
  out_other_provinces: count,
  net_province: z.coerce.number().int().optional(),
  net_other_provinces: z.coerce.number().int().optional(),
  births: count,
  deaths: count,
})

/** @throws InputError as `readTable`, and `unknown-area`, `bad-window`, `negative-population`, `bad-range` */
export function readFigures(csv: string, file: string, areas: readonly Area[]): Figure[] {
  const rows = readTable(csv, file, figureRow)
  const figures = rows.map(asFigure)
  refuse(findingsOf(figures, file, areas))
  return figures
}

/** @throws InputError as `readFigures`, and `duplicate-id` */
export function readTargets(csv: string, file: string, areas: readonly Area[]): Target[] {
  const rows = readTable(csv, file, targetRow)
  const targets = rows.map((row): Target => ({
    ...asFigure(row),
    id: row.id,
    errorModel: row.error_model,
    use: row.use,
    ...(row.origin !== undefined && { origin: row.origin }),
  }))
  const seen = new Set<string>()
  const repeated = targets.filter(({ id }) => seen.size === seen.add(id).size)
  refuse([...findingsOf(targets, file, areas), ...repeated.map(({ id, line }) => duplicate(id, file, line))])
  return targets
}

/** @throws InputError as `readTable`, and `unknown-area`, `duplicate-id` (an area-year twice) */
export function readYearbook(csv: string, file: string, areas: readonly Area[]): YearbookRow[] {
  const rows = readTable(csv, file, yearbookRow).map(row => ({
    area: row.area,
    year: row.year,
    inProvince: row.in_province,
    inOtherProvinces: row.in_other_provinces,
    outProvince: row.out_province,
    outOtherProvinces: row.out_other_provinces,
    births: row.births,
    deaths: row.deaths,
    netProvince: row.net_province,
    netOtherProvinces: row.net_other_provinces,
    line: row.line,
  }))
  const seen = new Set<string>()
  refuse(
    rows.flatMap(({ area, year, line }) => [
      ...unknownArea(area, file, line, areas),
      ...(seen.size === seen.add(`${area} ${year}`).size ? [duplicate(`${area} ${year}`, file, line)] : []),
    ]),
  )
  return rows
}

export const calendarYear = (year: number): Horizon => ({ from: monthOf(year, 1), to: monthOf(year, 12) })

/**
 * The yearbook's moves as targets: in and out, by area, year and origin. `in_province` is what is printed as "within the
 * province" and holds moves between areas of the place; `other_province` comes from beyond it.
 */
export function yearbookTargets(
  rows: readonly YearbookRow[],
  meaning: Pick<Evidence, 'grade' | 'source'> & Pick<Target, 'errorModel' | 'use'>,
): Target[] {
  return rows.flatMap(row =>
    (
      [
        ['moves_in', 'in_province', row.inProvince],
        ['moves_in', 'other_province', row.inOtherProvinces],
        ['moves_out', 'in_province', row.outProvince],
        ['moves_out', 'other_province', row.outOtherProvinces],
      ] as const
    ).map(([quantity, origin, value]) => ({
      id: `${quantity}.${row.year}.${row.area}.${origin}`,
      quantity,
      origin,
      area: row.area,
      value,
      unit: 'persons',
      window: calendarYear(row.year),
      ...(quantity === 'moves_in' && { basis: 'districtIn' as const }),
      ...meaning,
      line: row.line,
    })),
  )
}

/** The yearbook's rows as figures of their areas, under the quantities that the place's own row in figures.csv has. */
export function yearbookFigures(rows: readonly YearbookRow[]): Figure[] {
  return rows.flatMap(row =>
    Object.entries({
      moves_in_province: row.inProvince,
      moves_in_other_province: row.inOtherProvinces,
      moves_out_province: row.outProvince,
      moves_out_other_province: row.outOtherProvinces,
      births: row.births,
      deaths: row.deaths,
    }).map(([quantity, value]) => ({
      quantity,
      value,
      area: row.area,
      unit: 'persons',
      window: calendarYear(row.year),
      grade: 'observed' as const,
      source: 'yearbook.csv',
      line: row.line,
    })),
  )
}

function asFigure(row: z.output<typeof figureRow> & { line: number }): Figure {
  const { quantity, area, channel, basis, value, unit, covers, grade, source, note, line } = row
  const range: [number, number] | undefined =
    row.low === undefined && row.high === undefined ? undefined : [row.low ?? value, row.high ?? value]
  return {
    quantity,
    value,
    unit,
    window: { from: row.from, to: row.to },
    grade,
    source,
    line,
    ...(area !== undefined && { area }),
    ...(channel !== undefined && { channel }),
    ...(basis !== undefined && { basis }),
    ...(range && { range }),
    ...(row.growth_pct && { growth: row.growth_pct }),
    ...(covers !== undefined && { covers }),
    ...(row.ratio_of && { ratio: row.ratio_of }),
    ...(note !== undefined && { note }),
  }
}

/** Units of what is counted: such figures add up and cannot be negative. */
export const COUNTED: ReadonlySet<string> = new Set(['persons', 'households', 'places', 'schools', 'cases'])

function findingsOf(figures: readonly Figure[], file: string, areas: readonly Area[]): Finding[] {
  return figures.flatMap(({ quantity, area, value, range, window, unit, line }) => {
    const found: Finding[] = area === undefined ? [] : unknownArea(area, file, line, areas)
    const wrong = (code: string, zh: string, en: string) =>
      found.push({
        severity: 'error',
        code,
        file,
        line,
        message: { zh: `“${quantity}”:${zh}`, en: `${quantity}: ${en}` },
      })
    if (window.from > window.to) {
      const [from, to] = [formatMonth(window.from), formatMonth(window.to)]
      wrong(
        'bad-window',
        `起止月份颠倒(${from} 至 ${to})`,
        `the window ends before it begins (${from} to ${to})`,
      )
    }
    if (COUNTED.has(unit) && (value < 0 || (range && range[0] < 0)))
      wrong(
        'negative-population',
        `${value} ${unit}:数量不能为负`,
        `${value} ${unit}: a count cannot be negative`,
      )
    if (range && (range[0] > value || range[1] < value))
      wrong('bad-range', '取值不在其区间内', 'the value lies outside its own range')
    return found
  })
}

function unknownArea(id: string, file: string, line: number, areas: readonly Area[]): Finding[] {
  const known = areas.map(area => area.id)
  if (known.includes(id)) return []
  return [
    {
      severity: 'error',
      code: 'unknown-area',
      file,
      line,
      message: { zh: `没有标识为“${id}”的地区`, en: `There is no area "${id}"` },
      nearest: nearest(id, known),
      expected: { zh: known.join('、'), en: known.join(', ') },
    },
  ]
}

const duplicate = (id: string, file: string, line: number): Finding => ({
  severity: 'error',
  code: 'duplicate-id',
  file,
  line,
  message: { zh: `“${id}”出现了不止一次`, en: `"${id}" occurs more than once` },
})

function refuse(findings: Finding[]): void {
  if (findings.length > 0) throw new InputError(findings)
}
