/** menkan population tabulate: the margins of a pack from records of real persons. */
import { writeWhole } from '../node/outFile.js'
import { loadPack } from '../node/packs.js'
import { band } from '../pack/margins.js'
import type { Pack } from '../pack/pack.js'
import { groupsOf } from '../population/margin.js'
import {
  factsOf,
  FEWEST_RECORDS,
  RECORD_FACTS,
  Tabulation,
  TABULATED,
  type Bands,
  type Tabulated,
} from '../population/tabulate.js'
import { InputError, type Finding } from '../reading/finding.js'
import { renderTable } from '../report/terminal.js'
import { csv } from '../results/csv.js'
import { mistake } from './policyInput.js'
import { readRecords } from './recordsInput.js'
import type { Given, Terminal, Verb } from './verb.js'

const KNOWN = Object.keys(TABULATED)

export const tabulate: Verb = {
  path: ['population', 'tabulate'],
  does: {
    zh: '由真实个人的记录得出数据包的边际表;少于 10 条记录的格子不放行',
    en: 'Make the margins of a pack from records of real persons; cells under 10 records are not let through',
  },
  takes: [
    {
      name: 'records',
      required: true,
      does: {
        zh: '人员 CSV(pack import 或 population fit 的结果);- 为标准输入',
        en: 'CSV of persons, from pack import or population fit; - for standard input',
      },
    },
  ],
  options: {
    over: {
      type: 'strings',
      choices: KNOWN,
      does: {
        zh: '哪些边际表(默认:各列允许的全部)',
        en: 'Which margins (default: all that the columns allow)',
      },
    },
    source: {
      type: 'string',
      does: { zh: '来源:写入每一行', en: 'Where the records come from: written into every row' },
    },
    ages: {
      type: 'string',
      does: { zh: '年龄段,如 18-30,31-50,51+', en: 'Bands of age, such as 18-30,31-50,51+' },
    },
    stays: {
      type: 'string',
      does: { zh: '居住年数段,如 0-1,1-5,5+', en: 'Bands of years of stay, such as 0-1,1-5,5+' },
    },
    pack: {
      type: 'string',
      default: 'zhaoqing',
      does: { zh: '数据包:地区与各段由此而来', en: 'Pack that names the areas and the bands' },
    },
    out: { type: 'string', does: { zh: '结果:margins.csv', en: 'The result, a margins.csv' } },
  },
  example: 'menkan population tabulate persons.csv --source register-2016 --out m.csv',
  async act(given, terminal) {
    const { source, out } = given.options as Record<string, string | undefined>
    if (source === undefined || source.trim() === '')
      throw mistake(
        'missing-option',
        '缺少 --source:记录从何而来',
        '--source is missing: where the records come from',
      )
    const pack = await loadPack(given.options.pack as string)
    const { tables, refusals } = await count(given, pack, terminal)
    guard(tables)
    const text = csv(rowsOf(tables, source))
    if (out !== undefined) await writeWhole(out, text)
    if (terminal.format === 'json')
      terminal.print(JSON.stringify(documentOf(tables, refusals.rows, out), null, 2))
    else if (out === undefined) terminal.print(text.replace('\uFEFF', '').trimEnd())
    else tell(tables, out, terminal)
    terminal.report([...refusals.shown(), ...unknowns(tables), reminder(pack)])
    return refusals.rows > 0 ? 3 : 0
  },
}

async function count(given: Given, pack: Pack, terminal: Terminal) {
  const bands: Bands = {
    age: bandsOf('ages', given.options.ages as string | undefined) ?? groupsOf(pack, 'age'),
    stay: bandsOf('stays', given.options.stays as string | undefined) ?? groupsOf(pack, 'stay'),
  }
  let tabulation: Tabulation | undefined
  const refusals = await readRecords(
    (given.positionals.records as string) || '-',
    pack.areas,
    terminal,
    (columns, file) => {
      const over = chosen(given.options.over as string[] | undefined, columns, file)
      tabulation = new Tabulation(over, pack.areas, bands)
    },
    row => tabulation!.take(row),
  )
  return { tables: tabulation!.result(), refusals }
}

/** @throws InputError `missing-column` for a margin asked for, or where no margin is possible */
function chosen(over: string[] | undefined, columns: ReadonlySet<number>, file: string): string[] {
  const missing = (margin: string) =>
    factsOf(margin).filter(fact => !columns.has(RECORD_FACTS.findIndex(({ name }) => name === fact)))
  if (over === undefined) {
    const possible = KNOWN.filter(margin => missing(margin).length === 0)
    if (possible.length > 0) return possible
    throw mistake('missing-column', '各列不足以得出任何边际表', 'The columns give no margin at all', {
      file,
      expected: {
        zh: KNOWN.map(margin => `${margin}:${factsOf(margin).join('、')}`).join(';'),
        en: KNOWN.map(margin => `${margin}: ${factsOf(margin).join(', ')}`).join('; '),
      },
    })
  }
  const findings = over.flatMap(margin =>
    missing(margin).map((fact): Finding => ({
      severity: 'error',
      code: 'missing-column',
      file,
      line: 1,
      message: {
        zh: `边际表“${margin}”需要列“${fact}”`,
        en: `The margin ${margin} needs a column "${fact}"`,
      },
    })),
  )
  if (findings.length > 0) throw new InputError(findings)
  return [...new Set(over)]
}

/** @throws InputError `wrong-value` for what is no band, or bands out of order */
function bandsOf(option: string, written: string | undefined): string[] | undefined {
  const bands = written?.split(',').map(text => text.trim())
  if (!bands) return undefined
  const ends = bands.map(band)
  for (const [at, end] of ends.entries()) {
    const before = at > 0 ? ends[at - 1] : undefined
    const overlaps = end && before && (option === 'ages' ? end.from <= before.to : end.from < before.to)
    if (!end || overlaps)
      throw mistake(
        'wrong-value',
        `--${option} 的“${bands[at]}”不是区间,或与前一区间重叠`,
        `--${option}: "${bands[at]}" is no band, or overlaps the one before`,
        { expected: { zh: '18-30,31-50,51+', en: '18-30,31-50,51+' } },
      )
  }
  return bands
}

/** @throws InputError `cell-under-10`, every such cell */
function guard(tables: Tabulated[]): void {
  const findings = tables.flatMap(({ margin, cells }) =>
    cells
      .filter(({ records }) => records > 0 && records < FEWEST_RECORDS)
      .map(({ groups }): Finding => ({
        severity: 'error',
        code: 'cell-under-10',
        message: {
          zh: `${margin} 的“${groups.join(' · ')}”不足 ${FEWEST_RECORDS} 条记录`,
          en: `${margin}: "${groups.join(' · ')}" has fewer than ${FEWEST_RECORDS} records`,
        },
      })),
  )
  if (findings.length === 0) return
  findings[findings.length - 1].fix = {
    zh: '这样的格子会透露个人:用 --ages、--stays 放宽区间,在记录中合并类别,或用 --over 不取这张表。什么也没有写。',
    en: 'Such cells tell of persons: widen the bands with --ages and --stays, merge categories in the records, or leave the margin out with --over. Nothing was written.',
  }
  throw new InputError(findings)
}

const rowsOf = (tables: Tabulated[], source: string): string[][] => [
  ['dimensions', 'groups', 'value', 'unit', 'grade', 'source', 'note'],
  ...tables.flatMap(({ margin, unit, cells, records, unknown }) =>
    cells
      .filter(({ value }) => value > 0)
      .map(({ groups, value }) => [
        margin,
        groups.join('*'),
        String(unit === 'persons' ? Number(value.toPrecision(12)) : value),
        unit,
        'observed',
        source,
        `tabulated from ${records} records` + (unknown > 0 ? `, ${unknown} of them unknown` : ''),
      ]),
  ),
]

const documentOf = (tables: Tabulated[], refused: number, out: string | undefined) => ({
  ...(out !== undefined && { out }),
  refused,
  margins: tables.map(({ cells, ...rest }) => ({
    ...rest,
    cells: cells.map(({ groups, value }) => ({ groups, value })),
  })),
})

function tell(tables: Tabulated[], out: string, { lang, tell, width }: Terminal): void {
  const header = (zh: string, en: string) => ({ header: { zh, en }[lang], align: 'right' as const })
  const columns = [
    { header: { zh: '边际表', en: 'margin' }[lang], align: 'left' as const },
    header('格', 'cells'),
    header('记录', 'records'),
    header('其中未知', 'of them unknown'),
  ]
  const rows = tables.map(({ margin, cells, records, unknown }) =>
    [margin, cells.filter(({ value }) => value > 0).length, records, unknown].map(String),
  )
  for (const line of renderTable(columns, rows, { width })) tell(line)
  tell(`→ ${out}`)
}

/** Shares are taken over those known, as if the others were like them. */
const unknowns = (tables: Tabulated[]): Finding[] =>
  tables
    .filter(({ unknown }) => unknown > 0)
    .map(({ margin, records, unknown }) => ({
      severity: 'warning',
      code: 'unknown-left-out',
      message: {
        zh: `${margin}:${records} 条记录中有 ${unknown} 条未知或不在任何区间,未计入`,
        en: `${margin}: ${unknown} of ${records} records are unknown or in no band, and left out`,
      },
    }))

const reminder = ({ id, microdata }: Pack): Finding => ({
  severity: 'note',
  code: 'made-of-records',
  message: {
    zh: '这些边际表出自真实个人的记录:使用它们的数据包须写明 microdata: true,结果才会隐去小格。个人信息保护法、数据安全法、统计法的责任在使用者。',
    en: 'These margins come from records of real persons: the pack that uses them must say microdata: true, so that small cells of results are hidden. The duties of the Personal Information Protection Law, the Data Security Law and the Statistics Law are the user’s.',
  },
  ...(!microdata && {
    fix: {
      zh: `数据包“${id}”没有这样写。`,
      en: `The pack ${id} does not say so.`,
    },
  }),
})
