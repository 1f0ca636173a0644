import { describe, expect, it } from 'vitest'
import { readScenario } from '../../src/experiment/scenario.js'
import { monthOf } from '../../src/evidence/month.js'
import { InputError, type Finding } from '../../src/reading/finding.js'

const BASE = `scenario: base
title: { zh: 甲, en: Base }
pack: toy
horizon: { from: 2015-01, to: 2016-12 }
policy:
  - { from: 2015-01, use: before }
parameters:
  edu.switch: 0.5
  edu.join: 0.2
replicates: 7
seed: words
`
/** Files as a folder; `readScenario` names them. */
const read = (files: Record<string, string>, name = 'base') =>
  readScenario(name, wanted => {
    if (!(wanted in files)) throw new Error(`asked for ${wanted}`)
    return Promise.resolve({ text: files[wanted], file: `${wanted}.yaml` })
  })

async function refused(files: Record<string, string>, name = 'base'): Promise<Finding[]> {
  try {
    await read(files, name)
  } catch (error) {
    if (error instanceof InputError) return error.findings
    throw error
  }
  throw new Error('it was read without complaint')
}
const codes = async (files: Record<string, string>, name?: string) =>
  (await refused(files, name)).map(({ code }) => code)
const changed = (from: string, to: string) => {
  expect(BASE).toContain(from)
  return { base: BASE.replace(from, to) }
}

describe('a scenario', () => {
  it('is read in whole', async () => {
    const scenario = await read({ base: BASE })
    expect(scenario).toMatchObject({
      id: 'base',
      pack: 'toy',
      horizon: { from: monthOf(2015, 1), to: monthOf(2016, 12) },
      policy: [{ from: monthOf(2015, 1), use: 'before', file: 'base.yaml' }],
      replicates: 7,
      seed: 'words',
    })
    expect(scenario.parameters).toMatchObject([
      { id: 'edu.switch', value: 0.5, layer: 'scenario', file: 'base.yaml', line: 8 },
      { id: 'edu.join', value: 0.2, line: 9 },
    ])
  })

  it('takes from what it extends all that it does not say, its own parameters last', async () => {
    const own = `scenario: own
extends: base
policy:
  - { from: 2015-01, use: before }
  - { from: reform.inForce, use: after }
parameters:
  edu.join: 0.9
`
    const scenario = await read({ base: BASE, own }, 'own')
    expect(scenario).toMatchObject({
      id: 'own',
      title: { en: 'own' },
      pack: 'toy',
      replicates: 7,
      seed: 'words',
    })
    expect(scenario.policy.map(({ from, use, file }) => [from, use, file])).toEqual([
      [monthOf(2015, 1), 'before', 'own.yaml'],
      ['reform.inForce', 'after', 'own.yaml'],
    ])
    expect(scenario.parameters.map(({ id, value }) => [id, value])).toEqual([
      ['edu.switch', 0.5],
      ['edu.join', 0.2],
      ['edu.join', 0.9],
    ])
  })

  it('names the place of a policy by the file that says it', async () => {
    const scenario = await read({ base: BASE, own: 'scenario: own\nextends: base\n' }, 'own')
    expect(scenario.policy[0].file).toBe('base.yaml')
  })
})

describe('a scenario that cannot be read', () => {
  it('runs in a circle, whatever its length', async () => {
    const [finding] = await refused({
      base: 'scenario: a\nextends: b\n',
      b: 'scenario: b\nextends: c\n',
      c: 'scenario: c\nextends: base\n',
    })
    expect(finding).toMatchObject({ code: 'cycle-in-extends', file: 'c.yaml', line: 2 })
    expect(finding.message.en).toMatch(/circle: a → b → c → a$/)
    expect(await codes({ base: 'scenario: base\nextends: base\n' })).toEqual(['cycle-in-extends'])
  })

  it('lacks what it must have: all of it at once', async () => {
    expect(await codes({ base: 'scenario: base\n' })).toEqual([
      'missing-in-scenario',
      'missing-in-scenario',
      'missing-in-scenario',
    ])
  })

  it('has a key that nothing reads, with the nearest that something does', async () => {
    const [finding] = await refused(changed('replicates:', 'replicate:'))
    expect(finding).toMatchObject({ code: 'unknown-key', file: 'base.yaml', line: 10 })
    expect(finding.nearest).toContain('replicates')
  })

  it.each([
    ['a later policy after the end', '2017-01, use: after'],
    ['or before the start', '2014-12, use: after'],
  ])('has %s of the horizon', async (_, entry) => {
    const [finding, ...more] = await refused(
      changed('use: before }', `use: before }\n  - { from: ${entry} }`),
    )
    expect(finding).toMatchObject({ code: 'month-outside-horizon', file: 'base.yaml', line: 7 })
    expect(more.every(({ code }) => code === 'timeline-order')).toBe(true)
  })

  it.each([
    [
      'a first policy that comes too late',
      'from: 2015-01, use',
      'from: 2015-02, use',
      ['month-outside-horizon'],
    ],
    [
      'a first policy without a month',
      'from: 2015-01, use',
      'from: reform.inForce, use',
      ['month-outside-horizon'],
    ],
    [
      'a horizon that ends before it begins',
      'to: 2016-12',
      'to: 2014-12',
      ['wrong-value', 'month-outside-horizon'],
    ],
    ['no month where one is due', 'to: 2016-12', 'to: 2016-13', ['wrong-value']],
    ['a number of replicates below one', 'replicates: 7', 'replicates: 0', ['wrong-value']],
  ])('has %s', async (_, from, to, expected) => {
    const found = await codes(changed(from, to))
    expect(expected).toEqual(expect.arrayContaining(found.slice(0, 1)))
    expect(found.every(code => expected.includes(code))).toBe(true)
  })

  it('has policies in another order than they take force', async () => {
    const late = '  - { from: 2016-05, use: b }\n  - { from: 2016-05, use: c }\n'
    expect(await codes(changed('parameters:', `${late}parameters:`))).toEqual(['timeline-order'])
  })
})
