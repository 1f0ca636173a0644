/**
 * A round of points: who gets in, by score and further keys, within a quota for the place and for its areas.
 * Persons who agree on every key are told apart by a keyed draw, so that neither the order of the input nor
 * anything else decides; a rule may instead admit all of such a group, or none of it.
 */

export interface RoundRules {
  atLeast: number
  /** Places in this round: of the whole place and of single areas; absent is without limit, 0 is none. */
  quota?: { whole?: number; areas?: readonly (number | undefined)[] }
  /** For each further key whether larger is better; the score comes first where `keys` begin with it. */
  descending: readonly boolean[]
  ties?: 'draw' | 'admit_all' | 'admit_none'
  /** Places that an area leaves empty go to the best refused of any area. */
  spill?: boolean
}

export interface Applicants {
  score: ArrayLike<number>
  /** Index of the area of each. */
  area: ArrayLike<number>
  /** The keys of the order, one array a key, the first counts most. */
  keys: readonly ArrayLike<number>[]
  /** Keyed uniform of each, for full ties. */
  draw: ArrayLike<number>
}

export interface Round {
  /** Rows admitted, best first; those on spilled places last. */
  admitted: number[]
  /** Rows below the threshold, or whose score is not known. */
  below: number[]
  /** Rows with enough points and no place, best first. */
  rankedOut: number[]
  /** Rows admitted on another area's empty place. */
  spilled: number[]
  /** Empty places by area (areas with a quota), after spilling. */
  unfilled: Map<number, number>
  /** Admitted beyond the quota of the place, by `admit_all`. */
  over: number
}

/** @throws RangeError on a negative quota */
export function rankWithinQuota(applicants: Applicants, rules: RoundRules): Round {
  const { score, area, keys, draw } = applicants
  const { atLeast, quota = {}, descending, ties = 'draw', spill = false } = rules
  const whole = quota.whole ?? Infinity
  const room = (quota.areas ?? []).map(places => places ?? Infinity)
  if (whole < 0 || room.some(places => places < 0)) throw new RangeError('a quota cannot be negative')

  // What is not known stands last, whatever the direction.
  const valueOf = (k: number, row: number) =>
    Number.isNaN(keys[k][row]) ? -Infinity : descending[k] ? keys[k][row] : -keys[k][row]
  const compareKeys = (a: number, b: number): number => {
    for (let k = 0; k < keys.length; k++) {
      const [first, second] = [valueOf(k, a), valueOf(k, b)]
      if (first !== second) return first > second ? -1 : 1
    }
    return 0
  }
  const rows = Array.from({ length: score.length }, (_, row) => row)
  const below = rows.filter(row => !(score[row] >= atLeast))
  const ranked = rows.filter(row => score[row] >= atLeast)
  ranked.sort((a, b) => compareKeys(a, b) || draw[a] - draw[b] || a - b)

  const left = { whole, areas: room.slice() }
  const inArea = (row: number) => left.areas[area[row]] ?? Infinity
  const admitted: number[] = []
  const rankedOut: number[] = []
  const admit = (row: number) => {
    admitted.push(row)
    left.whole--
    if (area[row] in left.areas) left.areas[area[row]]--
  }
  for (const group of tieGroups(ranked, compareKeys)) {
    if (ties === 'draw' || group.length === 1) {
      for (const row of group)
        if (left.whole > 0 && inArea(row) > 0) admit(row)
        else rankedOut.push(row)
      continue
    }
    // A group is judged as one, within each area and then over the place.
    const byArea = new Map<number, number[]>()
    for (const row of group) byArea.set(area[row], [...(byArea.get(area[row]) ?? []), row])
    const open = [...byArea.values()].filter(members =>
      ties === 'admit_all' ? inArea(members[0]) > 0 : members.length <= inArea(members[0]),
    )
    const fitting = open.flat()
    const fits = ties === 'admit_all' ? left.whole > 0 : fitting.length <= left.whole
    const chosen = new Set(fits ? fitting : [])
    for (const row of group)
      if (chosen.has(row)) admit(row)
      else rankedOut.push(row)
    // Nobody behind a group that did not fit may pass it.
    if (ties === 'admit_none') {
      if (!fits) left.whole = Math.min(left.whole, 0)
      for (const [code, members] of byArea) if (!open.includes(members)) left.areas[code] = 0
    }
  }
  const over = Math.max(0, admitted.length - whole)
  const spilled: number[] = []
  if (spill) {
    let empty = left.areas.reduce(
      (sum, places) => sum + (Number.isFinite(places) ? Math.max(0, places) : 0),
      0,
    )
    while (empty > 0 && left.whole > 0 && rankedOut.length > 0) {
      const row = rankedOut.shift()!
      const from = left.areas.findIndex(places => Number.isFinite(places) && places > 0)
      left.areas[from]--
      left.whole--
      empty--
      admitted.push(row)
      spilled.push(row)
    }
  }
  const unfilled = new Map<number, number>()
  for (const [code, places] of left.areas.entries())
    if (Number.isFinite(places)) unfilled.set(code, Math.max(0, places))
  return { admitted, below, rankedOut, spilled, unfilled, over }
}

/** Runs of rows that agree on every key. */
function* tieGroups(
  ranked: readonly number[],
  compare: (a: number, b: number) => number,
): Generator<number[]> {
  let group: number[] = []
  for (const row of ranked) {
    if (group.length > 0 && compare(group[0], row) !== 0) {
      yield group
      group = []
    }
    group.push(row)
  }
  if (group.length > 0) yield group
}

/**
 * Places of a round: the year's quota in equal shares, what earlier rounds of the year left empty carried on, nothing
 * carried into the next year. A share is rounded down until the last round.
 *
 * @param round 0 for the first round of the year
 * @param admittedBefore persons admitted in the earlier rounds of the same year
 */
export function placesInRound(year: number, rounds: number, round: number, admittedBefore: number): number {
  return Math.max(0, Math.floor((year * (round + 1)) / rounds) - admittedBefore)
}
