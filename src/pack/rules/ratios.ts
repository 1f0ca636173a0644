/** Quotients against what they are made of, and two values for one thing. */
import type { Finding } from '../../reading/finding.js'
import { COUNTED } from '../figures.js'
import type { Figure, Pack } from '../pack.js'
import {
  about,
  figureName,
  grouped,
  label,
  overlap,
  rounding,
  sameStory,
  sameWindow,
  windowName,
} from './words.js'

/** A quotient may be rounded, and so may what it is made of. */
const TOLERANCE = 0.005

/** `ratio-without-parts`, `ratio-does-not-match`, `ratio-mixes-coverage`. */
export function ratioDoubts(pack: Pack): Finding[] {
  const { figures } = pack
  return figures.flatMap(figure => {
    if (!figure.ratio) return []
    const name = figureName(figure, pack)
    const warn = (code: string, zh: string, en: string) =>
      about('figures.csv', figure.line, 'warning', code, { zh: `${name.zh}:${zh}`, en: `${name.en}: ${en}` })
    const part = (quantity: string): Figure | undefined => {
      const found = figures.filter(
        other => sameStory({ ...other, quantity: figure.quantity }, figure) && other.quantity === quantity,
      )
      return found.find(other => sameWindow(other, figure)) ?? found.find(other => overlap(other, figure))
    }
    const { numerator, denominator } = figure.ratio
    const [above, below] = [label(numerator, pack), label(denominator, pack)]
    const [over, under] = [part(numerator), part(denominator)]
    if (!over || !under) {
      const absent = [over ? [] : [numerator], under ? [] : [denominator]].flat().join(' / ')
      return [
        warn(
          'ratio-without-parts',
          `没有可核对的 ${absent}`,
          `there is no ${absent} of this place and time to check it by`,
        ),
      ]
    }
    const findings: Finding[] = []
    const quotient = over.value / under.value
    if (Math.abs(quotient / figure.value - 1) > TOLERANCE)
      findings.push(
        warn(
          'ratio-does-not-match',
          `${grouped(over.value)} / ${grouped(under.value)} 不等于 ${grouped(figure.value)}`,
          `${grouped(over.value)} / ${grouped(under.value)} is not ${grouped(figure.value)}`,
        ),
      )
    if (over.covers !== under.covers || !sameWindow(over, under)) {
      const [a, b] = [over, under].map(({ covers, window }) => {
        const when = windowName(window)
        const what = covers === undefined ? { zh: '全部', en: 'all' } : label(covers, pack)
        return { zh: `${what.zh},${when.zh}`, en: `${what.en}, ${when.en}` }
      })
      findings.push(
        warn(
          'ratio-mixes-coverage',
          `分子(${above.zh}:${a.zh})与分母(${below.zh}:${b.zh})的范围不同,不可当作单价`,
          `numerator (${above.en}: ${a.en}) and denominator (${below.en}: ${b.en}) cover different things: not a unit price`,
        ),
      )
    }
    return findings
  })
}

/** `figures-disagree`: two values for the same quantity, place and months, further apart than rounding explains. */
export function disagreementDoubts(pack: Pack): Finding[] {
  const { figures } = pack
  return figures.flatMap((figure, index) =>
    figures
      .slice(index + 1)
      .filter(
        other =>
          COUNTED.has(figure.unit) &&
          sameStory(figure, other) &&
          sameWindow(figure, other) &&
          Math.abs(figure.value - other.value) > rounding(figure.value) + rounding(other.value),
      )
      .map(other => {
        const name = figureName(figure, pack)
        const [a, b] = [
          `${grouped(figure.value)} (${figure.line})`,
          `${grouped(other.value)} (${other.line})`,
        ]
        return about('figures.csv', other.line, 'warning', 'figures-disagree', {
          zh: `${name.zh}:两个数值不一致,${a} 与 ${b}(括号内为行号)`,
          en: `${name.en}: two values disagree, ${a} and ${b} (lines in brackets)`,
        })
      }),
  )
}
