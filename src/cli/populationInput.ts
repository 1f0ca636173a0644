/** What the verbs on populations are given: a pack or a scenario, a horizon, a seed, a scale, values changed by hand. */
import { seedKey } from '../evidence/luck.js'
import { populationSource, type PopulationSource } from '../node/populationSource.js'
import type { Population } from '../population/population.js'
import { populationKey, synthesize } from '../population/synthesize.js'
import { RUN } from './options.js'
import type { Given, Option, Verb } from './verb.js'

export const SOURCE: Verb['takes'][number] = {
  name: 'source',
  does: {
    zh: '数据包或情景,名称或路径(默认情景 points)',
    en: 'A pack or a scenario, name or path (default: the scenario points)',
  },
}

const MONTH = (zh: string, en: string): Option => ({ type: 'string', does: { zh, en } })

export const POPULATION_OPTIONS: Record<string, Option> = {
  from: MONTH(
    '人口从哪个月起,如 2015-01(默认取自情景)',
    'First month, e.g. 2015-01 (default: the scenario’s)',
  ),
  to: MONTH('到哪个月止(默认取自情景)', 'Last month (default: the scenario’s)'),
  scale: { ...RUN.scale, does: { zh: '抽样比例(默认 1)', en: 'Share of it that is made (default 1)' } },
  seed: RUN.seed,
  set: {
    type: 'strings',
    does: {
      zh: '改一个数值,如 pop.together=0.5;可多次使用',
      en: 'Change one value, e.g. pop.together=0.5; may be repeated',
    },
  },
}

export const readSource = ({ positionals, options }: Given): Promise<PopulationSource> =>
  populationSource((positionals.source as string | undefined) ?? 'points', {
    seed: options.seed as string | undefined,
    from: options.from as string | undefined,
    to: options.to as string | undefined,
    settings: (options.set as string[] | undefined) ?? [],
  })

export const scaleOf = ({ options }: Given): number => (options.scale as number | undefined) ?? 1

/** The population that a run of this source, seed and scale has. */
export const make = ({ pack, layered, horizon, seed }: PopulationSource, scale: number): Population =>
  synthesize(pack, layered.values, horizon, populationKey(seedKey(seed)), scale)
