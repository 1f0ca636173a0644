import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LONGEST_WAIT } from '../../../src/policy/explain/course.js'
import { outlook, smallest, waitFor } from '../../../src/policy/explain/waiting.js'
import { AREAS } from '../shipped.js'
import { channelIds, COUNTER_POLICY, isOpen, later, NOW, persons, POLICIES } from './counter.js'

describe.each(POLICIES.map(policy => ({ id: policy.id, policy })))('waiting under $id', ({ policy }) => {
  it('names the first month that lets in, and the first after it that does not', () =>
    fc.assert(
      fc.property(persons(policy), person => {
        const view = outlook(policy, person, AREAS)
        for (const id of channelIds(policy)) {
          const { month, closes, assumes } = waitFor(id, view)
          const open = Array.from({ length: LONGEST_WAIT + 1 }, (_, months) =>
            isOpen(policy, id, NOW + months, person, later(policy, person.row, months)),
          )
          const first = open.indexOf(1)
          expect(month).toBe(first < 0 ? undefined : NOW + first)
          const end = open.findIndex((one, months) => months > first && one !== 1)
          expect(closes).toBe(first < 0 || end < 0 ? undefined : NOW + end)
          for (const slot of assumes)
            expect(
              isOpen(policy, id, NOW + first, person, later(policy, person.row, first, [slot])),
            ).not.toBe(1)
        }
      }),
      { numRuns: 25 },
    ))
})

describe('by hand', () => {
  const at = (cells: Record<string, number>, birth?: number) => {
    const { facts } = COUNTER_POLICY
    const row = new Float64Array(facts.length).fill(NaN)
    const given = new Set<number>()
    for (const [name, value] of Object.entries(cells)) {
      const slot = facts.findIndex(fact => fact.name === name)
      row[slot] = value
      given.add(slot)
    }
    return outlook(COUNTER_POLICY, { row, given, month: NOW, birth }, AREAS)
  }
  const formal = 0
  it('an amendment may come before the months do: 24 months until 2013, then 6', () =>
    // 10 months in 2011-03; 24 of them only in 2012-05, before the rule is loosened.
    expect(waitFor('rent', at({ tenure: 1, lease_filed: 1, months_resident: 10 })).month).toBe(NOW + 14))
  it('or after: with one month in 2011-03 there are 23 in 2013-01', () =>
    expect(waitFor('rent', at({ tenure: 1, lease_filed: 1, months_resident: 1 }))).toMatchObject({
      month: NOW + 22,
    }))
  it('a route that ends closes, one that begins opens', () => {
    expect(waitFor('ending', at({ months_resident: 12 }))).toMatchObject({ month: NOW, closes: NOW + 10 })
    expect(waitFor('later', at({ months_insured: 3 })).month).toBe(NOW + 15)
  })
  it('a birthday that is known counts', () => {
    const person = { work: formal, months_insured: 20, age: 17 }
    // Born 1993-09: 18 in 2011-09, and 36 in 2029-09.
    expect(waitFor('young', at(person, 1993 * 12 + 8))).toMatchObject({
      month: NOW + 6,
      closes: NOW + 6 + 18 * 12,
    })
    expect(waitFor('young', at(person)).month).toBe(NOW + 12)
  })
  it('who is not insured waits in vain, and hears what is lost meanwhile', () => {
    const wait = waitFor('young', at({ work: formal, months_insured: 0, age: 34 }))
    expect(wait.month).toBeUndefined()
    expect(wait.lost).toMatchObject({ condition: 'age <= 35', month: NOW + 24 })
  })
  it('months of insurance in all grow for the insured alone', () => {
    const cells = {
      pension_months: 30,
      medical_months: 0,
      savings: 6000,
      has_premises: 0,
      sentenced: 0,
      reeducation: 0,
    }
    expect(waitFor('saver', at({ ...cells, months_insured: 5 })).month).toBe(NOW + 6)
    expect(waitFor('saver', at({ ...cells, months_insured: 0 })).month).toBeUndefined()
  })
  it('on an unknown fact nothing is guessed', () => {
    const { facts } = COUNTER_POLICY
    const { month, unknown } = waitFor('rent', at({ tenure: 1, months_resident: 1 }))
    expect(month).toBeUndefined()
    expect(unknown.map(slot => facts[slot].name)).toEqual(['lease_filed'])
  })
})

it('the smallest part that passes, beyond twelve at least one that cannot be made smaller', () => {
  const items = Array.from({ length: 14 }, (_, index) => index)
  expect(smallest(items.slice(0, 9), part => part.reduce((a, b) => a + b, 0) >= 14)).toEqual([6, 8])
  expect(smallest(items, part => [3, 9].every(item => part.includes(item)))).toEqual([3, 9])
  expect(smallest(items, () => false)).toBeUndefined()
})
