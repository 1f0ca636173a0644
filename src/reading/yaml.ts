/**
 * YAML into checked values: every mistake of a file is reported at once, with line, column,
 * what was expected and the nearest known name. Schemas are zod's; use `z.strictObject` so that
 * an unknown key is a mistake.
 */
import { isMap, isNode, isScalar, isSeq, type Pair, type YAMLMap } from 'yaml'
import { z } from 'zod'
import { InputError, type Finding } from './finding.js'
import { nearest } from './nearest.js'
import { keyText, readDocument, type YamlDocument } from './yamlDocument.js'

/** Where a value of the file stands; `at(['channels', 'rent', 'when'])` counts from 1. */
export interface Positions {
  file: string
  at(path: readonly PropertyKey[]): { line: number; column: number }
  /** Where character `index` of the text at `path` stands, however the text is quoted or folded. */
  within(path: readonly PropertyKey[], index: number): { line: number; column: number }
}

export interface Read<T> {
  value: T
  positions: Positions
}

/**
 * Read a file of one YAML document.
 * @throws InputError `unknown-key`, `wrong-value` (all of them at once), or what `readDocument` finds
 */
export function readYaml<S extends z.ZodType>(text: string, file: string, schema: S): Read<z.output<S>> {
  const document = readDocument(text, file)
  const positions = new Places(document, file)
  const parsed = schema.safeParse(document.value)
  if (!parsed.success) throw new InputError(findingsOf(parsed.error, schema, positions))
  return { value: parsed.data, positions }
}

/** What zod has against a value, as findings at their places in the file. */
export function findingsOf(error: z.ZodError, schema: z.ZodType, positions: Positions): Finding[] {
  return error.issues.flatMap(issue => fromIssue(issue, schema, positions))
}

class Places implements Positions {
  /** The pairs of each map by key: a file with many mistakes asks for many places. */
  private readonly pairs = new Map<YAMLMap, Map<string | undefined, Pair>>()

  constructor(
    private readonly document: YamlDocument,
    readonly file: string,
  ) {}

  readonly at = (path: readonly PropertyKey[]) => this.place(this.follow(path).offset)

  /** The scalar's text and its source hold the same characters but for white space, quotes and escapes: count them. */
  readonly within = (path: readonly PropertyKey[], index: number) => {
    const { node, offset: start } = this.follow(path)
    if (!isScalar(node) || typeof node.value !== 'string' || !node.range) return this.place(start)
    const { text } = this.document
    let offset = node.range[0]
    if (node.type === 'BLOCK_FOLDED' || node.type === 'BLOCK_LITERAL') offset = text.indexOf('\n', offset) + 1
    else if (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE') offset++
    const target = visible(node.value.slice(0, index)).length
    const written =
      node.type === 'QUOTE_DOUBLE' ? IN_DOUBLE : node.type === 'QUOTE_SINGLE' ? IN_SINGLE : PLAIN
    for (let seen = 0; offset < node.range[1];) {
      written.lastIndex = offset
      const [character] = written.exec(text)!
      seen += lengthOf(character)
      if (seen > target) break
      offset += character.length
    }
    return this.place(offset)
  }

  /** The innermost node of the path that exists (undefined beyond it), and where its key begins. */
  private follow(path: readonly PropertyKey[]): { node: unknown; offset: number } {
    let node: unknown = this.document.contents
    let offset = this.document.contents.range?.[0] ?? 0
    for (const step of path) {
      const inner: unknown = isMap(node)
        ? this.pairsOf(node).get(String(step))
        : isSeq(node)
          ? node.items[Number(step)]
          : undefined
      if (inner === undefined) return { node: undefined, offset }
      const named = isMap(node) ? (inner as Pair).key : inner
      if (isNode(named)) offset = named.range?.[0] ?? offset
      node = isMap(node) ? (inner as Pair).value : inner
    }
    return { node, offset }
  }

  private pairsOf(map: YAMLMap) {
    let pairs = this.pairs.get(map)
    if (!pairs) this.pairs.set(map, (pairs = new Map(map.items.map(pair => [keyText(pair.key), pair]))))
    return pairs
  }

  private place(offset: number) {
    const { line, col } = this.document.lines.linePos(offset)
    return { line, column: col }
  }
}

const visible = (text: string) => text.replace(/\s/g, '')

/** One character of the text as the source writes it. */
const PLAIN = /[^]/y
const IN_SINGLE = /''|[^]/y
const IN_DOUBLE = /\\(?:x[\da-f]{2}|u[\da-f]{4}|U[\da-f]{8}|\r\n|[^])|[^]/iy

/** How many visible characters of the text it stands for. */
function lengthOf(written: string): number {
  if (written === "''") return 1
  if (written.length === 1) return visible(written).length
  if (/^\\[xu]/i.test(written)) return visible(String.fromCodePoint(parseInt(written.slice(2), 16))).length
  return /^\\[tnvfrNLP_\s]/.test(written) ? 0 : 1
}

type Issue = z.core.$ZodIssue

function fromIssue(issue: Issue, schema: z.ZodType, positions: Positions): Finding[] {
  const path = issue.path
  const name = path.map(String).join('.')
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(schema, path)
    return issue.keys.map(key => ({
      severity: 'error',
      code: 'unknown-key',
      file: positions.file,
      ...positions.at([...path, key]),
      message: {
        zh: name ? `“${name}”里没有名为“${key}”的键` : `没有名为“${key}”的键`,
        en: name ? `Unknown key "${key}" in ${name}` : `Unknown key "${key}"`,
      },
      nearest: nearest(key, known),
      ...(known.length > 0 && { expected: { zh: known.join('、'), en: known.join(', ') } }),
    }))
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    // The branch that got furthest says most about what the user meant.
    const branch = issue.errors.reduce((a, b) => (deepest(b) > deepest(a) ? b : a))
    if (deepest(branch) > 0)
      return branch.flatMap(inner =>
        fromIssue({ ...inner, path: [...path, ...inner.path] } as Issue, schema, positions),
      )
  }
  const [zh, en] = [z.locales.zhCN(), z.locales.en()].map(locale => {
    const words = locale.localeError(issue as z.core.$ZodRawIssue)
    return typeof words === 'string' ? words : (words?.message ?? issue.message)
  })
  // A custom issue (from `refine`) may carry both languages as `params: Text`.
  const own = issue.code === 'custom' ? (issue.params as { zh?: string; en?: string } | undefined) : undefined
  return [
    {
      severity: 'error',
      code: 'wrong-value',
      file: positions.file,
      ...positions.at(path),
      message: {
        zh: `${name ? `“${name}”:` : ''}${own?.zh ?? zh}`,
        en: `${name ? `${name}: ` : ''}${own?.en ?? en}`,
      },
    },
  ]
}

const deepest = (issues: readonly Issue[]) => Math.max(0, ...issues.map(issue => issue.path.length))

/** The keys that a strict object at `path` of the schema knows, for the hint. */
function knownKeys(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let here: unknown = schema
  const unwrap = (type: unknown): unknown => {
    let inner = type as { unwrap?: () => unknown } | undefined
    while (
      inner &&
      !(inner instanceof z.ZodObject) &&
      !(inner instanceof z.ZodRecord) &&
      !(inner instanceof z.ZodArray)
    ) {
      if (typeof inner.unwrap !== 'function') return inner
      inner = inner.unwrap() as typeof inner
    }
    return inner
  }
  for (const step of path) {
    here = unwrap(here)
    if (here instanceof z.ZodObject) here = (here.shape as Record<string, unknown>)[String(step)]
    else if (here instanceof z.ZodRecord) here = here.valueType
    else if (here instanceof z.ZodArray) here = here.element
    else return []
  }
  here = unwrap(here)
  return here instanceof z.ZodObject ? Object.keys(here.shape) : []
}
