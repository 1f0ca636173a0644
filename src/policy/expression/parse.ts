/** Text of a condition or a quantity (CEL, the Common Expression Language) into a syntax tree with positions. */
import { parse as parseCel, ParseError, type ASTNode } from '@marcbachmann/cel-js'
import type { Finding } from '../../reading/finding.js'
import { numberMistake, PLAIN_NUMBER } from '../../reading/number.js'
import type { Text } from '../../reading/text.js'

export type Syntax = ASTNode

/** What is wrong with a text; `index` is the character where it begins. */
export type Problem = Pick<Finding, 'code' | 'message' | 'expected' | 'nearest' | 'fix'> & { index: number }

/** Characters of one expression; the longest that ships has under 200. */
export const MAX_LENGTH = 10_000
/** Brackets and signs (`!`, `-`) inside one another: the parser is recursive over them. */
export const MAX_NESTING = 100
/** Levels of the tree: `a && b && c` has two. Checker, compiler and what they make are recursive over it. */
export const MAX_DEPTH = 200

/** @returns the tree, or what is wrong with the text and at which character */
export function parse(text: string): { syntax: Syntax } | { problem: Problem } {
  if (text.length > MAX_LENGTH) return { problem: tooLong(text.length) }
  const nested = nestedAt(text)
  if (nested !== undefined) return { problem: tooDeep(nested) }
  let syntax: Syntax
  try {
    syntax = parseCel(text).ast
  } catch (error) {
    return { problem: refused(error, text) }
  }
  const problem = unfit(syntax)
  return problem ? { problem } : { syntax }
}

/** The parts of a condition that must all hold. */
export const conjuncts = (syntax: Syntax): Syntax[] =>
  syntax.op === '&&' ? syntax.args.flatMap(conjuncts) : [syntax]

/** One spelling for all that mean the same tree, and another for every other tree. */
export function textOf(syntax: Syntax, least = 0): string {
  const text = spelled(syntax)
  return bindingOf(syntax) < least ? `(${text})` : text
}

/** How tightly an operator binds (the grammar of CEL); what is no operator binds most. */
const BINDING: Partial<Record<Syntax['op'], number>> = {
  '?:': 1,
  '||': 2,
  '&&': 3,
  '==': 4,
  '!=': 4,
  '<': 5,
  '<=': 5,
  '>': 5,
  '>=': 5,
  in: 5,
  '+': 6,
  '-': 6,
  '*': 7,
  '/': 7,
  '%': 7,
  '!_': 8,
  '-_': 8,
}
const bindingOf = (syntax: Syntax): number => BINDING[syntax.op] ?? 9

function spelled(syntax: Syntax): string {
  const binding = bindingOf(syntax)
  switch (syntax.op) {
    case 'value':
      if (typeof syntax.args === 'string') return JSON.stringify(syntax.args)
      return typeof syntax.args === 'object' ? asWritten(syntax) : String(syntax.args)
    case 'id':
      return syntax.args
    case 'list':
      return `[${syntax.args.map(item => textOf(item)).join(', ')}]`
    case '!_':
    case '-_':
      return syntax.op[0] + textOf(syntax.args, binding)
    case '?:': {
      const [test, then, otherwise] = syntax.args
      return `${textOf(test, 2)} ? ${textOf(then, 2)} : ${textOf(otherwise, 1)}`
    }
    case '||':
    case '&&':
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
    case 'in':
    case '+':
    case '-':
    case '*':
    case '/':
    case '%': {
      // All of them group to the left.
      const [left, right] = syntax.args
      return `${textOf(left, binding)} ${syntax.op} ${textOf(right, binding + 1)}`
    }
    default:
      // A part of CEL that rules may not use: as it was written.
      return asWritten(syntax)
  }
}

const asWritten = ({ input, start, end }: Syntax): string => input.slice(start, end)

const TOKEN =
  /"""(?:\\.|(?!""").)*(?:""")?|'''(?:\\.|(?!''').)*(?:''')?|"(?:\\.|[^"\\])*"?|'(?:\\.|[^'\\])*'?|\/\/[^\n]*|[!=<>]=|\S/gs

/** The character at which brackets and signs are nested too deep. */
function nestedAt(text: string): number | undefined {
  /** Signs before each open bracket, and those before what comes now. */
  const outer: number[] = []
  let signs = 0
  let depth = 0
  for (const { index, 0: token } of text.matchAll(TOKEN)) {
    if (token.startsWith('//')) continue
    if (token === '!' || token === '-') {
      signs++
      depth++
    } else if ('([{'.includes(token)) {
      outer.push(signs)
      signs = 0
      depth++
    } else {
      depth -= signs
      signs = 0
      if (')]}'.includes(token) && outer.length > 0) depth -= 1 + outer.pop()!
    }
    if (depth > MAX_NESTING) return index
  }
  return undefined
}

/** What a tree holds that cannot be worked with. */
function unfit(syntax: Syntax): Problem | undefined {
  const open = [{ node: syntax, depth: 1 }]
  for (let next = open.pop(); next; next = open.pop()) {
    const { node, depth } = next
    if (depth > MAX_DEPTH) return tooDeep(node.start)
    if (node.op !== 'value') {
      for (const child of nodesIn(node.args).reverse()) open.push({ node: child, depth: depth + 1 })
      continue
    }
    if (typeof node.args !== 'number' && typeof node.args !== 'bigint') continue
    const mistake = numberMistake(asWritten(node), Number(node.args))
    if (mistake) return { code: 'wrong-number', index: node.start, message: mistake, expected: PLAIN_NUMBER }
  }
  return undefined
}

function nodesIn(args: unknown): Syntax[] {
  if (Array.isArray(args)) return args.flatMap(nodesIn)
  return typeof args === 'object' && args !== null && 'op' in args ? [args as Syntax] : []
}

const tooLong = (length: number): Problem => ({
  code: 'expression-too-long',
  index: 0,
  message: { zh: `表达式太长:${length} 个字符`, en: `This expression is too long: ${length} characters` },
  expected: { zh: `最多 ${MAX_LENGTH} 个字符`, en: `at most ${MAX_LENGTH} characters` },
})

const tooDeep = (index: number): Problem => ({
  code: 'expression-too-deep',
  index,
  message: { zh: '表达式嵌套过深', en: 'This expression is nested too deep' },
  expected: {
    zh: `括号与 !、- 最多套 ${MAX_NESTING} 层,&&、|| 等连用不超过 ${MAX_DEPTH} 项`,
    en: `at most ${MAX_NESTING} brackets, ! and - inside one another, and ${MAX_DEPTH} terms in a chain of && or ||`,
  },
  fix: {
    zh: '同一事实的多个取值用 in [...];其余分写成几个条件。',
    en: 'Use in [...] for many values of one fact, and write the rest as several conditions.',
  },
})

function refused(error: unknown, text: string): Problem {
  if (error instanceof RangeError) return tooDeep(0)
  // Whatever else the parser throws at a text is about the text.
  if (!(error instanceof ParseError)) return broken(0, { zh: String(error), en: String(error) }, text)
  const index = Math.min(error.range?.start ?? error.node?.pos ?? 0, text.length)
  if (error.code === 'limit_exceeded') {
    if (error.summary.includes('maxDepth')) return tooDeep(index)
    return {
      code: 'expression-too-long',
      index,
      message: { zh: '列表太长', en: 'This list is too long' },
      expected: { zh: '最多 1000 项', en: 'at most 1000 entries' },
    }
  }
  if (!PLACED.has(error.code)) {
    const zh = Object.entries(IN_CHINESE).find(([code]) => error.code.includes(code))?.[1] ?? error.summary
    return broken(index, { zh, en: error.summary }, text)
  }
  const got = text.slice(index, Math.max(error.range?.end ?? 0, index))
  const [wanted] = /(?<=^Expected )\w+/.exec(error.summary) ?? []
  const word = wanted && WANTED[wanted]
  return {
    ...broken(
      index,
      got
        ? { zh: `此处不该是“${shown(got, text, index)}”`, en: `unexpected "${shown(got, text, index)}"` }
        : { zh: '没有写完', en: 'it breaks off here' },
      text,
    ),
    ...(word && { expected: word }),
  }
}

const broken = (index: number, { zh, en }: Text, text: string): Problem => ({
  code: 'broken-expression',
  index,
  message: { zh: `表达式语法有误(CEL):${zh}`, en: `This is not a valid CEL expression: ${en}` },
  fix: wayOut(text, index),
})

/** What stands there, whole (the parser may cut a character in two) and fit to be printed. */
function shown(got: string, text: string, index: number): string {
  const whole = got.length === 1 ? String.fromCodePoint(text.codePointAt(index)!) : got
  return whole.length > 20
    ? whole.slice(0, 20) + '…'
    : whole.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Z}]/gu, c => 'U+' + c.charCodeAt(0).toString(16).padStart(4, '0'))
}

const PLACED = new Set(['unexpected_character', 'unexpected_token', 'expected_token'])
const WANTED: Record<string, Text> = {
  RPAREN: { zh: ')', en: ')' },
  RBRACKET: { zh: ']', en: ']' },
  RBRACE: { zh: '}', en: '}' },
  COLON: { zh: ':', en: ':' },
  IDENTIFIER: { zh: '名称', en: 'a name' },
}
/** By a part of the parser's code. */
const IN_CHINESE = {
  unterminated: '文字没有结束的引号',
  newline: '引号内不能换行',
  escape: '引号内的转义无效',
  surrogate: '引号内的转义无效',
  integer: '数的写法有误',
  number: '数的写法有误',
  exponent: '数的写法有误',
  reserved: '这是保留字,不能作名称',
  macro: '函数的参数有误',
}

/** What a hand that writes Chinese, or another language of rules, types for what CEL wants. */
const SLIPS: [slip: RegExp, written: string][] = [
  [/[“”„«»「」『』＂]/, '"'],
  [/[‘’＇]/, "'"],
  [/≥|=>|[＞>]＝/, '>='],
  [/≤|=<|[＜<]＝/, '<='],
  [/≠|<>|[！!]＝/, '!='],
  [/[×·]/, '*'],
  [/÷/, '/'],
  [/[−–—]/, '-'],
  [/[、。；;]/, ','],
  [/并且|而且|且|和|与|及|and\b|[&＆]{1,2}/i, '&&'],
  [/或者|或|or\b|[|｜]{1,2}/i, '||'],
  [/非|不是|不|not\b/i, '!'],
  [/[=＝]{1,2}/, '=='],
]

function wayOut(text: string, index: number): Text | undefined {
  // `not a` and `a <> b` are noticed only behind the slip.
  const before = /(?:\bnot\s+|<)$/i.exec(text.slice(0, index))
  const start = before && (before[0] !== '<' || text[index] === '>') ? before.index : index
  return slipAt(text, start) ?? slipAt(text, text.search(/[“”„「」『』＂‘’＇]/))
}

function slipAt(text: string, index: number): Text | undefined {
  const rest = text.slice(index, index + 10)
  if (index < 0 || rest === '') return undefined
  for (const [slip, written] of SLIPS) {
    const found = slip.exec(rest)
    if (found?.index === 0) return write(found[0], written)
  }
  const [character] = rest
  const half = character.normalize('NFKC')
  return half !== character && /^[ -~]$/.test(half) ? write(character, half) : undefined
}

function write(slip: string, written: string): Text {
  const name = written === ' ' ? { zh: '空格', en: 'a space' } : { zh: written, en: written }
  const word = /^[ -~]|\p{Script=Han}/u.test(slip)
  return {
    zh: `${word ? '' : '请用半角符号:'}写 ${name.zh},而不是“${slip}”。`,
    en: `${word ? 'Write' : 'Type half-width characters:'} ${name.en} instead of "${slip}".`,
  }
}
