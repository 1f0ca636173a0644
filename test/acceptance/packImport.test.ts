/** A made-up bureau extract through the built program: what comes out is what was planned, cell by cell. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zipSync, strToU8 } from 'fflate'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import writeXlsxFile from 'write-excel-file/node'
import { asCsv, DIRT, FACTS, makeExtract } from '../pack/import/extract.js'
import { encodeGb18030 } from '../pack/import/gb18030.js'
import { built, menkan } from '../program.js'

interface Document {
  rows: number
  refused: { row: number; reason: string }[]
  columns: { from: string; to: string }[]
  dropped: string[]
  leftOut: { row: number; reason: string }[]
  emptied: { row: number; column: string; reason: string }[]
  findings: { code: string; message: string; fix?: string; line?: number }[]
}

// The program is started many times.
vi.setConfig({ testTimeout: 240_000 })

let folder: string
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'menkan-import-'))))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const at = (name: string) => join(folder, name)

async function imported(file: string, ...words: string[]) {
  const out = at(`out-${Math.random()}.csv`)
  const ended = await menkan(['pack', 'import', file, '--format', 'json', '--out', out, ...words])
  const text = existsSync(out) ? readFileSync(out, 'utf8') : ''
  return {
    ...ended,
    out: text,
    document: (ended.code === 2 ? undefined : JSON.parse(ended.stdout)) as Document,
  }
}

const findingsOf = (stderr: string) =>
  (JSON.parse(stderr) as { findings: { code: string; message: string; fix?: string; line?: number }[] })
    .findings

const extract = makeExtract(20170531, 12)
const persons = extract.planned.flatMap(({ person }) => (person ? [person] : []))
const refused = extract.planned.flatMap(({ row, refused: reason }) => (reason ? [{ row, reason }] : []))
const emptied = extract.planned.flatMap(({ row, emptied = [] }) => emptied.map(cell => ({ row, ...cell })))
const leftOut = extract.planned.flatMap(({ row, leftOut: reason }) => (reason ? [{ row, reason }] : []))

describe('the made-up extract', () => {
  const plain = (list: { row: number; reason: string }[]) => list.map(({ row, reason }) => ({ row, reason }))

  function holds({ code, document, out }: Awaited<ReturnType<typeof imported>>) {
    expect(code).toBe(3)
    expect(plain(document.refused)).toEqual(refused)
    expect(document.emptied).toEqual(emptied)
    expect(plain(document.leftOut)).toEqual(leftOut)
    expect(document.dropped).toEqual(['姓名', '身份证号', '联系电话', '现住址'])
    const written = parse(out, { columns: true }) as unknown as Record<string, string>[]
    expect(written.map(row => Object.fromEntries(FACTS.map(fact => [fact, row[fact]])))).toEqual(persons)
    expect(document.rows).toBe(persons.length)
    expect(document.findings).toContainEqual(
      expect.objectContaining({ code: 'total-row', line: leftOut.at(-3)!.row }),
    )
  }

  it('has thirty kinds of dirt and more', () => expect(DIRT.length).toBeGreaterThanOrEqual(30))

  it('comes out as planned: UTF-8 with a mark', async () => {
    writeFileSync(at('mark.csv'), '\uFEFF' + asCsv(extract))
    holds(await imported(at('mark.csv'), '--as', 'persons', '--keep-ids'))
  })

  it('the same from GB18030', async () => {
    writeFileSync(at('gb.csv'), encodeGb18030(asCsv(extract)))
    holds(await imported(at('gb.csv'), '--as', 'persons', '--keep-ids'))
  })

  it('the same from UTF-16 with tabs, as Excel saves “Unicode text”', async () => {
    writeFileSync(at('unicode.txt'), Buffer.from('\uFEFF' + asCsv(extract, '\t'), 'utf16le'))
    holds(await imported(at('unicode.txt'), '--as', 'persons', '--keep-ids'))
  })

  it('the same from a workbook', async () => {
    const data = extract.rows.map(row => row.map(value => ({ type: String, value })))
    writeFileSync(at('extract.xlsx'), await writeXlsxFile([{ data, sheet: '登记' }]).toBuffer())
    holds(await imported(at('extract.xlsx'), '--as', 'persons', '--keep-ids'))
  })

  it('nothing of a person is told, in any language or form', async () => {
    writeFileSync(at('told.csv'), asCsv(extract))
    const secrets = extract.rows
      .slice(3)
      .filter(row => row[0] !== '编号')
      .flatMap(row => [row[1], row[2], row[14], row[15]].filter(cell => (cell ?? '').length > 2))
    expect(secrets.length).toBeGreaterThan(1000)
    for (const words of [['--lang', 'zh'], ['--lang', 'en'], ['--format', 'json'], ['--dry-run']]) {
      const out = words[0] === '--dry-run' ? [] : ['--out', at(`told-${words.join('')}.csv`)]
      const { stdout, stderr } = await menkan([
        'pack',
        'import',
        at('told.csv'),
        '--as',
        'persons',
        ...out,
        ...words,
      ])
      const all = stdout + stderr + (out[1] ? readFileSync(out[1], 'utf8') : '')
      expect(secrets.filter(secret => all.includes(secret))).toEqual([])
      expect(all).not.toMatch(/HYPERLINK|11010519491231002|13800138000|138-0013/)
    }
  })

  it('policy evaluate reads what was written', async () => {
    writeFileSync(at('read.csv'), asCsv(extract))
    writeFileSync(at('read.yaml'), 'at: 2017-05\n')
    const { out, document } = await imported(at('read.csv'), '--as', 'persons', '--map', at('read.yaml'))
    expect(document.columns).toContainEqual({ from: '出生年月', to: 'age', scale: 'reckoned from the date' })
    writeFileSync(at('persons.csv'), out)
    const judged = await menkan([
      ...['policy', 'evaluate', 'guangdong-points', at('persons.csv'), '--format', 'csv'],
      ...['--channel', 'no-such'],
    ])
    // Every column is one that a file of persons may have: only the channel is unknown.
    expect(
      findingsOf(judged.stderr === '' ? '{"findings":[]}' : toJson(judged.stderr)).map(({ code }) => code),
    ).not.toContain('unknown-column')
  })
})

const toJson = (stderr: string) =>
  stderr.startsWith('{') ? stderr : JSON.stringify({ findings: [{ code: stderr, message: '' }] })

describe('ids', () => {
  const FILE = 'id,area,age\nA1,端州区,30\nA2,鼎湖区,40\n'

  it('become 16 hexadecimal digits, the same under the same key and others under another', async () => {
    mkdirSync(at('keys'))
    writeFileSync(at('ids.csv'), FILE)
    const ids = async (...words: string[]) =>
      (
        parse((await imported(at('ids.csv'), '--as', 'persons', ...words)).out, {
          columns: true,
        }) as unknown as { id: string }[]
      ).map(({ id }) => id)
    const first = await ids('--id-key', at('keys/a'))
    expect(first.every(id => /^[0-9a-f]{16}$/.test(id))).toBe(true)
    expect(statSync(at('keys/a')).mode & 0o777).toBe(0o600)
    expect(await ids('--id-key', at('keys/a'))).toEqual(first)
    expect(await ids('--id-key', at('keys/b'))).not.toEqual(first)
    expect(await ids()).not.toEqual(await ids())
    expect(await ids('--keep-ids')).toEqual(['A1', 'A2'])
  })

  it('are not kept where they are identity numbers, and no key lies beside the output', async () => {
    writeFileSync(at('numbers.csv'), '身份证号,area\n11010519491231002X,端州区\n')
    writeFileSync(at('numbers.yaml'), 'columns: { 身份证号: id }\n')
    const words = ['--as', 'persons', '--map', at('numbers.yaml')]
    const kept = await imported(at('numbers.csv'), ...words, '--keep-ids')
    expect([kept.code, kept.out]).toEqual([2, ''])
    expect(findingsOf(kept.stderr)[0].code).toBe('personal-ids')
    const hashed = await imported(at('numbers.csv'), ...words)
    expect(hashed.code).toBe(0)
    expect(hashed.out).not.toContain('11010519491231002')
    const beside = await imported(at('numbers.csv'), ...words, '--id-key', at('key'))
    expect(findingsOf(beside.stderr)[0].code).toBe('key-beside-output')
    expect(existsSync(at('key'))).toBe(false)
  })
})

describe('the mapping', () => {
  it('is asked for, line by line, and a draft of it is written by a dry run', async () => {
    writeFileSync(at('open.csv'), '编号,区县,文化,备用\n1,四会市,研究生,x\n2,端州区,本科,y\n')
    const { code, stderr, out } = await imported(at('open.csv'), '--as', 'persons')
    expect([code, out]).toEqual([2, ''])
    expect(
      findingsOf(stderr).map(({ code: one, fix }) => [
        one,
        /columns of the mapping file, (\S+): TODO/.exec(fix!)?.[1],
      ]),
    ).toEqual([
      ['unmapped-column', '文化'],
      ['unmapped-column', '备用'],
    ])
    const dry = await menkan([
      'pack',
      'import',
      at('open.csv'),
      '--as',
      'persons',
      '--dry-run',
      '--map',
      at('open.yaml'),
    ])
    expect(dry.code).toBe(2)
    const draft = readFileSync(at('open.yaml'), 'utf8')
    const undecided = await imported(at('open.csv'), '--as', 'persons', '--map', at('open.yaml'))
    expect(findingsOf(undecided.stderr).every(({ code: one }) => one === 'wrong-value')).toBe(true)
    const decided = draft
      .replace('文化: TODO', '文化: education')
      .replace('备用: TODO', '备用: drop')
      .replace(/holding:\n {2}sihui: TODO.*/, 'holding: { sihui: without }')
    writeFileSync(at('open.yaml'), decided + 'values: { education: { 研究生: master } }\n')
    const done = await imported(at('open.csv'), '--as', 'persons', '--keep-ids', '--map', at('open.yaml'))
    expect([done.code, done.out]).toEqual([0, 'id,area,education\n1,441284,master\n2,441202,bachelor\n'])
  })
})

describe('counts and margins', () => {
  it('a table of counts, its zone taken out of Sihui, its total checked', async () => {
    const rows = [
      '地区,月份,入户渠道,人数(万人)',
      '端州区,2016年5月,租赁,0.12',
      '四会市,201605,租赁,0.05',
      '高新区,2016-05,租赁,0.01',
      '合计,,,0.17',
      '全市,2016.5,租赁,"0.17"',
    ]
    writeFileSync(at('counts.csv'), rows.join('\n'))
    writeFileSync(
      at('counts.yaml'),
      'holding: { sihui: with }\nconstants: { quantity: registrations, basis: event, unit: persons }\n',
    )
    const { code, out, document } = await imported(
      at('counts.csv'),
      '--as',
      'counts',
      '--map',
      at('counts.yaml'),
    )
    expect(code).toBe(0)
    expect(out).toBe(
      'quantity,area,channel,basis,from,to,value,unit\n' +
        'registrations,441202,rent,event,2016-05,2016-05,1200,persons\n' +
        'registrations,441284,rent,event,2016-05,2016-05,400,persons\n' +
        'registrations,441284450,rent,event,2016-05,2016-05,100,persons\n' +
        'registrations,,rent,event,2016-05,2016-05,1700,persons\n',
    )
    expect(document.findings.map(({ code: one, line }) => [one, line])).toEqual([['total-row', 5]])
  })

  it('a wide margin under a header of two rows becomes long', async () => {
    const rows = [
      '表1 年龄与性别',
      '地区,合计,男,,女,',
      ',,0-14岁,65岁及以上,0-14岁,65岁及以上',
      '端州区,10,1,2,3,4',
      '鼎湖区,26,5,6,7,8',
      '总计,36,6,8,10,12',
    ]
    writeFileSync(at('wide.csv'), rows.join('\n'))
    writeFileSync(at('wide.yaml'), 'wide: [sex, age]\n')
    const { code, out, document } = await imported(
      at('wide.csv'),
      '--as',
      'margins',
      '--map',
      at('wide.yaml'),
    )
    expect(code).toBe(0)
    expect(out.split('\n').slice(0, 5)).toEqual([
      'area,age,sex,total',
      '441202,0-14,male,1',
      '441202,65+,male,2',
      '441202,0-14,female,3',
      '441202,65+,female,4',
    ])
    expect(document.findings.filter(({ code: one }) => one === 'total-does-not-match')).toEqual([])
  })
})

describe('bad files', () => {
  const code = async (name: string, content: string | Uint8Array, ...words: string[]) => {
    writeFileSync(at(name), content)
    const ended = await imported(at(name), '--as', 'persons', ...words)
    expect([name, ended.code, ended.out]).toEqual([name, 2, ''])
    return findingsOf(ended.stderr)[0].code
  }

  it('are told apart', async () => {
    const small = await writeXlsxFile([{ data: [[{ type: String, value: 'id' }]], sheet: 'a' }]).toBuffer()
    writeFileSync(at('utf8.yaml'), 'encoding: utf-8\n')
    writeFileSync(at('gb.yaml'), 'encoding: gb18030\n')
    expect([
      await code('empty.csv', ''),
      await code('blank.csv', '\n\n,,\n'),
      await code('headless.csv', '1,2,3\n4,5,6\n'),
      await code('open-quote.csv', 'id,area\n"1,端州区\n2,端州区\n'),
      await code('truncated.xlsx', small.subarray(0, small.length - 40)),
      await code('old.xls', Uint8Array.from([0xd0, 0xcf, 0x11, 0xe0, ...Array<number>(600).fill(0)])),
      await code('page.xls', '<html><table><tr><td>id</td></tr></table></html>'),
      await code('declared.csv', encodeGb18030('编号,区县\n1,端州区\n'), '--map', at('utf8.yaml')),
      await code('declared2.csv', '编号,区县\n1,端州区\n', '--map', at('gb.yaml')),
      await code('no-mark.csv', Buffer.from('id,area\n1,441202\n', 'utf16le')),
      await code(
        'two.xlsx',
        await writeXlsxFile(
          ['a', 'b'].map(sheet => ({ data: [[{ type: String, value: 'id' }]], sheet })),
        ).toBuffer(),
      ),
    ]).toEqual([
      ...['empty-file', 'empty-file', 'header-not-found', 'broken-csv', 'broken-workbook', 'broken-workbook'],
      ...['broken-workbook', 'wrong-encoding', 'wrong-encoding', 'wrong-encoding', 'which-sheet'],
    ])
  })

  it('a zip bomb is stopped early and in little memory', async () => {
    const workbook = '<workbook xmlns:r="r"><sheets><sheet name="a" r:id="r1"/></sheets></workbook>'
    const links = '<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>'
    const string = strToU8('<si><t>1</t></si>'.repeat(4096))
    const bytes = new Uint8Array(string.length * 3500)
    for (let k = 0; k < 3500; k++) bytes.set(string, k * string.length)
    bytes.set(strToU8('<sst>'.padEnd('<si><t>1</t></si>'.length)))
    const bomb = zipSync({
      'xl/workbook.xml': strToU8(workbook),
      'xl/_rels/workbook.xml.rels': strToU8(links),
      'xl/sharedStrings.xml': [bytes, { level: 9 }],
      'xl/worksheets/sheet1.xml': strToU8('<worksheet/>'),
    })
    writeFileSync(at('bomb.xlsx'), bomb)
    expect(bytes.length / bomb.length).toBeGreaterThan(250)
    const { status, stderr } = limited(400, at('bomb.xlsx'))
    expect(status).toBe(2)
    expect(stderr).toContain('grows beyond any sheet')
  })

  it('a line of 200 MB is stopped at its first megabyte', () => {
    const piece = Buffer.alloc(1 << 20, '端州区,')
    const program = built('cli/main.js')
    const maker = `const p=Buffer.from(process.argv[1],'base64');let n=0;const go=()=>{while(n++<200)if(!process.stdout.write(p))return process.stdout.once('drain',go)};process.stdout.on('error',()=>process.exit(0));go()`
    const started = performance.now()
    const { status, stderr } = spawnSync(
      'sh',
      [
        '-c',
        `"$0" -e "$1" "$2" | "$0" --max-old-space-size=64 "$3" pack import - --as persons --keep-ids --out "$4" --lang en`,
        process.execPath,
        maker,
        piece.subarray(0, 60_000).toString('base64'),
        program,
        at('long.csv'),
      ],
      { encoding: 'utf8' },
    )
    expect(status).toBe(2)
    expect(stderr).toContain('row is longer than 1048576 characters')
    expect(performance.now() - started).toBeLessThan(30_000)
    expect(existsSync(at('long.csv'))).toBe(false)
  })

  const limited = (megabytes: number, file: string) =>
    spawnSync(
      process.execPath,
      [
        `--max-old-space-size=${megabytes}`,
        built('cli/main.js'),
        'pack',
        'import',
        file,
        '--as',
        'persons',
        '--lang',
        'en',
        '--out',
        at('limited.csv'),
      ],
      { encoding: 'utf8' },
    )
})

describe('without a network', () => {
  const allowed = spawnSync('unshare', ['-rn', 'true']).status === 0

  it.skipIf(!allowed)(
    `the import does all its work${allowed ? '' : ' (skipped: unshare -rn is not permitted here)'}`,
    () => {
      writeFileSync(at('alone.csv'), asCsv(extract))
      const { status, stdout } = spawnSync(
        'unshare',
        [
          '-rn',
          process.execPath,
          built('cli/main.js'),
          'pack',
          'import',
          at('alone.csv'),
          '--as',
          'persons',
          '--format',
          'json',
          '--out',
          at('alone.out.csv'),
        ],
        { encoding: 'utf8' },
      )
      expect(status).toBe(3)
      expect((JSON.parse(stdout) as Document).rows).toBe(persons.length)
    },
  )
})
