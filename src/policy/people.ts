/**
 * Sets of persons, as far as the types of facts and the conditions on them tell: `everybody`, then those for whom this
 * holds and that does not. Whoever exists in such a set is in it; a set may seem to hold somebody where there is
 * nobody, never the other way round. So "nobody can pass", "everybody passes" and "this follows from that" are proofs.
 *
 * Told of persons whose facts are all known: by Kleene's logic what is decided with some facts unknown stays decided
 * when they become known, so nobody with unknown facts is decided otherwise.
 */
import type { Comparison, Expression } from './expression/check.js'
import type { FactDefinition } from './facts.js'
import {
  after,
  among,
  before,
  between,
  both,
  either,
  EVERYTHING,
  extreme,
  greatest,
  holds as isIn,
  isEmpty,
  isSame,
  least,
  negated,
  NOTHING,
  reckoned,
  single,
  valuesOfType,
  without,
  type Values,
} from './ranges.js'
import type { DeclaredFact } from './supply.js'

/** A condition that holds, or does not. */
export interface Claim {
  expression: Expression
  holds: boolean
}

export const yes = (expression: Expression): Claim => ({ expression, holds: true })
export const no = (expression: Expression): Claim => ({ expression, holds: false })

/** Claims that bear on one another are gone through again, so that their order matters little. */
const PASSES = 3

const OPPOSITE: Record<Comparison, Comparison> = {
  '==': '!=',
  '!=': '==',
  '<': '>=',
  '>=': '<',
  '>': '<=',
  '<=': '>',
}

export class People {
  /** What has been asked of this set: nested conditions ask the same over and over. */
  private readonly asked = new Map<Expression, Values>()
  private readonly told = new Map<Expression, [no?: People | null, yes?: People | null]>()

  /** @param terms what is known of a quantity (a fact, a sum …) beyond its type, by its text */
  private constructor(
    private readonly ranges: readonly Values[],
    private readonly terms: ReadonlyMap<string, Values> = new Map(),
  ) {}

  /**
   * @param declared as in the law: a computed number without stated bounds has those of its expression
   * @param areas how many areas there are
   */
  static everybody(
    facts: readonly FactDefinition[],
    declared: readonly DeclaredFact[],
    areas: number,
  ): People {
    const ranges = facts.map(fact => valuesOfType(fact, areas))
    for (const fact of declared) {
      const { type } = facts[fact.slot]
      if (fact.kind !== 'computed' || type.kind !== 'number') continue
      const made = new People(ranges).values(fact.expression)
      const stated = type.min !== -Infinity || type.max !== Infinity
      // A file of persons may have a column for it, with any value that its bounds allow.
      ranges[fact.slot] = stated ? either(ranges[fact.slot], made) : made
    }
    return new People(ranges)
  }

  /** Those of them of whom all claims are true. @returns undefined where nobody can be left */
  who(claims: readonly Claim[], passes = PASSES): People | undefined {
    const people = claims.reduce(
      (left: People | undefined, { expression, holds }) => left?.narrowed(expression, holds),
      this,
    )
    return people === undefined || people === this || passes === 1 ? people : people.who(claims, passes - 1)
  }

  /** Does it hold for all of them? */
  all(expression: Expression): boolean {
    return this.who([no(expression)]) === undefined
  }

  /** Does it hold for none of them? */
  none(expression: Expression): boolean {
    return this.who([yes(expression)]) === undefined
  }

  /** Is it known for all of them? Not where it may divide by 0. */
  decides(expression: Expression): boolean {
    switch (expression.op) {
      case 'constant':
      case 'fact':
        return true
      case '!':
      case 'negate':
      case 'in':
        return this.decides(expression.of)
      case 'min':
      case 'max':
        return expression.args.every(arg => this.decides(arg))
      case '?:':
        return [expression.test, expression.then, expression.otherwise].every(part => this.decides(part))
      default: {
        const { op, left, right } = expression
        if ((op === '/' || op === '%') && isIn(this.values(right), 0)) return false
        return this.decides(left) && this.decides(right)
      }
    }
  }

  /** What a quantity, a code or a condition (0, 1) can be among them. */
  values(expression: Expression): Values {
    let values = this.asked.get(expression)
    if (!values) {
      const known = this.terms.get(textOf(expression))
      const made = this.made(expression)
      this.asked.set(expression, (values = known ? both(known, made) : made))
    }
    return values
  }

  private made(expression: Expression): Values {
    switch (expression.op) {
      case 'constant':
        return Number.isNaN(expression.value) ? NOTHING : among([expression.value])
      case 'fact':
        return this.ranges[expression.slot]
      case 'negate':
        return negated(this.values(expression.of))
      case 'min':
      case 'max':
        return extreme(
          expression.op,
          expression.args.map(arg => this.values(arg)),
        )
      case '+':
      case '-':
      case '*':
      case '/':
      case '%':
        return reckoned(expression.op, this.values(expression.left), this.values(expression.right))
      case '?:': {
        const { test, then, otherwise } = expression
        const decided = either(
          this.narrowed(test, true)?.values(then) ?? NOTHING,
          this.narrowed(test, false)?.values(otherwise) ?? NOTHING,
        )
        // Where the test divides by 0, the branches may still agree.
        return this.decides(test) ? decided : either(decided, both(this.values(then), this.values(otherwise)))
      }
      default:
        return among([0, 1].filter(truth => this.narrowed(expression, truth === 1)))
    }
  }

  private narrowed(expression: Expression, holds: boolean): People | undefined {
    let told = this.told.get(expression)
    if (!told) this.told.set(expression, (told = []))
    let people = told[Number(holds)]
    if (people === undefined) told[Number(holds)] = people = this.narrowedAnew(expression, holds) ?? null
    return people ?? undefined
  }

  private narrowedAnew(expression: Expression, holds: boolean): People | undefined {
    switch (expression.op) {
      case '!':
        return this.narrowed(expression.of, !holds)
      case '&&':
      case '||': {
        const { op, left, right } = expression
        const first = this.narrowed(left, holds)
        if ((op === '&&') === holds) return first?.narrowed(right, holds)
        return joined(first, this.narrowed(right, holds))
      }
      case '?:': {
        const { test, then, otherwise } = expression
        const decided = joined(
          this.narrowed(test, true)?.narrowed(then, holds),
          this.narrowed(test, false)?.narrowed(otherwise, holds),
        )
        return this.decides(test)
          ? decided
          : joined(decided, this.narrowed(then, holds)?.narrowed(otherwise, holds))
      }
      case 'in': {
        const { of, values } = expression
        return this.restricted(of, holds ? among(values) : values.reduce(without, EVERYTHING))
      }
      case '==':
      case '!=':
      case '<':
      case '<=':
      case '>':
      case '>=':
        return this.compared(
          holds ? expression.op : OPPOSITE[expression.op],
          expression.left,
          expression.right,
        )
      default:
        return this.restricted(expression, among([holds ? 1 : 0]))
    }
  }

  private compared(op: Comparison, left: Expression, right: Expression): People | undefined {
    if (op === '>' || op === '>=') return this.compared(op === '>' ? '<' : '<=', right, left)
    const [a, b] = [this.values(left), this.values(right)]
    if (isEmpty(a) || isEmpty(b)) return undefined
    if (textOf(left) === textOf(right)) return op === '==' || op === '<=' ? this : undefined
    const [forLeft, forRight] =
      op === '=='
        ? [b, a]
        : op === '!='
          ? [unlike(b), unlike(a)]
          : op === '<'
            ? [between(-Infinity, before(greatest(b))), between(after(least(a)), Infinity)]
            : [between(-Infinity, greatest(b)), between(least(a), Infinity)]
    return this.restricted(left, forLeft)?.restricted(right, forRight, b)
  }

  private restricted(
    expression: Expression,
    allowed: Values,
    now = this.values(expression),
  ): People | undefined {
    const left = both(now, allowed)
    if (isEmpty(left)) return undefined
    if (expression.op === 'constant' || isSame(left, now)) return this
    return new People(this.ranges, new Map(this.terms).set(textOf(expression), left))
  }

  /** Those who are in either set. */
  static joined(a: People, b: People): People {
    const terms = new Map<string, Values>()
    for (const [term, values] of a.terms) {
      const others = b.terms.get(term)
      if (others) terms.set(term, either(values, others))
    }
    return new People(a.ranges, terms)
  }
}

const joined = (a: People | undefined, b: People | undefined): People | undefined =>
  a && b ? People.joined(a, b) : (a ?? b)

/** What differs from a quantity that may be these: anything, unless it is one value. */
function unlike(values: Values): Values {
  const value = single(values)
  return value === undefined ? EVERYTHING : without(EVERYTHING, value)
}

const texts = new WeakMap<Expression, string>()

function textOf(expression: Expression): string {
  let text = texts.get(expression)
  if (text === undefined) texts.set(expression, (text = JSON.stringify(expression)))
  return text
}
