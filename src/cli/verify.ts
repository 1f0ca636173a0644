/** menkan verify RUN: do the run again from its manifest and compare every file, byte for byte. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { earlierReleases } from '../node/earlierRelease.js'
import { execute } from '../node/experiment.js'
import { readText } from '../node/files.js'
import { loadPack } from '../node/packs.js'
import { progress } from '../node/progress.js'
import { runFiles, type Manifest } from '../node/runFolder.js'
import { InputError, type Finding } from '../reading/finding.js'
import { packageVersion } from './compare.js'
import { RUN } from './options.js'
import type { Release } from '../results/suppression/release.js'
import type { Verb } from './verb.js'

export const verify: Verb = {
  path: ['verify'],
  does: { zh: '按清单重新运行，逐字节比对', en: 'Run a manifest again and compare every byte' },
  takes: [
    {
      name: 'run',
      required: true,
      does: { zh: 'compare 或 run 生成的文件夹', en: 'A folder made by compare or run' },
    },
  ],
  options: {
    pack: {
      type: 'string',
      does: {
        zh: '数据包文件夹(默认按清单中的名称查找)',
        en: 'Folder of the pack (default: found by the name in the manifest)',
      },
    },
    jobs: RUN.jobs,
    since: RUN.since,
  },
  example: 'menkan verify runs/points-vs-zero-threshold',
  async act({ positionals, options }, terminal) {
    const folder = positionals.run as string
    const manifest = await readManifest(folder)
    const pack = await loadPack((options.pack as string | undefined) ?? manifest.source.pack.id)
    const releases = await earlierReleases((options.since ?? []) as string[], pack)
    refuseOthers(manifest, releases)
    const drifted = driftOf(manifest, pack.files)
    if (drifted.length > 0) throw new InputError(drifted)
    const bar = progress({
      what: { zh: '复算', en: 'Running again' },
      lang: terminal.lang,
      quiet: terminal.quiet,
    })
    let outcome
    try {
      outcome = await execute(
        { ...manifest.source, pack },
        options.jobs as number | undefined,
        (done, total) => bar.step(done, total),
        releases,
      )
    } finally {
      bar.end()
    }
    const files = await runFiles(outcome, manifest.lang, packageVersion())
    const differing: string[] = []
    for (const [name, content] of files) {
      const there = await readFile(join(folder, ...name.split('/'))).catch(() => undefined)
      if (there === undefined || !Buffer.from(content).equals(there)) differing.push(name)
    }
    const identical = differing.length === 0
    if (terminal.format === 'json')
      terminal.print(JSON.stringify({ run: folder, identical, differing }, null, 2))
    else if (identical)
      terminal.print(
        terminal.lang === 'zh'
          ? `${files.size} 个文件逐字节一致`
          : `All ${files.size} files are the same, byte for byte`,
      )
    else
      terminal.print(
        [terminal.lang === 'zh' ? '以下文件不同:' : 'These files differ:', ...differing].join('\n'),
      )
    return identical ? 0 : 3
  },
}

export async function readManifest(folder: string): Promise<Manifest> {
  const file = join(folder, 'manifest.json')
  const text = await readText(file)
  try {
    const manifest = JSON.parse(text) as Manifest
    if (manifest.source?.pack?.id === undefined) throw new Error('no source')
    return manifest
  } catch {
    throw new InputError([
      {
        severity: 'error',
        code: 'broken-manifest',
        file,
        message: { zh: '这不是一份运行清单', en: 'This is not the manifest of a run' },
      },
    ])
  }
}

/** The run hid what it did in view of earlier releases: without the same ones it cannot be done again. */
function refuseOthers({ suppression }: Manifest, releases: Release[]): void {
  const earlier = suppression?.earlier ?? []
  if (earlier.join() === releases.map(({ manifest }) => manifest).join()) return
  throw new InputError([
    {
      severity: 'error',
      code: 'other-releases',
      message: {
        zh: `这次运行计入了以前 ${earlier.length} 次公布(--since),此处给出的不是同样的`,
        en: `The run took ${earlier.length} earlier releases into account (--since); those given here are not the same`,
      },
      fix: {
        zh: '用 --since 按原来的顺序给出同样的文件夹',
        en: 'Name the same folders with --since, in the same order',
      },
    },
  ])
}

/** Inputs that are no longer what the run was made of. */
export function driftOf({ source }: Pick<Manifest, 'source'>, now: Record<string, string>): Finding[] {
  const names = new Set([...Object.keys(source.pack.files), ...Object.keys(now)])
  return [...names]
    .filter(name => source.pack.files[name] !== now[name])
    .map(name => ({
      severity: 'error' as const,
      code: 'input-drift',
      file: name,
      message: {
        zh: `数据包“${source.pack.id}”的此文件与运行时不同`,
        en: `This file of the pack ${source.pack.id} is not what it was when the run was made`,
      },
    }))
}
