/** Files of cases as they lie on disk: beside the policy that they test. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { readCaseHead, readCases, type Cases } from '../policy/cases/file.js'
import type { Policy } from '../policy/policy.js'
import { CASES, displayPath, readText, resolveShipped, shippedRoot } from './files.js'
import { loadPack } from './packs.js'
import { loadPolicy } from './policies.js'

/**
 * The cases of a policy, or of a file of cases.
 * @param name a policy by shipped name or path, or a path that ends with `.test.yaml`
 * @throws InputError `missing-file`, or whatever is wrong in the cases or in the policy
 */
export async function loadCases(name: string): Promise<{ policy: Policy; cases: Cases }> {
  const path = name.endsWith(CASES)
    ? resolveShipped('policies', name)
    : resolveShipped('policies', name).replace(/(\.ya?ml)?$/, CASES)
  const text = await readText(path)
  const file = displayPath(path)
  const head = readCaseHead(text, file)
  const policy = await loadPolicy(head.cases, path)
  const pack = head.pack === undefined ? undefined : await loadPack(head.pack)
  return { policy, cases: readCases(text, file, policy, pack?.areas) }
}

/** The shipped files of cases, sorted. */
export const shippedCases = (): string[] => {
  const folder = join(shippedRoot(), 'scenarios', 'policies')
  return (existsSync(folder) ? readdirSync(folder) : []).filter(name => name.endsWith(CASES)).sort()
}
