import { beforeAll, describe, expect, it } from 'vitest'
import { normalCdf, normalQuantile } from '../../src/evidence/draw.js'
import { seedKey } from '../../src/evidence/luck.js'
import { monthOf, NEVER, type Horizon } from '../../src/evidence/month.js'
import { loadPack } from '../../src/node/packs.js'
import type { Pack } from '../../src/pack/pack.js'
import { CORE_FACTS } from '../../src/policy/facts.js'
import { shareGiven } from '../../src/population/papers.js'
import { PLACE, type Population } from '../../src/population/population.js'
import { synthesize } from '../../src/population/synthesize.js'

const horizon: Horizon = { from: monthOf(2015, 1), to: monthOf(2015, 12) }
let pack: Pack
let shipped: Map<string, number>
const make = (overrides: Record<string, number>): Population =>
  synthesize(
    pack,
    new Map([...shipped, ...Object.entries({ 'pop.stockFactor': 0.4, ...overrides })]),
    horizon,
    seedKey('papers'),
    1,
  )

beforeAll(async () => {
  pack = await loadPack('zhaoqing')
  shipped = new Map(pack.parameters.flatMap(({ id, value }) => (value === undefined ? [] : [[id, value]])))
})

const code = (fact: string, value: string) =>
  (CORE_FACTS.find(({ name }) => name === fact)!.type as { values: string[] }).values.indexOf(value)

/** Heads here who rent, after half a year, in employment: all three papers are within their reach. */
function heads({ households, persons }: Population) {
  const employee = [code('work', 'formal'), code('work', 'informal')]
  const rows: { permit: boolean; lease: boolean; six: boolean; insured: boolean; education: number }[] = []
  for (let h = 0; h < households.count; h++) {
    const head = households.first[h]
    if (households.place[h] !== PLACE.here || horizon.from - households.month[h] < 6) continue
    if (households.tenure[h] !== code('tenure', 'rent') || !employee.includes(persons.work[head])) continue
    rows.push({
      permit: households.permitSince[h] !== NEVER,
      lease: households.leaseFiled[h] === 1,
      insured: persons.work[head] === employee[0],
      six: persons.insuredSince[head] !== NEVER && persons.insuredSince[head] <= horizon.from - 6,
      education: persons.education[head],
    })
  }
  return rows
}
type Rows = ReturnType<typeof heads>
const share = (rows: Rows, of: (row: Rows[number]) => boolean) => rows.filter(of).length / rows.length

/** P(X < a, Y < b) of a bivariate normal: the one-factor integral by Simpson's rule, no code of the program's. */
function both(p: number, q: number, rho: number): number {
  const [a, b] = [normalQuantile(p), normalQuantile(q)]
  const at = (z: number) =>
    (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) *
    normalCdf((a - Math.sqrt(rho) * z) / Math.sqrt(1 - rho)) *
    normalCdf((b - Math.sqrt(rho) * z) / Math.sqrt(1 - rho))
  const [steps, end] = [2000, 8]
  const width = (2 * end) / steps
  let sum = at(-end) + at(end)
  for (let i = 1; i < steps; i++) sum += at(-end + i * width) * (i % 2 ? 4 : 2)
  return (sum * width) / 3
}

describe('papers of one household', () => {
  it('are had as often whatever their correlation', () => {
    for (const correlation of [0, 0.3, 0.8]) {
      const rows = heads(make({ 'pop.papers': correlation, 'pop.papersSchooling': 0.4 }))
      expect(rows.length).toBeGreaterThan(20_000)
      // Four standard deviations of the widest, and what heads differ from all adults in schooling.
      const near = (made: number, asked: number) => expect(Math.abs(made - asked)).toBeLessThan(0.017)
      near(
        share(rows, ({ permit }) => permit),
        0.55,
      )
      near(
        share(rows, ({ lease }) => lease),
        0.2,
      )
      near(
        share(rows, ({ insured }) => insured),
        0.25,
      )
      near(
        share(rows, ({ six }) => six),
        0.18,
      )
    }
  }, 120_000)

  it('are held together as a bivariate normal of that correlation says', () => {
    for (const correlation of [0, 0.5]) {
      const rows = heads(make({ 'pop.papers': correlation }))
      const near = (made: number, asked: number) => expect(Math.abs(made - asked)).toBeLessThan(0.01)
      near(
        share(rows, ({ permit, lease }) => permit && lease),
        both(0.55, 0.2, correlation),
      )
      near(
        share(rows, ({ lease, six }) => lease && six),
        both(0.2, 0.18, correlation),
      )
    }
    expect(both(0.55, 0.2, 0)).toBeCloseTo(0.11, 6)
    expect(both(0.55, 0.2, 0.5)).toBeGreaterThan(0.15)
  }, 120_000)

  it('follow schooling where they are told to, and not otherwise', () => {
    const insuredBy = (schooling: number) => {
      const rows = heads(make({ 'pop.papers': 0.5, 'pop.papersSchooling': schooling }))
      const of = (from: number, to: number) =>
        share(
          rows.filter(({ education }) => education >= from && education <= to),
          ({ insured }) => insured,
        )
      return [of(0, code('education', 'primary')), of(code('education', 'junior_college'), 99)]
    }
    const [lowAlone, highAlone] = insuredBy(0)
    const [low, high] = insuredBy(0.8)
    expect(Math.abs(highAlone - lowAlone)).toBeLessThan(0.03)
    expect(high - low).toBeGreaterThan(0.15)
  }, 120_000)
})

describe('the share given formality', () => {
  it('is the share itself where papers are apart, and its mean over formality is the share', () => {
    expect(shareGiven({ correlation: 0, schooling: 0 }, 0.37, 1.3)).toBe(0.37)
    for (const correlation of [0.1, 0.5, 0.9]) {
      let mean = 0
      for (let i = 0; i < 4000; i++)
        mean += shareGiven({ correlation, schooling: 0 }, 0.37, normalQuantile((i + 0.5) / 4000)) / 4000
      expect(mean).toBeCloseTo(0.37, 4)
    }
  })
})
