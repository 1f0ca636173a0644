/** The place of a new pack as the planner names it: its areas, from a line or a CSV, and its migrants as far as known. */
import { z } from 'zod'
import { InputError, type Finding } from '../../reading/finding.js'
import { readTable } from '../../reading/table.js'
import type { Text } from '../../reading/text.js'
import { areaId, packHead } from '../read.js'

export interface NewArea {
  id: string
  name: Text
  /** Its id where the code is not known: `pack check` then reports it. */
  code: string
  aliases: string[]
  /** Migrants living here: of all origins, or by origin (a group of the dimension `origin`). */
  migrants?: number | Record<string, number>
}

export interface NewPlace {
  id: string
  title: Text
  areas: NewArea[]
  /** Migrants of the whole place, where those of its areas are not known: split evenly, and marked so. */
  migrants?: number
}

const text = z.string().min(1)
const persons = z.coerce.number().nonnegative()

const areaRow = z.strictObject({
  id: areaId,
  name_zh: text,
  name_en: text,
  code: text.optional(),
  aliases: text.optional(),
  migrants: persons.optional(),
})

type AreaRow = z.output<typeof areaRow> & { line: number }

/**
 * @param written `id:名称:Name` or `id:名称:Name:code`, areas parted by commas
 * @throws InputError `wrong-value`, one for each area that cannot be read
 */
export function areasInLine(written: string): NewArea[] {
  const findings: Finding[] = []
  const areas = written.split(/[,,]/).map((part): NewArea => {
    const [id, zh, en, code, ...more] = part.split(/[::]/).map(word => word.trim())
    if (!areaId.safeParse(id).success || !zh || !en || code === '' || more.length > 0)
      findings.push({
        severity: 'error',
        code: 'wrong-value',
        message: { zh: `--areas:“${part}”不成形`, en: `--areas: "${part}" cannot be read` },
        expected: {
          zh: 'id:名称:Name 或 id:名称:Name:代码(id 为小写字母与数字),以逗号分隔;或一个 CSV 文件',
          en: 'id:名称:Name or id:名称:Name:code (the id in lower-case letters and digits), parted by commas; or a CSV file',
        },
      })
    return { id, name: { zh, en }, code: code ?? id, aliases: [] }
  })
  if (findings.length > 0) throw new InputError(findings)
  return areas
}

/**
 * @param origins groups of the dimension `origin` whose migrants may be given each: columns `migrants_ORIGIN`
 * @throws InputError as `readTable`, and `given-twice` where an area has `migrants` and `migrants_ORIGIN`
 */
export function areasInTable(csv: string, file: string, origins: readonly string[]): NewArea[] {
  const findings: Finding[] = []
  const columns = origins.map(origin => [`migrants_${origin}`, persons.optional()])
  const form: z.ZodObject = areaRow.extend(Object.fromEntries(columns))
  const areas = readTable(csv, file, form).map((row): NewArea => {
    const { id, name_zh: zh, name_en: en, code = id, aliases, migrants, line } = row as AreaRow
    const given = origins.flatMap(origin => {
      const number = (row as Record<string, unknown>)[`migrants_${origin}`] as number | undefined
      return number === undefined ? [] : [[origin, number] as const]
    })
    if (migrants !== undefined && given.length > 0)
      findings.push({
        severity: 'error',
        code: 'given-twice',
        file,
        line,
        message: {
          zh: `“${id}”既有 migrants 又有 migrants_${given[0][0]}`,
          en: `${id} has both migrants and migrants_${given[0][0]}`,
        },
        fix: { zh: '只填其一。', en: 'Give one of them.' },
      })
    return {
      id,
      name: { zh, en },
      code,
      aliases: aliases?.split(/[;;]/).map(word => word.trim()) ?? [],
      ...(given.length > 0
        ? { migrants: Object.fromEntries(given) }
        : migrants !== undefined && { migrants }),
    }
  })
  if (findings.length > 0) throw new InputError(findings)
  return areas
}

/** @throws InputError `wrong-value` where `id` is no id of a pack */
export function packId(id: string): string {
  if (packHead.shape.id.safeParse(id).success) return id
  throw new InputError([
    {
      severity: 'error',
      code: 'wrong-value',
      message: { zh: `“${id}”不能作为数据包的标识`, en: `"${id}" cannot be the id of a pack` },
      expected: {
        zh: '小写字母开头,只含小写字母、数字和连字符,如 foshan(中文名用 --title)',
        en: 'a lower-case letter, then lower-case letters, digits and hyphens, such as foshan (its name goes to --title)',
      },
    },
  ])
}
