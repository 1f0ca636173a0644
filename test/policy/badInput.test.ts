/** Whatever stands in a policy file, the answer is a policy or findings: no other error, no hang, nothing lost silently. */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  MAX_DEPTH,
  MAX_LENGTH,
  MAX_NESTING,
  parse,
  textOf,
  type Problem,
  type Syntax,
} from '../../src/policy/expression/parse.js'
import { readPolicy } from '../../src/policy/read.js'
import { InputError, type Finding } from '../../src/reading/finding.js'

const FILE = readFileSync(
  new URL('../../scenarios/policies/zhaoqing-zero-threshold.yaml', import.meta.url),
  'utf8',
)

function problemOf(text: string): Problem {
  const result = parse(text)
  if ('syntax' in result) throw new Error('nothing was found wrong')
  return result.problem
}

function syntaxOf(text: string): Syntax {
  const result = parse(text)
  if ('problem' in result) throw new Error(result.problem.message.en)
  return result.syntax
}

function findingsOf(text: string): Finding[] {
  try {
    readPolicy(text, 'town.yaml')
  } catch (error) {
    if (error instanceof InputError) return error.findings
    throw error
  }
  return []
}

const chain = (terms: number, operator: string) => Array(terms).fill('a').join(operator)

describe('a text that is no expression is told by code and place', () => {
  const cases: [name: string, text: string, code: string, index: number][] = [
    ['nothing', '', 'broken-expression', 0],
    ['a megabyte', 'a && '.repeat(200_000), 'expression-too-long', 0],
    ['ten thousand brackets', '('.repeat(5_000) + ')'.repeat(5_000), 'expression-too-deep', MAX_NESTING],
    ['ten thousand lists', '['.repeat(9_999), 'expression-too-deep', MAX_NESTING],
    ['ten thousand !', '!'.repeat(9_999) + 'a', 'expression-too-deep', MAX_NESTING],
    ['ten thousand −', '-'.repeat(9_999) + '1', 'expression-too-deep', MAX_NESTING],
    ['brackets and signs by turns', '!('.repeat(3_000) + 'a', 'expression-too-deep', MAX_NESTING],
    ['a chain of && that is too long', chain(MAX_DEPTH + 1, '&&'), 'expression-too-deep', 0],
    ['a chain of + that is too long', chain(5_000, '+'), 'expression-too-deep', 0],
    ['a list that is too long', `[${'1,'.repeat(1_000)}1]`, 'expression-too-long', 2_001],
    ['an open string', 'a == "x', 'broken-expression', 5],
    ['an open string of three quotes', 'a == """x', 'broken-expression', 5],
    ['a line break in a string', 'a == "x\ny"', 'broken-expression', 7],
    ['an unknown escape', 'a == "\\q"', 'broken-expression', 6],
    ['an open bracket', '(a', 'broken-expression', 2],
    ['a bracket that nobody opened', 'a)', 'broken-expression', 1],
    ['a choice without its end', 'a ? b', 'broken-expression', 5],
    ['NUL', 'a\0', 'broken-expression', 1],
    ['a face', 'a 😀', 'broken-expression', 2],
    ['a whole number beyond 2⁵³', 'a > 9007199254740993', 'wrong-number', 4],
    ['one with a decimal point', 'a > 9007199254740993.0', 'wrong-number', 4],
    ['a number that becomes 0', 'a > 1e-999', 'wrong-number', 4],
    ['an infinite number', 'a > 1e999', 'broken-expression', 4],
    ['a number that some read as octal', 'a > 010', 'wrong-number', 4],
    ['a hexadecimal number', 'a > 0x1F', 'wrong-number', 4],
  ]
  it.each(cases)('%s', (_name, text, code, index) => {
    const problem = problemOf(text)
    expect(problem).toMatchObject({ code, index })
    expect(problem.message.zh).toMatch(/\p{Script=Han}/u)
    expect(problem.message.en).not.toMatch(/\p{Script=Han}/u)
  })

  it('ten thousand choices', () =>
    expect(problemOf('a?b:'.repeat(2_000) + 'c').code).toBe('expression-too-deep'))

  it('up to its limits a text is an expression, whatever stands in its strings and remarks', () => {
    expect(syntaxOf(chain(MAX_DEPTH, '&&')).op).toBe('&&')
    expect(syntaxOf('('.repeat(MAX_NESTING) + 'a' + ')'.repeat(MAX_NESTING)).op).toBe('id')
    expect(syntaxOf(Array(150).fill('(-a)').join('+')).op).toBe('+')
    expect(syntaxOf(`a == "${'('.repeat(500)}" // ${'!'.repeat(500)}`).op).toBe('==')
    expect(syntaxOf(`"${'a'.repeat(MAX_LENGTH - 2)}"`).op).toBe('value')
  })
})

describe('the way out', () => {
  const cases: [text: string, write: string][] = [
    ['age ＝ 5', '=='],
    ['age = 5', '=='],
    ['age ≥ 5', '>='],
    ['age ＞＝ 5', '>='],
    ['age => 5', '>='],
    ['age ≤ 5', '<='],
    ['age ≠ 5', '!='],
    ['age ！＝ 5', '!='],
    ['age <> 5', '!='],
    ['age > ５', '5'],
    ['tenure == “rent”', '"'],
    ['tenure == "rent”', '"'],
    ['tenure == ‘rent’', "'"],
    ['a && （b）', '('],
    ['a in ["x"，"y"]', ','],
    ['a in ["x"、"y"]', ','],
    ['a ＆＆ b', '&&'],
    ['a & b', '&&'],
    ['a 且 b', '&&'],
    ['a and b', '&&'],
    ['a 或者 b', '||'],
    ['a ｜｜ b', '||'],
    ['a OR b', '||'],
    ['非 a', '!'],
    ['not a', '!'],
    ['a　> 5', '空格'],
  ]
  it.each(cases)('%s → %s', (text, write) => {
    const { fix, code } = problemOf(text)
    expect(code).toBe('broken-expression')
    expect(fix?.zh).toContain(`写 ${write},`)
    if (/[＝＆（，“　]/.test(text)) expect(fix?.zh).toContain('半角')
  })
  it('Chinese in a string is no slip', () => expect(syntaxOf('area == "端州区（旧）"').op).toBe('=='))
})

describe('the spelling of a tree', () => {
  const shape = (syntax: Syntax): unknown => {
    const args: unknown = syntax.args
    const inner = (arg: unknown): unknown =>
      Array.isArray(arg)
        ? arg.map(inner)
        : typeof arg === 'object' && arg !== null && 'op' in arg
          ? shape(arg as Syntax)
          : String(arg)
    return [syntax.op, inner(args)]
  }
  const expression = fc.letrec<{ any: string }>(tie => {
    const any = tie('any').map(text => `(${text})`)
    const operator = fc.constantFrom(
      ...['&&', '||', '==', '!=', '<', '<=', '>', '>=', 'in', '+', '-', '*', '/', '%'],
    )
    return {
      any: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom('a', 'b', '7', '1.5', '"x"', '"端州"', "'\"'", 'true'),
        fc.tuple(any, operator, any).map(([left, op, right]) => `${left} ${op} ${right}`),
        fc.tuple(fc.constantFrom('!', '-'), any).map(([op, of]) => op + of),
        fc.tuple(any, any, any).map(([test, then, otherwise]) => `${test} ? ${then} : ${otherwise}`),
        fc.array(any, { maxLength: 3 }).map(items => `[${items.join(', ')}]`),
      ),
    }
  }).any
  it('gives the same tree again', () => {
    fc.assert(
      fc.property(expression, text => {
        const syntax = syntaxOf(text)
        expect(shape(syntaxOf(textOf(syntax)))).toEqual(shape(syntax))
      }),
    )
  })
  it('keeps the brackets that mean something and no others', () => {
    expect(textOf(syntaxOf('a - (b - c)'))).toBe('a - (b - c)')
    expect(textOf(syntaxOf('(a - b) - c'))).toBe('a - b - c')
    expect(textOf(syntaxOf('((a)||(b)) && !(c)'))).toBe('(a || b) && !c')
  })
})

describe('in a policy file', () => {
  const channel = (when: string) => `policy: town
title: { zh: 镇, en: Town }
source: { document: none }
channels:
  kin:
    clause: x
    when: ${when}
    brings: none
`
  it.each([
    ['has_permit && （age > 5）', 'broken-expression', 25],
    ['age > 9007199254740993', 'wrong-number', 17],
    ['"' + '!'.repeat(5_000) + 'has_permit"', 'expression-too-deep', 12 + MAX_NESTING],
    [chain(MAX_LENGTH, ' || '), 'expression-too-long', 11],
    ['*nothing', 'unknown-anchor', 11],
    ['!!js/function "f"', 'unsupported-yaml', 11],
  ])('%.30s', (when, code, column) =>
    expect(findingsOf(channel(when))).toMatchObject([{ code, file: 'town.yaml', line: 7, column }]),
  )
  it('a date of no calendar is told', () =>
    expect(findingsOf(channel('{ 2012-02-31: true }'))).toMatchObject([{ code: 'wrong-date', line: 7 }]))
})

describe('whatever is changed', () => {
  const alphabet = [
    ...'abz059 \n\t:-[]{}"\'#&*!|>%@`,.?=<()\\~',
    ...[
      '\0',
      '\r',
      '\u3000',
      '：',
      '“',
      '（',
      '且',
      '😀',
      '\ud800',
      '&&',
      '||',
      '<<: ',
      '2012-02-31',
      '.inf',
    ],
    ...[
      '9007199254740993',
      '!!binary ',
      '&a ',
      '*a',
      '\n---\n',
      '\n  ',
      'null',
      'true',
      '[[[[',
      '((((',
      '!!!!',
    ],
  ]
  /** Where, how many characters fall out, and what comes in. */
  const mutation = fc.tuple(
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.nat({ max: 12 }),
    fc.array(fc.constantFrom(...alphabet), { maxLength: 4 }),
  )
  const mutated = (text: string) =>
    fc.array(mutation, { minLength: 1, maxLength: 4 }).map(mutations =>
      mutations.reduce((before, [where, gone, come]) => {
        const start = Math.floor(where * before.length)
        return before.slice(0, start) + come.join('') + before.slice(start + gone)
      }, text),
    )

  it('an expression is one still, or there is a problem within it', () => {
    const texts = [...FILE.matchAll(/when: (.+)/g)].map(match => match[1])
    expect(texts.length).toBeGreaterThan(3)
    fc.assert(
      fc.property(fc.constantFrom(...texts).chain(mutated), text => {
        const result = parse(text)
        if ('syntax' in result) {
          textOf(result.syntax)
          return
        }
        const { problem } = result
        expect(problem.code).toMatch(/^[a-z]+(-[a-z]+)+$/)
        expect(problem.message.zh && problem.message.en).toBeTruthy()
        expect(problem.index).toBeGreaterThanOrEqual(0)
        expect(problem.index).toBeLessThanOrEqual(text.length)
      }),
      { numRuns: 3_000 },
    )
  }, 60_000)

  it('a policy file is one still, or its findings each have a place', () => {
    fc.assert(
      fc.property(mutated(FILE), text => {
        const lines = text.split('\n')
        for (const { code, line, column, message } of findingsOf(text)) {
          expect(code).toMatch(/^[a-z]+(-[a-z]+)+$/)
          expect(message.zh && message.en).toBeTruthy()
          expect(lines[line! - 1]).toBeDefined()
          expect(column).toBeGreaterThan(0)
          expect(column).toBeLessThanOrEqual(lines[line! - 1].length + 1)
        }
      }),
      { numRuns: 300 },
    )
  }, 120_000)
})
