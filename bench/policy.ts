/**
 * A million persons under the whole Guangdong table: over columns, and by walking the typed tree for each person.
 * The walker is what one would write first: a switch per node, nothing compiled, conditions left at the first that
 * fails.
 */
import { parseMonth } from '../src/evidence/month.js'
import { seedKey, uniform } from '../src/evidence/luck.js'
import { compileLaw } from '../src/policy/compile.js'
import { BLOCK, codesOf, NO, put, UNKNOWN, YES, type Column } from '../src/policy/columns/column.js'
import { compileColumns } from '../src/policy/columns/law.js'
import type { Expression } from '../src/policy/expression/check.js'
import type { FactDefinition } from '../src/policy/facts.js'
import type { CompiledChannel, FactRow, Law, Policy } from '../src/policy/policy.js'
import type { ScoreLine, ScorePart, ScoreTree } from '../src/policy/score.js'

/** The law of 2015 with all its channels. */
export const AT = '2015-06'
export const lawOf = (policy: Policy): Law => compileLaw(policy, parseMonth(AT)!)

/** Persons as rows, drawn without regard to any place: every level occurs, one cell in fifty is unknown. */
export function drawRows(facts: readonly FactDefinition[], persons: number): FactRow[] {
  const key = seedKey('bench policy')
  const all = new Float64Array(persons * facts.length)
  return Array.from({ length: persons }, (_, person) => {
    const row = all.subarray(person * facts.length, (person + 1) * facts.length)
    for (const [slot, { type, unit, name }] of facts.entries()) {
      const u = uniform(key, person, slot, 0)
      const [least, most] =
        type.kind === 'boolean'
          ? [0, 1]
          : 'values' in type
            ? [0, type.values.length - 1]
            : unit === 'months'
              ? [0, 240]
              : name === 'unlawful_birth_5y'
                ? [0, 1]
                : type.kind === 'number'
                  ? [type.min, Math.min(type.max, 2000)]
                  : [0, 0]
      row[slot] = u < 0.02 ? NaN : least + Math.floor(((u - 0.02) / 0.98) * (most - least + 1))
    }
    return row
  })
}

export const columnsOf = (facts: readonly FactDefinition[], rows: readonly FactRow[]): Column[] =>
  facts.map((fact, slot) => {
    const codes = codesOf(fact)
    const column = codes ? new Uint16Array(rows.length) : new Float64Array(rows.length)
    const { least } = codes ?? { least: 0 }
    rows.forEach((row, person) => put(column, person, row[slot], least))
    return column
  })

/** What both ways have to agree on, in every bit: by channel, and by person within it. */
export interface Judged {
  open: Uint8Array[]
  score: Float64Array[]
}

export const blank = (law: Law, persons: number): Judged => ({
  open: law.channels.map(() => new Uint8Array(persons)),
  score: law.channels.map(({ points }) => new Float64Array(points ? persons : 0)),
})

export function overColumns(
  law: Law,
  facts: readonly FactDefinition[],
  persons: readonly Column[],
  into: Judged,
): void {
  const { columns, channels, judge } = compileColumns(law, facts)
  const many = persons[0].length
  for (let from = 0; from < many; from += BLOCK) {
    const count = Math.min(BLOCK, many - from)
    columns.forEach((column, slot) => column?.set(persons[slot].subarray(from, from + count)))
    judge(count)
    for (const [k, { open, score }] of channels.entries()) {
      into.open[k].set(open.subarray(0, count), from)
      if (score) into.score[k].set(score.subarray(0, count), from)
    }
  }
}

export function byWalking(law: Law, rows: readonly FactRow[], into: Judged): void {
  for (let person = 0; person < rows.length; person++)
    for (let k = 0; k < law.channels.length; k++) {
      const { conditions, points } = law.channels[k]
      const score = points ? total(points.tree, rows[person]) : 0
      if (points) into.score[k][person] = score
      into.open[k][person] = holds(conditions, points, score, rows[person])
    }
}

function holds(
  conditions: CompiledChannel['conditions'],
  points: CompiledChannel['points'],
  score: number,
  row: FactRow,
): number {
  let all = YES
  for (const { kind, expression } of conditions) {
    const met =
      kind === 'score' ? (score === score ? Number(score >= points!.atLeast) : NaN) : value(expression!, row)
    if (met === 0) return NO
    if (met !== 1) all = UNKNOWN
  }
  return all
}

function total({ parts, factors, floor, cap, fractional }: ScoreTree, row: FactRow): number {
  let sum = 0
  for (const part of parts) sum += worth(part, row)
  for (const { guard, times } of factors) {
    const holds = guard ? value(guard, row) : 1
    if (holds !== 0) sum = sum === 0 ? 0 : holds * sum * times
  }
  const held = Math.min(Math.max(sum, floor), cap)
  return fractional ? Math.round(held * 1e6) / 1e6 : held
}

function worth(part: ScorePart, row: FactRow): number {
  if (part.kind === 'line') {
    const holds = part.guard ? value(part.guard, row) : 1
    if (holds === 0) return 0
    const points = byRule(part.rule, row)
    const held = points === 0 ? 0 : holds * points
    const { cap } = part
    return cap === undefined ? held : cap < 0 ? Math.max(held, cap) : Math.min(held, cap)
  }
  let sum = 0
  let best = -Infinity
  for (const inner of part.of) {
    const points = worth(inner, row)
    sum += points
    best = Math.max(best, points)
  }
  return Math.min(part.highest ? best : sum, part.cap)
}

function byRule(rule: ScoreLine['rule'], row: FactRow): number {
  switch (rule.kind) {
    case 'flag':
      return rule.points
    case 'levels':
      return row[rule.slot] === row[rule.slot] ? rule.byCode[row[rule.slot]] : NaN
    case 'each': {
      const quantity = value(rule.of, row)
      switch (rule.round) {
        case 'down':
          return Math.floor(quantity) * rule.points
        case 'up':
          return Math.ceil(quantity) * rule.points
        case 'nearest':
          return Math.round(quantity) * rule.points
        default:
          return quantity * rule.points
      }
    }
    case 'steps': {
      const quantity = value(rule.of, row)
      let points = quantity === quantity ? 0 : NaN
      for (const step of rule.steps) if (quantity >= step.from) points = step.points
      return points
    }
    case 'bands': {
      const quantity = value(rule.of, row)
      if (quantity !== quantity) return NaN
      for (const band of rule.bands) if (quantity >= band.from && quantity <= band.to) return band.points
      return 0
    }
  }
}

function value(expression: Expression, row: FactRow): number {
  switch (expression.op) {
    case 'constant':
      return expression.value
    case 'fact':
      return row[expression.slot]
    case '!':
      return 1 - value(expression.of, row)
    case 'negate':
      return -value(expression.of, row)
    case '&&': {
      const left = value(expression.left, row)
      if (left === 0) return 0
      const right = value(expression.right, row)
      return right === 0 ? 0 : left * right
    }
    case '||': {
      const left = value(expression.left, row)
      if (left === 1) return 1
      const right = value(expression.right, row)
      return right === 1 ? 1 : left + right
    }
    case 'in': {
      const item = value(expression.of, row)
      return item !== item ? NaN : expression.values.includes(item) ? 1 : 0
    }
    case 'min':
    case 'max': {
      let extreme = value(expression.args[0], row)
      for (let i = 1; i < expression.args.length; i++) {
        const next = value(expression.args[i], row)
        extreme = expression.op === 'min' ? Math.min(extreme, next) : Math.max(extreme, next)
      }
      return extreme
    }
    case '?:': {
      const test = value(expression.test, row)
      if (test === 1) return value(expression.then, row)
      if (test === 0) return value(expression.otherwise, row)
      const [then, otherwise] = [value(expression.then, row), value(expression.otherwise, row)]
      return then === otherwise ? then : NaN
    }
  }
  const left = value(expression.left, row)
  const right = value(expression.right, row)
  switch (expression.op) {
    case '+':
      return left + right
    case '-':
      return left - right
    case '*':
      return left * right
    case '/':
      return right === 0 ? NaN : left / right
    case '%':
      return left % right
  }
  if (left !== left || right !== right) return NaN
  switch (expression.op) {
    case '==':
      return left === right ? 1 : 0
    case '!=':
      return left !== right ? 1 : 0
    case '<':
      return left < right ? 1 : 0
    case '<=':
      return left <= right ? 1 : 0
    case '>':
      return left > right ? 1 : 0
    case '>=':
      return left >= right ? 1 : 0
  }
}
