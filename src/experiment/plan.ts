/**
 * A plan is everything that fixes a result: pack, scenarios, policies, overrides, seed, numbers of runs, scale.
 * `PlanSource` is plain data (it is what the manifest hashes and what threads are given); `openPlan` compiles it.
 */
import { drawParameter } from '../evidence/draw.js'
import { layer, type Layered, type Override } from '../evidence/layered.js'
import { DECISIONS, nameKey, seedKey, subKey, uniform, type SeedKey } from '../evidence/luck.js'
import type { Horizon } from '../evidence/month.js'
import type { Parameter, Values } from '../evidence/parameter.js'
import type { Pack } from '../pack/pack.js'
import { takenOverInAll } from '../pack/rules/marks.js'
import { compileLaws } from '../policy/compile.js'
import { writtenPath } from '../policy/dated.js'
import { parsePolicyOverride, patchPolicy, type PolicyOverride } from '../policy/patch.js'
import type { Law, Policy } from '../policy/policy.js'
import { resolvePolicy } from '../policy/read.js'
import { unsuppliedFacts } from '../policy/unsupplied.js'
import { InputError, type Finding } from '../reading/finding.js'
import { nearest } from '../reading/nearest.js'
import type { Text } from '../reading/text.js'
import { fromColumns, MEMBERS, ROW_PARAMETERS, type CalibratedRow } from '../simulation/calibrated.js'
import { isHeld } from '../simulation/profile.js'
import type { LawSeries, TimelineEntry } from '../simulation/timeline.js'
import type { Scenario } from './scenario.js'

export interface PlanSource {
  pack: Pack
  scenarios: Scenario[]
  /** Texts of the rule sets, as answers to «`name` named in file `beside`»: key `beside\nname`. */
  policies: Record<string, { text: string; file: string }>
  /** What --set said, in order. */
  settings: string[]
  seed: string
  /** Paired simulations. */
  replicates: number
  /** Mean-field draws. */
  draws: number
  scale: number
}

export interface PlannedScenario {
  id: string
  title: Text
  timeline: TimelineEntry[]
  layered: Layered
}

export interface Plan {
  source: PlanSource
  pack: Pack
  horizon: Horizon
  key: SeedKey
  scenarios: PlannedScenario[]
  /** The rule sets that the calibration refers to. */
  reference: { before: LawSeries; after: LawSeries }
  /** Every channel of any law, `ordinary` last. */
  channels: string[]
  rows: CalibratedRow[]
  findings: Finding[]
}

export const policyKey = (name: string, beside: string): string => `${beside}\n${name}`

const lawSeries = (policy: Policy, { areas }: Pack, horizon: Horizon): LawSeries => ({
  policy: policy.id,
  fingerprint: JSON.stringify([policy.id, policy.tree]),
  laws: compileLaws(policy, horizon, { areas }),
})

/**
 * @throws InputError for scenarios that do not belong together, unknown or idle overrides, broken policies,
 *         a pack that was never calibrated
 */
export async function openPlan(source: PlanSource): Promise<Plan> {
  const { pack, scenarios } = source
  const findings: Finding[] = takenOverInAll(pack)
  const errors: Finding[] = []
  const [first] = scenarios
  for (const scenario of scenarios.slice(1))
    for (const [what, same] of [
      ['pack', scenario.pack === first.pack],
      ['horizon', scenario.horizon.from === first.horizon.from && scenario.horizon.to === first.horizon.to],
    ] as const)
      if (!same)
        errors.push({
          severity: 'error',
          code: 'scenarios-differ',
          file: scenario.file,
          message: {
            zh: `“${scenario.id}”与“${first.id}”的 ${what} 不同,不能成对比较`,
            en: `${scenario.id} and ${first.id} differ in ${what}: they cannot be paired`,
          },
        })
  if (!pack.calibrated) errors.push(notCalibrated(pack, pack.id))
  if (errors.length > 0) throw new InputError(errors)

  const { policies: patches, parameters: points } = sortSettings(source, errors)
  const asWritten = (use: string, file: string): Promise<Policy> =>
    resolvePolicy(
      use,
      (name, beside) => Promise.resolve(source.policies[policyKey(name, beside ?? file)]),
      file,
    )
  const resolve = async (use: string, file: string, scenario: string): Promise<Policy> => {
    let policy = await asWritten(use, file)
    for (const patch of patches)
      if (patch.policy === policy.id && (patch.scenario === undefined || patch.scenario === scenario)) {
        policy = patchPolicy(policy, patch.path, patch.value)
        patch.used = true
      }
    return policy
  }

  /** What the rules ask for and this population or timeline does not have; said once, whichever scenarios use the policy. */
  const lacking = new Map<string, Finding>()
  const lack = (found: Finding[]) => {
    for (const finding of found) lacking.set(JSON.stringify([finding.code, finding.message]), finding)
  }
  const seriesOf = (policy: Policy, horizon: Horizon): LawSeries => {
    const series = lawSeries(policy, pack, horizon)
    for (const law of new Set(series.laws)) lack(unsuppliedFacts(policy, law))
    return series
  }

  const planned: PlannedScenario[] = []
  for (const scenario of scenarios) {
    const timeline: TimelineEntry[] = []
    for (const { from, use, file } of scenario.policy) {
      const policy = await resolve(use, file, scenario.id)
      const series = seriesOf(policy, scenario.horizon)
      lack(withoutChannel(policy, series, timeline.at(-1)?.series))
      timeline.push({ from, series })
    }
    const overrides: Override[] = [
      ...scenario.parameters,
      ...points
        .filter(point => point.scenario === undefined || point.scenario === scenario.id)
        .map(({ id, value }) => ({ id, value, layer: 'command line' as const })),
    ]
    const layered = layer(pack.parameters, overrides)
    for (const id of layered.points.keys()) findings.push(...rowFindings(id, scenario.id, pack.parameters))
    planned.push({ id: scenario.id, title: scenario.title, timeline, layered })
  }
  findings.push(...lacking.values())
  lacking.clear()
  errors.push(...heldDiffer(planned))
  for (const patch of patches)
    if (!patch.used)
      errors.push({
        severity: 'error',
        code: 'unknown-policy',
        message: {
          zh: `所选情景没有用到政策“${patch.policy}”`,
          en: `No scenario chosen uses a policy "${patch.policy}"`,
        },
        nearest: nearest(
          patch.policy,
          planned.flatMap(({ timeline }) => timeline.map(entry => entry.series.policy)),
        ),
      })
  errors.push(...findings.filter(({ severity }) => severity === 'error'))
  if (errors.length > 0) throw new InputError(errors)

  const reference = {
    // What was counted was counted under the rules as they were: no override changes how hazards are read from it.
    before: seriesOf(await asWritten(pack.reference.before, ''), first.horizon),
    after: seriesOf(await asWritten(pack.reference.after, ''), first.horizon),
  }
  if (lacking.size > 0) throw new InputError([...lacking.values()])
  const ids = new Set<string>()
  for (const series of [
    ...planned.flatMap(({ timeline }) => timeline.map(entry => entry.series)),
    reference.before,
    reference.after,
  ])
    for (const law of series.laws) for (const { id } of law.channels) ids.add(id)
  return {
    source,
    pack,
    horizon: first.horizon,
    key: seedKey(source.seed),
    scenarios: planned,
    reference,
    channels: [...ids, 'ordinary'],
    rows: pack.calibrated!.rows.map(fromColumns),
    findings,
  }
}

/** @param folder the pack's, as the user would write it */
export const notCalibrated = ({ id }: Pack, folder: string): Finding => ({
  severity: 'error',
  code: 'not-calibrated',
  message: { zh: `数据包“${id}”尚未校准`, en: `The pack ${id} has not been calibrated` },
  fix: {
    zh: `运行 menkan calibrate ${folder} --out ${folder}/calibrated.csv`,
    en: `Run menkan calibrate ${folder} --out ${folder}/calibrated.csv`,
  },
})

/**
 * Rights to a channel that the rules before never had. What was before the horizon is not known: rights that begin with
 * it have no effect, and `idle-right` says so.
 */
function withoutChannel(policy: Policy, { laws }: LawSeries, before: LawSeries | undefined): Finding[] {
  const channelsOf = (some: readonly Law[]) => some.flatMap(({ channels }) => channels.map(({ id }) => id))
  const ids = new Set(laws.flatMap(({ legacy }) => legacy.map(({ channel }) => channel)))
  return [...ids].flatMap((channel): Finding[] => {
    const first = laws.findIndex(({ legacy }) => legacy.some(right => right.channel === channel))
    const place = policy.place(writtenPath(policy.tree, ['legacy', channel], laws[first].month))
    if (!before && first === 0)
      return [
        {
          severity: 'warning',
          code: 'idle-right',
          ...place,
          message: {
            zh: `时段从政策“${policy.id}”开始,此前的政策未知:保留的权利(legacy.${channel})不起作用`,
            en: `The horizon begins with ${policy.id}, and what was before is not known: the right under legacy.${channel} has no effect`,
          },
          fix: {
            zh: '在情景的 policy 中,把此前的政策排在它之前',
            en: "Put the rules before into the scenario's policy, ahead of these",
          },
        },
      ]
    // A right that a rule set begins to grant on a date of its own may be to a channel of its own.
    const had = [...new Set(channelsOf([...(before?.laws ?? []), ...laws.slice(0, first)]))]
    if (had.includes(channel)) return []
    const former = before?.policy ?? policy.id
    return [
      {
        severity: 'error',
        code: 'unknown-channel',
        ...place,
        message: {
          zh: `此前的政策“${former}”没有渠道“${channel}”,不能保留其权利(legacy.${channel})`,
          en: `The rules before, ${former}, have no channel "${channel}" whose rights could go on (legacy.${channel})`,
        },
        expected: { zh: had.join('、'), en: had.join(', ') },
        nearest: nearest(channel, had),
      },
    ]
  })
}

/** What the population and its profile are made with must be the same in every scenario, or they could not be paired. */
function heldDiffer(planned: PlannedScenario[]): Finding[] {
  const [first, ...others] = planned
  return others.flatMap(({ id: scenario, layered }) =>
    [...new Set([...first.layered.points.keys(), ...layered.points.keys()])]
      .filter(id => isHeld(id) && first.layered.values.get(id) !== layered.values.get(id))
      .map(id => ({
        severity: 'error' as const,
        code: 'scenarios-differ',
        message: {
          zh: `“${id}”属于合成人口，不能只在情景“${scenario}”或“${first.id}”中改动`,
          en: `${id} belongs to the synthetic population: it cannot differ between ${first.id} and ${scenario}`,
        },
        fix: { zh: `对所有情景设置:--set ${id}=…`, en: `Set it for all of them: --set ${id}=…` },
      })),
  )
}

/** One `--set`; without a scenario it holds for all. */
interface Setting {
  scenario?: string
}

/** `policy.POLICY.PATH=VALUE`, `ID=VALUE`, either behind `SCENARIO:`. */
function sortSettings({ settings, scenarios }: PlanSource, errors: Finding[]) {
  const policies: (Setting & PolicyOverride & { used?: boolean })[] = []
  const parameters: (Setting & { id: string; value: string })[] = []
  for (const setting of settings) {
    const match = /^(?:([^:=]+):)?([^=]+)=(.*)$/.exec(setting)
    if (!match) {
      errors.push({
        severity: 'error',
        code: 'broken-setting',
        message: { zh: `--set “${setting}”不成形`, en: `--set "${setting}" cannot be read` },
        expected: { zh: 'PATH=VALUE 或 SCENARIO:PATH=VALUE', en: 'PATH=VALUE or SCENARIO:PATH=VALUE' },
      })
      continue
    }
    const [, scenario, path, value] = match
    if (scenario !== undefined && !scenarios.some(({ id }) => id === scenario))
      errors.push({
        severity: 'error',
        code: 'unknown-scenario',
        message: {
          zh: `--set:没有名为“${scenario}”的情景`,
          en: `--set: no scenario "${scenario}" is being run`,
        },
        nearest: nearest(
          scenario,
          scenarios.map(({ id }) => id),
        ),
      })
    const ofPolicy = parsePolicyOverride(`${path}=${value}`)
    if (ofPolicy) policies.push({ scenario, ...ofPolicy })
    else parameters.push({ scenario, id: path, value })
  }
  return { policies, parameters }
}

/** Parameters that only calibration reads (priors): an override at a run would change nothing. */
const ONLY_CALIBRATION = /^(moves\.(breakRest|walkArea|yearShock|size)|reform\.areaSd)$/

function rowFindings(id: string, scenario: string, parameters: readonly Parameter[]): Finding[] {
  if (ONLY_CALIBRATION.test(id))
    return [
      {
        severity: 'error',
        code: 'only-calibration',
        message: {
          zh: `“${id}”只在校准中使用,在此改动不起作用`,
          en: `${id} is read by calibration alone: changing it here changes nothing`,
        },
        fix: {
          zh: '改数据包后重新运行 menkan calibrate',
          en: 'Change it in the pack and run menkan calibrate again',
        },
      },
    ]
  if (!(id in ROW_PARAMETERS) || !parameters.some(parameter => parameter.id === id)) return []
  return [
    {
      severity: 'warning',
      code: 'part-of-joint-draw',
      message: {
        zh: `情景“${scenario}”固定了“${id}”,它与其他校准参数是联合抽取的;其余参数未随之重新拟合`,
        en: `Scenario ${scenario} fixes ${id}, which was fitted jointly with others; they are not fitted anew to it`,
      },
    },
  ]
}

/** Key of replicate (or draw) `index`. */
export const replicateKey = (plan: Plan, index: number): SeedKey => subKey(plan.key, index)

/** Values of one replicate: overrides are points; what the profile holds stays at its value; the rest is drawn, keyed by name. */
export function valuesOf(plan: Plan, scenario: PlannedScenario, index: number): Values {
  const key = replicateKey(plan, index)
  const { values, points } = scenario.layered
  const drawn = new Map(values)
  for (const parameter of plan.pack.parameters) {
    const { id, value } = parameter
    if (value === undefined || points.has(id) || isHeld(id) || id in ROW_PARAMETERS) continue
    drawn.set(id, drawParameter(parameter, uniform(key, nameKey(id), DECISIONS.parameter, 0)))
  }
  return drawn
}

/**
 * The calibrated row of a replicate: structural members take turns, within a member a keyed order is gone through,
 * so that few replicates are spread as evenly as many. Overridden parts are replaced.
 */
export function rowOf(plan: Plan, scenario: PlannedScenario, index: number): CalibratedRow {
  const member = MEMBERS[index % MEMBERS.length]
  const order = orderOf(plan, member)
  const row = order[Math.floor(index / MEMBERS.length) % order.length]
  const overridden = Object.entries(ROW_PARAMETERS).filter(([id]) => scenario.layered.points.has(id))
  if (overridden.length === 0) return row
  const copy = structuredCopy(row)
  for (const [id, set] of overridden) set(copy, scenario.layered.points.get(id)!)
  return copy
}

const structuredCopy = (row: CalibratedRow): CalibratedRow => ({
  ...row,
  conversion: { ...row.conversion },
  share: { ...row.share },
  areas: row.areas.map(area => ({ ...area })),
})

const orders = new WeakMap<Plan, Map<string, CalibratedRow[]>>()

function orderOf(plan: Plan, member: string): CalibratedRow[] {
  let byMember = orders.get(plan)
  if (!byMember) orders.set(plan, (byMember = new Map()))
  const known = byMember.get(member)
  if (known) return known
  const ordered = plan.rows
    .map((row, i) => ({ row, u: uniform(plan.key, i, DECISIONS.row, 0) }))
    .filter(({ row }) => row.member === member)
    .sort((a, b) => a.u - b.u)
    .map(({ row }) => row)
  byMember.set(member, ordered)
  return ordered
}
