/** menkan population fit: weights for records, or a table, that meet published totals. */
import { seedKey } from '../evidence/luck.js'
import { startWhole, type OutFile } from '../node/outFile.js'
import type { Collapsed } from '../population/fitting/cases.js'
import type { Dimensions } from '../population/fitting/dimensions.js'
import { weigh, type Weighing } from '../population/fitting/weigh.js'
import { guard, load, readOptions, type Source } from './populationFitInput.js'
import { writeRecords, writeTable } from './populationFitOut.js'
import { fitDocument, fitText } from './populationFitWords.js'
import type { Verb } from './verb.js'

/** What gaps cost under --relax penalty: targets that can be met are then met to about six digits. */
const PRICE = 1e6

export const fit: Verb = {
  path: ['population', 'fit'],
  does: {
    zh: '求权重,使记录(或表)符合已公布的合计,并如实说明差距与矛盾',
    en: 'Weight records, or a table, to published totals; tell gaps and conflicts honestly',
  },
  takes: [],
  options: {
    records: {
      type: 'string',
      does: {
        zh: '记录 CSV;不给则为各边际张成的表',
        en: 'CSV of records; without, the table of the margins',
      },
    },
    weight: { type: 'string', does: { zh: '基础权重列(默认 1)', en: 'Column of base weights (default: 1)' } },
    margin: {
      type: 'strings',
      does: {
        zh: '边际 CSV:维度列,最后一列 total;可多次使用',
        en: 'CSV of totals: columns of dimensions, then total; may be repeated',
      },
    },
    household: {
      type: 'string',
      does: { zh: '户号列:同户的人同一权重', en: 'Column of households: members get one weight' },
    },
    'household-margin': {
      type: 'strings',
      does: { zh: '按户计数的边际;可多次使用', en: 'A margin that counts households; may be repeated' },
    },
    exclude: {
      type: 'string',
      does: {
        zh: '不可能的组合 CSV(空为任意);只用于不给记录时',
        en: 'CSV of combinations that cannot be (empty: any); without records only',
      },
    },
    lower: {
      type: 'number',
      range: [0, 1e9],
      does: { zh: '权重与基础权重之比的下限', en: 'Least ratio of weight to base weight' },
    },
    upper: {
      type: 'number',
      range: [1e-9, 1e9],
      does: { zh: '权重与基础权重之比的上限', en: 'Largest ratio of weight to base weight' },
    },
    tolerance: {
      type: 'number',
      range: [1e-14, 0.1],
      default: 1e-10,
      does: { zh: '允许的最大差距,占总数的比例', en: 'Largest gap allowed, as a share of the total' },
    },
    rounds: {
      type: 'number',
      whole: true,
      range: [1, 1_000_000],
      default: 2000,
      does: { zh: '最多迭代次数', en: 'Most iterations' },
    },
    relax: {
      type: 'string',
      choices: ['scale', 'penalty'],
      does: {
        zh: '合计矛盾时:scale 各边际缩放到 --scale-to 的总数;penalty 各合计让步最少',
        en: 'Where totals conflict: scale all margins to that of --scale-to; penalty: give way as little as can be',
      },
    },
    'scale-to': {
      type: 'string',
      does: { zh: '--relax scale 以哪个边际为准', en: 'The margin that --relax scale takes as right' },
    },
    integerise: {
      type: 'string',
      choices: ['controlled', 'trs'],
      does: {
        zh: '取整:controlled 力求各边际相差不过一人,做不到会说明;trs 更快',
        en: 'Whole numbers: controlled seeks each margin within one, tells where not; trs is faster',
      },
    },
    seed: {
      type: 'string',
      default: 'menkan',
      does: { zh: '取整的随机种子', en: 'Seed of luck for whole numbers' },
    },
    microdata: {
      type: 'boolean',
      does: {
        zh: '记录是真实个人:少于 10 条的组不予拟合',
        en: 'Records are real persons: groups under 10 are refused',
      },
    },
    out: {
      type: 'string',
      does: {
        zh: '结果 CSV:记录各列与 weight',
        en: 'CSV of the result: columns of the records, then weight',
      },
    },
  },
  example: 'menkan population fit --records r.csv --margin m.csv --out w.csv',
  async act(given, terminal) {
    const options = readOptions(given)
    const { records: file, out } = options
    const started = out === undefined ? undefined : await startWhole(out)
    try {
      const { dimensions, source, collapsed } = await load(options, terminal)
      const notes = guard(options, dimensions, collapsed)
      const result = weigh(dimensions, collapsed, {
        lower: options.lower,
        upper: options.upper,
        tolerance: options.tolerance,
        rounds: options.rounds,
        price: options.relax === 'penalty' ? PRICE : undefined,
        scaleTo:
          options.relax === 'scale'
            ? dimensions.margins.find(({ file }) => file === options.scaleTo)
            : undefined,
        integerise: options.integerise,
        key: seedKey(options.seed),
      })
      const written = started && (await write(started, file, source, dimensions, collapsed, result))
      const told = { result, dimensions, source, collapsed, options, written, notes }
      terminal.print(
        terminal.format === 'json'
          ? JSON.stringify(fitDocument(told), null, 2)
          : fitText(told, terminal).join('\n'),
      )
      terminal.report(notes)
      return isMet(result) ? 0 : 3
    } catch (error) {
      await started?.drop()
      throw error
    }
  },
}

/** Met: converged, nothing in the way, and whole numbers within one of every total. */
export function isMet({ fitted, wholeMargins }: Weighing): boolean {
  return fitted.converged && (wholeMargins ?? []).every(({ largestGap }) => largestGap <= 1 + 1e-6)
}

async function write(
  file: OutFile,
  records: string | undefined,
  source: Source,
  dimensions: Dimensions,
  { cases }: Collapsed,
  { weights, whole }: Weighing,
) {
  const written =
    source.kind === 'table'
      ? await writeTable(file, dimensions, source.table.codes, weights, whole)
      : await writeRecords(file, records!, source.records, cases.ofRecord, weights, whole)
  await file.keep()
  return written
}
