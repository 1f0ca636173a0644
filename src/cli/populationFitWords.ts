/** What `population fit` says: a document for programs, a page of text for people. */
import type { Dimensions } from '../population/fitting/dimensions.js'
import type { Collapsed } from '../population/fitting/cases.js'
import type { Conflict, MarginResult, Place, Relaxed, Weighing } from '../population/fitting/weigh.js'
import type { Finding } from '../reading/finding.js'
import type { Lang, Text } from '../reading/text.js'
import { wrap } from '../report/lines.js'
import { renderTable } from '../report/terminal.js'
import type { FitInput, Source } from './populationFitInput.js'
import type { Written } from './populationFitOut.js'
import type { Terminal } from './verb.js'

export interface Told {
  result: Weighing
  dimensions: Dimensions
  source: Source
  collapsed: Collapsed
  options: FitInput
  written: Written | undefined
  notes: Finding[]
}

const largest = (margins: readonly MarginResult[]) =>
  margins.reduce((most, { largestGap }) => Math.max(most, largestGap), 0)

/** Contract of `--format json`: fields are added, never renamed. */
export function fitDocument({ result, source, collapsed, options, written }: Told) {
  const { fitted, margins, wholeMargins, whole, conflicts, relaxed, spread } = result
  return {
    converged: fitted.converged,
    iterations: fitted.iterations,
    newtonSteps: fitted.newtonSteps,
    largestGap: largest(margins),
    tolerance: options.tolerance,
    margins: margins.map(marginDocument),
    conflicts: conflicts.map(conflictDocument),
    relaxed: relaxed.map(relaxedDocument),
    ...(source.kind === 'records'
      ? { records: source.records.count, households: options.household && collapsed.cases.count }
      : { excluded: source.table.excluded, unlisted: source.table.unlisted }),
    cells: result.units,
    forcedZeros: fitted.forced.length,
    spread,
    ...(whole && {
      integerised: {
        method: options.integerise,
        seed: options.seed,
        largestGap: largest(wholeMargins!),
        margins: wholeMargins!.map(marginDocument),
      },
    }),
    ...(options.out !== undefined && { out: options.out, ...written }),
  }
}

const marginDocument = ({ margin, largestGap, relativeGap, worst }: MarginResult) => ({
  file: margin.file,
  of: margin.of,
  groups: margin.totals.length,
  largestGap,
  relativeGap,
  worst,
})

const placeDocument = ({ margin, cell }: Place) => ({ file: margin.file, cell })

function conflictDocument(conflict: Conflict) {
  const message = conflictWords(conflict)
  const { kind } = conflict
  switch (kind) {
    case 'disagreement': {
      const { first, second, cell, totals, more } = conflict.disagreement
      const by = Math.abs(totals[0] - totals[1])
      return { code: 'margins-disagree', files: [first.file, second.file], cell, totals, by, more, message }
    }
    case 'impossible':
      return {
        code: 'group-out-of-reach',
        ...placeDocument(conflict.place),
        asked: conflict.asked,
        base: conflict.base,
        least: conflict.least,
        most: Number.isFinite(conflict.most) ? conflict.most : null,
        message,
      }
    case 'contradiction': {
      const part = (places: typeof conflict.asks) =>
        places.map(({ total, times, ...place }) => ({ ...placeDocument(place), total, times }))
      return {
        code: 'totals-contradict',
        asks: part(conflict.asks),
        allows: part(conflict.allows),
        short: conflict.short,
        bounds: conflict.bounds,
        message,
      }
    }
  }
}

function relaxedDocument(relaxed: Relaxed) {
  const { kind, from, to } = relaxed
  return kind === 'scaled'
    ? { file: relaxed.margin.file, factor: to / from, from, to }
    : { ...placeDocument(relaxed.place), from, to }
}

/** Seven digits, and no more zeros than there are. */
export const amount = (value: number): string => {
  const rounded = Number(value.toPrecision(7))
  const size = Math.abs(rounded)
  return size !== 0 && (size < 1e-4 || size >= 1e15)
    ? rounded.toExponential(1)
    : rounded.toLocaleString('en', { maximumFractionDigits: 4 })
}

const cellWords = (cell: Record<string, string>, lang: Lang): string =>
  Object.values(cell).join(' · ') || { zh: '总数', en: 'all' }[lang]

/** A group in words: file and categories. */
const placeWords = (place: Place, lang: Lang): string =>
  lang === 'zh'
    ? `${place.margin.file} 的“${cellWords(place.cell, lang)}”`
    : `"${cellWords(place.cell, lang)}" of ${place.margin.file}`

/** Groups that a sentence names one by one. */
const NAMED = 6

export function conflictWords(conflict: Conflict): Text {
  if (conflict.kind === 'disagreement') {
    const { first, second, cell, totals, more } = conflict.disagreement
    const [a, b] = totals.map(amount)
    const gap = Math.abs(totals[0] - totals[1])
    const share = `${amount((gap / Math.max(...totals)) * 100)} %`
    const by = `${amount(gap)} (${share})`
    const isAll = Object.keys(cell).length === 0
    return {
      zh:
        `${first.file} 与 ${second.file} ${isAll ? '的总数' : `在“${cellWords(cell, 'zh')}”上`}不同:${a} 与 ${b},相差 ${by}` +
        (more > 0 ? `;另有 ${more} 处不同` : ''),
      en:
        `${first.file} and ${second.file} differ ${isAll ? 'in their totals' : `over "${cellWords(cell, 'en')}"`}: ${a} and ${b}, by ${by}` +
        (more > 0 ? `; they differ over ${more} more` : ''),
    }
  }
  if (conflict.kind === 'impossible') {
    const { place, asked, base, least, most } = conflict
    const wants = {
      zh: `${placeWords(place, 'zh')}要求 ${amount(asked)}`,
      en: `${placeWords(place, 'en')} asks for ${amount(asked)}`,
    }
    if (base === 0)
      return {
        zh: `${wants.zh},但没有一条有权重的记录属于它`,
        en: `${wants.en}, but no record with a weight lies in it`,
      }
    if (asked < least || asked > most)
      return {
        zh: `${wants.zh},但上下限只容许 ${amount(least)} 至 ${amount(most)}`,
        en: `${wants.en}, but the bounds allow only ${amount(least)} to ${amount(most)}`,
      }
    return {
      zh: `${wants.zh},但其记录都属于合计为 0 的类别`,
      en: `${wants.en}, but all its records lie in categories whose total is 0`,
    }
  }
  const { asks, allows, short, bounds } = conflict
  const list = (places: typeof asks, lang: Lang) => {
    const named = places.slice(0, NAMED).map(place => {
      const many = Math.abs(place.times - 1) < 1e-9 ? '' : ` × ${amount(place.times)}`
      return `${placeWords(place, lang)} (${amount(place.total)}${many})`
    })
    const left = places.length - NAMED
    if (left > 0) named.push({ zh: `另外 ${left} 组`, en: `${left} more` }[lang])
    return named.join({ zh: '、', en: ', ' }[lang])
  }
  const allowed = allows.length > 0
  return {
    zh:
      `已证明无解:${list(asks, 'zh') || '零'} 的要求` +
      (allowed ? `,其记录都属于 ${list(allows, 'zh')},后者容不下` : '') +
      (bounds !== 0 ? '(已计入权重上下限)' : '') +
      `:差 ${amount(short)}`,
    en:
      `Proven: no weights exist. What is asked for ${list(asks, 'en') || 'nothing'}` +
      (allowed
        ? ` must all lie in ${list(allows, 'en')}, where there is no room for it`
        : ' is out of reach') +
      (bounds !== 0 ? ' (bounds on weights allowed for)' : '') +
      `: ${amount(short)} too many`,
  }
}

const WORDS = {
  met: { zh: '已收敛:所有边际都符合。', en: 'Converged: every margin is met.' },
  metRelaxed: {
    zh: '已收敛:符合放宽后的合计,所改见下。',
    en: 'Converged to relaxed totals: what was changed is listed below.',
  },
  missed: { zh: '未收敛:以下边际没有全部符合。', en: 'Not converged: not every margin is met.' },
  infeasible: { zh: '无解:边际互相矛盾,或记录无法满足。', en: 'Infeasible: no weights meet these margins.' },
  margin: { zh: '边际', en: 'Margin' },
  gap: { zh: '最大差距', en: 'Largest gap' },
  relative: { zh: '相对', en: 'Relative' },
  worst: { zh: '最差的格', en: 'Worst cell' },
  asked: { zh: '要求', en: 'Asked' },
  reached: { zh: '达到', en: 'Reached' },
  conflicts: { zh: '矛盾', en: 'Conflicts' },
  relaxed: { zh: '应要求放宽', en: 'Relaxed, as asked' },
  whole: { zh: '取整后', en: 'Whole numbers' },
  weights: { zh: '权重', en: 'Weights' },
} satisfies Record<string, Text>

/** Conflicts and relaxed totals that a screen shows. */
const SHOWN = 10

export function fitText(told: Told, { lang, width }: Pick<Terminal, 'lang' | 'width'>): string[] {
  const { result, source, collapsed, options, written } = told
  const { fitted, margins, wholeMargins, conflicts, relaxed } = result
  const zh = lang === 'zh'
  const lines: string[] = []
  const say = (text: string, indent = 0) =>
    lines.push(...wrap(text, width - indent).map(line => ' '.repeat(indent) + line))
  const met = relaxed.length > 0 ? WORDS.metRelaxed : WORDS.met
  say((fitted.converged ? met : WORDS[conflicts.length > 0 ? 'infeasible' : 'missed'])[lang])
  const cases = amount(collapsed.cases.count)
  const what =
    source.kind === 'table'
      ? zh
        ? `${cases} 个格的表`
        : `A table of ${cases} cells`
      : options.household !== undefined
        ? zh
          ? `${amount(source.records.count)} 条记录,${cases} 户,归并为 ${amount(result.units)} 类`
          : `${amount(source.records.count)} records in ${cases} households, of ${amount(result.units)} kinds`
        : zh
          ? `${cases} 条记录,归并为 ${amount(result.units)} 个格`
          : `${cases} records in ${amount(result.units)} cells`
  say(zh ? `${what};迭代 ${fitted.iterations} 次。` : `${what}; ${fitted.iterations} iterations.`)
  lines.push('', ...marginTable(margins, lang, width))
  if (conflicts.length > 0) {
    lines.push('', WORDS.conflicts[lang])
    for (const conflict of conflicts.slice(0, SHOWN)) say(conflictWords(conflict)[lang], 2)
    if (conflicts.length > SHOWN)
      say(zh ? `另有 ${conflicts.length - SHOWN} 处` : `${conflicts.length - SHOWN} more`, 2)
    say(
      zh
        ? '请改正合计或记录;或用 --relax scale --scale-to 边际、--relax penalty 放宽,所改会列出。'
        : 'Mend totals or records; or relax them with --relax scale --scale-to MARGIN or --relax penalty, which lists what it changed.',
      2,
    )
  }
  if (relaxed.length > 0) {
    lines.push('', WORDS.relaxed[lang])
    const bySize = [...relaxed].sort((a, b) => Math.abs(b.to - b.from) - Math.abs(a.to - a.from))
    for (const one of bySize.slice(0, SHOWN)) say(relaxedWords(one, lang), 2)
    if (relaxed.length > SHOWN)
      say(zh ? `另有 ${relaxed.length - SHOWN} 处` : `${relaxed.length - SHOWN} more`, 2)
  }
  lines.push('', WORDS.weights[lang])
  for (const line of spreadWords(result, options, lang)) say(line, 2)
  if (fitted.forced.length > 0)
    say(
      zh
        ? `${fitted.forced.length} 个格的权重只能为 0:符合边际的解都是如此。`
        : `${fitted.forced.length} cells can only have the weight 0: so it is in whatever meets the margins.`,
      2,
    )
  if (wholeMargins) {
    const worst = wholeMargins.reduce((a, b) => (b.largestGap > a.largestGap ? b : a))
    lines.push('', WORDS.whole[lang])
    say(wholeWords(worst, options, lang), 2)
  }
  if (source.kind === 'table' && source.table.unlisted > 0)
    say(
      zh
        ? `${amount(source.table.unlisted)} 个组合在某个边际中没有行,不在表中。`
        : `${amount(source.table.unlisted)} combinations have no row in some margin and are not in the table.`,
    )
  if (written) {
    lines.push('')
    say(zh ? `${amount(written.rows)} 行 → ${options.out}` : `${amount(written.rows)} rows → ${options.out}`)
    if (written.renamed)
      say(
        zh
          ? `记录原有的“${written.renamed.from}”列改名为“${written.renamed.to}”。`
          : `The records' own column "${written.renamed.from}" is now "${written.renamed.to}".`,
      )
  }
  return lines
}

function marginTable(margins: readonly MarginResult[], lang: Lang, width: number): string[] {
  return renderTable(
    [
      { header: WORDS.margin[lang], align: 'left' },
      { header: WORDS.gap[lang], align: 'right' },
      { header: WORDS.relative[lang], align: 'right' },
      { header: WORDS.worst[lang], align: 'left' },
      { header: WORDS.asked[lang], align: 'right' },
      { header: WORDS.reached[lang], align: 'right' },
    ],
    margins.map(({ margin, largestGap, relativeGap, worst }) => [
      margin.file + (margin.of === 'households' ? { zh: '(户)', en: ' (households)' }[lang] : ''),
      amount(largestGap),
      `${amount(relativeGap * 100)} %`,
      cellWords(worst.cell, lang),
      amount(worst.asked),
      amount(worst.reached),
    ]),
    { width },
  )
}

function relaxedWords(relaxed: Relaxed, lang: Lang): string {
  const { from, to } = relaxed
  const change = `${amount(from)} → ${amount(to)}`
  if (relaxed.kind === 'scaled')
    return lang === 'zh'
      ? `${relaxed.margin.file} 各合计乘以 ${amount(to / from)}(总数 ${change})`
      : `${relaxed.margin.file}: all totals times ${amount(to / from)} (sum ${change})`
  return `${placeWords(relaxed.place, lang)}: ${change}`
}

function spreadWords({ spread }: Weighing, { lower, upper }: FitInput, lang: Lang): string[] {
  const { min, max, mean, maxOverMean, designEffect, effectiveSampleSize, weighted, zero } = spread
  const { ratioMin, ratioMax } = spread
  const zh = lang === 'zh'
  const bounds = lower !== undefined || upper !== undefined ? ` [${lower ?? 0}, ${upper ?? '∞'}]` : ''
  return [
    zh
      ? `最小 ${amount(min)},平均 ${amount(mean)},最大 ${amount(max)}(平均的 ${amount(maxOverMean)} 倍)`
      : `least ${amount(min)}, mean ${amount(mean)}, largest ${amount(max)} (${amount(maxOverMean)} × the mean)`,
    zh
      ? `与基础权重之比 ${amount(ratioMin)} 至 ${amount(ratioMax)}${bounds}`
      : `ratio to the base weight ${amount(ratioMin)} to ${amount(ratioMax)}${bounds}`,
    zh
      ? `设计效应(Kish)${amount(designEffect)},有效样本量 ${amount(Math.round(effectiveSampleSize))} / ${amount(weighted)}`
      : `design effect (Kish) ${amount(designEffect)}, effective sample size ${amount(Math.round(effectiveSampleSize))} of ${amount(weighted)}`,
    ...(zero > 0 ? [zh ? `${amount(zero)} 个权重为 0` : `${amount(zero)} weights are 0`] : []),
  ]
}

function wholeWords(worst: MarginResult, { integerise, seed }: FitInput, lang: Lang): string {
  const where = placeWords({ margin: worst.margin, cell: worst.worst.cell }, lang)
  return lang === 'zh'
    ? `${integerise},种子“${seed}”:边际最大差距 ${amount(worst.largestGap)},在 ${where}`
    : `${integerise}, seed "${seed}": the largest gap of a margin is ${amount(worst.largestGap)}, at ${where}`
}
