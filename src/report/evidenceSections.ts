/** The parts of the page that say what the results stand on: assumptions by grade, confounders, limits, findings. */
import { GRADES } from '../evidence/parameter.js'
import { inWords } from '../reading/finding.js'
import type { Lang } from '../reading/text.js'
import type { AssumptionRow, Comparison } from '../results/comparison.js'
import { escapeXml as escape } from './charts/frame.js'
import { cell, htmlTable, paragraph } from './html.js'
import { number, wordsOf } from './wording/wording.js'

/** Below this contraction of the prior a fitted parameter is called not identified. */
const IDENTIFIED = 0.2

/** The headline number that a parameter moves most, with the rank correlation. */
function influence(row: AssumptionRow, comparison: Comparison, lang: Lang): string {
  const [most] = Object.entries(row.influence ?? {}).sort(([, a], [, b]) => Math.abs(b) - Math.abs(a))
  if (!most) return ''
  const [id, correlation] = most
  const label = comparison.headline.find(headline => headline.id === id)?.label[lang] ?? id
  return `${label} (${number(correlation, true)})`
}

function contraction({ contraction }: AssumptionRow, lang: Lang): string {
  if (contraction === undefined) return ''
  return number(contraction) + (contraction < IDENTIFIED ? ` ${wordsOf(lang).report.notIdentified}` : '')
}

/** T16 by grade, the weakest first; within a grade those that move results most come first. */
export function assumptionSection(comparison: Comparison, lang: Lang): string {
  const words = wordsOf(lang)
  const { report } = words
  const strength = ({ influence = {} }: AssumptionRow): number =>
    Math.max(0, ...Object.values(influence).map(Math.abs))
  const header = [
    cell(report.parameter, 'text'),
    cell(report.value),
    cell(report.believed),
    cell(report.layer, 'text'),
    cell(report.contraction, 'text'),
    cell(report.influence, 'text'),
    cell(report.source, 'text'),
  ]
  const groups = [...GRADES].reverse().map(grade => {
    const rows = comparison.assumptions
      .filter(row => row.grade === grade)
      .sort((a, b) => strength(b) - strength(a))
      .map(row => [
        cell(`${row.label[lang]} · ${row.parameter}`, 'text'),
        cell(
          row.value === undefined
            ? words.unknown
            : `${number(row.value)} ${words.units[row.unit] ?? row.unit}`,
        ),
        cell(row.range.some(Number.isNaN) ? '' : `[${row.range.map(end => number(end)).join(', ')}]`, 'band'),
        cell(words.layers[row.layer], 'text'),
        cell(contraction(row, lang), 'text'),
        cell(influence(row, comparison, lang), 'text'),
        cell(row.note ? `${row.source}; ${row.note}` : row.source, 'text'),
      ])
    if (rows.length === 0) return ''
    const summary = `${words.grades[grade]}${words.separator}${report.count(rows.length)}`
    return `<details open><summary>${escape(summary)}</summary>\n${htmlTable(header, rows)}</details>\n`
  })
  return paragraph(report.assumptionsNote) + groups.join('')
}

export const listSection = (items: string[]): string =>
  `<ul>\n${items.map(item => `<li>${escape(item)}</li>`).join('\n')}\n</ul>\n`

/** What else happened at the time; that nothing is listed is said too. */
export function confounderSection({ confounders = [] }: Comparison, lang: Lang): string {
  const words = wordsOf(lang)
  if (confounders.length === 0) return paragraph(words.confoundersNone)
  return paragraph(words.confoundersLead) + listSection(confounders.map(text => text[lang]))
}

export function findingSection({ findings }: Comparison, lang: Lang): string {
  if (findings.length === 0) return paragraph(wordsOf(lang).report.noFindings)
  return `<ul>\n${findings
    .map(
      finding =>
        `<li>${escape(inWords(finding, lang)).replaceAll('\n', '<br>')} <code>${escape(finding.code)}</code></li>`,
    )
    .join('\n')}\n</ul>\n`
}
