/**
 * Two laws on common ground: one list of facts that both read, so that a condition of one can be held against a
 * condition of the other. A fact that both declare and do not mean the same by is two facts of one name.
 */
import type { Area } from '../../pack/pack.js'
import type { Text } from '../../reading/text.js'
import { indexOfArea } from '../compile.js'
import { inForce } from '../dated.js'
import type { Expression } from '../expression/check.js'
import { Expressions } from '../expressions.js'
import type { FactDefinition } from '../facts.js'
import { People } from '../people.js'
import type { Law, Policy } from '../policy.js'
import type { InForce, RuleSet } from '../schema.js'
import type { DeclaredFact } from '../supply.js'
import { describe } from '../words.js'
import { quantityKey } from './meaning.js'

/** A law with the policy that it is of. */
export interface LawOf {
  policy: Policy
  law: Law
}

export interface Ground {
  facts: readonly FactDefinition[]
  areas: readonly Area[]
  /** All whom the types of the facts allow. */
  everybody: People
  say(expression: Expression): Text
}

export interface Side {
  law: Law
  /** What is written and in force. */
  rules: InForce<RuleSet>
  /** An expression of this law on common ground. */
  common(expression: Expression): Expression
  /** What the compiled law holds as a function alone, on common ground. */
  read(text: string | boolean, expected: 'boolean' | 'number'): Expression | undefined
}

/** @param areas with which both laws were compiled */
export function commonGround(
  a: LawOf,
  b: LawOf,
  areas: readonly Area[],
): { ground: Ground; sides: [Side, Side] } {
  const facts = [...a.law.facts]
  const declared = [...a.law.declared]
  const slots: number[] = []
  const add = (slot: number) => (slots[slot] = facts.push(b.law.facts[slot]) - 1)
  for (const fact of b.law.declared) {
    const { name, type } = b.law.facts[fact.slot]
    const known = a.law.declared.find(({ slot }) => a.law.facts[slot].name === name)
    const alike =
      known &&
      JSON.stringify(a.law.facts[known.slot].type) === JSON.stringify(type) &&
      meaningOfFact(known, facts) === meaningOfFact(moved(fact, slots), facts)
    if (alike) slots[fact.slot] = known.slot
    else declared.push(moved({ ...fact, slot: add(fact.slot) }, slots))
  }
  b.law.facts.forEach(({ name }, slot) => {
    if (slots[slot] !== undefined) return
    const known = a.law.facts.findIndex(fact => fact.name === name)
    if (known >= 0) slots[slot] = known
    else add(slot)
  })
  const ground: Ground = {
    facts,
    areas,
    everybody: People.everybody(facts, declared, areas.length),
    say: expression => describe(expression, { facts, areas }),
  }
  return { ground, sides: [sideOf(a, areas), sideOf(b, areas, slots)] }
}

function sideOf({ policy, law }: LawOf, areas: readonly Area[], slots?: readonly number[]): Side {
  const common = (expression: Expression) => (slots ? withSlots(expression, slots) : expression)
  const names = {
    facts: law.facts,
    area: (name: string) => indexOfArea(areas, name),
    areaNames: areas.map(({ id }) => id),
  }
  return {
    law,
    rules: inForce(policy.tree, law.month) as InForce<RuleSet>,
    common,
    read(text, expected) {
      // The law has been checked: nothing is left to report.
      const expression = new Expressions(
        names,
        () => {},
        () => [],
      ).typed(text, expected, [])
      return expression && common(expression)
    },
  }
}

/** What gives a fact its values, as text. */
function meaningOfFact(fact: DeclaredFact, facts: readonly FactDefinition[]): string {
  switch (fact.kind) {
    case 'column':
      return fact.kind
    case 'window':
      return `window ${fact.months}`
    case 'assumed':
      return JSON.stringify(fact.shares)
    case 'computed':
      return quantityKey(fact.expression, facts)
  }
}

const moved = (fact: DeclaredFact, slots: readonly number[]): DeclaredFact =>
  fact.kind === 'computed' ? { ...fact, expression: withSlots(fact.expression, slots) } : fact

/** The same expression over other slots. */
function withSlots(e: Expression, slots: readonly number[]): Expression {
  const to = (inner: Expression) => withSlots(inner, slots)
  switch (e.op) {
    case 'constant':
      return e
    case 'fact':
      return { op: 'fact', slot: slots[e.slot] ?? e.slot }
    case '!':
    case 'negate':
      return { op: e.op, of: to(e.of) }
    case 'in':
      return { ...e, of: to(e.of) }
    case 'min':
    case 'max':
      return { op: e.op, args: e.args.map(to) }
    case '?:':
      return { op: e.op, test: to(e.test), then: to(e.then), otherwise: to(e.otherwise) }
    default:
      return { op: e.op, left: to(e.left), right: to(e.right) }
  }
}
