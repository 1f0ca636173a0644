/** C8: households that wait for public rental housing, by status. */
import * as Plot from '@observablehq/plot'
import { CITY, tableOf } from '../../results/comparison.js'
import { keyValue, wordsOf } from '../wording/wording.js'
import { frame, scenarioKeys, type Chart } from './frame.js'
import { bandsOf, points, yearAxis } from './series.js'

export const waiting: Chart = (comparison, options) => {
  const table = tableOf(comparison, 'prh')
  if (!table) return undefined
  const { lang } = options
  const words = wordsOf(lang)
  const chart = `waiting-${lang}`
  const statusKey = table.schema.keys.indexOf('status')
  const statuses = [...new Set(table.rows.map(row => row[statusKey]))]
  const assumed = table.schema.measures.some(({ id, assumed }) => id === 'waiting_hh' && assumed)
  return frame(comparison, options, {
    chart,
    table: 'prh',
    title: words.charts.waiting.title,
    keys: scenarioKeys(comparison, chart, lang),
    across: statuses.length,
    height: 340,
    panels: statuses.map(status => {
      const of = (scenario: string) => points(table, scenario, 'waiting_hh', { area: CITY, status })
      return {
        title: keyValue(comparison, 'status', status, lang),
        plot: {
          x: yearAxis(of(comparison.baseline).map(({ year }) => year)),
          y: { label: words.charts.waiting.axis, grid: true, zero: true, nice: true },
          marks: [...bandsOf(comparison, chart, of), Plot.ruleY([0])],
        },
      }
    }),
    notes: [words.bands, words.ownScale, ...(assumed ? [words.assumedHousing] : [])],
  })
}
