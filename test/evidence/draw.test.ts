import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawParameter, drawValues, MONTH_UNIT, normalCdf, normalQuantile } from '../../src/evidence/draw.js'
import { seedKey } from '../../src/evidence/luck.js'
import { DISTRIBUTIONS, type Parameter } from '../../src/evidence/parameter.js'

const parameter = (changed: Partial<Parameter>): Parameter => ({
  id: 'a.b',
  label: { zh: '甲', en: 'a' },
  value: 3,
  unit: 'x',
  dist: 'normal',
  interval90: [1, 5],
  support: [-1e9, 1e9],
  grade: 'assumed',
  source: 'test',
  ...changed,
})
const inside = fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true })

describe('the normal distribution', () => {
  it('has the tabled quantiles', () => {
    // Standard tables.
    expect(normalQuantile(0.95)).toBeCloseTo(1.6448536269514722, 12)
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 12)
    expect(normalCdf(1)).toBeCloseTo(0.8413447460685429, 12)
    expect(normalCdf(-3)).toBeCloseTo(0.0013498980316300933, 14)
  })

  it('is undone by its cumulative probability', () => {
    fc.assert(fc.property(inside, p => Math.abs(normalCdf(normalQuantile(p)) - p) < 1e-12))
  })
})

describe('a draw', () => {
  it.each([
    ['normal', [1, 5], 3],
    ['uniform', [1, 5], 3],
    ['lognormal', [1, 9], 3],
    ['loguniform', [1, 9], 3],
  ] as const)(
    'of %s lies at the interval at 5 and 95 %%, at the middle at 50 %%',
    (dist, interval90, middle) => {
      const wide = parameter({
        dist,
        interval90: [...interval90],
        support: dist.startsWith('log') ? [1e-9, 1e9] : [-1e9, 1e9],
      })
      expect(drawParameter(wide, 0.05)).toBeCloseTo(interval90[0], 6)
      expect(drawParameter(wide, 0.95)).toBeCloseTo(interval90[1], 6)
      expect(drawParameter(wide, 0.5)).toBeCloseTo(middle, 6)
    },
  )

  it('has its median at the value, even where the interval leans to one side', () => {
    const leaning = parameter({
      value: 0.04,
      interval90: [0.01, 0.2],
      dist: 'lognormal',
      support: [1e-12, 1e12],
    })
    expect(drawParameter(leaning, 0.5)).toBeCloseTo(0.04, 9)
    expect(drawParameter(leaning, 0.05)).toBeCloseTo(0.01, 9)
    expect(drawParameter(leaning, 0.95)).toBeCloseTo(0.2, 9)
  })

  it('of U(.5, .95) by its 5 and 95 % points is exactly that', () => {
    const share = parameter({
      value: 0.725,
      dist: 'uniform',
      interval90: [0.5225, 0.9275],
      support: [0.5, 0.95],
    })
    for (const u of [0.001, 0.2, 0.5, 0.9, 0.999])
      expect(drawParameter(share, u)).toBeCloseTo(0.5 + 0.45 * u, 9)
  })

  it('is the value where it is fixed', () => {
    expect(drawParameter(parameter({ dist: 'fixed', value: 7 }), 0.123)).toBe(7)
  })

  it('keeps the shape of a truncated normal: the half normal has its median at z = .6745', () => {
    const half = parameter({
      value: 0,
      interval90: [-1.6448536269514722, 1.6448536269514722],
      support: [0, 1e9],
    })
    expect(drawParameter(half, 0.5)).toBeCloseTo(0.6744897501960817, 9)
  })

  it('stays in the support and rises with u, whatever the distribution', () => {
    const dist = fc.constantFrom(...DISTRIBUTIONS)
    const sorted = fc.uniqueArray(fc.double({ min: 0.01, max: 100, noNaN: true }), {
      minLength: 5,
      maxLength: 5,
    })
    fc.assert(
      fc.property(dist, sorted, inside, inside, (dist, numbers, u, v) => {
        const [low, p05, value, p95, high] = numbers.sort((a, b) => a - b)
        const p = parameter({ dist, value, interval90: [p05, p95], support: [low, high] })
        const [a, b] = [drawParameter(p, Math.min(u, v)), drawParameter(p, Math.max(u, v))]
        return low <= a && a <= b && b <= high
      }),
    )
  })

  it('of a month is whole, and every month of a uniform range about equally likely', () => {
    const month = parameter({
      unit: MONTH_UNIT,
      dist: 'uniform',
      value: 106,
      interval90: [101, 112],
      support: [101, 112],
    })
    const counts = new Map<number, number>()
    for (let i = 0; i < 12000; i++) {
      const drawn = drawParameter(month, (i + 0.5) / 12000)
      counts.set(drawn, (counts.get(drawn) ?? 0) + 1)
    }
    expect([...counts.keys()].sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, i) => 101 + i))
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThanOrEqual(2)
  })

  it('asks for a value', () => {
    expect(() => drawParameter(parameter({ value: undefined }), 0.5)).toThrow('a.b')
  })
})

describe('draws of all parameters', () => {
  const key = seedKey('draws')
  const [a, b, c] = ['a.a', 'b.b', 'c.c'].map(id => parameter({ id }))

  it('are keyed by name: adding, dropping or moving one changes no other', () => {
    const all = drawValues([a, b, c], key)
    expect(drawValues([c, a], key)).toEqual(new Map([...all].filter(([id]) => id !== 'b.b')))
    expect(new Set(all.values()).size).toBe(3)
  })

  it('leave points where they are, and stocks without a value out', () => {
    const drawn = drawValues([a, { ...b, value: undefined }], key, new Map([['a.a', 4.5]]))
    expect([...drawn]).toEqual([['a.a', 4.5]])
  })
})
