/** A rule set with every kind of rule, persons by chance, and what time does to them said once more, plainly. */
import fc from 'fast-check'
import { compileLaw } from '../../../src/policy/compile.js'
import type { Person } from '../../../src/policy/person.js'
import type { FactRow, Law, Policy } from '../../../src/policy/policy.js'
import { readPolicy } from '../../../src/policy/read.js'
import { compute } from '../../../src/policy/supply.js'
import { AREAS, month, shipped } from '../shipped.js'

const COUNTER = `
policy: counter
title: { zh: 窗口, en: counter }
source: { document: 试行 }
facts:
  total: { label: { zh: 两险合计月数, en: both insurances }, type: number, unit: months, min: 0, whole: true, is: pension_months + medical_months }
  stable: { label: { zh: 稳定就业, en: stable work }, type: boolean, is: 'work in ["formal", "self_employed"] && months_insured >= 6' }
  recent: { label: { zh: 近两年参保, en: insured of two years }, type: number, unit: months, min: 0, max: 24, whole: true, window: { of: insured, months: 24 } }
  debt: { label: { zh: 欠款, en: debt }, type: number, unit: yuan, min: 0, max: 8000, whole: true }
  savings: { label: { zh: 存款, en: savings }, type: number, unit: yuan, min: 0 }
channels:
  rent:
    clause: 租赁
    when: { 2010-01-01: tenure == "rent" && lease_filed && months_resident >= 24, 2013-01-01: tenure == "rent" && lease_filed && months_resident >= 6 }
    brings: none
  young:
    clause: 青年
    when: age >= 18 && age <= 35 && stable
    brings: none
  saver:
    clause: 合计
    vetoes: { record: { clause: 记录, when: sentenced || reeducation } }
    when: total >= 36 && savings >= 5000.5 || has_premises && recent > 12
    brings: none
  modest:
    clause: 欠款
    when: debt < 1000 && has_permit
    brings: none
  permit:
    clause: 持证
    prerequisites: { permit: { clause: 证, when: has_permit } }
    when: months_permit >= 12
    brings: none
  later:
    clause: 后来
    when: { 2012-06-01: months_insured >= 3 }
    brings: none
  ending:
    clause: 到期
    when: { 2010-01-01: months_resident >= 12, 2012-01-01: null }
    brings: none
  points:
    clause: 积分
    score:
      school: { by: education, points: { senior_secondary: 8, junior_college: 15 } }
      paid: { each: pension_months, points: 0.25, cap: 10 }
      years: { by: age, bands: [{ from: 20, to: 30, points: 5 }, { from: 31, to: 45, points: 2 }] }
      skilled: { by: skill, points: { junior_worker: 3, technician: 9 } }
      titled: { by: title, points: { junior: 4 } }
      given: { each: blood_donations_5y, points: 1, cap: 3, when: has_permit }
      offence: { when: sentenced, points: -10 }
    groups:
      best: { of: [skilled, titled], take: highest }
      both: { of: [best, given], take: sum, cap: 10 }
    factors: { here: { when: owns_nonresidential, times: 1.5 } }
    admit: { at_least: { 2010-01-01: 20, 2011-07-01: 18 } }
    brings: none
`

export const COUNTER_POLICY = readPolicy(COUNTER, 'counter.yaml')
export const POLICIES: Policy[] = [
  COUNTER_POLICY,
  shipped('guangdong-points'),
  shipped('zhaoqing-zero-threshold'),
]
export const NOW = month('2011-03')

/** What is known of a person: about one fact in twelve is not. */
export function persons(policy: Policy, whole = false): fc.Arbitrary<Person> {
  const values = policy.facts.map(({ type, unit, name }): fc.Arbitrary<number> => {
    const value =
      type.kind === 'boolean'
        ? fc.integer({ min: 0, max: 1 })
        : type.kind === 'area'
          ? fc.integer({ min: 0, max: AREAS.length - 1 })
          : type.kind !== 'number'
            ? fc.integer({ min: 0, max: type.values.length - 1 })
            : name === 'age'
              ? fc.integer({ min: 15, max: 60 })
              : unit === 'months'
                ? fc.oneof(fc.constant(0), fc.integer({ min: 0, max: Math.min(60, type.max) }))
                : unit === 'yuan'
                  ? fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 8000 }))
                  : fc.integer({ min: Math.max(0, type.min), max: Math.min(6, type.max) })
    return whole
      ? value
      : fc.oneof({ weight: 11, arbitrary: value }, { weight: 1, arbitrary: fc.constant(NaN) })
  })
  const computed = computedSlots(policy)
  return fc.tuple(...values).map(cells => {
    const row = Float64Array.from(cells as number[])
    for (const slot of computed) row[slot] = NaN
    const given = new Set([...row.keys()].filter(slot => !Number.isNaN(row[slot])))
    return { row, given, month: NOW }
  })
}

const laws = new Map<string, Law>()
/** Compiled by itself for every month. */
export function lawIn(policy: Policy, at: number): Law {
  const key = `${policy.id} ${at}`
  if (!laws.has(key)) laws.set(key, compileLaw(policy, at, { areas: AREAS }))
  return laws.get(key)!
}

const computedSlots = (policy: Policy) =>
  new Set(lawIn(policy, NOW).declared.flatMap(({ kind, slot }) => (kind === 'computed' ? [slot] : [])))

export function isOpen(policy: Policy, channel: string, at: number, person: Person, row: FactRow): number {
  const law = lawIn(policy, at)
  const filled = row.slice()
  compute(law.declared, filled, person.given)
  return law.channels.find(({ id }) => id === channel)?.open(filled) ?? 0
}

/** The row after so many months, fact by fact; \`frozen\` stay as they are. */
export function later(policy: Policy, row: FactRow, months: number, frozen: readonly number[] = []): FactRow {
  const after = row.slice()
  const of = (name: string) => row[policy.facts.findIndex(fact => fact.name === name)]
  for (const [slot, { name }] of policy.facts.entries()) {
    const now = row[slot]
    if (Number.isNaN(now) || frozen.includes(slot)) continue
    if (name === 'age') after[slot] = now + Math.floor(months / 12)
    else if (['months_resident', 'months_insured'].includes(name)) after[slot] = now > 0 ? now + months : 0
    else if (name === 'months_permit') {
      if (of('has_permit') === 1 || (Number.isNaN(of('has_permit')) && now > 0)) after[slot] = now + months
    } else if (/^(pension|medical|unemployment|injury|maternity)_months$/.test(name)) {
      if (now > 0 && of('months_insured') !== 0) after[slot] = now + months
    } else if (name === 'recent' && now > 0 && of('months_insured') !== 0)
      after[slot] = Math.max(now, Math.min(24, now + months, (of('months_insured') || 0) + months))
  }
  return after
}

export const channelIds = (policy: Policy): string[] => Object.keys(policy.tree.channels as object)
