import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { linearPrograms } from '../../../src/node/linearPrograms.js'
import { bandAt, HIDDEN, type BandColumn, type Comparison } from '../../../src/results/comparison.js'
import { tableFiles } from '../../../src/results/csv.js'
import { publish } from '../../../src/results/suppression/publish.js'
import { takeTable, type Release } from '../../../src/results/suppression/release.js'
import type { Solver } from '../../../src/results/suppression/solver.js'

const { differences } = JSON.parse(readFileSync(new URL('cases.json', import.meta.url), 'utf8')) as {
  differences: { name: string; baseline: number[]; scenario: number[] }[]
}
const published = (name: string) => differences.find(one => one.name === name)!

let solver: Solver
beforeAll(async () => {
  solver = await linearPrograms()
})

const AREAS = ['north', 'east', 'south', 'west']

/** Counts by area with their total, one certain number each. */
function comparisonOf(scenarios: Record<string, number[]>, total = true, scale = 1): Comparison {
  const sum = (cells: number[]) => cells.reduce((a, b) => a + b)
  const column = (cells: number[]): BandColumn[] => {
    const values = Float64Array.from(total ? [sum(cells), ...cells] : cells)
    // Money follows from the count: 3 a head.
    return [values, values.map(x => 3 * x)].map(own => ({ mean: own, p05: own, p50: own, p95: own }))
  }
  const [baseline, ...others] = Object.keys(scenarios)
  const count = scenarios[baseline].length
  const text = (id: string) => ({ zh: id, en: id })
  return {
    pack: { id: 'town', title: text('town'), version: '1' },
    horizon: { from: 0, to: 11 },
    scenarios: Object.keys(scenarios).map(id => ({ id, title: text(id) })),
    baseline,
    seed: 's',
    replicates: 1,
    draws: 1,
    scale,
    tables: [
      {
        schema: {
          id: 'residents',
          title: text('residents'),
          keys: ['area'],
          measures: [
            { id: 'persons', unit: 'persons', label: text('persons') },
            { id: 'cost', unit: '10,000 yuan', label: text('cost') },
          ],
        },
        rows: [...(total ? ['city'] : []), ...AREAS.slice(0, count)].map(area => [area]),
        scenarios: Object.fromEntries(Object.entries(scenarios).map(([id, cells]) => [id, column(cells)])),
        ...(others.length > 0 && {
          difference: Object.fromEntries(
            others.map(id => [id, column(scenarios[id].map((x, k) => x - scenarios[baseline][k]))]),
          ),
        }),
      },
    ],
    headline: [],
    findings: [],
    assumptions: [],
    names: { area: {}, channel: {} },
  }
}

/** What is shown of each area, the total first. */
function shown(
  comparison: Comparison,
  scenario: string,
  measure = 'persons',
  paired = false,
): (number | 'hidden')[] {
  const [table] = comparison.tables
  const columns = paired ? table.difference![scenario] : table.scenarios[scenario]
  return table.rows.map((_, row) => {
    const { mean } = bandAt(columns, table, measure, row)
    return mean === HIDDEN ? 'hidden' : mean
  })
}

/** A release, taken in from its own CSV as a reader has it. */
function released(comparison: Comparison, rounded = true): Release {
  const lines = tableFiles(comparison.tables, comparison.baseline).get('residents.csv')!
  const table = lines
    .replace('\ufeff', '')
    .trim()
    .split('\r\n')
    .map(line => line.split(','))
  const release: Release = { manifest: 'm', shown: new Map(), rounded }
  takeTable(release.shown, 'residents', table)
  return release
}

describe('a comparison made from records of real persons', () => {
  it('hides the small count, one more, and what follows from them; rounds the rest to tens', () => {
    const safe = publish(comparisonOf({ a: [6, 42, 90, 123] }), solver)
    expect(shown(safe, 'a')).toEqual([260, 'hidden', 'hidden', 90, 120])
    expect(shown(safe, 'a', 'cost')).toEqual([783, 'hidden', 'hidden', 270, 369])
    expect(safe.suppression).toMatchObject({ counts: 5, primary: 1, complementary: 1, differences: 0 })
    expect(safe.findings.map(({ code }) => code)).toEqual(['cells-hidden'])
  })

  it('shows a true zero', () => {
    expect(shown(publish(comparisonOf({ a: [0, 42, 90, 123] }), solver), 'a')).toEqual([260, 0, 40, 90, 120])
  })

  it('counts the records behind a number too: at a tenth of the population 57 stand on six', () => {
    expect(shown(publish(comparisonOf({ a: [57, 420, 900, 1230] }, true, 0.1), solver), 'a')[1]).toBe(
      'hidden',
    )
    expect(shown(publish(comparisonOf({ a: [57, 420, 900, 1230] }), solver), 'a')[1]).toBe(60)
  })

  it('hides a band with a small end', () => {
    const comparison = comparisonOf({ a: [42, 90, 123] }, false)
    comparison.tables[0].scenarios.a[0].p05 = Float64Array.from([4, 80, 110])
    const [table] = publish(comparison, solver).tables
    expect(bandAt(table.scenarios.a, table, 'persons', 0)).toEqual({
      mean: HIDDEN,
      p05: HIDDEN,
      p50: HIDDEN,
      p95: HIDDEN,
    })
    expect(table.scenarios.a[0].p05[1]).toBe(80)
  })
})

describe('differences between scenarios', () => {
  it('are hidden with either level, and with one more where totals are shown', () => {
    const { baseline, scenario } = published('scenario-difference')
    const safe = publish(comparisonOf({ a: baseline, b: scenario }), solver)
    const level = shown(safe, 'a')
    const difference = shown(safe, 'b', 'persons', true)
    expect(level[3]).toBe('hidden')
    expect(difference[3]).toBe('hidden')
    // The total of the baseline is shown: one more of its cells is hidden, and the difference with it, but for a true zero.
    expect(level.filter(cell => cell === 'hidden')).toHaveLength(2)
    level.forEach((cell, k) => {
      if (cell === 'hidden' && difference[k] !== 0) expect(difference[k]).toBe('hidden')
    })
    expect(difference[1]).toBe(0)
  })

  it('are hidden where they are small, negative ones too, with one more where their total is shown', () => {
    const { baseline, scenario } = published('negative-difference')
    const safe = publish(comparisonOf({ a: baseline, b: scenario }), solver)
    expect(shown(safe, 'a')).toEqual([80, 40, 40])
    expect(shown(safe, 'b')).toEqual([90, 30, 60])
    expect(shown(safe, 'b', 'persons', true)).toEqual([10, 'hidden', 'hidden'])
  })

  it('of large cells that are small stay open by rounding, but not by what follows from the counts', () => {
    // 57 − 52: shown as 60 and 50; 3 a head would give 15/3 = 5 away.
    const safe = publish(comparisonOf({ a: [52], b: [57] }, false), solver)
    expect([shown(safe, 'a'), shown(safe, 'b'), shown(safe, 'b', 'persons', true)]).toEqual([
      [50],
      [60],
      ['hidden'],
    ])
    expect([shown(safe, 'a', 'cost'), shown(safe, 'b', 'cost')]).toEqual([['hidden'], ['hidden']])
  })
})

describe('releases one after the other', () => {
  it('show 50 and then 60 where five persons came', () => {
    const first = publish(comparisonOf({ a: [52] }, false), solver)
    const second = publish(comparisonOf({ a: [57] }, false), solver, [released(first)])
    expect([shown(first, 'a'), shown(second, 'a')]).toEqual([[50], [60]])
  })

  it('hide what came since where the earlier one showed exact figures', () => {
    const exact = released(comparisonOf({ a: [52] }, false), false)
    expect(shown(publish(comparisonOf({ a: [57] }, false), solver, [exact]), 'a')).toEqual(['hidden'])
    expect(shown(publish(comparisonOf({ a: [67] }, false), solver, [exact]), 'a')).toEqual([70])
  })

  it('go on hiding what was hidden', () => {
    const first = publish(comparisonOf({ a: [6, 42, 90, 123] }), solver)
    const later = comparisonOf({ a: [14, 42, 90, 123] })
    expect(shown(publish(later, solver), 'a')).toEqual([270, 10, 40, 90, 120])
    expect(shown(publish(later, solver, [released(first)]), 'a')).toEqual([270, 'hidden', 'hidden', 90, 120])
  })

  it('do not count on hiding what an earlier one showed', () => {
    // Alone, 42 would do to protect the 6; shown before, it is known to lie between 35 and 45.
    const first = publish(comparisonOf({ a: [16, 42, 90, 123] }), solver)
    const later = comparisonOf({ a: [6, 42, 90, 123] })
    const hidden = shown(publish(later, solver, [released(first)]), 'a').filter(cell => cell === 'hidden')
    expect(shown(publish(later, solver), 'a').filter(cell => cell === 'hidden')).toHaveLength(2)
    expect(hidden.length).toBeGreaterThan(1)
    // Exact figures leave nothing open: only what is no longer as it was can protect.
    const exact = released(comparisonOf({ a: [16, 42, 90, 123] }), false)
    const moved = publish(comparisonOf({ a: [6, 42, 90, 133] }), solver, [exact])
    expect(shown(moved, 'a')).toEqual([270, 'hidden', 40, 90, 'hidden'])
  })

  it('that leave a hidden count known end the work: nothing is handed back', () => {
    // One release hid 6 and 42, another told the 42.
    const [hiding, telling] = [
      [6, 42, 90, 123],
      [16, 42, 90, 123],
    ].map(a => comparisonOf({ a }))
    const releases = [released(publish(hiding, solver)), released(telling, false)]
    expect(() => publish(hiding, solver, releases)).toThrow(/nothing was written/)
  })
})
