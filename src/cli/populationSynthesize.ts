/** menkan population synthesize: make a population and write it as tables. */
import { formatMonth } from '../evidence/month.js'
import { checkTarget, writeFolder } from '../node/folder.js'
import { populationFiles, TABLE_FORMS, type TableFileForm } from '../node/populationFolder.js'
import type { Pack } from '../pack/pack.js'
import { InputError, plain, type Finding } from '../reading/finding.js'
import { packageVersion } from './compare.js'
import { RUN } from './options.js'
import { make, POPULATION_OPTIONS, readSource, scaleOf, SOURCE } from './populationInput.js'
import type { Verb } from './verb.js'

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
    const findings = fromRecords(source.pack, options.synthetic === true)
    const scale = scaleOf(given)
    const population = make(source, scale)
    const files = populationFiles(source, population, options.tables as TableFileForm, packageVersion())
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
      terminal.report(findings)
    }
    return 0
  },
}

/** Rows about persons, even made-up ones, do not leave a pack of real records without a word. */
function fromRecords({ id, microdata }: Pack, asked: boolean): Finding[] {
  if (!microdata) return []
  if (asked)
    return [
      {
        severity: 'warning',
        code: 'rows-from-records',
        message: {
          zh: `数据包“${id}”由真实个人的记录制成。写出的是合成的人,但仍须先核对有无与记录相同者,且只可用于容量规划,不得用于对个人作决定`,
          en: `The pack ${id} was made from records of real persons. The rows are synthetic, but check that none copies a record before they leave the room; they are for planning capacity, never for decisions about a person`,
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
