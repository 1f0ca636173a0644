/** The sums that hold within a result table and between tables, as relations between cells. */
import { rowsWhere, type BandedTable } from '../comparison.js'
import { rowSums, specialOf } from './tables.js'
import { sum, type Relation } from './system.js'

/** Where a number stands: the position of a cell, or undefined where the number is not a count or not known. */
export type Cells = (table: BandedTable, measure: string, row: number) => number | undefined

const whole = (cells: (number | undefined)[]): cells is number[] => cells.every(cell => cell !== undefined)

/** @param value of a cell: what is the same share of another everywhere is as good as a sum */
export function relationsOf(
  tables: BandedTable[],
  cells: Cells,
  value: (cell: number) => number,
): Relation[] {
  const relations: Relation[] = []
  const add = (total: number | undefined, parts: (number | undefined)[]) => {
    if (total !== undefined && parts.length > 0 && whole(parts)) relations.push(sum(total, parts))
  }
  for (const table of tables) {
    const measures = table.schema.measures.map(({ id }) => id)
    for (const { total, parts } of rowSums(table))
      for (const measure of measures)
        add(
          cells(table, measure, total),
          parts.map(row => cells(table, measure, row)),
        )
    for (const [total, parts] of Object.entries(specialOf(table).sums ?? {}))
      for (const row of table.rows.keys())
        add(
          cells(table, total, row),
          parts.map(part => cells(table, part, row)),
        )
  }
  const named = (id: string) => tables.find(({ schema }) => schema.id === id)
  const years = named('registrations_year')
  if (!years) return relations
  const [year, area, basis] = ['year', 'area', 'basis'].map(key => years.schema.keys.indexOf(key))
  const rowOf = new Map(years.rows.map((row, index) => [row.join('\t'), index] as const))

  const months = named('registrations_cell')
  const within = new Map<string, number[]>()
  if (months) {
    const [month, place, origin] = ['month', 'area', 'origin'].map(key => months.schema.keys.indexOf(key))
    months.rows.forEach((row, index) => {
      const bases = row[origin] === 'city_other_area' ? ['districtIn'] : ['districtIn', 'external']
      for (const base of bases) {
        const name = [row[month].slice(0, 4), row[place], base].join('\t')
        within.set(name, [...(within.get(name) ?? []), index])
      }
    })
  }
  const presence = named('presence')
  years.rows.forEach((row, index) => {
    for (const measure of ['persons', 'cases']) {
      const own = cells(years, measure, index)
      const parts = within.get(row.join('\t'))
      if (months && parts)
        add(
          own,
          parts.map(part => cells(months, measure, part)),
        )
      const inside = rowOf.get([row[year], row[area], 'districtIn'].join('\t'))
      const base = inside === undefined ? undefined : cells(years, measure, inside)
      if (row[basis] === 'event' && own !== undefined && base !== undefined && value(base) !== 0)
        relations.push({ cells: [own, base], factors: [-1, value(own) / value(base)], rough: true })
    }
    if (presence && row[basis] === 'external')
      for (const there of rowsWhere(presence, { year: row[year], area: row[area] }))
        add(
          cells(years, 'persons', index),
          ['already_here', 'moves_in', 'paper_only'].map(part => cells(presence, part, there)),
        )
  })
  return relations
}
