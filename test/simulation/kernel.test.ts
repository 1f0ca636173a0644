import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DECISIONS, seedKey, uniform } from '../../src/evidence/luck.js'
import { monthOf, NEVER } from '../../src/evidence/month.js'
import { atBound } from '../../src/simulation/hazard.js'
import { BLOCK, Candidates } from '../../src/simulation/kernel.js'
import type { Run } from '../../src/simulation/run.js'
import { eventMonth, GroupWait } from '../../src/simulation/waiting.js'

const key = seedKey('kernel')
const visited = (seed: string, rows: number, bound: number, months: number, decision = 7): number[][] => {
  const candidates = new Candidates(seedKey(seed), decision, rows, bound)
  return Array.from({ length: months }, (_, m) => {
    const met: number[] = []
    candidates.visit(m, row => met.push(row))
    return met
  })
}
const z = (count: number, trials: number, p: number) => (count - trials * p) / Math.sqrt(trials * p * (1 - p))

describe('candidates at a bound', () => {
  it('are met with the probability of the bound, in every month, block and row alike: binomial, 4.5 standard deviations', () => {
    // Rows that fill no block, one and a half blocks, and exactly two.
    for (const [rows, bound] of [
      [900, 0.3],
      [BLOCK * 1.5, 0.02],
      [BLOCK * 2, 0.07],
    ] as const) {
      const months = 60
      const met = visited('binomial', rows, bound, months)
      for (const [m, list] of met.entries())
        expect(Math.abs(z(list.length, rows, bound)), `${rows} rows, month ${m}`).toBeLessThan(4.5)
      for (let first = 0; first < rows; first += BLOCK) {
        const size = Math.min(BLOCK, rows - first)
        const inBlock = met.flat().filter(row => row >= first && row < first + size).length
        expect(Math.abs(z(inBlock, size * months, bound))).toBeLessThan(4.5)
      }
      // Row by row: the counts of all rows are binomial, so their variance is months·p·(1 − p).
      const perRow = new Float64Array(rows)
      for (const row of met.flat()) perRow[row]++
      const variance = perRow.reduce((sum, n) => sum + (n - months * bound) ** 2, 0) / rows
      const expected = months * bound * (1 - bound)
      // Var of the sample variance of a binomial is about 2σ⁴/n + κ₄/n with κ₄ ≤ σ².
      expect(Math.abs(variance - expected)).toBeLessThan(
        4.5 * Math.sqrt((2 * expected ** 2 + expected) / rows),
      )
    }
  })

  it('thinned by probability / bound make the events of the plain monthly loop', () => {
    const [rows, months, bound] = [20_000, 36, 0.06]
    // A probability that differs by row and month, and a row that drops out after its event.
    const probability = (row: number, month: number) => (bound * ((row % 5) + 1) * ((month % 3) + 1)) / 15
    const done = new Uint8Array(rows)
    const counts = new Float64Array(15)
    const atRisk = new Float64Array(15)
    const candidates = new Candidates(key, 9, rows, bound)
    const cell = (row: number, m: number) => (row % 5) * 3 + (m % 3)
    for (let m = 0; m < months; m++) {
      for (let row = 0; row < rows; row++) if (!done[row]) atRisk[cell(row, m)]++
      candidates.visit(m, row => {
        if (done[row] || uniform(key, row, 9, m) * bound >= probability(row, m)) return
        done[row] = 1
        counts[cell(row, m)]++
      })
    }
    for (let c = 0; c < 15; c++) {
      const p = (bound * (Math.floor(c / 3) + 1) * ((c % 3) + 1)) / 15
      expect(Math.abs(z(counts[c], atRisk[c], p)), `class ${c}`).toBeLessThan(4.5)
    }
  })

  it('are the same whatever happens to anybody, and visited in ascending order without repeats', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.integer({ min: 1, max: 40_000 }),
        fc.double({ min: 0.001, max: 0.3, noNaN: true }),
        (seed, rows, bound) => {
          const met = visited(seed, rows, bound, 4)
          expect(visited(seed, rows, bound, 4)).toEqual(met)
          for (const list of met)
            list.forEach((row, i) => {
              expect(row).toBeLessThan(rows)
              if (i > 0) expect(row).toBeGreaterThan(list[i - 1])
            })
        },
      ),
      { numRuns: 15 },
    )
  })

  it('of a full block do not move when more rows come after it', () => {
    const small = visited('blocks', BLOCK, 0.05, 12)
    const large = visited('blocks', BLOCK * 2 + 77, 0.05, 12)
    expect(large.map(list => list.filter(row => row < BLOCK))).toEqual(small)
  })

  it('of two decisions have nothing in common but chance', () => {
    const [rows, months, bound] = [BLOCK, 24, 0.1]
    const [a, b] = [visited('two', rows, bound, months, 7), visited('two', rows, bound, months, 8)]
    const both = a.reduce((sum, list, m) => {
      const other = new Set(b[m])
      return sum + list.filter(row => other.has(row)).length
    }, 0)
    expect(Math.abs(z(both, rows * months, bound * bound))).toBeLessThan(4.5)
  })

  it('are not where a decision is added: nobody else moves', () => {
    // Two processes in turn against one alone: the draws of the one are the same.
    const alone = visited('added', 5000, 0.05, 12, 7)
    const one = new Candidates(seedKey('added'), 7, 5000, 0.05)
    const other = new Candidates(seedKey('added'), 8, 5000, 0.2)
    const together = Array.from({ length: 12 }, (_, m) => {
      const met: number[] = []
      other.visit(m, row => void uniform(seedKey('added'), row, 8, m))
      one.visit(m, row => met.push(row))
      return met
    })
    expect(together).toEqual(alone)
  })

  it('need a bound between 0 and 1', () => {
    for (const bound of [0, 1, -0.1, NaN]) expect(() => new Candidates(key, 7, 10, bound)).toThrow(/bound/)
  })
})

describe('a process at its bound', () => {
  const run = {
    key,
    world: {
      applicants: 500,
      population: { households: { key: Uint32Array.from({ length: 500 }, (_, h) => 9000 + h) } },
    },
    timeline: { horizon: { from: monthOf(2016, 5), to: monthOf(2016, 12) } },
  } as unknown as Run

  it('names itself, the household and the month where a probability is above it', () => {
    const process = atBound(run, {
      id: 'marriage',
      decision: 9,
      bound: 0.5,
      probability: h => (h === 77 ? 0.6 : 0),
      happens: () => {},
    })
    expect(() => {
      for (let m = 0; m < 8; m++) process.month(m)
    }).toThrow(/marriage: probability 0\.6 of household 9077 in 2016-\d\d is above the bound 0\.5/)
  })

  it('may reach it', () => {
    let happened = 0
    const process = atBound(run, {
      id: 'sure',
      decision: 9,
      bound: 0.5,
      probability: () => 0.5,
      happens: () => void happened++,
    })
    for (let m = 0; m < 8; m++) process.month(m)
    expect(Math.abs(z(happened, 4000, 0.5))).toBeLessThan(4.5)
  })
})

describe('a wait drawn once', () => {
  it('is geometric: chi-square against the closed form', () => {
    const [n, p, from] = [40_000, 0.07, 24_193]
    const classes = 40
    const counts = new Float64Array(classes + 1)
    for (let person = 0; person < n; person++) {
      const month = eventMonth(key, person, DECISIONS.purchase, from, p)
      expect(month).toBeGreaterThanOrEqual(from)
      counts[Math.min(classes, month - from)]++
    }
    let chi = 0
    for (let k = 0; k <= classes; k++) {
      const expected = n * (k < classes ? p * (1 - p) ** k : (1 - p) ** classes)
      chi += (counts[k] - expected) ** 2 / expected
    }
    // 40 degrees of freedom: 99.99 % point 84.
    expect(chi).toBeLessThan(84)
  })

  it('never ends later where the probability is higher, never ends at 0, ends at once at 1', () => {
    const probability = fc.double({ min: 1e-6, max: 0.999, noNaN: true })
    fc.assert(
      fc.property(fc.nat(), fc.nat({ max: 30_000 }), probability, probability, (person, from, p, q) => {
        const [low, high] = [Math.min(p, q), Math.max(p, q)]
        expect(eventMonth(key, person, 3, from, high)).toBeLessThanOrEqual(
          eventMonth(key, person, 3, from, low),
        )
        expect(eventMonth(key, person, 3, from, 0)).toBe(NEVER)
        expect(eventMonth(key, person, 3, from, 1)).toBe(from)
      }),
    )
  })

  it('of a group is what a draw a month with the group’s probabilities would be', () => {
    const n = 60_000
    const p = [
      [0.1, 0, 0.3, 0.05, 0.2],
      [0.4, 0.02, 0, 0.5, 0.1],
    ]
    // A third begins two months later.
    const begins = (person: number) => (person % 3 === 0 ? 2 : 0)
    const wait = new GroupWait(2, n)
    const counts = [0, 1].map(() => [0, 2].map(() => new Float64Array(6)))
    const waiting = new Set<number>()
    for (let m = 0; m < 5; m++) {
      for (let person = 0; person < n; person++)
        if (begins(person) === m) {
          wait.begin(person, person % 2, uniform(key, person, DECISIONS.aware, m))
          waiting.add(person)
        }
      for (const g of [0, 1]) wait.pass(g, p[g][m])
      for (const person of waiting)
        if (wait.isDue(person, person % 2)) {
          counts[person % 2][begins(person) / 2][m]++
          waiting.delete(person)
        }
    }
    for (const g of [0, 1])
      for (const start of [0, 2]) {
        const all = Array.from({ length: n }, (_, i) => i).filter(
          i => i % 2 === g && begins(i) === start,
        ).length
        let survive = 1
        for (let m = start; m < 5; m++) {
          const expected = survive * p[g][m]
          const made = counts[g][start / 2][m]
          if (expected === 0) expect(made).toBe(0)
          else
            expect(Math.abs(z(made, all, expected)), `group ${g} from ${start}, month ${m}`).toBeLessThan(4.5)
          survive *= 1 - p[g][m]
        }
      }
  })

  it('of a group with probability 1 ends for those who come later too', () => {
    const wait = new GroupWait(1, 2)
    wait.begin(0, 0, 0.3)
    wait.pass(0, 1)
    expect(wait.isDue(0, 0)).toBe(true)
    wait.begin(1, 0, 0.9)
    expect(wait.isDue(1, 0)).toBe(true)
  })
})
