/** Random conditions, quantities and persons over a few facts with small ranges, so that much of it is dead. */
import fc from 'fast-check'
import type { FactRow, Policy } from '../../src/policy/policy.js'

/** Facts of a policy file, beside core ones. */
export const FACTS = `facts:
  years: { type: number, min: 0, max: 5, whole: true }
  months: { type: number, min: 0, max: 5, whole: true }
  rate: { type: number, min: -1, max: 2 }
  filed: { type: boolean }
  level: { type: ordered, values: [low, mid, high] }
  kind: { type: named, values: [a, b, c] }
  double: { type: number, is: years * 2 - months }
`

const comparison = fc.constantFrom('==', '!=', '<', '<=', '>', '>=')
const constant = fc.integer({ min: -2, max: 8 }).map(String)

const { condition, quantity } = fc.letrec<{ condition: string; quantity: string }>(tie => ({
  quantity: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('years', 'months', 'rate', 'double'),
    constant,
    fc
      .tuple(tie('quantity'), fc.constantFrom('+', '-', '*', '/', '%'), tie('quantity'))
      .map(([a, op, b]) => `(${a} ${op} ${b})`),
    fc
      .tuple(fc.constantFrom('min', 'max'), tie('quantity'), tie('quantity'))
      .map(([op, a, b]) => `${op}(${a}, ${b})`),
    fc
      .tuple(tie('condition'), tie('quantity'), tie('quantity'))
      .map(([test, a, b]) => `(${test} ? ${a} : ${b})`),
    tie('quantity').map(of => `-(${of})`),
  ),
  condition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc
      .tuple(fc.constantFrom('years', 'months', 'rate', 'double'), comparison, constant)
      .map(parts => parts.join(' ')),
    fc.constantFrom(
      'filed',
      'level >= "mid"',
      'level < "high"',
      'level != "low"',
      'kind == "a"',
      'kind in ["a", "b"]',
    ),
    fc
      .tuple(
        fc.constantFrom('years', 'months', 'rate'),
        fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 3 }),
      )
      .map(([of, values]) => `${of} in [${values.join(', ')}]`),
    fc.tuple(tie('quantity'), comparison, tie('quantity')).map(([a, op, b]) => `${a} ${op} ${b}`),
    fc
      .tuple(tie('condition'), fc.constantFrom('&&', '||'), tie('condition'))
      .map(([a, op, b]) => `(${a} ${op} ${b})`),
    tie('condition').map(of => `!(${of})`),
  ),
}))
export { condition, quantity }

/** Cells of a person; NaN unknown. `double` is computed by the law. */
export const person = (unknown: boolean): fc.Arbitrary<Record<string, number>> => {
  const cell = (known: fc.Arbitrary<number>) =>
    unknown ? fc.oneof({ weight: 4, arbitrary: known }, { weight: 1, arbitrary: fc.constant(NaN) }) : known
  return fc.record({
    years: cell(fc.integer({ min: 0, max: 5 })),
    months: cell(fc.integer({ min: 0, max: 5 })),
    rate: cell(fc.oneof(fc.integer({ min: -1, max: 2 }), fc.double({ min: -1, max: 2, noNaN: true }))),
    filed: cell(fc.integer({ min: 0, max: 1 })),
    level: cell(fc.integer({ min: 0, max: 2 })),
    kind: cell(fc.integer({ min: 0, max: 2 })),
  })
}

export function rowOfPerson({ facts }: Policy, cells: Record<string, number>): FactRow {
  const row = new Float64Array(facts.length)
  for (const [name, value] of Object.entries(cells)) row[facts.findIndex(fact => fact.name === name)] = value
  return row
}
