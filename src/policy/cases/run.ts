/** Cases run against a rule set: what was expected, what the rules say instead. */
import type { Month } from '../../evidence/month.js'
import { compileLaw } from '../compile.js'
import type { Law, Policy } from '../policy.js'
import type { Difference } from './difference.js'
import type { Cases } from './file.js'
import { judgeCase } from './judge.js'
import { judgeRound } from './round.js'

export interface CaseResult {
  name: string
  month: Month
  line: number
  source?: string
  /** Empty where the case holds. */
  differences: Difference[]
}

/** The law of each month, made once. @throws InputError from the laws, as `compileLaw` */
export function lawsOf(policy: Policy, { areas }: Pick<Cases, 'areas'>): (month: Month) => Law {
  const laws = new Map<Month, Law>()
  return month => {
    const known = laws.get(month)
    if (known) return known
    const law = compileLaw(policy, month, areas && { areas })
    laws.set(month, law)
    return law
  }
}

/** All cases of a file, tests first. @throws InputError as `lawsOf` */
export function runCases(policy: Policy, cases: Cases): CaseResult[] {
  const lawOf = lawsOf(policy, cases)
  return [
    ...cases.cases.map(item => resultOf(item, judgeCase(policy, lawOf(item.month), item))),
    ...cases.rounds.map(item => resultOf(item, judgeRound(lawOf(item.month), item, cases.areas))),
  ]
}

/**
 * The place of a case that does not hold, tests before rounds; undefined where all do.
 * @param from the place at which to begin to look, going round
 * @throws InputError as `lawsOf`
 */
export function brokenCase(policy: Policy, cases: Cases, from = 0): number | undefined {
  const lawOf = lawsOf(policy, cases)
  const tests = cases.cases.length
  const count = tests + cases.rounds.length
  for (let step = 0; step < count; step++) {
    const place = (from + step) % count
    const test = cases.cases[place]
    const round = cases.rounds[place - tests]
    const differences = test
      ? judgeCase(policy, lawOf(test.month), test)
      : judgeRound(lawOf(round.month), round, cases.areas)
    if (differences.length > 0) return place
  }
  return undefined
}

const resultOf = (
  { name, month, line, source }: Omit<CaseResult, 'differences'>,
  differences: Difference[],
): CaseResult => ({ name, month, line, source, differences })
