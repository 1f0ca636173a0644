/** Two laws compared by meaning, on rules whose difference can be said by hand. */
import { describe, expect, it } from 'vitest'
import { BEFORE_ALL, changesOf } from '../../src/policy/dated.js'
import { compileLaw } from '../../src/policy/compile.js'
import { diffLaws, type Change } from '../../src/policy/diff.js'
import type { Policy } from '../../src/policy/policy.js'
import { readPolicy } from '../../src/policy/read.js'
import { AREAS, month, shipped } from './shipped.js'

const policy = (channels: string, more = ''): Policy =>
  readPolicy(
    `policy: p\ntitle: { zh: 甲, en: A }\nsource: { document: d }\n${more}\nchannels:\n${channels}`,
    'p.yaml',
  )
const lawOf = (of: Policy, at = month('2017-01')) => ({
  policy: of,
  law: compileLaw(of, at, { areas: AREAS }),
})
const compare = (a: Policy, b: Policy): Change[] => diffLaws(lawOf(a), lawOf(b), AREAS)
const said = (changes: Change[]) => changes.map(({ words, effect }) => [words.en, effect])

const open = (rules: string) => `  rent: { clause: c, brings: none, ${rules} }\n`
const when = (before: string, after: string) =>
  said(compare(policy(open(`when: '${before}'`)), policy(open(`when: '${after}'`))))

describe('conditions', () => {
  it.each([
    [
      'has_permit && months_resident >= 12',
      'months_resident >= 6 && has_permit',
      ['months resident without a break: at least 12 months → at least 6 months', 'looser'],
    ],
    ['age <= 45', 'age <= 40', ['age: at most 45 years → at most 40 years', 'tighter']],
    ['age >= 18 && age <= 45', 'age >= 20 && age <= 50', ['age: 18–45 years → 20–50 years', 'unclear']],
    [
      'kin_here in ["spouse", "parent"]',
      'kin_here != "none"',
      ['nearest registered relative lived with: spouse or parent → any but none', 'looser'],
    ],
    [
      'education >= "bachelor"',
      'education >= "junior_college"',
      ['education: bachelor or above → junior college or above', 'looser'],
    ],
    ['has_permit && age > 20', 'age > 20', ['gone: holds a residence permit', 'looser']],
    ['age > 20', 'has_permit && age > 20', ['new: holds a residence permit', 'tighter']],
    ['has_permit', '!has_permit', ['holds a residence permit: yes → no', 'unclear']],
    [
      'tenure == "own"',
      'tenure == "own" || owns_nonresidential',
      ['condition: tenure: own → tenure: own, or owns non-residential premises', 'looser'],
    ],
  ])('%s → %s', (before, after, words) => expect(when(before, after)).toEqual([words]))

  it.each([
    ['has_permit && age >= 18', '18 <= age && has_permit'],
    ['age > 17', 'age >= 18'],
    ['!(age < 18)', 'age >= 18'],
    ['tenure == "own" || tenure == "rent"', 'tenure in ["rent", "own"]'],
    ['education > "junior_college"', 'education >= "bachelor"'],
    ['!(has_permit || vocational)', '!vocational && !has_permit'],
    ['has_permit == true', 'has_permit'],
    ['pension_months + medical_months >= 10 + 2', 'medical_months + pension_months >= 12'],
    ['age >= 18 && age >= 16', 'age >= 18'],
  ])('%s is another spelling of %s', (before, after) => expect(when(before, after)).toEqual([]))

  it('what follows from the rest makes no difference to anybody', () =>
    expect(when('kin_here == "spouse"', 'kin_here == "spouse" && kin_here != "none"')).toEqual([]))

  it('a gate and a veto are conditions wherever they are written; a veto says what it refuses', () => {
    const written = policy(open('when: "has_permit && !sentenced"'))
    const gates = policy(
      '  rent:\n    clause: c\n    brings: none\n    prerequisites: { permit: { clause: c, when: has_permit } }\n' +
        '    vetoes: { offence: { clause: c, when: sentenced } }\n',
    )
    expect(compare(written, gates)).toEqual([])
    const none = policy(
      '  rent:\n    clause: c\n    brings: none\n    prerequisites: { permit: { clause: c, when: has_permit } }\n',
    )
    expect(said(compare(none, gates))).toEqual([['new: refused if: criminal sentence', 'tighter']])
    expect(compare(none, gates)[0]).toMatchObject({
      part: 'veto',
      name: 'offence',
      channel: 'rent',
      kind: 'added',
    })
  })
})

describe('channels', () => {
  it('who comes along, by scope', () =>
    expect(
      said(
        compare(
          policy('  rent: { clause: c, brings: spouse_and_minors, when: has_permit }\n'),
          policy('  rent: { clause: c, brings: co_resident_kin, when: has_permit }\n'),
        ),
      ),
    ).toEqual([['may bring: spouse and minor children → all co-resident kin', 'looser']]))
  it('one opens, one closes', () => {
    const changes = compare(
      policy(open('when: has_permit')),
      policy('  work: { clause: d, brings: none, when: vocational }\n'),
    )
    expect(changes.map(({ channel, kind, effect }) => [channel, kind, effect])).toEqual([
      ['rent', 'removed', 'tighter'],
      ['work', 'added', 'looser'],
    ])
    expect(changes[1].rules!.map(({ en }) => en)).toEqual(['d', 'secondary vocational', 'may bring nobody'])
  })
  it('another clause changes nothing for anybody', () => {
    const [a, b] = ['c', 'd'].map(clause =>
      policy(`  rent: { clause: ${clause}, brings: none, when: has_permit }\n`),
    )
    expect(compare(a, b).map(({ part, effect, words }) => [part, effect, words.en])).toEqual([
      ['clause', 'none', 'clause: c → d'],
    ])
  })
})

const points = (rules: string) =>
  policy(`  points:\n    clause: c\n    brings: none\n${rules.replace(/^/gm, '    ')}\n`)
const score = (lines: string, more = '') =>
  points(`score:\n${lines.replace(/^/gm, '  ')}\nadmit: { at_least: 60 }\n${more}`)
const scores = (a: string, b: string, moreA = '', moreB = moreA) =>
  compare(score(a, moreA), score(b, moreB)).map(({ words, effect, part }) => [part, words.en, effect])

describe('points', () => {
  it('a table of levels: each step that differs', () => {
    const [change] = compare(
      score('school: { by: education, points: { junior_secondary: 5, bachelor: 80 } }'),
      score('school: { by: education, points: { junior_secondary: 20, junior_college: 60, bachelor: 80 } }'),
    )
    expect(change.table!.map(({ level, before, after }) => [level.en, before, after])).toEqual([
      ['junior secondary', 5, 20],
      ['junior college', 5, 60],
    ])
    expect(change.effect).toBe('looser')
  })
  it('steps and bands of a quantity are one kind of table', () => {
    const steps = 'stay: { by: months_resident, points: { 12: 5, 24: 10 } }'
    const bands =
      'stay: { by: months_resident, bands: [{ from: 12, to: 23, points: 5 }, { from: 24, points: 10 }] }'
    expect(scores(steps, bands)).toEqual([])
    const wider =
      'stay: { by: months_resident, bands: [{ from: 6, to: 23, points: 5 }, { from: 36, points: 10 }] }'
    const [change] = compare(score(steps), score(wider))
    expect(change.table!.map(({ level, before, after }) => [level.en, before, after])).toEqual([
      ['6–11 months', 0, 5],
      ['24–35 months', 10, 0],
    ])
    expect(change.effect).toBe('unclear')
  })
  it.each([
    [
      'p: { each: pension_months / 12, round: down, points: 1 }',
      'p: { each: pension_months / 12, round: down, points: 2 }',
      'looser',
    ],
    [
      'p: { each: pension_months / 12, round: down, points: 1 }',
      'p: { each: pension_months / 6, round: down, points: 1 }',
      'looser',
    ],
    [
      'p: { each: pension_months / 12, round: up, points: 1 }',
      'p: { each: pension_months / 12, round: down, points: 1 }',
      'tighter',
    ],
    [
      'p: { each: pension_months / 12, round: down, points: -1 }',
      'p: { each: pension_months / 6, round: down, points: -1 }',
      'tighter',
    ],
    [
      'p: { each: pension_months / 12, round: down, points: 1 }',
      'p: { each: medical_months / 12, round: down, points: 1 }',
      'unclear',
    ],
    ['p: { when: vocational, points: 5 }', 'p: { when: vocational, points: 3 }', 'tighter'],
    [
      'p: { when: sentenced, points: -100 }',
      'p: { when: sentenced || reeducation, points: -100 }',
      'tighter',
    ],
    ['p: { when: vocational, points: 5 }', 'p: { when: vocational || has_permit, points: 5 }', 'looser'],
    [
      'p: { each: pension_months, points: 1, cap: 10 }',
      'p: { each: pension_months, points: 1, cap: 12 }',
      'looser',
    ],
    ['p: { each: pension_months, points: 1 }', 'p: { each: pension_months, points: 1, cap: 12 }', 'tighter'],
    [
      'p: { each: unlawful_birth_5y, points: -60 }',
      'p: { each: unlawful_birth_5y, points: -60, cap: -100 }',
      'looser',
    ],
    [
      'p: { when: vocational, points: 5 }',
      'p: { when: vocational, points: 5 }\nq: { when: has_permit, points: 1 }',
      'looser',
    ],
    [
      'p: { when: vocational, points: 5 }',
      'p: { when: vocational, points: 5 }\nq: { when: has_permit, points: -1 }',
      'tighter',
    ],
  ])('%s → %s', (a, b, effect) => {
    expect(scores(a, b).map(([part, , of]) => [part, of])).toEqual([['line', effect]])
    const opposite = { looser: 'tighter', tighter: 'looser' }[effect] ?? effect
    expect(scores(b, a).map(([part, , of]) => [part, of])).toEqual([['line', opposite]])
  })
  it('threshold, limit and rule of a group, factors, ends of the total', () => {
    const lines = 'p: { when: vocational, points: 5 }\nq: { when: has_permit, points: 3 }'
    const group = (rules: string) => `groups: { g: { of: [p, q], ${rules} } }`
    expect(scores(lines, lines, group('take: sum, cap: 6'), group('take: sum, cap: 7'))).toEqual([
      ['group', 'group "g", limit: 6 points → 7 points', 'looser'],
    ])
    expect(scores(lines, lines, group('take: sum'), group('take: highest'))).toEqual([
      ['group', 'group "g": the sum counts → the highest counts', 'tighter'],
    ])
    expect(scores(lines, lines, '', group('take: highest')).map(([, , effect]) => effect)).toEqual([
      'tighter',
    ])
    const deducted = 'p: { when: vocational, points: 5 }\nq: { when: sentenced, points: -3 }'
    expect(scores(deducted, deducted, '', group('take: highest')).map(([, , effect]) => effect)).toEqual([
      'unclear',
    ])
    // Where the highest counts, a deduction beside a gain takes nothing from who has the gain.
    const alone = 'groups: { g: { of: [p], take: highest } }'
    expect(
      scores('p: { when: vocational, points: 5 }', deducted, alone, group('take: highest')).map(
        ([part, , effect]) => [part, effect],
      ),
    ).toEqual([['line', 'unclear']])
    expect(scores(lines, lines, '', 'factors: { far: { when: vocational, times: 1.3 } }')).toEqual([
      ['factor', 'new: factor "far": the total times 1.3 if secondary vocational', 'looser'],
    ])
    const admitted = (admit: string) =>
      points(`score: { p: { when: vocational, points: 5 } }\nadmit: { ${admit} }`)
    expect(said(compare(admitted('at_least: 60, cap: 100'), admitted('at_least: 50')))).toEqual([
      ['points needed: 60 points → 50 points', 'looser'],
      ['greatest total: 100 points → none', 'looser'],
    ])
  })
})

describe('places', () => {
  const ranked = (admit: string) =>
    points(`score: { p: { when: vocational, points: 5 } }\nadmit: { at_least: 5, ${admit} }`)
  const admit = (a: string, b: string) =>
    compare(ranked(a), ranked(b)).map(({ part, words, effect }) => [part, words.en, effect])
  it('quota by year and area, months, order, ties', () =>
    expect(
      admit(
        'quota: { year: 100, areas: { gaoyao: 10 } }, rounds: [9, 3], rank: [score desc]',
        'quota: { year: 120, areas: { duanzhou: 20 } }, rounds: [3], rank: [score desc, age asc], ties: admit_all',
      ),
    ).toEqual([
      ['quota', 'yearly quota: 100 persons → 120 persons', 'looser'],
      ['quota', 'gone: yearly quota of Gaoyao: 10 persons', 'looser'],
      ['quota', 'new: yearly quota of Duanzhou: 20 persons', 'tighter'],
      ['rounds', 'rounds: month 3, 9 of each year → month 3 of each year', 'unclear'],
      ['rank', 'order: score, highest first → score, highest first; then age, lowest first', 'unclear'],
      ['rounds', 'ties at the cut: by lot → all are admitted', 'unclear'],
    ]))
  it('months in another order, and what holds anyway, are no difference', () =>
    expect(
      admit(
        'quota: { year: 9 }, rounds: [9, 3]',
        'quota: { year: 9 }, rounds: [3, 9], ties: draw, waits: true',
      ),
    ).toEqual([]))
  it('from an open threshold to a quota', () =>
    expect(admit('select: open', 'quota: { year: 9 }')).toEqual([
      [
        'selection',
        'how they are let in: whoever meets the conditions may register → ranked within a quota',
        'tighter',
      ],
      ['quota', 'new: yearly quota: 9 persons', 'tighter'],
      ['rank', 'new: order: score, highest first', 'unclear'],
    ]))
  it('rounds by date, matched by date', () => {
    const rounds = (...list: string[]) => `select: pool, rounds: [${list.join(', ')}]`
    expect(
      admit(
        rounds('{ on: 2020-01-08, places: 10 }', '{ on: 2020-02-05, places: 10, when: vocational }'),
        rounds(
          '{ on: 2020-02-05, places: 20, when: vocational || has_permit }',
          '{ on: 2020-03-04, places: 5 }',
        ),
      ),
    ).toEqual([
      ['rounds', 'gone: round of 2020-01-08: 10 persons', 'unclear'],
      ['rounds', 'round of 2020-02-05: 10 persons → 20 persons', 'looser'],
      [
        'rounds',
        'round of 2020-02-05, for whom: secondary vocational → secondary vocational, or holds a residence permit',
        'looser',
      ],
      ['rounds', 'new: round of 2020-03-04: 5 persons', 'unclear'],
    ])
  })
})

describe('what belongs to no channel', () => {
  it('entitlements by service and status', () => {
    const given = (permit: string) =>
      policy(open('when: has_permit'), `entitlements: { housing: { permit: ${permit} } }`)
    expect(said(compare(given('{ claim: false }'), given('{ claim: true, areas: [duanzhou] }')))).toEqual([
      ['public rental housing, permit holders: may not claim → may claim', 'looser'],
      ['new: public rental housing, permit holders, areas: Duanzhou', 'unclear'],
    ])
    expect(
      said(
        compare(
          given('{ claim: true, areas: [duanzhou] }'),
          given('{ claim: true, areas: [gaoyao, duanzhou] }'),
        ),
      ),
    ).toEqual([['public rental housing, permit holders, areas: Duanzhou → Gaoyao, Duanzhou', 'looser']])
  })
  it('rights of a closed channel', () => {
    const rights = (legacy: string) =>
      policy(open('when: has_permit'), `legacy: { points: { clause: c, ${legacy} } }`)
    expect(said(compare(rights('months: 6, who: applied'), rights('months: 12, who: applied')))[0][1]).toBe(
      'looser',
    )
    expect(said(compare(policy(open('when: has_permit')), rights('months: 6, who: applied')))[0][1]).toBe(
      'looser',
    )
  })
  it('a fact of one name that is another one: said once, and what reads it is not shown to be looser', () => {
    const declared = (is: string, rule: string) =>
      policy(open(`when: '${rule}'`), `facts: { settled: { type: number, is: '${is}' } }`)
    const same = declared('months_resident + months_permit', 'settled >= 12')
    expect(compare(same, declared('months_permit + months_resident', 'settled >= 12'))).toEqual([])
    const other = declared('months_resident', 'settled >= 12')
    expect(compare(same, other).map(({ part, name, effect }) => [part, name, effect])).toEqual([
      ['fact', 'settled', 'unclear'],
    ])
    const lower = compare(same, declared('months_resident', 'settled >= 6'))
    expect(lower.map(({ part, effect }) => [part, effect])).toEqual([
      ['condition', 'unclear'],
      ['fact', 'unclear'],
    ])
  })
})

const SHIPPED = [
  'guangdong-points',
  'zhaoqing-zero-threshold',
  'zhongshan-points',
  'beijing-points',
  'guangzhou-points',
  'express-entry',
  'eu-free-movement',
]

describe('shipped rule sets', () => {
  it.each(SHIPPED)('%s does not differ from itself in any month', id => {
    const read = shipped(id)
    for (const at of [BEFORE_ALL, ...changesOf(read.tree)])
      expect(diffLaws(lawOf(read, at), lawOf(shipped(id), at), AREAS)).toEqual([])
  })
  it('the province’s table of 2012 against that of 2010', () => {
    const read = shipped('guangdong-points')
    const changes = diffLaws(lawOf(read, month('2011-12')), lawOf(read, month('2012-01')), AREAS)
    const named = changes.map(({ part, name, effect }) => [part, name, effect])
    expect(named.filter(([part]) => part !== 'clause')).toEqual([
      ['prerequisite', 'rural', 'looser'],
      ['prerequisite', 'family_planning', 'looser'],
      ...['education', 'skill', 'title', 'pension', 'medical', 'unemployment', 'injury', 'maternity'].map(
        name => ['line', name, 'looser'],
      ),
      ['line', 'unlawful_birth', 'tighter'],
      ['group', 'insurance', 'looser'],
    ])
    const words = (name: string) => changes.find(change => change.name === name)!.words
    expect(words('insurance').zh).toContain('50 分 → 75 分')
    expect(words('pension').zh).toContain('每 12 个月 1 分(不足不计) → 每 12 个月 1.5 分(不足不计)')
  })
  it('zero threshold against points: five channels open or loosen, points close', () => {
    const [a, b] = [lawOf(shipped('guangdong-points')), lawOf(shipped('zhaoqing-zero-threshold'))]
    const changes = diffLaws(a, b, AREAS).filter(({ part }) => part !== 'clause' && part !== 'entitlement')
    expect(changes.map(({ channel, part, effect }) => [channel, part, effect])).toEqual([
      ['points', 'channel', 'tighter'],
      ['kin', 'condition', 'looser'],
      ['kin', 'brings', 'looser'],
      ['purchase', 'condition', 'looser'],
      ['purchase', 'brings', 'looser'],
      ...['rent', 'invest', 'talent', 'employment'].map(id => [id, 'channel', 'looser']),
    ])
  })
})
