import { describe, expect, it } from 'vitest'
import { CORE_FACTS } from '../../src/policy/facts.js'
import { readPerson, readPersonOfCsv } from '../../src/policy/person.js'
import { InputError } from '../../src/reading/finding.js'
import { AREAS, month } from './shipped.js'

const CONTEXT = { facts: CORE_FACTS, areas: AREAS, month: month('2017-03') }
const read = (text: string) => readPerson(text, 'person.yaml', CONTEXT)
const fact = (text: string, name: string) => read(text).row[CORE_FACTS.findIndex(one => one.name === name)]
const findings = (act: () => unknown) => {
  try {
    act()
  } catch (error) {
    return (error as InputError).findings.map(({ code, line, nearest }) => [code, line, nearest])
  }
  return []
}

describe('a person in a file', () => {
  it.each([
    ['tenure: rent', 'tenure', 1],
    ['居住方式: 租赁', 'tenure', 1],
    ['"lease_filed": true', 'lease_filed', 1],
    ['租赁备案: 否', 'lease_filed', 0],
    ['months_resident: 4', 'months_resident', 4],
    ['age: "３５"', 'age', 35],
    ['地区: 高要区', 'area', 1],
    ['{"education": "junior_college", "id": 7}', 'education', 3],
    ['education:', 'education', NaN],
    ['education: 未知', 'education', NaN],
    ['id: a', 'education', NaN],
    // Completed years at the end of the month: the 17th birthday is in the month itself.
    ['birth: 2000-03', 'age', 17],
    ['出生年月: 2000-04', 'age', 16],
  ])('%s', (text, name, value) => expect(fact(text, name)).toBe(value))

  it('what is not written is not given', () => {
    const { id, given } = read('编号: 甲\neducation: 大专\nage:\n')
    expect(id).toBe('甲')
    expect([...given].map(slot => CORE_FACTS[slot].name)).toEqual(['education'])
  })
  it('an unknown key, a wrong value, a fact twice, an age that the birth denies', () => {
    expect(findings(() => read('educaton: bachelor\nskill: juniorworker\nage: 200\n'))).toEqual([
      ['unknown-key', 1, 'education'],
      ['wrong-value', 2, 'junior_worker'],
      ['wrong-value', 3, undefined],
    ])
    expect(findings(() => read('tenure: rent\n居住方式: 租赁\n'))).toEqual([['duplicate-key', 2, undefined]])
    expect(findings(() => read('age: 30\nbirth: 2000-01\n'))).toEqual([['wrong-value', 2, undefined]])
    expect(findings(() => read('birth: 2018-01\n'))).toEqual([['wrong-value', 1, undefined]])
  })
})

describe('a person in a table', () => {
  const table = 'id,age,tenure\na,30,rent\nb,,own\nc,300,own\n'
  const of = (id?: string, text = table) => readPersonOfCsv(text, 'persons.csv', id, CONTEXT)
  it('is one row of it; an empty cell is not known', () => {
    const { id, given } = of('b')
    expect(id).toBe('b')
    expect([...given].map(slot => CORE_FACTS[slot].name)).toEqual(['tenure'])
  })
  it('needs no name where it is alone', () => expect(of(undefined, 'id,age\nx,4\n').id).toBe('x'))
  it('has to be named, rightly, and its row be right', () => {
    const right = 'id,age\nanna,30\nbert,40\n'
    expect(findings(() => of(undefined, right))).toEqual([['missing-option', undefined, undefined]])
    expect(findings(() => of('ana', right))).toEqual([['unknown-person', undefined, 'anna']])
    expect(findings(() => of('c'))).toEqual([['wrong-cell', 4, undefined]])
  })
})
