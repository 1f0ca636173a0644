/**
 * A module of WebAssembly with one function, written instruction by instruction: the part of the format that a law
 * needs (WebAssembly Core Specification 2.0, chapter 5), and the layout of its memory. What goes in are numbers of the
 * typed tree; no text of a user comes near it.
 */

/** Types of values, by their bytes. */
export const I32 = 0x7f
export const F64 = 0x7c
export const V128 = 0x7b
export type ValueType = typeof I32 | typeof F64 | typeof V128

/** Instructions without operands of their own. Those above 0xff have a prefix. */
export const OP = {
  i32: { eqz: 0x45, eq: 0x46, ltU: 0x49, add: 0x6a, sub: 0x6b, mul: 0x6c, and: 0x71, or: 0x72, xor: 0x73, shl: 0x74, shrS: 0x75, shrU: 0x76, ofF64: 0xfc02 },
  i64: { and: 0x83, or: 0x84, xor: 0x85, ofI32: 0xac, ofF64: 0xbd },
  f64: { eq: 0x61, ne: 0x62, lt: 0x63, gt: 0x64, le: 0x65, ge: 0x66, neg: 0x9a, ceil: 0x9b, floor: 0x9c, add: 0xa0, sub: 0xa1, mul: 0xa2, div: 0xa3, ofI32: 0xb7, ofBits: 0xbf },
  f64x2: { splat: 0xfd14, ne: 0xfd48, pmin: 0xfdf601, pmax: 0xfdf701 },
  v128: { or: 0xfd50 },
  select: 0x1b,
} // prettier-ignore

/** Runs over the first `count` rows of the block. */
export type Run = (count: number) => void

// The engine's own, in Node and in browsers alike; the types of TypeScript know it among those of a page alone.
declare const WebAssembly: {
  Memory: new (limits: { initial: number }) => { buffer: ArrayBuffer }
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object, imports: object) => { exports: { run: Run } }
}

const PAGE = 1 << 16

/** The body of the function, and what of memory it reads and writes. */
export class Assembly {
  private readonly code: number[] = []
  private readonly locals: ValueType[] = []
  private readonly tables: { offset: number; values: Float64Array | Uint8Array }[] = []
  private size = 0
  /** The running row, and it times 2 and 8. */
  readonly row = this.local(I32)
  readonly row2 = this.local(I32)
  readonly row8 = this.local(I32)

  /** A variable of the function; the count of rows is variable 0. */
  local(type: ValueType): number {
    return this.locals.push(type)
  }

  /** Bytes of memory. @returns where they begin */
  reserve(bytes: number): number {
    const offset = this.size
    this.size += (bytes + 15) & ~15
    return offset
  }

  /** Memory that holds these values. */
  table(values: Float64Array | Uint8Array): number {
    const offset = this.reserve(values.byteLength)
    this.tables.push({ offset, values })
    return offset
  }

  op(...instructions: number[]): this {
    for (const instruction of instructions) this.code.push(...opcode(instruction))
    return this
  }

  get(local: number): this {
    return this.with(0x20, local)
  }
  set(local: number): this {
    return this.with(0x21, local)
  }
  /** Sets and leaves the value where it is. */
  tee(local: number): this {
    return this.with(0x22, local)
  }

  i32(value: number): this {
    this.code.push(0x41, ...signed(value))
    return this
  }
  f64(value: number): this {
    this.code.push(0x44, ...new Uint8Array(Float64Array.of(value).buffer))
    return this
  }

  /** The remainder, as JavaScript has it: WebAssembly has none of doubles. */
  remainder(): this {
    return this.with(0x10, 0)
  }

  /** Of a vector of two, the first. */
  first(): this {
    this.code.push(...opcode(0xfd21), 0)
    return this
  }

  // Reads and writes: what lies `offset` bytes beyond the address on the stack. Alignment is a hint, 2 to this power.
  loadByte = (offset: number): this => this.with(0x2d, 0, offset)
  loadCode = (offset: number): this => this.with(0x2f, 1, offset)
  loadF64 = (offset: number): this => this.with(0x2b, 3, offset)
  storeByte = (offset: number): this => this.with(0x3a, 0, offset)
  storeF64 = (offset: number): this => this.with(0x39, 3, offset)

  /** @returns the function, and the memory that it works on */
  assemble(): { run: Run; memory: ArrayBuffer } {
    const memory = new WebAssembly.Memory({ initial: Math.ceil((this.size + 1) / PAGE) })
    for (const { offset, values } of this.tables)
      new Uint8Array(memory.buffer, offset).set(new Uint8Array(values.buffer, 0, values.byteLength))
    const remainder = (a: number, b: number) => a % b
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(this.module()), {
      m: { m: memory, r: remainder },
    })
    return { run: exports.run, memory: memory.buffer }
  }

  private with(instruction: number, ...operands: number[]): this {
    this.code.push(instruction, ...operands.flatMap(unsigned))
    return this
  }

  private module(): Uint8Array {
    const name = (text: string) => [...unsigned(text.length), ...[...text].map(char => char.charCodeAt(0))]
    const list = (...items: number[][]) => [...unsigned(items.length), ...items.flat()]
    const section = (id: number, content: number[]) => [id, ...unsigned(content.length), ...content]
    const body = this.loop(list)
    return Uint8Array.from([
      ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
      ...section(1, list([0x60, 2, F64, F64, 1, F64], [0x60, 1, I32, 0])),
      ...section(2, list([...name('m'), ...name('r'), 0, 0], [...name('m'), ...name('m'), 2, 0, 0])),
      ...section(3, list([1])),
      ...section(7, list([...name('run'), 0, 1])),
      ...section(10, list([...unsigned(body.length), ...body])),
    ])
  }

  /** The code, once for each row. */
  private loop(list: (...items: number[][]) => number[]): number[] {
    const { row, row2, row8 } = this
    const head = new Assembly()
    head.get(row).i32(1).op(OP.i32.shl).set(row2).get(row).i32(3).op(OP.i32.shl).set(row8)
    const next = new Assembly()
    next.get(row).i32(1).op(OP.i32.add).tee(row).get(0).op(OP.i32.ltU)
    return [
      ...list(...this.locals.map(type => [1, type])),
      ...[0x03, 0x40], // loop
      ...head.code,
      ...this.code,
      ...next.code,
      ...[0x0d, 0x00], // once more, if rows are left
      ...[0x0b, 0x0b],
    ]
  }
}

const opcode = (instruction: number): number[] =>
  instruction > 0xffff
    ? [instruction >> 16, (instruction >> 8) & 255, instruction & 255]
    : instruction > 0xff
      ? [instruction >> 8, ...unsigned(instruction & 255)]
      : [instruction]

/** LEB128. */
function unsigned(value: number): number[] {
  const bytes: number[] = []
  do {
    bytes.push((value & 127) | (value > 127 ? 128 : 0))
    value >>>= 7
  } while (value > 0)
  return bytes
}

function signed(value: number): number[] {
  const bytes: number[] = []
  for (;;) {
    const low = value & 127
    value >>= 7
    const done = (value === 0 && low < 64) || (value === -1 && low >= 64)
    bytes.push(done ? low : low | 128)
    if (done) return bytes
  }
}
