/** A ledger with the reason of each line, in words. The points add up to the score. */
import type { Text } from '../../reading/text.js'
import { conditionTree, factValue, type FactValue, type Reader } from './conditionTree.js'
import { compile } from '../expression/compile.js'
import type { Expression } from '../expression/check.js'
import type { CompiledChannel, FactRow } from '../policy.js'
import { ROUND, toMillionths, type ScoreGroup, type ScoreLine, type ScorePart } from '../score.js'
import { factsIn } from './thresholds.js'
import { clauseWords, describe, plainNumber, quantityWords, valueWords } from '../words.js'

export interface ExplainedLine {
  /** A line; what a group cuts off; what a factor changes; a floor or cap of the total. */
  kind: 'line' | 'group' | 'factor' | 'floor' | 'cap'
  line: string
  title: Text
  clause?: string
  /** As counted; null where a fact of the line is not known. */
  points: number | null
  /** What the line alone is worth, where it counts nothing because another of its group counts more. */
  worth?: number
  why: Text
  /** The values it reads. */
  facts: FactValue[]
}

type Points = NonNullable<CompiledChannel['points']>

export function explainedLedger({ tree, ledger }: Points, row: FactRow, reader: Reader): ExplainedLine[] {
  const lines = new Map(tree.parts.flatMap(linesOf).map(line => [line.id, line]))
  const groups = tree.parts.flatMap(groupsOf)
  return ledger(row).map(({ line: id, points, clause }, index): ExplainedLine => {
    const counted = Number.isNaN(points) ? null : points
    const of = (
      kind: ExplainedLine['kind'],
      title: Text,
      why: Text,
      facts: FactValue[] = [],
    ): ExplainedLine => ({
      kind,
      line: id,
      title,
      ...(clause !== undefined && { clause }),
      points: counted,
      why,
      facts,
    })
    if (index < tree.order.length) {
      const line = lines.get(id)!
      const beaten = groups.find(group => group.highest && group.of.some(part => partHas(part, id)))
      const own = line.points(row)
      const facts = read(line, row, reader)
      return points === 0 && own !== 0 && !Number.isNaN(own) && beaten
        ? { ...of('line', titleOf(line), notCounted(own, beaten), facts), worth: own }
        : of('line', titleOf(line), reason(line, row, reader), facts)
    }
    const group = groups.find(one => one.id === id && points < 0)
    if (group) return of('group', titleOf(group), atMost(group.cap))
    const factor = tree.factors.find(one => one.id === id)
    if (factor) {
      const guard = factor.guard && conditionTree(factor.guard, row, reader).words
      const times = plainNumber(factor.times)
      const why = {
        zh: `以上合计乘以 ${times}${guard ? `,条件:${guard.zh}` : ''}`,
        en: `the sum so far times ${times}${guard ? `, where ${guard.en}` : ''}`,
      }
      return of(
        'factor',
        titleOf(factor),
        why,
        (factor.guard ? factsIn(factor.guard) : []).map(slot => factValue(slot, row, reader)),
      )
    }
    return id === 'floor'
      ? of(
          'floor',
          { zh: '总分下限', en: 'least total' },
          {
            zh: `总分不低于 ${plainNumber(tree.floor)} 分`,
            en: `the total is not let below ${plainNumber(tree.floor)}`,
          },
        )
      : of('cap', { zh: '总分上限', en: 'highest total' }, atMost(tree.cap))
  })
}

const linesOf = (part: ScorePart): ScoreLine[] => (part.kind === 'line' ? [part] : part.of.flatMap(linesOf))
const groupsOf = (part: ScorePart): ScoreGroup[] =>
  part.kind === 'line' ? [] : [...part.of.flatMap(groupsOf), part]
const partHas = (part: ScorePart, id: string): boolean => linesOf(part).some(line => line.id === id)

/** Its title, else its clause, else its name. */
const titleOf = ({ title, clause, id }: { title?: Text; clause?: string; id: string }): Text =>
  title ?? (clause === undefined ? { zh: id, en: id } : clauseWords(clause))

const atMost = (cap: number): Text => ({
  zh: `合计以 ${plainNumber(cap)} 分为限,超出部分不计`,
  en: `together at most ${quantityWords(cap, 'points').en}: what is above does not count`,
})

const notCounted = (own: number, group: ScoreGroup): Text => {
  const title = titleOf(group)
  return {
    zh: `本可得 ${plainNumber(own)} 分,因只计最高一项而不计(${title.zh})`,
    en: `worth ${quantityWords(own, 'points').en}, not counted because another counts more (${title.en})`,
  }
}

function read({ rule, guard }: ScoreLine, row: FactRow, reader: Reader): FactValue[] {
  const slots = [
    ...(rule.kind === 'levels' ? [rule.slot] : rule.kind === 'flag' ? [] : factsIn(rule.of)),
    ...(guard ? factsIn(guard) : []),
  ]
  return [...new Set(slots)].map(slot => factValue(slot, row, reader))
}

function reason({ rule, guard, cap, points }: ScoreLine, row: FactRow, reader: Reader): Text {
  if (guard) {
    const { holds, words } = conditionTree(guard, row, reader)
    if (holds === false) return { zh: `不适用:须${words.zh}`, en: `does not apply: it asks that ${words.en}` }
    if (holds === null) return { zh: `不能确定是否${words.zh}`, en: `it is not known whether ${words.en}` }
    if (rule.kind === 'flag') return words
  }
  const value = points(row)
  const capped = cap !== undefined && value === cap
  const why = ruleWords(rule, row, reader)
  return capped
    ? {
        zh: `${why.zh};以 ${plainNumber(cap)} 分为限`,
        en: `${why.en}; ${cap < 0 ? 'not below' : 'at most'} ${plainNumber(cap)}`,
      }
    : why
}

function ruleWords(rule: ScoreLine['rule'], row: FactRow, reader: Reader): Text {
  switch (rule.kind) {
    case 'flag':
      return { zh: '人人可得', en: 'for everybody' }
    case 'levels': {
      const fact = reader.facts[rule.slot]
      const value = valueWords(fact, row[rule.slot], reader.areas)
      return { zh: `${fact.label.zh}:${value.zh}`, en: `${fact.label.en}: ${value.en}` }
    }
    case 'each': {
      const quantity = quantityIs(rule.of, row, reader)
      const value = compile(rule.of)(row)
      if (Number.isNaN(value)) return quantity
      const units = rule.round ? ROUND[rule.round](value) : value
      const whole = rule.round !== undefined && units !== value
      const worth = plainNumber(rule.points)
      const rounding = {
        down: ['按整数计', 'counted as'],
        up: ['进位为', 'rounded up to'],
        nearest: ['四舍五入为', 'rounded to'],
      } as const
      const [zh, en] = rounding[rule.round ?? 'down']
      return {
        zh: `${quantity.zh}${whole ? `,${zh} ${plainNumber(units)}` : ''},每单位 ${worth} 分`,
        en: `${quantity.en}${whole ? `, ${en} ${plainNumber(units)}` : ''}, at ${quantityWords(rule.points, 'points').en} each`,
      }
    }
    case 'steps': {
      const quantity = quantityIs(rule.of, row, reader)
      const value = compile(rule.of)(row)
      if (Number.isNaN(value)) return quantity
      const step = rule.steps.filter(({ from }) => value >= from).at(-1)
      const [reached, first] = [step?.from, rule.steps[0]?.from].map(
        from => from !== undefined && plainNumber(from),
      )
      return step
        ? { zh: `${quantity.zh},达到 ${reached} 一档`, en: `${quantity.en}, in the step from ${reached}` }
        : {
            zh: `${quantity.zh},未达到最低一档 ${first}`,
            en: `${quantity.en}, below the first step of ${first}`,
          }
    }
    case 'bands': {
      const quantity = quantityIs(rule.of, row, reader)
      const value = compile(rule.of)(row)
      if (Number.isNaN(value)) return quantity
      const band = rule.bands.find(({ from, to }) => value >= from && value <= to)
      if (!band) return { zh: `${quantity.zh},不在任何一档内`, en: `${quantity.en}, in none of the ranges` }
      const [from, to] = [band.from, band.to].map(end =>
        Number.isFinite(end) ? plainNumber(end) : undefined,
      )
      return {
        zh: `${quantity.zh},${from === undefined ? `属 ${to} 及以下` : to === undefined ? `属 ${from} 及以上` : `属 ${from} 至 ${to}`} 一档`,
        en: `${quantity.en}, in the range ${from === undefined ? `up to ${to}` : to === undefined ? `from ${from}` : `${from} to ${to}`}`,
      }
    }
  }
}

/** `blood donations in 5 years: 3 times`; of a reckoned quantity also what it is reckoned from. */
function quantityIs(of: Expression, row: FactRow, reader: Reader): Text {
  const value = compile(of)(row)
  const subject = describe(of, reader)
  if (of.op === 'fact') {
    const words = valueWords(reader.facts[of.slot], value, reader.areas)
    return { zh: `${subject.zh}:${words.zh}`, en: `${subject.en}: ${words.en}` }
  }
  if (Number.isNaN(value)) return { zh: `${subject.zh}:未知`, en: `${subject.en}: not known` }
  // Cut, not rounded: 2.999 years are not three.
  const digits = plainNumber(Math.trunc(toMillionths(value) * 100) / 100)
  const single = singleFact(of)
  if (single !== undefined) {
    const words = valueWords(reader.facts[single], row[single], reader.areas)
    const { label } = reader.facts[single]
    return {
      zh: `${label.zh}:${subject.zh.replace(label.zh, words.zh)} = ${digits}`,
      en: `${label.en}: ${subject.en.replace(label.en, words.en)} = ${digits}`,
    }
  }
  return { zh: `${subject.zh} = ${digits}`, en: `${subject.en} = ${digits}` }
}

/** The one fact of an expression that reads it once. */
function singleFact(of: Expression): number | undefined {
  const slots = factsIn(of)
  return slots.length === 1 ? slots[0] : undefined
}
