import { beforeAll, describe, expect, it } from 'vitest'
import { seedKey } from '../../src/evidence/luck.js'
import { monthOf, type Horizon } from '../../src/evidence/month.js'
import { loadPack } from '../../src/node/packs.js'
import { CORE_FACTS } from '../../src/policy/facts.js'
import { withoutCopies, type RecordColumns } from '../../src/population/copies.js'
import { PLACE, type Population } from '../../src/population/population.js'
import { synthesize } from '../../src/population/synthesize.js'

const horizon: Horizon = { from: monthOf(2015, 1), to: monthOf(2015, 12) }
let population: Population

beforeAll(async () => {
  const pack = await loadPack('zhaoqing')
  const values = new Map(
    pack.parameters.flatMap(({ id, value }) => (value === undefined ? [] : [[id, value]])),
  )
  population = synthesize(
    pack,
    new Map([...values, ['pop.stockFactor', 0.4]]),
    horizon,
    seedKey('copies'),
    0.01,
  )
})

/** Sex, schooling, months since birth and tenure of a person, told without the tables. */
function cellsOf({ households, persons }: Population, p: number): string {
  const h = persons.household[p]
  const entered = households.place[h] === PLACE.arrival || households.place[h] === PLACE.ordinary
  const at = entered ? households.month[h] : horizon.from
  const age = Math.floor((at - 1 - persons.birth[p]) / 12)
  return [persons.sex[p], persons.education[p], age, households.tenure[h]].join(' ')
}
const everybody = (of: Population) => Array.from({ length: of.persons.count }, (_, p) => cellsOf(of, p))
const recordsOf = (rows: string[]): RecordColumns =>
  new Map(
    ['sex', 'education', 'age', 'tenure'].map((fact, at) => [
      fact,
      rows.map(row => Number(row.split(' ')[at])),
    ]),
  )
const held = (records: RecordColumns) => withoutCopies(population, horizon.from, CORE_FACTS, records)!

describe('a population beside the records behind its margins', () => {
  it('loses the households of those who equal a record that nobody shares, and no other', () => {
    const all = everybody(population)
    const [unique, twice] = [all[0], all.find(cells => cells !== all[0])!]
    const { population: kept, closeness } = held(recordsOf([unique, twice, twice]))
    const left = everybody(kept)
    expect(left).not.toContain(unique)
    const lost = new Set(
      all.flatMap((cells, p) => (cells === unique ? [population.persons.household[p]] : [])),
    )
    expect(closeness.leftOut.households).toBe(lost.size)
    expect(kept.households.count).toBe(population.households.count - lost.size)
    expect(closeness.shared).toBe(all.filter(cells => cells === twice).length)
    expect(closeness.facts).toEqual(['age', 'sex', 'education', 'tenure'])
  })

  it('keeps whole households whole: every person with the same household, first row and key', () => {
    const all = everybody(population)
    const { population: kept } = held(recordsOf([all[0], 'NaN NaN NaN NaN']))
    const { households, persons } = kept
    expect(households.first[households.count]).toBe(persons.count)
    for (let h = 0; h < households.count; h++) {
      expect(persons.key[households.first[h]]).toBe(households.key[h])
      for (let p = households.first[h]; p < households.first[h + 1]; p++) expect(persons.household[p]).toBe(h)
    }
  })

  it('is left as it is where no record is like anybody', () => {
    const { population: kept, closeness } = held(recordsOf(['0 0 119 0', '1 0 119 0']))
    expect(everybody(kept)).toEqual(everybody(population))
    expect(closeness.leftOut).toEqual({ households: 0, persons: 0 })
    expect(closeness.synthetic.least).toBeGreaterThan(0)
  })
})
