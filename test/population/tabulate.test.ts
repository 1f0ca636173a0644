import { describe, expect, it } from 'vitest'
import type { Area } from '../../src/pack/pack.js'
import {
  factsOf,
  RECORD_FACTS,
  Tabulation,
  TABULATED,
  type Tabulated,
} from '../../src/population/tabulate.js'

const areas = ['east', 'west'].map(id => ({ id })) as Area[]
const bands = { age: ['18-30', '31-50', '51+'], stay: ['0-1', '1-3', '3+'] }
const slot = (name: string) => RECORD_FACTS.findIndex(fact => fact.name === name)
const code = (fact: string, value: string) =>
  (RECORD_FACTS[slot(fact)].type as { values: string[] }).values.indexOf(value)

function row(facts: Record<string, number | string>): Float64Array {
  const made = new Float64Array(RECORD_FACTS.length).fill(NaN)
  for (const [name, value] of Object.entries(facts))
    made[slot(name)] = typeof value === 'string' ? code(name, value) : value
  return made
}
function tabulated(margin: string, rows: Record<string, number | string>[]): Tabulated {
  const tabulation = new Tabulation([margin], areas, bands)
  for (const facts of rows) tabulation.take(row(facts))
  return tabulation.result()[0]
}
const valueOf = ({ cells }: Tabulated, ...groups: string[]) =>
  cells.find(cell => cell.groups.join() === groups.join())

describe('margins from records', () => {
  it('count persons by area and origin, weighted', () => {
    const table = tabulated('area*origin', [
      { area: 0, origin: 'province', weight: 2.5 },
      { area: 0, origin: 'province', weight: 1 },
      { area: 1, origin: 'other_province' },
      { area: 1 },
    ])
    expect(table.unit).toBe('persons')
    expect(valueOf(table, 'east', 'province')).toMatchObject({ value: 3.5, records: 2 })
    expect(valueOf(table, 'west', 'other_province')).toMatchObject({ value: 1, records: 1 })
    expect(table).toMatchObject({ records: 4, unknown: 1 })
  })

  it('share out adults alone, and say who is in no band', () => {
    const table = tabulated('age*sex', [
      { age: 17, sex: 'male' },
      { age: 18, sex: 'male' },
      { age: 30, sex: 'female' },
      { age: 31, sex: 'female' },
      { age: 90, sex: 'female' },
      { sex: 'female' },
      { age: 40 },
    ])
    expect(table).toMatchObject({ unit: 'share', records: 6, unknown: 2 })
    expect(valueOf(table, '18-30', 'male')!.value).toBe(0.25)
    expect(valueOf(table, '18-30', 'female')!.value).toBe(0.25)
    expect(valueOf(table, '31-50', 'female')!.value).toBe(0.25)
    expect(valueOf(table, '51+', 'female')!.value).toBe(0.25)
  })

  it('take formal and informal employees as employees', () => {
    const table = tabulated('work', [
      { age: 40, work: 'formal' },
      { age: 40, work: 'informal' },
      { age: 40, work: 'self_employed' },
      { age: 40, work: 'none' },
    ])
    expect(valueOf(table, 'employee')!.value).toBe(0.5)
    expect(valueOf(table, 'none')!.value).toBe(0.25)
  })

  it('count households, not their members', () => {
    const family = Array.from({ length: 3 }, () => ({ tenure: 'own', household_size: 3 }))
    const table = tabulated('tenure', [...family, { tenure: 'rent', household_size: 1 }])
    expect(valueOf(table, 'own')!.value).toBeCloseTo(0.5, 12)
    expect(valueOf(table, 'own')!.records).toBe(3)
    expect(valueOf(table, 'rent')!.value).toBeCloseTo(0.5, 12)
    expect(tabulated('tenure', [{ tenure: 'own' }]).unknown).toBe(1)
  })

  it('leave the upper end of years of stay to the next band', () => {
    const table = tabulated(
      'stay',
      [11, 12, 35, 36].map(months_resident => ({ months_resident, household_size: 1 })),
    )
    expect(table.cells.map(({ records }) => records)).toEqual([1, 2, 1])
  })

  it('share out kin among those who have kin, titles among those with college', () => {
    const kin = ['none', 'none', 'spouse', 'child'].map(kin_here => ({ kin_here, household_size: 1 }))
    expect(valueOf(tabulated('kin_here', kin), 'spouse')!.value).toBe(0.5)
    const titles = tabulated('title', [
      { age: 40, education: 'bachelor', title: 'senior' },
      { age: 40, education: 'junior_college', title: 'none' },
      { age: 40, education: 'primary', title: 'none' },
      { age: 12, education: 'bachelor', title: 'none' },
    ])
    expect(titles.records).toBe(2)
    expect(valueOf(titles, 'senior')!.value).toBe(0.5)
  })

  it('name a fact for every dimension', () => {
    for (const margin of Object.keys(TABULATED))
      for (const fact of factsOf(margin)) expect(slot(fact), fact).toBeGreaterThanOrEqual(0)
  })
})
