/** Policy files into checked rule sets, and files that amend another one. */
import { z } from 'zod'
import { formatMonth } from '../evidence/month.js'
import { InputError } from '../reading/finding.js'
import { findingsOf, readYaml } from '../reading/yaml.js'
import { changesOf } from './dated.js'
import { makePolicy } from './make.js'
import { patched, type Patch } from './patch.js'
import type { Place, Policy } from './policy.js'
import { amendment } from './schema.js'

/** Gives the text of a policy by shipped name or path; `beside` is the file that names it. */
export type LoadPolicy = (
  name: string,
  beside?: string,
) => { text: string; file: string } | Promise<{ text: string; file: string }>

/**
 * Read a policy, following `extends`.
 *
 * @param name a shipped name or a path, as `load` takes it
 * @throws InputError as `readPolicy`, and `cycle-in-extends`
 */
export async function resolvePolicy(
  name: string,
  load: LoadPolicy,
  beside?: string,
  chain: readonly string[] = [],
): Promise<Policy> {
  const { text, file } = await load(name, beside)
  const { value: tree, positions } = readYaml(text, file, anyTree)
  if (typeof tree.extends !== 'string') return readPolicy(text, file)
  const place = { file, ...positions.at(['extends']) }
  if (chain.includes(file) || tree.extends === name) {
    const loop = [...chain.slice(chain.indexOf(file)), file].join(' → ')
    throw new InputError([
      {
        severity: 'error',
        code: 'cycle-in-extends',
        ...place,
        message: { zh: `extends 形成循环:${loop}`, en: `"extends" goes round in a circle: ${loop}` },
      },
    ])
  }
  return readPolicy(text, file, await resolvePolicy(tree.extends, load, file, [...chain, file]))
}

const anyTree = z.record(z.string(), z.unknown())

/**
 * Read one policy file.
 *
 * @param base the rule set that the file amends, if it has `extends`
 * @throws InputError with every mistake of the file: `broken-yaml`, `unknown-key`, `wrong-value`, `wrong-date`,
 *   `broken-expression`, `unsupported-expression`, `unknown-fact`, `unknown-value`, `wrong-type`, `unknown-line`,
 *   `line-in-two-groups`, `redeclared-fact`; of an amendment also `unknown-path`, `no-op-patch`
 */
export function readPolicy(text: string, file: string, base?: Policy): Policy {
  const { value: tree, positions } = readYaml(text, file, anyTree)
  const place: Place = (path, index) => ({
    file,
    ...(index === undefined ? positions.at(path) : positions.within(path, index)),
  })
  if (!('extends' in tree)) return makePolicy(tree, place, file)
  const form = amendment.safeParse(tree)
  if (!form.success) throw new InputError(findingsOf(form.error, amendment, positions))
  if (!base) throw new Error(`${file} extends another policy: read it with resolvePolicy`)
  const { policy, title, source, patch } = form.data
  const patches: Patch[] = Object.entries(patch).map(([path, value]) => ({
    path,
    value,
    place: (rest, index) => place(['patch', path, ...rest], index),
    mayAdd: true,
  }))
  const result = patched({ ...base, tree: { ...base.tree, policy, title, source } }, patches)
  const headed: Place = (path, index) =>
    ['policy', 'title', 'source'].includes(path[0]) ? place(path, index) : result.place(path, index)
  return makePolicy(result.tree, headed, file)
}

/** The months in which the rule set changes, as text, ascending. */
export const changeMonths = (policy: Policy): string[] => changesOf(policy.tree).map(formatMonth)
