/** What was typed, checked against a verb: every slip is a finding, with the nearest name that exists. */
import { parseArgs } from 'node:util'
import type { Finding } from '../reading/finding.js'
import { nearest } from '../reading/nearest.js'
import type { Text } from '../reading/text.js'
import type { VerbEntry } from './verbs.js'
import { COMMON, RUN } from './options.js'
import type { Given, Option, Verb } from './verb.js'

type Options = Record<string, Option>

function tokens(argv: string[], options: Options) {
  return parseArgs({
    args: argv,
    strict: false,
    tokens: true,
    options: {
      ...Object.fromEntries(
        Object.entries(options).map(([name, { type }]) => [
          name,
          { type: type === 'boolean' ? ('boolean' as const) : ('string' as const), multiple: true },
        ]),
      ),
      help: { type: 'boolean', short: 'h' },
    },
  }).tokens
}

/** The words that are no options: the verb and its arguments, wherever shared options stand between them. */
export const words = (argv: string[]): string[] =>
  tokens(argv, { ...COMMON, ...RUN }).flatMap(token => (token.kind === 'positional' ? [token.value] : []))

/** The verb that the words begin with; the longest path wins. */
export function findVerb(typed: string[], verbs: VerbEntry[]): VerbEntry | undefined {
  return verbs
    .filter(({ path }) => path.every((word, index) => typed[index] === word))
    .sort((a, b) => b.path.length - a.path.length)[0]
}

/** @returns one finding: the verb is unknown, or only the beginning of one was typed */
export function unknownVerb(typed: string[], verbs: VerbEntry[]): Finding {
  const group = verbs.filter(({ path }) => path.length > 1 && path[0] === typed[0])
  const known = (group.length > 0 ? group : verbs).map(({ path }) => path.join(' '))
  const name = typed.slice(0, group.length > 0 ? 2 : 1).join(' ')
  return {
    severity: 'error',
    code: 'unknown-verb',
    message:
      group.length > 0 && typed.length === 1
        ? { zh: `“${name}”之后还需一个词`, en: `"${name}" needs one more word` }
        : { zh: `没有命令“${name}”`, en: `There is no command "${name}"` },
    expected: { zh: known.join('、'), en: known.join(', ') },
    nearest: nearest(typed.slice(0, 2).join(' '), known) ?? nearest(name, known),
  }
}

/**
 * @param verb undefined to read the common options alone; anything else is then left unjudged
 * @returns what was given, defaults filled in, and every mistake
 */
export function readArguments(argv: string[], verb?: Verb): { given: Given; findings: Finding[] } {
  const options: Options = { ...COMMON, ...verb?.options }
  const given: Given = { positionals: {}, options: {} }
  const findings: Finding[] = []
  const mistake = (code: string, message: Text, more: Partial<Finding> = {}) =>
    findings.push({ severity: 'error', code, message, ...more })
  const typed: string[] = []
  /** Where the value of a misspelt option stands, so that it is not taken for an argument. */
  let misnamed = -1

  for (const token of tokens(argv, options)) {
    if (token.kind === 'positional' && token.index !== misnamed) typed.push(token.value)
    if (token.kind !== 'option') continue
    const { rawName, value } = token
    const option = Object.hasOwn(options, token.name) ? options[token.name] : undefined
    if (!option) {
      const known = Object.keys(options).map(name => '--' + name)
      const meant = nearest(rawName, known)
      if (meant && options[meant.slice(2)].type !== 'boolean' && value === undefined)
        misnamed = token.index + 1
      if (verb)
        mistake(
          'unknown-option',
          { zh: `没有选项“${rawName}”`, en: `There is no option "${rawName}"` },
          { nearest: meant, expected: { zh: known.join('、'), en: known.join(', ') } },
        )
    } else if (option.type === 'boolean') {
      if (value === undefined) given.options[token.name] = true
      else mistake('wrong-value', { zh: `“${rawName}”不带数值`, en: `"${rawName}" takes no value` })
    } else if (value === undefined || (!token.inlineValue && value.startsWith('--'))) {
      mistake('missing-value', { zh: `“${rawName}”后面缺少数值`, en: `"${rawName}" needs a value` })
    } else if (option.type === 'strings') {
      given.options[token.name] = [...((given.options[token.name] as string[] | undefined) ?? []), value]
    } else if (given.options[token.name] !== undefined) {
      mistake('repeated-option', { zh: `“${rawName}”只能写一次`, en: `"${rawName}" may be given only once` })
    } else if (option.choices && !option.choices.includes(value)) {
      mistake(
        'wrong-value',
        { zh: `“${rawName}”不能是“${value}”`, en: `"${rawName}" cannot be "${value}"` },
        {
          nearest: nearest(value, option.choices),
          expected: { zh: option.choices.join('、'), en: option.choices.join(', ') },
        },
      )
    } else if (option.type === 'number') {
      const number = value.trim() === '' ? NaN : Number(value)
      const [least, most] = option.range ?? [-Infinity, Infinity]
      if (
        Number.isFinite(number) &&
        number >= least &&
        number <= most &&
        (!option.whole || Number.isInteger(number))
      )
        given.options[token.name] = number
      else
        mistake(
          'wrong-value',
          { zh: `“${rawName}”不能是“${value}”`, en: `"${rawName}" cannot be "${value}"` },
          { expected: numberWanted(option) },
        )
    } else given.options[token.name] = value
  }
  for (const [name, option] of Object.entries(options))
    if (option.default !== undefined) given.options[name] ??= option.default
  if (verb) readPositionals(typed.slice(verb.path.length), verb, given, mistake)
  return { given, findings }
}

function numberWanted({ range, whole }: Option): Text {
  const between = range && `${range[0]} … ${range[1]}`
  return {
    zh: (whole ? '整数' : '数字') + (between ? ` ${between}` : ''),
    en: (whole ? 'a whole number' : 'a number') + (between ? `, ${between}` : ''),
  }
}

function readPositionals(
  rest: string[],
  verb: Verb,
  given: Given,
  mistake: (code: string, message: Text) => void,
): void {
  for (const { name, required, many } of verb.takes) {
    const values = rest.splice(0, many ? rest.length : 1)
    if (required && values.length === 0)
      mistake('missing-argument', { zh: `缺少 ${name}`, en: `${name} is missing` })
    given.positionals[name] = many ? values : values[0]
  }
  for (const word of rest)
    mistake('unexpected-argument', { zh: `多余的“${word}”`, en: `"${word}" is one word too many` })
}
