import { describe, expect, it } from 'vitest'
import { awareness, monthly, openingFlow } from '../../src/simulation/expected.js'

describe('the flow of an opening', () => {
  const months = 60
  const known = new Float64Array(months).fill(1)
  const flat = new Float64Array(months).fill(1)
  // Worked control: 40,000 newly eligible, .28 willing, .5 of them act, hazard .04 a month.
  const lambda = 0.04
  const rate0 = 40_000 * 0.28 * 0.5 * lambda

  it('without exits and with everybody aware decays as E·p·κ·λ·e^(−λτ), within 2 % at the start of each month', () => {
    const flow = openingFlow(12 * rate0, 1, lambda, 0, known, flat, 0)
    for (const [month, rate] of [
      [0, 224],
      [1, 215.217],
      [6, 176.206],
      [12, 138.608],
      [24, 85.7693],
      [36, 53.0723],
    ]) {
      const exact = rate0 * Math.exp(-lambda * month)
      expect(Math.abs(exact / rate - 1)).toBeLessThan(1e-4)
      expect(Math.abs(flow[month] / exact - 1)).toBeLessThan(0.02)
    }
    // All of the ready in the end: the sum to infinity is E·p·κ.
    const sum = flow.reduce((a, b) => a + b, 0)
    expect(sum).toBeCloseTo(5600 * (1 - Math.exp(-lambda * months)), 6)
  })

  it('keeps its permanent part for good', () => {
    const flow = openingFlow(12 * rate0, 1, lambda, 1, known, flat, 0)
    expect(flow[0]).toBeCloseTo(rate0, 9)
    expect(flow[59]).toBeCloseTo(rate0, 9)
  })
})

describe('awareness of an opening', () => {
  it('follows the Bass curve: the discrete steps end where the continuous curve ends and peak about the same month', () => {
    const aware = awareness(0.03, 0.35, 0, 60)
    expect(aware[0]).toBe(0)
    // Continuous: A(12) = .8819, A(24) = .9986; a month's step runs ahead of it by less than .1.
    expect(Math.abs(aware[12] - 0.8818820184)).toBeLessThan(0.1)
    expect(Math.abs(aware[24] - 0.9986153423)).toBeLessThan(0.01)
    const steps = Array.from(aware.subarray(1), (a, i) => a - aware[i])
    expect(Math.abs(steps.indexOf(Math.max(...steps)) - 6.465)).toBeLessThan(1.5)
  })
})

it('a yearly rate and its monthly one agree over twelve months', () => {
  expect(1 - (1 - monthly(0.22)) ** 12).toBeCloseTo(0.22, 12)
})
