/**
 * Luck is a pure function: `uniform(key, person, decision, month)`. A counter-based generator without state or
 * call order: nothing that is asked before moves a draw, so scenarios stay paired to the person whatever comes,
 * goes, is added or runs on which thread.
 *
 * The generator is Threefry-2x32 with 20 rounds (Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy
 * as 1, 2, 3", SC'11), chosen among the published ones because it is add, rotate and xor of 32-bit words alone,
 * which JavaScript does without loss. Its known-answer vectors are in test/evidence.
 */
import seedrandom from 'seedrandom'

/** Two 32-bit words. */
export type SeedKey = readonly [number, number]

const PARITY = 0x1bd11bda

/** The second word of the last block; a module variable because returning a pair would allocate in the hot loop. */
let second = 0

/** One block of Threefry-2x32-20. @returns the first word; `secondWord()` gives the other. */
// prettier-ignore
export function threefry(key0: number, key1: number, counter0: number, counter1: number): number {
  const key2 = PARITY ^ key0 ^ key1
  let x0 = (counter0 + key0) | 0
  let x1 = (counter1 + key1) | 0
  // Rotations 13 15 26 6 | 17 29 16 24, key injected after every four rounds.
  x0 = (x0 + x1) | 0; x1 = ((x1 << 13) | (x1 >>> 19)) ^ x0
  x0 = (x0 + x1) | 0; x1 = ((x1 << 15) | (x1 >>> 17)) ^ x0
  x0 = (x0 + x1) | 0; x1 = ((x1 << 26) | (x1 >>> 6)) ^ x0
  x0 = (x0 + x1) | 0; x1 = ((x1 << 6) | (x1 >>> 26)) ^ x0
  x0 = (x0 + key1) | 0; x1 = (x1 + key2 + 1) | 0
  x0 = (x0 + x1) | 0; x1 = ((x1 << 17) | (x1 >>> 15)) ^ x0
  x0 = (x0 + x1) | 0; x1 = ((x1 << 29) | (x1 >>> 3)) ^ x0
  x0 = (x0 + x1) | 0; x1 = ((x1 << 16) | (x1 >>> 16)) ^ x0
  x0 = (x0 + x1) | 0; x1 = ((x1 << 24) | (x1 >>> 8)) ^ x0
  x0 = (x0 + key2) | 0; x1 = (x1 + key0 + 2) | 0
  x0 = (x0 + x1) | 0; x1 = ((x1 << 13) | (x1 >>> 19)) ^ x0
  x0 = (x0 + x1) | 0; x1 = ((x1 << 15) | (x1 >>> 17)) ^ x0
  x0 = (x0 + x1) | 0; x1 = ((x1 << 26) | (x1 >>> 6)) ^ x0
  x0 = (x0 + x1) | 0; x1 = ((x1 << 6) | (x1 >>> 26)) ^ x0
  x0 = (x0 + key0) | 0; x1 = (x1 + key1 + 3) | 0
  x0 = (x0 + x1) | 0; x1 = ((x1 << 17) | (x1 >>> 15)) ^ x0
  x0 = (x0 + x1) | 0; x1 = ((x1 << 29) | (x1 >>> 3)) ^ x0
  x0 = (x0 + x1) | 0; x1 = ((x1 << 16) | (x1 >>> 16)) ^ x0
  x0 = (x0 + x1) | 0; x1 = ((x1 << 24) | (x1 >>> 8)) ^ x0
  x0 = (x0 + key1) | 0; x1 = (x1 + key2 + 4) | 0
  x0 = (x0 + x1) | 0; x1 = ((x1 << 13) | (x1 >>> 19)) ^ x0
  x0 = (x0 + x1) | 0; x1 = ((x1 << 15) | (x1 >>> 17)) ^ x0
  x0 = (x0 + x1) | 0; x1 = ((x1 << 26) | (x1 >>> 6)) ^ x0
  x0 = (x0 + x1) | 0; x1 = ((x1 << 6) | (x1 >>> 26)) ^ x0
  x0 = (x0 + key2) | 0; x1 = (x1 + key0 + 5) | 0
  second = x1
  return x0
}

/** The second word of the last `threefry` block. */
export const secondWord = (): number => second

/** The key that the user's seed words stand for. */
export function seedKey(words: string): SeedKey {
  const stream = seedrandom(words)
  return [stream.int32(), stream.int32()]
}

/** A key of its own for replicate (or chain, or stage) `index` under `key`. */
export function subKey(key: SeedKey, index: number): SeedKey {
  const first = threefry(key[0], key[1], index, 0x7265706c)
  return [first, second]
}

/**
 * Which luck is meant. A number is given once and never re-used: adding a decision moves no other draw.
 * 0–99 synthesis, 100–199 behaviour, 200–299 parameters and noise, 300–399 calibration.
 */
export const DECISIONS = {
  keep: 0,
  arrive: 1,
  willing: 100,
  ready: 101,
  frailty: 102,
  aware: 103,
  apply: 104,
  channel: 105,
  joinHead: 106,
  coRegister: 107,
  keepOneRural: 108,
  presence: 109,
  exit: 110,
  ordinary: 111,
  permit: 112,
  leaseFiling: 113,
  purchase: 114,
  insuredStart: 115,
  insuredEnd: 116,
  pointsTie: 117,
  presenceLag: 118,
  assumedFact: 119,
  parameter: 200,
  row: 201,
  baseNoise: 202,
  bootstrap: 203,
} as const

const DENOMINATOR = 1 / 9007199254740992

/**
 * A uniform on (0, 1) with 53 random bits; never 0 or 1.
 * @param person   a 32-bit key
 * @param decision a number of its own (DECISIONS), below 2¹⁶
 * @param month    below 2¹⁶; 0 where the draw belongs to no month
 */
export function uniform(key: SeedKey, person: number, decision: number, month: number): number {
  const high = threefry(key[0], key[1], person, (decision << 16) | month) >>> 0
  return ((high >>> 5) * 67108864 + (second >>> 6) + 0.5) * DENOMINATOR
}

/** A 32-bit key for a name, e.g. a parameter id (FNV-1a). */
export function nameKey(name: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193)
  return hash >>> 0
}
