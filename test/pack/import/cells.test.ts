import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatMonth } from '../../../src/evidence/month.js'
import { areaReader, holderOf } from '../../../src/pack/import/area.js'
import { cellReader, PLAIN_SCALE } from '../../../src/pack/import/cell.js'
import { fieldsOf } from '../../../src/pack/import/field.js'
import { monthOfCell } from '../../../src/pack/import/month.js'
import { decimal } from '../../../src/pack/import/number.js'
import { shapeOf } from '../../../src/pack/import/shape.js'
import { trouble } from '../../../src/pack/import/trouble.js'
import { AMBIGUOUS, HEADERS, VALUES } from '../../../src/pack/import/words.js'
import { CORE_FACTS } from '../../../src/policy/facts.js'
import type { Area } from '../../../src/pack/pack.js'

describe('a number', () => {
  it.each([
    ['1,234,567', '1234567'],
    ['１２３', '123'],
    ['1.2345万', '12345'],
    ['0.3亿', '30000000'],
    ['12.5%', '0.125'],
    ['5‰', '0.005'],
    ['(1,234)', '-1234'],
    ['1.2E+05', '120000'],
    ['1 234', '1234'],
    ['−3', '-3'],
    ['.5', '0.5'],
    ['007', '7'],
    ['0.10', '0.1'],
  ])('%s is %s', (written, plain) => expect(decimal(written)).toBe(plain))

  it.each(['12,34', '1,2345', '一百', '12a', '', '-', '1.2.3', '#N/A', '3/4', '10:30'])('%s is none', cell =>
    expect(decimal(cell)).toBeUndefined(),
  )

  it('moves its point exactly: 万 and back is what it was', () => {
    const digits = fc.stringMatching(/^(?:0|[1-9]\d{0,12})(?:\.\d{0,6}[1-9])?$/)
    fc.assert(fc.property(digits, text => void expect(decimal(decimal(text, 4)!, -4)).toBe(text)))
  })
})

describe('a month', () => {
  it.each([
    ...['2016年5月', '2016年5月3日', '2016-5', '2016-05-03', '2016/5/3', '2016.05', '201605', '20160503'],
    ...['２０１６年５月', '2016-05-03 00:00:00', '2016年05月份', '2016 年 5 月', '42493'],
  ])('%s is 2016-05', cell => expect(formatMonth(monthOfCell(cell)!)).toBe('2016-05'))

  it.each(['88年5月', '5/3/2016', '2016-13', '2016-0', '201613', '12', '1', 'May 2016'])('%s is none', cell =>
    expect(monthOfCell(cell)).toBeUndefined(),
  )

  it('of a serial is that of the calendar', () => {
    // Days since 1899-12-30 by the platform's own calendar.
    fc.assert(
      fc.property(fc.integer({ min: 3654, max: 73050 }), serial => {
        const day = new Date(Date.UTC(1899, 11, 30 + serial))
        expect(formatMonth(monthOfCell(String(serial))!)).toBe(day.toISOString().slice(0, 7))
      }),
    )
  })
})

describe('an area', () => {
  const name = (zh: string) => ({ zh, en: zh })
  const areas: Area[] = [
    { id: 'gaoyao', code: '441204', name: name('高要区'), aliases: ['高要市', '441283'] },
    { id: 'sihui', code: '441284', name: name('四会市'), aliases: ['四会', '四会市(不含高新区)'] },
    { id: 'zone', code: '441284450', name: name('高新区'), aliases: [], inside: { area: 'sihui', until: 0 } },
  ]
  const place = name('肇庆市')

  it('is read by id, code, former code, name, alias, padded code and behind its place', () => {
    const read = areaReader(areas, place, {})
    const written = [
      'gaoyao',
      '441204',
      '441283',
      '高要区',
      '高要市',
      '441204000000',
      '广东省肇庆市高要区',
      '肇庆市高要市',
      ' 高 要 区 ',
    ]
    expect(written.map(read)).toEqual(written.map(() => '441204'))
    expect(['441284450', '441284450000', '肇庆市高新区'].map(read)).toEqual(Array(3).fill('441284450'))
  })

  it('has no parent by the digits of a code, and no neighbour by its name', () => {
    const read = areaReader(areas, place, {})
    const foreign = ['441204001', '441204001001', '4412', '441284451', '佛山市高要区', '高要区一村', '']
    expect(foreign.map(read)).toEqual(foreign.map(() => trouble['unknown-area']))
  })

  it('that may hold another one is unclear until somebody says which', () => {
    const written = ['四会市', '441284', 'sihui', '四会', '肇庆市四会市']
    const by = (holding: Record<string, 'with' | 'without'>) => written.map(areaReader(areas, place, holding))
    expect(by({})).toEqual(written.map(() => trouble['undeclared-area']))
    expect(by({ sihui: 'without' })).toEqual(written.map(() => '441284'))
    expect(by({ sihui: 'with' })).toEqual(written.map(() => trouble['holds-another-area']))
    const read = areaReader(areas, place, {})
    expect(read('四会市（不含高新区）')).toBe('441284')
    expect(read('四会市(含高新区)')).toBe(trouble['holds-another-area'])
    expect(holderOf('四会市(含高新区)', areas, place)).toEqual({ code: '441284', inner: ['441284450'] })
    expect(holderOf('高要区', areas, place)).toBeUndefined()
  })
})

describe('words', () => {
  const fields = [
    ...fieldsOf('persons', CORE_FACTS, {}),
    ...fieldsOf('counts', CORE_FACTS, {}),
    ...fieldsOf('margins', CORE_FACTS, {}),
  ]

  it('of headers belong to a field, and none to two fields of one form', () => {
    expect(Object.keys(HEADERS).filter(name => !fields.some(field => field.name === name))).toEqual([])
    for (const form of ['persons', 'counts', 'margins'] as const) {
      const owners = new Map<string, string>()
      for (const { name, label } of fieldsOf(form, CORE_FACTS, {}))
        for (const word of new Set([name, label.zh, label.en, ...(HEADERS[name] ?? [])])) {
          expect([form, word, owners.get(word) ?? name]).toEqual([form, word, name])
          owners.set(word, name)
        }
    }
  })

  it('of cells stand for values that the fact has, and are either plain or ambiguous', () => {
    for (const [name, words] of Object.entries({ ...VALUES })) {
      const field = fields.find(one => one.name === name)!
      if (field.type.kind !== 'words' || field.type.others) continue
      expect([
        name,
        Object.values(words).filter(value => !(field.type as { values: string[] }).values.includes(value)),
      ]).toEqual([name, []])
      expect(Object.keys(AMBIGUOUS[name] ?? {}).filter(word => word in words)).toEqual([])
    }
  })

  it('every value and label of every fact is read as that value', () => {
    const read = (name: string, cell: string) => {
      const field = fields.find(one => one.name === name)!
      return cellReader(field, PLAIN_SCALE, new Map(), () => trouble['unknown-area'])(cell)
    }
    for (const { name, type, valueLabels = [] } of CORE_FACTS)
      if ('values' in type)
        for (const [k, value] of type.values.entries())
          for (const word of [value, valueLabels[k].zh, valueLabels[k].en])
            expect([name, word, read(name, word)]).toEqual([name, word, value])
  })
})

it('a shape has nothing of what stood in the cell', () => {
  expect(shapeOf('王芳 13800138000 Ａb')).toBe('字字 99999999999 Aa')
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme' }),
      cell => void expect(shapeOf(cell)).not.toMatch(/[0-8B-Zb-z]|(?!字)\p{Script=Han}/u),
    ),
  )
})
