/** C7: public school seats wanted against capacity, September by September, a panel an area on its own scale. */
import * as Plot from '@observablehq/plot'
import { bandAt, CITY, rowsWhere, tableOf } from '../../results/comparison.js'
import { bracket, keyValue, number, wordsOf } from '../wording/wording.js'
import { frame, scenarioKeys, type Chart } from './frame.js'
import { bandsOf, points, yearAxis } from './series.js'

/** The chart of one stage: `primary` or `junior`. */
export const seats =
  (stage: string): Chart =>
  (comparison, options) => {
    const table = tableOf(comparison, 'seats')
    if (!table) return undefined
    const { lang } = options
    const words = wordsOf(lang)
    const chart = `seats-${stage}-${lang}`
    const areaKey = table.schema.keys.indexOf('area')
    const areas = [...new Set(table.rows.map(row => row[areaKey]))].filter(area => area !== CITY)
    const { baseline, scenarios } = comparison
    const assumed = table.schema.measures.some(({ id, assumed }) => id === 'soft_cap' && assumed)
    const last = table.rows[table.rows.length - 1][table.schema.keys.indexOf('september')]
    return frame(comparison, options, {
      chart,
      table: 'seats',
      title: words.charts.seats.title(keyValue(comparison, 'stage', stage, lang)),
      keys: [
        ...scenarioKeys(comparison, chart, lang),
        { label: words.capacity + (assumed ? words.assumedMark : ''), stroke: '#111', dash: 'none' },
      ],
      across: 3,
      height: 190,
      panels: areas.map(area => {
        const of = (scenario: string) => points(table, scenario, 'demand', { area, stage })
        const capacity = points(table, baseline, 'soft_cap', { area, stage })
        // A step needs a last tread: each September's capacity holds until the next one.
        const steps =
          capacity.length > 0
            ? [
                ...capacity,
                { ...capacity[capacity.length - 1], year: capacity[capacity.length - 1].year + 0.4 },
              ]
            : []
        const [row] = rowsWhere(table, { september: last, area, stage })
        const added = scenarios
          .filter(({ id }) => id !== baseline && table.difference?.[id])
          .map(({ id }) => bandAt(table.difference![id], table, 'added_net', row))
        return {
          title: keyValue(comparison, 'area', area, lang),
          aside: added.map(band => `${number(band.mean, true)} ${bracket(band, true)}`).join(' / '),
          plot: {
            x: yearAxis(of(baseline).map(({ year }) => year)),
            y: { label: null, grid: true, ticks: 4 },
            marks: [
              ...bandsOf(comparison, chart, of),
              Plot.lineY(steps, {
                x: 'year',
                y: 'mean',
                curve: 'step-after',
                stroke: '#111',
                strokeWidth: 1.6,
              }),
            ],
          },
        }
      }),
      notes: [words.addedBy(last.slice(0, 4)), words.bands, words.ownScale, words.charts.seats.axis],
    })
  }
