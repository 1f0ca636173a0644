/** Parts of a ZIP archive, piece by piece and within limits: an archive of a few kilobytes may hold gigabytes. */
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { Unzip, UnzipInflate, type UnzipFile } from 'fflate'
import { InputError } from '../reading/finding.js'
import type { Text } from '../reading/text.js'
import { displayPath, unreadable } from './files.js'

/** Bytes of one part unpacked: a full sheet of a million rows stays below. */
const LARGEST = 4 * 2 ** 30
/** How much larger than packed a part may be once it is large at all: deflate's own limit is 1,032. */
const RATIO = 250
const LARGE = 64 * 2 ** 20

export const brokenWorkbook = (path: string, message: Text, fix?: Text) =>
  new InputError([
    { severity: 'error', code: 'broken-workbook', file: displayPath(path), message, ...(fix && { fix }) },
  ])

/** Whether the archive's directory stands at its end: one that was cut off has none. */
export async function isWhole(path: string): Promise<boolean> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    // The end record, and a remark of up to 64 KiB behind it.
    const bytes = Buffer.alloc(Math.min(size, 22 + 0xffff))
    await file.read(bytes, 0, bytes.length, size - bytes.length)
    return bytes.lastIndexOf('PK\x05\x06', undefined, 'latin1') >= 0
  } finally {
    await file.close()
  }
}

/**
 * @param wanted what takes the pieces of a part, undefined for parts that are passed over
 * @throws InputError `broken-workbook`, `zip-bomb`, `missing-file`, `unreadable-file`
 */
export async function* readParts(
  path: string,
  wanted: (name: string) => ((piece: Uint8Array, last: boolean) => void) | undefined,
): AsyncGenerator<void> {
  let packed = 0
  const take = (file: UnzipFile) => {
    const part = wanted(file.name)
    if (!part) return
    const before = packed
    let unpacked = 0
    file.ondata = (error, piece, last) => {
      if (error) throw error
      unpacked += piece.length
      if (unpacked > LARGEST || (unpacked > LARGE && unpacked > RATIO * Math.max(packed - before, 1)))
        throw bomb(path)
      part(piece, last)
    }
    file.start()
  }
  const unzip = new Unzip(take)
  unzip.register(UnzipInflate)
  try {
    for await (const bytes of createReadStream(path) as AsyncIterable<Uint8Array>) {
      packed += bytes.length
      unzip.push(bytes)
      yield
    }
    unzip.push(new Uint8Array(0), true)
    yield
  } catch (error) {
    if (error instanceof InputError) throw error
    // What fflate has against an archive is a number.
    throw error instanceof Error && typeof (error as { code?: unknown }).code === 'number'
      ? brokenWorkbook(path, { zh: '压缩包已损坏', en: 'The archive is damaged' })
      : unreadable(path, error)
  }
}

const bomb = (path: string) =>
  new InputError([
    {
      severity: 'error',
      code: 'zip-bomb',
      file: displayPath(path),
      message: {
        zh: `解压后大得不像表格(超过压缩前的 ${RATIO} 倍或 ${LARGEST / 2 ** 30} GiB),已停止`,
        en: `Unpacked this grows beyond any sheet (${RATIO} times its size, or ${LARGEST / 2 ** 30} GiB): reading stopped`,
      },
      fix: {
        zh: '如果确是表格,请另存为 CSV 再导入。',
        en: 'If it is a sheet after all, save it as CSV and import that.',
      },
    },
  ])
