import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ConditionTree } from '../../../src/policy/explain/conditionTree.js'
import { explain } from '../../../src/policy/explain/explain.js'
import { readPolicy } from '../../../src/policy/read.js'
import { AREAS, month, rowOf, shipped } from '../shipped.js'
import { isOpen, lawIn, NOW, persons, POLICIES } from './counter.js'

/** Kleene's tables, by the least and the greatest of no, unknown, yes. */
const rank = (holds: boolean | null) => (holds === null ? 1 : holds ? 2 : 0)

function expectSound(tree: ConditionTree) {
  const parts = (tree.all ?? tree.any ?? []).map(part => rank(part.holds))
  if (parts.length > 0) expect(rank(tree.holds)).toBe(tree.all ? Math.min(...parts) : Math.max(...parts))
  for (const part of tree.all ?? tree.any ?? []) expectSound(part)
  for (const text of [tree.words.zh, tree.words.en]) expect(text).not.toMatch(/undefined|NaN|object/)
}

describe.each(POLICIES.map(policy => ({ id: policy.id, policy })))(
  'an explanation under $id',
  ({ policy }) => {
    it('says of each channel what its rules say, its tree adds up, and so does its ledger', () =>
      fc.assert(
        fc.property(persons(policy), person => {
          const { channels } = explain(policy, person, AREAS)
          expect(channels.map(({ id }) => id)).toEqual(lawIn(policy, NOW).channels.map(({ id }) => id))
          for (const { id, open, conditions, score, ledger, atLeast } of channels) {
            const answer = isOpen(policy, id, NOW, person, person.row)
            expect(open).toBe(Number.isNaN(answer) ? null : answer === 1)
            conditions.forEach(expectSound)
            expect(rank(open)).toBe(Math.min(2, ...conditions.map(({ holds }) => rank(holds))))
            // A score never comes without its ledger.
            expect(score === undefined).toBe(ledger === undefined)
            if (ledger === undefined || score === undefined) continue
            expect(atLeast).toBeTypeOf('number')
            if (score === null) expect(ledger.some(({ points }) => points === null)).toBe(true)
            else expect(ledger.reduce((sum, { points }) => sum + points!, 0)).toBeCloseTo(score, 6)
            for (const { title, why } of ledger)
              for (const text of [title.zh, title.en, why.zh, why.en])
                expect(text).not.toMatch(/^$|undefined|NaN|object/)
          }
        }),
        { numRuns: 15 },
      ))
  },
)

const TABLE = readPolicy(
  `
policy: table
title: { zh: 表, en: table }
source: { document: 试行 }
channels:
  points:
    clause: 积分
    vetoes: { minor: { clause: 未成年 (minor), when: age < 40 }, elder: { clause: 超龄 (elder), when: age > 40 }, record: { clause: 记录 (record), when: sentenced || unlawful_birth_5y > 1 } }
    score:
      skill: { by: skill, clause: 职业资格 (skill), points: { junior_worker: 10 } }
      title: { by: title, clause: 职称 (title), points: { junior: 30 } }
      pension: { each: pension_months / 12, round: down, clause: 养老 (pension), points: 2, cap: 6 }
      age: { by: age, clause: 年龄 (age), bands: [{ from: 18, to: 35, points: 5 }] }
      home: { when: tenure == "own", clause: 自有住房 (own home), points: 7 }
    groups:
      papers: { clause: 合计 (papers), of: [skill], take: sum }
      best: { clause: 取最高 (highest only), of: [papers, title], take: highest, cap: 20 }
    admit: { at_least: 60, quota: { year: 100 }, rounds: [3, 9] }
    brings: spouse_and_minors
`,
  'table.yaml',
)

describe('in words', () => {
  const of = (policy: typeof TABLE, at: string, cells: Parameters<typeof rowOf>[1]) => {
    const row = rowOf(policy.facts, cells, NaN)
    const given = new Set([...row.keys()].filter(slot => !Number.isNaN(row[slot])))
    return explain(policy, { row, given, month: month(at) }, AREAS).channels
  }
  const [points] = of(TABLE, '2016-01', {
    skill: 'junior_worker',
    title: 'junior',
    pension_months: 50,
    age: 40,
    tenure: 'rent',
    sentenced: false,
    unlawful_birth_5y: 1,
  })

  it('a ledger tells what counts, why, and what is cut', () =>
    expect(
      points.ledger!.map(({ kind, title, points: counted, why }) => [kind, title.en, counted, why.en]),
    ).toEqual([
      ['line', 'skill', 0, 'worth 10 points, not counted because another counts more (highest only)'],
      ['line', 'title', 30, 'professional title: junior'],
      [
        'line',
        'pension',
        6,
        'pension insurance, months in all: 50 months ÷ 12 = 4.16, counted as 4, at 2 points each; at most 6',
      ],
      ['line', 'age', 0, 'age: 40 years, in none of the ranges'],
      ['line', 'own home', 0, 'does not apply: it asks that tenure is own'],
      ['group', 'highest only', -10, 'together at most 20 points: what is above does not count'],
    ]))
  it('in Chinese too', () =>
    expect(points.ledger!.map(({ title, why }) => [title.zh, why.zh])).toEqual([
      ['职业资格', '本可得 10 分,因只计最高一项而不计(取最高)'],
      ['职称', '职称:初级'],
      ['养老', '养老保险累计月数:50 个月 ÷ 12 = 4.16,按整数计 4,每单位 2 分;以 6 分为限'],
      ['年龄', '年龄:40 岁,不在任何一档内'],
      ['自有住房', '不适用:须居住方式为自有住房'],
      ['取最高', '合计以 20 分为限,超出部分不计'],
    ]))
  it('a refusal reads as what must hold instead', () =>
    expect(points.conditions.at(-2)).toMatchObject({
      kind: 'veto',
      holds: true,
      all: [
        { holds: true, words: { zh: '刑事处罚为否', en: 'criminal sentence: no' } },
        { holds: true, words: { zh: '近5年政策外生育子女数不超过 1 个' } },
      ],
    }))
  it('at the very limit a flipped comparison holds', () =>
    expect(points.conditions.slice(0, 2).map(({ holds, words }) => [holds, words.zh])).toEqual([
      [true, '年龄不少于 40 岁'],
      [true, '年龄不超过 40 岁'],
    ]))
  it('a ranked quota says its places and rounds', () =>
    expect(points).toMatchObject({
      selection: 'quota',
      places: { year: 100, months: [3, 9] },
      score: 26,
      atLeast: 60,
    }))
  it('what nobody can change is told with its reason, where it is in the way', () => {
    const [kin] = of(shipped('zhaoqing-zero-threshold'), '2017-01', { kin_here: 'none' }).filter(
      ({ id }) => id === 'kin',
    )
    expect(kin.fixed.map(({ fact }) => fact)).toEqual(['kin_here'])
    const [open] = of(shipped('zhaoqing-zero-threshold'), '2017-01', { kin_here: 'other' }).filter(
      ({ id }) => id === 'kin',
    )
    expect(open.fixed).toEqual([])
  })
})
