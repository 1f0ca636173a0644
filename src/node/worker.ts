/** What runs in a thread: makes the job that node/tasks.ts lists under the wanted name, then does one part after another. */
import { parentPort, workerData } from 'node:worker_threads'
import { InputError } from '../reading/finding.js'
import { loadTask } from './tasks.js'
import type { FromThread, ThreadData, ToThread } from './threads.js'

const { task, context } = workerData as ThreadData
const port = parentPort!
const answer = (message: FromThread) => port.postMessage(message)

const ready = loadTask(task).then(prepare => prepare(context))
port.on('message', ({ index, part }: ToThread) => {
  ready
    .then(work => work(part))
    .then(
      result => answer({ index, result }),
      (error: unknown) =>
        answer({ index, error, ...(error instanceof InputError && { findings: error.findings }) }),
    )
})
