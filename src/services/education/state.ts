/** What the school service keeps from month to month. */
import { ENTRY_YEARS } from '../../simulation/flows.js'

/** Registered children, by area and entry year (area × ENTRY_YEARS). */
export interface Registered {
  /** Living here: registered before grade 1; in time for grade 7; too late to change school at an entry grade. */
  enters: Float64Array
  switches: Float64Array
  late: Float64Array
  /** Seats of those who joined from the place of origin, net of those who would have joined anyway. */
  joined: Float64Array
  moved: Float64Array
  paper: Float64Array
  /** Children of all kinds, joining or not. */
  gross: Float64Array
}

export interface September {
  year: number
  /** The first seven measures of SEATS and added_net, by [area][stage]. */
  demand: Demand[][]
}

export interface Demand {
  local: number
  permit: number
  registered: number
  joined: number
  paper: number
  gross: number
}

export interface State {
  births: (area: number, year: number) => number
  lag: number
  registered: Registered
  septembers: September[]
  /** Migrants' children here and registered ones that lived here, at the first September: [area][stage]. */
  childrenFirst?: number[][]
  /** By area: registrants, and the parts of SEATS_PER_1000. */
  registrants: Float64Array
  per: {
    gross: Float64Array
    switch: Float64Array
    join: Float64Array
    movein: Float64Array
    paper: Float64Array
  }
}

export function emptyState(areas: number, births: State['births'], lag: number): State {
  const cohorts = () => new Float64Array(areas * ENTRY_YEARS)
  const each = () => new Float64Array(areas)
  return {
    births,
    lag,
    registered: {
      enters: cohorts(),
      switches: cohorts(),
      late: cohorts(),
      joined: cohorts(),
      moved: cohorts(),
      paper: cohorts(),
      gross: cohorts(),
    },
    septembers: [],
    registrants: each(),
    per: { gross: each(), switch: each(), join: each(), movein: each(), paper: each() },
  }
}
