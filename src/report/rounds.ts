/** Rounds of quotas, pools and lotteries as data: a block a scenario and channel, a line a round. Page and spreadsheet lay out the same. */
import type { Lang } from '../reading/text.js'
import { bandAt, CITY, rowsWhere, tableOf, type Band, type Comparison } from '../results/comparison.js'
import { keyValue, percent, scenarioTitle, wordsOf } from './wording/wording.js'

/** Shown even if they are 0 in every round; what never happens is left out of the others. */
const ALWAYS = new Set(['admitted', 'waiting'])

export interface RoundBlock {
  title: string
  /** Labels of what there is to say of some round. */
  measures: string[]
  /** In order of time: which round, and the band of each measure. */
  lines: { round: string; bands: Band[] }[]
}

/** The rounds of the whole place that each scenario holds. */
export function roundBlocks(comparison: Comparison, lang: Lang): RoundBlock[] {
  const table = tableOf(comparison, 'rounds')
  if (!table) return []
  const words = wordsOf(lang)
  const rows = rowsWhere(table, { area: CITY })
  const [month, channel, round] = ['month', 'channel', 'round'].map(key => table.schema.keys.indexOf(key))
  const channels = [...new Set(rows.map(row => table.rows[row][channel]))]
  return comparison.scenarios.flatMap(({ id }) =>
    channels.flatMap((name): RoundBlock[] => {
      const at = (measure: string, row: number) => bandAt(table.scenarios[id], table, measure, row)
      const held = rows.filter(row => table.rows[row][channel] === name && at('held', row).mean > 0)
      const measures = table.schema.measures.filter(({ id: measure }) => {
        const known = held.map(row => at(measure, row).mean).filter(mean => !Number.isNaN(mean))
        return measure !== 'held' && known.some(mean => ALWAYS.has(measure) || mean !== 0)
      })
      if (held.length === 0) return []
      return [
        {
          title: [scenarioTitle(comparison, id, lang), keyValue(comparison, 'channel', name, lang)].join(
            words.separator,
          ),
          measures: measures.map(({ label }) => label[lang]),
          lines: held.map(row => {
            const share = at('held', row).mean
            const keys = table.rows[row]
            return {
              round:
                words.rounds.name(keys[month], Number(keys[round])) +
                (share < 1 ? words.separator + words.rounds.held(percent(share)) : ''),
              bands: measures.map(measure => at(measure.id, row)),
            }
          }),
        },
      ]
    }),
  )
}
