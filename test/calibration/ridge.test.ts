import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { furtherCounts, pulseOf } from '../../src/calibration/evidence.js'
import { bass, permanentRidge, predictions, pulseFlow, ridge, shown } from '../../src/calibration/ridge.js'
import { observations } from '../../src/calibration/targets.js'
import { monthOf } from '../../src/evidence/month.js'
import { loadPack } from '../../src/node/packs.js'
import known from './known.json' with { type: 'json' }

const { openingRidge } = known
const pulse = { reform: monthOf(2016, 7), excess: 4421, from: monthOf(2017, 1), to: monthOf(2017, 5) }

describe('the ridge of hazard and stock', () => {
  it('gives the published table within 1 %', () => {
    for (const [i, row] of ridge(pulse).entries()) {
      const [lambda, stock, peakMonth, ...rest] = openingRidge.rows[i]
      expect([row.lambda, row.peakMonth]).toEqual([lambda, peakMonth])
      const got = [row.stock, row.excess36, row.excess60, row.rate24, row.rate36]
      for (const [k, value] of [stock, ...rest].entries())
        expect(Math.abs(got[k] / value - 1)).toBeLessThan(0.01)
    }
  })

  it('moves with the month of the reform', () => {
    const [row] = ridge({ ...pulse, reform: monthOf(2016, 2) }, [0.04])
    expect(Math.abs(row.excess36 / openingRidge.reform201602_lambda04_excess36 - 1)).toBeLessThan(0.001)
  })

  it('meets the one excess whatever the hazard, the share that stays and the awareness', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.005, max: 0.3, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 0, max: 11 }),
        (lambda, permanent, before) => {
          const { flow } = pulseFlow(lambda, { ...pulse, permanent, reform: pulse.from - before }, 60)
          const window = flow.subarray(before, before + 5).reduce((a, b) => a + b, 0)
          expect(window).toBeCloseTo(4421, 6)
        },
      ),
    )
  })

  it('keeps a stock that empties below what it held', () => {
    for (const row of ridge(pulse)) expect(row.excess60).toBeLessThan(row.stock)
  })

  it('starts with nobody who knows, and ends with all', () => {
    expect(bass(0.03, 0.35, 0)).toBe(0)
    expect(bass(0.03, 0.35, 200)).toBeCloseTo(1, 10)
  })

  it('refuses a window that ends before the reform', () => {
    expect(() => ridge({ ...pulse, reform: monthOf(2018, 1) })).toThrow(RangeError)
  })
})

describe('what would collapse the ridge', () => {
  it('predicts an excess in the year of the reform and a ratio within the next', () => {
    const rows = predictions(pulse)
    expect(Math.round(rows[0].firstMonths)).toBe(openingRidge.firstMonths[0])
    expect(Math.round(rows[4].firstMonths)).toBe(openingRidge.firstMonths[1])
    expect(rows.map(row => Number(row.restOverWindow.toFixed(2)))).toEqual(openingRidge.restOverWindow)
  })

  it('reads the one excess and the further counts from the shipped pack', async () => {
    const seen = observations(await loadPack('zhaoqing'))
    expect(pulseOf(seen, monthOf(2016, 7))).toEqual(pulse)
    const further = furtherCounts(seen)!
    expect([further.early, further.earlyRest, further.late, further.lateRest].map(Math.round)).toEqual([
      780, 749, 2081, 1729,
    ])
    const { firstMonths, restOverWindow } = shown(further)
    expect(Math.round(firstMonths)).toBe(openingRidge.shown.firstMonths)
    expect(restOverWindow).toBeCloseTo(openingRidge.shown.restOverWindow, 2)
  })

  it('leaves the share that stays as the next ridge: at φ = 1 the hazard hardly matters, at φ = 0 it rules', () => {
    const rows = permanentRidge(pulse)
    const spread = (permanent: number) => {
      const of = rows.filter(row => row.permanent === permanent).map(row => row.excess36)
      return Math.max(...of) / Math.min(...of)
    }
    expect(spread(0)).toBeGreaterThan(2.6)
    expect(spread(1)).toBeLessThan(1.03)
  })
})
