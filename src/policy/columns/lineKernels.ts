/**
 * The passes of a ledger over a block. The arithmetic is that of policy/score, in the same order; choices by value are
 * made through `pick`, as in policy/columns/kernels.
 */
import { toMillionths as rounded } from '../score.js'
import { NO, UNKNOWN, YES, type Quantities, type Step, type Table, type Truth } from './vectors.js'

/** Lines that depend on one coded fact each, in their order, as many as possible in one pass. */
export function addTables(tables: readonly Table[], total: Quantities): Step[] {
  const size = tables.length >= 4 ? 4 : tables.length >= 2 ? 2 : tables.length
  if (size === 0) return []
  const [first, rest] = [tables.slice(0, size), tables.slice(size)]
  const step = size === 4 ? addFour(first, total) : size === 2 ? addTwo(first, total) : addOne(first, total)
  return [step, ...addTables(rest, total)]
}

const addOne =
  ([a]: readonly Table[], total: Quantities): Step =>
  count => {
    const { data, at } = a.codes
    const { values } = a
    const sum = total.data
    for (let i = 0; i < count; i++) sum[i] += values[data[at + i]]
  }

const addTwo =
  ([a, b]: readonly Table[], total: Quantities): Step =>
  count => {
    const { data: x, at: i0 } = a.codes
    const { data: y, at: j0 } = b.codes
    const [ofA, ofB, sum] = [a.values, b.values, total.data]
    for (let i = 0; i < count; i++) sum[i] = sum[i] + ofA[x[i0 + i]] + ofB[y[j0 + i]]
  }

const addFour =
  ([a, b, c, d]: readonly Table[], total: Quantities): Step =>
  count => {
    const { data: x, at: i0 } = a.codes
    const { data: y, at: j0 } = b.codes
    const { data: z, at: k0 } = c.codes
    const { data: w, at: l0 } = d.codes
    const [ofA, ofB, ofC, ofD, sum] = [a.values, b.values, c.values, d.values, total.data]
    for (let i = 0; i < count; i++)
      sum[i] = sum[i] + ofA[x[i0 + i]] + ofB[y[j0 + i]] + ofC[z[k0 + i]] + ofD[w[l0 + i]]
  }

export const add =
  (of: Quantities, total: Quantities): Step =>
  count => {
    const { data, at } = of
    const sum = total.data
    for (let i = 0; i < count; i++) sum[i] += data[at + i]
  }

/** Adds no more than `most`. */
export const addAtMost = (most: number, of: Quantities, total: Quantities): Step => {
  const pick = Float64Array.of(NaN, most)
  return count => {
    const { data, at } = of
    const sum = total.data
    for (let i = 0; i < count; i++) {
      const value = (pick[0] = data[at + i])
      sum[i] += pick[Number(value > most)]
    }
  }
}

/** Adds no less than `least`. */
export const addAtLeast = (least: number, of: Quantities, total: Quantities): Step => {
  const pick = Float64Array.of(NaN, least)
  return count => {
    const { data, at } = of
    const sum = total.data
    for (let i = 0; i < count; i++) {
      const value = (pick[0] = data[at + i])
      sum[i] += pick[Number(value < least)]
    }
  }
}

type AddEach = (of: Quantities, divisor: number, points: number, total: Quantities) => Step

/** One loop a rounding: reads, divides, rounds, multiplies, adds. */
export const ADD_EACH: Record<'down' | 'up' | 'nearest' | 'exactly', AddEach> = {
  down: (of, divisor, points, total) => count => {
    const { data, at } = of
    const sum = total.data
    for (let i = 0; i < count; i++) sum[i] += Math.floor(data[at + i] / divisor) * points
  },
  up: (of, divisor, points, total) => count => {
    const { data, at } = of
    const sum = total.data
    for (let i = 0; i < count; i++) sum[i] += Math.ceil(data[at + i] / divisor) * points
  },
  nearest: (of, divisor, points, total) => count => {
    const { data, at } = of
    const sum = total.data
    for (let i = 0; i < count; i++) sum[i] += Math.round(data[at + i] / divisor) * points
  },
  exactly: (of, divisor, points, total) => count => {
    const { data, at } = of
    const sum = total.data
    for (let i = 0; i < count; i++) sum[i] += (data[at + i] / divisor) * points
  },
}

/** Points of the highest step reached: how many are reached is their place; the last place is "not known". */
export const pointsBySteps = (
  of: Quantities,
  steps: readonly { from: number; points: number }[],
  out: Quantities,
): Step => {
  const from = Float64Array.from(steps, step => step.from)
  const points = Float64Array.of(0, ...steps.map(step => step.points), NaN)
  const unknown = points.length - 1
  return count => {
    const { data, at } = of
    const result = out.data
    for (let i = 0; i < count; i++) {
      const value = data[at + i]
      let place = unknown * Number(value !== value)
      for (let k = 0; k < from.length; k++) place += Number(value >= from[k])
      result[i] = points[place]
    }
  }
}

/** Likewise; beyond the end of the band whose beginning is reached there is nothing. */
export const pointsByBands = (
  of: Quantities,
  bands: readonly { from: number; to: number; points: number }[],
  out: Quantities,
): Step => {
  const from = Float64Array.from(bands, band => band.from)
  const to = Float64Array.of(Infinity, ...bands.map(band => band.to))
  const points = Float64Array.of(0, ...bands.map(band => band.points), NaN)
  const unknown = points.length - 1
  return count => {
    const { data, at } = of
    const result = out.data
    for (let i = 0; i < count; i++) {
      const value = data[at + i]
      let place = 0
      for (let k = 0; k < from.length; k++) place += Number(value >= from[k])
      result[i] = points[place * Number(value <= to[place]) + unknown * Number(value !== value)]
    }
  }
}

/** What would be nothing anyway is so whether the guard is known or not. */
export const guard = ({ bytes }: Truth, value: Quantities): Step => {
  const pick = new Float64Array(4)
  pick[NO] = 0
  pick[UNKNOWN] = NaN
  return count => {
    const { data } = value
    for (let i = 0; i < count; i++) {
      const points = (pick[YES] = data[i])
      data[i] = pick[bytes[i] * Number(points !== 0)]
    }
  }
}

export const multiply = ({ bytes }: Truth, times: number, total: Quantities): Step => {
  const pick = new Float64Array(4)
  pick[UNKNOWN] = NaN
  return count => {
    const sum = total.data
    for (let i = 0; i < count; i++) {
      const value = sum[i]
      pick[NO] = value
      pick[YES] = value * times
      sum[i] = pick[bytes[i] * Number(value !== 0)]
    }
  }
}

export const toMillionths =
  (total: Quantities): Step =>
  count => {
    const sum = total.data
    for (let i = 0; i < count; i++) sum[i] = rounded(sum[i])
  }
