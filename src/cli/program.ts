/** One command from what was typed to the exit code: find the verb, read its arguments, let it act. */
import { InputError, type Finding } from '../reading/finding.js'
import type { Lang } from '../reading/text.js'
import { MachineFailure } from '../node/failure.js'
import { findVerb, glance, readArguments, unknownVerb } from './arguments.js'
import { COMPLETE, completions } from './commands.js'
import { programHelp, verbHelp } from './help.js'
import { systemLanguage } from './language.js'
import { terminal, type Streams } from './terminal.js'
import type { ExitCode, Terminal } from './verb.js'
import type { VerbEntry } from './verb.js'

/** @param version asked for lazily: only `--version` needs it */
export async function program(
  argv: string[],
  verbs: VerbEntry[],
  streams: Streams,
  version: () => string,
): Promise<ExitCode> {
  const { words: typed, given: common } = glance(argv)
  const lang = (common.options.lang as Lang | undefined) ?? systemLanguage(streams.environment)
  const edge = terminal(common, lang, streams)
  const entry = findVerb(typed, verbs)
  const help = common.options.help === true
  try {
    if (argv[0] === COMPLETE) return done(edge, await complete(argv, verbs, lang))
    if (argv.includes('--version')) return done(edge, version())
    if (typed.length === 0 && (help || argv.length === 0))
      return done(edge, programHelp(verbs, lang, edge.width))
    if (!entry) {
      if (help && verbs.some(({ path }) => path[0] === typed[0]))
        return done(edge, programHelp(verbs, lang, edge.width, typed[0]))
      throw new InputError([typed.length === 0 ? missingVerb(verbs) : unknownVerb(typed, verbs)])
    }
    const verb = await entry.load()
    if (help) return done(edge, verbHelp(verb, lang, edge.width))
    const given = readArguments(argv, verb)
    return await verb.act(given, terminal(given, lang, streams))
  } catch (error) {
    return failed(error, edge, streams)
  }
}

function done(edge: Terminal, text: string): ExitCode {
  edge.print(text)
  return 0
}

/** @param argv from a shell: the mark, then the line so far, most often with the program's name before it */
async function complete([mark, ...argv]: string[], verbs: VerbEntry[], lang: Lang): Promise<string> {
  const { words } = glance(argv)
  const verb = await findVerb(words[0] === 'menkan' ? words.slice(1) : words, verbs)?.load()
  return completions([mark, ...argv], verbs, lang, verb)
}

function failed(error: unknown, edge: Terminal, { stderr, environment }: Streams): ExitCode {
  if (error instanceof InputError) {
    edge.report(error.findings)
    return 2
  }
  edge.report([error instanceof MachineFailure ? error.finding : unexpected(error)])
  if (environment.MENKAN_DEBUG && error instanceof Error) stderr.write(error.stack + '\n')
  return 1
}

const missingVerb = (verbs: VerbEntry[]): Finding => ({
  severity: 'error',
  code: 'unknown-verb',
  message: { zh: '缺少命令', en: 'A command is missing' },
  expected: {
    zh: verbs.map(({ path }) => path.join(' ')).join('、'),
    en: verbs.map(({ path }) => path.join(' ')).join(', '),
  },
})

function unexpected(error: unknown): Finding {
  const words = error instanceof Error ? error.message : String(error)
  return {
    severity: 'error',
    code: 'internal-error',
    message: { zh: `程序内部出错:${words}`, en: `The program failed: ${words}` },
    fix: {
      zh: '设置环境变量 MENKAN_DEBUG=1 再运行可看到出错位置。',
      en: 'Run again with the environment variable MENKAN_DEBUG=1 to see where.',
    },
  }
}
