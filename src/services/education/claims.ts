/**
 * Stages of compulsory school and how many public seats a child claims, gross and net of what it would use without
 * registering (model §4.1). Kindergarten and senior secondary are left out: births of migrants within the horizon are
 * not simulated, and attendance past grade 9 is not compulsory.
 */
import { valueOf, type Values } from '../../evidence/parameter.js'
import type { Law } from '../../policy/policy.js'
import { entitled } from '../entitled.js'

export interface Stage {
  id: 'primary' | 'junior'
  /** First and last grade. */
  from: number
  to: number
}

export const STAGES: readonly Stage[] = [
  { id: 'primary', from: 1, to: 6 },
  { id: 'junior', from: 7, to: 9 },
]

/** Grade in September of `year` of those who entered grade 1 in `entry`. */
export const gradeOf = (entry: number, year: number): number => year - entry + 1

export const stageOf = (grade: number): Stage | undefined =>
  STAGES.find(({ from, to }) => grade >= from && grade <= to)

/** Public seats a child, by how registration finds it. Differences are hukou minus permit. */
export interface Claims {
  /** A migrant's child living here, not registered. */
  usePermit: number
  /** Registered before grade 1, living here: chooses its first school with hukou. */
  enters: number
  /** Registered at school age, living here: may leave a private school, at an entry grade. */
  switches: number
  /** Registered, left behind until now: joins and takes a public seat. */
  joins: number
  /** Moves in with the family: all of it is new. */
  moves: number
  /** On paper only: the option, each September; nobody away can have it by a permit. */
  paper: number
}

export function claims(law: Law, values: Values, stage: Stage): Claims {
  const permit = (key: string) => entitled(law, 'education', 'permit', values, key, stage.id)
  const hukou = (key: string) => entitled(law, 'education', 'hukou', values, key, stage.id)
  const usePermit = permit('use')
  return {
    usePermit,
    enters: hukou('use') - usePermit,
    switches: (1 - usePermit) * (hukou('switch') - permit('switch')),
    joins: hukou('join') - permit('join'),
    moves: valueOf(values, 'edu.moverNeedsSeat') * hukou('use'),
    paper: hukou('paper'),
  }
}
