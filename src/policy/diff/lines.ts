/** One line of points held against the same line of another table. Points are gains or deductions; both have a way up. */
import type { Text } from '../../reading/text.js'
import { quantityKey, plainKey } from './meaning.js'
import type { Expression } from '../expression/check.js'
import type { FactDefinition } from '../facts.js'
import { greatest, isEmpty, least } from '../ranges.js'
import type { LineRule, ScoreLine } from '../score.js'
import { plainNumber, quantityWords, valueWords } from '../words.js'
import {
  affix,
  change,
  clauseChange,
  joined,
  less,
  more,
  reversed,
  same,
  together,
  type Change,
  type Effect,
  type Step,
} from './change.js'
import { guardChange } from './conditions.js'
import type { Ground, Side } from './ground.js'
import { levelSteps, scaleSteps } from './tables.js'
import { conditionWords, pointsWords } from './words.js'
import { meaningOf } from './meaning.js'

/** A line on common ground. */
export interface CommonLine {
  line: ScoreLine
  rule: LineRule
  guard?: Expression
  /** Of levels: the fact they are of. */
  fact?: FactDefinition
}

export function commonLine(line: ScoreLine, side: Side): CommonLine {
  const { rule, guard } = line
  return {
    line,
    rule: 'of' in rule ? { ...rule, of: side.common(rule.of) } : rule,
    ...(guard && { guard: side.common(guard) }),
    ...(rule.kind === 'levels' && { fact: side.law.facts[rule.slot] }),
  }
}

export function lineChanges(channel: string, a: CommonLine, b: CommonLine, ground: Ground): Change[] {
  const about = { channel, part: 'line' as const, name: b.line.id, subject: nameOf(b, ground) }
  const changes: Change[] = []
  const rule = ruleChange(a, b, ground)
  if (rule) changes.push(change({ ...about, ...rule }))
  const guard = guardChange(a.guard, b.guard, ground)
  if (guard) {
    const [gain, loss] = [isGain, isLoss].map(is => is(a, ground) && is(b, ground))
    const effect = gain ? guard.effect : loss ? reversed(guard.effect) : 'unclear'
    changes.push(
      change({ ...about, ...guard, subject: affix(about.subject, '·适用于', ', for whom'), effect }),
    )
  }
  const [x, y] = [a.line.cap, b.line.cap]
  if (x !== y)
    changes.push(
      change({
        ...about,
        subject: affix(about.subject, '·上限', ', limit'),
        before: capWords(x),
        after: capWords(y),
        effect: capEffect(x, y),
      }),
    )
  return [
    ...changes,
    ...clauseChange({ channel, name: b.line.id }, a.line.clause, b.line.clause, about.subject),
  ]
}

type Difference = { before: Text; after: Text; effect: Effect; table?: Step[] }

function ruleChange(a: CommonLine, b: CommonLine, ground: Ground): Difference | undefined {
  const [x, y] = [a.rule, b.rule]
  const alike = (p: Expression, q: Expression) =>
    plainKey(quantityKey(p, ground.facts)) === plainKey(quantityKey(q, ground.facts))
  if (x.kind === 'flag' && y.kind === 'flag')
    return x.points === y.points
      ? undefined
      : { before: pointsWords(x.points), after: pointsWords(y.points), effect: more(x.points, y.points) }
  if (x.kind === 'levels' && y.kind === 'levels' && a.fact!.name === b.fact!.name)
    return tableChange(levelSteps(x, y, [a.fact!, b.fact!]))
  if (
    (x.kind === 'steps' || x.kind === 'bands') &&
    (y.kind === 'steps' || y.kind === 'bands') &&
    alike(x.of, y.of)
  )
    return tableChange(scaleSteps(x, y, y.of, ground))
  const [before, after] = [ruleWords(a, ground), ruleWords(b, ground)]
  if (x.kind === 'each' && y.kind === 'each') {
    const [p, q] = [perUnit(x), perUnit(y)]
    if (alike(p.of, q.of)) {
      if (x.points === y.points && p.unit === q.unit && x.round === y.round) return undefined
      return { before, after, effect: eachEffect(x, y, ground) }
    }
  }
  return { before, after, effect: 'unclear' }
}

function tableChange(steps: readonly Step[]): Difference | undefined {
  const table = steps.filter(({ before, after }) => before !== after)
  if (table.length === 0) return undefined
  const say = (which: 'before' | 'after') =>
    joined(
      table.map(step => affix(step.level, ` ${plainNumber(step[which])}`)),
      '、',
      ', ',
    )
  return {
    before: say('before'),
    after: say('after'),
    effect: together(table.map(({ before, after }) => more(before, after))),
    table,
  }
}

type Each = Extract<LineRule, { kind: 'each' }>

/** `months / 12` counts by twelve months, anything else by one. */
function perUnit({ of }: Each): { of: Expression; unit: number } {
  return of.op === '/' && of.right.op === 'constant' && of.right.value > 0
    ? { of: of.left, unit: of.right.value }
    : { of, unit: 1 }
}

/** Each rounding gives at least what those before it give; nearest and none are not compared. */
const ROUNDED = { down: 0, none: 1, nearest: 1, up: 2 }

function eachEffect(x: Each, y: Each, ground: Ground): Effect {
  const [p, q] = [perUnit(x), perUnit(y)]
  const counted = ground.everybody.values(p.of)
  if (isEmpty(counted) || least(counted) < 0) return 'unclear'
  const [from, to] = [x.round ?? ('none' as const), y.round ?? ('none' as const)]
  const rounding = from !== to && ROUNDED[from] === ROUNDED[to] ? 'unclear' : more(ROUNDED[from], ROUNDED[to])
  const units = together([less(p.unit, q.unit), rounding])
  const points = more(x.points, y.points)
  if (units === 'none') return points
  if (x.points >= 0 && y.points >= 0) return together([units, points])
  if (x.points <= 0 && y.points <= 0) return together([reversed(units), points])
  return 'unclear'
}

/** A cap below zero limits a deduction. */
function capEffect(before: number | undefined, after: number | undefined): Effect {
  if (before === undefined) return after! < 0 ? 'looser' : 'tighter'
  if (after === undefined) return before < 0 ? 'tighter' : 'looser'
  return before < 0 === after < 0 ? more(before, after) : 'unclear'
}

const capWords = (cap: number | undefined): Text =>
  cap === undefined
    ? { zh: '无', en: 'none' }
    : cap < 0
      ? { zh: `最多扣 ${-cap} 分`, en: `at most ${-cap} deducted` }
      : pointsWords(cap)

/** Nobody loses, or nobody gains, points by it. */
export const isGain = (line: CommonLine, ground: Ground): boolean => bounds(line, ground)[0] >= 0
export const isLoss = (line: CommonLine, ground: Ground): boolean => bounds(line, ground)[1] <= 0

function bounds({ rule }: CommonLine, ground: Ground): [number, number] {
  switch (rule.kind) {
    case 'flag':
      return [rule.points, rule.points]
    case 'levels':
      return [Math.min(...rule.byCode), Math.max(...rule.byCode)]
    case 'steps':
    case 'bands': {
      const all = [0, ...(rule.kind === 'steps' ? rule.steps : rule.bands).map(({ points }) => points)]
      return [Math.min(...all), Math.max(...all)]
    }
    case 'each': {
      const counted = ground.everybody.values(rule.of)
      if (isEmpty(counted)) return [0, 0]
      const ends = [least(counted) * rule.points, greatest(counted) * rule.points]
      return ends.some(Number.isNaN) ? [-Infinity, Infinity] : [Math.min(...ends), Math.max(...ends)]
    }
  }
}

/** Its title, or what it goes by. */
export function nameOf({ line, rule, fact, guard }: CommonLine, ground: Ground): Text {
  if (line.title) return line.title
  if (fact) return fact.label
  if (rule.kind === 'each') return ground.say(perUnit(rule).of)
  if (rule.kind === 'steps' || rule.kind === 'bands') return ground.say(rule.of)
  return guard ? conditionWords(meaningOf(guard, ground.facts), ground) : same(line.id)
}

const ROUNDING = {
  down: { zh: '(不足不计)', en: ' full' },
  up: { zh: '(不足按 1 计)', en: ' begun' },
  nearest: { zh: '(四舍五入)', en: ' (rounded)' },
}

/** `month`, not `1 month`. */
function oneOf(unit: string | undefined): Text {
  if (unit === undefined) return { zh: '项', en: '' }
  const { zh, en } = quantityWords(1, unit)
  return { zh: zh.slice(2), en: en.slice(2) }
}

/** The line in words, without its guard and cap. */
export function ruleWords({ rule, fact }: CommonLine, ground: Ground): Text {
  switch (rule.kind) {
    case 'flag':
      return pointsWords(rule.points)
    case 'each': {
      const { of, unit } = perUnit(rule)
      const counted = of.op === 'fact' ? ground.facts[of.slot].unit : undefined
      const size = unit === 1 ? oneOf(counted) : quantityWords(unit, counted)
      const points = pointsWords(rule.points)
      const round = rule.round ? ROUNDING[rule.round] : same('')
      return {
        zh: `每${/^\d/.test(size.zh) ? ' ' : ''}${size.zh} ${points.zh}${round.zh}`,
        en: `${points.en} for each${round.en} ${size.en}`.trimEnd(),
      }
    }
    case 'levels': {
      const level = (code: number) =>
        affix(valueWords(fact!, code, ground.areas), ` ${plainNumber(rule.byCode[code])}`)
      const before = (code: number) => (fact!.type.kind === 'ordered' && code > 0 ? rule.byCode[code - 1] : 0)
      const codes = [...rule.byCode.keys()].filter(code => rule.byCode[code] !== before(code))
      return joined(codes.map(level), '、', ', ')
    }
    case 'steps':
    case 'bands': {
      const nothing: LineRule = { kind: 'steps', of: rule.of, steps: [] }
      const steps = scaleSteps(nothing, rule, rule.of, ground).filter(({ after }) => after !== 0)
      return joined(
        steps.map(({ level, after }) => affix(level, ` ${plainNumber(after)}`)),
        '、',
        ', ',
      )
    }
  }
}
