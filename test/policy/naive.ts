/**
 * The rules read a second time, as slowly and plainly as they can be: straight from the syntax tree of a text and from
 * the rules in force, one person at a time, nothing compiled, checked or shared with src/policy but the parser and the
 * definitions of facts. It is what the compiled evaluations are held against.
 */
import type { Syntax } from '../../src/policy/expression/parse.js'
import { parse } from '../../src/policy/expression/parse.js'
import type { FactDefinition } from '../../src/policy/facts.js'

/** undefined: not known. Values of named and ordered facts are their words. */
export type Value = number | boolean | string | undefined
export type Person = Record<string, Value>

export interface Rules {
  channels: Record<string, Channel>
  facts?: Record<string, Record<string, unknown>>
}

interface Line {
  by?: string
  each?: string
  when?: string | boolean
  round?: 'down' | 'up' | 'nearest'
  points?: number | Record<string, number>
  bands?: { from?: number; to?: number; points: number }[]
  cap?: number
}

interface Channel {
  prerequisites?: Record<string, { when: string | boolean }>
  vetoes?: Record<string, { when: string | boolean }>
  when?: string | boolean
  score?: Record<string, Line>
  groups?: Record<string, { of: string[]; take: 'highest' | 'sum'; cap?: number }>
  factors?: Record<string, { when?: string | boolean; times: number }>
  admit?: { at_least?: number; floor?: number; cap?: number }
}

/** What a person is: a text of CEL, asked of one person. */
export class Naive {
  constructor(
    private readonly facts: readonly FactDefinition[],
    private readonly person: Person,
  ) {}

  text(text: string | boolean): Value {
    const parsed = parse(String(text))
    if ('problem' in parsed) throw new Error(parsed.problem.message.en)
    return this.value(parsed.syntax)
  }

  value(syntax: Syntax): Value {
    switch (syntax.op) {
      case 'value':
        return typeof syntax.args === 'bigint' ? Number(syntax.args) : (syntax.args as Value)
      case 'id':
        return this.person[syntax.args as string]
      case '!_': {
        const value = this.value(syntax.args)
        return value === undefined ? undefined : !value
      }
      case '-_':
        return this.reckon([syntax.args], ([a]) => -a)
      case '&&': {
        // Kleene: false decides; else an unknown side leaves it unknown.
        const sides = syntax.args.map(side => this.value(side))
        if (sides.includes(false)) return false
        return sides.includes(undefined) ? undefined : true
      }
      case '||': {
        const sides = syntax.args.map(side => this.value(side))
        if (sides.includes(true)) return true
        return sides.includes(undefined) ? undefined : false
      }
      case '+':
        return this.reckon(syntax.args, ([a, b]) => a + b)
      case '-':
        return this.reckon(syntax.args, ([a, b]) => a - b)
      case '*':
        return this.reckon(syntax.args, ([a, b]) => a * b)
      case '/':
        return this.reckon(syntax.args, ([a, b]) => (b === 0 ? undefined : a / b))
      case '%':
        return this.reckon(syntax.args, ([a, b]) => (b === 0 ? undefined : a % b))
      case '==':
      case '!=':
      case '<':
      case '<=':
      case '>':
      case '>=': {
        const [left, right] = syntax.args.map(side => this.value(side))
        if (left === undefined || right === undefined) return undefined
        const ranks = this.ranked(syntax.args)
        const [a, b] = ranks ? [ranks.indexOf(left as string), ranks.indexOf(right as string)] : [left, right]
        if (syntax.op === '==') return left === right
        if (syntax.op === '!=') return left !== right
        if (syntax.op === '<') return a < b
        if (syntax.op === '<=') return a <= b
        if (syntax.op === '>') return a > b
        return a >= b
      }
      case 'in': {
        const [item, list] = syntax.args
        const value = this.value(item)
        if (value === undefined) return undefined
        return (list.args as Syntax[]).some(entry => this.value(entry) === value)
      }
      case '?:': {
        const [test, then, otherwise] = syntax.args.map(part => this.value(part))
        if (test === true) return then
        if (test === false) return otherwise
        return then === otherwise ? then : undefined
      }
      case 'call': {
        const [name, args] = syntax.args
        return this.reckon(args, values => (name === 'min' ? Math.min(...values) : Math.max(...values)))
      }
      default:
        throw new Error(`naive knows no ${syntax.op}`)
    }
  }

  /** Unknown if a part is, or if the result is no number. */
  private reckon(parts: Syntax[], result: (values: number[]) => Value): Value {
    const values = parts.map(part => this.value(part))
    if (values.includes(undefined)) return undefined
    const value = result(values as number[])
    return Number.isNaN(value) ? undefined : value
  }

  /** The values in order, where a side is an ordered fact. */
  private ranked(sides: Syntax[]): string[] | undefined {
    const names = sides.flatMap(side => namesIn(side))
    const fact = this.facts.find(({ name, type }) => names.includes(name) && type.kind === 'ordered')
    return fact && 'values' in fact.type ? fact.type.values : undefined
  }

  /** @returns the sum, undefined if it is not known */
  score({ score = {}, groups = {}, factors = {}, admit = {} }: Channel): Value {
    const inGroups = Object.values(groups).flatMap(({ of }) => of)
    const worth = (name: string): Value =>
      name in score ? this.line(score[name]) : this.group(groups[name], worth)
    const alone = [...Object.keys(score), ...Object.keys(groups)].filter(name => !inGroups.includes(name))
    let total: Value = 0
    for (const name of alone) total = plus(total, worth(name))
    for (const { when, times } of Object.values(factors)) {
      const holds = when === undefined ? true : this.text(when)
      if (total === 0 || holds === false) continue
      total = holds === undefined || total === undefined ? undefined : (total as number) * times
    }
    if (total === undefined) return undefined
    if (admit.floor !== undefined) total = Math.max(total as number, admit.floor)
    if (admit.cap !== undefined) total = Math.min(total as number, admit.cap)
    // A score is told to a millionth, so that sums of tenths do not miss a threshold by a hair.
    return Math.round((total as number) * 1e6) / 1e6
  }

  private group(
    { of, take, cap = Infinity }: { of: string[]; take: 'highest' | 'sum'; cap?: number },
    worth: (name: string) => Value,
  ): Value {
    const values = of.map(worth)
    if (values.includes(undefined)) return undefined
    const numbers = values as number[]
    const value = take === 'highest' ? Math.max(...numbers) : numbers.reduce((a, b) => a + b)
    return Math.min(value, cap)
  }

  line(line: Line): Value {
    const { when, cap } = line
    const holds = when === undefined ? true : this.text(when)
    if (holds === false) return 0
    const points = this.points(line)
    // Nothing is nothing, whether the guard is known or not.
    if (points === 0) return 0
    if (points === undefined || holds === undefined) return undefined
    if (cap === undefined) return points
    return cap < 0 ? Math.max(points as number, cap) : Math.min(points as number, cap)
  }

  private points({ by, each, round, points, bands }: Line): Value {
    if (each !== undefined) {
      const units = this.text(each) as number | undefined
      if (units === undefined) return undefined
      const rounded =
        round === 'down'
          ? Math.floor(units)
          : round === 'up'
            ? Math.ceil(units)
            : round === 'nearest'
              ? Math.floor(units) + (units - Math.floor(units) >= 0.5 ? 1 : 0)
              : units
      return rounded * (points as number)
    }
    if (by === undefined) return points as number
    const value = this.text(by)
    if (value === undefined) return undefined
    if (bands) {
      const band = bands.find(
        ({ from = -Infinity, to = Infinity }) => (value as number) >= from && (value as number) <= to,
      )
      return band ? band.points : 0
    }
    const table = points as Record<string, number>
    const type = this.facts.find(({ name }) => name === by)?.type
    if (type?.kind === 'named') return table[value as string] ?? 0
    // "At least": the highest level (or number) of the table that the person reaches.
    const rank = (level: string) => (type && 'values' in type ? type.values.indexOf(level) : Number(level))
    const own = typeof value === 'string' ? rank(value) : (value as number)
    const reached = Object.keys(table)
      .filter(level => rank(level) <= own)
      .sort((a, b) => rank(a) - rank(b))
    return reached.length > 0 ? table[reached[reached.length - 1]] : 0
  }

  /** @returns whether conditions and score let the person through, undefined if it is not known */
  open(channel: Channel): Value {
    const { prerequisites = {}, vetoes = {}, when, score, admit } = channel
    const all: Value[] = [
      ...Object.values(prerequisites).map(gate => this.text(gate.when)),
      ...Object.values(vetoes).map(veto => {
        const holds = this.text(veto.when)
        return holds === undefined ? undefined : !holds
      }),
      ...(when === undefined ? [] : [this.text(when)]),
    ]
    if (score && admit?.at_least !== undefined) {
      const total = this.score(channel)
      all.push(total === undefined ? undefined : (total as number) >= admit.at_least)
    }
    if (all.includes(false)) return false
    return all.includes(undefined) ? undefined : true
  }
}

/** A person with what the rules make of other facts. */
export function completed(rules: Rules, facts: readonly FactDefinition[], given: Person): Person {
  const person = { ...given }
  // As often as there are facts: by then each has seen those it is made of.
  for (const _ of Object.keys(rules.facts ?? {}))
    for (const [name, { is }] of Object.entries(rules.facts ?? {}))
      if (is !== undefined) person[name] = new Naive(facts, person).text(is as string | boolean)
  return person
}

const plus = (a: Value, b: Value): Value =>
  a === undefined || b === undefined ? undefined : (a as number) + (b as number)

function namesIn(syntax: Syntax): string[] {
  if (syntax.op === 'id') return [syntax.args as string]
  if (syntax.op === '?:') return syntax.args.slice(1).flatMap(namesIn)
  return []
}
