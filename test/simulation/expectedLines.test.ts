import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { monthOf, monthsOf, type Horizon } from '../../src/evidence/month.js'
import { admittedOf } from '../../src/simulation/expectedLines.js'
import {
  flatRates,
  foresee,
  laws,
  live,
  monthly,
  quiet,
  total,
  town,
  type Household,
  type Setting,
} from './town.js'

const horizon: Horizon = { from: monthOf(2015, 1), to: monthOf(2018, 12) }
const samples = [0, 6, 12, 18, 24, 30, 36, 42, 47]
const population = town(
  Array.from({ length: 2000 }, (_, h): Household => ({
    area: h % 4 === 0 ? 1 : 0,
    permitSince: horizon.from - 6 + (h % 40),
  })),
)
const channel = (admit: string) =>
  laws(
    'law',
    {
      ranked: [
        'when: has_permit',
        'admit:',
        ...(admit.includes('lottery') ? [] : ['  rank: [months_permit desc]']),
        ...admit.split('\n').map(each => `  ${each}`),
      ].join('\n'),
    },
    horizon,
  )
const rates = flatRates(horizon, { ready: 1, lambda: 0.05 })
const values = quiet({ 'mig.exit.later': 0.1 })
const both = (admit: string, more: Partial<Setting> = {}) => {
  const law = channel(admit)
  const setting = { population, horizon, law, rates, values, ...more }
  const { flows: simulated } = live(setting)
  const expected = foresee({ ...setting, samples })
  const years = (flows: typeof expected) => {
    const months = monthly(flows, flows.cases)
    return [0, 12, 24, 36].map(from => total(months.subarray(from, from + 12)))
  }
  return { simulated: years(simulated), expected: years(expected), flows: expected }
}

describe('the recurrence of a channel with rounds', () => {
  it.each([
    ['few places', 'quota: { year: 60 }\nrounds: [3, 9]'],
    ['places by area', 'quota: { areas: { east: 40, west: 20 } }\nrounds: [6]'],
    ['places that go on', 'quota: { year: 100 }\nunfilled: always'],
    [
      'rounds by date',
      'select: pool\nrounds: [{ on: 2015-06-01, places: 30 }, { on: 2016-06-01, places: 200 }]',
    ],
  ])('%s: brings in each year what the simulation does, where the places bind', (_, admit) => {
    const { simulated, expected } = both(admit)
    expected.forEach((cases, year) => expect(cases).toBeCloseTo(simulated[year], 6))
    expect(total(simulated)).toBeGreaterThan(0)
  })

  it.each([
    ['places for all', 'quota: { year: 5000 }\nrounds: [3, 9]'],
    ['no quota', 'rounds: [6]'],
    ['a lottery', 'select: lottery\nquota: { year: 250 }\nrounds: [12]'],
  ])('%s: within 10 % of the simulation in each year that brings 50 or more', (_, admit) => {
    const { simulated, expected } = both(admit)
    expected.forEach((cases, year) => {
      if (simulated[year] >= 50)
        expect(Math.abs(cases / simulated[year] - 1), `${cases} for ${simulated[year]}`).toBeLessThan(0.1)
    })
  })

  // A round that cannot bind admits the whole line, so its size shows who still stood there.
  const [small, large] = ['{ on: 2016-12-01, places: 100 }', '{ on: 2017-02-01, places: 5000 }']
  it.each([
    ['who applied since the last round', `rounds: [${small}, ${large}]\nwaits: false`, [50, 250]],
    ['whose application still stands', `rounds: [${large}]\nvalid_months: 6`, [250, 700]],
  ])('admits %s: within 7 % of the simulation', (_, admit, [least, most]) => {
    const { simulated, expected } = both(`select: pool\n${admit}`)
    expect(simulated[2]).toBeGreaterThan(least)
    expect(simulated[2]).toBeLessThan(most)
    expect(Math.abs(expected[2] / simulated[2] - 1), `${expected[2]} for ${simulated[2]}`).toBeLessThan(0.07)
  })

  it('admits all who are still in the city: within 4 % of six simulations where one in four leaves in a year', () => {
    const years = (exits: number) => {
      const sums = [0, 0]
      for (let seed = 0; seed < 6; seed++) {
        const { simulated, expected } = both(`select: pool\nrounds: [${large}]`, {
          seed: `${seed}`,
          values: quiet({ 'mig.exit.later': exits }),
        })
        sums[0] += expected[2]
        sums[1] += simulated[2]
      }
      return sums
    }
    const [expected, simulated] = years(0.25)
    expect(Math.abs(expected / simulated - 1), `${expected} for ${simulated}`).toBeLessThan(0.04)
    // The signal: so many more stand there if nobody leaves.
    expect(years(0)[1] / simulated).toBeGreaterThan(1.3)
  })

  it('holds rounds in their months alone, and never more than their places', () => {
    const { flows } = both('quota: { year: 60 }\nrounds: [3, 9]')
    const months = monthly(flows, flows.cases)
    for (let m = 0; m < monthsOf(horizon); m++)
      expect(months[m]).toBeLessThanOrEqual([2, 8].includes(m % 12) ? 60 : 0)
  })
})

describe('what the recurrence tells of a round', () => {
  it.each([
    ['of the whole', 'quota: { year: 60 }\nrounds: [3, 9]'],
    ['of areas', 'quota: { areas: { east: 40, west: 20 } }\nrounds: [6]'],
    ['by date', 'select: pool\nrounds: [{ on: 2015-06-01, places: 30 }, { on: 2016-06-01, places: 200 }]'],
  ])('has the rounds of the simulation with their places, admitted where they bind (%s)', (_, admit) => {
    const law = channel(admit)
    const { rounds: made } = live({ population, horizon, law, rates, values }).flows
    const { rounds } = foresee({ population, horizon, law, rates, values, samples })
    expect(rounds.map(({ month, places }) => [month, ...places])).toEqual(
      made.map(({ month, places }) => [month, ...places]),
    )
    rounds.forEach((round, i) => {
      expect(round.admitted[0]).toBeCloseTo(made[i].admitted[0], 6)
      expect(round.waiting[0]).toBeCloseTo(round.inLine[0] - round.admitted[0], 6)
      expect(round.lowestScore.every(Number.isNaN)).toBe(true)
    })
  })

  it('counts in the next round those whose application expired: within 15 % of the simulation', () => {
    const law = channel('select: pool\nrounds: [{ on: 2017-02-01, places: 10 }]\nvalid_months: 6')
    const [made] = live({ population, horizon, law, rates, values }).flows.rounds
    const [round] = foresee({ population, horizon, law, rates, values, samples }).rounds
    expect(made.expired[0]).toBeGreaterThan(500)
    expect(Math.abs(round.expired[0] / made.expired[0] - 1)).toBeLessThan(0.15)
    expect(round.expired[0]).toBeCloseTo(round.expired[1] + round.expired[2], 6)
  })

  it('does not begin a right anew when the rules change again that granted it', () => {
    const later = 'when: { 2016-01-01: age > 118, 2016-06-01: age > 119 }'
    const granting = laws(
      'after',
      { nobody: later },
      horizon,
      undefined,
      'legacy: { ranked: { clause: c, months: 12, who: applied } }',
    )
    const setting = {
      population,
      horizon,
      law: channel('quota: { year: 12 }'),
      then: [[monthOf(2016, 1), granting]] as [number, typeof granting][],
      rates,
      values,
    }
    const months = (flows: { rounds: { month: number }[] }) => flows.rounds.map(({ month }) => month)
    // Monthly rounds of 2015 under the rules, of 2016 by right.
    const expected = Array.from({ length: 24 }, (_, m) => m)
    expect(months(live(setting).flows)).toEqual(expected)
    expect(months(foresee({ ...setting, samples }))).toEqual(expected)
  })
})

describe('those admitted of a line in expectation', () => {
  const cases = fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 1, maxLength: 4 })
  const places = fc.option(fc.integer({ min: 0, max: 120 }), { nil: undefined })

  it('are never more than the line, its areas’ places or the places of the whole', () => {
    fc.assert(
      fc.property(
        cases,
        places,
        fc.array(places, { minLength: 4, maxLength: 4 }),
        fc.boolean(),
        (inLine, whole, areas, spill) => {
          const quota = [whole, ...areas.slice(0, inLine.length)]
          const admitted = admittedOf([total(inLine), ...inLine], quota, spill)
          expect(admitted[0]).toBeCloseTo(total(admitted.subarray(1)), 9)
          expect(admitted[0]).toBeLessThanOrEqual((whole ?? Infinity) + 1e-9)
          const given = total(quota.slice(1).map((each, a) => Math.min(inLine[a], each ?? Infinity)))
          const room = total(quota.slice(1).map((each, a) => each ?? inLine[a]))
          inLine.forEach((count, a) => {
            expect(admitted[a + 1]).toBeLessThanOrEqual(count + 1e-9)
            if (!spill) expect(admitted[a + 1]).toBeLessThanOrEqual((quota[a + 1] ?? Infinity) + 1e-9)
          })
          const filled = spill ? Math.min(total(inLine), Math.max(given, room)) : given
          expect(admitted[0]).toBeCloseTo(Math.min(whole ?? Infinity, filled), 6)
        },
      ),
    )
  })

  it('by hand: areas of 2 and 2, lines of 3 and 1, with and without spilling', () => {
    expect([...admittedOf([4, 3, 1], [undefined, 2, 2], false)]).toEqual([3, 2, 1])
    expect([...admittedOf([4, 3, 1], [undefined, 2, 2], true)]).toEqual([4, 3, 1])
    expect([...admittedOf([4, 3, 1], [2, undefined, undefined], false)]).toEqual([2, 1.5, 0.5])
  })
})
