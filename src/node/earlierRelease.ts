/** Earlier releases from their folders: what their readers have in hand. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { InputError, type Finding } from '../reading/finding.js'
import { Records } from '../reading/records.js'
import type { Pack } from '../pack/pack.js'
import { takeTable, type Release } from '../results/suppression/release.js'
import { readText } from './files.js'
import { sha256 } from './hash.js'
import type { Manifest } from './runFolder.js'

/**
 * @param folders made by `compare` or `run`, of the same pack
 * @throws InputError `broken-manifest`, `other-pack`, `no-records`: a pack without records of real persons needs none
 */
export async function earlierReleases(folders: string[], { id, microdata }: Pack): Promise<Release[]> {
  if (folders.length > 0 && !microdata)
    throw new InputError([
      {
        severity: 'error',
        code: 'no-records',
        message: {
          zh: `数据包“${id}”不含真实个人记录(microdata: false),不隐去任何数,--since 无从起作用`,
          en: `The pack ${id} holds no records of real persons (microdata: false): nothing is hidden, and --since has nothing to do`,
        },
      },
    ])
  const releases: Release[] = []
  for (const folder of folders) {
    const file = join(folder, 'manifest.json')
    const text = await readText(file)
    const { source, suppression } = manifestOf(text, file)
    if (source.pack.id !== id)
      throw new InputError([
        finding('other-pack', file, {
          zh: `这次公布属于数据包“${source.pack.id}”,不是“${id}”`,
          en: `That release is of the pack ${source.pack.id}, not of ${id}`,
        }),
      ])
    const shown = new Map<string, number>()
    const tables = join(folder, 'tables')
    for (const name of (await readdir(tables)).sort()) {
      const table = /^(.*)\.csv$/.exec(name)?.[1]
      if (table === undefined || table.endsWith('_difference')) continue
      const records = new Records(join(tables, name))
      const content = (await readFile(join(tables, name), 'utf8')).replace(/^\ufeff/, '')
      takeTable(shown, table, records.read(content, true).records)
    }
    releases.push({ manifest: sha256(text), shown, rounded: suppression !== undefined })
  }
  return releases
}

function manifestOf(text: string, file: string): Manifest {
  try {
    const manifest = JSON.parse(text) as Manifest
    if (typeof manifest.source?.pack?.id === 'string') return manifest
  } catch {
    // Told below.
  }
  throw new InputError([
    finding('broken-manifest', file, { zh: '这不是一份运行清单', en: 'This is not the manifest of a run' }),
  ])
}

const finding = (code: string, file: string, message: Finding['message']): Finding => ({
  severity: 'error',
  code,
  file,
  message,
})
