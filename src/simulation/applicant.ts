/** The facts of an applicant (the head of a household) in a month, as rules read them. Durations are month − began. */
import { DECISIONS, nameKey, subKey, uniform, type SeedKey } from '../evidence/luck.js'
import { NEVER, type Month } from '../evidence/month.js'
import { CORE_FACTS } from '../policy/facts.js'
import type { FactRow, Law } from '../policy/policy.js'
import { complete, type Supply } from '../policy/supply.js'
import { PLACE, RELATION } from '../population/population.js'
import { insuredWithin } from './insured.js'
import { tenureIn, type World } from './world.js'

const SLOT = Object.fromEntries(CORE_FACTS.map(({ name }, slot) => [name, slot]))
const {
  area,
  age,
  sex,
  education,
  vocational,
  hukou_kind,
  skill,
  title,
  tenure,
  lease_filed,
  owns_nonresidential,
  has_permit,
  months_permit,
  months_resident,
  employment_registered,
  work,
  months_insured,
  pension_months,
  medical_months,
  unemployment_months,
  injury_months,
  maternity_months,
  has_premises,
  kin_here,
  household_size,
  children_6_14_here,
  origin,
} = SLOT

const valuesOf = (slot: number) => (CORE_FACTS[slot].type as { values: string[] }).values
const [FORMAL, INFORMAL] = ['formal', 'informal'].map(name => valuesOf(work).indexOf(name))
export const COLLEGE = valuesOf(education).indexOf('junior_college')
export const SENIOR_SECONDARY = valuesOf(education).indexOf('senior_secondary')
export const KIN_NONE = valuesOf(kin_here).indexOf('none')

/** Completed years on the month's last day: who is born in a month completes a year with that month. */
export const ageIn = (month: Month, birth: Month): number => Math.floor((month - birth) / 12)

/** A row for `fillFacts`, all facts known; what the population does not carry (donations, offences) is 0. */
export const newFactRow = (): FactRow => new Float64Array(CORE_FACTS.length)

export function fillFacts(row: FactRow, world: World, h: number, month: Month): FactRow {
  const { households, persons } = world.population
  const head = households.first[h]
  const here = households.place[h] !== PLACE.elsewhere
  const permit = here && world.permitSince[h] <= month
  const insuredSince = world.insuredSince[h]
  const insured = here && insuredSince <= month ? month - insuredSince : 0
  const insuredEver = here ? insured + world.insuredBefore[h] : 0
  row[area] = households.area[h]
  row[origin] = households.origin[h]
  row[age] = ageIn(month, persons.birth[head])
  row[sex] = persons.sex[head]
  row[education] = persons.education[head]
  row[vocational] = persons.vocational[head]
  row[hukou_kind] = persons.hukouKind[head]
  row[skill] = persons.skill[head]
  row[title] = persons.title[head]
  row[tenure] = tenureIn(world, h, month)
  row[lease_filed] = world.leaseSince[h] <= month ? 1 : 0
  row[owns_nonresidential] = households.ownsNonResidential[h]
  row[has_permit] = permit ? 1 : 0
  row[months_permit] = permit ? month - world.permitSince[h] : 0
  row[months_resident] = here ? month - world.arrived[h] : 0
  row[employment_registered] = here ? persons.employmentRegistered[head] : 0
  // A spell of insurance is formal work here; who has none works as before, but not formally.
  row[work] =
    here && insuredSince !== NEVER
      ? persons.work[head] === INFORMAL
        ? FORMAL
        : persons.work[head]
      : persons.work[head] === FORMAL
        ? INFORMAL
        : persons.work[head]
  row[months_insured] = insured
  row[pension_months] = insuredEver
  row[medical_months] = insuredEver
  row[unemployment_months] = insuredEver
  row[injury_months] = insuredEver
  row[maternity_months] = insuredEver
  row[has_premises] = households.hasPremises[h]
  row[kin_here] = households.kinHere[h]
  let size = 0
  let schoolAge = 0
  for (let p = head; p < households.first[h + 1]; p++) {
    if (persons.away[p]) continue
    size++
    if (persons.relation[p] === RELATION.child) {
      const years = ageIn(month, persons.birth[p])
      if (years >= 6 && years <= 14) schoolAge++
    }
  }
  row[household_size] = size
  row[children_6_14_here] = schoolAge
  return row
}

/**
 * One applicant at a time, as each law reads them. A law that declares facts has rows of its own, filled when it
 * first asks; all others read the same row of core facts.
 */
export class Applicant {
  household = 0
  month: Month = 0
  private readonly core = newFactRow()
  private readonly wide = new Map<Law, { row: FactRow; look: number }>()
  private look = 0
  private readonly supply: Supply

  /** @param key of the replicate: what the population does not know is drawn under it, the same in every month and scenario */
  constructor(
    private readonly world: World,
    key: SeedKey,
  ) {
    const keys = new Map<string, SeedKey>()
    const keyOf = (name: string) => keys.get(name) ?? keys.set(name, subKey(key, nameKey(name))).get(name)!
    const { households } = world.population
    this.supply = {
      insuredWithin: months =>
        households.place[this.household] === PLACE.elsewhere
          ? 0
          : insuredWithin(world, this.household, this.month, months),
      luck: ({ name }) => uniform(keyOf(name), households.key[this.household], DECISIONS.assumedFact, 0),
    }
  }

  /** Turn to a household in a month. */
  at(household: number, month: Month): this {
    this.household = household
    this.month = month
    this.look++
    fillFacts(this.core, this.world, household, month)
    return this
  }

  /** Its facts as the law reads them; the row is used again at the next look. */
  facts(law: Law): FactRow {
    if (law.declared.length === 0) return this.core
    let own = this.wide.get(law)
    if (!own) this.wide.set(law, (own = { row: new Float64Array(law.facts.length).fill(NaN), look: 0 }))
    if (own.look !== this.look) {
      own.look = this.look
      own.row.set(this.core)
      complete(law.declared, law.facts, own.row, this.supply)
    }
    return own.row
  }
}
