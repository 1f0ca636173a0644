/** Synthesis of about so many persons: the shipped pack with its stock and pools brought to that size. */
import { seedKey } from '../src/evidence/luck.js'
import { populationSource } from '../src/node/populationSource.js'
import { populationKey, synthesize } from '../src/population/synthesize.js'
import type { Population } from '../src/population/population.js'
import { newWorld } from '../src/simulation/world.js'

const byteLength = (columns: object): number =>
  Object.values(columns).reduce<number>(
    (bytes, column) => bytes + (ArrayBuffer.isView(column) ? column.byteLength : 0),
    0,
  )

/** @returns what makes a population of about `persons` persons: all of them, whether here, to come or elsewhere */
export async function synthesisOf(persons: number): Promise<() => Population> {
  const { pack, horizon, seed, layered } = await populationSource('points', { settings: [] })
  const { values } = layered
  const make = (factor: number, scale: number) =>
    synthesize(
      pack,
      new Map([
        ...values,
        ['pop.stockFactor', factor],
        ['pool.ordinaryMax', values.get('pool.ordinaryMax')! * factor],
      ]),
      horizon,
      populationKey(seedKey(seed)),
      scale,
    )
  const [share, whole] = [0.05, 1]
  const factor = persons / (make(1, share).persons.count / share)
  return () => make(factor, whole)
}

/** Bytes of the columns of a population, and of those that a simulation lays beside them. */
export const columnBytes = (population: Population): number =>
  byteLength(population.households) + byteLength(population.persons) + byteLength(newWorld(population))
