import { parseHTML } from 'linkedom'
import { unzipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { chartDocument } from '../../src/node/document.js'
import { comparisonXlsx } from '../../src/node/xlsx.js'
import { reportHtml } from '../../src/report/document.js'
import { en } from '../../src/report/wording/en.js'
import { zh } from '../../src/report/wording/zh.js'
import { comparison } from './fixture.js'

const html = reportHtml(comparison, { lang: 'zh', document: chartDocument() })
const { document: page } = parseHTML(html)
const article = (lang: string) => page.querySelector(`article[lang=${lang}]`)!

describe('the report', () => {
  it('opens offline: no script, no host, no file beside it', () => {
    expect(html.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(
      /https?:|<script|<link|<img|@import|url\((?!#)/,
    )
  })

  it('begins with the answer and its band, then the table, in both languages', () => {
    for (const [lang, words, band] of [
      ['zh-CN', zh, '90% 区间 +2,182 至 +17,072'],
      ['en', en, '90% band +2,182 to +17,072'],
    ] as const) {
      const titles = [...article(lang).querySelectorAll('h2')].map(node => node.textContent)
      const { report } = words
      expect(titles).toEqual([
        report.answer,
        report.table,
        report.known,
        report.schools,
        report.charts,
        report.areas,
        report.assumptions,
        report.confounders,
        report.limits,
        report.findings,
      ])
      expect(article(lang).querySelector('.answer')!.textContent).toContain(band)
      expect(article(lang).querySelectorAll('figure svg[role=img]')).toHaveLength(7)
    }
  })

  it('prints every confounder, limit, assumption and finding', () => {
    for (const [lang, words] of [
      ['zh-CN', zh],
      ['en', en],
    ] as const) {
      const text = article(lang).textContent!
      const language = lang === 'en' ? 'en' : 'zh'
      for (const said of [
        words.confoundersLead,
        ...comparison.confounders!.map(one => one[language]),
        ...words.limits,
      ])
        expect(text).toContain(said)
      for (const { parameter, source } of comparison.assumptions) {
        expect(text).toContain(parameter)
        expect(text).toContain(source)
      }
      for (const { code } of comparison.findings) expect(text).toContain(code)
      expect(text).toContain(words.report.notIdentified)
    }
  })

  it('puts the local cohort before the share of the reform, and says when that decides nothing', () => {
    const text = article('en').textContent!
    expect(text.indexOf('wanted by children with local hukou')).toBeLessThan(
      text.indexOf('changes net demand in September 2020'),
    )
    expect(text).toContain(en.schools.small)
  })

  it('shows the language asked for first', () => {
    expect(page.querySelector('#zh')!.hasAttribute('checked')).toBe(true)
    const other = parseHTML(reportHtml(comparison, { lang: 'en', document: chartDocument() })).document
    expect(other.querySelector('#en')!.hasAttribute('checked')).toBe(true)
    expect(other.documentElement.getAttribute('lang')).toBe('en')
  })

  it('has no id twice, and escapes what data brings', () => {
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
    const scenarios = [comparison.scenarios[0], { id: 'zero-threshold', title: { zh: '<b>&', en: '<b>&' } }]
    const odd = reportHtml({ ...comparison, scenarios }, { lang: 'en', document: chartDocument() })
    expect(odd).toContain('&lt;b&gt;&amp;')
    expect(odd).not.toContain('<b>')
  })

  it('with one scenario has levels and no differences', () => {
    const one = {
      ...comparison,
      scenarios: comparison.scenarios.slice(0, 1),
      headline: comparison.headline.map(headline => ({ ...headline, differences: {} })),
    }
    const text = parseHTML(reportHtml(one, { lang: 'en', document: chartDocument() })).document.querySelector(
      'article[lang=en]',
    )!
    expect(text.querySelector('.answer')!.textContent).toContain('Under “Points”')
    expect(text.textContent).not.toContain('Zero threshold')
  })
})

describe('words', () => {
  /** Every text of a tree of words; functions are called with marks. */
  const texts = (tree: unknown): string[] =>
    typeof tree === 'string'
      ? [tree]
      : typeof tree === 'object' && tree !== null
        ? Object.values(tree).flatMap(texts)
        : []
  it('name the same keys, values and units in both languages', () => {
    for (const list of ['keys', 'values', 'units'] as const)
      expect(Object.keys(en[list])).toEqual(Object.keys(zh[list]))
    expect(texts(zh).length).toBe(texts(en).length)
  })
  it('Chinese has full-width marks between its characters', () => {
    for (const text of texts(zh)) expect(text).not.toMatch(/[\u4e00-\u9fff][,;:()]|[,;()][\u4e00-\u9fff]/)
  })
  it('English holds no Chinese character', () => {
    for (const text of texts(en)) expect(text).not.toMatch(/[\u4e00-\u9fff]/)
  })
})

describe('comparison.xlsx', () => {
  it('is the same bytes whenever it is made, one sheet a language', async () => {
    const bytes = await comparisonXlsx(comparison, 'zh')
    await new Promise(resolve => setTimeout(resolve, 2100)) // the time in an archive has steps of two seconds
    expect(Buffer.compare(bytes, await comparisonXlsx(comparison, 'zh'))).toBe(0)
    const files = unzipSync(bytes)
    const text = (name: string) => new TextDecoder().decode(files[name])
    expect(text('xl/workbook.xml')).toMatch(/name="对比表".*name="Comparison"/s)
    for (const said of ['积分入户', 'Zero threshold', '规则使然', 'grade of evidence: assumed'])
      expect(text('xl/sharedStrings.xml')).toContain(said)
    expect(text('xl/worksheets/sheet1.xml')).toContain('<v>20900</v>')
  })
})
