/** The examples of docs/policy-cases.md are files that run, and hold. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { readCases } from '../../../src/policy/cases/file.js'
import { runCases } from '../../../src/policy/cases/run.js'
import { shipped } from '../shipped.js'
import { pilot, unmet } from './pilot.js'

const text = readFileSync(new URL('../../../docs/policy-cases.md', import.meta.url), 'utf8')
const [tests, rounds] = [...text.matchAll(/^```yaml\n(.*?)^```/gms)].map(([, block]) => block)

it('tests of persons', () => {
  const policy = shipped('guangdong-points')
  const results = runCases(policy, readCases(tests, 'example.test.yaml', policy))
  expect(results).toHaveLength(5)
  expect(results.flatMap(({ differences }) => differences)).toEqual([])
})

it('a round', () => {
  const rules = pilot('at_least: 60, rank: [score desc, months_insured desc], quota: { year: 100 }')
  expect(unmet(rules, `persons: { ready: { area: D } }\n${rounds}`)).toEqual([])
})
