/**
 * Hand-made towns: few kinds of households, known rates, rules of a line or two, so that what a run must bring can be
 * worked out on paper. Every shipped parameter is there; what would blur a closed form (exits, transitions, seasons,
 * frailty) is switched off unless a test asks for it.
 */
import { readFileSync } from 'node:fs'
import { seedKey } from '../../src/evidence/luck.js'
import { monthOf, monthsOf, NEVER, yearsOf, type Horizon, type Month } from '../../src/evidence/month.js'
import type { Values } from '../../src/evidence/parameter.js'
import type { Area } from '../../src/pack/pack.js'
import { readParameters } from '../../src/pack/parameters.js'
import { compileLaws } from '../../src/policy/compile.js'
import { CORE_FACTS } from '../../src/policy/facts.js'
import { readPolicy } from '../../src/policy/read.js'
import { ORIGIN, PLACE, RELATION, type Population } from '../../src/population/population.js'
import type { CalibratedRow } from '../../src/simulation/calibrated.js'
import { Applicant } from '../../src/simulation/applicant.js'
import type { Flows } from '../../src/simulation/flows.js'
import { meanField } from '../../src/simulation/meanField.js'
import { profiling, type Profiled } from '../../src/simulation/profiling.js'
import type { Rates } from '../../src/simulation/rates.js'
import { joining } from '../../src/simulation/registration.js'
import type { Run } from '../../src/simulation/run.js'
import { simulate } from '../../src/simulation/simulate.js'
import { resolveTimeline, type LawSeries, type Timeline } from '../../src/simulation/timeline.js'
import { newWorld, type World } from '../../src/simulation/world.js'

const PARAMETERS = [
  'application',
  'coregistration',
  'education',
  'housing',
  'insurance',
  'migration',
  'population',
  'presence',
  'reform',
  'willingness',
].flatMap(name => {
  const url = new URL(`../../data/zhaoqing/parameters/${name}.yaml`, import.meta.url)
  return readParameters(readFileSync(url, 'utf8'), `${name}.yaml`, 'required')
})
const supports = new Map(PARAMETERS.map(({ id, support }) => [id, support]))
export const support = (id: string): [number, number] => supports.get(id)!

const OFF = /^(mig\.exit\.|trans\.|apply\.frailtyVar$|mig\.eta$|mig\.theta$)/

/** Shipped values with nothing going on but applications, and some of them changed. */
export const quiet = (changes: Record<string, number> = {}): Values =>
  new Map([
    ...PARAMETERS.map(({ id, value }): [string, number] => [
      id,
      OFF.test(id) ? 0 : id.startsWith('apply.season.') ? 1 : value!,
    ]),
    ...Object.entries(changes),
  ])

export const AREAS: Area[] = [
  { id: 'east', code: '1', name: { zh: '东', en: 'East' }, aliases: [] },
  { id: 'west', code: '2', name: { zh: '西', en: 'West' }, aliases: [] },
]

export const named = (fact: string, value: string): number => {
  const { type } = CORE_FACTS.find(({ name }) => name === fact)!
  return (type as { values: string[] }).values.indexOf(value)
}

/** A household; what is left out is a single rural renter from the province, here for years, with permit and no kin. */
export interface Household {
  area?: number
  origin?: number
  place?: number
  month?: Month
  tenure?: string
  kin?: string
  permitSince?: Month
  leaseFiled?: boolean
  insuredSince?: Month
  /** Months of insurance in earlier spells. */
  insuredBefore?: number
  education?: string
  /** Other members: relation and age in years at 2015-01. */
  members?: [relation: keyof typeof RELATION, age: number][]
}

export const LONG_AGO = monthOf(2010, 1)

/** A population of these households, in this order (ordinary movers last). */
export function town(list: Household[], areas = AREAS.length): Population {
  const size = (h: Household) => 1 + (h.members?.length ?? 0)
  const count = list.length
  const personCount = list.reduce((sum, h) => sum + size(h), 0)
  const households = {
    count,
    key: Uint32Array.from(list, (_, h) => h * 16),
    area: Uint8Array.from(list, h => h.area ?? 0),
    origin: Uint8Array.from(list, h => h.origin ?? ORIGIN.province),
    place: Uint8Array.from(list, h => h.place ?? PLACE.here),
    month: Int16Array.from(list, h => h.month ?? (h.place === PLACE.elsewhere ? NEVER : LONG_AGO)),
    u: new Float64Array(count),
    first: new Uint32Array(count + 1),
    tenure: Uint8Array.from(list, h => named('tenure', h.tenure ?? 'rent')),
    leaseFiled: Uint8Array.from(list, h => Number(h.leaseFiled ?? false)),
    ownsNonResidential: new Uint8Array(count),
    hasPremises: new Uint8Array(count),
    kinHere: Uint8Array.from(list, h => named('kin_here', h.kin ?? 'none')),
    permitSince: Int16Array.from(list, h => h.permitSince ?? LONG_AGO),
    land: new Uint8Array(count),
  }
  const bytes = () => new Uint8Array(personCount)
  const persons = {
    count: personCount,
    key: new Uint32Array(personCount),
    household: new Uint32Array(personCount),
    relation: bytes(),
    away: bytes(),
    sex: bytes(),
    birth: new Int16Array(personCount).fill(monthOf(1985, 1)),
    education: bytes(),
    skill: bytes(),
    title: bytes(),
    hukouKind: bytes(),
    work: bytes(),
    vocational: bytes(),
    employmentRegistered: bytes(),
    insuredSince: new Int16Array(personCount).fill(NEVER),
    insuredBefore: new Uint16Array(personCount),
  }
  let row = 0
  list.forEach((household, h) => {
    households.first[h] = row
    persons.insuredSince[row] = household.insuredSince ?? NEVER
    persons.insuredBefore[row] = household.insuredBefore ?? 0
    persons.work[row] = named('work', household.insuredSince === undefined ? 'informal' : 'formal')
    persons.education[row] = named('education', household.education ?? 'primary')
    const members: [keyof typeof RELATION, number][] = [['head', 30], ...(household.members ?? [])]
    members.forEach(([relation, age], i) => {
      persons.household[row] = h
      persons.key[row] = h * 16 + i
      persons.relation[row] = RELATION[relation]
      persons.birth[row] = monthOf(2015 - age, 1)
      row++
    })
  })
  households.first[count] = row
  return {
    areas: AREAS.slice(0, areas).map(({ id }) => id),
    households,
    persons,
    fit: { converged: true, iterations: 0, margins: [] },
    scale: 1,
    maxima: { arrivals: new Float64Array(areas * 4), ordinary: new Float64Array(areas * 4) },
  }
}

/** Laws from channels as they stand in a policy file, e.g. `{ rent: 'when: has_permit' }`; `more` are other parts of it, e.g. `facts: …`. */
export function laws(
  id: string,
  channels: Record<string, string>,
  horizon: Horizon,
  areas: readonly Area[] = AREAS,
  more = '',
): LawSeries {
  const text = [
    `policy: ${id}`,
    'title: { zh: 甲, en: A }',
    'source: { document: d }',
    Object.keys(channels).length > 0 ? 'channels:' : 'channels: {}',
    ...Object.entries(channels).flatMap(([channel, lines]) => [
      `  ${channel}:`,
      '    clause: c',
      ...(lines.includes('brings:') ? [] : ['    brings: none']),
      ...lines.split('\n').map(line => `    ${line}`),
    ]),
    more,
  ].join('\n')
  const policy = readPolicy(text, `${id}.yaml`)
  return { policy: id, fingerprint: text, laws: compileLaws(policy, horizon, { areas }) }
}

export const NO_CHANNEL = { nobody: 'when: age > 119' }

/** Flat rates: nothing happens but what `set` says, the same in every cell. */
export function flatRates(
  horizon: Horizon,
  set: {
    base?: [kin: number, purchase: number, points: number]
    steady?: number
    ready?: number
    lambda?: number
  },
  areas = AREAS.length,
): Rates {
  const cells = areas * 4
  const years = yearsOf(horizon).length
  const base = new Float64Array(years * 3 * 2 * cells)
  base.forEach((_, i) => (base[i] = set.base?.[Math.floor(i / (2 * cells)) % 3] ?? 0))
  return {
    horizon,
    base,
    steady: new Float64Array(2 * cells).fill(set.steady ?? 0),
    ready: new Float64Array(2 * cells).fill(set.ready ?? 0),
    lambda: set.lambda ?? 0.04,
    ordinary: new Float64Array(years * cells),
    season: new Float64Array(12).fill(1),
    capped: 0,
  }
}

/** A calibrated row that knows of openings at once, unless changed. */
export const rowWith = (changes: Partial<CalibratedRow> = {}): CalibratedRow => ({
  member: 'permanent',
  conversion: { province: 0.02, otherProvince: 0.006 },
  lambda: 0.04,
  permanent: 0.5,
  returned: 0.5,
  breakLoss: 0.7,
  inForce: monthOf(2016, 1),
  awareP: 0,
  awareQ: 0,
  awareInit: 1,
  areas: AREAS.map(() => ({
    effect: 0,
    intra: 0,
    province: 0,
    otherProvince: 0,
    deviation: [0, 0, 0],
    walk: 0,
  })),
  cityWalk: 0,
  share: { kin: 0.25, purchase: 0.2, points: 0.02 },
  eventOverDistrictIn: 1.3,
  doubleTag: 0.3,
  ...changes,
})

export interface Setting {
  population: Population
  horizon: Horizon
  /** The law of the first month, and others from later months. */
  law: LawSeries
  then?: [from: Month, law: LawSeries][]
  values?: Values
  rates: Rates
  row?: CalibratedRow
  willing?: number | Float64Array
  seed?: string
  openness?: number[]
  channels?: string[]
  world?: World
  applications?: boolean
  observe?(month: number, run: Run): void
}

export const channelsOf = (...series: LawSeries[]): string[] => [
  ...new Set(series.flatMap(({ laws }) => laws.flatMap(({ channels }) => channels.map(({ id }) => id)))),
  'ordinary',
]

/** The run of a setting: its flows, and the world as it stands at the end. */
export function live(setting: Setting): { flows: Flows; world: World; timeline: Timeline } {
  const { population, horizon, law, then = [], rates, willing = 1 } = setting
  const timeline = resolveTimeline(
    [{ from: horizon.from, series: law }, ...then.map(([from, series]) => ({ from, series }))],
    horizon,
    NEVER,
  )
  const world = setting.world ?? newWorld(population)
  const flows = simulate({
    world,
    timeline,
    values: setting.values ?? quiet(),
    support,
    key: seedKey(setting.seed ?? 'town'),
    row: setting.row ?? rowWith(),
    rates,
    willing: typeof willing === 'number' ? new Float64Array(world.applicants).fill(willing) : willing,
    settledBefore: new Uint8Array(world.applicants),
    preference: new Map(),
    openness: setting.openness ?? timeline.entries.map(() => 0),
    channels: setting.channels ?? channelsOf(law, ...then.map(([, series]) => series)),
    applications: setting.applications,
    observe: setting.observe,
  })
  return { flows, world, timeline }
}

/** The same setting in expectation: profiles at these months of a run in which nobody registers, and the recurrence. */
export function foresee(setting: Setting & { samples: number[] }): Flows {
  const { population, horizon, law, then = [], samples, values = quiet(), willing = 1 } = setting
  const world = newWorld(population)
  const chance = typeof willing === 'number' ? new Float64Array(world.applicants).fill(willing) : willing
  const inputs = {
    population,
    horizon,
    willing: chance,
    settledBefore: new Uint8Array(world.applicants),
    sampled: new Uint8Array(world.applicants).fill(1),
    weight: 1,
    join: joining(values),
    preference: new Map<string, number>(),
  }
  const series = [law, ...then.map(([, each]) => each)]
  const applicant = new Applicant(world, seedKey(setting.seed ?? 'town'))
  const areas = population.areas.length
  const made = (of: Profiled) => profiling(of, samples, world, applicant, inputs)
  const plain = series.map(each => made({ series: each, initial: law }))
  const withRights = series.map((each, e) => {
    const months = Math.max(0, ...each.laws.flatMap(({ legacy }) => legacy.map(right => right.months)))
    return months > 0 ? { months, ...made({ series: each, initial: law, before: series[e - 1] }) } : undefined
  })
  const { flows: untouched, timeline } = live({
    ...setting,
    world,
    rates: flatRates(horizon, {}),
    applications: false,
    observe(m) {
      for (const { month } of [...plain, ...withRights.flatMap(each => each ?? [])]) month(m)
    },
  })
  return meanField({
    timeline,
    profiles: plain.map(({ profile }, e) => ({
      ...profile,
      ...(withRights[e] && { rights: withRights[e] }),
    })),
    untouched,
    rates: setting.rates,
    row: setting.row ?? rowWith(),
    values,
    openness: setting.openness ?? series.map(() => 0),
    channels: setting.channels ?? channelsOf(...series),
    areas: population.areas,
    ordinaryMaxima: new Float64Array(areas * 4),
  })
}

/** Sum of a flow array over everything but the month. */
export function monthly(flows: Flows, array: Float64Array): Float64Array {
  const months = monthsOf(flows.horizon)
  const width = array.length / months
  return Float64Array.from({ length: months }, (_, m) =>
    array.subarray(m * width, (m + 1) * width).reduce((a, b) => a + b, 0),
  )
}

export const total = (array: ArrayLike<number>): number => Array.from(array).reduce((a, b) => a + b, 0)
