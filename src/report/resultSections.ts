/** The parts of the page that show results: 对比表, results by area, where bands come from, schools. */
import type { Lang } from '../reading/text.js'
import {
  bandAt,
  CITY,
  holdsErrorGate,
  isHidden,
  rowsWhere,
  tableOf,
  type Band,
  type BandedTable,
  type Comparison,
} from '../results/comparison.js'
import { precision } from './precision.js'
import { roundBlocks } from './rounds.js'
import { sentence } from './answer.js'
import { blocksOf, blockTitle } from './blocks.js'
import { cell, htmlTable, paragraph, type Cell, type Row } from './html.js'
import {
  bracket,
  hiddenNote,
  keyValue,
  number,
  percent,
  quoted,
  scenarioTitle,
  signOf,
  unitOf,
  wordsOf,
} from './wording/wording.js'

const others = (comparison: Comparison): string[] =>
  comparison.scenarios.map(({ id }) => id).filter(id => id !== comparison.baseline)

/** Header cells that every comparison table ends in: scenarios, then difference, band and sign for each but the baseline. */
function scenarioHeader(comparison: Comparison, lang: Lang, sign: boolean): Cell[] {
  const words = wordsOf(lang)
  const several = others(comparison).length > 1
  return [
    ...comparison.scenarios.flatMap(({ title }) => [cell(title[lang]), cell(words.band)]),
    ...others(comparison).flatMap(id => [
      cell(words.difference + (several ? words.separator + scenarioTitle(comparison, id, lang) : '')),
      cell(words.band),
      ...(sign ? [cell(words.sign, 'text')] : []),
    ]),
  ]
}

/** One sentence for the latest number of every other block. */
export function otherSection(comparison: Comparison, lang: Lang): string {
  const sentences = blocksOf(comparison)
    .slice(1)
    .map(({ lines }) => sentence(comparison, lines[lines.length - 1].headline, lang))
  if (sentences.length === 0) return ''
  return `<h3>${wordsOf(lang).report.other}</h3>\n<ul>\n${sentences.map(said => `<li>${paragraph(said)}</li>`).join('\n')}\n</ul>\n`
}

/** The one-page comparison, with the grade of evidence of each block. */
export function tableSection(comparison: Comparison, lang: Lang): string {
  const words = wordsOf(lang)
  const blocks = blocksOf(comparison)
  const rows = blocks.flatMap((block): Row[] => [
    {
      block:
        blockTitle(comparison, block, lang) +
        words.separator +
        words.leansOn(words.grades[block.first.grade]),
    },
    ...block.lines.map(({ period, headline }) => [
      cell(period, 'text'),
      ...comparison.scenarios.flatMap(({ id }) => [
        cell(number(headline.values[id].mean)),
        cell(bracket(headline.values[id]), 'band'),
      ]),
      ...others(comparison).flatMap(id => {
        const difference = headline.differences[id]
        return [
          cell(number(difference.mean, true)),
          cell(bracket(difference, true), 'band'),
          cell(signOf(difference, lang), 'text'),
        ]
      }),
    ]),
  ])
  const header = [cell(words.keys.period, 'text'), ...scenarioHeader(comparison, lang, true)]
  const star = blocks.some(({ first }) => first.assumedStock) ? paragraph(words.assumedStock, 'note') : ''
  const hidden = hiddenNote(comparison, lang).map(note => paragraph(note, 'note'))
  return htmlTable(header, rows) + star + hidden.join('')
}

/** Error, variance reduction and shares of the first number's band; then its mean under each structural member. */
export function bandSection(comparison: Comparison, lang: Lang): string {
  const words = wordsOf(lang)
  const [first] = comparison.headline
  let html = ''
  for (const [id, difference] of Object.entries(first?.differences ?? {})) {
    if (isHidden(difference)) continue
    html += paragraph(
      scenarioTitle(comparison, id, lang) + words.colon + precision(difference, lang).join(words.separator),
    )
    if (!holdsErrorGate(difference)) html += paragraph(words.errorShort)
  }
  if (html === '') return ''
  html += paragraph(words.report.noise, 'note')
  const members = Object.keys(Object.values(first.differences)[0].members ?? {})
  if (members.length === 0) return html
  const rows = blocksOf(comparison).map(block => {
    const { headline, period } = block.lines[block.lines.length - 1]
    const [difference] = Object.values(headline.differences)
    return [
      cell(`${blockTitle(comparison, block, lang)}${words.separator}${period}`, 'text'),
      ...members.map(member => cell(number(difference.members?.[member] ?? NaN, true))),
    ]
  })
  const header = [cell('', 'text'), ...members.map(member => cell(words.values[member] ?? member))]
  return `${html}<h3>${words.report.members}</h3>\n${paragraph(words.report.membersNote)}${htmlTable(header, rows)}`
}

/** Which measures are shown by area, under which keys, and in which table. */
const BY_AREA: { table: string; measure: string; keys: Record<string, string> }[] = [
  { table: 'registrations_year', measure: 'persons', keys: { basis: 'external' } },
  { table: 'seats', measure: 'added_net', keys: { stage: 'primary' } },
  { table: 'seats', measure: 'added_net', keys: { stage: 'junior' } },
  { table: 'prh', measure: 'waiting_hh', keys: { status: 'all' } },
]

/** The last period of a table: the greatest value of its first key that is a period. */
function lastPeriod(table: BandedTable): [key: string, value: string] {
  const index = table.schema.keys.findIndex(key => key === 'year' || key === 'september')
  return [
    table.schema.keys[index],
    table.rows.reduce((last, row) => (row[index] > last ? row[index] : last), ''),
  ]
}

export function areaSection(comparison: Comparison, lang: Lang): string {
  const words = wordsOf(lang)
  return BY_AREA.map(({ table: id, measure, keys }) => {
    const table = tableOf(comparison, id)
    const column = table?.schema.measures.find(one => one.id === measure)
    if (!table || !column) return ''
    const [periodKey, period] = lastPeriod(table)
    const area = table.schema.keys.indexOf('area')
    const both = (band: Band, signed = false): Cell[] => [
      cell(number(band.mean, signed)),
      cell(bracket(band, signed), 'band'),
    ]
    const rows = rowsWhere(table, { ...keys, [periodKey]: period }).map(row => [
      cell(keyValue(comparison, 'area', table.rows[row][area], lang), 'text'),
      ...comparison.scenarios.flatMap(scenario =>
        both(bandAt(table.scenarios[scenario.id], table, measure, row)),
      ),
      ...others(comparison).flatMap(scenario =>
        both(bandAt(table.difference![scenario], table, measure, row), true),
      ),
    ])
    const caption = [
      column.label[lang] + (column.assumed ? ' *' : ''),
      ...Object.entries(keys).map(([key, value]) => keyValue(comparison, key, value, lang)),
      unitOf(column.unit, lang),
      words.report.areasNote(period),
    ]
    const header = [cell(words.keys.area, 'text'), ...scenarioHeader(comparison, lang, false)]
    return htmlTable(header, rows, caption.join(words.separator))
  }).join('')
}

/** As many of a channel's rounds are shown; the table has them all. */
const ROUNDS_SHOWN = 24

export function roundSection(comparison: Comparison, lang: Lang): string {
  const words = wordsOf(lang)
  const tables = roundBlocks(comparison, lang).map(({ title, measures, lines }) => {
    const shown = lines.slice(-ROUNDS_SHOWN)
    const more =
      lines.length > shown.length ? words.separator + words.rounds.last(shown.length, lines.length) : ''
    return htmlTable(
      [cell(words.keys.round, 'text'), ...measures.map(label => cell(label))],
      shown.map(({ round, bands }) => [
        cell(round, 'text'),
        ...bands.map(band =>
          // A line may break before a band, not in it.
          cell(
            band.p05 === band.p95
              ? number(band.mean)
              : `${number(band.mean)} ${bracket(band).replaceAll(' ', '\u00a0')}`,
          ),
        ),
      ]),
      title + more,
    )
  })
  return tables.length > 0 ? tables.join('') + paragraph(words.rounds.note, 'note') : ''
}

/** The local cohort and its band first, the reform's share of that band after (model: scale first). */
export function schoolSection(comparison: Comparison, lang: Lang): string {
  const words = wordsOf(lang)
  const table = tableOf(comparison, 'seats')
  if (!table) return ''
  const when = words.period.september
  const [, last] = lastPeriod(table)
  const first = table.rows[0][table.schema.keys.indexOf('september')]
  const stages = [...new Set(table.rows.map(row => row[table.schema.keys.indexOf('stage')]))]
  const at = (september: string, stage: string): number =>
    rowsWhere(table, { september, stage, area: CITY })[0]
  const local = (september: string, stage: string): Band =>
    bandAt(table.scenarios[comparison.baseline], table, 'demand_local', at(september, stage))
  const seats = unitOf('seats', lang)
  const written = (band: Band, signed = false): string =>
    `${number(band.mean, signed)} ${seats} ${bracket(band, signed)}`
  return (
    stages
      .map(stage => {
        const before = local(first, stage)
        const after = local(last, stage)
        const lines = [words.schools.cohort(when(first), written(before), when(last), written(after))]
        for (const id of others(comparison)) {
          const added = bandAt(table.difference![id], table, 'added_net', at(last, stage))
          if ([added, after].some(isHidden)) continue
          const share = Math.abs(added.mean) / (after.p95 - after.p05)
          const title = quoted(scenarioTitle(comparison, id, lang))
          lines.push(
            words.schools.reform(title, when(last), written(added, true), percent(share)),
            share < 0.1 ? words.schools.small : words.schools.large,
          )
        }
        return `<h3>${keyValue(comparison, 'stage', stage, lang)}</h3>\n${lines.map(line => paragraph(line)).join('')}`
      })
      .join('') + paragraph(words.schools.net, 'note')
  )
}
