/** The weights as a CSV: the records as they were with a column more, or the cells of a table. */
import type { OutFile } from '../node/outFile.js'
import { readPieces } from '../node/textPieces.js'
import type { Dimensions } from '../population/fitting/dimensions.js'
import type { RecordColumns } from '../population/fitting/records.js'
import { Mistakes, Sheet } from '../population/fitting/sheet.js'
import { csvCell } from '../results/csv.js'
import { mistake } from './policyInput.js'

export interface Written {
  rows: number
  /** A column of the records that had the name of a new one, and what it is called now. */
  renamed?: { from: string; to: string }
}

/** Spreadsheets need it to read Chinese; programs that read the file on trip over it, so it stands only where it is needed. */
const BOM = '\uFEFF'
const headOf = (names: string[]) =>
  (/^[ -~]*$/.test(names.join('')) ? '' : BOM) + names.map(csvCell).join(',') + END
const END = '\r\n'
/** Characters that are gathered before they go to the file. */
const PIECE = 1 << 18

/** Fractional weights beside whole ones. */
const FITTED = 'weight_fitted'
const WEIGHT = 'weight'

/**
 * Goes through the file of records once more, so that memory need not hold it.
 * @throws InputError `changed-file` if it has not the rows that it had
 */
export async function writeRecords(
  out: OutFile,
  file: string,
  { columns, count }: RecordColumns,
  caseOf: Uint32Array | undefined,
  weights: Float64Array,
  whole: Float64Array | undefined,
): Promise<Written> {
  const added = whole ? [FITTED, WEIGHT] : [WEIGHT]
  const names = columns.map(name => (added.includes(name) ? freeName(name, columns) : name))
  let text = headOf([...names, ...added])
  let at = 0
  const mistakes = new Mistakes(file)
  const sheet = new Sheet(mistakes, {
    header: () => {},
    row(cells) {
      const c = caseOf ? caseOf[at] : at
      at++
      text += cells.map(csvCell).join(',') + ','
      text += whole ? `${weights[c]},${whole[c]}${END}` : `${weights[c]}${END}`
    },
  })
  for await (const { text: piece, last } of readPieces(file)) {
    sheet.read(piece, last)
    if (at > count) break
    if (text.length < PIECE && !last) continue
    await out.write(text)
    text = ''
  }
  if (at !== count || !mistakes.isEmpty)
    throw mistake('changed-file', '读取期间记录文件被改动', 'The file of records changed while it was read', {
      file,
    })
  const from = columns.find(name => added.includes(name))
  return { rows: count, ...(from && { renamed: { from, to: names[columns.indexOf(from)] } }) }
}

function freeName(name: string, taken: readonly string[]): string {
  for (let k = 1; ; k++) {
    const tried = `${name}_before${k > 1 ? k : ''}`
    if (!taken.includes(tried)) return tried
  }
}

export async function writeTable(
  out: OutFile,
  { names, categories }: Dimensions,
  codes: Uint32Array,
  weights: Float64Array,
  whole: Float64Array | undefined,
): Promise<Written> {
  const words = categories.map(known => [...known.keys()].map(csvCell))
  let text = headOf([...names, ...(whole ? [FITTED] : []), WEIGHT])
  for (let cell = 0; cell < weights.length; cell++) {
    for (let d = 0; d < names.length; d++) text += words[d][codes[cell * names.length + d]] + ','
    text += whole ? `${weights[cell]},${whole[cell]}${END}` : `${weights[cell]}${END}`
    if (text.length < PIECE) continue
    await out.write(text)
    text = ''
  }
  await out.write(text)
  return { rows: weights.length }
}
