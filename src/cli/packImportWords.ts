/** What an import says of a file: its columns, what was refused and why, for people and for programs. */
import { droppedWords, letter, nameOf, type Column } from '../pack/import/columns.js'
import type { Import } from '../pack/import/import.js'
import { REASONS, type Reason } from '../pack/import/outcome.js'
import { plain, type Finding } from '../reading/finding.js'
import type { Lang, Text } from '../reading/text.js'
import { renderTable } from '../report/terminal.js'
import type { Terminal } from './verb.js'

export const DRAFT_HEAD: Text = {
  zh: '映射文件:把 TODO 换成事实名称、数值或 drop(不要这一列),然后用 --map 再导入',
  en: 'Mapping file: put a fact, a value or drop (leave the column out) for each TODO, then import again with --map',
}

/** What a column became, as one word or a few. */
function became(column: Column, lang: Lang): string {
  if ('to' in column) return column.to.name
  if ('groups' in column) return [...column.groups].map(([name, value]) => `${name}=${value}`).join(' ')
  return 'dropped' in column ? `– ${droppedWords(column.dropped)[lang]}` : '?'
}

/** How figures were scaled, where they were. */
function scaled(column: Column, lang: Lang): string {
  if (!('scale' in column)) return ''
  const { power, times, since } = column.scale
  if (since !== undefined) return { zh: '由日期推算', en: 'reckoned from the date' }[lang]
  const factor = 10 ** power * times
  return factor === 1 ? '' : `× ${factor}`
}

/** The contract's document, and what a program may also want to know. */
export function importDocument(
  work: Import,
  out: string | undefined,
  findings: readonly Finding[],
  lang: Lang,
) {
  const { outcome, columns } = work
  return {
    ...(out !== undefined && { out }),
    rows: outcome.rows,
    refused: outcome.refused.map(({ row, reason }) => ({ row, reason, message: REASONS[reason][lang] })),
    columns: columns
      .filter(column => 'to' in column || 'groups' in column || 'undecided' in column)
      .map(column => ({
        from: nameOf(column),
        to: 'undecided' in column ? null : became(column, lang),
        ...('scale' in column && scaled(column, lang) !== '' && { scale: scaled(column, lang) }),
      })),
    dropped: columns.filter(isDropped).map(nameOf),
    reasons: Object.fromEntries(
      columns.filter(isDropped).map(column => [nameOf(column), droppedWords(column.dropped)[lang]]),
    ),
    leftOut: outcome.leftOut,
    emptied: outcome.emptied,
    findings: findings.map(finding => plain(finding, lang)),
  }
}

/** Empty columns are nothing that was there to be dropped. */
const isDropped = (column: Column): column is Extract<Column, { dropped: unknown }> =>
  'dropped' in column && column.dropped !== 'empty'

export function printColumns(work: Import, { lang, print, width }: Terminal): void {
  const say = (zh: string, en: string) => (lang === 'zh' ? zh : en)
  const rows = work.columns
    .filter(column => !('dropped' in column) || isDropped(column))
    .map(column => [
      letter(column.index),
      nameOf(column),
      [became(column, lang), scaled(column, lang)].filter(Boolean).join(' '),
      work.shapes.of(column.index).join('  '),
    ])
  const header = [say('列', ''), say('表头', 'header'), say('成为', 'becomes'), say('样子', 'looks like')]
  for (const line of renderTable(
    header.map(text => ({ header: text, align: 'left' as const })),
    rows,
    { width },
  ))
    print(line)
}

/** How many rows came through, and those that did not, by reason. */
export function printOutcome(work: Import, out: string | undefined, { lang, tell }: Terminal): void {
  const { rows, refused, leftOut } = work.outcome
  const said = {
    zh: `${rows} 行${out === undefined ? '可导入' : `已写入 ${out}`};拒收 ${refused.length} 行,非数据行 ${leftOut.length} 行`,
    en: `${rows} rows ${out === undefined ? 'can be imported' : `written to ${out}`}; ${refused.length} refused, ${leftOut.length} rows that are no data`,
  }
  tell(said[lang])
  const byReason = new Map<Reason, number[]>()
  for (const { row, reason } of refused) {
    const numbers = byReason.get(reason) ?? []
    numbers.push(row)
    byReason.set(reason, numbers)
  }
  for (const [reason, numbers] of byReason) {
    const shown = numbers.slice(0, 12).join(lang === 'zh' ? '、' : ', ') + (numbers.length > 12 ? ' …' : '')
    tell(
      {
        zh: `  拒收 ${numbers.length} 行:${REASONS[reason].zh}(第 ${shown} 行)`,
        en: `  ${numbers.length} refused: ${REASONS[reason].en} (${numbers.length > 1 ? 'rows' : 'row'} ${shown})`,
      }[lang],
    )
  }
  const totals = leftOut.filter(({ reason }) => reason === 'total').map(({ row }) => row)
  if (totals.length > 0)
    tell(
      {
        zh: `  合计行未写入:第 ${totals.join('、')} 行`,
        en: `  Rows of totals not written: ${totals.join(', ')}`,
      }[lang],
    )
}
