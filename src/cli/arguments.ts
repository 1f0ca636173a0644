/**
 * What was typed, judged against the verb: every slip is a finding, with the nearest name that exists. The validation
 * of yargs would end in one sentence of one language at the first slip.
 */
import { InputError, type Finding } from '../reading/finding.js'
import { nearest } from '../reading/nearest.js'
import type { Text } from '../reading/text.js'
import { parseVerb, parseWords, type Parsed } from './commands.js'
import { COMMON } from './options.js'
import type { Given, Option, Verb } from './verb.js'
import type { VerbEntry } from './verb.js'

type Options = Record<string, Option>

/** The words that are no options, and the common options so far as they are right. */
export function glance(argv: string[]): { words: string[]; given: Given } {
  const { words, named } = parseWords(argv)
  return { words, given: { positionals: {}, options: readOptions(named, argv, COMMON).options } }
}

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
  return mistake(
    'unknown-verb',
    group.length > 0 && typed.length === 1
      ? { zh: `“${name}”之后还需一个词`, en: `"${name}" needs one more word` }
      : { zh: `没有命令“${name}”`, en: `There is no command "${name}"` },
    { expected: list(known), nearest: nearest(typed.slice(0, 2).join(' '), known) ?? nearest(name, known) },
  )
}

/**
 * @param argv a line that names this verb
 * @returns what was given, defaults filled in
 * @throws InputError with every slip
 */
export function readArguments(argv: string[], verb: Verb): Given {
  const known: Options = { ...COMMON, ...verb.options }
  const given: Given = { positionals: {}, options: {} }
  parseVerb(argv, verb, ({ words, named }) => {
    const { options, findings } = readOptions(named, argv, known)
    given.options = options
    given.positionals = Object.fromEntries(
      verb.takes.map(({ name }) => [name, named[name] as string | string[] | undefined]),
    )
    findings.push(...unknownOptions(named, verb, known), ...wrongWords(words, named, verb))
    if (findings.length > 0) throw new InputError(findings)
  })
  return given
}

function readOptions(named: Parsed['named'], argv: string[], known: Options) {
  const options: Given['options'] = {}
  const findings: Finding[] = []
  for (const [name, option] of Object.entries(known)) {
    if (option.default !== undefined) options[name] = option.default
    if (!Object.hasOwn(named, name)) continue
    if (option.type === 'boolean') {
      // yargs takes any value but "true" for false.
      if (argv.some(word => word.startsWith(`--${name}=`)))
        findings.push(mistake('wrong-value', { zh: `“--${name}”不带数值`, en: `"--${name}" takes no value` }))
      else options[name] = true
      continue
    }
    const value = readValue(`--${name}`, option, [named[name]].flat() as string[])
    if (typeof value === 'object' && 'code' in value) findings.push(value)
    else options[name] = value
  }
  return { options, findings }
}

function readValue(name: string, option: Option, typed: string[]): string | number | string[] | Finding {
  if (typed.includes(''))
    return mistake('missing-value', { zh: `“${name}”后面缺少数值`, en: `"${name}" needs a value` })
  if (option.type === 'strings') return typed
  if (typed.length > 1)
    return mistake('repeated-option', { zh: `“${name}”只能写一次`, en: `"${name}" may be given only once` })
  const [value] = typed
  const wrong = (more: Partial<Finding>) =>
    mistake('wrong-value', { zh: `“${name}”不能是“${value}”`, en: `"${name}" cannot be "${value}"` }, more)
  if (option.choices && !option.choices.includes(value))
    return wrong({ nearest: nearest(value, option.choices), expected: list(option.choices) })
  if (option.type === 'string') return value
  const number = value.trim() === '' ? NaN : Number(value)
  const [least, most] = option.range ?? [-Infinity, Infinity]
  const fits = Number.isFinite(number) && number >= least && number <= most
  return fits && (!option.whole || Number.isInteger(number)) ? number : wrong({ expected: wanted(option) })
}

function wanted({ range, whole }: Option): Text {
  const between = range && `${range[0]} … ${range[1]}`
  return {
    zh: (whole ? '整数' : '数字') + (between ? ` ${between}` : ''),
    en: (whole ? 'a whole number' : 'a number') + (between ? `, ${between}` : ''),
  }
}

function unknownOptions(named: Parsed['named'], verb: Verb, options: Options): Finding[] {
  const known = Object.keys(options).map(name => '--' + name)
  return Object.keys(named)
    .filter(name => !Object.hasOwn(options, name) && !verb.takes.some(taken => taken.name === name))
    .map(name => (name.length === 1 ? '-' : '--') + name)
    .map(name =>
      mistake(
        'unknown-option',
        { zh: `没有选项“${name}”`, en: `There is no option "${name}"` },
        { nearest: nearest(name, known), expected: list(known) },
      ),
    )
}

function wrongWords(words: string[], named: Parsed['named'], { path, takes }: Verb): Finding[] {
  const missing = takes.filter(({ name, required }) => required && [named[name] ?? []].flat().length === 0)
  return [
    ...missing.map(({ name }) =>
      mistake('missing-argument', { zh: `缺少 ${name}`, en: `${name} is missing` }),
    ),
    ...words
      .slice(path.length)
      .map(word =>
        mistake('unexpected-argument', { zh: `多余的“${word}”`, en: `"${word}" is one word too many` }),
      ),
  ]
}

const mistake = (code: string, message: Text, more: Partial<Finding> = {}): Finding => ({
  severity: 'error',
  code,
  message,
  ...more,
})

const list = (names: string[]): Text => ({ zh: names.join('、'), en: names.join(', ') })
