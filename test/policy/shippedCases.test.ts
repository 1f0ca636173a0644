/** Every shipped policy has its cases, all of them hold, and they notice each change of one thing: numbers, bounds, comparisons, words, dates. */
import { describe, expect, it } from 'vitest'
import { formatMonth } from '../../src/evidence/month.js'
import { loadCases, shippedCases } from '../../src/node/cases.js'
import { shippedNames } from '../../src/node/files.js'
import { mutate } from '../../src/policy/cases/mutate.js'
import { runCases } from '../../src/policy/cases/run.js'

it('every shipped policy has cases beside it', () => {
  expect(shippedCases().map(file => file.replace('.test.yaml', ''))).toEqual(shippedNames('policies'))
})

for (const file of shippedCases()) {
  const { policy, cases } = await loadCases(file)
  describe(file, () => {
    const results = runCases(policy, cases).map(result => ({ ...result, at: formatMonth(result.month) }))
    it.each(results)('line $line, $at: $name', ({ differences }) => {
      expect(differences).toEqual([])
    })
    it('a change of one number, bound, comparison, value, word or date is noticed', () => {
      const { numbers, survivors } = mutate(policy, cases)
      expect(survivors).toEqual([])
      expect(numbers.changed).toBeGreaterThan(0)
    }, 120_000)
  })
}
