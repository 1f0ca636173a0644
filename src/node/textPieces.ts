/** A text file, or standard input, piece by piece: for files that would not fit into memory. */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { TextDecoder } from 'node:util'
import { unknownEncoding, unreadable } from './files.js'

export interface TextPiece {
  text: string
  /** Bytes read so far, and of the whole file; NaN where it has no end yet. */
  read: number
  total: number
  /** Nothing follows. */
  last: boolean
}

/** Large enough that a piece costs nothing, small enough that what is made of it dies young. */
const PIECE = 1 << 16

/**
 * Encodings as `readText`: UTF-8 or UTF-16 by the byte order mark, else UTF-8, else GB18030. Which of these two it is
 * shows at the first byte beyond ASCII, and holds from there on.
 *
 * @param path `-` for standard input
 * @throws InputError `missing-file`, `unreadable-file`, `unknown-encoding`
 */
export async function* readPieces(path: string): AsyncGenerator<TextPiece> {
  const decoder = new PieceDecoder(path)
  let read = 0
  try {
    const total = path === '-' ? NaN : (await stat(path)).size
    const input = path === '-' ? process.stdin : createReadStream(path, { highWaterMark: PIECE })
    for await (const bytes of input as AsyncIterable<Uint8Array>) {
      read += bytes.length
      yield { text: decoder.decode(bytes), read, total, last: false }
    }
    yield { text: decoder.end(), read, total, last: true }
  } catch (error) {
    throw unreadable(path, error)
  }
}

const NONE = new Uint8Array(0)

/** Bytes of one text in pieces that may break off anywhere. */
export class PieceDecoder {
  private decoder: TextDecoder | undefined
  /** Only ASCII so far, beside the first bytes of a character that the piece broke off in. */
  private plain = true
  private begun: Uint8Array = NONE

  constructor(private readonly path: string) {}

  decode(bytes: Uint8Array, last = false): string {
    this.decoder ??= this.begin(bytes)
    try {
      const text = this.decoder.decode(bytes, { stream: !last })
      if (this.plain) this.remember(text, bytes)
      return text
    } catch {
      if (!this.plain || this.decoder.encoding !== 'utf-8') throw unknownEncoding(this.path)
      this.plain = false
      this.decoder = new TextDecoder('gb18030', { fatal: true })
      return this.decode(joined(this.begun, bytes), last)
    }
  }

  /** By the byte order mark. */
  private begin([first, second, third]: Uint8Array): TextDecoder {
    const utf16 = first === 0xff && second === 0xfe ? 'utf-16le' : 'utf-16be'
    const marked = utf16 === 'utf-16le' || (first === 0xfe && second === 0xff)
    this.plain = !marked && !(first === 0xef && second === 0xbb && third === 0xbf)
    return new TextDecoder(marked ? utf16 : 'utf-8', { fatal: true })
  }

  end(): string {
    return this.decode(NONE, true)
  }

  private remember(text: string, bytes: Uint8Array): void {
    const all = joined(this.begun, bytes)
    const missing = all.length - text.length
    // ASCII alone has as many characters as bytes, but for the few that wait for the next piece.
    this.plain = missing <= 3 && /^[\0-\x7f]*$/.test(text)
    this.begun = all.subarray(text.length)
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b
  const all = new Uint8Array(a.length + b.length)
  all.set(a)
  all.set(b, a.length)
  return all
}
