/**
 * A rule set over a synthetic population: the facts of everybody who lives in a place without registration in one
 * month, as any law reads them. The population is made as it stands in that month (a horizon of that month alone): by
 * then nobody has registered, and a longer or later horizon gives the same households other ages and stays.
 */
import { seedKey } from '../evidence/luck.js'
import { formatMonth, type Month } from '../evidence/month.js'
import { layer } from '../evidence/layered.js'
import type { Pack } from '../pack/pack.js'
import type { FactRow, Law, Policy } from '../policy/policy.js'
import { unsuppliedFacts } from '../policy/unsupplied.js'
import { populationKey, synthesize } from '../population/synthesize.js'
import { InputError } from '../reading/finding.js'
import { Applicant } from '../simulation/applicant.js'
import { keepInsuredMonths } from '../simulation/insured.js'
import { newWorld, reset, STATUS } from '../simulation/world.js'

export interface ApplicantSource {
  pack: Pack
  /** Share of the households that are made, in (0, 1]. */
  scale: number
  /** Any words. */
  seed: string
  month: Month
}

/** The head of a household that lives here. */
export interface Head {
  /** The household's key in decimal: the same household at every scale of the same seed. */
  id: string
  /** Persons of the household who live here. */
  size: number
  /** Index into pack.areas. */
  area: number
  /** Index into ORIGINS of the population. */
  origin: number
}

export interface Applicants extends Omit<ApplicantSource, 'pack'> {
  heads: readonly Head[]
  /** Households of the full population that one of these stands for. */
  weight: number
  /** @returns the index in `heads` */
  find(id: string): number | undefined
  /**
   * The facts of a head as the law reads them, one slot a fact of the law; the row is used again at the next call.
   * Core facts that nobody records (donations, offences) are 0; declared ones come from the policy, drawn ones by luck
   * keyed to fact and household; of insurance before the running spell only the sum is known: it is taken to lie
   * right before that.
   */
  facts(index: number, law: Law): FactRow
}

/** @throws InputError as `synthesize` */
export function applicants({ pack, scale, seed, month }: ApplicantSource): Applicants {
  const key = seedKey(seed)
  const { values } = layer(pack.parameters, [])
  const population = synthesize(pack, values, { from: month, to: month }, populationKey(key), scale)
  const world = newWorld(population)
  reset(world)
  keepInsuredMonths(world, month)
  const { households } = population
  const rows: number[] = []
  for (let h = 0; h < world.applicants; h++) if (world.status[h] === STATUS.here) rows.push(h)
  const heads = rows.map(h => ({
    id: String(households.key[h]),
    size: world.size[h],
    area: households.area[h],
    origin: households.origin[h],
  }))
  const applicant = new Applicant(world, key)
  let byId: Map<string, number> | undefined
  return {
    month,
    scale,
    seed,
    heads,
    weight: 1 / scale,
    find: id => (byId ??= new Map(heads.map((head, index) => [head.id, index]))).get(id),
    facts: (index, law) => {
      if (applicant.household !== rows[index] || applicant.month !== month) applicant.at(rows[index], month)
      return applicant.facts(law)
    },
  }
}

/**
 * One head by the household's key.
 * @returns who it is, and its facts in a row of its own
 * @throws InputError `unknown-person`, `unsupplied-fact`
 */
export function applicant(
  id: string,
  population: Applicants,
  policy: Policy,
  law: Law,
): Head & { row: FactRow } {
  const missing = unsuppliedFacts(policy, law)
  if (missing.length > 0) throw new InputError(missing)
  const index = population.find(id)
  if (index !== undefined) return { ...population.heads[index], row: population.facts(index, law).slice() }
  const month = formatMonth(population.month)
  throw new InputError([
    {
      severity: 'error',
      code: 'unknown-person',
      message: {
        zh: `${month} 的合成人口(比例 ${population.scale})中没有家庭“${id}”`,
        en: `No household "${id}" in the synthetic population of ${month} at scale ${population.scale}`,
      },
      fix: {
        zh: '编号取自合成人口;同一种子、更大的 --scale 含有更多家庭',
        en: 'Keys are those of the synthetic population; a larger --scale of the same seed holds more of them',
      },
    },
  ])
}
