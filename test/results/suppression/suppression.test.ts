import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { linearPrograms } from '../../../src/node/linearPrograms.js'
import { audit, knownExactly, widthOf, type Range } from '../../../src/results/suppression/audit.js'
import { protect } from '../../../src/results/suppression/pattern.js'
import { isSmall, rangeOfShown, toTens } from '../../../src/results/suppression/rule.js'
import type { Solver } from '../../../src/results/suppression/solver.js'
import { sum, systemOf, tableRelations, type System } from '../../../src/results/suppression/system.js'

type Place = [row: number, column: number]
interface TwoWay {
  name: string
  table: number[][]
  rowTotals: number[]
  colTotals: number[]
  grandTotal: number
  primary: Place[]
  fewestComplementary: number
  example: Place[]
  intervals: Record<string, [number, number]>
}
interface Cases {
  twoWay: TwoWay[]
  audit: {
    name: string
    table: number[][]
    hidden: Place[]
    recoverable: Record<string, number>
    intervals: Record<string, [number, number]>
  }[]
  oneWay: { name: string; cells: number[]; total: number; variant?: { cells: number[]; total: number } }[]
  rounding: { halfUp: Record<string, number | string> }
  weights: { name: string; weighted: number; unweighted: number; hidden: boolean }[]
}
/** Published with their judgement: every primary cell hidden, every hidden cell left an interval longer than 0. */
const cases = JSON.parse(readFileSync(new URL('cases.json', import.meta.url), 'utf8')) as Cases
const oneWay = (name: string) => cases.oneWay.find(one => one.name === name)!

let solver: Solver
beforeAll(async () => {
  solver = await linearPrograms()
})

/** A two-way table with its totals; `at(row, column)` is its cell. */
function twoWay(table: number[][]): { system: System; at(place: Place): number } {
  const columns = table[0].length
  const across = table.map(row => [...row, row.reduce((a, b) => a + b)])
  const down = across[0].map((_, c) => across.reduce((total, row) => total + row[c], 0))
  const cells = [...across, down].flat()
  return {
    system: systemOf(cells, tableRelations([table.length + 1, columns + 1])),
    at: ([row, column]) => row * (columns + 1) + column,
  }
}

/** Cells and their total, which comes first. */
const row = (cells: number[], signed = false): System =>
  systemOf(
    [cells.reduce((a, b) => a + b), ...cells],
    [
      sum(
        0,
        cells.map((_, k) => k + 1),
      ),
    ],
    signed,
  )

const smallOf = ({ values }: System): number[] => [...values.keys()].filter(cell => isSmall(values[cell]))
/** Totals are dearer than what they sum. */
const totals = ({ relations }: System): ((cell: number) => number) => {
  const sums = new Set(relations.map(({ cells }) => cells[0]))
  return cell => (sums.has(cell) ? 5 : 1)
}
const hide = (system: System, cost = totals(system)) =>
  protect(system, { primary: smallOf(system), cost }, solver)

const auditExactly = (system: System, hidden: Iterable<number>): Map<number, Range> => {
  const set = new Set(hidden)
  return audit(system, knownExactly(system, set), set, solver)
}

describe('tables with totals', () => {
  for (const { name, table, primary, fewestComplementary, example, intervals } of cases.twoWay) {
    it(`${name}: hides the small cells, as few others as can be, and all stay open`, () => {
      const { system, at } = twoWay(table)
      const pattern = hide(system)
      expect(pattern.narrow).toEqual([])
      expect(pattern.primary).toEqual(new Set(primary.map(at)))
      const hidden = [...pattern.primary, ...pattern.complementary]
      for (const cell of hidden) expect(system.values[cell]).not.toBe(0)
      for (const range of auditExactly(system, hidden).values()) expect(widthOf(range)).toBeGreaterThan(0)
      expect(pattern.complementary.size).toBe(fewestComplementary)
    })

    it(`${name}: the audit gives the published intervals`, () => {
      const { system, at } = twoWay(table)
      const found = auditExactly(system, [...primary, ...example].map(at))
      for (const [place, [low, high]] of Object.entries(intervals)) {
        const { low: least, high: greatest } = found.get(at(place.split(',').map(Number) as Place))!
        expect(least).toBeCloseTo(low, 6)
        expect(greatest).toBeCloseTo(high, 6)
      }
    })
  }

  for (const { name, table, hidden, recoverable, intervals } of cases.audit)
    it(`${name}: the audit finds what counting hidden cells a line does not`, () => {
      const { system, at } = twoWay(table)
      const found = auditExactly(system, hidden.map(at))
      for (const [place, [low, high]] of Object.entries(intervals)) {
        const range = found.get(at(place.split(',').map(Number) as Place))!
        expect([range.low, range.high]).toEqual([expect.closeTo(low, 6), expect.closeTo(high, 6)])
        expect(widthOf(range) < 1e-6).toBe(place in recoverable)
      }
      // And the program does not stop there: with the same cells to hide it hides more, until all are open.
      expect(
        protect(system, { primary: hidden.map(at), cost: totals(system) }, solver).complementary.size,
      ).toBeGreaterThan(0)
    })
})

describe('rows with a total', () => {
  it('a single small cell takes the smallest other with it', () => {
    expect(hide(row(oneWay('one-dimension').cells))).toMatchObject({
      primary: new Set([1]),
      complementary: new Set([2]),
      narrow: [],
    })
  })

  it('two small cells of more than nine together protect each other; of fewer, one more is hidden', () => {
    const { cells, variant } = oneWay('one-dimension-two-small')
    expect(hide(row(cells)).complementary.size).toBe(0)
    expect(hide(row(variant!.cells)).complementary).toEqual(new Set([3]))
  })

  it('a small total is hidden with all but the zero', () => {
    const pattern = hide(row(oneWay('small-total').cells))
    expect(pattern).toMatchObject({ primary: new Set([0, 1, 2]), complementary: new Set(), narrow: [] })
  })

  it('a small total is hidden in the parent table too', () => {
    // A = 2 + 3 + 0, and with B = 60 and C = 80 it makes 145.
    const system = systemOf([145, 5, 60, 80, 2, 3, 0], [sum(0, [1, 2, 3]), sum(1, [4, 5, 6])])
    const { primary, complementary } = hide(system)
    expect([...primary].sort()).toEqual([1, 4, 5])
    expect(complementary).toEqual(new Set([2]))
  })

  it('two tables of one release are audited together', () => {
    // City 144 = 4 + 60 + 80, and "outside the first" = 60 + 80 = 140.
    const system = systemOf([144, 4, 60, 80, 140], [sum(0, [1, 2, 3]), sum(4, [2, 3])])
    const alone = systemOf([144, 4, 60, 80], [sum(0, [1, 2, 3])])
    expect(hide(alone).complementary).toEqual(new Set([2]))
    expect(auditExactly(system, [1, 2]).get(1)).toEqual({
      low: expect.closeTo(4, 6),
      high: expect.closeTo(4, 6),
    })
    const { primary, complementary, narrow } = hide(system)
    expect(narrow).toEqual([])
    for (const range of auditExactly(system, [...primary, ...complementary]).values())
      expect(widthOf(range)).toBeGreaterThanOrEqual(10 - 1e-6)
  })
})

describe('rounding', () => {
  it('goes to the nearest ten, halves away from zero', () => {
    for (const [value, shown] of Object.entries(cases.rounding.halfUp))
      expect(toTens(Number(value))).toBe(typeof shown === 'number' ? shown : -10)
  })

  it('a shown 40 says 35 to 45, a shown 10 says 10 to 15, and a zero says zero', () => {
    expect(rangeOfShown(42)).toEqual([35, 45])
    expect(rangeOfShown(12)).toEqual([10, 15])
    expect(rangeOfShown(0)).toEqual([0, 0])
    expect(rangeOfShown(-42, true)).toEqual([-45, -35])
  })
})

describe('weights', () => {
  for (const { name, weighted, unweighted, hidden } of cases.weights)
    it(`${name}: either below ten hides`, () => expect(isSmall(weighted, unweighted)).toBe(hidden))
})

/** Small whole tables with a fair share of small cells and true zeros. */
const smallTable = (rows: number, columns: number) =>
  fc.array(
    fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 10, max: 40 })), {
      minLength: columns,
      maxLength: columns,
    }),
    { minLength: rows, maxLength: rows },
  )

/**
 * The range of every hidden cell of a two-way table over all tables of whole numbers with the same shown cells: by going
 * through them all, without any linear programming.
 */
function byCounting(table: number[][], hidden: Set<string>): Map<string, Range> {
  const found = new Map<string, Range>()
  const open = table
    .flatMap((row, r) => row.map((_, c) => [r, c] as const))
    .filter(([r, c]) => hidden.has(`${r},${c}`))
  const left = (cells: readonly (readonly [number, number])[], line: 0 | 1) =>
    table[0].length &&
    (line === 0 ? table : table[0]).map((_, k) =>
      cells.reduce((sum, place) => sum + (place[line] === k ? table[place[0]][place[1]] : 0), 0),
    )
  const rows = left(open, 0) as number[]
  const columns = left(open, 1) as number[]
  const now: number[] = []
  const visit = (k: number): void => {
    if (k === open.length) {
      if (rows.some(rest => rest !== 0) || columns.some(rest => rest !== 0)) return
      open.forEach(([r, c], at) => {
        const range = found.get(`${r},${c}`) ?? { low: Infinity, high: -Infinity }
        found.set(`${r},${c}`, { low: Math.min(range.low, now[at]), high: Math.max(range.high, now[at]) })
      })
      return
    }
    const [r, c] = open[k]
    const most = Math.min(rows[r], columns[c])
    // The last open cell of a row takes what is left of it.
    const least = open.slice(k + 1).some(([other]) => other === r) ? 0 : rows[r]
    for (let value = least; value <= most; value++) {
      now[k] = value
      rows[r] -= value
      columns[c] -= value
      visit(k + 1)
      rows[r] += value
      columns[c] += value
    }
  }
  visit(0)
  return found
}

describe('any table', () => {
  it('the audit agrees with counting all tables of whole numbers', () => {
    // The constraints of a two-way table have whole vertices, so the two must agree to the digit.
    fc.assert(
      fc.property(
        smallTable(3, 3),
        fc.uniqueArray(fc.tuple(fc.nat(2), fc.nat(2)), {
          minLength: 1,
          maxLength: 6,
          selector: place => place.join(),
        }),
        (table, places) => {
          const { system, at } = twoWay(table)
          const counted = byCounting(table, new Set(places.map(place => place.join())))
          const found = auditExactly(system, places.map(at))
          for (const place of places) {
            const range = found.get(at(place))!
            expect([Math.round(range.low * 1e6) / 1e6, Math.round(range.high * 1e6) / 1e6]).toEqual([
              counted.get(place.join())!.low,
              counted.get(place.join())!.high,
            ])
          }
        },
      ),
      { numRuns: 60 },
    )
  })

  it('no cell of a protected two-way table can be worked out, by counting too', () => {
    fc.assert(
      fc.property(smallTable(3, 4), table => {
        const { system, at } = twoWay(table)
        const { primary, complementary, narrow } = hide(system)
        expect(narrow).toEqual([])
        const hidden = new Set([...primary, ...complementary])
        for (const cell of primary) expect(isSmall(system.values[cell])).toBe(true)
        for (const cell of hidden) expect(system.values[cell]).not.toBe(0)
        for (const range of auditExactly(system, hidden).values())
          expect(widthOf(range)).toBeGreaterThanOrEqual(10 - 1e-6)
        // Counting knows tables whose totals are all shown.
        const places = table
          .flatMap((row, r) => row.map((_, c) => [r, c] as Place))
          .filter(place => hidden.has(at(place)))
        if (places.length === hidden.size && places.length <= 7)
          for (const { low, high } of byCounting(table, new Set(places.map(place => place.join()))).values())
            expect(high - low).toBeGreaterThanOrEqual(10)
      }),
      { numRuns: 60 },
    )
  }, 120_000)

  it('nor of a three-way table with all its totals', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 60 })), { minLength: 12, maxLength: 12 }),
        cells => {
          const system = threeWay(cells, [2, 3, 2])
          const { primary, complementary, narrow } = hide(system)
          expect(narrow).toEqual([])
          for (const range of auditExactly(system, [...primary, ...complementary]).values())
            expect(widthOf(range)).toBeGreaterThanOrEqual(10 - 1e-6)
        },
      ),
      { numRuns: 25 },
    )
  }, 120_000)
})

/** Inner cells in row-major order, filled up with all totals. */
function threeWay(inner: number[], [a, b, c]: number[]): System {
  const shape = [a + 1, b + 1, c + 1]
  const values = new Array<number>(shape[0] * shape[1] * shape[2]).fill(0)
  for (let i = 0; i < a; i++)
    for (let j = 0; j < b; j++)
      for (let k = 0; k < c; k++)
        for (const x of [i, a])
          for (const y of [j, b])
            for (const z of [k, c]) values[(x * shape[1] + y) * shape[2] + z] += inner[(i * b + j) * c + k]
  return systemOf(values, tableRelations(shape))
}
