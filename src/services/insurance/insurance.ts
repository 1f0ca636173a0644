/**
 * Medical insurance (model §4.3): an employee scheme, which registration does not change, and a resident scheme, which
 * more take up once registered. Both are pooled for the whole place, so the table has no areas. Amounts are by month of
 * membership; registrants enter in the month in which they register, or have moved in, and stay (the few who leave the
 * city afterwards are not taken off). Members from before the horizon count only where the planner gives their number.
 */
import { monthOfYear, yearOf, yearsOf } from '../../evidence/month.js'
import { valueOf, type Values } from '../../evidence/parameter.js'
import { emptyTable } from '../../results/table.js'
import { PRESENCE, type Flows } from '../../simulation/flows.js'
import { movingLag } from '../arrival.js'
import { entitled } from '../entitled.js'
import { combinations } from '../rows.js'
import type { Service, ServiceContext } from '../service.js'
import { unknownStock } from '../stock.js'
import { carry, grown, newMembers, reserveMonths, scheduled } from './fund.js'
import { MED_FUND, SCHEMES } from './tables.js'

const EMPLOYEE = 0
const RESIDENT = 1

/** Persons by age: they cost differently. */
interface Persons {
  adults: number
  minors: number
}

/** Yuan a member and year. */
interface Rates {
  year: number
  personal: number
  subsidy: number
  contribution: number
  spend: number[]
}

interface State {
  lag: number
  /** Registered and living here (lived here before; moved in) or on paper, outside the employee scheme. */
  here: Persons
  moved: Persons
  paper: Persons
  /** Registered, in the employee scheme. */
  employees: number
  balance: number[]
  /** Of the year under way. */
  rates: Rates
  /** Amounts of the year so far, by row and measure. */
  columns: Float64Array[]
}

const MEASURES = new Map(MED_FUND.measures.map(({ id }, index) => [id, index]))
const at = (measure: string): number => MEASURES.get(measure)!

export const insurance: Service<State> = {
  id: 'insurance',
  schemas: [MED_FUND],

  rows: (_, _pack, horizon) => combinations(yearsOf(horizon).map(String), [...SCHEMES]),

  begin: ({ values, horizon }) => ({
    lag: movingLag(values),
    here: { adults: 0, minors: 0 },
    moved: { adults: 0, minors: 0 },
    paper: { adults: 0, minors: 0 },
    employees: 0,
    rates: ratesOf(values, yearOf(horizon.from)),
    balance: SCHEMES.map(scheme => values.get(`stock.fund.${scheme}`) ?? 0),
    columns: MED_FUND.measures.map(() => new Float64Array(yearsOf(horizon).length * SCHEMES.length)),
  }),

  month(state, month, flows, context) {
    enrol(state, month, flows)
    const year = yearOf(context.horizon.from + month)
    if (state.rates.year !== year) state.rates = ratesOf(context.values, year)
    resident(state, month, flows, context)
    employee(state, month, flows, context)
    const last = context.horizon.from + month
    if (monthOfYear(last) === 12 || last === context.horizon.to) close(state, year, context)
  },

  end({ columns }, { pack, horizon }) {
    const table = emptyTable(MED_FUND, insurance.rows(MED_FUND, pack, horizon))
    columns.forEach((column, measure) => table.columns[measure].set(column))
    return [table]
  },

  findings: (_, values) =>
    unknownStock(
      SCHEMES.flatMap(scheme => [`stock.members.${scheme}`, `stock.fund.${scheme}`]),
      values,
      {
        zh: '参保人数与基金期初结余未知：参保人数只计随迁人口与期内入户人员，balance_wan 为期内变动，可支付月数不可得；期初结余等于 −balance_wan 时期末结余为零（未计利息）',
        en: 'Members and opening balances are not known: members are migrants and registrants alone, balance_wan is the change since the start, months of reserve are not known; an opening balance of −balance_wan would end at zero (interest aside)',
      },
    ),
}

const total = ({ adults, minors }: Persons): number => adults + minors

/** Those who registered this month, and movers once they are here. */
function enrol(state: State, month: number, flows: Flows): void {
  const take = (to: Persons, presence: number, when: number) => {
    if (when < 0) return
    for (let area = 0; area < flows.areas; area++) {
      const cell = (when * flows.areas + area) * 3 + presence
      state.employees += flows.adults[cell * 2]
      to.adults += flows.adults[cell * 2 + 1]
      to.minors += flows.minors[cell]
    }
  }
  take(state.here, PRESENCE.alreadyHere, month)
  take(state.moved, PRESENCE.movesIn, month - state.lag)
  take(state.paper, PRESENCE.paperOnly, month)
}

const row = (year: number, scheme: number, { horizon }: ServiceContext): number =>
  (year - yearOf(horizon.from)) * SCHEMES.length + scheme

/** Adds a month's money, in yuan a year and all members, to the year's columns, in 万元. */
const addMoney = (state: State, index: number, amounts: Record<string, number>): void => {
  for (const [id, yuanAYear] of Object.entries(amounts))
    state.columns[at(id)][index] += yuanAYear / 12 / 10000
}

function resident(state: State, month: number, flows: Flows, context: ServiceContext): void {
  const { values } = context
  const { year, personal, subsidy, spend } = state.rates
  const law = context.law(month)
  const takeup = {
    permit: entitled(law, 'insurance', 'permit', values, 'takeup'),
    hukou: entitled(law, 'insurance', 'hukou', values, 'takeup'),
    paper: entitled(law, 'insurance', 'hukou', values, 'claim') * valueOf(values, 'med.takeupPaper'),
  }
  const migrants: Persons = { adults: 0, minors: 0 }
  for (let area = 0; area < flows.areas; area++) {
    const now = month * flows.areas + area
    migrants.adults += flows.presentAdults[now * 2 + 1]
    migrants.minors += flows.presentMinors[now]
  }
  const enrolled = (of: keyof Persons): number =>
    migrants[of] * takeup.permit +
    (state.here[of] + state.moved[of]) * takeup.hukou +
    state.paper[of] * takeup.paper
  const [adults, minors] = [enrolled('adults'), enrolled('minors')]
  const before = values.get('stock.members.resident') ?? 0
  const members = before + adults + minors
  const added = newMembers(total(state.here), total(state.moved), total(state.paper), takeup)

  const index = row(year, RESIDENT, context)
  state.columns[at('members')][index] = members
  state.columns[at('registered_gross')][index] = total(state.here) + total(state.moved) + total(state.paper)
  state.columns[at('new_members_from_registration')][index] = added
  addMoney(state, index, {
    revenue_personal_wan: members * personal,
    revenue_subsidy_wan: members * subsidy,
    local_subsidy_wan: members * subsidy * valueOf(values, 'med.localShare'),
    added_subsidy_wan: added * subsidy,
    expenditure_wan: (before + relativeCost(values, adults, minors)) * spend[RESIDENT],
  })
}

function employee(state: State, month: number, flows: Flows, context: ServiceContext): void {
  const { values } = context
  const { year, contribution, spend } = state.rates
  let workers = state.employees
  for (let area = 0; area < flows.areas; area++)
    workers += flows.presentAdults[(month * flows.areas + area) * 2]
  const before = values.get('stock.members.employee') ?? 0
  const index = row(year, EMPLOYEE, context)
  state.columns[at('members')][index] = before + workers
  addMoney(state, index, {
    revenue_personal_wan: (before + workers) * contribution,
    expenditure_wan: (before + relativeCost(values, workers, 0)) * spend[EMPLOYEE],
  })
}

/** Persons weighted by what they cost beside the scheme's mean member. */
const relativeCost = (values: Values, adults: number, minors: number): number =>
  adults * valueOf(values, 'med.relativeSpend.adult') + minors * valueOf(values, 'med.relativeSpend.minor')

function ratesOf(values: Values, year: number): Rates {
  const value = (id: string) => valueOf(values, id)
  const wage = grown(value('med.wage') * 12, value('med.wageTrend'), value('med.wageYear'), year)
  return {
    year,
    personal: scheduled(values, 'med.resPersonal', year),
    subsidy: scheduled(values, 'med.resSubsidy', year),
    contribution: wage * (value('med.empRate.employer') + value('med.empRate.employee')),
    spend: SCHEMES.map(scheme =>
      grown(value(`med.baseSpend.${scheme}`), value('med.trend'), value('med.baseSpendYear'), year),
    ),
  }
}

/** The year's balance; months of reserve where the opening fund is known. */
function close(state: State, year: number, context: ServiceContext): void {
  const { values } = context
  SCHEMES.forEach((scheme, s) => {
    const index = row(year, s, context)
    const of = (id: string) => state.columns[at(id)][index]
    const revenue = of('revenue_personal_wan') + of('revenue_subsidy_wan')
    const expenditure = of('expenditure_wan')
    state.balance[s] = carry(state.balance[s], valueOf(values, 'med.interest'), revenue, expenditure)
    state.columns[at('balance_wan')][index] = state.balance[s]
    state.columns[at('reserve_months')][index] = values.has(`stock.fund.${scheme}`)
      ? reserveMonths(state.balance[s], expenditure)
      : NaN
  })
}
