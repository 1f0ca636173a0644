import { describe, expect, it } from 'vitest'
import {
  contraction,
  correlation,
  effectiveSize,
  kish,
  priorSd,
  splitRhat,
} from '../../src/calibration/diagnosis.js'
import { normalQuantile } from '../../src/evidence/draw.js'
import { seedKey, uniform } from '../../src/evidence/luck.js'
import known from './known.json' with { type: 'json' }

const key = seedKey('diagnosis')
const noise = (n: number, chain = 0) =>
  Float64Array.from({ length: n }, (_, i) => normalQuantile(uniform(key, i, 330, chain)))
const standard = { name: 'x', log: false, at: (z: number) => 2 * z }

describe('diagnosis', () => {
  it('knows chains that agree from chains that do not', () => {
    const chains = [noise(2000, 0), noise(2000, 1), noise(2000, 2)]
    expect(splitRhat(chains)).toBeLessThan(1.01)
    expect(splitRhat([chains[0], chains[1].map(x => x + 2)])).toBeGreaterThan(1.3)
    expect(splitRhat([chains[0].map((x, i) => x + i / 500)])).toBeGreaterThan(1.3) // one chain that drifts
  })

  it('gives an autoregression its known effective size, n(1 − ρ)/(1 + ρ)', () => {
    for (const rho of [0, 0.5, 0.9]) {
      const chains = [0, 1, 2, 3].map(chain => {
        const e = noise(10000, chain)
        for (let i = 1; i < e.length; i++) e[i] = rho * e[i - 1] + Math.sqrt(1 - rho * rho) * e[i]
        return e
      })
      expect(effectiveSize(chains) / ((40000 * (1 - rho)) / (1 + rho))).toBeCloseTo(1, 0.5)
    }
  })

  it('weighs weights', () => {
    for (const { w, ess } of known.importance) expect(kish(w)).toBeCloseTo(ess, 12)
  })

  it('finds the contraction of the normal mean', () => {
    const [{ posterior, contraction: exact }] = known.conjugate as {
      posterior: { sd: number }
      contraction: number
    }[]
    expect(
      contraction(
        standard,
        noise(40000).map(x => x * posterior.sd),
      ),
    ).toBeCloseTo(exact, 2)
    expect(priorSd(standard)).toBeCloseTo(2, 1)
  })

  it('correlates', () => {
    const x = noise(500)
    expect(
      correlation(
        x,
        x.map(v => 3 - 2 * v),
      ),
    ).toBeCloseTo(-1, 12)
  })
})
