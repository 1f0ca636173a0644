/** A rule set as written into a policy: form, dates, facts and every expression of every epoch, all mistakes at once. */
import type { Month } from '../evidence/month.js'
import { InputError, type Finding } from '../reading/finding.js'
import { findingsOf, type Positions } from '../reading/yaml.js'
import { buildLaw } from './compile.js'
import { BEFORE_ALL, changesOf, datesOf, emptyValues, firstMonth, inForce, writtenPath } from './dated.js'
import { CORE_FACTS, type FactDefinition, type FactType } from './facts.js'
import type { Amended, Place, Policy } from './policy.js'
import { ruleSet, type RuleSet } from './schema.js'

/** Check a rule set as written, dated values included. @throws InputError with everything that is wrong */
export function makePolicy(
  tree: Policy['tree'],
  place: Place,
  file: string,
  amendments: readonly Amended[] = [],
): Policy {
  const findings: Finding[] = [...wrongDates(tree, place), ...nothingThere(tree, place)]
  if (findings.length > 0) throw new InputError(findings)
  const epochs = [BEFORE_ALL, ...changesOf(tree)]
  for (const month of epochs) {
    const form = ruleSet.safeParse(inForce(tree, month, true))
    if (!form.success) findings.push(...findingsOf(form.error, ruleSet, positionsIn(tree, place, month)))
  }
  if (findings.length > 0) throw new InputError(distinct(findings))
  const rules = inForce(tree, epochs.at(-1)!, true) as RuleSet
  const policy: Policy = {
    id: rules.policy,
    title: rules.title,
    source: rules.source,
    file,
    facts: [...CORE_FACTS, ...declaredFacts(rules, place, findings)],
    tree,
    place,
    amendments,
  }
  for (const month of epochs) buildLaw(policy, month, {}, findings)
  if (findings.length > 0) throw new InputError(distinct(findings))
  return policy
}

function wrongDates(tree: Policy['tree'], place: Place): Finding[] {
  return datesOf(tree)
    .filter(({ date }) => firstMonth(date) === undefined)
    .map(({ date, path }) => ({
      severity: 'error',
      code: 'wrong-date',
      ...place(path),
      message: { zh: `“${date}”不是日期`, en: `"${date}" is no date` },
      expected: { zh: '如 2012-01-01 或 2012-01', en: 'such as 2012-01-01 or 2012-01' },
    }))
}

/** Without this a mistyped key without a value would be taken for one that is not in force. */
function nothingThere(tree: Policy['tree'], place: Place): Finding[] {
  return emptyValues(tree).map(path => ({
    severity: 'error',
    code: 'empty-value',
    ...place(path),
    message: { zh: `“${path.at(-1)}”没有值`, en: `"${path.at(-1)}" has no value` },
    fix: {
      zh: '写上值或删去;含逗号的文字在 { } 中须加引号。',
      en: 'Give it one or take it away; inside { } a text with a comma needs quotation marks.',
    },
  }))
}

const positionsIn = (tree: Policy['tree'], place: Place, month: Month): Positions => {
  const at = (path: readonly PropertyKey[], index?: number) =>
    place(writtenPath(tree, path.map(String), month, true), index) as ReturnType<Positions['at']>
  return { file: place([]).file, at, within: at }
}

function declaredFacts({ facts = {} }: RuleSet, place: Place, findings: Finding[]): FactDefinition[] {
  return Object.entries(facts).map(([name, { label, type, unit, values = [], min, max, whole }]) => {
    if (CORE_FACTS.some(fact => fact.name === name))
      findings.push({
        severity: 'error',
        code: 'redeclared-fact',
        ...place(['facts', name]),
        message: {
          zh: `“${name}”已是内置的事实,不必声明`,
          en: `"${name}" is a core fact and cannot be declared anew`,
        },
      })
    const definition: FactType =
      type === 'named' || type === 'ordered'
        ? { kind: type, values: Array.isArray(values) ? values : Object.keys(values) }
        : type === 'number'
          ? { kind: 'number', min: min ?? -Infinity, max: max ?? Infinity, whole: whole ?? false }
          : { kind: 'boolean' }
    return {
      name,
      label: label ?? { zh: name, en: name },
      type: definition,
      ...(unit && { unit }),
      ...(!Array.isArray(values) && { valueLabels: Object.values(values) }),
    }
  })
}

/** The same mistake shows in every epoch that holds the same text: say it once. */
function distinct(findings: Finding[]): Finding[] {
  const seen = new Map(findings.map(finding => [JSON.stringify(finding), finding]))
  return [...seen.values()].sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0))
}
