/** menkan policy explain as a clerk meets it: five persons, read aloud in both languages. */
import { describe, expect, it } from 'vitest'
import { explain as verb } from '../../src/cli/policyExplain.js'
import { terminal } from '../../src/cli/terminal.js'
import { parseMonth } from '../../src/evidence/month.js'
import { applicants } from '../../src/experiment/applicants.js'
import { loadPack } from '../../src/node/packs.js'
import { CORE_FACTS } from '../../src/policy/facts.js'
import { menkan } from '../program.js'

const person = (file: string) => `test/policy/persons/${file}`
async function explain(
  policy: string,
  file: string,
  at: string,
  options: Record<string, string | number> = {},
) {
  const given = {
    positionals: { policy },
    options: { pack: 'zhaoqing', person: /^\d+$/.test(file) ? file : person(file), at, ...options },
  }
  let stdout = ''
  let stderr = ''
  const screen = terminal(given, options.lang === 'zh' ? 'zh' : 'en', {
    stdout: { write: (text: string) => (stdout += text) },
    stderr: { write: (text: string) => (stderr += text) },
    environment: {},
  })
  return { code: await verb.act(given, screen), stdout, stderr }
}

interface Document {
  person: { id: string }
  at: string
  channels: {
    id: string
    open: boolean | null
    score?: number
    atLeast?: number
    ledger?: { points: number }[]
  }[]
  nearest: {
    channel: string
    month?: string
    changes: { fact: string; from: unknown; to: unknown; by: string }[]
  }[]
  waiting: { channel: string; month: string | null; assumes: { fact: string }[] }[]
}
const document = async (policy: string, file: string, at: string, options = {}) => {
  const { code, stdout, stderr } = await explain(policy, file, at, { format: 'json', ...options })
  expect([code, stderr]).toEqual([0, ''])
  return JSON.parse(stdout) as Document
}
const nearestOf = ({ nearest }: Document, id: string) =>
  nearest
    .filter(({ channel }) => channel === id)
    .map(({ changes, month }) => [...changes.map(({ fact, to }) => [fact, to]), ...(month ? [month] : [])])

const FIVE: [policy: string, file: string, at: string][] = [
  ['zhaoqing-zero-threshold', 'tenant.yaml', '2017-03'],
  ['zhaoqing-zero-threshold', 'graduate.yaml', '2017-03'],
  ['zhaoqing-zero-threshold', 'owner.yaml', '2017-03'],
  ['zhaoqing-zero-threshold', 'kin.yaml', '2017-03'],
  ['guangdong-points', 'points55.csv', '2015-06'],
]

describe.each(FIVE)('%s, %s', (policy, file, at) => {
  it.each(['zh', 'en'] as const)('is read aloud in %s without a name of the program', async lang => {
    const { code, stdout, stderr } = await explain(policy, file, at, { lang })
    expect([code, stderr]).toEqual([0, ''])
    for (const { name } of CORE_FACTS.filter(fact => fact.name.includes('_')))
      expect(stdout).not.toContain(name)
    expect(stdout).not.toMatch(/undefined|NaN|\[object|==|&&/)
    if (lang === 'en') expect(stdout.replace(/^.*|Basis:[^✓✗?]*/g, '')).not.toMatch(/\p{Script=Han}{5}/u)
  })
})

describe('what they are told', () => {
  it('the tenant: file the lease and wait two months', async () => {
    const told = await document('zhaoqing-zero-threshold', 'tenant.yaml', '2017-03')
    expect(told.channels.filter(({ open }) => open)).toEqual([])
    expect(nearestOf(told, 'rent')).toEqual([[['lease_filed', true], ['months_resident', 6], '2017-05']])
    expect(nearestOf(told, 'kin')).toEqual([])
  })
  it('the graduate: talent is open; half a year of insurance opens another way in five months', async () => {
    const told = await document('zhaoqing-zero-threshold', 'graduate.yaml', '2017-03')
    expect(told.channels.filter(({ open }) => open).map(({ id }) => id)).toEqual(['talent'])
    expect(told.waiting.find(({ channel }) => channel === 'employment')).toMatchObject({
      month: '2017-08',
      assumes: [{ fact: 'months_insured' }],
    })
  })
  it('the owner: the shop opens property; what was not asked is not guessed', async () => {
    const told = await document('zhaoqing-zero-threshold', 'owner.yaml', '2017-03')
    const open = Object.fromEntries(told.channels.map(channel => [channel.id, channel.open]))
    expect(open).toMatchObject({ purchase: true, rent: null, talent: null, kin: false })
    expect(nearestOf(told, 'rent')).toEqual([[['lease_filed', true]]])
    expect(told.nearest.find(({ channel }) => channel === 'rent')!.changes[0]).toMatchObject({
      from: null,
      by: 'learn',
    })
  })
  it('the worker with an uncle: the reform lets in, the law before did not', async () => {
    const kin = async (policy: string) =>
      (await document(policy, 'kin.yaml', '2016-01', { channel: 'kin' })).channels.map(({ open }) => open)
    expect(await kin('zhaoqing-zero-threshold')).toEqual([true])
    expect(await kin('guangdong-points')).toEqual([false])
  })
  it('the applicant at 55: 40 for school, ten full years at 1.5; twelve months on four schemes have one more', async () => {
    const told = await document('guangdong-points', 'points55.csv', '2015-06')
    const points = told.channels.find(({ id }) => id === 'points')!
    expect(points).toMatchObject({ open: false, score: 55, atLeast: 60 })
    expect(points.ledger!.reduce((sum, line) => sum + line.points, 0)).toBe(55)
    expect(told.waiting.find(({ channel }) => channel === 'points')).toMatchObject({ month: '2016-06' })
    expect(nearestOf(told, 'points')).toContainEqual([['blood_donations_5y', 3]])
    expect(nearestOf(told, 'points')).toContainEqual([['volunteer_hours_5y', 150]])
  })
})

describe('as a program', () => {
  const words = ['policy', 'explain', 'zhaoqing-zero-threshold', '--at', '2017-03']
  it('prints one document, or tells what was mistyped and ends with 2', async () => {
    const right = await menkan([...words, '--person', person('kin.yaml'), '--format', 'json'])
    expect([right.code, right.stderr]).toEqual([0, ''])
    expect((JSON.parse(right.stdout) as Document).person.id).toBe('Worker Liang')
    const wrong = await menkan([...words, '--person', person('kin.yaml'), '--channel', 'kind'])
    expect([wrong.code, wrong.stdout]).toEqual([2, ''])
    expect(wrong.stderr).toContain('Did you mean "kin"?')
  })
  it('takes a household of the synthetic population by its key, of whom everything is known', async () => {
    const source = { scale: 0.002, seed: 'counter' }
    const pack = await loadPack('zhaoqing')
    const [{ id }] = applicants({ pack, ...source, month: parseMonth('2017-03')! }).heads
    const told = await document('zhaoqing-zero-threshold', id, '2017-03', source)
    expect(told.person.id).toBe(id)
    expect(told.channels.map(({ open }) => open)).not.toContain(null)
    const nobody = explain('zhaoqing-zero-threshold', '1', '2017-03', source)
    await expect(nobody).rejects.toThrow('No household "1"')
  })
})
