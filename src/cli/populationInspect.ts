/** menkan population inspect: who is in a population, how well it keeps its margins, and pictures of both. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { formatMonth, parseMonth } from '../evidence/month.js'
import { layer } from '../evidence/layered.js'
import { chartDocument } from '../node/document.js'
import { checkTarget, writeFolder } from '../node/folder.js'
import { loadPack } from '../node/packs.js'
import { readPopulation, readPopulationManifest, type PopulationManifest } from '../node/populationFolder.js'
import { isPack, MADE_OF, type PopulationSource } from '../node/populationSource.js'
import type { Pack } from '../pack/pack.js'
import { COMPOSITION_NAMES } from '../population/composition.js'
import { ORIGINS, PLACES } from '../population/population.js'
import { AGE_BAND, structureOf } from '../population/structure.js'
import { InputError } from '../reading/finding.js'
import type { Lang } from '../reading/text.js'
import { caption, type Account } from '../report/population/account.js'
import { populationCharts } from '../report/population/charts.js'
import { populationPage } from '../report/population/page.js'
import { populationTables } from '../report/population/tables.js'
import { wrap } from '../report/lines.js'
import { renderTable } from '../report/terminal.js'
import { csv, formatNumber } from '../results/csv.js'
import { RUN } from './options.js'
import { mistake } from './policyInput.js'
import { make, POPULATION_OPTIONS, readSource, scaleOf, SOURCE } from './populationInput.js'
import { unprotectedCounts } from './unprotected.js'
import { driftOf, readManifest } from './verify.js'
import type { Given, Terminal, Verb } from './verb.js'

export const inspect: Verb = {
  path: ['population', 'inspect'],
  does: {
    zh: '查看合成人口:各地区、家庭、年龄,与每张边际表的拟合;--out 写出图与网页',
    en: 'Look at a synthetic population: areas, households, ages, fit to every margin; --out writes charts and a page',
  },
  takes: [
    {
      ...SOURCE,
      does: {
        zh: '数据包、情景、population synthesize 写出的文件夹或一次运行的文件夹(默认情景 points)',
        en: 'A pack, a scenario, a folder of population synthesize or of a run (default: the scenario points)',
      },
    },
  ],
  options: {
    ...POPULATION_OPTIONS,
    out: {
      ...RUN.out,
      does: {
        zh: '写出图(SVG)、网页和拟合表的文件夹',
        en: 'Folder for the charts (SVG), a page and the fit',
      },
    },
  },
  example: 'menkan population inspect zhaoqing --out zhaoqing-population',
  async act(given, terminal) {
    const out = given.options.out as string | undefined
    if (out !== undefined) await checkTarget({ out })
    const account = await accountOf(given)
    const folder = out === undefined ? undefined : await writeFolder({ out }, files(account, terminal.lang))
    if (terminal.format === 'json')
      terminal.print(JSON.stringify({ ...record(account), ...(folder !== undefined && { folder }) }, null, 2))
    else if (terminal.format === 'csv') terminal.print(fitCsv(account).trimEnd())
    else {
      print(account, terminal)
      if (folder !== undefined)
        terminal.tell(
          terminal.lang === 'zh'
            ? `图与网页:${folder}(打开 ${join(folder, 'population.html')})`
            : `Charts and page: ${folder} (open ${join(folder, 'population.html')})`,
        )
    }
    return 0
  },
}

async function accountOf(given: Given): Promise<Account> {
  const name = given.positionals.source as string | undefined
  if (name === undefined || isPack(name) || !existsSync(join(name, 'manifest.json')))
    return made(await readSource(given), scaleOf(given))
  const typed = Object.keys(POPULATION_OPTIONS).filter(option => given.options[option] !== undefined)
  if (typed.length > 0)
    throw mistake(
      'wrong-value',
      `文件夹里的人口已经定了,不能再用 --${typed[0]}`,
      `The population of a folder is what it is: --${typed[0]} does not go with it`,
    )
  const manifest = await readPopulationManifest(name)
  return manifest ? stored(name, manifest) : ofRun(name)
}

function protect(pack: { id: string; microdata: boolean }): void {
  const refused = unprotectedCounts(pack)
  if (refused.length > 0) throw new InputError(refused)
}

function made(source: PopulationSource, scale: number): Account {
  protect(source.pack)
  const population = make(source, scale)
  return {
    ...about(source.pack),
    horizon: { from: formatMonth(source.horizon.from), to: formatMonth(source.horizon.to) },
    seed: source.seed,
    scale,
    fit: population.fit,
    structure: structureOf(population, source.horizon.from, scale),
  }
}

const about = ({ id, version, title, areas }: Pack) => ({ pack: `${id} ${version}`, title, areas })

/** Counted on the tables as they were read back; names of areas are those of the pack, where it is still there. */
async function stored(folder: string, manifest: PopulationManifest): Promise<Account> {
  protect(manifest.pack)
  if (manifest.tables !== 'parquet')
    throw mistake(
      'wrong-value',
      `${folder} 里是 CSV;只能查看 Parquet 的文件夹`,
      `${folder} holds CSV: only folders with Parquet can be looked at`,
    )
  const { fit, people, horizon } = await readPopulation(folder, manifest)
  const { pack, seed, scale, areas } = manifest
  const known = isPack(pack.id) ? about(await loadPack(pack.id)) : undefined
  return {
    title: { zh: pack.id, en: pack.id },
    areas: areas.map(id => ({ id, code: id, name: { zh: id, en: id }, aliases: [] })),
    ...known,
    pack: `${pack.id} ${pack.version}`,
    horizon: manifest.horizon,
    seed,
    scale,
    fit,
    structure: structureOf(people, horizon.from, scale),
  }
}

/** The population that a run had: made again from its manifest, in which the baseline's values hold for all scenarios. */
async function ofRun(folder: string): Promise<Account> {
  const { source, horizon } = await readManifest(folder)
  const pack = await loadPack(source.pack.id)
  const drifted = driftOf({ source }, pack.files)
  if (drifted.length > 0) throw new InputError(drifted)
  const [{ id, parameters }] = source.scenarios
  const settings = source.settings.flatMap(setting => {
    const [, scenario, path, value] = /^(?:([^:=]+):)?([^=]+)=(.*)$/.exec(setting) ?? []
    return (scenario === undefined || scenario === id) && MADE_OF.test(path)
      ? [{ id: path, value, layer: 'command line' as const }]
      : []
  })
  return made(
    {
      pack,
      scenario: id,
      horizon: { from: parseMonth(horizon.from)!, to: parseMonth(horizon.to)! },
      seed: source.seed,
      layered: layer(pack.parameters, [...parameters, ...settings]),
    },
    source.scale,
  )
}

const record = ({ fit, structure, areas, title, ...rest }: Account) => ({
  ...rest,
  title,
  synthetic: true,
  areas: areas.map(({ id, name }) => ({ id, name })),
  fit,
  structure: {
    ...structure,
    places: PLACES,
    origins: ORIGINS,
    compositions: COMPOSITION_NAMES,
    pyramidBand: AGE_BAND,
  },
})

/** A row a cell of every margin. */
function fitCsv({ fit }: Account): string {
  const header = ['margin', 'universe', 'cell', 'asked', 'made', 'z', 'srmse', 'weak', 'grade']
  const rows = fit.margins.flatMap(({ margin, universe, groups, asked, made, z, srmse, weak, grade }) =>
    groups.map((group, cell) => [
      margin,
      universe,
      group,
      ...[asked[cell], made[cell], z[cell], srmse].map(formatNumber),
      String(weak),
      grade,
    ]),
  )
  return csv([header, ...rows])
}

function files(account: Account, lang: Lang): Map<string, string> {
  const document = chartDocument()
  const files = new Map<string, string>()
  for (const one of ['zh', 'en'] as const)
    for (const [name, svg] of Object.entries(populationCharts(account, { lang: one, document })))
      files.set(`charts/${one}/${name}.svg`, svg)
  files.set('fit.csv', fitCsv(account))
  files.set('population.json', JSON.stringify(record(account), null, 2) + '\n')
  files.set('population.html', populationPage(account, { lang, document }))
  return files
}

function print(account: Account, { lang, print, width }: Terminal): void {
  print(`${account.title[lang]} (${account.pack})`)
  for (const line of wrap(caption(account, lang), width)) print(line)
  for (const { title, header, rows, words, pageOnly = [], note } of populationTables(account, lang)) {
    print('')
    print(title)
    const shown = <T>(row: T[]) => row.filter((_, at) => !pageOnly.includes(at))
    const columns = header.map((header, at) => ({
      header,
      align: words.includes(at) ? ('left' as const) : ('right' as const),
    }))
    for (const line of renderTable(shown(columns), rows.map(shown), { width })) print(line)
    if (note) for (const line of wrap(note, width)) print(line)
  }
}
