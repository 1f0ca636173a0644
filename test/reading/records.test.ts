/** The parser of whole texts is the measure; lines are counted by hand. */
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InputError } from '../../src/reading/finding.js'
import { Records } from '../../src/reading/records.js'

/** All records of pieces, each with its line. */
function read(pieces: string[]) {
  const records = new Records('f.csv')
  return pieces.flatMap((piece, i) => {
    const batch = records.read(piece, i === pieces.length - 1)
    return batch.records.map((record, index) => ({ record, line: batch.lines[index] }))
  })
}

const cut = (text: string, places: number[]): string[] => {
  const ends = [...new Set(places.map(place => place % (text.length + 1)))].sort((a, b) => a - b)
  return [...ends, text.length].map((end, i) => text.slice(ends[i - 1] ?? 0, end))
}

describe('records of a CSV in pieces', () => {
  const plain = fc.array(fc.constantFrom('a', '1', '高中', ' ', "'")).map(parts => parts.join(''))
  const quoted = fc
    .array(fc.constantFrom('a', ',', '\n', '\r\n', '""', '高'))
    .map(parts => `"${parts.join('')}"`)
  const lines = fc.array(fc.array(fc.oneof(plain, quoted), { minLength: 1, maxLength: 4 }), { maxLength: 8 })

  it('are those of the whole text, wherever it is cut', () => {
    fc.assert(
      fc.property(
        lines,
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        fc.array(fc.nat(), { maxLength: 6 }),
        (cells, end, ended, places) => {
          const text = cells.map(line => line.join(',')).join(end) + (ended ? end : '')
          const records = parse(text, {
            relax_column_count: true,
            skip_empty_lines: true,
            record_delimiter: ['\r\n', '\n'],
          }) as unknown as string[][]
          // The line on which each ends; an empty line is no record.
          const ends = cells.map((_, i) =>
            cells
              .slice(0, i + 1)
              .map(line => line.join(','))
              .join(end),
          )
          const lines = ends.flatMap((before, i) =>
            cells[i].join(',') === '' ? [] : before.split('\n').length,
          )
          expect(read(cut(text, places))).toEqual(records.map((record, i) => ({ record, line: lines[i] })))
        },
      ),
      { numRuns: 1000 },
    )
  })
  it('line ends may be those of an old Macintosh', () =>
    expect(read(['id,age\r', 'a,1\rb,', '2']).map(({ record }) => record)).toEqual([
      ['id', 'age'],
      ['a', '1'],
      ['b', '2'],
    ]))
  it('a piece may break off between CR and LF', () =>
    expect(read(['id\r', '\na\r', '\nb\r\n'])).toEqual([
      { record: ['id'], line: 1 },
      { record: ['a'], line: 2 },
      { record: ['b'], line: 3 },
    ]))
})

describe('a broken CSV names its line', () => {
  const finding = (pieces: string[]) => {
    try {
      read(pieces)
    } catch (error) {
      return (error as InputError).findings[0]
    }
    throw new Error('nothing was wrong')
  }
  it('a quote that is not closed', () => {
    expect(finding(['id,age\n', 'a,1\nb,"2\n', 'c,3\n'])).toMatchObject({
      code: 'broken-csv',
      file: 'f.csv',
      line: 3,
    })
  })
  it('a quote in the middle of a cell', () => {
    const place = { code: 'broken-csv', line: 3, column: 2 }
    expect(finding(['id,age\n', 'a,1\n', 'b,2"2\nc,3\n'])).toMatchObject(place)
    expect(finding(['id,age\na,1\nb,2"2\nc,3\n'])).toMatchObject(place)
    expect(finding(['id,age\n"a\na",2"2\nc,3\n'])).toMatchObject(place)
    expect(finding(['id,age\n"a\na","2"2\nc,3\n'])).toMatchObject(place)
    expect(finding(['id,age\na,1\nb,"2\nc,3\n'])).toMatchObject(place)
  })
  it('a record without end, before the whole of it is read', () => {
    const records = new Records('f.csv')
    records.read('id,age\na,1\nb,', false)
    let pieces = 0
    expect(() => {
      for (; pieces < 1000; pieces++) records.read('2'.repeat(1 << 16), false)
    }).toThrow(InputError)
    expect(pieces).toBeLessThan(20)
    try {
      records.read('', false)
    } catch (error) {
      expect((error as InputError).findings[0]).toMatchObject({ line: 3 })
    }
  })
})
