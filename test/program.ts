/** The program as a user runs it: a process of its own, from the bundle. */
import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { inject } from 'vitest'

export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

export interface RunOptions {
  /** Folder to run in; default: the project's. */
  cwd?: string
  /** Beside PATH and the like; the language is English unless set. */
  env?: Record<string, string>
  /** The child, as soon as it runs. */
  onStart?(child: ChildProcess): void
}

/** The file of the bundle, e.g. `node/worker.js`. */
export function built(file: string): string {
  const bundle = inject('built')
  if ('error' in bundle) throw new Error(`the program could not be built: ${bundle.error}`)
  return join(bundle.folder, ...file.split('/'))
}

/** `menkan` with these words. */
export const menkan = (words: string[], options: RunOptions = {}): Promise<Ended> =>
  run([built('cli/main.js'), ...words], options)

/** Node with these words. */
export function run(words: string[], { cwd, env, onStart }: RunOptions = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, words, {
      cwd,
      env: { ...clean(process.env), LC_ALL: 'en_US.UTF-8', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }))
    onStart?.(child)
  })
}

/** Without what the test runner tells its own children. */
const clean = (env: NodeJS.ProcessEnv) =>
  Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^(NODE_|VITEST|FORCE_COLOR|NO_COLOR)/.test(name)),
  )
