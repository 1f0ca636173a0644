/** Parts of conditions that change nothing: what the rest decides already. */
import type { Expression } from '../expression/check.js'
import { no, yes, type People } from '../people.js'
import { greatest, isEmpty, least } from '../ranges.js'

export type Idle =
  /** A part of `&&` that always holds (`because` is empty) or follows from others of its parts. */
  | { kind: 'implied'; part: Expression; because: readonly Expression[] }
  /** A branch of `||` that can never hold, or holds only where others of its branches do. */
  | { kind: 'branch'; part: Expression; because: readonly Expression[] }
  /** A question whose answer is always the same. */
  | { kind: 'choice'; part: Expression; holds: boolean }
  /** A quantity that is never the least, or the greatest, of those compared. */
  | { kind: 'argument'; part: Expression; op: 'min' | 'max' }

/** So many parts are compared with one another; of more each is looked at alone. */
const MOST_PARTS = 150

export function flattened(expression: Expression, op: '&&' | '||'): Expression[] {
  if (expression.op !== op) return [expression]
  return [...flattened(expression.left, op), ...flattened(expression.right, op)]
}

/**
 * The parts of one `&&` (or `||`) that the others make idle; of two that say the same the later one.
 * `visit` is handed each part that is not, with those for whom it matters: of `&&` those of whom the other parts hold.
 * A condition that keeps others from dividing by 0 is none of them: without it they would not be known.
 * That a branch of `||` matters only where the others fail is no reason to write less of it: in `own || rent && filed`
 * the word "rent" makes it readable.
 */
export function idleParts(
  parts: readonly Expression[],
  op: '&&' | '||',
  people: People,
  visit: (part: number, among: People) => void,
): { part: number; because: Expression[] }[] {
  const claim = op === '&&' ? yes : no
  const against = op === '&&' ? no : yes
  const idle: { part: number; because: Expression[] }[] = []
  const isIdle = (part: number, others: readonly Expression[]) =>
    !people.who([...others.map(claim), against(parts[part])])
  const compared = parts.length <= MOST_PARTS
  const left = new Set(parts.keys())
  for (const part of [...parts.keys()].reverse()) {
    if (!people.decides(parts[part])) continue
    const without = people.who([against(parts[part])])
    let others = compared
      ? [...left].filter(other => other !== part && without?.decides(parts[other])).map(other => parts[other])
      : []
    if (!isIdle(part, others)) continue
    for (const other of [...others]) {
      const fewer = others.filter(kept => kept !== other)
      if (isIdle(part, fewer)) others = fewer
    }
    left.delete(part)
    idle.push({ part, because: others })
  }
  for (const part of left) {
    const others = op === '&&' && compared ? [...left].filter(other => other !== part) : []
    const among = people.who(others.map(other => yes(parts[other])))
    if (among) visit(part, among)
  }
  return idle.reverse()
}

/** What is idle inside an expression, for these people, of whom it sometimes holds and sometimes not. */
export function idleWithin(expression: Expression, people: People): Idle[] {
  switch (expression.op) {
    case 'constant':
    case 'fact':
      return []
    case '!':
    case 'negate':
    case 'in':
      return idleWithin(expression.of, people)
    case '&&':
    case '||': {
      const parts = flattened(expression, expression.op)
      const inner: Idle[] = []
      const kind = expression.op === '&&' ? 'implied' : 'branch'
      const idle = idleParts(parts, expression.op, people, (part, among) =>
        inner.push(...idleWithin(parts[part], among)),
      )
      return [...idle.map(({ part, because }) => ({ kind, part: parts[part], because }) as const), ...inner]
    }
    case '?:': {
      const { test, then, otherwise } = expression
      const [yesPeople, noPeople] = [people.who([yes(test)]), people.who([no(test)])]
      if (!yesPeople || !noPeople) {
        const holds = noPeople === undefined
        const kept = holds ? yesPeople : noPeople
        return [
          { kind: 'choice', part: test, holds },
          ...(kept ? idleWithin(holds ? then : otherwise, kept) : []),
        ]
      }
      return [...idleWithin(test, people), ...idleWithin(then, yesPeople), ...idleWithin(otherwise, noPeople)]
    }
    case 'min':
    case 'max': {
      const { op, args } = expression
      const idle = args.filter((arg, i) =>
        args.some(
          (other, j) => i !== j && beats(op, other, arg, people) && !(j > i && beats(op, arg, other, people)),
        ),
      )
      return [
        ...idle.map(part => ({ kind: 'argument', part, op }) as const),
        ...args.flatMap(arg => idleWithin(arg, people)),
      ]
    }
    default:
      return [...idleWithin(expression.left, people), ...idleWithin(expression.right, people)]
  }
}

/** Is one quantity never above (of `min`; of `max` never below) the other? */
function beats(op: 'min' | 'max', a: Expression, b: Expression, people: People): boolean {
  const [x, y] = [people.values(a), people.values(b)]
  if (isEmpty(x) || isEmpty(y)) return false
  return op === 'min' ? greatest(x) <= least(y) : least(x) >= greatest(y)
}
