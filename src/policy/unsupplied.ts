/** Declared facts that a synthetic population cannot have: only a column of a file gives them. */
import type { Finding } from '../reading/finding.js'
import { writtenPath } from './dated.js'
import type { Law, Policy } from './policy.js'
import { givenFacts } from './supply.js'

/**
 * One `unsupplied-fact` a fact that a rule of the law needs and nobody supplies, with the rules that need it.
 * @param law of that policy
 */
export function unsuppliedFacts(policy: Policy, { channels, declared, month }: Law): Finding[] {
  const bare = declared.filter(({ kind }) => kind === 'column').map(({ slot }) => slot)
  return bare.flatMap((slot): Finding[] => {
    const needs = (slots: Iterable<number>) => givenFacts(declared, slots).has(slot)
    const rules = channels.flatMap(({ id, conditions, points }) => [
      ...conditions
        .filter(({ kind, facts }) => kind !== 'score' && needs(facts))
        .map(({ path }) => path.join('.')),
      ...(points && needs(points.facts) ? [`channels.${id}.score`] : []),
    ])
    if (rules.length === 0) return []
    const { name, label } = policy.facts[slot]
    const distinct = [...new Set(rules)]
    return [
      {
        severity: 'error',
        code: 'unsupplied-fact',
        ...policy.place(writtenPath(policy.tree, ['facts', name], month)),
        message: {
          zh: `合成人口没有“${label.zh}”(${name}),而这些规则需要它:${distinct.join('、')}`,
          en: `A synthetic population has no "${name}" (${label.en}), and these rules need it: ${distinct.join(', ')}`,
        },
        fix: {
          zh: '在 facts 中写明它从何而来(is、window 或 assume),或用 --persons 给一份含有它的人员 CSV',
          en: 'Say under "facts" where it comes from ("is", "window" or "assume"), or give a CSV that has it with --persons',
        },
      },
    ]
  })
}
