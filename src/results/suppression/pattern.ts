/**
 * Which further cells to hide, so that no small one can be worked out from what is still shown. For every hidden cell
 * that the audit finds too narrow a linear program looks for the cheapest change of cells that keeps all sums and moves
 * the cell as far as it must be open (Fischetti & Salazar-González's relaxation, solved cell by cell); the cells that
 * take part are hidden, and at the end those that turn out not to be needed are shown again. It is a heuristic: the
 * pattern is near the smallest, and whether it is safe is told by the audit alone.
 */
import { auditEach, knownExactly, SAME, widthOf } from './audit.js'
import { RULE } from './rule.js'
import type { Solver } from './solver.js'
import { partsOf, type System } from './system.js'

export interface Wish {
  /** Cells to hide for their own sake. */
  primary: Iterable<number>
  /** Cells that no table shows, such as the rest of a whole of which a part is shown. Those that are small are primary too. */
  silent?: Iterable<number>
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
const REVIEW = 4_000

/** @returns the cells to hide; a true zero is never among them */
export function protect(system: System, { primary, silent = [], cost }: Wish, solver: Solver): Pattern {
  const first = new Set(primary)
  const idle = new Set([...silent].filter(cell => !first.has(cell)))
  const pattern: Pattern = { primary: first, complementary: new Set(), narrow: [] }
  // A cell that stands in no sum is open as it is.
  for (const part of partsOf(system, new Set([...first, ...idle]))) {
    const within = (cells: Set<number>) => new Set([...cells].filter(cell => part.cells.has(cell)))
    protectPart(part.system, within(first), within(idle), cost, pattern, solver)
  }
  return pattern
}

/**
 * The last word on a pattern, whoever made it: the whole of it audited anew.
 * @returns hidden cells, silent ones left out, of which a reader learns too much
 */
export function unsafe(
  system: System,
  hidden: ReadonlySet<number>,
  silent: ReadonlySet<number>,
  solver: Solver,
): number[] {
  const all = new Set([...hidden, ...silent])
  return partsOf(system, all).flatMap(part => {
    const own = [...hidden].filter(cell => part.cells.has(cell))
    return [...narrowOf(part.system, all, own, solver)]
  })
}

function protectPart(
  system: System,
  first: ReadonlySet<number>,
  idle: ReadonlySet<number>,
  cost: Wish['cost'],
  pattern: Pattern,
  solver: Solver,
): void {
  const hidden = new Set([...first, ...idle])
  /** Wide enough: hiding more can only widen. Of the idle nobody is told, so nobody needs protection from them. */
  const settled = new Set(idle)
  const added: number[] = []
  for (;;) {
    const targets = [...hidden].filter(cell => !settled.has(cell))
    const weak = [...narrowOf(system, hidden, targets, solver)]
    for (const cell of targets) if (!weak.includes(cell)) settled.add(cell)
    if (weak.length === 0) break
    // The smallest first: what protects it often protects others.
    const { values } = system
    for (const cell of weak.sort((a, b) => Math.abs(values[a]) - Math.abs(values[b]) || a - b)) {
      const more = partners(system, cell, hidden, cost, solver)
      if (!more) {
        pattern.narrow.push(cell)
        settled.add(cell)
      } else
        for (const one of more) {
          hidden.add(one)
          added.push(one)
        }
    }
  }
  const targets = [...hidden].filter(cell => !idle.has(cell))
  if (pattern.narrow.length === 0 && added.length * targets.length <= REVIEW)
    for (const cell of added.sort((a, b) => cost(b) - cost(a) || system.values[b] - system.values[a])) {
      hidden.delete(cell)
      const others = targets.filter(one => one !== cell && hidden.has(one))
      if (!narrowOf(system, hidden, others, solver).next().done) hidden.add(cell)
    }
  for (const cell of added) if (hidden.has(cell)) pattern.complementary.add(cell)
}

/** Hidden cells of which a reader who takes the rest as exact learns too much. */
export function* narrowOf(
  system: System,
  hidden: ReadonlySet<number>,
  targets: Iterable<number>,
  solver: Solver,
): Generator<number> {
  const known = knownExactly(system, hidden)
  for (const [cell, range] of auditEach(system, known, targets, solver, RULE.protection))
    if (widthOf(range) < RULE.protection - SAME) yield cell
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
  const { values, floor, ceiling, relations } = system
  // Hidden cells that occur alike in all relations are one unknown: moving the one or the other is the same.
  const signatures = new Map<number, string>()
  relations.forEach(({ cells, factors }, r) =>
    cells.forEach((cell, k) => {
      if (hidden.has(cell) || (values[cell] !== 0 && cost(cell) < Infinity))
        signatures.set(cell, `${signatures.get(cell) ?? ''};${r}:${factors[k]}`)
    }),
  )
  if (!signatures.has(target)) return undefined
  const FAR = 1e6
  /** How far it may rise and fall. */
  const unknowns: { cell: number; rise: number; fall: number; price: number }[] = []
  const at = new Map<number, number>()
  const alike = new Map<string, number>()
  for (const [cell, signature] of signatures) {
    const rise = Math.min(FAR, ceiling[cell] - values[cell])
    const fall = Math.min(FAR, values[cell] - floor[cell])
    if (!hidden.has(cell) || cell === target) {
      at.set(cell, unknowns.length)
      // The smallest of equals: it costs a planner least.
      const price = hidden.has(cell) ? 0 : cost(cell) * (1 + 1e-4 * rank(values[cell]))
      unknowns.push({ cell, rise, fall, price })
    } else if (alike.has(signature)) {
      unknowns[alike.get(signature)!].rise += rise
      unknowns[alike.get(signature)!].fall += fall
    } else {
      alike.set(signature, unknowns.length)
      at.set(cell, unknowns.length)
      unknowns.push({ cell, rise, fall, price: 0 })
    }
  }
  // Four numbers each: up and down of the first change, up and down of the second. Then how far the target opens.
  const n = unknowns.length
  const price = new Float64Array(4 * n + 1)
  const upper = new Float64Array(4 * n + 1)
  unknowns.forEach((unknown, k) => {
    for (const part of [0, 1]) {
      upper[2 * part * n + k] = unknown.rise
      upper[(2 * part + 1) * n + k] = unknown.fall
      price[2 * part * n + k] = price[(2 * part + 1) * n + k] = unknown.price
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
    return unknowns.flatMap(({ cell }, k) =>
      !hidden.has(cell) && [0, 1, 2, 3].some(part => point[part * n + k] > SAME) ? [cell] : [],
    )
  } finally {
    program.close()
  }
}

/** 0 … 1 by size. */
const rank = (value: number): number => Math.abs(value) / (1000 + Math.abs(value))
