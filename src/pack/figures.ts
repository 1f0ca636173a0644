/** The tables of published numbers: figures.csv, targets.csv, yearbook.csv. Counts of persons are in persons, not 万. */
import { z } from 'zod'
import { formatMonth, monthOf, parseMonth, type Horizon } from '../evidence/month.js'
import { GRADES, type Evidence } from '../evidence/parameter.js'
import { InputError, type Finding } from '../reading/finding.js'
import { nearest } from '../reading/nearest.js'
import { readTable } from '../reading/table.js'
import { BASES, GRADE, SOURCE, type Area, type Figure, type Target, type YearbookRow } from './pack.js'

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
  quantity: text.describe('指标标识:可比的数字用同一个 · an id, the same for what should be comparable'),
  area: text.optional().describe('地区标识;空白为全市 · id of the area; empty is the whole place'),
  channel: text.optional().describe('渠道;空白为全部 · channel; empty is all'),
  basis: z.enum(BASES).optional().describe('口径:全市以外迁入、迁入该区、办理件次 · what is counted'),
  from: month.describe('起始月份,含 · first month, included'),
  to: month.describe('截止月份,含 · last month, included'),
  value: z.coerce.number().describe('数值;人数以人计,不以万计 · the number; persons, never in 万'),
  low: z.coerce.number().optional().describe('不确切时的下限 · lower end, if it is not exact'),
  high: z.coerce.number().optional().describe('不确切时的上限 · upper end'),
  unit: text.describe('单位,如 persons · unit, such as persons'),
  growth_pct: printedPercent
    .optional()
    .describe('印出的同比增长,保留原有小数位 · growth on the year before, as printed'),
  covers: text.optional().describe('同一报道中所指范围不同时写明 · what is counted, where that differs'),
  ratio_of: quotient
    .optional()
    .describe('分子 / 分母 · numerator / denominator, two quantities of this file'),
  grade: z.enum(GRADES).describe(GRADE),
  source: text.describe(SOURCE),
  note: text.optional().describe('备注 · remark'),
}
const figureRow = z.strictObject(figure)
const targetRow = z.strictObject({
  id: text.describe('唯一标识 · unique'),
  ...figure,
  origin: text.optional().describe('来源地 · where they come from'),
  error_model: z
    .enum(['negbin', 'growth'])
    .describe('negbin 为计数,growth 为增长 · negbin: a count, growth: a log-ratio'),
  use: z.enum(['fit', 'check']).describe('用于拟合或检验 · to fit, or to check by'),
})

const count = z.coerce.number().int().nonnegative()
const yearbookRow = z.strictObject({
  area: text.describe('地区标识 · id of the area'),
  year: z.coerce.number().int().describe('年份 · year'),
  in_province: count.describe('省内迁入,含市内各区之间 · moves in, between areas of the place included'),
  in_other_provinces: count.describe('省外迁入 · moves in from other provinces'),
  out_province: count.describe('迁往省内 · moves out within the province'),
  out_other_provinces: count.describe('迁往省外 · moves out to other provinces'),
  net_province: z.coerce.number().int().optional().describe('印出的省内净迁入 · net, if it is printed'),
  net_other_provinces: z.coerce
    .number()
    .int()
    .optional()
    .describe('印出的省外净迁入 · net, if it is printed'),
  births: count.describe('出生登记 · registered births'),
  deaths: count.describe('死亡登记 · registered deaths'),
})

/** The rows of each table, by file. */
export const TABLES = { 'yearbook.csv': yearbookRow, 'targets.csv': targetRow, 'figures.csv': figureRow }

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
