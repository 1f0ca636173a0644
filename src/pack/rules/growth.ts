/** Printed growth against whole numbers: what the year before can have been, and whether it was. */
import type { Finding } from '../../reading/finding.js'
import type { Figure, Pack } from '../pack.js'
import { COUNTED } from '../figures.js'
import { about, figureName, grouped, sameStory } from './words.js'

/**
 * The whole numbers that a count can have grown from, given its growth as printed.
 * @param value     the count now
 * @param growthPct growth in percent as printed, rounded to `decimals`
 * @returns both ends, inclusive; undefined where no whole number rounds to the printed growth
 */
export function recoverBase(
  value: number,
  growthPct: number,
  decimals: number,
): { low: number; high: number } | undefined {
  const half = 0.5 / Number(`1e${decimals}`)
  const [least, most] = [1 + (growthPct - half) / 100, 1 + (growthPct + half) / 100]
  if (least <= 0 || value <= 0) return undefined
  const [low, high] = [Math.ceil(value / most), Math.floor(value / least)]
  return low <= high ? { low, high } : undefined
}

/** `growth-impossible`, `growth-does-not-match`, and the note `base-not-unique`. */
export function growthDoubts(pack: Pack): Finding[] {
  const { figures } = pack
  return figures.flatMap(figure => {
    const { growth, value, unit, window } = figure
    if (!growth || !COUNTED.has(unit) || value % 1 !== 0) return []
    const name = figureName(figure, pack)
    const printed = growth.percent.toFixed(growth.decimals)
    const range = recoverBase(value, growth.percent, growth.decimals)
    const finding = (severity: Finding['severity'], code: string, zh: string, en: string): Finding[] => [
      about('figures.csv', figure.line, severity, code, { zh: name.zh + zh, en: name.en + en }),
    ]
    if (!range)
      return finding(
        'warning',
        'growth-impossible',
        `:没有任何整数按 ${printed}% 增长后等于 ${grouped(value)}`,
        `: no whole number grows by ${printed} % to ${grouped(value)}`,
      )
    const bounds = `${grouped(range.low)}–${grouped(range.high)}`
    const base = figures.find(
      other =>
        sameStory(other, figure) &&
        other.window.from === window.from - 12 &&
        other.window.to === window.to - 12,
    )
    if (base && (base.value < range.low || base.value > range.high))
      return finding(
        'warning',
        'growth-does-not-match',
        `:上年同期 ${grouped(base.value)} 与增长 ${printed}% 不符(应为 ${bounds})`,
        `: ${grouped(base.value)} a year before does not fit the printed growth of ${printed} % (that asks for ${bounds})`,
      )
    if (range.low < range.high)
      return finding(
        'note',
        'base-not-unique',
        `:由增长 ${printed}% 只能推出上年同期在 ${bounds} 之间`,
        `: the printed growth of ${printed} % places the year before in ${bounds}, no nearer`,
      )
    return []
  })
}

/** `target-differs-from-figure`: a target that repeats a figure under another value. */
export function targetDoubts(pack: Pack): Finding[] {
  const { figures, targets } = pack
  const apart = (a: Figure, b: Figure) =>
    a.value < (b.range?.[0] ?? b.value) || a.value > (b.range?.[1] ?? b.value)
  return targets.flatMap(target => {
    const figure = figures.find(
      other =>
        sameStory({ ...other, basis: target.basis }, target) &&
        other.window.from === target.window.from &&
        other.window.to === target.window.to,
    )
    if (target.origin !== undefined || !figure || !apart(target, figure)) return []
    const name = figureName(figure, pack)
    return [
      about('targets.csv', target.line, 'warning', 'target-differs-from-figure', {
        zh: `目标“${target.id}”为 ${grouped(target.value)},而 figures.csv 中 ${name.zh} 为 ${grouped(figure.value)}`,
        en: `The target ${target.id} is ${grouped(target.value)}, but figures.csv has ${grouped(figure.value)} for ${name.en}`,
      }),
    ]
  })
}
