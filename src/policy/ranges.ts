/**
 * Sets of numbers: what a quantity, a coded fact (its codes) or a condition (0, 1) may be. A set is a list of closed
 * spans; every end is a double, so "above 6" begins at the double that follows 6 and no span needs an open end.
 * Sums, products and the like hold every value that the same operation of doubles can give: rounding is monotone, so
 * the ends reckoned in doubles bound what is reckoned in doubles. "Not known" (NaN) is in no set.
 */
import type { Arithmetic } from './expression/check.js'
import type { FactDefinition } from './facts.js'

type Span = readonly [from: number, to: number]

export interface Values {
  /** Ascending, none touching the next. */
  readonly spans: readonly Span[]
  /** Whole numbers only. */
  readonly whole: boolean
}

export const NOTHING: Values = { spans: [], whole: true }
export const EVERYTHING: Values = { spans: [[-Infinity, Infinity]], whole: false }

const double = new Float64Array(1)
const bits = new BigInt64Array(double.buffer)

/** The least double above. */
export function after(value: number): number {
  if (value === 0) return Number.MIN_VALUE
  if (value === Infinity) return value
  double[0] = value
  bits[0] += value > 0 ? 1n : -1n
  return double[0]
}

/** The greatest double below. */
export const before = (value: number): number => -after(-value)

function valuesOf(spans: readonly Span[], whole: boolean): Values {
  const kept = (whole ? spans.map(([from, to]): Span => [Math.ceil(from), Math.floor(to)]) : spans)
    .filter(([from, to]) => from <= to)
    .sort(([a], [b]) => a - b)
  const merged: [number, number][] = []
  for (const [from, to] of kept) {
    const last = merged.at(-1)
    if (last && from <= (whole ? last[1] + 1 : after(last[1]))) last[1] = Math.max(last[1], to)
    else merged.push([from, to])
  }
  return { spans: merged, whole }
}

export const between = (from: number, to: number, whole = false): Values => valuesOf([[from, to]], whole)

export const among = (values: readonly number[]): Values =>
  valuesOf(
    values.map((value): Span => [value, value]),
    values.every(Number.isInteger),
  )

export const isEmpty = ({ spans }: Values): boolean => spans.length === 0
export const least = ({ spans }: Values): number => spans[0][0]
export const greatest = ({ spans }: Values): number => spans[spans.length - 1][1]
/** The one value of the set. @returns undefined where there are more, or none */
export const single = ({ spans }: Values): number | undefined =>
  spans.length === 1 && spans[0][0] === spans[0][1] ? spans[0][0] : undefined
export const holds = ({ spans, whole }: Values, value: number): boolean =>
  spans.some(([from, to]) => value >= from && value <= to) && (!whole || Number.isInteger(value))

export const both = (a: Values, b: Values): Values =>
  valuesOf(
    a.spans.flatMap(([from, to]) =>
      b.spans.map(([first, last]): Span => [Math.max(from, first), Math.min(to, last)]),
    ),
    a.whole || b.whole,
  )

export const either = (a: Values, b: Values): Values => {
  if (isEmpty(a) || isEmpty(b)) return isEmpty(a) ? b : a
  return valuesOf([...a.spans, ...b.spans], a.whole && b.whole)
}

export const without = (values: Values, value: number): Values =>
  both(
    values,
    valuesOf(
      [
        [-Infinity, before(value)],
        [after(value), Infinity],
      ],
      false,
    ),
  )

export const isSame = (a: Values, b: Values): boolean =>
  a.whole === b.whole &&
  a.spans.length === b.spans.length &&
  a.spans.every(([from, to], i) => from === b.spans[i][0] && to === b.spans[i][1])

export const negated = ({ spans, whole }: Values): Values =>
  valuesOf(
    spans.map(([from, to]): Span => [-to, -from]),
    whole,
  )

/** What the least, or the greatest, of some quantities may be. */
export function extreme(op: 'min' | 'max', sets: readonly Values[]): Values {
  if (sets.some(isEmpty)) return NOTHING
  const pick = op === 'min' ? Math.min : Math.max
  const whole = sets.every(set => set.whole)
  return between(pick(...sets.map(least)), pick(...sets.map(greatest)), whole)
}

/** Beyond so many pairs of spans only the outer ends count. */
const MOST_PAIRS = 64

export function reckoned(op: Arithmetic, a: Values, b: Values): Values {
  // What is divided by 0 is not known.
  const right = op === '/' || op === '%' ? without(b, 0) : b
  if (isEmpty(a) || isEmpty(right)) return NOTHING
  const whole = op !== '/' && a.whole && right.whole
  const few = a.spans.length * right.spans.length <= MOST_PAIRS
  const [lefts, rights] = few ? [a.spans, right.spans] : [[hull(a)], halves(right)]
  return valuesOf(
    lefts.flatMap(left => rights.map(span => RECKON[op](left, span))),
    whole,
  )
}

const hull = (values: Values): Span => [least(values), greatest(values)]
/** Below and above zero apart: a divisor never spans it. */
const halves = (values: Values): Span[] =>
  [both(values, between(-Infinity, before(0))), both(values, between(0, Infinity))]
    .filter(half => !isEmpty(half))
    .map(hull)

const RECKON: Record<Arithmetic, (a: Span, b: Span) => Span> = {
  '+': ([a, b], [c, d]) => ends([a + c, b + d]),
  '-': ([a, b], [c, d]) => ends([a - d, b - c]),
  '*': ([a, b], [c, d]) => ends([times(a, c), times(a, d), times(b, c), times(b, d)]),
  '/': ([a, b], [c, d]) => ends([a / c, a / d, b / c, b / d]),
  // The remainder has the sign of what is divided, and is smaller than either.
  '%': ([a, b], [c, d]) => {
    const most = Math.max(Math.abs(c), Math.abs(d))
    return [a >= 0 ? 0 : Math.max(a, -most), b <= 0 ? 0 : Math.min(b, most)]
  },
}

/** Infinity stands for numbers without a bound, each of them finite. */
const times = (a: number, b: number): number => (a === 0 || b === 0 ? 0 : a * b)

const ends = (values: readonly number[]): Span =>
  values.some(Number.isNaN) ? [-Infinity, Infinity] : [Math.min(...values), Math.max(...values)]

/** What the type of a fact allows. @param areas how many areas there are */
export function valuesOfType({ type }: FactDefinition, areas: number): Values {
  switch (type.kind) {
    case 'boolean':
      return between(0, 1, true)
    case 'number':
      return between(type.min, type.max, type.whole)
    case 'area':
      return between(0, areas - 1, true)
    default:
      return between(0, type.values.length - 1, true)
  }
}
