/** What a user has decided about a file: which column is what, what words mean, what the sheet does not say. */
import { z } from 'zod'
import { parseMonth } from '../../evidence/month.js'
import { readYaml } from '../../reading/yaml.js'
import { UNDECIDED } from './draft.js'

const decided = z
  .string()
  .min(1)
  .refine(word => word !== UNDECIDED, {
    params: {
      zh: `还是“${UNDECIDED}”:请写明它是什么,或写 drop`,
      en: `is still "${UNDECIDED}": say what it is, or drop`,
    },
  })
const rowNumber = z.int().min(1).max(1000)

const column = z.strictObject({
  to: decided,
  /** What the header does not say: 万, 亿, %, 年 … */
  unit: z.string().min(1).optional(),
  /** For a name that is no fact: what its cells are. */
  type: z.enum(['number', 'boolean', 'text']).optional(),
  /** Cells are the month in which something began; the months (or years) from it to `at` are wanted. */
  since: z.boolean().optional(),
})

/** The form of a mapping file. */
export const importMapping = z.strictObject({
  encoding: z.enum(['utf-8', 'gb18030', 'utf-16le', 'utf-16be']).optional(),
  sheet: z.string().min(1).optional(),
  /** The row of the header as the spreadsheet numbers it; two of them where it stands in two rows. */
  header: z.union([rowNumber, z.tuple([rowNumber, rowNumber])]).optional(),
  /** The month at which ages and durations are reckoned. */
  at: z
    .string()
    .refine(word => parseMonth(word) !== undefined, {
      params: { zh: '应为月份,如 2017-01', en: 'is to be a month, e.g. 2017-01' },
    })
    .optional(),
  columns: z.record(z.string(), z.union([decided, column])).default({}),
  /** By field: what a word in its cells means; empty for "unknown". */
  values: z
    .record(z.string(), z.record(z.string(), z.union([z.string(), z.boolean(), z.number(), z.null()])))
    .default({}),
  /** By area: whether its rows hold the area that was printed within it. */
  holding: z.record(z.string(), z.enum(['with', 'without'])).default({}),
  /** What holds for every row: `quantity: registrations`. */
  constants: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
  /** What the words over the columns of figures are, from the upper header row to the lower. */
  wide: z.union([z.string(), z.array(z.string()).min(1).max(2)]).optional(),
})
export type ImportMapping = z.output<typeof importMapping>

export const NO_MAPPING: ImportMapping = { columns: {}, values: {}, holding: {}, constants: {} }

/** @throws InputError as `readYaml` */
export const readMapping = (text: string, file: string): ImportMapping =>
  readYaml(text, file, importMapping).value
