/** A plan from files, run on threads: what `compare`, `run` and `verify` have in common. */
import { join } from 'node:path'
import { compare, emptyRuns, partsOf, take, type Runs } from '../experiment/compare.js'
import { notCalibrated, openPlan, policyKey, type Plan, type PlanSource } from '../experiment/plan.js'
import { prepare, type Prepared } from '../experiment/prepare.js'
import type { Part, PartResult } from '../experiment/runs.js'
import { readScenario } from '../experiment/scenario.js'
import { resolvePolicy } from '../policy/read.js'
import { InputError } from '../reading/finding.js'
import type { Comparison } from '../results/comparison.js'
import { publish } from '../results/suppression/publish.js'
import type { Release } from '../results/suppression/release.js'
import { displayPath, packFolder, readText, resolveShipped, shippedName } from './files.js'
import { linearPrograms } from './linearPrograms.js'
import { loadPack } from './packs.js'
import type { RunContext } from './runTask.js'
import { pool } from './threads.js'

export interface Choices {
  settings?: string[]
  seed?: string
  replicates?: number
  draws?: number
  scale?: number
}

/** Mean-field draws behind the bands, and the share of the population that is simulated, unless the user says otherwise. */
const DRAWS = 600
const SCALE = 0.1

/**
 * Read scenarios, their pack and every rule set that they come to.
 * @param names scenario files or shipped names, the baseline first
 * @throws InputError for whatever is wrong in any of them
 */
export async function gather(names: string[], choices: Choices): Promise<PlanSource> {
  const texts = new Map<string, string>()
  /** Files are known by a name without a path of this machine; where each lies is remembered here. */
  const places = new Map<string, string>()
  const load = async (kind: 'scenarios' | 'policies', name: string, beside?: string) => {
    const path = resolveShipped(kind, name, beside === undefined ? undefined : places.get(beside))
    const file = shippedName(path)
    places.set(file, path)
    const text = await readText(path)
    texts.set(file, text)
    return { text, file }
  }
  const scenarios = []
  for (const name of names)
    scenarios.push(await readScenario(name, (wanted, beside) => load('scenarios', wanted, beside)))
  const folder = packFolder(scenarios[0].pack, places.get(scenarios[0].file))
  const pack = await loadPack(folder)
  if (!pack.calibrated) throw new InputError([notCalibrated(pack, displayPath(folder))])
  // The rule sets that a pack refers to lie beside its pack.yaml, or among the shipped ones.
  places.set('', join(folder, 'pack.yaml'))
  const policies: PlanSource['policies'] = {}
  const record = async (use: string, file: string) => {
    await resolvePolicy(
      use,
      async (name, beside = file) =>
        (policies[policyKey(name, beside)] = await load('policies', name, beside)),
      file,
    )
  }
  for (const { policy } of scenarios) for (const { use, file } of policy) await record(use, file)
  for (const id of [pack.reference.before, pack.reference.after]) await record(id, '')
  return {
    pack,
    scenarios,
    policies,
    settings: choices.settings ?? [],
    seed: choices.seed ?? scenarios[0].seed,
    replicates: choices.replicates ?? Math.max(...scenarios.map(({ replicates }) => replicates)),
    draws: choices.draws ?? DRAWS,
    scale: choices.scale ?? SCALE,
  }
}

const BATCH = 50

export interface Outcome {
  plan: Plan
  prepared: Prepared
  comparison: Comparison
  runs: Runs
}

/**
 * Run a plan. `onDone` hears of every part that is done. The number of jobs changes the time alone. Of a pack with records
 * of real persons the comparison is what may be shown; the earlier `releases` are those that readers have already.
 */
export async function execute(
  source: PlanSource,
  jobs: number | undefined,
  onDone?: (done: number, total: number) => void,
  releases: Release[] = [],
): Promise<Outcome> {
  const plan = await openPlan(source)
  const prepared = prepare(plan)
  const context: RunContext = { source, prepared }
  const threads = pool<Part, PartResult>({ jobs, task: 'run', context })
  try {
    // In batches, so that what a part hands back is let go once it is taken in.
    const parts = partsOf(plan)
    const runs = emptyRuns(plan)
    for (let from = 0; from < parts.length; from += BATCH) {
      const batch = parts.slice(from, from + BATCH)
      const results = await threads.run(batch, done => onDone?.(from + done, parts.length))
      results.forEach((result, i) => take(runs, batch[i], result))
    }
    const comparison = compare(plan, prepared, runs)
    if (!plan.pack.microdata) return { plan, prepared, comparison, runs }
    return { plan, prepared, comparison: publish(comparison, await linearPrograms(), releases), runs }
  } finally {
    await threads.close()
  }
}
