import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { monthOf, NEVER } from '../../src/evidence/month.js'
import { insuredWithin, keepInsuredMonths, spellEnds, type Spells } from '../../src/simulation/insured.js'

const from = monthOf(2015, 1)

/** One head with a spell that runs since a month (or none) and months before it. */
const head = (since = NEVER, before = 0): Spells => {
  const spells = {
    insuredSince: new Int16Array([since]),
    insuredBefore: new Uint16Array([before]),
  }
  keepInsuredMonths(spells, from)
  return spells
}
/** As the process does it: a spell begins, or ends. */
const turn = (spells: Spells, month: number) => {
  if (spells.insuredSince[0] === NEVER) spells.insuredSince[0] = month
  else {
    spellEnds(spells, 0, month)
    spells.insuredBefore[0] += month - spells.insuredSince[0]
    spells.insuredSince[0] = NEVER
  }
}

describe('months insured within a window', () => {
  it('are those of a history written month by month, for any spells and any window', () => {
    const spells = fc.record({
      since: fc.option(fc.nat({ max: 80 }), { nil: undefined }),
      before: fc.nat({ max: 80 }),
      turns: fc.uniqueArray(fc.integer({ min: 1, max: 150 }), { maxLength: 12 }),
      within: fc.integer({ min: 1, max: 64 }),
    })
    fc.assert(
      fc.property(spells, ({ since, before, turns, within }) => {
        const begun = since === undefined ? NEVER : from - since
        const person = head(begun, before)
        // The months before the spell: right before it, or before the horizon's first.
        const insured = new Set<number>()
        const last = (since === undefined ? from : begun) - 1
        for (let k = 0; k < before; k++) insured.add(last - k)
        for (let month = begun + 1; month <= from; month++) insured.add(month)
        let running = since !== undefined
        for (let month = from + 1; month <= from + 160; month++) {
          // A month counts if the spell ran when it began.
          if (running) insured.add(month)
          if (turns.includes(month - from)) {
            turn(person, month)
            running = !running
          }
          let count = 0
          for (let k = 0; k < within; k++) if (insured.has(month - k)) count++
          expect(insuredWithin(person, 0, month, within), `${month - from}`).toBe(count)
        }
      }),
    )
  })

  it('36 of the last 60: reached in the very month, lost in the very month', () => {
    const person = head(from)
    expect(insuredWithin(person, 0, from + 35, 60)).toBe(35)
    expect(insuredWithin(person, 0, from + 36, 60)).toBe(36)
    // 40 months from 2015-02 to 2018-05; the first of them falls out of the window with from + 61.
    turn(person, from + 40)
    expect(insuredWithin(person, 0, from + 60, 60)).toBe(40)
    expect(insuredWithin(person, 0, from + 64, 60)).toBe(36)
    expect(insuredWithin(person, 0, from + 65, 60)).toBe(35)
  })

  it('six months in a row are six of the last six: the month in which months_insured becomes 6', () => {
    const person = head()
    turn(person, from + 3)
    const sixOfSix = Array.from({ length: 12 }, (_, k) => insuredWithin(person, 0, from + 3 + k, 6) === 6)
    expect(sixOfSix.indexOf(true)).toBe(6)
    // A break of one month and it is to begin again.
    turn(person, from + 15)
    turn(person, from + 16)
    expect(insuredWithin(person, 0, from + 21, 6)).toBe(5)
    expect(insuredWithin(person, 0, from + 22, 6)).toBe(6)
  })

  it('begin anew where the columns are used for another run', () => {
    const person = head(from - 10)
    turn(person, from + 5)
    person.insuredSince[0] = NEVER
    person.insuredBefore[0] = 0
    keepInsuredMonths(person, from)
    expect(insuredWithin(person, 0, from + 5, 64)).toBe(0)
  })
})
