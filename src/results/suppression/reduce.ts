/**
 * What is left open once everything shown is filled in: relations between unknown cells, in which cells that occur alike
 * in all relations are one group. A table by month, area and channel of which only yearly totals are published so comes
 * down to a few unknowns, and nothing is lost: what is known of the group's sum says what is known of each member.
 */
import type { System } from './system.js'

/** By cell: between what two values a reader knows it to be. Equal where it is shown exactly. */
export interface Known {
  low: Float64Array
  high: Float64Array
}

export interface Group {
  members: number[]
  /** Of the sum of its members. */
  low: number
  high: number
  value: number
}

export interface Reduced {
  groups: Group[]
  /** By cell; −1 where the cell is known or stands in no relation. */
  groupOf: Int32Array
  /** Relations between groups. */
  rows: { groups: number[]; factors: number[]; equals: number }[]
}

export function reduce({ values, relations }: System, { low, high }: Known): Reduced {
  const signatures = new Map<number, string>()
  const open = new Map<string, { cells: number[]; factors: number[]; equals: number }>()
  for (const { cells, factors } of relations) {
    const row = { cells: [] as number[], factors: [] as number[], equals: 0 }
    cells.forEach((cell, k) => {
      if (low[cell] === high[cell]) return
      row.cells.push(cell)
      row.factors.push(factors[k])
      row.equals += factors[k] * values[cell]
    })
    // Two tables may say the same of the same cells.
    if (row.cells.length > 0) open.set(`${row.cells.join()}|${row.factors.join()}`, row)
  }
  const rows = [...open.values()]
  rows.forEach(({ cells, factors }, r) =>
    cells.forEach((cell, k) => signatures.set(cell, `${signatures.get(cell) ?? ''};${r}:${factors[k]}`)),
  )
  const groupOf = new Int32Array(values.length).fill(-1)
  const groups: Group[] = []
  const bySignature = new Map<string, number>()
  for (const [cell, signature] of signatures) {
    const index = bySignature.get(signature) ?? groups.length
    bySignature.set(signature, index)
    const group = (groups[index] ??= { members: [], low: 0, high: 0, value: 0 })
    group.members.push(cell)
    group.low += low[cell]
    group.high += high[cell]
    group.value += values[cell]
    groupOf[cell] = index
  }
  return {
    groups,
    groupOf,
    rows: rows.map(({ cells, factors, equals }) => {
      const once = new Map(cells.map((cell, k) => [groupOf[cell], factors[k]] as const))
      return { groups: [...once.keys()], factors: [...once.values()], equals }
    }),
  }
}
