/**
 * Where the facts that a policy declares get their values: made of other facts, counted over a history, assumed by
 * shares, or given by a column alone. A computed fact has a slot of its own and is filled before rules are read.
 */
import { nearest } from '../reading/nearest.js'
import type { Expression } from './expression/check.js'
import { compile, type Evaluate } from './expression/compile.js'
import type { Expressions } from './expressions.js'
import type { FactDefinition, FactRow } from './facts.js'
import type { FactRules, InForce } from './schema.js'

export type DeclaredFact = { slot: number } & (
  | { kind: 'column' }
  /** `reads`: slots of the facts in the expression. */
  | { kind: 'computed'; expression: Expression; evaluate: Evaluate; reads: number[] }
  /** Months with insurance among the last so many, this one included. */
  | { kind: 'window'; months: number }
  /** `at(u)`: the value at a uniform u, the values in the order of their codes. */
  | { kind: 'assumed'; at(u: number): number; shares: { value: number; share: number }[] }
)

/** What a population knows beyond the core facts. */
export interface Supply {
  /** Months with insurance among the last `months`. */
  insuredWithin(months: number): number
  /** A uniform of this person for this fact, the same in every month and scenario. */
  luck(fact: FactDefinition): number
}

/** Fill the declared facts of a row of a synthetic person, in their order. Facts that only a column gives stay unknown. */
export function complete(
  declared: readonly DeclaredFact[],
  facts: readonly FactDefinition[],
  row: FactRow,
  supply: Supply,
): void {
  for (const fact of declared)
    if (fact.kind === 'computed') row[fact.slot] = fact.evaluate(row)
    else if (fact.kind === 'window') row[fact.slot] = supply.insuredWithin(fact.months)
    else if (fact.kind === 'assumed') row[fact.slot] = fact.at(supply.luck(facts[fact.slot]))
    else row[fact.slot] = NaN
}

/** Fill the computed facts of a row that a file gave, except where the file has a column of that name. */
export function compute(declared: readonly DeclaredFact[], row: FactRow, columns: ReadonlySet<number>): void {
  for (const fact of declared)
    if (fact.kind === 'computed' && !columns.has(fact.slot)) row[fact.slot] = fact.evaluate(row)
}

/** The facts that must be given so that `slots` are known: computed ones stand for what they are made of. */
export function givenFacts(
  declared: readonly DeclaredFact[],
  slots: Iterable<number>,
  columns: ReadonlySet<number> = new Set(),
): Set<number> {
  const computed = new Map(
    declared.flatMap(fact => (fact.kind === 'computed' ? [[fact.slot, fact.reads] as const] : [])),
  )
  const given = new Set<number>()
  const visit = (slot: number) => {
    const reads = columns.has(slot) ? undefined : computed.get(slot)
    if (reads) reads.forEach(visit)
    else given.add(slot)
  }
  for (const slot of slots) visit(slot)
  return given
}

/**
 * The declared facts of a month, each after those that it is made of.
 * Reports `circular-fact`, and shares that are not those of the fact's values.
 */
export function declaredFacts(
  rules: Record<string, InForce<FactRules> | undefined>,
  facts: readonly FactDefinition[],
  expressions: () => Expressions,
): DeclaredFact[] {
  const slots = new Map(facts.map(({ name }, slot) => [name, slot]))
  const made = new Map<string, DeclaredFact>()
  const ordered: DeclaredFact[] = []
  const make = (name: string, within: readonly string[]): void => {
    const rule = rules[name]
    if (rule === undefined || made.has(name)) return
    const slot = slots.get(name)!
    const reader = expressions()
    let fact: DeclaredFact = { slot, kind: 'column' }
    made.set(name, fact)
    if (rule.is !== undefined) {
      const definition = facts[slot]
      const kind = definition.type.kind
      const path = ['facts', name, 'is']
      const expression = reader.typed(
        rule.is,
        kind === 'boolean' || kind === 'number' ? kind : definition,
        path,
      )
      const reads = [...reader.reads]
      for (const read of reads) {
        const other = facts[read].name
        if ([...within, name].includes(other)) {
          const circle = [...within, name, other]
          reader.report(path, {
            code: 'circular-fact',
            message: {
              zh: `事实循环定义:${circle.join(' → ')}`,
              en: `Facts made of each other: ${circle.join(' → ')}`,
            },
          })
          return
        }
        make(other, [...within, name])
      }
      if (expression) fact = { slot, kind: 'computed', expression, evaluate: compile(expression), reads }
    } else if (rule.window?.months !== undefined) fact = { slot, kind: 'window', months: rule.window.months }
    else if (rule.assume?.shares !== undefined) {
      const shares = sharesOf(facts[slot], rule.assume.shares as Record<string, number>, name, reader)
      fact = { slot, kind: 'assumed', shares, at: u => valueAt(shares, u) }
    }
    made.set(name, fact)
    ordered.push(fact)
  }
  for (const name of Object.keys(rules)) make(name, [])
  return ordered
}

function sharesOf(
  { name, type }: FactDefinition,
  written: Record<string, number>,
  id: string,
  { report }: Expressions,
): { value: number; share: number }[] {
  const path = ['facts', id, 'assume', 'shares']
  const values = type.kind === 'boolean' ? ['false', 'true'] : 'values' in type ? type.values : undefined
  const shares = Object.entries(written).flatMap(([key, share]) => {
    const value = values ? values.indexOf(key) : Number(key)
    const allowed = values ? value >= 0 : type.kind === 'number' && value >= type.min && value <= type.max
    if (allowed) return [{ value, share }]
    report([...path, key], {
      code: 'unknown-value',
      message: { zh: `“${name}”没有取值“${key}”`, en: `The fact "${name}" has no value "${key}"` },
      ...(values && {
        expected: { zh: values.join('、'), en: values.join(', ') },
        nearest: nearest(key, values),
      }),
    })
    return []
  })
  const sum = shares.reduce((a, { share }) => a + share, 0)
  // Of true/false one share says the other.
  if (type.kind === 'boolean' && shares.length === 1)
    shares.push({ value: 1 - shares[0].value, share: 1 - shares[0].share })
  else if (Math.abs(sum - 1) > 1e-9)
    report(path, {
      code: 'wrong-value',
      message: { zh: `各取值占比之和为 ${sum},应为 1`, en: `The shares add up to ${sum}, not to 1` },
    })
  return shares.sort((a, b) => a.value - b.value)
}

function valueAt(shares: readonly { value: number; share: number }[], u: number): number {
  let below = 0
  for (const { value, share } of shares) if (u < (below += share)) return value
  return shares.at(-1)?.value ?? NaN
}
