/** menkan compare, menkan run: scenarios through the whole model, into a folder of results and onto the screen. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { earlierReleases } from '../node/earlierRelease.js'
import { execute, gather } from '../node/experiment.js'
import { z } from 'zod'
import { readText, shippedRoot } from '../node/files.js'
import { checkTarget, writeFolder, type Target } from '../node/folder.js'
import { progress } from '../node/progress.js'
import { runFiles } from '../node/runFolder.js'
import { readTable } from '../reading/table.js'
import { renderComparison } from '../report/terminal.js'
import { holdsErrorGate } from '../results/comparison.js'
import { comparisonRecord } from './comparisonRecord.js'
import { RUN } from './options.js'
import type { ExitCode, Given, Option, Terminal, Verb } from './verb.js'

const OPTIONS: Record<string, Option> = {
  ...RUN,
  figures: {
    type: 'string',
    does: {
      zh: '本地数字的 CSV，两列 parameter,value（如 stock.seats.duanzhou.primary,30000）',
      en: 'A CSV of your own figures, columns parameter,value (such as stock.seats.duanzhou.primary,30000)',
    },
  },
  draws: {
    type: 'number',
    whole: true,
    range: [40, 1_000_000],
    does: {
      zh: '均值递推的参数抽取次数，决定区间（默认 600）',
      en: 'Draws of the parameters behind the bands (default 600)',
    },
  },
}

/** With no names: points against zero threshold, on the embedded pack. */
const DEFAULT = ['points', 'zero-threshold']

export const compare: Verb = {
  path: ['compare'],
  does: {
    zh: '成对比较情景，第一个为基线',
    en: 'Compare scenarios pair by pair, the first being the baseline',
  },
  takes: [
    { name: 'scenarios', many: true, does: { zh: '情景名称或文件', en: 'Names or files of scenarios' } },
  ],
  options: OPTIONS,
  example: 'menkan compare points zero-threshold --set stock.seats.duanzhou.primary=30000',
  act: (given, terminal) => simulate(names(given), given, terminal),
}

export const run: Verb = {
  path: ['run'],
  does: { zh: '运行一个情景', en: 'Run one scenario' },
  takes: [
    { name: 'scenario', required: true, does: { zh: '情景名称或文件', en: 'Name or file of a scenario' } },
  ],
  options: OPTIONS,
  example: 'menkan run zero-threshold --replicates 20',
  act: (given, terminal) => simulate([given.positionals.scenario as string], given, terminal),
}

const names = (given: Given): string[] => {
  const typed = (given.positionals.scenarios ?? []) as string[]
  return typed.length > 0 ? typed : DEFAULT
}

async function simulate(scenarios: string[], { options }: Given, terminal: Terminal): Promise<ExitCode> {
  const source = await gather(scenarios, {
    settings: [
      ...(await ownFigures(options.figures as string | undefined)),
      ...((options.set ?? []) as string[]),
    ],
    seed: options.seed as string | undefined,
    replicates: options.replicates as number | undefined,
    draws: options.draws as number | undefined,
    scale: options.scale as number | undefined,
  })
  const target: Target =
    options.out !== undefined
      ? { out: options.out as string }
      : { base: join('runs', source.scenarios.map(({ id }) => id).join('-vs-')) }
  await checkTarget(target)
  const releases = await earlierReleases((options.since ?? []) as string[], source.pack)
  const bar = progress({ what: { zh: '模拟', en: 'Simulating' }, lang: terminal.lang, quiet: terminal.quiet })
  let outcome
  try {
    outcome = await execute(
      source,
      options.jobs as number | undefined,
      (done, total) => bar.step(done, total),
      releases,
    )
  } finally {
    bar.end()
  }
  const folder = await writeFolder(target, await runFiles(outcome, terminal.lang, packageVersion()))
  const { comparison } = outcome
  if (terminal.format === 'json')
    terminal.print(JSON.stringify(comparisonRecord(folder, comparison, terminal.lang), null, 2))
  else {
    for (const line of renderComparison(comparison, terminal)) terminal.print(line)
    terminal.report(
      comparison.findings.filter(({ severity, code }) => severity === 'warning' || code === 'cells-hidden'),
    )
    terminal.tell(
      terminal.lang === 'zh'
        ? `结果:${folder}（打开 ${join(folder, 'report.html')}）`
        : `Results: ${folder} (open ${join(folder, 'report.html')})`,
    )
  }
  const [first] = comparison.headline
  const short = Object.values(first?.differences ?? {}).some(difference => !holdsErrorGate(difference))
  const broken = comparison.findings.some(({ severity }) => severity === 'error')
  return short || broken ? 3 : 0
}

/** The planner's own figures as settings, in the order of the file; what --set says comes after them and wins. */
async function ownFigures(path: string | undefined): Promise<string[]> {
  if (path === undefined) return []
  const rows = readTable(
    await readText(path),
    path,
    z.strictObject({ parameter: z.string(), value: z.string() }),
  )
  return rows.map(({ parameter, value }) => `${parameter}=${value}`)
}

export const packageVersion = (): string =>
  (JSON.parse(readFileSync(join(shippedRoot(), 'package.json'), 'utf8')) as { version: string }).version
