/** menkan pack init CITY: a new pack that is whole and says of every field that it is not the city's own yet. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { formatMonth } from '../evidence/month.js'
import { readScenario } from '../experiment/scenario.js'
import { CASES, displayPath, packFolder, readFolder, readText, resolveShipped } from '../node/files.js'
import { checkTarget, writeFolder } from '../node/folder.js'
import { sha256 } from '../node/hash.js'
import { loadPack } from '../node/packs.js'
import { checkPack } from '../pack/check.js'
import { newPack, type Like } from '../pack/init/init.js'
import { areasInLine, areasInTable, packId, type NewArea, type NewPlace } from '../pack/init/place.js'
import { originsOf } from '../pack/init/tables.js'
import { readPack } from '../pack/read.js'
import { InputError, inWords, plain } from '../reading/finding.js'
import type { Text } from '../reading/text.js'
import { mistake } from './policyInput.js'
import { SCHEMAS } from './schema.js'
import type { Given, Verb } from './verb.js'

export const init: Verb = {
  path: ['pack', 'init'],
  does: {
    zh: '新建一地的数据包:各字段齐全,沿用另一地的数字并逐项标为假定',
    en: 'Start a place’s pack: all fields, another place’s figures marked as assumed',
  },
  takes: [
    {
      name: 'city',
      required: true,
      does: { zh: '新数据包的标识,如 foshan', en: 'Id of the new pack, such as foshan' },
    },
  ],
  options: {
    title: {
      type: 'string',
      does: { zh: '名称,如 佛山市:Foshan', en: 'Its name, such as 佛山市:Foshan' },
    },
    areas: {
      type: 'string',
      does: {
        zh: 'id:名称:Name[:代码],…,或 CSV 文件(默认全市一区)',
        en: 'id:名称:Name[:code],…, or a CSV (default: one area)',
      },
    },
    migrants: {
      type: 'number',
      whole: true,
      range: [1, 1e9],
      does: {
        zh: '时段起点的市外流入人口(均分到各区)',
        en: 'Migrants at the start (split evenly over areas)',
      },
    },
    like: {
      type: 'string',
      default: 'zhaoqing',
      does: { zh: '沿用哪个数据包', en: 'Pack whose figures are taken over' },
    },
    out: {
      type: 'string',
      does: { zh: '新文件夹(默认与标识同名)', en: 'New folder (default: named as the id)' },
    },
  },
  example: 'menkan pack init foshan --title 佛山市:Foshan --areas areas.csv',
  async act(given, terminal) {
    const id = packId(given.positionals.city as string)
    const out = (given.options.out as string | undefined) ?? id
    await freeName(checkTarget({ out }))
    const like = await readLike(given.options.like as string)
    const place = await readPlace(id, given, originsOf(like.pack))
    const schemas = Object.fromEntries(
      Object.entries(SCHEMAS).map(([kind, make]) => [kind, JSON.stringify(make(), null, 2) + '\n']),
    )
    const files = newPack(like, place, schemas)
    const findings = checkPack(readPack(files, sha256))
    const folder = await freeName(writeFolder({ out }, files))
    if (terminal.format === 'json')
      terminal.print(
        JSON.stringify(
          {
            pack: id,
            folder,
            like: like.pack.id,
            files: [...files.keys()],
            findings: findings.map(finding => plain(finding, terminal.lang)),
          },
          null,
          2,
        ),
      )
    else {
      terminal.print(made(place, folder, files.size, like.pack.id)[terminal.lang])
      for (const finding of findings) terminal.print(`  [${finding.code}] ${inWords(finding, terminal.lang)}`)
      terminal.print(next(id, folder)[terminal.lang])
    }
    return 0
  },
}

const made = ({ title, areas }: NewPlace, folder: string, files: number, like: string): Text => ({
  zh: `${folder}:${title.zh},${areas.length} 个地区,${files} 个文件。凡沿用 ${like} 者均标为假定:`,
  en: `${folder}: ${title.en}, ${areas.length} ${areas.length === 1 ? 'area' : 'areas'}, ${files} files. What is taken over from ${like} is marked as assumed:`,
})

const next = (id: string, folder: string): Text => {
  const steps = [
    `menkan pack check ${folder}`,
    `menkan calibrate ${folder} --out ${join(folder, 'calibrated.csv')}`,
    `menkan compare ${join(folder, 'scenarios', 'before.yaml')} ${join(folder, 'scenarios', 'after.yaml')}`,
  ].map(step => `  ${step}`)
  const rules = join(folder, 'scenarios', 'policies')
  return {
    zh: [
      `先填本地的数字(顺序见 ${join(folder, 'README.md')}),再把 ${rules} 中的规则换成 ${id} 的,然后:`,
      ...steps,
    ].join('\n'),
    en: [
      `Fill in the place’s own figures (${join(folder, 'README.md')} says how), put its rules into ${rules}, then:`,
      ...steps,
    ].join('\n'),
  }
}

/** A run may take the next free name; a pack is called by its own. */
async function freeName<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    throw new InputError(
      error.findings.map(finding =>
        finding.code === 'folder-exists'
          ? { ...finding, fix: { zh: '请用 --out 指定另一个名称。', en: 'Give another name with --out.' } }
          : finding,
      ),
    )
  }
}

async function readPlace(id: string, { options }: Given, origins: string[]): Promise<NewPlace> {
  const title = titleOf(options.title as string | undefined, id)
  const written = options.areas as string | undefined
  const areas: NewArea[] =
    written === undefined
      ? [{ id: id.replaceAll('-', ''), name: title, code: id.replaceAll('-', ''), aliases: [] }]
      : existsSync(written) || written.toLowerCase().endsWith('.csv')
        ? areasInTable(await readText(written), displayPath(written), origins)
        : areasInLine(written)
  const migrants = options.migrants as number | undefined
  if (migrants !== undefined && areas.some(area => area.migrants !== undefined))
    throw mistake(
      'given-twice',
      '--migrants 与地区表中的流入人口重复',
      '--migrants, and the table of areas has migrants too',
      { fix: { zh: '只给其一。', en: 'Give one of them.' } },
    )
  return { id, title, areas, ...(migrants !== undefined && { migrants }) }
}

function titleOf(written: string | undefined, id: string): Text {
  if (written === undefined) return { zh: id, en: id }
  const [zh, en, ...more] = written.split(/[::]/).map(word => word.trim())
  if (zh && en && more.length === 0) return { zh, en }
  throw mistake('wrong-value', `--title:“${written}”不成形`, `--title: "${written}" cannot be read`, {
    expected: { zh: '名称:Name,如 佛山市:Foshan', en: '名称:Name, such as 佛山市:Foshan' },
  })
}

/** The shipped pair is what its months are taken from: the fit is made for them. */
const PAIR = 'zero-threshold'

async function readLike(name: string): Promise<Like> {
  const folder = packFolder(name)
  const [pack, files] = [await loadPack(name), await readFolder(folder)]
  const rulesOf = async (use: string) => {
    const path = resolveShipped('policies', use, join(folder, 'pack.yaml'))
    const cases = path.replace(/\.yaml$/, CASES)
    return { policy: await readText(path), ...(existsSync(cases) && { cases: await readText(cases) }) }
  }
  const { horizon, policy, replicates } = await readScenario(PAIR, async (wanted, beside) => {
    const file = resolveShipped('scenarios', wanted, beside)
    return { text: await readText(file), file }
  })
  const from = policy.map(entry => (typeof entry.from === 'number' ? formatMonth(entry.from) : entry.from))
  return {
    pack,
    files,
    rules: { before: await rulesOf(pack.reference.before), after: await rulesOf(pack.reference.after) },
    scenario: {
      horizon: { from: formatMonth(horizon.from), to: formatMonth(horizon.to) },
      replicates,
      from: [from[0], from[1]],
    },
  }
}
