/** The table of contents agrees with the verbs, and what help shows is true: every example is a line that is understood. */
import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import { findVerb, glance, readArguments } from '../../src/cli/arguments.js'
import { programHelp, verbHelp } from '../../src/cli/help.js'
import { VERBS } from '../../src/cli/verbs.js'

describe.each(VERBS.map(entry => ({ name: entry.path.join(' '), entry })))('menkan $name', ({ entry }) => {
  it('is what the table says', async () => {
    const verb = await entry.load()
    expect(verb.path).toEqual(entry.path)
    expect(verb.does).toEqual(entry.does)
  })

  it('has an example that it understands', async () => {
    const verb = await entry.load()
    const [program, ...argv] = verb.example.split(' ')
    expect(program).toBe('menkan')
    expect(findVerb(glance(argv).words, VERBS)?.path).toEqual(entry.path)
    expect(() => readArguments(argv, verb)).not.toThrow()
  })

  it.each(['zh', 'en'] as const)('has help that fits 80 columns (%s)', async lang => {
    for (const line of verbHelp(await entry.load(), lang, 80).split('\n'))
      expect(stringWidth(line), line).toBeLessThanOrEqual(80)
  })
})

it('no verb is listed twice', () => {
  const names = VERBS.map(({ path }) => path.join(' '))
  expect(new Set(names).size).toBe(names.length)
})

it.each(['zh', 'en'] as const)('the list of verbs fits 80 columns (%s)', lang => {
  for (const line of programHelp(VERBS, lang, 80).split('\n'))
    expect(stringWidth(line), line).toBeLessThanOrEqual(80)
})
