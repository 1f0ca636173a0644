import { describe, expect, it } from 'vitest'
import { compileLaw } from '../../src/policy/compile.js'
import { AREAS, judge, month, shipped } from './shipped.js'

const policy = shipped('zhaoqing-zero-threshold')
const nobody = { tenure: 'dorm', kin_here: 'none', work: 'none', education: 'primary' }
const open = (cells: Record<string, number | boolean | string>) =>
  judge(policy, '2017-05', { ...nobody, ...cells }).channels

describe('the six channels', () => {
  const tenant = { tenure: 'rent', lease_filed: true, has_permit: true, months_resident: 6 }
  it('rent: filed lease, permit, half a year', () => {
    expect(open(tenant)).toEqual(['rent'])
    expect(open({ ...tenant, months_resident: 5 })).toEqual([])
    expect(open({ ...tenant, lease_filed: false })).toEqual([])
    expect(open({ ...tenant, has_permit: false })).toEqual([])
  })
  it('kin: any relative lived with', () => {
    expect(open({ kin_here: 'other' })).toEqual(['kin'])
    expect(open({ kin_here: 'none' })).toEqual([])
  })
  it('purchase: a dwelling or other premises', () => {
    expect(open({ tenure: 'own' })).toEqual(['purchase'])
    expect(open({ owns_nonresidential: true })).toEqual(['purchase'])
  })
  it('invest: legal representative with premises', () => {
    expect(open({ work: 'legal_representative', has_premises: true })).toEqual(['invest'])
    expect(open({ work: 'self_employed', has_premises: true })).toEqual([])
  })
  it('talent: secondary vocational, college, any certificate, any title', () => {
    const any: Record<string, boolean | string>[] = [
      { vocational: true },
      { education: 'junior_college' },
      { skill: 'junior_worker' },
      { title: 'junior' },
    ]
    for (const fact of any) expect(open(fact)).toEqual(['talent'])
    expect(open({ education: 'senior_secondary' })).toEqual([])
  })
  it('employment: at work and half a year insured', () => {
    expect(open({ work: 'formal', months_insured: 6 })).toEqual(['employment'])
    expect(open({ work: 'formal', months_insured: 5 })).toEqual([])
    expect(open({ work: 'retired', months_insured: 60 })).toEqual([])
  })
  it('says which condition failed', () => {
    const { failed } = judge(policy, '2017-05', { ...nobody, ...tenant, months_resident: 3 })
    expect(failed.filter(({ channel }) => channel === 'rent')).toEqual([
      { channel: 'rent', condition: 'months_resident >= 6' },
    ])
  })
  it('unknown && false is false, unknown && true is unknown and named', () => {
    const unknown = judge(policy, '2017-05', { ...nobody, ...tenant, months_resident: NaN })
    expect(unknown.unknown).toEqual([{ channel: 'rent', facts: ['months_resident'] }])
    expect(judge(policy, '2017-05', { ...nobody, tenure: 'own', lease_filed: NaN }).unknown).toEqual([])
  })
})

describe('scopes and entitlements', () => {
  it('brings co-resident kin where the text says so', () => {
    const { channels } = compileLaw(policy, month('2017-05'), { areas: AREAS })
    expect(Object.fromEntries(channels.map(({ id, brings }) => [id, brings]))).toEqual({
      rent: 'co_resident_kin',
      kin: 'co_resident_kin',
      purchase: 'co_resident_kin',
      invest: 'co_resident_kin',
      talent: 'none',
      employment: 'none',
    })
  })
  it('rental housing for permit holders in Duanzhou from 2017', () => {
    const permit = (at: string) => compileLaw(policy, month(at), { areas: AREAS }).entitlements.housing.permit
    expect(permit('2016-12').claim).toBe(false)
    expect(permit('2017-01')).toEqual({ claim: true, areas: ['duanzhou'], apply: 'prh.apply.permit' })
  })
})
