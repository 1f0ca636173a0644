import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InputError } from '../../src/reading/finding.js'
import { SheetRecords } from '../../src/reading/sheetRecords.js'

function read(text: string, cuts: number[] = []): string[][] {
  const records = new SheetRecords('a.csv')
  const places = [...new Set(cuts.map(cut => cut % (text.length + 1)))].sort((a, b) => a - b)
  const pieces = [0, ...places].map((from, k) => text.slice(from, places[k] ?? text.length))
  return pieces.flatMap((piece, k) => records.read(piece, k === pieces.length - 1))
}

const cell = fc.oneof(fc.stringMatching(/^[a-c端州 ]{0,4}$/), fc.stringMatching(/^[a",\n\r]{0,6}$/))
const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 8 })
const written = (table: string[][], end: string) =>
  table
    .map(
      row =>
        row.map(text => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)).join(',') + end,
    )
    .join('')

describe('rows of a spreadsheet', () => {
  it('are those that were written, wherever the pieces break off, with any line end', () => {
    fc.assert(
      fc.property(
        rows,
        fc.constantFrom('\n', '\r\n'),
        fc.array(fc.nat(), { maxLength: 6 }),
        (table, end, cuts) => {
          expect(read(written(table, end), cuts)).toEqual(table)
        },
      ),
    )
  })

  it('are those of csv-parse', () => {
    fc.assert(
      fc.property(rows, table => {
        const text = written(table, '\r\n')
        expect(read(text)).toEqual(parse(text, { relax_column_count: true, record_delimiter: '\r\n' }))
      }),
    )
  })

  it('count empty rows, and a cell with a line end once', () => {
    expect(read('a,b\n\n"x\ny",1\n\n2,3')).toEqual([['a', 'b'], [''], ['x\ny', '1'], [''], ['2', '3']])
  })

  it('may end with CR alone, be parted by tabs or semicolons, and hold a quote as it is', () => {
    expect(read('a,b\r1,2\r')).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ])
    expect(read('a\tb\n1,5\t2\n')).toEqual([
      ['a', 'b'],
      ['1,5', '2'],
    ])
    expect(read('a;b;c\n1,5;2;3\n')).toEqual([
      ['a', 'b', 'c'],
      ['1,5', '2', '3'],
    ])
    expect(read('5" pipe,b\n')).toEqual([['5" pipe', 'b']])
  })

  it('an open quote and an endless row are told with the row', () => {
    const line = (work: () => unknown) => {
      try {
        work()
      } catch (error) {
        return (error as InputError).findings[0].line
      }
    }
    expect(line(() => read('a,b\n1,2\n"3,4\n5,6\n'))).toBe(3)
    const records = new SheetRecords('a.csv')
    records.read('a,b\n', false)
    expect(line(() => Array.from({ length: 40 }, () => records.read('x'.repeat(1 << 16), false)))).toBe(2)
  })
})
