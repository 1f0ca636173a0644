/**
 * A comparison made from records of real persons, as it may leave the room: small counts hidden, with whatever would give
 * them away, the rest rounded to tens. Nothing inside a run changes. What stands between scenarios counts too: a
 * difference is hidden with either of its levels, and small differences of levels that are both shown stay open by
 * rounding, which the audit proves with everything shown, rounded as it is, taken together.
 */
import {
  CITY,
  HIDDEN,
  type Band,
  type BandColumn,
  type BandedTable,
  type Comparison,
  type Suppression,
} from '../comparison.js'
import type { Finding } from '../../reading/finding.js'
import { hide } from './hide.js'
import { bandOf, countsOfAll, FIELDS } from './levels.js'
import type { Release } from './release.js'
import { isSmall, RULE, toTens } from './rule.js'
import type { Solver } from './solver.js'
import { countsOf, specialOf } from './tables.js'

const hiddenBand: Band = { mean: HIDDEN, p05: HIDDEN, p50: HIDDEN, p95: HIDDEN }

/** Three significant digits: for money, waits and rates, which are not counts. */
const roughly = (value: number): number => (Number.isFinite(value) ? Number(value.toPrecision(3)) : value)

const eachField = (band: Band, change: (value: number) => number): Band => ({
  mean: change(band.mean),
  p05: change(band.p05),
  p50: change(band.p50),
  p95: change(band.p95),
})

/**
 * @param releases earlier ones of the same place, which readers have too
 * @throws InputError `suppression-failed` where the audit finds a hidden count that can be worked out
 */
export function publish(comparison: Comparison, solver: Solver, releases: Release[] = []): Comparison {
  const counts = countsOfAll(comparison.tables)
  const hidden = hide(comparison, counts, releases, solver)
  const order = comparison.scenarios.map(({ id }) => id)

  /** Is the number shown? `paired`: the difference from the baseline. */
  const shows = (table: BandedTable, m: number, row: number, id: string, paired: boolean): boolean => {
    const count = counts.at(table, m, row)
    if (count !== undefined) return hidden[paired ? 'difference' : 'level'][order.indexOf(id)][count] === 0
    const { follows = {}, extremes = [], rates } = specialOf(table)
    const { id: measure } = table.schema.measures[m]
    if (extremes.includes(measure)) return false
    if (rates) return showsRates(comparison, table, row)
    const from = follows[measure]?.map(one => table.schema.measures.findIndex(other => other.id === one))
    return (from ?? countsOf(table)).every(lead => {
      const own = counts.at(table, lead, row)!
      return [...hidden.level, ...hidden.difference].every(flags => flags[own] === 0)
    })
  }
  const shown = (
    table: BandedTable,
    m: number,
    row: number,
    id: string,
    paired: boolean,
    band: Band,
  ): Band => {
    if (Number.isNaN(band.mean)) return band
    if (!shows(table, m, row, id, paired)) return hiddenBand
    return eachField(band, counts.at(table, m, row) === undefined ? roughly : toTens)
  }
  const columns = (table: BandedTable, id: string, of: BandColumn[], paired: boolean): BandColumn[] =>
    of.map((column, m) => {
      const made: BandColumn = {
        mean: new Float64Array(table.rows.length),
        p05: new Float64Array(table.rows.length),
        p50: new Float64Array(table.rows.length),
        p95: new Float64Array(table.rows.length),
      }
      for (const row of table.rows.keys()) {
        const band = shown(table, m, row, id, paired, bandOf(column, row))
        for (const field of FIELDS) made[field][row] = band[field]
      }
      return made
    })
  const each = (table: BandedTable, of: Record<string, BandColumn[]>, paired: boolean) =>
    Object.fromEntries(Object.entries(of).map(([id, own]) => [id, columns(table, id, own, paired)]))
  const suppression: Suppression = {
    ...hidden.summary,
    rule: RULE,
    earlier: releases.map(({ manifest }) => manifest),
  }
  return {
    ...comparison,
    tables: comparison.tables.map(table => ({
      ...table,
      scenarios: each(table, table.scenarios, false),
      ...(table.difference && { difference: each(table, table.difference, true) }),
    })),
    headline: comparison.headline.map(headline => {
      const [id, measure] = headline.id.split('.')
      const table = comparison.tables.find(({ schema }) => schema.id === id)!
      const m = table.schema.measures.findIndex(one => one.id === measure)
      const row = table.rows.findIndex(values =>
        table.schema.keys.every(
          (key, k) => headline.keys[key] === undefined || headline.keys[key] === values[k],
        ),
      )
      const estimate = <T extends Band & { members?: Record<string, number> }>(
        own: T,
        scenario: string,
        paired: boolean,
      ): T => {
        const band = shown(table, m, row, scenario, paired, own)
        const { members, ...rest } = own
        const safe =
          members &&
          band.mean !== HIDDEN &&
          Object.values(members).every(value => !isSmall(value, value * comparison.scale))
        return {
          ...rest,
          ...band,
          ...(safe && {
            members: Object.fromEntries(
              Object.entries(members).map(([name, value]) => [
                name,
                counts.at(table, m, row) === undefined ? roughly(value) : toTens(value),
              ]),
            ),
          }),
        } as T
      }
      return {
        ...headline,
        values: Object.fromEntries(
          Object.entries(headline.values).map(([scenario, own]) => [
            scenario,
            estimate(own, scenario, false),
          ]),
        ),
        differences: Object.fromEntries(
          Object.entries(headline.differences).map(([scenario, own]) => [
            scenario,
            estimate(own, scenario, true),
          ]),
        ),
      }
    }),
    findings: [...withoutFigures(comparison.findings), findingOf(suppression)],
    suppression,
  }
}

/** Rates a thousand persons registered: shown of the whole place alone, and only if none of them stands for few. */
function showsRates({ tables, scenarios, scale }: Comparison, table: BandedTable, row: number): boolean {
  const cells = tables.find(({ schema }) => schema.id === 'registrations_cell')
  if (!cells || !table.rows[row].includes(CITY)) return false
  const channel = cells.schema.keys.indexOf('channel')
  return scenarios.every(({ id }) => {
    const [persons] = cells.scenarios[id]
    const base = cells.rows.reduce(
      (all, keys, at) => all + (keys[channel] === 'ordinary' ? 0 : persons.mean[at]),
      0,
    )
    return table.scenarios[id].every(column => {
      const { mean, p05, p50, p95 } = bandOf(column, row)
      const counts = [mean, p05, p50, p95].map(rate => (rate * base) / 1000)
      return counts.every(count => !isSmall(count, count * scale))
    })
  })
}

/** Findings that tell persons by number keep their code, and say where the figures are. */
const TELLING = ['check-missed', 'margin-gap']

const withoutFigures = (findings: Finding[]): Finding[] => {
  const told = new Set(findings.map(({ code }) => code).filter(code => TELLING.includes(code)))
  return [
    ...findings.filter(({ code }) => !told.has(code)),
    ...[...told].map((code): Finding => {
      const own = findings.filter(finding => finding.code === code)
      return {
        severity: own[0].severity,
        code,
        message: {
          zh: `${own.length} 处水平值与核对值或边际表不符；数据为真实个人记录，人数不在此列出`,
          en: `${own.length} levels differ from a check or a margin; the pack holds records of real persons, so their numbers are not told here`,
        },
      }
    }),
  ]
}

function findingOf({
  counts,
  primary,
  complementary,
  differences,
  rule,
  scale,
  earlier,
}: Suppression): Finding {
  const records = Math.round(rule.least / scale)
  return {
    severity: 'note',
    code: 'cells-hidden',
    message: {
      zh: `本数据包含真实个人记录：${counts} 个人数中隐去 ${primary} 个（大于 0 而不足 ${rule.least}，或背后的模拟记录不足 ${rule.least} 条，即不足 ${records} 人），另隐去 ${complementary} 个以免前者被推算，并隐去 ${differences} 个差值；其余四舍五入到 ${rule.rounding}，合计各自取整，不必相加。审计：没有一个隐去的数可推算到 ${rule.protection} 人以内${earlier.length > 0 ? `，已计入此前 ${earlier.length} 次公布` : ''}`,
      en: `The pack holds records of real persons: of ${counts} counts ${primary} are hidden because they are above 0 and below ${rule.least}, or fewer than ${rule.least} simulated records stand behind them (${records} persons); ${complementary} more so that those cannot be worked out; and ${differences} differences. The rest is rounded to ${rule.rounding}, totals by themselves, so they need not add up. Audit: no hidden count can be worked out to within ${rule.protection} persons${earlier.length > 0 ? `, ${earlier.length} earlier release(s) taken into account` : ''}`,
    },
  }
}
