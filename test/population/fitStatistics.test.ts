import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fitStatistics } from '../../src/population/fitStatistics.js'

interface Known {
  observed: number[][]
  expected: number[][]
  TAE: number
  SAE: number
  SRMSE: number
}
const known = JSON.parse(readFileSync('test/population/fitStatistics.json', 'utf8')) as Known[]

describe('fit statistics', () => {
  it.each(known)('have the values that another program found', ({ observed, expected, ...answer }) => {
    const { tae, sae, srmse } = fitStatistics(observed.flat(), expected.flat())
    expect(tae).toBeCloseTo(answer.TAE, 9)
    expect(sae).toBeCloseTo(answer.SAE, 9)
    expect(srmse).toBeCloseTo(answer.SRMSE, 9)
  })

  it('give Z and RSSZ as by hand', () => {
    // 100 persons, half asked for: z = (.6 − .5) / √(.25/100) = 2, and −2; χ² with two degrees has 5.991465 at 5 %.
    const { z, rssz } = fitStatistics([60, 40], [50, 50])
    expect(z[0]).toBeCloseTo(2, 12)
    expect(z[1]).toBeCloseTo(-2, 12)
    expect(rssz).toBeCloseTo(8 / 5.991464547, 6)
    // A quarter of them counted: errors are twice as large.
    expect(fitStatistics([60, 40], [50, 50], 0.25).z[0]).toBeCloseTo(1, 12)
  })

  it('take a person where none should be for one standard error, not for an infinite one', () => {
    const { z } = fitStatistics([1, 99], [0, 100])
    expect(z[0]).toBeCloseTo(1 / Math.sqrt(0.99), 12)
  })

  it('are 0 for a table that is as asked, and do not fear an empty one', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(10_000), { minLength: 1, maxLength: 40 }), counts => {
        const { z, ...rest } = fitStatistics(counts, counts)
        expect(Object.values(rest)).toEqual([0, 0, 0, 0])
        expect(z.every(one => one === 0)).toBe(true)
      }),
    )
  })
})
