/**
 * Rows of one sheet of an XLSX workbook (ECMA-376), piece by piece. Cells become text: of a formula its stored value,
 * of a number that is formatted as a date the date. Only the shared strings are held.
 */
import { SaxesParser } from 'saxes'
import { InputError } from '../reading/finding.js'
import { nearest } from '../reading/nearest.js'
import { displayPath } from './files.js'
import { brokenWorkbook, isWhole, readParts } from './zipParts.js'

interface Sheet {
  name: string
  part: string
  hidden: boolean
}

interface Workbook {
  sheets: Sheet[]
  /** Days count from 1904 instead of 1900. */
  from1904: boolean
  strings: string[]
  /** By index of a cell's style: whether it shows a date. */
  dates: boolean[]
}

/** Rows of a sheet of Excel. */
const ROWS = 1 << 20
const COLUMNS = 1 << 14
/** Characters of one cell; Excel itself allows 32,767. */
const LONGEST = 1 << 20

/**
 * @param sheet the name; without one the only sheet that is neither hidden nor empty
 * @throws InputError `broken-workbook`, `zip-bomb`, `which-sheet`, `unknown-sheet`
 */
export async function* readXlsx(path: string, sheet?: string): AsyncGenerator<string[][]> {
  if (!(await isWhole(path)))
    throw brokenWorkbook(
      path,
      { zh: '工作簿不完整:文件尾部缺失', en: 'The workbook is not whole: its end is missing' },
      { zh: '请重新复制或下载。', en: 'Copy or download it again.' },
    )
  const workbook = await readWorkbook(path)
  const chosen = await chooseSheet(path, workbook, sheet)
  const rows = new SheetParser(path, workbook)
  for await (const _ of readParts(path, name => (name === chosen.part ? rows.take : undefined))) {
    const read = rows.drain()
    if (read.length > 0) yield read
  }
  rows.end()
}

async function chooseSheet(path: string, workbook: Workbook, name: string | undefined): Promise<Sheet> {
  const { sheets } = workbook
  const names = sheets.map(sheet => sheet.name)
  const expected = { zh: names.join('、'), en: names.join(', ') }
  const file = displayPath(path)
  if (name !== undefined) {
    const found = sheets.find(sheet => sheet.name === name)
    if (found) return found
    throw new InputError([
      {
        severity: 'error',
        code: 'unknown-sheet',
        file,
        message: { zh: `没有名为“${name}”的工作表`, en: `There is no sheet "${name}"` },
        nearest: nearest(name, names),
        expected,
      },
    ])
  }
  const visible = sheets.filter(({ hidden }) => !hidden)
  const filled = visible.length > 1 ? await filledSheets(path, visible) : visible
  if (filled.length === 1) return filled[0]
  if (filled.length === 0) return visible[0] ?? sheets[0]
  throw new InputError([
    {
      severity: 'error',
      code: 'which-sheet',
      file,
      message: { zh: '工作簿有多张非空工作表', en: 'The workbook has several sheets with data' },
      expected,
      fix: {
        zh: `用 --sheet 指明,如 --sheet "${filled[0].name}"。`,
        en: `Say which with --sheet, e.g. --sheet "${filled[0].name}".`,
      },
    },
  ])
}

/** Sheets in which some cell stands. */
async function filledSheets(path: string, sheets: readonly Sheet[]): Promise<Sheet[]> {
  const filled = new Set<string>()
  const decoder = new TextDecoder()
  const look = (name: string) =>
    sheets.some(({ part }) => part === name)
      ? (piece: Uint8Array) => {
          if (!filled.has(name) && /<(?:\w+:)?(?:v|t)[\s>]/.test(decoder.decode(piece))) filled.add(name)
        }
      : undefined
  for await (const _ of readParts(path, look)) if (filled.size === sheets.length) break
  return sheets.filter(({ part }) => filled.has(part))
}

async function readWorkbook(path: string): Promise<Workbook> {
  const parts = new Map<string, Element[]>()
  const texts = new Map<string, ElementCollector>()
  const strings: string[] = []
  const names: string[] = []
  const shared = new SharedStrings(path, strings)
  const small = /^(?:xl\/workbook\.xml|xl\/_rels\/workbook\.xml\.rels|xl\/styles\.xml)$/
  const take = (name: string) => {
    names.push(name)
    if (name === 'xl/sharedStrings.xml') return shared.take
    if (!small.test(name)) return undefined
    const collector = new ElementCollector(path)
    texts.set(name, collector)
    return collector.take
  }
  for await (const _ of readParts(path, take));
  for (const [name, collector] of texts) parts.set(name, collector.elements)
  const workbook = parts.get('xl/workbook.xml')
  if (!workbook)
    throw brokenWorkbook(
      path,
      names.includes('xl/workbook.bin')
        ? { zh: '这是 .xlsb(二进制工作簿)', en: 'This is an .xlsb (binary) workbook' }
        : { zh: '压缩包里没有工作簿', en: 'There is no workbook in this archive' },
      SAVE_AS,
    )
  const targets = new Map(
    (parts.get('xl/_rels/workbook.xml.rels') ?? []).map(({ attributes }) => [
      attributes.Id,
      attributes.Target ?? '',
    ]),
  )
  const sheets = workbook
    .filter(({ name }) => name === 'sheet')
    .map(({ attributes }): Sheet => {
      const target = targets.get(attributes['r:id'] ?? '') ?? ''
      return {
        name: attributes.name ?? '',
        part: target.startsWith('/') ? target.slice(1) : `xl/${target}`,
        hidden: attributes.state !== undefined && attributes.state !== 'visible',
      }
    })
    .filter(({ part }) => /\/worksheets\//.test(part))
  if (sheets.length === 0)
    throw brokenWorkbook(path, { zh: '工作簿里没有工作表', en: 'The workbook has no sheet' })
  return {
    sheets,
    from1904: workbook.some(
      ({ name, attributes }) => name === 'workbookPr' && /^(?:1|true)$/.test(attributes.date1904 ?? ''),
    ),
    strings,
    dates: dateStyles(parts.get('xl/styles.xml') ?? []),
  }
}

export const SAVE_AS = {
  zh: '请在 Excel 或 WPS 中另存为 .xlsx 或 CSV。',
  en: 'Save it as .xlsx or CSV in Excel or WPS.',
}

interface Element {
  name: string
  within: string
  attributes: Record<string, string>
}

/** A parser whose complaints are findings about the workbook. */
function parserFor(path: string): SaxesParser {
  const parser = new SaxesParser()
  parser.on('error', () => {
    throw brokenWorkbook(path, { zh: '工作簿的内容已损坏', en: 'The content of the workbook is damaged' })
  })
  return parser
}

function lengthened(path: string, text: string, piece: string): string {
  if (text.length + piece.length <= LONGEST) return text + piece
  throw brokenWorkbook(path, {
    zh: `有单元格超过 ${LONGEST} 个字符`,
    en: `A cell is longer than ${LONGEST} characters`,
  })
}

const local = (name: string): string => name.slice(name.indexOf(':') + 1)

class ElementCollector {
  readonly elements: Element[] = []
  private readonly parser: SaxesParser
  private readonly decoder = new TextDecoder()

  constructor(path: string) {
    this.parser = parserFor(path)
    const open: string[] = []
    this.parser.on('opentag', tag => {
      this.elements.push({
        name: local(tag.name),
        within: open.at(-1) ?? '',
        attributes: tag.attributes as Record<string, string>,
      })
      open.push(local(tag.name))
    })
    this.parser.on('closetag', () => void open.pop())
  }

  take = (piece: Uint8Array, last: boolean): void => {
    this.parser.write(this.decoder.decode(piece, { stream: !last }))
  }
}

/** Formats 14–22, 27–36, 45–47 and 50–58 are dates and times (ECMA-376 18.8.30), others by their letters. */
function dateStyles(elements: readonly Element[]): boolean[] {
  const own = new Map(
    elements
      .filter(({ name }) => name === 'numFmt')
      .map(({ attributes }) => [Number(attributes.numFmtId), attributes.formatCode ?? '']),
  )
  const isDate = (id: number): boolean => {
    const code = own.get(id)
    if (code === undefined)
      return (
        (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58)
      )
    return /[ymd年月日]/i.test(
      code.replace(/"[^"]*"|\\.|\[[^\]]*\]/g, quoted => (/[年月日]/.test(quoted) ? '日' : '')),
    )
  }
  return elements
    .filter(({ name, within }) => name === 'xf' && within === 'cellXfs')
    .map(({ attributes }) => isDate(Number(attributes.numFmtId ?? 0)))
}

class SharedStrings {
  private readonly parser: SaxesParser
  private readonly decoder = new TextDecoder()

  constructor(path: string, strings: string[]) {
    this.parser = parserFor(path)
    let text = ''
    let within = false
    let phonetic = false
    this.parser.on('opentag', ({ name }) => {
      const tag = local(name)
      if (tag === 'si') text = ''
      else if (tag === 'rPh') phonetic = true
      else if (tag === 't') within = !phonetic
    })
    this.parser.on('text', piece => {
      if (within) text = lengthened(path, text, piece)
    })
    this.parser.on('closetag', ({ name }) => {
      const tag = local(name)
      if (tag === 't') within = false
      else if (tag === 'rPh') phonetic = false
      else if (tag === 'si') strings.push(text)
    })
  }

  take = (piece: Uint8Array, last: boolean): void => {
    this.parser.write(this.decoder.decode(piece, { stream: !last }))
  }
}

class SheetParser {
  private readonly parser: SaxesParser
  private readonly decoder = new TextDecoder()
  private rows: string[][] = []
  private seen = 0
  private closed = false

  constructor(
    private readonly path: string,
    { strings, dates, from1904 }: Workbook,
  ) {
    this.parser = parserFor(path)
    let row: string[] = []
    let at = 0
    let kind = 'n'
    let isDate = false
    let text = ''
    let within = false
    const value = (): string => {
      if (kind === 's') return strings[Number(text)] ?? ''
      if (kind === 'b') return text === '1' ? 'TRUE' : text === '0' ? 'FALSE' : text
      if (kind === 'n' && text !== '') return isDate ? dateText(Number(text), from1904) : numberText(text)
      return text
    }
    this.parser.on('opentag', tag => {
      const attributes = tag.attributes as Record<string, string | undefined>
      switch (local(tag.name)) {
        case 'row': {
          const number = Number(attributes.r ?? this.seen + 1)
          if (!(number > this.seen && number <= ROWS)) throw this.damaged()
          for (; this.seen < number - 1; this.seen++) this.rows.push([])
          row = []
          at = 0
          break
        }
        case 'c':
          if (attributes.r !== undefined) at = columnOf(attributes.r)
          if (!(at >= 0 && at < COLUMNS)) throw this.damaged()
          kind = attributes.t ?? 'n'
          isDate = dates[Number(attributes.s ?? 0)] ?? false
          text = ''
          break
        case 'v':
        case 't':
          within = true
      }
    })
    this.parser.on('text', piece => {
      if (within) text = lengthened(path, text, piece)
    })
    this.parser.on('closetag', tag => {
      switch (local(tag.name)) {
        case 'v':
        case 't':
          within = false
          break
        case 'c':
          while (row.length < at) row.push('')
          row[at] = value()
          at++
          break
        case 'row':
          this.rows.push(row)
          this.seen++
          break
        case 'worksheet':
          this.closed = true
      }
    })
  }

  take = (piece: Uint8Array, last: boolean): void => {
    this.parser.write(this.decoder.decode(piece, { stream: !last }))
  }

  /** The rows read since the last call. */
  drain(): string[][] {
    const rows = this.rows
    this.rows = []
    return rows
  }

  /** @throws InputError where the sheet broke off */
  end(): void {
    if (!this.closed) throw this.damaged()
  }

  private damaged = () =>
    brokenWorkbook(this.path, { zh: '工作表不完整或已损坏', en: 'The sheet is damaged or breaks off' })
}

/** `AB12` → 27; −1 for what is no address. */
function columnOf(address: string): number {
  let column = 0
  for (const character of address) {
    const code = character.charCodeAt(0) - 64
    if (code < 1 || code > 26) break
    column = column * 26 + code
  }
  return column - 1
}

/** A workbook holds 0.1 as 0.10000000000000001: fifteen digits are what was typed. */
const numberText = (text: string): string => {
  const value = Number(text)
  return Number.isFinite(value) && /[.e]/i.test(text) ? String(Number(value.toPrecision(15))) : text
}

const DAY = 86_400_000

/** The day as YYYY-MM-DD. Days of 1900 before March are one off, as Excel takes 1900 for a leap year. */
function dateText(serial: number, from1904: boolean): string {
  const days = Math.floor(serial) + (from1904 ? 1462 : 0)
  if (!(days > 0 && days < 2_958_466)) return String(serial)
  return new Date(Date.UTC(1899, 11, 30) + days * DAY).toISOString().slice(0, 10)
}
