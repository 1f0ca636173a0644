/** What documents point at is there: links, paths in the source, command lines, parameters of the shipped pack. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, sep } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findVerb, glance, readArguments } from '../../src/cli/arguments.js'
import { VERBS } from '../../src/cli/verbs.js'
import { InputError } from '../../src/reading/finding.js'
import { readParameters } from '../../src/pack/parameters.js'

const SKIPPED = new Set(['node_modules', 'dist', 'runs', 'coverage', '.git'])

function* walk(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (entry.isDirectory()) {
      if (!SKIPPED.has(entry.name)) yield* walk(join(folder, entry.name))
    } else if (entry.name.endsWith('.md')) yield normalize(join(folder, entry.name)).split(sep).join('/')
}

const documents = new Map([...walk('.')].sort().map(file => [file, readFileSync(file, 'utf8')]))

/** Text outside of fences, and the lines inside. */
function parts(text: string): { prose: string; code: string[] } {
  const pieces = text.split(/^```.*$/m)
  return {
    prose: pieces.filter((_, i) => i % 2 === 0).join('\n'),
    code: pieces.filter((_, i) => i % 2 === 1).flatMap(piece => piece.split('\n')),
  }
}

const spans = (text: string): string[] =>
  [...parts(text).prose.matchAll(/`([^`\n]+)`/g)].map(([, span]) => span)

describe('links', () => {
  /** As the usual viewers make them of a heading. */
  const anchors = (text: string) =>
    [...parts(text).prose.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    )

  const broken = (file: string, text: string): string[] =>
    [
      ...parts(text)
        .prose.replace(/`[^`\n]*`/g, '')
        .matchAll(/\]\(([^)\s]+)[^)]*\)|(?:src|href)="([^"]+)"/g),
    ]
      .map(([, link, attribute]) => link ?? attribute)
      .filter(link => !/^[a-z]+:/.test(link))
      .filter(link => {
        const [path, anchor] = link.split('#')
        const target =
          path === ''
            ? file
            : normalize(join(dirname(file), path))
                .split(sep)
                .join('/')
        if (!existsSync(target)) return true
        const there = target === file ? text : (documents.get(target) ?? '')
        return anchor !== undefined && !anchors(there).includes(decodeURIComponent(anchor))
      })

  it.each([...documents])('of %s lead somewhere', (file, text) => {
    expect(broken(file, text)).toEqual([])
  })

  it('a broken link would be found', () => {
    const text = '# One two\n[a](no-such.md) [b](#one-two) [c](#three) [d](https://example.org) `[e](f)`'
    expect(broken('CHANGELOG.md', text)).toEqual(['no-such.md', '#three'])
  })
})

describe('paths', () => {
  const missing = (text: string): string[] =>
    [...parts(text).prose.matchAll(/(?<=[`( ])(?:src|test|data|docs|scenarios|scripts|bench)\/[\w./*-]*/g)]
      .map(([path]) => path.replace(/[.,]$/, ''))
      .filter(path => !/[*]|[A-Z]{3}/.test(path.replace(/(README|SOURCES)[.\w]*/, '')))
      .filter(path => !existsSync(path))

  it.each([...documents].filter(([file]) => !file.startsWith('data/')))('in %s exist', (_, text) => {
    // A city of the reader's own is an example.
    expect(missing(text).filter(path => !path.startsWith('data/mycity'))).toEqual([])
  })

  it('a missing path would be found', () => {
    expect(missing('see `src/no/such.ts` and `src/cli/main.ts`')).toEqual(['src/no/such.ts'])
  })
})

describe('command lines', () => {
  /** `menkan …` alone in a span of code, or on a line of a block; what follows # is a remark. */
  const quoted = (text: string): string[] =>
    [...spans(text), ...parts(text).code.map(line => line.trim().replace(/^\$ /, ''))]
      .map(line => line.replace(/\s+#.*$/, ''))
      .filter(line => /^(menkan|npm start --) /.test(line) && !line.includes('…'))

  const words = (line: string): string[] =>
    [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
      ([, double, single, plain]) => double ?? single ?? plain,
    )

  /** What is wrong with a line, in codes. */
  async function judge(line: string): Promise<string[]> {
    const typed = words(line.replace(/^npm start --/, 'menkan compare')).slice(1)
    const general = ['--help', '--version', '-h'].includes(typed.at(-1)!)
    const entry = findVerb(glance(typed).words, VERBS)
    if (!entry) {
      const group = typed.filter(word => !word.startsWith('-'))
      return general && VERBS.some(({ path }) => group.every((word, i) => path[i] === word))
        ? []
        : ['unknown-verb']
    }
    try {
      readArguments(typed, await entry.load())
      return []
    } catch (error) {
      if (error instanceof InputError) return error.findings.map(({ code }) => code)
      throw error
    }
  }

  const lines = [...documents].flatMap(([file, text]) => quoted(text).map(line => ({ file, line })))

  it('are quoted at all', () => {
    expect(lines.length).toBeGreaterThan(5)
  })

  it.each(lines)('$file: $line', async ({ line }) => {
    // A verb may be named without what it takes.
    expect((await judge(line)).filter(code => code !== 'missing-argument')).toEqual([])
  })

  it('a line that is not understood would be found', async () => {
    expect(await judge('menkan comparison')).toEqual(['unknown-verb'])
    expect(await judge('menkan compare --replicatess 3')).toEqual(['unknown-option'])
    expect(await judge('menkan pack --help')).toEqual([])
  })
})

describe('docs/model.md', () => {
  const text = documents.get('docs/model.md')!
  const named = new Set(spans(text))
  const files = ['stocks.yaml', ...readdirSync('data/zhaoqing/parameters').map(file => `parameters/${file}`)]
  const ids = files.flatMap(file =>
    readParameters(
      readFileSync(join('data', 'zhaoqing', file), 'utf8'),
      file,
      file === 'stocks.yaml' ? 'optional' : 'required',
    ).map(({ id }) => id),
  )
  /** `edu.outFlow.AREA`, `will.*`: a word in capitals, or a star, stands for what differs. */
  const matches = (pattern: string, id: string) =>
    new RegExp(
      `^${pattern
        .replaceAll('.', '\\.')
        .replaceAll('*', '.+')
        .replace(/\b[A-Z]{3,}\b/g, '[^.]+')}$`,
    ).test(id)
  const families = new Set(ids.map(id => id.split('.')[0]))
  const patterns = [...named].filter(
    name => families.has(name.split('.')[0]) && /^[a-z]+\.[\w.*]+$/.test(name),
  )

  it('names every parameter of the shipped pack', () => {
    // `will.*` alone would name a parameter without saying what it does.
    const exact = patterns.filter(pattern => !pattern.includes('*') || pattern === 'apply.season.*')
    expect(ids.filter(id => !exact.some(pattern => matches(pattern, id)))).toEqual([])
  })

  it('names no parameter that is not there', () => {
    const unknown = patterns.filter(pattern => !ids.some(id => matches(pattern, id)))
    expect(unknown).toEqual([])
  })
})
