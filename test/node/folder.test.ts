import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { InputError } from '../../src/reading/finding.js'

/** Lets a test fill the disk at the file of its choice. */
const disk = vi.hoisted(() => ({ fullAt: '' }))
vi.mock('node:fs/promises', async original => {
  const real = await original<typeof import('node:fs/promises')>()
  return {
    ...real,
    writeFile: (file: string, content: string) =>
      disk.fullAt && file.endsWith(disk.fullAt)
        ? Promise.reject(Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' }))
        : real.writeFile(file, content),
  }
})
const { checkTarget, writeFolder } = await import('../../src/node/folder.js')

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'menkan-folder-'))
})
afterEach(async () => {
  disk.fullAt = ''
  await rm(folder, { recursive: true })
})

const files = new Map<string, string | Uint8Array>([
  ['manifest.json', '{}'],
  ['tables/years.csv', '\ufeffyear\n2015\n'],
  ['comparison.xlsx', new Uint8Array([80, 75])],
])

async function findings(work: Promise<unknown>) {
  const error = await work.then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(error).toBeInstanceOf(InputError)
  return (error as InputError).findings
}

describe('a folder of results', () => {
  it('holds every file with its bytes, and nothing lies beside it', async () => {
    const path = await writeFolder({ out: join(folder, 'runs', 'x') }, files)
    expect(await readFile(join(path, 'tables', 'years.csv'), 'utf8')).toBe('\ufeffyear\n2015\n')
    expect([...(await readFile(join(path, 'comparison.xlsx')))]).toEqual([80, 75])
    expect(await readdir(join(folder, 'runs'))).toEqual(['x'])
  })

  it('without a name takes the next free one', async () => {
    const base = join(folder, 'x')
    expect(await writeFolder({ base }, files)).toBe(base)
    expect(await writeFolder({ base }, files)).toBe(base + '-2')
    expect(await writeFolder({ base }, files)).toBe(base + '-3')
  })

  it('two at once never share a name', async () => {
    const base = join(folder, 'x')
    const paths = await Promise.all([1, 2, 3, 4].map(() => writeFolder({ base }, files)))
    expect(new Set(paths).size).toBe(4)
    expect(await readdir(folder)).toHaveLength(4)
  })

  it('refuses a name that is taken, before and after the work', async () => {
    const out = join(folder, 'x')
    await mkdir(out)
    expect(await findings(checkTarget({ out }))).toMatchObject([{ code: 'folder-exists', severity: 'error' }])
    expect(await findings(writeFolder({ out }, files))).toMatchObject([{ code: 'folder-exists' }])
    expect(await readdir(out)).toEqual([])
  })

  it('refuses a name that another run is writing', async () => {
    await mkdir(join(folder, 'x.partial'))
    expect(await findings(writeFolder({ out: join(folder, 'x') }, files))).toMatchObject([
      { code: 'unfinished-folder' },
    ])
    expect(await writeFolder({ base: join(folder, 'x') }, files)).toBe(join(folder, 'x-2'))
  })

  it('says that a file stands where a folder is needed', async () => {
    await writeFile(join(folder, 'file'), '')
    for (const target of [{ out: join(folder, 'file', 'x') }, { base: join(folder, 'file', 'x') }]) {
      expect(await findings(checkTarget(target))).toMatchObject([{ code: 'unwritable-folder' }])
      expect(await findings(writeFolder(target, files))).toMatchObject([{ code: 'unwritable-folder' }])
    }
  })

  it('on a full disk leaves nothing and says so', async () => {
    disk.fullAt = 'years.csv'
    await expect(writeFolder({ base: join(folder, 'x') }, files)).rejects.toMatchObject({
      name: 'MachineFailure',
      finding: { code: 'disk-full' },
    })
    expect(await readdir(folder)).toEqual([])
  })
})

// Windows ends a child without asking it, so there is nothing to test from outside.
describe.skipIf(process.platform === 'win32')('an interrupt', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s removes what is half-written and ends with %i', async (signal, code) => {
    const { build } = await import('esbuild')
    const script = join(folder, 'write.mjs')
    await build({
      stdin: {
        // A file of content that never ends: the folder stays half-written until the signal comes.
        contents: `
          import { writeFolder } from './src/node/folder.js'
          async function* forever() {
            for (;;) { yield 'x'; await new Promise(resolve => setTimeout(resolve, 5)); process.stdout.write('.') }
          }
          await writeFolder({ out: ${JSON.stringify(join(folder, 'x'))} }, new Map([['a', 'a'], ['b/c', forever()]]))`,
        resolveDir: '.',
        loader: 'ts',
      },
      bundle: true,
      format: 'esm',
      platform: 'node',
      outfile: script,
    })
    const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] })
    await new Promise(resolve => child.stdout.once('data', resolve))
    expect(await readdir(join(folder, 'x.partial'))).toEqual(['a', 'b'])
    child.kill(signal)
    expect(await new Promise(resolve => child.on('close', resolve))).toBe(code)
    expect(await readdir(folder)).toEqual(['write.mjs'])
  })
})
