import { describe, expect, it } from 'vitest'
import { monthOf, NEVER, yearOf, type Horizon } from '../../src/evidence/month.js'
import { PLACE } from '../../src/population/population.js'
import { STATUS } from '../../src/simulation/world.js'
import { flatRates, laws, live, NO_CHANNEL, quiet, rowWith, total, town, type Household } from './town.js'

const horizon: Horizon = { from: monthOf(2015, 1), to: monthOf(2017, 12) }
const DEGREES = ['senior_secondary', 'junior_college', 'bachelor', 'master']
/** Forty households with 50, 60, 80 or 90 points each in two areas. */
const list = Array.from({ length: 160 }, (_, h): Household => ({
  education: DEGREES[h % 4],
  area: h < 120 ? 0 : 1,
}))
const population = town(list)
const pointsOf = (h: number) => [50, 60, 80, 90][h % 4]

const points = (admit: string) =>
  [
    'score:',
    '  education:',
    '    clause: c',
    '    by: education',
    '    points: { senior_secondary: 50, junior_college: 60, bachelor: 80, master: 90 }',
    'admit:',
    '  at_least: 60',
    ...admit.split('\n').map(line => `  ${line}`),
  ].join('\n')
/** Everybody who may applies in the first month. */
const eager = flatRates(horizon, { base: [0, 0, 0], ready: 1, lambda: 50 })
const hold = (admit: string, more: Partial<Parameters<typeof live>[0]> = {}) =>
  live({ population, horizon, law: laws('law', { ranked: points(admit) }, horizon), rates: eager, ...more })

const registered = (world: { registeredIn: Int16Array }) =>
  Array.from(world.registeredIn, (month, h) => ({ h, month })).filter(({ month }) => month !== NEVER)

describe('points rounds', () => {
  it('admit in each year no more than the quota, and all of it while there are applicants', () => {
    const { world } = hold('quota: { year: 50 }\nrounds: [3, 9]')
    for (const [year, admitted] of [
      [2015, 50],
      [2016, 50],
      [2017, 20],
    ])
      // 120 have enough points.
      expect(registered(world).filter(({ month }) => yearOf(month) === year).length).toBe(admitted)
  })

  it('are held in their months alone, in equal shares of the year', () => {
    const { world } = hold('quota: { year: 50 }\nrounds: [3, 9]')
    const counts = new Map<number, number>()
    for (const { month } of registered(world)) counts.set(month, (counts.get(month) ?? 0) + 1)
    expect([...counts].sort((a, b) => a[0] - b[0])).toEqual([
      [monthOf(2015, 3), 25],
      [monthOf(2015, 9), 25],
      [monthOf(2016, 3), 25],
      [monthOf(2016, 9), 25],
      [monthOf(2017, 3), 20],
    ])
  })

  it('admit by rank: nobody with fewer points before one with more who waited', () => {
    const { world } = hold('quota: { year: 50 }\nrounds: [3, 9]')
    const admitted = registered(world)
    expect(admitted.every(({ h }) => pointsOf(h) >= 60)).toBe(true)
    for (const a of admitted)
      for (const b of admitted)
        if (pointsOf(a.h) > pointsOf(b.h)) expect(a.month).toBeLessThanOrEqual(b.month)
    // 40 have 90 points: 25 in the first round, the other 15 are first in the second.
    const best = admitted.filter(({ h }) => pointsOf(h) === 90).map(({ month }) => month)
    expect(best.filter(month => month === monthOf(2015, 3)).length).toBe(25)
    expect(best.filter(month => month === monthOf(2015, 9)).length).toBe(15)
  })

  it('keep the quota of each area', () => {
    const { world } = hold('quota: { areas: { west: 4 } }\nrounds: [6]')
    for (const year of [2015, 2016, 2017]) {
      const inWest = registered(world).filter(({ h, month }) => h >= 120 && yearOf(month) === year)
      expect(inWest.length).toBe(4)
    }
    // The east has no quota: its 90 with enough points are through in the first round.
    expect(registered(world).filter(({ h, month }) => h < 120 && month === monthOf(2015, 6)).length).toBe(90)
  })

  it('let those wait on who are not admitted, as migrants who live here', () => {
    const { world, flows } = hold('quota: { year: 10 }\nrounds: [12]')
    const waiting = world.status.filter(status => status === STATUS.waiting).length
    expect(registered(world).length).toBe(30)
    expect(waiting).toBe(90)
    // 160 single persons less those registered, of both areas.
    expect(flows.present[flows.present.length - 2] + flows.present[flows.present.length - 1]).toBe(130)
  })

  it('release all who wait where points are abolished: they register another way', () => {
    const law = laws('law', { ranked: points('quota: { year: 10 }\nrounds: [12]') }, horizon)
    const free = laws('free', { rent: 'when: has_permit' }, horizon)
    const { world } = live({
      population,
      horizon,
      law,
      then: [[monthOf(2016, 6), free]],
      rates: eager,
      row: rowWith({ awareInit: 1 }),
    })
    expect(registered(world).filter(({ month }) => month < monthOf(2016, 6)).length).toBe(10)
    expect(registered(world).filter(({ month }) => month === monthOf(2016, 6)).length).toBe(150)
    const none = live({
      population,
      horizon,
      law,
      then: [[monthOf(2016, 6), laws('none', NO_CHANNEL, horizon)]],
      rates: eager,
    })
    expect(none.world.status.includes(STATUS.waiting)).toBe(false)
  })

  it('let applicants from elsewhere wait elsewhere', () => {
    const abroad = town(list.map(household => ({ ...household, place: PLACE.elsewhere })))
    const { world, flows } = hold('quota: { year: 10 }\nrounds: [12]', {
      population: abroad,
      then: [[monthOf(2017, 1), laws('none', NO_CHANNEL, horizon)]],
    })
    expect(registered(world).length).toBe(20)
    expect(world.status.includes(STATUS.here)).toBe(false)
    expect(flows.present.every(persons => persons === 0)).toBe(true)
  })

  it('do not keep anybody from leaving the city', () => {
    const yearly = 0.1
    const many = town(Array.from({ length: 4000 }, (): Household => ({ education: 'bachelor' })))
    const { world, flows } = hold('quota: { year: 0 }\nrounds: [12]', {
      population: many,
      values: quiet({ 'mig.exit.later': yearly }),
    })
    const left = world.status.filter(status => status === STATUS.gone).length
    const gone = 1 - (1 - yearly) ** 3
    expect(Math.abs(left - 4000 * gone)).toBeLessThan(4 * Math.sqrt(4000 * gone * (1 - gone)))
    expect(total(flows.exits)).toBe(left)
    expect(world.status.filter(status => status === STATUS.waiting).length).toBe(4000 - left)
  })

  it('without a quota admit at once whoever has enough points', () => {
    const { world } = hold('ties: draw')
    expect(registered(world).length).toBe(120)
    expect(registered(world).every(({ month }) => month === horizon.from)).toBe(true)
  })
})
