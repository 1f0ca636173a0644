/**
 * Age band, sex, schooling and work of adults by their role in the household: one table raked to the margins, from
 * which persons pick. Spouses pick together: a woman's band depends on the man's.
 */
import type { Month } from '../evidence/month.js'
import { band } from '../pack/margins.js'
import type { Pack } from '../pack/pack.js'
import { COMPOSITIONS, ROLES } from './composition.js'
import { distributions, type Distributions } from './distribution.js'
import { groupsOf, target, weights } from './margin.js'
import { rake, type Raked } from './rake.js'

/** Youngest adult: who is younger is a child of a household. Ends of open bands, for heads and for their parents. */
export const ADULT = 18
const OLDEST = 64
export const OLDEST_PARENT = 79

export interface Adults {
  /** First and last completed year of each band, both of them in it. */
  bands: { from: number; to: number; open: boolean }[]
  educations: number
  /** By role, over [band, sex, education]. */
  profile: Distributions
  /** Of couples, by [pair (0 childless, 1 parents), man's band] over the woman's band. */
  wifeBand: Distributions
  /** By [role, band] over education. */
  education: Distributions
  /** By [band, sex], over `work` of margins. */
  work: Distributions
  skill: Distributions
  /** Of those with junior college or above. */
  title: Distributions
  /** Ordinary movers, over [band, sex]. */
  mover: Distributions
  fits: Raked[]
}

/** The band that somebody born in a month is in at the beginning of another; who is younger counts as of the first. */
export function bandOf(bands: Adults['bands'], birth: Month, at: Month): number {
  const months = at - 1 - birth
  let b = bands.length - 1
  while (b > 0 && months < bands[b].from * 12) b--
  return b
}

const role = (name: string) => ROLES.indexOf(name)
const PAIRS = [
  [role('husband'), role('wife')],
  [role('father'), role('mother')],
]

/**
 * @param households whole households by composition
 * @throws InputError where the margins contradict the weights (rake)
 */
export function makeAdults(pack: Pack, households: ArrayLike<number>): Adults {
  const bands = groupsOf(pack, 'age').map(group => {
    const { from, to } = band(group)!
    return {
      from: Math.max(ADULT, from),
      to: to === Infinity ? Math.max(OLDEST, from) : to,
      open: to === Infinity,
    }
  })
  const [ages, sexes, educations] = [bands.length, 2, groupsOf(pack, 'education').length]

  const roles = new Float64Array(ROLES.length)
  for (const [c, { adults }] of COMPOSITIONS.entries())
    for (const adult of adults) roles[adult.role] += households[c]
  const total = roles.reduce((a, b) => a + b, 0)
  const scaled = (shares: Float64Array) => {
    const sum = shares.reduce((a, b) => a + b, 0)
    return shares.map(share => (share / sum) * total)
  }
  const ageBySex = scaled(target(pack, 'age', 'sex'))
  const shape = [ROLES.length, ages, sexes, educations]
  const [roleAge, roleSex, ageEducation] = [
    weights(pack, 'role', 'age'),
    weights(pack, 'role', 'sex'),
    weights(pack, 'age', 'education'),
  ]
  const seed = new Float64Array(ROLES.length * ages * sexes * educations)
  for (let r = 0, cell = 0; r < ROLES.length; r++)
    for (let a = 0; a < ages; a++)
      for (let s = 0; s < sexes; s++)
        for (let e = 0; e < educations; e++, cell++)
          seed[cell] = roleAge[r * ages + a] * roleSex[r * sexes + s] * ageEducation[a * educations + e]
  const persons = rake(seed, shape, [
    { name: 'role', over: [0], totals: roles },
    { name: 'age × sex', over: [1, 2], totals: ageBySex },
    { name: 'education', over: [3], totals: scaled(target(pack, 'education')) },
  ])

  const byRoleBand = new Float64Array(ROLES.length * ages)
  const educationOf = new Float64Array(ROLES.length * ages * educations)
  for (let cell = 0; cell < persons.counts.length; cell++) {
    const rowOf = Math.floor(cell / (sexes * educations))
    byRoleBand[rowOf] += persons.counts[cell]
    educationOf[rowOf * educations + (cell % educations)] += persons.counts[cell]
  }
  const couples = PAIRS.map(([man, wife]) => {
    const men = byRoleBand.slice(man * ages, (man + 1) * ages)
    // Raked to the last digits only: the women are scaled to the men.
    const women = byRoleBand.slice(wife * ages, (wife + 1) * ages)
    const ratio = men.reduce((a, b) => a + b, 0) / (women.reduce((a, b) => a + b, 0) || 1)
    return rake(
      weights(pack, 'age', 'wife_age'),
      [ages, ages],
      [
        { name: 'age of the man', over: [0], totals: men },
        { name: 'age of the wife', over: [1], totals: women.map(n => n * ratio) },
      ],
    )
  })

  const works = groupsOf(pack, 'work').length
  const [ageWork, sexWork] = [weights(pack, 'age', 'work'), weights(pack, 'sex', 'work')]
  const work = rake(
    Float64Array.from({ length: ages * sexes * works }, (_, cell) => {
      const w = cell % works
      const s = Math.floor(cell / works) % sexes
      return ageWork[Math.floor(cell / works / sexes) * works + w] * sexWork[s * works + w]
    }),
    [ages, sexes, works],
    [
      { name: 'age × sex', over: [0, 1], totals: ageBySex },
      { name: 'work', over: [2], totals: scaled(target(pack, 'work')) },
    ],
  )
  const single = (name: string) => {
    const shares = target(pack, name)
    return distributions(shares, shares.length)
  }
  return {
    bands,
    educations,
    profile: distributions(persons.counts, ages * sexes * educations),
    wifeBand: distributions(
      couples.flatMap(({ counts }) => [...counts]),
      ages,
    ),
    education: distributions(educationOf, educations),
    work: distributions(work.counts, works),
    skill: single('skill'),
    title: single('title'),
    mover: distributions(target(pack, 'mover_age', 'sex'), ages * sexes),
    fits: [persons, ...couples, work],
  }
}
