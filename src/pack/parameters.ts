/** Files of parameters: `parameters/*.yaml` (every value given) and `stocks.yaml` (a value may be absent). */
import { z } from 'zod'
import { MONTH_UNIT } from '../evidence/draw.js'
import { parseValue } from '../evidence/layered.js'
import { DISTRIBUTIONS, GRADES, type Parameter } from '../evidence/parameter.js'
import { InputError, type Finding } from '../reading/finding.js'
import { readYaml } from '../reading/yaml.js'
import { GRADE, SOURCE } from './pack.js'

/** A number; where the unit is a month it may be written "2016-07". */
const written = z.union([z.number(), z.string()])
const pair = z.tuple([written, written])

const parameter = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z][A-Za-z0-9]*(\.[A-Za-z0-9]+)+$/)
    .describe('标识,程序按它读取 · the id by which the program reads it'),
  label: z.strictObject({ zh: z.string().min(1), en: z.string().min(1) }).describe('它是什么 · what it is'),
  value: written.describe('中心值;未公布的存量可不写 · the centre; a stock that nobody published has none'),
  unit: z.string().min(1).describe('单位 · unit'),
  dist: z.enum(DISTRIBUTIONS).describe('抽取所用的分布 · distribution of the draws'),
  interval90: pair.describe('5% 与 95% 点 · 5 % and 95 % points of what is believed'),
  support: pair.describe('允许范围,覆盖值不得超出 · hard limits: no draw and no override beyond them'),
  grade: z.enum(GRADES).describe(GRADE),
  source: z.string().min(1).describe(SOURCE),
  note: z.string().min(1).optional().describe('备注 · remark'),
})

/** The form of parameters/*.yaml (`required`) and stocks.yaml (`optional`). */
export const parameterFiles = {
  required: z.strictObject({ parameters: z.array(parameter) }),
  optional: z.strictObject({
    parameters: z.array(
      parameter.extend({ value: written.optional().describe(parameter.shape.value.description!) }),
    ),
  }),
}

/**
 * @param value whether every parameter must have one (`required`), or stocks may lack it (`optional`)
 * @throws InputError `unknown-key`, `wrong-value` (a missing grade is one), `bad-interval`, `bad-support`
 */
export function readParameters(text: string, file: string, value: 'required' | 'optional'): Parameter[] {
  const read = readYaml(text, file, parameterFiles[value])
  const findings: Finding[] = []
  const parameters = read.value.parameters.map((raw, index): Parameter => {
    const at = (...path: PropertyKey[]) => ({ file, ...read.positions.at(['parameters', index, ...path]) })
    const wrong = (code: string, key: string, zh: string, en: string) =>
      findings.push({
        severity: 'error',
        code,
        ...at(key),
        message: { zh: `“${raw.id}”:${zh}`, en: `${raw.id}: ${en}` },
      })
    const number = (key: string, what: number | string): number => {
      const parsed = parseValue(raw, what)
      if (parsed === undefined)
        wrong('wrong-value', key, `“${what}”不是数值`, `"${what}" is not a number (unit: ${raw.unit})`)
      return parsed ?? NaN
    }
    const interval90 = raw.interval90.map(end => number('interval90', end)) as [number, number]
    const support = raw.support.map(end => number('support', end)) as [number, number]
    const own = raw.value === undefined ? undefined : number('value', raw.value)
    const positive = !raw.dist.startsWith('log') || (interval90[0] > 0 && (own === undefined || own > 0))
    if (interval90[0] > interval90[1] || !positive)
      wrong(
        'bad-interval',
        'interval90',
        '区间应从小到大;对数分布的区间与取值须为正',
        'the ends must ascend; for a distribution of logarithms they and the value must be positive',
      )
    if (support[0] > support[1] || interval90[0] < support[0] || interval90[1] > support[1])
      wrong('bad-support', 'support', '允许范围应包含 90% 区间', 'the support must hold the 90 % interval')
    if (own !== undefined && (own < support[0] || own > support[1]))
      wrong('bad-support', 'value', '取值在允许范围之外', 'the value is outside its support')
    if (raw.unit === MONTH_UNIT && [own, ...support].some(month => month !== undefined && month % 1 !== 0))
      wrong('wrong-value', 'value', '月份应为整月', 'a month must be whole')
    return { ...raw, value: own, interval90, support }
  })
  if (findings.length > 0) throw new InputError(findings)
  return parameters
}
