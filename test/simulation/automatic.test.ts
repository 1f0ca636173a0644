import { describe, expect, it } from 'vitest'
import { monthOf, NEVER, type Horizon } from '../../src/evidence/month.js'
import { ORIGINS, PLACE } from '../../src/population/population.js'
import type { Flows } from '../../src/simulation/flows.js'
import { STATUS } from '../../src/simulation/world.js'
import {
  channelsOf,
  flatRates,
  foresee,
  laws,
  live,
  monthly,
  NO_CHANNEL,
  quiet,
  rowWith,
  total,
  town,
  type Household,
} from './town.js'

const horizon: Horizon = { from: monthOf(2015, 1), to: monthOf(2018, 12) }
const nobody = flatRates(horizon, {})
const samples = [0, 6, 12, 18, 24, 30, 36, 42, 47]
const rule = (when: string, brings = 'none') =>
  laws('eu', { residence: `when: ${when}\nadmit: { select: none }\nbrings: ${brings}` }, horizon)

describe('a channel that asks for no application', () => {
  it('registers whoever passes, in that month, willing or not', () => {
    const population = town([
      { month: horizon.from - 1 },
      { month: horizon.from - 3 },
      {},
      { month: horizon.from - 1, permitSince: NEVER },
      { place: PLACE.arrival, month: horizon.from + 7 },
      { place: PLACE.elsewhere },
    ])
    const { world } = live({
      population,
      horizon,
      law: rule('months_resident >= 3 && (has_permit || months_resident >= 12)'),
      rates: nobody,
      willing: 0,
    })
    expect(Array.from(world.registeredIn)).toEqual(
      // A pool arrives in full only where the law is open to the greatest: who never came never registers.
      [2, 0, 0, 11, world.status[4] === STATUS.notYet ? NEVER - horizon.from : 10, NEVER - horizon.from].map(
        m => horizon.from + m,
      ),
    )
  })

  it('is known to all from its first month on', () => {
    const population = town(Array.from({ length: 50 }, (): Household => ({})))
    const at = monthOf(2016, 5)
    const { world } = live({
      population,
      horizon,
      law: laws('closed', NO_CHANNEL, horizon),
      then: [[at, rule('has_permit')]],
      rates: nobody,
      row: rowWith({ awareInit: 0 }),
    })
    expect(world.registeredIn.every(month => month === at)).toBe(true)
  })

  it('takes people out of the line of another channel', () => {
    const law = laws(
      'both',
      {
        line: 'when: has_permit\nadmit: { quota: { year: 0 }, rank: [age desc] }',
        residence: 'when: months_resident >= 66\nadmit: { select: none }',
      },
      horizon,
    )
    const population = town(Array.from({ length: 50 }, (): Household => ({})))
    const { world, flows } = live({
      population,
      horizon,
      law,
      rates: flatRates(horizon, { ready: 1, lambda: 50 }),
    })
    expect(world.registeredIn.every(month => month === monthOf(2015, 7))).toBe(true)
    expect(total(flows.cases)).toBe(50)
  })

  it('brings the members that it says, beside an ordinary channel that goes on for others', () => {
    const population = town([
      {
        members: [
          ['spouse', 30],
          ['child', 5],
        ],
      },
      { permitSince: NEVER, education: 'bachelor' },
    ])
    const law = laws(
      'both',
      {
        residence: 'when: has_permit\nadmit: { select: none }\nbrings: spouse_and_minors',
        talent: 'when: education >= "bachelor"',
      },
      horizon,
    )
    const { flows, world } = live({
      population,
      horizon,
      law,
      values: quiet({ 'coreg.spouse': 1, 'coreg.child': 1 }),
      rates: flatRates(horizon, { ready: 1, lambda: 50 }),
    })
    expect(total(flows.persons)).toBe(4)
    const [residence, talent] = ['residence', 'talent'].map(id => channelsOf(law).indexOf(id))
    expect(Array.from(world.channel)).toEqual([residence, talent])
  })

  it.each([
    ['soon', monthOf(2015, 7)],
    ['after many have passed and lost it again', monthOf(2016, 7)],
  ])('is foreseen by the recurrence, where spells begin and end and the rules come %s', (_, start) => {
    const population = town(
      Array.from({ length: 3000 }, (_, h): Household => ({
        insuredSince: h % 3 === 0 ? horizon.from - (h % 20) : undefined,
        place: h % 5 === 0 ? PLACE.arrival : PLACE.here,
        month: h % 5 === 0 ? horizon.from + (h % 48) : undefined,
      })),
    )
    const setting = {
      population,
      horizon,
      law: laws('closed', NO_CHANNEL, horizon),
      then: [[start, rule('months_insured >= 6 && months_resident >= 6')]] as [
        number,
        ReturnType<typeof rule>,
      ][],
      rates: nobody,
      values: quiet({ 'trans.insuredStart': 0.02, 'trans.insuredEnd': 0.02, 'mig.exit.later': 0.05 }),
    }
    const [foreseen, made] = [new Float64Array(48), new Float64Array(48)]
    const seeds = 10
    for (let seed = 0; seed < seeds; seed++) {
      const { flows } = live({ ...setting, seed: `${seed}` })
      monthly(flows, flows.cases).forEach((count, m) => (made[m] += count / seeds))
      const expected = foresee({ ...setting, seed: `other ${seed}`, samples })
      monthly(expected, expected.cases).forEach((count, m) => (foreseen[m] += count / seeds))
    }
    const first = start - horizon.from
    expect(total(foreseen.subarray(0, first))).toBe(0)
    expect(Math.abs(foreseen[first] / made[first] - 1)).toBeLessThan(0.03)
    // Of 100 and more cases a half year on either side, the mean of ten: three standard deviations are 13 %.
    for (let from = first + 1; from + 6 <= 48; from += 6) {
      const [a, b] = [foreseen, made].map(array => total(array.subarray(from, from + 6)))
      expect(b).toBeGreaterThan(100)
      expect(Math.abs(a / b - 1), `${from}: ${a} for ${b}`).toBeLessThan(0.13)
    }
  })
})

describe('several channels that ask for no application, in expectation', () => {
  const couple: Household = { members: [['spouse', 30]] }
  /** [year][channel] of a flow array. */
  const byYear = ({ channels }: Flows, array: Float64Array) =>
    [0, 1, 2, 3].map(year => {
      const sums = Object.fromEntries(channels.map(id => [id, 0]))
      const width = array.length / 4
      array.subarray(year * width, (year + 1) * width).forEach((count, i) => {
        sums[channels[Math.floor(i / ORIGINS.length) % channels.length]] += count
      })
      return sums
    })

  it('take in later months those who come to pass, through the channel that is open to them then', () => {
    // 90 here for years, 48 who come one a month; two years of residence are open to nobody who has not registered after three months.
    const population = town([
      ...Array.from({ length: 90 }, (): Household => ({ ...couple, month: horizon.from - 40 })),
      ...Array.from({ length: 48 }, (_, m): Household => ({
        ...couple,
        place: PLACE.arrival,
        month: horizon.from + m,
      })),
    ])
    const eu = laws(
      'eu',
      {
        worker: 'when: months_resident >= 3\nadmit: { select: none }\nbrings: direct_kin',
        permanent: 'when: months_resident >= 24\nadmit: { select: none }\nbrings: none',
      },
      horizon,
    )
    const setting = {
      population,
      horizon,
      law: laws('closed', NO_CHANNEL, horizon),
      then: [[monthOf(2016, 1), eu]] as [number, typeof eu][],
      rates: nobody,
      values: quiet({ 'coreg.spouse': 1 }),
    }
    const expected = foresee({ ...setting, samples })
    const { flows: simulated } = live(setting)
    const [before, opening, ...later] = byYear(expected, expected.cases)
    expect(before).toMatchObject({ worker: 0, permanent: 0 })
    expect(opening.permanent).toBeCloseTo(45, 9)
    for (const year of later) expect(year.permanent).toBe(0)
    const all = (years: Record<string, number>[]) => years.map(({ worker, permanent }) => worker + permanent)
    expect(all(byYear(expected, expected.cases)).slice(1)).toEqual(
      all(byYear(simulated, simulated.cases))
        .slice(1)
        .map(count => expect.closeTo(count, 9) as number),
    )
    expect(later[0].worker).toBeGreaterThan(2)
    // Both open: who comes along is the wider of the two, whichever is taken.
    expect(byYear(expected, expected.persons)[1].permanent).toBeCloseTo(90, 9)
  })

  it('bring each whom it brings', () => {
    const population = town([
      ...Array.from({ length: 30 }, (): Household => ({ ...couple, permitSince: NEVER })),
      ...Array.from({ length: 20 }, (): Household => ({ ...couple, education: 'bachelor' })),
    ])
    const law = laws(
      'eu',
      {
        alone: 'when: has_permit == false\nadmit: { select: none }\nbrings: none',
        together: 'when: has_permit\nadmit: { select: none }\nbrings: direct_kin',
      },
      horizon,
    )
    const flows = foresee({
      population,
      horizon,
      law,
      rates: nobody,
      values: quiet({ 'coreg.spouse': 1 }),
      samples,
    })
    const [year] = byYear(flows, flows.persons)
    expect(year.alone).toBeCloseTo(30, 9)
    expect(year.together).toBeCloseTo(40, 9)
    expect(byYear(flows, flows.cases)[0].together).toBeCloseTo(20, 9)
  })
})
