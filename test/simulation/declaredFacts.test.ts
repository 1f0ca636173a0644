import { describe, expect, it } from 'vitest'
import { seedKey } from '../../src/evidence/luck.js'
import { monthOf, NEVER, type Horizon } from '../../src/evidence/month.js'
import { Applicant } from '../../src/simulation/applicant.js'
import { Gate } from '../../src/simulation/timeline.js'
import { newWorld, reset } from '../../src/simulation/world.js'
import { AREAS, flatRates, laws, live, NO_CHANNEL, quiet, rowWith, town, type Household } from './town.js'

const horizon: Horizon = { from: monthOf(2015, 1), to: monthOf(2020, 12) }
const eager = flatRates(horizon, { ready: 1, lambda: 50 })
const registered = (world: { registeredIn: Int16Array }) =>
  Array.from(world.registeredIn).flatMap((month, h) => (month === NEVER ? [] : [h]))

const CAR = `facts:
  car: { type: boolean, assume: { shares: { 'true': 0.3 } } }
  income: { type: number, assume: { shares: { '1000': 0.5, '5000': 0.25, '9000': 0.25 } } }
  well_off: { type: boolean, is: 'car || income >= 9000' }`
/** The same facts in other slots, behind one that is made of core facts. */
const OTHER = `facts:
  settled: { type: boolean, is: months_resident >= 70 }
${CAR.slice(CAR.indexOf('\n') + 1)}`

const law = (id: string, when: string, more: string) =>
  laws(id, { door: `when: ${when}` }, horizon, AREAS, more)
const many = town(Array.from({ length: 4000 }, (): Household => ({})))

describe('facts that a law declares', () => {
  it('are assumed by their shares, and made of each other', () => {
    const { world } = live({ population: many, horizon, law: law('a', 'well_off', CAR), rates: eager })
    // 1 − 0.7 × 0.75, within 4 standard errors.
    const share = 0.475
    expect(Math.abs(registered(world).length / 4000 - share)).toBeLessThan(
      4 * Math.sqrt((share * (1 - share)) / 4000),
    )
  })

  it('are the same for a household in every month and under every law, whatever slot they have', () => {
    const first = live({ population: many, horizon, law: law('a', 'car', CAR), rates: eager })
    const later = live({
      population: many,
      horizon,
      law: laws('none', NO_CHANNEL, horizon),
      then: [[monthOf(2018, 4), law('b', 'car', OTHER)]],
      rates: eager,
    })
    expect(registered(later.world)).toEqual(registered(first.world))
    expect(registered(first.world).length).toBeGreaterThan(1000)
    const another = live({ population: many, horizon, law: law('a', 'car', CAR), rates: eager, seed: 'b' })
    expect(registered(another.world)).not.toEqual(registered(first.world))
  })

  it('say what was open before by the slots of the law before', () => {
    const population = town(Array.from({ length: 200 }, (): Household => ({})))
    const world = newWorld(population)
    reset(world)
    const [a, b] = [law('a', 'car', CAR), law('b', 'car || settled', OTHER)]
    const gate = new Gate(b.laws[0], a.laws[0])
    const applicant = new Applicant(world, seedKey('town'))
    let opened = 0
    for (let h = 0; h < 200; h++) {
      const passed = gate.passes(applicant.at(h, monthOf(2015, 12)))
      expect(passed).toBe(1)
      const car = applicant.facts(a.laws[0])[a.laws[0].facts.findIndex(({ name }) => name === 'car')]
      expect(gate.known(applicant, passed)).toBe(car)
      if (!car) opened++
    }
    expect(opened).toBeGreaterThan(100)
  })

  it('leave laws that declare nothing with the rows of core facts, not copied', () => {
    const world = newWorld(many)
    reset(world)
    const applicant = new Applicant(world, seedKey('town')).at(0, horizon.from)
    const [a, b] = [laws('a', NO_CHANNEL, horizon), laws('b', NO_CHANNEL, horizon)]
    expect(applicant.facts(a.laws[0])).toBe(applicant.facts(b.laws[0]))
  })
})

describe('months within a window', () => {
  const WINDOW = 'facts:\n  paid: { type: number, window: { of: insured, months: 60 } }'

  it('let in exactly in the month that reaches them', () => {
    const population = town([20, 35, 36, 48].map(months => ({ insuredSince: horizon.from - months })))
    const { world } = live({ population, horizon, law: law('a', 'paid >= 36', WINDOW), rates: eager })
    expect(Array.from(world.registeredIn)).toEqual([16, 1, 0, 0].map(m => horizon.from + m))
  })

  it('count earlier spells that still lie within it', () => {
    const population = town([
      { insuredSince: horizon.from - 10, insuredBefore: 24 },
      { insuredBefore: 40 },
      { insuredBefore: 35 },
    ])
    const { world } = live({ population, horizon, law: law('a', 'paid >= 36', WINDOW), rates: eager })
    expect(Array.from(world.registeredIn)).toEqual([horizon.from + 2, horizon.from, NEVER])
  })

  it('are what a run has lived through: as recounted from its spells month by month', () => {
    const population = town(Array.from({ length: 300 }, (): Household => ({})))
    const insured: Set<number>[] = Array.from({ length: 300 }, () => new Set())
    const since = new Int16Array(300).fill(NEVER)
    live({
      population,
      horizon,
      law: law('a', 'paid > 60', WINDOW),
      rates: eager,
      row: rowWith(),
      values: quiet({ 'trans.insuredStart': 0.05, 'trans.insuredEnd': 0.05 }),
      observe(m, { world, applicant, timeline }) {
        const month = horizon.from + m
        const now = timeline.entries[0].series.laws[m]
        const slot = now.facts.findIndex(({ name }) => name === 'paid')
        for (let h = 0; h < 300; h++) {
          if (since[h] < month) insured[h].add(month)
          since[h] = world.insuredSince[h]
          let count = 0
          for (let k = 0; k < 60; k++) if (insured[h].has(month - k)) count++
          expect(applicant.at(h, month).facts(now)[slot]).toBe(count)
        }
      },
    })
    expect(insured.some(months => months.size > 0)).toBe(true)
  })
})
