import { readPack } from '../pack/read.js'
import type { Pack } from '../pack/pack.js'
import { InputError } from '../reading/finding.js'
import { displayPath, packFolder, readFolder } from './files.js'
import { sha256 } from './hash.js'

/**
 * Read a pack by its shipped name or the path of its folder.
 * @throws InputError `missing-file`, or whatever is wrong in the pack, with paths as the user would write them
 */
export async function loadPack(nameOrPath: string): Promise<Pack> {
  const folder = packFolder(nameOrPath)
  const files = await readFolder(folder)
  try {
    return readPack(files, sha256)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    const base = displayPath(folder)
    throw new InputError(
      error.findings.map(finding =>
        finding.file === undefined ? finding : { ...finding, file: `${base}/${finding.file}` },
      ),
    )
  }
}
