/**
 * How the papers of one household hang together: permit, filed lease, insurance and its six months, registered
 * employment. No data give it, and rule sets that ask for several papers at once lean on it, so it can be set.
 *
 * One normal number a household, its formality, lies behind the chance of every paper (one-factor Gaussian copula: Li,
 * Journal of Fixed Income 9 (2000), 43–54; Vasicek's form): given formality z, a paper that a share p has is had with
 * probability Φ((Φ⁻¹(p) + √ρ·z) / √(1 − ρ)). Over all households that is p again, whatever ρ, so margins hold. Two
 * papers then have tetrachoric correlation ρ. With ρ = 0 every paper is drawn by itself.
 */
import { normalCdf, normalQuantile } from '../evidence/draw.js'
import { uniform, type SeedKey } from '../evidence/luck.js'
import { valueOf, type Values } from '../evidence/parameter.js'
import type { Distributions } from './distribution.js'
import { SYNTHESIS } from './draws.js'

export interface Papers {
  /** Tetrachoric correlation of two papers of one household, in [0, 1). */
  correlation: number
  /** Correlation of formality with the schooling of the head, by rank. */
  schooling: number
}

export const papersOf = (values: Values): Papers => ({
  correlation: valueOf(values, 'pop.papers'),
  schooling: valueOf(values, 'pop.papersSchooling'),
})

/**
 * Standard normal over households: schooling as a rank drawn within its level, so that levels of any size give a
 * normal number, and luck of the household.
 * @param household key of the household
 * @param education level of the head
 * @param levels    one row: levels of all adults
 */
export function formality(
  { correlation, schooling }: Papers,
  key: SeedKey,
  household: number,
  education: number,
  levels: Distributions,
): number {
  if (correlation === 0) return 0
  const luck = normalQuantile(uniform(key, household, SYNTHESIS.formality, 0))
  if (schooling === 0) return luck
  const below = education === 0 ? 0 : levels.cumulative[education - 1]
  const within = uniform(key, household, SYNTHESIS.schoolingRank, 0)
  const rank = below + within * (levels.cumulative[education] - below)
  return schooling * normalQuantile(rank) + Math.sqrt(1 - schooling * schooling) * luck
}

/** Share of households of this formality that have what a share of all has. */
export function shareGiven({ correlation }: Papers, share: number, formality: number): number {
  if (correlation === 0 || share <= 0 || share >= 1) return share
  return normalCdf((normalQuantile(share) + Math.sqrt(correlation) * formality) / Math.sqrt(1 - correlation))
}
