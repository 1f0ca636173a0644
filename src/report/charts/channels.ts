/** C2: registrations by channel, stacked, under each rule set. The cells count every move into
 * an area, moves between areas of the city included: the basis `districtIn`. */
import { CITY, tableOf } from '../../results/comparison.js'
import { keyValue, wordsOf } from '../wording/wording.js'
import type { Chart } from './frame.js'
import { points, yearOfRow } from './series.js'
import { stacked } from './stacked.js'

export const channels: Chart = (comparison, options) => {
  const cells = tableOf(comparison, 'registrations_cell')
  const years = tableOf(comparison, 'registrations_year')
  if (!cells || !years) return undefined
  const { lang } = options
  const words = wordsOf(lang)
  const key = cells.schema.keys.indexOf('channel')
  const persons = cells.schema.measures.findIndex(({ id }) => id === 'persons')
  const area = cells.schema.keys.indexOf('area')
  // Means of parts add up to the mean of the whole, so the areas' cells are summed; their bands would not.
  const means = (channel: string) => (scenario: string) => {
    const sums = new Map<number, number>()
    for (const [row, keys] of cells.rows.entries())
      if (keys[area] !== CITY && keys[key] === channel) {
        const year = yearOfRow(cells, row)
        sums.set(year, (sums.get(year) ?? 0) + cells.scenarios[scenario][persons].mean[row])
      }
    return [...sums].map(([year, mean]) => ({ year, mean }))
  }
  return stacked(comparison, options, {
    chart: `channels-${lang}`,
    title: words.charts.channels.title,
    axis: words.charts.channels.axis,
    // `ordinary` comes last in the packs and is the ground on which the channels stand.
    parts: [...new Set(cells.rows.map(keys => keys[key]))]
      .sort((a, b) => Number(b === 'ordinary') - Number(a === 'ordinary'))
      .map(channel => ({ label: keyValue(comparison, 'channel', channel, lang), means: means(channel) })),
    total: scenario => points(years, scenario, 'persons', { area: CITY, basis: 'districtIn' }),
  })
}
