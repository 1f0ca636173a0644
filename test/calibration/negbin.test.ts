import { describe, expect, it } from 'vitest'
import { negbinDraw, negbinLog } from '../../src/calibration/negbin.js'
import { seedKey, uniform } from '../../src/evidence/luck.js'
import { mean, variance } from '../../src/calibration/diagnosis.js'
import known from './known.json' with { type: 'json' }

describe('the negative binomial', () => {
  it('has the published log probabilities', () => {
    for (const { mean, size, k, logPmf } of known.negbin)
      expect(negbinLog(k, mean, size)).toBeCloseTo(logPmf, 9)
  })

  it('sums to 1 with its mean and variance', () => {
    const [m, size] = [10, 5]
    let [total, first, second] = [0, 0, 0]
    for (let k = 0; k < 400; k++) {
      const p = Math.exp(negbinLog(k, m, size))
      total += p
      first += k * p
      second += k * k * p
    }
    expect(total).toBeCloseTo(1, 10)
    expect(first).toBeCloseTo(m, 8)
    expect(second - first * first).toBeCloseTo(m + (m * m) / size, 7)
  })

  it('knows only 0 where the mean is 0', () => {
    expect(negbinLog(0, 0, 5)).toBe(0)
    expect(negbinLog(3, 0, 5)).toBe(-Infinity)
  })

  it('draws with its mean and variance, small and large', () => {
    const key = seedKey('negbin')
    for (const [i, [m, size]] of [
      [4, 3],
      [900, 40],
    ].entries()) {
      // prettier-ignore
      const draws = Array.from({ length: 4000 }, (_, k) => negbinDraw(m, size, [uniform(key, k, 320, i), uniform(key, k, 321, i)]))
      const spread = m + (m * m) / size
      expect(Math.abs(mean(draws) - m)).toBeLessThan(4 * Math.sqrt(spread / draws.length))
      expect(Math.abs(variance(draws) / spread - 1)).toBeLessThan(0.15)
    }
  })
})
