/** Parts against their whole: areas of a place, channels of all registrations. */
import { monthsOf, yearOf } from '../../evidence/month.js'
import type { Finding } from '../../reading/finding.js'
import type { Text } from '../../reading/text.js'
import { COUNTED, yearbookFigures } from '../figures.js'
import type { Figure, Pack } from '../pack.js'
import {
  about,
  grouped,
  join,
  label,
  overlap,
  placeName,
  rounding,
  sameStory,
  sameWindow,
  windowName,
} from './words.js'

const total = (figures: Figure[]): number => figures.reduce((sum, { value }) => sum + value, 0)
/** How far apart a whole and the sum of its parts may be by rounding alone; derived figures carry that of their rates. */
function slack(figures: Figure[]): number {
  const derived = figures.some(({ grade }) => grade !== 'observed') ? figures[0].value / 1000 : 0
  return figures.reduce((sum, { value }) => sum + rounding(value), derived)
}
const rate = ({ value, window }: Figure): number => value / monthsOf(window)

interface Split {
  whole: Figure
  parts: Figure[]
}

/** `part-above-whole` (years of the same months told together) and `areas-do-not-sum`. */
export function areaDoubts(pack: Pack): Finding[] {
  const figures = [...pack.figures, ...yearbookFigures(pack.yearbook)].filter(({ unit }) => COUNTED.has(unit))
  const splits = figures
    .filter(({ area }) => area === undefined)
    .map(whole => ({ whole, parts: disjoint(partsOf(whole, figures), pack) }))
    .filter(({ parts }) => parts.length > 0)
  const above = ({ whole, parts }: Split) => total(parts) - whole.value > slack([whole, ...parts])
  const complete = ({ whole, parts }: Split) =>
    pack.areas.every(
      ({ id, inside }) =>
        parts.some(({ area }) => area === id) || (inside && inside.until >= whole.window.from),
    )
  const findings: Finding[] = []
  for (const group of byStory(splits.filter(split => !complete(split))).filter(group => group.some(above))) {
    const worst = group.find(above)!
    const { whole, parts } = worst
    const places = join(
      parts.map(({ area }) => placeName(area, pack)),
      '、',
      ' + ',
    )
    const [what, place] = [label(whole.quantity, pack), placeName(undefined, pack)]
    const years = join(
      group.map(split => comparison(split, above(split))),
      ';',
      '; ',
    )
    findings.push(
      about(
        'figures.csv',
        whole.line,
        'warning',
        'part-above-whole',
        {
          zh: `${what.zh}:部分(${places.zh})之和大于全体(${place.zh})。${years.zh}`,
          en: `${what.en}: parts (${places.en}) above their whole (${place.en}). ${years.en}`,
        },
        {
          zh: '部分之和不超过全体;否则两者的统计口径不同,不可当作同一序列拟合',
          en: 'parts no more than their whole; else the two count different things and are not to be fitted as one series',
        },
      ),
    )
  }
  for (const split of splits.filter(complete)) {
    const { whole, parts } = split
    const gap = total(parts) - whole.value
    if (Math.abs(gap) <= slack([whole, ...parts])) continue
    const [what, place, when] = [
      label(whole.quantity, pack),
      placeName(undefined, pack),
      windowName(whole.window),
    ]
    findings.push(
      about('figures.csv', whole.line, 'warning', 'areas-do-not-sum', {
        zh: `${what.zh} ${when.zh}:各地区之和 ${grouped(total(parts))},${place.zh} ${grouped(whole.value)},相差 ${grouped(Math.abs(gap))}`,
        en: `${what.en}, ${when.en}: the areas sum to ${grouped(total(parts))}, ${place.en} has ${grouped(whole.value)}, ${grouped(Math.abs(gap))} apart`,
      }),
    )
  }
  return findings
}

/** `channels-above-total`, by the month so that windows may differ, and `windows-differ`. */
export function channelDoubts(pack: Pack): Finding[] {
  const counts = pack.figures.filter(({ unit }) => COUNTED.has(unit))
  const splits = counts
    .filter(({ channel }) => channel === undefined)
    .map(whole => ({
      whole,
      parts: counts.filter(
        part =>
          part.channel !== undefined &&
          sameStory({ ...part, channel: undefined }, whole) &&
          overlap(part, whole) &&
          yearOf(part.window.from) === yearOf(whole.window.from),
      ),
    }))
    .filter(({ parts }) => parts.length > 0)
  const pace = ({ parts }: Split) => parts.reduce((sum, part) => sum + rate(part), 0)
  const above = (split: Split) => pace(split) > rate(split.whole)
  const findings: Finding[] = []
  for (const group of byStory(splits)) {
    const channels = join(
      [...new Set(group.flatMap(({ parts }) => parts.map(({ channel }) => channel!)))].map(id =>
        label(id, pack),
      ),
      '、',
      ' + ',
    )
    const first = group.find(above) ?? group[0]
    const [what, place] = [label(first.whole.quantity, pack), placeName(first.whole.area, pack)]
    if (group.some(above)) {
      const years = join(
        group.map(split => byMonth(split, pace(split))),
        ';',
        '; ',
      )
      findings.push(
        about(
          'figures.csv',
          first.whole.line,
          'warning',
          'channels-above-total',
          {
            zh: `${place.zh}${what.zh}:部分渠道(${channels.zh})按月多于全部渠道。${years.zh}`,
            en: `${what.en}, ${place.en}: some channels (${channels.en}) above all channels, by the month. ${years.en}`,
          },
          {
            zh: '渠道之和不超过总数;否则渠道另有口径(市内变动、同一家庭计两次)',
            en: 'channels no more than the total; else they count on another basis (moves inside the place, one family counted twice)',
          },
        ),
      )
    }
    const odd = group.filter(({ whole, parts }) => parts.some(part => !sameWindow(part, whole)))
    if (odd.length > 0) {
      const windows = join(
        odd.map(({ whole, parts }) => {
          const theirs = [...new Set(parts.map(part => windowName(part.window)).map(({ zh }) => zh))]
          const all = windowName(whole.window)
          return {
            zh: `${theirs.join('、')} 对 ${all.zh}`,
            en: `${theirs.join(', ').replaceAll(' 至 ', ' to ')} against ${all.en}`,
          }
        }),
        ';',
        '; ',
      )
      findings.push(
        about('figures.csv', odd[0].parts[0].line, 'warning', 'windows-differ', {
          zh: `${place.zh}${what.zh}:渠道(${channels.zh})与总数的时段不同,只可按月比较,不可相减。${windows.zh}`,
          en: `${what.en}, ${place.en}: channels (${channels.en}) and the total cover different months; compare them by the month, never subtract. ${windows.en}`,
        }),
      )
    }
  }
  return findings
}

function partsOf(whole: Figure, figures: Figure[]): Figure[] {
  const seen = new Set<string>()
  return figures.filter(
    part =>
      part.area !== undefined &&
      sameStory({ ...part, area: undefined }, whole) &&
      sameWindow(part, whole) &&
      seen.size !== seen.add(part.area).size,
  )
}

/** Without the areas that the printed row of another part holds too. */
function disjoint(parts: Figure[], { areas }: Pack): Figure[] {
  return parts.filter(({ area, window }) => {
    const inside = areas.find(({ id }) => id === area)?.inside
    return !inside || window.from > inside.until || !parts.some(part => part.area === inside.area)
  })
}

/** The same comparison in several years: same quantity, place, basis and months of the year. Latest first. */
function byStory(splits: Split[]): Split[][] {
  const groups = new Map<string, Split[]>()
  for (const split of splits) {
    const { quantity, area, basis, window } = split.whole
    const parts = split.parts.map(part => `${part.area}/${part.channel}`).sort()
    const key = JSON.stringify([quantity, area, basis, window.from % 12, monthsOf(window), parts])
    groups.set(key, [...(groups.get(key) ?? []), split])
  }
  return [...groups.values()].map(group => group.sort((a, b) => b.whole.window.from - a.whole.window.from))
}

function comparison({ whole, parts }: Split, isAbove: boolean): Text {
  const when = windowName(whole.window)
  const sign = isAbove ? '>' : '≤'
  const sums = `${grouped(total(parts))} ${sign} ${grouped(whole.value)}`
  if (!isAbove) return { zh: `${when.zh}:${sums}`, en: `${when.en}: ${sums}` }
  const excess = total(parts) - whole.value
  const share = ((100 * excess) / whole.value).toFixed(1)
  return {
    zh: `${when.zh}:${sums},多出 ${grouped(excess)}(${share}%)`,
    en: `${when.en}: ${sums}, an excess of ${grouped(excess)} (${share} %)`,
  }
}

function byMonth({ whole, parts }: Split, pace: number): Text {
  const [when, months] = [windowName(whole.window), new Set(parts.map(({ window }) => monthsOf(window)))]
  const counted = [...months].join('/')
  const uncounted = Math.round(100 * (1 - rate(whole) / pace))
  const [theirs, all] = [grouped(total(parts)), grouped(whole.value)]
  return {
    zh:
      `${when.zh}:${counted} 个月 ${theirs},而全部渠道 ${monthsOf(whole.window)} 个月 ${all}` +
      (uncounted > 0 ? `;若互不重叠且各月均匀,渠道件数至少有 ${uncounted}% 未计入总数` : ''),
    en:
      `${when.en}: ${theirs} in ${counted} months, all channels ${all} in ${monthsOf(whole.window)}` +
      (uncounted > 0
        ? `; without overlap and at an even pace at least ${uncounted} % of the channels' events are not in the total`
        : ''),
  }
}
