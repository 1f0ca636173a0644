/** What every rule of the check looks at: the law of one month with what its facts can be, and how it says a doubt. */
import type { Month } from '../../evidence/month.js'
import type { Area } from '../../pack/pack.js'
import type { Finding } from '../../reading/finding.js'
import type { Text } from '../../reading/text.js'
import { buildLaw } from '../compile.js'
import { inForce } from '../dated.js'
import type { Expression } from '../expression/check.js'
import { People, yes } from '../people.js'
import type { CompiledChannel, Condition, Law, Policy } from '../policy.js'
import type { InForce, RuleSet } from '../schema.js'
import { describe } from '../words.js'

/** The law between two changes of it. */
export interface Scene {
  policy: Policy
  law: Law
  rules: InForce<RuleSet>
  /** All whom the types of the facts allow. */
  everybody: People
  /** Those of the place; without one, the names that the rules use, each taken for an area of its own. */
  areas: readonly Area[]
  /** The place whose areas and parameters the rules may name, where one was given. */
  place?: PlaceNames
}

/** What of a pack rules may name. */
export interface PlaceNames {
  areas: readonly Area[]
  /** Ids. */
  parameters: readonly string[]
}

/** @param errors names that the place does not have are added to them */
export function sceneOf(policy: Policy, month: Month, place?: PlaceNames, errors: Finding[] = []): Scene {
  const areas = place?.areas ?? namedAreas(policy.tree)
  const law = buildLaw(policy, month, { areas }, errors)
  // Without a place there may be one more area than the rules name.
  const everybody = People.everybody(policy.facts, law.declared, areas.length + (place ? 0 : 1))
  return { policy, law, rules: inForce(policy.tree, month) as InForce<RuleSet>, everybody, areas, place }
}

/** Every name that may be one of an area, as an area of its own: two names are never taken for the same one. */
function namedAreas(tree: unknown): Area[] {
  const names = new Set<string>()
  const visit = (value: unknown, ofAreas: boolean): void => {
    if (typeof value === 'string') {
      if (ofAreas) names.add(value)
      for (const [, double, simple] of value.matchAll(/"([^"]*)"|'([^']*)'/g)) names.add(double ?? simple)
    } else if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) {
        if (ofAreas && !Array.isArray(value)) names.add(key)
        visit(inner, ofAreas || key === 'areas')
      }
  }
  visit(tree, false)
  return [...names].map(id => ({ id, code: id, name: { zh: id, en: id }, aliases: [] }))
}

/** A finding with its place in the rules in force. `index` is a character of a text there. */
export interface Doubt extends Omit<Finding, 'file' | 'line' | 'column'> {
  path: readonly string[]
  index?: number
  /** Told only where it is so for as long as the rule is in force: points of 0 for some years are a way to end them. */
  throughout?: boolean
}

/** The conditions that are written as such: without the one that the score be high enough. */
export const gatesOf = (channel: CompiledChannel): (Condition & { expression: Expression })[] =>
  channel.conditions.filter(
    (condition): condition is Condition & { expression: Expression } => condition.expression !== undefined,
  )

/** Those who meet the conditions of a channel. @returns undefined where nobody can */
export const passersOf = (channel: CompiledChannel, { everybody }: Scene): People | undefined =>
  everybody.who(gatesOf(channel).map(({ expression }) => yes(expression)))

export const say = (expression: Expression, { policy, areas }: Scene): Text =>
  describe(expression, { facts: policy.facts, areas })

/** `channel: what is wrong there`. */
export const at = (part: Text | string, message: Text): Text => {
  const { zh, en } = typeof part === 'string' ? { zh: part, en: part } : part
  return { zh: `${zh}:${message.zh}`, en: `${en}: ${message.en}` }
}

export const quoted = ({ zh, en }: Text): Text => ({ zh: `“${zh}”`, en: `"${en}"` })

/** Several things: `a、b`, `a, b`. */
export const list = (items: readonly Text[]): Text => ({
  zh: items.map(({ zh }) => zh).join('、'),
  en: items.map(({ en }) => en).join(', '),
})
