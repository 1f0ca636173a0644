/** menkan population synthesize: make a population and write it as tables. */
import { formatMonth } from '../evidence/month.js'
import { checkTarget, writeFolder } from '../node/folder.js'
import { populationFiles, TABLE_FORMS, type TableFileForm } from '../node/populationFolder.js'
import type { PopulationSource } from '../node/populationSource.js'
import type { Pack } from '../pack/pack.js'
import { CORE_FACTS } from '../policy/facts.js'
import type { Distances } from '../population/closestRecord.js'
import { withoutCopies, type Closeness } from '../population/copies.js'
import type { Population } from '../population/population.js'
import { RECORD_FACTS } from '../population/tabulate.js'
import { InputError, plain, type Finding } from '../reading/finding.js'
import type { Lang } from '../reading/text.js'
import { packageVersion } from './compare.js'
import { RUN } from './options.js'
import { make, POPULATION_OPTIONS, readSource, scaleOf, SOURCE } from './populationInput.js'
import { mistake } from './policyInput.js'
import { readRecords } from './recordsInput.js'
import type { Terminal, Verb } from './verb.js'

export const synthesize: Verb = {
  path: ['population', 'synthesize'],
  does: {
    zh: '生成合成人口,写出人与家庭的表(Parquet 或 CSV)和拟合报告',
    en: 'Make the synthetic population; write persons, households (Parquet or CSV) and how it fits',
  },
  takes: [SOURCE],
  options: {
    ...POPULATION_OPTIONS,
    tables: {
      type: 'string',
      choices: [...TABLE_FORMS],
      default: 'parquet',
      does: { zh: '表的格式', en: 'Form of the tables' },
    },
    synthetic: {
      type: 'boolean',
      does: {
        zh: '数据包来自真实记录时:确认只写出合成的人',
        en: 'Where the pack was made from records of real persons: write rows of synthetic ones all the same',
      },
    },
    records: {
      type: 'string',
      does: {
        zh: '边际表所出的真实记录(CSV):报告与最近记录的距离,去掉与独有记录相同的人所在的户',
        en: 'CSV of the records behind the margins: tell how near persons come, leave out households with a copy',
      },
    },
    out: { ...RUN.out, does: { zh: '结果文件夹', en: 'Folder of the result' } },
  },
  example: 'menkan population synthesize zhaoqing --scale 0.1 --tables csv --out people',
  async act(given, terminal) {
    const { options } = given
    const { lang } = terminal
    if (options.out === undefined) throw new InputError([noPlace])
    const target = { out: options.out as string }
    await checkTarget(target)
    const source = await readSource(given)
    const records = options.records as string | undefined
    const findings = fromRecords(source.pack, options.synthetic === true, records !== undefined)
    const scale = scaleOf(given)
    const whole = make(source, scale)
    const held =
      records === undefined ? undefined : await besideRecords(whole, source, records, findings, terminal)
    const population = held?.population ?? whole
    const files = populationFiles(
      source,
      population,
      options.tables as TableFileForm,
      packageVersion(),
      held?.closeness,
    )
    const folder = await writeFolder(target, files)
    const counts = { persons: population.persons.count, households: population.households.count }
    const { pack, seed, horizon, scenario } = source
    if (terminal.format === 'json')
      terminal.print(
        JSON.stringify(
          {
            population: folder,
            synthetic: true,
            pack: pack.id,
            ...(scenario !== undefined && { scenario }),
            horizon: { from: formatMonth(horizon.from), to: formatMonth(horizon.to) },
            seed,
            scale,
            counts,
            files: [...files.keys()],
            fit: population.fit,
            ...(held && { closeness: held.closeness }),
            findings: findings.map(finding => plain(finding, lang)),
          },
          null,
          2,
        ),
      )
    else {
      const [persons, households] = [counts.persons, counts.households].map(n => n.toLocaleString('en'))
      const weak = population.fit.margins.filter(margin => margin.weak).length
      terminal.print(
        lang === 'zh'
          ? `${folder}:${households} 户、${persons} 人(合成,非真实个人),${formatMonth(horizon.from)} 至 ${formatMonth(horizon.to)},种子 ${seed}`
          : `${folder}: ${persons} persons in ${households} households (synthetic; nobody is real), ${formatMonth(horizon.from)} to ${formatMonth(horizon.to)}, seed ${seed}`,
      )
      terminal.tell(
        lang === 'zh'
          ? `${population.fit.margins.length} 张边际表中 ${weak} 张拟合较弱;详见 menkan population inspect ${folder}`
          : `${weak} of ${population.fit.margins.length} margins fit weakly: menkan population inspect ${folder} tells more`,
      )
      if (held) for (const line of closenessLines(held.closeness, lang)) terminal.tell(line)
      terminal.report(findings)
    }
    return held && held.refused > 0 ? 3 : 0
  },
}

/** @throws InputError as `readPersons`, and `missing-column` where the records have no fact of persons */
async function besideRecords(
  population: Population,
  { pack, horizon }: PopulationSource,
  path: string,
  findings: Finding[],
  terminal: Terminal,
) {
  const columns = new Map<string, number[]>()
  let slots: [number, number[]][] = []
  const refusals = await readRecords(
    path,
    pack.areas,
    terminal,
    found => {
      slots = [...found].map(slot => [slot, []])
      for (const [slot, data] of slots) columns.set(RECORD_FACTS[slot].name, data)
    },
    row => {
      for (const [slot, data] of slots) data.push(row[slot])
    },
  )
  findings.push(...refusals.shown())
  const held = withoutCopies(population, horizon.from, CORE_FACTS, columns)
  if (held === undefined)
    throw mistake(
      'missing-column',
      '记录中没有一列是合成的人也有的',
      'The records have no column that persons of a population have',
      { file: path },
    )
  return { ...held, refused: refusals.rows }
}

function closenessLines(
  { facts, records, synthetic, among, shared, leftOut }: Closeness,
  lang: Lang,
): string[] {
  const points = ({ p05, p50, p95 }: Distances) => [p05, p50, p95].map(x => x.toFixed(3)).join(' / ')
  const [own, others] = [points(synthetic), points(among)]
  const list = facts.join(lang === 'zh' ? '、' : ', ')
  return lang === 'zh'
    ? [
        `与 ${records} 条记录比对(${list}):`,
        `  合成的人到最近记录的距离(5/50/95%):${own};记录之间:${others}(Gower,0 为相同)`,
        `  与独有记录相同的人:去掉 ${leftOut.households} 户 ${leftOut.persons} 人;与多人共有的记录相同:${shared} 人,保留;拟合报告是去掉之前的`,
      ]
    : [
        `Beside ${records} records (${list}):`,
        `  distance to the closest record (5/50/95 %): ${own}; among records: ${others} (Gower; 0 is equal)`,
        `  copies of a record that nobody shares: ${leftOut.households} households, ${leftOut.persons} persons left out;`,
        `  equal to a record that several share: ${shared} persons, kept; the fit told is that of before`,
      ]
}

/** Rows about persons, even made-up ones, do not leave a pack of real records without a word. */
function fromRecords({ id, microdata }: Pack, asked: boolean, isHeld: boolean): Finding[] {
  if (!microdata || (asked && isHeld)) return []
  if (asked)
    return [
      {
        severity: 'warning',
        code: 'rows-from-records',
        message: {
          zh: `数据包“${id}”由真实个人的记录制成。写出的是合成的人,但仍须先核对有无与记录相同者,且只可用于容量规划,不得用于对个人作决定`,
          en: `The pack ${id} was made from records of real persons. The rows are synthetic, but check that none copies a record before they leave the room; they are for planning capacity, never for decisions about a person`,
        },
        fix: {
          zh: '用 --records 给出这些记录,由程序核对。',
          en: 'Give the records with --records, and the program checks.',
        },
      },
    ]
  throw new InputError([
    {
      severity: 'error',
      code: 'rows-from-records',
      message: {
        zh: `数据包“${id}”由真实个人的记录制成(microdata: true),不写出逐人的表`,
        en: `The pack ${id} was made from records of real persons (microdata: true): no table of rows is written`,
      },
      fix: {
        zh: '确需合成的人时加 --synthetic;人数请用 menkan compare 或 menkan run,它们隐去小数',
        en: 'Add --synthetic if rows of synthetic persons are wanted; for counts use menkan compare or menkan run, which hide small ones',
      },
    },
  ])
}

const noPlace: Finding = {
  severity: 'error',
  code: 'missing-option',
  message: { zh: '没有说写到哪里', en: 'Where to write it is not said' },
  fix: { zh: '请用 --out 给出文件夹', en: 'Give a folder with --out' },
}
