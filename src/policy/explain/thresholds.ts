/**
 * The values of one fact between which a channel can tell no difference. A channel sees a person through its atoms –
 * comparisons, lines of points, factors; a segment is a run of values over which every atom that reads the fact stays
 * the same, the other facts being as they are.
 */
import { compile, type Evaluate } from '../expression/compile.js'
import type { Expression } from '../expression/check.js'
import type { FactDefinition, FactRow } from '../facts.js'
import type { CompiledChannel } from '../policy.js'
import type { ScoreLine, ScorePart } from '../score.js'

/** Both ends belong to it, and count alike. */
export interface Segment {
  from: number
  to: number
}

interface Atom {
  reads: ReadonlySet<number>
  value: Evaluate
  /** What is compared or rewarded, and the values of it at which something changes. */
  quantity?: { of: Evaluate; at(now: number): number[] }
}

/** Up to so many whole values are gone through one by one; beyond, thresholds are solved for. */
const WALKED = 4096
/** Beyond a threshold in a quantity without whole units. */
const HAIR = 0.01
/** Units of an `each` line looked at above what there is. */
const UNITS = 60

/** The slots of the facts in an expression. */
export function factsIn(expression: Expression): number[] {
  switch (expression.op) {
    case 'fact':
      return [expression.slot]
    case 'constant':
      return []
    case '!':
    case 'negate':
    case 'in':
      return factsIn(expression.of)
    case 'min':
    case 'max':
      return expression.args.flatMap(factsIn)
    case '?:':
      return [expression.test, expression.then, expression.otherwise].flatMap(factsIn)
    default:
      return [...factsIn(expression.left), ...factsIn(expression.right)]
  }
}

/** How a channel sees a fact. Made once a channel. */
export class Thresholds {
  private readonly atoms: Atom[]

  /**
   * @param expand slots of given facts behind those that a rule reads
   * @param settle fills the computed facts of a row
   */
  constructor(
    channel: CompiledChannel,
    private readonly facts: readonly FactDefinition[],
    expand: (slots: readonly number[]) => ReadonlySet<number>,
    private readonly settle: (row: FactRow) => void,
    private readonly areas: number,
  ) {
    const written = [
      ...channel.conditions.flatMap(({ expression }) => (expression ? atomsOf(expression) : [])),
      ...(channel.points ? channel.points.tree.parts.flatMap(linesOf).flatMap(atomsOfLine) : []),
      ...(channel.points?.tree.factors ?? []).flatMap(({ guard }) => (guard ? atomsOf(guard) : [])),
    ]
    this.atoms = written.map(({ reads, ...atom }) => ({ ...atom, reads: expand([...reads]) }))
  }

  /** Whether one rule reads both, so that the values of one that matter depend on the other. */
  together(a: number, b: number): boolean {
    return this.atoms.some(({ reads }) => reads.has(a) && reads.has(b))
  }

  /** Ascending; each value of a named fact is one. */
  segments(slot: number, row: FactRow): Segment[] {
    const { type } = this.facts[slot]
    const atoms = this.atoms.filter(({ reads }) => reads.has(slot))
    if (type.kind === 'boolean' || type.kind === 'named') {
      const count = type.kind === 'boolean' ? 2 : type.values.length
      return Array.from({ length: count }, (_, code) => ({ from: code, to: code }))
    }
    if (type.kind === 'area')
      return Array.from({ length: this.areas }, (_, code) => ({ from: code, to: code }))
    const [min, max, whole] =
      type.kind === 'ordered' ? [0, type.values.length - 1, true] : [type.min, type.max, type.whole]
    const values =
      whole && max - min <= WALKED
        ? Array.from({ length: max - min + 1 }, (_, step) => min + step)
        : this.crossings(slot, row, atoms, min, max, whole)
    const scratch = row.slice()
    const segments: Segment[] = []
    let before: number[] = []
    for (const value of values) {
      scratch[slot] = value
      this.settle(scratch)
      const seen = atoms.map(atom => atom.value(scratch))
      const same = segments.length > 0 && seen.every((one, index) => Object.is(one, before[index]))
      if (same) segments.at(-1)!.to = value
      else segments.push({ from: value, to: value })
      before = seen
    }
    return segments
  }

  /** Values beside the thresholds, ascending: by Newton's method, which is exact where a quantity is linear in pieces. */
  private crossings(
    slot: number,
    row: FactRow,
    atoms: readonly Atom[],
    min: number,
    max: number,
    whole: boolean,
  ): number[] {
    const scratch = row.slice()
    const at = (x: number, of: Evaluate) => {
      scratch[slot] = x
      this.settle(scratch)
      return of(scratch)
    }
    const start = Number.isNaN(row[slot]) ? Math.min(Math.max(0, min), max) : row[slot]
    const found = new Set<number>([min, max, start].filter(Number.isFinite))
    for (const { quantity } of atoms) {
      if (!quantity) continue
      for (const target of quantity.at(at(start, quantity.of)))
        for (const anchor of [start, Math.max(min, -1e9), Math.min(max, 1e9)]) {
          let x = anchor
          for (let step = 0; step < 8; step++) {
            const value = at(x, quantity.of)
            const slope = at(x + 1, quantity.of) - value
            const next = x + (target - value) / slope
            if (!Number.isFinite(next) || next === x) break
            x = next
          }
          if (Math.abs(at(x, quantity.of) - target) < 1e-6) found.add(Number(x.toPrecision(12)))
        }
    }
    const beside = [...found].flatMap(x =>
      whole
        ? [Math.floor(x) - 1, Math.floor(x), Math.ceil(x), Math.ceil(x) + 1]
        : [x - HAIR, x, x + HAIR].map(value => Number(value.toPrecision(14))),
    )
    return [...new Set(beside)].filter(x => x >= min && x <= max).sort((a, b) => a - b)
  }
}

function atomsOf(expression: Expression): Atom[] {
  switch (expression.op) {
    case '&&':
    case '||':
      return [...atomsOf(expression.left), ...atomsOf(expression.right)]
    case '!':
      return atomsOf(expression.of)
    default:
      return [{ reads: new Set(factsIn(expression)), value: compile(expression), ...quantityOf(expression) }]
  }
}

function quantityOf(expression: Expression): Pick<Atom, 'quantity'> {
  if (expression.op === 'in') {
    const { of, values } = expression
    return { quantity: { of: compile(of), at: () => values } }
  }
  if (!('left' in expression)) return {}
  const [left, right] = [compile(expression.left), compile(expression.right)]
  return { quantity: { of: row => left(row) - right(row), at: () => [0] } }
}

const linesOf = (part: ScorePart): ScoreLine[] => (part.kind === 'line' ? [part] : part.of.flatMap(linesOf))

function atomsOfLine({ rule, guard, points }: ScoreLine): Atom[] {
  const guards = guard ? atomsOf(guard) : []
  const reads = new Set([
    ...(rule.kind === 'levels' ? [rule.slot] : rule.kind === 'flag' ? [] : factsIn(rule.of)),
    ...(guard ? factsIn(guard) : []),
  ])
  const line = { reads, value: points }
  switch (rule.kind) {
    case 'each':
      return [...guards, { ...line, quantity: { of: compile(rule.of), at: unitsFrom } }]
    case 'steps':
      return [
        ...guards,
        { ...line, quantity: { of: compile(rule.of), at: () => rule.steps.map(step => step.from) } },
      ]
    case 'bands': {
      const ends = rule.bands.flatMap(({ from, to }) => [from, to]).filter(Number.isFinite)
      return [...guards, { ...line, quantity: { of: compile(rule.of), at: () => ends } }]
    }
    default:
      return [...guards, line]
  }
}

/** Whole and half units, as rounding turns at either. */
const unitsFrom = (now: number): number[] =>
  Array.from({ length: 2 * UNITS + 1 }, (_, step) => (Number.isNaN(now) ? 0 : Math.floor(now)) + step / 2)
