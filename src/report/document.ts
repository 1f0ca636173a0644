/** report.html: the answer, the tables, the charts and what they stand on, in one page. */
import type { Lang } from '../reading/text.js'
import type { Comparison } from '../results/comparison.js'
import { CHARTS } from './charts/charts.js'
import { escapeXml as escape, type ChartOptions } from './charts/frame.js'
import { assumptionSection, confounderSection, findingSection, listSection } from './evidenceSections.js'
import {
  areaSection,
  bandSection,
  otherSection,
  roundSection,
  schoolSection,
  tableSection,
} from './resultSections.js'
import { answer } from './answer.js'
import { htmlPage, section } from './page.js'
import { horizonOf, number, spellHidden, wordsOf } from './wording/wording.js'

function article(comparison: Comparison, lang: Lang, document: ChartOptions['document']): string {
  const words = wordsOf(lang).report
  const { pack, horizon, replicates, draws, seed, scale } = comparison
  const charts = Object.values(CHARTS)
    .map(chart => chart(comparison, { lang, document }))
    .filter(svg => svg !== undefined)
    .map(svg => `<figure>${svg}</figure>\n`)
  const said = answer(comparison, lang)
  const made = [
    words.madeBy(`${pack.title[lang]} ${pack.version}`, horizonOf(horizon)),
    wordsOf(lang).runOf(replicates, draws, seed),
    ...(scale < 1 ? [words.scaled(`${number(scale * 100)}%`)] : []),
  ]
  const body =
    `<h1>${escape(words.title)}</h1>\n` +
    section(
      words.answer,
      said ? `<p class="answer">${escape(said)}</p>\n${otherSection(comparison, lang)}` : '',
    ) +
    `<p class="made">${made.map(escape).join('<br>')}</p>\n` +
    section(words.table, tableSection(comparison, lang), true) +
    section(words.known, bandSection(comparison, lang)) +
    section(words.schools, schoolSection(comparison, lang)) +
    section(words.charts, charts.join('')) +
    section(words.areas, areaSection(comparison, lang)) +
    section(wordsOf(lang).rounds.title, roundSection(comparison, lang)) +
    section(words.assumptions, assumptionSection(comparison, lang)) +
    section(words.confounders, confounderSection(comparison, lang)) +
    section(words.limits, listSection(wordsOf(lang).limits)) +
    section(words.findings, findingSection(comparison, lang))
  return spellHidden(body, lang)
}

/**
 * The report as one HTML file.
 * @param lang     the language that shows first
 * @param document for the charts; nothing is left in it
 */
export function reportHtml(comparison: Comparison, { lang, document }: ChartOptions): string {
  return htmlPage(lang, `${wordsOf(lang).report.title} · ${comparison.pack.title[lang]}`, shown =>
    article(comparison, shown, document),
  )
}
