/** Whom two laws let through, counted on persons that can be gone through by hand. */
import { describe, expect, it } from 'vitest'
import { compileLaw } from '../../src/policy/compile.js'
import { QualifyingCount } from '../../src/policy/diff/qualifying.js'
import { readPolicy } from '../../src/policy/read.js'
import { rowOf } from './shipped.js'

const law = (channels: Record<string, string>) =>
  compileLaw(
    readPolicy(
      `policy: p\ntitle: { zh: 甲, en: A }\nsource: { document: d }\nchannels:\n` +
        Object.entries(channels)
          .map(([id, when]) => `  ${id}: { clause: c, when: '${when}', brings: none }\n`)
          .join(''),
      'p.yaml',
    ),
    0,
  )

describe('who newly qualifies', () => {
  const before = law({ permit: 'has_permit', home: 'tenure == "own"' })
  const after = law({ permit: 'has_permit && months_resident >= 6', stay: 'months_resident >= 12' })
  const people = [
    { has_permit: true, months_resident: 24 }, // permit → permit and stay
    { has_permit: true, months_resident: 3 }, // permit → nothing
    { tenure: 'own', months_resident: 24 }, // home → stay
    { tenure: 'own', months_resident: 3 }, // home → nothing
    { tenure: 'rent', months_resident: 12 }, // nothing → stay: newly
    { tenure: 'rent', months_resident: 0 }, // nothing → nothing
    { tenure: 'rent', months_resident: undefined }, // nothing → not known
  ]
  const count = new QualifyingCount(before, after, ['tenure'])
  for (const cells of people) {
    const row = rowOf(before.facts, { tenure: 'rent', ...cells })
    count.add(row, row)
  }
  const { total, channels, groups } = count.counted

  it('in all', () => expect(total).toEqual({ all: 7, before: 4, after: 3, gained: 1, lost: 2, undecided: 1 }))
  it('by channel: newly, with no way before; no longer, with no way left', () =>
    expect(channels).toEqual([
      { channel: 'permit', before: 2, after: 1, gained: 0, only: 0, lost: 1, shut: 1 },
      { channel: 'home', before: 2, after: 0, gained: 0, only: 0, lost: 2, shut: 1 },
      { channel: 'stay', before: 0, after: 3, gained: 3, only: 1, lost: 0, shut: 0 },
    ]))
  it('groups add up to the whole', () => {
    const parts = [...groups.tenure.values()]
    for (const key of Object.keys(total) as (keyof typeof total)[])
      expect(parts.reduce((sum, part) => sum + part[key], 0)).toBe(total[key])
  })
})
