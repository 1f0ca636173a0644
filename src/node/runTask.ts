/** What a thread does for a run (node/tasks.ts): rules are compiled anew in each, since functions do not travel. */
import { ablationWorker } from '../experiment/ablation.js'
import { openPlan, type PlanSource } from '../experiment/plan.js'
import type { Prepared } from '../experiment/prepare.js'
import { worker, type Part, type PartResult } from '../experiment/runs.js'
import { layoutOf } from '../experiment/tables.js'

export interface RunContext {
  source: PlanSource
  prepared: Prepared
}

export async function runTask({ source, prepared }: RunContext): Promise<(part: Part) => PartResult> {
  const plan = await openPlan(source)
  return worker(plan, prepared, layoutOf(plan))
}

export async function ablateTask({
  source,
  prepared,
}: RunContext): Promise<ReturnType<typeof ablationWorker>> {
  const plan = await openPlan(source)
  return ablationWorker(plan, prepared, layoutOf(plan))
}
