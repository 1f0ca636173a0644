/**
 * Blocked adaptive Metropolis: the coordinates of one block are proposed together, from a normal whose covariance is that
 * of the block's own past and whose scale is tuned towards an acceptance of about 1/4. All tuning ends with the
 * warm-up; what is kept is a plain Metropolis chain. Luck is keyed by sweep, block and coordinate.
 * @see Haario, Saksman & Tamminen, Bernoulli 7 (2001), 223–242; Roberts & Rosenthal, J. Comput. Graph. Stat. 18 (2009), 349–367
 */
import exp from '@stdlib/math-base-special-exp'
import ln from '@stdlib/math-base-special-ln'
import { normalQuantile } from '../evidence/draw.js'
import { uniform, type SeedKey } from '../evidence/luck.js'

/** Coordinates that are proposed together. */
export interface Block {
  coordinates: readonly number[]
  /**
   * A way through the space instead of a cloud, for directions that the density hardly feels: puts the point that lies
   * `by` along the way from z into the coordinates of `trial`, such that −`by` leads back.
   * @returns log of the change of volume (Jacobian)
   */
  way?(z: Float64Array, trial: Float64Array, by: number): number
}

export interface Target {
  dimension: number
  /** What moves together; every coordinate in at least one block. */
  blocks: readonly Block[]
  /**
   * Log density, up to a constant. At most the coordinates of `block` differ from the point kept last (all, where it is −1).
   */
  logDensity(z: Float64Array, block: number): number
  /** The point handed over last is the new one. */
  keep?(block: number): void
}

export interface Chain {
  /** Points kept, one after another. */
  draws: Float64Array[]
  /** Share of proposals taken after the warm-up, by block. */
  accepted: number[]
}

/** Decisions of evidence/luck.ts, 300–399. */
const PROPOSE = 310
const ACCEPT = 311

interface Proposal {
  block: Block
  logScale: number
  count: number
  mean: Float64Array
  /** Sum of squared deviations, then the lower Cholesky factor of the covariance; row-major. */
  scatter: Float64Array
  factor: Float64Array
  taken: number
}

/**
 * @param sweeps  passes over all blocks, warm-up included
 * @param warmUp  passes in which proposals are tuned; nothing is kept of them
 * @param keepEvery one point kept every so many passes
 */
export function sample(
  target: Target,
  start: Float64Array,
  { key, sweeps, warmUp, keepEvery }: { key: SeedKey; sweeps: number; warmUp: number; keepEvery: number },
): Chain {
  const z = start.slice()
  const trial = start.slice()
  let log = target.logDensity(z, -1)
  if (!(log > -Infinity)) throw new RangeError('the chain starts where the density is 0')
  target.keep?.(-1)
  const proposals = target.blocks.map(proposal)
  const draws: Float64Array[] = []
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const tuning = sweep < warmUp
    for (const [block, proposal] of proposals.entries()) {
      const { coordinates } = proposal.block
      const volume = step(proposal, z, trial, i =>
        normalQuantile(uniform(key, sweep, PROPOSE, (block << 8) | i)),
      )
      const next = target.logDensity(trial, block)
      const take = ln(uniform(key, sweep, ACCEPT, block)) < next - log + volume
      if (take) {
        log = next
        target.keep?.(block)
        for (const i of coordinates) z[i] = trial[i]
        if (!tuning) proposal.taken++
      } else for (const i of coordinates) trial[i] = z[i]
      if (tuning) tune(proposal, z, take, sweep, warmUp)
    }
    if (!tuning && (sweep - warmUp) % keepEvery === keepEvery - 1) draws.push(z.slice())
  }
  return { draws, accepted: proposals.map(p => p.taken / Math.max(1, sweeps - warmUp)) }
}

/** Put a proposal into the block's coordinates of `trial`. @returns log of the change of volume */
function step(
  { block, factor, logScale }: Proposal,
  z: Float64Array,
  trial: Float64Array,
  normal: (i: number) => number,
): number {
  const { coordinates, way } = block
  const d = coordinates.length
  const scale = exp(logScale)
  if (way) return way(z, trial, scale * normal(0))
  const steps = coordinates.map((_, i) => normal(i))
  for (let i = 0; i < d; i++) {
    let sum = 0
    for (let j = 0; j <= i; j++) sum += factor[i * d + j] * steps[j]
    trial[coordinates[i]] = z[coordinates[i]] + scale * sum
  }
  return 0
}

function proposal(block: Block): Proposal {
  const d = block.way ? 1 : block.coordinates.length
  const factor = new Float64Array(d * d)
  for (let i = 0; i < d; i++) factor[i * d + i] = 0.1
  return {
    block,
    logScale: ln(2.4 / Math.sqrt(d)),
    count: 0,
    mean: new Float64Array(d),
    scatter: new Float64Array(d * d),
    factor,
    taken: 0,
  }
}

/** The past is forgotten at these shares of the warm-up, when the chain has found its place. */
const FORGET = [0.15, 0.4]
const REFRESH = 50

function tune(proposal: Proposal, z: Float64Array, take: boolean, sweep: number, warmUp: number): void {
  const { mean, scatter } = proposal
  const { coordinates, way } = proposal.block
  const d = coordinates.length
  const goal = d === 1 || way ? 0.44 : 0.26
  proposal.logScale += ((take ? 1 : 0) - goal) * Math.min(0.2, 3 / Math.sqrt(sweep + 1))
  if (way) return
  if (FORGET.some(share => sweep === Math.floor(share * warmUp))) {
    proposal.count = 0
    scatter.fill(0)
  }
  const count = ++proposal.count
  const gap = coordinates.map((c, i) => z[c] - (count === 1 ? (mean[i] = z[c]) : mean[i]))
  for (let i = 0; i < d; i++) mean[i] += gap[i] / count
  for (let i = 0; i < d; i++)
    for (let j = 0; j <= i; j++) scatter[i * d + j] += (gap[i] * gap[j] * (count - 1)) / count
  if (count >= 10 * d && count % REFRESH === 0) cholesky(scatter, count - 1, proposal.factor, d)
}

/** Lower factor of scatter/n plus a little on the diagonal, so that a direction never tried can be. */
function cholesky(scatter: Float64Array, n: number, factor: Float64Array, d: number): void {
  for (let i = 0; i < d; i++)
    for (let j = 0; j <= i; j++) {
      let rest = scatter[i * d + j] / n + (i === j ? 1e-6 : 0)
      for (let k = 0; k < j; k++) rest -= factor[i * d + k] * factor[j * d + k]
      factor[i * d + j] = i === j ? Math.sqrt(Math.max(rest, 1e-9)) : rest / factor[j * d + j]
    }
}

/** A Latin hypercube of standard normal points: every coordinate has one point in each of `points` slices of equal chance. */
export function hypercube(points: number, dimension: number, key: SeedKey): Float64Array[] {
  const cube = Array.from({ length: points }, () => new Float64Array(dimension))
  for (let i = 0; i < dimension; i++) {
    const order = Array.from({ length: points }, (_, k) => ({ k, u: uniform(key, k, ORDER, i) })).sort(
      (a, b) => a.u - b.u || a.k - b.k,
    )
    for (const [slice, { k }] of order.entries())
      cube[k][i] = normalQuantile((slice + uniform(key, k, WITHIN, i)) / points)
  }
  return cube
}

const ORDER = 300
const WITHIN = 301
