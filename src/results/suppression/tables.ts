/**
 * What in each result table is a count of persons, what follows from a count, and which sums hold. A table that nobody
 * told this file of is treated by its units, and by its rows for the whole place.
 */
import { CITY, type BandedTable } from '../comparison.js'

/** Units of counts: whoever reads one reads how many persons, households or children there are. */
const COUNTED = new Set(['persons', 'cases', 'households', 'children', 'seats', 'dwellings', 'pupils'])

interface Special {
  /** Measures that follow from counts of their row, and from which: shown only where those are. None: it says nothing of persons. */
  follows?: Record<string, string[]>
  /** Greatest or least of persons: never shown. */
  extremes?: string[]
  /** A count that is part of another of its row: the rest is a count too, which nobody shows. */
  partOf?: Record<string, string>
  /** Sums within a row. */
  sums?: Record<string, string[]>
  /** The counts of a row hang together in more ways than sums: hidden together. */
  together?: true
  /** Rates on a base that is not shown: a row for the whole place or for all. */
  rates?: true
}

const SPECIAL: Record<string, Special> = {
  registrations_cell: { partOf: { only_new_channel_persons: 'persons' } },
  presence: { sums: { net_new_residents: ['moves_in'] } },
  seats: {
    follows: {
      soft_cap: ['demand'],
      hard_cap: ['demand'],
      pipeline_open: [],
      gap_soft: ['demand'],
      gap_hard: ['demand'],
      stock_zero_gap: ['demand'],
      mean_class: ['demand'],
      teachers_added: ['added_net'],
    },
    sums: {
      demand: ['demand_local', 'demand_migrant_permit', 'demand_registered', 'demand_joined', 'demand_paper'],
      added_net: ['demand_registered', 'demand_joined', 'demand_paper'],
    },
  },
  prh: { follows: { mean_wait_months: ['allocated_hh'], subsidy_wan: ['subsidy_hh'] } },
  med_fund: {
    follows: {
      revenue_personal_wan: ['members'],
      revenue_subsidy_wan: ['members'],
      local_subsidy_wan: ['members'],
      added_subsidy_wan: ['new_members_from_registration'],
      expenditure_wan: ['members'],
      balance_wan: ['members'],
      reserve_months: ['members'],
    },
  },
  rounds: { follows: { held: [], places: [] }, extremes: ['lowest_score'], together: true },
  seats_per_1000: { rates: true },
}

export const specialOf = ({ schema }: BandedTable): Special => SPECIAL[schema.id] ?? {}

/** Positions of the measures that are counts. */
export function countsOf(table: BandedTable): number[] {
  const { follows = {}, extremes = [], rates } = specialOf(table)
  return table.schema.measures.flatMap(({ id, unit }, m) =>
    !rates && COUNTED.has(unit) && !(id in follows) && !extremes.includes(id) ? [m] : [],
  )
}

/** A sum of a table, by row: `parts` add up to `total` in every count. */
export interface RowSum {
  total: number
  parts: number[]
}

/** Values of a key that stand for all others of it. */
const WHOLE: Record<string, string> = { area: CITY, status: 'all' }

/** The whole place is the sum of its areas, `all` of the statuses. */
export function rowSums({ schema, rows }: BandedTable): RowSum[] {
  return schema.keys.flatMap((key, k): RowSum[] => {
    const whole = WHOLE[key]
    if (whole === undefined) return []
    const sums = new Map<string, RowSum>()
    rows.forEach((row, index) => {
      const name = row.map((value, i) => (i === k ? '' : value)).join('\t')
      const entry = sums.get(name) ?? { total: -1, parts: [] }
      sums.set(name, entry)
      if (row[k] === whole) entry.total = index
      else entry.parts.push(index)
    })
    return [...sums.values()].filter(({ total, parts }) => total >= 0 && parts.length > 0)
  })
}
