/** Every shipped policy has its cases, all of them hold, and they notice nearly every number that is changed. */
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
    it('a number changed by its smallest step is noticed, 95 times in a hundred at least', () => {
      const { numbers, survivors } = mutate(policy, cases)
      const missed = survivors.filter(({ kind }) => kind === 'number')
      expect(numbers.share, JSON.stringify(missed, null, 1)).toBeGreaterThanOrEqual(0.95)
    }, 120_000)
  })
}
