/**
 * The text of one YAML document into a plain value, or everything that keeps it from being one. The value is made here
 * and not by the package's `toJS`, which drops or renames keys without a word, repeats aliases without end and
 * reads numbers that it cannot hold.
 *
 * Taken is the core schema of YAML 1.2: a date stays a text, `yes` too. Not taken are tags beyond it, merge keys and
 * keys that are no text: a policy has no use for them, and each is a way to be misunderstood.
 */
import {
  Composer,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  Parser,
  type Alias,
  type CST,
  type Document,
  type Node,
  type Scalar,
  type YAMLError,
  type YAMLMap,
} from 'yaml'
import { InputError, type Finding } from './finding.js'
import { nearest } from './nearest.js'
import { numberMistake, PLAIN_NUMBER } from './number.js'
import type { Text } from './text.js'

/** Characters of one file: thirty times the longest file that ships, and read in seconds even if it is all mistakes. */
export const MAX_TEXT = 1 << 19
/** Collections inside one another, aliases followed; rule sets have about eight. All that walks a value is recursive. */
export const MAX_DEPTH = 100
/** Values that all aliases of a file together may repeat. */
export const MAX_REPEATED = 10_000
/** Mistakes of syntax told at once: the first one causes most of those that follow. */
const MOST_BROKEN = 100

export interface YamlDocument {
  value: unknown
  /** The text that offsets in the nodes count in. */
  text: string
  contents: Node
  lines: LineCounter
}

/**
 * @throws InputError `file-too-large`, `control-character`, `broken-yaml`, `nested-too-deep`, `unsupported-yaml`,
 *   `wrong-number`, `unknown-anchor`, `cycle-in-aliases`, `too-many-aliases`
 */
export function readDocument(written: string, file: string): YamlDocument {
  const text = written.startsWith('\uFEFF') ? written.slice(1) : written
  const lines = linesOf(text)
  const finding: Tell = (code, offset, message, more) => {
    const { line, col } = lines.linePos(Math.max(0, offset))
    return { severity: 'error', code, file, line, column: col, message, ...more }
  }
  if (text.length > MAX_TEXT)
    throw new InputError([finding('file-too-large', 0, tooLarge(text.length), { expected: SMALLER })])
  const documents = compose(text, finding)
  const [document, second] = documents
  if (!document?.contents || second)
    throw new InputError([
      finding('broken-yaml', second ? (second.contents ?? second).range![0] : 0, {
        zh: '文件应恰好包含一个 YAML 文档',
        en: 'The file must hold exactly one YAML document',
      }),
    ])
  const reader = new Reader(finding, lines)
  const { value } = reader.read(document.contents, 0)
  if (reader.findings.length > 0) throw new InputError(reader.findings)
  return { value, text, contents: document.contents, lines }
}

/** The text of a key as it was written, undefined for one that is no text. */
export const keyText = (key: unknown): string | undefined =>
  !isScalar(key) || key.value === null
    ? undefined
    : typeof key.value === 'string'
      ? key.value
      : (key.source ?? String(key.value))

type Tell = (
  code: string,
  offset: number,
  message: Text,
  more?: Pick<Finding, 'expected' | 'fix' | 'nearest'>,
) => Finding

function compose(text: string, finding: Tell): Document.Parsed[] {
  // The parser keeps a stack of its own and cannot overflow; the composer is recursive.
  const tokens = [...new Parser().parse(text)]
  const findings = controlCharacters(text, finding)
  const deep = tooDeep(tokens)
  if (deep !== undefined) findings.push(finding('nested-too-deep', deep, TOO_DEEP, { expected: SHALLOWER }))
  if (findings.length > 0) throw new InputError(findings)
  // Keys are compared by the reader: the composer compares each with each, and takes 1 and "1" for two.
  const composer = new Composer({ uniqueKeys: false, resolveKnownTags: false })
  const documents = [...composer.compose(tokens)]
  for (const { errors, warnings, directives } of documents) {
    const wrong = [...errors, ...warnings.filter(({ code }) => UNSUPPORTED.has(code))]
    findings.push(...wrong.slice(0, MOST_BROKEN).map(error => fromPackage(error, text, finding)))
    if (directives.yaml.explicit && directives.yaml.version !== '1.2')
      findings.push(
        finding('unsupported-yaml', text.search(/^%YAML/m), {
          zh: `按 YAML 1.2 读取,而不是 ${directives.yaml.version}`,
          en: `Files are read as YAML 1.2, not ${directives.yaml.version}`,
        }),
      )
  }
  if (findings.length > 0) throw new InputError(findings)
  return documents as Document.Parsed[]
}

/** Every line of the text: the parser does not tell of those in what it cannot make sense of. */
function linesOf(text: string): LineCounter {
  const lines = new LineCounter()
  for (let start = 0; start >= 0;) {
    lines.addNewLine(start)
    const end = text.indexOf('\n', start)
    start = end < 0 ? -1 : end + 1
  }
  return lines
}

function controlCharacters(text: string, finding: Tell): Finding[] {
  const findings: Finding[] = []
  for (const { index, 0: character } of text.matchAll(new RegExp(CONTROL, 'gu'))) {
    findings.push(finding('control-character', index, controlMessage(character)))
    if (findings.length === MOST_BROKEN) break
  }
  return findings
}

/** Not for people to read, and neither HTML nor a workbook can hold them. Half of a surrogate pair is one. */
const CONTROL = /(?![\t\n\r])[\p{Cc}\p{Cs}\uFFFE\uFFFF]/u

function controlMessage(character: string): Text {
  const code = 'U+' + character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')
  return { zh: `文件含有控制字符 ${code}`, en: `The file holds the control character ${code}` }
}

/** A place where collections lie deeper than they may. */
function tooDeep(tokens: readonly CST.Token[]): number | undefined {
  const open: { token: CST.Token; depth: number }[] = tokens.map(token => ({ token, depth: 0 }))
  for (let next = open.pop(); next; next = open.pop()) {
    const { token, depth } = next
    if (token.type === 'document') {
      if (token.value) open.push({ token: token.value, depth })
    } else if ('items' in token) {
      if (depth === MAX_DEPTH) return token.offset
      for (const { key, value } of token.items) {
        if (key) open.push({ token: key, depth: depth + 1 })
        if (value) open.push({ token: value, depth: depth + 1 })
      }
    }
  }
  return undefined
}

/** Of what the package lets pass with a warning, that which would change a meaning. */
const UNSUPPORTED = new Set<YAMLError['code']>(['TAG_RESOLVE_FAILED', 'BAD_COLLECTION_TYPE', 'BAD_DIRECTIVE'])

function fromPackage({ code, message, pos }: YAMLError, text: string, finding: Tell): Finding {
  if (code === 'RESOURCE_EXHAUSTION')
    return finding('nested-too-deep', pos[0], TOO_DEEP, { expected: SHALLOWER })
  if (code === 'TAG_RESOLVE_FAILED' || code === 'BAD_COLLECTION_TYPE')
    return finding(
      'unsupported-yaml',
      pos[0],
      {
        zh: `不读取 YAML 标签“${text.slice(...pos)}”`,
        en: `The YAML tag "${text.slice(...pos)}" is not read`,
      },
      { fix: { zh: '去掉标签;文字可加引号。', en: 'Leave the tag out; a text may stand in quotes.' } },
    )
  const [zh] = code === 'BAD_DIRECTIVE' ? ['无法识别的 % 指令'] : [IN_CHINESE[code] ?? message]
  return finding(
    code === 'BAD_DIRECTIVE' ? 'unsupported-yaml' : 'broken-yaml',
    pos[0],
    { zh: `YAML 语法有误:${zh}`, en: `This is not valid YAML: ${message}` },
    { fix: wayOut(code, lineAt(text, pos[0])) },
  )
}

const lineAt = (text: string, offset: number): string => {
  const end = text.indexOf('\n', offset)
  return text.slice(text.lastIndexOf('\n', offset - 1) + 1, end < 0 ? undefined : end)
}

/** The slips of a hand that writes Chinese, and of one that is used to tabs. */
function wayOut(code: YAMLError['code'], line: string): Text | undefined {
  if (code === 'TAB_AS_INDENT') return { zh: '用空格缩进。', en: 'Indent with spaces.' }
  if (code === 'BAD_SCALAR_START') return { zh: '给这段文字加引号。', en: 'Put the text in quotes.' }
  if (line.includes('：'))
    return {
      zh: '键后须用半角冒号“:”加一个空格,而不是全角“：”。',
      en: 'Write a half-width colon and a space after a key, not the full-width "：".',
    }
  if (/^[\s-]*[\w-]+:\S/.test(line))
    return { zh: '键的冒号后须有一个空格。', en: 'A space must follow the colon of a key.' }
  return undefined
}

const IN_CHINESE: Partial<Record<YAMLError['code'], string>> = {
  ALIAS_PROPS: '别名(*)不能再带锚点或标签',
  BAD_ALIAS: '锚点(&)或别名(*)缺少名称',
  BAD_DQ_ESCAPE: '双引号内的转义无效',
  BAD_INDENT: '缩进不一致,或括号没有闭合',
  BAD_PROP_ORDER: '锚点和标签须写在标记之后',
  BAD_SCALAR_START: '文字不能以这个字符开头',
  BLOCK_AS_IMPLICIT_KEY: '同一行内不能再嵌套键或列表',
  BLOCK_IN_FLOW: '括号内不能用缩进式写法',
  KEY_OVER_1024_CHARS: '键超过1024个字符',
  MISSING_CHAR: '缺少字符(引号、冒号、逗号、空格等)',
  MULTILINE_IMPLICIT_KEY: '键须写在一行内,并以“: ”结尾',
  MULTIPLE_ANCHORS: '一个值只能有一个锚点',
  MULTIPLE_TAGS: '一个值只能有一个标签',
  TAB_AS_INDENT: '不能用制表符缩进',
  UNEXPECTED_TOKEN: '此处有多余的内容',
}

/** A value with the number of values in it and the levels below it, both with aliases followed. */
interface Measured {
  value: unknown
  size: number
  depth: number
}

const leaf = (value: unknown): Measured => ({ value, size: 1, depth: 0 })

class Reader {
  readonly findings: Finding[] = []
  /** By name; a value that is still being read is not there yet. */
  private readonly anchors = new Map<string, Measured | undefined>()
  private repeated = 0

  constructor(
    private readonly finding: Tell,
    private readonly lines: LineCounter,
  ) {}

  /** @param depth how many collections the node stands in */
  read(node: unknown, depth: number): Measured {
    if (isAlias(node)) return this.repeat(node, depth)
    const anchor = (isScalar(node) || isMap(node) || isSeq(node)) && node.anchor
    if (anchor) this.anchors.set(anchor, undefined)
    const measured = isMap(node)
      ? this.map(node, depth)
      : isSeq(node)
        ? gathered(node.items.map(item => this.read(item, depth + 1)))
        : leaf(isScalar(node) ? this.scalar(node) : null)
    if (anchor) this.anchors.set(anchor, measured)
    return measured
  }

  private tell(code: string, node: Node, message: Text, more?: Parameters<Tell>[3]) {
    this.findings.push(this.finding(code, node.range?.[0] ?? 0, message, more))
  }

  private scalar(node: Scalar): unknown {
    const { value, source } = node
    if (typeof value === 'string') {
      const control = CONTROL.exec(value)
      if (control) this.tell('control-character', node, controlMessage(control[0]))
    }
    const wrong = typeof value === 'number' && numberMistake(source ?? String(value), value)
    if (wrong)
      this.tell('wrong-number', node, wrong, {
        expected: PLAIN_NUMBER,
        fix: { zh: '若是编号等文字,请加引号。', en: 'Put it in quotes if it is a text, such as a code.' },
      })
    return value
  }

  private map(node: YAMLMap, depth: number): Measured {
    const first = new Map<string, Node>()
    const entries: [string, Measured][] = []
    for (const pair of node.items) {
      const measured = this.read(pair.value, depth + 1)
      const key = this.key(pair.key as Node)
      if (key === undefined) continue
      const before = first.get(key)
      if (before) this.duplicate(key, pair.key as Node, before)
      else first.set(key, pair.key as Node)
      entries.push([key, measured])
    }
    return {
      ...gathered(entries.map(([, measured]) => measured)),
      value: Object.fromEntries(entries.map(([key, { value }]) => [key, value])),
    }
  }

  private key(key: Node): string | undefined {
    const text = keyText(key)
    const merge = isScalar(key) && key.type === 'PLAIN' && text === '<<'
    if (text === undefined || merge || text === '__proto__') {
      this.tell(
        'unsupported-yaml',
        key,
        merge
          ? { zh: '不支持合并键“<<”', en: 'The merge key "<<" is not read' }
          : text === undefined
            ? { zh: '键应为文字', en: 'A key must be a text' }
            : { zh: `“${text}”不能作键`, en: `"${text}" cannot be a key` },
      )
      return undefined
    }
    const control = CONTROL.exec(text)
    if (control) this.tell('control-character', key, controlMessage(control[0]))
    return text
  }

  private duplicate(key: string, node: Node, before: Node) {
    const { line } = this.lines.linePos(before.range![0])
    this.tell('broken-yaml', node, {
      zh: `键“${key}”重复,第 ${line} 行已有`,
      en: `The key "${key}" occurs twice: it stands on line ${line} already`,
    })
  }

  private repeat(alias: Alias, depth: number): Measured {
    const name = alias.source
    const anchored = this.anchors.get(name)
    if (!anchored) {
      if (this.anchors.has(name))
        this.tell('cycle-in-aliases', alias, {
          zh: `“*${name}”指向包含它自己的内容`,
          en: `"*${name}" stands for something that holds it`,
        })
      else
        this.tell(
          'unknown-anchor',
          alias,
          { zh: `前面没有锚点“&${name}”`, en: `There is no anchor "&${name}" before this` },
          { nearest: nearest(name, this.anchors.keys()) },
        )
      return leaf(null)
    }
    const within = this.repeated <= MAX_REPEATED
    this.repeated += anchored.size
    if (within && this.repeated > MAX_REPEATED)
      this.tell('too-many-aliases', alias, {
        zh: `别名共重复超过 ${MAX_REPEATED} 个值`,
        en: `Aliases repeat more than ${MAX_REPEATED} values in all`,
      })
    if (depth + anchored.depth > MAX_DEPTH)
      this.tell('nested-too-deep', alias, TOO_DEEP, { expected: SHALLOWER })
    return this.repeated > MAX_REPEATED || depth + anchored.depth > MAX_DEPTH ? leaf(null) : anchored
  }
}

const gathered = (items: readonly Measured[]): Measured => ({
  value: items.map(({ value }) => value),
  size: items.reduce((sum, { size }) => sum + size, 1),
  depth: items.reduce((most, { depth }) => Math.max(most, depth), 0) + 1,
})

const TOO_DEEP: Text = { zh: '嵌套过深', en: 'This is nested too deep' }
const SHALLOWER: Text = { zh: `最多 ${MAX_DEPTH} 层`, en: `at most ${MAX_DEPTH} levels` }
const SMALLER: Text = { zh: `最多 ${MAX_TEXT} 个字符`, en: `at most ${MAX_TEXT} characters` }
const tooLarge = (length: number): Text => ({
  zh: `文件太大:${length} 个字符`,
  en: `The file is too large: ${length} characters`,
})
