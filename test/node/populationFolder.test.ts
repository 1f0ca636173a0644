/** A population goes through a folder unchanged. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseMonth } from '../../src/evidence/month.js'
import { seedKey } from '../../src/evidence/luck.js'
import { writeFolder } from '../../src/node/folder.js'
import { populationFiles, readPopulation, readPopulationManifest } from '../../src/node/populationFolder.js'
import { populationSource, type PopulationSource } from '../../src/node/populationSource.js'
import type { Population } from '../../src/population/population.js'
import { structureOf } from '../../src/population/structure.js'
import { populationKey, synthesize } from '../../src/population/synthesize.js'
import { InputError } from '../../src/reading/finding.js'

let folder: string
let source: PopulationSource
let population: Population

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'menkan-population-'))
  source = await populationSource('points', { settings: [] })
  population = synthesize(
    source.pack,
    source.layered.values,
    source.horizon,
    populationKey(seedKey(source.seed)),
    0.02,
  )
}, 60_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const write = (name: string, form: 'parquet' | 'csv') =>
  writeFolder({ out: join(folder, name) }, populationFiles(source, population, form, '0.0.0'))
const bytesOf = (columns: object) =>
  Object.entries(columns).flatMap(([name, column]: [string, unknown]) =>
    ArrayBuffer.isView(column)
      ? [[name, column.constructor.name, Buffer.from(column.buffer).toString('base64')]]
      : [],
  )

describe('a population as Parquet', () => {
  it('comes back with the same columns, byte for byte', async () => {
    const place = await write('parquet', 'parquet')
    const manifest = (await readPopulationManifest(place))!
    const back = await readPopulation(place, manifest)
    expect(back.people.areas).toEqual(population.areas)
    for (const table of ['households', 'persons'] as const)
      expect(bytesOf(back.people[table]).sort()).toEqual(bytesOf(population[table]).sort())
    expect(structureOf(back.people, source.horizon.from, 0.02)).toEqual(
      structureOf(population, source.horizon.from, 0.02),
    )
    expect(back.horizon).toEqual(source.horizon)
    expect(manifest.pack.files).toEqual(source.pack.files)
    expect(manifest.counts).toEqual({
      persons: population.persons.count,
      households: population.households.count,
    })
  })

  it('has the same bytes each time', async () => {
    const [a, b] = [await write('a', 'parquet'), await write('b', 'parquet')]
    for (const name of ['persons.parquet', 'households.parquet', 'fit.json', 'manifest.json'])
      expect(readFileSync(join(a, name)).equals(readFileSync(join(b, name)))).toBe(true)
  })

  it('is refused when a table was changed since', async () => {
    const place = await write('changed', 'parquet')
    const file = join(place, 'persons.parquet')
    const bytes = readFileSync(file)
    bytes[1000] ^= 1
    writeFileSync(file, bytes)
    await expect(readPopulation(place, (await readPopulationManifest(place))!)).rejects.toThrow(InputError)
  })
})

it('a population as CSV says facts’ names and words', async () => {
  const place = await write('csv', 'csv')
  const rows = readFileSync(join(place, 'persons.csv'), 'utf8').slice(1).trimEnd().split('\r\n')
  expect(rows).toHaveLength(population.persons.count + 1)
  const header = rows[0].split(',')
  const first = Object.fromEntries(rows[1].split(',').map((cell, at) => [header[at], cell]))
  expect(first).toMatchObject({ id: String(population.persons.key[0]), relation: 'head', place: 'here' })
  expect(['female', 'male']).toContain(first.sex)
  expect(['true', 'false']).toContain(first.vocational)
  expect(parseMonth(first.birth)).toBe(population.persons.birth[0])
})

describe('what a population is made of', () => {
  const findings = async (name: string, choices: Parameters<typeof populationSource>[1]) => {
    const error: unknown = await populationSource(name, choices).catch((error: unknown) => error)
    return (error as InputError).findings.map(({ code }) => code)
  }

  it('is a pack, whose time is that of a scenario on it', async () => {
    const { horizon, seed, scenario } = await populationSource('zhaoqing', { settings: [] })
    expect([horizon, seed, scenario]).toEqual([source.horizon, source.seed, undefined])
  })

  it('is told all at once where it is wrong', async () => {
    expect(await findings('zhaoqing', { settings: ['pop', 'adm.x=1', 'mig.tau=4'], from: '2015' })).toEqual([
      'wrong-month',
      'broken-setting',
      'override-changes-nothing',
    ])
    expect(await findings('points', { settings: ['pop.togeter=0.5'] })).toEqual(['unknown-parameter'])
    expect(await findings('no-such-place', { settings: [] })).toEqual(['missing-file'])
  })
})
