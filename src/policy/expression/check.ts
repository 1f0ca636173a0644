/**
 * The type checker. It knows the facts and nothing else: an unknown name, a comparison of unlike things or a value
 * that a fact cannot take is a problem with its place in the text. All numbers are doubles (CEL itself cannot
 * divide a double by an int, and cuts int / int); ordered facts compare by their order, not by the alphabet.
 * Left out of CEL: calls other than min and max, member access, maps, strings other than the values of facts.
 */
import { nearest } from '../../reading/nearest.js'
import type { FactDefinition } from '../facts.js'
import type { Problem, Syntax } from './parse.js'

export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>='
export type Arithmetic = '+' | '-' | '*' | '/' | '%'

/** A checked expression: names are slots of a row of facts, values of facts are their codes. */
export type Expression =
  | { op: 'constant'; value: number }
  | { op: 'fact'; slot: number }
  | { op: '!' | 'negate'; of: Expression }
  | { op: '&&' | '||' | Comparison | Arithmetic; left: Expression; right: Expression }
  | { op: 'in'; of: Expression; values: number[] }
  | { op: 'min' | 'max'; args: Expression[] }
  | { op: '?:'; test: Expression; then: Expression; otherwise: Expression }

export interface Names {
  facts: readonly FactDefinition[]
  /**
   * Code of an area by any of its names, undefined if there is none. Absent while no place is known: then every
   * name of an area is taken.
   */
  area?: (name: string) => number | undefined
  areaNames?: readonly string[]
}

/** What a value is; a coded one belongs to a fact, a text is a literal that waits for its fact. */
type Kind = 'boolean' | 'number' | FactDefinition | { text: string }
type Checked = { kind: Kind; expression: Expression }

/** @returns undefined where something is wrong; the problems then say what. Slots read are added to `reads`. */
export function check(
  syntax: Syntax,
  expected: Expected,
  names: Names,
  problems: Problem[],
  reads: Set<number>,
): Expression | undefined {
  const checker = new Checker(names, problems, reads)
  return checker.as(expected, syntax)
}

/** A condition, a quantity, or a value of a named or ordered fact. */
export type Expected = 'boolean' | 'number' | FactDefinition

class Checker {
  constructor(
    private readonly names: Names,
    private readonly problems: Problem[],
    private readonly reads: Set<number>,
  ) {}

  /** An expression of the type asked for. */
  as(expected: Expected, syntax: Syntax): Expression | undefined {
    if (typeof expected === 'object' && syntax.op === '?:') {
      const [test, then, otherwise] = syntax.args
      const [a, b, c] = [this.as('boolean', test), this.as(expected, then), this.as(expected, otherwise)]
      return a && b && c && { op: '?:', test: a, then: b, otherwise: c }
    }
    const any = this.any(syntax)
    const checked = any && typeof expected === 'object' ? this.coded(any, expected, syntax) : any
    if (!checked || checked.kind === expected) return checked?.expression
    this.wrongType(syntax, describe(checked.kind), describe(expected))
    return undefined
  }

  private any(syntax: Syntax): Checked | undefined {
    switch (syntax.op) {
      case 'value':
        return this.literal(syntax)
      case 'id':
        return this.fact(syntax)
      case '&&':
      case '||': {
        const [left, right] = syntax.args.map(side => this.as('boolean', side))
        return left && right && { kind: 'boolean', expression: { op: syntax.op, left, right } }
      }
      case '!_': {
        const of = this.as('boolean', syntax.args)
        return of && { kind: 'boolean', expression: { op: '!', of } }
      }
      case '-_': {
        const of = this.as('number', syntax.args)
        return of && { kind: 'number', expression: { op: 'negate', of } }
      }
      case '+':
      case '-':
      case '*':
      case '/':
      case '%': {
        const [left, right] = syntax.args.map(side => this.as('number', side))
        return left && right && { kind: 'number', expression: { op: syntax.op, left, right } }
      }
      case '==':
      case '!=':
      case '<':
      case '<=':
      case '>':
      case '>=':
        return this.comparison(syntax.op, syntax, syntax.args)
      case 'in':
        return this.membership(syntax.args)
      case '?:':
        return this.choice(syntax.args)
      case 'call':
        return this.extreme(syntax)
      default:
        return this.unsupported(syntax)
    }
  }

  private unsupported(syntax: Syntax): undefined {
    this.problems.push({
      code: 'unsupported-expression',
      index: syntax.start,
      message: {
        zh: '表达式只能用事实、数、取值、比较、&& || !、in、四则运算、min 与 max',
        en: 'An expression may use facts, numbers, values, comparisons, && || !, in, arithmetic, min and max only',
      },
    })
    return undefined
  }

  private extreme(syntax: Extract<Syntax, { op: 'call' }>): Checked | undefined {
    const [name, given] = syntax.args
    if ((name !== 'min' && name !== 'max') || given.length === 0) return this.unsupported(syntax)
    const args = given.map(arg => this.as('number', arg))
    if (!args.every(arg => arg !== undefined)) return undefined
    return { kind: 'number', expression: { op: name, args } }
  }

  private literal(syntax: Syntax): Checked | undefined {
    const value = syntax.args
    if (typeof value === 'boolean')
      return { kind: 'boolean', expression: { op: 'constant', value: value ? 1 : 0 } }
    if (typeof value === 'number' || typeof value === 'bigint')
      return { kind: 'number', expression: { op: 'constant', value: Number(value) } }
    if (typeof value === 'string')
      return { kind: { text: value }, expression: { op: 'constant', value: NaN } }
    this.wrongType(
      syntax,
      { zh: '其他', en: 'something else' },
      {
        zh: '数、true/false 或取值',
        en: 'a number, true/false or a value',
      },
    )
    return undefined
  }

  private fact(syntax: Syntax): Checked | undefined {
    const name = syntax.args as string
    const slot = this.names.facts.findIndex(fact => fact.name === name)
    if (slot < 0) {
      this.problems.push({
        code: 'unknown-fact',
        index: syntax.start,
        message: { zh: `没有名为“${name}”的事实`, en: `Unknown fact "${name}"` },
        nearest: nearest(
          name,
          this.names.facts.map(fact => fact.name),
        ),
      })
      return undefined
    }
    this.reads.add(slot)
    const fact = this.names.facts[slot]
    const kind = fact.type.kind === 'boolean' || fact.type.kind === 'number' ? fact.type.kind : fact
    return { kind, expression: { op: 'fact', slot } }
  }

  private comparison(op: Comparison, syntax: Syntax, sides: [Syntax, Syntax]): Checked | undefined {
    const [left, right] = sides.map(side => this.any(side))
    if (!left || !right) return undefined
    const [a, b] = [this.coded(left, right.kind, sides[0]), this.coded(right, left.kind, sides[1])]
    if (!a || !b) return undefined
    if (a.kind !== b.kind || isText(a.kind)) {
      this.wrongType(syntax, describe(b.kind), describe(a.kind))
      return undefined
    }
    const equality = op === '==' || op === '!='
    if (!equality && a.kind !== 'number' && !(isFact(a.kind) && a.kind.type.kind === 'ordered')) {
      this.wrongType(syntax, describe(a.kind), {
        zh: '数或有序的事实(否则只能用 ==、!=、in)',
        en: 'a number or an ordered fact (others take ==, != and in)',
      })
      return undefined
    }
    return { kind: 'boolean', expression: { op, left: a.expression, right: b.expression } }
  }

  private membership([item, list]: [Syntax, Syntax]): Checked | undefined {
    const of = this.any(item)
    if (list.op !== 'list') {
      this.wrongType(
        list,
        { zh: '非列表', en: 'no list' },
        { zh: '列表 ["…", "…"]', en: 'a list ["…", "…"]' },
      )
      return undefined
    }
    if (!of) return undefined
    const values: number[] = []
    for (const entry of list.args) {
      const checked = this.any(entry)
      const coded = checked && this.coded(checked, of.kind, entry)
      if (!coded) return undefined
      if (coded.kind !== of.kind || coded.expression.op !== 'constant' || isText(of.kind)) {
        this.wrongType(entry, describe(coded.kind), describe(of.kind))
        return undefined
      }
      values.push(coded.expression.value)
    }
    return { kind: 'boolean', expression: { op: 'in', of: of.expression, values } }
  }

  private choice([test, then, otherwise]: [Syntax, Syntax, Syntax]): Checked | undefined {
    const [a, b, c] = [this.as('boolean', test), this.any(then), this.any(otherwise)]
    if (!a || !b || !c) return undefined
    if (b.kind !== c.kind || isText(b.kind)) {
      this.wrongType(otherwise, describe(c.kind), describe(b.kind))
      return undefined
    }
    return { kind: b.kind, expression: { op: '?:', test: a, then: b.expression, otherwise: c.expression } }
  }

  /** A text beside a fact becomes the code of that value; everything else stays what it is. */
  private coded(checked: Checked, beside: Kind, syntax: Syntax): Checked | undefined {
    if (!isText(checked.kind) || !isFact(beside)) return checked
    const { text } = checked.kind
    const { values, code } =
      beside.type.kind === 'area'
        ? { values: this.names.areaNames ?? [], code: this.names.area ? this.names.area(text) : 0 }
        : codeOf(beside, text)
    if (code !== undefined) return { kind: beside, expression: { op: 'constant', value: code } }
    const area = beside.type.kind === 'area'
    this.problems.push({
      code: area ? 'unknown-area' : 'unknown-value',
      index: syntax.start,
      message: {
        zh: `“${beside.name}”没有取值“${text}”`,
        en: `The fact "${beside.name}" has no value "${text}"`,
      },
      expected: { zh: values.join('、'), en: values.join(', ') },
      nearest: nearest(text, values),
    })
    return undefined
  }

  private wrongType(syntax: Syntax, got: Words, expected: Words) {
    this.problems.push({
      code: 'wrong-type',
      index: syntax.start,
      message: { zh: `类型不符:这里是${got.zh}`, en: `Wrong type: this is ${got.en}` },
      expected,
    })
  }
}

type Words = { zh: string; en: string }
const WORDS = {
  boolean: { zh: '条件(真/假)', en: 'a condition (true/false)' },
  number: { zh: '数', en: 'a number' },
}

const isText = (kind: Kind): kind is { text: string } => typeof kind === 'object' && 'text' in kind
const isFact = (kind: Kind): kind is FactDefinition => typeof kind === 'object' && 'type' in kind

function codeOf(fact: FactDefinition, text: string): { values: readonly string[]; code: number | undefined } {
  const values = 'values' in fact.type ? fact.type.values : []
  const index = values.indexOf(text)
  return { values, code: index < 0 ? undefined : index }
}

function describe(kind: Kind): Words {
  if (kind === 'boolean' || kind === 'number') return WORDS[kind]
  if (isText(kind)) return { zh: `文字“${kind.text}”`, en: `the text "${kind.text}"` }
  const values = 'values' in kind.type ? kind.type.values.map(value => `"${value}"`).join(', ') : ''
  return {
    zh: `“${kind.name}”的取值${values && `(${values})`}`,
    en: `a value of ${kind.name}${values && ` (${values})`}`,
  }
}
