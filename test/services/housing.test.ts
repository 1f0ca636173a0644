import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { entitled, mayClaim } from '../../src/services/entitled.js'
import { housing } from '../../src/services/housing/housing.js'
import { change, emptyQueue, leave, length, serve } from '../../src/services/housing/queue.js'
import { cell, context, ENTITLEMENTS, fold, HORIZON, noFlows } from './place.js'

const MONTHS = HORIZON.to - HORIZON.from + 1

/** Nobody leaves, nobody takes the subsidy, everybody tenant is eligible: what is left is worked by hand below. */
const PLAIN = {
  'prh.meansShare': 1,
  'prh.renege': 0,
  'prh.turnover': 0,
  'prh.subsidyShare': 0,
  'prh.apply.permit': 0.01,
  'prh.apply.hukou': 0.02,
  'stock.prh.duanzhou': 0,
  'stock.prh.huaiji': 0,
}

/** 1,000 insured tenants and 1,000 others in the first area throughout. */
function tenants() {
  const flows = noFlows()
  for (let month = 0; month < MONTHS; month++) flows.renters.fill(1000, month * 4, month * 4 + 2)
  return flows
}
const registerTenants = (
  flows: ReturnType<typeof noFlows>,
  month: number,
  presence: number,
  households: number,
) => {
  flows.households[(month * 2 * 3 + presence) * 2 + 1] += households
  return flows
}
const run = (flows: ReturnType<typeof noFlows>, changes = {}, law = ENTITLEMENTS) =>
  fold(housing, flows, context({ ...PLAIN, ...changes }, law))[0]

describe('public rental housing', () => {
  it('permit holders apply at their rate until all have', () => {
    const prh = run(tenants())
    // Of 1,000 eligible, 1 − .99¹² apply in the first year.
    expect(cell(prh, ['2015', 'duanzhou', 'permit'], 'eligible_hh')).toBe(1000)
    expect(cell(prh, ['2015', 'duanzhou', 'permit'], 'applied_hh')).toBeCloseTo(1000 * (1 - 0.99 ** 12), 8)
    expect(cell(prh, ['2018', 'duanzhou', 'permit'], 'waiting_hh')).toBeCloseTo(1000 * (1 - 0.99 ** 48), 8)
    expect(cell(prh, ['2018', 'duanzhou', 'permit'], 'units_needed')).toBeCloseTo(1000 * (1 - 0.99 ** 48), 8)
  })

  it('only those whom the law names, where it names them', () => {
    const flows = tenants()
    for (let month = 0; month < MONTHS; month++) flows.renters.fill(1000, month * 4 + 2, month * 4 + 4)
    const prh = run(flows)
    expect(cell(prh, ['2018', 'huaiji', 'permit'], 'eligible_hh')).toBe(0)
    expect(cell(prh, ['2018', 'huaiji', 'permit'], 'waiting_hh')).toBe(0)
    const closed = { ...ENTITLEMENTS, housing: { ...ENTITLEMENTS.housing, permit: { claim: false } } }
    expect(cell(run(flows, {}, closed), ['2018', 'duanzhou', 'permit'], 'eligible_hh')).toBe(0)
  })

  it('registered tenants need no insurance; the net leaves out what they would have applied for anyway', () => {
    const prh = run(registerTenants(tenants(), 0, 0, 100))
    expect(cell(prh, ['2015', 'duanzhou', 'hukou'], 'eligible_hh')).toBe(100)
    // Half of the tenants were insured: 50 would have been eligible as permit holders.
    const net = 100 * (1 - 0.98 ** 12) - 50 * (1 - 0.99 ** 12)
    expect(cell(prh, ['2015', 'duanzhou', 'hukou'], 'added_net_hh')).toBeCloseTo(net, 8)
  })

  it('those who move in are all new, and come after the lag; owners and paper registrants claim nothing', () => {
    const prh = run(registerTenants(tenants(), 0, 1, 100))
    expect(cell(prh, ['2015', 'duanzhou', 'hukou'], 'added_net_hh')).toBeCloseTo(100 * (1 - 0.98 ** 9), 8)
    const paper = run(registerTenants(tenants(), 0, 2, 100))
    expect(cell(paper, ['2018', 'duanzhou', 'hukou'], 'eligible_hh')).toBe(0)
    const owners = tenants()
    owners.households[0] = 100
    expect(cell(run(owners), ['2018', 'duanzhou', 'hukou'], 'eligible_hh')).toBe(0)
  })

  it('applications split into dwellings and the subsidy, which costs money', () => {
    const prh = run(tenants(), { 'prh.subsidyShare': 0.4, 'prh.subsidyPerMonth': 500 })
    const applied = (months: number) => 1000 * (1 - 0.99 ** months)
    expect(cell(prh, ['2015', 'duanzhou', 'permit'], 'subsidy_hh')).toBeCloseTo(0.4 * applied(12), 8)
    const householdMonths = Array.from({ length: 12 }, (_, m) => 0.4 * applied(m + 1)).reduce((a, b) => a + b)
    expect(cell(prh, ['2015', 'duanzhou', 'permit'], 'subsidy_wan')).toBeCloseTo(
      (householdMonths * 500) / 10000,
      8,
    )
    expect(cell(prh, ['2015', 'duanzhou', 'permit'], 'waiting_hh')).toBeCloseTo(0.6 * applied(12), 8)
  })

  it('a year’s round gives what fell vacant in the year, the longest waiting first', () => {
    const prh = run(tenants(), { 'stock.prh.duanzhou': 500, 'prh.turnover': 0.08 })
    expect(cell(prh, ['2015', 'duanzhou', 'permit'], 'allocated_hh')).toBeCloseTo(40, 8)
    // 10, 9.9, 9.801, 9.70299 applied in the first four months: 40 take all of these and .59601 of the fifth.
    const waits = (10 * 11 + 9.9 * 10 + 9.801 * 9 + 9.70299 * 8 + 0.59601 * 7) / 40
    expect(cell(prh, ['2015', 'duanzhou', 'permit'], 'mean_wait_months')).toBeCloseTo(waits, 8)
    expect(cell(prh, ['2015', 'city', 'permit'], 'mean_wait_months')).toBeCloseTo(waits, 8)
    // Of the 40 housed at the end of 2015, 8 % have left by the end of 2016.
    const of = (measure: string) => cell(prh, ['2016', 'duanzhou', 'permit'], measure)
    expect(of('units_needed') - of('waiting_hh')).toBeCloseTo(40 * 0.92 + of('allocated_hh'), 8)
  })

  it('without a stock dwellings are assumed as a share of those eligible at first, whoever registers', () => {
    const assumed = (flows: ReturnType<typeof noFlows>) => {
      const where = context({ ...PLAIN, 'prh.turnover': 0.08, 'prh.coverage': 0.3 })
      ;(where.values as Map<string, number>).delete('stock.prh.duanzhou')
      return fold(housing, flows, where)[0]
    }
    const allocated = (table: ReturnType<typeof run>) =>
      cell(table, ['2015', 'duanzhou', 'permit'], 'allocated_hh') +
      cell(table, ['2015', 'duanzhou', 'hukou'], 'allocated_hh')
    expect(allocated(assumed(tenants()))).toBeCloseTo(300 * 0.08, 8)
    expect(allocated(assumed(registerTenants(tenants(), 0, 0, 100)))).toBeCloseTo(300 * 0.08, 8)
  })

  it('who registers while waiting keeps the place, and nobody is counted twice', () => {
    const flows = tenants()
    const before = run(flows)
    const month = 24
    registerTenants(flows, month, 0, 200)
    for (let m = month; m < MONTHS; m++) flows.renters.fill(900, m * 4, m * 4 + 2)
    const after = run(flows, { 'prh.apply.hukou': 0.01 })
    const waiting = (table: ReturnType<typeof run>) =>
      cell(table, ['2017', 'duanzhou', 'permit'], 'waiting_hh')
    expect(waiting(after)).toBeLessThan(waiting(before))
    // 100 of the insured and 100 others registered: at the same rate as before only the latter's applications are new.
    const total = waiting(after) + cell(after, ['2017', 'duanzhou', 'hukou'], 'waiting_hh')
    expect(total - waiting(before)).toBeCloseTo(100 * (1 - 0.99 ** 12), 6)
    // A tenth of the 1,000 insured took their places with them; the rest of the 200 apply anew.
    const placed = 0.1 * 1000 * (1 - 0.99 ** 24)
    const hukou = placed + (200 - placed) * (1 - 0.99 ** 12)
    expect(cell(after, ['2017', 'duanzhou', 'hukou'], 'waiting_hh')).toBeCloseTo(hukou, 6)
  })
})

describe('the waiting list', () => {
  it('first come, first served; those of one month alike', () => {
    const queue = emptyQueue(2, 3)
    queue.waiting[0].set([4, 0, 5])
    queue.waiting[1].set([6, 10, 5])
    expect(serve(queue, 12, 2)).toEqual({ served: [4, 8], waited: [8, 6 * 2 + 2 * 1] })
    expect([length(queue, 0), length(queue, 1)]).toEqual([5, 13])
  })

  it('is conserved', () => {
    const household = fc.double({ min: 0, max: 1000, noNaN: true })
    fc.assert(
      fc.property(
        fc.array(fc.tuple(household, household), { minLength: 1, maxLength: 12 }),
        household,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (arrivals, places, share) => {
          const queue = emptyQueue(2, arrivals.length)
          arrivals.forEach(([a, b], month) => {
            queue.waiting[0][month] = a
            queue.waiting[1][month] = b
          })
          const all = () => length(queue, 0) + length(queue, 1)
          const first = all()
          change(queue, 0, 1, share)
          expect(all()).toBeCloseTo(first, 6)
          const { served } = serve(queue, places, arrivals.length - 1)
          expect(served[0] + served[1]).toBeCloseTo(Math.min(first, places), 6)
          expect(all() + served[0] + served[1]).toBeCloseTo(first, 6)
          leave(queue, 1)
          expect(all()).toBe(0)
        },
      ),
    )
  })
})

describe('entitlements', () => {
  const { values, law } = context()
  it('are numbers, flags or parameters, by stage where there is one', () => {
    expect(entitled(law(0), 'education', 'permit', values, 'use', 'primary')).toBe(0.8)
    expect(entitled(law(0), 'education', 'permit', values, 'use', 'junior')).toBe(0.83)
    expect(entitled(law(0), 'education', 'hukou', values, 'use', 'junior')).toBe(0.96)
    expect(entitled(law(0), 'education', 'permit', values, 'claim')).toBe(1)
    expect(entitled(law(0), 'education', 'none', values, 'use')).toBe(0)
    expect(entitled(law(0), 'no-such-service', 'hukou', values, 'use')).toBe(0)
  })
  it('name a parameter that exists', () => {
    const wrong = context(
      {},
      {
        ...ENTITLEMENTS,
        insurance: { ...ENTITLEMENTS.insurance, hukou: { claim: true, takeup: 'med.takeUp' } },
      },
    )
    expect(() => entitled(wrong.law(0), 'insurance', 'hukou', values, 'takeup')).toThrow('med.takeUp')
  })
  it('hold in the areas that they name', () => {
    expect(mayClaim(law(0), 'housing', 'permit', 'duanzhou')).toBe(true)
    expect(mayClaim(law(0), 'housing', 'permit', 'huaiji')).toBe(false)
    expect(mayClaim(law(0), 'housing', 'hukou', 'huaiji')).toBe(true)
  })
})
