/** C4: who creates demand: registrants who lived here already, who move in, and who register on paper only. */
import { CITY, tableOf } from '../../results/comparison.js'
import { wordsOf } from '../wording/wording.js'
import type { Chart } from './frame.js'
import { points } from './series.js'
import { stacked } from './stacked.js'

export const presence: Chart = (comparison, options) => {
  const table = tableOf(comparison, 'presence')
  const years = tableOf(comparison, 'registrations_year')
  if (!table || !years) return undefined
  const words = wordsOf(options.lang)
  const parts = ['already_here', 'moves_in', 'paper_only']
  return stacked(comparison, options, {
    chart: `presence-${options.lang}`,
    title: words.charts.presence.title,
    axis: words.charts.presence.axis,
    parts: table.schema.measures
      .filter(({ id }) => parts.includes(id))
      .map(({ id, label }) => ({
        label: label[options.lang],
        means: scenario => points(table, scenario, id, { area: CITY }),
      })),
    total: scenario => points(years, scenario, 'persons', { area: CITY, basis: 'external' }),
  })
}
