/** A comparison on a terminal: the answer first, then the 对比表 in at most 80 columns, then how sure it is. */
import stringWidth from 'string-width'
import { holdsErrorGate, isHidden, type Comparison, type Headline } from '../results/comparison.js'
import type { Lang } from '../reading/text.js'
import { answer } from './answer.js'
import { fit, wrap } from './lines.js'
import { precision } from './precision.js'
import { blockTitle, blocksOf, type Block } from './blocks.js'
import {
  bracket,
  hiddenNote,
  number,
  scenarioTitle,
  signOf,
  spellHidden,
  wordsOf,
} from './wording/wording.js'

/** What of a terminal matters here; cli/verb.ts has the whole of it. */
export interface Screen {
  lang: Lang
  color: boolean
  /** Columns. */
  width: number
}

export interface Column {
  header: string
  align: 'left' | 'right'
}

/** Lines of the comparison table, headings included. */
const MOST_LINES = 30

const bold = (text: string, { color }: Screen): string => (color ? `\u001b[1m${text}\u001b[22m` : text)

function pad(text: string, width: number, align: Column['align']): string {
  const space = ' '.repeat(Math.max(0, width - stringWidth(text)))
  return align === 'left' ? text + space : space + text
}

/**
 * Text in aligned columns, no wider than `width`: where the cells need more, the widest column is cut.
 * @returns lines, the header first
 */
export function renderTable(columns: Column[], rows: string[][], { width }: Pick<Screen, 'width'>): string[] {
  const all = [columns.map(({ header }) => header), ...rows]
  const widths = columns.map((_, index) => Math.max(...all.map(row => stringWidth(row[index] ?? ''))))
  const gap = 2
  while (widths.reduce((a, b) => a + b, gap * (columns.length - 1)) > width) {
    const widest = widths.indexOf(Math.max(...widths))
    if (widths[widest] <= 3) break
    widths[widest]--
  }
  return all.map(row =>
    columns
      .map(({ align }, index) => pad(fit(row[index] ?? '', widths[index]), widths[index], align))
      .join(' '.repeat(gap))
      .trimEnd(),
  )
}

/**
 * What fits: the first block in full, of the others the last period, as long as there is room. Of a number that is
 * counted on several bases only the first is shown.
 */
function shown(blocks: Block[]): Block[] {
  const ids = blocks.map(({ first }) => first.id)
  const [whole, ...others] = blocks.filter(
    ({ first }, index) => !('basis' in first.keys) || ids.indexOf(first.id) === index,
  )
  if (!whole) return []
  const room = Math.floor((MOST_LINES - 2 - whole.lines.length) / 2)
  return [
    whole,
    ...others.slice(0, Math.max(0, room)).map(block => ({ ...block, lines: block.lines.slice(-1) })),
  ]
}

function row(
  comparison: Comparison,
  period: string,
  headline: Headline,
  scenario: string | undefined,
  lang: Lang,
): string[] {
  const { baseline } = comparison
  const levels = [baseline, ...(scenario ? [scenario] : [])].map(id => number(headline.values[id].mean))
  if (!scenario) return [period, ...levels, bracket(headline.values[baseline])]
  const difference = headline.differences[scenario]
  return [
    period,
    ...levels,
    number(difference.mean, true),
    bracket(difference, true),
    signOf(difference, lang),
  ]
}

function table(comparison: Comparison, scenario: string | undefined, screen: Screen): string[] {
  const { lang } = screen
  const words = wordsOf(lang)
  const blocks = blocksOf(comparison)
  const few = shown(blocks)
  const columns: Column[] = [
    { header: words.keys.period, align: 'left' },
    ...[comparison.baseline, ...(scenario ? [scenario] : [])].map(id => ({
      header: fit(scenarioTitle(comparison, id, lang), 16),
      align: 'right' as const,
    })),
    ...(scenario ? [{ header: words.difference, align: 'right' as const }] : []),
    { header: words.band, align: 'right' },
    ...(scenario ? [{ header: words.sign, align: 'left' as const }] : []),
  ]
  const cells = few.flatMap(block =>
    block.lines.map(({ period, headline }) => row(comparison, period, headline, scenario, lang)),
  )
  const [header, ...lines] = renderTable(
    columns,
    cells.map(one => one.map(text => spellHidden(text, lang))),
    screen,
  )
  const out = [bold(header, screen)]
  for (const block of few) {
    out.push(fit(blockTitle(comparison, block, lang), screen.width), ...lines.splice(0, block.lines.length))
  }
  const count = (of: Block[]): number => of.reduce((sum, { lines }) => sum + lines.length, 0)
  const left = count(few) < count(blocks)
  if (left) out.push(...wrap(words.allYears, screen.width))
  if (few.some(block => block.first.assumedStock)) out.push(...wrap(words.assumedStock, screen.width))
  for (const note of hiddenNote(comparison, lang)) out.push(...wrap(note, screen.width))
  return out
}

/**
 * The whole comparison for a terminal.
 * @returns lines without line ends, none wider than the screen
 */
export function renderComparison(comparison: Comparison, screen: Screen): string[] {
  const { lang, width } = screen
  const words = wordsOf(lang)
  const lines: string[] = []
  const said = answer(comparison, lang)
  if (said)
    for (const line of said.split('\n')) lines.push(...wrap(line, width).map(part => bold(part, screen)))
  const others = comparison.scenarios.filter(({ id }) => id !== comparison.baseline)
  for (const scenario of others.length > 0 ? others.map(({ id }) => id) : [undefined])
    lines.push('', ...table(comparison, scenario, screen))
  lines.push('')
  const [first] = comparison.headline
  for (const difference of Object.values(first?.differences ?? {})) {
    if (isHidden(difference)) continue
    const parts = [...precision(difference, lang), words.leansOn(words.grades[first.grade])]
    for (const part of parts) lines.push(...wrap(part, width))
    if (!holdsErrorGate(difference)) lines.push(...wrap(words.errorShort, width))
  }
  lines.push(...wrap(words.runOf(comparison.replicates, comparison.draws, comparison.seed), width))
  return lines
}
