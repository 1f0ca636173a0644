import { describe, expect, it } from 'vitest'
import { monthOf, type Horizon } from '../../src/evidence/month.js'
import { PLACE } from '../../src/population/population.js'
import { awareness, openingFlow } from '../../src/simulation/expected.js'
import { greatestArrivalFactor } from '../../src/simulation/processes/arrival.js'
import { newWorld, STATUS } from '../../src/simulation/world.js'
import controls from './controls.json' with { type: 'json' }
import {
  flatRates,
  foresee,
  laws,
  live,
  monthly,
  NO_CHANNEL,
  rowWith,
  support,
  total,
  town,
  type Household,
} from './town.js'

const horizon: Horizon = { from: monthOf(2015, 12), to: monthOf(2020, 12) }
/** The reform takes force in the second month: sixty months follow. */
const reform = monthOf(2016, 1)
const closed = laws('closed', NO_CHANNEL, horizon)
const opened = laws('opened', { rent: 'when: has_permit' }, horizon)
const { E, n, p, kappa, lam } = controls.closedForm.inputs

/** Model §2.4, summed over the month that begins at τ: E·p·κ(e^(−λτ) − e^(−λ(τ+1))) + n·p·κ(1 − mean of e^(−λt)). */
const inMonth = (tau: number): number => {
  const emptied = Math.exp(-lam * tau) - Math.exp(-lam * (tau + 1))
  return E * p * kappa * emptied + n * p * kappa * (1 - emptied / lam)
}

it('the closed form of these tests is the worked control', () => {
  for (const [month, rate] of Object.entries(controls.closedForm.rateAt)) {
    const tau = Number(month)
    expect(
      E * p * kappa * lam * Math.exp(-lam * tau) + n * p * kappa * (1 - Math.exp(-lam * tau)),
    ).toBeCloseTo(rate, 9)
  }
})

/** E households here since long ago; a pool from which n a month arrive. */
const settlers = (): Household[] => {
  const pool = Math.round(n * greatestArrivalFactor(support))
  const arrivals = Array.from({ length: 60 }, (_, m) =>
    Array.from({ length: pool }, (): Household => ({ place: PLACE.arrival, month: reform + m })),
  ).flat()
  return [...Array.from({ length: E }, (): Household => ({})), ...arrivals]
}
const rates = flatRates(horizon, { ready: kappa, lambda: lam })

describe('an opening that all know at once, without exits or frailty', () => {
  it('brings E·p·κ·λ·e^(−λτ) + n·p·κ(1 − e^(−λτ)) persons a month: within 4 standard errors, and 2 % in all', () => {
    const population = town(settlers())
    const world = newWorld(population)
    const seeds = ['a', 'b', 'c', 'd']
    const made = new Float64Array(60)
    for (const seed of seeds) {
      const { flows } = live({
        population,
        world,
        horizon,
        law: closed,
        then: [[reform, opened]],
        rates,
        willing: p,
        seed,
      })
      const persons = monthly(flows, flows.persons)
      expect(persons[0]).toBe(0)
      persons.subarray(1).forEach((x, tau) => (made[tau] += x))
    }
    for (let from = 0; from < 60; from += 6) {
      const expected = seeds.length * total(Array.from({ length: 6 }, (_, i) => inMonth(from + i)))
      // Counts of a month vary at most as a Poisson number does.
      const z = (total(made.subarray(from, from + 6)) - expected) / Math.sqrt(expected)
      expect(Math.abs(z), `months ${from} to ${from + 5}`).toBeLessThan(4)
    }
    const whole = seeds.length * total(Array.from({ length: 60 }, (_, tau) => inMonth(tau)))
    expect(Math.abs(total(made) / whole - 1)).toBeLessThan(0.02)
  }, 30_000)

  it('brings the same in the mean-field recurrence: each month within 2 %', () => {
    const population = town(settlers())
    const flows = foresee({
      population,
      horizon,
      law: closed,
      then: [[reform, opened]],
      rates,
      willing: p,
      samples: [0, 6, 12, 24, 36, 48, 60],
    })
    const persons = monthly(flows, flows.persons)
    expect(persons[0]).toBe(0)
    for (let tau = 0; tau < 60; tau++)
      expect(Math.abs(persons[tau + 1] / inMonth(tau) - 1), `month ${tau}`).toBeLessThan(0.02)
  })

  it('empties by half in ln 2 / λ months, and with turnover settles where what comes is what goes', () => {
    const months = 400
    const [known, flat] = [new Float64Array(months).fill(1), new Float64Array(months).fill(1)]
    const perYear = 12 * controls.closedForm.rateAt['0']
    const flow = openingFlow(perYear, 1, lam, 0, known, flat, 0)
    expect(flow[52] / flow[0]).toBeCloseTo(2 ** (-52 / controls.closedForm.halfLifeMonths), 12)
    const turnover = 0.01
    const steady = openingFlow(perYear, 1, lam, 0, known, flat, turnover)[months - 1]
    // R·h = ν(R₀ − R), h = 1 − e^(−λ).
    const h = 1 - Math.exp(-lam)
    expect(steady).toBeCloseTo((h * turnover * E * p * kappa) / (turnover + h), 6)
  })
})

describe('awareness', () => {
  it('is the continuous Bass curve where the step is small: the gap falls with the step', () => {
    const { p: pc, q, A } = controls.bass
    const gap = (steps: number) => {
      const aware = awareness(pc / steps, q / steps, 0, 36 * steps + 1)
      return Math.max(...Object.entries(A).map(([month, a]) => Math.abs(aware[Number(month) * steps] - a)))
    }
    // A month’s step is at most .06 off the curve, a hundredth of one about a hundredth of that.
    expect(gap(1)).toBeLessThan(0.06)
    expect(gap(100)).toBeLessThan(0.001)
    expect(gap(1) / gap(10)).toBeGreaterThan(6)
  })

  it('spreads among simulated households as the recurrence says: within 4 standard errors of the first months', () => {
    const size = 40_000
    const [pc, q, init] = [0.03, 0.35, 0.05]
    const population = town(Array.from({ length: size }, (): Household => ({})))
    const row = rowWith({ awareP: pc, awareQ: q, awareInit: init })
    const shares: number[] = []
    live({
      population,
      horizon: { from: horizon.from, to: reform + 23 },
      law: closed,
      then: [[reform, opened]],
      rates: flatRates(horizon, {}),
      row,
      observe(m, { world }) {
        shares.push(
          world.awareSince.reduce((sum, month) => sum + (month <= horizon.from + m ? 1 : 0), 0) / size,
        )
      },
    })
    expect(shares[0]).toBe(0)
    // One month ahead from what was reached: exact in expectation, so errors do not pile up.
    expect(Math.abs(shares[1] - init)).toBeLessThan(4 * Math.sqrt((init * (1 - init)) / size))
    for (let m = 2; m < shares.length; m++) {
      const chance = pc + q * shares[m - 1]
      const expected = shares[m - 1] + (1 - shares[m - 1]) * chance
      const sd = Math.sqrt(((1 - shares[m - 1]) * chance * (1 - chance)) / size)
      expect(Math.abs(shares[m] - expected), `month ${m}`).toBeLessThan(4 * sd + 1e-12)
    }
    // And over the whole curve.
    const curve = awareness(pc, q, init, 24)
    for (let m = 0; m < 24; m++) expect(Math.abs(shares[m + 1] - curve[m]), `month ${m}`).toBeLessThan(0.02)
  })

  it('holds back nobody from what was in force before', () => {
    const population = town(Array.from({ length: 2000 }, (): Household => ({})))
    const { world } = live({
      population,
      horizon,
      law: opened,
      rates: flatRates(horizon, { ready: 1, lambda: 5 }),
      row: rowWith({ awareInit: 0 }),
    })
    expect(world.status.every(status => status === STATUS.registered)).toBe(true)
  })

  it('is needed for an opening: who never learns never registers', () => {
    const population = town(Array.from({ length: 2000 }, (): Household => ({})))
    const { flows } = live({
      population,
      horizon,
      law: closed,
      then: [[reform, opened]],
      rates: flatRates(horizon, { ready: 1, lambda: 5 }),
      row: rowWith({ awareInit: 0 }),
    })
    expect(total(flows.persons)).toBe(0)
  })
})
