import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { SERVICES } from '../../src/services/list.js'
import { PACK, PARAMETERS, values } from './place.js'

describe('parameters of the services', () => {
  it('are all read by a service or named by a rule set', () => {
    const root = new URL('../../', import.meta.url)
    const sources = readdirSync(new URL('src/services', root), { recursive: true, encoding: 'utf8' })
      .filter(name => name.endsWith('.ts'))
      .map(name => readFileSync(new URL(`src/services/${name}`, root), 'utf8'))
      .join('\n')
    const entitlements = ['pubPermit', 'pubHukou', 'switch', 'join', 'paperOpt'].map(name => `edu.${name}`)
    const named = [...entitlements, 'prh.apply', 'med.takeup']
    for (const { id } of PARAMETERS) {
      const [first, second] = id.split('.')
      const stem = `${first}.${second}`
      const read =
        sources.includes(`'${id}'`) || sources.includes(`\`${stem}.\${`) || sources.includes(`'${stem}'`)
      expect([id, read || named.includes(stem)]).toEqual([id, true])
    }
  })

  it('lie in their ranges, and only stocks lack a value', () => {
    for (const { id, value, interval90, support } of PARAMETERS) {
      expect([id, interval90[0] <= interval90[1]]).toEqual([id, true])
      if (value === undefined) expect(id).toMatch(/^stock\./)
      else
        expect([id, value >= interval90[0] && value <= interval90[1] && value >= support[0]]).toEqual([
          id,
          true,
        ])
    }
  })

  it('every column and title has words in both languages', () => {
    for (const { schemas } of SERVICES)
      for (const { title, measures } of schemas)
        for (const { zh, en } of [title, ...measures.map(({ label }) => label)]) {
          expect(zh).toMatch(/\p{Script=Han}/u)
          expect(en).toMatch(/^[\x20-\x7e’]+$/)
        }
  })

  it('what is assumed is marked, what registration adds is not', () => {
    const marked = SERVICES.flatMap(({ schemas }) =>
      schemas.flatMap(({ measures }) => measures.filter(({ assumed }) => assumed).map(({ id }) => id)),
    )
    for (const id of ['soft_cap', 'gap_soft', 'gap_hard', 'waiting_hh', 'balance_wan'])
      expect(marked).toContain(id)
    for (const id of ['added_net', 'added_net_hh', 'new_members_from_registration', 'demand'])
      expect(marked).not.toContain(id)
  })

  it('a known stock is asked for no more', () => {
    const all = PARAMETERS.filter(({ value }) => value === undefined).map(({ id }) => [id, 1] as const)
    for (const service of SERVICES) {
      const codes = (changes: Record<string, number>) =>
        service.findings(PACK, values(changes)).map(({ code }) => code)
      expect(codes({})).toContain('stock-unknown')
      expect(codes(Object.fromEntries(all))).not.toContain('stock-unknown')
    }
  })
})
