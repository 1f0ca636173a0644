/**
 * Which luck of synthesis is meant: numbers of `uniform`'s decision below 100, each given once and never re-used.
 * (0 keep and 1 arrive stand in evidence/luck.ts.) A household's draws go by its key, a person's by the person's.
 */
import { DECISIONS } from '../evidence/luck.js'

export const SYNTHESIS = {
  keep: DECISIONS.keep,
  arrive: DECISIONS.arrive,
  integerise: 10,
  shift: 11,
  composition: 12,
  profile: 13,
  work: 14,
  skill: 15,
  title: 16,
  vocational: 17,
  hukouKind: 18,
  land: 19,
  age: 20,
  childBirth: 21,
  childSex: 22,
  secondChild: 23,
  headIsHusband: 24,
  stay: 25,
  permit: 26,
  permitMonth: 27,
  leaseFiled: 28,
  nonResidential: 29,
  premises: 30,
  kinHere: 31,
  kinKind: 32,
  insured: 33,
  insuredLong: 34,
  insuredMonth: 35,
  employmentRegistered: 36,
  spouse: 37,
  formality: 38,
  schoolingRank: 39,
  // Whole numbers for weights (fitting/whole.ts); keyed by what a cell or record holds.
  roundUp: 60,
  repair: 61,
  shareOut: 62,
} as const
