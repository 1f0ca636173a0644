/**
 * The counts of a comparison as cells of a system: the levels of all scenarios together, with the sums that hold between
 * them, what no table shows but two of them tell, and what readers have from earlier releases.
 */
import { HIDDEN, type Band, type BandColumn, type BandedTable, type Comparison } from '../comparison.js'
import { SAME } from './audit.js'
import { cellKey, type Release } from './release.js'
import { isSmall, rangeOfShown, RULE, toTens } from './rule.js'
import { relationsOf } from './sums.js'
import { sum, systemOf, type Relation, type System } from './system.js'
import { countsOf, specialOf } from './tables.js'

export const FIELDS = ['mean', 'p05', 'p50', 'p95'] as const

/** Every count of a comparison, scenario by scenario. */
export interface Counts {
  /** Cells of one scenario. */
  size: number
  /** The cell of a count; undefined where the measure is no count. */
  at(table: BandedTable, m: number, row: number): number | undefined
  each(visit: (cell: number, table: BandedTable, m: number, row: number) => void): void
}

export function countsOfAll(tables: BandedTable[]): Counts {
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

export const bandOf = (column: BandColumn, row: number): Band => ({
  mean: column.mean[row],
  p05: column.p05[row],
  p50: column.p50[row],
  p95: column.p95[row],
})

/** A band goes with its mean, and the mean with its band: whichever number is small. The records count behind the mean. */
export const isSmallBand = (band: Band, scale: number): boolean =>
  isSmall(band.mean, band.mean * scale) || FIELDS.some(field => isSmall(band[field]))

export const isZeroBand = (band: Band): boolean => FIELDS.every(field => band[field] === 0)

/** Totals are dearer than what they sum, and totals of totals dearer still: planners read them first. */
export function costs(relations: Relation[], cells: number): Float64Array {
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
export interface Levels {
  system: System
  /** By scenario, then by count. */
  cell: Int32Array[]
  silent: number[]
  small: Set<number>
  cost: Float64Array
}

export function levelsOf(comparison: Comparison, counts: Counts): Levels {
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

/**
 * Cells that an earlier release hid stay hidden. What it showed, and would be shown alike now, readers take to be as it was:
 * hiding it now leaves no more open than its rounding did.
 */
export function heed(
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
