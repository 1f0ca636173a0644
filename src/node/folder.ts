/**
 * A folder of results appears whole or not at all: it is written as NAME.partial beside its place and then renamed.
 * Making NAME.partial is also the claim on the name, so that two runs never take the same one.
 */
import { existsSync, rmSync } from 'node:fs'
import { access, constants, mkdir, opendir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join, normalize, resolve } from 'node:path'
import { InputError, type Finding } from '../reading/finding.js'
import { MachineFailure, systemCode } from './failure.js'
import { displayPath } from './files.js'
import { onInterrupt } from './interrupt.js'

/** A name that the user gave (`out`: nothing may be there yet), or a `base` whose next free form is taken. */
export type Target = { out: string } | { base: string }

/**
 * Before a long calculation: is the place that the user named free, and may we write there?
 * @throws InputError `folder-exists`, `unfinished-folder`, `unwritable-folder`
 */
export async function checkTarget(target: Target): Promise<void> {
  if ('out' in target) refuseTaken(normalize(target.out))
  let parent = dirname(resolve('out' in target ? target.out : target.base))
  while (!existsSync(parent)) parent = dirname(parent)
  try {
    await access(parent, constants.W_OK)
    await (await opendir(parent)).close() // a file may stand there
  } catch (error) {
    throw unwritable(parent, error)
  }
}

/**
 * Write all files (relative paths with `/`) into a new folder, in their order; what is too large for one text comes in
 * pieces. Whatever goes wrong, Ctrl-C included, leaves nothing.
 * @returns the folder's path: `out` as given, or `base`, `base-2`, `base-3` …
 * @throws InputError `folder-exists`, `unfinished-folder`, `unwritable-folder`; MachineFailure `disk-full`
 */
export async function writeFolder(
  target: Target,
  files: ReadonlyMap<string, string | Uint8Array | AsyncIterable<string | Uint8Array>>,
): Promise<string> {
  const { path, partial } = await claim(target)
  const stopWatching = onInterrupt(() => rmSync(partial, { recursive: true, force: true }))
  try {
    for (const [name, content] of files) {
      const file = join(partial, ...name.split('/'))
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, content)
    }
    if (existsSync(path)) throw taken('folder-exists', path)
    await rename(partial, path)
    return path
  } catch (error) {
    await rm(partial, { recursive: true, force: true })
    throw systemCode(error) === undefined || error instanceof InputError ? error : unwritable(path, error)
  } finally {
    stopWatching()
  }
}

async function claim(target: Target): Promise<{ path: string; partial: string }> {
  const base = normalize('out' in target ? target.out : target.base).replace(/[\\/]+$/, '')
  try {
    await mkdir(dirname(base), { recursive: true })
  } catch (error) {
    throw unwritable(dirname(base), error)
  }
  for (let count = 1; ; count++) {
    const path = count === 1 ? base : `${base}-${count}`
    const partial = path + '.partial'
    if ('out' in target) refuseTaken(path)
    else if (existsSync(path)) continue
    try {
      await mkdir(partial)
      return { path, partial }
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw unwritable(path, error)
      if ('out' in target) throw taken('unfinished-folder', partial)
      // With a base: another run holds this name, take the next.
    }
  }
}

function refuseTaken(path: string): void {
  if (existsSync(path)) throw taken('folder-exists', path)
  if (existsSync(path + '.partial')) throw taken('unfinished-folder', path + '.partial')
}

function taken(code: 'folder-exists' | 'unfinished-folder', path: string): InputError {
  const finding: Finding = { severity: 'error', code, file: displayPath(path), message: MESSAGES[code] }
  finding.fix =
    code === 'folder-exists'
      ? {
          zh: '请用 --out 指定另一个名称,或不写 --out,由程序取下一个空闲名称。',
          en: 'Give another name with --out, or leave --out away to take the next free name.',
        }
      : {
          zh: '若没有别的运行正在写它,请删除后重试。',
          en: 'If no other run is writing it, delete it and try again.',
        }
  return new InputError([finding])
}

const MESSAGES = {
  'folder-exists': { zh: '该输出位置已存在', en: 'This output already exists' },
  'unfinished-folder': { zh: '这里有一个未完成的输出文件夹', en: 'An unfinished output folder lies here' },
}

function unwritable(path: string, error: unknown): Error {
  const code = systemCode(error)
  const file = displayPath(path)
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new MachineFailure(
      {
        severity: 'error',
        code: 'disk-full',
        file,
        message: {
          zh: '磁盘已满,结果未写出,也没有留下不完整的文件夹',
          en: 'The disk is full: nothing was written, and no half-written folder was left',
        },
        fix: {
          zh: '请腾出空间,或用 --out 换到另一个磁盘,然后重新运行。',
          en: 'Make room, or give a folder on another disk with --out, and run again.',
        },
      },
      { cause: error },
    )
  return new InputError([
    {
      severity: 'error',
      code: 'unwritable-folder',
      file,
      message: { zh: `无法在此写入(${code})`, en: `This cannot be written (${code})` },
      fix: { zh: '请用 --out 指定可写的位置。', en: 'Give a place that you may write to with --out.' },
    },
  ])
}
