import { describe, expect, it } from 'vitest'
import { parse } from 'csv-parse/sync'
import type { BandedTable } from '../../src/results/comparison.js'
import { csv, differencesCsv, formatNumber, levelsCsv, tableFiles } from '../../src/results/csv.js'

const same = (...values: number[]) => {
  const column = Float64Array.from(values)
  return { mean: column, p05: column.map(v => v - 1), p50: column, p95: column.map(v => v + 1) }
}

const table: BandedTable = {
  schema: {
    id: 'registrations_year',
    title: { zh: '每年落户', en: 'Registrations a year' },
    keys: ['year', 'area'],
    measures: [{ id: 'persons', unit: 'persons', label: { zh: '人数', en: 'Persons' } }],
  },
  rows: [
    ['2016', 'city'],
    ['2017', 'city'],
  ],
  scenarios: { points: [same(10, NaN)], open: [same(12.5, 20)] },
  difference: { open: [same(2.5, NaN)] },
}

describe('tables as CSV', () => {
  it('have a BOM, keys first, the unit in the header and an empty cell for what is not known', () => {
    expect(levelsCsv(table)).toBe(
      '\uFEFFscenario,year,area,persons[persons],persons_p05,persons_p50,persons_p95\r\n' +
        'points,2016,city,10,9,10,11\r\n' +
        'points,2017,city,,,,\r\n' +
        'open,2016,city,12.5,11.5,12.5,13.5\r\n' +
        'open,2017,city,20,19,20,21\r\n',
    )
    expect(differencesCsv(table, 'points').split('\r\n')[1]).toBe('open,points,2016,city,2.5,1.5,2.5,3.5')
  })

  it('make one file a table, and one more for differences', () => {
    expect([...tableFiles([table], 'points').keys()]).toEqual([
      'registrations_year.csv',
      'registrations_year_difference.csv',
    ])
    expect([...tableFiles([{ ...table, difference: undefined }], 'points').keys()]).toEqual([
      'registrations_year.csv',
    ])
  })

  it('are read back by another reader, quotes, commas and line ends included', () => {
    const rows = [
      ['a', 'say "yes", twice', 'two\nlines', '端州区'],
      ['', ' ', '1', '2'],
    ]
    expect(parse(csv(rows), { bom: true })).toEqual(rows)
  })

  it.each([
    [-0, '0'],
    [0.1 + 0.2, '0.3'],
    [1234567.891, '1234567.89'],
    [-5, '-5'],
    [NaN, ''],
  ])('write %d as "%s"', (value, text) => expect(formatNumber(value)).toBe(text))
})
