import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  after,
  among,
  before,
  between,
  both,
  either,
  extreme,
  greatest,
  holds,
  isEmpty,
  least,
  negated,
  reckoned,
  single,
  without,
  type Values,
} from '../../src/policy/ranges.js'

const number = fc.oneof(fc.integer({ min: -6, max: 6 }), fc.double({ min: -3, max: 3, noNaN: true }))
/** A set with some of its members. */
const set: fc.Arbitrary<{ values: Values; members: number[] }> = fc.oneof(
  fc.array(number, { minLength: 1, maxLength: 4 }).map(members => ({ values: among(members), members })),
  fc.array(number, { minLength: 2, maxLength: 5 }).map(members => ({
    values: between(Math.min(...members), Math.max(...members)),
    members,
  })),
  fc.array(fc.integer({ min: -6, max: 6 }), { minLength: 2, maxLength: 5 }).map(members => ({
    values: between(Math.min(...members), Math.max(...members), true),
    members,
  })),
)
const pairs = (a: number[], b: number[]) => a.flatMap(x => b.map(y => [x, y] as const))

describe('sets of numbers', () => {
  it('the doubles next to one another', () => {
    expect([after(0), before(0)]).toEqual([Number.MIN_VALUE, -Number.MIN_VALUE])
    expect(after(1)).toBe(1 + Number.EPSILON)
    expect(before(2)).toBe(2 - Number.EPSILON)
    expect([after(Infinity), before(-Infinity)]).toEqual([Infinity, -Infinity])
    fc.assert(fc.property(number, value => before(value) < value && before(after(value)) === value))
  })
  it('whole numbers: 35 and 36 touch, 35.5 is not one', () => {
    const all = either(between(0, 35, true), between(36, 40, true))
    expect(all.spans).toEqual([[0, 40]])
    expect(holds(all, 35.5)).toBe(false)
    expect(holds(either(between(0, 35), between(36, 40)), 35.5)).toBe(false)
    expect(between(0.5, 2.5, true).spans).toEqual([[1, 2]])
  })
  it('without one value', () => {
    expect(without(between(0, 2, true), 1).spans).toEqual([
      [0, 0],
      [2, 2],
    ])
    expect(isEmpty(without(among([3]), 3))).toBe(true)
    expect(holds(without(between(0, 2), 1), 1)).toBe(false)
    expect(holds(without(between(0, 2), 1), after(1))).toBe(true)
  })
  it('what is divided by zero is not known', () => {
    expect(isEmpty(reckoned('/', among([1]), among([0])))).toBe(true)
    const quotient = reckoned('/', among([12]), between(0, 4, true))
    expect([least(quotient), greatest(quotient)]).toEqual([3, 12])
  })
  it('a remainder is smaller than what divides and what is divided, with the sign of the latter', () => {
    expect(reckoned('%', between(0, 100, true), among([12])).spans).toEqual([[0, 12]])
    expect(reckoned('%', between(-3, 5, true), among([12])).spans).toEqual([[-3, 5]])
  })
  it('numbers without a bound stay so, and times nothing they are nothing', () => {
    const any = between(-Infinity, Infinity)
    expect(reckoned('-', any, any).spans).toEqual([[-Infinity, Infinity]])
    expect(single(reckoned('*', any, among([0])))).toBe(0)
  })

  it('hold every member of what is made of them', () => {
    fc.assert(
      fc.property(set, set, (a, b) => {
        for (const x of a.members) {
          expect(holds(a.values, x)).toBe(true)
          expect(holds(negated(a.values), -x)).toBe(true)
        }
        for (const [x, y] of pairs(a.members, b.members)) {
          expect(holds(either(a.values, b.values), x)).toBe(true)
          expect(holds(both(a.values, b.values), x)).toBe(holds(b.values, x))
          expect(holds(without(a.values, y), x)).toBe(x !== y)
          expect(holds(extreme('min', [a.values, b.values]), Math.min(x, y))).toBe(true)
          expect(holds(extreme('max', [a.values, b.values]), Math.max(x, y))).toBe(true)
          expect(holds(reckoned('+', a.values, b.values), x + y)).toBe(true)
          expect(holds(reckoned('-', a.values, b.values), x - y)).toBe(true)
          expect(holds(reckoned('*', a.values, b.values), x * y)).toBe(true)
          if (y !== 0) {
            expect(holds(reckoned('/', a.values, b.values), x / y)).toBe(true)
            expect(holds(reckoned('%', a.values, b.values), x % y)).toBe(true)
          }
        }
      }),
      { numRuns: 500 },
    )
  })
})
