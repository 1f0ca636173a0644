/** From nothing to a comparison for another city, as its planner goes through it. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { menkan } from '../program.js'

const cwd = mkdtempSync(join(tmpdir(), 'menkan-init-'))
afterAll(() => rmSync(cwd, { recursive: true }))
const at = (...words: string[]) => menkan(words, { cwd })

const AREAS = 'chancheng:禅城区:Chancheng:440604,nanhai:南海区:Nanhai:440605,shunde:顺德区:Shunde'
const PAIR = ['before', 'after'].map(side => `foshan/scenarios/${side}.yaml`)
const RULES = ['before', 'after'].map(side => `foshan/scenarios/policies/foshan-${side}.yaml`)

const content = (folder: string) =>
  readdirSync(join(cwd, folder), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => [entry.name, readFileSync(join(entry.parentPath, entry.name), 'utf8')])

describe('pack init', () => {
  it('makes a pack that checks, lints and passes its cases at once', async () => {
    const made = await at(
      'pack',
      'init',
      'foshan',
      '--title',
      '佛山市:Foshan',
      '--areas',
      AREAS,
      '--format',
      'json',
    )
    expect(made).toMatchObject({ code: 0, stderr: '' })
    const document = JSON.parse(made.stdout) as { pack: string; folder: string; files: string[] }
    expect(document).toMatchObject({ pack: 'foshan', folder: 'foshan', like: 'zhaoqing' })
    for (const file of document.files) expect(existsSync(join(cwd, 'foshan', file)), file).toBe(true)

    const check = await at('pack', 'check', 'foshan', '--format', 'json')
    expect(check.code).toBe(0)
    const { findings } = JSON.parse(check.stdout) as { findings: { severity: string; code: string }[] }
    expect(new Set(findings.map(({ code }) => code))).toEqual(new Set(['to-be-filled', 'still-assumed']))

    const lint = await at('policy', 'lint', ...RULES, '--pack', 'foshan', '--strict')
    expect(lint.code).toBe(0)
    for (const rules of RULES) expect((await at('policy', 'test', rules)).code).toBe(0)
  }, 60_000)

  it('says which step is missing, with the line to type', async () => {
    const compare = await at('compare', ...PAIR)
    expect(compare.code).toBe(2)
    expect(compare.stderr).toContain('Run menkan calibrate foshan --out foshan/calibrated.csv')
    const calibrate = await at('calibrate', 'foshan', '--out', 'foshan/calibrated.csv')
    expect(calibrate.code).toBe(2)
    expect(calibrate.stderr).toContain('yearbook.csv')
    expect(calibrate.stderr).toContain('margins.csv:2')
  }, 60_000)

  it('never touches a folder that is there, and leaves none behind where it fails', async () => {
    const before = content('foshan')
    const again = await at('pack', 'init', 'foshan', '--areas', 'a:甲:A')
    expect(again.code).toBe(2)
    expect(again.stderr).toContain('Give another name with --out.')
    expect(content('foshan')).toEqual(before)
    // Two areas of one name.
    const twice = await at('pack', 'init', 'huizhou', '--areas', 'a:甲:A,b:甲:B')
    expect(twice.code).toBe(2)
    expect(twice.stderr).toContain('甲')
    expect(readdirSync(cwd)).toEqual(['foshan'])
  }, 60_000)

  it('with migrants it can be calibrated and compared, and the result says what it stands on', async () => {
    rmSync(join(cwd, 'foshan'), { recursive: true })
    const table =
      'id,name_zh,name_en,migrants\nchancheng,禅城区,Chancheng,40000\nnanhai,南海区,Nanhai,60000\n'
    writeFileSync(join(cwd, 'areas.csv'), table)
    expect((await at('pack', 'init', 'foshan', '--areas', 'areas.csv')).code).toBe(0)
    const small = ['--iterations', '300', '--draws', '10', '--chains', '1']
    expect((await at('calibrate', 'foshan', '--out', 'foshan/calibrated.csv', ...small)).code).toBe(0)
    const runs = ['--scale', '0.05', '--replicates', '4', '--draws', '40', '--out', 'run', '--format', 'json']
    const compare = await at('compare', ...PAIR, ...runs)
    expect([0, 3]).toContain(compare.code)
    const { scenarios, findings } = JSON.parse(compare.stdout) as {
      scenarios: string[]
      findings: { code: string; message: string }[]
    }
    expect(scenarios).toEqual(['before', 'after'])
    expect(findings.find(({ code }) => code === 'still-assumed')?.message).toContain('the yearbook')
    expect((await at('verify', 'run')).code).toBe(0)
  }, 180_000)
})
