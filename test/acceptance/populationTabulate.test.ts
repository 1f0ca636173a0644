import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { menkan } from '../program.js'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'menkan-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const BANDS = ['18-30', '31-50', '51+']
/** Persons of a register: to every three men two women, ages in three bands as 5 : 4 : 1, in all bands of the pack. */
function register(rows: number): string {
  const lines = ['id,household,area,origin,age,sex,education,weight']
  for (let i = 0; i < rows; i++) {
    const age = [19, 20, 25, 25, 30, 35, 40, 45, 50, 60][i % 10]
    const sex = Math.floor(i / 10) % 5 < 2 ? '女' : '男'
    lines.push(`p${i},h${i},${i % 2 ? '端州区' : '高要'},province,${age},${sex},本科,2`)
  }
  return lines.join('\n') + '\n'
}
const pathOf = (name: string) => join(folder, name)
const write = (name: string, text: string) => (writeFileSync(pathOf(name), text), pathOf(name))

interface Row {
  dimensions: string
  groups: string
  value: string
  unit: string
}
const rowsOf = (file: string) => parse<Row>(readFileSync(file, 'utf8'), { columns: true, bom: true })

describe('menkan population tabulate', () => {
  it('makes margins that a pack takes and a population then keeps', async () => {
    const records = write('register.csv', register(4000))
    const out = pathOf('margins.csv')
    const made = await menkan([
      'population',
      'tabulate',
      records,
      '--source',
      'a register',
      '--ages',
      BANDS.join(),
      '--out',
      out,
    ])
    expect(made.code).toBe(0)
    expect(made.stderr).toContain('microdata: true')
    const rows = rowsOf(out)
    const value = (dimensions: string, groups: string) =>
      Number(rows.find(row => row.dimensions === dimensions && row.groups === groups)!.value)
    expect(value('area*origin', 'duanzhou*province')).toBe(4000)
    expect(value('age*sex', '18-30*male')).toBeCloseTo(0.3, 10)
    expect(value('age*sex', '51+*female')).toBeCloseTo(0.04, 10)
    expect(value('education', 'bachelor')).toBe(1)

    // The pack's own margins with these two in their place.
    const pack = pathOf('pack')
    cpSync('data/zhaoqing', pack, { recursive: true })
    await menkan([
      'population',
      'tabulate',
      records,
      '--source',
      'a register',
      '--over',
      'age*sex',
      '--out',
      pathOf('two.csv'),
    ])
    const file = join(pack, 'margins.csv')
    const kept = readFileSync(file, 'utf8')
      .split('\n')
      .filter(line => !line.startsWith('age*sex,'))
    writeFileSync(
      file,
      [...kept, ...readFileSync(pathOf('two.csv'), 'utf8').split(/\r?\n/).slice(1)].join('\n'),
    )
    const looked = await menkan(['population', 'inspect', pack, '--scale', '0.02', '--format', 'json'])
    expect([looked.code, looked.stderr]).toEqual([0, ''])
    const { fit } = JSON.parse(looked.stdout) as {
      fit: { margins: { margin: string; asked: number[]; made: number[] }[] }
    }
    const ages = fit.margins.find(({ margin }) => margin === 'age × sex')!
    const shares = ages.made.map(n => n / ages.made.reduce((a, b) => a + b, 0))
    // The pack's own five bands: [female, male] of each. Three of five are men.
    const men = shares.filter((_, at) => at % 2 === 1).reduce((a, b) => a + b, 0)
    expect(men).toBeGreaterThan(0.59)
    expect(men).toBeLessThan(0.61)
  }, 120_000)

  it('lets no cell under ten records through, and writes nothing', async () => {
    const nine = Array.from(
      { length: 9 },
      (_, i) => `q${i},x${i},四会市(不含高新区),province,25,男,博士,2\n`,
    ).join('')
    const records = write('small.csv', register(1000) + nine)
    const out = pathOf('small-margins.csv')
    const made = await menkan([
      'population',
      'tabulate',
      records,
      '--source',
      's',
      '--over',
      'education',
      '--out',
      out,
      '--format',
      'json',
    ])
    expect(made.code).toBe(2)
    const { findings } = JSON.parse(made.stderr) as {
      findings: { code: string; message: string; fix?: string }[]
    }
    expect(findings.map(({ code }) => code)).toEqual(['cell-under-10'])
    expect(findings[0].message).toContain('doctorate')
    expect(findings[0].fix).toContain('--over')
    expect(existsSync(out)).toBe(false)
    const ten = write('ten.csv', register(1000) + nine + 'q10,x10,四会市(不含高新区),province,25,男,博士,2\n')
    expect(
      (await menkan(['population', 'tabulate', ten, '--source', 's', '--over', 'education', '--out', out]))
        .code,
    ).toBe(0)
  }, 60_000)

  it('asks for the columns that a margin needs', async () => {
    const records = write('few.csv', 'id,age\na,30\n')
    const made = await menkan(['population', 'tabulate', records, '--source', 's', '--over', 'tenure'])
    expect(made.code).toBe(2)
    expect(made.stderr).toContain('"household_size"')
    expect(made.stderr).toContain('few.csv:1')
  })
})
