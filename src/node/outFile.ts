/** One file of output that appears whole or not at all, and never over another. */
import { existsSync, rmSync } from 'node:fs'
import { link, open, rm } from 'node:fs/promises'
import { InputError } from '../reading/finding.js'
import { MachineFailure, systemCode } from './failure.js'
import { displayPath } from './files.js'
import { onInterrupt } from './interrupt.js'

/** @throws InputError `file-exists`, `cannot-write`; MachineFailure `disk-full` */
export async function writeWhole(path: string, text: string): Promise<void> {
  const file = await startWhole(path)
  await file.write(text)
  await file.keep()
}

/** A file in the making. Whatever goes wrong, Ctrl-C included, leaves nothing of it. */
export interface OutFile {
  write(text: string): Promise<void>
  /** It is whole: it appears under its name. */
  keep(): Promise<void>
  drop(): Promise<void>
}

/** @throws as `writeWhole`, now and from each of the functions */
export async function startWhole(path: string): Promise<OutFile> {
  if (existsSync(path)) throw exists(path)
  // A name that nobody else has: not even one of the user's own files is written over.
  const partial = `${path}.${process.pid}.partial`
  const file = await open(partial, 'wx').catch((error: unknown) => {
    throw failed(path, error)
  })
  const remove = () => rmSync(partial, { force: true })
  const stopWatching = onInterrupt(remove)
  // The program also ends where whoever reads its output stops.
  process.on('exit', remove)
  let isOpen = true
  const drop = async () => {
    if (!isOpen) return
    isOpen = false
    stopWatching()
    process.off('exit', remove)
    await file.close()
    await rm(partial, { force: true })
  }
  const orDrop = async (work: () => Promise<void>) => {
    try {
      await work()
    } catch (error) {
      await drop()
      throw failed(path, error)
    }
  }
  return {
    write: text => orDrop(() => file.writeFile(text)),
    // Unlike a rename, a link refuses a name that was taken meanwhile.
    keep: () => orDrop(() => link(partial, path)).then(drop),
    drop,
  }
}

function failed(path: string, error: unknown): unknown {
  const code = systemCode(error)
  if (code === undefined) return error
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(path, error)
  return code === 'EEXIST' ? exists(path) : cannotWrite(path, code)
}

const diskFull = (path: string, cause: unknown) =>
  new MachineFailure(
    {
      severity: 'error',
      code: 'disk-full',
      file: displayPath(path),
      message: {
        zh: '磁盘已满,没有留下不完整的文件',
        en: 'The disk is full: no half-written file was left',
      },
      fix: {
        zh: '请腾出空间,或用 --out 换到另一个磁盘。',
        en: 'Make room, or give a place on another disk with --out.',
      },
    },
    { cause },
  )

const exists = (path: string) =>
  new InputError([
    {
      severity: 'error',
      code: 'file-exists',
      file: displayPath(path),
      message: { zh: '该文件已存在,不会覆盖', en: 'This file exists and is not written over' },
      fix: {
        zh: '请用 --out 指定另一个名称,或先移走它。',
        en: 'Give another name with --out, or move it away first.',
      },
    },
  ])

const cannotWrite = (path: string, code: string) =>
  new InputError([
    {
      severity: 'error',
      code: 'cannot-write',
      file: displayPath(path),
      message: { zh: `无法写入(${code})`, en: `This cannot be written (${code})` },
      fix: { zh: '请用 --out 指定可写的位置。', en: 'Give a place that you may write to with --out.' },
    },
  ])
