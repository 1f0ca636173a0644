/** C5: what each clause of a rule set does, the strongest on top: taken away alone, and its share of all together. */
import * as Plot from '@observablehq/plot'
import type { Ablation } from '../../experiment/ablation.js'
import { fit } from '../lines.js'
import { number } from '../wording/wording.js'
import { drawFrame, fillOf, type ChartOptions } from './frame.js'

const WORDS = {
  zh: {
    title: '各条款对市外迁入登记的影响(整个时段)',
    alone: '单独去掉该条款',
    share: '该条款在全部条款合计效果中的份额(Shapley)',
    axis: '人',
    error: '横线:均值 ± 2 个标准误',
    note: (n: number, scale: number) => `合成人口,不是统计数;${n} 次成对模拟,人口抽样 ${scale * 100}%`,
  },
  en: {
    title: 'What each clause does to registrations from outside (whole horizon)',
    alone: 'taken away alone',
    share: 'its share of what all clauses do together (Shapley)',
    axis: 'persons',
    error: 'lines: mean ± 2 standard errors',
    note: (n: number, scale: number) =>
      `synthetic population; not a count; ${n} paired simulations of ${scale * 100}% of the migrants`,
  },
}

/** Clauses shown; the others are in the table. */
const MOST = 20

/** @returns one standalone SVG */
export function tornado({ clauses, replicates, scale }: Ablation, options: ChartOptions): string {
  const { lang } = options
  const words = WORDS[lang]
  const chart = `tornado-${lang}`
  const shown = [...clauses]
    .sort((a, b) => Math.abs(b.effect[0].mean) - Math.abs(a.effect[0].mean))
    .slice(0, MOST)
    .map(({ clause, effect: [effect], share: [share] }, index) => ({
      // Two clauses may have the same words: the row's number keeps them apart.
      row: `${index + 1}. ${fit(clause.words[lang], 36)}`,
      effect,
      share,
    }))
  const bars = shown.flatMap(({ row, effect }) => [{ row, ...effect }])
  return drawFrame(options, {
    chart,
    title: words.title,
    keys: [{ label: words.alone, fill: fillOf(chart, 2) }, { label: `○  ${words.share}` }],
    across: 1,
    height: 60 + 30 * shown.length,
    panels: [
      {
        plot: {
          marginLeft: 300,
          marginBottom: 40,
          x: { label: words.axis, grid: true, nice: true, tickFormat: (value: number) => number(value) },
          y: { label: null, domain: shown.map(({ row }) => row) },
          marks: [
            Plot.barX(bars, { x: 'mean', y: 'row', fill: fillOf(chart, 2), insetTop: 4, insetBottom: 4 }),
            Plot.ruleY(bars, {
              x1: ({ mean, error }: (typeof bars)[number]) => mean - 2 * error,
              x2: ({ mean, error }: (typeof bars)[number]) => mean + 2 * error,
              y: 'row',
              stroke: '#111',
              strokeWidth: 1.6,
            }),
            Plot.dotX(
              shown.map(({ row, share }) => ({ row, mean: share.mean })),
              { x: 'mean', y: 'row', r: 5, fill: '#fff', stroke: '#a33b00', strokeWidth: 2 },
            ),
            Plot.ruleX([0]),
          ],
        },
      },
    ],
    notes: [words.error, words.note(replicates, scale)],
  })
}
