/** A small place whose figures fit together, for tests to spoil one thing at a time. */
import { createHash } from 'node:crypto'
import { readPack } from '../../src/pack/read.js'
import { InputError, type Finding } from '../../src/reading/finding.js'

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

export const FIGURES_HEADER =
  'quantity,area,channel,basis,from,to,value,low,high,unit,growth_pct,covers,ratio_of,grade,source,note'

/** A row of figures.csv from its named cells. */
export function figure(cells: Record<string, string | number>): string {
  const all: Record<string, string | number> = {
    quantity: 'moves',
    from: '2016-01',
    to: '2016-12',
    value: 100,
    unit: 'persons',
    grade: 'observed',
    source: 'test',
    ...cells,
  }
  return FIGURES_HEADER.split(',')
    .map(name => all[name] ?? '')
    .join(',')
}

export const PARAMETER = `parameters:
  - id: will.base
    label: { zh: 意愿, en: willingness }
    value: 0.3
    unit: probability
    dist: normal
    interval90: [0.1, 0.5]
    support: [0, 1]
    grade: assumed
    source: test
`

export const PACK = `id: toy
title: { zh: 玩具市, en: Toy }
version: 1.0.0
microdata: false
reference: { before: a, after: b }
areas:
  - { id: east, code: '1', name: { zh: 东区, en: East }, aliases: [E] }
  - { id: west, code: '2', name: { zh: 西区, en: West } }
  - { id: north, code: '3', name: { zh: 北区, en: North } }
`

/** The files of the toy place with some replaced or added. */
export const files = (changed: Record<string, string> = {}): Map<string, string> =>
  new Map(Object.entries({ 'pack.yaml': PACK, 'parameters/behaviour.yaml': PARAMETER, ...changed }))

export const toy = (changed: Record<string, string> = {}) => readPack(files(changed), sha256)

/** A toy place with these rows of figures. */
export const withFigures = (...rows: Record<string, string | number>[]) =>
  toy({ 'figures.csv': [FIGURES_HEADER, ...rows.map(figure)].join('\n') })

/** What reading refuses. */
export function refused(changed: Record<string, string>): Finding[] {
  try {
    toy(changed)
  } catch (error) {
    if (error instanceof InputError) return error.findings
    throw error
  }
  throw new Error('it was read without complaint')
}
