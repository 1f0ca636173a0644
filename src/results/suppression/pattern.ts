/**
 * Which further cells to hide, so that no small one can be worked out from what is still shown. For every hidden cell
 * that the audit finds too narrow a linear program looks for the cheapest change of cells that keeps all sums and moves
 * the cell as far as it must be open (Fischetti & Salazar-González's relaxation, solved cell by cell); the cells that
 * take part are hidden, and at the end those that turn out not to be needed are shown again. It is a heuristic: the
 * pattern is near the smallest, and whether it is safe is told by the audit alone.
 */
import { audit, knownExactly, SAME, widthOf } from './audit.js'
import { RULE } from './rule.js'
import type { Solver } from './solver.js'
import type { System } from './system.js'

export interface Wish {
  /** Cells to hide for their own sake. */
  primary: Iterable<number>
  /** What it costs to hide a cell; Infinity: it stays shown, or readers know it already. */
  cost(cell: number): number
}

export interface Pattern {
  primary: Set<number>
  complementary: Set<number>
  /** Hidden cells that no pattern can keep open wide enough. Empty = safe. */
  narrow: number[]
}

/** Above so many audits of so many cells, nothing is shown again: large tables would take too long. */
const REVIEW = 200_000

/** @returns the cells to hide; a true zero is never among them */
export function protect(system: System, { primary, cost }: Wish, solver: Solver): Pattern {
  const first = new Set(primary)
  const hidden = new Set(first)
  const narrow: number[] = []
  /** The first hidden cell that is too narrow, the smallest first. */
  const weak = () =>
    narrowOf(system, hidden, solver)
      .filter(cell => !narrow.includes(cell))
      .sort((a, b) => Math.abs(system.values[a]) - Math.abs(system.values[b]) || a - b)
  for (let cells = weak(); cells.length > 0; cells = weak()) {
    const more = partners(system, cells[0], hidden, cost, solver)
    if (!more || more.length === 0) narrow.push(cells[0])
    else for (const cell of more) hidden.add(cell)
  }
  const added = [...hidden].filter(cell => !first.has(cell))
  if (narrow.length === 0 && added.length * hidden.size <= REVIEW)
    for (const cell of added.sort((a, b) => cost(b) - cost(a) || system.values[b] - system.values[a])) {
      hidden.delete(cell)
      if (narrowOf(system, hidden, solver).length > 0) hidden.add(cell)
    }
  return {
    primary: first,
    complementary: new Set(added.filter(cell => hidden.has(cell))),
    narrow,
  }
}

/** Hidden cells of which a reader who takes the rest as exact learns too much. */
export function narrowOf(system: System, hidden: ReadonlySet<number>, solver: Solver): number[] {
  const ranges = audit(system, knownExactly(system, hidden), hidden, solver, RULE.protection)
  return [...ranges].filter(([, range]) => widthOf(range) < RULE.protection - SAME).map(([cell]) => cell)
}

/**
 * The cheapest cells to hide beside the hidden ones so that `target` is open wide enough: two changes, one up and one
 * down, each of which keeps all sums and no count below its floor.
 * @returns undefined where there are none
 */
function partners(
  system: System,
  target: number,
  hidden: ReadonlySet<number>,
  cost: Wish['cost'],
  solver: Solver,
): number[] | undefined {
  const { values, floor, relations } = system
  const cells = [...new Set(relations.flatMap(relation => relation.cells))].filter(
    cell => hidden.has(cell) || (values[cell] !== 0 && cost(cell) < Infinity),
  )
  const at = new Map(cells.map((cell, k) => [cell, k] as const))
  if (!at.has(target)) return undefined
  // Four unknowns a cell: up and down of the first change, up and down of the second. Then how far the target opens.
  const n = cells.length
  const price = new Float64Array(4 * n + 1)
  const upper = new Float64Array(4 * n + 1)
  const FAR = 1e6
  cells.forEach((cell, k) => {
    const room = Math.min(FAR, values[cell] - floor[cell])
    // The smallest of equals: it costs a planner least.
    const own = hidden.has(cell) ? 0 : cost(cell) * (1 + 1e-4 * rank(values[cell]))
    for (const part of [0, 1]) {
      upper[2 * part * n + k] = FAR
      upper[(2 * part + 1) * n + k] = room
      price[2 * part * n + k] = price[(2 * part + 1) * n + k] = own
    }
  })
  const rows: { indices: number[]; values: number[] }[] = []
  for (const { cells: members, factors } of relations)
    for (const part of [0, 1]) {
      const row = { indices: [] as number[], values: [] as number[] }
      members.forEach((cell, m) => {
        const k = at.get(cell)
        if (k === undefined) return
        row.indices.push(2 * part * n + k, (2 * part + 1) * n + k)
        row.values.push(factors[m], -factors[m])
      })
      if (row.indices.length > 0) rows.push(row)
    }
  const k = at.get(target)!
  // first(target) − second(target) = how far it opens, which is fixed to the protection.
  rows.push({ indices: [k, n + k, 2 * n + k, 3 * n + k, 4 * n], values: [1, -1, -1, 1, -1] })
  const lower = new Float64Array(4 * n + 1)
  lower[4 * n] = upper[4 * n] = RULE.protection
  const starts = new Int32Array(rows.length + 1)
  rows.forEach(({ indices }, r) => (starts[r + 1] = starts[r] + indices.length))
  const program = solver({
    lower,
    upper,
    starts,
    indices: Int32Array.from(rows.flatMap(({ indices }) => indices)),
    values: Float64Array.from(rows.flatMap(row => row.values)),
    equals: new Float64Array(rows.length),
  })
  try {
    const point = program.least(price)
    if (!point) return undefined
    return cells.filter(
      (cell, k) => !hidden.has(cell) && [0, 1, 2, 3].some(part => point[part * n + k] > SAME),
    )
  } finally {
    program.close()
  }
}

/** 0 … 1 by size. */
const rank = (value: number): number => Math.abs(value) / (1000 + Math.abs(value))
