/**
 * Public rental housing, in expected households (model §4.2). Eligible are tenants under the means and space lines:
 * permit holders with twelve months of insurance in a row where the law lets them claim, and registered households that
 * live here. They apply at a monthly rate, part of them for the rent subsidy, the rest for a dwelling; once a year the
 * dwellings that fell vacant go to those who have waited longest.
 *
 * Left out: households with local hukou from before, who queue for the same dwellings; the planner's own stock is best
 * given without the dwellings that they take.
 */
import pow from '@stdlib/math-base-special-pow'
import { monthOfYear, monthsOf, yearOf, yearsOf } from '../../evidence/month.js'
import { valueOf } from '../../evidence/parameter.js'
import { emptyTable } from '../../results/table.js'
import type { Flows } from '../../simulation/flows.js'
import { movingLag } from '../arrival.js'
import { entitled, mayClaim } from '../entitled.js'
import { areaKeys, combinations } from '../rows.js'
import type { Service, ServiceContext } from '../service.js'
import { unknownStock } from '../stock.js'
import { change, emptyQueue, leave, length, serve, type Queue } from './queue.js'
import { HOUSING_ROWS, HOUSING_STATUSES, PRH } from './tables.js'

const PERMIT = 0
const HUKOU = 1
const STATUSES = [PERMIT, HUKOU] as const

interface AreaState {
  /** Tenant households registered since the horizon's first month and living here. */
  registered: number
  /** Of them, those who lived here before and met the permit holders' condition when they registered. */
  wouldQualify: number
  queue: Queue
  /** In a dwelling, and receiving the subsidy, by status. */
  housed: number[]
  subsidised: number[]
  /** Dwellings; given, or assumed at the first month. */
  units: number
  vacant: number
  /** Applications so far of registered households, and what the same would have applied for as permit holders. */
  gained: number
  forgone: number
}

interface State {
  areas: AreaState[]
  lag: number
  /** Sums of the waits of each row, for the means. */
  waited: Float64Array
  columns: Float64Array[]
}

export const housing: Service<State> = {
  id: 'housing',
  schemas: [PRH],

  rows: (_, pack, horizon) => combinations(yearsOf(horizon).map(String), areaKeys(pack), [...HOUSING_ROWS]),

  begin({ pack, values, horizon }) {
    const rows = yearsOf(horizon).length * (pack.areas.length + 1) * HOUSING_ROWS.length
    return {
      areas: pack.areas.map(({ id }) => ({
        registered: 0,
        wouldQualify: 0,
        queue: emptyQueue(STATUSES.length, monthsOf(horizon)),
        housed: [0, 0],
        subsidised: [0, 0],
        units: values.get(`stock.prh.${id}`) ?? NaN,
        vacant: 0,
        gained: 0,
        forgone: 0,
      })),
      lag: movingLag(values),
      waited: new Float64Array(rows),
      columns: PRH.measures.map(() => new Float64Array(rows)),
    }
  },

  month(state, month, flows, context) {
    state.areas.forEach((_, area) => oneArea(state, area, month, flows, context))
  },

  end({ columns, waited }, { pack, horizon }) {
    const table = emptyTable(PRH, housing.rows(PRH, pack, horizon))
    const areas = pack.areas.length
    const sums = [...columns, waited]
    // Both statuses together, then the city's rows as the sums of the areas'.
    const width = HOUSING_ROWS.length
    for (let row = 0; row < table.rows.length; row += width)
      for (const sum of sums) for (const s of STATUSES) sum[row + STATUSES.length] += sum[row + s]
    for (let row = 0; row < table.rows.length; row++) {
      const place = Math.floor(row / width) % (areas + 1)
      if (place < areas) for (const sum of sums) sum[row + (areas - place) * width] += sum[row]
    }
    columns.forEach((column, measure) => table.columns[measure].set(column))
    const [allocated, wait] = ['allocated_hh', 'mean_wait_months'].map(at)
    table.columns[wait].forEach((_, row, means) => {
      means[row] = columns[allocated][row] > 0 ? waited[row] / columns[allocated][row] : 0
    })
    return [table]
  },

  findings: (pack, values) =>
    unknownStock(
      pack.areas.map(({ id }) => `stock.prh.${id}`),
      values,
      {
        zh: '公租房房源数未公布：按首月符合条件户数的假定比例（prh.coverage）推算，轮候与配租为假定值；入户净增申请（added_net_hh）不受其影响，无人轮候所需房源见 units_needed',
        en: 'The number of public rental dwellings is not published: it is assumed as a share (prh.coverage) of the households eligible at first. Waiting and allocation lean on it, added_net_hh does not; units_needed is the stock with which nobody would wait',
      },
    ),
}

const MEASURES = new Map(PRH.measures.map(({ id }, index) => [id, index]))
const at = (measure: string): number => MEASURES.get(measure)!

function oneArea(state: State, area: number, month: number, flows: Flows, context: ServiceContext): void {
  const { values, pack, horizon } = context
  const law = context.law(month)
  const value = (id: string) => valueOf(values, id)
  const here = state.areas[area]
  const claim = HOUSING_STATUSES.map(status => mayClaim(law, 'housing', status, pack.areas[area].id))
  const rate = HOUSING_STATUSES.map((status, s) =>
    claim[s] ? entitled(law, 'housing', status, values, 'apply') : 0,
  )
  const means = value('prh.meansShare')
  const now = month * flows.areas + area

  // Who may claim. Permit holders need a year of insurance unless the law waives it (`insured: false`).
  const [others, insured] = [flows.renters[now * 2], flows.renters[now * 2 + 1]]
  const waived = law.entitlements.housing?.permit.insured === false
  const qualified = waived ? others + insured : insured
  const share = others + insured > 0 ? qualified / (others + insured) : 0
  const cameHere = flows.households[now * 6 + 1]
  const movedIn = month < state.lag ? 0 : flows.households[(now - state.lag * flows.areas) * 6 + 3]
  here.registered += cameHere + movedIn
  here.wouldQualify += cameHere * share
  const eligible = [claim[PERMIT] ? qualified * means : 0, claim[HUKOU] ? here.registered * means : 0]
  if (Number.isNaN(here.units)) here.units = value('prh.coverage') * insured * means

  // Those who registered go on with the place that they had.
  const registering = cameHere * share
  const changing = qualified + registering > 0 ? registering / (qualified + registering) : 0
  change(here.queue, PERMIT, HUKOU, changing)
  for (const some of [here.housed, here.subsidised]) {
    some[HUKOU] += some[PERMIT] * changing
    some[PERMIT] *= 1 - changing
  }

  // Leaving: dwellings of these households and of others fall vacant alike.
  const turnover = monthly(value('prh.turnover'))
  leave(here.queue, monthly(value('prh.renege')))
  here.vacant += (here.units - here.vacant) * turnover
  for (const some of [here.housed, here.subsidised]) for (const s of STATUSES) some[s] *= 1 - turnover

  // Applying.
  const bySubsidy = value('prh.subsidyShare')
  const applied = STATUSES.map(s => {
    const engaged = length(here.queue, s) + here.housed[s] + here.subsidised[s]
    return Math.max(0, eligible[s] - engaged) * rate[s]
  })
  for (const s of STATUSES) {
    here.subsidised[s] += applied[s] * bySubsidy
    here.queue.waiting[s][month] += applied[s] * (1 - bySubsidy)
  }
  here.gained += (eligible[HUKOU] - here.gained) * rate[HUKOU]
  here.forgone += Math.max(0, here.wouldQualify * means - here.forgone) * rate[PERMIT]

  // The round of the year.
  const absolute = horizon.from + month
  const due = monthOfYear(absolute) === value('prh.roundMonth')
  const { served, waited } = serve(here.queue, due ? here.vacant : 0, month)
  for (const s of STATUSES) here.housed[s] += served[s]
  // What is left goes to households with local hukou from before.
  if (due) here.vacant = 0

  const areas = pack.areas.length
  for (const s of STATUSES) {
    const row = ((yearOf(absolute) - yearOf(horizon.from)) * (areas + 1) + area) * HOUSING_ROWS.length + s
    const add = (id: string, amount: number) => (state.columns[at(id)][row] += amount)
    const set = (id: string, amount: number) => (state.columns[at(id)][row] = amount)
    const waiting = length(here.queue, s)
    set('eligible_hh', eligible[s])
    add('applied_hh', applied[s])
    set('waiting_hh', waiting)
    add('allocated_hh', served[s])
    set('subsidy_hh', here.subsidised[s])
    add('subsidy_wan', (here.subsidised[s] * value('prh.subsidyPerMonth')) / 10000)
    set('units_needed', waiting + here.housed[s])
    set('added_net_hh', s === HUKOU ? here.gained - here.forgone : 0)
    state.waited[row] += waited[s]
  }
}

/** A yearly share as a monthly one: both leave the same number at the year's end. */
const monthly = (yearly: number): number => 1 - pow(1 - yearly, 1 / 12)
