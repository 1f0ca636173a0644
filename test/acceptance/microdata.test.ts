/** A pack marked as made from records of real persons, as a bureau would run it: nothing that leaves tells of few. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parse } from 'csv-parse/sync'
import { strFromU8, unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { menkan, type Ended } from '../program.js'

let folder: string
let first: Ended
const RUN = [
  '--replicates',
  '2',
  '--draws',
  '40',
  '--scale',
  '0.02',
  '--quiet',
  '--format',
  'json',
  '--lang',
  'en',
]

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'menkan-microdata-'))
  cpSync('data/zhaoqing', join(folder, 'zhaoqing'), { recursive: true })
  const pack = join(folder, 'zhaoqing', 'pack.yaml')
  writeFileSync(pack, readFileSync(pack, 'utf8').replace('microdata: false', 'microdata: true'))
  for (const name of ['points', 'zero-threshold']) {
    const text = readFileSync(`scenarios/${name}.yaml`, 'utf8')
      .replace('pack: zhaoqing', `pack: ${join(folder, 'zhaoqing')}`)
      .replace('{ from: 2015-01, to: 2020-12 }', '{ from: 2015-01, to: 2017-12 }')
      .replaceAll('policies/', `${resolve('scenarios/policies')}/`)
      .replace('extends: points', 'extends: ./points.yaml')
    writeFileSync(join(folder, `${name}.yaml`), text)
  }
  first = await compare('first')
}, 300_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const compare = (out: string, ...more: string[]): Promise<Ended> =>
  menkan([
    'compare',
    join(folder, 'points.yaml'),
    join(folder, 'zero-threshold.yaml'),
    ...RUN,
    '--out',
    join(folder, out),
    ...more,
  ])

const filesOf = (path: string): string[] =>
  readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter(name => statSync(join(path, name)).isFile())
    .sort()

const COUNTS = ['persons', 'cases', 'households', 'children', 'seats', 'dwellings']

/** The table's cells under each header, whether they are counts or not. */
function columnsOf(text: string): { name: string; unit: string; cells: string[] }[] {
  const [header, ...rows] = parse(text, { bom: true }) as string[][]
  let unit = ''
  return header.map((name, column) => {
    unit = /\[(.*)\]$/.exec(name)?.[1] ?? (/_p(05|50|95)$/.test(name) ? unit : '')
    return { name, unit, cells: rows.map(row => row[column]) }
  })
}

/** Money, capacity and rates have units of counts too, but are none: they follow from counts. */
const FOLLOWS = /^(soft_cap|hard_cap|pipeline_open|gap_|stock_zero_gap)|_cap/

describe('a pack with records of real persons', () => {
  it('is compared, with a note of how much is hidden and what the audit says', () => {
    expect([0, 3], first.stderr).toContain(first.code)
    const { findings, suppression } = JSON.parse(first.stdout) as {
      findings: { code: string; message: string }[]
      suppression: { counts: number; primary: number; complementary: number }
    }
    const note = findings.find(({ code }) => code === 'cells-hidden')!
    expect(note.message).toContain(`of ${suppression.counts} counts ${suppression.primary} are hidden`)
    expect(note.message).toContain('Audit: no hidden count can be worked out')
    expect(suppression.primary).toBeGreaterThan(0)
    expect(suppression.complementary).toBeGreaterThan(0)
  })

  it('no table shows a count of persons that is not a multiple of ten: so none of 1 to 9', () => {
    const tables = filesOf(join(folder, 'first', 'tables')).filter(name => name.endsWith('.csv'))
    let hidden = 0
    for (const table of tables)
      for (const { name, unit, cells } of columnsOf(
        readFileSync(join(folder, 'first', 'tables', table), 'utf8'),
      )) {
        if (!COUNTS.includes(unit) || FOLLOWS.test(name) || table.startsWith('seats_per_1000')) continue
        for (const cell of cells) {
          if (cell === '[c]') hidden++
          else expect(Math.abs(Number(cell)) % 10, `${table} ${name} ${cell}`).toBe(0)
        }
      }
    expect(hidden).toBeGreaterThan(100)
    expect(tables).toContain('registrations_cell.csv')
  })

  it('bands are hidden with their mean', () => {
    for (const table of filesOf(join(folder, 'first', 'tables')).filter(name => name.endsWith('.csv'))) {
      const columns = columnsOf(readFileSync(join(folder, 'first', 'tables', table), 'utf8')).filter(
        ({ unit }) => unit !== '',
      )
      for (let c = 0; c < columns.length; c += 4)
        columns[c].cells.forEach((cell, row) => {
          for (const band of columns.slice(c + 1, c + 4))
            expect(band.cells[row] === '[c]').toBe(cell === '[c]')
        })
    }
  })

  it('the sums of what is hidden never stand alone: no total is shown beside all parts but one', () => {
    const columns = columnsOf(readFileSync(join(folder, 'first', 'tables', 'registrations_year.csv'), 'utf8'))
    const [scenario, year, area, basis, persons] = columns.map(({ cells }) => cells)
    const groups = new Map<string, { total: string; hidden: number }>()
    persons.forEach((cell, row) => {
      const name = [scenario[row], year[row], basis[row]].join()
      const group = groups.get(name) ?? { total: '', hidden: 0 }
      groups.set(name, group)
      if (area[row] === 'city') group.total = cell
      else if (cell === '[c]') group.hidden++
    })
    for (const [name, { total, hidden }] of groups) if (total !== '[c]') expect(hidden, name).not.toBe(1)
  })

  it('hands over no single simulation, and says in the manifest by which rule it hid', () => {
    expect(filesOf(join(folder, 'first')).filter(name => name.startsWith('replicates'))).toEqual([])
    const manifest = JSON.parse(readFileSync(join(folder, 'first', 'manifest.json'), 'utf8')) as {
      suppression: { rule: object }
      counts: { persons: number; households: number }
    }
    expect(manifest.suppression.rule).toEqual({ least: 10, protection: 10, rounding: 10 })
    expect([manifest.counts.persons % 10, manifest.counts.households % 10]).toEqual([0, 0])
  })

  it('page, charts, workbook and JSON say hidden in words and never show the mark, a zero or nothing instead', () => {
    const page = readFileSync(join(folder, 'first', 'report.html'), 'utf8')
    for (const word of ['<td>hidden</td>', '<td>隐去</td>', '“hidden”:', '“隐去”：'])
      expect(page).toContain(word)
    for (const bad of ['[c]', 'Infinity', 'NaN']) expect(page).not.toContain(bad)
    for (const name of filesOf(join(folder, 'first', 'charts')))
      expect(readFileSync(join(folder, 'first', 'charts', name), 'utf8')).not.toMatch(/Infinity|NaN|\[c\]/)
    const sheets = Object.values(unzipSync(readFileSync(join(folder, 'first', 'comparison.xlsx')))).map(
      file => strFromU8(file),
    )
    expect(sheets.join()).toMatch(/hidden/)
    expect(sheets.join()).not.toMatch(/Infinity|\[c\]/)
    const { headline } = JSON.parse(first.stdout) as {
      headline: { values: Record<string, { mean: number | null; hidden?: true }> }[]
    }
    const values = headline.flatMap(entry => Object.values(entry.values))
    expect(values.some(({ hidden }) => hidden)).toBe(true)
    for (const { mean, hidden } of values) expect(mean === null).toBe(hidden === true)
  })

  it('every number of persons in page and workbook is a multiple of ten', () => {
    const { headline } = JSON.parse(first.stdout) as {
      headline: { unit: string; values: Record<string, Record<string, number | null>>; assumedStock?: true }[]
    }
    for (const { unit, values, assumedStock } of headline)
      if (COUNTS.includes(unit) && !assumedStock)
        for (const band of Object.values(values))
          for (const end of ['mean', 'p05', 'p50', 'p95']) expect((band[end] ?? 0) % 10).toBe(0)
  })

  it('is found again byte for byte, and a second release hides what the first hid', async () => {
    // A manifest knows its pack by name, and here the shipped one has that name.
    const where = ['--pack', join(folder, 'zhaoqing')]
    const again = await menkan(['verify', join(folder, 'first'), ...where, '--quiet', '--format', 'json'])
    expect([again.code, again.stderr]).toEqual([0, ''])
    const second = await compare('second', '--since', join(folder, 'first'))
    expect([0, 3], second.stderr).toContain(second.code)
    for (const table of filesOf(join(folder, 'first', 'tables')).filter(
      name => !/difference|README/.test(name),
    )) {
      const [before, after] = ['first', 'second'].map(run =>
        columnsOf(readFileSync(join(folder, run, 'tables', table), 'utf8')),
      )
      before.forEach(({ cells, unit, name }, c) => {
        if (COUNTS.includes(unit) && !FOLLOWS.test(name))
          cells.forEach((cell, row) => {
            if (cell === '[c]') expect(after[c].cells[row], `${table} ${name}`).toBe('[c]')
          })
      })
    }
    // Without the release that it took into account it cannot be done again.
    const alone = await menkan(['verify', join(folder, 'second'), ...where, '--quiet', '--format', 'json'])
    expect([alone.code, alone.stderr]).toEqual([2, expect.stringContaining('other-releases')])
  }, 600_000)

  it('verbs that count without the rule refuse', async () => {
    const ablate = await menkan([
      ...[
        'policy',
        'ablate',
        'zhaoqing-zero-threshold',
        '--scenario',
        join(folder, 'zero-threshold.yaml'),
        '--format',
        'json',
      ],
    ])
    expect([ablate.code, ablate.stderr]).toEqual([2, expect.stringContaining('counts-unprotected')])
  })

  it('--since on a pack without such records is a mistake', async () => {
    const { code, stderr } = await menkan(['compare', '--since', join(folder, 'first'), '--format', 'json'])
    expect([code, stderr]).toEqual([2, expect.stringContaining('no-records')])
  })
})
