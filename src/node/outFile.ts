/** One file of output that appears whole or not at all, and never over another. */
import { existsSync } from 'node:fs'
import { link, rm, writeFile } from 'node:fs/promises'
import { InputError } from '../reading/finding.js'
import { systemCode } from './failure.js'
import { displayPath } from './files.js'

/** @throws InputError `file-exists`, `cannot-write` */
export async function writeWhole(path: string, text: string): Promise<void> {
  if (existsSync(path)) throw exists(path)
  const partial = `${path}.partial`
  try {
    await writeFile(partial, text)
    // Unlike a rename, a link refuses a name that was taken meanwhile.
    await link(partial, path)
  } catch (error) {
    const code = systemCode(error)
    if (code === undefined) throw error
    throw code === 'EEXIST' ? exists(path) : cannotWrite(path, code)
  } finally {
    await rm(partial, { force: true })
  }
}

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
