/**
 * Columns of facts, and the vectors of a block that kernels write. A fact with few values is a column of codes, any
 * other of doubles; truth is a byte of two bits.
 */
import type { FactDefinition } from '../facts.js'

/** Rows worked at a time, so that what lies between two kernels stays in the first caches. A multiple of 4. */
export const BLOCK = 1024

/** One value a person: doubles, NaN where not known; or codes, 0 where not known, else the value − least + 1. */
export type Column = Uint16Array | Float64Array

/**
 * Kleene's three values, so that "and" is `&` and "or" is `|`, on four rows at once: the low bit says that it may be
 * true, the high bit that it is.
 */
export const NO = 0
export const UNKNOWN = 1
export const YES = 3

/** A table of doubles by code should leave room in the first caches for the rest. */
const MOST_CODES = 4096

/** The values of a fact that is kept as codes; undefined for one that is kept as doubles. */
export function codesOf({ type }: FactDefinition): { least: number; count: number } | undefined {
  if (type.kind === 'boolean') return { least: 0, count: 2 }
  if ('values' in type) return { least: 0, count: type.values.length }
  const few = type.kind === 'number' && type.whole && type.max - type.min < MOST_CODES
  return few ? { least: type.min, count: type.max - type.min + 1 } : undefined
}

/** A column in which nothing is known. */
export const emptyColumn = (fact: FactDefinition, rows: number): Column =>
  codesOf(fact) ? new Uint16Array(rows) : new Float64Array(rows).fill(NaN)

/**
 * Write one value of a row into a column.
 * @returns false where codes cannot hold it: half a month of a fact that counts whole ones
 */
export function put(column: Column, at: number, value: number, least: number): boolean {
  if (column instanceof Float64Array) column[at] = value
  else column[at] = value === value ? value - least + 1 : 0
  return column instanceof Float64Array || value !== value || Number.isInteger(value)
}

/** Where a kernel reads codes: a column of the caller from `at` on, or a vector of the block. */
export class Codes {
  at = 0
  constructor(public data: Uint16Array) {}
}

/** What depends on one coded fact alone: its value by code. */
export interface Table {
  codes: Codes
  values: Float64Array
}

/** Where a kernel reads or writes quantities: likewise. */
export class Quantities {
  at = 0
  constructor(
    public data: Float64Array,
    /** A vector of the block that may be written anew once it has been read. */
    readonly scratch = false,
  ) {}
}

/** Truth of the rows of a block, and the same bytes four at a time. */
export class Truth {
  readonly words: Uint32Array
  constructor(readonly bytes = new Uint8Array(BLOCK)) {
    this.words = new Uint32Array(bytes.buffer)
  }
}

/** One pass over the first `count` rows of the block. */
export type Step = (count: number) => void

/** The passes in their order, and the vectors that lie between them. */
export class Program {
  readonly steps: Step[] = []
  private readonly quantities: Quantities[] = []
  private readonly truths: Truth[] = []

  quantity(): Quantities {
    return this.quantities.pop() ?? new Quantities(new Float64Array(BLOCK), true)
  }

  truth(): Truth {
    return this.truths.pop() ?? new Truth()
  }

  /** What has been read by the passes so far may hold something else from here on. */
  release(...vectors: (Quantities | Truth)[]): void {
    for (const vector of vectors)
      if (vector instanceof Truth) this.truths.push(vector)
      else if (vector.scratch) this.quantities.push(vector)
  }
}
