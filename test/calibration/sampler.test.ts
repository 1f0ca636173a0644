import { describe, expect, it } from 'vitest'
import { effectiveSize, mean, variance } from '../../src/calibration/diagnosis.js'
import { hypercube, sample, type Target } from '../../src/calibration/sampler.js'
import { normalCdf } from '../../src/evidence/draw.js'
import { seedKey, subKey } from '../../src/evidence/luck.js'
import { quantiles } from '../../src/results/quantiles.js'
import known from './known.json' with { type: 'json' }

const budget = { sweeps: 24000, warmUp: 4000, keepEvery: 1 }
const run = (target: Target, start: number[], seed = 'sampler') =>
  sample(target, Float64Array.from(start), { key: seedKey(seed), ...budget }).draws
const line = (logDensity: (x: number) => number): Target => ({
  dimension: 1,
  blocks: [{ coordinates: [0] }],
  logDensity: z => logDensity(z[0]),
})

/** Mean within 4 Monte Carlo errors, the 5 and 95 % points within .15 sd. */
function expectPosterior(
  draws: Float64Array,
  { mean: m, sd, quantiles: q }: { mean: number; sd: number; quantiles: Record<string, number> },
) {
  expect(Math.abs(mean(draws) - m)).toBeLessThan((4 * sd) / Math.sqrt(effectiveSize([draws])))
  const [low, high] = quantiles(draws, [0.05, 0.95])
  expect(Math.abs(low - q['0.05'])).toBeLessThan(0.15 * sd)
  expect(Math.abs(high - q['0.95'])).toBeLessThan(0.15 * sd)
}
const first = (draws: Float64Array[]) => Float64Array.from(draws, z => z[0])

describe('blocked adaptive Metropolis', () => {
  const [normal, beta, edge, gamma] = known.conjugate as any[] // eslint-disable-line @typescript-eslint/no-explicit-any

  it('finds the conjugate posterior of a normal mean', () => {
    const { prior, sigma, data, posterior } = normal
    const log = (x: number) => -((x / prior.sd) ** 2) / 2 - (data.n * ((data.mean - x) / sigma) ** 2) / 2
    expectPosterior(first(run(line(log), [0])), posterior)
  })

  it('finds the beta posterior of a share, in the middle and at the edge', () => {
    for (const { prior, data, posterior } of [beta, edge]) {
      const [a, b] = [prior.a + data.k, prior.b + data.n - data.k]
      const log = (x: number) =>
        x <= 0 || x >= 1 ? -Infinity : (a - 1) * Math.log(x) + (b - 1) * Math.log(1 - x)
      expectPosterior(first(run(line(log), [0.5])), posterior)
    }
  })

  it('finds the gamma posterior of a rate', () => {
    const { shape, rate } = gamma.posterior
    expectPosterior(
      first(
        run(
          line(x => (x <= 0 ? -Infinity : (shape - 1) * Math.log(x) - rate * x)),
          [1],
        ),
      ),
      gamma.posterior,
    )
  })

  it('gives the banana its variance although y hangs on x', () => {
    const draws = run(
      {
        dimension: 2,
        blocks: [{ coordinates: [0, 1] }],
        logDensity: ([x, y]) => -(x * x) / 8 - (y - (x * x - 4) / 2) ** 2 / 2,
      },
      [0, 0],
    )
    const y = Float64Array.from(draws, z => z[1])
    expect(Math.abs(variance(y) / known.banana.moments.varY - 1)).toBeLessThan(0.2)
    expect(Math.sqrt(variance(first(draws)))).toBeCloseTo(known.banana.moments.sdX, 0)
  })

  it('walks along a ridge of hazard and stock', () => {
    const { prior, data, posterior } = known.ridge
    const [l, n] = [prior.l, prior.N].map(
      ([from, to]) =>
        (z: number) =>
          Math.log(from) + Math.log(to / from) * normalCdf(z),
    )
    const target: Target = {
      dimension: 2,
      blocks: [{ coordinates: [0, 1] }],
      logDensity: z => {
        const total = Math.exp(n(z[1])) * (1 - Math.exp(-5 * Math.exp(l(z[0]))))
        return -(z[0] ** 2 + z[1] ** 2) / 2 - ((data.T - total) / (data.relativeSd * data.T)) ** 2 / 2
      },
    }
    const draws = run(target, [0, -0.6])
    const hazard = Float64Array.from(draws, z => l(z[0]))
    expect(Math.sqrt(variance(hazard)) / posterior.sdLogHazard).toBeCloseTo(1, 0.8)
    const [p50] = quantiles(hazard, [0.5])
    expect(Math.abs(p50 - posterior.logHazardQuantiles['0.5'])).toBeLessThan(0.2)
  })

  it('keeps a density through moves that stretch space', () => {
    // scale s = e^z0 and x = s·z1: the way holds x and lets s move, its change of volume is 1/s.
    const target: Target = {
      dimension: 2,
      blocks: [
        {
          coordinates: [0, 1],
          way: (z, trial, by) => ((trial[0] = z[0] + by), (trial[1] = z[1] * Math.exp(-by)), -by),
        },
        { coordinates: [1] },
      ],
      logDensity: z => -(z[0] ** 2 + z[1] ** 2) / 2,
    }
    const draws = run(target, [0, 1])
    for (const i of [0, 1]) {
      const x = Float64Array.from(draws, z => z[i])
      expect(Math.abs(mean(x))).toBeLessThan(4 / Math.sqrt(effectiveSize([x])))
      expect(Math.abs(variance(x) - 1)).toBeLessThan(0.12)
    }
  })

  it('is a function of its key', () => {
    const target = line(x => -(x * x) / 2)
    const chain = (key: number) =>
      sample(target, new Float64Array(1), {
        key: subKey(seedKey('a'), key),
        sweeps: 500,
        warmUp: 100,
        keepEvery: 3,
      })
    expect(chain(1)).toEqual(chain(1))
    expect(chain(1).draws).not.toEqual(chain(2).draws)
  })

  it('refuses to start where nothing is possible', () => {
    expect(() =>
      run(
        line(() => -Infinity),
        [0],
      ),
    ).toThrow(RangeError)
  })
})

it('a Latin hypercube has one point in every slice of every coordinate', () => {
  const points = hypercube(40, 5, seedKey('cube'))
  for (let i = 0; i < 5; i++) {
    const slices = points.map(point => Math.floor(40 * normalCdf(point[i]))).sort((a, b) => a - b)
    expect(slices).toEqual(Array.from({ length: 40 }, (_, k) => k))
  }
})
