/** menkan policy test as a user runs it: the built program, files of one's own, words and documents, exit codes. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { menkan } from '../program.js'

const folder = mkdtempSync(join(tmpdir(), 'menkan-cases-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

const POLICY = `policy: mine
title: { zh: 我的办法, en: My rules }
source: { document: none }
channels:
  rent:
    title: { zh: 租赁, en: rent }
    clause: 第一条
    when: tenure == "rent" && months_resident >= 6
    brings: none
`
const CASES = `cases: mine.yaml
at: 2017-01
tests:
  - { case: six months, person: { tenure: 租赁, months_resident: 6 }, channels: [rent] }
  - { case: five months, person: { tenure: 租赁, months_resident: 5 }, channels: [] }
`
interface Document {
  policy: string
  passed: number
  failed: number
  cases: { case: string; at: string; passed: boolean; differences: { expected: string; got: string }[] }[]
  coverage: { clauses: { path: string; exercised: boolean; both: boolean }[]; share: number }
  mutation?: { numbers: { changed: number; caught: number }; survivors: { path: string; line: number }[] }
}

describe('policy test', () => {
  it('runs the cases that lie beside a policy, whichever of the two is named', async () => {
    file('mine.yaml', POLICY)
    file('mine.test.yaml', CASES)
    for (const name of ['mine.yaml', 'mine.test.yaml']) {
      const { code, stdout, stderr } = await menkan(['policy', 'test', name], { cwd: folder })
      expect([code, stderr]).toEqual([0, ''])
      expect(stdout).toContain('Cases: 2 of 2 hold')
      // The tenure was never anything but rented; who may come along was never asked.
      expect(stdout).toContain('Clauses: 1 of 3 exercised')
      expect(stdout).toMatch(/mine\.yaml:8:11 .*channels\.rent\.when \(seen from one side only\)/)
      expect(stdout).toMatch(/mine\.yaml:9:5 .*channels\.rent\.brings/)
    }
  })

  it('ends with 3 where a case does not hold, and says what was expected', async () => {
    const path = file('wrong.test.yaml', CASES.replace('months_resident: 5', 'months_resident: 7'))
    file('mine.yaml', POLICY)
    const { code, stdout } = await menkan(['policy', 'test', path], { cwd: folder })
    expect(code).toBe(3)
    expect(stdout).toContain('FAIL  five months, 2017-01  wrong.test.yaml:5')
    expect(stdout).toContain('open channels: expected none, got rent')
    const zh = await menkan(['policy', 'test', path, '--lang', 'zh'], { cwd: folder })
    expect(zh.stdout).toContain('不符  five months, 2017-01')
    expect(zh.stdout).toContain('可走的渠道:应为 无,实为 rent')
    expect(zh.stdout).toContain('案例:2 个,1 个通过')
  })

  it('as a document: cases, coverage, and which changes no case notices', async () => {
    file('mine.yaml', POLICY)
    file('mine.test.yaml', CASES)
    const { code, stdout } = await menkan(['policy', 'test', 'mine.yaml', '--mutate', '--format', 'json'], {
      cwd: folder,
    })
    expect(code).toBe(0)
    const { policy, passed, failed, cases, coverage, mutation } = JSON.parse(stdout) as Document
    expect([policy, passed, failed]).toEqual(['mine', 2, 0])
    expect(cases[1]).toMatchObject({ case: 'five months', at: '2017-01', passed: true, differences: [] })
    expect(coverage.share).toBeCloseTo(1 / 3, 12)
    expect(coverage.clauses.map(({ path, exercised, both }) => [path, exercised, both])).toEqual([
      ['channels.rent.when', true, false],
      ['channels.rent.when', true, true],
      ['channels.rent.brings', false, false],
    ])
    // 6 → 7 and 6 → 5 are noticed.
    expect(mutation!.numbers).toEqual({ changed: 1, caught: 1, share: 1 })
    expect(mutation!.survivors.map(({ path, line }) => [path, line])).toEqual([['channels.rent.brings', 9]])
  })

  it('without a name runs all shipped cases; where a number of a table is changed they break', async () => {
    const all = await menkan(['policy', 'test', '--format', 'json'])
    const documents = JSON.parse(all.stdout) as Document[]
    expect(documents.map(({ policy, failed }) => [policy, failed])).toEqual(
      expect.arrayContaining([
        ['guangdong-points', 0],
        ['zhaoqing-zero-threshold', 0],
      ]),
    )
    const changed = readFileSync('scenarios/policies/guangdong-points.yaml', 'utf8').replace(
      'senior_secondary: { 2010-06-23: 20, 2012-01-01: 40 }',
      'senior_secondary: { 2010-06-23: 20, 2012-01-01: 41 }',
    )
    file('guangdong-points', changed)
    copyFileSync('scenarios/policies/guangdong-points.test.yaml', join(folder, 'table.test.yaml'))
    const { code, stdout } = await menkan(['policy', 'test', 'table.test.yaml'], { cwd: folder })
    expect(code).toBe(3)
    expect(stdout).toContain('score of points: expected 40, got 41 (education 41)')
  })

  it('what is wrong in a file is told with its place, exit 2', async () => {
    file('mine.yaml', POLICY)
    const path = file('slip.test.yaml', CASES.replace('channels: [rent]', 'channels: [rents]'))
    const { code, stdout, stderr } = await menkan(['policy', 'test', path], { cwd: folder })
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain('slip.test.yaml:4:')
    expect(stderr).toContain('Did you mean "rent"?')
    const none = await menkan(['policy', 'test', 'other.yaml'], { cwd: folder })
    expect(none.code).toBe(2)
    file('lonely.yaml', POLICY)
    const lonely = await menkan(['policy', 'test', 'lonely.yaml'], { cwd: folder })
    expect(lonely.code).toBe(2)
    expect(lonely.stderr).toContain('lonely.test.yaml')
  })
})
