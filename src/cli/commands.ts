/** The table of verbs as commands of yargs: it splits the line into words and options, and completes it in a shell. */
import yargs, { type Argv } from 'yargs'
import type { Lang } from '../reading/text.js'
import { COMMON, RUN } from './options.js'
import type { Option, Verb } from './verb.js'
import type { VerbEntry } from './verb.js'

type Options = Record<string, Option>

/** What yargs read. An option typed more than once is an array. */
export interface Parsed {
  /** The words that are neither options nor arguments of the verb. */
  words: string[]
  /** Options and arguments by name, those that the verb does not have too. */
  named: Record<string, unknown>
}

/** The line before its verb is known; only the options that several verbs share are sure to be read rightly. */
export const parseWords = (argv: string[]): Parsed =>
  parsed(line(argv, withoutChoices({ ...COMMON, ...RUN }), 'en').parseSync())

/** Values are judged once the verb is known, with words of our own. */
const withoutChoices = (options: Options): Options =>
  Object.fromEntries(
    Object.entries(options).map(([name, option]) => [name, { ...option, choices: undefined }]),
  )

/** @param judge sees what was read before yargs validates it; may throw */
export function parseVerb(argv: string[], verb: Verb, judge: (parsed: Parsed) => void): void {
  addCommands(line(argv, { ...COMMON, ...verb.options }, 'en'), [verb], 'en', verb)
    .middleware(read => judge(parsed(read)), true)
    .parseSync()
}

/** What a shell puts before the words that it wants completed. */
export const COMPLETE = '--get-yargs-completions'

/** @returns how the line may go on, one a line; with descriptions for shells that show them */
export const completions = (argv: string[], verbs: VerbEntry[], lang: Lang, verb?: Verb): string =>
  spoken(addCommands(line(argv, { ...COMMON, ...verb?.options }, lang), verbs, lang, verb), argv)

/** The script that has a shell ask for completions: bash, zsh or fish, whichever the variable SHELL names. */
export const completionScript = (): string =>
  spoken(line([], {}, 'en').completion('completion'), ['completion'])

/** A lone `-` after an option is its value, standard input; yargs takes it for a word. */
const withDashes = (argv: string[]): string[] =>
  argv.flatMap((word, i) => {
    if (word === '-' && argv[i - 1]?.startsWith('--')) return []
    return argv[i + 1] === '-' && word.startsWith('--') ? [`${word}=-`] : [word]
  })

function line(argv: string[], options: Options, lang: Lang): Argv {
  return yargs(withDashes(argv))
    .scriptName('menkan')
    .parserConfiguration({
      'boolean-negation': false,
      'camel-case-expansion': false,
      'dot-notation': false,
      'short-option-groups': false,
      'strip-aliased': true,
    })
    .help(false)
    .version(false)
    .detectLocale(false)
    .exitProcess(false)
    .alias('help', 'h')
    .options(
      Object.fromEntries(
        Object.entries(options).map(([name, { type, choices, does }]) => [
          name,
          // Numbers stay as typed: yargs makes 0 of nothing, and a finding repeats what was written.
          { type: type === 'boolean' ? type : ('string' as const), choices, describe: does[lang] },
        ]),
      ),
    )
}

/** @param verb the one typed: the only one whose arguments are known, since no other is loaded */
function addCommands(
  parent: Argv,
  verbs: Pick<VerbEntry, 'path' | 'does'>[],
  lang: Lang,
  verb?: Verb,
  depth = 0,
): Argv {
  for (const word of new Set(verbs.map(({ path }) => path[depth]))) {
    const group = verbs.filter(({ path }) => path[depth] === word)
    const own = group.find(({ path }) => path.length === depth + 1)
    const longer = group.filter(entry => entry !== own)
    const takes = own && verb?.path.join() === own.path.join() ? verb.takes : []
    parent.command(
      // All in brackets: yargs would count arguments that are missing, where a finding names them.
      [word, ...takes.map(({ name, many }) => (many ? `[${name}..]` : `[${name}]`))].join(' '),
      own?.does[lang] ?? longer.map(({ path }) => path[depth + 1]).join(' · '),
      inner => {
        for (const { name, does } of takes) inner.positional(name, { type: 'string', describe: does[lang] })
        return addCommands(inner, longer, lang, verb, depth + 1)
      },
    )
  }
  return parent
}

function parsed({ _: words, $0, ...named }: Record<string, unknown>): Parsed {
  void $0
  return { words: (words as unknown[]).map(String), named }
}

/** What yargs itself has to say. */
function spoken(line: Argv, argv: string[]): string {
  let said = ''
  void line.parse(argv, (_error: unknown, _parsed: unknown, output: string) => (said = output))
  return said
}
