/**
 * YAML into checked values: every mistake of a file is reported at once, with line, column,
 * what was expected and the nearest known name. Schemas are zod's; use `z.strictObject` so that
 * an unknown key is a mistake.
 */
import {
  isMap,
  isNode,
  isPair,
  isScalar,
  LineCounter,
  parseAllDocuments,
  type Document,
  type Node,
} from 'yaml'
import { z } from 'zod'
import { InputError, type Finding } from './finding.js'
import { nearest } from './nearest.js'

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
 * @throws InputError `broken-yaml`, `unknown-key`, `wrong-value` (all of them at once)
 */
export function readYaml<S extends z.ZodType>(text: string, file: string, schema: S): Read<z.output<S>> {
  const lines = new LineCounter()
  const [document, ...more] = parseAllDocuments(text, { lineCounter: lines, strict: true, uniqueKeys: true })
  const broken = document && 'errors' in document ? [...document.errors] : []
  if (broken.length > 0) {
    throw new InputError(
      broken.map(error => ({
        severity: 'error' as const,
        code: 'broken-yaml',
        file,
        line: error.linePos?.[0].line,
        column: error.linePos?.[0].col,
        message: {
          zh: `YAML 语法有误:${firstLine(error.message)}`,
          en: `This is not valid YAML: ${firstLine(error.message)}`,
        },
      })),
    )
  }
  if (!document || !isNode(document.contents) || more.length > 0) {
    throw new InputError([
      {
        severity: 'error',
        code: 'broken-yaml',
        file,
        line: 1,
        column: 1,
        message: { zh: '文件应恰好包含一个 YAML 文档', en: 'The file must hold exactly one YAML document' },
      },
    ])
  }
  const positions: Positions = {
    file,
    at: path => position(document as Document, lines, path),
    within: (path, index) => positionWithin(document as Document, lines, text, path, index),
  }
  const parsed = schema.safeParse(document.toJS())
  if (!parsed.success) throw new InputError(findingsOf(parsed.error, schema, positions))
  return { value: parsed.data, positions }
}

/** What zod has against a value, as findings at their places in the file. */
export function findingsOf(error: z.ZodError, schema: z.ZodType, positions: Positions): Finding[] {
  return error.issues.flatMap(issue => fromIssue(issue, schema, positions))
}

const firstLine = (message: string) => message.split('\n')[0]

function position(document: Document, lines: LineCounter, path: readonly PropertyKey[]) {
  // The key of the innermost pair that exists, else the nearest parent.
  let node: unknown = document.contents
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(
        item => isPair(item) && String((item.key as Node & { value: unknown }).value) === String(step),
      )
      if (!pair) break
      offset = (pair.key as Node).range?.[0] ?? offset
      node = pair.value
    } else if (isNode(node) && 'items' in node) {
      node = (node.items as unknown[])[Number(step)]
      if (isNode(node)) offset = node.range?.[0] ?? offset
    } else break
  }
  const { line, col } = lines.linePos(offset)
  return { line, column: col }
}

/** The scalar's text and its source hold the same characters but for white space, quotes and escapes: count them. */
function positionWithin(
  document: Document,
  lines: LineCounter,
  source: string,
  path: readonly PropertyKey[],
  index: number,
) {
  const node = document.getIn(path, true)
  if (!isScalar(node) || typeof node.value !== 'string' || !node.range) return position(document, lines, path)
  let offset = node.range[0]
  if (node.type === 'BLOCK_FOLDED' || node.type === 'BLOCK_LITERAL') offset = source.indexOf('\n', offset) + 1
  else if (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE') offset++
  const blank = /\s/
  const target = node.value.slice(0, index).replace(/\s/g, '').length
  for (let seen = 0; offset < node.range[1]; offset++) {
    if (blank.test(source[offset])) continue
    const escaped =
      (node.type === 'QUOTE_DOUBLE' && source[offset] === '\\') ||
      (node.type === 'QUOTE_SINGLE' && source.startsWith("''", offset))
    if (escaped) offset++
    if (seen++ === target) break
  }
  const { line, col } = lines.linePos(offset)
  return { line, column: col }
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
