/** Checked expressions into passes over a block. Equal, to the last bit, to policy/expression/compile. */
import type { Expression } from '../expression/check.js'
import { compile, type Evaluate } from '../expression/compile.js'
import type { FactDefinition } from '../facts.js'
import * as kernels from './kernels.js'
import { BLOCK, Codes, codesOf, NO, Program, Quantities, Truth, UNKNOWN, YES, type Table } from './vectors.js'

export const truthOf = (value: number): number => (value === 1 ? YES : value === 0 ? NO : UNKNOWN)

export class ColumnExpressions {
  /** Columns that the passes read, by slot: the caller's, or vectors of the block for computed facts. */
  readonly sources = new Map<number, Codes | Quantities>()
  private readonly constants = new Map<number, Quantities>()

  constructor(
    private readonly facts: readonly FactDefinition[],
    readonly program: Program,
  ) {}

  /** A vector of its own, to be released by the caller. */
  condition(expression: Expression): Truth {
    const { program } = this
    const out = program.truth()
    const table = this.byCode(expression)
    if (table) {
      const truths = Uint8Array.from(table.values, truthOf)
      program.steps.push(kernels.truthByCode(table.codes, truths, out))
      return out
    }
    switch (expression.op) {
      case 'constant': {
        const truth = truthOf(expression.value)
        program.steps.push(count => void out.bytes.fill(truth, 0, count))
        return out
      }
      case '!': {
        const of = this.condition(expression.of)
        program.steps.push(kernels.not(of, out))
        program.release(of)
        return out
      }
      case '&&':
      case '||': {
        const [left, right] = [this.condition(expression.left), this.condition(expression.right)]
        program.steps.push((expression.op === '&&' ? kernels.and : kernels.or)(left, right, out))
        program.release(left, right)
        return out
      }
      case 'in': {
        const of = this.quantity(expression.of)
        program.steps.push(kernels.isIn(of, expression.values, out))
        program.release(of)
        return out
      }
      case '?:': {
        const [test, then, otherwise] = [expression.test, expression.then, expression.otherwise].map(part =>
          this.condition(part),
        )
        program.steps.push(kernels.chooseTruth(test, then, otherwise, out))
        program.release(test, then, otherwise)
        return out
      }
      case '==':
      case '!=':
      case '<':
      case '<=':
      case '>':
      case '>=': {
        const { op, right } = expression
        const left = this.quantity(expression.left)
        if (right.op === 'constant') program.steps.push(kernels.compareTo(op, left, right.value, out))
        else {
          const other = this.quantity(right)
          program.steps.push(kernels.compare(op, left, other, out))
          program.release(other)
        }
        program.release(left)
        return out
      }
      default:
        throw new Error(`${expression.op} is no condition`)
    }
  }

  /** A column, a constant, or a vector of the block: to be released, not to be written to. A condition is 1, 0, NaN. */
  quantity(expression: Expression): Quantities {
    const { program } = this
    if (expression.op === 'constant') return this.constant(expression.value)
    if (expression.op === 'fact') {
      const source = this.source(expression.slot)
      if (source instanceof Quantities) return source
    }
    const table = this.byCode(expression)
    if (table) {
      const out = program.quantity()
      program.steps.push(kernels.quantityByCode(table, out))
      return out
    }
    switch (expression.op) {
      case 'negate': {
        const [of, out] = [this.quantity(expression.of), program.quantity()]
        program.steps.push(kernels.negate(of, out))
        program.release(of)
        return out
      }
      case '+':
      case '-':
      case '*':
      case '/':
      case '%':
        return this.reckoned(expression.op, [expression.left, expression.right])
      case 'min':
      case 'max':
        return this.reckoned(expression.op, expression.args)
      case '?:': {
        const test = this.condition(expression.test)
        const [then, otherwise] = [this.quantity(expression.then), this.quantity(expression.otherwise)]
        const out = program.quantity()
        program.steps.push(kernels.chooseQuantity(test, then, otherwise, out))
        program.release(test, then, otherwise)
        return out
      }
      default: {
        const [of, out] = [this.condition(expression), program.quantity()]
        program.steps.push(kernels.quantityOfTruth(of, Float64Array.of(0, NaN, NaN, 1), out))
        program.release(of)
        return out
      }
    }
  }

  /** The column of a fact. */
  source(slot: number): Codes | Quantities {
    const known = this.sources.get(slot)
    if (known) return known
    const source = codesOf(this.facts[slot])
      ? new Codes(new Uint16Array(BLOCK))
      : new Quantities(new Float64Array(BLOCK).fill(NaN))
    this.sources.set(slot, source)
    return source
  }

  constant(value: number): Quantities {
    const known = this.constants.get(value)
    if (known) return known
    const made = new Quantities(new Float64Array(BLOCK).fill(value))
    this.constants.set(value, made)
    return made
  }

  private byCode(expression: Expression) {
    const slots = new Set<number>()
    collect(expression, slots)
    return this.tabulated(slots, () => compile(expression))
  }

  /**
   * What reads one coded fact and nothing else takes only as many values as the fact has codes: the row function,
   * asked once for each, gives the table.
   */
  tabulated(slots: ReadonlySet<number>, of: () => Evaluate): Table | undefined {
    const [slot] = slots
    const codes = slots.size === 1 ? this.source(slot) : undefined
    if (!(codes instanceof Codes)) return undefined
    const { least, count } = codesOf(this.facts[slot])!
    const value = of()
    const row = new Float64Array(this.facts.length).fill(NaN)
    const values = new Float64Array(count + 1).fill(value(row))
    for (let code = 1; code <= count; code++) {
      row[slot] = least + code - 1
      values[code] = value(row)
    }
    return { codes, values }
  }

  private reckoned(op: keyof typeof kernels.RECKON, [first, ...others]: readonly Expression[]): Quantities {
    const { program } = this
    let value = this.quantity(first)
    for (const other of others) {
      const [next, out] = [this.quantity(other), program.quantity()]
      program.steps.push(kernels.RECKON[op](value, next, out))
      program.release(value, next)
      value = out
    }
    return value
  }
}

/** Add the slots that an expression reads. */
export function collect(expression: Expression, slots: Set<number>): void {
  switch (expression.op) {
    case 'constant':
      return
    case 'fact':
      slots.add(expression.slot)
      return
    case '!':
    case 'negate':
    case 'in':
      return collect(expression.of, slots)
    case 'min':
    case 'max':
      return expression.args.forEach(arg => collect(arg, slots))
    case '?:':
      return [expression.test, expression.then, expression.otherwise].forEach(part => collect(part, slots))
    default:
      collect(expression.left, slots)
      collect(expression.right, slots)
  }
}
