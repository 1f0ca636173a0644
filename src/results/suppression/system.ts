/**
 * A release as a reader sees it who knows how its numbers hang together: cells, and sums that hold between them. All
 * tables that share cells belong into one system, or what one of them shows will undo what another hides.
 */

/** Σ factor · cell is known. A total is the first cell, with the factor −1. */
export interface Relation {
  cells: number[]
  factors: number[]
  /** The factors are known about, not exactly: enough to tell a hidden cell by, not a rounded one. */
  rough?: true
}

export interface System {
  /** The true values. What a relation sums to is taken from them, so rounding errors of sums do no harm. */
  values: Float64Array
  /** What a reader knows of every cell beforehand: 0 for counts, −Infinity for differences. */
  floor: Float64Array
  /** And above: Infinity, unless an earlier release says more. */
  ceiling: Float64Array
  relations: Relation[]
}

/** A system of counts. @param signed differences, which may be negative */
export const systemOf = (values: ArrayLike<number>, relations: Relation[], signed = false): System => ({
  values: Float64Array.from(values),
  floor: new Float64Array(values.length).fill(signed ? -Infinity : 0),
  ceiling: new Float64Array(values.length).fill(Infinity),
  relations,
})

/** One cell is the sum of others. */
export const sum = (total: number, parts: number[]): Relation => ({
  cells: [total, ...parts],
  factors: [-1, ...parts.map(() => 1)],
})

/**
 * A table of any number of dimensions with all its totals, as a system. Cells are in row-major order, the last
 * dimension fastest, and the last index of every dimension is its total: a 3 × 3 table with totals has the shape [4, 4].
 */
export function tableRelations(shape: number[]): Relation[] {
  const strides = shape.map((_, d) => shape.slice(d + 1).reduce((a, b) => a * b, 1))
  const size = shape.reduce((a, b) => a * b, 1)
  return shape.flatMap((length, d) =>
    Array.from({ length: size }, (_, cell) => cell)
      .filter(cell => Math.floor(cell / strides[d]) % length === length - 1)
      .map(total =>
        sum(
          total,
          Array.from({ length: length - 1 }, (_, k) => total - (length - 1 - k) * strides[d]),
        ),
      ),
  )
}

/**
 * The system in parts that share no cell but known zeros: what is hidden in one tells nothing of another. Each keeps the
 * numbering of the whole and has its own relations.
 */
export function partsOf(
  system: System,
  hidden: ReadonlySet<number>,
): { cells: Set<number>; system: System }[] {
  const { values, relations } = system
  const parent = Int32Array.from(values, (_, cell) => cell)
  const root = (cell: number): number => {
    while (parent[cell] !== cell) cell = parent[cell] = parent[parent[cell]]
    return cell
  }
  const open = relations.map(({ cells }) => cells.filter(cell => values[cell] !== 0 || hidden.has(cell)))
  for (const [first, ...others] of open) for (const other of others) parent[root(other)] = root(first)
  const parts = new Map<number, { cells: Set<number>; relations: Relation[] }>()
  open.forEach((cells, r) => {
    if (cells.length === 0) return
    const name = root(cells[0])
    const part = parts.get(name) ?? { cells: new Set(), relations: [] }
    parts.set(name, part)
    part.relations.push(relations[r])
    for (const cell of cells) part.cells.add(cell)
  })
  return [...parts.values()].map(({ cells, relations }) => ({ cells, system: { ...system, relations } }))
}
