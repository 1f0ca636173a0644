/**
 * One page in both languages that opens offline. Its style is inside the file; the language switch is two radio
 * buttons and a style rule, so the page runs no script and asks no host.
 */
import type { Lang } from '../reading/text.js'
import { escapeXml as escape, fontOf } from './charts/frame.js'

const STYLE = `
:root { color-scheme: light }
body { margin: 0 auto; max-width: 60rem; padding: 1rem 1.5rem 4rem; color: #111; background: #fff; font: 16px/1.6 ${fontOf('zh')} }
article[lang=en] { font-family: ${fontOf('en')} }
h1 { font-size: 1.5rem; margin: 1rem 0 0 } h2 { font-size: 1.2rem; margin: 2.2rem 0 .6rem; border-bottom: 2px solid #0b4f8a } h3 { font-size: 1rem; margin: 1.2rem 0 .3rem }
.answer { font-size: 1.25rem; line-height: 1.5; border-left: .4rem solid #0b4f8a; padding: .4rem 1rem; background: #f1f6fb; white-space: pre-line }
.made, .note, caption { color: #444; font-size: .85rem }
table { border-collapse: collapse; width: 100%; font-size: .85rem; line-height: 1.35; font-variant-numeric: tabular-nums; margin: .5rem 0 1rem }
caption { text-align: left; caption-side: top } th, td { padding: .2rem .5rem; border-bottom: 1px solid #ccc; text-align: right; vertical-align: top }
th { border-bottom: 1.5px solid #333; font-weight: 600 } td.text, th.text { text-align: left } tr.block td { text-align: left; font-weight: 600; background: #eef2f6 }
td.text { overflow-wrap: anywhere } td.band { white-space: nowrap; color: #333 } code { font-size: .8rem }
figure { margin: 0 0 1.5rem } figure svg { width: 100%; height: auto; display: block }
.assumed { background: repeating-linear-gradient(135deg, #fff 0 6px, #f3ead0 6px 8px) }
.switch { position: absolute; opacity: 0 } .switch + label { display: inline-block; padding: .1rem .8rem; border: 1px solid #0b4f8a; cursor: pointer }
.switch:checked + label { background: #0b4f8a; color: #fff } .switch:focus-visible + label { outline: 3px solid #f2c14e }
#zh:checked ~ article[lang=en], #en:checked ~ article[lang=zh-CN] { display: none }
/* Rules: the same columns in every table. */
.law table { table-layout: fixed } .law th:nth-child(1) { width: 17% } .law th:nth-child(2) { width: 43% } .law th, .law td { text-align: left }
details { margin: .4rem 0 } summary { cursor: pointer; font-weight: 600 }
@media print {
  .switch, .switch + label { display: none } body { max-width: none; padding: 0; font-size: 11pt }
  figure, tr, .answer { break-inside: avoid } h2, h3 { break-after: avoid } section.page { break-after: page }
}
`

export const section = (title: string, body: string, page = false): string =>
  body === '' ? '' : `<section${page ? ' class="page"' : ''}><h2>${escape(title)}</h2>\n${body}</section>\n`

/**
 * @param lang the language that shows first
 * @param body what stands in the article of each language, as HTML
 */
export function htmlPage(lang: Lang, title: string, body: (lang: Lang) => string): string {
  const radio = (id: Lang, label: string): string =>
    `<input class="switch" type="radio" name="language" id="${id}"${id === lang ? ' checked' : ''}><label for="${id}">${label}</label>\n`
  const article = (id: Lang): string => `<article lang="${htmlLang(id)}">\n${body(id)}</article>\n`
  return (
    `<!doctype html>\n<html lang="${htmlLang(lang)}">\n<head>\n<meta charset="utf-8">\n` +
    `<meta name="viewport" content="width=device-width, initial-scale=1">\n` +
    `<title>${escape(title)}</title>\n` +
    `<style>${STYLE}</style>\n</head>\n<body>\n${radio('zh', '中文')}${radio('en', 'English')}` +
    `${article('zh')}${article('en')}</body>\n</html>\n`
  )
}

const htmlLang = (lang: Lang): string => (lang === 'zh' ? 'zh-CN' : 'en')
