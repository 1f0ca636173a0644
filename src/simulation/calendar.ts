import type { Horizon } from '../evidence/month.js'
import { monthsOf } from '../evidence/month.js'
import type { Population } from '../population/population.js'

const made = new WeakMap<Population, Map<number, (month: number) => Uint32Array>>()

/** Households of a place by their month of the horizon, ascending by row; sorted once a population. */
export function byMonth(
  population: Population,
  place: number,
  horizon: Horizon,
): (month: number) => Uint32Array {
  let places = made.get(population)
  if (!places) made.set(population, (places = new Map()))
  const ready = places.get(place)
  if (ready) return ready
  const { households } = population
  const months = monthsOf(horizon)
  const start = new Uint32Array(months + 1)
  const inHorizon = (h: number) =>
    households.place[h] === place && households.month[h] >= horizon.from && households.month[h] <= horizon.to
  for (let h = 0; h < households.count; h++) if (inHorizon(h)) start[households.month[h] - horizon.from + 1]++
  for (let m = 0; m < months; m++) start[m + 1] += start[m]
  const rows = new Uint32Array(start[months])
  const at = start.slice()
  for (let h = 0; h < households.count; h++)
    if (inHorizon(h)) rows[at[households.month[h] - horizon.from]++] = h
  const due = (month: number) => rows.subarray(start[month], start[month + 1])
  places.set(place, due)
  return due
}
