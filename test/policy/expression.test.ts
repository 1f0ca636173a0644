import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { check, type Expression } from '../../src/policy/expression/check.js'
import { compile } from '../../src/policy/expression/compile.js'
import { parse, type Problem } from '../../src/policy/expression/parse.js'
import { CORE_FACTS } from '../../src/policy/facts.js'
import { AREAS, rowOf } from './shipped.js'

const names = {
  facts: CORE_FACTS,
  area: (name: string) => {
    const index = AREAS.findIndex(({ id }) => id === name)
    return index < 0 ? undefined : index
  },
  areaNames: AREAS.map(({ id }) => id),
}

function read(text: string, expected: 'boolean' | 'number' = 'boolean') {
  const problems: Problem[] = []
  const parsed = parse(text)
  if ('problem' in parsed) return { problems: [parsed.problem], expression: undefined }
  return { problems, expression: check(parsed.syntax, expected, names, problems, new Set()) }
}

const value = (text: string, cells: Record<string, number | boolean | string>, expected?: 'number') => {
  const { expression, problems } = read(text, expected)
  if (!expression) throw new Error(problems.map(({ message }) => message.en).join('; '))
  return compile(expression)(rowOf(CORE_FACTS, cells))
}

describe('values', () => {
  it('ordered facts compare by order, not by the alphabet', () => {
    // By the alphabet "bachelor" < "junior_college".
    expect(value('education >= "junior_college"', { education: 'bachelor' })).toBe(1)
    expect(value('"junior_college" <= education', { education: 'bachelor' })).toBe(1)
    expect(value('education < "junior_college"', { education: 'bachelor' })).toBe(0)
  })
  it('all numbers are doubles: 7 / 2 is 3.5, also beside a fact', () => {
    expect(value('7 / 2', {}, 'number')).toBe(3.5)
    expect(value('months_insured / 12 * 1.5', { months_insured: 6 }, 'number')).toBe(0.75)
    expect(value('-age + 3 % 2', { age: 5 }, 'number')).toBe(-4)
  })
  it('division by zero is unknown', () => expect(value('age / (age - age)', { age: 1 }, 'number')).toBeNaN())
  it('named facts, lists, areas, choices', () => {
    expect(value('tenure in ["own", "kin_housing"]', { tenure: 'kin_housing' })).toBe(1)
    expect(value('tenure in ["own", "kin_housing"]', { tenure: 'rent' })).toBe(0)
    expect(value('area == "gaoyao"', { area: 1 })).toBe(1)
    expect(value('(sex == "female" ? age + 5 : age) >= 30', { sex: 'female', age: 25 })).toBe(1)
    expect(value('(sex == "female" ? age + 5 : age) >= 30', { sex: 'male', age: 25 })).toBe(0)
  })
})

describe('comparisons', () => {
  const truth = {
    '<': [1, 0, 0],
    '<=': [1, 1, 0],
    '==': [0, 1, 0],
    '!=': [1, 0, 1],
    '>=': [0, 1, 1],
    '>': [0, 0, 1],
  }
  it.each(Object.entries(truth))(
    '%s below, at and above, either way round, unknown if the fact is',
    (op, answers) => {
      for (const [i, age] of [5, 6, 7].entries()) {
        expect(value(`age ${op} 6`, { age })).toBe(answers[i])
        expect(value(`age ${op} household_size`, { age, household_size: 6 })).toBe(answers[i])
        expect(value(`6 ${op} age`, { age: 12 - age })).toBe(answers[i])
      }
      expect(value(`age ${op} 6`, { age: NaN })).toBeNaN()
      expect(value(`age ${op} household_size`, { age: 6, household_size: NaN })).toBeNaN()
    },
  )
})

describe('mistakes name their place', () => {
  const cases: [text: string, code: string, index: number, nearest?: string][] = [
    ['tenure == "rent" && lease_field', 'unknown-fact', 20, 'lease_filed'],
    ['tenure == "rnet"', 'unknown-value', 10, 'rent'],
    ['area == "duanzou"', 'unknown-area', 8, 'duanzhou'],
    ['has_permit && age', 'wrong-type', 14],
    ['age >= "6"', 'wrong-type', 0],
    ['tenure > "own"', 'wrong-type', 0],
    ['has_permit == 1', 'wrong-type', 0],
    ['skill == title', 'wrong-type', 0],
    ['"a" == "a"', 'wrong-type', 0],
    ['age in ["x"]', 'wrong-type', 8],
    ['age in 5', 'wrong-type', 7],
    ['age &&', 'broken-expression', 6],
    ['age = 5', 'broken-expression', 4],
    ['size("abc") > 1', 'unsupported-expression', 0],
    ['age.years > 1', 'unsupported-expression', 0],
  ]
  it.each(cases)('%s → %s at %d', (text, code, index, near) => {
    const { problems, expression } = read(text)
    expect(expression).toBeUndefined()
    expect(problems[0]).toMatchObject({ code, index })
    if (near) expect(problems[0].nearest).toBe(near)
  })
  it('tells all of them at once', () => {
    expect(read('lease_field && tenure == "rnet"').problems.map(({ code }) => code)).toEqual([
      'unknown-fact',
      'unknown-value',
    ])
  })
})

describe('three-valued logic (Kleene)', () => {
  // The truth tables as Kleene gives them, in the order F, U, T.
  const order = [0, NaN, 1]
  const AND = [
    [0, 0, 0],
    [0, NaN, NaN],
    [0, NaN, 1],
  ]
  const OR = [
    [0, NaN, 1],
    [NaN, NaN, 1],
    [1, 1, 1],
  ]
  it('follows the tables', () => {
    for (const [i, a] of order.entries())
      for (const [j, b] of order.entries()) {
        const cells = { vocational: a, lease_filed: b }
        expect(value('vocational && lease_filed', cells)).toBe(AND[i][j])
        expect(value('vocational || lease_filed', cells)).toBe(OR[i][j])
      }
    expect(order.map(a => value('!vocational', { vocational: a }))).toEqual([1, NaN, 0])
  })

  const flags = ['vocational', 'lease_filed', 'has_permit', 'has_premises', 'sentenced']
  const slots = flags.map(name => CORE_FACTS.findIndex(fact => fact.name === name))
  const { tree } = fc.letrec<{ tree: Expression }>(tie => ({
    tree: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom(...slots).map(slot => ({ op: 'fact' as const, slot })),
      tie('tree').map(of => ({ op: '!' as const, of })),
      fc
        .tuple(fc.constantFrom('&&' as const, '||' as const), tie('tree'), tie('tree'))
        .map(([op, left, right]) => ({ op, left, right })),
    ),
  }))
  const rows = fc.array(fc.constantFrom(0, 1, NaN), { minLength: 5, maxLength: 5 })
  const run = (expression: Expression, cells: number[]) =>
    compile(expression)(rowOf(CORE_FACTS, Object.fromEntries(flags.map((name, i) => [name, cells[i]]))))

  it('what is decided stays decided whatever the unknown facts turn out to be', () => {
    fc.assert(
      fc.property(tree, rows, rows, (expression, cells, filling) => {
        const known = run(expression, cells)
        if (Number.isNaN(known)) return
        const filled = cells.map((cell, i) => (Number.isNaN(cell) ? filling[i] : cell))
        expect(run(expression, filled)).toBe(known)
      }),
    )
  })
  it('De Morgan', () => {
    fc.assert(
      fc.property(tree, tree, rows, (left, right, cells) => {
        const not = (of: Expression): Expression => ({ op: '!', of })
        const a = run(not({ op: '&&', left, right }), cells)
        const b = run({ op: '||', left: not(left), right: not(right) }, cells)
        expect(a).toBe(b)
      }),
    )
  })
})
