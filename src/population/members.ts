/** The members of one household: rows of persons filled in place, the head first. */
import { uniform, type SeedKey } from '../evidence/luck.js'
import type { Month } from '../evidence/month.js'
import { NEVER } from '../evidence/month.js'
import { OLDEST_PARENT, type Adults } from './adults.js'
import { COMPOSITIONS, ROLES } from './composition.js'
import { EvenLuck, pick } from './distribution.js'
import { SYNTHESIS } from './draws.js'
import { PLACE, RELATION, type PersonColumns } from './population.js'
import type { Entry } from './roster.js'

const { head, spouse, child, parent } = RELATION
export const [FEMALE, MALE] = [0, 1]
const [FATHER, MOTHER, HUSBAND] = ['father', 'mother', 'husband'].map(name => ROLES.indexOf(name))
/** Years between a parent and a child; and months between two children. */
const [YOUNGEST_MOTHER, OLDEST_MOTHER, MAJORITY] = [19, 44, 18]
const BETWEEN_BIRTHS = 10
/** Dimensions of even luck: profile, work and skill of the first three adults. */
const ATTRIBUTES = 3
export const PROFILE = 0
export const WORK = 1
export const SKILL = 2

export const evenLuck = (key: SeedKey): EvenLuck => new EvenLuck(key, ATTRIBUTES * 3)

/** Luck of a member's attribute: even for those here, keyed for those to come, whose number is not fixed. */
export function memberLuck(
  key: SeedKey,
  even: EvenLuck,
  entry: Entry,
  member: number,
  attribute: number,
): number {
  // Far apart on the sequence, so that compositions do not share its beginning.
  return entry.place === PLACE.here
    ? even.at(entry.ordinal + entry.composition * 2 ** 24, attribute * 3 + member)
    : uniform(key, entry.key + member, [SYNTHESIS.profile, SYNTHESIS.work, SYNTHESIS.skill][attribute], 0)
}

/** Children left behind: one, or two. */
export const childrenAway = (key: SeedKey, { composition, key: household }: Entry, two: number): number =>
  !COMPOSITIONS[composition].childrenAway
    ? 0
    : uniform(key, household, SYNTHESIS.secondChild, 0) < two
      ? 2
      : 1

/** Rows that a household takes. */
export const sizeOf = (entry: Entry, away: number): number =>
  COMPOSITIONS[entry.composition].size + (COMPOSITIONS[entry.composition].spouseAway ? 1 : 0) + away

/**
 * Fill relation, away, sex, birth and education of the rows from `first` on.
 * @param anchor month at whose beginning ages are as the margins say: everybody is born before it
 * @param away   children left behind
 */
export function fillMembers(
  persons: PersonColumns,
  first: number,
  entry: Entry,
  away: number,
  anchor: Month,
  adults: Adults,
  key: SeedKey,
  even: EvenLuck,
  headMale: number,
): void {
  const { bands, educations } = adults
  const composition = COMPOSITIONS[entry.composition]
  const draw = (member: number, decision: number) => uniform(key, entry.key + member, decision, 0)
  const put = (
    member: number,
    relation: number,
    sex: number,
    birth: Month,
    education: number,
    isAway: boolean,
  ) => {
    const row = first + member
    persons.key[row] = entry.key + member
    persons.relation[row] = relation
    persons.away[row] = isAway ? 1 : 0
    persons.sex[row] = sex
    persons.birth[row] = birth
    persons.education[row] = education
  }
  const birthIn = (b: number, member: number, oldest?: number): Month =>
    birthInBand(adults, b, anchor, draw(member, SYNTHESIS.age), oldest)

  // The first adult, and in couples the wife, as a pair; the head of the two goes first.
  const cell = pick(adults.profile, composition.adults[0].role, memberLuck(key, even, entry, 0, PROFILE))
  const [firstBand, firstSex] = [Math.floor(cell / (2 * educations)), Math.floor(cell / educations) % 2]
  const firstBirth = birthIn(firstBand, 0)
  const pair = composition.couple || composition.spouseAway
  const wifeFirst = composition.couple && draw(0, SYNTHESIS.headIsHusband) >= headMale
  let woman = firstSex === FEMALE ? firstBirth : NEVER
  let otherBirth = firstBirth
  put(wifeFirst ? 1 : 0, wifeFirst ? spouse : head, firstSex, firstBirth, cell % educations, false)
  if (pair) {
    const member = composition.couple ? (wifeFirst ? 0 : 1) : composition.size
    const u = composition.couple ? memberLuck(key, even, entry, 1, PROFILE) : draw(1, SYNTHESIS.profile)
    const husbandRole = composition.couple ? composition.adults[0].role : FATHER
    const wifeRole = composition.couple ? composition.adults[1].role : MOTHER
    // One number for band and schooling: what is left of it within the band chosen picks the other.
    const row = (husbandRole === HUSBAND ? 0 : 1) * bands.length + firstBand
    const b = pick(adults.wifeBand, row, u)
    const from = b === 0 ? 0 : adults.wifeBand.cumulative[row * bands.length + b - 1]
    const to = adults.wifeBand.cumulative[row * bands.length + b]
    const within = to > from ? Math.min(1 - 1e-12, Math.max(0, (u - from) / (to - from))) : u
    const schooling = pick(adults.education, wifeRole * bands.length + b, within)
    otherBirth = nearBirth(adults, b, anchor, firstBirth, draw(1, SYNTHESIS.spouse))
    put(member, wifeFirst ? head : spouse, 1 - firstSex, otherBirth, schooling, composition.spouseAway)
    if (firstSex === MALE) woman = otherBirth
  }

  let member = composition.couple ? 2 : 1
  const children = composition.childrenHere + away
  const firstChild =
    composition.childrenHere > 0 ? member : composition.size + (composition.spouseAway ? 1 : 0)
  let elder: Month = NEVER
  for (let c = 0; c < children; c++) {
    elder = childBirth(
      woman,
      Math.max(firstBirth, otherBirth),
      anchor,
      elder,
      draw(firstChild + c, SYNTHESIS.childBirth),
    )
    put(
      firstChild + c,
      child,
      draw(firstChild + c, SYNTHESIS.childSex) < 0.53 ? MALE : FEMALE,
      elder,
      0,
      away > 0,
    )
  }
  member += composition.childrenHere
  for (let a = composition.couple ? 2 : 1; a < composition.adults.length; a++, member++) {
    const { role, relation } = composition.adults[a]
    const other = pick(adults.profile, role, memberLuck(key, even, entry, 2, PROFILE))
    const b = Math.floor(other / (2 * educations))
    let birth = birthIn(b, member, relation === parent ? OLDEST_PARENT : undefined)
    // A grandparent is at least a generation older than both of the couple.
    if (relation === parent) birth = Math.min(birth, Math.min(firstBirth, otherBirth) - YOUNGEST_MOTHER * 12)
    put(member, relation, Math.floor(other / educations) % 2, birth, other % educations, false)
  }
}

/** Month of birth of somebody in a band; in the open one, the older the rarer. */
export function birthInBand(
  { bands }: Pick<Adults, 'bands'>,
  b: number,
  anchor: Month,
  u: number,
  oldest?: number,
): Month {
  const { from, to, open } = bands[b]
  const last = open && oldest !== undefined ? oldest : to
  const months = (last + 1 - from) * 12
  return anchor - 1 - from * 12 - Math.floor(months * (open ? 1 - Math.sqrt(1 - u) : u))
}

/** A spouse's month of birth: within the band, as near as it allows, give or take three years. */
function nearBirth({ bands }: Adults, b: number, anchor: Month, partner: Month, u: number): Month {
  const { from, to } = bands[b]
  const [earliest, latest] = [anchor - (to + 1) * 12, anchor - 1 - from * 12]
  const low = Math.max(earliest, Math.min(partner - 36, latest - 36))
  const high = Math.min(latest, Math.max(partner + 36, earliest + 36))
  return low + Math.floor(u * (high - low + 1))
}

/** A minor's month of birth, which fits the parents' (`younger` is the younger of the two) and is some way off the other child's. */
function childBirth(mother: Month, younger: Month, anchor: Month, sibling: Month, u: number): Month {
  const minor = anchor - MAJORITY * 12
  const latest = Math.min(anchor - 1, Math.max(minor, mother + OLDEST_MOTHER * 12))
  const earliest = Math.min(latest, Math.max(minor, younger + YOUNGEST_MOTHER * 12))
  const low = sibling === NEVER ? earliest : Math.max(earliest, sibling - 6 * 12)
  const high = sibling === NEVER ? latest : Math.min(latest, sibling + 6 * 12)
  const birth = low + Math.floor(u * (high - low + 1))
  if (sibling === NEVER || Math.abs(birth - sibling) >= BETWEEN_BIRTHS) return birth
  if (sibling - BETWEEN_BIRTHS >= earliest) return sibling - BETWEEN_BIRTHS
  return sibling + BETWEEN_BIRTHS <= latest ? sibling + BETWEEN_BIRTHS : sibling
}
