/** Lists of whole numbers, each kept once. */

/** A typed array that grows by doubling. */
export class Growing<T extends Float64Array | Uint32Array> {
  length = 0

  constructor(private items: T) {}

  push(value: number): void {
    if (this.length === this.items.length) {
      const longer = new (this.items.constructor as new (length: number) => T)(this.length * 2)
      longer.set(this.items)
      this.items = longer
    }
    this.items[this.length++] = value
  }

  /** What was pushed; valid until the next push. */
  get values(): T {
    return this.items.subarray(0, this.length) as T
  }
}

export const growingNumbers = () => new Growing(new Float64Array(1024))
export const growingWholes = () => new Growing(new Uint32Array(1024))

/**
 * Lists (of any length, entries below 2³²) numbered from 0 as they first come: a hash table in typed arrays, so that
 * a million of them cost no object each.
 */
export class DistinctLists {
  private readonly starts = growingWholes()
  private readonly items = growingWholes()
  /** A list's number + 1; 0 is free. Never more than half full. */
  private slots = new Uint32Array(2048)

  constructor() {
    this.starts.push(0)
  }

  get count(): number {
    return this.starts.length - 1
  }

  /** Where each list starts in `entries`, and at the end where the last one ends. */
  get offsets(): Uint32Array {
    return this.starts.values
  }

  get entries(): Uint32Array {
    return this.items.values
  }

  /** The number of this list, a new one if it was not there. */
  add(list: ArrayLike<number>, length = list.length): number {
    const slot = this.slotOf(list, length)
    if (this.slots[slot] > 0) return this.slots[slot] - 1
    for (let k = 0; k < length; k++) this.items.push(list[k])
    this.starts.push(this.items.length)
    this.slots[slot] = this.count
    if (this.count * 2 > this.slots.length) this.grow()
    return this.count - 1
  }

  /** −1 where the list is not there. */
  find(list: ArrayLike<number>, length = list.length): number {
    return this.slots[this.slotOf(list, length)] - 1
  }

  private slotOf(list: ArrayLike<number>, length: number): number {
    const [starts, items, mask] = [this.starts.values, this.items.values, this.slots.length - 1]
    let slot = hash(list, 0, length) & mask
    for (; this.slots[slot] > 0; slot = (slot + 1) & mask) {
      const from = starts[this.slots[slot] - 1]
      if (starts[this.slots[slot]] - from !== length) continue
      let k = 0
      while (k < length && items[from + k] === list[k]) k++
      if (k === length) break
    }
    return slot
  }

  private grow(): void {
    const [starts, items] = [this.starts.values, this.items.values]
    const mask = this.slots.length * 2 - 1
    this.slots = new Uint32Array(mask + 1)
    for (let number = 0; number < this.count; number++) {
      let slot = hash(items, starts[number], starts[number + 1]) & mask
      while (this.slots[slot] > 0) slot = (slot + 1) & mask
      this.slots[slot] = number + 1
    }
  }
}

function hash(list: ArrayLike<number>, from: number, to: number): number {
  let h = 0x811c9dc5
  for (let k = from; k < to; k++) {
    h = Math.imul(h ^ list[k], 0x85ebca6b)
    h ^= h >>> 15
  }
  h = Math.imul(h, 0xc2b2ae35)
  return (h ^ (h >>> 13)) >>> 0
}
