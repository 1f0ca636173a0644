/**
 * A pack from the text of its files: pack.yaml, figures.csv, yearbook.csv, targets.csv, parameters/*.yaml, stocks.yaml,
 * margins (margins.csv or margins/*.csv), and calibrated.csv with calibrated.sha256 once calibrated. Pure: the caller
 * reads the folder and hands in the hash.
 */
import { z } from 'zod'
import { parseMonth } from '../evidence/month.js'
import { GRADES, type Parameter } from '../evidence/parameter.js'
import { InputError, type Finding } from '../reading/finding.js'
import { nearest } from '../reading/nearest.js'
import { readYaml } from '../reading/yaml.js'
import { readFigures, readTargets, readYearbook, yearbookTargets } from './figures.js'
import { readMargins } from './margins.js'
import { GRADE, SOURCE, type Area, type Pack } from './pack.js'
import { readParameters } from './parameters.js'
import { readPosterior } from './posterior.js'

const words = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) })
/** Ids of areas: parts of parameter ids, so without dots and hyphens. */
export const areaId = z.string().regex(/^[a-z][a-z0-9]*$/)

/** The form of pack.yaml. */
export const packHead = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/)
    .describe('标识:小写字母、数字、连字符;情景以此称呼 · by which scenarios name the pack'),
  title: words.describe('地名 · the place'),
  version: z.string().min(1).describe('随数据改变 · changes with the data'),
  microdata: z
    .boolean()
    .describe('仅由真实个人记录制成时为 true · true only if made from records of persons'),
  reference: z
    .strictObject({ before: z.string().min(1), after: z.string().min(1) })
    .describe(
      '校准所指的改革前后政策:内置名称,或本文件旁的路径 · rule sets before and after the reform that the fit refers to: shipped names, or paths beside this file',
    ),
  areas: z
    .array(
      z.strictObject({
        id: areaId.describe('短而稳定,是参数标识的一部分 · short and stable: a part of parameter ids'),
        code: z.string().min(1).describe('行政区划代码 · code of the division'),
        name: words.describe('名称 · name'),
        aliases: z
          .array(z.string().min(1))
          .default([])
          .describe('其他写法与旧代码 · other spellings and former codes'),
        inside: z
          .strictObject({
            area: z.string(),
            until: z
              .string()
              .regex(/^\d{4}-(0[1-9]|1[0-2])$/)
              .transform(word => parseMonth(word)!),
          })
          .optional()
          .describe(
            '截至某月,印出的另一地区的行仍包含本地区 · up to this month printed rows of that area hold this one too',
          ),
      }),
    )
    .min(1)
    .describe('互不重叠的地区;各表按此次序 · disjoint areas, in the order of every table'),
  labels: z
    .record(z.string(), words)
    .optional()
    .describe('指标与渠道标识的名称 · words for ids of quantities and channels'),
  confounders: z
    .array(words)
    .optional()
    .describe(
      '改革同期还发生了什么,每份报告都会列出 · what else happened at the time of the reform; every report lists it',
    ),
  yearbook: z
    .strictObject({
      grade: z.enum(GRADES).describe(GRADE),
      source: z.string().min(1).describe(SOURCE),
      errorModel: z.enum(['negbin', 'growth']).describe('误差模型 · error model'),
      use: z.enum(['fit', 'check']).describe('用于拟合或检验 · to fit, or to check by'),
    })
    .optional()
    .describe('yearbook.csv 的迁移数作为目标 · what the moves in yearbook.csv are as targets'),
})

const SINGLE = ['pack.yaml', 'figures.csv', 'yearbook.csv', 'targets.csv', 'stocks.yaml', 'margins.csv']
const POSTERIOR = ['calibrated.csv', 'calibrated.sha256']
const FOLDERS = /^(parameters\/[^/]+\.ya?ml|margins\/[^/]+\.csv)$/
/** What a planner keeps beside the data: read by other verbs, or by an editor. */
const BESIDE = /^(scenarios|schemas)\//

/**
 * @param folder text by path within the pack's folder (`parameters/migration.yaml`); documents (.md, .txt) are passed over,
 *              as are the planner's own scenarios/ and schemas/
 * @param hash  sha256 of a text, in hex
 * @throws InputError with the mistakes of every file: those of `readParameters`, `readFigures`, `readMargins`,
 *         `readPosterior`, and `missing-file`, `unknown-file`, `duplicate-id`, `ambiguous-area`
 */
export function readPack(folder: ReadonlyMap<string, string>, hash: (text: string) => string): Pack {
  const files = new Map([...folder].filter(([name]) => !BESIDE.test(name)))
  const findings: Finding[] = [...unknownFiles(files)]
  /** Each file's mistakes are collected, so that the user sees those of all files in one go. */
  const attempt = <T>(otherwise: T, read: () => T): T => {
    try {
      return read()
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      findings.push(...error.findings)
      return otherwise
    }
  }
  const from = <T>(name: string, otherwise: T, read: (text: string, file: string) => T): T => {
    const text = files.get(name)
    return text === undefined ? otherwise : attempt(otherwise, () => read(text, name))
  }
  const sources: NonNullable<Pack['sources']> = []
  /** The fields of these files, each remembered with its source. */
  const all = <T extends { source: string }>(
    names: string[],
    read: (text: string, file: string) => T[],
    fieldOf: (one: T) => string,
  ): T[] =>
    names.flatMap(file => {
      const fields = from(file, [], read)
      sources.push(...fields.map(one => ({ file, field: fieldOf(one), source: one.source })))
      return fields
    })

  const text = files.get('pack.yaml')
  if (text === undefined) throw new InputError([missing('pack.yaml')])
  const pack = readYaml(text, 'pack.yaml', packHead)
  const { yearbook: meaning, areas, ...rest } = pack.value
  findings.push(
    ...sameNames(areas, path => ({ file: 'pack.yaml', ...pack.positions.at(['areas', ...path]) })),
  )

  const inFolder = (start: string) =>
    [...files.keys()].filter(name => name.startsWith(start) && FOLDERS.test(name)).sort()
  const parameterFiles = inFolder('parameters/')
  const parameters = [
    ...all(
      parameterFiles,
      (content, file) => readParameters(content, file, 'required'),
      ({ id }) => id,
    ),
    ...all(
      ['stocks.yaml'],
      (content, file) => readParameters(content, file, 'optional'),
      ({ id }) => id,
    ),
  ]
  findings.push(...repeatedParameters(parameters))
  const yearbook = from('yearbook.csv', [], (content, file) => readYearbook(content, file, areas))
  if (meaning) {
    const fields = yearbook.length > 0 ? yearbook.map(({ area, year }) => `${area} ${year}`) : ['area × year']
    sources.push(...fields.map(field => ({ file: 'yearbook.csv', field, source: meaning.source })))
  }
  const result: Pack = {
    ...rest,
    areas,
    figures: all(
      ['figures.csv'],
      (content, file) => readFigures(content, file, areas),
      ({ quantity }) => quantity,
    ),
    targets: [
      ...all(
        ['targets.csv'],
        (content, file) => readTargets(content, file, areas),
        ({ id }) => id,
      ),
      ...(meaning ? yearbookTargets(yearbook, meaning) : []),
    ],
    yearbook,
    margins: all(
      ['margins.csv', ...inFolder('margins/')],
      (content, file) =>
        readMargins(
          content,
          file,
          areas.map(({ id }) => id),
        ),
      ({ dimensions }) => dimensions.join('*'),
    ),
    parameters,
    sources,
    ...(files.has('calibrated.csv') && {
      calibrated: attempt(undefined, () => readPosterior(files, hash)),
    }),
    files: Object.fromEntries([...files.keys()].sort().map(name => [name, hash(files.get(name)!)])),
  }
  if (findings.length > 0) throw new InputError(findings)
  return result
}

function unknownFiles(files: ReadonlyMap<string, string>): Finding[] {
  const known = [...SINGLE, ...POSTERIOR]
  return [...files.keys()]
    .filter(name => !known.includes(name) && !FOLDERS.test(name) && !/\.(md|txt)$/.test(name))
    .map(name => ({
      severity: 'error',
      code: 'unknown-file',
      file: name,
      message: { zh: '数据包里没有这样的文件', en: 'A pack has no such file' },
      nearest: nearest(name, known),
      expected: {
        zh: `${known.join('、')}、parameters/*.yaml、margins/*.csv`,
        en: `${known.join(', ')}, parameters/*.yaml, margins/*.csv`,
      },
    }))
}

const missing = (file: string): Finding => ({
  severity: 'error',
  code: 'missing-file',
  file,
  message: { zh: '数据包缺少这个文件', en: 'The pack lacks this file' },
})

/** Every id, code, name and alias stands for one area alone, and `inside` names an area. */
function sameNames(areas: readonly Area[], at: (path: PropertyKey[]) => Partial<Finding>): Finding[] {
  const owners = new Map<string, string>()
  return areas.flatMap((area, index) => {
    const found: Finding[] = []
    for (const name of new Set(
      [area.id, area.code, area.name.zh, area.name.en, ...area.aliases].map(plainName),
    )) {
      const owner = owners.get(name)
      if (owner !== undefined)
        found.push({
          severity: 'error',
          code: 'ambiguous-area',
          ...at([index]),
          message: {
            zh: `“${name}”既指 ${owner} 又指 ${area.id}`,
            en: `"${name}" means both ${owner} and ${area.id}`,
          },
        })
      owners.set(name, area.id)
    }
    if (area.inside && !areas.some(({ id }) => id === area.inside!.area))
      found.push({
        severity: 'error',
        code: 'unknown-area',
        ...at([index, 'inside']),
        message: {
          zh: `没有标识为“${area.inside.area}”的地区`,
          en: `There is no area "${area.inside.area}"`,
        },
        nearest: nearest(
          area.inside.area,
          areas.map(({ id }) => id),
        ),
      })
    return found
  })
}

const plainName = (name: string): string => name.normalize('NFKC').trim().toLowerCase()

/** The area that a code, id, name or alias stands for; letter case and full width do not matter. */
export function findArea(areas: readonly Area[], name: string): Area | undefined {
  const wanted = plainName(name)
  return areas.find(({ id, code, name: { zh, en }, aliases }) =>
    [id, code, zh, en, ...aliases].some(known => plainName(known) === wanted),
  )
}

function repeatedParameters(parameters: readonly Parameter[]): Finding[] {
  const seen = new Set<string>()
  return parameters
    .filter(({ id }) => seen.size === seen.add(id).size)
    .map(({ id }) => ({
      severity: 'error',
      code: 'duplicate-id',
      message: { zh: `参数“${id}”出现了不止一次`, en: `The parameter "${id}" occurs more than once` },
    }))
}
