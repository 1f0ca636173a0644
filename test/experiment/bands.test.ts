import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  band,
  combine,
  known,
  memberMeans,
  monteCarlo,
  sharesOf,
  varianceReduction,
} from '../../src/experiment/bands.js'
import controls from './paired.json' with { type: 'json' }

const array = (...x: number[]) => Float64Array.from(x)
const mean = (x: ArrayLike<number>) => Array.from(x).reduce((a, b) => a + b, 0) / x.length
const variance = (x: ArrayLike<number>) => {
  const m = mean(x)
  return Array.from(x).reduce((sum, value) => sum + (value - m) ** 2, 0) / (x.length - 1)
}

describe('paired differences', () => {
  it.each(controls.paired)('are those of the worked control ($meanDifference on average)', control => {
    const { baseline, scenario } = control
    const difference = Float64Array.from(scenario, (x, i) => x - baseline[i])
    const { mean: average, p05, p50, p95 } = band(difference, false)
    expect(average).toBeCloseTo(control.meanDifference, 12)
    expect([p05, p50, p95]).toEqual(control.p05p50p95)
    const reduction = varianceReduction(Float64Array.from(baseline), Float64Array.from(scenario))
    if (control.varianceReductionFactor === null) expect(reduction).toBeNull()
    else expect(reduction).toBeCloseTo(control.varianceReductionFactor, 9)
    const { mcse } = monteCarlo(
      { values: difference, luck: array(), correctionError: 0, ratio: 1 },
      'control',
    )
    expect(mcse).toBeCloseTo(control.monteCarloSe, 12)
  })
})

describe('a band', () => {
  it('has the type-7 quantiles of R', () => {
    for (const { x, p, type7 } of controls.quantiles) {
      const { p05, p50, p95 } = band(Float64Array.from(x), false)
      expect([p05, p50, p95]).toEqual([0.05, 0.5, 0.95].map(q => type7[p.indexOf(q)]))
    }
  })

  it('goes below zero only where the numbers may', () => {
    expect(band(array(-3, 1, 2), false).mean).toBe(0)
    expect(band(array(-3, 1, 2), true)).toMatchObject({ mean: 1, p05: 0.1 })
  })

  it('leaves the numbers in their order', () => {
    const values = array(3, 1, 2)
    band(values, true)
    expect(values).toEqual(array(3, 1, 2))
  })
})

describe('a number that some runs do not have', () => {
  const cell = (draws: number[], expected: number[], simulated: number[]) => ({
    draws: array(...draws),
    expected: array(...expected),
    simulated: array(...simulated),
    scale: 0.1,
  })
  it('is over the runs that have it, the replicates in pairs', () => {
    const all = cell([1, 2, 3], [1, 2], [3, 4])
    expect(known(all)).toBe(all)
    expect(known(cell([1, NaN, 3], [1, 2, NaN], [NaN, 4, 5]))).toEqual(cell([1, 3], [2], [4]))
    // No replicate has it: the draws are not corrected.
    const draws = known(cell([5, NaN, 7], [NaN], [NaN]))!
    expect([...combine(draws).values]).toEqual([5, 7])
  })
  it('is of the simulations as they are where no recurrence has it, and unknown where none does', () => {
    const made = known(cell([NaN, NaN, NaN], [NaN, NaN], [61, 63]))!
    expect([...combine(made).values]).toEqual([61, 63])
    expect(known(cell([NaN], [NaN, 1], [NaN, NaN]))).toBeUndefined()
  })
})

describe('draws and simulations together', () => {
  it('scale the draws by mean simulated over mean expected', () => {
    // Simulated 10 % more than expected, without luck.
    const expected = array(100, 200, 300, 400)
    const simulated = expected.map(x => 1.1 * x)
    const { values, luck, ratio, correctionError } = combine({
      draws: array(100, 200, 300, 400, 500),
      expected,
      simulated,
      scale: 0.1,
    })
    expect(ratio).toBeCloseTo(1.1, 12)
    values.forEach((value, d) => expect(value).toBeCloseTo(110 * (d + 1), 9))
    luck.forEach(x => expect(x).toBeCloseTo(0, 9))
    // sd of the gaps 10, 20, 30, 40 over √4.
    expect(correctionError).toBeCloseTo(Math.sqrt(500 / 3 / 4), 9)
  })

  it('add the mean gap where the ratio is not well known: expected zero, or of another sign', () => {
    const zero = combine({ draws: array(0, 0), expected: array(0, 0), simulated: array(4, 6), scale: 1 })
    expect(zero.ratio).toBe(1)
    // Gap 5; luck −1 and 1 at full scale.
    expect(zero.values).toEqual(array(4, 6))
    const opposite = combine({
      draws: array(2, 2),
      expected: array(2, 2),
      simulated: array(-1, -1),
      scale: 1,
    })
    expect(opposite.ratio).toBe(1)
    expect(opposite.values).toEqual(array(-1, -1))
  })

  it('keep a difference of zero at zero', () => {
    const nothing = array(0, 0, 0, 0)
    const { values } = combine({ draws: nothing, expected: nothing, simulated: nothing, scale: 0.1 })
    expect(values).toEqual(nothing)
  })

  it('shrink the luck of a small scale by the root of it, and keep its mean at zero', () => {
    const expected = array(100, 100, 100, 100)
    const simulated = array(90, 110, 95, 105)
    for (const scale of [1, 0.25, 0.01]) {
      const { luck } = combine({ draws: expected, expected, simulated, scale })
      expect(mean(luck)).toBeCloseTo(0, 12)
      expect(variance(luck)).toBeCloseTo(scale * variance(simulated), 9)
    }
  })

  it('give luck to draw d from replicate d mod replicates', () => {
    const expected = array(100, 100)
    const { values } = combine({
      draws: array(100, 100, 100, 100, 100),
      expected,
      simulated: array(96, 104),
      scale: 0.25,
    })
    expect(values).toEqual(array(98, 102, 98, 102, 98))
  })

  it('have the mean that the simulations have, where draws and replicates are the same', () => {
    const positive = fc.double({ min: 50, max: 150, noNaN: true })
    fc.assert(
      fc.property(fc.array(fc.tuple(positive, positive), { minLength: 4, maxLength: 30 }), pairs => {
        const expected = Float64Array.from(pairs, ([e]) => e)
        const simulated = Float64Array.from(pairs, ([, s]) => s)
        const { values } = combine({ draws: expected, expected, simulated, scale: 1 })
        expect(mean(values)).toBeCloseTo(mean(simulated), 6)
      }),
    )
  })
})

describe('Monte Carlo errors', () => {
  const values = Float64Array.from({ length: 400 }, (_, i) => i)
  const combined = { values, luck: array(), correctionError: 3, ratio: 1 }

  it('add the error of the correction', () => {
    const { mcse } = monteCarlo(combined, 'a')
    expect(mcse).toBeCloseTo(Math.sqrt(variance(values) / 400 + 9), 9)
  })

  it('of the band’s ends are those of an order statistic: 400 even numbers, within a quarter', () => {
    const { mcseP05, mcseP95 } = monteCarlo({ ...combined, correctionError: 0 }, 'a')
    // Of the p-quantile of n even numbers on (0, n): n·√(p(1 − p)/n).
    const known = 400 * Math.sqrt((0.05 * 0.95) / 400)
    for (const made of [mcseP05, mcseP95]) expect(Math.abs(made / known - 1)).toBeLessThan(0.25)
  })

  it('are the same each time', () => {
    expect(monteCarlo(combined, 'a')).toEqual(monteCarlo(combined, 'a'))
  })
})

describe('where the variance comes from', () => {
  const none = new Float64Array(8)

  it('structure alone: the members differ, the draws within each do not', () => {
    const draws = array(1, 2, 3, 4, 1, 2, 3, 4)
    expect(sharesOf(draws, array(0, 0), none, none)).toEqual({
      structure: 1,
      parameters: 0,
      noise: 0,
      luck: 0,
    })
    expect(Object.values(memberMeans(draws))).toEqual([1, 2, 3, 4])
  })

  it('parameters alone: members agree on average', () => {
    const draws = array(1, 1, 1, 1, 3, 3, 3, 3)
    expect(sharesOf(draws, array(0, 0), none, none)).toEqual({
      structure: 0,
      parameters: 1,
      noise: 0,
      luck: 0,
    })
  })

  it('noise and luck: variances 2 and 6 of 8', () => {
    // Draws with variance 2, all of it gone without noise; luck with variance 6.
    const step = Math.sqrt(7 / 4)
    const draws = array(0, 0, 0, 0, 2 * step, 2 * step, 2 * step, 2 * step)
    expect(variance(draws)).toBeCloseTo(2, 12)
    const luck = array(-Math.sqrt(3), Math.sqrt(3))
    const { structure, parameters, noise, luck: ofLuck } = sharesOf(draws, luck, draws, none)
    expect([structure, parameters]).toEqual([0, 0])
    expect(noise).toBeCloseTo(0.25, 12)
    expect(ofLuck).toBeCloseTo(0.75, 12)
  })

  it('adds up to one, or to nothing where nothing varies', () => {
    const numbers = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 8, maxLength: 8 })
    fc.assert(
      fc.property(numbers, numbers, numbers, (draws, luck, still) => {
        const shares = Object.values(
          sharesOf(
            Float64Array.from(draws),
            Float64Array.from(luck),
            Float64Array.from(draws),
            Float64Array.from(still),
          ),
        )
        const sum = shares.reduce((a, b) => a + b, 0)
        expect(shares.every(share => share >= 0)).toBe(true)
        expect(sum === 0 || Math.abs(sum - 1) < 1e-9).toBe(true)
      }),
    )
    expect(Object.values(sharesOf(none, none, none, none))).toEqual([0, 0, 0, 0])
  })
})
