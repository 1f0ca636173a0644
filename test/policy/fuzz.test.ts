/** Row functions and columns against the naive reading, for rules and persons that nobody would write. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileLaw } from '../../src/policy/compile.js'
import { compileColumns } from '../../src/policy/columns/law.js'
import { BLOCK, codesOf, NO, put, UNKNOWN, YES } from '../../src/policy/columns/column.js'
import { ColumnExpressions } from '../../src/policy/columns/expressions.js'
import { check, type Expression } from '../../src/policy/expression/check.js'
import { compile } from '../../src/policy/expression/compile.js'
import { parse } from '../../src/policy/expression/parse.js'
import type { FactDefinition, FactRow } from '../../src/policy/facts.js'
import { readPolicy } from '../../src/policy/read.js'
import { compute } from '../../src/policy/supply.js'
import { completed, Naive, type Person, type Rules, type Value } from './naive.js'
import { month } from './shipped.js'

/** Facts of every type: few whole numbers (codes), many or broken ones (doubles), made of others. */
const FACTS: Record<string, Record<string, unknown>> = {
  hours: { type: 'number', min: 0, max: 100000, whole: true },
  weight: { type: 'number', min: -50, max: 50 },
  level: { type: 'ordered', values: ['low', 'middle', 'high'] },
  colour: { type: 'named', values: ['red', 'green', 'blue'] },
  licensed: { type: 'boolean' },
  years: { type: 'number', is: 'months_insured / 12 + weight' },
  better: {
    type: 'ordered',
    values: ['low', 'middle', 'high'],
    is: 'licensed ? "high" : (age >= 30 ? "middle" : "low")',
  },
  steady: { type: 'boolean', is: 'years >= 2 || licensed' },
}
const NUMBERS = ['age', 'months_insured', 'household_size', 'hours', 'weight', 'years']
const FLAGS = ['has_permit', 'lease_filed', 'licensed', 'steady']
const LOW_TO_HIGH = ['low', 'middle', 'high']
const LEVELS = { level: LOW_TO_HIGH, better: LOW_TO_HIGH, title: ['none', 'junior', 'middle', 'senior'] }
const NAMES = { colour: ['red', 'green', 'blue'], sex: ['female', 'male'] }

const figure = fc.oneof(fc.integer({ min: -3, max: 40 }), fc.constantFrom(0, 0, 0.1, 0.5, 2.5, 12, 100, 1e6))
const written = figure.map(value => (value < 0 ? `(${value})` : String(value)))
const quoted = (word: string) => JSON.stringify(word)
const order = fc.constantFrom('<', '<=', '>', '>=', '==', '!=')
const pick = (map: Record<string, string[]>) =>
  fc
    .constantFrom(...Object.keys(map))
    .chain(name => fc.tuple(fc.constant(name), fc.constantFrom(...map[name])))

const { condition, quantity } = fc.letrec<{ condition: string; quantity: string }>(tie => ({
  condition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(...FLAGS, 'true', 'false'),
    fc.tuple(pick(LEVELS), order).map(([[name, value], op]) => `${name} ${op} ${quoted(value)}`),
    fc.tuple(pick(NAMES), fc.constantFrom('==', '!=')).map(([[name, value], op]) => `${quoted(value)} ${op} ${name}`),
    fc.constantFrom('level == level', '"low" < better', 'has_permit == licensed', 'steady != false'),
    fc
      .constantFrom(...Object.entries({ ...LEVELS, ...NAMES }))
      .chain(([name, values]) => fc.subarray(values, { minLength: 1 }).map(some => `${name} in [${some.map(quoted).join(', ')}]`)),
    fc.tuple(tie('quantity'), order, tie('quantity')).map(([a, op, b]) => `(${a}) ${op} (${b})`),
    fc.tuple(tie('quantity'), fc.array(figure, { minLength: 1, maxLength: 3 })).map(([a, list]) => `(${a}) in [${list.map(Math.abs).join(', ')}]`),
    tie('condition').map(of => `!(${of})`),
    fc.tuple(tie('condition'), fc.constantFrom('&&', '||'), tie('condition')).map(([a, op, b]) => `(${a}) ${op} (${b})`),
    fc.tuple(tie('condition'), tie('condition'), tie('condition')).map(([a, b, c]) => `(${a}) ? (${b}) : (${c})`),
  ),
  quantity: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(...NUMBERS),
    written,
    tie('quantity').map(of => `-(${of})`),
    fc.tuple(tie('quantity'), fc.constantFrom('+', '-', '*', '/', '%'), tie('quantity')).map(([a, op, b]) => `(${a}) ${op} (${b})`),
    fc.tuple(fc.constantFrom('min', 'max'), fc.array(tie('quantity'), { minLength: 1, maxLength: 3 })).map(([name, args]) => `${name}(${args.join(', ')})`),
    fc.tuple(tie('condition'), tie('quantity'), tie('quantity')).map(([a, b, c]) => `(${a}) ? (${b}) : (${c})`),
  ),
})) // prettier-ignore

const sometimes = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
/** One cell in thirteen: more, and hardly a score would be known. */
const mostly = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 12 })
const person: fc.Arbitrary<Person> = fc.record({
  age: mostly(fc.integer({ min: 0, max: 120 })),
  months_insured: mostly(fc.integer({ min: 0, max: 60 })),
  household_size: mostly(fc.integer({ min: 1, max: 6 })),
  hours: mostly(fc.integer({ min: 0, max: 60 })),
  weight: mostly(fc.oneof(fc.integer({ min: -16, max: 80 }).map(halves => halves / 2), fc.constantFrom(0.1, -0.1, 36.6))),
  title: mostly(fc.constantFrom(...LEVELS.title)),
  colour: mostly(fc.constantFrom(...NAMES.colour)),
  sex: mostly(fc.constantFrom(...NAMES.sex)),
  licensed: mostly(fc.boolean()),
  has_permit: mostly(fc.boolean()),
  lease_filed: mostly(fc.boolean()),
}) // prettier-ignore
/** Enough that a block is not full and its last word is not either. */
const persons = fc.array(person, { minLength: 1, maxLength: 9 })

type Channel = Rules['channels'][string]

function compiled(channel: Channel) {
  const rules = { facts: FACTS, channels: { c: { clause: 'c', brings: 'none', ...channel } } }
  const head = { policy: 'p', title: { zh: 'p', en: 'p' }, source: { document: 'p' } }
  const policy = readPolicy(JSON.stringify({ ...head, ...rules }), 'p.yaml')
  return { rules, policy, law: compileLaw(policy, month('2015-06')) }
}

/** One channel by three readings: what each says of each person. */
function readings(channel: Channel, people: Person[]) {
  const { rules, policy, law } = compiled(channel)
  const { facts } = policy
  const rows = people.map(given => rowFor(facts, given))
  const over = compileColumns(law, facts)
  rows.forEach((row, i) => expect(over.lay(i, row)).toBe(true))
  over.judge(rows.length)
  const [byRow, byColumn] = [law.channels[0], over.channels[0]]
  return people.map((given, i) => {
    const naive = new Naive(facts, completed(rules, facts, given))
    compute(law.declared, rows[i], new Set())
    const { points } = byRow
    return {
      naive: { open: naive.open(channel), score: channel.score && zero(naive.score(channel)) },
      rows: { open: truth(byRow.open(rows[i])), score: points && number(points.score(rows[i])) },
      columns: {
        open: { [NO]: false, [UNKNOWN]: undefined, [YES]: true }[byColumn.open[i]],
        score: byColumn.score && number(byColumn.score[i]),
      },
      ledger: points?.ledger(rows[i]).map(({ points }) => points),
    }
  })
}

/** A quantity of each row, computed facts being given. */
function overColumns(expression: Expression, facts: readonly FactDefinition[], rows: readonly FactRow[]) {
  const expressions = new ColumnExpressions(facts)
  const { out } = expressions
  const result = out.reserve(8 * BLOCK)
  out.get(out.row8)
  expressions.quantity(expression)
  const { run, memory } = out.storeF64(result).assemble()
  for (const slot of expressions.columns.keys()) {
    const column = expressions.column(slot, memory)
    rows.forEach((row, i) => put(column, i, row[slot], codesOf(facts[slot])?.least ?? 0))
  }
  run(rows.length)
  return new Float64Array(memory, result, rows.length)
}

function numberOf(text: string, facts: readonly FactDefinition[]): Expression {
  const parsed = parse(text)
  if ('problem' in parsed) throw new Error(parsed.problem.message.en)
  return check(parsed.syntax, 'number', { facts }, [], new Set())!
}

const truth = (value: number): Value => (Number.isNaN(value) ? undefined : value === 1)
/** Zero has no sign. */
const zero = (value: Value): Value => (value === 0 ? 0 : value)
const number = (value: number): Value => (Number.isNaN(value) ? undefined : zero(value))

function rowFor(facts: readonly FactDefinition[], given: Person): Float64Array {
  return Float64Array.from(facts, ({ name, type }) => {
    const value = given[name]
    if (value === undefined) return NaN
    return typeof value === 'string' && 'values' in type ? type.values.indexOf(value) : Number(value)
  })
}

const RUNS = { numRuns: 200 }

describe('an expression means the same to all three readings', () => {
  it('conditions', () => {
    fc.assert(
      fc.property(condition, persons, (text, people) => {
        for (const { naive, rows, columns } of readings({ when: text }, people)) {
          expect(rows).toEqual(naive)
          expect(columns).toEqual(naive)
        }
      }),
      RUNS,
    )
  })

  it('quantities, to the last bit', () => {
    fc.assert(
      fc.property(quantity, persons, (text, people) => {
        const { policy, law } = compiled({ when: 'true' })
        const expression = numberOf(text, policy.facts)
        const rows = people.map(given => rowFor(policy.facts, given))
        for (const row of rows) compute(law.declared, row, new Set())
        const values = overColumns(expression, policy.facts, rows)
        for (const [i, given] of people.entries()) {
          const expected = new Naive(
            policy.facts,
            completed({ facts: FACTS, channels: {} }, policy.facts, given),
          )
          expect(number(compile(expression)(rows[i]))).toBe(zero(expected.text(text)))
          expect(number(values[i])).toBe(zero(expected.text(text)))
        }
      }),
      RUNS,
    )
  })
})

describe('a ledger means the same to all three readings', () => {
  const points = fc.constantFrom(1, 5, 1.5, 20, 0.1, 0.2, 0.7, -10, -60, 0)
  const cap = sometimes(fc.constantFrom(0, 5, 7.5, 0.7, 40, -3, -50))
  const guard = sometimes(condition)
  const round = sometimes(fc.constantFrom('down' as const, 'up' as const, 'nearest' as const))
  const ranges = fc.uniqueArray(fc.integer({ min: -8, max: 40 }), { minLength: 2, maxLength: 8 }).chain(ends => {
    const sorted = ends.sort((a, b) => a - b)
    const bands = Array.from({ length: sorted.length >> 1 }, (_, i) => [sorted[2 * i], sorted[2 * i + 1]])
    return fc.tuple(...bands.map(([from, to]) => points.map(many => ({ from, to, points: many }))))
  }) // prettier-ignore
  const levels = fc.constantFrom(...Object.entries({ ...LEVELS, ...NAMES })).chain(([by, values]) =>
    fc.dictionary(fc.constantFrom(...values), points, { minKeys: 1 }).map(table => ({ by, points: table })),
  ) // prettier-ignore
  const plain = fc.constantFrom('hours', 'weight', 'age', 'hours / 4')
  const by = fc.oneof(plain, quantity)
  const rule = fc.oneof(
    levels,
    fc.record({ by, points: fc.dictionary(fc.constantFrom('-3', '0', '6', '12.5', '30'), points, { minKeys: 1 }) }),
    fc.record({ by, bands: ranges }),
    fc.record({ each: quantity, round, points }),
    // As most tables have it.
    fc.record({ each: fc.oneof(plain, fc.constant('months_insured / 12')), round, points }),
    fc.record({ when: condition, points }),
  ) // prettier-ignore
  const line = fc.tuple(rule, guard, cap).map(([own, when, most]) => tidy({ when, ...own, cap: most }))
  const group = fc.record({ take: fc.constantFrom('highest' as const, 'sum' as const), cap })
  const factor = fc.record({ when: guard, times: fc.constantFrom(0, 0.5, 1.2, 2) }).map(tidy)
  const admit = fc
    .record({ at_least: sometimes(fc.constantFrom(0, 5, 60)), floor: sometimes(fc.constantFrom(0, -5, 30)), cap: sometimes(fc.constantFrom(0, 25, 100)) })
    .map(tidy) // prettier-ignore
  const channel = fc
    .tuple(
      fc.array(line, { minLength: 1, maxLength: 7 }),
      fc.array(group, { maxLength: 3 }),
      fc.array(factor, { maxLength: 2 }),
      admit,
      sometimes(condition),
      sometimes(condition),
      fc.infiniteStream(fc.nat()),
    )
    .map(([lines, groups, factors, limits, when, veto, places]): Channel => {
      const score = named('l', lines)
      const free = Object.keys(score)
      const made = groups.map((own, index) => {
        // Some of what is still free, groups before this one among it: so groups come to lie within groups.
        const of = Array.from({ length: 1 + (places.next().value % 3) }, () => free.splice(places.next().value % free.length, 1)[0])
        const members = of.filter(name => name !== undefined)
        free.push(`g${index}`)
        return tidy({ ...own, of: members })
      })
      return tidy({
        score,
        groups: made.length > 0 ? named('g', made) : undefined,
        factors: factors.length > 0 ? named('f', factors) : undefined,
        vetoes: veto === undefined ? undefined : { v: { clause: 'v', when: veto } },
        when,
        admit: limits,
      })
    }) // prettier-ignore

  it('scores, who passes, and the lines add up', () => {
    fc.assert(
      fc.property(channel, persons, (rules, people) => {
        for (const { naive, rows, columns, ledger } of readings(rules, people)) {
          expect(rows).toEqual(naive)
          expect(columns).toEqual(naive)
          const sum = ledger!.reduce((a, b) => a + b, 0)
          if (naive.score === undefined) expect(sum).toBeNaN()
          else expect(Math.abs(sum - (naive.score as number))).toBeLessThan(1e-5 + 1e-12 * Math.abs(sum))
        }
      }),
      RUNS,
    )
  })
})

const named = <T>(letter: string, values: readonly T[]): Record<string, T> =>
  Object.fromEntries(values.map((value, index) => [`${letter}${index}`, value]))

/** Without the keys that hold nothing. */
const tidy = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as T
