/**
 * comparison.xlsx: the one-page 对比表 as a spreadsheet: years down, scenarios across, unit and grade of evidence over
 * each block, one sheet a language; behind them the rounds, where some are held. The same comparison gives the same
 * bytes: the archive is packed again with a fixed time, since the writer stamps the clock into it.
 */
import { unzipSync, zipSync } from 'fflate'
import writeXlsxFile, { type Cell, type Row } from 'write-excel-file/node'
import { answer } from '../report/answer.js'
import { blocksOf, blockTitle } from '../report/blocks.js'
import { roundBlocks } from '../report/rounds.js'
import { hiddenNote, scenarioTitle, signOf, spellHidden, wordsOf } from '../report/wording/wording.js'
import type { Lang } from '../reading/text.js'
import { HIDDEN, type Band, type Comparison } from '../results/comparison.js'
import { HIDDEN_MARK } from '../results/csv.js'

/** The earliest time that a zip archive can hold. */
const STAMP = new Date(1980, 0, 1)

const words = (value: string, style: object = {}): Cell => ({ value, type: String, ...style })
const value = (number: number, format: string): Cell =>
  Number.isNaN(number)
    ? null
    : number === HIDDEN
      ? words(HIDDEN_MARK, { align: 'right' })
      : { value: Number(number.toPrecision(9)) + 0, type: Number, format }

/** Decimals by the size of the band, so that a column of one block reads alike. */
const formatOf = (bands: Band[]): string =>
  Math.max(0, ...bands.map(({ p95 }) => (Number.isNaN(p95) ? 0 : Math.abs(p95)))) >= 10 ? '#,##0' : '#,##0.00'

function sheet(comparison: Comparison, lang: Lang): Row[] {
  const say = wordsOf(lang)
  const others = comparison.scenarios.map(({ id }) => id).filter(id => id !== comparison.baseline)
  const bold = { fontWeight: 'bold', wrap: true }
  const header: Row = [
    words(say.keys.period, bold),
    ...comparison.scenarios.flatMap(({ title }) => [
      words(title[lang], bold),
      words('p05', bold),
      words('p95', bold),
    ]),
    ...others.flatMap(id => {
      const name = others.length > 1 ? say.separator + scenarioTitle(comparison, id, lang) : ''
      return [
        words(say.difference + name, bold),
        words('p05', bold),
        words('p95', bold),
        words(say.sign, bold),
      ]
    }),
  ]
  const across = header.length
  const line = (text: string, style: object = {}): Row => [
    words(text, { columnSpan: across, wrap: true, ...style }),
    ...Array<null>(across - 1).fill(null),
  ]
  const rows: Row[] = [
    line((answer(comparison, lang) ?? '').replaceAll('\n', ' '), {
      fontWeight: 'bold',
      height: 48,
      alignVertical: 'top',
    }),
    header,
  ]
  const blocks = blocksOf(comparison)
  for (const block of blocks) {
    const grade = say.leansOn(say.grades[block.first.grade])
    rows.push(
      line(blockTitle(comparison, block, lang) + say.separator + grade, {
        backgroundColor: '#e8eef5',
        fontWeight: 'bold',
      }),
    )
    for (const { period, headline } of block.lines) {
      const cells = (band: Band, format: string): Cell[] =>
        [band.mean, band.p05, band.p95].map(one => value(one, format))
      const format = formatOf(Object.values(headline.values))
      rows.push([
        words(period),
        ...comparison.scenarios.flatMap(({ id }) => cells(headline.values[id], format)),
        ...others.flatMap(id => [
          ...cells(headline.differences[id], formatOf([headline.differences[id]])),
          words(signOf(headline.differences[id], lang)),
        ]),
      ])
    }
  }
  if (blocks.some(({ first }) => first.assumedStock)) rows.push(line(say.assumedStock))
  rows.push(...hiddenNote(comparison, lang).map(note => line(note)))
  const { replicates, draws, pack } = comparison
  rows.push(line(say.footnote(replicates, draws, `${pack.id} ${pack.version}`)))
  return rows
}

function roundSheet(comparison: Comparison, lang: Lang): Row[] {
  const say = wordsOf(lang)
  const bold = { fontWeight: 'bold', wrap: true }
  const blocks = roundBlocks(comparison, lang)
  const rows = blocks.flatMap(({ title, measures, lines }): Row[] => [
    [words(title, { ...bold, backgroundColor: '#e8eef5' })],
    [
      words(say.keys.round, bold),
      ...measures.flatMap(label => [words(label, bold), words('p05', bold), words('p95', bold)]),
    ],
    ...lines.map(({ round, bands }): Row => [
      words(round),
      ...bands.flatMap(band => [band.mean, band.p05, band.p95].map(one => value(one, formatOf([band])))),
    ]),
  ])
  return blocks.length > 0 ? [...rows, [words(say.rounds.note)]] : []
}

/** Hidden numbers in words. */
const spelled = (rows: Row[], lang: Lang): Row[] =>
  rows.map(row =>
    row.map(cell =>
      cell && typeof cell === 'object' && 'value' in cell && typeof cell.value === 'string'
        ? { ...cell, value: spellHidden(cell.value, lang) }
        : cell,
    ),
  ) as Row[]

/** @returns the bytes of comparison.xlsx, the sheet of `lang` first */
export async function comparisonXlsx(comparison: Comparison, lang: Lang): Promise<Uint8Array> {
  const languages: Lang[] = lang === 'zh' ? ['zh', 'en'] : ['en', 'zh']
  const columns = [
    { width: 11 },
    ...Array.from({ length: 7 * comparison.scenarios.length }, () => ({ width: 11 })),
  ]
  const page = { orientation: 'landscape' as const, columns }
  const sheets = [
    ...languages.map(one => ({
      ...page,
      data: spelled(sheet(comparison, one), one),
      sheet: wordsOf(one).table,
      stickyRowsCount: 2,
    })),
    ...languages
      .map(one => ({
        ...page,
        data: spelled(roundSheet(comparison, one), one),
        sheet: wordsOf(one).rounds.title,
      }))
      .filter(({ data }) => data.length > 0),
  ]
  const packed = unzipSync(await writeXlsxFile(sheets).toBuffer())
  const files = Object.keys(packed).sort()
  return zipSync(Object.fromEntries(files.map(name => [name, packed[name]])), { mtime: STAMP })
}
