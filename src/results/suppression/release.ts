/** An earlier release, as its readers have it: what its tables show and hide. */
import { HIDDEN } from '../comparison.js'
import { HIDDEN_MARK } from '../csv.js'

export interface Release {
  /** sha256 of its manifest: which release it was, without a path. */
  manifest: string
  /** By cellKey: the number as shown, or HIDDEN. */
  shown: Map<string, number>
  /** Were its numbers rounded? One made before the rule shows them exactly. */
  rounded: boolean
}

export const cellKey = (table: string, scenario: string, keys: string[], measure: string): string =>
  [table, scenario, ...keys, measure].join('\t')

/**
 * Take in the levels of one table of a release.
 * @param rows cells of its CSV, the header first: scenario, keys, then four columns a measure of which the first is `X[unit]`
 */
export function takeTable(shown: Map<string, number>, table: string, [header, ...rows]: string[][]): void {
  const measures = header.flatMap((name, column) => {
    const measure = /^(.*)\[[^\]]*\]$/.exec(name)?.[1]
    return measure === undefined ? [] : [{ measure, column }]
  })
  const keys = measures[0]?.column ?? header.length
  for (const row of rows)
    for (const { measure, column } of measures)
      if (row[column] !== '')
        shown.set(
          cellKey(table, row[0], row.slice(1, keys), measure),
          row[column] === HIDDEN_MARK ? HIDDEN : Number(row[column]),
        )
}
