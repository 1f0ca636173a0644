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
import { InputError, type Finding } from '../../reading/finding.js'
import { audit, SAME, widthOf } from './audit.js'
import type { Known } from './reduce.js'
import { cellKey, type Release } from './release.js'
import { protect, unsafe } from './pattern.js'
import { isSmall, rangeOfShown, RULE, toTens } from './rule.js'
import type { Solver } from './solver.js'
import { relationsOf } from './sums.js'
import { sum, systemOf, type Relation, type System } from './system.js'
import { countsOf, specialOf } from './tables.js'

const FIELDS = ['mean', 'p05', 'p50', 'p95'] as const

/** Every count of a comparison, scenario by scenario. */
interface Counts {
  /** Cells of one scenario. */
  size: number
  /** The cell of a count; undefined where the measure is no count. */
  at(table: BandedTable, m: number, row: number): number | undefined
  each(visit: (cell: number, table: BandedTable, m: number, row: number) => void): void
}

function countsOfAll(tables: BandedTable[]): Counts {
  let size = 0
  const offsets = new Map<BandedTable, Map<number, number>>()
  for (const table of tables) {
    const own = new Map<number, number>()
    for (const m of countsOf(table)) {
      own.set(m, size)
      size += table.rows.length
    }
    offsets.set(table, own)
  }
  return {
    size,
    at(table, m, row) {
      const offset = offsets.get(table)!.get(m)
      return offset === undefined ? undefined : offset + row
    },
    each(visit) {
      for (const [table, own] of offsets)
        for (const [m, offset] of own) for (const row of table.rows.keys()) visit(offset + row, table, m, row)
    },
  }
}

const bandOf = (column: BandColumn, row: number): Band => ({
  mean: column.mean[row],
  p05: column.p05[row],
  p50: column.p50[row],
  p95: column.p95[row],
})

/** A band goes with its mean, and the mean with its band: whichever number is small. The records count behind the mean. */
const isSmallBand = (band: Band, scale: number): boolean =>
  isSmall(band.mean, band.mean * scale) || FIELDS.some(field => isSmall(band[field]))

const isZeroBand = (band: Band): boolean => FIELDS.every(field => band[field] === 0)

/** Totals are dearer than what they sum, and totals of totals dearer still: planners read them first. */
function costs(relations: Relation[], cells: number): Float64Array {
  const depth = new Float64Array(cells)
  for (let changed = true, rounds = 0; changed && rounds < 10; rounds++) {
    changed = false
    for (const { cells } of relations) {
      const [total, ...parts] = cells
      const own = 1 + parts.reduce((most, part) => Math.max(most, depth[part]), 0)
      if (own > depth[total] && own < 4) {
        depth[total] = own
        changed = true
      }
    }
  }
  return depth.map(d => [1, 5, 25, 125, 625][d])
}

/** Levels of all scenarios as one system: where two scenarios never differ their cells are one. */
interface Levels {
  system: System
  /** By scenario, then by count. */
  cell: Int32Array[]
  silent: number[]
  small: Set<number>
  cost: Float64Array
}

function levelsOf(comparison: Comparison, counts: Counts): Levels {
  const { tables, scenarios, scale } = comparison
  const values: number[] = []
  const small = new Set<number>()
  const cell = scenarios.map(() => new Int32Array(counts.size).fill(-1))
  const relations: Relation[] = []
  const silent: number[] = []
  const append = (value: number): number => values.push(value) - 1
  scenarios.forEach(({ id }, s) => {
    counts.each((count, table, m, row) => {
      const band = bandOf(table.scenarios[id][m], row)
      if (Number.isNaN(band.mean)) return
      const difference = table.difference?.[id]
      const same = difference && isZeroBand(bandOf(difference[m], row))
      cell[s][count] = same ? cell[0][count] : append(band.mean)
      if (isSmallBand(band, scale)) small.add(cell[s][count])
    })
    const cells = (table: BandedTable, measure: string, row: number): number | undefined => {
      const count = counts.at(
        table,
        table.schema.measures.findIndex(one => one.id === measure),
        row,
      )
      return count === undefined || cell[s][count] < 0 ? undefined : cell[s][count]
    }
    relations.push(...relationsOf(tables, cells, at => values[at]))
    // A part beside its whole shows the rest. Of registrations: what moved between areas of the place.
    for (const table of tables.filter(({ schema }) => schema.id === 'registrations_year'))
      table.rows.forEach((keys, row) => {
        if (keys[2] !== 'external') return
        const inside = table.rows.findIndex(
          other => other[0] === keys[0] && other[1] === keys[1] && other[2] === 'districtIn',
        )
        for (const measure of ['persons', 'cases']) {
          const [part, whole] = [cells(table, measure, row), cells(table, measure, inside)]
          if (part === undefined || whole === undefined || values[whole] <= values[part]) continue
          const rest = append(values[whole] - values[part])
          silent.push(rest)
          relations.push(sum(whole, [part, rest]))
          if (isSmall(values[rest], values[rest] * scale)) small.add(rest)
        }
      })
    for (const table of tables)
      for (const [part, whole] of Object.entries(specialOf(table).partOf ?? {}))
        for (const row of table.rows.keys()) {
          const [own, all] = [cells(table, part, row), cells(table, whole, row)]
          if (own !== undefined && all !== undefined && isSmall(values[all] - values[own])) small.add(own)
        }
  })
  return {
    system: systemOf(values, relations),
    cell,
    silent,
    small,
    cost: costs(relations, values.length),
  }
}

/** What is hidden: by scenario and count, levels and differences. */
interface Hidden {
  level: Uint8Array[]
  difference: Uint8Array[]
  summary: Omit<Suppression, 'rule' | 'earlier'>
}

function hide(comparison: Comparison, counts: Counts, releases: Release[], solver: Solver): Hidden {
  const { tables, scenarios } = comparison
  const levels = levelsOf(comparison, counts)
  const { system, cell, silent, small, cost } = levels
  const carried = heed(comparison, counts, levels, releases)
  /** Further cells to hide, found on the way. */
  const forced = new Set<number>()
  for (;;) {
    const pattern = protect(
      system,
      { primary: [...small, ...carried, ...forced], silent, cost: at => cost[at] },
      solver,
    )
    const covered = new Set([...pattern.primary, ...pattern.complementary])
    const level = scenarios.map((_, s) =>
      Uint8Array.from({ length: counts.size }, (_, count) => Number(covered.has(cell[s][count]))),
    )
    const before = forced.size
    for (const table of tables) hideTogether(table, counts, level, cell, system.values, forced)
    if (forced.size > before) continue
    const difference = scenarios.map(({ id }, s) =>
      s === 0
        ? new Uint8Array(counts.size)
        : hideDifferences(comparison, counts, id, [level[0], level[s]], solver),
    )
    for (const at of openByRounding(comparison, counts, levels, covered, difference, solver)) forced.add(at)
    if (forced.size > before) continue
    refuse(unsafe(system, covered, new Set(silent), solver))
    const shownOrHidden = new Set(cell.flatMap(own => [...own])).size
    const primary = [...small].filter(at => !silent.includes(at)).length
    return {
      level,
      difference,
      summary: {
        counts: shownOrHidden,
        primary,
        complementary: [...covered].filter(at => !silent.includes(at)).length - primary,
        differences: difference.reduce((all, own) => all + own.reduce((a, b) => a + b, 0), 0),
        scale: comparison.scale,
      },
    }
  }
}

/**
 * Cells that an earlier release hid stay hidden. What it showed, and would be shown alike now, readers take to be as it was:
 * hiding it now leaves no more open than its rounding did.
 */
function heed(
  { scenarios, scale }: Comparison,
  counts: Counts,
  { system, cell, cost, small }: Levels,
  releases: Release[],
): Set<number> {
  const carried = new Set<number>()
  for (const { shown, rounded } of releases)
    scenarios.forEach(({ id }, s) =>
      counts.each((count, table, m, row) => {
        const at = cell[s][count]
        const then =
          at < 0
            ? undefined
            : shown.get(cellKey(table.schema.id, id, table.rows[row], table.schema.measures[m].id))
        if (then === undefined) return
        const now = system.values[at]
        if (then === HIDDEN) {
          if (now !== 0) carried.add(at)
        } else if (rounded ? toTens(now) === then : Math.abs(now - then) < SAME) {
          const [low, high] = rounded ? rangeOfShown(now) : [now, now]
          system.floor[at] = low
          system.ceiling[at] = high
          if (high - low < RULE.protection) cost[at] = Infinity
        }
        // An exact figure was shown: what changed since is a count of persons.
        else if (!rounded && isSmall(now - then, (now - then) * scale)) small.add(at)
      }),
    )
  return carried
}

/** In some tables the counts of a row follow from one another: one hidden, all hidden. A part is hidden with its whole. */
function hideTogether(
  table: BandedTable,
  counts: Counts,
  level: Uint8Array[],
  cell: Int32Array[],
  values: Float64Array,
  forced: Set<number>,
): void {
  const { together, partOf = {} } = specialOf(table)
  const position = (id: string) => table.schema.measures.findIndex(one => one.id === id)
  level.forEach((hidden, s) => {
    for (const row of table.rows.keys()) {
      const all = together ? countsOf(table).map(m => counts.at(table, m, row)!) : []
      if (all.some(count => hidden[count]))
        for (const at of all.filter(count => !hidden[count]).map(count => cell[s][count]))
          if (at >= 0 && values[at] !== 0) forced.add(at)
      for (const [part, whole] of Object.entries(partOf)) {
        const own = counts.at(table, position(part), row)!
        if (hidden[counts.at(table, position(whole), row)!] && values[cell[s][own]] !== 0) hidden[own] = 1
      }
    }
  })
}

/** Differences of one scenario from the baseline that are small, whose levels are hidden, or that would give such away by their sums. */
function hideDifferences(
  { tables, scale }: Comparison,
  counts: Counts,
  id: string,
  levels: Uint8Array[],
  solver: Solver,
): Uint8Array {
  const values = new Float64Array(counts.size)
  const known = new Uint8Array(counts.size)
  const primary: number[] = []
  counts.each((count, table, m, row) => {
    const band = bandOf(table.difference![id][m], row)
    if (Number.isNaN(band.mean)) return
    known[count] = 1
    values[count] = band.mean
    // The ends of a difference's band say what is not known of it: that they lie about 0 tells of nobody.
    const small = isSmall(band.mean, band.mean * scale)
    if (!isZeroBand(band) && (small || levels.some(hidden => hidden[count]))) primary.push(count)
  })
  const relations = relationsOf(
    tables,
    (table, measure, row) => {
      const count = counts.at(
        table,
        table.schema.measures.findIndex(one => one.id === measure),
        row,
      )
      return count !== undefined && known[count] ? count : undefined
    },
    count => values[count],
  )
  const cost = costs(relations, counts.size)
  const system = systemOf(values, relations, true)
  const pattern = protect(system, { primary, cost: at => cost[at] }, solver)
  const covered = new Set([...pattern.primary, ...pattern.complementary])
  refuse(unsafe(system, covered, new Set(), solver))
  const hidden = new Uint8Array(counts.size)
  for (const count of covered) hidden[count] = 1
  return hidden
}

/**
 * Hidden differences whose levels are both shown: a reader subtracts what is shown, rounded as it is, and knows the sums.
 * @returns level cells to hide, where a difference could be told within fewer persons than the rule allows
 */
function openByRounding(
  { scenarios }: Comparison,
  counts: Counts,
  { system, cell, silent }: Levels,
  covered: ReadonlySet<number>,
  difference: Uint8Array[],
  solver: Solver,
): number[] {
  const values = [...system.values]
  const low: number[] = []
  const high: number[] = []
  const quiet = new Set(silent)
  system.values.forEach((value, at) => {
    const [least, most] = covered.has(at) || quiet.has(at) ? [0, Infinity] : rangeOfShown(value)
    // A sum of corrected means may lie a little off its range; the truth is always possible.
    low.push(Math.min(least, value))
    high.push(Math.max(most, value))
  })
  const relations = system.relations.filter(({ rough }) => !rough)
  const targets = new Map<number, number>()
  scenarios.forEach(({ id }, s) => {
    if (s === 0) return
    counts.each((count, table, m, row) => {
      const [base, own] = [cell[0][count], cell[s][count]]
      if (base < 0 || own < 0 || base === own || covered.has(base) || covered.has(own)) return
      const value = system.values[own] - system.values[base]
      const at = values.push(value) - 1
      relations.push({ cells: [at, own, base], factors: [-1, 1, -1] })
      const shown = table.difference![id][m].mean[row]
      if (difference[s][count]) {
        targets.set(at, own)
        low.push(-Infinity)
        high.push(Infinity)
      } else {
        const [least, most] = rangeOfShown(shown, true)
        low.push(Math.min(least, value))
        high.push(Math.max(most, value))
      }
    })
  })
  if (targets.size === 0) return []
  const all = systemOf(values, relations)
  const known: Known = { low: Float64Array.from(low), high: Float64Array.from(high) }
  return [...audit(all, known, targets.keys(), solver, RULE.protection)].flatMap(([at, range]) =>
    widthOf(range) < RULE.protection - SAME ? [targets.get(at)!] : [],
  )
}

function refuse(narrow: number[]): void {
  if (narrow.length === 0) return
  throw new InputError([
    {
      severity: 'error',
      code: 'suppression-failed',
      message: {
        zh: `本数据包含真实个人记录；审计发现 ${narrow.length} 个隐去的数仍可由公布的数推算到 ${RULE.protection} 人以内，因此没有写出任何文件`,
        en: `The pack holds records of real persons, and the audit found ${narrow.length} hidden counts that can be worked out to within ${RULE.protection} persons from what would be shown: nothing was written`,
      },
      fix: {
        zh: '请用较大的 --scale、较短的时段或较少的情景',
        en: 'Take a larger --scale, a shorter horizon or fewer scenarios',
      },
    },
  ])
}

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
