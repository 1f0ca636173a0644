/**
 * What is fitted, sparse: units with a base weight, and groups whose weighted counts are asked for. A unit is a cell
 * (all records that lie in the same groups) or a kind of household; the table that the groups span is never made.
 */

export interface Problem {
  /** Base weight of each unit, 0 or more. */
  base: Float64Array
  /** The entries of unit i are those from `start[i]` to `start[i + 1]`. */
  start: Uint32Array
  /** Of each entry: the group, and how often a unit counts in it (members of a household; else 1). */
  group: Uint32Array
  times: Uint32Array
  /** What is asked of each group, 0 or more. */
  totals: Float64Array
  /** Groups of each margin. Every unit has entries in each. */
  margins: Range[]
}

export interface Range {
  first: number
  end: number
  /** Units count as often as they have members, or once. */
  of: 'persons' | 'households'
}

/** The same entries by group: those of group g are from `start[g]` to `start[g + 1]`. */
export interface ByGroup {
  start: Uint32Array
  unit: Uint32Array
  times: Uint32Array
}

export function byGroup({ base, start, group, times, totals }: Problem): ByGroup {
  const first = new Uint32Array(totals.length + 1)
  for (const g of group) first[g + 1]++
  for (let g = 0; g < totals.length; g++) first[g + 1] += first[g]
  const at = first.slice()
  const turned = { start: first, unit: new Uint32Array(group.length), times: new Uint32Array(group.length) }
  for (let i = 0; i < base.length; i++)
    for (let k = start[i]; k < start[i + 1]; k++) {
      turned.unit[at[group[k]]] = i
      turned.times[at[group[k]]++] = times[k]
    }
  return turned
}

/** Weighted count of each group. */
export function countsOf({ start, group, times, totals }: Problem, weights: ArrayLike<number>): Float64Array {
  const counts = new Float64Array(totals.length)
  for (let i = 0; i < weights.length; i++)
    for (let k = start[i]; k < start[i + 1]; k++) counts[group[k]] += times[k] * weights[i]
  return counts
}

/** For each unit, the sum of a number of each group over its entries. */
export function sumsOf({ base, start, group, times }: Problem, ofGroup: ArrayLike<number>): Float64Array {
  const sums = new Float64Array(base.length)
  for (let i = 0; i < sums.length; i++)
    for (let k = start[i]; k < start[i + 1]; k++) sums[i] += times[k] * ofGroup[group[k]]
  return sums
}

/** The sum of one margin's totals; the larger of all, as the size of a problem. */
export const totalOf = ({ totals }: Problem, { first, end }: Range): number =>
  totals.subarray(first, end).reduce((a, b) => a + b, 0)

export const sizeOf = (problem: Problem): number =>
  problem.margins.reduce((most, margin) => Math.max(most, totalOf(problem, margin)), 0)
