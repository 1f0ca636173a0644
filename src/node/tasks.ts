/**
 * The work that threads can be given, by name. A task is prepared once a thread with what all parts share, then
 * called for each part; both come and go by structured clone, SharedArrayBuffers without a copy. A new one is one line.
 */
import { InputError } from '../reading/finding.js'

export type Task<Context = unknown, Part = unknown, Result = unknown> = (
  context: Context,
) => Work<Part, Result> | Promise<Work<Part, Result>>
export type Work<Part, Result> = (part: Part) => Result | Promise<Result>

const TASKS: Record<string, () => Promise<Task<never, never>>> = {
  /** Threads prove themselves: adds `part` into a shared counter. */
  tally: async () => tally,
  /** Draws and replicates of a plan. */
  run: async () => (await import('./runTask.js')).runTask,
  /** One scenario of a plan in one replicate, for ablation. */
  ablate: async () => (await import('./runTask.js')).ablateTask,
}

const tally: Task<{ counter: SharedArrayBuffer }, number, number> = ({ counter }) => {
  const total = new Int32Array(counter)
  return part => {
    if (part < 0) throw new RangeError('a part below 0')
    if (!Number.isInteger(part))
      throw new InputError([
        {
          severity: 'error',
          code: 'broken-part',
          message: { zh: '应为整数', en: 'A whole number is wanted' },
        },
      ])
    Atomics.add(total, 0, part)
    return part * part
  }
}

export async function loadTask(name: string): Promise<Task> {
  const load = TASKS[name]
  if (!load) throw new Error(`no task ${name}`)
  return (await load()) as Task
}
