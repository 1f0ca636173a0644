/** menkan policy evaluate on files as bureaus have them: long, in any encoding, with bad rows, or broken. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import type { Evaluation } from '../../src/policy/evaluate.js'
import type { PlainFinding } from '../../src/reading/finding.js'
import { built, menkan } from '../program.js'

let folder: string
const made: string[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'menkan-evaluate-'))
  made.push(folder)
})
afterAll(() => made.forEach(path => rmSync(path, { recursive: true })))

const file = (name: string, content: string | Uint8Array) => {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}
const evaluate = (persons: string, ...words: string[]) =>
  menkan(['policy', 'evaluate', 'zhaoqing-zero-threshold', '--at', '2017-01', '--persons', persons, ...words])
const kin = (persons: string, ...words: string[]) => evaluate(persons, '--channel', 'kin', ...words)
const findings = (stderr: string) => (JSON.parse(stderr) as { findings: PlainFinding[] }).findings

/** Rows enough for several pieces and blocks: every third has a parent here. */
const MANY = 20_000
const many = Array.from({ length: MANY }, (_, i) => `p${i},${i % 3 === 0 ? 'parent' : 'none'}`)
const manyText = ['id,kin_here', ...many, ''].join('\n')

describe('a long file', () => {
  it('gives every person once, in the order of the file, alike in every form', async () => {
    const path = file('many.csv', manyText)
    const csv = (await kin(path, '--format', 'csv')).stdout.trimEnd().split('\n')
    expect(csv[0]).toBe('id,channels,score')
    expect(csv.slice(1)).toEqual(many.map((_, i) => `p${i},${i % 3 === 0 ? 'kin' : ''},`))
    const json = JSON.parse((await kin(path, '--format', 'json')).stdout) as ({ id: string } & Evaluation)[]
    expect(json.map(({ id, channels }) => `${id},${channels.join()},`)).toEqual(csv.slice(1))
    const text = (await kin(path)).stdout.split('\n').filter(line => line.startsWith('p'))
    expect(text.length).toBe(MANY)
  })
  it('finds an id again however far back it stood', async () => {
    const path = file('twice.csv', `${manyText}p7,parent\n`)
    const { code, stdout, stderr } = await kin(path, '--format', 'json')
    expect(code).toBe(3)
    expect((JSON.parse(stdout) as unknown[]).length).toBe(MANY)
    expect(findings(stderr)).toMatchObject([{ code: 'duplicate-id', line: MANY + 2 }])
  })
  it('lists a thousand bad rows on the screen, says how many more, and all of them in a file', async () => {
    const bad = Array.from({ length: 3500 }, (_, i) => `x${i},uncle`)
    const path = file('bad.csv', ['id,kin_here', ...bad, 'last,parent', ''].join('\n'))
    const all = join(folder, 'refused.csv')
    const { code, stdout, stderr } = await kin(path, '--format', 'json')
    expect(code).toBe(3)
    expect((JSON.parse(stdout) as { id: string }[]).map(({ id }) => id)).toEqual(['last'])
    const shown = findings(stderr)
    expect(shown.length).toBe(1001)
    expect(shown[999]).toMatchObject({ code: 'wrong-cell', line: 1001, column: 2 })
    expect(shown[1000].code).toBe('more-refused')
    expect(shown[1000].message).toContain('2500')
    expect(shown[1000].fix).toContain('--refused')
    const { stderr: again } = await kin(path, '--format', 'csv', '--refused', all)
    expect(again).not.toContain('--refused')
    const lines = readFileSync(all, 'utf8').trimEnd().split('\r\n')
    expect(lines.length).toBe(3501)
    expect(lines[0]).toBe('\uFEFFline,column,code,message')
    expect(lines[3500]).toMatch(/^3501,2,wrong-cell,.*uncle/)
  })
})

describe('--out', () => {
  it('appears whole, in the form that its name says', async () => {
    const path = file('many.csv', manyText)
    for (const name of ['out.csv', 'out.json', 'out.txt']) {
      const { code, stdout, stderr } = await kin(path, '--out', join(folder, name))
      expect({ name, code, stdout }).toEqual({ name, code: 0, stdout: '' })
      expect(stderr).toContain('20000 persons')
    }
    expect(readFileSync(join(folder, 'out.csv'), 'utf8').split('\n').length).toBe(MANY + 2)
    expect((JSON.parse(readFileSync(join(folder, 'out.json'), 'utf8')) as unknown[]).length).toBe(MANY)
    expect(readFileSync(join(folder, 'out.txt'), 'utf8')).toContain('p0  kin\n')
    expect(readdirSync(folder).filter(name => name.includes('partial'))).toEqual([])
  })
  it('is not written over, nor left half written', async () => {
    const taken = file('taken.csv', 'mine')
    const { code, stderr } = await kin(file('many.csv', manyText), '--out', taken)
    expect(code).toBe(2)
    expect(stderr).toContain('taken.csv')
    expect(readFileSync(taken, 'utf8')).toBe('mine')
    const broken = await kin(file('broken.csv', `${manyText}q,"none\n`), '--out', join(folder, 'new.csv'))
    expect(broken.code).toBe(2)
    expect(existsSync(join(folder, 'new.csv'))).toBe(false)
    expect(readdirSync(folder).filter(name => name.includes('partial'))).toEqual([])
  })
  it('with --format json says on standard output what was done', async () => {
    const out = join(folder, 'o.json')
    const { stdout } = await kin(
      file('few.csv', 'id,kin_here\na,none\nb,x\n'),
      '--out',
      out,
      '--format',
      'json',
    )
    expect(JSON.parse(stdout)).toEqual({ out, persons: 1, refused: 1 })
  })
})

describe('a file as it came', () => {
  // 编号,同住户籍亲属 / a,父母 / ｂ２,其他 in GB18030.
  const HEX = 'b1e0bac52ccdacd7a1bba7bcaec7d7caf40a612cb8b8c4b80aa3e2a3b22cc6e4cbfb0a'
  const text = Buffer.from('编号,同住户籍亲属\na,父母\nｂ２,其他\n', 'utf16le')
  it.each([
    ['GB18030', Buffer.from(HEX, 'hex')],
    ['UTF-16', Buffer.concat([Buffer.of(0xff, 0xfe), text])],
    ['UTF-8 with mark', Buffer.from('\uFEFF' + text.toString('utf16le'))],
    ['CRLF', Buffer.from(text.toString('utf16le').replaceAll('\n', '\r\n'))],
    ['quotes', Buffer.from('"编号","同住户籍亲属"\n"a","父母"\n"ｂ２","其他"\n')],
  ])('%s', async (_, bytes) => {
    const { code, stdout } = await kin(file('came.csv', bytes), '--format', 'csv')
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'id,channels,score\na,kin,\nb2,kin,\n' })
  })
  it('from standard input', () => {
    const words = ['policy', 'evaluate', 'zhaoqing-zero-threshold', '--at', '2017-01', '--channel', 'kin']
    const { status, stdout } = spawnSync(
      process.execPath,
      [built('cli/main.js'), ...words, '--persons', '-', '--format', 'csv'],
      { input: manyText, encoding: 'utf8', maxBuffer: 1e8 },
    )
    expect(status).toBe(0)
    expect(stdout.trimEnd().split('\n').length).toBe(MANY + 1)
  })
  it('an id with a comma stays one cell', async () => {
    const { stdout } = await kin(file('comma.csv', 'id,kin_here\n"a,b",parent\n'), '--format', 'csv')
    expect(stdout).toBe('id,channels,score\n"a,b",kin,\n')
  })
  it('nobody at all', async () => {
    const path = file('nobody.csv', 'id,kin_here\n')
    expect((await kin(path, '--format', 'json')).stdout.trim()).toBe('[]')
    expect((await kin(path, '--format', 'csv')).stdout).toBe('id,channels,score\n')
  })
})

describe('a file that is no CSV', () => {
  it.each([
    ['a quote without end', 'id,kin_here\na,parent\nb,"none\n', 3],
    ['a quote without end in a long file', `id,kin_here\na,"parent\n${many.join('\n').repeat(8)}`, 2],
    ['one line without end', `id,kin_here\n${'x'.repeat(3e6)}`, 2],
    ['a quote within a cell', 'id,kin_here\na,par"ent\n', 2],
  ])('%s: a finding with the line, exit 2, nothing written', async (_, text, line) => {
    const { code, stdout, stderr } = await kin(file('broken.csv', text), '--format', 'json')
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(findings(stderr)).toMatchObject([{ code: 'broken-csv', line }])
  })
})

/** Rows enough that what follows stands in a later piece of the file. */
const before = Array.from({ length: MANY }, (_, i) => `p${i},无`)
const withRows = (...more: string[]) => ['id,kin_here', ...before, ...more, ''].join('\n')
/** g1,父母 in GB18030. */
const GB_ROW = Buffer.from('67312cb8b8c4b80a', 'hex')

describe('a file that cannot be read as a whole: exit 2, the place, nothing written', () => {
  it.each<[string, Uint8Array | string, object]>([
    [
      'UTF-8 that turns into GB18030',
      Buffer.concat([Buffer.from(withRows()), GB_ROW]),
      { code: 'unknown-encoding', line: MANY + 2, column: 4 },
    ],
    ['neither UTF-8 nor GB18030', Buffer.from('id,age\ncaf\xe9,1\n', 'latin1'), { line: 2, column: 4 }],
    [
      'UTF-16 without its mark',
      Buffer.from('id,age\na,1\n', 'utf16le'),
      { code: 'unknown-encoding', line: 1 },
    ],
    ['nothing at all', '', { code: 'missing-column', line: 1 }],
    ['empty lines alone', '\n\n\n', { code: 'missing-column', line: 1 }],
    ['cells parted by semicolons', 'id;kin_here\na;none\n', { code: 'broken-csv', line: 1, column: 1 }],
    ['a column without a name', 'id,kin_here,\na,none,\n', { code: 'unknown-column', line: 1, column: 3 }],
    ['one fact twice', 'id,age,年龄\na,1,1\n', { code: 'duplicate-column', line: 1, column: 3 }],
    ['a line of 50 MB', Buffer.alloc(5e7, 'x'), { code: 'broken-csv', line: 1 }],
  ])('%s', async (_, content, finding) => {
    const persons = file('whole.csv', content)
    for (const lang of ['zh', 'en']) {
      const out = join(folder, 'out.csv')
      const ended = await kin(persons, '--format', 'json', '--out', out, '--lang', lang)
      expect({ code: ended.code, stdout: ended.stdout }).toEqual({ code: 2, stdout: '' })
      expect(findings(ended.stderr)).toMatchObject([{ file: persons, ...finding }])
      expect(/\p{Script=Han}/u.test(findings(ended.stderr)[0].message)).toBe(
        lang === 'zh' || ended.stderr.includes('年龄'),
      )
      expect(readdirSync(folder)).toEqual(['whole.csv'])
    }
  })
})

describe('a row that cannot be taken: exit 3, its place, the others judged', () => {
  it.each<[string, string, number, string]>([
    ['half a unit of a whole fact', 'b,none,35.5', 3, 'whole'],
    ['a negative number', 'b,none,-1', 3, '-1'],
    ['1e999', 'b,none,1e999', 3, '1e999'],
    ['NaN', 'b,none,NaN', 3, 'NaN'],
    ['Infinity', 'b,none,Infinity', 3, 'Infinity'],
    ['a number of 400 digits', `b,none,${'9'.repeat(400)}`, 3, '9… (400)'],
    ['a NUL in the id', 'b\0,none,3', 1, 'b␀'],
    ['what a terminal would obey', 'b,\x1b[31mnone,3', 2, '␛[31mnone'],
    ['a cell of a million characters', `b,${'x'.repeat(9e5)},3`, 2, 'x… (900000)'],
    ['too few cells', 'b,none', 3, '2 cells, the header 3'],
    ['too many cells', 'b,none,3,', 4, '4 cells, the header 3'],
    ['no id', ',none,3', 1, 'id'],
    ['an id that stood before', 'a,none,3', 1, '"a"'],
  ])('%s', async (_, row, column, said) => {
    const persons = file('rows.csv', `id,kin_here,age\na,parent,３５\n${row}\nc,none,35\n`)
    const { code, stdout, stderr } = await kin(persons, '--format', 'csv')
    expect({ code, stdout }).toEqual({ code: 3, stdout: 'id,channels,score\na,kin,\nc,,\n' })
    expect(stderr).toContain(`${persons}:3:${column}  `)
    expect(stderr).toContain(said)
    expect(stderr).not.toMatch(/[\0-\x09\x0b-\x1f]/)
    expect(stderr.length).toBeLessThan(500)
  })
})

describe('files that are not there, or are in the way', () => {
  it('a file that is missing, a folder', async () => {
    expect(findings((await kin(join(folder, 'no.csv'), '--format', 'json')).stderr)).toMatchObject([
      { code: 'missing-file' },
    ])
    const ended = await kin(folder, '--format', 'json')
    expect({ code: ended.code, stdout: ended.stdout }).toEqual({ code: 2, stdout: '' })
    expect(findings(ended.stderr)).toMatchObject([{ code: 'unreadable-file' }])
  })
  it('the input is never written over, whatever its name', async () => {
    const path = file('out.csv.partial', manyText)
    expect((await kin(path, '--out', path)).code).toBe(2)
    expect((await kin(path, '--out', join(folder, 'out.csv'))).code).toBe(0)
    expect(readFileSync(path, 'utf8') === manyText).toBe(true)
  })
  it('--out and --refused are two files, however they are written', async () => {
    const words = ['--out', join(folder, 'x.csv'), '--refused', `${folder}/./x.csv`]
    expect((await kin(file('many.csv', manyText), ...words)).code).toBe(2)
    expect(readdirSync(folder)).toEqual(['many.csv'])
  })
  it('a header alone is told', async () => {
    const { code, stderr } = await kin(file('nobody.csv', 'id,kin_here\n'), '--format', 'json')
    expect(code).toBe(0)
    expect(findings(stderr)).toMatchObject([{ severity: 'note', code: 'no-persons' }])
  })
})

describe('a program that ends early leaves no half of a file', () => {
  const long = () =>
    file('long.csv', 'id,kin_here\n' + Array.from({ length: 4e5 }, (_, i) => `q${i},none\n`).join(''))
  const outs = () => ['--out', join(folder, 'out.csv'), '--refused', join(folder, 'refused.csv')]
  it('Ctrl-C', async () => {
    const words = ['policy', 'evaluate', 'zhaoqing-zero-threshold', '--at', '2017-01', '--channel', 'kin']
    const begun = () => readdirSync(folder).some(name => name.startsWith('refused.csv'))
    const { code } = await menkan([...words, '--persons', long(), ...outs()], {
      onStart(child) {
        const waiting = setInterval(() => {
          if (!begun()) return
          clearInterval(waiting)
          child.kill('SIGINT')
        }, 5)
      },
    })
    expect(code).toBe(130)
    expect(readdirSync(folder)).toEqual(['long.csv'])
  })
  it('whoever reads the output stops', async () => {
    const words = ['policy', 'evaluate', 'zhaoqing-zero-threshold', '--at', '2017-01', '--channel', 'kin']
    const refused = ['--refused', join(folder, 'refused.csv')]
    const { code, stderr } = await menkan([...words, '--persons', long(), '--format', 'csv', ...refused], {
      onStart: child => void child.stdout!.once('data', () => child.stdout!.destroy()),
    })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(readdirSync(folder)).toEqual(['long.csv'])
  })
})

describe('facts that a policy declares', () => {
  const policy = `
policy: declared
title: { zh: 声明, en: declared }
source: { document: 声明 }
facts:
  shop: { label: { zh: 店铺, en: shop }, type: named, values: { none: { zh: 无, en: none }, stall: { zh: 摊位, en: stall } } }
  years: { type: number, is: months_insured / 12 }
channels:
  trade:
    clause: trade
    brings: none
    when: shop == "stall"
    score: { years: { each: years, round: down, points: 10 } }
    admit: { at_least: 20 }
`
  it('are read by their labels and words, and computed', async () => {
    const path = file('policy.yaml', policy)
    const persons = file('p.csv', '编号,店铺,months_insured\na,摊位,24\nb,无,36\nc,stall,23\nd,,60\n')
    const words = ['policy', 'evaluate', path, '--persons', persons, '--format']
    const { code, stdout, stderr } = await menkan([...words, 'csv'])
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: 'id,channels,score\na,trade,20\nb,,30\nc,,10\nd,,50\n',
      stderr: '',
    })
    const json = JSON.parse((await menkan([...words, 'json'])).stdout) as Evaluation[]
    expect(json.map(({ channels, score }) => [channels, score.trade])).toEqual([
      [['trade'], 20],
      [[], 30],
      [[], 10],
      [[], 50],
    ])
    expect(json[3].unknown).toEqual([{ channel: 'trade', facts: ['shop'] }])
  })
  it('a column of a computed fact stands above the computation', async () => {
    const path = file('policy.yaml', policy)
    const persons = file('p.csv', 'id,shop,years\na,stall,1\nb,stall,2.5\n')
    const { stdout } = await menkan(['policy', 'evaluate', path, '--persons', persons, '--format', 'csv'])
    expect(stdout).toBe('id,channels,score\na,,10\nb,trade,20\n')
  })
})
