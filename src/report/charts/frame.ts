/**
 * What every chart shares: fonts, textures that tell apart without colour, legend, panels side by side and the notes
 * that must stand under each (scenarios, n, interval, synthetic population, data pack, grade of evidence).
 * A chart is text of one standalone SVG; ids in it begin with the chart's own, so that many fit into one page.
 */
import * as Plot from '@observablehq/plot'
import stringWidth from 'string-width'
import { GRADES, type Grade } from '../../evidence/parameter.js'
import type { Lang } from '../../reading/text.js'
import type { Comparison } from '../../results/comparison.js'
import { wrap } from '../lines.js'
import { hiddenNote, scenarioTitle, spellHidden, wordsOf } from '../wording/wording.js'

type PlotDocument = NonNullable<Plot.PlotOptions['document']>

export interface ChartOptions {
  lang: Lang
  /** The page's own in a browser, linkedom's in Node. */
  document: PlotDocument
}

/** Draws one chart, or nothing where the run holds no table for it. */
export type Chart = (comparison: Comparison, options: ChartOptions) => string | undefined

const CHINESE =
  '"Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", "WenQuanYi Micro Hei", SimHei, system-ui, sans-serif'
/** Latin letters and marks come from a Latin font first in English; a Chinese font would set its quotation marks too wide. */
export const fontOf = (lang: Lang): string =>
  lang === 'zh' ? CHINESE : `"Segoe UI", "Helvetica Neue", Arial, "Liberation Sans", ${CHINESE}`
export const WIDTH = 880
const SIZE = 14
const SMALL = 12

/** How a scenario is drawn, by its place: each differs in shade, dash and texture. */
export const LINES = [
  { stroke: '#595959', dash: '7 4', texture: 'hatch' },
  { stroke: '#0b4f8a', dash: 'none', texture: 'plain' },
  { stroke: '#a33b00', dash: '2 3', texture: 'dots' },
  { stroke: '#00664b', dash: '10 3 2 3', texture: 'grid' },
] as const
export const lineOf = (index: number): (typeof LINES)[number] => LINES[index % LINES.length]

/** Fills for stacked parts: shade and texture both differ between neighbours. */
const FILLS: [background: string, texture: string][] = [
  ['#0b3c66', ''],
  ['#f2c14e', '<path d="M0 8L8 0" stroke="#5a4300" stroke-width="1.4"/>'],
  ['#5f9ed1', '<circle cx="4" cy="4" r="1.5" fill="#0b3c66"/>'],
  ['#ffffff', '<path d="M0 4H8M4 0V8" stroke="#444" stroke-width="1"/>'],
  ['#a33b00', '<path d="M0 0L8 8" stroke="#fff" stroke-width="1.6"/>'],
  ['#9fd8c0', '<path d="M0 4H8" stroke="#00664b" stroke-width="1.6"/>'],
  ['#c7a4d8', '<path d="M4 0V8" stroke="#4b2361" stroke-width="1.4"/>'],
  ['#dddddd', ''],
]

const BANDS: Record<string, string> = {
  plain: '<rect width="8" height="8" fill="#0b4f8a" fill-opacity=".2"/>',
  hatch: '<path d="M0 8L8 0" stroke="#595959" stroke-width="1" stroke-opacity=".7"/>',
  dots: '<circle cx="4" cy="4" r="1.2" fill="#a33b00"/>',
  grid: '<path d="M0 4H8M4 0V8" stroke="#00664b" stroke-width=".6"/>',
}

const pattern = (id: string, content: string): string =>
  `<pattern id="${id}" width="8" height="8" patternUnits="userSpaceOnUse">${content}</pattern>`

/** References to the textures of one chart. */
export const fillOf = (chart: string, index: number): string => `url(#${chart}-fill-${index % FILLS.length})`
export const bandOf = (chart: string, index: number): string => `url(#${chart}-band-${lineOf(index).texture})`

const textures = (chart: string): string =>
  '<defs>' +
  FILLS.map(([background, texture], index) =>
    pattern(`${chart}-fill-${index}`, `<rect width="8" height="8" fill="${background}"/>${texture}`),
  ).join('') +
  Object.entries(BANDS)
    .map(([name, content]) => pattern(`${chart}-band-${name}`, content))
    .join('') +
  '</defs>'

export const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

const say = (x: number, y: number, text: string, size: number, more = ''): string =>
  `<text x="${x}" y="${y}" font-size="${size}"${more}>${escapeXml(text)}</text>`

/** Width of text in px, from its width in columns (a Chinese character is two columns and one em). */
const pixels = (text: string, size: number): number => stringWidth(text) * size * 0.56

/** A key of the legend: a filled box, a line, or both (a band with its line). */
export interface Key {
  label: string
  fill?: string
  stroke?: string
  dash?: string
}

/** The scenarios as keys, in their order. */
export const scenarioKeys = (comparison: Comparison, chart: string, lang: Lang): Key[] =>
  comparison.scenarios.map(({ id }, index) => ({
    label: scenarioTitle(comparison, id, lang),
    fill: bandOf(chart, index),
    stroke: lineOf(index).stroke,
    dash: lineOf(index).dash,
  }))

/** The legend in as many rows as it needs. @returns its SVG and its height */
function legend(keys: Key[], top: number): { svg: string; height: number } {
  let x = 16
  let y = top
  let svg = ''
  for (const { label, fill, stroke, dash } of keys) {
    const width = 34 + pixels(label, SIZE) + 22
    if (x > 16 && x + width > WIDTH) {
      x = 16
      y += 24
    }
    if (fill)
      svg += `<rect x="${x}" y="${y}" width="26" height="14" fill="${fill}" stroke="${stroke ?? '#333'}" stroke-width=".6"/>`
    if (stroke && dash)
      svg += `<path d="M${x} ${y + 7}H${x + 26}" stroke="${stroke}" stroke-width="2.4" stroke-dasharray="${dash}" fill="none"/>`
    svg += say(x + 34, y + 12, label, SIZE)
    x += Math.ceil(width)
  }
  return { svg, height: keys.length > 0 ? y - top + 30 : 0 }
}

export interface Panel {
  title?: string
  /** Small text at the right of the title. */
  aside?: string
  plot: Plot.PlotOptions
}

export interface Frame {
  /** Prefix of every id: chart and language. */
  chart: string
  /** Id of the result table that it shows. */
  table: string
  title: string
  keys: Key[]
  panels: Panel[]
  /** Panels in a row. */
  across: number
  /** Height of one panel without its title, px. */
  height: number
  /** Said before the notes that every chart has. */
  notes: string[]
}

/** A chart of a comparison, with the notes that each of them must have. @returns one standalone SVG */
export function frame(comparison: Comparison, options: ChartOptions, framed: Frame): string {
  const { lang } = options
  const words = wordsOf(lang)
  const { pack, replicates, draws, scenarios } = comparison
  const always = [
    scenarios.map(({ id }) => scenarioTitle(comparison, id, lang)).join(lang === 'zh' ? '、' : ', '),
    words.footnote(replicates, draws, `${pack.id} ${pack.version}`),
    words.leansOn(words.grades[weakest(comparison, framed.table)]),
    ...hiddenNote(comparison, lang),
  ].join(words.separator)
  const own = framed.notes.join(words.separator)
  return spellHidden(drawFrame(options, { ...framed, notes: [...(own ? [own] : []), always] }), lang)
}

/** Lays out title, legend, panels and notes, each note a paragraph. @returns one standalone SVG */
export function drawFrame({ lang, document }: ChartOptions, framed: Omit<Frame, 'table'>): string {
  const { chart, panels, across, height } = framed
  let y = 34
  let body = say(16, y, framed.title, 20, ' font-weight="bold"')
  const keys = legend(framed.keys, y + 16)
  body += keys.svg
  y += 16 + keys.height
  const width = Math.floor((WIDTH - 16) / across)
  const titled = panels.some(({ title }) => title)
  for (const [index, panel] of panels.entries()) {
    const left = 8 + (index % across) * width
    if (titled) body += say(left + 8, y + 18, panel.title ?? '', SIZE, ' font-weight="bold"')
    if (panel.aside)
      body += say(left + width - 12, y + 18, panel.aside, SMALL, ' text-anchor="end" fill="#333"')
    const svg = Plot.plot({
      document,
      className: 'chart',
      width,
      height,
      marginTop: 28,
      marginLeft: 62,
      marginRight: 24,
      marginBottom: 30,
      ...panel.plot,
    }) as unknown as {
      querySelector(name: string): { remove(): void } | null
      setAttribute(name: string, value: string): void
      outerHTML: string
    }
    svg.querySelector('style')?.remove()
    for (const [name, value] of [
      ['x', String(left)],
      ['y', String(y + (titled ? 24 : 0))],
      ['font-family', 'inherit'],
      ['font-size', String(SMALL)],
    ])
      svg.setAttribute(name, value)
    body += svg.outerHTML
    if (index % across === across - 1 || index === panels.length - 1) y += height + (titled ? 28 : 4)
  }
  for (const line of framed.notes.flatMap(note => wrap(note, Math.floor((WIDTH - 32) / (SMALL * 0.51))))) {
    y += 17
    body += say(16, y, line, SMALL, ' fill="#333"')
  }
  y += 14
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" width="${WIDTH}" height="${y}" role="img" ` +
    `aria-label="${escapeXml(framed.title)}" font-family="${escapeXml(fontOf(lang))}" fill="#111">` +
    `${textures(chart)}<rect width="${WIDTH}" height="${y}" fill="#fff"/>${body}</svg>`
  )
}

/** The weakest grade among the headline numbers of a table, or of all where it has none. */
function weakest({ headline }: Comparison, table: string): Grade {
  const own = headline.filter(({ id }) => id.startsWith(`${table}.`))
  return GRADES[Math.max(0, ...(own.length > 0 ? own : headline).map(({ grade }) => GRADES.indexOf(grade)))]
}
