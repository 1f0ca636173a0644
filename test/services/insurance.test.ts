import { describe, expect, it } from 'vitest'
import { carry, grown, newMembers, reserveMonths, scheduled } from '../../src/services/insurance/fund.js'
import { insurance } from '../../src/services/insurance/insurance.js'
import controls from './controls.json' with { type: 'json' }
import { cell, context, fold, HORIZON, noFlows, values } from './place.js'

const MONTHS = HORIZON.to - HORIZON.from + 1
const run = (flows: ReturnType<typeof noFlows>, changes: Record<string, number> = {}) =>
  fold(insurance, flows, context(changes))[0]

/** `persons` register in the first area in the horizon's first month. */
function register(
  presence: number,
  persons: { employee?: number; other?: number; minors?: number },
  month = 0,
) {
  const flows = noFlows()
  const cell = month * 2 * 3 + presence
  flows.adults[cell * 2] = persons.employee ?? 0
  flows.adults[cell * 2 + 1] = persons.other ?? 0
  flows.minors[cell] = persons.minors ?? 0
  return flows
}

describe('medical insurance', () => {
  it.each(controls.medical)('$newMembers new members cost $subsidyYuan yuan of subsidy a year', control => {
    const { registrants, employee, residentLocal, home, none, convertHome, convertNone, subsidy } =
      control.inputs
    // The control tells where members come from; as take-up of those outside the employee scheme:
    const outside = 1 - employee
    const takeup = {
      'med.takeup.permit': residentLocal / outside,
      'med.takeup.hukou': (residentLocal + home * convertHome + none * convertNone) / outside,
    }
    const flows = register(0, {
      employee: registrants * employee,
      other: 400,
      minors: registrants * outside - 400,
    })
    const fund = run(flows, { ...takeup, 'med.resSubsidy.2017': subsidy })
    expect(cell(fund, ['2017', 'resident'], 'new_members_from_registration')).toBeCloseTo(
      control.newMembers,
      9,
    )
    expect(cell(fund, ['2017', 'resident'], 'added_subsidy_wan')).toBeCloseTo(control.subsidyYuan / 10000, 9)
    expect(cell(fund, ['2017', 'resident'], 'registered_gross')).toBeCloseTo(registrants * outside, 9)
    // Registration changes nothing in the employee scheme.
    for (const year of ['2015', '2016', '2017', '2018']) {
      expect(cell(fund, [year, 'employee'], 'new_members_from_registration')).toBe(0)
      expect(cell(fund, [year, 'employee'], 'members')).toBe(registrants * employee)
    }
  })

  it.each(controls.balance)('a balance of $previous goes on to $balance', row => {
    const balance = carry(row.previous, row.i, row.revenue, row.expenditure)
    expect(balance).toBeCloseTo(row.balance, 9)
    expect(reserveMonths(balance, row.expenditure)).toBeCloseTo(row.reserveMonths, 9)
  })

  it('balance = previous × (1 + interest) + revenue − expenditure, year by year', () => {
    const flows = register(0, { employee: 300, other: 500, minors: 200 })
    flows.presentAdults.fill(1000)
    for (const opening of [undefined, 5000]) {
      const stock: Record<string, number> =
        opening === undefined ? {} : { 'stock.fund.resident': opening, 'stock.fund.employee': opening }
      const fund = run(flows, stock)
      for (const scheme of ['resident', 'employee']) {
        let previous = opening ?? 0
        for (const year of ['2015', '2016', '2017', '2018']) {
          const of = (measure: string) => cell(fund, [year, scheme], measure)
          const revenue = of('revenue_personal_wan') + of('revenue_subsidy_wan')
          const balance = previous * 1.02 + revenue - of('expenditure_wan')
          expect(of('balance_wan')).toBeCloseTo(balance, 9)
          if (opening === undefined) expect(of('reserve_months')).toBeNaN()
          else expect(of('reserve_months')).toBeCloseTo((balance * 12) / of('expenditure_wan'), 9)
          previous = balance
        }
      }
    }
  })

  it('movers are members from the month in which they are here, paper registrants at a rate of their own', () => {
    const movers = run(register(1, { other: 100 }), { 'presence.lagMedian': 5 })
    // Here from June: seven of twelve months.
    expect(cell(movers, ['2015', 'resident'], 'added_subsidy_wan')).toBeCloseTo(
      (85 * 390 * 7) / 12 / 10000,
      9,
    )
    expect(cell(movers, ['2015', 'resident'], 'new_members_from_registration')).toBeCloseTo(85, 9)
    const paper = run(register(2, { other: 60, minors: 40 }))
    expect(cell(paper, ['2015', 'resident'], 'new_members_from_registration')).toBeCloseTo(30, 9)
    expect(newMembers(10, 20, 30, { permit: 0.1, hukou: 0.6, paper: 0.5 })).toBeCloseTo(5 + 12 + 15, 9)
  })

  it('migrants who do not register are members at the permit holders’ rate; the planner’s own members are added', () => {
    const flows = noFlows()
    for (let month = 0; month < MONTHS; month++) {
      flows.presentAdults[month * 4] = 200
      flows.presentAdults[month * 4 + 1] = 600
      flows.presentMinors[month * 2] = 400
    }
    const fund = run(flows)
    const of = (measure: string) => cell(fund, ['2017', 'resident'], measure)
    expect(of('members')).toBeCloseTo(150, 9)
    expect(of('revenue_personal_wan')).toBeCloseTo((150 * 180) / 10000, 9)
    expect(of('revenue_subsidy_wan')).toBeCloseTo((150 * 450) / 10000, 9)
    expect(of('local_subsidy_wan')).toBeCloseTo((150 * 225) / 10000, 9)
    // 90 adults at .75 and 60 minors at .5 of 700 yuan in 2018.
    expect(cell(fund, ['2018', 'resident'], 'expenditure_wan')).toBeCloseTo((97.5 * 700) / 10000, 9)
    expect(of('expenditure_wan')).toBeCloseTo((97.5 * 700) / 1.08 / 10000, 9)
    // 200 workers at 8 % of 3,485 yuan a month.
    expect(cell(fund, ['2017', 'employee'], 'revenue_personal_wan')).toBeCloseTo(
      (200 * 3485 * 12 * 0.08) / 10000,
      9,
    )
    const more = run(flows, { 'stock.members.resident': 1000 })
    expect(cell(more, ['2017', 'resident'], 'members')).toBeCloseTo(1150, 9)
    expect(cell(more, ['2018', 'resident'], 'expenditure_wan')).toBeCloseTo((1097.5 * 700) / 10000, 9)
  })

  it('amounts outside the known years go on by their step', () => {
    const of = (year: number) => scheduled(values(), 'med.resSubsidy', year)
    expect([2014, 2015, 2016, 2017, 2018, 2019, 2020].map(of)).toEqual([360, 390, 420, 450, 490, 520, 550])
    expect(scheduled(values(), 'med.resPersonal', 1990)).toBe(0)
    expect(grown(700, 0.08, 2018, 2020)).toBeCloseTo(700 * 1.08 * 1.08, 9)
    expect(() => scheduled(values(), 'med.nothing', 2017)).toThrow('med.nothing')
  })
})
