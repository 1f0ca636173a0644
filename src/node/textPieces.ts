/** A text file, or standard input, piece by piece: for files that would not fit into memory. */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { TextDecoder } from 'node:util'
import { InputError } from '../reading/finding.js'
import { displayPath, unknownEncoding, unreadable } from './files.js'

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
 * Pieces of the text, in order. Encodings as `readText`: UTF-8 or UTF-16 by the byte order mark, else UTF-8, else GB18030. Which of these two it is
 * shows at the first byte beyond ASCII, and holds from there on.
 *
 * @param path `-` for standard input
 * @throws InputError `missing-file`; `unreadable-file`, also where the file changes meanwhile; `unknown-encoding` with
 *   the place
 */
export async function* readPieces(path: string): AsyncGenerator<TextPiece> {
  const decoder = new PieceDecoder(path)
  let read = 0
  try {
    const status = path === '-' ? undefined : await stat(path)
    const total = status?.isFile() ? status.size : NaN
    const input = path === '-' ? process.stdin : createReadStream(path, { highWaterMark: PIECE })
    for await (const bytes of input as AsyncIterable<Uint8Array>) {
      read += bytes.length
      yield { text: decoder.decode(bytes), read, total, last: false }
    }
    if (read < total) throw changed(path, read, total)
    yield { text: decoder.end(), read, total, last: true }
  } catch (error) {
    throw unreadable(path, error)
  }
}

const changed = (path: string, read: number, total: number) =>
  new InputError([
    {
      severity: 'error',
      code: 'unreadable-file',
      file: displayPath(path),
      message: {
        zh: `读取时文件变短了:只读到 ${total} 字节中的 ${read} 字节`,
        en: `The file became shorter while it was read: ${read} of ${total} bytes were there`,
      },
    },
  ])

const NONE = new Uint8Array(0)
const LF = 10
const CR = 13

/** Bytes of one text in pieces that may break off anywhere. */
export class PieceDecoder {
  private decoder: TextDecoder | undefined
  /** Only ASCII so far, beside the first bytes of a character that the piece broke off in. */
  private plain = true
  private begun: Uint8Array = NONE
  /** The byte that ends lines, once one has been seen; lines before `line`; and the bytes of the line so far. */
  private lineEnd: number | undefined
  private lines = 0
  private line: Uint8Array = NONE

  constructor(private readonly path: string) {}

  decode(bytes: Uint8Array, last = false): string {
    this.decoder ??= this.begin(bytes)
    try {
      const text = this.decoder.decode(bytes, { stream: !last })
      if (this.plain) this.remember(text, bytes)
      this.follow(bytes)
      return text
    } catch {
      if (!this.plain || this.decoder.encoding !== 'utf-8') throw this.misfit(bytes, this.decoder.encoding)
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

  /** What the bytes so far are in; undefined as long as they are ASCII, which is all of them alike. */
  get encoding(): string | undefined {
    return this.plain ? undefined : this.decoder?.encoding
  }

  /** Both encodings without a mark have line ends as single bytes that stand for nothing else. */
  private follow(bytes: Uint8Array): void {
    this.lineEnd ??= [LF, CR].find(code => bytes.includes(code))
    const { lineEnd = LF } = this
    const from = bytes.lastIndexOf(lineEnd) + 1
    this.line = from > 0 ? bytes.subarray(from) : joined(this.line, bytes)
    for (let at = bytes.indexOf(lineEnd); at >= 0; at = bytes.indexOf(lineEnd, at + 1)) this.lines++
  }

  /** @param bytes those in which something does not fit */
  private misfit(bytes: Uint8Array, encoding: string): InputError {
    const [finding] = unknownEncoding(this.path).findings
    if (encoding.startsWith('utf-16')) return new InputError([finding])
    const text = new TextDecoder(encoding).decode(joined(this.line, bytes))
    const before = text.slice(0, text.indexOf('\uFFFD')).split(this.lineEnd === CR ? '\r' : '\n')
    return new InputError([
      {
        ...finding,
        line: this.lines + before.length,
        column: before.at(-1)!.length + 1,
        ...(encoding === 'utf-8' && {
          message: { zh: '从这里起不是 UTF-8', en: 'From here on this is not UTF-8' },
        }),
        fix: { zh: '请把整个文件另存为 UTF-8。', en: 'Save the whole file as UTF-8.' },
      },
    ])
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
