/** Columns on shared memory where there is any, so that worker threads read a population without a copy. */
type ColumnConstructor<T> = {
  new (buffer: ArrayBufferLike): T
  readonly BYTES_PER_ELEMENT: number
}

export function column<T>(Type: ColumnConstructor<T>, length: number): T {
  const bytes = length * Type.BYTES_PER_ELEMENT
  return new Type(
    typeof SharedArrayBuffer === 'undefined' ? new ArrayBuffer(bytes) : new SharedArrayBuffer(bytes),
  )
}
