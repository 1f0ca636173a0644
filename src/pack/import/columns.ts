/** What each column of a file becomes: by the mapping, by its header, or because it is about persons. */
import { parseMonth, type Month } from '../../evidence/month.js'
import type { Finding } from '../../reading/finding.js'
import { nearest } from '../../reading/nearest.js'
import {
  personalColumn,
  personalData,
  personalHeader,
  PERSONAL_WORDS,
  type PersonalKind,
} from '../../reading/personalData.js'
import type { Text } from '../../reading/text.js'
import { PLAIN_SCALE, plainWord, type Scale } from './cell.js'
import { UNDECIDED } from './draft.js'
import { ID, ownField, type Field, type Form } from './field.js'
import { plainHeader, type Header } from './layout.js'
import type { ImportMapping } from './mapping.js'
import { HEADERS, ROW_COUNTERS } from './words.js'

export type Column =
  | { index: number; header: string; to: Field; scale: Scale }
  /** Figures of one group, several groups side by side: the header holds the values of the dimensions. */
  | { index: number; header: string; groups: Map<string, string>; scale: Scale }
  | { index: number; header: string; dropped: DropReason }
  | { index: number; header: string; undecided: true }

/** `total`: the sum of the figures beside it, checked and not written. */
export type DropReason = 'mapping' | 'row-counter' | 'empty' | 'total' | PersonalKind

export interface Situation {
  file: string
  form: Form
  fields: readonly Field[]
  mapping: ImportMapping
  /** Whether a cell is a word of the subject: a value, an area. */
  isKnown(cell: string): boolean
  keepIds: boolean
}

/** Column letters as the spreadsheet shows them. */
export const letter = (index: number): string =>
  (index >= 26 ? letter(Math.floor(index / 26) - 1) : '') + String.fromCharCode(65 + (index % 26))

/** The name of a column in a message: its header, or its letter where that is none. */
export const nameOf = ({ index, header }: { index: number; header: string }): string =>
  header === '' || personalData(header) || /^[\d.,%-]+$/.test(header) ? letter(index) : header

/** Words of a unit in brackets behind a header, and what they do to the figures under it. */
const UNITS: Record<string, Partial<Scale>> = {
  ...Object.fromEntries(
    [
      '人',
      '岁',
      '周岁',
      '月',
      '个月',
      '户',
      '元',
      '次',
      '小时',
      '宗',
      '件',
      '个',
      'persons',
      'years',
      'months',
      'yuan',
    ].map(word => [word, {}]),
  ),
  百: { power: 2 },
  千: { power: 3 },
  千人: { power: 3 },
  万: { power: 4 },
  万人: { power: 4 },
  万元: { power: 4 },
  万户: { power: 4 },
  亿: { power: 8 },
  亿元: { power: 8 },
  '%': { power: -2 },
  '‰': { power: -3 },
}

export function scaleOf(unit: string | undefined, field: Field): Scale | undefined {
  if (unit === undefined) return PLAIN_SCALE
  if (unit === '年' || unit === 'years') return { power: 0, times: field.unit === 'months' ? 12 : 1 }
  const scale = UNITS[unit]
  return scale && { ...PLAIN_SCALE, ...scale }
}

/** A header without the unit in brackets behind it, and that unit. */
export function parted(header: string): { name: string; unit?: string } {
  const match = /^(.+?)(?:\((?:单位[::])?([^()]+)\)|\[([^[\]]+)\])$/.exec(plainHeader(header))
  const unit = match?.[2] ?? match?.[3]
  return match && unit !== undefined && (unit in UNITS || unit === '年')
    ? { name: match[1], unit }
    : { name: plainHeader(header) }
}

/** The field that a header names, in any of its words. */
export function fieldOfHeader(header: string, fields: readonly Field[]): Field | undefined {
  const whole = plainHeader(header).toLowerCase()
  const name = parted(header).name.toLowerCase()
  return [whole, name].flatMap(word => fields.find(field => headerWords(field).has(word)) ?? [])[0]
}

const words = new WeakMap<Field, Set<string>>()
function headerWords(field: Field): Set<string> {
  let known = words.get(field)
  if (!known) {
    const all = [field.name, field.label.zh, field.label.en, ...(HEADERS[field.name] ?? [])]
    words.set(field, (known = new Set(all.map(word => plainHeader(word).toLowerCase()))))
  }
  return known
}

const isKnownHeader = (header: string, fields: readonly Field[]): boolean =>
  fieldOfHeader(header, fields) !== undefined || personalHeader(header) !== undefined

export const isRowCounter = (header: string): boolean => ROW_COUNTERS.includes(plainWord(header))

/**
 * @param sample the first rows of data
 * @param groupsOf the values that a header of figures stands for, undefined if it is no such header
 * @returns every column, and what keeps the file from being read: `unmapped-column`, `duplicate-column`,
 *          `unknown-unit`, `unknown-target`, `unknown-header`
 */
export function decideColumns(
  header: Header,
  sample: readonly string[][],
  groupsOf: (index: number) => Map<string, string> | 'total' | undefined,
  situation: Situation,
): { columns: Column[]; findings: Finding[] } {
  const findings: Finding[] = []
  const width = Math.max(header.names.length, ...sample.slice(0, 200).map(row => row.length))
  const mapped = mappedColumns(header, width, situation, findings)
  // A row of which no cell is known may be one of data: what stands in it is then told nobody.
  const isHeader = header.names.some(
    (name, index) => mapped.has(index) || isKnownHeader(name, situation.fields),
  )
  const columns = Array.from({ length: width }, (_, index): Column => {
    const name = isHeader ? (header.names[index] ?? '') : ''
    const cells = sample.map(row => row[index] ?? '')
    return mapped.get(index) ?? decide(index, name, header.lower[index] ?? '', cells, groupsOf, situation)
  })
  const chosen = withoutSpareIds(columns, situation)
  const line = header.at + 1
  findings.push(...repeated(chosen, situation, line), ...undecided(chosen, situation, line))
  return { columns: chosen, findings }
}

function decide(
  index: number,
  header: string,
  lower: string,
  cells: string[],
  groupsOf: (index: number) => Map<string, string> | 'total' | undefined,
  { fields, isKnown }: Situation,
): Column {
  if (header === '' && cells.every(cell => cell.trim() === '')) return { index, header, dropped: 'empty' }
  const groups = groupsOf(index)
  if (groups === 'total') return { index, header, dropped: 'total' }
  if (groups) return { index, header, groups, scale: PLAIN_SCALE }
  const named = fieldOfHeader(header, fields) ?? fieldOfHeader(lower, fields)
  if (named && named.type.kind !== 'text') {
    const holds = named.type.kind === 'id' ? undefined : personalColumn('', cells, isKnown)
    if (holds && holds !== 'name') return { index, header, dropped: holds }
    return { index, header, to: named, scale: scaleOf(parted(header).unit, named) ?? PLAIN_SCALE }
  }
  const personal = personalColumn(header, cells, isKnown) ?? personalHeader(lower)
  if (personal) return { index, header, dropped: personal }
  if (named) return { index, header, to: named, scale: PLAIN_SCALE }
  return isRowCounter(header) ? { index, header, dropped: 'row-counter' } : { index, header, undecided: true }
}

/** A column that only counts rows is the id where there is no other. */
function withoutSpareIds(columns: Column[], { fields }: Situation): Column[] {
  const id = fields.find(({ name }) => name === ID)
  if (!id || columns.some(column => 'to' in column && column.to === id)) return columns
  const spare = columns.find(column => 'dropped' in column && column.dropped === 'row-counter')
  return columns.map(column =>
    column === spare ? { index: column.index, header: column.header, to: id, scale: PLAIN_SCALE } : column,
  )
}

function mappedColumns(
  header: Header,
  width: number,
  { file, form, fields, mapping }: Situation,
  findings: Finding[],
): Map<number, Column> {
  const columns = new Map<number, Column>()
  const at: Month | undefined = mapping.at === undefined ? undefined : parseMonth(mapping.at)
  const names = Array.from({ length: width }, (_, index) => header.names[index] ?? '')
  for (const [key, written] of Object.entries(mapping.columns)) {
    const index = names.findIndex(name => name !== '' && name === plainHeader(key))
    const found = index >= 0 ? index : names.findIndex((_, place) => letter(place) === key)
    if (found < 0) {
      findings.push({
        severity: 'error',
        code: 'unknown-header',
        file,
        message: {
          zh: `映射文件里的列“${key}”不在表头中`,
          en: `The mapping names a column "${key}" that the header does not have`,
        },
        nearest: nearest(
          plainHeader(key),
          names.filter((name, place) => nameOf({ index: place, header: name }) === name),
        ),
      })
      continue
    }
    const { to, unit, type, since } =
      typeof written === 'string'
        ? { to: written, unit: undefined, type: undefined, since: undefined }
        : written
    if (to === 'drop') {
      columns.set(found, { index: found, header: names[found], dropped: 'mapping' })
      continue
    }
    const field = fields.find(({ name }) => name === to) ?? own(to, type, form)
    const scale = field && scaleOf(unit ?? parted(names[found]).unit, field)
    if (!field || !scale || (since && at === undefined)) {
      findings.push(
        wrongTarget(file, to, field && !scale ? unit : undefined, Boolean(field && scale), fields),
      )
      continue
    }
    columns.set(found, {
      index: found,
      header: names[found],
      to: field,
      scale: { ...scale, ...(since && { since: at }) },
    })
  }
  return columns
}

/** A margin has dimensions of any name; elsewhere a name of the user's own must say what its cells are. */
const own = (name: string, type: 'number' | 'boolean' | 'text' | undefined, form: Form): Field | undefined =>
  /^[a-z][a-z0-9_]*$/.test(name) && (type !== undefined || form === 'margins')
    ? ownField(name, type ?? 'band')
    : undefined

function wrongTarget(
  file: string,
  to: string,
  unit: string | undefined,
  needsMonth: boolean,
  fields: readonly Field[],
): Finding {
  const base = { severity: 'error', file } as const
  if (unit !== undefined)
    return {
      ...base,
      code: 'unknown-unit',
      message: { zh: `不认识单位“${unit}”`, en: `Unknown unit "${unit}"` },
      expected: { zh: Object.keys(UNITS).join('、'), en: Object.keys(UNITS).join(', ') },
    }
  if (needsMonth)
    return {
      ...base,
      code: 'missing-month',
      message: {
        zh: `“${to}”由日期推算,需要知道截至哪个月`,
        en: `"${to}" is reckoned from a date: up to which month is not said`,
      },
      fix: { zh: '在映射文件中加一行 at: 2017-01。', en: 'Add a line to the mapping file: at: 2017-01' },
    }
  const known = fields.map(({ name }) => name)
  return {
    ...base,
    code: 'unknown-target',
    message: { zh: `没有名为“${to}”的事实`, en: `There is no fact "${to}"` },
    nearest: nearest(to, known),
    expected: { zh: ['drop', ...known].join('、'), en: ['drop', ...known].join(', ') },
    fix: {
      zh: `自定义的名称要说明类型:{ to: ${to}, type: number }(或 boolean、text)。`,
      en: `A name of your own needs a type: { to: ${to}, type: number } (or boolean, text).`,
    },
  }
}

function repeated(columns: readonly Column[], { file }: Situation, line: number): Finding[] {
  const first = new Map<Field, Column>()
  return columns.flatMap((column): Finding[] => {
    if (!('to' in column)) return []
    const other = first.get(column.to)
    first.set(column.to, other ?? column)
    if (!other) return []
    const [one, two] = [other, column].map(nameOf)
    return [
      {
        severity: 'error',
        code: 'duplicate-column',
        file,
        line,
        column: column.index + 1,
        message: {
          zh: `“${one}”与“${two}”两列都成为“${column.to.name}”`,
          en: `The columns "${one}" and "${two}" both become "${column.to.name}"`,
        },
        fix: {
          zh: `在映射文件的 columns 下写明其中一列:${letter(column.index)}: drop`,
          en: `Say under columns of the mapping file what one of them is: ${letter(column.index)}: drop`,
        },
      },
    ]
  })
}

function undecided(columns: readonly Column[], { file, fields }: Situation, line: number): Finding[] {
  const open = columns.filter(column => 'undecided' in column)
  const known = fields.flatMap(({ name, label }) => [name, label.zh, ...(HEADERS[name] ?? [])])
  return open.map((column): Finding => {
    const name = nameOf(column)
    return {
      severity: 'error',
      code: 'unmapped-column',
      file,
      line,
      column: column.index + 1,
      message: {
        zh: `不知道列“${name}”(${letter(column.index)} 列)是什么`,
        en: `It is not known what the column "${name}" (${letter(column.index)}) is`,
      },
      nearest: nearest(name, known),
      fix: {
        zh: `在映射文件的 columns 下加一行 ${name}: ${UNDECIDED},把 ${UNDECIDED} 换成事实名称,或 drop(不要这一列)。`,
        en: `Add a line under columns of the mapping file, ${name}: ${UNDECIDED}, with the name of a fact, or drop, for ${UNDECIDED}.`,
      },
    }
  })
}

const DROPPED: Record<Exclude<DropReason, PersonalKind>, Text> = {
  mapping: { zh: '按映射文件不要', en: 'left out by the mapping' },
  'row-counter': { zh: '只是行序号', en: 'only counts the rows' },
  empty: { zh: '空列', en: 'empty' },
  total: { zh: '合计列,只用于核对', en: 'a total: checked, not written' },
}

/** Why a column is not taken, in words. */
export const droppedWords = (reason: DropReason): Text =>
  reason in DROPPED
    ? DROPPED[reason as keyof typeof DROPPED]
    : {
        zh: `个人信息(${PERSONAL_WORDS[reason as PersonalKind].zh})`,
        en: `personal data (${PERSONAL_WORDS[reason as PersonalKind].en})`,
      }
