/** menkan population fit as a user meets it: known answers, conflicts by name, and files that are wrong. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { menkan } from '../program.js'

const folder = mkdtempSync(join(tmpdir(), 'menkan-fit-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, content: string | Uint8Array) {
  writeFileSync(join(folder, name), content)
  return name
}
const fit = (...words: string[]) => menkan(['population', 'fit', ...words], { cwd: folder })
const withMargins = (...names: string[]) => names.flatMap(name => ['--margin', name])

interface Report {
  converged: boolean
  iterations: number
  largestGap: number
  margins: { file: string; largestGap: number; relativeGap: number; worst: { cell: object } }[]
  conflicts: {
    code: string
    message: Record<string, string>
    files?: string[]
    by?: number
    cell?: object
    asks?: object[]
    allows?: object[]
    short?: number
  }[]
  relaxed: { file: string; from: number; to: number }[]
  spread: { min: number; max: number; zero: number; ratioMax: number }
  integerised?: { largestGap: number }
  forcedZeros: number
  cells: number
}
async function report(...words: string[]) {
  const { code, stdout, stderr } = await fit(...words, '--format', 'json')
  return { code, stderr, ...(JSON.parse(stdout) as Report) }
}
async function refused(...words: string[]) {
  const { code, stderr, stdout } = await fit(...words, '--format', 'json')
  expect(stdout).toBe('')
  expect(code).toBe(2)
  return (
    JSON.parse(stderr) as { findings: { code: string; line?: number; column?: number; message: string }[] }
  ).findings
}
const rows = (name: string) =>
  readFileSync(join(folder, name), 'utf8')
    .replace(/^\uFEFF/, '')
    .trimEnd()
    .split('\r\n')
    .map(line => line.split(','))

const survey = fileURLToPath(new URL('../population/fitting/apiclus1.csv', import.meta.url))
const known = JSON.parse(
  readFileSync(new URL('../population/fitting/surveyRaking.json', import.meta.url), 'utf8'),
) as { weightByCell: Record<string, number>; margins: Record<string, Record<string, number>> }
for (const [name, totals] of Object.entries(known.margins))
  file(
    `${name}.csv`,
    `${name},total\n` +
      Object.entries(totals)
        .map(row => row.join(',') + '\n')
        .join(''),
  )
const SURVEY = ['--records', survey, '--weight', 'pw', ...withMargins('stype.csv', 'sch_wide.csv')]

describe('the raking of the survey package', () => {
  it('gives every weight to 1e-6, beside the columns of the records', async () => {
    const { code, converged, margins } = await report(...SURVEY, '--out', 'w.csv')
    expect([code, converged]).toEqual([0, true])
    expect(margins.map(margin => margin.file)).toEqual(['stype.csv', 'sch_wide.csv'])
    const [header, ...records] = rows('w.csv')
    expect(header).toEqual(['row', 'stype', 'sch_wide', 'api00', 'enroll', 'pw', 'raked', 'weight'])
    expect(records).toHaveLength(183)
    for (const cells of records) {
      const expected = Number(cells[6])
      expect(Math.abs(Number(cells[7]) - expected) / expected).toBeLessThan(1e-6)
      expect(expected).toBeCloseTo(known.weightByCell[`${cells[1]}/${cells[2]}`], 9)
    }
  })
  it('is told in both languages', async () => {
    const en = await fit(...SURVEY)
    expect(en.stdout).toContain('Converged: every margin is met.')
    expect(en.stdout).toMatch(/design effect \(Kish\) 1\.\d+, effective sample size 174 of 183/)
    expect((await fit(...SURVEY, '--lang', 'zh')).stdout).toContain('已收敛:所有边际都符合。')
  })
  it('never goes beyond bounds, and says which totals they put out of reach', async () => {
    const fits = await report(...SURVEY, '--upper', '2', '--lower', '0.8', '--out', 'bounded.csv')
    expect(fits.code).toBe(0)
    const tight = await report(...SURVEY, '--upper', '1.3', '--out', 'tight.csv')
    expect(tight.code).toBe(3)
    // 14 schools of type H with 33.847 each reach at most 1.3 × 473.9 = 616, not 755.
    expect(tight.conflicts[0]).toMatchObject({ code: 'group-out-of-reach', cell: { stype: 'H' } })
    for (const cells of rows('tight.csv').slice(1))
      expect(Number(cells[7]) / Number(cells[5])).toBeLessThanOrEqual(1.3 * (1 + 1e-12))
  })
  it('makes whole numbers that keep both margins, the same for the same seed and in any order', async () => {
    const whole = [...SURVEY, '--integerise', 'controlled']
    expect((await report(...whole, '--out', 'a.csv')).integerised!.largestGap).toBe(0)
    await fit(...whole, '--out', 'b.csv')
    expect(readFileSync(join(folder, 'a.csv'))).toEqual(readFileSync(join(folder, 'b.csv')))
    await fit(...whole, '--seed', 'another', '--out', 'c.csv')
    expect(readFileSync(join(folder, 'c.csv'))).not.toEqual(readFileSync(join(folder, 'a.csv')))
    const [header, ...lines] = readFileSync(survey, 'utf8').trimEnd().split('\n')
    const turned = [...lines].reverse().map(line => line.split(',').reverse().join(','))
    file('turned.csv', [header.split(',').reverse().join(','), ...turned].join('\n'))
    await fit(
      ...['--records', 'turned.csv', '--weight', 'pw', ...withMargins('sch_wide.csv', 'stype.csv')],
      ...['--integerise', 'controlled', '--out', 'd.csv'],
    )
    const byRow = (name: string, row: number) =>
      Object.fromEntries(
        rows(name)
          .slice(1)
          .map(cells => [cells[row], cells[cells.length - 1]]),
      )
    expect(byRow('d.csv', 6)).toEqual(byRow('a.csv', 0))
  })
})

describe('margins that cannot be met', () => {
  const people = file('people.csv', 'sex,town\nm,A\nf,A\nf,B\n')
  it('whose totals differ are both named, with the gap', async () => {
    file('sex.csv', 'sex,total\nm,40\nf,60\n')
    file('town.csv', 'town,total\nA,50\nB,51\n')
    const { code, conflicts, converged } = await report(
      ...['--records', people, ...withMargins('sex.csv', 'town.csv'), '--out', 'off.csv'],
    )
    expect([code, converged]).toEqual([3, false])
    expect(conflicts).toEqual([expect.objectContaining({ code: 'margins-disagree', by: 1 })])
    expect(conflicts[0].files).toEqual(['sex.csv', 'town.csv'])
    expect(existsSync(join(folder, 'off.csv'))).toBe(true)
  })
  it('are scaled to one of them if that is asked for, and it is listed', async () => {
    const { code, relaxed } = await report(
      ...['--records', people, ...withMargins('sex.csv', 'town.csv')],
      ...['--relax', 'scale', '--scale-to', 'sex.csv'],
    )
    expect(code).toBe(0)
    expect(relaxed).toEqual([expect.objectContaining({ file: 'town.csv', from: 101, to: 100 })])
  })
  it('are named cell by cell in a proof', async () => {
    // All men live in A: 70 men do not fit into the 50 of A.
    file('men.csv', 'sex,total\nm,70\nf,30\n')
    file('half.csv', 'town,total\nA,50\nB,50\n')
    const { code, conflicts } = await report('--records', people, ...withMargins('men.csv', 'half.csv'))
    expect(code).toBe(3)
    expect(conflicts).toHaveLength(1)
    expect(conflicts[0]).toMatchObject({ code: 'totals-contradict', short: 20 })
    const named = [...conflicts[0].asks!, ...conflicts[0].allows!]
    expect([
      [
        { file: 'men.csv', cell: { sex: 'm' }, total: 70, times: 1 },
        { file: 'half.csv', cell: { town: 'A' }, total: 50, times: 1 },
      ],
      [
        { file: 'half.csv', cell: { town: 'B' }, total: 50, times: 1 },
        { file: 'men.csv', cell: { sex: 'f' }, total: 30, times: 1 },
      ],
    ]).toContainEqual(named)
  })
  it('a category that no record has is impossible, unless its total is 0', async () => {
    file('three.csv', 'town,total\nA,50\nB,40\nC,10\n')
    const { code, conflicts } = await report('--records', people, ...withMargins('three.csv'))
    expect(code).toBe(3)
    expect(conflicts[0]).toMatchObject({ code: 'group-out-of-reach', cell: { town: 'C' } })
    file('none.csv', 'town,total\nA,50\nB,50\nC,0\n')
    expect((await report('--records', people, ...withMargins('none.csv'))).code).toBe(0)
  })
  it('a total of 0 makes weights 0, and that is told', async () => {
    file('zero.csv', 'town,total\nA,50\nB,0\n')
    const { code, spread } = await report(
      '--records',
      people,
      ...withMargins('zero.csv'),
      '--out',
      'zero-w.csv',
    )
    expect([code, spread.zero]).toEqual([0, 1])
    expect(rows('zero-w.csv').map(cells => cells[2])).toEqual(['weight', '25', '25', '0'])
  })
})

describe('households', () => {
  file('homes.csv', '\uFEFF户号,年龄,规模\n1,成人,2\n1,儿童,2\n2,成人,1\n3,成人,3\n3,儿童,3\n3,儿童,3\n')
  file('年龄.csv', '年龄,合计\n成人,60\n儿童,50\n')
  file('规模.csv', '规模,合计\n1,25\n2,20\n3,15\n')
  const HOMES = [
    '--records',
    'homes.csv',
    '--household',
    '户号',
    '--margin',
    '年龄.csv',
    '--household-margin',
    '规模.csv',
  ]
  it('one weight a household, persons and households both met', async () => {
    const { code, margins } = await report(...HOMES, '--out', 'homes-w.csv')
    expect(code).toBe(0)
    expect(margins).toHaveLength(2)
    // 20 children in homes of two and 2 × 15 in homes of three are the 50.
    const weights = rows('homes-w.csv')
      .slice(1)
      .map(cells => Number(cells[3]))
    for (const [i, expected] of [20, 20, 25, 15, 15, 15].entries())
      expect(weights[i]).toBeCloseTo(expected, 6)
  })
  it('a dimension of households that differs among members is refused', async () => {
    file('uneven.csv', '户号,年龄,规模\n1,成人,2\n1,儿童,3\n2,成人,1\n')
    const words = HOMES.map(word => (word === 'homes.csv' ? 'uneven.csv' : word))
    expect((await refused(...words)).map(({ code }) => code)).toEqual(['differs-in-household'])
  })
})

describe('without records', () => {
  file('ab.csv', 'a,b,total\nx,p,6\nx,q,4\ny,p,5\ny,q,6\n')
  file('bc.csv', 'b,c,total\np,1,5\np,2,6\nq,1,6\nq,2,4\n')
  it('the table is spanned by the margins, but for what is excluded', async () => {
    file('never.csv', 'a,c\nx,1\n')
    const { code, cells, forcedZeros } = await report(
      ...[...withMargins('ab.csv', 'bc.csv'), '--exclude', 'never.csv', '--out', 'table.csv'],
    )
    expect([code, cells]).toEqual([0, 6])
    // x lies in c = 2 alone: x·p·2 = 6 of p's 6, so y·p·2 is 0; x·q·2 = 4 of q's 4, so y·q·2 is 0.
    expect(forcedZeros).toBe(2)
    const table = Object.fromEntries(rows('table.csv').map(([a, b, c, w]) => [a + b + c, w]))
    for (const [cell, expected] of Object.entries({ xp2: 6, xq2: 4, yp1: 5, yq1: 6, yp2: 0, yq2: 0 }))
      expect(Number(table[cell])).toBeCloseTo(expected, 6)
  })
  it('independent where margins share nothing', async () => {
    file('r.csv', 'r,total\nx,50\ny,50\n')
    file('c.csv', 'c,total\n1,30\n2,70\n')
    await fit(...withMargins('r.csv', 'c.csv'), '--out', 'rc.csv')
    expect(
      rows('rc.csv')
        .slice(1)
        .map(cells => Number(cells[2])),
    ).toEqual([15, 35, 15, 35])
  })
  it('a table that is too large has a way out', async () => {
    const names = Array.from({ length: 10 }, (_, d) =>
      file(`d${d}.csv`, `d${d},total\n` + Array.from({ length: 8 }, (_, k) => `${k},1\n`).join('')),
    )
    const { code, stderr } = await fit(...withMargins(...names))
    expect(code).toBe(2)
    expect(stderr).toContain('1073741824 cells')
    expect(stderr).toContain('--records')
  })
})

describe('files that are wrong', () => {
  const people = file('p.csv', 'sex,town,w\nm,A,1\nf,A,2\nf,B,1\n')
  file('ok.csv', 'sex,total\nm,40\nf,60\n')
  it.each([
    ['negative and not a number', 'sex,total\nm,-4\nf,NaN\n', ['negative-count', 'wrong-cell']],
    ['a formula', 'sex,total\nm,"=HYPERLINK(""http://x"")"\nf,1\n', ['wrong-cell']],
    ['a cell twice', 'sex,total\nm,4\nf,1\nm,4\n', ['duplicate-cell']],
    ['empty', '', ['empty-file']],
    ['only a header', 'sex,total\n', ['empty-file']],
    ['no total', 'sex,number\nm,4\n', ['missing-column']],
    ['too many cells', 'sex,total\nm,4,5\n', ['wrong-length']],
    ['a dimension that records lack', 'gender,total\nm,4\n', ['missing-column']],
    ['a category of the records missing', 'sex,total\nm,4\n', ['category-without-total']],
    ['a quote that is open', 'sex,total\n"m,4\n', ['broken-csv']],
    ['a workbook', 'PK\u0003\u0004\u0014\u0000,x\n', ['broken-csv']],
  ])('a margin: %s', async (_, content, codes) => {
    file('bad.csv', content)
    const findings = await refused('--records', people, ...withMargins('bad.csv'), '--out', 'bad-w.csv')
    expect(findings.map(({ code }) => code)).toEqual(codes)
    expect(existsSync(join(folder, 'bad-w.csv'))).toBe(false)
    expect(existsSync(join(folder, 'bad-w.csv.partial'))).toBe(false)
  })
  it.each([
    ['a negative weight', 'sex,w\nm,-1\nf,1\n', 'negative-count', 2],
    ['no weight', 'sex,w\nm,1\nf,\n', 'wrong-cell', 3],
    ['an empty category', 'sex,w\nm,1\n,1\n', 'category-without-total', 3],
    ['a row that is short', 'sex,w\nm,1\nf\n', 'wrong-length', 3],
  ])('records: %s', async (_, content, code, line) => {
    file('bad.csv', content)
    const findings = await refused('--records', 'bad.csv', '--weight', 'w', ...withMargins('ok.csv'))
    expect(findings).toEqual([expect.objectContaining({ code, line })])
  })
  it('personal data is refused by column and line, never by value', async () => {
    const number = '11010519491231002X'
    file('real.csv', `sex,note\nm,ok\nf,${number}\nf,13800138000\n`)
    const { code, stderr } = await fit('--records', 'real.csv', ...withMargins('ok.csv'))
    expect(code).toBe(2)
    expect(stderr).toContain('real.csv:3:2')
    expect(stderr).toContain('real.csv:4:2')
    expect(stderr).not.toContain(number)
    expect(stderr).not.toContain('13800138000')
  })
  it('microdata: groups under 10 are refused', async () => {
    file('few.csv', 'sex\n' + 'm\n'.repeat(10) + 'f\n'.repeat(9))
    const words = ['--records', 'few.csv', ...withMargins('ok.csv')]
    expect((await report(...words)).code).toBe(0)
    const findings = await refused(...words, '--microdata')
    expect(findings.map(({ code, message }) => [code, message])).toEqual([
      ['cell-under-10', '"f" has fewer than 10 records: fitting on cells under 10 refused'],
    ])
  })
  it('options that do not go together are told at once', async () => {
    const findings = await refused('--household-margin', 'x.csv', '--weight', 'w', '--relax', 'scale')
    expect(findings.map(({ code }) => code)).toEqual(['missing-option', 'missing-option', 'missing-option'])
  })
  it('nothing is written over', async () => {
    const { code, stderr } = await fit('--records', people, ...withMargins('ok.csv'), '--out', people)
    expect(code).toBe(2)
    expect(stderr).toContain('exists')
    expect(readFileSync(join(folder, people), 'utf8')).toContain('m,A,1')
  })
  it('GB18030, UTF-16 and a weight column of the records’ own', async () => {
    const text = '性别,weight\r\n男,1\r\n女,3\r\n'
    const gb = Uint8Array.from([
      ...[0xd0, 0xd4, 0xb1, 0xf0, 0x2c],
      ...Buffer.from('weight\r\n'),
      ...[0xc4, 0xd0, 0x2c, 0x31, 0x0d, 0x0a, 0xc5, 0xae, 0x2c, 0x33, 0x0d, 0x0a],
    ])
    file('gb.csv', gb)
    file('utf16.csv', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]))
    file('性别.csv', '性别,合计\n男,"1,000"\n女,3000\n')
    for (const name of ['gb.csv', 'utf16.csv']) {
      const { code } = await report(
        ...['--records', name, '--weight', 'weight', '--margin', '性别.csv', '--out', `out-${name}`],
      )
      expect(code).toBe(0)
      expect(rows(`out-${name}`)).toEqual([
        ['性别', 'weight_before', 'weight'],
        ['男', '1', '1000'],
        ['女', '3', '3000'],
      ])
    }
  })
})
