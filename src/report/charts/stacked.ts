/** Stacked bars by year, one panel a scenario on one scale, with the band of the total: the form of C2 and C4. */
import * as Plot from '@observablehq/plot'
import type { Comparison } from '../../results/comparison.js'
import { scenarioTitle, wordsOf } from '../wording/wording.js'
import { fillOf, frame, type ChartOptions } from './frame.js'
import type { Point } from './series.js'

export interface Stack {
  chart: string
  title: string
  axis: string
  /** The parts from the bottom up, each with its mean by year under a scenario. */
  parts: { label: string; means(scenario: string): { year: number; mean: number }[] }[]
  /** The total with its band; a band of parts is never the sum of their bands. */
  total(scenario: string): Point[]
}

/** Of the whole stack, by year. */
function heights(parts: { year: number; mean: number }[]): number[] {
  const sums = new Map<number, number>()
  for (const { year, mean } of parts) sums.set(year, (sums.get(year) ?? 0) + mean)
  return [...sums.values()]
}

/** Parts that are zero throughout are left out, and bars that are hidden. */
export function stacked(
  comparison: Comparison,
  options: ChartOptions,
  { chart, title, axis, parts, total }: Stack,
): string {
  const words = wordsOf(options.lang)
  const ids = comparison.scenarios.map(({ id }) => id)
  const bars = parts
    .map((part, fill) => ({
      ...part,
      fill: fillOf(chart, fill),
      byScenario: ids.map(id => part.means(id).filter(({ mean }) => Number.isFinite(mean))),
    }))
    .filter(({ means }) => ids.some(id => means(id).some(({ mean }) => mean > 0)))
  const years = Math.max(0, ...ids.map(id => total(id).length))
  /** A part that is hidden in some year leaves its bar too low, and says so. */
  const hides = (index: number) =>
    comparison.suppression && bars.some(({ byScenario }) => byScenario[index].length < years)
  const tops = ids.flatMap((id, index) => [
    ...total(id).map(({ p95 }) => p95),
    ...heights(bars.flatMap(({ byScenario }) => byScenario[index])),
  ])
  return frame(comparison, options, {
    chart,
    table: 'registrations_year',
    title,
    keys: bars.map(({ label, fill }) => ({ label, fill })),
    across: ids.length,
    height: 360,
    panels: ids.map((id, index) => ({
      title: scenarioTitle(comparison, id, options.lang),
      ...(hides(index) && { aside: words.hiddenBars }),
      plot: {
        x: { label: null, type: 'band', tickFormat: (year: number) => String(year), padding: 0.25 },
        y: { label: axis, grid: true, domain: [0, Math.max(1, ...tops)], nice: true },
        marks: [
          Plot.barY(
            bars.flatMap(({ fill, byScenario }) => byScenario[index].map(point => ({ ...point, fill }))),
            { x: 'year', y: 'mean', fill: 'fill', stroke: '#222', strokeWidth: 0.5, order: null },
          ),
          Plot.ruleX(total(id), { x: 'year', y1: 'p05', y2: 'p95', stroke: 'white', strokeWidth: 5 }),
          Plot.ruleX(total(id), { x: 'year', y1: 'p05', y2: 'p95', stroke: 'black', strokeWidth: 2 }),
          ...['p05', 'p95'].map(y =>
            Plot.tickY(total(id), {
              x: 'year',
              y,
              stroke: 'black',
              strokeWidth: 2,
              insetLeft: 12,
              insetRight: 12,
            }),
          ),
          Plot.ruleY([0]),
        ],
      },
    })),
    notes: [words.bars],
  })
}
