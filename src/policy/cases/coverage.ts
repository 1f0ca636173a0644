/**
 * Which clauses of a rule set its cases exercise, every dated value on its own; of one that extends another only what
 * its own file says. A clause counts where a case says what must come of it: a condition by `channels`, `not`, `failed`
 * or `unknown`, the ledger by `score` or `ledger`, both by a round; what touches no person by `law`.
 */
import type { Month } from '../../evidence/month.js'
import { BEFORE_ALL, changesOf, writtenPath } from '../dated.js'
import type { Policy } from '../policy.js'
import { clausesOf, type Clause, type ClauseKind } from './clauses.js'
import type { Case, Cases } from './file.js'
import { rowUnder, type CasePerson } from './person.js'
import { lawsOf } from './run.js'

export interface ClauseCoverage {
  kind: ClauseKind
  /** Where it is written, the date of a dated value included. */
  path: string
  clause?: string
  file: string
  line?: number
  column?: number
  /** A condition is met by some case, points are counted, a cap is reached. */
  exercised: boolean
  /** A condition is seen to hold and to fail; of what has no two sides the same as `exercised`. */
  both: boolean
}

export interface Coverage {
  clauses: ClauseCoverage[]
  /** Of the clauses, those with `both`; 1 where there is none. */
  share: number
}

/** @throws InputError as `compileLaw` */
export function coverageOf(policy: Policy, cases: Cases): Coverage {
  const lawOf = lawsOf(policy, cases)
  const seen = new Map<string, { clause: Clause; written: string[]; shown: Set<number> }>()
  const clausesAt = new Map<Month, [Clause, Set<number>][]>()
  const at = (month: Month) => {
    const known = clausesAt.get(month)
    if (known) return known
    const found = clausesOf(policy, lawOf(month)).map((clause): [Clause, Set<number>] => {
      const written = writtenPath(policy.tree, clause.path, month)
      const key = `${clause.kind} ${written.join('.')} ${clause.index ?? ''}`
      const entry = seen.get(key) ?? { clause, written, shown: new Set() }
      seen.set(key, entry)
      return [clause, entry.shown]
    })
    clausesAt.set(month, found)
    return found
  }
  for (const month of [BEFORE_ALL, ...changesOf(policy.tree)]) at(month)

  const show = (month: Month, persons: readonly CasePerson[], isAsked: (clause: Clause) => boolean) => {
    const rows = persons.map(person => rowUnder(lawOf(month), person))
    for (const [clause, shown] of at(month))
      if (!isAsked(clause)) continue
      else if (clause.kind === 'law' || clause.kind === 'round') shown.add(1)
      else for (const row of rows) shown.add(clause.shown(row))
  }
  for (const item of cases.cases) show(item.month, [item.person], clause => asks(item, clause))
  for (const { month, persons, channel } of cases.rounds)
    show(month, persons, clause => clause.channel === channel)

  const clauses = [...seen.values()].flatMap(({ clause, written, shown }): ClauseCoverage[] => {
    const { kind, index, twoSided } = clause
    const place = policy.place(written, index)
    if (place.file !== policy.file) return []
    const exercised = shown.has(1) || (twoSided && shown.has(0))
    const both = exercised && (!twoSided || (shown.has(1) && shown.has(0)))
    const cited = clause.clause !== undefined && { clause: clause.clause }
    return [{ kind, path: written.join('.'), ...cited, ...place, exercised, both }]
  })
  clauses.sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0))
  const covered = clauses.filter(({ both }) => both).length
  return { clauses, share: clauses.length === 0 ? 1 : covered / clauses.length }
}

/** Whether a case says what must come of a clause. */
function asks({ expected }: Case, { kind, channel, line, path }: Clause): boolean {
  const { channels, not, failed, unknown, score, ledger, law } = expected
  if (channel === undefined) {
    const own = path.join('.')
    return Object.keys(law ?? {}).some(asked => asked === own || asked.startsWith(`${own}.`))
  }
  if (kind === 'condition' || kind === 'score')
    return Boolean(channels ?? failed?.[channel] ?? unknown?.[channel] ?? not?.includes(channel))
  return score?.[channel] !== undefined || (line !== undefined && ledger?.[channel]?.[line] !== undefined)
}
