import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nearestChanges, type Change, type Proposal } from '../../../src/policy/explain/changes.js'
import { FIXED, isClock, RISING } from '../../../src/policy/explain/course.js'
import { outlook, waitFor } from '../../../src/policy/explain/waiting.js'
import type { Person } from '../../../src/policy/person.js'
import type { Policy } from '../../../src/policy/policy.js'
import { AREAS } from '../shipped.js'
import { channelIds, COUNTER_POLICY, isOpen, later, lawIn, NOW, persons, POLICIES } from './counter.js'

function proposals(policy: Policy, person: Person, id: string): Proposal[] {
  const view = outlook(policy, person, AREAS)
  return nearestChanges(id, view, waitFor(id, view))
}

function applied({ row }: Person, changes: readonly Change[]) {
  const changed = row.slice()
  for (const { slot, to } of changes) changed[slot] = to
  return changed
}

const parts = <T>(items: readonly T[]): T[][] =>
  items.reduce<T[][]>((all, item) => [...all, ...all.map(part => [...part, item])], [[]])

describe.each(POLICIES.map(policy => ({ id: policy.id, policy })))('changes under $id', ({ policy }) => {
  const forAll = (law: (person: Person, id: string, open: number) => void, numRuns: number) =>
    fc.assert(
      fc.property(persons(policy), person => {
        for (const id of channelIds(policy)) law(person, id, isOpen(policy, id, NOW, person, person.row))
      }),
      { numRuns },
    )

  it('qualify when applied, and no part of them does; no one is let in sooner; the fewest and soonest come first', () =>
    forAll((person, id, open) => {
      const all = proposals(policy, person, id)
      if (open === 1) expect(all).toEqual([])
      for (const { changes, month = NOW } of all) {
        const opens = (part: readonly Change[]) =>
          isOpen(policy, id, month, person, applied(person, part)) === 1
        expect(opens(changes)).toBe(true)
        for (const part of parts(changes)) if (part.length < changes.length) expect(opens(part)).toBe(false)
        for (const change of changes) {
          expectPossible(person, change)
          for (const to of [...change.others, ...(change.range ?? [])].filter(Number.isFinite))
            expect(opens(changes.map(one => (one === change ? { ...one, to } : one)))).toBe(true)
        }
        const now = changes.filter(({ by }) => by === 'act' || by === 'learn')
        if (month > NOW && now.length > 0) {
          const changed = applied(person, now)
          const answers = Array.from({ length: month - NOW + 1 }, (_, months) =>
            isOpen(policy, id, NOW + months, person, later(policy, changed, months)),
          )
          expect(answers.indexOf(1)).toBe(month - NOW)
        }
      }
      const sizes = all.map(({ changes, month = 0 }) => [
        changes.filter(({ by }) => by !== 'wait').length + Number(changes.some(({ by }) => by === 'wait')),
        month,
      ])
      expect(sizes).toEqual([...sizes].sort(([a, m], [b, n]) => a - b || m - n))
    }, 25))

  function expectPossible(person: Person, { slot, from, to, by }: Change) {
    const fact = policy.facts[slot]
    expect(by === 'learn').toBe(Number.isNaN(person.row[slot]))
    if (by !== 'act') return
    expect(fact.name in FIXED || isClock(fact)).toBe(false)
    if (RISING.includes(fact.name)) expect(to).toBeGreaterThan(from)
  }

  it('of one fact are all found, each with its nearest value', () =>
    forAll((person, id, open) => {
      if (open === 1) return
      const single = proposals(policy, person, id).filter(
        ({ changes, month }) => changes.length === 1 && month === undefined,
      )
      for (const [slot, fact] of policy.facts.entries()) {
        const now = person.row[slot]
        const computed = lawIn(policy, NOW).declared.some(one => one.slot === slot && one.kind === 'computed')
        if (computed || Number.isNaN(now) || fact.name in FIXED || isClock(fact)) continue
        const { type, unit } = fact
        const domain =
          type.kind === 'boolean'
            ? [0, 1]
            : 'values' in type
              ? type.values.map((_, code) => code)
              : unit === 'hours' || unit === 'yuan'
                ? Array.from({ length: 250 }, (_, step) => step * 50)
                : Array.from({ length: 40 }, (_, value) => value)
        const opens = domain
          .filter(value => !RISING.includes(fact.name) || value > now)
          .filter(to => isOpen(policy, id, NOW, person, applied(person, [{ slot, to } as Change])) === 1)
        const found = single.find(({ changes }) => changes[0].slot === slot)?.changes[0]
        expect(found !== undefined).toBe(opens.length > 0)
        if (!found) continue
        const nearest = Math.min(...opens.map(to => Math.abs(to - now)))
        if (type.kind === 'named') expect([found.to, ...found.others].sort()).toEqual(opens)
        // Of a fact without whole units the value may lie nearer than any whole one.
        else expect(Math.abs(found.to - now)).toBeLessThanOrEqual(nearest)
      }
    }, 10))

  it('of two facts are found where neither alone would do', () =>
    forAll((person, id, open) => {
      if (open !== 0) return
      const coded = [...policy.facts.entries()].filter(
        ([slot, { name, type }]) =>
          type.kind !== 'number' && !(name in FIXED) && !Number.isNaN(person.row[slot]),
      )
      const moves = coded.flatMap(([slot, { name, type }]) =>
        Array.from(
          { length: 'values' in type ? type.values.length : 2 },
          (_, to) => ({ slot, to }) as Change,
        ).filter(({ to }) => (RISING.includes(name) ? to > person.row[slot] : to !== person.row[slot])),
      )
      const opens = (...changes: Change[]) => isOpen(policy, id, NOW, person, applied(person, changes)) === 1
      const alone = new Set(moves.filter(move => opens(move)).map(({ slot }) => slot))
      const pairs = new Set<string>()
      for (const a of moves)
        for (const b of moves)
          if (a.slot < b.slot && !alone.has(a.slot) && !alone.has(b.slot) && opens(a, b))
            pairs.add(`${a.slot} ${b.slot}`)
      const found = proposals(policy, person, id)
        .filter(({ changes, month }) => changes.length === 2 && month === undefined)
        .map(({ changes }) =>
          changes
            .map(({ slot }) => slot)
            .sort((a, b) => a - b)
            .join(' '),
        )
      for (const pair of pairs) expect(found).toContain(pair)
    }, 10))
})

describe('by hand', () => {
  const { facts } = COUNTER_POLICY
  const slotOf = (name: string) => facts.findIndex(fact => fact.name === name)
  const of = (id: string, cells: Record<string, number>) => {
    const row = new Float64Array(facts.length).fill(NaN)
    for (const [name, value] of Object.entries(cells)) row[slotOf(name)] = value
    const given = new Set(Object.keys(cells).map(slotOf))
    return proposals(COUNTER_POLICY, { row, given, month: NOW }, id).map(({ changes, month }) => ({
      ...Object.fromEntries(changes.map(({ slot, to, by }) => [facts[slot].name, [by, to]])),
      ...(month !== undefined && { month: month - NOW }),
    }))
  }
  it('an unfiled lease and months that run: file it, and wait', () =>
    expect(of('rent', { tenure: 1, lease_filed: 0, months_resident: 20 })).toEqual([
      { lease_filed: ['act', 1], months_resident: ['wait', 24], month: 4 },
    ]))
  it('who was never insured begins', () =>
    expect(of('young', { age: 30, work: 0, months_insured: 0 })).toEqual([
      { months_insured: ['begin', 6], month: 6 },
    ]))
  it('the permit is got first, then its months run', () =>
    expect(of('permit', { has_permit: 0, months_permit: 0 })).toEqual([
      { has_permit: ['act', 1], months_permit: ['wait', 12], month: 12 },
    ]))
  it('a sum of money without whole units is met exactly', () =>
    expect(
      of('saver', {
        pension_months: 20,
        medical_months: 16,
        months_insured: 16,
        savings: 100,
        has_premises: 0,
        recent: 12,
        sentenced: 0,
        reeducation: 0,
      })[0],
    ).toEqual({ savings: ['act', 5000.5] }))
  it('a debt is paid down to just below the limit', () =>
    expect(of('modest', { debt: 5000, has_permit: 1 })).toEqual([{ debt: ['act', 999] }]))
  it('what is not known is to be found out, however much of it', () => {
    expect(of('rent', {})).toEqual([
      { tenure: ['learn', 1], lease_filed: ['learn', 1], months_resident: ['learn', 24] },
    ])
    expect(of('rent', { tenure: 1, months_resident: 30 })).toEqual([{ lease_filed: ['learn', 1] }])
  })
})
