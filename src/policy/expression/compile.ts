/**
 * A checked expression into a function over a row of facts. Conditions follow Kleene's strong three-valued logic
 * (Introduction to Metamathematics, 1952, §64): 1 true, 0 false, NaN unknown; unknown && false is false,
 * unknown || true is true. A quantity that meets an unknown fact, or a division by zero, is unknown.
 */
import type { FactRow } from '../facts.js'
import type { Arithmetic, Comparison, Expression } from './check.js'

export type Evaluate = (row: FactRow) => number

const COMPARE: Record<Comparison, (a: number, b: number) => boolean> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
}

const RECKON: Record<Arithmetic, (a: number, b: number) => number> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => (b === 0 ? NaN : a / b),
  '%': (a, b) => a % b,
}

export function compile(expression: Expression): Evaluate {
  switch (expression.op) {
    case 'constant': {
      const { value } = expression
      return () => value
    }
    case 'fact': {
      const { slot } = expression
      return row => row[slot]
    }
    case '!': {
      const of = compile(expression.of)
      return row => 1 - of(row)
    }
    case 'negate': {
      const of = compile(expression.of)
      return row => -of(row)
    }
    case '&&':
      return and([compile(expression.left), compile(expression.right)])
    case '||': {
      const [left, right] = [compile(expression.left), compile(expression.right)]
      return row => {
        const a = left(row)
        if (a === 1) return 1
        const b = right(row)
        return b === 1 ? 1 : a + b
      }
    }
    case 'in': {
      const [of, values] = [compile(expression.of), expression.values]
      return row => {
        const a = of(row)
        return Number.isNaN(a) ? NaN : values.includes(a) ? 1 : 0
      }
    }
    case 'min':
    case 'max': {
      const args = expression.args.map(compile)
      const pick = expression.op === 'min' ? Math.min : Math.max
      return row => {
        let value = args[0](row)
        for (let i = 1; i < args.length; i++) value = pick(value, args[i](row))
        return value
      }
    }
    case '?:': {
      const [test, then, otherwise] = [expression.test, expression.then, expression.otherwise].map(compile)
      return row => {
        const chosen = test(row)
        if (!Number.isNaN(chosen)) return chosen === 1 ? then(row) : otherwise(row)
        const [a, b] = [then(row), otherwise(row)]
        return a === b ? a : NaN
      }
    }
    case '+':
    case '-':
    case '*':
    case '/':
    case '%': {
      const [left, right, reckon] = [
        compile(expression.left),
        compile(expression.right),
        RECKON[expression.op],
      ]
      return row => reckon(left(row), right(row))
    }
    default:
      return comparison(expression.op, expression.left, expression.right)
  }
}

function comparison(op: Comparison, a: Expression, b: Expression): Evaluate {
  if (a.op === 'fact' && b.op === 'constant') return factComparison(op, a.slot, b.value)
  const [left, right, compare] = [compile(a), compile(b), COMPARE[op]]
  return row => {
    const x = left(row)
    const y = right(row)
    return x !== x || y !== y ? NaN : compare(x, y) ? 1 : 0
  }
}

/** By far the most common condition, without a call inside. `x !== x` is true of NaN alone. */
function factComparison(op: Comparison, slot: number, value: number): Evaluate {
  switch (op) {
    case '==':
      return row => (row[slot] === value ? 1 : row[slot] !== row[slot] ? NaN : 0)
    case '!=':
      return row => (row[slot] === value ? 0 : row[slot] !== row[slot] ? NaN : 1)
    case '<':
      return row => (row[slot] < value ? 1 : row[slot] >= value ? 0 : NaN)
    case '<=':
      return row => (row[slot] <= value ? 1 : row[slot] > value ? 0 : NaN)
    case '>':
      return row => (row[slot] > value ? 1 : row[slot] <= value ? 0 : NaN)
    case '>=':
      return row => (row[slot] >= value ? 1 : row[slot] < value ? 0 : NaN)
  }
}

/** All of them hold; none at all is true. */
export function and(tests: readonly Evaluate[]): Evaluate {
  if (tests.length === 1) return tests[0]
  return row => {
    let all = 1
    for (let i = 0; i < tests.length; i++) {
      const value = tests[i](row)
      if (value === 0) return 0
      all *= value
    }
    return all
  }
}
