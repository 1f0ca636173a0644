/** The shipped rule sets and rows of facts, for the tests of this room. */
import { readFileSync } from 'node:fs'
import { parseMonth } from '../../src/evidence/month.js'
import type { Area } from '../../src/pack/pack.js'
import { compileLaw } from '../../src/policy/compile.js'
import { evaluate } from '../../src/policy/evaluate.js'
import type { FactDefinition } from '../../src/policy/facts.js'
import type { FactRow, Policy } from '../../src/policy/policy.js'
import { readPolicy } from '../../src/policy/read.js'

export const shipped = (id: string): Policy => {
  const url = new URL(`../../scenarios/policies/${id}.yaml`, import.meta.url)
  return readPolicy(readFileSync(url, 'utf8'), `${id}.yaml`)
}

export const month = (text: string): number => parseMonth(text)!

export const AREAS: Area[] = [
  { id: 'duanzhou', code: '441202', name: { zh: '端州区', en: 'Duanzhou' }, aliases: ['端州'] },
  { id: 'gaoyao', code: '441204', name: { zh: '高要区', en: 'Gaoyao' }, aliases: ['441283'] },
]

type Cell = number | boolean | string | undefined

/** A row with these facts; the others are `rest`: 0 (none, no) or NaN (unknown). */
export function rowOf(facts: readonly FactDefinition[], cells: Record<string, Cell>, rest = 0): FactRow {
  const row = new Float64Array(facts.length).fill(rest)
  for (const [name, cell] of Object.entries(cells)) {
    const slot = facts.findIndex(fact => fact.name === name)
    if (slot < 0) throw new Error(`no fact ${name}`)
    const { type } = facts[slot]
    row[slot] =
      cell === undefined
        ? NaN
        : typeof cell === 'string' && 'values' in type
          ? type.values.indexOf(cell)
          : Number(cell)
  }
  return row
}

export const judge = (policy: Policy, at: string, cells: Record<string, Cell>, rest = 0) =>
  evaluate(compileLaw(policy, month(at), { areas: AREAS }), policy.facts, rowOf(policy.facts, cells, rest))
