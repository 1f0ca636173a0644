/**
 * Rules in a planner's words, in both languages: one wording for explanations, comparisons, pages and warnings, made
 * from the checked expression and the labels of facts, never from the text as typed.
 */
import type { Area } from '../pack/pack.js'
import type { Text } from '../reading/text.js'
import type { Comparison, Expression } from './expression/check.js'
import type { FactDefinition } from './facts.js'
import type { Scope, Selection } from './schema.js'

export const SCOPE_WORDS: Record<Scope, Text> = {
  none: { zh: '无', en: 'nobody' },
  spouse_and_minors: { zh: '配偶和未成年子女', en: 'spouse and minor children' },
  direct_kin: { zh: '直系亲属', en: 'direct kin' },
  co_resident_kin: { zh: '共同居住生活的亲属', en: 'all co-resident kin' },
}

export const SELECTION_WORDS: Record<Selection, Text> = {
  open: { zh: '符合条件即可申请落户', en: 'whoever meets the conditions may register' },
  quota: { zh: '按名额排名', en: 'ranked within a quota' },
  pool: { zh: '候选池,按轮次邀请', en: 'a pool with rounds of invitations' },
  lottery: { zh: '抽签', en: 'by lot' },
  none: { zh: '无需审批,符合条件即登记', en: 'no selection, whoever meets the conditions is registered' },
}

/**
 * A clause for readers of one language. Clauses are cited in Chinese with their meaning in brackets, `原文 (meaning)`;
 * one that is written otherwise is the same in both.
 */
export function clauseWords(clause: string): Text {
  const [, zh, en] = /^(.*\p{Script=Han}.*?) *\(([^()\p{Script=Han}]+)\)$/u.exec(clause) ?? [, clause, clause]
  return { zh: zh!, en: en! }
}

/** What the wording needs to know beside the expression. */
export interface Vocabulary {
  facts: readonly FactDefinition[]
  areas?: readonly Area[]
}

const CODED: Record<Comparison, Text> = {
  '==': { zh: '为', en: 'is' },
  '!=': { zh: '不为', en: 'is not' },
  '>=': { zh: '至少为', en: 'is at least' },
  '>': { zh: '高于', en: 'is above' },
  '<=': { zh: '至多为', en: 'is at most' },
  '<': { zh: '低于', en: 'is below' },
}

const NUMERIC: Record<Comparison, Text> = {
  '==': { zh: '等于', en: 'is' },
  '!=': { zh: '不等于', en: 'is not' },
  '>=': { zh: '不少于', en: 'at least' },
  '>': { zh: '多于', en: 'more than' },
  '<=': { zh: '不超过', en: 'at most' },
  '<': { zh: '少于', en: 'less than' },
}

const UNITS: Record<string, string> = {
  years: '年',
  months: '个月',
  persons: '人',
  times: '次',
  hours: '小时',
  yuan: '元',
  children: '个',
  points: '分',
}

/** A number without what a computer adds to it: 0.1 + 0.2 is 0.3. */
export const plainNumber = (value: number): string => String(Number(value.toPrecision(12)))

/** `6 months`, `6 个月`; of an unknown unit the unit's own name. */
export function quantityWords(value: number, unit: string | undefined): Text {
  const digits = plainNumber(value)
  if (unit === undefined) return { zh: digits, en: digits }
  const singular = value === 1 ? unit.replace(/(?<=child)ren$|s$/, '') : unit
  return { zh: `${digits} ${UNITS[unit] ?? unit}`, en: `${digits} ${singular}` }
}

/** As `quantityWords`; Chinese counts an age in a unit of its own. */
function numberWords({ label, unit }: FactDefinition, value: number): Text {
  const words = quantityWords(value, unit)
  return label.zh.includes('年龄') && unit === 'years' ? { ...words, zh: `${plainNumber(value)} 岁` } : words
}

/** The value of a fact: `大专`, `junior college`; `24 个月`; 是 or 否; 未知 where it is not known. */
export function valueWords(fact: FactDefinition, value: number, areas: readonly Area[] = []): Text {
  if (Number.isNaN(value)) return { zh: '未知', en: 'not known' }
  const { type, valueLabels } = fact
  switch (type.kind) {
    case 'boolean':
      return value ? { zh: '是', en: 'yes' } : { zh: '否', en: 'no' }
    case 'number':
      return numberWords(fact, value)
    case 'area':
      return areas[value]?.name ?? { zh: String(value), en: String(value) }
    default: {
      const name = type.values[value] ?? String(value)
      return valueLabels?.[value] ?? { zh: name, en: name }
    }
  }
}

/** A condition or a quantity in words. */
export function describe(expression: Expression, vocabulary: Vocabulary): Text {
  const say = (inner: Expression) => describe(inner, vocabulary)
  const { facts, areas } = vocabulary
  switch (expression.op) {
    case 'constant':
      return { zh: plainNumber(expression.value), en: plainNumber(expression.value) }
    case 'fact':
      return facts[expression.slot].label
    case '!': {
      const of = say(expression.of)
      const simple = expression.of.op === 'fact'
      return simple
        ? { zh: denied(of.zh), en: `${of.en}: no` }
        : { zh: `不属于“${of.zh}”`, en: `not (${of.en})` }
    }
    case 'negate':
      return both([say(expression.of)], ([of]) => `−${of}`)
    case '&&':
    case '||': {
      const { op } = expression
      const side = (inner: Expression): Text => {
        const words = say(inner)
        const nested = (inner.op === '&&' || inner.op === '||') && inner.op !== op
        return nested ? { zh: `(${words.zh})`, en: `(${words.en})` } : words
      }
      const [left, right] = [side(expression.left), side(expression.right)]
      const join = op === '&&' ? { zh: ',且', en: ', and ' } : { zh: ',或', en: ', or ' }
      return { zh: left.zh + join.zh + right.zh, en: left.en + join.en + right.en }
    }
    case 'in': {
      const of = factOf(expression.of, facts)
      const values = expression.values.map(value =>
        of ? valueWords(of, value, areas) : { zh: plainNumber(value), en: plainNumber(value) },
      )
      const subject = say(expression.of)
      return {
        zh: `${subject.zh}为${listed(
          values.map(({ zh }) => zh),
          '、',
          '或',
        )}`,
        en: `${subject.en} is ${listed(
          values.map(({ en }) => en),
          ', ',
          ' or ',
        )}`,
      }
    }
    case '?:': {
      const [test, then, otherwise] = [expression.test, expression.then, expression.otherwise].map(say)
      return {
        zh: `若${test.zh}则${then.zh},否则${otherwise.zh}`,
        en: `${then.en} if ${test.en}, else ${otherwise.en}`,
      }
    }
    case 'min':
    case 'max': {
      const least = expression.op === 'min'
      return both(expression.args.map(say), (args, lang) =>
        lang === 'zh'
          ? `${args.join('、')}中${least ? '最低者' : '最高者'}`
          : `the ${least ? 'lowest' : 'highest'} of ${args.join(', ')}`,
      )
    }
    case '+':
    case '-':
    case '*':
    case '/':
    case '%': {
      const sign = { '+': '+', '-': '−', '*': '×', '/': '÷', '%': 'mod' }[expression.op]
      const operand = (inner: Expression): Text => {
        const words = say(inner)
        return 'left' in inner ? { zh: `(${words.zh})`, en: `(${words.en})` } : words
      }
      return both([operand(expression.left), operand(expression.right)], ([a, b]) => `${a} ${sign} ${b}`)
    }
    default:
      return comparison(expression.op, expression.left, expression.right, vocabulary)
  }
}

function comparison(op: Comparison, left: Expression, right: Expression, vocabulary: Vocabulary): Text {
  const fact = factOf(left, vocabulary.facts)
  const subject = describe(left, vocabulary)
  if (right.op !== 'constant') {
    const object = describe(right, vocabulary)
    return {
      zh: `${subject.zh}${NUMERIC[op].zh}${object.zh}`,
      en: `${subject.en} ${NUMERIC[op].en} ${object.en}`,
    }
  }
  if (fact && fact.type.kind !== 'number') {
    const value = valueWords(fact, right.value, vocabulary.areas)
    if (value.zh === '无' && (op === '==' || op === '!='))
      return op === '=='
        ? { zh: `无${subject.zh}`, en: `${subject.en}: ${value.en}` }
        : { zh: `有${subject.zh}`, en: `${subject.en}: any` }
    return { zh: `${subject.zh}${CODED[op].zh}${value.zh}`, en: `${subject.en} ${CODED[op].en} ${value.en}` }
  }
  const value = fact ? numberWords(fact, right.value) : quantityWords(right.value, undefined)
  return {
    zh: `${subject.zh}${NUMERIC[op].zh} ${value.zh}`,
    en: `${subject.en} ${NUMERIC[op].en} ${value.en}`,
  }
}

const factOf = (expression: Expression, facts: readonly FactDefinition[]): FactDefinition | undefined =>
  expression.op === 'fact' ? facts[expression.slot] : undefined

const both = (parts: readonly Text[], join: (parts: string[], lang: 'zh' | 'en') => string): Text => ({
  zh: join(
    parts.map(({ zh }) => zh),
    'zh',
  ),
  en: join(
    parts.map(({ en }) => en),
    'en',
  ),
})

/** `a`, `a or b`, `a, b or c`. */
const listed = (words: readonly string[], comma: string, or: string): string =>
  words.length < 2 ? words.join('') : words.slice(0, -1).join(comma) + or + words.at(-1)!

/** 有固定经营场所 → 没有固定经营场所, 持居住证 → 未持居住证. */
const denied = (label: string): string =>
  label.startsWith('有') ? `没${label}` : label.startsWith('持') ? `未${label}` : `${label}为否`
