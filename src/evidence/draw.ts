/**
 * One draw of a parameter from one uniform number, by the inverse of its distribution.
 *
 * `interval90` holds the 5 % and 95 % points of what is believed before the support cuts it. Normal and lognormal
 * have their median at `value` and a scale of their own on either side (two-piece normal; the plain normal where the
 * value lies in the middle), so that the default and the middle of the draws agree. Uniform and loguniform stretch
 * from the 5 % and 95 % points to 0 and 100 %. The support truncates: u is mapped into [F(low), F(high)].
 */
import erfc from '@stdlib/math-base-special-erfc'
import erfcinv from '@stdlib/math-base-special-erfcinv'
import exp from '@stdlib/math-base-special-exp'
import ln from '@stdlib/math-base-special-ln'
import type { SeedKey } from './luck.js'
import { DECISIONS, nameKey, uniform } from './luck.js'
import type { Distribution, Parameter } from './parameter.js'

/** A parameter of this unit is a whole month (evidence/month.ts). */
export const MONTH_UNIT = 'month'

/** Standard normal quantile and cumulative probability. */
export const normalQuantile = (p: number): number => -Math.sqrt(2) * erfcinv(2 * p)
export const normalCdf = (z: number): number => erfc(-z / Math.sqrt(2)) / 2

const Z95 = normalQuantile(0.95)

/** A distribution on the line, or on the line of logarithms. */
interface Shape {
  cdf(x: number): number
  quantile(p: number): number
}

/**
 * @param u on (0, 1)
 * @returns the u-quantile, in the parameter's unit; `fixed` gives the value itself; a month is whole
 * @throws Error where there is no value to give (a stock that nobody has published): ask `value` first
 */
export function drawParameter(parameter: Parameter, u: number): number {
  const { id, value, dist, unit } = parameter
  if (value === undefined) throw new Error(`${id} has no value`)
  if (dist === 'fixed') return value
  const whole = unit === MONTH_UNIT ? 0.5 : 0
  const [low, high] = [parameter.support[0] - whole, parameter.support[1] + whole]
  const log = dist === 'lognormal' || dist === 'loguniform'
  const inner = log ? (x: number) => (x > 0 ? ln(x) : -Infinity) : (x: number) => x
  const shape = shapeOf(dist, inner(value), inner(parameter.interval90[0]), inner(parameter.interval90[1]))
  const [from, to] = [shape.cdf(inner(low)), shape.cdf(inner(high))]
  const x = shape.quantile(from + u * (to - from))
  const drawn = Math.min(high, Math.max(low, log ? exp(x) : x))
  return whole ? Math.max(parameter.support[0], Math.min(parameter.support[1], Math.round(drawn))) : drawn
}

function shapeOf(dist: Distribution, median: number, p05: number, p95: number): Shape {
  if (dist === 'uniform' || dist === 'loguniform') {
    const width = (p95 - p05) / 0.9
    const start = p05 - 0.05 * width
    return {
      cdf: x => (width > 0 ? Math.min(1, Math.max(0, (x - start) / width)) : x < start ? 0 : 1),
      quantile: p => start + p * width,
    }
  }
  const below = (median - p05) / Z95
  const above = (p95 - median) / Z95
  const scale = (side: number) => (side < 0 ? below : above)
  return {
    cdf: x => {
      const s = scale(x - median)
      return s > 0 ? normalCdf((x - median) / s) : x < median ? 0 : 1
    },
    quantile: p => {
      if (p <= 0) return -Infinity
      if (p >= 1) return Infinity
      const z = normalQuantile(p)
      return z === 0 ? median : median + z * scale(z)
    },
  }
}

/**
 * One draw of every parameter that has a value, keyed by the parameter's name: adding one moves no other.
 * @param points values that are no longer uncertain (overrides), by id
 */
export function drawValues(
  parameters: readonly Parameter[],
  key: SeedKey,
  points: ReadonlyMap<string, number> = new Map(),
): Map<string, number> {
  const values = new Map<string, number>()
  for (const parameter of parameters) {
    const point = points.get(parameter.id)
    if (point !== undefined) values.set(parameter.id, point)
    else if (parameter.value !== undefined)
      values.set(
        parameter.id,
        drawParameter(parameter, uniform(key, nameKey(parameter.id), DECISIONS.parameter, 0)),
      )
  }
  return values
}
