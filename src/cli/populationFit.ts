/** menkan population fit: weights for records, or a table, that meet published totals. */
import { seedKey } from '../evidence/luck.js'
import { displayPath } from '../node/files.js'
import { startWhole, type OutFile } from '../node/outFile.js'
import { progress } from '../node/progress.js'
import { readPieces } from '../node/textPieces.js'
import { collapse, type Collapsed } from '../population/fitting/cases.js'
import { Dimensions } from '../population/fitting/dimensions.js'
import { MarginReader, type Margin } from '../population/fitting/margin.js'
import { RecordsReader, type RecordColumns } from '../population/fitting/records.js'
import { ExclusionReader, spanned, type Table } from '../population/fitting/table.js'
import { smallGroups, weigh, type Weighing } from '../population/fitting/weigh.js'
import { InputError, type Finding } from '../reading/finding.js'
import { nearest } from '../reading/nearest.js'
import { mistake } from './policyInput.js'
import { fitDocument, fitText } from './populationFitWords.js'
import { writeRecords, writeTable } from './populationFitOut.js'
import type { Given, Terminal, Verb } from './verb.js'

/** Records below which no group of a margin may be fitted to real persons. */
const FEWEST = 10

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
        zh: '取整:controlled 各边际相差不过一人;trs 更快',
        en: 'Whole numbers: controlled keeps each margin within one; trs is faster',
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
  example: 'menkan population fit --records r.csv --margin a.csv --margin b.csv --out w.csv',
  async act(given, terminal) {
    const options = read(given)
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

export interface FitInput {
  records?: string
  weight?: string
  margins: string[]
  household?: string
  householdMargins: string[]
  exclude?: string
  lower?: number
  upper?: number
  tolerance: number
  rounds: number
  relax?: 'scale' | 'penalty'
  scaleTo?: string
  integerise?: 'controlled' | 'trs'
  seed: string
  isMicrodata: boolean
  out?: string
}

/** @throws InputError with everything that does not go together */
function read({ options }: Given): FitInput {
  const input = {
    ...options,
    margins: (options.margin ?? []) as string[],
    householdMargins: (options['household-margin'] ?? []) as string[],
    scaleTo: options['scale-to'] as string | undefined,
    isMicrodata: options.microdata === true,
  } as unknown as FitInput
  const files = [...input.margins, ...input.householdMargins]
  const findings: Finding[] = []
  const wrong = (code: string, zh: string, en: string, more: Partial<Finding> = {}) =>
    void findings.push(...mistake(code, zh, en, more).findings)
  if (files.length === 0) wrong('missing-option', '至少需要一个 --margin', 'At least one --margin is needed')
  for (const name of new Set(files.filter((name, index) => files.indexOf(name) < index)))
    wrong('repeated-option', `边际“${name}”给了两次`, `The margin "${name}" is given twice`)
  if (input.householdMargins.length > 0 && input.household === undefined)
    wrong(
      'missing-option',
      '--household-margin 需要 --household 指明户号列',
      '--household-margin needs --household, the column that says which household',
    )
  if (input.records === undefined)
    for (const name of ['weight', 'household', 'microdata'])
      if (options[name] !== undefined)
        wrong('missing-option', `--${name} 需要 --records`, `--${name} needs --records`)
  if (input.records !== undefined && input.exclude !== undefined)
    wrong(
      'unexpected-option',
      '--exclude 只用于不给 --records 时:请从记录中删去这些组合',
      '--exclude is for tables without --records: leave such records out of the file',
    )
  if ((input.lower ?? 0) > (input.upper ?? Infinity))
    wrong('wrong-value', '--lower 大于 --upper', '--lower is larger than --upper')
  if (input.relax === 'scale' && (input.scaleTo === undefined || !files.includes(input.scaleTo)))
    wrong(
      input.scaleTo === undefined ? 'missing-option' : 'wrong-value',
      '--relax scale 需要 --scale-to 指明以哪个边际为准',
      '--relax scale needs --scale-to, one of the margins',
      {
        expected: { zh: files.join('、'), en: files.join(', ') },
        ...(input.scaleTo !== undefined && { nearest: nearest(input.scaleTo, files) }),
      },
    )
  if (input.scaleTo !== undefined && input.relax !== 'scale')
    wrong('missing-option', '--scale-to 需要 --relax scale', '--scale-to needs --relax scale')
  if (findings.length > 0) throw new InputError(findings)
  return input
}

/** Whatever was to be weighted: records, or a table. */
export type Source = { kind: 'records'; records: RecordColumns } | { kind: 'table'; table: Table }

async function load(options: FitInput, terminal: Terminal) {
  const margins: Margin[] = []
  const findings: Finding[] = []
  for (const [of, names] of [
    ['persons', options.margins],
    ['households', options.householdMargins],
  ] as const)
    for (const name of names)
      try {
        margins.push(await readAll(name, new MarginReader(name, of)))
      } catch (error) {
        if (!(error instanceof InputError)) throw error
        findings.push(...error.findings)
      }
  if (findings.length > 0) throw new InputError(findings)
  const dimensions = new Dimensions(margins)
  if (options.records === undefined) {
    const exclusions =
      options.exclude === undefined
        ? []
        : await readAll(options.exclude, new ExclusionReader(options.exclude, dimensions))
    const table = spanned(dimensions, exclusions)
    return { dimensions, collapsed: table as Collapsed, source: { kind: 'table', table } as Source }
  }
  const { records: file, weight, household, integerise, isMicrodata } = options
  const reader = new RecordsReader(file, dimensions, {
    weight,
    household,
    isMicrodata,
    isNamed: integerise !== undefined,
  })
  const records = await readAll(file, reader, terminal)
  const collapsed = collapse(records, dimensions, displayPath(file))
  return { dimensions, collapsed, source: { kind: 'records', records } as Source }
}

async function readAll<T>(
  file: string,
  reader: { read(piece: string, last: boolean): void; end(): T },
  terminal?: Terminal,
): Promise<T> {
  const bar = progress({ what: { zh: '读取', en: 'Reading' }, lang: 'zh', quiet: true, ...terminal })
  try {
    for await (const { text, read, total, last } of readPieces(file)) {
      reader.read(text, last)
      bar.step(read, total)
    }
    return reader.end()
  } finally {
    bar.end()
  }
}

/** @throws InputError `cell-under-10`; @returns what is to be known of the cases */
function guard(options: FitInput, dimensions: Dimensions, collapsed: Collapsed): Finding[] {
  const small = options.isMicrodata ? smallGroups(dimensions, collapsed, FEWEST) : []
  if (small.length > 0)
    throw new InputError(
      small.map(({ margin, cell }) => {
        const said = Object.values(cell).join(' · ')
        return {
          severity: 'error',
          code: 'cell-under-10',
          file: margin.file,
          message: {
            zh: `“${said}”的记录少于 ${FEWEST} 条:不对这样的组拟合`,
            en: `"${said}" has fewer than ${FEWEST} records: fitting on cells under ${FEWEST} refused`,
          },
          fix: { zh: '请合并类别。', en: 'Merge it with another category.' },
        }
      }),
    )
  const { uneven } = collapsed.cases
  return uneven === 0
    ? []
    : [
        {
          severity: 'warning',
          code: 'weights-differ-in-household',
          file: options.records,
          message: {
            zh: `${uneven} 户的成员基础权重不同,取其平均`,
            en: `Members of one household have different base weights, in ${uneven} of the households: their mean is taken`,
          },
        },
      ]
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
