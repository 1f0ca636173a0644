/**
 * Who belongs to a household: the compositions that margins name. `here` are those at the destination, in the order of
 * their rows; `children` are minors, here or left behind. Roles fix the age and sex of an adult (margin role × age).
 */
import { DIMENSIONS } from '../pack/margins.js'
import { RELATION, type PersonColumns } from './population.js'

const named = (dimension: string): string[] => DIMENSIONS[dimension] as string[]
export const ROLES = named('role')
export const COMPOSITION_NAMES = named('household')
const role = (name: string) => ROLES.indexOf(name)

export interface Composition {
  name: string
  /** Adults here; of a couple the man first, whoever is the head. */
  adults: { role: number; relation: number }[]
  couple: boolean
  childrenHere: number
  /** A spouse left behind, with the children left behind. */
  spouseAway: boolean
  childrenAway: boolean
  /** Persons here. */
  size: number
}

const { head, spouse, parent, other } = RELATION
const married = (man: string, woman: string) => [
  { role: role(man), relation: head },
  { role: role(woman), relation: spouse },
]

function composition(
  name: string,
  adults: Composition['adults'],
  childrenHere = 0,
  { spouseAway = false, childrenAway = false } = {},
): Composition {
  const couple = adults[1]?.relation === spouse
  return { name, adults, couple, childrenHere, spouseAway, childrenAway, size: adults.length + childrenHere }
}

const single = (name: string) => ({ role: role(name), relation: head })
const parents = married('father', 'mother')

/** In the order of the dimension `household`. */
export const COMPOSITIONS: Composition[] = [
  composition('single', [single('single')]),
  composition('single_away', [single('single_away')], 0, { spouseAway: true, childrenAway: true }),
  composition('couple', married('husband', 'wife')),
  composition('couple_away', parents, 0, { childrenAway: true }),
  composition('couple_1', parents, 1),
  composition('couple_2', parents, 2),
  composition('extended', [...parents, { role: role('grandparent'), relation: parent }], 1),
  composition('kin', [single('single'), { role: role('kin'), relation: other }]),
]

const [SINGLE, SINGLE_AWAY, COUPLE, COUPLE_AWAY, COUPLE_1, COUPLE_2, EXTENDED, KIN] = COMPOSITION_NAMES.keys()

/** The composition of a household that lives somewhere, as its rows `from` … `to` − 1 show it: index into COMPOSITIONS. */
export function compositionOf(
  { relation, away }: Pick<PersonColumns, 'relation' | 'away'>,
  from: number,
  to: number,
): number {
  let [spouse, spouseAway, childrenHere, childrenAway] = [false, false, 0, 0]
  for (let row = from; row < to; row++) {
    if (relation[row] === RELATION.parent) return EXTENDED
    if (relation[row] === RELATION.other) return KIN
    if (relation[row] === RELATION.spouse)
      if (away[row]) spouseAway = true
      else spouse = true
    if (relation[row] === RELATION.child)
      if (away[row]) childrenAway++
      else childrenHere++
  }
  if (!spouse) return spouseAway ? SINGLE_AWAY : SINGLE
  if (childrenHere > 0) return childrenHere === 1 ? COUPLE_1 : COUPLE_2
  return childrenAway > 0 ? COUPLE_AWAY : COUPLE
}
