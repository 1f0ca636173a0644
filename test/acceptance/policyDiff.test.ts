/** menkan policy diff as a user runs it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { menkan } from '../program.js'

const folder = mkdtempSync(join(tmpdir(), 'menkan-diff-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}
const diff = (...words: string[]) => menkan(['policy', 'diff', ...words])
const PAIR = ['guangdong-points', 'zhaoqing-zero-threshold']

interface Estimate {
  records: number
  households?: number
  standardError?: number
}
interface Record {
  a: { policy: string; at: string }
  b: { policy: string; at: string }
  at: string
  changes: {
    channel?: string
    part: string
    kind: string
    effect: string
    words: { zh: string; en: string }
  }[]
  population: {
    synthetic: boolean
    total: { [key: string]: Estimate }
    channels: { channel: string; gained: Estimate; only: Estimate; lost: Estimate }[]
    by: { [fact: string]: { value: string; gained: Estimate }[] }
  }
}

describe('policy diff', () => {
  it('a dated law at two months, in both languages', async () => {
    const en = await diff(
      'guangdong-points@2011-12',
      'guangdong-points@2012-01',
      '--scale',
      '0.005',
      '--lang',
      'en',
    )
    expect(en.code).toBe(0)
    expect(en.stdout).toContain('Old law  2011-12')
    expect(en.stdout).toContain('New law  2012-01')
    expect(en.stdout).not.toContain('No month was named')
    expect(en.stdout).toMatch(/junior secondary +5 +→ +20/)
    expect(en.stdout).toContain('not a count of real people')
    const zh = await diff(
      'guangdong-points@2011-12',
      'guangdong-points@2012-01',
      '--scale',
      '0.005',
      '--lang',
      'zh',
    )
    expect(zh.stdout).toMatch(/初中 +5 +→ +20/)
    expect(zh.stdout).toContain('(放宽)')
    expect(zh.stdout).toContain('不是统计数')
    for (const { stdout } of [en, zh]) expect(stdout).not.toMatch(/undefined|NaN|\[object/)
    for (const line of en.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  })
  it('says which month is shown where none was named', async () => {
    const { stdout } = await diff(...PAIR, '--scale', '0.005', '--lang', 'en')
    expect(stdout).toContain('No month was named')
    expect(stdout).toContain('Old law  2012-01')
  })
  it('as one JSON document: changes with their effect, and the population, whose groups add up', async () => {
    const { stdout, code } = await diff(...PAIR, '--at', '2017-01', '--scale', '0.02', '--format', 'json')
    expect(code).toBe(0)
    const record = JSON.parse(stdout) as Record
    expect(record).toMatchObject({
      a: { policy: PAIR[0], at: '2017-01' },
      b: { policy: PAIR[1] },
      at: '2017-01',
    })
    const kin = record.changes.filter(({ channel, effect }) => channel === 'kin' && effect === 'looser')
    expect(kin.map(({ words }) => words.zh)).toEqual([
      '同住户籍亲属:配偶、父母、子女 → 除“无”外均可',
      '随迁:直系亲属 → 共同居住生活的亲属',
    ])
    const { total, channels, by, synthetic } = record.population
    expect(synthetic).toBe(true)
    expect(total.gained.records).toBeGreaterThan(100)
    for (const group of Object.values(by))
      expect(group.reduce((sum, { gained }) => sum + gained.records, 0)).toBe(total.gained.records)
    for (const { gained, only } of channels) expect(only.records).toBeLessThanOrEqual(gained.records)
    // At full scale fifty times as many, with the error of so many independent households.
    const { records, households, standardError } = total.gained
    expect(Math.abs(households! - records * 50)).toBeLessThanOrEqual(standardError!)
    expect(standardError! / (50 * Math.sqrt(records))).toBeGreaterThan(0.6)
    expect(standardError! / (50 * Math.sqrt(records))).toBeLessThan(1.5)
  })
  it('one value changed on the line; the same policy twice is no difference', async () => {
    const same = await diff('guangdong-points', 'guangdong-points', '--scale', '0.005', '--lang', 'en')
    expect(same.stdout).toContain('No difference in meaning')
    const set = 'policy.guangdong-points.channels.points.admit.at_least=50'
    const { stdout } = await diff(
      'guangdong-points',
      'guangdong-points',
      '--set',
      set,
      '--scale',
      '0.005',
      '--lang',
      'en',
    )
    expect(stdout).toContain('points needed: 60 points → 50 points (looser)')
  })
  it('a file of persons is counted one by one; what is not known is not decided; bad rows are refused', async () => {
    const persons = file('persons.csv', 'id,kin_here\na,parent\nb,other\nc,\nd,uncle\n')
    const { stdout, stderr, code } = await diff(
      ...PAIR,
      '--persons',
      persons,
      '--channel',
      'kin',
      '--format',
      'json',
    )
    expect(code).toBe(3)
    const { population } = JSON.parse(stdout) as Record
    const records = Object.fromEntries(
      Object.entries(population.total).flatMap(([key, value]) =>
        value?.records === undefined ? [] : [[key, value.records]],
      ),
    )
    expect(population.synthetic).toBe(false)
    expect(records).toEqual({ all: 3, before: 1, after: 2, gained: 1, lost: 0, undecided: 1 })
    expect(JSON.parse(stderr)).toMatchObject({ findings: [{ code: 'wrong-cell', line: 5 }] })
  })
  it('a fact that no population has: a note beside the comparison, an error where the population was asked for', async () => {
    const policy = (least: number) =>
      `policy: p\ntitle: { zh: 甲, en: A }\nsource: { document: d }\nfacts: { secret: { type: number } }\n` +
      `channels:\n  a: { clause: c, when: secret >= ${least}, brings: none }\n`
    const pair = [file('a.yaml', policy(2)), file('b.yaml', policy(1))]
    const told = await diff(...pair, '--lang', 'en')
    expect(told.code).toBe(0)
    expect(told.stdout).toContain('secret: at least 2 → at least 1 (looser)')
    expect(told.stderr).toContain('channels.a.when')
    const asked = await diff(...pair, '--scale', '0.01', '--format', 'json')
    expect(asked.code).toBe(2)
    expect(JSON.parse(asked.stderr)).toMatchObject({
      findings: [{ code: 'unsupplied-fact', severity: 'error' }, {}],
    })
  })
  it.each([
    [['guangdong-points@June', 'guangdong-points'], 'wrong-month'],
    [['guangdong-point', 'guangdong-points'], 'missing-file'],
    [[...PAIR, '--channel', 'kn'], 'unknown-channel'],
    [['guangdong-points'], 'missing-argument'],
    [[...PAIR, '--persons', 'x.csv', '--scale', '0.1'], 'wrong-value'],
  ])('%j is the user’s to mend: %s', async (words, code) => {
    const { stderr, stdout, code: exit } = await diff(...words, '--format', 'json')
    expect([exit, stdout]).toEqual([2, ''])
    expect(JSON.parse(stderr)).toMatchObject({ findings: [{ code }] })
  })
})
