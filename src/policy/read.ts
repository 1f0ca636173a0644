/** Policy files into checked rule sets, and files that amend another one. */
import { z } from 'zod'
import { formatMonth } from '../evidence/month.js'
import { InputError, type Finding } from '../reading/finding.js'
import { findingsOf, readYaml, type Positions } from '../reading/yaml.js'
import { amend, type Amendable, type AmendmentRules } from './amend.js'
import { BEFORE_ALL, changesOf } from './dated.js'
import { makePolicy } from './make.js'
import { patched, type Patch } from './patch.js'
import type { Place, Policy } from './policy.js'
import { amendment, extension } from './schema.js'

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
  if (!('extends' in tree)) return readWhole(tree, place, file, positions)
  const form = extension.safeParse(tree)
  if (!form.success) throw new InputError(findingsOf(form.error, extension, positions))
  if (!base) throw new Error(`${file} extends another policy: read it with resolvePolicy`)
  const { policy, title, source, patch, from, to, replaces } = form.data
  const head = { policy, title, source }
  const headed =
    (inner: Place): Place =>
    (path, index) =>
      path[0] in head ? place(path, index) : inner(path, index)
  const below = { ...base, tree: { ...base.tree, ...head } }
  if (from !== undefined) {
    const rules = { id: policy, from, to, replaces, set: patch, place: patchPlace(place) }
    const { tree: amended, place: inner, amendments } = withAmendments(below, [rules])
    return makePolicy(amended, headed(inner), file, amendments)
  }
  const patches: Patch[] = Object.entries(patch).map(([path, value]) => ({
    path,
    value,
    place: (rest, index) => place(['patch', path, ...rest], index),
    mayAdd: true,
  }))
  const result = patched(below, patches)
  return makePolicy(result.tree, headed(result.place), file, base.amendments)
}

const amendments = z.strictObject({ amendments: z.array(amendment).min(1) })

function readWhole(
  { amendments: written, ...tree }: Record<string, unknown>,
  place: Place,
  file: string,
  positions: Positions,
): Policy {
  // The rules are judged first as they were before any amendment, so that a slip there is named there.
  const original = makePolicy(tree, place, file)
  if (written === undefined) return original
  const form = amendments.safeParse({ amendments: written })
  if (!form.success) throw new InputError(findingsOf(form.error, amendments, positions))
  const rules = form.data.amendments.map(
    ({ amendment: id, from, to, replaces, set }, index): AmendmentRules => ({
      id,
      from,
      to,
      replaces,
      set,
      place: (path, at) => place(['amendments', String(index), ...path], at),
    }),
  )
  const result = withAmendments(original, rules)
  return makePolicy(result.tree, result.place, file, result.amendments)
}

/** The paths of an extension stand under `patch`. */
const patchPlace =
  (place: Place): Place =>
  ([first, ...rest], index) =>
    place(first === 'set' ? ['patch', ...rest] : first === undefined ? [] : [first, ...rest], index)

/** @throws InputError with everything that does not fit */
function withAmendments(policy: Amendable, rules: readonly AmendmentRules[]): Amendable {
  const findings: Finding[] = []
  const result = rules.reduce((below, next) => amend(below, next, findings), policy)
  if (findings.length > 0) throw new InputError(findings)
  return result
}

/** The months in which the rule set changes, as text, ascending. */
export const changeMonths = (policy: Policy): string[] =>
  changesOf(policy.tree)
    .filter(month => month > BEFORE_ALL)
    .map(formatMonth)
