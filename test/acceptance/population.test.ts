import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import stringWidth from 'string-width'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { menkan } from '../program.js'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'menkan-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Fit {
  margins: { margin: string; weak: boolean; tae: number; srmse: number; asked: number[]; made: number[] }[]
}

describe('menkan population synthesize', () => {
  it('writes tables, fit and manifest, and tells the same as one document', async () => {
    const out = join(folder, 'people')
    const made = await menkan([
      ...['population', 'synthesize', 'zhaoqing', '--scale', '0.01', '--out', out, '--format', 'json'],
    ])
    expect([made.code, made.stderr]).toEqual([0, ''])
    const said = JSON.parse(made.stdout) as { fit: Fit; counts: { persons: number }; seed: string }
    expect(readdirSync(out).sort()).toEqual([
      'fit.json',
      'households.parquet',
      'manifest.json',
      'persons.parquet',
    ])
    const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as typeof said
    expect(manifest).toMatchObject({ synthetic: true, scale: 0.01, seed: said.seed, counts: said.counts })
    expect(JSON.parse(readFileSync(join(out, 'fit.json'), 'utf8'))).toEqual(said.fit)

    const looked = await menkan(['population', 'inspect', out, '--format', 'json'])
    expect(looked.code).toBe(0)
    expect((JSON.parse(looked.stdout) as { fit: Fit }).fit).toEqual(said.fit)
  }, 60_000)

  it('writes no rows of a pack that was made from records, unless asked for synthetic ones', async () => {
    const pack = join(folder, 'records')
    cpSync('data/zhaoqing', pack, { recursive: true })
    const file = join(pack, 'pack.yaml')
    const text = readFileSync(file, 'utf8')
    writeFileSync(file, text.replace(/^microdata: false$/m, 'microdata: true'))
    expect(readFileSync(file, 'utf8')).not.toBe(text)
    const out = join(folder, 'rows')
    const words = ['population', 'synthesize', pack, '--scale', '0.01', '--from', '2015-01', '--out', out]
    const refused = await menkan(words)
    expect([refused.code, existsSync(out)]).toEqual([2, false])
    expect(refused.stderr).toContain('--synthetic')
    const asked = await menkan([...words, '--synthetic'])
    expect([asked.code, existsSync(join(out, 'persons.parquet'))]).toEqual([0, true])
    expect(asked.stderr).toContain('records of real persons')
    // Nor are small counts shown, of the pack or of what was written.
    for (const of of [[pack, '--from', '2015-01'], [out]])
      expect((await menkan(['population', 'inspect', ...of])).code).toBe(2)
  }, 60_000)
})

describe('menkan population inspect', () => {
  it.each(['zh', 'en'])(
    'fits a terminal of 80 columns and names the weak margin (%s)',
    async lang => {
      const { code, stdout } = await menkan(['population', 'inspect', '--scale', '0.05', '--lang', lang])
      expect(code).toBe(0)
      for (const margin of lang === 'zh'
        ? ['地区 × 来源地', '家庭构成', '同住户籍亲属']
        : ['area × origin', 'registered kin'])
        expect(stdout).toContain(margin)
      for (const line of stdout.split('\n')) expect(stringWidth(line), line).toBeLessThanOrEqual(80)
      expect(stdout).toContain(lang === 'zh' ? '合成人口' : 'synthetic population; not a count')
    },
    60_000,
  )

  it('writes charts in both languages, a page and the fit', async () => {
    const out = join(folder, 'looked')
    const { code } = await menkan(['population', 'inspect', 'points', '--scale', '0.05', '--out', out])
    expect(code).toBe(0)
    for (const lang of ['zh', 'en'])
      expect(readdirSync(join(out, 'charts', lang)).sort()).toEqual([
        'gaps.svg',
        'observed.svg',
        'pyramid.svg',
      ])
    const cells = readFileSync(join(out, 'fit.csv'), 'utf8').trimEnd().split('\r\n')
    expect(cells[0].slice(1)).toBe('margin,universe,cell,asked,made,z,srmse,weak,grade')
    expect(cells.filter(row => row.startsWith('area × origin,'))).toHaveLength(36)
    expect(readFileSync(join(out, 'population.html'), 'utf8')).not.toMatch(
      /<script|https?:\/\/(?!www\.w3\.org)/,
    )
  }, 60_000)
})
