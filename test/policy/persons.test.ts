import { describe, expect, it } from 'vitest'
import { CORE_FACTS } from '../../src/policy/facts.js'
import { PersonReader, readPersons } from '../../src/policy/persons.js'
import { InputError, type Finding } from '../../src/reading/finding.js'
import { AREAS } from './shipped.js'

const read = (text: string) => readPersons(text, 'persons.csv', CORE_FACTS, AREAS)
const slot = (name: string) => CORE_FACTS.findIndex(fact => fact.name === name)
const cell = (text: string, name: string) => read(text).rows[0][slot(name)]

describe('cells', () => {
  const same: [string, string, number][] = [
    ['education', 'senior_secondary', 2],
    ['文化程度', '高中', 2],
    ['skill', '高级工', 3],
    ['has_permit', '是', 1],
    ['has_permit', 'TRUE', 1],
    ['持居住证', '否', 0],
    ['sentenced', '0', 0],
    ['age', '３５', 35],
    ['area', '441283', 1],
    ['area', '端州', 0],
    ['地区', 'Gaoyao', 1],
  ]
  it.each(same)('%s “%s” is %d', (name, text, value) => {
    const column = CORE_FACTS.find(fact => fact.name === name || fact.label.zh === name)!.name
    expect(cell(`id,${name}\na,${text}\n`, column)).toBe(value)
  })
  it('an empty cell and a fact without column are unknown', () => {
    expect(cell('id,age\na,\n', 'age')).toBeNaN()
    expect(cell('id,age\na,\n', 'sex')).toBeNaN()
  })
  it('a byte order mark is no part of the header', () =>
    expect(read('\uFEFFid,age\na,5\n').ids).toEqual(['a']))
})

describe('rows that are refused leave the others', () => {
  it('wrong cell, unknown area, negative months, missing and double id, wrong length', () => {
    const { ids, refused } = read(`id,age,area,months_insured
ok,30,duanzhou,6
a,thirty,duanzhou,6
b,30,duanzou,6
c,30,duanzhou,-1
,30,duanzhou,6
ok,31,duanzhou,6
d,30
last,40,gaoyao,
`)
    expect(ids).toEqual(['ok', 'last'])
    expect(refused.map(({ code, line, column }) => [code, line, column])).toEqual([
      ['wrong-cell', 3, 2],
      ['wrong-cell', 4, 3],
      ['wrong-cell', 5, 4],
      ['missing-id', 6, 1],
      ['duplicate-id', 7, 1],
      ['wrong-length', 8, 3],
    ])
    expect(refused[1].nearest).toBe('duanzhou')
  })
  it('a refused row leaves nothing behind in the next', () => {
    expect(read('id,age,months_insured\na,30,x\nb,,5\n').rows[0][slot('age')]).toBeNaN()
  })
})

describe('persons who are real', () => {
  // The number of the standard's own example (GB 11643-1999, appendix).
  const NUMBER = '11010519491231002X'
  it('are not told by an id that is their number, nor by any message about it', () => {
    const { ids, refused } = read(`id,age\n${NUMBER},30\na,30\n13800138000,30\n`)
    expect(ids).toEqual(['a'])
    expect(refused.map(({ code, line }) => [code, line])).toEqual([
      ['personal-data', 2],
      ['personal-data', 4],
    ])
    expect(JSON.stringify(refused)).not.toMatch(/1101051949|13800138/)
  })
  it('are not told by a cell that stands where it does not belong', () => {
    const { refused } = read(`id,age,area\na,${NUMBER},端州\nb,30,端州区天宁北路八十八号 88 号\n`)
    expect(refused).toHaveLength(2)
    expect(JSON.stringify(refused)).not.toMatch(/1101051949|天宁北路/)
    expect(refused[0].message.en).toContain('***')
  })
})

describe('headers', () => {
  const mistakes = (text: string) => {
    try {
      read(text)
    } catch (error) {
      return (error as InputError).findings.map(({ code, nearest }) => ({ code, nearest }))
    }
    return []
  }
  it('unknown and double columns and a missing id, all at once', () => {
    expect(mistakes('educaton,age,age\nx,1,1\n')).toEqual([
      { code: 'unknown-column', nearest: 'education' },
      { code: 'duplicate-column', nearest: undefined },
      { code: 'missing-column', nearest: undefined },
    ])
  })
  it('an empty file has no id column', () =>
    expect(mistakes('')).toEqual([{ code: 'missing-column', nearest: undefined }]))
})

describe('a file that arrives in pieces', () => {
  const text = `id,age,area
a,30,duanzhou
b,thirty,duanzhou
"c
d",40,gaoyao
a,31,duanzhou
e,,gaoyao
`
  it('is read as the whole is, wherever it is cut', () => {
    const whole = read(text)
    for (let at = 0; at <= text.length; at++) {
      const persons = { ids: [] as string[], ages: [] as number[], refused: [] as Finding[] }
      let headers = 0
      const reader = new PersonReader('persons.csv', CORE_FACTS, AREAS, {
        header: () => void headers++,
        person(id, row) {
          persons.ids.push(id)
          persons.ages.push(row[slot('age')])
        },
        refused: mistakes => void persons.refused.push(...mistakes),
      })
      reader.read(text.slice(0, at), false)
      reader.read(text.slice(at), true)
      expect(headers).toBe(1)
      expect(persons).toEqual({
        ids: whole.ids,
        ages: whole.rows.map(row => row[slot('age')]),
        refused: whole.refused,
      })
    }
    expect(whole.ids).toEqual(['a', 'c\nd', 'e'])
    expect(whole.refused.map(({ code, line }) => [code, line])).toEqual([
      ['wrong-cell', 3],
      ['duplicate-id', 6],
    ])
  })
  it('columns with more values than are kept in mind are read to the end', () => {
    const many = Array.from({ length: 6000 }, (_, i) => `p${i},${i}.5`)
    const { rows } = read(['id,donated_yuan_5y', ...many].join('\n'))
    expect(rows.map(row => row[slot('donated_yuan_5y')])).toEqual(many.map((_, i) => i + 0.5))
  })
})
