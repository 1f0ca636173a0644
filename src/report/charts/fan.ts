/** C1: registrations a year from outside the city, the band of each scenario round its mean. */
import * as Plot from '@observablehq/plot'
import { CITY, tableOf } from '../../results/comparison.js'
import { keyValue, wordsOf } from '../wording/wording.js'
import { frame, scenarioKeys, type Chart } from './frame.js'
import { bandsOf, points, yearAxis } from './series.js'

export const fan: Chart = (comparison, options) => {
  const table = tableOf(comparison, 'registrations_year')
  if (!table) return undefined
  const { lang } = options
  const words = wordsOf(lang)
  const chart = `fan-${lang}`
  const of = (scenario: string) => points(table, scenario, 'persons', { area: CITY, basis: 'external' })
  return frame(comparison, options, {
    chart,
    table: 'registrations_year',
    title: words.charts.fan.title + words.separator + keyValue(comparison, 'basis', 'external', lang),
    keys: scenarioKeys(comparison, chart, lang),
    across: 1,
    height: 380,
    panels: [
      {
        plot: {
          x: yearAxis(of(comparison.baseline).map(({ year }) => year)),
          y: { label: words.charts.fan.axis, grid: true, zero: true, nice: true },
          marks: [...bandsOf(comparison, chart, of), Plot.ruleY([0])],
        },
      },
    ],
    notes: [words.bands],
  })
}
