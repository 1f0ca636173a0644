import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileLaw } from '../../src/policy/compile.js'
import { contains } from '../../src/policy/containment.js'
import { CORE_FACTS } from '../../src/policy/facts.js'
import { patchPolicy } from '../../src/policy/patch.js'
import { readPolicy } from '../../src/policy/read.js'
import { month, rowOf, shipped } from './shipped.js'

const law = (when: string, brings = 'none') =>
  compileLaw(
    readPolicy(
      `policy: p\ntitle: { zh: 甲, en: A }\nsource: { document: d }\nchannels:\n  a:\n    clause: c\n    when: '${when}'\n    brings: ${brings}\n`,
      'p.yaml',
    ),
    0,
  )

describe('containment of laws', () => {
  const yes: [string, string][] = [
    ['months_resident >= 12', 'months_resident >= 6'],
    ['has_permit && months_resident >= 6', 'months_resident >= 6'],
    ['tenure == "own"', 'tenure == "own" || owns_nonresidential'],
    ['kin_here in ["spouse", "child"]', 'kin_here in ["child", "spouse", "other"]'],
    ['education >= "bachelor"', 'education >= "junior_college" || vocational'],
    ['age > 30', 'age >= 30'],
    ['age == 30', 'age <= 30'],
  ]
  const no: [string, string][] = [
    ['months_resident >= 6', 'months_resident >= 12'],
    ['tenure == "own" || owns_nonresidential', 'tenure == "own"'],
    ['age >= 30', 'age > 30'],
    ['has_permit', 'lease_filed'],
    ['kin_here in ["spouse", "other"]', 'kin_here in ["spouse"]'],
  ]
  it.each(yes)('%s is within %s', (inner, outer) => expect(contains(law(inner), law(outer))).toBe(true))
  it.each(no)('%s is not shown to be within %s', (inner, outer) =>
    expect(contains(law(inner), law(outer))).toBe(false),
  )
  it('a narrower scope does not contain', () => {
    expect(contains(law('has_permit', 'none'), law('has_permit', 'direct_kin'))).toBe(true)
    expect(contains(law('has_permit', 'direct_kin'), law('has_permit', 'none'))).toBe(false)
  })
  it('points: a lower threshold contains, a quota or another ledger does not; the shipped pair is no such pair', () => {
    const policy = shipped('guangdong-points')
    const at = (changed: typeof policy) => compileLaw(changed, month('2015-06'))
    const lower = patchPolicy(policy, 'channels.points.admit.at_least', 50)
    expect(contains(at(policy), at(lower))).toBe(true)
    expect(contains(at(lower), at(policy))).toBe(false)
    expect(contains(at(policy), at(patchPolicy(lower, 'channels.points.admit.quota.year', 10)))).toBe(false)
    expect(contains(at(policy), at(patchPolicy(lower, 'channels.points.score.blood.points', 9)))).toBe(false)
    expect(contains(at(policy), at(shipped('zhaoqing-zero-threshold')))).toBe(false)
  })
  it('is sound: where it says so, nobody whom the inner law lets in is left out', () => {
    const atom = fc.oneof(
      fc
        .tuple(fc.constantFrom('>=', '>', '<=', '<', '=='), fc.integer({ min: 0, max: 4 }))
        .map(([op, value]) => `age ${op} ${value}`),
      fc.constantFrom('has_permit', 'skill >= "middle_worker"', 'skill in ["none", "technician"]'),
    )
    const text = fc
      .tuple(atom, fc.constantFrom('&&', '||'), atom, fc.constantFrom('&&', '||'), atom)
      .map(([a, x, b, y, c]) => `(${a} ${x} ${b}) ${y} ${c}`)
    fc.assert(
      fc.property(text, text, (a, b) => {
        const [inner, outer] = [law(a), law(b)]
        if (!contains(inner, outer)) return
        for (const age of [0, 1, 2, 3, 4, 5])
          for (const has_permit of [0, 1])
            for (const skill of ['none', 'middle_worker', 'technician']) {
              const row = rowOf(CORE_FACTS, { age, has_permit, skill })
              if (inner.channels[0].open(row) === 1) expect(outer.channels[0].open(row)).toBe(1)
            }
      }),
      { numRuns: 300 },
    )
  })
})
