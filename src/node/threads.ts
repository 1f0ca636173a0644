/**
 * Threads that stay alive from one batch of parts to the next. Results come back in the order of the parts,
 * whichever thread was first: the number of threads changes the time and nothing else. One job runs right here.
 */
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { InputError, type Finding } from '../reading/finding.js'
import { MachineFailure } from './failure.js'
import { loadTask } from './tasks.js'

/** Takes one batch at a time. */
export interface Pool<Part, Result> {
  /** @throws the error of the first part (by index) that failed, after all running parts have ended */
  run(parts: readonly Part[], onDone?: (done: number, total: number) => void): Promise<Result[]>
  close(): Promise<void>
}

export interface PoolOptions {
  /** Threads; default: as many as the machine runs at once. 1 starts none. */
  jobs?: number
  /** A name in node/tasks.ts. */
  task: string
  /** What all parts share, given once to each thread. */
  context: unknown
  /** The built node/worker.js; found by itself except from source. */
  worker?: URL | string
}

export interface ThreadData {
  task: string
  context: unknown
}
export interface ToThread {
  index: number
  part: unknown
}
/** An error loses its class between threads, so findings travel beside it. */
export type FromThread = { index: number } & ({ result: unknown } | { error: unknown; findings?: Finding[] })

/** Runs parts one at a time; refuses with the error of the part or with MachineFailure when the thread died. */
interface Runner {
  do(index: number, part: unknown): Promise<unknown>
  close(): Promise<unknown>
}

export function pool<Part, Result>(options: PoolOptions): Pool<Part, Result> {
  const { jobs = availableParallelism(), task, context } = options
  const runners: Runner[] = []
  const grow = () =>
    runners.push(
      jobs > 1 ? thread({ task, context }, options.worker ?? builtWorker()) : here({ task, context }),
    )

  return {
    async run(parts, onDone) {
      while (runners.length < Math.max(1, Math.min(jobs, parts.length))) grow()
      const results = new Array<Result>(parts.length)
      const errors: { index: number; error: unknown }[] = []
      let next = 0
      let done = 0
      await Promise.all(
        runners.map(async runner => {
          while (next < parts.length && errors.length === 0) {
            const index = next++
            try {
              results[index] = (await runner.do(index, parts[index])) as Result
              onDone?.(++done, parts.length)
            } catch (error) {
              errors.push({ index, error })
            }
          }
        }),
      )
      // Parts are begun in order, so the lowest failing one was begun whatever the number of jobs.
      if (errors.length > 0) throw errors.sort((a, b) => a.index - b.index)[0].error
      return results
    },
    async close() {
      await Promise.all(runners.splice(0).map(runner => runner.close()))
    },
  }
}

function here({ task, context }: ThreadData): Runner {
  const ready = loadTask(task).then(prepare => prepare(context))
  ready.catch(() => {}) // told by the first `do`
  return {
    async do(_index, part) {
      const work = await ready
      // Let the progress line and an interrupt in between two parts.
      await new Promise(resolve => setImmediate(resolve))
      return work(part)
    },
    async close() {},
  }
}

function thread(data: ThreadData, file: URL | string): Runner {
  const worker = new Worker(file, { workerData: data })
  worker.unref() // an idle thread keeps no program alive
  let waiting: { resolve(result: unknown): void; reject(error: unknown): void } | undefined
  let dead: unknown

  const settle = (end: (wait: NonNullable<typeof waiting>) => void) => {
    const wait = waiting
    waiting = undefined
    worker.unref()
    if (wait) end(wait)
  }
  worker.on('message', (message: FromThread) =>
    settle(wait => {
      if ('result' in message) wait.resolve(message.result)
      else wait.reject(message.findings ? new InputError(message.findings) : message.error)
    }),
  )
  worker.on('error', error => {
    dead = died(error)
    settle(wait => wait.reject(dead))
  })
  worker.on('exit', code => {
    dead ??= died(new Error(`exit ${code}`))
    settle(wait => wait.reject(dead))
  })

  return {
    do(index, part) {
      return new Promise((resolve, reject) => {
        if (dead !== undefined) return reject(dead)
        waiting = { resolve, reject }
        worker.ref()
        worker.postMessage({ index, part } satisfies ToThread)
      })
    },
    close: () => worker.terminate(),
  }
}

function died(cause: Error): MachineFailure {
  const memory = 'code' in cause && cause.code === 'ERR_WORKER_OUT_OF_MEMORY'
  return new MachineFailure(
    {
      severity: 'error',
      code: memory ? 'out-of-memory' : 'thread-died',
      message: memory
        ? { zh: '一个计算线程内存不足', en: 'A thread ran out of memory' }
        : {
            zh: `一个计算线程意外结束:${cause.message}`,
            en: `A thread ended unexpectedly: ${cause.message}`,
          },
      fix: {
        zh: '请减小 --jobs 或 --scale 后重试。',
        en: 'Try again with fewer --jobs or a smaller --scale.',
      },
    },
    { cause },
  )
}

/** dist/node/worker.js, from wherever the bundler has put this code in dist/. */
function builtWorker(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    for (const file of [join(folder, 'node', 'worker.js'), join(folder, 'dist', 'node', 'worker.js')])
      if (existsSync(file)) return file
    if (dirname(folder) === folder) throw new Error('node/worker.js is not built: npm run build')
  }
}
