/** An ablation on threads: what `policy ablate` does between its arguments and its table. */
import { ablationOf, ablationSource, type Ablation, type AblationSource } from '../experiment/ablation.js'
import type { Clause } from '../experiment/clauses.js'
import { openPlan, type PlanSource } from '../experiment/plan.js'
import { prepare } from '../experiment/prepare.js'
import type { Policy } from '../policy/policy.js'
import type { RunContext } from './runTask.js'
import { pool } from './threads.js'

export interface AblationRequest {
  /** Of one scenario, as `gather` reads it. */
  source: PlanSource
  policy: Policy
  month: number
  clauses: Clause[]
  /** Greatest number of sets of clauses where there are too many to run all. */
  budget: number
}

/** @throws InputError as `openPlan` */
export async function ablate(
  { source, policy, month, clauses, budget }: AblationRequest,
  jobs: number | undefined,
  onDone?: (done: number, total: number) => void,
): Promise<Ablation> {
  const [scenario] = source.scenarios
  const asked: AblationSource = ablationSource(
    source,
    scenario,
    policy,
    month,
    source.pack.areas,
    clauses,
    budget,
  )
  const plan = await openPlan(asked.plan)
  const context: RunContext = { source: asked.plan, prepared: prepare(plan) }
  const threads = pool<{ scenario: number; replicate: number }, Float64Array>({
    jobs,
    task: 'ablate',
    context,
  })
  try {
    const parts = asked.coalitions.flatMap((_, scenario) =>
      Array.from({ length: asked.plan.replicates }, (_, replicate) => ({ scenario, replicate })),
    )
    const results = await threads.run(parts, onDone)
    const values = asked.coalitions.map((_, s) =>
      results.slice(s * asked.plan.replicates, (s + 1) * asked.plan.replicates),
    )
    return ablationOf(asked, policy.id, scenario.id, month, values)
  } finally {
    await threads.close()
  }
}
