/** The built program as a process. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { built, menkan } from '../program.js'

const version = (JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version

describe('the program', () => {
  it('helps, in the language of the system', async () => {
    expect(await menkan(['--help'])).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringContaining('Usage:'),
    })
    expect((await menkan(['--help'], { env: { LC_ALL: 'zh_CN.UTF-8' } })).stdout).toContain('用法:')
  })

  it('tells its version', async () => {
    expect(await menkan(['--version'])).toMatchObject({ code: 0, stdout: version + '\n' })
  })

  it('refuses a verb that it does not have, in words and as a document', async () => {
    const told = await menkan(['cmopare'])
    expect(told).toMatchObject({ code: 2, stdout: '' })
    expect(told.stderr).toContain('There is no command "cmopare"')
    const { code, stdout, stderr } = await menkan(['cmopare', '--format', 'json'])
    expect([code, stdout]).toEqual([2, ''])
    expect(JSON.parse(stderr)).toMatchObject({ findings: [{ code: 'unknown-verb', severity: 'error' }] })
  })

  it('ends quietly when nobody reads on', async () => {
    const ended = await menkan(['--help'], { onStart: child => child.stdout?.destroy() })
    expect(ended).toMatchObject({ code: 0, stderr: '' })
  })

  it('starts without what only some verbs need', () => {
    const main = readFileSync(built('cli/main.js'), 'utf8')
    const atStart = [...main.matchAll(/^import\b[^'"]*["'](\.[^'"]+)["']/gm)].map(match =>
      readFileSync(built('cli/main.js').replace(/main\.js$/, match[1]), 'utf8'),
    )
    const code = [main, ...atStart].join('\n')
    for (const heavy of [
      'node_modules/yaml/',
      'node_modules/zod/',
      'node_modules/@observablehq/',
      'node_modules/d3',
    ])
      expect(code).not.toContain(heavy)
  })
})
