/**
 * Does a synthetic population give a real person away? How near its rows come to the records they were made from,
 * beside how near records that had no part in it come by nature, and which rows copy a record that nobody shares.
 * Distance: Gower, "A general coefficient of similarity and some of its properties", Biometrics 27 (1971), 857–871.
 */

/** A column of coded rows; NaN is unknown, and takes no part in a distance. */
export interface CodedColumn {
  name: string
  /** `named`: equal or not. `ordered`: as far apart as the codes or numbers are, over their range. */
  kind: 'named' | 'ordered'
  data: ArrayLike<number>
}

export interface Distances {
  /** Rows that were looked at. */
  rows: number
  /** Of the distance to the closest record, in [0, 1]: its least, points and greatest. */
  least: number
  p05: number
  p50: number
  p95: number
  greatest: number
}

export interface ClosestRecords {
  synthetic: Distances
  /** Of records held out; what the synthetic rows should be like. */
  heldOut?: Distances
  /** Share of the synthetic rows nearer to a record than 95 % of the held out are: about .05, or less, gives nobody away. */
  nearer?: number
  /** Synthetic rows that are equal to some record. */
  copies: number
  /** Rows, ascending, that are equal to a record which no other record is equal to: not to be released. */
  refused: number[]
}

/** Rows whose closest record is sought, of synthetic ones and of those held out, evenly over all: each looks at every record. */
const LOOKED_AT = 2000

/**
 * @param synthetic rows that were made
 * @param records   the records that they were made from, the same columns in the same order
 * @param heldOut   records of the same source that were not used
 * @returns the distances of a sample; copies are sought among all rows
 */
export function closestRecords(
  synthetic: readonly CodedColumn[],
  records: readonly CodedColumn[],
  heldOut?: readonly CodedColumn[],
): ClosestRecords {
  const times = new Map<string, number>()
  for (let row = 0; row < length(records); row++) {
    const cells = cellsOf(records, row)
    times.set(cells, (times.get(cells) ?? 0) + 1)
  }
  const refused: number[] = []
  let copies = 0
  for (let row = 0; row < length(synthetic); row++) {
    const shared = times.get(cellsOf(synthetic, row)) ?? 0
    if (shared > 0) copies++
    if (shared === 1) refused.push(row)
  }
  const near = nearestIn(records)
  const own = closest(synthetic, near)
  const others = heldOut && closest(heldOut, near)
  const limit = others && point(others, 0.05)
  return {
    synthetic: distances(own),
    ...(others && { heldOut: distances(others) }),
    ...(limit !== undefined && { nearer: own.filter(distance => distance < limit).length / own.length }),
    copies,
    refused,
  }
}

const length = (columns: readonly CodedColumn[]): number => columns[0]?.data.length ?? 0

const cellsOf = (columns: readonly CodedColumn[], row: number): string =>
  columns.map(({ data }) => data[row]).join(' ')

/** @returns the Gower distance of a row of other columns to the closest of these records */
function nearestIn(
  records: readonly CodedColumn[],
): (columns: readonly CodedColumn[], row: number) => number {
  const ranges = records.map(({ data }) => {
    let [least, greatest] = [Infinity, -Infinity]
    for (let row = 0; row < data.length; row++) {
      if (data[row] < least) least = data[row]
      if (data[row] > greatest) greatest = data[row]
    }
    return greatest > least ? greatest - least : 1
  })
  const count = length(records)
  return (columns, row) => {
    const own = columns.map(({ data }) => data[row])
    let best = 1
    for (let record = 0; record < count && best > 0; record++) {
      let [apart, known] = [0, 0]
      for (let c = 0; c < own.length; c++) {
        const [a, b] = [own[c], records[c].data[record]]
        if (Number.isNaN(a) || Number.isNaN(b)) continue
        known++
        apart += records[c].kind === 'named' ? (a === b ? 0 : 1) : Math.min(1, Math.abs(a - b) / ranges[c])
      }
      if (known > 0 && apart / known < best) best = apart / known
    }
    return best
  }
}

/** Distances of a sample, ascending. */
function closest(columns: readonly CodedColumn[], near: ReturnType<typeof nearestIn>): Float64Array {
  const all = length(columns)
  const looked = Math.min(all, LOOKED_AT)
  return Float64Array.from({ length: looked }, (_, i) => near(columns, Math.floor((i * all) / looked))).sort()
}

/** A point of ascending numbers: the least that at least this share of them do not exceed. */
const point = (ascending: Float64Array, share: number): number =>
  ascending[Math.max(0, Math.ceil(share * ascending.length) - 1)]

const distances = (ascending: Float64Array): Distances => ({
  rows: ascending.length,
  least: point(ascending, 0),
  p05: point(ascending, 0.05),
  p50: point(ascending, 0.5),
  p95: point(ascending, 0.95),
  greatest: point(ascending, 1),
})
