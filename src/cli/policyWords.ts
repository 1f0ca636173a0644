/** The law of a month for people and for programs. */
import { formatMonth } from '../evidence/month.js'
import { inForce } from '../policy/dated.js'
import { STATUSES, type Law, type Policy } from '../policy/policy.js'
import { changeMonths } from '../policy/read.js'
import type { InForce, LineRules, RuleSet } from '../policy/schema.js'
import { SCOPE_WORDS } from '../policy/words.js'
import type { Text } from '../reading/text.js'
import { wrap } from '../report/lines.js'
import type { Terminal } from './verb.js'

type Rules = InForce<RuleSet>
const rulesOf = (policy: Policy, law: Law) => inForce(policy.tree, law.month) as Rules

/** `policy show --format json`: what is in force, dates resolved, beside the months in which the law changes. */
export function recordOf(policy: Policy, law: Law) {
  const rules = rulesOf(policy, law)
  return {
    policy: policy.id,
    title: policy.title,
    source: policy.source,
    at: formatMonth(law.month),
    changes: changeMonths(policy),
    channels: law.channels.map(({ id, title, clause, brings, conditions }) => {
      const { score, groups, admit, note } = rules.channels?.[id] ?? {}
      return {
        id,
        title,
        clause,
        brings,
        conditions: conditions.map(({ text }) => text),
        ...(score && { score, groups, admit }),
        ...(note && { note }),
      }
    }),
    entitlements: law.entitlements,
  }
}

export function printLaw(policy: Policy, law: Law, { print: write, lang, width }: Terminal): void {
  // Long lines go on under their beginning, two columns further in.
  const print = (text: string) => {
    for (const paragraph of text.split('\n')) {
      const indent = /^ */.exec(paragraph)![0]
      const [first, ...more] = wrap(paragraph.trimStart(), Math.max(20, width - indent.length - 2))
      write(indent + first)
      for (const line of more) write(`${indent}  ${line}`)
    }
  }
  const zh = lang === 'zh'
  const rules = rulesOf(policy, law)
  const changes = changeMonths(policy)
  print(`${policy.title[lang]} (${policy.id}), ${formatMonth(law.month)}`)
  print(`${zh ? '依据' : 'Source'}: ${policy.source.document}`)
  if (policy.source.note) print(policy.source.note[lang])
  if (changes.length > 0) print(`${zh ? '变动月份' : 'Changes in'}: ${changes.join(', ')}`)
  for (const { id, title, clause, brings, conditions } of law.channels) {
    print(`\n${id}  ${title[lang]}`)
    print(`  ${clause}`)
    for (const { text } of conditions) print(`  - ${text}`)
    const { score, groups, note } = rules.channels?.[id] ?? {}
    for (const [line, rule] of Object.entries(score ?? {})) if (rule) printLine(line, rule, lang, print)
    for (const [group, rule] of Object.entries(groups ?? {})) {
      const cap = rule?.cap === undefined ? '' : zh ? `,上限 ${rule.cap}` : `, at most ${rule.cap}`
      const take = rule?.take === 'highest' ? (zh ? '取最高' : 'highest of') : zh ? '合计' : 'sum of'
      print(`    ${group}: ${take} ${(rule?.of ?? []).join(', ')}${cap}`)
    }
    print(`  ${zh ? '随迁' : 'Brings'}: ${SCOPE_WORDS[brings][lang]}`)
    if (note) print(`  ${zh ? '说明' : 'Note'}: ${(note as Text)[lang]}`)
  }
  print(`\n${zh ? '待遇' : 'Entitlements'}`)
  for (const [service, statuses] of Object.entries(law.entitlements))
    for (const status of STATUSES) {
      const given = Object.entries(statuses[status]).map(([key, value]) => `${key} ${String(value)}`)
      print(`  ${service}.${status}: ${given.join(', ')}`)
    }
}

function printLine(
  id: string,
  { by, each, when, round, points, cap, note }: InForce<LineRules>,
  lang: 'zh' | 'en',
  print: Terminal['print'],
) {
  if (points === undefined) return
  const zh = lang === 'zh'
  const most = cap === undefined ? '' : zh ? `,上限 ${cap}` : `, at most ${cap}`
  const levels = Object.entries(points).map(([level, value]) => `${level} ${String(value)}`)
  const rule =
    by !== undefined
      ? levels.join(', ')
      : each !== undefined
        ? `${String(points)} × ${round ? `${round}(${each})` : each}`
        : `${String(points)} ${zh ? '若' : 'if'} ${String(when)}`
  print(`    ${id}: ${rule}${most}`)
  if (note) print(`      ${(note as Text)[lang]}`)
}
