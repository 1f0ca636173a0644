/**
 * The ledger: who lives here without registration, and every registration, written into the run's flows as it
 * happens. Stocks are kept as running sums and copied at each month's end; `check` recounts them from the columns.
 */
import { DECISIONS, uniform } from '../evidence/luck.js'
import { formatMonth, monthOfYear, NEVER } from '../evidence/month.js'
import { valueOf } from '../evidence/parameter.js'
import { OWN_TENURE } from '../policy/facts.js'
import { ORIGIN, ORIGINS, PLACE, RELATION } from '../population/population.js'
import { ENTRY_YEARS, entryYear, FIRST_ENTRY_YEAR, PRESENCE } from './flows.js'
import { joinChance } from './registration.js'
import type { Run } from './run.js'
import { livesHere, settle, STATUS, tenureIn } from './world.js'

const MINOR = 16 * 12

/** Running sums of those who live here and are not registered. */
export interface Stocks {
  /** Persons by area. */
  present: Float64Array
  minors: Float64Array
  /** [area][entry year]. */
  children: Float64Array
}

export const emptyStocks = (areas: number): Stocks => ({
  present: new Float64Array(areas),
  minors: new Float64Array(areas),
  children: new Float64Array(areas * ENTRY_YEARS),
})

const stocksOf = new WeakMap<Run, Stocks>()

/** Count one person into (sign 1) or out of (−1) those present. */
function count(stocks: Stocks, run: Run, h: number, p: number, sign: number): void {
  const { households, persons } = run.world.population
  const area = households.area[h]
  stocks.present[area] += sign
  const entry = entryYear(persons.birth[p]) - FIRST_ENTRY_YEAR
  if (persons.relation[p] === RELATION.child && entry >= 0 && entry < ENTRY_YEARS)
    stocks.children[area * ENTRY_YEARS + entry] += sign
}

/** Begin with those who are here at the horizon's start. */
export function open(run: Run): void {
  const { households, persons } = run.world.population
  const stocks = emptyStocks(run.world.population.areas.length)
  stocksOf.set(run, stocks)
  for (let h = 0; h < run.world.applicants; h++)
    if (run.world.status[h] === STATUS.here) {
      for (const process of run.entering) process(h, run.timeline.horizon.from)
      for (let p = households.first[h]; p < households.first[h + 1]; p++)
        if (!persons.away[p]) count(stocks, run, h, p, 1)
    }
}

/** Persons of the household who live here and are not registered, counted in or out. @returns how many */
function countHousehold(run: Run, h: number, sign: number): number {
  const { households, persons } = run.world.population
  const stocks = stocksOf.get(run)!
  let moved = 0
  for (let p = households.first[h]; p < households.first[h + 1]; p++)
    if (!persons.away[p] && !run.world.registered[p]) {
      count(stocks, run, h, p, sign)
      moved++
    }
  return moved
}

/** A household of the pool arrives. */
export function enter(run: Run, h: number, m: number): void {
  const month = run.timeline.horizon.from + m
  settle(run.world, h, month)
  const areas = run.flows.areas
  run.flows.arrivals[m * areas + run.world.population.households.area[h]] += countHousehold(run, h, 1)
  for (const process of run.entering) process(h, month)
}

/** A household leaves the city. */
export function leave(run: Run, h: number, month: number): void {
  const m = month - run.timeline.horizon.from
  run.flows.exits[m * run.flows.areas + run.world.population.households.area[h]] += countHousehold(run, h, -1)
  run.world.status[h] = STATUS.gone
}

/**
 * Write a registration of the whole household (`ordinary`) or of those in `registered`.
 * @param presence index into PRESENCES, −1 where the mover only changes area within the city
 */
export function writeRegistration(
  run: Run,
  h: number,
  m: number,
  channel: number,
  persons: number,
  onlyNew: boolean,
  presence: number,
): void {
  const { households } = run.world.population
  const { flows } = run
  const area = households.area[h]
  const at =
    ((m * flows.areas + area) * flows.channels.length + channel) * ORIGINS.length + households.origin[h]
  flows.persons[at] += persons
  flows.cases[at]++
  if (onlyNew) flows.onlyNew[at] += persons
  if (presence >= 0) flows.presence[(m * flows.areas + area) * 3 + presence] += persons
}

/** The head registers through `channel` and takes along whom the scope admits and who wants to. */
export function register(
  run: Run,
  h: number,
  m: number,
  channel: number,
  scope: number,
  onlyNew: boolean,
): void {
  const { world, flows } = run
  const { households, persons } = world.population
  const month = run.timeline.horizon.from + m
  const area = households.area[h]
  const head = households.first[h]
  const elsewhere = households.place[h] === PLACE.elsewhere
  const presence = !elsewhere
    ? PRESENCE.alreadyHere
    : uniform(run.key, households.key[h], DECISIONS.presence, month) < paperShare(run, channel)
      ? PRESENCE.paperOnly
      : PRESENCE.movesIn
  const employee = !elsewhere && world.insuredSince[h] !== NEVER
  const stocks = stocksOf.get(run)!
  const cell = (m * flows.areas + area) * 3 + presence
  const childCell = (kind: number, entry: number) =>
    ((m * flows.areas + area) * 4 + kind) * ENTRY_YEARS + entry
  world.status[h] = STATUS.registered
  world.registeredIn[h] = month
  world.channel[h] = channel
  let registered = 0
  for (let p = head; p < households.first[h + 1]; p++) {
    const entry = entryYear(persons.birth[p]) - FIRST_ENTRY_YEAR
    const child = persons.relation[p] === RELATION.child && entry >= 0 && entry < ENTRY_YEARS
    if (persons.away[p]) {
      if (child && !elsewhere) flows.children[childCell(1, entry)]++
      continue
    }
    const joins =
      p === head ||
      uniform(run.key, persons.key[p], DECISIONS.coRegister, 0) <
        joinChance(world.population, h, p, scope, month, run.join)
    if (!joins) continue
    registered++
    world.registered[p] = 1
    if (!elsewhere) count(stocks, run, h, p, -1)
    if (child) flows.children[childCell(presence === PRESENCE.alreadyHere ? 0 : presence + 1, entry)]++
    if (month - persons.birth[p] < MINOR) flows.minors[cell]++
    else flows.adults[cell * 2 + (employee && p === head ? 0 : 1)]++
  }
  flows.households[cell * 2 + (tenureIn(world, h, month) === OWN_TENURE ? 0 : 1)]++
  writeRegistration(
    run,
    h,
    m,
    channel,
    registered,
    onlyNew,
    households.origin[h] === ORIGIN.cityOtherArea ? -1 : presence,
  )
}

/** Of those who register from elsewhere, the share that never moves in: paperOnly / (1 − alreadyHere) of the channel. */
export function paperShare({ values, channels }: Pick<Run, 'values' | 'channels'>, channel: number): number {
  const id = channels[channel]
  if (!values.has(`presence.${id}.paperOnly`)) return 0
  const elsewhere = 1 - valueOf(values, `presence.${id}.alreadyHere`)
  return elsewhere > 0 ? Math.min(1, valueOf(values, `presence.${id}.paperOnly`) / elsewhere) : 0
}

/**
 * The month's end: stocks into the flows, and a recount of everybody against the running sums.
 * @throws Error where a person was lost or counted twice
 */
export function close(run: Run, m: number): void {
  const { world, flows } = run
  const { households, persons } = world.population
  const stocks = stocksOf.get(run)!
  const { areas } = flows
  flows.present.set(stocks.present, m * areas)
  flows.migrantChildren.set(stocks.children, m * areas * ENTRY_YEARS)
  const recount = new Float64Array(areas)
  const { status, size } = world
  for (let h = 0; h < world.applicants; h++) {
    if (livesHere(world, h)) recount[households.area[h]] += size[h]
    else if (status[h] === STATUS.registered && households.place[h] !== PLACE.elsewhere)
      for (let p = households.first[h]; p < households.first[h + 1]; p++)
        if (!persons.away[p] && !world.registered[p]) recount[households.area[h]]++
  }
  for (let a = 0; a < areas; a++)
    if (recount[a] !== stocks.present[a])
      throw new Error(
        `conservation broken in ${formatMonth(run.timeline.horizon.from + m)}, area ${a}: ${stocks.present[a]} persons carried, ${recount[a]} counted`,
      )
}

/** Months at which the slow-moving stocks are counted: the first, each December, the last; between them they are drawn straight. */
export const isCounted = (run: Run, m: number): boolean => {
  const { from, to } = run.timeline.horizon
  return m === 0 || from + m === to || monthOfYear(from + m) === 12
}

/** Count renters and adults by scheme of those present and fill the months since the last count in a straight line. */
export function countSlowStocks(run: Run, m: number, last: number): void {
  const { world, flows } = run
  const { households, persons } = world.population
  const month = run.timeline.horizon.from + m
  const { areas } = flows
  const renters = flows.renters.subarray(m * areas * 2, (m + 1) * areas * 2)
  const adults = flows.presentAdults.subarray(m * areas * 2, (m + 1) * areas * 2)
  const minors = flows.presentMinors.subarray(m * areas, (m + 1) * areas)
  for (let h = 0; h < world.applicants; h++) {
    if (!livesHere(world, h)) continue
    const area = households.area[h]
    const insured = world.insuredSince[h] <= month
    if (tenureIn(world, h, month) !== OWN_TENURE)
      renters[
        area * 2 + (insured && month - world.insuredSince[h] >= 12 && world.permitSince[h] <= month ? 1 : 0)
      ]++
    for (let p = households.first[h]; p < households.first[h + 1]; p++) {
      if (persons.away[p]) continue
      if (month - persons.birth[p] < MINOR) minors[area]++
      else adults[area * 2 + (insured && p === households.first[h] ? 0 : 1)]++
    }
  }
  for (const [array, width] of [
    [flows.renters, 2],
    [flows.presentAdults, 2],
    [flows.presentMinors, 1],
  ] as const)
    for (let i = 0; i < areas * width; i++) {
      const [before, now] = [array[last * areas * width + i], array[m * areas * width + i]]
      for (let k = last + 1; k < m; k++)
        array[k * areas * width + i] = before + ((now - before) * (k - last)) / (m - last)
    }
}
