/** menkan pack check, menkan pack show: what a place's data say, and where they contradict themselves. */
import stringWidth from 'string-width'
import { formatValue } from '../evidence/layered.js'
import { formatMonth } from '../evidence/month.js'
import { GRADES, type Parameter } from '../evidence/parameter.js'
import { loadPack } from '../node/packs.js'
import { checkPack } from '../pack/check.js'
import type { Figure, Pack } from '../pack/pack.js'
import { label, placeName } from '../pack/rules/words.js'
import { inWords, plain } from '../reading/finding.js'
import type { Lang, Text } from '../reading/text.js'
import { renderTable } from '../report/terminal.js'
import { csv } from '../results/csv.js'
import type { Given, Option, Terminal, Verb } from './verb.js'

const PACK: Verb['takes'][number] = {
  name: 'pack',
  does: { zh: '数据包名称或文件夹(默认 zhaoqing)', en: 'Name or folder of a pack (default: zhaoqing)' },
}
const given = ({ positionals }: Given): string => (positionals.pack as string | undefined) ?? 'zhaoqing'

export const check: Verb = {
  path: ['pack', 'check'],
  does: {
    zh: '读取数据包并指出其中的矛盾',
    en: 'Read a pack and tell where its figures contradict one another',
  },
  takes: [PACK],
  options: {},
  example: 'menkan pack check zhaoqing',
  async act(typed, terminal) {
    const pack = await loadPack(given(typed))
    const findings = checkPack(pack)
    const { lang } = terminal
    if (terminal.format === 'json') {
      const document = {
        pack: pack.id,
        version: pack.version,
        findings: findings.map(finding => plain(finding, lang)),
      }
      terminal.print(JSON.stringify(document, null, 2))
    } else if (terminal.format === 'csv') {
      const rows = findings.map(finding => plain(finding, lang))
      const cells = rows.map(f => [f.severity, f.code, f.file ?? '', String(f.line ?? ''), f.message])
      terminal.print(csv([['severity', 'code', 'file', 'line', 'message'], ...cells]).trimEnd())
    } else {
      for (const finding of findings) terminal.print(`[${finding.code}] ${inWords(finding, lang)}\n`)
      terminal.print(summary(pack, findings.length)[lang])
    }
    return 0
  },
}

const summary = ({ title, parameters, figures, targets }: Pack, findings: number): Text => ({
  zh: `${title.zh}:${figures.length} 个数字、${targets.length} 个目标、${parameters.length} 个参数均有单位、等级与来源;${findings} 处需留意。`,
  en: `${title.en}: ${figures.length} figures, ${targets.length} targets and ${parameters.length} parameters, each with unit, grade and source; ${findings} things to mind.`,
})

interface Section {
  does: Text
  columns: { header: Text; align?: 'right' }[]
  rows(pack: Pack, lang: Lang): string[][]
  /** The same, whole, for programs. */
  records(pack: Pack): unknown[]
}

const column = (zh: string, en: string, align?: 'right') => ({ header: { zh, en }, ...(align && { align }) })
const ID = column('标识', 'id')
const VALUE = column('数值', 'value', 'right')
const UNIT = column('单位', 'unit')
const RANGE = column('90% 区间', '90 % interval')
const GRADE = column('等级', 'grade')
const LABEL = column('名称', 'label')
const QUANTITY = column('指标', 'quantity')
const WHERE = column('地区', 'area')
const WINDOW = column('时段', 'window')

/** Parameters of `stock.…` are what a planner enters; they have a section of their own. */
const isStock = ({ id }: Parameter): boolean => id.startsWith('stock.')

const parameterRow = (parameter: Parameter, lang: Lang): string[] => {
  const { id, value, unit, grade, label, interval90, dist } = parameter
  const ends = interval90.map(end => formatValue(parameter, end)).join(' – ')
  return [
    id,
    value === undefined ? '' : formatValue(parameter, value),
    dist === 'fixed' ? '' : ends,
    unit,
    grade,
    label[lang],
  ]
}

const parameterSection = (does: Text, kept: (parameter: Parameter) => boolean): Section => ({
  does,
  columns: [ID, VALUE, RANGE, UNIT, GRADE, LABEL],
  rows: ({ parameters }, lang) => parameters.filter(kept).map(parameter => parameterRow(parameter, lang)),
  records: ({ parameters }) => parameters.filter(kept),
})

const figureRow = ({ area, value, unit, window, grade }: Figure, pack: Pack, lang: Lang): string[] => [
  placeName(area, pack)[lang],
  [window.from, window.to].map(formatMonth).join('/'),
  String(value),
  unit,
  grade,
]

const SECTIONS: Record<string, Section> = {
  areas: {
    does: { zh: '地区', en: 'Areas' },
    columns: [ID, column('代码', 'code'), LABEL, column('其他写法', 'also read as')],
    rows: ({ areas }, lang) =>
      areas.map(({ id, code, name, aliases }) => [id, code, name[lang], aliases.join(', ')]),
    records: ({ areas }) => areas,
  },
  figures: {
    does: { zh: '已公布的数字', en: 'Published figures' },
    columns: [WHERE, WINDOW, VALUE, UNIT, GRADE, column('渠道', 'channel'), QUANTITY],
    rows: (pack, lang) =>
      pack.figures.map(figure => [
        ...figureRow(figure, pack, lang),
        figure.channel ? label(figure.channel, pack)[lang] : '',
        label(figure.quantity, pack)[lang],
      ]),
    records: ({ figures }) => figures.map(written),
  },
  targets: {
    does: { zh: '校准与检验目标', en: 'Targets of calibration and checks' },
    columns: [ID, column('用途', 'use'), VALUE, UNIT, GRADE, column('口径', 'basis')],
    rows: pack =>
      pack.targets.map(({ id, use, value, unit, grade, basis }) => [
        id,
        use,
        String(value),
        unit,
        grade,
        basis ?? '',
      ]),
    records: ({ targets }) => targets.map(written),
  },
  parameters: parameterSection(
    { zh: '参数(可用 --set 覆盖)', en: 'Parameters (override with --set)' },
    parameter => !isStock(parameter),
  ),
  stocks: parameterSection(
    { zh: '存量:空白为未公布,可用 --set 填入', en: 'Stocks: empty where not published, enter with --set' },
    isStock,
  ),
}

/** Months of a window as text. */
const written = (figure: Figure) => ({
  ...figure,
  window: { from: formatMonth(figure.window.from), to: formatMonth(figure.window.to) },
})

export const show: Verb = {
  path: ['pack', 'show'],
  does: { zh: '显示数据包的内容', en: 'Show what is in a pack' },
  takes: [PACK],
  options: Object.fromEntries(
    Object.entries(SECTIONS).map(([name, { does }]): [string, Option] => [name, { type: 'boolean', does }]),
  ),
  example: 'menkan pack show zhaoqing --parameters',
  async act(typed, terminal) {
    const pack = await loadPack(given(typed))
    const chosen = Object.keys(SECTIONS).filter(name => typed.options[name] === true)
    if (terminal.format === 'json')
      terminal.print(JSON.stringify(chosen.length > 0 ? records(pack, chosen) : overview(pack), null, 2))
    else if (chosen.length === 0) printOverview(pack, terminal)
    else for (const name of chosen) printSection(pack, SECTIONS[name], terminal)
    return 0
  },
}

const records = (pack: Pack, chosen: string[]) => ({
  pack: pack.id,
  ...Object.fromEntries(chosen.map(name => [name, SECTIONS[name].records(pack)])),
})

function overview(pack: Pack) {
  const { id, title, version, microdata, reference, parameters, calibrated, files } = pack
  const grades = Object.fromEntries(
    GRADES.map(grade => [grade, parameters.filter(parameter => parameter.grade === grade).length]),
  )
  const counts: Record<string, number> = Object.fromEntries(
    Object.entries(SECTIONS).map(([name, section]) => [name, section.records(pack).length]),
  )
  return {
    pack: id,
    title,
    version,
    microdata,
    reference,
    counts: { ...counts, margins: pack.margins.length, yearbook: pack.yearbook.length } as Record<
      string,
      number
    >,
    grades,
    calibrated: calibrated ? { rows: calibrated.rows.length, sha256: calibrated.sha256 } : null,
    files,
  }
}

function printOverview(pack: Pack, { lang, print, width }: Terminal): void {
  const { counts, grades, calibrated } = overview(pack)
  const rows = [
    ...Object.entries(SECTIONS).map(([name, { does }]) => [does[lang], String(counts[name]), `--${name}`]),
    [lang === 'zh' ? '人口边际分布' : 'Margins of the population', String(counts.margins), ''],
    [lang === 'zh' ? '年鉴(地区 × 年)' : 'Yearbook (areas × years)', String(counts.yearbook), ''],
    [lang === 'zh' ? '校准所得样本' : 'Calibrated draws', String(calibrated?.rows ?? 0), ''],
  ]
  print(`${pack.title[lang]} (${pack.id} ${pack.version})`)
  const columns = [LABEL, column('数量', 'number', 'right'), column('查看', 'show')]
  for (const line of renderTable(headers(columns, lang), rows, { width })) print(line)
  const said = GRADES.map(grade => `${grade} ${grades[grade]}`).join(', ')
  print(lang === 'zh' ? `参数的证据等级:${said}` : `Evidence grades of the parameters: ${said}`)
}

function printSection(
  pack: Pack,
  { does, columns, rows }: Section,
  { lang, print, width, format }: Terminal,
): void {
  if (format === 'csv') {
    print(csv([columns.map(({ header }) => header[lang]), ...rows(pack, lang)]).trimEnd())
    return
  }
  print(does[lang])
  const cells = rows(pack, lang)
  const heads = headers(columns, lang)
  // Ids and numbers are to be copied: only the last column, which holds words, gives way to the width.
  const last = heads.length - 1
  const [others] = renderTable(heads.slice(0, last), cells, { width: Infinity })
  const room = Math.max(LEAST_LABEL, width - stringWidth(others) - 2)
  const [, ...fitted] = renderTable(
    [heads[last]],
    cells.map(row => [row[last]]),
    { width: room },
  )
  const lines = cells.map((row, index) => [...row.slice(0, last), fitted[index]])
  for (const line of renderTable(heads, lines, { width: Infinity })) print(line)
}

/** Columns of the terminal that the last column keeps, however narrow the terminal. */
const LEAST_LABEL = 12

const headers = (columns: Section['columns'], lang: Lang) =>
  columns.map(({ header, align }) => ({ header: header[lang], align: align ?? ('left' as const) }))
