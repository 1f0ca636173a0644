/** C9: revenue, expenditure and balance of the medical insurance funds, a panel a scheme and scenario. */
import * as Plot from '@observablehq/plot'
import { tableOf, type BandedTable } from '../../results/comparison.js'
import { keyValue, scenarioTitle, wordsOf } from '../wording/wording.js'
import { fillOf, frame, lineOf, type Chart } from './frame.js'
import { points, yearAxis, type Point } from './series.js'

/** Contributions and subsidy together, means only (a band of parts is not the sum of their bands). */
function revenue(table: BandedTable, scenario: string, scheme: string): { year: number; mean: number }[] {
  const [first, ...others] = table.schema.measures
    .filter(({ id }) => id.startsWith('revenue_'))
    .map(({ id }) => points(table, scenario, id, { scheme }))
  return (first ?? []).map((point, index) => ({
    year: point.year,
    mean: others.reduce((sum, part) => sum + (part[index]?.mean ?? 0), point.mean),
  }))
}

export const fund: Chart = (comparison, options) => {
  const table = tableOf(comparison, 'med_fund')
  if (!table) return undefined
  const { lang } = options
  const words = wordsOf(lang)
  const chart = `fund-${lang}`
  const schemeKey = table.schema.keys.indexOf('scheme')
  const schemes = [...new Set(table.rows.map(row => row[schemeKey]))]
  const panels = schemes.flatMap(scheme => {
    const byScenario = comparison.scenarios.map(({ id }) => ({
      id,
      income: revenue(table, id, scheme),
      spent: points(table, id, 'expenditure_wan', { scheme }),
      balance: points(table, id, 'balance_wan', { scheme }),
    }))
    const values = byScenario.flatMap(({ income, spent, balance }) => [
      ...income.map(({ mean }) => mean),
      ...spent.flatMap(({ p05, p95 }) => [p05, p95]),
      ...balance.flatMap(({ p05, p95 }) => [p05, p95]),
    ])
    if (values.length === 0) return []
    const whisker = (data: Point[], stroke: string) =>
      Plot.ruleX(data, { x: 'year', y1: 'p05', y2: 'p95', stroke, strokeWidth: 1.4 })
    return byScenario.map(({ id, income, spent, balance }) => ({
      title:
        keyValue(comparison, 'scheme', scheme, lang) + words.separator + scenarioTitle(comparison, id, lang),
      plot: {
        x: { ...yearAxis(spent.map(({ year }) => year)), inset: 24 },
        y: {
          label: words.charts.fund.axis,
          grid: true,
          domain: [Math.min(0, ...values), Math.max(1, ...values)],
          nice: true,
        },
        marks: [
          Plot.rectY(balance, {
            x1: (d: Point) => d.year - 0.3,
            x2: (d: Point) => d.year + 0.3,
            y: 'mean',
            fill: fillOf(chart, 1),
            stroke: '#222',
            strokeWidth: 0.6,
          }),
          whisker(balance, '#111'),
          whisker(spent, lineOf(2).stroke),
          Plot.lineY(income, { x: 'year', y: 'mean', stroke: lineOf(1).stroke, strokeWidth: 2.6 }),
          Plot.dot(income, { x: 'year', y: 'mean', r: 3.5, fill: lineOf(1).stroke }),
          Plot.lineY(spent, {
            x: 'year',
            y: 'mean',
            stroke: lineOf(2).stroke,
            strokeWidth: 2.6,
            strokeDasharray: '6 4',
          }),
          Plot.dot(spent, {
            x: 'year',
            y: 'mean',
            r: 3.5,
            symbol: 'square',
            fill: 'white',
            stroke: lineOf(2).stroke,
          }),
          Plot.ruleY([0]),
        ],
      },
    }))
  })
  return frame(comparison, options, {
    chart,
    table: 'med_fund',
    title: words.charts.fund.title,
    keys: [
      { label: words.revenue, stroke: lineOf(1).stroke, dash: 'none' },
      { label: words.expenditure, stroke: lineOf(2).stroke, dash: '6 4' },
      { label: words.balance, fill: fillOf(chart, 1) },
    ],
    across: Math.max(1, comparison.scenarios.length),
    height: 240,
    panels,
    notes: [words.whiskers, words.ownScale],
  })
}
