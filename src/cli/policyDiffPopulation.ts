/** Who newly qualifies, for people and for programs: numbers at full scale, with how sure they are. */
import { formatMonth, type Month } from '../evidence/month.js'
import type { Area } from '../pack/pack.js'
import type { LawOf } from '../policy/diff.js'
import type { Moves, Qualifying } from '../policy/diff/qualifying.js'
import { plainNumber, valueWords } from '../policy/words.js'
import type { Text } from '../reading/text.js'
import { renderTable } from '../report/terminal.js'
import { percent } from '../report/wording/wording.js'
import { paragraphs } from './policyDiffWords.js'
import type { Terminal } from './verb.js'

/** Where the persons come from. */
export type Source =
  | { kind: 'synthetic'; pack: string; month: Month; scale: number; seed: string }
  | { kind: 'file'; file: string }

export interface PopulationMoves {
  source: Source
  counted: Qualifying
}

type Laws = readonly [LawOf, LawOf]

/** Fewer records than this say little. */
const FEW = 30

interface Estimate {
  /** As looked at. */
  records: number
  /** At full scale, to the first digit of the standard error. */
  households?: number
  standardError?: number
  few?: true
}

/** The luck of a synthetic population is that of so many independent households (Poisson). */
function estimate(records: number, { source }: PopulationMoves): Estimate {
  if (source.kind === 'file') return { records }
  const error = Math.sqrt(records) / source.scale
  const unit = digit(error)
  return {
    records,
    households: Math.round(records / source.scale / unit) * unit,
    standardError: Math.round(error / unit) * unit,
    ...(records < FEW && { few: true }),
  }
}

/** The place of the first digit, 1 at least. */
const digit = (value: number): number => (value < 1 ? 1 : 10 ** Math.floor(Math.log10(value)))

const share = (part: number, all: number): number | null => (all > 0 ? part / all : null)

export function recordOfPopulation(population: PopulationMoves, laws: Laws, areas: readonly Area[]) {
  const { source, counted } = population
  const estimates = (moves: object) =>
    Object.fromEntries(
      Object.entries(moves).flatMap(([name, records]) =>
        typeof records === 'number' ? [[name, estimate(records, population)]] : [],
      ),
    )
  const shares = ({ all, gained, lost }: Moves) => ({
    shareGained: share(gained, all),
    shareLost: share(lost, all),
  })
  return {
    synthetic: source.kind === 'synthetic',
    ...(source.kind === 'synthetic'
      ? { pack: source.pack, at: formatMonth(source.month), scale: source.scale, seed: source.seed }
      : { file: source.file }),
    total: { ...estimates(counted.total), ...shares(counted.total) },
    channels: counted.channels.map(moves => ({
      channel: moves.channel,
      title: titleOf(moves.channel, laws),
      ...estimates(moves),
    })),
    by: Object.fromEntries(
      Object.entries(counted.groups).map(([name, group]) => [
        name,
        valuesOf(name, group, laws[0], areas).map(({ value, label, moves }) => ({
          value,
          label,
          ...estimates(moves),
          ...shares(moves),
        })),
      ]),
    ),
  }
}

const titleOf = (id: string, [a, b]: Laws): Text =>
  [...b.law.channels, ...a.law.channels].find(channel => channel.id === id)!.title

/** The values of a fact that somebody has, in their order; not known last. */
function valuesOf(name: string, group: Map<number, Moves>, { law }: LawOf, areas: readonly Area[]) {
  const fact = law.facts.find(known => known.name === name)!
  const ids =
    fact.type.kind === 'area' ? areas.map(({ id }) => id) : 'values' in fact.type ? fact.type.values : []
  return [...group]
    .sort(([x], [y]) => (Number.isNaN(x) ? 1 : Number.isNaN(y) ? -1 : x - y))
    .map(([code, moves]) => ({ value: ids[code] ?? null, label: valueWords(fact, code, areas), moves }))
}

export function printPopulation(
  population: PopulationMoves,
  laws: Laws,
  areas: readonly Area[],
  terminal: Terminal,
): void {
  const { lang, print, width } = terminal
  const zh = lang === 'zh'
  const say = paragraphs(terminal)
  const { source, counted } = population
  const { total } = counted
  print('')
  say(zh ? '谁将新符合条件(不计名额和轮次)' : 'Who would newly qualify (places and rounds not counted)')
  if (source.kind === 'synthetic')
    say(
      zh
        ? `  ${source.pack} 的合成人口,${formatMonth(source.month)},抽样 ${plainNumber(source.scale * 100)}%,种子 ${source.seed}:模型推算,不是统计数;每户一名申请人。数字只写到标准误(±)的首位,* 表示样本不足 ${FEW} 户,仅供参考。献血、捐款、处罚等无记录者按没有计。`
        : `  Synthetic population of ${source.pack} in ${formatMonth(source.month)}, a sample of ${plainNumber(source.scale * 100)}%, seed ${source.seed}: a model, not a count of real people. One applicant a household. Numbers are written to the first digit of their standard error (±); * marks fewer than ${FEW} records. Donations, offences and the like, which nothing records, are taken as none.`,
    )
  else say(`  ${source.file}`)
  const unit = source.kind === 'synthetic' ? (zh ? '户' : 'households') : zh ? '人' : 'persons'
  const estimated = (records: number) => {
    const { households, standardError, few } = estimate(records, population)
    if (households === undefined || records === 0) return `${whole(records)} ${unit}`
    return `${whole(households)} ±${whole(standardError!)}${few ? '*' : ''} ${unit}`
  }
  const totals: [Text, number][] = [
    [{ zh: '原规定下有渠道可走', en: 'some channel open under the old law' }, total.before],
    [{ zh: '新规定下有渠道可走', en: 'some channel open under the new law' }, total.after],
    [{ zh: '新符合:只有新规定才让其通过', en: 'newly qualify: let in by the new law alone' }, total.gained],
    [{ zh: '不再符合', en: 'no longer qualify' }, total.lost],
    ...(total.undecided > 0
      ? ([[{ zh: '因事实不明无法判断', en: 'not decided: a fact is not known' }, total.undecided]] as [
          Text,
          number,
        ][])
      : []),
  ]
  say(zh ? `  共 ${estimated(total.all)}` : `  ${estimated(total.all)} in all`)
  for (const [what, records] of totals)
    say(
      `  ${what[lang]}${zh ? ':' : ': '}${estimated(records)}${zh ? ',' : ', '}${shareWords(records, total.all)}`,
    )

  const cell = (records: number) => {
    const { households, few } = estimate(records, population)
    return `${whole(households ?? records)}${few && records > 0 ? '*' : ''}`
  }
  const table = (columns: string[], rows: string[][]) => {
    print('')
    const aligned = columns.map((header, i) => ({
      header,
      align: i === 0 ? ('left' as const) : ('right' as const),
    }))
    for (const row of renderTable(aligned, rows, { width: width - 2 })) print(`  ${row}`)
  }
  table(
    zh
      ? ['渠道', '原规定', '新规定', '新可走', '原无他途', '不再可走', '别无他途']
      : ['channel', 'old law', 'new law', 'newly', 'no way before', 'no longer', 'no way left'],
    counted.channels.map(({ channel, before, after, gained, only, lost, shut }) => [
      titleOf(channel, laws)[lang],
      ...[before, after, gained, only, lost, shut].map(cell),
    ]),
  )
  // Nobody loses by most reforms: then the columns would say nothing.
  const moved = (['gained', 'lost'] as const).filter(way => total[way] > 0)
  const heads = { gained: { zh: '新符合', en: 'newly' }, lost: { zh: '不再符合', en: 'no longer' } }
  for (const [name, group] of Object.entries(moved.length > 0 ? counted.groups : {}))
    table(
      [
        laws[0].law.facts.find(fact => fact.name === name)!.label[lang],
        zh ? '总数' : 'all',
        ...moved.flatMap(way => [heads[way][lang], zh ? '占比' : 'share']),
      ],
      valuesOf(name, group, laws[0], areas).map(({ label, moves }) => [
        label[lang],
        cell(moves.all),
        ...moved.flatMap(way => [cell(moves[way]), shareWords(moves[way], moves.all)]),
      ]),
    )
}

const shareWords = (part: number, all: number): string => percent(all > 0 ? part / all : NaN)

const whole = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',')
