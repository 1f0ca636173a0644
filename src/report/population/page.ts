/** One page in both languages: who is in a population, how well it keeps its margins, with the pictures. */
import type { Lang } from '../../reading/text.js'
import { escapeXml, type ChartOptions } from '../charts/frame.js'
import { cell, htmlTable, paragraph } from '../html.js'
import { htmlPage, section } from '../page.js'
import { caption, type Account } from './account.js'
import { populationCharts } from './charts.js'
import { populationTables } from './tables.js'

const WORDS = {
  zh: { title: (name: string) => `合成人口:${name}`, charts: '图' },
  en: { title: (name: string) => `Synthetic population: ${name}`, charts: 'Charts' },
}

/** @param lang the language that shows first */
export function populationPage(account: Account, { lang, document }: ChartOptions): string {
  const body = (one: Lang): string => {
    const charts = Object.values(populationCharts(account, { lang: one, document }))
    const tables = populationTables(account, one).map(({ title, header, rows, words, note }) => {
      const kind = (column: number) => (words.includes(column) ? ('text' as const) : undefined)
      const cells = (row: string[]) => row.map((text, column) => cell(text, kind(column)))
      return section(title, htmlTable(cells(header), rows.map(cells)) + (note ? paragraph(note, 'note') : ''))
    })
    return (
      `<h1>${escapeXml(WORDS[one].title(account.title[one]))}</h1>\n` +
      paragraph(caption(account, one), 'made') +
      tables.join('') +
      section(WORDS[one].charts, charts.map(svg => `<figure>${svg}</figure>\n`).join(''))
    )
  }
  return htmlPage(lang, WORDS[lang].title(account.title[lang]), body)
}
