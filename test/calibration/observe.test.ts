import { beforeAll, describe, expect, it } from 'vitest'
import { measurement } from '../../src/calibration/observe.js'
import { priors, type Priors } from '../../src/calibration/priors.js'
import { observations, type Observations } from '../../src/calibration/targets.js'
import { hypercube } from '../../src/calibration/sampler.js'
import { seedKey, uniform } from '../../src/evidence/luck.js'
import { loadPack } from '../../src/node/packs.js'
import type { Pack } from '../../src/pack/pack.js'
import { InputError } from '../../src/reading/finding.js'
import { MEMBERS, type Member } from '../../src/simulation/calibrated.js'
import { baseFlow } from '../../src/simulation/expected.js'

const season = new Float64Array(12).fill(1)
let pack: Pack
let seen: Observations
let prior: Priors
beforeAll(async () => {
  pack = await loadPack('zhaoqing')
  seen = observations(pack)
  prior = priors(seen, pack.parameters)
})
const model = (member: Member) => measurement(seen, prior, season, member)
const points = (n: number) => hypercube(n, prior.dimension, seedKey('points')).map(z => z.map(x => x / 2))

describe('the observations', () => {
  it('make the areas disjoint: the sums are the printed totals of the city', () => {
    const total = (year: number, origin: number) =>
      seen.areas.reduce(
        (sum, _, a) => sum + seen.moves[(a * seen.years.length + seen.years.indexOf(year)) * 2 + origin],
        0,
      )
    // Printed totals, from the province and from other provinces; until 2010 Sihui's row holds the zone.
    for (const [year, province, other] of [
      [2008, 37361, 9854],
      [2010, 42892, 7696],
      [2011, 37306, 7099],
      [2017, 31603, 9082],
    ])
      // prettier-ignore
      expect([total(year, 0), total(year, 1)]).toEqual([province, other])
    expect(seen.outProvince[0]).toBe(39704)
    expect(seen.outProvince[9]).toBe(40778)
  })

  it('take the twelve numbers of the article, each on its basis', () => {
    expect([seen.parts.length, seen.external.length, seen.channels.length]).toEqual([6, 2, 4])
  })

  it('refuse what the measurement cannot read, all at once', () => {
    const bad = pack.targets.filter(t => t.use === 'fit').slice(0, 2).map(t => ({ ...t, basis: 'event' as const })) // prettier-ignore
    const short = {
      ...pack,
      targets: bad,
      yearbook: pack.yearbook.filter(r => r.year !== 2012 || r.area !== 'dinghu'),
      margins: [],
    }
    try {
      observations(short)
      expect.unreachable()
    } catch (error) {
      expect((error as InputError).findings.map(f => f.code).sort()).toEqual([
        'no-migrant-margin',
        'target-not-understood',
        'target-not-understood',
        'yearbook-gap',
      ])
    }
  })

  it('want the parameters that are fitted', () => {
    const fewer = pack.parameters.filter(p => p.id !== 'moves.break' && p.id !== 'moves.size')
    expect(() => priors(seen, fewer)).toThrow(/moves\.break[\s\S]*moves\.size|moves\.size[\s\S]*moves\.break/)
  })
})

describe('the measurement', () => {
  it('moves within the city leave somewhere: what comes in from other areas goes out', () => {
    for (const z of points(5)) {
      const m = model('return_decay_floor')
      const { row, nuisance } = m.point(z)
      m.expect(z, (index, mean) => {
        if (m.counts[index].id === 'out.2016.province') {
          const intra = row.areas.reduce((sum, _, a) => sum + baseFlow(row, a, 2016, 0)[0], 0)
          expect(mean).toBeCloseTo(intra + nuisance.outElsewhere, 6)
        }
      })
    }
  })

  it('in years of the break the base is that of the simulation', () => {
    const m = model('return_only')
    const [z] = points(1)
    const { row } = m.point(z)
    m.expect(z, (index, mean) => {
      if (m.counts[index].id === 'gaoyao.2017.other_province')
        expect(mean).toBeCloseTo(baseFlow(row, 2, 2017, 0)[2], 8)
      if (m.counts[index].id === 'gaoyao.2015.province') {
        const [intra, province] = baseFlow(row, 2, 2015, 0)
        expect(mean).toBeCloseTo(intra + province, 8)
      }
    })
  })

  it('external never exceeds districtIn over the same months', () => {
    for (const z of points(10)) {
      const m = model('return_decay_floor')
      const { row } = m.point(z)
      m.expect(z, (index, mean) => {
        if (m.counts[index].id !== 'seed.2016.city' || row.inForce < 2016 * 12 + 5) return
        const total = row.areas.reduce(
          (sum, _, a) => sum + baseFlow(row, a, 2016, 0).reduce((x, y) => x + y, 0),
          0,
        )
        expect(mean).toBeLessThan((total * 5) / 12)
      })
    }
  })

  it('the members deny what they deny', () => {
    const [z] = points(1)
    const row = (member: Member) => model(member).point(z).row
    expect([row('permanent').permanent, row('permanent').returned]).toEqual([1, 0])
    expect([row('decaying').permanent, row('decaying').returned]).toEqual([0, 0])
    expect(row('return_only').conversion).toEqual({ province: 0, otherProvince: 0 })
    expect(row('return_decay_floor').returned).toBeGreaterThan(0)
  })

  it('reckons a block as it would the whole, whatever was taken or refused before', () => {
    const key = seedKey('blocks')
    for (const member of MEMBERS) {
      const m = model(member)
      const whole = model(member)
      const z = points(30)
        .find(p => m.logDensity(p, -1) > -Infinity)!
        .slice()
      m.logDensity(z, -1)
      m.keep!(-1)
      for (let sweep = 0; sweep < 3; sweep++)
        for (const [block, { coordinates, way }] of m.blocks.entries()) {
          const trial = z.slice()
          if (way) way(z, trial, 0.05)
          else
            for (const [i, c] of coordinates.entries())
              trial[c] += 0.1 * (uniform(key, sweep, 340 + block, i) - 0.5)
          const log = m.logDensity(trial, block)
          expect(log).toBeCloseTo(whole.logDensity(trial, -1), 6)
          if (log > -Infinity && uniform(key, sweep, 339, block) < 0.5) {
            m.keep!(block)
            z.set(trial)
          }
        }
    }
  })
})
