/** Sets of values and conditions in a planner's words. */
import type { Text } from '../../reading/text.js'
import type { FactDefinition } from '../facts.js'
import { greatest, holds, isEmpty, least, type Values } from '../ranges.js'
import { plainNumber, quantityWords, valueWords } from '../words.js'
import type { Ground } from './ground.js'
import { joined } from './change.js'
import type { Atom, Meaning } from './meaning.js'

export const subjectWords = ({ subject }: Atom, ground: Ground): Text => ground.say(subject)

/** What the quantity may be: `at least 6 months`, `spouse, parent or child`, `yes`. */
export function setWords({ subject, set }: Atom, { facts, areas }: Ground): Text {
  const fact = subject.op === 'fact' ? facts[subject.slot] : undefined
  if (isEmpty(set)) return { zh: '不可能', en: 'impossible' }
  if (fact && fact.type.kind !== 'number') return codesWords(fact, set, areas)
  if (
    !fact &&
    set.spans.every(([from, to]) => from === to && (from === 0 || from === 1)) &&
    isCondition(subject.op)
  )
    return holds(set, 1) ? { zh: '是', en: 'yes' } : { zh: '否', en: 'no' }
  return joined(
    set.spans.map(span => spanWords(span, fact?.unit)),
    '或',
    ' or ',
  )
}

const isCondition = (op: string): boolean =>
  !['fact', 'constant', 'negate', 'min', 'max', '+', '-', '*', '/', '%'].includes(op)

function codesWords(fact: FactDefinition, set: Values, areas: Ground['areas']): Text {
  const last =
    fact.type.kind === 'area' ? areas.length - 1 : 'values' in fact.type ? fact.type.values.length - 1 : 1
  const codes = Array.from({ length: last + 1 }, (_, code) => code)
  const [within, outside] = [codes.filter(code => holds(set, code)), codes.filter(code => !holds(set, code))]
  const say = (code: number) => valueWords(fact, code, areas)
  if (outside.length === 0) return { zh: '不限', en: 'any' }
  if (within.length === 1) return say(within[0])
  if (fact.type.kind === 'ordered' && set.spans.length === 1) {
    if (greatest(set) === last) return affixed(say(least(set)), '及以上', ' or above')
    if (least(set) === 0) return affixed(say(greatest(set)), '及以下', ' or below')
    return {
      zh: `${say(least(set)).zh}至${say(greatest(set)).zh}`,
      en: `${say(least(set)).en} to ${say(greatest(set)).en}`,
    }
  }
  if (outside.length === 1)
    return { zh: `除“${say(outside[0]).zh}”外均可`, en: `any but ${say(outside[0]).en}` }
  const words = within.map(say)
  const [before, final] = [words.slice(0, -1), words[words.length - 1]]
  return {
    zh: words.map(({ zh }) => zh).join('、'),
    en: `${before.map(({ en }) => en).join(', ')} or ${final.en}`,
  }
}

const affixed = ({ zh, en }: Text, after: string, behind: string): Text => ({
  zh: zh + after,
  en: en + behind,
})

/** `at least 6 months`, `18–45 years`, `more than 0`: a span of doubles may begin or end a hair beside what was written. */
export function spanWords([from, to]: readonly [number, number], unit: string | undefined): Text {
  const amount = (value: number) => quantityWords(value, unit)
  const [low, high] = [Number(plainNumber(from)), Number(plainNumber(to))]
  if (from === to) return amount(from)
  if (to === Infinity)
    return low < from
      ? { zh: `多于 ${amount(low).zh}`, en: `more than ${amount(low).en}` }
      : { zh: `不少于 ${amount(low).zh}`, en: `at least ${amount(low).en}` }
  if (from === -Infinity)
    return high > to
      ? { zh: `少于 ${amount(high).zh}`, en: `less than ${amount(high).en}` }
      : { zh: `不超过 ${amount(high).zh}`, en: `at most ${amount(high).en}` }
  return {
    zh: `${low < from ? '多于 ' : ''}${plainNumber(low)}–${high > to ? '少于 ' : ''}${amount(high).zh}`,
    en: `${low < from ? 'over ' : ''}${plainNumber(low)}–${high > to ? 'under ' : ''}${amount(high).en}`,
  }
}

/** A whole condition: `tenure: own, or owns non-residential premises: yes`. */
export function conditionWords(meaning: Meaning, ground: Ground): Text {
  if (meaning.kind === 'atom') {
    const [about, which] = [subjectWords(meaning, ground), setWords(meaning, ground)]
    if (which.en === 'yes') return about
    if (which.en === 'no') return { zh: `非“${about.zh}”`, en: `not ${about.en}` }
    return {
      zh: `${about.zh}${/^[\d不多少]/.test(which.zh) ? ' ' : '为'}${which.zh}`,
      en: `${about.en}: ${which.en}`,
    }
  }
  const parts = meaning.parts.map(part => {
    const words = conditionWords(part, ground)
    return part.kind === 'atom' ? words : { zh: `(${words.zh})`, en: `(${words.en})` }
  })
  return meaning.kind === 'all' ? joined(parts, ',且', ', and ') : joined(parts, ',或', ', or ')
}

export const pointsWords = (points: number): Text => ({
  zh: `${plainNumber(points)} 分`,
  en: `${plainNumber(points)} ${Math.abs(points) === 1 ? 'point' : 'points'}`,
})
