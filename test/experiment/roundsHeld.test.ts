import { describe, expect, it } from 'vitest'
import { monthOf, type Horizon } from '../../src/evidence/month.js'
import type { Plan } from '../../src/experiment/plan.js'
import { roundRows, ROUNDS, roundsHeld } from '../../src/experiment/roundsHeld.js'
import { emptyFlows } from '../../src/simulation/flows.js'
import { AREAS, laws, NO_CHANNEL } from '../simulation/town.js'

const horizon: Horizon = { from: monthOf(2016, 1), to: monthOf(2017, 12) }
const none = laws('none', NO_CHANNEL, horizon)
const line = (admit: string, more = '') =>
  laws('law', { line: `when: has_permit\nadmit:\n  ${admit}` }, horizon, AREAS, more)

/** A plan whose second rule set takes force in one of these months. */
const plan = (inForce: number[], timelines: ReturnType<typeof laws>[][], set?: number) =>
  ({
    pack: { areas: AREAS },
    horizon,
    rows: inForce.map(month => ({ inForce: month })),
    scenarios: timelines.map(series => ({
      layered: { points: new Map(set === undefined ? [] : [['reform.inForce', set]]) },
      timeline: series.map((each, e) => ({ from: e === 0 ? horizon.from : 'reform.inForce', series: each })),
    })),
  }) as unknown as Plan
const inCity = (rows: string[][]) =>
  rows.filter(([, , , area]) => area === 'city').map(keys => keys.slice(0, 3))

describe('rows of the table of rounds', () => {
  it('are the months of rounds from the earliest month in which the rules may take force', () => {
    const yearly = line('quota: { year: 10 }\n  rounds: [3, 9]')
    const rows = roundRows(plan([monthOf(2016, 4), monthOf(2016, 11)], [[none, yearly]]))
    expect(inCity(rows)).toEqual([
      ['2016-09', 'line', '1'],
      ['2017-03', 'line', '1'],
      ['2017-09', 'line', '1'],
    ])
    expect(rows.slice(0, 3).map(([, , , area]) => area)).toEqual(['city', 'east', 'west'])
    expect(inCity(roundRows(plan([monthOf(2016, 4)], [[none, yearly]], monthOf(2017, 6))))).toEqual([
      ['2017-09', 'line', '1'],
    ])
  })

  it('number several of one month; no scenario adds those of another again; without rounds there are none', () => {
    const dated = line(
      'select: pool\n  rounds: [{ on: 2016-03-04, places: 10 }, { on: 2016-03-18, places: 5 }, { on: 2017-01-09, places: 1 }]',
    )
    expect(inCity(roundRows(plan([monthOf(2017, 1)], [[dated], [none, dated], [none]])))).toEqual([
      ['2016-03', 'line', '1'],
      ['2016-03', 'line', '2'],
      ['2017-01', 'line', '1'],
    ])
    expect(roundRows(plan([monthOf(2017, 1)], [[none]]))).toEqual([])
  })

  it('go on as long as a right keeps the line', () => {
    const monthly = line('quota: { year: 12 }')
    const granting = laws(
      'after',
      NO_CHANNEL,
      horizon,
      AREAS,
      'legacy: { line: { clause: c, months: 5, who: applied } }',
    )
    const rows = inCity(roundRows(plan([monthOf(2016, 3), monthOf(2016, 4)], [[monthly, granting]])))
    expect(rows.map(([month]) => month)).toEqual(
      ['01', '02', '03', '04', '05', '06', '07', '08'].map(month => `2016-${month}`),
    )
  })
})

describe('the table of rounds of a run', () => {
  const rows = ['2016-03', '2016-05'].flatMap(month =>
    ['1', '2'].flatMap(round => ['city', 'east', 'west'].map(area => [month, 'line', round, area])),
  )
  const round = (month: number, places: number[], admitted: number[]) => ({
    month,
    channel: 0,
    places: Float64Array.from(places),
    inLine: Float64Array.of(9, 6, 3),
    takingPart: Float64Array.of(8, 5, 3),
    admitted: Float64Array.from(admitted),
    lowestScore: Float64Array.of(60, 70, 60),
    waiting: Float64Array.of(1, 1, 0),
    expired: Float64Array.of(2, 0, 2),
  })
  const flows = emptyFlows(horizon, 2, ['line', 'ordinary'])
  flows.rounds.push(round(2, [NaN, 4, 4], [8, 5, 3]), round(2, [NaN, NaN, 4], [8, 5, 3]))
  const table = roundsHeld(rows, flows)
  const column = (measure: string, from: number) =>
    [...table.columns[ROUNDS.measures.findIndex(({ id }) => id === measure)]].slice(from, from + 3)

  it('sums the places of areas where each has its own, and tells what was not taken and what was beyond', () => {
    expect(column('places', 0)).toEqual([8, 4, 4])
    expect(column('unfilled', 0)).toEqual([0, 0, 1])
    expect(column('beyond', 0)).toEqual([0, 1, 0])
    expect(column('places', 3)).toEqual([NaN, NaN, 4])
    expect(column('unfilled', 3)).toEqual([NaN, NaN, 1])
    expect(column('lowest_score', 0)).toEqual([60, 70, 60])
    expect(column('expired', 0)).toEqual([2, 0, 2])
  })

  it('says of a round that is not held only that', () => {
    expect(column('held', 3)).toEqual([1, 1, 1])
    expect(column('held', 6)).toEqual([0, 0, 0])
    for (const { id } of ROUNDS.measures.slice(1)) expect(column(id, 6)).toEqual([NaN, NaN, NaN])
  })
})
