/**
 * What a household and its adults hold when they enter: tenure, lease, permit, kin, land, work, insurance. What no data
 * tie together is drawn independently, save where one needs the other and for papers, which hang together as much as
 * the parameters say (papers.ts).
 */
import ln from '@stdlib/math-base-special-ln'
import { uniform, type SeedKey } from '../evidence/luck.js'
import { NEVER, type Month } from '../evidence/month.js'
import { valueOf, type Values } from '../evidence/parameter.js'
import { band } from '../pack/margins.js'
import type { Pack } from '../pack/pack.js'
import { CORE_FACTS } from '../policy/facts.js'
import { ADULT, type Adults } from './adults.js'
import { COMPOSITIONS } from './composition.js'
import { distributions, pick, type Distributions, type EvenLuck } from './distribution.js'
import { SYNTHESIS } from './draws.js'
import { groupsOf, target } from './margin.js'
import { memberLuck, SKILL, WORK } from './members.js'
import { formality, papersOf, shareGiven, type Papers } from './papers.js'
import { PLACE, RELATION, type HouseholdColumns, type PersonColumns } from './population.js'
import { rake } from './rake.js'
import type { Entry } from './roster.js'
import { stockOver, type Stock } from './stock.js'

const valuesOf = (fact: string): string[] => {
  const { type } = CORE_FACTS.find(({ name }) => name === fact)!
  return type.kind === 'named' || type.kind === 'ordered' ? type.values : []
}
const code = (fact: string, value: string) => valuesOf(fact).indexOf(value)
const FORMAL = code('work', 'formal')
const INFORMAL = code('work', 'informal')
const SELF_EMPLOYED = code('work', 'self_employed')
const LEGAL = code('work', 'legal_representative')
const STUDENT = code('work', 'student')
const NO_WORK = code('work', 'none')
const RENT = code('tenure', 'rent')
const KIN_HOUSING = code('tenure', 'kin_housing')
const [RURAL, URBAN] = [code('hukou_kind', 'rural'), code('hukou_kind', 'urban')]
const SENIOR_SECONDARY = code('education', 'senior_secondary')
const COLLEGE = code('education', 'junior_college')
const NO_KIN = code('kin_here', 'none')

/** Mean months beyond the last band's beginning, and the longest stay: an adult's life at least (ADULT). */
const LONG_STAY = 60
const HALF_YEAR = 6
/** Longest running spell of insurance that is drawn. */
const LONG_SPELL = 60

export interface Standing {
  shares: Record<(typeof SHARES)[number], number>
  papers: Papers
  /** One row: levels of all adults. */
  educations: Distributions
  stays: { from: number; to: number }[]
  land: Distributions
  /** Of households that have kin: those of single heads, then those of couples, who have no other spouse. */
  kin: Distributions
  works: number[]
  /** Share with kin among those who do not live in housing of kin; these all have. */
  kinOfOthers: number
  adults: Adults
  key: SeedKey
  even: EvenLuck
  from: Month
}

const SHARES = [
  'rural',
  'vocational',
  'permit',
  'leaseFiled',
  'nonResidential',
  'premisesSelfEmployed',
  'premisesLegal',
  'insured',
  'insuredSixMonths',
  'employmentRegistered',
] as const

export function makeStanding(
  pack: Pack,
  values: Values,
  stock: Stock,
  adults: Adults,
  key: SeedKey,
  even: EvenLuck,
  from: Month,
): Standing {
  const kinHousing = target(pack, 'tenure')[groupsOf(pack, 'tenure').indexOf('kin_housing')]
  const kinOfOthers = Math.max(0, (valueOf(values, 'pop.kinHere') - kinHousing) / (1 - kinHousing))
  return {
    shares: Object.fromEntries(
      SHARES.map(name => [name, valueOf(values, `pop.${name}`)]),
    ) as Standing['shares'],
    papers: papersOf(values),
    educations: distributions(target(pack, 'education'), adults.educations),
    stays: groupsOf(pack, 'stay').map(group => band(group)!),
    land: distributions(target(pack, 'land'), groupsOf(pack, 'land').length),
    kin: kinKinds(pack, stock, kinOfOthers),
    // `employee` is settled by insurance.
    works: groupsOf(pack, 'work').map(name => (name === 'employee' ? INFORMAL : code('work', name))),
    kinOfOthers,
    adults,
    key,
    even,
    from,
  }
}

/** Kinds of kin by couple or not, raked to `kin_here`: what couples cannot have falls to single heads. */
function kinKinds(pack: Pack, stock: Stock, kinOfOthers: number): Distributions {
  const kinds = target(pack, 'kin_here')
  const [spouse, kinHousing] = [
    groupsOf(pack, 'kin_here').indexOf('spouse'),
    groupsOf(pack, 'tenure').indexOf('kin_housing'),
  ]
  const tenures = stock.shape[3]
  const withKin = [0, 0]
  stockOver(stock, [2, 3]).forEach((households, cell) => {
    const couple = COMPOSITIONS[Math.floor(cell / tenures)].couple
    withKin[couple ? 1 : 0] += households * (cell % tenures === kinHousing ? 1 : kinOfOthers)
  })
  const all = withKin[0] + withKin[1]
  const seed = [...kinds, ...kinds.map((share, kind) => (kind === spouse ? 0 : share))]
  const { counts } = rake(
    seed,
    [2, kinds.length],
    [
      { name: 'couple', over: [0], totals: withKin },
      { name: 'kin_here', over: [1], totals: kinds.map(share => share * all) },
    ],
  )
  return distributions(counts, kinds.length)
}

/** Month of arrival of a household that is here: within its band of stay, months counted back from the horizon. */
export function arrivedIn({ stays, key, from }: Standing, entry: Entry): Month {
  const { from: low, to: high } = stays[entry.stay]
  const u = uniform(key, entry.key, SYNTHESIS.stay, 0)
  const months = high === Infinity ? -LONG_STAY * ln(u) : u * (high - low) * 12
  return from - 1 - Math.floor(Math.min(low * 12 + months, ADULT * 12))
}

export function fillHousehold(
  households: HouseholdColumns,
  persons: PersonColumns,
  h: number,
  entry: Entry,
  standing: Standing,
): void {
  const { shares, key, kin, land, from } = standing
  const chance = (decision: number) => uniform(key, entry.key, decision, 0)
  const row = households.first[h]
  const here = entry.place === PLACE.here
  const ordinary = entry.place === PLACE.ordinary
  const month = households.month[h]
  households.tenure[h] = entry.tenure
  households.permitSince[h] = NEVER
  households.kinHere[h] = NO_KIN
  if (persons.hukouKind[row] === RURAL) households.land[h] = pick(land, 0, chance(SYNTHESIS.land))
  if (ordinary) return
  households.ownsNonResidential[h] = chance(SYNTHESIS.nonResidential) < shares.nonResidential ? 1 : 0
  const withPremises =
    persons.work[row] === LEGAL
      ? shares.premisesLegal
      : persons.work[row] === SELF_EMPLOYED
        ? shares.premisesSelfEmployed
        : 0
  households.hasPremises[h] = chance(SYNTHESIS.premises) < withPremises ? 1 : 0
  const hasKin =
    entry.kin === 1 ||
    (entry.place !== PLACE.elsewhere &&
      (entry.tenure === KIN_HOUSING || chance(SYNTHESIS.kinHere) < standing.kinOfOthers))
  if (hasKin)
    households.kinHere[h] =
      1 + pick(kin, COMPOSITIONS[entry.composition].couple ? 1 : 0, chance(SYNTHESIS.kinKind))
  // Nobody who is still to come holds a permit or a filed lease.
  if (!here) return
  const given = paperShares(persons, row, standing)
  if (entry.tenure === RENT)
    households.leaseFiled[h] = chance(SYNTHESIS.leaseFiled) < given(shares.leaseFiled) ? 1 : 0
  const stay = from - month
  if (stay >= HALF_YEAR && chance(SYNTHESIS.permit) < given(shares.permit))
    households.permitSince[h] = month + Math.floor(chance(SYNTHESIS.permitMonth) * stay)
}

/** Shares of those who have a paper, among households of the same formality as the one whose head is in this row. */
function paperShares({ key: keys, education }: PersonColumns, head: number, standing: Standing) {
  const { papers, educations, key } = standing
  const z = formality(papers, key, keys[head], education[head], educations)
  return (share: number) => shareGiven(papers, share, z)
}

/** Kind of registration, land, work, insurance and certificates of a member; `arrived` is NEVER for those elsewhere. */
export function fillPerson(
  persons: PersonColumns,
  row: number,
  head: number,
  member: number,
  entry: Entry,
  standing: Standing,
  arrived: Month,
): void {
  const { adults, shares, key, even, from } = standing
  const draw = (decision: number) => uniform(key, entry.key + member, decision, 0)
  persons.insuredSince[row] = NEVER
  // A family is registered together where it comes from.
  persons.hukouKind[row] =
    row === head ? (draw(SYNTHESIS.hukouKind) < shares.rural ? RURAL : URBAN) : persons.hukouKind[head]
  persons.work[row] = NO_WORK
  const anchor = entry.place === PLACE.arrival || entry.place === PLACE.ordinary ? arrived : from
  if (persons.relation[row] === RELATION.child) {
    if (anchor - persons.birth[row] >= 6 * 12) persons.work[row] = STUDENT
    return
  }
  const education = persons.education[row]
  persons.vocational[row] =
    education === SENIOR_SECONDARY && draw(SYNTHESIS.vocational) < shares.vocational ? 1 : 0
  if (education >= COLLEGE) persons.title[row] = pick(adults.title, 0, draw(SYNTHESIS.title))
  const luck = (attribute: number) => memberLuck(key, even, entry, Math.min(member, 2), attribute)
  persons.skill[row] = pick(adults.skill, 0, luck(SKILL))
  if (persons.away[row]) return
  const age = (anchor - 1 - persons.birth[row]) / 12
  let b = adults.bands.length - 1
  while (b > 0 && age < adults.bands[b].from) b--
  persons.work[row] = standing.works[pick(adults.work, b * 2 + persons.sex[row], luck(WORK))]
  if (persons.work[row] !== INFORMAL) return
  const given = paperShares(persons, head, standing)
  const insuredShare = given(shares.insured)
  const insured = entry.place !== PLACE.elsewhere && draw(SYNTHESIS.insured) < insuredShare
  const registered = given(shares.insured + (1 - shares.insured) * shares.employmentRegistered)
  persons.employmentRegistered[row] =
    insured || draw(SYNTHESIS.employmentRegistered) * (1 - insuredShare) < registered - insuredShare ? 1 : 0
  if (!insured) return
  persons.work[row] = FORMAL
  if (entry.place !== PLACE.here) {
    persons.insuredSince[row] = arrived
    return
  }
  const stay = from - arrived
  const long =
    stay >= HALF_YEAR && draw(SYNTHESIS.insuredLong) < given(shares.insuredSixMonths) / insuredShare
  const [low, high] = long ? [HALF_YEAR, Math.min(stay, LONG_SPELL)] : [0, Math.min(stay, HALF_YEAR - 1)]
  persons.insuredSince[row] = from - low - Math.floor(draw(SYNTHESIS.insuredMonth) * (high - low + 1))
}
