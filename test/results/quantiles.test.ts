import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bandColumn, bandOf, quantiles } from '../../src/results/quantiles.js'
import known from './quantiles.json' with { type: 'json' }

const draws = fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { minLength: 1, maxLength: 60 })

describe('quantiles', () => {
  it.each(known.quantiles)('agree with R, type 7: $x', ({ x, p, type7 }) => {
    quantiles(Float64Array.from(x), p).forEach((value, index) => expect(value).toBeCloseTo(type7[index], 9))
  })

  it('do not change what they are given, and are NaN where a value is not known', () => {
    const values = Float64Array.of(3, 1, 2)
    quantiles(values, [0.5])
    expect([...values]).toEqual([3, 1, 2])
    expect(quantiles(Float64Array.of(1, NaN), [0, 0.5])).toEqual([NaN, NaN])
    expect(quantiles(new Float64Array(0), [0.5])).toEqual([NaN])
  })

  it('a band moves and stretches with its draws, and does not hang on their order', () => {
    fc.assert(
      fc.property(draws, fc.integer({ min: -1000, max: 1000 }), (values, shift) => {
        const band = bandOf(Float64Array.from(values))
        const turned = bandOf(Float64Array.from(values).reverse())
        const moved = bandOf(Float64Array.from(values, value => value + shift))
        const mirrored = bandOf(Float64Array.from(values, value => -value))
        expect(band.p05).toBeLessThanOrEqual(band.p50)
        expect(band.p50).toBeLessThanOrEqual(band.p95)
        expect(turned.p05).toBe(band.p05)
        expect(moved.p95).toBeCloseTo(band.p95 + shift, 5)
        expect(mirrored.p05).toBeCloseTo(-band.p95, 5)
      }),
    )
  })

  it('the bands of a table are those of its rows', () => {
    const column = bandColumn(
      [Float64Array.of(7, 100), Float64Array.of(15, 300), Float64Array.of(36, 200)],
      2,
    )
    expect([column.mean[1], column.p50[1], column.p05[1], column.p95[1]]).toEqual([200, 200, 110, 290])
    expect(column.p50[0]).toBe(15)
  })
})
