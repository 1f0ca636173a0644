/** Conditions in words as a clerk reads them, in both languages. */
import { describe as group, expect, it } from 'vitest'
import { cellReader } from '../../src/policy/cells.js'
import { check } from '../../src/policy/expression/check.js'
import { parse } from '../../src/policy/expression/parse.js'
import { CORE_FACTS } from '../../src/policy/facts.js'
import { describe } from '../../src/policy/words.js'

function words(text: string) {
  const parsed = parse(text)
  if ('problem' in parsed) throw new Error(text)
  return describe(check(parsed.syntax, 'boolean', { facts: CORE_FACTS }, [], new Set())!, {
    facts: CORE_FACTS,
  })
}

group('a condition', () => {
  it.each([
    ['kin_here != "none"', '有同住户籍亲属', 'nearest registered relative lived with: any'],
    ['title == "none"', '无职称', 'professional title: none'],
    [
      'kin_here == "other"',
      '同住户籍亲属为其他亲属',
      'nearest registered relative lived with is another relative',
    ],
    ['work in ["none", "student", "retired"]', '就业为无业、学生或退休', 'work is none, student or retired'],
    ['!has_permit', '未持居住证', 'holds a residence permit: no'],
    ['!has_premises', '没有固定经营场所', 'fixed legal premises: no'],
    ['!sentenced', '刑事处罚为否', 'criminal sentence: no'],
  ])('%s', (text, zh, en) => expect(words(text)).toEqual({ zh, en }))
})

it('a cell may hold the words that registers use', () => {
  const read = (name: string, cell: string) => {
    const fact = CORE_FACTS.find(each => each.name === name)!
    return (fact.type as { values: string[] }).values[cellReader(fact, [])(cell)!]
  }
  expect(['其他', '其他亲属', 'another relative', 'other'].map(cell => read('kin_here', cell))).toEqual(
    Array<string>(4).fill('other'),
  )
  expect(['无', '无业', 'none'].map(cell => read('work', cell))).toEqual(Array<string>(3).fill('none'))
})
