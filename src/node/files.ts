/**
 * Files as the user keeps them: found beside the file that names them or among the shipped ones, and read in the
 * encodings that bureaus use. Whatever is wrong with a path is the user's to mend, so it is an InputError that
 * names the nearest file.
 */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { basename, dirname, extname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { InputError } from '../reading/finding.js'
import { nearest } from '../reading/nearest.js'
import { systemCode } from './failure.js'

/**
 * Read a text file: UTF-8 or UTF-16 by its byte order mark, else UTF-8, else GB18030 (what Excel in China saves).
 * @returns the text without byte order mark
 * @throws InputError `missing-file`, `unreadable-file`, `unknown-encoding`
 */
export async function readText(path: string): Promise<string> {
  let bytes: Uint8Array
  try {
    bytes = await readFile(path)
  } catch (error) {
    throw unreadable(path, error)
  }
  return decode(bytes, path)
}

/** @throws InputError `unknown-encoding` naming `path` */
export function decode(bytes: Uint8Array, path: string): string {
  const [first, second] = bytes
  const encodings =
    first === 0xff && second === 0xfe
      ? ['utf-16le']
      : first === 0xfe && second === 0xff
        ? ['utf-16be']
        : ['utf-8', 'gb18030']
  for (const encoding of encodings)
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes)
    } catch {
      // Not this one: try the next.
    }
  throw unknownEncoding(path)
}

export const unknownEncoding = (path: string) =>
  new InputError([
    {
      severity: 'error',
      code: 'unknown-encoding',
      file: displayPath(path),
      message: { zh: '无法识别文件的文字编码', en: 'The text encoding of this file is not known' },
      expected: { zh: 'UTF-8、UTF-16 或 GB18030', en: 'UTF-8, UTF-16 or GB18030' },
    },
  ])

const TEXT_FILES = new Set(['.yaml', '.yml', '.csv', '.json', '.md', '.txt', '.sha256'])

/**
 * All text files of a folder and the folders in it, by relative path with `/`, in the order of their names
 * (hidden files and other kinds are left out).
 * @throws InputError as `readText`, all files at once
 */
export async function readFolder(path: string): Promise<Map<string, string>> {
  let entries
  try {
    entries = await readdir(path, { recursive: true, withFileTypes: true })
  } catch (error) {
    throw unreadable(path, error)
  }
  const names = entries
    .filter(entry => !entry.isDirectory() && TEXT_FILES.has(extname(entry.name)))
    .map(entry => relative(path, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter(name => !name.split('/').some(part => part.startsWith('.')))
    .sort()
  const read = await Promise.allSettled(names.map(name => readText(join(path, name))))
  const mistakes = read.flatMap(result => {
    if (result.status === 'fulfilled') return []
    if (result.reason instanceof InputError) return result.reason.findings
    throw result.reason
  })
  if (mistakes.length > 0) throw new InputError(mistakes)
  return new Map(names.map((name, index) => [name, (read[index] as PromiseFulfilledResult<string>).value]))
}

/** The package's own folder, with the shipped `data/` and `scenarios/`: the program may run built or from source. */
export function shippedRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder)
    if (parent === folder) throw new Error('the package is not whole: install it again')
    folder = parent
  }
  return folder
}

/**
 * The path of a scenario or policy file: beside the file that names it (or the current folder), else the shipped
 * one of that name, else a path under the shipped scenarios/.
 * @param beside the file that holds the reference; undefined for a name from the command line
 * @throws InputError `missing-file` with the nearest shipped name
 */
export function resolveShipped(kind: 'policies' | 'scenarios', name: string, beside?: string): string {
  const shipped = join(shippedRoot(), 'scenarios')
  const named = kind === 'policies' ? join(shipped, 'policies') : shipped
  const found = [
    resolve(beside === undefined ? '.' : dirname(beside), name),
    join(named, name + '.yaml'),
    join(named, name),
    join(shipped, name),
  ].find(isFile)
  if (found !== undefined) return found
  throw missing(name, shippedNames(kind), {
    zh: kind === 'policies' ? '政策文件' : '情景文件',
    en: kind === 'policies' ? 'policy' : 'scenario',
  })
}

/** The end of the name of a file of cases. */
export const CASES = '.test.yaml'

/** The names that `resolveShipped` knows, sorted. Cases (`NAME.test.yaml`) lie beside the policy that they test. */
export const shippedNames = (kind: 'policies' | 'scenarios'): string[] =>
  namesIn(join(shippedRoot(), 'scenarios', kind === 'policies' ? 'policies' : '.'))
    .filter(name => name.endsWith('.yaml') && !name.endsWith(CASES))
    .map(name => basename(name, '.yaml'))

/**
 * The folder of a pack: a path to a folder with pack.yaml, else the shipped pack of that name.
 * @param beside the scenario file that names it: a path is looked for beside that file first
 * @throws InputError `missing-file` with the nearest shipped name
 */
export function packFolder(name: string, beside?: string): string {
  const shipped = join(shippedRoot(), 'data')
  const found = [
    ...(beside === undefined ? [] : [resolve(dirname(beside), name)]),
    resolve(name),
    join(shipped, name),
  ].find(folder => isFile(join(folder, 'pack.yaml')))
  if (found !== undefined) return found
  throw missing(name, namesIn(shipped), {
    zh: '数据包(含 pack.yaml 的文件夹)',
    en: 'pack (a folder with pack.yaml)',
  })
}

/** A path as the user would write it: relative to the current folder or to the shipped files where inside. */
export function displayPath(path: string): string {
  for (const base of ['.', shippedRoot()]) {
    const short = relative(base, path)
    if (short !== '' && !short.startsWith('..') && resolve(base, short) === resolve(path))
      return short.split(sep).join('/')
  }
  return path
}

/** A name for a file that says nothing of this machine: its path among the shipped files, else its last part. */
export function shippedName(path: string): string {
  const short = relative(shippedRoot(), path)
  return short.startsWith('..') || resolve(short) === short ? basename(path) : short.split(sep).join('/')
}

const isFile = (path: string): boolean => status(path)?.isFile() ?? false
const isFolder = (path: string): boolean => status(path)?.isDirectory() ?? false

function status(path: string) {
  try {
    return statSync(path)
  } catch {
    return undefined
  }
}

const namesIn = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder).sort() : [])

function missing(name: string, known: string[], what: { zh: string; en: string }): InputError {
  return new InputError([
    {
      severity: 'error',
      code: 'missing-file',
      file: name,
      message: { zh: `找不到${what.zh}“${name}”`, en: `There is no ${what.en} "${name}"` },
      nearest: nearest(name, known),
      expected: {
        zh: `一个文件路径,或内置名称:${known.join('、')}`,
        en: `a path, or a shipped name: ${known.join(', ')}`,
      },
    },
  ])
}

/** What the system said of a path, in words; any other error as it is. */
export function unreadable(path: string, error: unknown): Error {
  const code = systemCode(error)
  if (code === undefined) return error as Error
  const file = displayPath(path)
  const folder = dirname(path)
  return new InputError([
    code === 'ENOENT' || code === 'ENOTDIR'
      ? {
          severity: 'error',
          code: 'missing-file',
          file,
          message: { zh: '没有这个文件', en: 'There is no such file' },
          nearest: nearest(basename(path), isFolder(folder) ? readdirSync(folder) : []),
        }
      : {
          severity: 'error',
          code: 'unreadable-file',
          file,
          message: { zh: `无法读取(${code})`, en: `This cannot be read (${code})` },
          ...(code === 'EISDIR' && { expected: { zh: '文件,而不是文件夹', en: 'a file, not a folder' } }),
        },
  ])
}
