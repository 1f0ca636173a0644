import { beforeAll, describe, expect, it } from 'vitest'
import { openPlan, type Plan } from '../../src/experiment/plan.js'
import { prepare, type Prepared } from '../../src/experiment/prepare.js'
import { replicate, simulation } from '../../src/experiment/runs.js'
import { gather } from '../../src/node/experiment.js'
import { ORIGIN, ORIGINS } from '../../src/population/population.js'
import type { Flows } from '../../src/simulation/flows.js'
import { newWorld, type World } from '../../src/simulation/world.js'

/** One run of a scenario in a replicate; the world is left as it ended. */
function life(
  plan: Plan,
  prepared: Prepared,
  scenario: number,
  index: number,
): { flows: Flows; world: World } {
  const world = newWorld(prepared.population)
  const flows = simulation(
    plan,
    prepared,
    replicate(plan, prepared, plan.scenarios[scenario], index, true),
    index,
    world,
  )
  return { flows, world }
}

const planOf = async (names: string[], settings: string[] = []) =>
  openPlan(await gather(names, { settings, scale: 0.02, replicates: 4, draws: 40, seed: 'laws' }))

const total = (x: Float64Array) => x.reduce((a, b) => a + b, 0)

describe('the shipped pair', () => {
  let plan: Plan
  let prepared: Prepared
  beforeAll(async () => {
    plan = await planOf(['points', 'zero-threshold'], ['mig.eta=0'])
    prepared = prepare(plan)
  })

  it('with η = 0 the same households arrive in both scenarios, month by month', () => {
    for (const index of [0, 1, 3]) {
      const [points, open] = [0, 1].map(s => life(plan, prepared, s, index))
      expect(total(points.flows.arrivals)).toBeGreaterThan(0)
      expect(open.flows.arrivals).toEqual(points.flows.arrivals)
      expect(open.world.arrived).toEqual(points.world.arrived)
    }
  })

  it('zero threshold never ends with fewer cases than points, in every replicate with a reform effect', () => {
    for (const index of [0, 1, 3]) {
      const [points, open] = [0, 1].map(s => total(life(plan, prepared, s, index).flows.cases))
      expect(open, plan.rows[index].member).toBeGreaterThan(points)
    }
  })

  it('ordinary moves are the same in both scenarios, and every case has one channel', () => {
    const [points, open] = [0, 1].map(s => life(plan, prepared, s, 0))
    const { channels, areas } = points.flows
    const ordinary = channels.indexOf('ordinary')
    for (let m = 0; m < 72; m++)
      for (let a = 0; a < areas; a++)
        for (let o = 0; o < ORIGINS.length; o++) {
          const at = ((m * areas + a) * channels.length + ordinary) * ORIGINS.length + o
          expect(open.flows.persons[at]).toBe(points.flows.persons[at])
        }
    // Households registered in the columns are the cases of the ledger.
    const registered = open.world.registeredIn.filter(month => month < 32767).length
    let cases = 0
    for (let i = 0; i < open.flows.cases.length; i++)
      if (Math.floor(i / ORIGINS.length) % channels.length !== ordinary) cases += open.flows.cases[i]
    expect(cases * prepared.population.scale).toBeCloseTo(registered, 6)
  })

  it('only ordinary movers come from other areas of the city', () => {
    const { flows } = life(plan, prepared, 1, 0)
    const ordinary = flows.channels.indexOf('ordinary')
    for (let i = ORIGIN.cityOtherArea; i < flows.persons.length; i += ORIGINS.length)
      if (Math.floor(i / ORIGINS.length) % flows.channels.length !== ordinary)
        expect(flows.persons[i]).toBe(0)
  })
})

describe('the monotone law', () => {
  it('a rule set that only admits more loses nobody: each household has registered by the same month or earlier', async () => {
    // Zero threshold from the first month under both names; only one keeps the shipped, looser rules.
    const strict = [
      'strict:policy.zhaoqing-zero-threshold.channels.rent.when=tenure == "rent" && lease_filed && has_permit && months_resident >= 24',
      'strict:policy.zhaoqing-zero-threshold.channels.kin.brings=spouse_and_minors',
    ]
    const plan = await planOf(
      [new URL('strict.yaml', import.meta.url).pathname, new URL('loose.yaml', import.meta.url).pathname],
      strict,
    )
    const prepared = prepare(plan)
    let gained = 0
    for (const index of [0, 1, 3, 4]) {
      const [narrow, wide] = [0, 1].map(s => life(plan, prepared, s, index).world)
      for (let h = 0; h < narrow.applicants; h++) {
        expect(wide.registeredIn[h]).toBeLessThanOrEqual(narrow.registeredIn[h])
        if (wide.registeredIn[h] < narrow.registeredIn[h]) gained++
      }
    }
    expect(gained).toBeGreaterThan(0)
  })
})

describe('pairing', () => {
  it('a scenario alone gives what it gives beside another, and a replicate does not depend on how many there are', async () => {
    const pair = await planOf(['points', 'zero-threshold'])
    const alone = await planOf(['zero-threshold'])
    const [inPair, byItself] = [life(pair, prepare(pair), 1, 2), life(alone, prepare(alone), 0, 2)]
    expect(byItself.world.registeredIn).toEqual(inPair.world.registeredIn)
    expect(total(byItself.flows.persons)).toBe(total(inPair.flows.persons))
  })
})
