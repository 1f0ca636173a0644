/** The services under the shipped rule sets. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { monthOf } from '../../src/evidence/month.js'
import { compileLaw } from '../../src/policy/compile.js'
import { patchPolicy } from '../../src/policy/patch.js'
import { STATUSES, type Policy } from '../../src/policy/policy.js'
import { readPolicy } from '../../src/policy/read.js'
import { entitled, mayClaim } from '../../src/services/entitled.js'
import { SERVICES } from '../../src/services/list.js'
import { columnOf, context, fold, HORIZON, onlyAlreadyHere, someFlows, values } from './place.js'

const shipped = (name: string): Policy => {
  const file = new URL(`../../scenarios/policies/${name}.yaml`, import.meta.url)
  return readPolicy(readFileSync(file, 'utf8'), `${name}.yaml`)
}
const under = (policy: Policy) => ({
  ...context(),
  law: (month: number) => compileLaw(policy, HORIZON.from + month),
})

describe.each(['guangdong-points', 'zhaoqing-zero-threshold'])('under %s', name => {
  const policy = shipped(name)

  it('every entitlement stands for a number', () => {
    const law = compileLaw(policy, monthOf(2018, 1))
    for (const { id } of SERVICES)
      for (const status of STATUSES)
        for (const key of Object.keys(law.entitlements[id][status]))
          if (key !== 'areas')
            for (const stage of ['primary', 'junior'])
              expect(entitled(law, id, status, values(), key, stage)).toBeGreaterThanOrEqual(0)
  })

  it('registration adds demand; for those already here none, once permit holders are entitled alike', () => {
    const flows = someFlows(1)
    onlyAlreadyHere(flows)
    for (const service of SERVICES) {
      const measure = {
        education: 'added_net',
        housing: 'added_net_hh',
        insurance: 'new_members_from_registration',
      }
      const added = (law: Policy) =>
        columnOf(fold(service, flows, under(law))[0], measure[service.id as keyof typeof measure])
      expect(added(policy).some(value => value > 1)).toBe(true)
      const alike = patchPolicy(policy, `entitlements.${service.id}.permit`, '@hukou')
      for (const value of added(alike)) expect(value).toBeCloseTo(0, 9)
    }
  })
})

it('public rental housing opens to permit holders in Duanzhou in 2017', () => {
  const law = (year: number) => compileLaw(shipped('zhaoqing-zero-threshold'), monthOf(year, 1))
  const open = (year: number, area: string) => mayClaim(law(year), 'housing', 'permit', area)
  expect([open(2016, 'duanzhou'), open(2017, 'duanzhou'), open(2017, 'huaiji')]).toEqual([false, true, false])
})
