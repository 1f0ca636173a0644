/**
 * What a condition means, whichever way it is written: a tree of "this quantity lies in that set", the same for texts
 * that differ only in order, spelling or the way of saying no.
 */
import type { Comparison, Expression } from '../expression/check.js'
import type { FactDefinition } from '../facts.js'
import { after, among, before, between, both, either, EVERYTHING, without, type Values } from '../ranges.js'

export type Meaning =
  /** True where the quantity is in the set. `key`: one text for all spellings of the quantity. */
  { kind: 'atom'; key: string; set: Values; subject: Expression } | { kind: 'all' | 'any'; parts: Meaning[] }

export type Atom = Extract<Meaning, { kind: 'atom' }>
type Facts = readonly FactDefinition[]

const TRUE = among([1])
const FALSE = among([0])

/** @param wanted false for the opposite of the condition */
export function meaningOf(e: Expression, facts: Facts, wanted = true): Meaning {
  switch (e.op) {
    case '!':
      return meaningOf(e.of, facts, !wanted)
    case '&&':
    case '||':
      return combined((e.op === '&&') === wanted ? 'all' : 'any', [
        meaningOf(e.left, facts, wanted),
        meaningOf(e.right, facts, wanted),
      ])
    case 'in':
      return atom(e.of, wanted ? among(e.values) : e.values.reduce(without, EVERYTHING), facts)
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return comparison(wanted ? e.op : OPPOSITE[e.op], e.left, e.right, facts)
    default:
      return atom(e, wanted ? TRUE : FALSE, facts)
  }
}

const OPPOSITE = { '==': '!=', '!=': '==', '<': '>=', '<=': '>', '>': '<=', '>=': '<' } as const
const TURNED = { '==': '==', '!=': '!=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const

const REACHED: Record<Comparison, (value: number) => Values> = {
  '==': value => among([value]),
  '!=': value => without(EVERYTHING, value),
  '<': value => between(-Infinity, before(value)),
  '<=': value => between(-Infinity, value),
  '>': value => between(after(value), Infinity),
  '>=': value => between(value, Infinity),
}

function comparison(op: Comparison, left: Expression, right: Expression, facts: Facts): Meaning {
  const [l, r] = [constantOf(left), constantOf(right)]
  if (r !== undefined) return atom(left, REACHED[op](r), facts)
  if (l !== undefined) return atom(right, REACHED[TURNED[op]](l), facts)
  // Two quantities: is the one above the other, or are they the same?
  switch (op) {
    case '!=':
    case '==': {
      const sides = quantityKey(left, facts) > quantityKey(right, facts) ? [right, left] : [left, right]
      return atom({ op: '==', left: sides[0], right: sides[1] }, op === '==' ? TRUE : FALSE, facts)
    }
    case '>':
    case '<=':
      return atom({ op: '>', left, right }, op === '>' ? TRUE : FALSE, facts)
    case '<':
    case '>=':
      return atom({ op: '>', left: right, right: left }, op === '<' ? TRUE : FALSE, facts)
  }
}

const atom = (subject: Expression, set: Values, facts: Facts): Atom => ({
  kind: 'atom',
  key: quantityKey(subject, facts),
  set: both(set, rangeOf(subject, facts)),
  subject,
})

/** Coded facts and whole numbers are told apart by their values, all else by doubles. */
function rangeOf(subject: Expression, facts: Facts): Values {
  if (subject.op !== 'fact') return EVERYTHING
  const { type } = facts[subject.slot]
  if ('values' in type) return between(0, type.values.length - 1, true)
  return between(-Infinity, Infinity, type.kind !== 'number' || type.whole)
}

/** Flat, each quantity once, in the order written. */
export function combined(kind: 'all' | 'any', given: readonly Meaning[]): Meaning {
  const merged = new Map<string, Meaning>()
  for (const part of given.flatMap(part => (part.kind === kind ? part.parts : [part]))) {
    const key = part.kind === 'atom' ? part.key : textOf(part)
    const known = merged.get(key)
    if (part.kind === 'atom' && known?.kind === 'atom')
      merged.set(key, { ...part, set: (kind === 'all' ? both : either)(known.set, part.set) })
    else merged.set(key, part)
  }
  const parts = [...merged.values()]
  return parts.length === 1 ? parts[0] : { kind, parts }
}

/** The same text for the same meaning, in one order. */
export const textOf = (meaning: Meaning): string =>
  meaning.kind === 'atom'
    ? `${meaning.key} in ${meaning.set.spans.map(span => span.join('..')).join()}`
    : `${meaning.kind}(${meaning.parts.map(textOf).sort().join('; ')})`

/** The quantities that it is about, by their keys. */
export const quantitiesOf = (meaning: Meaning): string[] =>
  meaning.kind === 'atom' ? [meaning.key] : [...new Set(meaning.parts.flatMap(quantitiesOf))]

/** One spelling for a quantity: sums and products in one order. */
export function quantityKey(e: Expression, facts: Facts): string {
  const key = (inner: Expression) => quantityKey(inner, facts)
  const value = constantOf(e)
  if (value !== undefined) return String(value)
  switch (e.op) {
    case 'fact': {
      // Two facts of one name: the second is told apart (ground.ts).
      const { name } = facts[e.slot]
      return facts.findIndex(fact => fact.name === name) === e.slot ? name : `${name}'`
    }
    case 'negate':
      return `-${key(e.of)}`
    case 'min':
    case 'max':
      return `${e.op}(${e.args.map(key).sort().join()})`
    case '+':
    case '*':
      return `(${[key(e.left), key(e.right)].sort().join(e.op)})`
    case '-':
    case '/':
    case '%':
      return `(${key(e.left)}${e.op}${key(e.right)})`
    case '?:':
      return `(${textOf(meaningOf(e.test, facts))}?${key(e.then)}:${key(e.otherwise)})`
    case '>':
    case '==':
      if (constantOf(e.left) === undefined && constantOf(e.right) === undefined)
        return `(${key(e.left)}${e.op}${key(e.right)})`
  }
  return textOf(meaningOf(e, facts))
}

/** A key without what tells two facts of one name apart. */
export const plainKey = (key: string): string => key.replaceAll("'", '')

function constantOf(e: Expression): number | undefined {
  if (e.op === 'constant') return e.value
  if (e.op === 'negate') {
    const value = constantOf(e.of)
    return value === undefined ? undefined : -value
  }
  if (e.op !== '+' && e.op !== '-' && e.op !== '*' && e.op !== '/' && e.op !== '%') return undefined
  const [a, b] = [constantOf(e.left), constantOf(e.right)]
  if (a === undefined || b === undefined) return undefined
  const value = { '+': a + b, '-': a - b, '*': a * b, '/': a / b, '%': a % b }[e.op]
  return Number.isFinite(value) ? value : undefined
}
