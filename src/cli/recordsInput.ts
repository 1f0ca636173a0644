/** Records of real persons, as `pack import` and `population fit` write them, through a sink: none is kept here. */
import { displayPath } from '../node/files.js'
import { progress } from '../node/progress.js'
import { readPieces } from '../node/textPieces.js'
import type { Area } from '../pack/pack.js'
import type { FactRow } from '../policy/facts.js'
import { PersonReader } from '../policy/persons.js'
import { RECORD_FACTS } from '../population/tabulate.js'
import { Refusals } from './policyEvaluateRefusals.js'
import type { Terminal } from './verb.js'

/** Columns that may stand beside facts and are not read. */
const PASSED_OVER = ['household', 'birth_month', 'weight_fitted', 'weight_before']

/**
 * @param path   `-` for standard input
 * @param header told slots of `RECORD_FACTS` that have a column, and the file's name, before any record
 * @param record a row by `RECORD_FACTS`, written anew for the next
 * @throws InputError as `readPersons`
 */
export async function readRecords(
  path: string,
  areas: readonly Area[],
  terminal: Terminal,
  header: (columns: Set<number>, file: string) => void,
  record: (row: FactRow) => void,
): Promise<Refusals> {
  const file = path === '-' ? path : displayPath(path)
  const refusals = new Refusals(terminal.lang)
  const sink = {
    header: (columns: Set<number>) => header(columns, file),
    person: (_: string, row: FactRow) => record(row),
    refused: refusals.add.bind(refusals),
  }
  const reader = new PersonReader(file, RECORD_FACTS, areas, sink, PASSED_OVER)
  const bar = progress({ what: { zh: '读取记录', en: 'Reading records' }, ...terminal })
  try {
    for await (const { text, read, total, last } of readPieces(path)) {
      reader.read(text, last)
      if (total > 0) bar.step(read, total)
    }
  } finally {
    bar.end()
  }
  return refusals
}
