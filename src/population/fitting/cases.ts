/**
 * Cases: what gets one weight, a record or a household. Cases that lie in the same groups the same number of times are
 * one unit of the problem; they all get their base weight times the unit's ratio.
 */
import { InputError } from '../../reading/finding.js'
import { mixed, type Dimensions } from './dimensions.js'
import { DistinctLists } from './distinct.js'
import type { Problem } from './problem.js'
import type { RecordColumns } from './records.js'

export interface Cases {
  count: number
  base: Float64Array
  /** Of each case, its unit. */
  unit: Uint32Array
  /** Of each record, its case; undefined where each record is one. */
  ofRecord: Uint32Array | undefined
  /** Two words a case, from what its records hold, where records have names. */
  names: Uint32Array | undefined
  /** Households whose members had different base weights: they got the mean. */
  uneven: number
}

export interface Collapsed {
  problem: Problem
  cases: Cases
}

/** @throws InputError `differs-in-household` where members lie in different groups of a household margin */
export function collapse(records: RecordColumns, dimensions: Dimensions, file: string): Collapsed {
  const { lists, unit, cases } = records.household
    ? households(records, dimensions, records.household, file)
    : persons(records)
  const { offsets, entries } = lists
  const base = new Float64Array(lists.count)
  for (let i = 0; i < cases.count; i++) base[unit[i]] += cases.base[i]
  return {
    problem: {
      base,
      start: offsets.map(at => at / 2),
      group: entries.filter((_, k) => k % 2 === 0),
      times: entries.filter((_, k) => k % 2 === 1),
      totals: dimensions.totals,
      margins: dimensions.ranges,
    },
    cases: { ...cases, unit },
  }
}

function persons({ count, weights, combination, groups, names }: RecordColumns) {
  const lists = new DistinctLists()
  const list: number[] = []
  for (let i = 0; i < groups.count; i++) {
    list.length = 0
    for (let k = groups.offsets[i]; k < groups.offsets[i + 1]; k++) list.push(groups.entries[k], 1)
    lists.add(list)
  }
  const base = weights ?? new Float64Array(count).fill(1)
  return { lists, unit: combination, cases: { count, base, ofRecord: undefined, names, uneven: 0 } }
}

function households(records: RecordColumns, dimensions: Dimensions, household: Uint32Array, file: string) {
  const { weights, combination, groups, names: recordNames, households: count } = records
  const { start, members } = membersOf(household, count)
  const lists = new DistinctLists()
  const unit = new Uint32Array(count)
  const base = new Float64Array(count)
  const names = recordNames && new Uint32Array(2 * count)
  const many = dimensions.margins.length
  const times = new Map<number, number>()
  let uneven = 0
  let differing = 0
  let first: [record: number, margin: number] | undefined
  for (let h = 0; h < count; h++) {
    times.clear()
    let isEven = true
    for (let k = start[h]; k < start[h + 1]; k++) {
      const i = members[k]
      const from = groups.offsets[combination[i]]
      for (let m = 0; m < many; m++) {
        const g = groups.entries[from + m]
        if (dimensions.ranges[m].of === 'persons') times.set(g, (times.get(g) ?? 0) + 1)
        else if (k === start[h]) times.set(g, 1)
        else if (!times.has(g)) {
          differing++
          first ??= [i, m]
        }
      }
      base[h] += weights?.[i] ?? 1
      if (weights && weights[i] !== weights[members[start[h]]]) isEven = false
      if (names && recordNames)
        for (let word = 0; word < 2; word++) names[2 * h + word] += mixed(recordNames[2 * i + word] + word)
    }
    base[h] /= start[h + 1] - start[h]
    if (!isEven) uneven++
    unit[h] = lists.add([...times].sort(([a], [b]) => a - b).flat())
  }
  if (first) throw differs(first, differing, dimensions, file)
  return {
    lists,
    unit,
    cases: { count, base, ofRecord: household, names: names?.map(mixed), uneven },
  }
}

function differs([record, m]: [number, number], count: number, dimensions: Dimensions, file: string) {
  const { file: margin, dimensions: columns } = dimensions.margins[m]
  return new InputError([
    {
      severity: 'error',
      code: 'differs-in-household',
      file,
      message: {
        zh: `第 ${record + 1} 条记录与同户其他人的“${columns.join('、')}”不同,而 ${margin} 是户的边际(共 ${count} 条)`,
        en: `Record ${record + 1} differs from others of its household in "${columns.join(', ')}", yet ${margin} counts households (${count} such records)`,
      },
    },
  ])
}

/** Records by case: those of case c are `members[start[c]]` to `members[start[c + 1]]`, in their order. */
export function membersOf(caseOf: Uint32Array, count: number): { start: Uint32Array; members: Uint32Array } {
  const start = new Uint32Array(count + 1)
  for (const c of caseOf) start[c + 1]++
  for (let c = 0; c < count; c++) start[c + 1] += start[c]
  const at = start.slice()
  const members = new Uint32Array(caseOf.length)
  for (let i = 0; i < caseOf.length; i++) members[at[caseOf[i]]++] = i
  return { start, members }
}
