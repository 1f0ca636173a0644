/** Every parameter with its layer, grade and range, and how the headline differences move with it (T16). */
import { sampleRankCorrelation } from 'simple-statistics'
import { quantiles } from '../results/quantiles.js'
import type { AssumptionRow } from '../results/comparison.js'
import { ROW_PARAMETERS } from '../simulation/calibrated.js'
import { isHeld } from '../simulation/profile.js'
import { headlineCells } from './headline.js'
import { rowOf, valuesOf, type Plan } from './plan.js'
import type { Layout } from './tables.js'

/**
 * @param draws a number of the last scenario over all draws: its difference to the baseline, if there is one
 */
export function assumptions(
  plan: Plan,
  layout: Layout,
  draws: (scenario: number, cell: number) => Float64Array,
): AssumptionRow[] {
  const scenario = plan.scenarios.length - 1
  const n = plan.source.draws
  const values = Array.from({ length: n }, (_, d) => valuesOf(plan, plan.scenarios[scenario], d))
  const rows = Array.from({ length: n }, (_, d) => rowOf(plan, plan.scenarios[scenario], d))
  // One number of each table: the first headline of the last year.
  const headlines = headlineCells(layout, plan.horizon)
  const cells = headlines.filter(({ table }, i) => headlines.findIndex(other => other.table === table) === i)
  const outcomes = cells.map(({ cell }) => Array.from(draws(scenario, cell)))
  const { layered } = plan.scenarios[scenario]
  return plan.pack.parameters.map(parameter => {
    const { id, label, unit, interval90, grade, source, note } = parameter
    const drawn = id in READ_ROW ? rows.map(READ_ROW[id]) : values.map(v => v.get(id) ?? NaN)
    const varies = !isHeld(id) && drawn.some(x => x !== drawn[0]) && drawn.every(x => Number.isFinite(x))
    const sorted = Float64Array.from(drawn)
    const fitted = id in ROW_PARAMETERS && varies
    return {
      parameter: id,
      label,
      value: fitted ? quantiles(sorted, [0.5])[0] : layered.values.get(id),
      unit,
      range: fitted ? (quantiles(sorted, [0.05, 0.95]) as [number, number]) : interval90,
      grade: fitted ? 'calibrated' : grade,
      layer: fitted ? 'calibration' : (layered.layers.get(id) ?? 'pack'),
      source,
      ...(note !== undefined && { note }),
      ...(varies && {
        influence: Object.fromEntries(
          cells.map(({ table, measure }, i) => [
            `${table}.${measure}`,
            sampleRankCorrelation(drawn, outcomes[i]),
          ]),
        ),
      }),
    }
  })
}

/** Where a calibrated row keeps a parameter of the pack. */
const READ_ROW: Record<string, (row: ReturnType<typeof rowOf>) => number> = {
  'apply.conversion.province': row => row.conversion.province,
  'apply.conversion.otherProvince': row => row.conversion.otherProvince,
  'apply.lambdaWilling': row => row.lambda,
  'reform.permanent': row => row.permanent,
  'reform.inForce': row => row.inForce,
  'moves.return': row => row.returned,
  'moves.break': row => row.breakLoss,
  'moves.walkCity': row => row.cityWalk,
  'aware.pc': row => row.awareP,
  'aware.q': row => row.awareQ,
  'aware.init': row => row.awareInit,
  'apply.share.kin': row => row.share.kin,
  'apply.share.purchase': row => row.share.purchase,
  'apply.share.points': row => row.share.points,
  'bases.eventOverDistrictIn': row => row.eventOverDistrictIn,
  'bases.doubleTag': row => row.doubleTag,
}
