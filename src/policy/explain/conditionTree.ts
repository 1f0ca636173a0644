/** A condition with one person's values: what must all hold, what may hold instead of another, and what does. */
import type { Area } from '../../pack/pack.js'
import type { Text } from '../../reading/text.js'
import type { Comparison, Expression } from '../expression/check.js'
import { compile } from '../expression/compile.js'
import type { FactDefinition } from '../facts.js'
import type { FactRow } from '../policy.js'
import type { DeclaredFact } from '../supply.js'
import { factsIn } from './thresholds.js'
import { describe, valueWords } from '../words.js'

/** What is needed to read a row aloud. */
export interface Reader {
  facts: readonly FactDefinition[]
  areas: readonly Area[]
  declared: readonly DeclaredFact[]
  /** Slots of the facts that were given; a computed fact that is not one of them is made of others. */
  given: ReadonlySet<number>
}

export interface FactValue {
  fact: string
  label: Text
  /** A number, a truth, the name of a value (an area's id); null where it is not known. */
  value: number | boolean | string | null
  words: Text
  /** Of a computed fact: what it is made of. */
  from?: FactValue[]
}

export interface ConditionTree {
  /** null where it cannot be told. */
  holds: boolean | null
  /** What is asked. */
  words: Text
  /** The person's values that it reads. */
  facts?: FactValue[]
  /** All of these must hold. */
  all?: ConditionTree[]
  /** One of these must hold. */
  any?: ConditionTree[]
}

const FLIPPED: Record<Comparison, Comparison> = {
  '==': '!=',
  '!=': '==',
  '<': '>=',
  '>=': '<',
  '>': '<=',
  '<=': '>',
}

/** Negations are carried inwards, so that a refusal reads as what must hold instead. */
export function conditionTree(expression: Expression, row: FactRow, reader: Reader): ConditionTree {
  const inner = inwards(expression)
  const value = compile(inner)(row)
  const holds = Number.isNaN(value) ? null : value === 1
  if (inner.op === '&&' || inner.op === '||') {
    const parts = sides(inner, inner.op).map(part => conditionTree(part, row, reader))
    const words = joined(parts, inner.op)
    return inner.op === '&&' ? { holds, words, all: parts } : { holds, words, any: parts }
  }
  const facts = [...new Set(factsIn(inner))].map(slot => factValue(slot, row, reader))
  const words = asked(inner, reader)
  const made = inner.op === 'fact' ? computedBy(inner.slot, reader) : undefined
  return { holds, words, facts, ...(made && { all: [conditionTree(made, row, reader)] }) }
}

/** As everywhere, but that a quantity stands apart from what is asked of it: `months insured: at least 6 months`. */
function asked(expression: Expression, reader: Reader): Text {
  const words = describe(expression, reader)
  if (!('left' in expression) || expression.left.op !== 'fact') return words
  const { type, label } = reader.facts[expression.left.slot]
  return type.kind === 'number' ? { ...words, en: `${label.en}:${words.en.slice(label.en.length)}` } : words
}

/** The same condition with `!` before single facts and lists alone. */
function inwards(expression: Expression): Expression {
  if (expression.op !== '!') return expression
  const { of } = expression
  switch (of.op) {
    case '!':
      return inwards(of.of)
    case '&&':
    case '||':
      return {
        op: of.op === '&&' ? '||' : '&&',
        left: inwards({ op: '!', of: of.left }),
        right: inwards({ op: '!', of: of.right }),
      }
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return { ...of, op: FLIPPED[of.op] }
    default:
      return expression
  }
}

const sides = (expression: Expression, op: '&&' | '||'): Expression[] =>
  expression.op === op
    ? [...sides(inwards(expression.left), op), ...sides(inwards(expression.right), op)]
    : [expression]

function joined(parts: readonly ConditionTree[], op: '&&' | '||'): Text {
  const side = ({ words, all, any }: ConditionTree, lang: 'zh' | 'en') =>
    (op === '&&' ? any : all) ? `(${words[lang]})` : words[lang]
  const [zh, en] = op === '&&' ? [',且', ', and '] : [',或', ', or ']
  return {
    zh: parts.map(part => side(part, 'zh')).join(zh),
    en: parts.map(part => side(part, 'en')).join(en),
  }
}

/** The expression of a computed fact, unless its value was given. */
export function computedBy(slot: number, { declared, given }: Reader): Expression | undefined {
  const fact = declared.find(one => one.slot === slot)
  return fact?.kind === 'computed' && !given.has(slot) ? fact.expression : undefined
}

export function factValue(slot: number, row: FactRow, reader: Reader): FactValue {
  const fact = reader.facts[slot]
  const value = row[slot]
  const { type } = fact
  const plain =
    type.kind === 'boolean'
      ? value === 1
      : type.kind === 'number'
        ? value
        : type.kind === 'area'
          ? (reader.areas[value]?.id ?? value)
          : type.values[value]
  const made = computedBy(slot, reader)
  const from = made && [...new Set(factsIn(made))].map(inner => factValue(inner, row, reader))
  return {
    fact: fact.name,
    label: fact.label,
    value: Number.isNaN(value) ? null : plain,
    words: valueWords(fact, value, reader.areas),
    ...(from && from.length > 0 && { from }),
  }
}
