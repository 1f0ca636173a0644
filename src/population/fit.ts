/** How well the made population keeps the margins: counted on the finished columns, those here at the start. */
import type { Month } from '../evidence/month.js'
import type { Pack } from '../pack/pack.js'
import { CORE_FACTS } from '../policy/facts.js'
import type { Adults } from './adults.js'
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

const workValues = (CORE_FACTS.find(({ name }) => name === 'work')!.type as { values: string[] }).values

/**
 * @param compositions composition of each household row, as made
 * @param scale        counts are divided by it: below 1 the gaps hold the noise of thinning too
 * @returns persons here by area and origin, adults by age × sex, education, work, skill; households by composition, tenure, stay
 */
export function fitReport(
  pack: Pack,
  households: HouseholdColumns,
  persons: PersonColumns,
  compositions: Uint8Array,
  stock: Stock,
  adults: Adults,
  from: Month,
  scale: number,
): FitReport {
  const groups = (...dimensions: string[]): string[] =>
    dimensions.reduce<string[]>(
      (names, dimension) =>
        names.flatMap(name =>
          groupsOf(pack, dimension).map(group => (name === '' ? group : `${name}*${group}`)),
        ),
      [''],
    )
  const works = groupsOf(pack, 'work')
  const workIndex = workValues.map(value =>
    works.indexOf(value === 'formal' || value === 'informal' ? 'employee' : value),
  )
  const stays = groupsOf(pack, 'stay').map(group => parseInt(group) * 12)
  const count = (length: number) => new Float64Array(length)
  const made = {
    persons: count(stock.persons.length),
    composition: count(stock.compositions.length),
    tenure: count(stock.shape[3]),
    stay: count(stays.length),
    ageSex: count(adults.bands.length * 2),
    education: count(adults.educations),
    work: count(works.length),
    skill: count(groupsOf(pack, 'skill').length),
  }
  let adultsHere = 0
  let householdsHere = 0
  for (let h = 0; h < households.count; h++) {
    if (households.place[h] !== PLACE.here) continue
    householdsHere++
    made.composition[compositions[h]]++
    made.tenure[households.tenure[h]]++
    const months = from - 1 - households.month[h]
    let s = stays.length - 1
    while (s > 0 && months < stays[s]) s--
    made.stay[s]++
    for (let p = households.first[h]; p < households.first[h + 1]; p++) {
      if (persons.away[p]) continue
      made.persons[households.area[h] * ORIGINS.length + households.origin[h]]++
      if (persons.relation[p] === RELATION.child) continue
      adultsHere++
      const age = (from - 1 - persons.birth[p]) / 12
      let b = adults.bands.length - 1
      while (b > 0 && age < adults.bands[b].from) b--
      made.ageSex[b * 2 + persons.sex[p]]++
      made.education[persons.education[p]]++
      made.work[workIndex[persons.work[p]]]++
      made.skill[persons.skill[p]]++
    }
  }
  const shareOf = (all: number, ...dimensions: string[]) =>
    target(pack, ...dimensions).map(share => share * all)
  const compare = (margin: string, names: string[], counts: Float64Array, asked: Float64Array): MarginFit => {
    let worst = 0
    const gap = (cell: number) => Math.abs(counts[cell] / scale - asked[cell])
    for (let cell = 1; cell < asked.length; cell++) if (gap(cell) > gap(worst)) worst = cell
    return {
      margin,
      largestGap: gap(worst),
      relativeGap: asked[worst] > 0 ? gap(worst) / asked[worst] : gap(worst) > 0 ? Infinity : 0,
      cell: names[worst],
    }
  }
  const [people, homes] = [adultsHere / scale, householdsHere / scale]
  const fits = [...stock.fits, ...adults.fits]
  return {
    converged: fits.every(({ converged }) => converged),
    iterations: Math.max(...fits.map(({ iterations }) => iterations)),
    margins: [
      compare('area × origin', groups('area', 'origin'), made.persons, stock.persons),
      compare('household', groups('household'), made.composition, stock.compositions),
      compare('tenure', groups('tenure'), made.tenure, shareOf(homes, 'tenure')),
      compare('stay', groups('stay'), made.stay, shareOf(homes, 'stay')),
      compare('age × sex', groups('age', 'sex'), made.ageSex, shareOf(people, 'age', 'sex')),
      compare('education', groups('education'), made.education, shareOf(people, 'education')),
      compare('work', works, made.work, shareOf(people, 'work')),
      compare('skill', groups('skill'), made.skill, shareOf(people, 'skill')),
    ],
  }
}
