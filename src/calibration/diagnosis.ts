/** What a sample is worth and what it learnt: convergence, effective size, contraction, correlation. */
import ln from '@stdlib/math-base-special-ln'
import type { Prior } from './priors.js'
import { normalQuantile } from '../evidence/draw.js'

export const mean = (x: ArrayLike<number>): number => {
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += x[i]
  return sum / x.length
}

/** Sample variance (n − 1). */
export function variance(x: ArrayLike<number>): number {
  const m = mean(x)
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += (x[i] - m) * (x[i] - m)
  return sum / (x.length - 1)
}

/** @returns NaN where one of the two does not vary */
export function correlation(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const [mx, my] = [mean(x), mean(y)]
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += (x[i] - mx) * (y[i] - my)
  return sum / (x.length - 1) / Math.sqrt(variance(x) * variance(y))
}

/**
 * Split R-hat: between- over within-chain spread, each chain cut in two. 1 where the chains agree.
 * @param chains of one length, at least 4
 * @see Gelman et al., Bayesian Data Analysis, 3rd ed., §11.4
 */
export function splitRhat(chains: readonly Float64Array[]): number {
  const half = Math.floor(chains[0].length / 2)
  const parts = chains.flatMap(chain => [chain.subarray(0, half), chain.subarray(chain.length - half)])
  const within = mean(parts.map(variance))
  if (within === 0) return parts.every(part => part[0] === parts[0][0]) ? 1 : Infinity
  const between = half * variance(parts.map(mean))
  return Math.sqrt((((half - 1) / half) * within + between / half) / within)
}

/**
 * Effective sample size over chains: n·m over 1 + 2 Σ autocorrelations, summed in pairs as long as a pair is positive
 * and no greater than the one before.
 * @see Geyer, Statistical Science 7 (1992), 473–483; the chains are joined as in Gelman et al., §11.5
 */
export function effectiveSize(chains: readonly Float64Array[]): number {
  const [m, n] = [chains.length, chains[0].length]
  const means = chains.map(mean)
  const within = mean(chains.map(variance))
  if (within === 0) return m * n
  const pooled = ((n - 1) / n) * within + (m > 1 ? variance(means) : 0)
  const rho = (lag: number): number => {
    let sum = 0
    for (const chain of chains)
      for (let i = lag; i < n; i++) sum += (chain[i] - chain[i - lag]) * (chain[i] - chain[i - lag])
    return 1 - sum / (m * (n - lag)) / 2 / pooled
  }
  let time = 0
  let least = Infinity
  for (let lag = 0; lag + 1 < n / 2; lag += 2) {
    const pair = Math.min(least, rho(lag) + rho(lag + 1))
    if (pair < 0) break
    time += pair
    least = pair
  }
  return Math.min(m * n, (m * n) / Math.max(2 * time - 1, 1e-3))
}

/** Effective size of weights: (Σw)² / Σw² (Kish). */
export function kish(weights: readonly number[]): number {
  const [sum, squares] = weights.reduce(([s, q], w) => [s + w, q + w * w], [0, 0])
  return (sum * sum) / squares
}

/** sd of a prior, on the line on which the quantity is judged (log where it is positive by nature). */
export function priorSd(prior: Prior, slices = 400): number {
  const values = Array.from({ length: slices }, (_, i) => prior.at(normalQuantile((i + 0.5) / slices)))
  return Math.sqrt(variance(prior.log ? values.map(ln) : values))
}

/** 1 − posterior sd / prior sd; under this the data say next to nothing. */
export const NOT_IDENTIFIED = 0.2

export function contraction(prior: Prior, posterior: ArrayLike<number>): number {
  const values = prior.log ? Float64Array.from(posterior, ln) : posterior
  return 1 - Math.sqrt(variance(values)) / priorSd(prior)
}
