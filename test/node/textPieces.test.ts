import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { decode } from '../../src/node/files.js'
import { PieceDecoder, readPieces } from '../../src/node/textPieces.js'
import { InputError } from '../../src/reading/finding.js'

const folder = mkdtempSync(join(tmpdir(), 'menkan-pieces-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = (name: string, bytes: Uint8Array) => {
  writeFileSync(join(folder, name), bytes)
  return join(folder, name)
}
const read = async (path: string) => {
  let text = ''
  for await (const piece of readPieces(path)) text += piece.text
  return text
}
const utf8 = (text: string) => new TextEncoder().encode(text)
/** 编号 年龄 高中 in GB18030. */
const GB: Record<string, number[]> = {
  编: [0xb1, 0xe0],
  号: [0xba, 0xc5],
  高: [0xb8, 0xdf],
  中: [0xd6, 0xd0],
}
const gb = (text: string) => Uint8Array.from([...text].flatMap(char => GB[char] ?? [char.charCodeAt(0)]))
const utf16 = (text: string) => {
  const bytes = new Uint8Array(2 + 2 * text.length)
  bytes.set([0xff, 0xfe])
  for (let i = 0; i < text.length; i++)
    bytes.set([text.charCodeAt(i) & 255, text.charCodeAt(i) >> 8], 2 + 2 * i)
  return bytes
}
/** Longer than a piece, and odd, so that pieces break off within characters. */
const LONG = 'id,编号\n' + 'a,高中中\n'.repeat(40_001)

describe('a long text in pieces', () => {
  it.each([
    ['UTF-8', utf8(LONG)],
    ['UTF-8 with mark', utf8('\uFEFF' + LONG)],
    ['UTF-16', utf16(LONG)],
    ['GB18030', gb(LONG)],
    ['GB18030 after much ASCII', gb('id,x\n'.repeat(50_001) + LONG)],
    ['ASCII', utf8('id,x\n'.repeat(50_001))],
    ['nothing', utf8('')],
  ])('%s is read as the whole is', async (name, bytes) => {
    expect((await read(file(`${name}.csv`, bytes))) === decode(bytes, name)).toBe(true)
  })
  it('wherever the pieces break off', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', ',', '\n', '编', '号', '高', '中')).map(parts => parts.join('')),
        fc.constantFrom(utf8, gb),
        fc.array(fc.nat(), { maxLength: 5 }),
        (text, encode, places) => {
          const bytes = encode(text)
          const ends = [...new Set(places.map(place => place % (bytes.length + 1)))].sort((a, b) => a - b)
          const decoder = new PieceDecoder('f')
          const pieces = [...ends, bytes.length].map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end))
          expect(pieces.map(piece => decoder.decode(piece)).join('') + decoder.end()).toBe(text)
        },
      ),
    )
  })
  it('tells how much has been read, and when nothing follows', async () => {
    const bytes = utf8(LONG)
    const seen: number[] = []
    for await (const { read, total, last } of readPieces(file('progress.csv', bytes))) {
      expect(total).toBe(bytes.length)
      expect(last).toBe(read === total && seen.at(-1) === total)
      seen.push(read)
    }
    expect(seen.length).toBeGreaterThan(3)
  })
})

describe('what cannot be read is the user’s to mend', () => {
  const code = async (path: string) => {
    try {
      await read(path)
    } catch (error) {
      return (error as InputError).findings[0].code
    }
    return undefined
  }
  it('no such file, a folder', async () => {
    expect(await code(join(folder, 'none.csv'))).toBe('missing-file')
    expect(await code(folder)).toBe('unreadable-file')
  })
  it('a byte that does not fit what came before', async () => {
    const late = Uint8Array.from([...utf8(LONG), ...gb('高中'), 0x0a])
    expect(await code(file('late.csv', late))).toBe('unknown-encoding')
    expect(await code(file('odd.csv', Uint8Array.of(0x61, 0xff, 0xff, 0x0a)))).toBe('unknown-encoding')
    expect(await code(file('cut.csv', utf8(LONG).subarray(0, -2)))).toBe('unknown-encoding')
  })
  it('with the place, in the lines of any system', async () => {
    const place = async (text: string, more: Uint8Array) => {
      try {
        await read(file('place.csv', Uint8Array.from([...utf8(text), ...more])))
      } catch (error) {
        const [{ line, column }] = (error as InputError).findings
        return [line, column]
      }
      return undefined
    }
    for (const end of ['\n', '\r\n', '\r'])
      expect(await place(LONG.replaceAll('\n', end), gb('xy高中'))).toEqual([40_003, 3])
  })
  it('a file that becomes shorter while it is read', async () => {
    const path = file('shorter.csv', utf8(LONG))
    const pieces = readPieces(path)
    await pieces.next()
    truncateSync(path, 100)
    const rest = async () => {
      for await (const piece of pieces) void piece
    }
    await expect(rest()).rejects.toMatchObject({ findings: [{ code: 'unreadable-file' }] })
  })
})
