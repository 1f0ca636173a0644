/** The frame round every verb: finding it, reading what was typed, speaking, ending with the right code. */
import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import { program } from '../../src/cli/program.js'
import type { Given, Verb } from '../../src/cli/verb.js'
import type { VerbEntry } from '../../src/cli/verb.js'
import { MachineFailure } from '../../src/node/failure.js'
import { InputError, type PlainFinding } from '../../src/reading/finding.js'

let seen: Given | undefined

const town: Verb = {
  path: ['town', 'look'],
  does: { zh: '看看城市', en: 'Look at a town' },
  takes: [
    { name: 'place', does: { zh: '地方', en: 'Where' }, required: true },
    { name: 'others', does: { zh: '其他地方', en: 'Other places' }, many: true },
  ],
  options: {
    at: { type: 'string', does: { zh: '月份', en: 'Month' } },
    depth: { type: 'number', whole: true, range: [1, 9], default: 2, does: { zh: '深度', en: 'Depth' } },
    form: { type: 'string', choices: ['short', 'long'], does: { zh: '形式', en: 'Form' } },
    set: { type: 'strings', does: { zh: '改数值', en: 'Change a value' } },
    deep: {
      type: 'boolean',
      does: {
        zh: '一直看到最深处,把沿途所有的街道、学校、租赁住房与医院都逐一列出来,再按人口由多到少排列(很慢)',
        en: 'Look all the way down, list every street, school, rented dwelling and hospital on the way, largest first',
      },
    },
  },
  example: 'menkan town look zhaoqing --at 2015-06',
  async act(given, terminal) {
    seen = given
    terminal.tell('looking')
    terminal.report([{ severity: 'warning', code: 'foggy', message: { zh: '有雾', en: 'It is foggy' } }])
    terminal.print(terminal.format === 'json' ? '{}' : 'a town')
    return 3
  },
}

const failing = (path: string, error: unknown): VerbEntry => ({
  path: [path],
  does: { zh: '失败', en: 'Fails' },
  load: async () => ({ ...town, path: [path], takes: [], act: () => Promise.reject(error) }),
})

const verbs: VerbEntry[] = [
  { path: ['town', 'look'], does: town.does, load: async () => town },
  {
    path: ['town', 'leave'],
    does: { zh: '离开', en: 'Leave' },
    load: () => Promise.reject(new Error('not asked for')),
  },
  failing('crash', new Error('a slip of ours')),
  failing(
    'full',
    new MachineFailure({ severity: 'error', code: 'disk-full', message: { zh: '满', en: 'Full' } }),
  ),
  failing(
    'wrong',
    new InputError([
      {
        severity: 'error',
        code: 'unknown-fact',
        file: 'a.yaml',
        line: 3,
        column: 7,
        message: { zh: '错', en: 'No' },
      },
      { severity: 'error', code: 'unknown-key', message: { zh: '误', en: 'Nor this' } },
    ]),
  ),
]

async function type(line: string, environment: Record<string, string> = {}, tty = false) {
  let stdout = ''
  let stderr = ''
  seen = undefined
  const code = await program(
    line.split(' ').filter(word => word !== ''),
    verbs,
    {
      stdout: { write: text => (stdout += text), isTTY: tty },
      stderr: { write: text => (stderr += text), isTTY: tty },
      environment: { LANG: 'en_GB.UTF-8', ...environment },
    },
    () => '1.2.3',
  )
  return { code, stdout, stderr }
}

/** The findings of a line that must fail with 2 and write nothing to standard output. */
async function slips(line: string) {
  const { code, stdout, stderr } = await type(line + ' --format json')
  expect([code, stdout]).toEqual([2, ''])
  return (JSON.parse(stderr) as { findings: PlainFinding[] }).findings
}

describe('what was typed', () => {
  it('reaches the verb, whatever the order of words and options', async () => {
    for (const line of [
      'town look here there yonder --at 2015-06 --set a=1 --set b=-2 --depth 3 --form long',
      '--set a=1 town look --at=2015-06 here --form=long there --set b=-2 yonder --depth=3',
    ]) {
      expect((await type(line)).code).toBe(3)
      expect(seen?.positionals).toEqual({ place: 'here', others: ['there', 'yonder'] })
      expect(seen?.options).toMatchObject({ at: '2015-06', depth: 3, form: 'long', set: ['a=1', 'b=-2'] })
    }
  })

  it('defaults stand in for what was not', async () => {
    await type('town look here')
    expect(seen).toEqual({
      positionals: { place: 'here', others: [] },
      options: { depth: 2, format: 'text' },
    })
  })

  it.each([
    ['twon look here', 'unknown-verb', 'town look'],
    ['town lok here', 'unknown-verb', 'town look'],
    ['town', 'unknown-verb', undefined],
    ['crahs', 'unknown-verb', 'crash'],
    ['--quiet', 'unknown-verb', undefined],
    ['town look here --dept 3', 'unknown-option', '--depth'],
    ['town look here --no-colour', 'unknown-option', '--no-color'],
    ['town look here --form shrot', 'wrong-value', 'short'],
    ['town look here --depth deep', 'wrong-value', undefined],
    ['town look here --depth 2.5', 'wrong-value', undefined],
    ['town look here --depth 10', 'wrong-value', undefined],
    ['town look here --depth=', 'missing-value', undefined],
    ['town look here --deep=yes', 'wrong-value', undefined],
    ['town look here --at', 'missing-value', undefined],
    ['town look here --at 2015-06 --at 2016-06', 'repeated-option', undefined],
    ['town look', 'missing-argument', undefined],
    ['wrong here', 'unexpected-argument', undefined],
    ['town look here --lang fr', 'wrong-value', undefined],
  ])('%s → %s', async (line, code, nearest) => {
    const findings = await slips(line)
    expect(findings).toHaveLength(1)
    expect(findings[0]).toMatchObject({ severity: 'error', code })
    expect(findings[0].nearest).toBe(nearest)
  })

  it('an option that swallows the next one is told', async () => {
    expect(await slips('town look here --at --deep')).toMatchObject([{ code: 'missing-value' }])
  })

  it('all slips are told at once', async () => {
    const codes = (await slips('town look --dept 3 --form x --depth y')).map(finding => finding.code)
    expect(codes.sort()).toEqual(['missing-argument', 'unknown-option', 'wrong-value', 'wrong-value'])
  })
})

describe('speaking', () => {
  it('results go to standard output, all else to standard error', async () => {
    expect(await type('town look here')).toEqual({
      code: 3,
      stdout: 'a town\n',
      stderr: 'looking\nwarning: It is foggy\n',
    })
  })

  it('--quiet leaves only results and errors', async () => {
    expect(await type('town look here --quiet')).toEqual({ code: 3, stdout: 'a town\n', stderr: '' })
    expect((await type('wrong --quiet')).stderr).toContain('Nor this')
  })

  it('colours are for terminals, and not with NO_COLOR or --no-color', async () => {
    const escape = '\x1b['
    expect((await type('wrong', {}, true)).stderr).toContain(escape)
    expect((await type('wrong', {}, false)).stderr).not.toContain(escape)
    expect((await type('wrong', { NO_COLOR: '1' }, true)).stderr).not.toContain(escape)
    expect((await type('wrong --no-color', {}, true)).stderr).not.toContain(escape)
  })

  it.each([
    [{ LANG: 'zh_CN.UTF-8' }, '', '有雾'],
    [{ LANG: 'zh_CN.UTF-8', LC_ALL: 'C' }, '', 'It is foggy'],
    [{ LANG: 'C', LC_ALL: 'zh_TW' }, '', '有雾'],
    [{ LANG: 'zh_CN.UTF-8' }, ' --lang en', 'It is foggy'],
    [{ LANG: 'en_US' }, ' --lang zh', '有雾'],
  ])('%o%s speaks the right language', async (environment, option, words) => {
    expect((await type('town look here' + option, environment)).stderr).toContain(words)
  })
})

describe('failing', () => {
  it('every mistake of the user is told with its place, exit 2', async () => {
    expect(await type('wrong')).toEqual({
      code: 2,
      stdout: '',
      stderr: 'error: a.yaml:3:7  No\nerror: Nor this\n',
    })
    expect(await slips('wrong')).toEqual([
      { severity: 'error', code: 'unknown-fact', file: 'a.yaml', line: 3, column: 7, message: 'No' },
      { severity: 'error', code: 'unknown-key', message: 'Nor this' },
    ])
  })

  it('the machine’s failures and ours end with 1, ours without a trace unless asked for', async () => {
    expect(await type('full')).toMatchObject({ code: 1, stderr: 'error: Full\n' })
    const { code, stderr } = await type('crash')
    expect(code).toBe(1)
    expect(stderr).toContain('a slip of ours')
    expect(stderr).not.toContain('program.test')
    expect((await type('crash', { MENKAN_DEBUG: '1' })).stderr).toContain('program.test')
    expect(JSON.parse((await type('crash --format json')).stderr)).toMatchObject({
      findings: [{ code: 'internal-error', severity: 'error' }],
    })
  })
})

describe('help', () => {
  it('lists all verbs without loading one', async () => {
    for (const line of ['', '--help', '-h']) {
      const { code, stdout, stderr } = await type(line)
      expect([code, stderr]).toEqual([0, ''])
      for (const { path, does } of verbs)
        expect(stdout).toMatch(new RegExp(`^  ${path.join(' ')} .*${does.en}$`, 'm'))
    }
  })

  it('of a group lists the group', async () => {
    const { code, stdout } = await type('town --help --lang zh')
    expect(code).toBe(0)
    expect(stdout).toContain('看看城市')
    expect(stdout).not.toContain('crash')
  })

  it.each(['zh', 'en'] as const)(
    'of a verb shows everything it takes and an example, in 80 columns (%s)',
    async lang => {
      const { code, stdout } = await type(`town look --help --lang ${lang}`)
      expect(code).toBe(0)
      expect(seen).toBeUndefined()
      for (const name of [
        'PLACE',
        '[OTHERS…]',
        '--at',
        '--depth N',
        '--form short|long',
        '--set',
        '--deep',
        '--lang zh|en',
      ])
        expect(stdout).toContain(name)
      for (const { does } of Object.values(town.options))
        expect(stdout.replace(/\s/g, '')).toContain(does[lang].replace(/\s/g, ''))
      expect(stdout).toContain(town.example)
      for (const line of stdout.split('\n')) expect(stringWidth(line), line).toBeLessThanOrEqual(80)
    },
  )

  it('the version is the package’s', async () => {
    expect(await type('--version')).toEqual({ code: 0, stdout: '1.2.3\n', stderr: '' })
  })
})
