/** Columns of facts: few values as codes, any other as doubles. */
import type { FactDefinition } from '../facts.js'

/** Rows judged at a time: what is read and written for them stays in the first caches. */
export const BLOCK = 1024

/** One value a person: doubles, NaN where not known; or codes, 0 where not known, else the value − least + 1. */
export type Column = Uint16Array | Float64Array

/**
 * Kleene's three values in two bits, so that "and" is `&` and "or" is `|`: the low bit says that it may be true, the
 * high bit that it is.
 */
export const NO = 0
export const UNKNOWN = 1
export const YES = 3

/** A code has two bytes, and 0 is taken. */
const MOST_CODES = 65535

/** The values of a fact that is kept as codes; undefined for one that is kept as doubles. */
export function codesOf({ type }: FactDefinition): { least: number; count: number } | undefined {
  if (type.kind === 'boolean') return { least: 0, count: 2 }
  if ('values' in type) return { least: 0, count: type.values.length }
  if (type.kind !== 'number' || !type.whole || !Number.isInteger(type.min)) return undefined
  const count = type.max - type.min + 1
  return count <= MOST_CODES ? { least: type.min, count } : undefined
}

/**
 * Write one value of a row into a column.
 * @param least of the fact's codes, 0 for doubles
 * @returns false where codes cannot hold it: half a month of a fact that counts whole ones
 */
export function put(column: Column, at: number, value: number, least: number): boolean {
  if (column instanceof Float64Array) {
    column[at] = value
    return true
  }
  column[at] = value === value ? value - least + 1 : 0
  return value !== value || Number.isInteger(value)
}
