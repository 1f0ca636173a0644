/** Whether the cases of a rule set notice when one thing in it is changed. */
import { InputError } from '../../reading/finding.js'
import type { Policy } from '../policy.js'
import type { Cases } from './file.js'
import { mutantsOf, type Mutant, type MutantKind } from './mutants.js'
import { brokenCase } from './run.js'

export interface Survivor extends Omit<Mutant, 'tree' | 'path'> {
  path: string
  file: string
  line?: number
  column?: number
}

/** Of numbers, each counted once; of all changes; by kind. */
export interface Mutation {
  numbers: Caught
  all: Caught
  kinds: Partial<Record<MutantKind, Caught>>
  /** Changes that no case notices. */
  survivors: Survivor[]
}

export interface Caught {
  changed: number
  caught: number
  /** 1 where nothing could be changed. */
  share: number
}

/**
 * Change one thing after the other; of a rule set that extends another only what its own file says, as the rest belongs
 * to the cases of the other. The cases must hold for the rule set as it is.
 */
export function mutate(policy: Policy, cases: Cases): Mutation {
  const kinds: Mutation['kinds'] = {}
  const survivors: Survivor[] = []
  // Rules and cases mostly stand in the same order: what notices one change is near to what notices the next.
  let near = 0
  for (const { tree, path, ...change } of mutantsOf(policy)) {
    const place = policy.place(path, change.index)
    if (place.file !== policy.file) continue
    const noticed = noticedBy({ ...policy, tree }, cases, near)
    near = noticed ?? near
    const before = kinds[change.kind] ?? shareOf(0, 0)
    kinds[change.kind] = shareOf(before.changed + 1, before.caught + (noticed === undefined ? 0 : 1))
    if (noticed === undefined) survivors.push({ ...change, path: path.join('.'), ...place })
  }
  const all = Object.values(kinds)
  const sum = (of: 'changed' | 'caught') => all.reduce((total, kind) => total + kind[of], 0)
  return {
    numbers: kinds.number ?? shareOf(0, 0),
    all: shareOf(sum('changed'), sum('caught')),
    kinds,
    survivors,
  }
}

const shareOf = (changed: number, caught: number): Caught => ({
  changed,
  caught,
  share: changed === 0 ? 1 : caught / changed,
})

/** The place of a case that notices; a rule set that cannot be read any more is noticed without any. */
function noticedBy(policy: Policy, cases: Cases, near: number): number | undefined {
  try {
    return brokenCase(policy, cases, near)
  } catch (error) {
    if (error instanceof InputError) return near
    throw error
  }
}
