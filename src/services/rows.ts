/** Row keys that tables of services share: the years of a horizon, the areas and the place as a whole. */
import { monthOf, yearsOf, type Horizon } from '../evidence/month.js'
import type { Pack } from '../pack/pack.js'

/** Area key of the row that sums all areas. */
export const CITY = 'city'

/** Area ids in pack order, then `city`: position a of a row is the pack's area a. */
export const areaKeys = (pack: Pack): string[] => [...pack.areas.map(({ id }) => id), CITY]

/** Years whose September lies in the horizon. */
export const septembers = (horizon: Horizon): number[] =>
  yearsOf(horizon).filter(year => monthOf(year, 9) >= horizon.from && monthOf(year, 9) <= horizon.to)

/** Every combination of the keys' values, the last key fastest. */
export const combinations = (...keys: readonly (readonly string[])[]): string[][] =>
  keys.reduce<string[][]>((rows, key) => rows.flatMap(row => key.map(value => [...row, value])), [[]])
