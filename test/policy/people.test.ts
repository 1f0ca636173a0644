import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileLaw } from '../../src/policy/compile.js'
import { check, type Expression } from '../../src/policy/expression/check.js'
import { compile } from '../../src/policy/expression/compile.js'
import { parse } from '../../src/policy/expression/parse.js'
import { no, People, yes } from '../../src/policy/people.js'
import { greatest, holds, least } from '../../src/policy/ranges.js'
import { readPolicy } from '../../src/policy/read.js'
import { compute } from '../../src/policy/supply.js'
import { condition, FACTS, person, quantity, rowOfPerson } from './randomRules.js'

const policy = readPolicy(
  `policy: p\ntitle: { zh: 甲, en: A }\nsource: { document: d }\n${FACTS}channels:\n  a: { clause: c, when: filed, brings: none }\n`,
  'p.yaml',
)
const law = compileLaw(policy, 0)
const everybody = People.everybody(policy.facts, law.declared, 3)

function read(text: string, type: 'boolean' | 'number' = 'boolean'): Expression {
  const parsed = parse(text)
  if ('problem' in parsed) throw new Error(text)
  return check(parsed.syntax, type, { facts: policy.facts }, [], new Set())!
}

function rowOf(cells: Record<string, number>) {
  const row = rowOfPerson(policy, cells)
  compute(law.declared, row, new Set())
  return row
}

describe('proofs', () => {
  const impossible = [
    ['years > 5'],
    ['years >= 3 && years < 3'],
    ['years >= 6 || months < 0'],
    ['years / 2 >= 2', 'years < 4'],
    ['years + months > 10'],
    ['level >= "mid"', 'level == "low"'],
    ['kind != "a"', 'kind != "b"', 'kind != "c"'],
    ['filed || kind == "a"', '!filed', 'kind in ["b", "c"]'],
    ['years > months', 'months == 5'],
    ['(filed ? years : months) > 5'],
    ['min(years, 3) > 3'],
    ['years / 0 > 1'],
    ['rate > 2'],
    ['rate > 1', 'rate <= 1'],
    // years × 2 − months lies between −5 and 10.
    ['double > 10'],
  ]
  it.each(impossible)('%s: nobody', (...texts: string[]) => {
    expect(everybody.who(texts.map(text => yes(read(text))))).toBeUndefined()
  })
  const possible = [
    ['years >= 5'],
    ['years / 2 >= 2', 'years < 5'],
    ['level >= "mid"', 'level != "high"'],
    ['rate > 1', 'rate < 1.0000001'],
    ['double >= 10'],
  ]
  it.each(possible)('%s: somebody', (...texts: string[]) => {
    expect(everybody.who(texts.map(text => yes(read(text))))).toBeDefined()
  })
  it('a question that divides by 0 is answered where both answers agree', () => {
    expect(everybody.who([no(read('0 == (years / 0 == 1 ? months * 0 + 1 : 1)'))])).toBeDefined()
    expect(everybody.who([yes(read('years / 0 == 1 ? filed : filed'))])).toBeDefined()
    const row = rowOf({ years: 1, months: 0, rate: 0, filed: 1, level: 0, kind: 0 })
    expect(compile(read('years / 0 == 1 ? filed : filed'))(row)).toBe(1)
  })
  it('a quantity keeps to what the conditions leave', () => {
    const some = everybody.who([yes(read('years >= 2')), no(read('years > 4'))])!
    const values = some.values(read('years * 2 + 1', 'number'))
    expect([least(values), greatest(values)]).toEqual([5, 9])
  })
  it('a file may give a computed fact any value within its stated bounds, and no other without', () => {
    const stated = readPolicy(
      `policy: p\ntitle: { zh: 甲, en: A }\nsource: { document: d }\nfacts:\n  x: { type: number, min: 0, max: 9, is: age * 0 }\n  y: { type: number, is: age * 0 }\nchannels:\n  a: { clause: c, when: x > y, brings: none }\n`,
      'p.yaml',
    )
    const people = People.everybody(stated.facts, compileLaw(stated, 0).declared, 0)
    const values = (name: string) =>
      people.values({ op: 'fact', slot: stated.facts.findIndex(fact => fact.name === name) })
    expect(greatest(values('x'))).toBe(9)
    expect(greatest(values('y'))).toBe(0)
  })
  it('nested questions take no time', () => {
    const depth = 20
    const text = Array.from({ length: depth }).reduce<string>(
      inner => `(${inner} > 1 ? years : months)`,
      'years',
    )
    expect(greatest(everybody.values(read(text, 'number')))).toBe(5)
    const equal = Array.from({ length: depth }).reduce<string>(inner => `(${inner} == filed)`, 'filed')
    expect(everybody.none(read(equal))).toBe(false)
  })
})

describe('soundness', () => {
  it('whoever meets the claims is among those left, with every value', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(condition, fc.boolean()), { minLength: 1, maxLength: 3 }),
        quantity,
        fc.array(person(true), { minLength: 12, maxLength: 12 }),
        (claims, text, persons) => {
          const of = read(text, 'number')
          const asked = claims.map(([inner, holds]) => ({ expression: read(inner), holds }))
          const left = everybody.who(asked)
          for (const cells of persons) {
            const row = rowOf(cells)
            const meets = asked.every(claim => compile(claim.expression)(row) === Number(claim.holds))
            if (!meets) continue
            expect(left).toBeDefined()
            const value = compile(of)(row)
            if (!Number.isNaN(value)) expect(holds(left!.values(of), value)).toBe(true)
          }
        },
      ),
      { numRuns: 2000 },
    )
  })
  it('finds most of what is impossible among two simple conditions', () => {
    const texts = ['years', 'months'].flatMap(of =>
      ['>=', '<', '=='].flatMap(op => [0, 2, 5].map(n => `${of} ${op} ${n}`)),
    )
    for (const a of texts)
      for (const b of texts) {
        const [first, second] = [read(a), read(b)]
        const exists = [0, 1, 2, 3, 4, 5].some(years =>
          [0, 1, 2, 3, 4, 5].some(months => {
            const row = rowOf({ years, months, rate: 0, filed: 0, level: 0, kind: 0 })
            return compile(first)(row) === 1 && compile(second)(row) === 1
          }),
        )
        expect(everybody.who([yes(first), yes(second)]) !== undefined).toBe(exists)
      }
  })
})
