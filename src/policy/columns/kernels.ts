/**
 * The passes over a block, one loop each. Every loop has its own function, so that the engine sees one kind of array
 * in it. The arithmetic is that of policy/expression/compile, in the same order.
 *
 * A branch upon a person's value is guessed wrong as often as not and then costs more than ten passes. Comparisons are
 * therefore reckoned with (`Number(a < b)` has no branch), and of two values one is taken by its place in `pick`.
 */
import type { Arithmetic, Comparison } from '../expression/check.js'
import {
  NO,
  UNKNOWN,
  YES,
  type Codes,
  type Quantities,
  type Step,
  type Table,
  type Truth,
} from './vectors.js'

/** Truth by how two values stand: not known, below, above, equal. */
const COMPARE: Record<Comparison, Uint8Array> = {
  '==': Uint8Array.of(UNKNOWN, NO, NO, YES),
  '!=': Uint8Array.of(UNKNOWN, YES, YES, NO),
  '<': Uint8Array.of(UNKNOWN, YES, NO, NO),
  '<=': Uint8Array.of(UNKNOWN, YES, NO, YES),
  '>': Uint8Array.of(UNKNOWN, NO, YES, NO),
  '>=': Uint8Array.of(UNKNOWN, NO, YES, YES),
}

export const compare = (op: Comparison, a: Quantities, b: Quantities, { bytes }: Truth): Step => {
  const table = COMPARE[op]
  return count => {
    const { data: x, at: i0 } = a
    const { data: y, at: j0 } = b
    for (let i = 0; i < count; i++) {
      const p = x[i0 + i]
      const q = y[j0 + i]
      bytes[i] = table[Number(p <= q) + 2 * Number(p >= q)]
    }
  }
}

/** Most conditions compare a fact with a number. */
export const compareTo = (op: Comparison, a: Quantities, value: number, { bytes }: Truth): Step => {
  const table = COMPARE[op]
  return count => {
    const { data, at } = a
    for (let i = 0; i < count; i++) {
      const p = data[at + i]
      bytes[i] = table[Number(p <= value) + 2 * Number(p >= value)]
    }
  }
}

type Reckon = (a: Quantities, b: Quantities, out: Quantities) => Step

export const RECKON: Record<Arithmetic | 'min' | 'max', Reckon> = {
  '+': (a, b, out) => count => {
    const { data: x, at: i0 } = a
    const { data: y, at: j0 } = b
    const result = out.data
    for (let i = 0; i < count; i++) result[i] = x[i0 + i] + y[j0 + i]
  },
  '-': (a, b, out) => count => {
    const { data: x, at: i0 } = a
    const { data: y, at: j0 } = b
    const result = out.data
    for (let i = 0; i < count; i++) result[i] = x[i0 + i] - y[j0 + i]
  },
  '*': (a, b, out) => count => {
    const { data: x, at: i0 } = a
    const { data: y, at: j0 } = b
    const result = out.data
    for (let i = 0; i < count; i++) result[i] = x[i0 + i] * y[j0 + i]
  },
  '/': (a, b, out) => count => {
    const { data: x, at: i0 } = a
    const { data: y, at: j0 } = b
    for (let i = 0; i < count; i++) {
      const divisor = y[j0 + i]
      out.data[i] = divisor === 0 ? NaN : x[i0 + i] / divisor
    }
  },
  '%': (a, b, out) => count => {
    const { data: x, at: i0 } = a
    const { data: y, at: j0 } = b
    const result = out.data
    for (let i = 0; i < count; i++) result[i] = x[i0 + i] % y[j0 + i]
  },
  /** As Math.min: unknown if either is. */
  min: (a, b, out) => {
    const pick = new Float64Array(2)
    return count => {
      const { data: x, at: i0 } = a
      const { data: y, at: j0 } = b
      const result = out.data
      for (let i = 0; i < count; i++) {
        const p = (pick[0] = x[i0 + i])
        const q = (pick[1] = y[j0 + i])
        result[i] = pick[(1 - Number(p <= q)) & Number(p === p)]
      }
    }
  },
  max: (a, b, out) => {
    const pick = new Float64Array(2)
    return count => {
      const { data: x, at: i0 } = a
      const { data: y, at: j0 } = b
      const result = out.data
      for (let i = 0; i < count; i++) {
        const p = (pick[0] = x[i0 + i])
        const q = (pick[1] = y[j0 + i])
        result[i] = pick[(1 - Number(p >= q)) & Number(p === p)]
      }
    }
  },
}

export const negate =
  (of: Quantities, out: Quantities): Step =>
  count => {
    const { data, at } = of
    const result = out.data
    for (let i = 0; i < count; i++) result[i] = -data[at + i]
  }

/** `a` and `out` may be the same. */
export const and =
  (a: Truth, b: Truth, out: Truth): Step =>
  count => {
    const [x, y, z, words] = [a.words, b.words, out.words, (count + 3) >> 2]
    for (let i = 0; i < words; i++) z[i] = x[i] & y[i]
  }

export const or =
  (a: Truth, b: Truth, out: Truth): Step =>
  count => {
    const [x, y, z, words] = [a.words, b.words, out.words, (count + 3) >> 2]
    for (let i = 0; i < words; i++) z[i] = x[i] | y[i]
  }

/** What may be true may be false: the bits change places and turn over. */
export const not =
  (of: Truth, out: Truth): Step =>
  count => {
    const [x, z, words] = [of.words, out.words, (count + 3) >> 2]
    for (let i = 0; i < words; i++)
      z[i] = (((x[i] & 0x01010101) << 1) | ((x[i] >>> 1) & 0x01010101)) ^ 0x03030303
  }

export const isIn = (of: Quantities, values: readonly number[], { bytes }: Truth): Step => {
  const list = Float64Array.from(values)
  return count => {
    const { data, at } = of
    for (let i = 0; i < count; i++) {
      const value = data[at + i]
      let found = 0
      for (let k = 0; k < list.length; k++) found |= Number(value === list[k])
      bytes[i] = found * YES + Number(value !== value) * UNKNOWN
    }
  }
}

/** Not known which of the two: known where both agree. */
export const chooseTruth = (test: Truth, then: Truth, otherwise: Truth, { bytes }: Truth): Step => {
  const pick = new Uint8Array(4)
  return count => {
    for (let i = 0; i < count; i++) {
      const [chosen, a, b] = [test.bytes[i], then.bytes[i], otherwise.bytes[i]]
      pick[NO] = b
      pick[YES] = a
      pick[UNKNOWN] = UNKNOWN + (a - UNKNOWN) * Number(a === b)
      bytes[i] = pick[chosen]
    }
  }
}

export const chooseQuantity = (
  test: Truth,
  then: Quantities,
  otherwise: Quantities,
  out: Quantities,
): Step => {
  const pick = new Float64Array(4)
  pick[UNKNOWN] = NaN
  return count => {
    const { data: x, at: i0 } = then
    const { data: y, at: j0 } = otherwise
    for (let i = 0; i < count; i++) {
      const chosen = test.bytes[i]
      const a = (pick[YES] = x[i0 + i])
      const b = (pick[NO] = y[j0 + i])
      out.data[i] = pick[chosen - UNKNOWN * Number(chosen === UNKNOWN) * Number(a === b)]
    }
  }
}

/** A condition on one coded fact; four rows a word, the last ones alone. */
export const truthByCode =
  (of: Codes, table: Uint8Array, { bytes, words }: Truth): Step =>
  count => {
    const { data, at } = of
    const whole = count >> 2
    for (let word = 0, i = at; word < whole; word++, i += 4)
      words[word] =
        table[data[i]] | (table[data[i + 1]] << 8) | (table[data[i + 2]] << 16) | (table[data[i + 3]] << 24)
    for (let i = whole * 4; i < count; i++) bytes[i] = table[data[at + i]]
  }

/** A quantity that depends on one coded fact. */
export const quantityByCode =
  ({ codes, values }: Table, out: Quantities): Step =>
  count => {
    const { data, at } = codes
    const result = out.data
    for (let i = 0; i < count; i++) result[i] = values[data[at + i]]
  }

export const quantityOfTruth =
  (of: Truth, table: Float64Array, out: Quantities): Step =>
  count => {
    for (let i = 0; i < count; i++) out.data[i] = table[of.bytes[i]]
  }

export const copy =
  (of: Quantities, out: Quantities): Step =>
  count => {
    const { data, at } = of
    const result = out.data
    for (let i = 0; i < count; i++) result[i] = data[at + i]
  }

/** A computed fact whose codes begin with 0. */
export const codesOfQuantity =
  (of: Quantities, out: Codes): Step =>
  count => {
    const { data, at } = of
    const result = out.data
    for (let i = 0; i < count; i++) {
      const value = data[at + i]
      result[i] = value === value ? value + 1 : 0
    }
  }
