/** Rows of a table as an office keeps it: CSV in any of the usual encodings, or a sheet of a workbook. */
import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { InputError } from '../reading/finding.js'
import { SheetRecords } from '../reading/sheetRecords.js'
import type { Text } from '../reading/text.js'
import { displayPath, unreadable } from './files.js'
import { PieceDecoder } from './textPieces.js'
import { readXlsx, SAVE_AS } from './xlsxRead.js'
import { brokenWorkbook } from './zipParts.js'

export const ENCODINGS = ['utf-8', 'gb18030', 'utf-16le', 'utf-16be'] as const
export type Encoding = (typeof ENCODINGS)[number]

export interface RowPiece {
  rows: string[][]
  /** Bytes read so far, and of the file; NaN where it has no end yet or reading is not by bytes. */
  read: number
  total: number
  last: boolean
}

const PIECE = 1 << 16

/**
 * @param path `-` for CSV on standard input
 * @param encoding as the user says; otherwise told by the bytes
 * @throws InputError `missing-file`, `unreadable-file`, `unknown-encoding`, `wrong-encoding`, `broken-csv`, and those of
 *         `readXlsx`
 */
export async function* readSheetRows(
  path: string,
  { sheet, encoding }: { sheet?: string; encoding?: Encoding },
): AsyncGenerator<RowPiece> {
  const kind = path === '-' ? 'csv' : await kindOf(path)
  if (kind === 'csv') yield* readCsv(path, encoding)
  else {
    for await (const rows of readXlsx(path, sheet)) yield { rows, read: NaN, total: NaN, last: false }
    yield { rows: [], read: NaN, total: NaN, last: true }
  }
}

/** By the first bytes: names of files lie. */
async function kindOf(path: string): Promise<'csv' | 'xlsx'> {
  const bytes = await start(path, 1 << 16)
  const text = bytes.toString('latin1')
  if (text.startsWith('PK\x03\x04')) return 'xlsx'
  const refused = (message: Text) => brokenWorkbook(path, message, SAVE_AS)
  if (text.startsWith('\xd0\xcf\x11\xe0'))
    throw (await holds(path, Buffer.from('EncryptedPackage', 'utf16le')))
      ? brokenWorkbook(
          path,
          { zh: '工作簿有密码保护', en: 'The workbook is protected by a password' },
          { zh: '请在 Excel 或 WPS 中去掉密码后另存。', en: 'Save it without a password in Excel or WPS.' },
        )
      : refused({ zh: '这是旧格式 .xls', en: 'This is the old format, .xls' })
  if (/^(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|table|\?xml|meta)/i.test(text))
    throw refused({
      zh: '这是网页或 XML,不是表格文件',
      en: 'This is a web page or XML, whatever its name says',
    })
  return 'csv'
}

async function start(path: string, length: number): Promise<Buffer> {
  try {
    const file = await open(path)
    try {
      const bytes = Buffer.alloc(length)
      const { bytesRead } = await file.read(bytes, 0, length, 0)
      return bytes.subarray(0, bytesRead)
    } finally {
      await file.close()
    }
  } catch (error) {
    throw unreadable(path, error)
  }
}

async function holds(path: string, wanted: Buffer): Promise<boolean> {
  let rest = Buffer.alloc(0)
  for await (const bytes of createReadStream(path) as AsyncIterable<Buffer>) {
    const all = Buffer.concat([rest, bytes])
    if (all.includes(wanted)) return true
    rest = all.subarray(Math.max(0, all.length - wanted.length))
  }
  return false
}

const MARKS: Partial<Record<Encoding, Uint8Array>> = {
  'utf-16le': Uint8Array.of(0xff, 0xfe),
  'utf-16be': Uint8Array.of(0xfe, 0xff),
}

async function* readCsv(path: string, declared: Encoding | undefined): AsyncGenerator<RowPiece> {
  const records = new SheetRecords(displayPath(path))
  const decoder = new PieceDecoder(path)
  let read = 0
  let first = true
  const take = (text: string, last: boolean): string[][] => {
    // UTF-16 without its mark reads as every other character NUL.
    if (text.includes('\0')) throw wrongEncoding(path, declared ?? 'utf-8', undefined)
    const found = decoder.encoding
    if (declared && found && found !== declared) throw wrongEncoding(path, declared, found)
    return records.read(text, last)
  }
  try {
    const total = path === '-' ? NaN : (await stat(path)).size
    const input = path === '-' ? process.stdin : createReadStream(path, { highWaterMark: PIECE })
    for await (let bytes of input as AsyncIterable<Uint8Array>) {
      read += bytes.length
      if (first) bytes = marked(bytes, declared)
      first = false
      yield { rows: take(decoder.decode(bytes), false), read, total, last: false }
    }
    yield { rows: take(decoder.end(), true), read, total, last: true }
  } catch (error) {
    throw unreadable(path, error)
  }
}

/** UTF-16 that the user declares gets the mark that it lacks. */
function marked(bytes: Uint8Array, declared: Encoding | undefined): Uint8Array {
  const mark = declared && MARKS[declared]
  if (!mark || (bytes[0] === mark[0] && bytes[1] === mark[1])) return bytes
  // Another mark or none: UTF-16 shows in its first bytes, of which every other one is NUL in a table with ASCII.
  return (bytes[0] ^ bytes[1]) === 0x01 || !bytes.subarray(0, 4096).includes(0)
    ? bytes
    : Buffer.concat([mark, bytes])
}

const wrongEncoding = (path: string, declared: string, found: string | undefined) =>
  new InputError([
    {
      severity: 'error',
      code: 'wrong-encoding',
      file: displayPath(path),
      message: found
        ? {
            zh: `文件的编码是 ${found},而不是 ${declared}`,
            en: `The file is in ${found}, not in ${declared}`,
          }
        : {
            zh: `文件的编码不是 ${declared}:其中有空字符`,
            en: `The file is not in ${declared}: it holds NUL characters`,
          },
      fix: found
        ? {
            zh: '去掉映射文件中的 encoding 一行,或改正它。',
            en: 'Leave out the line encoding of the mapping file, or mend it.',
          }
        : {
            zh: '如果是没有标记的 UTF-16,请在映射文件中写 encoding: utf-16le。',
            en: 'If it is UTF-16 without a mark, write into the mapping file: encoding: utf-16le',
          },
    },
  ])
