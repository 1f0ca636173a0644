/** The bridge from a rule set to a synthetic population: who is looked at, with which facts. */
import { beforeAll, describe, expect, it } from 'vitest'
import { applicant, applicants, type Applicants } from '../../src/experiment/applicants.js'
import { loadPack } from '../../src/node/packs.js'
import type { Pack } from '../../src/pack/pack.js'
import { compileLaw } from '../../src/policy/compile.js'
import type { Law, Policy } from '../../src/policy/policy.js'
import { readPolicy } from '../../src/policy/read.js'
import { InputError } from '../../src/reading/finding.js'
import { month, shipped } from '../policy/shipped.js'

const JANUARY = month('2017-01')
let pack: Pack
let people: Applicants
beforeAll(async () => {
  pack = await loadPack('zhaoqing')
  people = applicants({ pack, scale: 0.02, seed: 'zhaoqing', month: JANUARY })
})

const policyWith = (facts: string, when: string): { policy: Policy; law: Law } => {
  const policy = readPolicy(
    `policy: p\ntitle: { zh: 甲, en: A }\nsource: { document: d }\nfacts:\n${facts}\nchannels:\n  a:\n    clause: c\n    when: '${when}'\n    brings: none\n`,
    'p.yaml',
  )
  return { policy, law: compileLaw(policy, JANUARY, { areas: pack.areas }) }
}
const valuesOf = ({ law }: { law: Law }, name: string, of = people): number[] => {
  const slot = law.facts.findIndex(fact => fact.name === name)
  return of.heads.map((_, i) => of.facts(i, law)[slot])
}

describe('applicants of a synthetic population', () => {
  it('whoever is there at a scale is there at a larger one, with the same facts', () => {
    const law = compileLaw(shipped('guangdong-points'), JANUARY, { areas: pack.areas })
    const larger = applicants({ pack, scale: 0.05, seed: 'zhaoqing', month: JANUARY })
    expect(larger.heads.length).toBeGreaterThan(2 * people.heads.length)
    for (const [i, head] of people.heads.entries()) {
      const index = larger.find(head.id)!
      expect(larger.heads[index]).toEqual(head)
      expect([...larger.facts(index, law)]).toEqual([...people.facts(i, law)])
    }
  })
  it('another seed is another population', () => {
    const other = applicants({ pack, scale: 0.02, seed: 'another', month: JANUARY })
    expect(other.heads.map(({ id }) => id)).not.toEqual(people.heads.map(({ id }) => id))
  })
  it('leases on file at synthesis are on file: the share that the pack states', () => {
    const law = policyWith('  x: { type: boolean, assume: { shares: { "true": 0.5 } } }', 'x')
    const [filed, tenure] = [valuesOf(law, 'lease_filed'), valuesOf(law, 'tenure')]
    const type = law.law.facts.find(({ name }) => name === 'tenure')!.type as { values: string[] }
    const renters = tenure.filter(code => type.values[code] === 'rent').length
    const stated = pack.parameters.find(({ id }) => id === 'pop.leaseFiled')!.value!
    const share = filed.filter(value => value === 1).length / renters
    // Five standard errors of a share of that many renters.
    expect(Math.abs(share - stated)).toBeLessThan(5 * Math.sqrt((stated * (1 - stated)) / renters))
  })
  it('a declared fact gets its value from the policy: made of others, by shares, in a window', () => {
    const declared = policyWith(
      [
        '  twice: { type: number, is: "age * 2" }',
        '  lucky: { type: boolean, assume: { shares: { "true": 0.3 } } }',
        '  recent: { type: number, min: 0, max: 12, window: { of: insured, months: 12 } }',
      ].join('\n'),
      'twice > 0 && lucky && recent > 0',
    )
    const ages = valuesOf(declared, 'age')
    expect(valuesOf(declared, 'twice')).toEqual(ages.map(age => age * 2))
    const lucky = valuesOf(declared, 'lucky')
    const share = lucky.filter(value => value === 1).length / lucky.length
    expect(Math.abs(share - 0.3)).toBeLessThan(5 * Math.sqrt((0.3 * 0.7) / lucky.length))
    // In a window of twelve months as many as the running spell, and no more than in all.
    const [recent, running, ever] = ['recent', 'months_insured', 'pension_months'].map(name =>
      valuesOf(declared, name),
    )
    for (const [i, months] of recent.entries()) {
      expect(months).toBeGreaterThanOrEqual(Math.min(12, running[i]))
      expect(months).toBeLessThanOrEqual(Math.min(12, ever[i]))
    }
  })
  it('the luck of an assumed fact is its own: another fact of the same shares is drawn anew', () => {
    const shares = '{ type: boolean, assume: { shares: { "true": 0.5 } } }'
    const two = policyWith(`  one: ${shares}\n  other: ${shares}`, 'one && other')
    expect(valuesOf(two, 'one')).not.toEqual(valuesOf(two, 'other'))
    const alone = policyWith(`  one: ${shares}`, 'one')
    expect(valuesOf(alone, 'one')).toEqual(valuesOf(two, 'one'))
  })
  it('one applicant is found by its key, with a row of its own', () => {
    const { policy, law } = policyWith('  x: { type: number, is: age }', 'x > 0')
    const [first, second] = [people.heads[3], people.heads[4]].map(({ id }) =>
      applicant(id, people, policy, law),
    )
    expect(first.id).toBe(people.heads[3].id)
    expect([...first.row]).toEqual([...people.facts(3, law)])
    expect([...second.row]).toEqual([...people.facts(4, law)])
  })
  it('a key that is not there, and a fact that nobody supplies, are the user’s to mend', () => {
    const findings = (act: () => unknown) => {
      try {
        act()
      } catch (error) {
        if (error instanceof InputError) return error.findings
        throw error
      }
      throw new Error('nothing was wrong')
    }
    const fine = policyWith('  x: { type: number, is: age }', 'x > 0')
    expect(findings(() => applicant('7', people, fine.policy, fine.law))[0].code).toBe('unknown-person')
    const bare = policyWith('  secret: { type: boolean }\n  made: { type: boolean, is: "!secret" }', 'made')
    const [unsupplied] = findings(() => applicant(people.heads[0].id, people, bare.policy, bare.law))
    expect(unsupplied).toMatchObject({ severity: 'error', code: 'unsupplied-fact', file: 'p.yaml', line: 5 })
    expect(unsupplied.message.en).toContain('channels.a.when')
  })
})
