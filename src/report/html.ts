/** HTML tables as text. */
import { escapeXml as escape } from './charts/frame.js'

export interface Cell {
  text: string
  /** `text` aligns left, `band` does not wrap, `assumed` is shaded. */
  kind?: 'text' | 'band' | 'assumed'
}

/** A row of cells, or one heading over all columns. */
export type Row = Cell[] | { block: string }

export const cell = (text: string, kind?: Cell['kind']): Cell => ({ text, kind })

const td = (tag: 'td' | 'th', { text, kind }: Cell): string =>
  `<${tag}${kind ? ` class="${kind}"` : ''}>${escape(text)}</${tag}>`

export function htmlTable(header: Cell[], rows: Row[], caption?: string): string {
  const body = rows.map(row =>
    'block' in row
      ? `<tr class="block"><td colspan="${header.length}">${escape(row.block)}</td></tr>`
      : `<tr>${row.map(one => td('td', one)).join('')}</tr>`,
  )
  return (
    `<table>${caption ? `<caption>${escape(caption)}</caption>` : ''}\n<thead><tr>${header.map(one => td('th', one)).join('')}</tr></thead>\n` +
    `<tbody>\n${body.join('\n')}\n</tbody></table>\n`
  )
}

export const paragraph = (text: string, kind?: string): string =>
  `<p${kind ? ` class="${kind}"` : ''}>${escape(text)}</p>\n`
