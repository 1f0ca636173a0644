/**
 * The table of rounds: what each round of a quota, pool or lottery had to give, who took part, who got in and with how
 * few points. Its numbers are those of the runs in which the round was held: a month of change that is drawn moves
 * rounds too, and `held` says in which share of the runs there was one.
 */
import { formatMonth, monthsOf } from '../evidence/month.js'
import { CITY } from '../results/comparison.js'
import { emptyTable, type Measure, type Table, type TableSchema } from '../results/table.js'
import type { Flows, RoundFlow } from '../simulation/flows.js'
import { Rights } from '../simulation/legacy.js'
import { roundsIn } from '../simulation/places.js'
import { lawAt, resolveTimeline } from '../simulation/timeline.js'
import type { Plan } from './plan.js'

const cases = (id: string, zh: string, en: string): Measure => ({ id, unit: 'cases', label: { zh, en } })

export const ROUNDS: TableSchema = {
  id: 'rounds',
  title: { zh: '各轮次', en: 'Rounds' },
  keys: ['month', 'channel', 'round', 'area'],
  measures: [
    {
      id: 'held',
      unit: 'share',
      label: { zh: '举行该轮的运行占比', en: 'share of runs in which it is held' },
    },
    cases('places', '名额', 'places'),
    cases('in_line', '轮前排队', 'in line before'),
    cases('taking_part', '参加排名', 'taking part'),
    cases('admitted', '入围', 'admitted'),
    {
      id: 'lowest_score',
      unit: 'points',
      label: {
        zh: '入围最低分（只由逐人模拟得出）',
        en: 'lowest score admitted (from the simulations alone)',
      },
    },
    cases('waiting', '轮后排队', 'waiting after'),
    cases('expired', '上轮以来过期', 'expired since the last round'),
    cases('unfilled', '未用名额', 'places not taken'),
    cases(
      'beyond',
      '超出本地名额入围（他区余额或同分）',
      'admitted beyond own places (left by other areas, or ties)',
    ),
  ],
}

/**
 * A row for every round that some scenario holds, whichever month its laws change in.
 * @returns [month, channel, number within the month, area], the whole place before its areas
 */
export function roundRows({ pack, horizon, scenarios, rows }: Plan): string[][] {
  const most = new Map<string, number>()
  for (const { timeline: entries, layered } of scenarios) {
    const set = layered.points.get('reform.inForce')
    for (const inForce of new Set(set === undefined ? rows.map(row => row.inForce) : [set])) {
      const timeline = resolveTimeline(entries, horizon, inForce)
      const rights = new Rights(timeline)
      for (let m = 0; m < monthsOf(horizon); m++) {
        rights.begin(m)
        const held = new Map<string, number>()
        for (const { id, rounds } of [
          ...lawAt(timeline, m).channels,
          ...rights.alive.map(({ channel }) => channel),
        ])
          if (rounds) held.set(id, (held.get(id) ?? 0) + roundsIn(rounds, horizon.from + m))
        for (const [id, count] of held) {
          const key = `${formatMonth(horizon.from + m)} ${id}`
          most.set(key, Math.max(count, most.get(key) ?? 0))
        }
      }
    }
  }
  const areas = [CITY, ...pack.areas.map(({ id }) => id)]
  return [...most]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, count]) =>
      Array.from({ length: count }, (_, i) => i + 1).flatMap(round =>
        areas.map(area => [...key.split(' '), String(round), area]),
      ),
    )
}

/** The rounds of one run; NaN where one was not held, and where there is no limit or no score. */
export function roundsHeld(rows: string[][], flows: Flows): Table {
  const table = emptyTable(ROUNDS, rows)
  for (const column of table.columns.slice(1)) column.fill(NaN)
  const rowOf = new Map(rows.map((keys, row) => [keys.slice(0, 3).join(' '), row - flows.areas]))
  const before = new Map<string, number>()
  for (const round of flows.rounds) {
    const key = `${formatMonth(flows.horizon.from + round.month)} ${flows.channels[round.channel]}`
    const number = (before.get(key) ?? 0) + 1
    before.set(key, number)
    const row = rowOf.get(`${key} ${number}`)
    if (row === undefined) throw new Error(`a round without a row: ${key} ${number}`)
    for (let cell = 0; cell <= flows.areas; cell++)
      measuresOf(round, cell).forEach((value, i) => (table.columns[i][row + cell] = value))
  }
  return table
}

function measuresOf(round: RoundFlow, cell: number): number[] {
  const { places, inLine, takingPart, admitted, lowestScore, waiting, expired } = round
  // Where every area has its places, these are the places of the whole.
  const own =
    cell === 0 && Number.isNaN(places[0]) ? places.subarray(1).reduce((a, b) => a + b, 0) : places[cell]
  return [
    1,
    own,
    inLine[cell],
    takingPart[cell],
    admitted[cell],
    lowestScore[cell],
    waiting[cell],
    expired[cell],
    // A sum that a limit of NaN leaves NaN.
    Math.max(0, own - admitted[cell]),
    Math.max(0, admitted[cell] - own),
  ]
}
