/** Whether the cases of a rule set notice when one thing in it is changed. */
import { InputError } from '../../reading/finding.js'
import type { Policy } from '../policy.js'
import type { Cases } from './file.js'
import { mutantsOf, type Mutant, type MutantKind } from './mutants.js'
import { allHold } from './run.js'

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

/** Change one thing after the other. The cases must hold for the rule set as it is. */
export function mutate(policy: Policy, cases: Cases): Mutation {
  const kinds: Mutation['kinds'] = {}
  const survivors: Survivor[] = []
  for (const { tree, path, ...change } of mutantsOf(policy)) {
    const caught = isCaught({ ...policy, tree }, cases)
    const before = kinds[change.kind] ?? { changed: 0, caught: 0, share: 1 }
    kinds[change.kind] = shareOf(before.changed + 1, before.caught + Number(caught))
    if (!caught) survivors.push({ ...change, path: path.join('.'), ...policy.place(path, change.index) })
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

/** A rule set that cannot be read any more is noticed without any case. */
function isCaught(policy: Policy, cases: Cases): boolean {
  try {
    return !allHold(policy, cases)
  } catch (error) {
    if (error instanceof InputError) return true
    throw error
  }
}
