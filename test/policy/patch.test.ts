import { describe, expect, it } from 'vitest'
import { compileLaw } from '../../src/policy/compile.js'
import { parsePolicyOverride, patchPolicy } from '../../src/policy/patch.js'
import { InputError } from '../../src/reading/finding.js'
import { judge, month, shipped } from './shipped.js'

const zero = shipped('zhaoqing-zero-threshold')
const points = shipped('guangdong-points')

const set = (policy: typeof zero, text: string) => {
  const override = parsePolicyOverride(text)!
  return patchPolicy(policy, override.path, override.value)
}
const codeOf = (act: () => unknown) => {
  try {
    act()
  } catch (error) {
    if (error instanceof InputError) return error.findings[0]
    throw error
  }
  return undefined
}

describe('overrides from the command line', () => {
  it('@hukou gives the permit what the hukou has', () => {
    const equal = set(zero, 'policy.zhaoqing-zero-threshold.entitlements.education.permit=@hukou')
    const { permit, hukou } = compileLaw(equal, month('2017-01')).entitlements.education
    expect(permit).toEqual(hukou)
    expect(compileLaw(zero, month('2017-01')).entitlements.education.permit.switch).toBe(0)
  })
  it('moves a threshold, of all dates or of one', () => {
    const person = { has_permit: true, employment_registered: true, pension_months: 1, education: 'bachelor' }
    const open = (policy: typeof points) => judge(policy, '2015-06', person).channels.includes('points')
    expect(open(points)).toBe(true)
    expect(open(set(points, 'policy.guangdong-points.channels.points.admit.at_least=81'))).toBe(false)
    const dated = set(points, 'policy.guangdong-points.channels.points.admit.at_least.2016-01-01=81')
    expect(open(dated)).toBe(true)
    expect(judge(dated, '2016-01', person).channels).not.toContain('points')
  })
  it('replaces a condition, whatever signs it has', () => {
    const text = 'policy.zhaoqing-zero-threshold.channels.rent.when=tenure == "rent" && months_resident >= 12'
    const policy = set(zero, text)
    expect(judge(policy, '2017-01', { tenure: 'rent', months_resident: 12 }).channels).toContain('rent')
    expect(judge(policy, '2017-01', { tenure: 'rent', months_resident: 11 }).channels).not.toContain('rent')
  })
  it('adds what the form knows: a quota', () => {
    const policy = set(points, 'policy.guangdong-points.channels.points.admit.quota.year=300')
    const channel = compileLaw(policy, month('2015-01')).channels.find(({ id }) => id === 'points')
    expect(channel?.rounds?.quota).toEqual({ year: 300 })
  })
  it('a path that leads nowhere names the nearest', () => {
    expect(codeOf(() => set(zero, 'policy.zhaoqing-zero-threshold.channels.rnet.when=true'))).toMatchObject({
      code: 'unknown-path',
      nearest: 'rent',
    })
    expect(codeOf(() => set(zero, 'policy.zhaoqing-zero-threshold.channels.rent.wehn=true'))).toMatchObject({
      code: 'unknown-key',
      nearest: 'when',
    })
    expect(
      codeOf(() => set(zero, 'policy.zhaoqing-zero-threshold.entitlements.education.permit=@hukuo')),
    ).toMatchObject({ code: 'unknown-path', nearest: 'hukou' })
  })
  it('changing nothing is a mistake, but not for the points of a grid', () => {
    expect(codeOf(() => set(zero, 'policy.zhaoqing-zero-threshold.channels.talent.brings=none'))?.code).toBe(
      'no-op-patch',
    )
    expect(patchPolicy(zero, 'channels.talent.brings', 'none', true).tree).toEqual(zero.tree)
  })
  it('a wrong value is told with the override that brought it', () => {
    const finding = codeOf(() => set(zero, 'policy.zhaoqing-zero-threshold.channels.rent.when=lease_field'))
    expect(finding).toMatchObject({
      code: 'unknown-fact',
      file: 'policy.zhaoqing-zero-threshold.channels.rent.when',
    })
  })
  it('reads only its own kind', () => {
    expect(parsePolicyOverride('adm.enquiries=8')).toBeUndefined()
    expect(codeOf(() => parsePolicyOverride('policy.x.y'))?.code).toBe('wrong-override')
    expect(parsePolicyOverride('policy.x.y.z=-2.5')).toEqual({ policy: 'x', path: 'y.z', value: -2.5 })
    expect(parsePolicyOverride('policy.x.y=false')?.value).toBe(false)
  })
})
