/** What of a comparison is hidden: levels, then differences, until the audit finds nothing that can be worked out. */
import { InputError } from '../../reading/finding.js'
import type { BandedTable, Comparison, Suppression } from '../comparison.js'
import { audit, SAME, widthOf } from './audit.js'
import { bandOf, costs, heed, isZeroBand, levelsOf, type Counts, type Levels } from './levels.js'
import { protect, unsafe } from './pattern.js'
import type { Known } from './reduce.js'
import type { Release } from './release.js'
import { isSmall, rangeOfShown, RULE } from './rule.js'
import type { Solver } from './solver.js'
import { relationsOf } from './sums.js'
import { systemOf } from './system.js'
import { countsOf, specialOf } from './tables.js'

/** What is hidden: by scenario and count, levels and differences. */
export interface Hidden {
  level: Uint8Array[]
  difference: Uint8Array[]
  summary: Omit<Suppression, 'rule' | 'earlier'>
}

/** @throws InputError `suppression-failed` */
export function hide(comparison: Comparison, counts: Counts, releases: Release[], solver: Solver): Hidden {
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
    for (const at of openByRounding(counts, levels, covered, difference, solver)) forced.add(at)
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
 * Where no difference is hidden, what follows from a count is shown too and may tell it exactly.
 * @returns level cells to hide, where a difference could be told within fewer persons than the rule allows
 */
function openByRounding(
  counts: Counts,
  { system, cell, silent }: Levels,
  covered: ReadonlySet<number>,
  difference: Uint8Array[],
  solver: Solver,
): number[] {
  const values = [...system.values]
  const low = [...values]
  const high = [...values]
  for (const at of [...covered, ...silent]) {
    low[at] = system.floor[at]
    high[at] = system.ceiling[at]
  }
  const rounded = (at: number, signed = false) => {
    const [least, most] = rangeOfShown(values[at], signed)
    low[at] = Math.min(least, values[at])
    high[at] = Math.max(most, values[at])
  }
  const relations = system.relations.filter(({ rough }) => !rough)
  const targets = new Map<number, number>()
  counts.each(count => {
    const base = cell[0][count]
    if (!difference.some(hidden => hidden[count])) return
    cell.forEach((cells, s) => {
      const own = cells[count]
      if (s === 0 || own < 0 || own === base || covered.has(base) || covered.has(own)) return
      const at = values.push(values[own] - values[base]) - 1
      relations.push({ cells: [at, own, base], factors: [-1, 1, -1] })
      rounded(base)
      rounded(own)
      if (difference[s][count]) {
        targets.set(at, own)
        low[at] = -Infinity
        high[at] = Infinity
      } else rounded(at, true)
    })
  })
  if (targets.size === 0) return []
  const known: Known = { low: Float64Array.from(low), high: Float64Array.from(high) }
  return [...audit(systemOf(values, relations), known, targets.keys(), solver, RULE.protection)].flatMap(
    ([at, range]) => (widthOf(range) < RULE.protection - SAME ? [targets.get(at)!] : []),
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
