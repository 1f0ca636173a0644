import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seedKey, uniform } from '../../src/evidence/luck.js'
import { monthOf, NEVER, type Horizon } from '../../src/evidence/month.js'
import { STATUS } from '../../src/simulation/world.js'
import {
  AREAS,
  channelsOf,
  flatRates,
  foresee,
  laws,
  live,
  monthly,
  quiet,
  total,
  town,
  type Household,
} from './town.js'

const horizon: Horizon = { from: monthOf(2015, 1), to: monthOf(2017, 12) }
const change = monthOf(2016, 1)
const rent = { rent: 'when: has_permit && months_permit >= 6' }
const talent = { talent: 'when: education >= "doctorate"' }
const before = laws('before', rent, horizon)
const after = laws('after', talent, horizon)
const right = (who: string, months: number, channel = 'rent') =>
  laws(
    'after',
    talent,
    horizon,
    AREAS,
    `legacy: { ${channel}: { clause: c, months: ${months}, who: ${who} } }`,
  )

/** A hazard of 5 % a month: some of those who may register have not by the time that rent is shut. */
const slow = flatRates(horizon, { ready: 1, lambda: 0.05 })
/** With permit long before, one month short of it at the change, and ever after. */
const settled = Array.from({ length: 600 }, (): Household => ({}))
const late = Array.from({ length: 600 }, (_, h): Household => ({ permitSince: change - 6 + (h % 12) }))
const population = town([...settled, ...late])
const under = (law: typeof after, from = change) =>
  live({ population, horizon, law: before, then: [[from, law]], rates: slow }).world.registeredIn

describe('a right of those who qualified', () => {
  it('is theirs who passed in the last month of the old law, whatever comes later, and of nobody else', () => {
    const made = under(right('qualified', 12))
    const afterwards = Array.from(made).flatMap((month, h) => (month >= change && month !== NEVER ? [h] : []))
    expect(afterwards.filter(h => h < 600).length).toBeGreaterThan(50)
    // `permitSince` of change − 6 gives six months in the month of the change, one too late.
    expect(afterwards.filter(h => h >= 600)).toEqual([])
    // A month earlier the same would have had six.
    const sooner = under(right('qualified', 12), change + 1)
    const six = Array.from(sooner).flatMap((month, h) => (month > change && month !== NEVER ? [h] : []))
    expect(six.filter(h => h >= 600).every(h => (h - 600) % 12 === 0)).toBe(true)
    expect(six.filter(h => h >= 600).length).toBeGreaterThan(5)
  })

  it('lasts for its months and no longer', () => {
    const months = (made: Int16Array) => Array.from(made).filter(month => month !== NEVER && month >= change)
    expect(months(under(after))).toEqual([])
    const year = months(under(right('qualified', 12)))
    expect(Math.max(...year)).toBe(change + 11)
    expect(Math.max(...months(under(right('qualified', 1))))).toBe(change)
  })

  it('goes with the month of the change, whichever it is', () => {
    for (const from of [change - 3, change + 7]) {
      const made = Array.from(under(right('qualified', 4), from)).filter(month => month !== NEVER)
      expect(Math.max(...made)).toBe(from + 3)
    }
  })

  it('changes nothing before the change, and makes nobody register later', () => {
    const key = seedKey('mixed')
    const mixed = town(
      Array.from({ length: 1500 }, (_, h): Household => ({
        permitSince: uniform(key, h, 1, 0) < 0.5 ? horizon.from - 1 - (h % 9) : change - (h % 13),
        education: uniform(key, h, 2, 0) < 0.3 ? 'doctorate' : 'primary',
        tenure: uniform(key, h, 3, 0) < 0.5 ? 'own' : 'rent',
      })),
    )
    const months = fc.integer({ min: 1, max: 30 })
    const from = fc.integer({ min: horizon.from + 1, max: horizon.to })
    const values = quiet({ 'trans.permit': 0.05, 'mig.exit.later': 0.05, 'apply.frailtyVar': 0.5 })
    const rates = flatRates(horizon, { base: [0.005, 0.004, 0.003], steady: 0.02, ready: 0.5, lambda: 0.1 })
    fc.assert(
      fc.property(months, from, fc.string(), (lasting, at, seed) => {
        const run = (law: typeof after) =>
          live({ population: mixed, horizon, law: before, then: [[at, law]], values, rates, seed }).world
        const [without, having] = [run(after), run(right('qualified', lasting))].map(
          world => world.registeredIn,
        )
        for (let h = 0; h < without.length; h++) {
          expect(having[h]).toBeLessThanOrEqual(without[h])
          if (having[h] !== without[h]) {
            expect(having[h]).toBeGreaterThanOrEqual(at)
            expect(having[h]).toBeLessThan(at + lasting)
          }
        }
      }),
      { numRuns: 15 },
    )
  }, 60_000)

  it('is foreseen by the recurrence: within 5 % of 20 simulations, nothing after it lapsed', () => {
    const law = right('qualified', 12)
    // All have qualified: who does so only later is taken by the recurrence to have a right as well.
    const population = town(settled)
    const flows = foresee({
      population,
      horizon,
      law: before,
      then: [[change, law]],
      rates: slow,
      samples: [0, 6, 11, 12, 18, 24, 35],
      channels: channelsOf(before, law),
    })
    const expected = monthly(flows, flows.cases)
    const made = new Float64Array(36)
    for (let seed = 0; seed < 20; seed++) {
      const run = live({
        population,
        horizon,
        law: before,
        then: [[change, law]],
        rates: slow,
        seed: `${seed}`,
      })
      monthly(run.flows, run.flows.cases).forEach((count, m) => (made[m] += count / 20))
    }
    expect(total(made.subarray(12, 24))).toBeGreaterThan(50)
    for (const [from, to] of [
      [0, 12],
      [12, 24],
    ])
      expect(
        Math.abs(total(expected.subarray(from, to)) / total(made.subarray(from, to)) - 1),
        `${from}`,
      ).toBeLessThan(0.05)
    expect(total(made.subarray(24))).toBe(0)
    expect(total(expected.subarray(24))).toBe(0)
  })
})

describe('a right of those who had applied', () => {
  const ranked = {
    ranked: 'when: has_permit\nadmit: { select: quota, quota: { year: 24 }, rank: [months_permit desc] }',
  }
  const quota = laws('quota', ranked, horizon)
  const eager = flatRates(horizon, { ready: 1, lambda: 50 })
  const shut = (law: typeof after) =>
    live({ population, horizon, law: quota, then: [[change, law]], rates: eager })
  const counts = (made: Int16Array) =>
    Array.from({ length: 36 }, (_, m) => made.reduce((n, at) => n + (at === horizon.from + m ? 1 : 0), 0))

  it('keeps their line going under the old rules for its months, then lets them out of it', () => {
    const { world } = shut(right('applied', 12, 'ranked'))
    expect(counts(world.registeredIn).slice(12, 24)).toEqual(Array.from({ length: 12 }, () => 2))
    expect(counts(world.registeredIn).slice(24)).toEqual(Array.from({ length: 12 }, () => 0))
    expect(world.status.includes(STATUS.waiting)).toBe(false)
  })

  it('is not theirs who come later: none of them stands in line', () => {
    const { world } = shut(right('applied', 24, 'ranked'))
    // Those whose permit dates from after the change have never applied; 24 a year are admitted of the others.
    const later = Array.from(world.registeredIn)
      .slice(600)
      .filter((month, h) => month !== NEVER && h % 12 >= 6)
    expect(later).toEqual([])
    expect(
      counts(world.registeredIn)
        .slice(24)
        .every(count => count === 2),
    ).toBe(true)
  })

  it('ends with the old law where none is granted', () => {
    const { world } = shut(after)
    expect(total(counts(world.registeredIn).slice(12))).toBe(0)
    expect(world.status.includes(STATUS.waiting)).toBe(false)
  })

  it('leaves the line of the new law to the new: both hold their rounds', () => {
    const stricter = laws(
      'stricter',
      {
        ranked: 'when: has_permit\nadmit: { select: quota, quota: { year: 12 }, rank: [months_permit desc] }',
      },
      horizon,
      AREAS,
      'legacy: { ranked: { clause: c, months: 12, who: applied } }',
    )
    const { world } = shut(stricter)
    // The first round of the new line is the month after its first applicants came: permits of change … change + 5.
    expect(counts(world.registeredIn).slice(14, 24)).toEqual(Array.from({ length: 10 }, () => 3))
    expect(counts(world.registeredIn).slice(26, 36)).toEqual(Array.from({ length: 10 }, () => 1))
  })
})
