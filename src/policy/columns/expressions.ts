/**
 * Checked expressions into instructions. Equal, to the last bit, to policy/expression/compile. A branch upon a person's
 * value is guessed wrong as often as not and then costs more than all the rest, so where choices are frequent they are
 * made by arithmetic on bits.
 */
import type { Comparison, Expression } from '../expression/check.js'
import { compile, type Evaluate } from '../expression/compile.js'
import type { FactDefinition } from '../facts.js'
import { Assembly, F64, I32, OP, V128 } from './assembly.js'
import { BLOCK, codesOf, NO, UNKNOWN, YES, type Column } from './column.js'

/** What depends on one coded fact alone: its value by code. */
export interface Table {
  slot: number
  values: Float64Array
}

/** Where a fact of the running row is: in a variable, as a code or as a double. */
interface Source {
  local: number
  coded: boolean
}

export const truthOf = (value: number): number => (value === 1 ? YES : value === 0 ? NO : UNKNOWN)

const { i32, i64, f64, f64x2, v128 } = OP

export class ColumnExpressions {
  readonly out = new Assembly()
  /** Memory of the columns that are read, by slot. */
  readonly columns = new Map<number, number>()
  private readonly sources = new Map<number, Source>()
  /** Variables for what is needed twice at once; each is free again before another part is written. */
  private readonly p = this.out.local(F64)
  private readonly q = this.out.local(F64)
  private readonly a = this.out.local(I32)
  private readonly b = this.out.local(I32)
  private readonly v = this.out.local(V128)

  constructor(readonly facts: readonly FactDefinition[]) {}

  /** Leaves the two bits of truth. */
  condition(expression: Expression): void {
    const { out, a, b, p, q } = this
    const table = this.byCode(expression)
    if (table) {
      this.fact(table.slot)
      out.loadByte(out.table(Uint8Array.from(table.values, truthOf)))
      return
    }
    switch (expression.op) {
      case 'constant':
        out.i32(truthOf(expression.value))
        return
      case '!':
        // What may be true may be false: the bits change places and turn over.
        this.condition(expression.of)
        out.tee(a).i32(1).op(i32.and).i32(1).op(i32.shl)
        out.get(a).i32(1).op(i32.shrU, i32.or).i32(YES).op(i32.xor)
        return
      case '&&':
      case '||':
        this.condition(expression.left)
        this.condition(expression.right)
        out.op(expression.op === '&&' ? i32.and : i32.or)
        return
      case 'in':
        this.quantity(expression.of)
        out.tee(p).get(p).op(f64.ne).i32(UNKNOWN).op(i32.mul)
        for (const value of expression.values) out.get(p).f64(value).op(f64.eq).i32(YES).op(i32.mul, i32.or)
        return
      case '?:': {
        this.condition(expression.then)
        this.condition(expression.otherwise)
        this.condition(expression.test)
        const test = out.local(I32)
        out.set(test).set(b).set(a)
        // Not known which of the two: known where both agree.
        out.get(b)
        out.get(a).i32(UNKNOWN).get(a).get(b).op(i32.eq, OP.select)
        out.get(a).get(test).i32(UNKNOWN).op(i32.eq, OP.select)
        out.get(test).op(i32.eqz, OP.select)
        return
      }
      case '==':
      case '!=':
      case '<':
      case '<=':
      case '>':
      case '>=':
        this.quantity(expression.left)
        this.quantity(expression.right)
        out.set(q).set(p)
        this.compared(expression.op)
        return
      default:
        throw new Error(`${expression.op} is no condition`)
    }
  }

  /** Leaves a double, NaN where not known. A condition is 1 or 0. */
  quantity(expression: Expression): void {
    const { out, p, q } = this
    if (expression.op === 'constant') {
      out.f64(expression.value)
      return
    }
    const table = this.byCode(expression)
    if (table) return this.byTable(table)
    switch (expression.op) {
      case 'fact':
        this.fact(expression.slot)
        return
      case 'negate':
        this.quantity(expression.of)
        out.op(f64.neg)
        return
      case '+':
      case '-':
      case '*':
        this.quantity(expression.left)
        this.quantity(expression.right)
        out.op({ '+': f64.add, '-': f64.sub, '*': f64.mul }[expression.op])
        return
      case '/':
        this.quantity(expression.left)
        this.quantity(expression.right)
        if (expression.right.op === 'constant' && expression.right.value !== 0) out.op(f64.div)
        else {
          out.tee(q).op(f64.div).set(p)
          out.f64(NaN).get(p).get(q).f64(0).op(f64.eq, OP.select)
        }
        return
      case '%':
        this.quantity(expression.left)
        this.quantity(expression.right)
        out.remainder()
        return
      case 'min':
      case 'max':
        this.quantity(expression.args[0])
        for (const arg of expression.args.slice(1)) {
          this.quantity(arg)
          this.extreme(expression.op)
        }
        return
      case '?:': {
        this.quantity(expression.then)
        this.quantity(expression.otherwise)
        this.condition(expression.test)
        const test = out.local(I32)
        out.set(test).set(q).set(p)
        out.get(q)
        out.get(p).f64(NaN).get(p).get(q).op(f64.eq, OP.select)
        out.get(p).get(test).i32(UNKNOWN).op(i32.eq, OP.select)
        out.get(test).op(i32.eqz, OP.select)
        return
      }
      default:
        this.condition(expression)
        out
          .i32(3)
          .op(i32.shl)
          .loadF64(out.table(Float64Array.of(0, NaN, NaN, 1)))
    }
  }

  /** Of the two quantities on the stack the smaller or larger; unknown if either is. */
  extreme(op: 'min' | 'max'): void {
    const { out, v, q } = this
    // "pmin" takes its first where a side is unknown, and bits that are all 1 are NaN.
    out.set(q).op(f64x2.splat).get(q).op(f64x2.splat).tee(v)
    out.op(op === 'min' ? f64x2.pmin : f64x2.pmax)
    out.get(v).get(v).op(f64x2.ne, v128.or).first()
  }

  /** The quantity on the stack, held within an end; unknown stays unknown. */
  held(op: 'atMost' | 'atLeast', end: number): void {
    this.out.op(f64x2.splat).f64(end).op(f64x2.splat)
    this.out.op(op === 'atMost' ? f64x2.pmin : f64x2.pmax).first()
  }

  /** Truth of how the quantity on the stack stands to a number. */
  comparedTo(op: Comparison, value: number): void {
    this.out.set(this.p).f64(value).set(this.q)
    this.compared(op)
  }

  /**
   * Truth on the stack below a quantity: nothing where it is false, or where the quantity is nothing anyway; the
   * quantity where it is true; else unknown.
   */
  guarded(): void {
    const { out, p } = this
    this.decided(p)
    out.get(p).op(i64.ofF64)
    this.whereYes()
    out.op(i64.and)
    this.whereUnknown()
    out.op(i64.or, f64.ofBits)
  }

  /** Likewise: the quantity as it is where truth is false, so many times where it is true, else unknown. */
  multiplied(times: number): void {
    const { out, p, q } = this
    this.decided(p)
    out.get(p).f64(times).op(f64.mul).set(q)
    // Of two values by a mask: a ^ ((a ^ b) & mask).
    out.get(p).op(i64.ofF64).get(p).op(i64.ofF64).get(q).op(i64.ofF64, i64.xor)
    this.whereYes()
    out.op(i64.and, i64.xor)
    this.whereUnknown()
    out.op(i64.or, f64.ofBits)
  }

  /** Truth and a quantity from the stack into variables; where the quantity is 0 truth does not matter. */
  private decided(quantity: number): void {
    const { out, a } = this
    out.set(quantity).get(quantity).f64(0).op(f64.ne, i32.mul).set(a)
  }

  private whereYes(): void {
    this.out.get(this.a).i32(1).op(i32.shrU)
    this.mask()
  }
  private whereUnknown(): void {
    this.out.get(this.a).i32(UNKNOWN).op(i32.eq)
    this.mask()
  }
  /** 64 times the bit on the stack. */
  private mask(): void {
    this.out.i32(31).op(i32.shl).i32(31).op(i32.shrS, i64.ofI32)
  }

  /** How `p` stands to `q`: the high bit where it is so, the low bit where the contrary is not. */
  private compared(op: Comparison): void {
    const { out, p, q } = this
    const is = (...instructions: number[]) =>
      out
        .get(p)
        .get(q)
        .op(...instructions)
    const unequal = () => {
      is(f64.lt)
      is(f64.gt).op(i32.or)
    }
    const contrary = { '<': f64.ge, '<=': f64.gt, '>': f64.le, '>=': f64.lt }
    if (op === '==') is(f64.eq)
    else if (op === '!=') unequal()
    else is({ '<': f64.lt, '<=': f64.le, '>': f64.gt, '>=': f64.ge }[op])
    out.i32(1).op(i32.shl)
    if (op === '==') unequal()
    else if (op === '!=') is(f64.eq)
    else is(contrary[op])
    out.op(i32.eqz, i32.or)
  }

  /** Leaves a fact of the running row, a code or a double; read once, then kept in a variable. */
  private fact(slot: number): void {
    const { out } = this
    const known = this.sources.get(slot)
    if (known) {
      out.get(known.local)
      return
    }
    const coded = codesOf(this.facts[slot]) !== undefined
    const offset = out.reserve(BLOCK * (coded ? 2 : 8))
    const local = out.local(coded ? I32 : F64)
    if (coded) out.get(out.row2).loadCode(offset)
    else out.get(out.row8).loadF64(offset)
    out.tee(local)
    this.columns.set(slot, offset)
    this.sources.set(slot, { local, coded })
  }

  /** A computed fact, kept in a variable from here on. Numbers may be any, whatever range was declared. */
  compute(slot: number, expression: Expression): void {
    const { out, p } = this
    const coded = this.facts[slot].type.kind !== 'number'
    const local = out.local(coded ? I32 : F64)
    this.quantity(expression)
    // Codes begin with 1; what is not known is 0.
    if (coded) out.tee(p).op(i32.ofF64).get(p).get(p).op(f64.eq, i32.add)
    out.set(local)
    this.sources.set(slot, { local, coded })
  }

  /** Memory as a column of a fact that is read. */
  column(slot: number, memory: ArrayBuffer): Column {
    const offset = this.columns.get(slot)!
    return this.sources.get(slot)!.coded
      ? new Uint16Array(memory, offset, BLOCK)
      : new Float64Array(memory, offset, BLOCK)
  }

  byTable({ slot, values }: Table): void {
    this.fact(slot)
    this.out.i32(3).op(i32.shl).loadF64(this.out.table(values))
  }

  private byCode(expression: Expression): Table | undefined {
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
    if (slots.size !== 1 || this.sources.get(slot)?.coded === false) return undefined
    const codes = codesOf(this.facts[slot])
    if (codes === undefined) return undefined
    const value = of()
    const row = new Float64Array(this.facts.length).fill(NaN)
    const values = new Float64Array(codes.count + 1).fill(value(row))
    for (let code = 1; code <= codes.count; code++) {
      row[slot] = codes.least + code - 1
      values[code] = value(row)
    }
    return { slot, values }
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
