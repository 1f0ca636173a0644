/** What an ablation takes away is gone from the law, and nothing else is. */
import { describe, expect, it } from 'vitest'
import { channelClauses, clausesWithin, withoutClauses, type Clause } from '../../src/experiment/clauses.js'
import { compileLaw } from '../../src/policy/compile.js'
import { patchPolicy } from '../../src/policy/patch.js'
import type { Law, Policy } from '../../src/policy/policy.js'
import { evaluate } from '../../src/policy/evaluate.js'
import { AREAS, month, rowOf, shipped } from '../policy/shipped.js'

const at = month('2017-01')
const law = (policy: Policy): Law => compileLaw(policy, at, { areas: AREAS })
const without = (policy: Policy, gone: Clause[]): Law =>
  law(
    withoutClauses(policy, law(policy), gone).reduce(
      (p, [path, value]) => patchPolicy(p, path, value),
      policy,
    ),
  )
const within = (policy: Policy, channel: string) =>
  clausesWithin(
    policy,
    law(policy).channels.find(({ id }) => id === channel)!,
    AREAS,
  )

describe('channels as clauses', () => {
  const policy = shipped('zhaoqing-zero-threshold')
  it('each can be taken away, alone or all together', () => {
    const clauses = channelClauses(law(policy))
    expect(clauses.map(({ id }) => id)).toEqual(
      ['rent', 'kin', 'purchase', 'invest', 'talent', 'employment'].map(id => `channels.${id}`),
    )
    expect(without(policy, [clauses[0]]).channels.map(({ id }) => id)).not.toContain('rent')
    expect(without(policy, clauses).channels).toEqual([])
  })
})

describe('clauses within a channel', () => {
  const policy = shipped('zhaoqing-zero-threshold')
  const rent = within(policy, 'rent')
  it('are its conditions and its scope', () => {
    expect(rent.map(({ kind }) => kind)).toEqual([
      'condition',
      'condition',
      'condition',
      'condition',
      'brings',
    ])
    expect(rent[3].words.en).toContain('6 months')
  })
  it('a condition taken away lets in whom it alone kept out, two together whom both did', () => {
    const cells = { tenure: 'rent', lease_filed: false, has_permit: true, months_resident: 2 }
    const row = rowOf(policy.facts, cells)
    const open = (...gone: number[]) =>
      evaluate(
        without(
          policy,
          gone.map(i => rent[i]),
        ),
        policy.facts,
        row,
      ).channels.includes('rent')
    expect([open(), open(1), open(3), open(1, 3), open(0, 1, 2, 3)]).toEqual([
      false,
      false,
      false,
      true,
      true,
    ])
  })
  it('the scope taken away lets nobody come along', () => {
    expect(without(policy, [rent[4]]).channels[0].brings).toBe('none')
  })
  it('gates, vetoes, lines and quota of a points channel', () => {
    const points = shipped('guangdong-points')
    const clauses = within(points, 'points')
    const lines = clauses.filter(({ kind }) => kind === 'line')
    expect(lines).toHaveLength(14)
    const row = rowOf(points.facts, { education: 'bachelor', has_permit: true, pension_months: 24 })
    const score = (gone: Clause[]) => evaluate(without(points, gone), points.facts, row).score.points
    expect(score([])).toBe(83)
    expect(score(lines.filter(({ id }) => id.endsWith('.education')))).toBe(3)
    expect(score(lines)).toBe(0)
    const limited = patchPolicy(points, 'channels.points.admit.quota.year', 300)
    const quota = within(limited, 'points').filter(({ kind }) => kind === 'quota')
    expect(quota).toHaveLength(1)
    expect(without(limited, quota).channels.find(({ id }) => id === 'points')?.rounds).toBeUndefined()
  })
})
