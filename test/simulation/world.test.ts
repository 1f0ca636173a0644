/** What the synthesis says of a household holds when a run begins, and again for the next one. */
import { expect, it } from 'vitest'
import { seedKey } from '../../src/evidence/luck.js'
import { monthOf } from '../../src/evidence/month.js'
import { CORE_FACTS } from '../../src/policy/facts.js'
import { Applicant } from '../../src/simulation/applicant.js'
import { newWorld, reset } from '../../src/simulation/world.js'
import { AREAS, laws, town } from './town.js'

it('a lease that is on file at synthesis is on file in the first month, in every run', () => {
  const from = monthOf(2015, 1)
  const population = town([{ leaseFiled: true }, { leaseFiled: false }])
  const law = laws('a', { door: 'when: lease_filed' }, { from, to: from }, AREAS).laws[0]
  const world = newWorld(population)
  for (let run = 0; run < 2; run++) {
    reset(world)
    const applicant = new Applicant(world, seedKey('town'))
    const slot = CORE_FACTS.findIndex(({ name }) => name === 'lease_filed')
    expect([0, 1].map(h => applicant.at(h, from).facts(law)[slot])).toEqual([1, 0])
    world.leaseSince.fill(from)
  }
})
