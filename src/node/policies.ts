/** Rule sets from files: shipped ones by name, others by path, each with what it extends. */
import { patchPolicy } from '../policy/patch.js'
import type { Policy } from '../policy/policy.js'
import { resolvePolicy } from '../policy/read.js'
import { displayPath, readText, resolveShipped } from './files.js'

/**
 * @param name a shipped name or a path
 * @param beside the file that holds the name; undefined for a name from the command line
 * @throws InputError `missing-file`, or whatever is wrong in the file
 */
export const loadPolicy = (name: string, beside?: string): Promise<Policy> =>
  resolvePolicy(
    name,
    async (wanted, from) => {
      const path = resolveShipped('policies', wanted, from)
      return { text: await readText(path), file: displayPath(path) }
    },
    beside,
  )

/** A policy with the overrides that name it, in turn. @throws InputError as `patchPolicy` */
export const withOverrides = (
  policy: Policy,
  overrides: readonly { policy: string; path: string; value: unknown }[],
): Policy =>
  overrides
    .filter(override => override.policy === policy.id)
    .reduce((patched, { path, value }) => patchPolicy(patched, path, value), policy)
