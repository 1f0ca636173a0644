/**
 * Which clause of a rule set does how much: the scenario is simulated with every wanted set of its clauses, paired
 * person by person. One at a time: what happens if a clause is taken away. Shapley: its share of what all clauses do
 * together. Pairs: whether two clauses taken away together do more, or less, than each alone (table T5).
 */
import { subKey } from '../evidence/luck.js'
import { formatMonth, yearOf, yearsOf } from '../evidence/month.js'
import type { Area } from '../pack/pack.js'
import { compileLaw } from '../policy/compile.js'
import type { Policy } from '../policy/policy.js'
import { CITY, type Band } from '../results/comparison.js'
import { bandOf } from '../results/quantiles.js'
import type { Text } from '../reading/text.js'
import { newWorld, type World } from '../simulation/world.js'
import { withoutClauses, type Clause } from './clauses.js'
import { cellOf } from './headline.js'
import type { Plan, PlanSource } from './plan.js'
import type { Prepared } from './prepare.js'
import { cellsOfReplicate } from './runs.js'
import type { Scenario } from './scenario.js'
import {
  coalitionsOf,
  everything,
  meanOf,
  shapley,
  standardError,
  type Coalition,
  type Sampling,
} from './shapley.js'
import type { Layout } from './tables.js'

/** What of a run is compared, each a sum of cells. */
export const MEASURES: { id: string; unit: string; label: Text }[] = [
  {
    id: 'd_persons',
    unit: 'persons',
    label: { zh: '市外迁入登记(时段合计)', en: 'registrations from outside, whole horizon' },
  },
  {
    id: 'd_seats',
    unit: 'seats',
    label: { zh: '末年新增义务教育学位', en: 'added seats of compulsory school, last September' },
  },
  {
    id: 'd_cost_wan',
    unit: '万元',
    label: { zh: '居民医保地方补助(时段合计)', en: 'local subsidy to resident insurance, whole horizon' },
  },
]

export interface AblationSource {
  /** The scenario once for every set of clauses. */
  plan: PlanSource
  clauses: Clause[]
  coalitions: Coalition[]
  sampling: Sampling
}

/**
 * The plan of an ablation: a scenario for each set of clauses that is wanted, told apart by its overrides.
 *
 * @param policy the rule set whose clauses are taken away, as the scenario uses it
 * @param month  of the law whose clauses these are
 * @param budget greatest number of sets where there are too many to run all
 */
export function ablationSource(
  base: Omit<PlanSource, 'scenarios' | 'draws'>,
  scenario: Scenario,
  policy: Policy,
  month: number,
  areas: readonly Area[],
  clauses: Clause[],
  budget: number,
): AblationSource {
  const { sampling, coalitions } = coalitionsOf(
    clauses.length,
    budget,
    subKey([0x73686170, clauses.length], 0),
  )
  const law = compileLaw(policy, month, { areas })
  const scenarios = coalitions.map(kept => ({ ...scenario, id: idOf(kept) }))
  const settings = coalitions.flatMap(kept => {
    const gone = clauses.filter((_, i) => !(kept & (1 << i)))
    // What stands inside a channel that is gone is gone with it.
    const channels = gone.filter(({ kind }) => kind === 'channel').map(({ id }) => `${id}.`)
    return withoutClauses(policy, law, gone)
      .filter(([path]) => !channels.some(channel => path.startsWith(channel)))
      .map(([path, value]) => `${idOf(kept)}:policy.${policy.id}.${path}=${written(value)}`)
  })
  return {
    plan: { ...base, scenarios, settings: [...base.settings, ...settings], draws: 0 },
    clauses,
    coalitions,
    sampling,
  }
}

const idOf = (kept: Coalition): string => `with-${kept.toString(2)}`
const written = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** One scenario in one replicate: the work of a thread. @returns its measures */
export function ablationWorker(
  plan: Plan,
  prepared: Prepared,
  layout: Layout,
): (part: { scenario: number; replicate: number }) => Float64Array {
  const sums = measureCells(plan, layout)
  let world: World | undefined
  return ({ scenario, replicate }) => {
    world ??= newWorld(prepared.population)
    const cells = cellsOfReplicate(plan, prepared, layout, plan.scenarios[scenario], replicate, world)
    return Float64Array.from(sums, of => of.reduce((sum, cell) => sum + cells[cell], 0))
  }
}

function measureCells({ horizon }: Plan, layout: Layout): number[][] {
  const years = yearsOf(horizon).map(String)
  const last = String(yearOf(horizon.to))
  const at = (table: string, measure: string, keys: Record<string, string>) =>
    cellOf(layout, table, measure, keys) ?? []
  return [
    years.flatMap(year => at('registrations_year', 'persons', { year, area: CITY, basis: 'external' })),
    ['primary', 'junior'].flatMap(stage => at('seats', 'added_net', { september: last, area: CITY, stage })),
    years.flatMap(year => at('med_fund', 'local_subsidy_wan', { year, scheme: 'resident' })),
  ]
}

/** One number of the table: over replicates, each paired with the whole rule set in the same replicate. */
export interface Effect extends Band {
  /** Standard error of the mean over replicates; NaN of one. */
  error: number
}

export interface Ablation {
  policy: string
  scenario: string
  month: string
  clauses: {
    clause: Clause
    /** By measure: the whole rule set with this clause taken away, less the whole rule set. */
    effect: Effect[]
    /** By measure: its share of what all clauses do together. `sampling`: error of the orders drawn, 0 if exact. */
    share: (Effect & { sampling: number })[]
  }[]
  /** By measure: the whole rule set less the one without any of the clauses. */
  together: Effect[]
  /** Both taken away, less what each does alone; the first measure. Strongest first. */
  pairs: { a: number; b: number; interaction: Effect }[]
  exact: boolean
  coalitions: number
  orders: number
  replicates: number
  scale: number
}

/** @param values by set (in the order of `coalitions`), then replicate: the measures */
export function ablationOf(
  { clauses, coalitions, sampling, plan }: AblationSource,
  policy: string,
  scenario: string,
  month: number,
  values: Float64Array[][],
): Ablation {
  const at = new Map(coalitions.map((set, index) => [set, index]))
  const value = (set: Coalition, replicate: number, measure: number) =>
    values[at.get(set)!][replicate][measure]
  const runs = Array.from({ length: plan.replicates }, (_, r) => r)
  const all = everything(clauses.length)
  const without = (...gone: number[]) => gone.reduce((set, i) => set & ~(1 << i), all)
  const over = (measure: number, of: (replicate: number, measure: number) => number) =>
    effectOf(runs.map(r => of(r, measure)))

  const shares = MEASURES.map((_, measure) =>
    runs.map(r => shapley(clauses.length, sampling, set => value(set, r, measure))),
  )
  const pairs = clauses.flatMap((_, a) =>
    clauses.flatMap((_, b) => {
      if (b <= a || !at.has(without(a, b))) return []
      const interaction = over(0, (r, m) => {
        const alone = value(without(a), r, m) + value(without(b), r, m)
        return value(without(a, b), r, m) + value(all, r, m) - alone
      })
      return [{ a, b, interaction }]
    }),
  )
  return {
    policy,
    scenario,
    month: formatMonth(month),
    clauses: clauses.map((clause, i) => ({
      clause,
      effect: MEASURES.map((_, measure) =>
        over(measure, (r, m) => value(without(i), r, m) - value(all, r, m)),
      ),
      share: MEASURES.map((_, measure) => ({
        ...effectOf(shares[measure].map(run => run[i].value)),
        // The orders are the same in every replicate: their error is that of the mean over replicates.
        sampling: sampling.exact ? 0 : meanOf(shares[measure].map(run => run[i].error)),
      })),
    })),
    together: MEASURES.map((_, measure) => over(measure, (r, m) => value(all, r, m) - value(0, r, m))),
    pairs: pairs.sort((x, y) => Math.abs(y.interaction.mean) - Math.abs(x.interaction.mean)),
    exact: sampling.exact,
    coalitions: coalitions.length,
    orders: sampling.exact ? 0 : sampling.orders.length,
    replicates: plan.replicates,
    scale: plan.scale,
  }
}

const effectOf = (values: number[]): Effect => ({
  ...bandOf(Float64Array.from(values)),
  error: standardError(values),
})
