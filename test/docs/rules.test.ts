/** The rule set that the manual shows is one: it reads, and gives the scores that its table says. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { compileLaw } from '../../src/policy/compile.js'
import { evaluate } from '../../src/policy/evaluate.js'
import { readPolicy } from '../../src/policy/read.js'
import { compute } from '../../src/policy/supply.js'
import { month, rowOf } from '../policy/shipped.js'

const text = readFileSync('docs/rules.md', 'utf8')
const example = /```yaml\n(policy: example-points[\s\S]*?)```/.exec(text)![1]
const policy = readPolicy(example, 'docs/rules.md')

it('reads, and its channels are those of the text', () => {
  const { channels } = compileLaw(policy, month('2023-01'))
  expect(channels.map(({ id, selection }) => [id, selection])).toEqual([
    ['points', 'quota'],
    ['kin', 'open'],
  ])
})

it('scores a person as its tables say', () => {
  const law = compileLaw(policy, month('2023-01'))
  const row = rowOf(policy.facts, {
    education: 'junior_college',
    age: 30,
    pension_months: 47,
    fund_months: 24,
    skill: 'junior_worker',
    has_permit: true,
    insured_36_of_60: 36,
    origin: 'city_other_area',
  })
  compute(law.declared, row, new Set())
  // The higher of 50 (college) and 30 (skill); 20 for 30 years; 3 full years × 3; 24 × 0.1: 81.4, times 1.3.
  const { score, channels } = evaluate(law, policy.facts, row)
  expect(score.points).toBeCloseTo(105.82, 9)
  expect(channels).toEqual(['points'])
})

it('its amendment lowers the threshold for a year', () => {
  const atLeast = (at: string) => compileLaw(policy, month(at)).channels[0].points!.atLeast
  expect(['2023-03', '2023-04', '2024-03', '2024-04'].map(atLeast)).toEqual([60, 50, 50, 60])
})
