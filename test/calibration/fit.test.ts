import { beforeAll, describe, expect, it } from 'vitest'
import { fitMember, fitPack, type Budget } from '../../src/calibration/fit.js'
import { negbinDraw } from '../../src/calibration/negbin.js'
import { measurement } from '../../src/calibration/observe.js'
import { PLACE, priors } from '../../src/calibration/priors.js'
import { calibratedCsv } from '../../src/calibration/rows.js'
import { observations, type Observations } from '../../src/calibration/targets.js'
import { fitFindings } from '../../src/calibration/wording.js'
import { normalQuantile } from '../../src/evidence/draw.js'
import { seedKey, subKey, uniform } from '../../src/evidence/luck.js'
import { loadPack } from '../../src/node/packs.js'
import type { Pack } from '../../src/pack/pack.js'
import { columnNames, fromColumns, MEMBERS, toColumns } from '../../src/simulation/calibrated.js'

const season = new Float64Array(12).fill(1)
let pack: Pack
let seen: Observations
beforeAll(async () => {
  pack = await loadPack('zhaoqing')
  seen = only(observations(pack), ['duanzhou', 'dinghu', 'hightech'])
})

/** The same place with a few of its areas. */
function only(all: Observations, areas: string[]): Observations {
  const at = areas.map(area => all.areas.indexOf(area))
  const width = all.years.length * 2
  const pick = (values: Float64Array, each: number) =>
    Float64Array.from(at.flatMap(a => [...values.subarray(a * each, (a + 1) * each)]))
  return {
    ...all,
    areas,
    moves: pick(all.moves, width),
    stock: pick(all.stock, 2),
    parts: all.parts.filter(p => at.includes(p.area)).map(p => ({ ...p, area: at.indexOf(p.area) })),
  }
}

/** Counts that the model itself would show at a point drawn from the prior. */
function world(seed: number): { truth: Map<string, number>; counts: Observations } {
  const prior = priors(seen, pack.parameters)
  const key = subKey(seedKey('worlds'), seed)
  for (let attempt = 0; ; attempt++) {
    const z = Float64Array.from({ length: prior.dimension }, (_, i) =>
      normalQuantile(uniform(key, attempt, 360, i)),
    )
    const model = measurement(seen, prior, season, 'return_decay_floor')
    if (model.logDensity(z, -1) === -Infinity) continue
    const counts: Observations = { ...seen, moves: seen.moves.slice(), outProvince: seen.outProvince.slice() }
    const drawn = (m: typeof model) => {
      const out = new Map<string, number>()
      m.expect(z, (index, mean, size) => {
        const u: [number, number] = [uniform(key, index, 361, 0), uniform(key, index, 362, 0)]
        out.set(m.counts[index].id, negbinDraw(mean, size, u))
      })
      return out
    }
    const years = drawn(model)
    for (const [a, area] of seen.areas.entries())
      for (const [y, year] of seen.years.entries())
        for (const [o, origin] of ['province', 'other_province'].entries())
          counts.moves[(a * seen.years.length + y) * 2 + o] = years.get(`${area}.${year}.${origin}`)!
    for (const [y, year] of seen.years.entries()) counts.outProvince[y] = years.get(`out.${year}.province`)!
    // A part of a year is a part of the year that was drawn.
    const parts = drawn(measurement(counts, prior, season, 'return_decay_floor'))
    for (const group of ['parts', 'external', 'channels'] as const)
      Object.assign(counts, {
        [group]: seen[group].map(count => ({ ...count, count: parts.get(count.id)! })),
      })
    return { truth: new Map(PLACE.map((name, i) => [name, prior.all[i].at(z[i])])), counts }
  }
}

describe('the fit', () => {
  const small: Budget = { seed: 'test', draws: 20, iterations: 300, chains: 2 }

  it('covers a synthetic truth about as often as it says', () => {
    let [covered, asked] = [0, 0]
    for (let seed = 0; seed < 8; seed++) {
      const { truth, counts } = world(seed)
      const { learnt } = fitMember(counts, pack, season, 'return_decay_floor', {
        seed: `w${seed}`,
        draws: 200,
        iterations: 2400,
        chains: 1,
      })
      for (const { name, p05, p95 } of learnt) {
        const value = truth.get(name)!
        asked++
        if (value >= p05 && value <= p95) covered++
      }
    }
    expect(asked).toBe(8 * (PLACE.length - 3))
    expect(covered / asked).toBeGreaterThan(0.82)
    expect(covered / asked).toBeLessThan(0.97)
  }, 120_000)

  it('gives the same bytes for the same words, others for other words', () => {
    const bytes = (seed: string) =>
      calibratedCsv(fitMember(seen, pack, season, 'decaying', { ...small, seed }).rows, seen.areas)
    expect(bytes('a')).toBe(bytes('a'))
    expect(bytes('a')).not.toBe(bytes('b'))
  })

  it('fits a member the same alone as among the others', () => {
    const all = fitPack(pack, season, { ...small, iterations: 30, draws: 5 }, ['permanent', 'return_only'])
    const [one] = fitPack(pack, season, { ...small, iterations: 30, draws: 5 }, ['return_only'])
    expect(one.rows).toEqual(all[1].rows)
  })

  it('tells what was missed, what was not learnt and when chains disagree', () => {
    const fit = fitMember(seen, pack, season, 'return_decay_floor', { ...small, iterations: 60 })
    const codes = fitFindings([fit]).map(finding => finding.code)
    expect(codes).toContain('not-identified')
    expect(codes).toContain('chains-disagree')
    for (const { zh, en } of fitFindings([fit]).map(f => f.message)) expect(zh).not.toBe(en)
  })
})

describe('the calibrated file', () => {
  it('reads back as it was written, to six digits', () => {
    const { rows } = fitMember(seen, pack, season, 'permanent', {
      seed: 'x',
      draws: 5,
      iterations: 60,
      chains: 1,
    })
    const [header, ...lines] = calibratedCsv(rows, seen.areas).trimEnd().split('\n')
    expect(header.split(',')).toEqual(columnNames(seen.areas))
    for (const [i, line] of lines.entries()) {
      const back = toColumns(fromColumns(line.split(',').map(Number)))
      for (const [k, value] of toColumns(rows[i]).entries())
        expect(Math.abs(back[k] - value)).toBeLessThanOrEqual(5e-6 * Math.abs(value))
    }
  })

  it('of the shipped pack holds the four readings in equal number, within their supports', () => {
    const { columns, rows } = pack.calibrated!
    expect(columns).toEqual(columnNames(pack.areas.map(({ id }) => id)))
    const read = rows.map(fromColumns)
    for (const member of MEMBERS) expect(read.filter(row => row.member === member)).toHaveLength(250)
    for (const row of read) {
      expect(row.breakLoss).toBeGreaterThanOrEqual(0.5)
      expect(row.breakLoss).toBeLessThanOrEqual(0.95)
      expect(row.share.kin + row.share.purchase + row.share.points).toBeLessThanOrEqual(0.98)
      expect(Number.isInteger(row.inForce)).toBe(true)
      for (const area of row.areas)
        expect(Math.min(area.intra, area.province, area.otherProvince)).toBeGreaterThan(0)
      if (row.member === 'return_only') expect(row.conversion).toEqual({ province: 0, otherProvince: 0 })
    }
  })
})
