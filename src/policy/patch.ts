/**
 * Changes to a rule set by path: `channels.rent.when`, `channels.points.admit.at_least`. All of them apply or none.
 * The same for a file that `extends` another and for one value from the command line.
 */
import { parse } from 'yaml'
import { InputError, type Finding } from '../reading/finding.js'
import { nearest } from '../reading/nearest.js'
import { isDate, isDated } from './dated.js'
import type { Place, Policy } from './policy.js'
import { makePolicy } from './make.js'
import { OPEN_MAPS } from './schema.js'

export interface Patch {
  /** Keys joined by dots; a date names one of dated values. */
  path: string
  /** What shall stand there; null removes it; `@name` copies its sibling of that name. */
  value: unknown
  /** Where a path inside the value was written. */
  place: Place
  /** A new channel, line or the like is meant, not a slip. */
  mayAdd?: boolean
  /** For grid points of a sweep: a patch that changes nothing is no mistake. */
  mayKeep?: boolean
}

/**
 * One value of a rule set changed, as `--set policy.POLICY.PATH=VALUE` does.
 *
 * @param value what shall stand there; null removes it, `@hukou` copies the sibling of that name
 * @param mayKeep true for the grid points of a sweep: changing nothing is then no mistake
 * @throws InputError `unknown-path` with the nearest name, `no-op-patch`, and whatever the changed rules get wrong
 */
export function patchPolicy(policy: Policy, path: string, value: unknown, mayKeep = false): Policy {
  const place: Place = () => ({ file: `policy.${policy.id}.${path}` })
  const { tree, place: combined } = patched(policy, [{ path, value, place, mayKeep }])
  return makePolicy(tree, combined, policy.file, policy.amendments)
}

/** All patches in turn, not yet checked as rules. @throws InputError with every patch that does not fit */
export function patched(policy: Policy, patches: readonly Patch[]): Pick<Policy, 'tree' | 'place'> {
  const findings: Finding[] = []
  let { tree, place }: Pick<Policy, 'tree' | 'place'> = policy
  for (const patch of patches) {
    const path = patch.path.split('.')
    const fits = resolvePatch(tree, path, patch, findings)
    if (!fits) continue
    if (JSON.stringify(fits.before) === JSON.stringify(fits.after) && !patch.mayKeep) {
      findings.push({
        severity: 'error',
        code: 'no-op-patch',
        ...patch.place([]),
        message: { zh: `“${patch.path}”没有改变任何内容`, en: `"${patch.path}" changes nothing` },
        fix: {
          zh: `现值已是 ${JSON.stringify(fits.before)}。`,
          en: `It is ${JSON.stringify(fits.before)} already.`,
        },
      })
      continue
    }
    tree = withValue(tree, path, fits.after) as Policy['tree']
    const before = place
    place = (asked, index) =>
      path.every((key, i) => asked[i] === key)
        ? patch.place(asked.slice(path.length), index)
        : before(asked, index)
  }
  if (findings.length > 0) throw new InputError(findings)
  return { tree, place }
}

/** The value before and after. @returns undefined where the path leads nowhere, and reports it */
export function resolvePatch(
  tree: unknown,
  path: readonly string[],
  { path: written, value, place, mayAdd }: Patch,
  findings: Finding[],
): { before: unknown; after: unknown } | undefined {
  let node: unknown = tree
  for (const [depth, key] of path.entries()) {
    const last = depth === path.length - 1
    const map = typeof node === 'object' && node !== null && !Array.isArray(node)
    const keys = map ? Object.keys(node as object) : []
    if (!keys.includes(key)) {
      // A key that the form may know is tried, and judged with the rules. Names that authors choose must be meant.
      const chosen = depth === 0 || OPEN_MAPS.includes(path[depth - 1])
      const addable = isDated(node) ? last && isDate(key) : map && (!chosen || (mayAdd === true && last))
      if (addable && value !== null) return { before: undefined, after: value }
      findings.push(unknownPath(written, key, keys, place))
      return undefined
    }
    if (last && typeof value === 'string' && value.startsWith('@')) {
      const sibling = value.slice(1)
      if (!keys.includes(sibling)) {
        findings.push(unknownPath(value, sibling, keys, place))
        return undefined
      }
      const siblings = node as Record<string, unknown>
      return { before: siblings[key], after: siblings[sibling] }
    }
    node = (node as Record<string, unknown>)[key]
  }
  return { before: node, after: value }
}

export function withValue(node: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  const inner = (typeof node === 'object' && node !== null ? node : {}) as Record<string, unknown>
  const { [key]: before, ...others } = inner
  if (rest.length > 0) return { ...inner, [key]: withValue(before, rest, value) }
  return value === null ? others : { ...inner, [key]: value }
}

const unknownPath = (written: string, key: string, known: string[], place: Place): Finding => ({
  severity: 'error',
  code: 'unknown-path',
  ...place([]),
  message: { zh: `“${written}”中没有“${key}”`, en: `There is no "${key}" in "${written}"` },
  ...(known.length > 0 && { expected: { zh: known.join('、'), en: known.join(', ') } }),
  nearest: nearest(key, known),
})

export interface PolicyOverride {
  policy: string
  path: string
  value: unknown
}

/**
 * Split `policy.POLICY.PATH=VALUE`. A value is read as YAML where it is a number, true, false, null, a list or a map,
 * else it is text (a condition, `@hukou`, the id of a parameter).
 * @returns undefined where the override is not one of a policy
 * @throws InputError `wrong-override` where path or value is missing
 */
export function parsePolicyOverride(text: string): PolicyOverride | undefined {
  if (!text.startsWith('policy.')) return undefined
  const [, policy, path, value] = /^policy\.([^.=]+)\.([^=]+?)\s*=\s*(.*)$/s.exec(text) ?? []
  if (value === undefined || value === '')
    throw new InputError([
      {
        severity: 'error',
        code: 'wrong-override',
        file: text,
        message: { zh: '无法理解这个改动', en: 'This override cannot be read' },
        expected: { zh: 'policy.政策.路径=值', en: 'policy.POLICY.PATH=VALUE' },
      },
    ])
  return { policy, path, value: readValue(value) }
}

function readValue(text: string): unknown {
  if (!/^([-+.\d]|true$|false$|null$|\[|\{)/.test(text)) return text
  try {
    const value: unknown = parse(text)
    return value
  } catch {
    return text
  }
}
