/**
 * Compulsory school: cohorts by the year of entry, counted each September (model §4.1). Registration adds a seat only
 * where a child would not have had it as a permit holder's: it leaves a private school at an entry grade, joins from
 * the place of origin, moves in, or claims on paper. Registered children stay until grade 9; the few who leave the
 * city after registering are not taken off.
 */
import { monthOfYear, yearOf } from '../../evidence/month.js'
import type { Values } from '../../evidence/parameter.js'
import type { TableSchema } from '../../results/table.js'
import { ENTRY_YEARS, FIRST_ENTRY_YEAR, type Flows } from '../../simulation/flows.js'
import { movingLag } from '../arrival.js'
import { areaKeys, combinations, septembers } from '../rows.js'
import type { Service, ServiceContext } from '../service.js'
import { claims, gradeOf, stageOf, STAGES, type Stage } from './claims.js'
import { birthsOnTime, localSeats } from './cohorts.js'
import { per1000, seatsTable } from './filling.js'
import { unknownSeats } from './findings.js'
import { emptyState, type Demand, type State } from './state.js'
import { SEATS, SEATS_PER_1000 } from './tables.js'

/** Index into CHILD_KINDS. */
const HERE = 0
const LEFT_BEHIND = 1
const MOVES_IN = 2
const PAPER = 3

export const education: Service<State> = {
  id: 'education',
  schemas: [SEATS, SEATS_PER_1000],

  rows(schema, pack, horizon) {
    if (schema.id === SEATS_PER_1000.id) return combinations(areaKeys(pack))
    return combinations(
      septembers(horizon).map(String),
      areaKeys(pack),
      STAGES.map(({ id }) => id),
    )
  },

  begin: ({ pack, values }) => emptyState(pack.areas.length, birthsOnTime(pack, values), movingLag(values)),

  month(state, month, flows, context) {
    const absolute = context.horizon.from + month
    // School begins with the month: those registered by the end of August are in time.
    if (monthOfYear(absolute) === 9) count(state, month, yearOf(absolute), flows, context)
    register(state, month, flows, context)
  },

  end(state, context) {
    const rows = (schema: TableSchema) => education.rows(schema, context.pack, context.horizon)
    return [seatsTable(state, context, rows(SEATS)), per1000(state, rows(SEATS_PER_1000))]
  },

  findings: unknownSeats,
}

/** Those who register in this month, for the September that comes next. */
function register(state: State, month: number, flows: Flows, context: ServiceContext): void {
  const { registered, per } = state
  const absolute = context.horizon.from + month
  const next = yearOf(absolute) + (monthOfYear(absolute) >= 9 ? 1 : 0)
  const law = context.law(month)
  const byStage = STAGES.map(stage => claims(law, context.values, stage))
  for (let area = 0; area < flows.areas; area++) {
    const now = month * flows.areas + area
    for (let presence = 0; presence < 3; presence++) {
      state.registrants[area] += flows.minors[now * 3 + presence]
      for (let scheme = 0; scheme < 2; scheme++)
        state.registrants[area] += flows.adults[(now * 3 + presence) * 2 + scheme]
    }
    for (let cohort = 0; cohort < ENTRY_YEARS; cohort++) {
      const children = (kind: number, when = now) => flows.children[(when * 4 + kind) * ENTRY_YEARS + cohort]
      const cell = area * ENTRY_YEARS + cohort
      const grade = gradeOf(cohort + FIRST_ENTRY_YEAR, next)
      const here = children(HERE)
      if (grade <= 1) registered.enters[cell] += here
      else if (grade <= 7) registered.switches[cell] += here
      else registered.late[cell] += here
      const claim = byStage[grade < STAGES[1].from ? 0 : 1]
      registered.joined[cell] += children(LEFT_BEHIND) * claim.joins
      registered.paper[cell] += children(PAPER)
      if (month >= state.lag) registered.moved[cell] += children(MOVES_IN, now - state.lag * flows.areas)
      const all = here + children(LEFT_BEHIND) + children(MOVES_IN) + children(PAPER)
      registered.gross[cell] += all

      if (stageOf(grade) === undefined) continue
      per.gross[area] += all
      per.switch[area] += here * claim.switches
      per.join[area] += children(LEFT_BEHIND) * claim.joins
      per.movein[area] += children(MOVES_IN) * claim.moves
      per.paper[area] += children(PAPER) * claim.paper
    }
  }
}

/** The seats of one September. */
function count(state: State, month: number, year: number, flows: Flows, context: ServiceContext): void {
  const { values, pack } = context
  const law = context.law(month)
  const lived = Math.max(0, month - 1)
  const children: number[][] = []
  const demand = pack.areas.map((_, area) => {
    children.push([])
    return STAGES.map(stage => {
      const claim = claims(law, values, stage)
      const sum: Demand = { local: 0, permit: 0, registered: 0, joined: 0, paper: 0, gross: 0 }
      let livingHere = 0
      for (let grade = stage.from; grade <= stage.to; grade++) {
        const entry = year - grade + 1
        sum.local += localSeats(state.births, pack, values, area, stage, entry, claim.usePermit)
        const cohort = entry - FIRST_ENTRY_YEAR
        if (cohort < 0 || cohort >= ENTRY_YEARS) continue
        const cell = area * ENTRY_YEARS + cohort
        const { enters, switches, late, joined, moved, paper, gross } = state.registered
        const migrants = flows.migrantChildren[(lived * flows.areas + area) * ENTRY_YEARS + cohort]
        const here = migrants + enters[cell] + switches[cell] + late[cell]
        livingHere += here
        sum.permit += here * claim.usePermit
        sum.registered +=
          enters[cell] * claim.enters +
          changed(state, values, stage, cell) * claim.switches +
          moved[cell] * claim.moves
        sum.joined += joined[cell]
        sum.paper += paper[cell] * claim.paper
        sum.gross += gross[cell]
      }
      children[area].push(livingHere)
      return sum
    })
  })
  state.septembers.push({ year, demand })
  state.childrenFirst ??= children
}

/** Children with the chance to leave a private school: at grade 7 if registered by then, at once if the middle of a stage is no bar. */
function changed(state: State, values: Values, stage: Stage, cell: number): number {
  const { switches, late } = state.registered
  if ((values.get('edu.midYearTransfer') ?? 0) > 0) return switches[cell] + late[cell]
  return stage.id === 'junior' ? switches[cell] : 0
}
