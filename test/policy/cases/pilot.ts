/** A small rule set and its cases as a user writes them, for the tests of this room. */
import { readCases, type Cases } from '../../../src/policy/cases/file.js'
import { runCases } from '../../../src/policy/cases/run.js'
import type { Policy } from '../../../src/policy/policy.js'
import { readPolicy } from '../../../src/policy/read.js'

/** A channel by points: `base` counts as it stands, the rest is given. */
export const pilot = (admit: string, more = '', fact = ''): Policy =>
  readPolicy(
    `policy: pilot
title: { zh: 甲, en: A }
source: { document: none }
facts: { base: { type: number }, skills: { type: number }, ${fact} }
channels:
  points:
    clause: c
    score:
      base: { each: base, points: 1 }
${more}
    admit: { ${admit} }
    brings: none
`,
    'pilot.yaml',
  )

export const casesOf = (policy: Policy, body: string): Cases =>
  readCases(`cases: pilot\n${body}`, 'pilot.test.yaml', policy)

/** What does not hold, in English: one line an expectation. */
export const unmet = (policy: Policy, body: string): string[] =>
  runCases(policy, casesOf(policy, body)).flatMap(({ differences }) =>
    differences.map(({ what, expected, got }) => `${what.en}: expected ${expected.en}, got ${got.en}`),
  )
