/**
 * What follows when a household registers: who comes along, whether an "elsewhere" household moves in or stays on
 * paper, and what is written down. Co-registration takes the union of the scopes of all channels passed (model §2.5).
 */
import { valueOf, type Values } from '../evidence/parameter.js'
import { SCOPES, type CompiledChannel, type Scope } from '../policy/policy.js'
import { LANDS, RELATION, type Population } from '../population/population.js'
import type { Month } from '../evidence/month.js'
import { ageIn } from './applicant.js'

const rank = (scope: Scope) => SCOPES.indexOf(scope)
const SPOUSE_AND_MINORS = rank('spouse_and_minors')
const DIRECT = rank('direct_kin')
const CO_RESIDENT = rank('co_resident_kin')

/** Widest scope among the channels of `passed` (bits), as an index into SCOPES: each scope contains the one before. */
export function widestScope(channels: readonly CompiledChannel[], passed: number): number {
  let widest = 0
  for (let c = 0; c < channels.length; c++)
    if (passed & (1 << c)) widest = Math.max(widest, rank(channels[c].brings))
  return widest
}

/** Chance that a member registers with the head, given that the scope admits them. */
export interface Joining {
  spouse: number
  child: number
  parent: number
  other: number
  /** Factor for members of households that keep land rights at the place of origin. */
  land: number
  /** Chance that one adult (the spouse, else a parent) stays on the village register. */
  keepOneRural: number
}

export const joining = (values: Values): Joining => ({
  spouse: valueOf(values, 'coreg.spouse'),
  child: valueOf(values, 'coreg.child'),
  parent: valueOf(values, 'coreg.parent'),
  other: valueOf(values, 'coreg.otherKin'),
  land: valueOf(values, 'coreg.landFactor'),
  keepOneRural: valueOf(values, 'coreg.keepOneRural'),
})

/**
 * Chance that person p (not the head) registers along under this scope; 0 for those left behind: who does not
 * live in the household is not registered with it (they may join later, which the education service counts).
 */
export function joinChance(
  population: Population,
  h: number,
  p: number,
  scope: number,
  month: Month,
  join: Joining,
): number {
  const { households, persons } = population
  if (persons.away[p]) return 0
  const land = households.land[h] !== LANDS.indexOf('none')
  const factor = land ? join.land : 1
  switch (persons.relation[p]) {
    case RELATION.spouse:
      return scope >= SPOUSE_AND_MINORS ? join.spouse * factor * (land ? 1 - join.keepOneRural : 1) : 0
    case RELATION.child:
      return scope >= (ageIn(month, persons.birth[p]) < 18 ? SPOUSE_AND_MINORS : DIRECT)
        ? join.child * factor
        : 0
    case RELATION.parent:
      return scope >= DIRECT ? join.parent * factor : 0
    default:
      return scope >= CO_RESIDENT ? join.other * factor : 0
  }
}
