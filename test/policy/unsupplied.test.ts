import { describe, expect, it } from 'vitest'
import { monthOf } from '../../src/evidence/month.js'
import { compileLaw } from '../../src/policy/compile.js'
import { readPolicy } from '../../src/policy/read.js'
import { unsuppliedFacts } from '../../src/policy/unsupplied.js'

/** What is said of the declared fact `x`, of which only a column knows, under one channel. */
function said(channel: string, facts = 'x: { type: number }') {
  const text = [
    'policy: p',
    'title: { zh: 甲, en: A }',
    'source: { document: d }',
    `facts: { ${facts} }`,
    'channels:',
    '  line:',
    '    clause: 第一条 (Art. 1)',
    '    brings: none',
    ...channel.split('\n').map(each => `    ${each}`),
  ].join('\n')
  const policy = readPolicy(text, 'p.yaml')
  return unsuppliedFacts(policy, compileLaw(policy, monthOf(2016, 1)))
}
const needing = (findings: ReturnType<typeof said>) =>
  findings.map(({ message }) => message.en.split('need it: ')[1])

describe('a fact that nobody supplies', () => {
  it('is missed by keys of the order and by conditions of rounds', () => {
    expect(
      needing(said('when: has_permit\nadmit: { quota: { year: 10 }, rank: [age desc, x asc] }')),
    ).toEqual(['Art. 1 (channels.line.admit.rank.1)'])
    const rounds = 'rounds: [{ on: 2016-03-01, places: 5 }, { on: 2016-09-01, places: 5, when: x > 3 }]'
    expect(
      needing(said(`when: has_permit\nadmit: { clause: Art. 9, select: pool, rank: [age desc], ${rounds} }`)),
    ).toEqual(['Art. 9 (channels.line.admit.rounds.1.when)'])
    expect(said('when: has_permit\nadmit: { quota: { year: 10 }, rank: [age desc] }')).toEqual([])
  })

  it('is told with the clause of each rule and its place, in the words of the language', () => {
    const findings = said(
      [
        'prerequisites: { rich: { clause: 第二条 (Art. 2), when: x > 10 && has_permit } }',
        'when: has_permit && rich',
        'score:',
        '  money: { clause: 第三条 (Art. 3), each: x, points: 1 }',
        '  guarded: { when: x > 1, points: 2 }',
        '  other: { clause: 第四条 (Art. 4), each: months_insured, points: 1 }',
        'groups: { both: { of: [money, other], take: highest } }',
        'factors: { half: { clause: 第五条 (Art. 5), when: x < 0, times: 0.5 } }',
        'admit: { at_least: 5 }',
      ].join('\n'),
      'x: { type: number }, rich: { type: boolean, is: x > 5 }',
    )
    expect(needing(findings)).toEqual([
      'Art. 2 (channels.line.prerequisites.rich.when), Art. 1 (channels.line.when), ' +
        'channels.line.score.guarded, Art. 3 (channels.line.score.money), Art. 5 (channels.line.factors.half)',
    ])
    expect(findings[0].message.zh).toContain('第三条(channels.line.score.money)')
    expect(findings[0]).toMatchObject({ code: 'unsupplied-fact', file: 'p.yaml', line: 4 })
  })
})
