/** One policy as a page: what it says in a month, when it changed, what it stands on, and what in it is assumed. */
import { formatMonth } from '../evidence/month.js'
import type { Area } from '../pack/pack.js'
import type { Law, Policy } from '../policy/policy.js'
import type { Lang } from '../reading/text.js'
import { escapeXml as escape } from './charts/frame.js'
import { cell, htmlTable, paragraph, type Row } from './html.js'
import { assumedShare, lawSections, type LawRow, type LawSection } from './law.js'
import { htmlPage, section } from './page.js'

/** What a law came to in the months before: one entry a change, words in both languages. */
export interface Change {
  month: string
  words: { zh: string; en: string }[]
}

const WORDS = {
  zh: {
    source: '依据',
    at: '所示为该月有效的规定',
    amendment: '修正',
    assumed: '未能查到出处的规定和数值(假定)',
    ofAll: (assumed: number, all: number) =>
      `本页 ${all} 条规定中有 ${assumed} 条为假定,以底纹标出。据此作决定前请先核实。`,
    none: '本页没有标为假定的规定。',
    changes: '历次变动',
    item: '事项',
    rule: '规定',
    basis: '条款与说明',
    mark: '假定',
    note: '程序据政策文件生成;条文以原文为准。',
  },
  en: {
    source: 'Source',
    at: 'The law as it stands in',
    amendment: 'Amendment',
    assumed: 'Rules and figures without a source (assumed)',
    ofAll: (assumed: number, all: number) =>
      `${assumed} of the ${all} rules on this page are assumed; they are shaded. Check them before you decide by them.`,
    none: 'No rule on this page is marked as assumed.',
    changes: 'How it has changed',
    item: 'Item',
    rule: 'Rule',
    basis: 'Clause and notes',
    mark: 'assumed',
    note: 'Made from the policy file; the text of the document prevails.',
  },
}

/**
 * The page as one HTML file in both languages, `lang` showing first.
 * @param changes what changed when, oldest first
 */
export function policyPage(
  policy: Policy,
  law: Law,
  areas: readonly Area[],
  changes: readonly Change[],
  lang: Lang,
): string {
  const sections = lawSections(policy, law, areas)
  return htmlPage(lang, `${policy.title[lang]} · ${policy.id}`, shown => {
    const words = WORDS[shown]
    const { assumed, all } = assumedShare(sections)
    const { document, url, note } = policy.source
    return (
      `<h1>${escape(policy.title[shown])}</h1>\n` +
      `<p class="made">${escape(words.source)}: ${escape(document)}${url ? `<br>${escape(url)}` : ''}<br>${escape(words.at)}: ${formatMonth(law.month)} (${escape(policy.id)})</p>\n` +
      (note ? paragraph(note[shown]) : '') +
      `<p class="answer">${escape(assumed.length > 0 ? words.ofAll(assumed.length, all) : words.none)}</p>\n` +
      section(words.changes, changesOf(policy, changes, shown)) +
      sections.map(part => lawSection(part, shown)).join('') +
      paragraph(words.note, 'note')
    )
  })
}

function changesOf(policy: Policy, changes: readonly Change[], lang: Lang): string {
  const words = WORDS[lang]
  const amendments = policy.amendments.map(
    ({ id, from, to }) =>
      `<li>${words.amendment} ${escape(id)}: ${formatMonth(from)} … ${to === undefined ? '' : formatMonth(to)}</li>\n`,
  )
  const list = changes.map(
    ({ month, words: said }) =>
      `<li>${month}<ul>\n${said.map(one => `<li>${escape(one[lang])}</li>\n`).join('')}</ul></li>\n`,
  )
  return amendments.length + list.length === 0 ? '' : `<ul>\n${amendments.join('')}${list.join('')}</ul>\n`
}

function lawSection({ channel, title, clause, assumed, note, parts }: LawSection, lang: Lang): string {
  const words = WORDS[lang]
  const name = `${title[lang]}${channel ? ` · ${channel}` : ''}${assumed ? `(${words.mark})` : ''}`
  const tables = parts.map(part => {
    let last = ''
    const rows = part.rows.map((row): Row => {
      const label = row.name[lang]
      const shown = label === last ? '' : label
      last = label
      return [
        cell(shown, 'text'),
        cell(row.rule[lang], row.assumed ? 'assumed' : 'text'),
        cell(basisOf(row, lang), 'text'),
      ]
    })
    const header = [cell(words.item, 'text'), cell(words.rule, 'text'), cell(words.basis, 'text')]
    return htmlTable(header, rows, part.title[lang])
  })
  return section(
    name,
    (clause ? paragraph(clause, 'made') : '') +
      `<div class="law">${tables.join('')}</div>` +
      (note ? paragraph(note[lang], 'note') : ''),
  )
}

function basisOf({ clause, source, note, assumed }: LawRow, lang: Lang): string {
  const mark = assumed ? WORDS[lang].mark : undefined
  return [mark, clause, source, note?.[lang]].filter(part => part !== undefined).join(' · ')
}
