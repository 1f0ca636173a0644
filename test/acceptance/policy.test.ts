/** menkan policy show and evaluate as a user meets them: what is printed, what is told, and the exit code. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { evaluate } from '../../src/cli/policyEvaluate.js'
import { show } from '../../src/cli/policyShow.js'
import { terminal } from '../../src/cli/terminal.js'
import type { Given, Verb } from '../../src/cli/verb.js'
import { InputError, type Finding } from '../../src/reading/finding.js'

const folder = mkdtempSync(join(tmpdir(), 'menkan-policy-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

async function run(verb: Verb, policy: string, options: Given['options'], lang: 'zh' | 'en' = 'en') {
  const given = { positionals: { policy }, options }
  let stdout = ''
  let stderr = ''
  const screen = terminal(given, lang, {
    stdout: { write: (text: string) => (stdout += text) },
    stderr: { write: (text: string) => (stderr += text) },
    environment: {},
  })
  try {
    const code = await verb.act(given, screen)
    return { code, stdout, stderr, findings: [] as Finding[] }
  } catch (error) {
    if (error instanceof InputError) return { code: 2, stdout, stderr, findings: error.findings }
    throw error
  }
}

const POINTS_COLUMNS =
  'id,has_permit,employment_registered,education,skill,title,pension_months,medical_months,unemployment_months,' +
  'injury_months,maternity_months,blood_donations_5y,volunteer_hours_5y,donated_yuan_5y,reeducation,sentenced,unlawful_birth_5y'
const college = 'a,true,true,junior_college,none,none,24,24,0,24,0,0,0,0,0,0,0'
const pupil = 'b,true,true,junior_secondary,none,none,24,0,0,0,0,0,0,0,0,0,0'
const persons = (name: string, ...rows: string[]) => file(name, [POINTS_COLUMNS, ...rows, ''].join('\n'))

describe('policy evaluate', () => {
  it('scores a CSV by the law of the month', async () => {
    const path = persons('two.csv', college, pupil)
    const options = { format: 'json', persons: path, channel: 'points' }
    const now = await run(evaluate, 'guangdong-points', { ...options, at: '2012-01' })
    expect(now.code).toBe(0)
    const [a, b] = JSON.parse(now.stdout) as Record<string, unknown>[]
    // 60 + 3 schemes × 2 years × 1.5 = 69; 20 + 2 × 1.5 = 23
    expect(a).toMatchObject({ id: 'a', channels: ['points'], score: { points: 69 }, failed: [], unknown: [] })
    expect(b).toMatchObject({ id: 'b', channels: [], score: { points: 23 } })
    expect(b.failed).toEqual([{ channel: 'points', condition: 'score >= 60' }])
    const before = await run(evaluate, 'guangdong-points', { ...options, at: '2011-12' })
    // 60 + 6 × 1 = 66; 5 + 2 = 7
    expect((JSON.parse(before.stdout) as { score: unknown }[]).map(({ score }) => score)).toEqual([
      { points: 66 },
      { points: 7 },
    ])
    expect(JSON.parse(before.stderr)).toMatchObject({
      findings: [{ severity: 'note', code: 'condition-skipped' }],
    })
  })
  it('writes CSV for a pipe', async () => {
    const options = {
      format: 'csv',
      persons: persons('csv.csv', college, pupil),
      channel: 'points',
      at: '2015-06',
    }
    expect((await run(evaluate, 'guangdong-points', options)).stdout).toBe(
      'id,channels,score\na,points,69\nb,,23\n',
    )
  })
  it('reads Chinese headers and values', async () => {
    const path = file('zh.csv', 'id,同住户籍亲属\na,父母\nb,其他\n')
    const options = { format: 'csv', persons: path, channel: 'kin', at: '2015-06' }
    expect((await run(evaluate, 'guangdong-points', options)).stdout).toBe('id,channels,score\na,kin,\nb,,\n')
    expect((await run(evaluate, 'zhaoqing-zero-threshold', options)).stdout).toBe(
      'id,channels,score\na,kin,\nb,kin,\n',
    )
  })
  it('refuses bad rows, writes the others, ends with 3', async () => {
    const path = file('bad.csv', 'id,kin_here\na,parent\nb,uncle\nc,\n')
    const result = await run(evaluate, 'guangdong-points', {
      format: 'json',
      persons: path,
      channel: 'kin',
      at: '2015-06',
    })
    expect(result.code).toBe(3)
    const written = JSON.parse(result.stdout) as { id: string; unknown: unknown }[]
    expect(written.map(({ id }) => id)).toEqual(['a', 'c'])
    expect(written[1].unknown).toEqual([{ channel: 'kin', facts: ['kin_here'] }])
    expect(JSON.parse(result.stderr)).toMatchObject({
      findings: [{ code: 'wrong-cell', line: 3, column: 2 }],
    })
  })
  it('a missing column names the channels that need it; all at once', async () => {
    const path = file('few.csv', 'id,tenure\na,rent\n')
    const { code, findings } = await run(evaluate, 'zhaoqing-zero-threshold', {
      persons: path,
      at: '2017-01',
    })
    expect(code).toBe(2)
    expect(findings.every(finding => finding.code === 'missing-column')).toBe(true)
    expect(findings.find(({ message }) => message.en.includes('"lease_filed"'))?.message.en).toContain('rent')
    expect(findings.length).toBeGreaterThan(5)
  })
  it('an unknown policy, channel, month and fact are the user’s to mend', async () => {
    const path = persons('one.csv', college)
    const first = async (policy: string, options: Given['options']) =>
      (await run(evaluate, policy, { persons: path, at: '2015-06', ...options })).findings[0]
    expect(await first('guangdong-point', {})).toMatchObject({
      code: 'missing-file',
      nearest: 'guangdong-points',
    })
    expect(await first('guangdong-points', { channel: 'point' })).toMatchObject({ nearest: 'points' })
    expect(await first('guangdong-points', { channel: 'points', at: '2009-01' })).toMatchObject({
      code: 'channel-not-in-force',
    })
    expect(await first('guangdong-points', { at: 'June' })).toMatchObject({ code: 'wrong-month' })
    expect(await first('guangdong-points', { persons: join(folder, 'none.csv') })).toMatchObject({
      code: 'missing-file',
    })
  })
  it('--set moves a threshold', async () => {
    const options = { format: 'csv', persons: persons('set.csv', college), channel: 'points', at: '2015-06' }
    const set = ['policy.guangdong-points.channels.points.admit.at_least=70']
    expect((await run(evaluate, 'guangdong-points', { ...options, set })).stdout).toBe(
      'id,channels,score\na,,69\n',
    )
  })
})

describe('policy show', () => {
  it('gives the values of the month', async () => {
    const at = async (month: string) => {
      const { stdout } = await run(show, 'guangdong-points', { format: 'json', at: month })
      const { channels } = JSON.parse(stdout) as {
        channels: { id: string; score: Record<string, { points: unknown }> }[]
      }
      return channels.find(({ id }) => id === 'points')!.score.education.points
    }
    expect(await at('2011-12')).toMatchObject({ junior_secondary: 5, senior_secondary: 20 })
    expect(await at('2012-01')).toMatchObject({ junior_secondary: 20, senior_secondary: 40 })
  })
  it('names every channel with its clause, in either language', async () => {
    for (const lang of ['zh', 'en'] as const) {
      const { stdout, code } = await run(show, 'zhaoqing-zero-threshold', { at: '2017-01' }, lang)
      expect(code).toBe(0)
      for (const word of [
        'rent',
        'kin',
        'purchase',
        'invest',
        'talent',
        'employment',
        '一全面',
        // The condition in words, not in code.
        lang === 'zh' ? '连续居住月数不少于 6 个月' : 'months resident without a break at least 6 months',
      ])
        expect(stdout).toContain(word)
      expect(stdout).toContain(lang === 'zh' ? '随迁' : 'brings')
      expect(stdout).not.toContain('undefined')
      expect(stdout).not.toContain('[object')
    }
  })
})
