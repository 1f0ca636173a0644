import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { menkan } from '../program.js'

const SMALL = ['--replicates', '4', '--draws', '40', '--scale', '0.01', '--quiet']
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'menkan-compare-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const filesOf = (path: string): string[] =>
  readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter(name => statSync(join(path, name)).isFile())
    .sort()

interface Entry {
  id: string
  year?: string
  september?: string
  stage?: string
  basis?: string
  values: Record<string, { mean: number }>
  difference: {
    mean: number
    p05: number
    p95: number
    signCertain: unknown
    varianceReduction: number | null
  }
}

async function compare(
  name: string,
  ...more: string[]
): Promise<{ headline: Entry[]; replicates: number; findings: unknown[] }> {
  const { code, stdout, stderr } = await menkan([
    'compare',
    ...more,
    ...SMALL,
    '--format',
    'json',
    '--out',
    join(folder, name),
  ])
  expect([0, 3], stderr).toContain(code)
  return JSON.parse(stdout) as Awaited<ReturnType<typeof compare>>
}

describe('menkan compare', () => {
  it('writes the same bytes with one thread and with two, and verify finds them again', async () => {
    await compare('one', '--jobs', '1')
    const record = await compare('two', '--jobs', '2')
    expect(record.replicates).toBe(4)
    const names = filesOf(join(folder, 'one'))
    expect(names).toEqual(filesOf(join(folder, 'two')))
    for (const name of ['manifest.json', 'report.html', 'comparison.xlsx']) expect(names).toContain(name)
    for (const name of names)
      expect(
        readFileSync(join(folder, 'one', name)).equals(readFileSync(join(folder, 'two', name))),
        name,
      ).toBe(true)
    const good = await menkan(['verify', join(folder, 'two'), '--quiet', '--format', 'json'])
    expect([good.code, JSON.parse(good.stdout)]).toMatchObject([0, { identical: true, differing: [] }])
    // One byte of one table.
    const table = join(folder, 'two', 'tables', 'presence.csv')
    writeFileSync(table, readFileSync(table, 'utf8').replace('2015', '2014'))
    const bad = await menkan(['verify', join(folder, 'two'), '--quiet', '--format', 'json'])
    expect([bad.code, JSON.parse(bad.stdout)]).toMatchObject([
      3,
      { identical: false, differing: ['tables/presence.csv'] },
    ])
  }, 120_000)

  it('gives zero net seats from those already here where permit and hukou are entitled to the same', async () => {
    const { headline } = await compare(
      'equal',
      '--set',
      'policy.zhaoqing-zero-threshold.entitlements.education.permit=@hukou',
      '--set',
      'policy.guangdong-points.entitlements.education.permit=@hukou',
    )
    expect(headline.length).toBeGreaterThan(10)
    const lines = readFileSync(join(folder, 'equal', 'tables', 'seats.csv'), 'utf8')
      .replace(/^\ufeff/, '')
      .trim()
      .split('\n')
    const header = lines[0].split(',')
    const at = (measure: string) => header.findIndex(name => name.startsWith(`${measure}[`))
    let joined = 0
    let registered = 0
    for (const line of lines.slice(1)) {
      const cells = line.split(',')
      joined += Math.abs(Number(cells[at('demand_joined')]))
      registered += Number(cells[at('gross_registered')])
    }
    // Children registered there were; those left behind whom registration alone would bring were none.
    expect(registered).toBeGreaterThan(0)
    expect(joined).toBe(0)
  }, 60_000)

  it('refuses what cannot be, each with one finding and exit 2', async () => {
    for (const [words, code] of [
      [['compare', 'pionts'], 'missing-file'],
      [['compare', '--set', 'edu.swich=1'], 'unknown-parameter'],
      [['compare', '--set', 'edu.switch=7'], 'outside-support'],
      [['compare', '--set', 'zero-threshold:pop.kinHere=0.3'], 'scenarios-differ'],
      [
        ['compare', '--set', 'policy.zhaoqing-zero-threshold.channels.rent.brings=co_resident_kin'],
        'no-op-patch',
      ],
      [['compare', '--out', folder], 'folder-exists'],
      [['verify', folder], 'missing-file'],
    ] as const) {
      const ended = await menkan([...words, '--format', 'json', '--quiet'])
      expect(ended.code, words.join(' ')).toBe(2)
      const { findings } = JSON.parse(ended.stderr) as { findings: { code: string; message: string }[] }
      expect(
        findings.map(finding => finding.code),
        ended.stderr,
      ).toEqual([code])
    }
  }, 60_000)
})
