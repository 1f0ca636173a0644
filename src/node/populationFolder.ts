/** A population as a folder: tables of persons and households, the fit, what there is in it, and what it was made of. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { formatMonth, NEVER, parseMonth, type Horizon } from '../evidence/month.js'
import type { Grade } from '../evidence/parameter.js'
import type { Closeness } from '../population/copies.js'
import type { FitReport, Population } from '../population/population.js'
import {
  populationOf,
  tableForms,
  tablesOf,
  type Peopled,
  type PopulationTable,
  type TableColumn,
} from '../population/tables.js'
import { InputError } from '../reading/finding.js'
import { csvCell, formatNumber } from '../results/csv.js'
import { displayPath, readText, unreadable } from './files.js'
import { parquetOf, readParquet } from './parquet.js'
import { MADE_OF, type PopulationSource } from './populationSource.js'

export const TABLE_FORMS = ['parquet', 'csv'] as const
export type TableFileForm = (typeof TABLE_FORMS)[number]

export interface PopulationManifest {
  menkan: string
  /** Nobody in it is a real person. */
  synthetic: true
  pack: { id: string; version: string; microdata: boolean; files: Record<string, string> }
  scenario?: string
  horizon: { from: string; to: string }
  seed: string
  scale: number
  areas: string[]
  /** Parameters that the population is made of. */
  parameters: Record<string, { value: number; layer: string; grade: Grade }>
  counts: { persons: number; households: number }
  /** Held beside records: the fit is that of before households were left out. */
  closeness?: Closeness
  tables: TableFileForm
  /** sha256 by name. */
  files: Record<string, string>
}

type Pieces = AsyncIterable<string | Uint8Array>

/** The files of the folder in the order in which they are to be written: the manifest knows the hashes of all others. */
export function populationFiles(
  { pack, scenario, horizon, seed, layered }: PopulationSource,
  population: Population,
  form: TableFileForm,
  version: string,
  closeness?: Closeness,
): Map<string, Pieces> {
  const hashes: Record<string, string> = {}
  const manifest: PopulationManifest = {
    menkan: version,
    synthetic: true,
    pack: { id: pack.id, version: pack.version, microdata: pack.microdata, files: pack.files },
    ...(scenario !== undefined && { scenario }),
    horizon: { from: formatMonth(horizon.from), to: formatMonth(horizon.to) },
    seed,
    scale: population.scale,
    areas: population.areas,
    parameters: Object.fromEntries(
      pack.parameters
        .filter(({ id }) => MADE_OF.test(id))
        .map(({ id, grade }) => [
          id,
          { value: layered.values.get(id)!, layer: layered.layers.get(id)!, grade },
        ]),
    ),
    counts: { persons: population.persons.count, households: population.households.count },
    ...(closeness && { closeness }),
    tables: form,
    files: hashes,
  }
  const about = {
    synthetic: 'true',
    source: `menkan ${version}, pack ${pack.id} ${pack.version}, seed ${seed}, scale ${population.scale}`,
  }
  const files = new Map<string, Pieces>()
  for (const table of tablesOf(population, horizon.from)) {
    const name = `${table.name}.${form}`
    files.set(name, hashed(name, hashes, form === 'csv' ? csvOf(table) : parquetOf(table, about)))
  }
  files.set(
    'fit.json',
    hashed(
      'fit.json',
      hashes,
      document(() => population.fit),
    ),
  )
  files.set(
    'manifest.json',
    document(() => manifest),
  )
  return files
}

async function* hashed(name: string, hashes: Record<string, string>, pieces: Pieces): Pieces {
  const hash = createHash('sha256')
  for await (const piece of pieces) {
    hash.update(piece)
    yield piece
  }
  hashes[name] = hash.digest('hex')
}

async function* document(content: () => unknown): Pieces {
  yield JSON.stringify(content(), null, 2) + '\n'
}

const CSV_ROWS = 20_000

async function* csvOf({ columns, rows }: PopulationTable): Pieces {
  yield '\uFEFF' + columns.map(({ name }) => csvCell(name)).join(',') + '\r\n'
  const cells = columns.map(cellOf)
  for (let from = 0; from < rows; from += CSV_ROWS) {
    let text = ''
    for (let row = from; row < Math.min(rows, from + CSV_ROWS); row++)
      text += cells.map(cell => cell(row)).join(',') + '\r\n'
    yield text
  }
}

function cellOf({ kind, words, data }: TableColumn): (row: number) => string {
  const cells = words?.map(csvCell)
  switch (kind) {
    case 'words':
      return row => cells![data[row]]
    case 'flag':
      return row => (data[row] === 1 ? 'true' : 'false')
    case 'month':
      return row => (data[row] === NEVER ? '' : formatMonth(data[row]))
    case 'real':
      return row => formatNumber(data[row])
    default:
      return row => String(data[row])
  }
}

export interface StoredPopulation {
  manifest: PopulationManifest
  horizon: Horizon
  fit: FitReport
  people: Peopled
}

/** @returns undefined where the folder holds no population */
export async function readPopulationManifest(folder: string): Promise<PopulationManifest | undefined> {
  try {
    const manifest = JSON.parse(
      await readFile(join(folder, 'manifest.json'), 'utf8'),
    ) as Partial<PopulationManifest>
    return manifest.synthetic === true && manifest.tables ? (manifest as PopulationManifest) : undefined
  } catch {
    return undefined
  }
}

/**
 * Read back what `populationFiles` wrote as Parquet.
 * @throws InputError `missing-file`, `broken-parquet`, `changed-file` where a file is not the one of the manifest
 */
export async function readPopulation(
  folder: string,
  manifest: PopulationManifest,
): Promise<StoredPopulation> {
  const forms = tableForms(manifest.areas)
  const table = async (name: PopulationTable['name']) => {
    const path = join(folder, `${name}.parquet`)
    const bytes = await readFile(path).catch((error: unknown) => {
      throw unreadable(path, error)
    })
    if (createHash('sha256').update(bytes).digest('hex') !== manifest.files[`${name}.parquet`])
      throw new InputError([
        {
          severity: 'error',
          code: 'changed-file',
          file: displayPath(path),
          message: {
            zh: '文件与 manifest.json 记录的不同:写出后被改动过',
            en: 'This is not the file that manifest.json tells of: it was changed since it was written',
          },
        },
      ])
    return readParquet(path, bytes, forms[name])
  }
  return {
    manifest,
    horizon: { from: parseMonth(manifest.horizon.from)!, to: parseMonth(manifest.horizon.to)! },
    fit: JSON.parse(await readText(join(folder, 'fit.json'))) as FitReport,
    people: populationOf(manifest.areas, {
      households: await table('households'),
      persons: await table('persons'),
    }),
  }
}
