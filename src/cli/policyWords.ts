/** The law of a month for people and for programs. */
import stringWidth from 'string-width'
import { formatMonth } from '../evidence/month.js'
import type { Area } from '../pack/pack.js'
import { inForce } from '../policy/dated.js'
import type { Law, Policy } from '../policy/policy.js'
import { changeMonths } from '../policy/read.js'
import type { InForce, RuleSet } from '../policy/schema.js'
import { lawSections, type LawRow } from '../report/law.js'
import { wrap } from '../report/lines.js'
import type { Terminal } from './verb.js'

/** `policy show --format json`: what is in force, dates resolved, beside the months in which the law changes. */
export function recordOf(policy: Policy, law: Law) {
  const rules = inForce(policy.tree, law.month) as InForce<RuleSet>
  return {
    policy: policy.id,
    title: policy.title,
    source: policy.source,
    at: formatMonth(law.month),
    changes: changeMonths(policy),
    amendments: policy.amendments.map(({ id, from, to, paths }) => ({
      id,
      from: formatMonth(from),
      ...(to !== undefined && { to: formatMonth(to) }),
      paths,
    })),
    channels: law.channels.map(({ id, title, clause, brings, selection, conditions }) => {
      const { score, groups, factors, admit, grade, note } = rules.channels?.[id] ?? {}
      return {
        id,
        title,
        clause,
        ...(grade && { grade }),
        brings,
        selection,
        conditions: conditions.map(({ text }) => text),
        ...(score && { score, groups, factors }),
        ...(admit && { admit }),
        ...(note && { note }),
      }
    }),
    ...(rules.facts && { facts: rules.facts }),
    ...(rules.legacy && { legacy: rules.legacy }),
    entitlements: law.entitlements,
  }
}

export function printLaw(policy: Policy, law: Law, areas: readonly Area[], terminal: Terminal): void {
  const { print: write, lang, width } = terminal
  const zh = lang === 'zh'
  // Long lines go on under their beginning, two columns further in.
  const print = (text: string) => {
    for (const paragraph of text.split('\n')) {
      const indent = /^ */.exec(paragraph)![0]
      const [first, ...more] = wrap(paragraph.trimStart(), Math.max(20, width - indent.length - 2))
      write(indent + first)
      for (const line of more) write(`${indent}  ${line}`)
    }
  }
  const changes = changeMonths(policy)
  print(`${policy.title[lang]} (${policy.id}), ${formatMonth(law.month)}`)
  print(`${zh ? '依据' : 'Source'}: ${policy.source.document}`)
  if (policy.source.url) print(policy.source.url)
  if (policy.source.note) print(policy.source.note[lang])
  if (changes.length > 0) print(`${zh ? '变动月份' : 'Changes in'}: ${changes.join(', ')}`)
  for (const { id, from, to } of policy.amendments)
    print(
      `${zh ? '修正' : 'Amendment'} ${id}: ${formatMonth(from)} … ${to === undefined ? '' : formatMonth(to)}`,
    )
  for (const { channel, title, clause, assumed, note, parts } of lawSections(policy, law, areas)) {
    print(`\n${channel ? `${channel}  ` : ''}${title[lang]}${mark(assumed, lang)}`)
    if (clause) print(`  ${clause}`)
    for (const part of parts) {
      print(`  ${part.title[lang]}`)
      const column = Math.max(...part.rows.map(({ name }) => stringWidth(name[lang])))
      let last = ''
      for (const row of part.rows) {
        const name = row.name[lang]
        print(
          `    ${name === last ? '' : name}${' '.repeat(column - (name === last ? 0 : stringWidth(name)))}  ${ruleOf(row, lang)}`,
        )
        if (row.note) print(`      ${zh ? '说明' : 'Note'}: ${row.note[lang]}`)
        last = name
      }
    }
    if (note) print(`  ${zh ? '说明' : 'Note'}: ${note[lang]}`)
  }
}

const ruleOf = ({ rule, clause, assumed }: LawRow, lang: 'zh' | 'en'): string =>
  rule[lang] +
  mark(assumed, lang) +
  (clause ? `  ${lang === 'zh' ? '〔' : '['}${clause}${lang === 'zh' ? '〕' : ']'}` : '')

const mark = (assumed: boolean, lang: 'zh' | 'en'): string =>
  assumed ? (lang === 'zh' ? ' 【假定】' : ' [assumed]') : ''
