/** Scenario files: pack, horizon, policy timeline, parameters; usually a small difference on another scenario (`extends`). */
import { z } from 'zod'
import { formatMonth, monthsOf, parseMonth, type Horizon, type Month } from '../evidence/month.js'
import type { Override } from '../evidence/layered.js'
import { InputError, type Finding } from '../reading/finding.js'
import type { Text } from '../reading/text.js'
import { readYaml, type Positions } from '../reading/yaml.js'

const text = z.strictObject({ zh: z.string(), en: z.string() })
const month = z.string().refine(value => parseMonth(value) !== undefined, {
  params: { zh: '应为月份,如 2015-01', en: 'expected a month such as 2015-01' },
})
const from = z.string().refine(value => value === 'reform.inForce' || parseMonth(value) !== undefined, {
  params: {
    zh: '应为月份(如 2016-07)或参数 reform.inForce',
    en: 'expected a month such as 2016-07, or the parameter reform.inForce',
  },
})

/** The form of a scenario file. With `extends` everything else may be left out. */
export const scenarioSchema = z.strictObject({
  scenario: z.string().min(1),
  title: text.optional(),
  extends: z.string().optional(),
  pack: z.string().optional(),
  horizon: z.strictObject({ from: month, to: month }).optional(),
  policy: z
    .array(z.strictObject({ from, use: z.string() }))
    .min(1)
    .optional(),
  parameters: z.record(z.string(), z.union([z.number(), z.string()])).optional(),
  replicates: z.int().min(1).max(1_000_000).optional(),
  seed: z.string().min(1).optional(),
})

export interface Scenario {
  id: string
  title: Text
  pack: string
  horizon: Horizon
  /** `file`: the scenario file that names the policy, beside which it is looked for. */
  policy: { from: Month | 'reform.inForce'; use: string; file: string }[]
  parameters: Override[]
  replicates: number
  seed: string
  file: string
}

/** Finds a scenario's text: a path beside the file that names it, else a shipped one. */
export type LoadScenario = (name: string, beside?: string) => Promise<{ text: string; file: string }>

type Raw = z.output<typeof scenarioSchema>

/**
 * Read a scenario and all that it extends.
 * @throws InputError `cycle-in-extends`, `missing-in-scenario`, `month-outside-horizon`, `timeline-order`, and what readYaml finds
 */
export async function readScenario(name: string, load: LoadScenario): Promise<Scenario> {
  const chain: { raw: Raw; positions: Positions }[] = []
  let next: string | undefined = name
  let beside: string | undefined
  while (next !== undefined) {
    const { text, file } = await load(next, beside)
    const { value, positions } = readYaml(text, file, scenarioSchema)
    if (chain.some(link => link.positions.file === file)) {
      const circle = [...chain.map(link => link.raw.scenario), value.scenario].join(' → ')
      throw new InputError([
        {
          severity: 'error',
          code: 'cycle-in-extends',
          file: chain[chain.length - 1].positions.file,
          ...chain[chain.length - 1].positions.at(['extends']),
          message: { zh: `extends 成环:${circle}`, en: `extends runs in a circle: ${circle}` },
        },
      ])
    }
    chain.push({ raw: value, positions })
    next = value.extends
    beside = file
  }
  return merge(chain)
}

/** The nearest link of the chain that says something wins; parameters are laid over one another, the base first. */
function merge(chain: { raw: Raw; positions: Positions }[]): Scenario {
  const { raw: own, positions } = chain[0]
  const findings: Finding[] = []
  const first = <K extends keyof Raw>(key: K) => chain.find(({ raw }) => raw[key] !== undefined)
  for (const key of ['pack', 'horizon', 'policy'] as const)
    if (!first(key))
      findings.push({
        severity: 'error',
        code: 'missing-in-scenario',
        file: positions.file,
        line: 1,
        message: { zh: `情景缺少“${key}”`, en: `The scenario lacks "${key}"` },
      })
  if (findings.length > 0) throw new InputError(findings)

  const horizonLink = first('horizon')!
  const horizon: Horizon = {
    from: parseMonth(horizonLink.raw.horizon!.from)!,
    to: parseMonth(horizonLink.raw.horizon!.to)!,
  }
  if (monthsOf(horizon) < 1)
    findings.push({
      severity: 'error',
      code: 'wrong-value',
      file: horizonLink.positions.file,
      ...horizonLink.positions.at(['horizon', 'to']),
      message: { zh: '时段的终点早于起点', en: 'The horizon ends before it begins' },
    })
  const policyLink = first('policy')!
  const policy = policyLink.raw.policy!.map(entry => ({
    from: entry.from === 'reform.inForce' ? ('reform.inForce' as const) : parseMonth(entry.from)!,
    use: entry.use,
    file: policyLink.positions.file,
  }))
  policy.forEach((entry, i) => {
    const at = { file: policyLink.positions.file, ...policyLink.positions.at(['policy', i, 'from']) }
    if (typeof entry.from === 'number') {
      if (i > 0 && (entry.from < horizon.from || entry.from > horizon.to))
        findings.push({
          severity: 'error',
          code: 'month-outside-horizon',
          ...at,
          message: {
            zh: `${formatMonth(entry.from)} 不在时段 ${formatMonth(horizon.from)} 至 ${formatMonth(horizon.to)} 内`,
            en: `${formatMonth(entry.from)} lies outside the horizon ${formatMonth(horizon.from)} to ${formatMonth(horizon.to)}`,
          },
        })
      const before = policy[i - 1]?.from
      if (typeof before === 'number' && entry.from <= before)
        findings.push({
          severity: 'error',
          code: 'timeline-order',
          ...at,
          message: { zh: '政策应按生效先后排列', en: 'Policies stand in the order in which they take force' },
        })
    }
    if (i === 0 && (entry.from === 'reform.inForce' || entry.from > horizon.from))
      findings.push({
        severity: 'error',
        code: 'month-outside-horizon',
        ...at,
        message: {
          zh: '第一项政策须自时段首月起生效',
          en: 'The first policy has to be in force from the first month of the horizon',
        },
      })
  })
  if (findings.length > 0) throw new InputError(findings)

  return {
    id: own.scenario,
    title: own.title ?? { zh: own.scenario, en: own.scenario },
    pack: first('pack')!.raw.pack!,
    horizon,
    policy,
    parameters: [...chain].reverse().flatMap(({ raw, positions: { file, at } }) =>
      Object.entries(raw.parameters ?? {}).map(([id, value]) => ({
        id,
        value,
        layer: 'scenario' as const,
        file,
        ...at(['parameters', id]),
      })),
    ),
    replicates: first('replicates')?.raw.replicates ?? 50,
    seed: first('seed')?.raw.seed ?? own.scenario,
    file: positions.file,
  }
}
