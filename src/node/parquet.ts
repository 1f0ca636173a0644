/**
 * Tables of a population as Parquet, and back. Words are dictionaries of text, months are dates (their first day), keys
 * unsigned whole numbers; nothing in the file tells when or where it was made, so the same table gives the same bytes.
 */
import { NEVER, type Month } from '../evidence/month.js'
import type { PopulationTable, TableColumn, TableForm } from '../population/tables.js'
import { InputError } from '../reading/finding.js'
import { displayPath } from './files.js'

/** Rows that are in the making at once. */
const ROW_GROUP = 100_000

const SCHEMA: Record<TableColumn['kind'], object> = {
  key: { type: 'INT32', converted_type: 'UINT_32' },
  whole: { type: 'INT32' },
  real: { type: 'DOUBLE' },
  flag: { type: 'BOOLEAN' },
  month: { type: 'INT32', converted_type: 'DATE' },
  words: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
}

/** Days from 1970-01-01 to the first day of a month. */
const dayOf = (month: Month): number => Date.UTC(Math.floor(month / 12), month % 12) / 86_400_000

const MONTH_DAYS = 365.2425 / 12

function monthOfDay(day: number): Month {
  let month = 1970 * 12 + Math.floor(day / MONTH_DAYS)
  while (dayOf(month) > day) month--
  while (dayOf(month + 1) <= day) month++
  return month
}

/** @yields the file in pieces @param about said in the file's own metadata */
export async function* parquetOf(
  { columns, rows }: PopulationTable,
  about: Record<string, string>,
): AsyncGenerator<Uint8Array> {
  const { ByteWriter, ParquetWriter } = await import('hyparquet-writer')
  const bytes = new ByteWriter()
  const writer = new ParquetWriter({
    writer: bytes,
    schema: [
      { name: 'root', num_children: columns.length },
      ...columns.map(({ name, kind }) => ({
        name,
        repetition_type: kind === 'month' ? ('OPTIONAL' as const) : ('REQUIRED' as const),
        ...SCHEMA[kind],
      })),
    ],
    kvMetadata: Object.entries(about).map(([key, value]) => ({ key, value })),
    createdBy: 'menkan',
  })
  const taken = () => {
    const piece = bytes.getBytes().slice()
    bytes.index = 0
    return piece
  }
  for (let from = 0; from < rows; from += ROW_GROUP) {
    const to = Math.min(rows, from + ROW_GROUP)
    await writer.write({
      rowGroupSize: ROW_GROUP,
      columnData: columns.map(column => ({
        name: column.name,
        data: valuesOf(column, from, to),
        ...(column.kind === 'key' && { encoding: 'DELTA_BINARY_PACKED' as const }),
      })),
    })
    yield taken()
  }
  await writer.finish()
  yield taken()
}

function valuesOf({ kind, words, data }: TableColumn, from: number, to: number): unknown[] {
  const values = new Array<unknown>(to - from)
  for (let row = from; row < to; row++) {
    const value = data[row]
    values[row - from] =
      kind === 'words'
        ? words![value]
        : kind === 'flag'
          ? value === 1
          : kind === 'month'
            ? value === NEVER
              ? null
              : dayOf(value)
            : value
  }
  return values
}

/**
 * @param forms the columns to read; others are passed over
 * @returns data by column name, as `TableColumn` has it
 * @throws InputError `broken-parquet` for a file that is no Parquet, or lacks a column
 */
export async function readParquet(
  path: string,
  bytes: Uint8Array,
  forms: readonly TableForm[],
): Promise<Map<string, ArrayLike<number>>> {
  const { parquetMetadata, parquetRead } = await import('hyparquet')
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer
  try {
    const rows = Number(parquetMetadata(file).num_rows)
    const read = new Map<string, ArrayLike<number>>()
    const data = new Map(forms.map(({ name, Type }) => [name, new Type(rows)]))
    const codes = new Map(
      forms.map(({ name, words }) => [name, new Map(words?.map((word, code) => [word, code]))]),
    )
    await parquetRead({
      file,
      columns: forms.map(({ name }) => name),
      // Days stay days.
      parsers: { dateFromDays: day => day },
      onChunk({ columnName, columnData, rowStart }) {
        const { kind } = forms.find(({ name }) => name === columnName)!
        const into = data.get(columnName)!
        for (let i = 0; i < columnData.length; i++)
          into[rowStart + i] = codeOf(kind, (columnData as unknown[])[i], codes.get(columnName)!)
      },
    })
    for (const { name } of forms) read.set(name, data.get(name)!)
    return read
  } catch (error) {
    throw new InputError([
      {
        severity: 'error',
        code: 'broken-parquet',
        file: displayPath(path),
        message: {
          zh: `不是 menkan population synthesize 写出的 Parquet 文件:${String(error)}`,
          en: `This is not a Parquet file as menkan population synthesize writes it: ${String(error)}`,
        },
      },
    ])
  }
}

function codeOf(kind: TableColumn['kind'], value: unknown, codes: ReadonlyMap<string, number>): number {
  if (kind === 'words') {
    const code = codes.get(value as string)
    if (code === undefined) throw new Error(String(value))
    return code
  }
  if (kind === 'month') return value === null || value === undefined ? NEVER : monthOfDay(value as number)
  return Number(value)
}
