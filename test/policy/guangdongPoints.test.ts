/**
 * The points table, line by line, against values worked by hand from the published tables: 粤府办〔2010〕32号 (2010)
 * and 粤人社发〔2011〕306号 (from 2012-01-01).
 */
import { describe, expect, it } from 'vitest'
import { judge, shipped } from './shipped.js'

const policy = shipped('guangdong-points')
const scoreIn = (at: string, cells: Record<string, number | boolean | string>) =>
  judge(policy, at, cells).score.points
const BEFORE = '2011-12'
const AFTER = '2012-01'

describe('each line of the ledger before and after 2012', () => {
  // fact, value, points in 2011-12, points in 2012-01
  const lines: [string, number | boolean | string, number, number][] = [
    ['education', 'primary', 0, 0],
    ['education', 'junior_secondary', 5, 20],
    ['education', 'senior_secondary', 20, 40],
    ['education', 'junior_college', 60, 60],
    ['education', 'bachelor', 80, 80],
    ['education', 'doctorate', 80, 80],
    ['skill', 'none', 0, 0],
    ['skill', 'junior_worker', 10, 20],
    ['skill', 'middle_worker', 30, 40],
    ['skill', 'senior_worker', 50, 70],
    ['skill', 'technician', 60, 90],
    ['skill', 'senior_technician', 60, 110],
    ['title', 'junior', 50, 70],
    ['title', 'middle', 60, 90],
    ['title', 'senior', 60, 110],
    ['pension_months', 11, 0, 0],
    ['pension_months', 12, 1, 1.5],
    ['medical_months', 35, 2, 3],
    ['unemployment_months', 36, 3, 4.5],
    ['injury_months', 120, 10, 15],
    ['maternity_months', 24, 2, 3],
    ['blood_donations_5y', 3, 6, 6],
    ['blood_donations_5y', 7, 10, 10],
    ['volunteer_hours_5y', 49, 0, 0],
    ['volunteer_hours_5y', 149, 4, 4],
    ['volunteer_hours_5y', 1000, 10, 10],
    ['donated_yuan_5y', 999, 0, 0],
    ['donated_yuan_5y', 3500, 6, 6],
    ['donated_yuan_5y', 100000, 10, 10],
    ['unlawful_birth_5y', 1, 0, -60],
    ['unlawful_birth_5y', 2, 0, -120],
    ['reeducation', true, -50, -50],
    ['sentenced', true, -100, -100],
  ]
  it.each(lines)('%s = %s counts %d, then %d', (fact, value, before, after) => {
    expect(scoreIn(BEFORE, { [fact]: value })).toBe(before)
    expect(scoreIn(AFTER, { [fact]: value })).toBe(after)
  })
})

describe('groups and caps', () => {
  it('only the higher of skill and title counts', () => {
    expect(scoreIn(AFTER, { skill: 'middle_worker', title: 'junior' })).toBe(70)
    expect(scoreIn(AFTER, { skill: 'technician', title: 'junior' })).toBe(90)
  })
  it('education and certificates add up', () => {
    expect(scoreIn(AFTER, { education: 'senior_secondary', skill: 'junior_worker' })).toBe(60)
  })
  it('the five schemes together stop at 50, then 75', () => {
    const years = (n: number) =>
      Object.fromEntries(
        ['pension', 'medical', 'unemployment', 'injury', 'maternity'].map(s => [`${s}_months`, 12 * n]),
      )
    expect(scoreIn(BEFORE, years(9))).toBe(45)
    expect(scoreIn(BEFORE, years(11))).toBe(50)
    expect(scoreIn(AFTER, years(9))).toBe(67.5)
    expect(scoreIn(AFTER, years(10))).toBe(75)
    expect(scoreIn(AFTER, years(20))).toBe(75)
  })
  it('the ledger names every line and adds up to the score, what a cap cuts off included', () => {
    const cells = {
      education: 'bachelor',
      skill: 'senior_worker',
      title: 'middle',
      sentenced: true,
      pension_months: 700,
    }
    const { score, ledger } = judge(policy, AFTER, { ...cells, medical_months: 240 })
    // 80 + 90 − 100 + 1.5 × 58 + 1.5 × 20 = 187, of which insurance 117 is cut to 75: 145
    expect(score.points).toBe(145)
    expect(ledger.reduce((sum, { points }) => sum + points, 0)).toBe(145)
    const pointsOf = Object.fromEntries(ledger.map(({ line, points }) => [line, points]))
    expect(pointsOf).toMatchObject({
      education: 80,
      skill: 0,
      title: 90,
      pension: 87,
      medical: 30,
      insurance: -42,
    })
    expect(ledger.every(({ clause }) => clause !== undefined && clause.length > 0)).toBe(true)
  })
  it('a total may be negative', () => {
    expect(scoreIn(AFTER, { education: 'bachelor', sentenced: true })).toBe(-20)
  })
})

describe('gates and threshold', () => {
  const ready = {
    has_permit: true,
    employment_registered: true,
    hukou_kind: 'rural',
    education: 'junior_college',
    pension_months: 6,
  }
  const channels = (at: string, cells: Record<string, number | boolean | string>) =>
    judge(policy, at, { kin_here: 'none', tenure: 'rent', ...ready, ...cells }).channels

  it('60 points are enough, 59 are not, from the month after 2010-06-23 on', () => {
    expect(channels('2010-06', {})).toEqual([])
    expect(channels('2010-07', {})).toEqual(['points'])
    expect(channels('2010-07', { education: 'senior_secondary' })).toEqual([])
  })
  it.each(['has_permit', 'employment_registered', 'pension_months'])('%s is asked for', fact => {
    const result = judge(policy, '2015-06', { ...ready, [fact]: 0 })
    expect(result.channels).not.toContain('points')
    expect(
      result.failed.some(({ channel, condition }) => channel === 'points' && condition.includes(fact)),
    ).toBe(true)
    expect(result.score.points).toBe(60)
  })
  it('urban hukou is let in from 2012 on', () => {
    expect(channels(BEFORE, { hukou_kind: 'urban' })).toEqual([])
    expect(channels(AFTER, { hukou_kind: 'urban' })).toEqual(['points'])
  })
  it('a child over the rule bars until 2011 and costs 60 points from 2012 on', () => {
    const many = { education: 'bachelor', skill: 'technician', unlawful_birth_5y: 1 }
    expect(channels(BEFORE, many)).toEqual([])
    expect(channels(AFTER, many)).toEqual(['points']) // 80 + 90 − 60 = 110
    expect(channels(AFTER, { unlawful_birth_5y: 1 })).toEqual([])
  })
  it('an unknown fact of the ledger leaves the score unknown and says which', () => {
    const result = judge(policy, '2015-06', { ...ready, kin_here: 'none', sentenced: NaN })
    expect(result.channels).not.toContain('points')
    expect(result.score.points).toBeNaN()
    expect(result.unknown).toEqual([{ channel: 'points', facts: ['sentenced'] }])
  })
})

describe('routes that existed before', () => {
  it('direct kin only, own dwelling only', () => {
    const open = (cells: Record<string, string | boolean>) =>
      judge(policy, '2015-06', { tenure: 'rent', kin_here: 'none', ...cells }).channels
    expect(open({ kin_here: 'parent' })).toEqual(['kin'])
    expect(open({ kin_here: 'other' })).toEqual([])
    expect(open({ tenure: 'own' })).toEqual(['purchase'])
    expect(open({ owns_nonresidential: true })).toEqual([])
  })
})
