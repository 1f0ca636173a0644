/**
 * The fit: for each of the four readings of the reform (members), several chains from a Latin hypercube, thinned to rows
 * of joint draws. The members weigh the same whatever their likelihood: the data to 2017 cannot choose among them, and a
 * fit that chose would hide it. What is missed is reported, not absorbed.
 */
import { seedKey, subKey, uniform, type SeedKey } from '../evidence/luck.js'
import type { Pack, Target } from '../pack/pack.js'
import { monthOf } from '../evidence/month.js'
import { MEMBERS, type CalibratedRow, type Member } from '../simulation/calibrated.js'
import { contraction, correlation, effectiveSize, NOT_IDENTIFIED, splitRhat } from './diagnosis.js'
import { measurement, type Count, type Measurement } from './observe.js'
import { negbinDraw } from './negbin.js'
import { at, PLACE, priors } from './priors.js'
import { hypercube, sample } from './sampler.js'
import { FIRST_REFORM_YEAR, LAST_YEAR, observations, type Observations } from './targets.js'
import { baseFlow } from '../simulation/expected.js'
import { quantiles } from '../results/quantiles.js'

export interface Budget {
  seed: string
  /** Rows a member. */
  draws: number
  /** Sweeps of a chain, a third of them warm-up. */
  iterations: number
  chains: number
}

export const BUDGET: Budget = { seed: 'zhaoqing', draws: 250, iterations: 11000, chains: 3 }

/** How one quantity of the whole place came out, in one member. */
export interface Learnt {
  name: string
  p05: number
  p50: number
  p95: number
  /** 1 − posterior sd / prior sd. */
  contraction: number
  identified: boolean
  rhat: number
  effectiveSize: number
}

/** A count beside what the member would have it be. */
export interface Held extends Count {
  p05: number
  p50: number
  p95: number
  inside: boolean
}

/** A year's quantity that the draws imply. */
export interface Derived {
  name: (typeof DERIVED)[number]
  year: number
  /** What the pack holds against it, if anything (a target of use `check`). */
  check?: number
  p05: number
  p50: number
  p95: number
}

/** districtIn over external, whole place; registrations from outside the place; of them, those that the opening brings. */
export const DERIVED = ['districtInOverExternal', 'external', 'opening'] as const

export interface MemberFit {
  member: Member
  rows: CalibratedRow[]
  learnt: Learnt[]
  held: Held[]
  /** φ with log λ; each base share with event / districtIn. */
  ridges: { a: string; b: string; correlation: number }[]
  /** What follows from the fit and was not fitted. */
  derived: Derived[]
  /** Greatest over all coordinates, areas included; least effective size. */
  worstRhat: number
  leastEffectiveSize: number
}

/** Names that a member fixes: they say nothing about the data. */
const FIXED: Record<Member, readonly string[]> = {
  permanent: ['permanent', 'returned', 'lambda'],
  decaying: ['permanent', 'returned'],
  return_only: [
    'conversion.province',
    'conversion.otherProvince',
    'lambda',
    'permanent',
    'inForce',
    'awareP',
    'awareQ',
    'awareInit',
    'effectSd',
    'opening.kin',
    'opening.purchase',
  ],
  return_decay_floor: [],
}

/**
 * @param members those to fit
 * @param tell   called after each chain with the share of the work that is done
 * @throws InputError as `observations` and `priors` do
 */
export function fitPack(
  pack: Pack,
  season: Float64Array,
  budget: Budget = BUDGET,
  members: readonly Member[] = MEMBERS,
  tell: (share: number) => void = () => {},
): MemberFit[] {
  const seen = observations(pack)
  return members.map((member, i) => {
    const fit = fitMember(seen, pack, season, member, budget, share => tell((i + share) / members.length))
    return {
      ...fit,
      derived: fit.derived.map(derived => ({ ...derived, ...checkOf(derived, pack.targets) })),
    }
  })
}

/** A year's count of the whole place on the basis external that the pack keeps to check by. */
function checkOf({ name, year }: Derived, targets: readonly Target[]): { check?: number } {
  const window = { from: monthOf(year, 1), to: monthOf(year, 12) }
  const target = targets.find(
    t =>
      name === 'external' &&
      t.use === 'check' &&
      t.basis === 'external' &&
      t.area === undefined &&
      t.channel === undefined &&
      t.window.from === window.from &&
      t.window.to === window.to,
  )
  return target ? { check: target.value } : {}
}

export function fitMember(
  seen: Observations,
  { parameters }: Pick<Pack, 'parameters'>,
  season: Float64Array,
  member: Member,
  { seed, draws, iterations, chains }: Budget,
  tell: (share: number) => void = () => {},
): MemberFit {
  const model = measurement(seen, priors(seen, parameters), season, member)
  const key = subKey(seedKey(seed), MEMBERS.indexOf(member))
  const warmUp = Math.floor(iterations / 3)
  const keepEvery = Math.max(1, Math.floor(((iterations - warmUp) * chains) / (4 * draws)))
  const starts = startsOf(model, chains, key)
  const kept = starts.map((start, chain) => {
    const { draws } = sample(model, start, { key: subKey(key, chain), sweeps: iterations, warmUp, keepEvery })
    tell((chain + 1) / chains)
    return draws
  })
  const pooled = kept.flat()
  const rows = Array.from(
    { length: draws },
    (_, i) => pooled[Math.floor(((i + 0.5) * pooled.length) / draws)],
  )
  const value = (z: Float64Array, index: number) => model.priors.all[index].at(z[index])
  const learnt = PLACE.flatMap((name, index): Learnt[] => {
    if (FIXED[member].includes(name) || name.startsWith('cityStep')) return []
    const byChain = kept.map(chain => Float64Array.from(chain, z => z[index]))
    const values = Float64Array.from(pooled, z => value(z, index))
    const [p05, p50, p95] = quantiles(values, [0.05, 0.5, 0.95])
    const shrunk = contraction(model.priors.all[index], values)
    return [
      {
        name,
        p05,
        p50,
        p95,
        contraction: shrunk,
        identified: shrunk >= NOT_IDENTIFIED,
        rhat: splitRhat(byChain),
        effectiveSize: effectiveSize(byChain),
      },
    ]
  })
  const coordinates = Array.from({ length: model.dimension }, (_, i) =>
    kept.map(chain => Float64Array.from(chain, z => z[i])),
  )
  const along = (name: (typeof PLACE)[number]) => Float64Array.from(pooled, z => z[at(name)])
  const ridge = (a: (typeof PLACE)[number], b: (typeof PLACE)[number]) => ({
    a,
    b,
    correlation: correlation(along(a), along(b)),
  })
  return {
    member,
    rows: rows.map(z => model.point(z).row),
    learnt,
    held: predict(model, rows, subKey(key, 1000)),
    ridges: [
      ...(member === 'return_decay_floor'
        ? [ridge('permanent', 'lambda'), ridge('returned', 'conversion.province')]
        : []),
      ridge('share.kin', 'event.kin'),
      ridge('event.kin', 'eventOverDistrictIn'),
      ridge('event.purchase', 'eventOverDistrictIn'),
      ridge('intraShare', 'breakLoss'),
    ],
    derived: derive(model, rows),
    worstRhat: Math.max(...coordinates.map(splitRhat)),
    leastEffectiveSize: Math.min(...coordinates.map(effectiveSize)),
  }
}

/** One start a chain: of a Latin hypercube, squeezed towards the middle, the likeliest of each chain's points. */
function startsOf(model: Measurement, chains: number, key: SeedKey): Float64Array[] {
  const each = 25
  const cube = hypercube(chains * each, model.dimension, subKey(key, 999)).map(point => point.map(z => z / 2))
  return Array.from({ length: chains }, (_, chain) => {
    const mine = cube.slice(chain * each, (chain + 1) * each)
    const logs = mine.map(point => model.logDensity(point, -1))
    const best = logs.indexOf(Math.max(...logs))
    if (logs[best] === -Infinity) throw new RangeError('no point of the hypercube is possible')
    return mine[best]
  })
}

const REPLICA = 320

/** Each count beside draws of what the fitted model would show: 90 % of them, and whether the count lies inside. */
function predict(model: Measurement, points: readonly Float64Array[], key: SeedKey): Held[] {
  const draws = model.counts.map(() => new Float64Array(points.length))
  for (const [i, z] of points.entries())
    model.expect(z, (index, mean, size) => {
      draws[index][i] = negbinDraw(mean, size, [
        uniform(key, i, REPLICA, index * 2),
        uniform(key, i, REPLICA, index * 2 + 1),
      ])
    })
  return model.counts.map((count, index) => {
    const [p05, p50, p95] = quantiles(draws[index], [0.05, 0.5, 0.95])
    return { ...count, p05, p50, p95, inside: count.observed >= p05 && count.observed <= p95 }
  })
}

/** Years of the reform as the draws have them. */
function derive(model: Measurement, points: readonly Float64Array[]): Derived[] {
  return model.years.slice(-(LAST_YEAR - FIRST_REFORM_YEAR + 1)).flatMap(year => {
    const draws = DERIVED.map(() => new Float64Array(points.length))
    const here = model.counts.map(({ id }) => id.includes(`.${year}.`))
    for (const [i, z] of points.entries()) {
      const { row, nuisance } = model.point(z)
      let [all, out] = [0, 0]
      model.expect(z, (index, mean) => {
        if (!here[index]) return
        if (model.counts[index].group === 'out') out = mean
        else if (model.counts[index].group.startsWith(`${year}.`)) all += mean
      })
      const external = all - (out - nuisance.outElsewhere)
      const base = row.areas.reduce(
        (sum, _, a) => sum + baseFlow(row, a, year, 0).reduce((x, y) => x + y, 0),
        0,
      )
      for (const [k, value] of [all / external, external, Math.max(0, Math.round(all - base))].entries())
        draws[k][i] = value
    }
    return DERIVED.map((name, k) => {
      const [p05, p50, p95] = quantiles(draws[k], [0.05, 0.5, 0.95])
      return { name, year, p05, p50, p95 }
    })
  })
}
