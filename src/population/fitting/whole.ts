/**
 * Whole numbers for fractional weights: of units, so that every group keeps its count (controlled rounding), and of
 * the records of a unit.
 *
 * Controlled rounding (Cox, JASA 82 (1987), 520–524) asks for one of the two roundings of each unit with every group's
 * count kept. For two margins it exists; for more it need not, and finding it is hard. Here units are rounded up in an
 * order of keyed luck that goes by the remainders (Pareto order sampling: Rosén, Journal of Statistical Planning and
 * Inference 62 (1997), 159–191), so that on the average a unit keeps its weight, each only while all of its groups are
 * short. What is then
 * short is repaired by a tabu search over steps of one (Glover, ORSA Journal on Computing 1 (1989), 190–206) that
 * looks at the units of one violated group at a time, first within the two roundings, then beyond them. The group gaps
 * count squared, so that two gaps of one are better than one of two.
 */
import { uniform, type SeedKey } from '../../evidence/luck.js'
import { SYNTHESIS } from '../draws.js'
import { mixed } from './dimensions.js'
import { byGroup, countsOf, type Problem } from './problem.js'

/** Remainders this near to 0 or 1, and sums of a group this near to a whole number, are taken for whole. */
const WHOLE = 1e-6

/** Luck that hangs on what a unit or record is, not on where it stands. @param names two words a unit */
export function luckOf(key: SeedKey, names: Uint32Array, decision: number): Float64Array {
  return Float64Array.from({ length: names.length / 2 }, (_, i) =>
    uniform(key, names[2 * i], decision, names[2 * i + 1] & 0xffff),
  )
}

const remainderOf = (weight: number) => {
  const remainder = weight - Math.floor(weight)
  return remainder < WHOLE || remainder > 1 - WHOLE ? 0 : Math.round(remainder / WHOLE) * WHOLE
}
const floorOf = (weight: number) => Math.floor(weight + WHOLE)

/** Of weights with remainders, an order in which those with larger ones come first more often. Equal luck: as they stand. */
function orderByRemainder(weights: ArrayLike<number>, luck: ArrayLike<number>): number[] {
  const rank = Float64Array.from(weights, (w, i) => {
    const remainder = remainderOf(w)
    return remainder > 0 ? ((luck[i] / (1 - luck[i])) * (1 - remainder)) / remainder : Infinity
  })
  return [...rank.keys()].filter(i => rank[i] < Infinity).sort((a, b) => rank[a] - rank[b])
}

/**
 * @param weights of the units, fractional
 * @param groupNames two words a group, from what it is
 * @returns a whole number for each unit, a weight of 0 staying 0; the same whatever the order of units and margins
 */
export function controlled(
  problem: Problem,
  weights: Float64Array,
  groupNames: Uint32Array,
  key: SeedKey,
): Float64Array {
  const names = nameUnits(problem, groupNames)
  const units = orderOf(names)
  const sorted = reordered(problem, units, orderOf(groupNames))
  const luck = luckOf(key, names, SYNTHESIS.roundUp)
  const whole = rounded(
    sorted,
    Float64Array.from(units, i => weights[i]),
    Float64Array.from(units, i => luck[i]),
    key,
  )
  const result = new Float64Array(whole.length)
  for (const [at, i] of units.entries()) result[i] = whole[at]
  return result
}

/** Two words for a unit, made of those of its groups so that their order does not matter. */
export function nameUnits({ start, group, times }: Problem, groupNames: Uint32Array): Uint32Array {
  const names = new Uint32Array(2 * (start.length - 1))
  for (let i = 0; i < start.length - 1; i++)
    for (let k = start[i]; k < start[i + 1]; k++)
      for (let word = 0; word < 2; word++)
        names[2 * i + word] += Math.imul(mixed(groupNames[2 * group[k] + word] + word), times[k])
  return names.map(mixed)
}

/** Positions in the order of the names at them. */
function orderOf(names: Uint32Array): Uint32Array {
  const order = Uint32Array.from({ length: names.length / 2 }, (_, i) => i)
  return order.sort((a, b) => names[2 * a] - names[2 * b] || names[2 * a + 1] - names[2 * b + 1])
}

/** The same problem with its units and groups in another order; the groups of a unit ascend. */
function reordered(problem: Problem, units: Uint32Array, groups: Uint32Array): Problem {
  const place = new Uint32Array(groups.length)
  for (const [at, g] of groups.entries()) place[g] = at
  const start = new Uint32Array(units.length + 1)
  const group = new Uint32Array(problem.group.length)
  const times = new Uint32Array(problem.group.length)
  for (const [at, i] of units.entries()) {
    const [from, to] = [problem.start[i], problem.start[i + 1]]
    start[at + 1] = start[at] + to - from
    const own = Array.from({ length: to - from }, (_, k) => from + k)
    own.sort((a, b) => place[problem.group[a]] - place[problem.group[b]])
    for (const [k, from] of own.entries()) {
      group[start[at] + k] = place[problem.group[from]]
      times[start[at] + k] = problem.times[from]
    }
  }
  return {
    base: Float64Array.from(units, i => problem.base[i]),
    start,
    group,
    times,
    totals: Float64Array.from(groups, g => problem.totals[g]),
    margins: [],
  }
}

function rounded(problem: Problem, weights: Float64Array, luck: Float64Array, key: SeedKey): Float64Array {
  const { start, group, times } = problem
  const floor = weights.map(floorOf)
  const ceiling = floor.map((n, i) => n + (remainderOf(weights[i]) > 0 ? 1 : 0))
  const whole = floor.slice()
  const wanted = countsOf(problem, weights)
  const low = wanted.map(count => Math.floor(count + WHOLE))
  const high = wanted.map(count => Math.ceil(count - WHOLE))
  const counts = countsOf(problem, whole)

  for (const i of orderByRemainder(weights, luck)) {
    let fits = true
    for (let k = start[i]; fits && k < start[i + 1]; k++) fits = counts[group[k]] + times[k] <= high[group[k]]
    if (!fits) continue
    whole[i]++
    for (let k = start[i]; k < start[i + 1]; k++) counts[group[k]] += times[k]
  }
  const search = new Repair(problem, weights, whole, counts, { low, high, floor, ceiling }, luck, key)
  search.run(true)
  search.run(false)
  return whole
}

interface Limits {
  low: Float64Array
  high: Float64Array
  floor: Float64Array
  ceiling: Float64Array
}

/** Units of a group that one step looks at; a larger group is gone through in turns. */
const LOOKED_AT = 2000

const square = (x: number) => x * x

class Repair {
  private readonly turned
  private readonly freeAt: Int32Array
  private readonly violated: number[] = []
  /** Where a group stands in `violated`, −1 where it does not. */
  private readonly place: Int32Array
  private step = 0

  constructor(
    private readonly problem: Problem,
    private readonly weights: Float64Array,
    private readonly whole: Float64Array,
    private readonly counts: Float64Array,
    private readonly limits: Limits,
    private readonly luck: Float64Array,
    private readonly key: SeedKey,
  ) {
    this.turned = byGroup(problem)
    this.freeAt = new Int32Array(whole.length)
    this.place = new Int32Array(counts.length).fill(-1)
    for (let g = 0; g < counts.length; g++) this.note(g)
  }

  /** Stops when no group is violated, or after so many steps without a better table; ends at the best one. */
  run(isWithinRoundings: boolean): void {
    const patience = 2000 + 20 * this.violated.length
    let cost = this.cost()
    let best = cost
    let since: [unit: number, by: number][] = []
    while (this.violated.length > 0 && since.length < patience) {
      this.step++
      const luck = uniform(this.key, this.step, SYNTHESIS.repair, 0)
      const g = this.violated[Math.floor(luck * this.violated.length)]
      const by = this.counts[g] < this.limits.low[g] ? 1 : -1
      const unit = this.bestUnit(g, by, isWithinRoundings)
      if (unit < 0) {
        since.push([0, 0])
        continue
      }
      cost += this.change(unit, by)
      this.move(unit, by)
      since.push([unit, by])
      // The tenure varies so that the search does not run in a ring.
      this.freeAt[unit] = this.step + 5 + (this.step % 11)
      if (cost < best) [best, since] = [cost, []]
    }
    for (const [unit, by] of since.reverse()) if (by !== 0) this.move(unit, -by)
  }

  private bestUnit(g: number, by: number, isWithinRoundings: boolean): number {
    const { turned, whole, weights, luck, freeAt, limits } = this
    const from = turned.start[g]
    const length = turned.start[g + 1] - from
    const looked = Math.min(length, LOOKED_AT)
    const turn = length > looked ? Math.floor(uniform(this.key, this.step, SYNTHESIS.repair, 1) * length) : 0
    let [best, bestChange] = [-1, Infinity]
    for (let k = 0; k < looked; k++) {
      const i = turned.unit[from + ((turn + k) % length)]
      if (weights[i] === 0 || freeAt[i] > this.step) continue
      const next = whole[i] + by
      if (next < 0 || (isWithinRoundings && (next < limits.floor[i] || next > limits.ceiling[i]))) continue
      // Groups first, then the unit's own distance from its weight, then luck.
      const own = square(next - weights[i]) - square(whole[i] - weights[i])
      const change = this.change(i, by) + own / 8 + luck[i] / 1000
      if (change < bestChange) [best, bestChange] = [i, change]
    }
    return best
  }

  private beyond(g: number, count: number): number {
    const { low, high } = this.limits
    return count < low[g] ? low[g] - count : count > high[g] ? count - high[g] : 0
  }

  private change(i: number, by: number): number {
    const { start, group, times } = this.problem
    let change = 0
    for (let k = start[i]; k < start[i + 1]; k++) {
      const count = this.counts[group[k]]
      change += square(this.beyond(group[k], count + by * times[k])) - square(this.beyond(group[k], count))
    }
    return change
  }

  private move(i: number, by: number): void {
    const { start, group, times } = this.problem
    this.whole[i] += by
    for (let k = start[i]; k < start[i + 1]; k++) {
      this.counts[group[k]] += by * times[k]
      this.note(group[k])
    }
  }

  /** Keeps the list of violated groups. */
  private note(g: number): void {
    const isViolated = this.beyond(g, this.counts[g]) > 0
    if (isViolated === this.place[g] >= 0) return
    if (isViolated) this.place[g] = this.violated.push(g) - 1
    else {
      const last = this.violated.pop()!
      if (last !== g) {
        this.violated[this.place[g]] = last
        this.place[last] = this.place[g]
      }
      this.place[g] = -1
    }
  }

  private cost(): number {
    return this.counts.reduce((sum, count, g) => sum + square(this.beyond(g, count)), 0)
  }
}

/**
 * A unit's whole number for its records: systematic sampling in an order of luck (Madow, Annals of Mathematical
 * Statistics 20 (1949), 333–354). Each record gets one of the two roundings of its share, and on the average its share.
 *
 * @param members records of the unit; equal luck: as they stand
 * @param shares  weight of each record (by its number)
 * @param offset  in (0, 1), the unit's own luck
 */
export function shareOut(
  members: ArrayLike<number>,
  shares: ArrayLike<number>,
  whole: number,
  luck: ArrayLike<number>,
  offset: number,
  into: Float64Array,
): void {
  const order = Array.from(members).sort((a, b) => luck[a] - luck[b])
  const all = order.reduce((sum, i) => sum + shares[i], 0)
  let [reached, given] = [0, 0]
  for (const [k, i] of order.entries()) {
    reached += all > 0 ? (shares[i] / all) * whole : 0
    const upTo = k === order.length - 1 ? whole : Math.min(whole, Math.floor(reached + offset))
    into[i] = upTo - given
    given = upTo
  }
}

/**
 * Truncate, replicate, sample (Lovelace & Ballas, Computers, Environment and Urban Systems 41 (2013), 1–11): the whole
 * part of each weight, and one more for as many as are then missing from the total, drawn by the remainders.
 */
export function truncateReplicateSample(weights: ArrayLike<number>, luck: ArrayLike<number>): Float64Array {
  const whole = Float64Array.from(weights, floorOf)
  const total = Math.round(Array.from(weights).reduce((a, b) => a + b, 0))
  const missing = total - whole.reduce((a, b) => a + b, 0)
  for (const i of orderByRemainder(weights, luck).slice(0, Math.max(0, missing))) whole[i]++
  return whole
}
