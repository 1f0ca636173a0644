/** Declared facts that a synthetic population cannot have: only a column of a file gives them. */
import type { Finding } from '../reading/finding.js'
import type { Text } from '../reading/text.js'
import { writtenPath } from './dated.js'
import { factsIn } from './explain/thresholds.js'
import type { CompiledChannel, Law, Policy } from './policy.js'
import type { ScorePart, ScoreTree } from './score.js'
import { givenFacts } from './supply.js'
import { clauseWords } from './words.js'

/** A rule that reads facts. */
interface Reading {
  facts: readonly number[]
  clause?: string
  path: readonly string[]
}

/**
 * One `unsupplied-fact` a fact that a rule of the law needs and nobody supplies, with the rules that need it.
 * @param law of that policy
 */
export function unsuppliedFacts(policy: Policy, { channels, declared, month }: Law): Finding[] {
  const bare = declared.filter(({ kind }) => kind === 'column').map(({ slot }) => slot)
  if (bare.length === 0) return []
  const rules = channels.flatMap(readings)
  return bare.flatMap((slot): Finding[] => {
    const needing = rules.filter(({ facts }) => givenFacts(declared, facts).has(slot))
    if (needing.length === 0) return []
    const { name, label } = policy.facts[slot]
    const listed = (lang: keyof Text) => [...new Set(needing.map(rule => nameOf(rule)[lang]))]
    return [
      {
        severity: 'error',
        code: 'unsupplied-fact',
        ...policy.place(writtenPath(policy.tree, ['facts', name], month)),
        message: {
          zh: `合成人口没有“${label.zh}”(${name}),而这些规则需要它:${listed('zh').join('、')}`,
          en: `A synthetic population has no "${name}" (${label.en}), and these rules need it: ${listed('en').join(', ')}`,
        },
        fix: {
          zh: '在 facts 中写明它从何而来(is、window 或 assume),或用 --persons 给一份含有它的人员 CSV',
          en: 'Say under "facts" where it comes from ("is", "window" or "assume"), or give a CSV that has it with --persons',
        },
      },
    ]
  })
}

/** Conditions, lines and factors of points, keys of the order, conditions of rounds. */
const readings = ({ conditions, points, rounds }: CompiledChannel): Reading[] => [
  ...conditions.filter(({ kind }) => kind !== 'score'),
  ...(points ? readingsOf(points.tree) : []),
  ...(rounds?.reads ?? []),
]

const readingsOf = ({ parts, factors }: ScoreTree): Reading[] => [
  ...parts.flatMap(linesOf),
  ...factors.map(({ clause, path, guard }) => ({ clause, path, facts: guard ? factsIn(guard) : [] })),
]

function linesOf(part: ScorePart): Reading[] {
  if (part.kind === 'group') return part.of.flatMap(linesOf)
  const { clause, path, rule, guard } = part
  const read = rule.kind === 'levels' ? [rule.slot] : rule.kind === 'flag' ? [] : factsIn(rule.of)
  return [{ clause, path, facts: [...read, ...(guard ? factsIn(guard) : [])] }]
}

/** The clause, as a reader of rules knows it, and where it stands in the file. */
function nameOf({ clause, path }: Reading): Text {
  const place = path.join('.')
  if (!clause) return { zh: place, en: place }
  const { zh, en } = clauseWords(clause)
  return { zh: `${zh}(${place})`, en: `${en} (${place})` }
}
