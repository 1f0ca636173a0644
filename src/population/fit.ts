/** How well the made population keeps the margins: every one of them, counted on the finished columns. */
import { GRADES } from '../evidence/parameter.js'
import { monthOfYear, type Horizon, type Month } from '../evidence/month.js'
import type { Pack } from '../pack/pack.js'
import { CORE_FACTS } from '../policy/facts.js'
import { bandOf, type Adults } from './adults.js'
import { compositionOf } from './composition.js'
import { CRITICAL_Z, fitStatistics } from './fitStatistics.js'
import { groupsOf, target } from './margin.js'
import {
  ORIGINS,
  PLACE,
  RELATION,
  type FitReport,
  type HouseholdColumns,
  type MarginFit,
  type PersonColumns,
} from './population.js'
import type { Stock } from './stock.js'

const factValues = (name: string): string[] =>
  (CORE_FACTS.find(fact => fact.name === name)!.type as { values: string[] }).values
const RURAL = factValues('hukou_kind').indexOf('rural')
const COLLEGE = factValues('education').indexOf('junior_college')

/**
 * @param scale counts are divided by it: below 1 the gaps hold the noise of thinning too
 * @returns a line for each margin that synthesis was given: those here at the start, arrivals, ordinary movers
 */
export function fitReport(
  pack: Pack,
  households: HouseholdColumns,
  persons: PersonColumns,
  stock: Stock,
  adults: Adults,
  horizon: Horizon,
  scale: number,
): FitReport {
  const made = countMargins(pack, households, persons, adults, horizon)
  const shares = (universe: MarginFit['universe'], counts: Float64Array, ...dimensions: string[]) => ({
    universe,
    dimensions,
    counts,
    asked: scaled(target(pack, ...dimensions), sum(counts) / scale),
  })
  // A horizon of whole years has every month equally often.
  const season = target(pack, 'arrival_month').map((share, m) => share * monthsOfYear(horizon, m + 1))
  const margins: Compared[] = [
    { universe: 'persons', dimensions: ['area', 'origin'], counts: made.persons, asked: stock.persons },
    {
      universe: 'households',
      dimensions: ['household'],
      counts: made.composition,
      asked: stock.compositions,
    },
    shares('households', made.tenure, 'tenure'),
    shares('households', made.stay, 'stay'),
    shares('adults', made.ageSex, 'age', 'sex'),
    shares('adults', made.education, 'education'),
    shares('adults', made.work, 'work'),
    shares('adults', made.skill, 'skill'),
    shares('graduates', made.title, 'title'),
    shares('withKin', made.kin, 'kin_here'),
    shares('ruralHeads', made.land, 'land'),
    {
      universe: 'arrivals',
      dimensions: ['arrival_month'],
      counts: made.season,
      asked: scaled(season, sum(made.season) / scale),
    },
    shares('movers', made.movers, 'mover_age', 'sex'),
  ]
  const fits = [...stock.fits, ...adults.fits]
  return {
    converged: fits.every(({ converged }) => converged),
    iterations: Math.max(...fits.map(({ iterations }) => iterations)),
    margins: margins.map(margin => compare(pack, margin, scale)),
  }
}

interface Compared {
  universe: MarginFit['universe']
  dimensions: string[]
  /** As made, at the scale. */
  counts: Float64Array
  /** At full size. */
  asked: Float64Array
}

function compare(pack: Pack, { universe, dimensions, counts, asked }: Compared, scale: number): MarginFit {
  const made = counts.map(count => count / scale)
  const groups = dimensions.reduce<string[]>(
    (names, dimension) =>
      names.flatMap(name =>
        groupsOf(pack, dimension).map(group => (name === '' ? group : `${name}*${group}`)),
      ),
    [''],
  )
  const gap = (cell: number) => Math.abs(made[cell] - asked[cell])
  let worst = 0
  for (let cell = 1; cell < asked.length; cell++) if (gap(cell) > gap(worst)) worst = cell
  const statistics = fitStatistics(made, asked, scale)
  return {
    margin: dimensions.join(' × '),
    dimensions,
    universe,
    groups,
    asked: Array.from(asked),
    made: Array.from(made),
    ...statistics,
    misfits: statistics.z.filter(one => Math.abs(one) > CRITICAL_Z).length,
    weak: statistics.rssz > 1,
    largestGap: gap(worst),
    relativeGap: asked[worst] > 0 ? gap(worst) / asked[worst] : gap(worst) > 0 ? Infinity : 0,
    cell: groups[worst],
    ...evidenceOf(pack, dimensions),
  }
}

/** Grade and source of a margin; the mix of compositions leans on both readings of it. */
function evidenceOf({ margins }: Pack, dimensions: string[]): Pick<MarginFit, 'grade' | 'source'> {
  const names = dimensions.map(name => (name === 'household' ? /^household\.(together|apart)$/ : name))
  const own = margins.filter(
    ({ unit, dimensions }) =>
      unit !== 'weight' &&
      dimensions.length === names.length &&
      names.every(name => dimensions.some(one => (typeof name === 'string' ? one === name : name.test(one)))),
  )
  return {
    grade: GRADES[Math.max(...own.map(({ grade }) => GRADES.indexOf(grade)))],
    source: own.map(({ source }) => source).join('; '),
  }
}

function countMargins(
  pack: Pack,
  households: HouseholdColumns,
  persons: PersonColumns,
  { bands }: Adults,
  { from }: Horizon,
) {
  const length = (...dimensions: string[]) =>
    new Float64Array(dimensions.reduce((n, dimension) => n * groupsOf(pack, dimension).length, 1))
  const works = groupsOf(pack, 'work')
  const workIndex = factValues('work').map(value =>
    works.indexOf(value === 'formal' || value === 'informal' ? 'employee' : value),
  )
  const stays = groupsOf(pack, 'stay').map(group => parseInt(group) * 12)
  const made = {
    persons: length('area', 'origin'),
    composition: length('household'),
    tenure: length('tenure'),
    stay: length('stay'),
    ageSex: length('age', 'sex'),
    education: length('education'),
    work: length('work'),
    skill: length('skill'),
    title: length('title'),
    kin: length('kin_here'),
    land: length('land'),
    season: length('arrival_month'),
    movers: length('mover_age', 'sex'),
  }
  for (let h = 0; h < households.count; h++) {
    const [first, next] = [households.first[h], households.first[h + 1]]
    const place = households.place[h]
    if (place === PLACE.arrival) made.season[monthOfYear(households.month[h]) - 1]++
    if (place === PLACE.ordinary)
      made.movers[bandOf(bands, persons.birth[first], households.month[h]) * 2 + persons.sex[first]]++
    if (place !== PLACE.here) continue
    made.composition[compositionOf(persons, first, next)]++
    made.tenure[households.tenure[h]]++
    // Drawn once for a family, whose registration is the head's.
    if (persons.hukouKind[first] === RURAL) made.land[households.land[h]]++
    if (households.kinHere[h] > 0) made.kin[households.kinHere[h] - 1]++
    const months = from - 1 - households.month[h]
    let s = stays.length - 1
    while (s > 0 && months < stays[s]) s--
    made.stay[s]++
    const cell = households.area[h] * ORIGINS.length + households.origin[h]
    for (let p = first; p < next; p++) {
      if (persons.away[p]) continue
      made.persons[cell]++
      if (persons.relation[p] === RELATION.child) continue
      made.ageSex[bandOf(bands, persons.birth[p], from) * 2 + persons.sex[p]]++
      made.education[persons.education[p]]++
      made.work[workIndex[persons.work[p]]]++
      made.skill[persons.skill[p]]++
      if (persons.education[p] >= COLLEGE) made.title[persons.title[p]]++
    }
  }
  return made
}

/** How often a calendar month lies within the horizon. */
function monthsOfYear({ from, to }: Horizon, calendar: number): number {
  let count = 0
  for (let month: Month = from; month <= to; month++) if (monthOfYear(month) === calendar) count++
  return count
}

const sum = (counts: Float64Array) => counts.reduce((a, b) => a + b, 0)

const scaled = (shares: Float64Array, total: number): Float64Array => {
  const all = sum(shares)
  return shares.map(share => (all > 0 ? (share / all) * total : 0))
}
