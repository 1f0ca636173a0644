import { describe, expect, it } from 'vitest'
import { monthOf, NEVER, type Horizon } from '../../src/evidence/month.js'
import { ORIGIN, PLACE } from '../../src/population/population.js'
import { PRESENCE } from '../../src/simulation/flows.js'
import { STATUS } from '../../src/simulation/world.js'
import {
  flatRates,
  laws,
  live,
  LONG_AGO,
  monthly,
  NO_CHANNEL,
  quiet,
  rowWith,
  total,
  town,
  type Household,
} from './town.js'

const horizon: Horizon = { from: monthOf(2015, 1), to: monthOf(2017, 12) }
const reform = monthOf(2016, 1)
const months = 36

const family: Household['members'] = [
  ['spouse', 29],
  ['child', 8],
  ['parent', 58],
  ['other', 20],
]
const list: Household[] = Array.from({ length: 6000 }, (_, h) => ({
  area: h % 2,
  origin: h % 3 === 0 ? ORIGIN.otherProvince : ORIGIN.province,
  place: [PLACE.here, PLACE.here, PLACE.arrival, PLACE.elsewhere][h % 4],
  month: h % 4 < 2 ? LONG_AGO : h % 4 === 2 ? horizon.from + (h % months) : NEVER,
  kin: h % 5 === 0 ? 'spouse' : 'none',
  tenure: h % 7 === 0 ? 'own' : 'rent',
  permitSince: h % 4 === 3 ? NEVER : LONG_AGO,
  members: h % 6 === 0 ? family : undefined,
}))
const population = town(list)
const exits = {
  'mig.exit.year1': 0.2,
  'mig.exit.year3': 0.14,
  'mig.exit.year5': 0.09,
  'mig.exit.later': 0.05,
}
const before = laws(
  'before',
  { kin: 'when: kin_here == "spouse"\nbrings: spouse_and_minors', purchase: 'when: tenure == "own"' },
  horizon,
)
const after = laws(
  'after',
  {
    kin: 'when: kin_here == "spouse"\nbrings: co_resident_kin',
    rent: 'when: tenure == "rent" && has_permit\nbrings: co_resident_kin',
    purchase: 'when: tenure == "own"',
  },
  horizon,
)
const setting = {
  population,
  horizon,
  law: before,
  then: [[reform, after]] as [number, typeof after][],
  values: quiet({ ...exits, 'mig.eta': 0.2, 'trans.purchase': 0.01 }),
  rates: flatRates(horizon, { base: [0.005, 0.005, 0], steady: 0.02, ready: 0.4, lambda: 0.1 }),
  row: rowWith({ awareInit: 0.2, awareP: 0.05, awareQ: 0.3 }),
  openness: [0, 0.5],
}

describe('the ledger', () => {
  const { flows, world } = live(setting)
  const { channels, areas } = flows

  it('conserves persons: those present are those before, and arrivals, less exits and registrations from here', () => {
    const fromHere = (m: number, a: number) => {
      const cell = (m * areas + a) * 3 + PRESENCE.alreadyHere
      return flows.minors[cell] + flows.adults[cell * 2] + flows.adults[cell * 2 + 1]
    }
    for (let a = 0; a < areas; a++) {
      const here = list.filter(({ place, area }) => place === PLACE.here && area === a)
      let present = total(here.map(({ members }) => 1 + (members?.length ?? 0)))
      for (let m = 0; m < months; m++) {
        const at = m * areas + a
        present += flows.arrivals[at] - flows.exits[at] - fromHere(m, a)
        expect(flows.present[at], `month ${m}, area ${a}`).toBe(present)
      }
      expect(present).toBeGreaterThan(0)
    }
    for (const array of [flows.arrivals, flows.exits, flows.persons])
      expect(total(array)).toBeGreaterThan(100)
  })

  it('stops where a household is lost on the way', () => {
    expect(() =>
      live({
        ...setting,
        observe(m, run) {
          if (m === 4) run.world.status[run.world.status.indexOf(STATUS.here)] = STATUS.gone
        },
      }),
    ).toThrow(/conservation broken in 2015-06, area \d/)
  })

  it('stops where a person registers twice or is forgotten', () => {
    expect(() =>
      live({
        ...setting,
        observe(m, run) {
          const h = run.world.status.findIndex(
            (status, row) =>
              status === STATUS.registered &&
              list[row].place !== PLACE.elsewhere &&
              list[row].members !== undefined,
          )
          const first = run.world.population.households.first[h]
          if (m === 30) run.world.registered[first] = 0
        },
      }),
    ).toThrow(/conservation broken in 2017-08/)
  })

  it('has each registration in one channel, once, and of nobody who was not here or elsewhere to apply', () => {
    const byChannel = new Float64Array(channels.length)
    flows.cases.forEach((n, i) => (byChannel[Math.floor(i / 4) % channels.length] += n))
    for (const [c, id] of channels.entries()) {
      const households = world.channel.filter(
        (channel, h) => channel === c && world.registeredIn[h] !== NEVER,
      )
      expect(households.length, id).toBe(byChannel[c])
      if (id !== 'ordinary') expect(byChannel[c], id).toBeGreaterThan(0)
    }
    for (let h = 0; h < world.applicants; h++) {
      expect(world.status[h] === STATUS.registered).toBe(world.registeredIn[h] !== NEVER)
      expect(world.channel[h] === 255).toBe(world.registeredIn[h] === NEVER)
      if (world.registeredIn[h] === NEVER) continue
      expect(world.registeredIn[h]).toBeGreaterThanOrEqual(horizon.from)
      if (list[h].place !== PLACE.elsewhere)
        expect(world.registeredIn[h]).toBeGreaterThanOrEqual(world.arrived[h])
    }
    expect(total(flows.persons)).toBe(total(world.registered))
  })

  it('writes the same persons by presence, by age and by channel', () => {
    expect(total(flows.presence)).toBe(total(flows.persons))
    expect(total(flows.adults) + total(flows.minors)).toBe(total(flows.persons))
    expect(total(flows.households)).toBe(total(flows.cases))
    expect(total(flows.onlyNew)).toBeLessThan(total(flows.persons))
  })

  it('takes along only whom the scope admits', () => {
    const { households, persons } = population
    let [admitted, others] = [0, 0]
    for (let h = 0; h < world.applicants; h++) {
      const members = world.registered.subarray(households.first[h] + 1, households.first[h + 1])
      if (world.registeredIn[h] === NEVER) expect(total(members)).toBe(0)
      else if (world.registeredIn[h] < reform || channels[world.channel[h]] === 'purchase') {
        // Before the reform kin bring spouse and minors alone; purchase brings nobody, unless kin is open as well.
        members.forEach((registered, i) => {
          if (persons.relation[households.first[h] + 1 + i] < 3) admitted += registered
          else if (list[h].kin === 'none' && list[h].tenure === 'own') expect(registered).toBe(0)
          else if (world.registeredIn[h] < reform) expect(registered).toBe(0)
        })
      } else others += total(members)
    }
    expect(admitted).toBeGreaterThan(0)
    expect(others).toBeGreaterThan(0)
  })

  it('counts as having no other way in who passed nothing before the reform', () => {
    let persons = 0
    for (let h = 0; h < world.applicants; h++) {
      if (world.registeredIn[h] < reform || world.registeredIn[h] === NEVER) continue
      const own = list[h].tenure === 'own' || world.boughtIn[h] <= world.registeredIn[h]
      if (!own && list[h].kin === 'none')
        persons += total(
          world.registered.subarray(population.households.first[h], population.households.first[h + 1]),
        )
    }
    expect(persons).toBeGreaterThan(0)
    expect(total(flows.onlyNew)).toBe(persons)
    expect(total(monthly(flows, flows.onlyNew).subarray(0, reform - horizon.from))).toBe(0)
  })

  it('leaves on paper the share that the channel’s parameters say', () => {
    const abroad = town(
      Array.from({ length: 8000 }, (): Household => ({
        place: PLACE.elsewhere,
        tenure: 'own',
        permitSince: NEVER,
      })),
    )
    const { flows: bought } = live({
      ...setting,
      population: abroad,
      then: [],
      values: quiet({ 'presence.purchase.alreadyHere': 0.5, 'presence.purchase.paperOnly': 0.2 }),
      rates: flatRates(horizon, { base: [0, 0.005, 0] }),
    })
    const paper = total(bought.presence.filter((_, i) => i % 3 === PRESENCE.paperOnly))
    const all = total(bought.presence)
    expect(all).toBeGreaterThan(500)
    // .2 of all, thus .4 of those from elsewhere.
    expect(Math.abs(paper - 0.4 * all)).toBeLessThan(4 * Math.sqrt(all * 0.24))
    expect(total(bought.presence.filter((_, i) => i % 3 === PRESENCE.alreadyHere))).toBe(0)
  })
})

describe('arrivals', () => {
  const pool = town(
    Array.from({ length: 72_000 }, (_, h): Household => ({
      place: PLACE.arrival,
      month: horizon.from + (h % months),
    })),
  )
  const arrive = (eta: number, openness: number) =>
    live({
      population: pool,
      horizon,
      law: laws('none', NO_CHANNEL, horizon),
      then: [[reform, after]],
      values: quiet({ 'mig.eta': eta, 'mig.tau': 18 }),
      rates: flatRates(horizon, { ready: 0.5, lambda: 0.1 }),
      openness: [0, openness],
    })

  it('are with η = 0 the same households, with or without a reform', () => {
    const reformed = arrive(0, 0.8)
    const unreformed = live({
      population: pool,
      horizon,
      law: laws('none', NO_CHANNEL, horizon),
      rates: flatRates(horizon, {}),
    })
    expect(total(reformed.flows.persons)).toBeGreaterThan(0)
    expect(total(unreformed.flows.arrivals)).toBeGreaterThan(0)
    expect(reformed.world.arrived).toEqual(unreformed.world.arrived)
  })

  it('follow 1 + η·O·(1 − e^(−τ/mig.tau)): half-years within 4 standard errors; nobody who came stays away', () => {
    const [base, more] = [arrive(0, 0.8), arrive(0.25, 0.8)]
    for (let h = 0; h < 72_000; h++)
      if (base.world.arrived[h] !== NEVER) expect(more.world.arrived[h]).toBe(base.world.arrived[h])
    const arrived = monthly(more.flows, more.flows.arrivals)
    // The pool is made for the greatest factor that the support of η allows: 1.4.
    for (let from = 0; from < months; from += 6) {
      let [expected, variance] = [0, 0]
      for (let m = from; m < from + 6; m++) {
        const tau = m - 12
        const share = (1 + (tau > 0 ? 0.25 * 0.8 * (1 - Math.exp(-tau / 18)) : 0)) / 1.4
        expected += 2000 * share
        variance += 2000 * share * (1 - share)
      }
      const made = total(arrived.subarray(from, from + 6))
      expect(Math.abs(made - expected) / Math.sqrt(variance), `from month ${from}`).toBeLessThan(4)
    }
  })
})
