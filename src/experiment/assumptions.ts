/** Every parameter with its layer, grade and range, and how the headline differences move with it (T16). */
import { quantiles } from '../results/quantiles.js'
import type { AssumptionRow, Headline } from '../results/comparison.js'
import { ROW_PARAMETERS } from '../simulation/calibrated.js'
import { isHeld } from '../simulation/profile.js'
import { headlineCells } from './headline.js'
import { rowOf, valuesOf, type Plan } from './plan.js'
import type { Layout } from './tables.js'

export function assumptions(
  plan: Plan,
  headline: Headline[],
  draws: (scenario: number, cell: number) => Float64Array,
  layout: Layout,
): AssumptionRow[] {
  const scenario = plan.scenarios.length - 1
  const n = plan.source.draws
  const values = Array.from({ length: n }, (_, d) => valuesOf(plan, plan.scenarios[scenario], d))
  const rows = Array.from({ length: n }, (_, d) => rowOf(plan, plan.scenarios[scenario], d))
  const cells = headlineCells(layout, plan.horizon).slice(0, headline.length)
  const outcomes = cells.map(({ cell }) => ranks(draws(scenario, cell)))
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
            correlation(ranks(sorted), outcomes[i]),
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

/** Ranks from 0, ties by position: good enough for a correlation over hundreds of draws. */
function ranks(values: ArrayLike<number>): Float64Array {
  const order = Array.from(values, (_, i) => i).sort((a, b) => values[a] - values[b] || a - b)
  const rank = new Float64Array(order.length)
  order.forEach((index, r) => (rank[index] = r))
  return rank
}

/** Pearson's correlation of two rank vectors of the same length: Spearman's. */
function correlation(a: Float64Array, b: Float64Array): number {
  const middle = (a.length - 1) / 2
  let product = 0
  let square = 0
  for (let i = 0; i < a.length; i++) {
    product += (a[i] - middle) * (b[i] - middle)
    square += (a[i] - middle) ** 2
  }
  return square > 0 ? product / square : 0
}
