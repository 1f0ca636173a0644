/**
 * Raking of ten one-way margins: over the cells that records have, beside a plain dense loop over the whole table. Both
 * run to the same gap and give the same table. Then how large a problem each can hold, each in a process of its own.
 */
import { fit } from '../src/population/fitting/fit.js'
import type { Problem } from '../src/population/fitting/problem.js'

export const DIMENSIONS = 10
/** Of the table that both fit: 4¹⁰ = 1,048,576 cells. */
export const LEVELS = 4
export const CELLS = 20_000
const TOLERANCE = 1e-9

/** Positions of cells in the table: distinct, spread over all of it. */
function drawCells(cells: number, levels: number): Float64Array {
  const all = levels ** DIMENSIONS
  return Float64Array.from({ length: cells }, (_, i) => Math.floor(((i + 0.37) / cells) * all))
}

const levelAt = (cell: number, d: number, levels: number) => Math.floor(cell / levels ** d) % levels

/** Ten margins of another table over the same cells, so that they can be met. */
export function sparseProblem(cells: number, levels: number): { problem: Problem; positions: Float64Array } {
  const positions = drawCells(cells, levels)
  const group = new Uint32Array(cells * DIMENSIONS)
  const totals = new Float64Array(levels * DIMENSIONS)
  const base = new Float64Array(cells)
  for (let i = 0; i < cells; i++) {
    base[i] = 1 + ((i * 7919) % 13) / 5
    const goal = base[i] * (0.5 + ((i * 104729) % 17) / 10)
    for (let d = 0; d < DIMENSIONS; d++) {
      const g = d * levels + levelAt(positions[i], d, levels)
      group[i * DIMENSIONS + d] = g
      // A tilt by dimension and level, so that there is something to fit.
      totals[g] += goal * (1 + levelAt(positions[i], 0, levels))
    }
  }
  const margins = Array.from({ length: DIMENSIONS }, (_, d) => ({
    first: d * levels,
    end: (d + 1) * levels,
    of: 'persons' as const,
  }))
  const start = Uint32Array.from({ length: cells + 1 }, (_, i) => i * DIMENSIONS)
  const times = new Uint32Array(group.length).fill(1)
  return { problem: { base, start, group, times, totals, margins }, positions }
}

export const sparse = (problem: Problem) => fit(problem, { tolerance: TOLERANCE })

/** The table as a whole, zeros included, dimension by dimension over contiguous runs: no index is ever worked out. */
export function plainDense(
  table: Float64Array,
  totals: Float64Array,
  levels: number,
  rounds: number,
): number {
  const all = totals.subarray(0, levels).reduce((a, b) => a + b, 0)
  let round = 0
  for (let gap = Infinity; gap > TOLERANCE * all && round < rounds; round++) {
    gap = 0
    for (let d = 0, stride = 1; d < DIMENSIONS; d++, stride *= levels) {
      const factors = new Float64Array(levels)
      const sweep = (visit: (level: number, from: number, to: number) => void) => {
        for (let at = 0; at < table.length;)
          for (let level = 0; level < levels; level++, at += stride) visit(level, at, at + stride)
      }
      sweep((level, from, to) => {
        let sum = 0
        for (let cell = from; cell < to; cell++) sum += table[cell]
        factors[level] += sum
      })
      for (let level = 0; level < levels; level++) {
        gap = Math.max(gap, Math.abs(factors[level] - totals[d * levels + level]))
        factors[level] = factors[level] > 0 ? totals[d * levels + level] / factors[level] : 0
      }
      sweep((level, from, to) => {
        const factor = factors[level]
        for (let cell = from; cell < to; cell++) table[cell] *= factor
      })
    }
  }
  return round
}

export function denseTable({ base }: Problem, positions: Float64Array, levels: number): Float64Array {
  const table = new Float64Array(levels ** DIMENSIONS)
  for (let i = 0; i < base.length; i++) table[positions[i]] = base[i]
  return table
}

/** In a process of its own: two rounds over a problem of this size, by cells or by levels. */
export function hold(kind: string, size: number): void {
  const { problem, positions } = sparseProblem(
    kind === 'sparse' ? size : CELLS,
    kind === 'sparse' ? 20 : size,
  )
  if (kind === 'sparse') fit(problem, { rounds: 2 })
  else plainDense(denseTable(problem, positions, size), problem.totals, size, 2)
}
