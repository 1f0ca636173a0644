/** Ids of persons replaced by a keyed hash: without the key nobody can try numbers until one fits. */
import { createHmac, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { link, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { InputError } from '../reading/finding.js'
import { displayPath, unreadable } from './files.js'

/** Bytes of a key. */
const KEY = 32
/** Hexadecimal digits that are kept of the hash, 64 bits: two of 10⁷ persons share one with a chance below 10⁻⁵. */
const DIGITS = 16

/** HMAC-SHA-256 (RFC 2104) of an id, cut. */
export const keyedHash =
  (key: Uint8Array) =>
  (id: string): string =>
    createHmac('sha256', key).update(id).digest('hex').slice(0, DIGITS)

export const newKey = (): Uint8Array => randomBytes(KEY)

/**
 * The key of a file, which is made if it is not there, for its owner's eyes alone.
 * @returns the key, and whether it was made now
 * @throws InputError `weak-key`, `unreadable-file`
 */
export async function readIdKey(path: string): Promise<{ key: Uint8Array; made: boolean }> {
  try {
    if (!existsSync(path)) {
      const key = newKey()
      const partial = `${path}.partial`
      await writeFile(partial, Buffer.from(key).toString('hex') + '\n', { mode: 0o600, flag: 'wx' })
      await link(partial, path).finally(() => rm(partial, { force: true }))
      return { key, made: true }
    }
    const text = (await readFile(path, 'latin1')).trim()
    const { mode } = await stat(path)
    if (!/^[0-9a-f]{64}$/i.test(text))
      throw weakKey(path, { zh: '不是密钥文件', en: 'This is no file of a key' })
    if (process.platform !== 'win32' && (mode & 0o077) !== 0)
      throw weakKey(path, { zh: '其他用户可以读取这个密钥', en: 'Other users may read this key' })
    return { key: Buffer.from(text, 'hex'), made: false }
  } catch (error) {
    throw unreadable(path, error)
  }
}

const weakKey = (path: string, message: { zh: string; en: string }) =>
  new InputError([
    {
      severity: 'error',
      code: 'weak-key',
      file: displayPath(path),
      message,
      expected: { zh: '64 位十六进制数字,权限 600', en: '64 hexadecimal digits, mode 600' },
      fix: {
        zh: '换一个不存在的文件名,程序会生成密钥;或 chmod 600。',
        en: 'Name a file that does not exist and the program makes a key; or chmod 600.',
      },
    },
  ])
