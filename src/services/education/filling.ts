/** From what was counted to the tables T7 and T8. */
import { valueOf } from '../../evidence/parameter.js'
import { emptyTable, type Table } from '../../results/table.js'
import type { ServiceContext } from '../service.js'
import { capacity } from './capacity.js'
import { STAGES } from './claims.js'
import { localSeats } from './cohorts.js'
import type { State } from './state.js'
import { SEATS, SEATS_PER_1000 } from './tables.js'

/** Demand that the assumed seats of the base year met, by [area][stage]; see `capacity`. */
function baseDemand(state: State, { pack, values }: ServiceContext): number[][] {
  const baseYear = valueOf(values, 'edu.baseYear')
  return pack.areas.map((_, area) =>
    STAGES.map((stage, s) => {
      const use = valueOf(values, `edu.pubPermit.${stage.id}`)
      let seats = (state.childrenFirst?.[area][s] ?? 0) * use
      for (let grade = stage.from; grade <= stage.to; grade++)
        seats += localSeats(state.births, pack, values, area, stage, baseYear - grade + 1, use)
      return seats
    }),
  )
}

/** @param rows of SEATS: September, then area with the city last, then stage */
export function seatsTable(state: State, context: ServiceContext, rows: string[][]): Table {
  const { pack, values } = context
  const table = emptyTable(SEATS, rows)
  const column = Object.fromEntries(SEATS.measures.map(({ id }, index) => [id, table.columns[index]]))
  const seatsIn = capacity(pack, values, baseDemand(state, context))
  const areas = pack.areas.length
  state.septembers.forEach(({ year, demand }, september) => {
    for (let area = 0; area < areas; area++)
      STAGES.forEach((stage, s) => {
        const { local, permit, registered, joined, paper, gross } = demand[area][s]
        const wanted = local + permit + registered + joined + paper
        const added = registered + joined + paper
        const { soft, hard, opened } = seatsIn(area, s, year)
        const cells: Record<string, number> = {
          demand_local: local,
          demand_migrant_permit: permit,
          demand_registered: registered,
          demand_joined: joined,
          demand_paper: paper,
          demand: wanted,
          gross_registered: gross,
          added_net: added,
          soft_cap: soft,
          hard_cap: hard,
          pipeline_open: opened,
          gap_soft: Math.max(0, wanted - soft),
          gap_hard: Math.max(0, wanted - hard),
          stock_zero_gap: Math.max(0, wanted - opened),
          teachers_added: added / valueOf(values, `edu.pupilsPerTeacher.${stage.id}`),
        }
        const row = (september * (areas + 1) + area) * STAGES.length + s
        const city = (september * (areas + 1) + areas) * STAGES.length + s
        for (const [id, value] of Object.entries(cells)) {
          column[id][row] = value
          column[id][city] += value
        }
      })
  })
  // Classes stay as many as the seats allow at standard size: what is short makes them larger.
  table.rows.forEach(([, , stage], row) => {
    const { soft_cap, demand, mean_class } = column
    mean_class[row] =
      soft_cap[row] > 0 ? (demand[row] / soft_cap[row]) * valueOf(values, `edu.classStd.${stage}`) : 0
  })
  return table
}

/** @param rows of SEATS_PER_1000: areas with the city last; 0 where nobody registered */
export function per1000({ registrants, per }: State, rows: string[][]): Table {
  const table = emptyTable(SEATS_PER_1000, rows)
  const parts = [per.gross, per.switch, per.join, per.movein, per.paper]
  const areas = registrants.length
  const sum = (column: Float64Array) => column.reduce((total, value) => total + value, 0)
  table.rows.forEach((_, row) => {
    const of = (column: Float64Array) => (row < areas ? column[row] : sum(column))
    const persons = of(registrants)
    if (persons === 0) return
    const each = parts.map(part => (1000 * of(part)) / persons)
    const net = each.slice(1).reduce((total, value) => total + value, 0)
    ;[...each, net].forEach((value, column) => (table.columns[column][row] = value))
  })
  return table
}
