/** menkan policy lint as a user meets it: what is printed, in both languages, and the exit code. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { menkan } from '../program.js'

const folder = mkdtempSync(join(tmpdir(), 'menkan-lint-'))
afterAll(() => rmSync(folder, { recursive: true }))

const HEAD = 'policy: town\ntitle: { zh: 镇, en: Town }\nsource: { document: d, url: u }\nchannels:\n'
function file(name: string, channels: string) {
  writeFileSync(join(folder, name), HEAD + channels)
  return join(folder, name)
}
const dead = file(
  'dead.yaml',
  '  rent:\n    clause: c\n    when: months_resident >= 6 && months_resident < 3\n    brings: none\n',
)
const broken = file(
  'broken.yaml',
  '  rent: { clause: c, when: tenure == "rnet" && lease_field, brings: none }\n',
)
const lint = (...words: string[]) => menkan(['policy', 'lint', ...words])

interface Document {
  policy: string
  findings: { severity: string; code: string; line: number; column: number; message: string }[]
}

describe('policy lint', () => {
  it('warnings leave the exit code alone, unless --strict', async () => {
    const text = await lint(dead)
    expect(text.code).toBe(0)
    expect(text.stdout).toContain('Warnings\n  7:11')
    expect(text.stdout).toContain('[channel-never-open]')
    expect(text.stdout.trimEnd().split('\n').at(-1)).toBe('0 errors, 1 warning, 0 notes.')
    expect((await lint(dead, '--strict')).code).toBe(3)
  })
  it('errors of reading come as they are, all of them, and end with 2', async () => {
    const { code, stdout } = await lint(broken, '--strict', '--format', 'json')
    expect(code).toBe(2)
    const { policy, findings } = JSON.parse(stdout) as Document
    expect(policy).toBe(broken)
    expect(findings.map(finding => finding.code)).toEqual(['unknown-value', 'unknown-fact'])
  })
  it('of several policies every one is told, as a list for programs', async () => {
    const { code, stdout } = await lint(broken, dead, 'zhaoqing-zero-threshold', '--format', 'json')
    expect(code).toBe(2)
    const documents = JSON.parse(stdout) as Document[]
    expect(documents.map(({ policy }) => policy)).toEqual([broken, 'town', 'zhaoqing-zero-threshold'])
    expect(documents[1].findings[0]).toMatchObject({ severity: 'warning', line: 7, column: 11 })
  })
  it('a policy that is not there is told of beside the others', async () => {
    const { code, stdout } = await lint('guangdong-point', 'zhaoqing-zero-threshold')
    expect(code).toBe(2)
    expect(stdout).toContain('guangdong-points')
    expect(stdout).toContain('0 errors, 0 warnings')
  })
  it('in Chinese, and with a pack whose names are checked', async () => {
    const { code, stdout } = await lint(dead, 'zhaoqing-zero-threshold', '--pack', 'zhaoqing', '--lang', 'zh')
    expect(code).toBe(0)
    expect(stdout).toContain('警告')
    expect(stdout).toContain('不能同时成立')
    expect(stdout).toContain('0 处错误、1 条警告、0 条说明。')
    expect(stdout).not.toMatch(/undefined|\[object/)
  })
})
