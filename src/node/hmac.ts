/**
 * HMAC-SHA-256 (RFC 2104, FIPS 180-4) of many short texts under one key. The platform's own sets up an object and a
 * key schedule for each text, which takes longer than reading the row that the text is the id of; here the key's two
 * blocks are hashed once. A test holds it to the platform's.
 */

/** The first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
const K = new Int32Array(64)
/** Likewise of the square roots of the first eight. */
const START = new Int32Array(8)

// Exact in whole numbers: floor(root · 2³²) by bisection, so that no engine's roots matter.
for (let candidate = 2, found = 0; found < 64; candidate++) {
  if (Array.from({ length: candidate - 2 }, (_, k) => k + 2).some(divisor => candidate % divisor === 0))
    continue
  K[found] = Number(BigInt.asIntN(32, rootOf(BigInt(candidate) << 96n, 3n)))
  if (found < 8) START[found] = Number(BigInt.asIntN(32, rootOf(BigInt(candidate) << 64n, 2n)))
  found++
}

function rootOf(power: bigint, degree: bigint): bigint {
  let [low, high] = [0n, 1n << 40n]
  while (high - low > 1n) {
    const middle = (low + high) >> 1n
    if (middle ** degree <= power) low = middle
    else high = middle
  }
  return low
}

const W = new Int32Array(64)

/** One block of 64 bytes into the state. */
function compress(state: Int32Array, block: Uint8Array, at: number): void {
  for (let t = 0; t < 16; t++, at += 4)
    W[t] = (block[at] << 24) | (block[at + 1] << 16) | (block[at + 2] << 8) | block[at + 3]
  for (let t = 16; t < 64; t++) {
    const x = W[t - 15]
    const y = W[t - 2]
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10)
    W[t] = (W[t - 16] + s0 + W[t - 7] + s1) | 0
  }
  let a = state[0]
  let b = state[1]
  let c = state[2]
  let d = state[3]
  let e = state[4]
  let f = state[5]
  let g = state[6]
  let h = state[7]
  for (let t = 0; t < 64; t++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[t] + W[t]) | 0
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
    h = g
    g = f
    f = e
    e = (d + t1) | 0
    d = c
    c = b
    b = a
    a = (t1 + t2) | 0
  }
  state[0] += a
  state[1] += b
  state[2] += c
  state[3] += d
  state[4] += e
  state[5] += f
  state[6] += g
  state[7] += h
}

const BLOCK = 64

/** @param key of 64 bytes or fewer */
export class Hmac {
  private readonly inner: Int32Array
  private readonly outer: Int32Array
  private readonly state = new Int32Array(8)
  private buffer = new Uint8Array(4 * BLOCK)
  private readonly encoder = new TextEncoder()

  constructor(key: Uint8Array) {
    if (key.length > BLOCK) throw new RangeError('a key is no longer than a block')
    const pad = (byte: number) => {
      const block = new Uint8Array(BLOCK).fill(byte)
      for (const [k, part] of key.entries()) block[k] ^= part
      const state = START.slice()
      compress(state, block, 0)
      return state
    }
    this.inner = pad(0x36)
    this.outer = pad(0x5c)
  }

  /** The first 64 bits of a text's code, in hexadecimal. */
  short(text: string): string {
    const { state } = this
    // Three bytes a character at most, and what ends the message.
    if (text.length * 3 + BLOCK + 9 > this.buffer.length)
      this.buffer = new Uint8Array(text.length * 3 + 2 * BLOCK)
    state.set(this.inner)
    this.finish(this.encoder.encodeInto(text, this.buffer).written)
    for (let k = 0; k < 8; k++) {
      const word = state[k]
      this.buffer[4 * k] = word >>> 24
      this.buffer[4 * k + 1] = word >>> 16
      this.buffer[4 * k + 2] = word >>> 8
      this.buffer[4 * k + 3] = word
    }
    state.set(this.outer)
    this.finish(32)
    return hex(state[0]) + hex(state[1])
  }

  /** The message of so many bytes in the buffer, behind the key's block that the state already holds. */
  private finish(length: number): void {
    const { buffer, state } = this
    const blocks = Math.ceil((length + 9) / BLOCK)
    buffer.fill(0, length, blocks * BLOCK)
    buffer[length] = 0x80
    const bits = (length + BLOCK) * 8
    for (let k = 0; k < 4; k++) buffer[blocks * BLOCK - 1 - k] = bits >>> (8 * k)
    for (let block = 0; block < blocks; block++) compress(state, buffer, block * BLOCK)
  }
}

/** Four hexadecimal digits of each number of 16 bits: written out once, since they are most of the time otherwise. */
const DIGITS = Array.from({ length: 1 << 16 }, (_, half) => half.toString(16).padStart(4, '0'))
const hex = (word: number): string => DIGITS[word >>> 16] + DIGITS[word & 0xffff]
