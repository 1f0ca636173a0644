/** What `population fit` is given: options that go together, margins, records or a table, and what is to be refused. */
import { displayPath } from '../node/files.js'
import { progress } from '../node/progress.js'
import { readPieces } from '../node/textPieces.js'
import { collapse, type Collapsed } from '../population/fitting/cases.js'
import { Dimensions } from '../population/fitting/dimensions.js'
import { MarginReader, type Margin } from '../population/fitting/margin.js'
import { RecordsReader, type RecordColumns } from '../population/fitting/records.js'
import { ExclusionReader, spanned, type Table } from '../population/fitting/table.js'
import { smallGroups } from '../population/fitting/weigh.js'
import { FEWEST_RECORDS } from '../population/tabulate.js'
import { InputError, type Finding } from '../reading/finding.js'
import { nearest } from '../reading/nearest.js'
import { mistake } from './policyInput.js'
import type { Given, Terminal } from './verb.js'

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
export function readOptions({ options }: Given): FitInput {
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

export async function load(options: FitInput, terminal: Terminal) {
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
export function guard(options: FitInput, dimensions: Dimensions, collapsed: Collapsed): Finding[] {
  const small = options.isMicrodata ? smallGroups(dimensions, collapsed, FEWEST_RECORDS) : []
  if (small.length > 0)
    throw new InputError(
      small.map(({ margin, cell }) => {
        const said = Object.values(cell).join(' · ')
        return {
          severity: 'error',
          code: 'cell-under-10',
          file: margin.file,
          message: {
            zh: `“${said}”的记录少于 ${FEWEST_RECORDS} 条:不对这样的组拟合`,
            en: `"${said}" has fewer than ${FEWEST_RECORDS} records: fitting on cells under ${FEWEST_RECORDS} refused`,
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
