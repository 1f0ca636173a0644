/** Help is made from the verbs themselves. The one page for all of them loads none. */
import columns from 'string-width'
import type { Lang, Text } from '../reading/text.js'
import { COMMON } from './options.js'
import type { Option, Verb } from './verb.js'
import type { VerbEntry } from './verb.js'

const WORDS = {
  usage: { zh: '用法', en: 'Usage' },
  verbs: { zh: '命令', en: 'Commands' },
  arguments: { zh: '参数', en: 'Arguments' },
  options: { zh: '选项', en: 'Options' },
  common: { zh: '通用选项', en: 'Common options' },
  example: { zh: '示例', en: 'Example' },
  byDefault: { zh: '默认', en: 'default' },
  what: {
    zh: '户籍政策模拟:两套落户规则各带来多少登记、学位、公租房与医保需求',
    en: 'Simulates hukou policy: registrations, school places, housing and insurance',
  },
  more: {
    zh: '每个命令的选项与示例:menkan 命令 --help',
    en: 'Options and an example of each command: menkan COMMAND --help',
  },
} satisfies Record<string, Text>

/**
 * @param width columns of the terminal
 * @param group only the verbs that begin with this word
 */
export function programHelp(verbs: VerbEntry[], lang: Lang, width: number, group?: string): string {
  const shown = verbs.filter(({ path }) => group === undefined || path[0] === group)
  return [
    WORDS.what[lang],
    '',
    `${WORDS.usage[lang]}: menkan ${group ?? ''}${group ? ' ' : ''}… [--lang zh|en] [--format text|json|csv] [--quiet]`,
    ...section(
      WORDS.verbs[lang],
      shown.map(({ path, does }) => [path.join(' '), does[lang]]),
      width,
    ),
    '',
    WORDS.more[lang],
  ].join('\n')
}

/** @param width columns of the terminal */
export function verbHelp(verb: Verb, lang: Lang, width: number): string {
  const takes = verb.takes.map(({ name, required, many }) => {
    const shown = name.toUpperCase() + (many ? '…' : '')
    return required ? shown : `[${shown}]`
  })
  const command = ['menkan', ...verb.path].join(' ')
  const rows = (options: Record<string, Option>): [string, string][] =>
    Object.entries(options).map(([name, option]) => [
      `--${name}${placeholder(option)}`,
      describe(option, lang),
    ])
  const shared = Object.entries(COMMON).filter(([name]) => !(name in verb.options))
  return [
    ...wrap(verb.does[lang], width),
    '',
    `${WORDS.usage[lang]}: ${[command, ...takes].join(' ')}`,
    ...section(
      WORDS.arguments[lang],
      verb.takes.map(({ name, does }) => [name.toUpperCase(), does[lang]]),
      width,
    ),
    ...section(WORDS.options[lang], rows(verb.options), width),
    ...section(WORDS.common[lang], rows(Object.fromEntries(shared)), width),
    '',
    `${WORDS.example[lang]}:`,
    `  ${verb.example}`,
  ].join('\n')
}

/** A titled list: names on the left, what they do beside them. */
function section(title: string, rows: [string, string][], width: number): string[] {
  if (rows.length === 0) return []
  const first = Math.max(...rows.map(([name]) => name.length))
  const indent = ' '.repeat(first + 4)
  return [
    '',
    `${title}:`,
    ...rows.map(
      ([name, text]) =>
        `  ${name.padEnd(first)}  ${wrap(text, Math.max(20, width - first - 4)).join('\n' + indent)}`,
    ),
  ]
}

/** Choices stand beside the name where they are short, else behind the description. */
const inline = (choices: string[]): string | undefined => {
  const joined = choices.join('|')
  return joined.length <= 20 ? joined : undefined
}

function placeholder({ type, choices }: Option): string {
  if (type === 'boolean') return ''
  return ' ' + ((choices && inline(choices)) ?? (type === 'number' ? 'N' : 'TEXT'))
}

const describe = ({ does, choices, default: value }: Option, lang: Lang): string =>
  does[lang] +
  (choices && !inline(choices) ? `: ${choices.join(', ')}` : '') +
  (value === undefined || value === false ? '' : ` (${WORDS.byDefault[lang]} ${value})`)

/** Lines of at most `width` columns; breaks at spaces and between Chinese characters. */
function wrap(text: string, width: number): string[] {
  const lines = ['']
  for (const piece of text.match(
    /[\u3000-\u9fff\uff00-\uffef][,。;:、)”]?|[^\s\u3000-\u9fff\uff00-\uffef]+\s*|\s+/g,
  ) ?? []) {
    const line = lines[lines.length - 1]
    if (line !== '' && columns(line + piece.trimEnd()) > width) {
      lines[lines.length - 1] = line.trimEnd()
      lines.push(piece)
    } else lines[lines.length - 1] = line + piece
  }
  return lines
}
