import { describe, expect, it } from 'vitest'
import { monthOf, NEVER, type Horizon } from '../../src/evidence/month.js'
import { PLACE } from '../../src/population/population.js'
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

  it('is foreseen by the recurrence, where spells begin and end: each half year within 10 % of 10 simulations', () => {
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
      then: [[monthOf(2015, 7), rule('months_insured >= 6 && months_resident >= 6')]] as [
        number,
        ReturnType<typeof rule>,
      ][],
      rates: nobody,
      values: quiet({ 'trans.insuredStart': 0.02, 'trans.insuredEnd': 0.02, 'mig.exit.later': 0.05 }),
    }
    const expected = foresee({ ...setting, samples: [0, 6, 12, 18, 24, 30, 36, 42, 47] })
    const made = new Float64Array(48)
    for (let seed = 0; seed < 10; seed++) {
      const { flows } = live({ ...setting, seed: `${seed}` })
      monthly(flows, flows.cases).forEach((count, m) => (made[m] += count / 10))
    }
    const foreseen = monthly(expected, expected.cases)
    expect(total(foreseen.subarray(0, 6))).toBe(0)
    for (let from = 6; from < 48; from += 6) {
      const [a, b] = [foreseen, made].map(array => total(array.subarray(from, from + 6)))
      expect(b).toBeGreaterThan(20)
      expect(Math.abs(a / b - 1), `${from}: ${a} for ${b}`).toBeLessThan(0.1)
    }
  })
})
