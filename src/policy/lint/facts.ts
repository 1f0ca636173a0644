/** Declared facts that no rule reads, that no population can know, or whose statement says too much. */
import type { Finding } from '../../reading/finding.js'
import type { Text } from '../../reading/text.js'
import { CORE_FACTS } from '../facts.js'
import type { Policy } from '../policy.js'
import { between, both, greatest, isEmpty, least } from '../ranges.js'
import { givenFacts } from '../supply.js'
import { plainNumber } from '../words.js'
import { list, quoted, type Scene } from './scene.js'

/** @param scenes the law of every epoch */
export function factFindings(policy: Policy, scenes: readonly Scene[]): Finding[] {
  const names = namesIn(policy.tree)
  return policy.facts.slice(CORE_FACTS.length).flatMap((fact, i): Finding[] => {
    const slot = CORE_FACTS.length + i
    const { name, label, type } = fact
    const tell = (
      severity: Finding['severity'],
      code: string,
      path: readonly string[],
      message: Text,
    ): Finding => ({
      severity,
      code,
      ...policy.place(['facts', name, ...path]),
      message,
    })
    const words = quoted(label)
    const unread = names.has(name)
      ? []
      : [
          tell('warning', 'unread-fact', [], {
            zh: `没有规则用到事实${words.zh}(${name})`,
            en: `no rule reads the fact ${words.en} (${name})`,
          }),
        ]
    const laws = scenes.map(({ law }) => law)
    const declared = laws
      .map(law => law.declared.find(known => known.slot === slot))
      .filter(known => known !== undefined)
    const needing = new Map(
      laws.flatMap(law =>
        law.channels
          .filter(channel => givenFacts(law.declared, channel.facts).has(slot))
          .map(({ id, title }) => [id, quoted(title)] as const),
      ),
    )
    const needers = list([...needing.values()])
    const column =
      needing.size > 0 && declared.some(({ kind }) => kind === 'column')
        ? [
            tell('note', 'column-only-fact', [], {
              zh: `合成人口不知道${words.zh}(${name}),只有人员文件能给出;需要它的渠道:${needers.zh}`,
              en: `a synthetic population does not know ${words.en} (${name}), only a file of persons gives it; needed by ${needers.en}`,
            }),
          ]
        : []
    const shares = declared.find(({ kind }) => kind === 'assumed')
    const idleShares =
      shares?.kind === 'assumed' && shares.shares.some(({ share }) => share === 1)
        ? [
            tell('note', 'idle-share', ['assume', 'shares'], {
              zh: `假定所有人的${words.zh}(${name})相同`,
              en: `everybody is assumed to have the same value of ${words.en} (${name})`,
            }),
          ]
        : []
    const beyond = scenes.flatMap(({ law, everybody }): Finding[] => {
      const made = law.declared.find(known => known.slot === slot)
      if (type.kind !== 'number' || (made?.kind !== 'computed' && made?.kind !== 'window')) return []
      const values =
        made.kind === 'window' ? between(0, made.months, true) : everybody.values(made.expression)
      const stated = between(type.min, type.max)
      // Of a window every number of months occurs; what an expression may give need not.
      const isBeyond = made.kind === 'window' ? greatest(values) > type.max : isEmpty(both(values, stated))
      if (isEmpty(values) || !isBeyond) return []
      const range = [least(values), greatest(values)].map(plainNumber).join(' … ')
      const bounds = [type.min, type.max].map(plainNumber).join(' … ')
      return [
        tell('warning', 'beyond-bounds', [made.kind === 'window' ? 'window' : 'is'], {
          zh: `${words.zh}(${name})为 ${range},超出所写的 ${bounds}`,
          en: `${words.en} (${name}) is ${range}, beyond the stated ${bounds}`,
        }),
      ]
    })
    return [...unread, ...column, ...idleShares, ...beyond]
  })
}

const EXPRESSIONS = new Set(['when', 'each', 'by', 'is', 'rank'])

/** Every name in a text of the rules, whenever it is in force. */
function namesIn(value: unknown, key?: string, names = new Set<string>()): Set<string> {
  if (typeof value === 'string') {
    if (key !== undefined && EXPRESSIONS.has(key))
      for (const [name] of value.replace(/"[^"]*"|'[^']*'/g, '').matchAll(/[a-z][a-z0-9_]*/g)) names.add(name)
  } else if (typeof value === 'object' && value !== null)
    for (const [inner, node] of Object.entries(value))
      namesIn(node, key !== undefined && EXPRESSIONS.has(key) ? key : inner, names)
  return names
}
