/** menkan policy ablate as a user runs it: shares add up, and an effect is what compare gives for the same change. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { menkan } from '../program.js'

const folder = mkdtempSync(join(tmpdir(), 'menkan-ablate-'))
afterAll(() => rmSync(folder, { recursive: true }))
const small = ['--replicates', '2', '--scale', '0.004', '--seed', 'clauses']

interface Result {
  exact: boolean
  coalitions: number
  clauses: { id: string; words: string; effect: Measures; share: Measures }[]
  together: Measures
}
type Measures = Record<string, { mean: number }>

/** Registrations from outside in each replicate of a run, over the horizon. */
function totals(run: string): number[] {
  const [header, ...rows] = readFileSync(join(run, 'replicates/registrations_year.csv'), 'utf8')
    .trim()
    .split(/\r?\n/)
    .map(line => line.replace('\uFEFF', '').split(','))
  const at = (name: string) => header.indexOf(name)
  const sums = [0, 0]
  for (const row of rows)
    if (row[at('area')] === 'city' && row[at('basis')] === 'external')
      sums[Number(row[at('replicate')])] += Number(row[at('persons[persons]')])
  return sums
}

it('shares add up to the effect of all clauses, and each effect is that of the change made by hand', async () => {
  const out = join(folder, 'ablation')
  const { stdout, stderr, code } = await menkan(
    ['policy', 'ablate', 'zhaoqing-zero-threshold', ...small, '--format', 'json', '--out', out],
    { cwd: folder },
  )
  expect(code, stderr).toBe(0)
  const result = JSON.parse(stdout) as Result
  expect(result).toMatchObject({ exact: true, coalitions: 64 })
  for (const measure of ['d_persons', 'd_seats', 'd_cost_wan']) {
    const sum = result.clauses.reduce((total, { share }) => total + share[measure].mean, 0)
    expect(sum).toBeCloseTo(result.together[measure].mean, 4)
  }
  const runs = await Promise.all(
    [[], ['--set', 'policy.zhaoqing-zero-threshold.channels.kin=null']].map(async (set, i) => {
      const run = join(folder, `run-${i}`)
      const words = ['run', 'zero-threshold', ...small, '--draws', '40', ...set, '--out', run, '--quiet']
      expect((await menkan(words, { cwd: folder })).code).toBe(0)
      return totals(run)
    }),
  )
  const byHand = (runs[1][0] - runs[0][0] + runs[1][1] - runs[0][1]) / 2
  const kin = result.clauses.find(({ id }) => id === 'channels.kin')!
  expect(byHand).toBeLessThan(0)
  expect(kin.effect.d_persons.mean).toBeCloseTo(byHand, 4)
  expect(readFileSync(join(out, 'tables/rule_effect.csv'), 'utf8')).toContain('channels.kin')
  expect(readFileSync(join(out, 'charts/zh/tornado.svg'), 'utf8')).toContain('亲属投靠')
}, 300_000)

it('within a channel with more than six clauses a budget is kept and the error of sampling told', async () => {
  const words = ['policy', 'ablate', 'guangdong-points', '--channel', 'points', '--budget', '45']
  const { stdout, stderr, code } = await menkan([
    ...words,
    '--replicates',
    '1',
    '--scale',
    '0.002',
    '--format',
    'json',
  ])
  expect(code, stderr).toBe(0)
  const result = JSON.parse(stdout) as Result & { orders: number }
  expect(result.exact).toBe(false)
  expect(result.orders).toBeGreaterThanOrEqual(2)
}, 300_000)

it('asks for a scenario where no shipped one uses the policy, and names the nearest channel', async () => {
  const unknown = await menkan(['policy', 'ablate', 'zhaoqing-zero-threshold', '--channel', 'rnt'])
  expect(unknown.code).toBe(2)
  expect(unknown.stderr).toContain('"rent"')
}, 120_000)
