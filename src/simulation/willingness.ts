/**
 * Willingness: the chance that a household belongs to those who would ever register, by a logit on its
 * covariates (model §2.3; odds ratios `will.*`). A latent class (mover–stayer): surge and decay follow from it
 * without any curve put in by hand.
 */
import exp from '@stdlib/math-base-special-exp'
import ln from '@stdlib/math-base-special-ln'
import { NEVER, monthOf, type Month } from '../evidence/month.js'
import { valueOf, type Values } from '../evidence/parameter.js'
import { CORE_FACTS, OWN_TENURE } from '../policy/facts.js'
import { column } from '../population/column.js'
import { applicantRows, LANDS, ORIGIN, RELATION, type Population } from '../population/population.js'
import { ageIn, COLLEGE, SENIOR_SECONDARY } from './applicant.js'

const namedValue = (fact: string, value: string) =>
  (CORE_FACTS.find(({ name }) => name === fact)!.type as { values: string[] }).values.indexOf(value)
const FEMALE = namedValue('sex', 'female')
const URBAN = namedValue('hukou_kind', 'urban')
const PLOT = LANDS.indexOf('plot')
const HOMESTEAD = LANDS.indexOf('homestead')
const BOTH = LANDS.indexOf('both')

/** @returns by household (ordinary movers left out): the probability of belonging to the willing, covariates as of entry (or the horizon's first month). */
export function willingness(population: Population, values: Values, from: Month): Float64Array {
  const { households, persons } = population
  const odds = (id: string) => ln(valueOf(values, id))
  const base = valueOf(values, 'will.base')
  const alpha = ln(base / (1 - base))
  const beta = {
    college: odds('will.orCollege'),
    senior: odds('will.orSenior'),
    age40: odds('will.age40'),
    female: odds('will.female'),
    married: odds('will.married'),
    wholeFamily: odds('will.wholeFamily'),
    schoolChild: odds('will.schoolChild'),
    stayYear: odds('will.stayYr'),
    own: odds('will.own'),
    insured: odds('will.insuredEmp'),
    homestead: odds('will.homestead'),
    plot: odds('will.plot'),
    plotYoung: odds('will.plotBorn1980'),
    nonagricultural: odds('will.nonagri'),
    otherProvince: odds('will.otherProv'),
  }
  const born1980 = monthOf(1980, 1)
  const count = applicantRows(population)
  const probability = column(Float64Array, count)
  for (let h = 0; h < count; h++) {
    const head = households.first[h]
    const entry = households.month[h] === NEVER ? from : Math.max(from, households.month[h])
    let spouse = false
    let childHere = false
    let schoolChild = false
    for (let p = head + 1; p < households.first[h + 1]; p++) {
      if (persons.away[p]) continue
      if (persons.relation[p] === RELATION.spouse) spouse = true
      else if (persons.relation[p] === RELATION.child) {
        childHere = true
        const years = ageIn(entry, persons.birth[p])
        if (years >= 5 && years <= 14) schoolChild = true
      }
    }
    const land = households.land[h]
    const plot = land === PLOT || land === BOTH
    let logit = alpha
    if (persons.education[head] >= COLLEGE) logit += beta.college
    else if (persons.education[head] === SENIOR_SECONDARY) logit += beta.senior
    if (ageIn(entry, persons.birth[head]) >= 40) logit += beta.age40
    if (persons.sex[head] === FEMALE) logit += beta.female
    if (spouse) logit += beta.married
    if (spouse && childHere) logit += beta.wholeFamily
    if (schoolChild) logit += beta.schoolChild
    if (households.month[h] < from) logit += beta.stayYear * Math.min(15, (from - households.month[h]) / 12)
    if (households.tenure[h] === OWN_TENURE) logit += beta.own
    if (persons.insuredSince[head] !== NEVER) logit += beta.insured
    if (land === HOMESTEAD || land === BOTH) logit += beta.homestead
    if (plot) logit += beta.plot
    if (plot && persons.birth[head] >= born1980) logit += beta.plotYoung
    if (persons.hukouKind[head] === URBAN) logit += beta.nonagricultural
    if (households.origin[h] === ORIGIN.otherProvince) logit += beta.otherProvince
    probability[h] = 1 / (1 + exp(-logit))
  }
  return probability
}
