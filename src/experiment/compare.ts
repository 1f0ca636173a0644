/**
 * The main job: scenarios of one plan, paired replicate by replicate, as levels and differences with bands.
 * The work is done by whatever `runParts` is handed in (node/ gives threads); the result depends on the plan alone.
 */
import type {
  Band,
  BandColumn,
  BandedTable,
  Comparison,
  Difference,
  Estimate,
  Headline,
} from '../results/comparison.js'
import { CITY } from '../results/comparison.js'
import { monthOf, yearOf } from '../evidence/month.js'
import type { Finding } from '../reading/finding.js'
import { contains } from '../policy/containment.js'
import { SERVICES } from '../services/list.js'
import { assumptions } from './assumptions.js'
import {
  band,
  combine,
  known,
  memberMeans,
  monteCarlo,
  sharesOf,
  varianceReduction,
  type CellRuns,
} from './bands.js'
import { headlineCells } from './headline.js'
import type { Plan } from './plan.js'
import type { Prepared } from './prepare.js'
import type { Part, PartResult } from './runs.js'
import { layoutOf, type Layout } from './tables.js'

/** Draws that are run a second time without process noise, to tell its share. */
const STILL_DRAWS = 80

export const partsOf = ({ source: { draws, replicates } }: Plan): Part[] => [
  // Replicates first: they take longest.
  ...Array.from({ length: replicates }, (_, index): Part => ({ kind: 'replicate', index })),
  ...Array.from({ length: draws }, (_, index): Part => ({ kind: 'draw', index, still: index < STILL_DRAWS })),
]

/** All numbers of all runs: [scenario] × cell × run. */
export interface Runs {
  layout: Layout
  scale: number
  /** Float32: seven digits are more than any band holds. */
  draws: Float32Array[]
  drawCount: number
  still: Float64Array[][]
  replicates: { expected: Float64Array[]; simulated: Float64Array[] }[]
  /** By part: share of the expected opening flow that the caps of the rates kept out. */
  capped: number[]
}

export function emptyRuns(plan: Plan): Runs {
  const layout = layoutOf(plan)
  const { draws, scale } = plan.source
  return {
    layout,
    scale,
    draws: plan.scenarios.map(() => new Float32Array(layout.length * draws)),
    drawCount: draws,
    still: [],
    replicates: [],
    capped: [],
  }
}

/** Take in one part, in the order of `partsOf`; its own arrays need not be kept after that. */
export function take(runs: Runs, part: Part, { expected, simulated, still, capped }: PartResult): void {
  runs.capped.push(capped)
  if (simulated) runs.replicates.push({ expected, simulated })
  else
    expected.forEach((cells, s) => {
      for (let i = 0; i < cells.length; i++) runs.draws[s][i * runs.drawCount + part.index] = cells[i]
    })
  if (still) runs.still.push(still)
}

/** One cell over all runs; of the difference to the baseline (scenario 0) where `paired`. */
function cellRuns(runs: Runs, scenario: number, cell: number, paired: boolean): CellRuns {
  const { drawCount, replicates, scale } = runs
  const [own, base] = [runs.draws[scenario], runs.draws[0]]
  const draws = new Float64Array(drawCount)
  for (let d = 0, at = cell * drawCount; d < drawCount; d++, at++)
    draws[d] = paired ? own[at] - base[at] : own[at]
  const expected = new Float64Array(replicates.length)
  const simulated = new Float64Array(replicates.length)
  for (let r = 0; r < replicates.length; r++) {
    const run = replicates[r]
    expected[r] = run.expected[scenario][cell] - (paired ? run.expected[0][cell] : 0)
    simulated[r] = run.simulated[scenario][cell] - (paired ? run.simulated[0][cell] : 0)
  }
  return { draws, expected, simulated, scale }
}

/** Nothing ever happened in this cell: most cells by month, area, channel and origin, and every difference before the reform. */
const isZero = ({ draws, simulated }: CellRuns) => draws.every(x => x === 0) && simulated.every(x => x === 0)

const neverNegative = ({ draws, simulated }: CellRuns) =>
  draws.every(x => x >= 0) && simulated.every(x => x >= 0)

export function compare(plan: Plan, prepared: Prepared, runs: Runs): Comparison {
  const { layout } = runs
  const [baseline, ...others] = plan.scenarios
  const tables = layout.tables.map(({ schema, rows, offset }): BandedTable => {
    const columns = (scenario: number, paired: boolean): BandColumn[] =>
      schema.measures.map((_, m) => {
        const column: BandColumn = emptyColumn(rows.length)
        for (let row = 0; row < rows.length; row++) {
          const all = cellRuns(runs, scenario, offset + m * rows.length + row, paired)
          if (isZero(all)) continue
          const cell = known(all)
          const { mean, p05, p50, p95 } = cell ? band(combine(cell).values, neverNegative(cell)) : UNKNOWN
          column.mean[row] = mean
          column.p05[row] = p05
          column.p50[row] = p50
          column.p95[row] = p95
        }
        return column
      })
    return {
      schema,
      rows,
      scenarios: Object.fromEntries(plan.scenarios.map(({ id }, s) => [id, columns(s, false)])),
      ...(others.length > 0 && {
        difference: Object.fromEntries(others.map(({ id }, s) => [id, columns(s + 1, true)])),
      }),
    }
  })

  const headline = headlineCells(layout, plan.horizon).map((number): Headline => {
    const measure = layout.tables
      .find(({ schema }) => schema.id === number.table)!
      .schema.measures.find(({ id }) => id === number.measure)!
    const { cell } = number
    return {
      id: `${number.table}.${number.measure}`,
      label: measure.label,
      unit: measure.unit,
      keys: number.keys,
      values: Object.fromEntries(plan.scenarios.map(({ id }, s) => [id, estimate(runs, s, cell)])),
      differences: Object.fromEntries(
        others.map(({ id }, s) => [
          id,
          difference(plan, runs, s + 1, cell, number.table === 'registrations_year'),
        ]),
      ),
      grade: number.grade,
      ...(number.assumedStock && { assumedStock: true }),
    }
  })

  return {
    pack: { id: plan.pack.id, title: plan.pack.title, version: plan.pack.version },
    horizon: plan.horizon,
    scenarios: plan.scenarios.map(({ id, title }) => ({ id, title })),
    baseline: baseline.id,
    seed: plan.source.seed,
    replicates: plan.source.replicates,
    draws: plan.source.draws,
    scale: plan.source.scale,
    tables,
    headline,
    findings: [...plan.findings, ...findingsOf(plan, prepared, runs.capped), ...missedChecks(plan, tables)],
    assumptions: assumptions(
      plan,
      layout,
      (scenario, cell) => cellRuns(runs, scenario, cell, others.length > 0).draws,
    ),
    confounders: plan.pack.confounders ?? [],
    names: {
      area: Object.fromEntries(plan.pack.areas.map(({ id, name }) => [id, name])),
      channel: Object.fromEntries(
        plan.scenarios
          .flatMap(({ timeline }) =>
            timeline.flatMap(({ series }) => series.laws.flatMap(({ channels }) => channels)),
          )
          .map(({ id, title }) => [id, title] as const)
          .concat([['ordinary', { zh: '普通迁移', en: 'ordinary moves' }]]),
      ),
    },
  }
}

const UNKNOWN: Band = { mean: NaN, p05: NaN, p50: NaN, p95: NaN }

const emptyColumn = (rows: number): BandColumn => ({
  mean: new Float64Array(rows),
  p05: new Float64Array(rows),
  p50: new Float64Array(rows),
  p95: new Float64Array(rows),
})

function estimate(runs: Runs, scenario: number, cell: number): Estimate {
  const numbers = cellRuns(runs, scenario, cell, false)
  const { values, luck, ratio } = combine(numbers)
  return {
    ...band(values, neverNegative(numbers)),
    shares: sharesOf(
      numbers.draws.map(x => x * ratio),
      luck,
      ...noisePair(runs, scenario, cell, false),
    ),
    members: memberMeans(values),
  }
}

function difference(plan: Plan, runs: Runs, scenario: number, cell: number, ofRules: boolean): Difference {
  const numbers = cellRuns(runs, scenario, cell, true)
  const combined = combine(numbers)
  const { mean, p05, p50, p95 } = band(combined.values, neverNegative(numbers))
  return {
    mean,
    p05,
    p50,
    p95,
    ...monteCarlo(combined, `cell ${cell}`),
    signCertain: ofRules && containsBaseline(plan, scenario) ? 'by construction' : p05 > 0 || p95 < 0,
    varianceReduction: varianceReduction(
      Float64Array.from(runs.replicates, ({ simulated }) => simulated[0][cell]),
      Float64Array.from(runs.replicates, ({ simulated }) => simulated[scenario][cell]),
    ),
    shares: sharesOf(
      numbers.draws.map(x => x * combined.ratio),
      combined.luck,
      ...noisePair(runs, scenario, cell, true),
    ),
    members: memberMeans(combined.values),
  }
}

/** The draws that were run with and without process noise. */
function noisePair(
  runs: Runs,
  scenario: number,
  cell: number,
  paired: boolean,
): [Float64Array, Float64Array] {
  const n = runs.drawCount
  const at = (of: (s: number) => number) => (paired ? of(scenario) - of(0) : of(scenario))
  return [
    Float64Array.from(runs.still, (_, d) => at(s => runs.draws[s][cell * n + d])),
    Float64Array.from(runs.still, cells => at(s => cells[s][cell])),
  ]
}

/** Is every law of the scenario at least as open as the baseline's of the same month, whenever the reform takes force? */
function containsBaseline(plan: Plan, scenario: number): boolean {
  const last = (s: number) => plan.scenarios[s].timeline.map(({ series }) => series)
  return last(scenario).every(series =>
    last(0).every(base => series.laws.every((law, m) => contains(base.laws[m], law))),
  )
}

/** Share of the expected flow that a cap may keep out before the user is told. */
const CAPPED = 0.01

function findingsOf(plan: Plan, prepared: Prepared, shares: number[]): Finding[] {
  const findings: Finding[] = SERVICES.flatMap(service =>
    service.findings(plan.pack, plan.scenarios[0].layered.values),
  )
  const capped = shares.filter(share => share > CAPPED).length
  if (capped > 0)
    findings.push({
      severity: 'warning',
      code: 'rate-capped',
      message: {
        zh: `${shares.length} 次运行中有 ${capped} 次的校准流量超出人口所能提供的上限,超出部分未计入(最大 ${percent(shares)})`,
        en: `In ${capped} of ${shares.length} runs the calibrated flow was more than the population can supply; the excess is left out (at most ${percent(shares)})`,
      },
    })
  for (const { margin, largestGap, weak, cell } of prepared.population.fit.margins)
    if (weak)
      findings.push({
        severity: 'note',
        code: 'margin-gap',
        message: {
          zh: `合成人口与边际表“${margin}”最大相差 ${Math.round(largestGap)} 人(${cell})`,
          en: `The synthetic population misses margin ${margin} by at most ${Math.round(largestGap)} persons (${cell})`,
        },
      })
  return findings
}

/**
 * Published figures that were kept out of the fit, against the scenario that tells what happened (the reference rule
 * sets in turn): where the mean lies outside what is believed of the figure, the levels are off by that much.
 */
function missedChecks(plan: Plan, tables: BandedTable[]): Finding[] {
  const { before, after } = plan.reference
  const history = plan.scenarios.find(
    ({ timeline }) =>
      timeline.length === 2 &&
      timeline[0].series.fingerprint === before.fingerprint &&
      timeline[1].series.fingerprint === after.fingerprint,
  )
  const table = tables.find(({ schema }) => schema.id === 'registrations_year')
  if (!history || !table) return []
  return plan.pack.targets.flatMap(
    ({ use, quantity, area, channel, basis, window, range, value }): Finding[] => {
      const year = yearOf(window.from)
      const whole = window.from === monthOf(year, 1) && window.to === monthOf(year, 12)
      if (use !== 'check' || quantity !== 'registrations' || area || channel || !basis || !range || !whole)
        return []
      const row = table.rows.findIndex(
        keys => keys[0] === String(year) && keys[1] === CITY && keys[2] === basis,
      )
      if (row < 0) return []
      const made = table.scenarios[history.id][0].mean[row]
      if (made >= range[0] && made <= range[1]) return []
      const share = Math.round((100 * (made - value)) / value)
      return [
        {
          severity: 'warning',
          code: 'check-missed',
          message: {
            zh: `${year} 年登记人数(${basis}):模型 ${Math.round(made)},核对值 ${value}(${range[0]}–${range[1]},未参与拟合),相差 ${share} %;水平值应按此打折,区间未包含这一偏差`,
            en: `Registrations of ${year} (${basis}): the model gives ${Math.round(made)} where the check, which was not fitted, is ${value} (${range[0]} to ${range[1]}): off by ${share} %. The bands do not hold this misfit`,
          },
        },
      ]
    },
  )
}

const percent = (shares: number[]) => `${(100 * Math.max(...shares)).toFixed(1)} %`
