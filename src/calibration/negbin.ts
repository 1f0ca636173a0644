/** The negative binomial by mean μ and size k: variance μ + μ²/k. A count with a spread of its own around a model's mean. */
import gammaln from '@stdlib/math-base-special-gammaln'
import exp from '@stdlib/math-base-special-exp'
import ln from '@stdlib/math-base-special-ln'
import gammaQuantile from '@stdlib/stats-base-dists-gamma-quantile'
import { normalQuantile } from '../evidence/draw.js'

/**
 * Log of the probability of `count`.
 * @param constant ln(count!) + ln Γ(size), which a caller that asks again and again may keep
 * @returns −∞ where the mean is 0 and the count is not
 */
export function negbinLog(
  count: number,
  mean: number,
  size: number,
  constant = logFactorial(count) + gammaln(size),
): number {
  if (mean <= 0) return count === 0 ? 0 : -Infinity
  return gammaln(count + size) - constant + size * ln(size / (size + mean)) + count * ln(mean / (size + mean))
}

export const logFactorial = (count: number): number => gammaln(count + 1)

/**
 * One draw: a Poisson count whose mean is gamma distributed. The Poisson step is exact below 50, above it the rounded
 * normal with the same mean and variance (the gamma's spread is then far greater).
 * @param u two uniforms on (0, 1): the gamma's and the Poisson's
 */
export function negbinDraw(mean: number, size: number, u: readonly [number, number]): number {
  const rate = mean > 0 ? gammaQuantile(u[0], size, size / mean) : 0
  if (rate >= 50) return Math.max(0, Math.round(rate + Math.sqrt(rate) * normalQuantile(u[1])))
  let count = 0
  let chance = exp(-rate)
  for (let below = chance; below < u[1] && count < 1000; below += chance) chance *= rate / ++count
  return count
}
