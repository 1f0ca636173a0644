/** Dense tables as sparse problems, and the plainest raking there is, to test against. */
import type { Problem } from '../../../src/population/fitting/problem.js'

export interface Target {
  /** Dimensions of the table, from 0. */
  dims: number[]
  /** Row-major. */
  totals: number[]
}

export const flat = (nested: unknown): number[] =>
  Array.isArray(nested) ? nested.flat(Infinity) : [nested as number]
export const shapeOf = (nested: unknown): number[] =>
  Array.isArray(nested) ? [nested.length, ...shapeOf(nested[0])] : []

export function positions(shape: readonly number[]): number[][] {
  return shape.reduce<number[][]>(
    (all, length) => all.flatMap(at => Array.from({ length }, (_, k) => [...at, k])),
    [[]],
  )
}

export const groupAt = (shape: readonly number[], dims: number[], at: number[]) =>
  dims.reduce((group, d) => group * shape[d] + at[d], 0)

/** Only the cells that the seed has. */
export function problemOf(
  seed: number[],
  shape: readonly number[],
  targets: Target[],
): Problem & { cells: number[] } {
  const all = positions(shape)
  const cells = [...seed.keys()].filter(cell => seed[cell] > 0)
  let first = 0
  const margins = targets.map(({ totals }) => ({
    first,
    end: (first += totals.length),
    of: 'persons' as const,
  }))
  const group = cells.flatMap(cell =>
    targets.map(({ dims }, m) => margins[m].first + groupAt(shape, dims, all[cell])),
  )
  return {
    cells,
    base: Float64Array.from(cells, cell => seed[cell]),
    start: Uint32Array.from({ length: cells.length + 1 }, (_, k) => k * targets.length),
    group: Uint32Array.from(group),
    times: new Uint32Array(group.length).fill(1),
    totals: Float64Array.from(targets.flatMap(({ totals }) => totals)),
    margins,
  }
}

/** Iterative proportional fitting as in a textbook: cell by cell, sum by sum. */
export function naive(seed: number[], shape: readonly number[], targets: Target[], rounds: number): number[] {
  const all = positions(shape)
  const table = [...seed]
  for (let round = 0; round < rounds; round++)
    for (const { dims, totals } of targets)
      for (const [group, total] of totals.entries()) {
        const those = [...table.keys()].filter(cell => groupAt(shape, dims, all[cell]) === group)
        const sum = those.reduce((s, cell) => s + table[cell], 0)
        for (const cell of those) table[cell] = sum > 0 ? (table[cell] * total) / sum : 0
      }
  return table
}

export const dense = ({ cells }: { cells: number[] }, weights: ArrayLike<number>, length: number) => {
  const table = new Array<number>(length).fill(0)
  for (const [k, cell] of cells.entries()) table[cell] = weights[k]
  return table
}
