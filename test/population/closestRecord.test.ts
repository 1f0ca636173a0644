import { describe, expect, it } from 'vitest'
import { seedKey, uniform } from '../../src/evidence/luck.js'
import { closestRecords, type CodedColumn } from '../../src/population/closestRecord.js'

/** Rows of sex (named), age (ordered) and work (named). */
const columns = (...rows: [number, number, number][]): CodedColumn[] => [
  { name: 'sex', kind: 'named', data: rows.map(([sex]) => sex) },
  { name: 'age', kind: 'ordered', data: rows.map(([, age]) => age) },
  { name: 'work', kind: 'named', data: rows.map(([, , work]) => work) },
]

describe('the distance to the closest record', () => {
  const records = columns([0, 20, 1], [0, 20, 1], [1, 60, 2])

  it('is Gower’s: the mean of what differs, ages over their range of 40 years', () => {
    // Of [0, 30, 1] to [0, 20, 1]: (0 + 10/40 + 0) / 3. Of [1, 50, 1] to [1, 60, 2]: (0 + 10/40 + 1) / 3.
    const { synthetic } = closestRecords(columns([0, 30, 1], [1, 50, 1]), records)
    expect(synthetic.least).toBeCloseTo(1 / 12, 12)
    expect(synthetic.greatest).toBeCloseTo(1.25 / 3, 12)
    expect(synthetic.rows).toBe(2)
  })

  it('leaves out what is not known', () => {
    const { synthetic } = closestRecords(columns([0, NaN, 2]), records)
    // Known are sex and work: one of two differs from either record.
    expect(synthetic.least).toBeCloseTo(1 / 2, 12)
  })

  it('counts copies, and refuses those of a record that nobody shares', () => {
    const { copies, refused, synthetic } = closestRecords(
      columns([1, 60, 2], [0, 20, 1], [1, 59, 2], [1, 60, 2]),
      records,
    )
    expect(copies).toBe(3)
    expect(refused).toEqual([0, 3])
    expect(synthetic.least).toBe(0)
  })

  it('tells rows that were drawn afresh from rows that were copied with a slip', () => {
    const key = seedKey('records')
    const rows = (from: number, count: number) =>
      Array.from({ length: count }, (_, i): [number, number, number] => [
        uniform(key, from + i, 1, 0) < 0.5 ? 0 : 1,
        Math.floor(uniform(key, from + i, 2, 0) * 10_000),
        Math.floor(uniform(key, from + i, 3, 0) * 7),
      ])
    const [real, out] = [rows(0, 800), rows(10_000, 400)]
    const afresh = closestRecords(columns(...rows(20_000, 400)), columns(...real), columns(...out))
    const copied = closestRecords(
      columns(
        ...real.slice(0, 400).map(([sex, age, work]): [number, number, number] => [sex, age + 1, work]),
      ),
      columns(...real),
      columns(...out),
    )
    // Binomial, five standard errors about .05.
    expect(afresh.nearer!).toBeLessThan(0.05 + 5 * Math.sqrt((0.05 * 0.95) / 400) * Math.SQRT2)
    expect(copied.nearer!).toBeGreaterThan(0.9)
    expect(copied.refused.length).toBeLessThan(10)
    expect(afresh.heldOut!.rows).toBe(400)
  })
})
