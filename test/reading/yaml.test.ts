import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { decode } from '../../src/node/files.js'
import { InputError, type Finding } from '../../src/reading/finding.js'
import { readYaml } from '../../src/reading/yaml.js'
import { MAX_DEPTH, MAX_REPEATED, MAX_TEXT } from '../../src/reading/yamlDocument.js'

const anything = z.record(z.string(), z.unknown())
const read = (text: string, schema: z.ZodType = anything) => readYaml(text, 'town.yaml', schema)
const value = (text: string) => read(text).value

function findingsOf(text: string, schema?: z.ZodType): Finding[] {
  try {
    read(text, schema)
  } catch (error) {
    if (error instanceof InputError) return error.findings
    throw error
  }
  throw new Error('nothing was found wrong')
}

describe('what is no YAML that can be taken is told with code, line and column', () => {
  const deepFlow = '['.repeat(10_000) + ']'.repeat(10_000)
  const cases: [name: string, text: string, code: string, line: number, column: number][] = [
    ['nothing at all', '', 'broken-yaml', 1, 1],
    ['comments alone', '# a\n# b\n', 'broken-yaml', 1, 1],
    ['two documents', 'a: 1\n---\nb: 2\n', 'broken-yaml', 3, 1],
    ['a tab as indentation', 'a:\n\tb: 1\n', 'broken-yaml', 2, 1],
    ['an open quote', 'a: 1\nb: "x\n', 'broken-yaml', 3, 1],
    ['an open bracket', 'a: [1, 2\nb: 1\n', 'broken-yaml', 2, 1],
    ['text that begins with @', 'a: @x', 'broken-yaml', 1, 4],
    ['an unknown escape', 'a: "\\q"', 'broken-yaml', 1, 5],
    ['a full-width colon', 'a: 1\nb：2\nc: 3\n', 'broken-yaml', 2, 1],
    ['no space after a colon', 'a:1\nb: 2\n', 'broken-yaml', 1, 1],
    ['a key twice', 'a: 1\nb: 2\na: 3\n', 'broken-yaml', 3, 1],
    ['a key twice, within', 'a:\n  b: { c: 1, c: 2 }\n', 'broken-yaml', 2, 14],
    ['a key as number and as text', '1: a\n"1": b\n', 'broken-yaml', 2, 1],
    ['NUL', 'a: 1\nb: x\0y\n', 'control-character', 2, 5],
    ['NUL by an escape', 'a: 1\nb: "x\\0y"\n', 'control-character', 2, 4],
    ['a control character in a key', '"a\\x07": 1\n', 'control-character', 1, 1],
    ['half of a surrogate pair', 'a: \ud83d', 'control-character', 1, 4],
    ['an unknown tag', 'a: 1\nb: !foo 2\n', 'unsupported-yaml', 2, 4],
    ['a function', 'a: !!js/function "() => 1"', 'unsupported-yaml', 1, 4],
    ['binary', 'a: !!binary aGk=', 'unsupported-yaml', 1, 4],
    ['a time stamp', 'a: !!timestamp 2012-01-01', 'unsupported-yaml', 1, 4],
    ['a set', 'a: !!set { b }', 'unsupported-yaml', 1, 4],
    ['a tag that does not fit', 'a: !!int x', 'unsupported-yaml', 1, 4],
    ['a merge key', 'a: &a { b: 1 }\nc:\n  <<: *a\n', 'unsupported-yaml', 3, 3],
    ['a list as key', 'a: 1\n[b, c]: 1\n', 'unsupported-yaml', 2, 1],
    ['a map as key', '? { a: 1 }\n: 2\n', 'unsupported-yaml', 1, 3],
    ['no key', '~: 1\n', 'unsupported-yaml', 1, 1],
    ['an alias as key', 'a: &k x\n*k : 1\n', 'unsupported-yaml', 2, 1],
    ['a key that would be a prototype', '__proto__: { a: 1 }\n', 'unsupported-yaml', 1, 1],
    ['YAML 1.1', '%YAML 1.1\n---\na: yes\n', 'unsupported-yaml', 1, 1],
    ['an unknown directive', '%FOO bar\n---\na: 1\n', 'unsupported-yaml', 1, 1],
    ['an alias of nothing', 'a: &here 1\nb: *hree\n', 'unknown-anchor', 2, 4],
    ['an alias before its anchor', 'a: *x\nb: &x 1\n', 'unknown-anchor', 1, 4],
    ['an alias of what holds it', 'a: &x\n  b: [*x]\n', 'cycle-in-aliases', 2, 7],
    ['ten thousand brackets', `a: ${deepFlow}`, 'nested-too-deep', 1, 4 + MAX_DEPTH - 1],
    ['ten thousand open brackets', '['.repeat(10_000), 'nested-too-deep', 1, MAX_DEPTH + 1],
    ['ten thousand dashes', '- '.repeat(10_000), 'nested-too-deep', 1, 2 * MAX_DEPTH + 1],
    ['ten thousand keys of keys', '? '.repeat(10_000), 'nested-too-deep', 1, 2 * MAX_DEPTH + 1],
    ['a text beyond the limit', '#'.repeat(MAX_TEXT + 1), 'file-too-large', 1, 1],
  ]
  it.each(cases)('%s', (_name, text, code, line, column) => {
    const [first] = findingsOf(text)
    expect(first).toMatchObject({ severity: 'error', code, file: 'town.yaml', line, column })
    expect(first.message.zh).toMatch(/\p{Script=Han}/u)
    expect(first.message.en).not.toMatch(/\p{Script=Han}/u)
  })

  it('under a code that docs/findings.md lists', () => {
    const listed = readFileSync(new URL('../../docs/findings.md', import.meta.url), 'utf8')
    expect(cases.filter(([, , code]) => !listed.includes(`\`${code}\``))).toEqual([])
  })

  it('indentation too deep', () => {
    const text = Array.from({ length: 1000 }, (_, level) => ' '.repeat(level) + 'a:\n').join('')
    expect(findingsOf(text)).toMatchObject([
      { code: 'nested-too-deep', line: MAX_DEPTH + 1, column: MAX_DEPTH + 1 },
    ])
  })

  it('the way out of the slips of a hand that writes Chinese', () => {
    expect(findingsOf('a：1\nb: 2\n')[0].fix?.zh).toContain('半角')
    expect(findingsOf('a:1\nb: 2\n')[0].fix?.zh).toContain('空格')
    expect(findingsOf('a:\n\tb: 1\n')[0].fix?.zh).toContain('空格')
  })

  it('the nearest anchor, and the line of the first of two equal keys', () => {
    expect(findingsOf('a: &here 1\nb: *hree\n')[0].nearest).toBe('here')
    expect(findingsOf('a: 1\nb: 2\na: 3\n')[0].message.zh).toContain('第 1 行')
  })

  it('all of them at once, in order', () => {
    const found = findingsOf('a: *x\nb: 0x1F\nb: 1\n<<: 2\n')
    expect(found.map(({ code, line }) => [line, code])).toEqual([
      [1, 'unknown-anchor'],
      [2, 'wrong-number'],
      [3, 'broken-yaml'],
      [4, 'unsupported-yaml'],
    ])
  })
})

describe('aliases', () => {
  it('repeat what their anchor holds', () => {
    expect(value('a: &x { b: [1, 2] }\nc: *x\nd: [*x]\n')).toEqual({
      a: { b: [1, 2] },
      c: { b: [1, 2] },
      d: [{ b: [1, 2] }],
    })
  })
  it('take the latest anchor of their name', () =>
    expect(value('a: &x 1\nb: *x\nc: &x 2\nd: *x\n')).toEqual({ a: 1, b: 1, c: 2, d: 2 }))
  it('that multiply are refused where they have repeated too much', () => {
    // Ten times ten times ten …: each line repeats the one before ten times; 1 + 10 + … + 10⁴ is above the limit.
    const lines = Array.from({ length: 10 }, (_, i) =>
      i === 0
        ? 'a0: &a0 [lol]'
        : `a${i}: &a${i} [${Array(10)
            .fill(`*a${i - 1}`)
            .join(', ')}]`,
    )
    const [first, ...rest] = findingsOf(lines.join('\n'))
    expect(first).toMatchObject({ code: 'too-many-aliases', line: 5 })
    expect(rest).toEqual([])
  })
  it('may repeat as much as the limit says, and no more', () => {
    const text = (times: number) => `a: &a x\nb: [${Array(times).fill('*a').join(', ')}]`
    expect((value(text(MAX_REPEATED)) as { b: unknown[] }).b).toHaveLength(MAX_REPEATED)
    expect(findingsOf(text(MAX_REPEATED + 1))).toMatchObject([{ code: 'too-many-aliases', line: 2 }])
  })
  it('that lie in one another are refused where they lie too deep', () => {
    const half = MAX_DEPTH / 2
    const nest = (inner: string) => '['.repeat(half) + inner + ']'.repeat(half)
    expect(findingsOf(`a: &a ${nest('x')}\nb: &b ${nest('*a')}\n`)).toMatchObject([
      { code: 'nested-too-deep', line: 2, column: 7 + half },
    ])
  })
})

describe('numbers', () => {
  it.each(['.inf', '-.inf', '.nan', '9007199254740993', '-9007199254740992', '1e300', '1e999', '1e-999'])(
    '%s is refused',
    number =>
      expect(findingsOf(`a: 1\nb: ${number}\n`)).toMatchObject([
        { code: 'wrong-number', line: 2, column: 4 },
      ]),
  )
  it.each(['0o17', '0x1F', '017', '-007'])('%s means two things and is refused', number =>
    expect(findingsOf(`a: [1, ${number}]\n`)).toMatchObject([{ code: 'wrong-number', line: 1, column: 8 }]),
  )
  it('that are safe stay what they are', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.maxSafeInteger(), fc.double({ min: -1e15, max: 1e15, noNaN: true })),
        number => {
          // −0 is written 0.
          expect(value(`a: ${number}`)).toEqual({ a: number === 0 ? 0 : number })
        },
      ),
    )
  })
  it('in quotes are texts and may be anything', () =>
    expect(value('a: "9007199254740993"\nb: "007"\nc: ".inf"\n')).toEqual({
      a: '9007199254740993',
      b: '007',
      c: '.inf',
    }))
})

describe('texts', () => {
  it('dates stay texts, as keys and as values, those of no calendar too', () =>
    expect(value('2012-02-31: 2012-01-01\na: { 2010-06-23: 5 }\n')).toEqual({
      '2012-02-31': '2012-01-01',
      a: { '2010-06-23': 5 },
    }))
  it('yes and no are texts', () => expect(value('a: yes\nb: no\n')).toEqual({ a: 'yes', b: 'no' }))
  it('a key is what was written', () =>
    expect(value('2015: a\n1.50: b\ntrue: c\n010: d\nconstructor: e\n')).toEqual(
      Object.fromEntries([
        ['2015', 'a'],
        ['1.50', 'b'],
        ['true', 'c'],
        ['010', 'd'],
        ['constructor', 'e'],
      ]),
    ))
  it('a byte order mark is no part of them and moves no column', () => {
    expect(value('\uFEFFa: 1\n')).toEqual({ a: 1 })
    expect(findingsOf('\uFEFFa: @x\n')).toMatchObject([{ line: 1, column: 4 }])
  })
  it('GB18030 gives the same values, and columns count characters', () => {
    // 肇庆: 1 / 肇庆: @, the name as it is in the published code table.
    const name = [0xd5, 0xd8, 0xc7, 0xec]
    const ascii = (text: string) => [...text].map(character => character.charCodeAt(0))
    expect(value(decode(new Uint8Array([...name, ...ascii(': 1\n')]), 'town.yaml'))).toEqual({ 肇庆: 1 })
    expect(findingsOf(decode(new Uint8Array([...name, ...ascii(': @x\n')]), 'town.yaml'))).toMatchObject([
      { code: 'broken-yaml', line: 1, column: 5 },
    ])
  })
  it('text that is in JSON is read as JSON reads it', () => {
    const text = fc.string().filter(s => !/\p{Cc}|[\uFFFE\uFFFF]/u.test(s))
    const tree = fc.letrec(tie => ({
      tree: fc.oneof(
        { maxDepth: 3 },
        text,
        fc.integer(),
        fc.boolean(),
        fc.array(tie('tree')),
        fc.dictionary(
          text.filter(key => key !== '__proto__'),
          tie('tree'),
        ),
      ),
    })).tree
    fc.assert(
      fc.property(tree, inner => {
        const json = JSON.stringify({ inner })
        expect(value(json)).toEqual(JSON.parse(json))
      }),
    )
  })
})

describe('positions', () => {
  const schema = z.strictObject({ a: z.strictObject({ b: z.array(z.number()) }) })
  it('of a wrong value, of an unknown key, of a list item', () =>
    expect(
      findingsOf('a:\n  b:\n    - 1\n    - x\n  cc: 1\n', schema).map(f => [f.code, f.line, f.column]),
    ).toEqual([
      ['wrong-value', 4, 7],
      ['unknown-key', 5, 3],
    ]))
  it('of what an alias repeats is the alias', () =>
    expect(
      findingsOf('a: &x { b: [x] }\nc: *x\n', z.object({ c: z.object({ b: z.array(z.number()) }) })),
    ).toMatchObject([{ line: 2, column: 1 }]))
  it('of a character in a text, however it is quoted, escaped or folded', () => {
    const at = (text: string, index: number) => {
      const { line, column } = read(text).positions.within(['a'], index)
      return text.split('\n')[line - 1].slice(column - 1)
    }
    expect(at('a: x == y', 5)).toBe('y')
    expect(at('a: "x\\n\\u4e2d\\t== y"', 3)).toBe('== y"')
    expect(at('a: "\\"q\\" y"', 4)).toBe('y"')
    expect(at("a: 'it''s y'", 5)).toBe("y'")
    expect(at('a: >-\n  x\n  && y\n', 5)).toBe('y')
    expect(at('a: |\n  x\n  && y\n', 2)).toBe('&& y')
  })
})

describe('whatever the text', () => {
  const pieces = fc.constantFrom(
    ...[
      'a',
      ': ',
      ':',
      '- ',
      '? ',
      '\n',
      '\n  ',
      '\t',
      '[',
      ']',
      '{',
      '}',
      ', ',
      '&a ',
      '*a ',
      '!t ',
      '!!int ',
    ],
    ...[
      '"',
      "'",
      '|',
      '>',
      '#',
      ' ',
      '---\n',
      '...\n',
      '%YAML 1.1\n',
      '<<',
      '~',
      '1e999',
      '0x1',
      '\\',
      '\r',
      '：',
    ],
  )
  it('it is read, or every finding has a place', () => {
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), parts => {
        const text = parts.join('')
        try {
          read(text, z.unknown())
        } catch (error) {
          if (!(error instanceof InputError)) throw error
          expect(error.findings.length).toBeGreaterThan(0)
          const lines = text.split('\n')
          for (const { line, column } of error.findings) {
            expect(lines[line! - 1]).toBeDefined()
            expect(column).toBeGreaterThan(0)
            expect(column).toBeLessThanOrEqual(lines[line! - 1].length + 1)
          }
        }
      }),
      { numRuns: 2000 },
    )
  })
  // Each is near the limit of size and of a form whose reading would grow with the square of it.
  it.each([
    ['keys', (i: number) => `key${i}: ${i}\n`],
    ['anchors and aliases', (i: number) => `- &a${i} 1\n- *a${i}\n`],
    ['brackets', () => '['],
    ['brackets that nobody opened', () => ']'],
    ['anchors of one value', () => '&a '],
  ])(
    'a whole file of %s ends in time',
    (_name, line) => {
      let text = ''
      for (let i = 0; text.length < 200_000; i++) text += line(i)
      try {
        read(text, z.unknown())
      } catch (error) {
        expect(error).toBeInstanceOf(InputError)
      }
    },
    60_000,
  )
})
