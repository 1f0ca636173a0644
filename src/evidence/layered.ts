/** Values in force and the layer that each comes from: default < pack < calibration < scenario < command line. */
import { InputError, type Finding } from '../reading/finding.js'
import { nearest } from '../reading/nearest.js'
import { MONTH_UNIT } from './draw.js'
import { formatMonth, parseMonth } from './month.js'
import { LAYERS, type Layer, type Parameter } from './parameter.js'

export interface Override {
  id: string
  /** A number, or what the user wrote: "0.5", or "2016-07" where the unit is a month. */
  value: number | string
  layer: Layer
  /** A point of a grid (a sweep) may well repeat the value that is there. */
  grid?: boolean
  file?: string
  line?: number
  column?: number
}

export interface Layered {
  /** By id; a stock without a value is absent. */
  values: Map<string, number>
  layers: Map<string, Layer>
  /** The overrides alone: points in every draw. */
  points: Map<string, number>
}

/**
 * Lay overrides over the parameters of a pack, lowest layer first, within a layer in the order given.
 * @throws InputError `unknown-parameter`, `wrong-value`, `outside-support`, `override-changes-nothing`
 *         (the last only where a user wrote it: scenario and command line) – all of them at once
 */
export function layer(parameters: readonly Parameter[], overrides: readonly Override[]): Layered {
  const known = new Map(parameters.map(parameter => [parameter.id, parameter]))
  const values = new Map<string, number>()
  const layers = new Map<string, Layer>()
  const points = new Map<string, number>()
  const findings: Finding[] = []
  for (const { id, value, grade } of parameters)
    if (value !== undefined) {
      values.set(id, value)
      layers.set(id, grade === 'calibrated' ? 'calibration' : 'pack')
    }
  const ordered = [...overrides].sort((a, b) => LAYERS.indexOf(a.layer) - LAYERS.indexOf(b.layer))
  for (const override of ordered) {
    const { id, layer, file, line, column } = override
    const wrong = (code: string, rest: Omit<Finding, 'severity' | 'code'>) =>
      findings.push({ severity: 'error', code, file, line, column, ...rest })
    const parameter = known.get(id)
    if (!parameter) {
      wrong('unknown-parameter', {
        message: { zh: `没有名为“${id}”的参数`, en: `There is no parameter "${id}"` },
        nearest: nearest(id, known.keys()),
        fix: {
          zh: '用 menkan pack show --parameters 列出全部参数',
          en: 'menkan pack show --parameters lists them all',
        },
      })
      continue
    }
    const value = parseValue(parameter, override.value)
    const [low, high] = parameter.support.map(bound => formatValue(parameter, bound))
    if (value === undefined)
      wrong('wrong-value', {
        message: { zh: `“${id}”:“${override.value}”不是数值`, en: `${id}: "${override.value}" is no value` },
        expected: { zh: `${low} 至 ${high}(${parameter.unit})`, en: `${low} to ${high} (${parameter.unit})` },
      })
    else if (value < parameter.support[0] || value > parameter.support[1])
      wrong('outside-support', {
        message: {
          zh: `“${id}” = ${formatValue(parameter, value)} 超出允许范围`,
          en: `${id} = ${formatValue(parameter, value)} is outside its support`,
        },
        expected: { zh: `${low} 至 ${high}(${parameter.unit})`, en: `${low} to ${high} (${parameter.unit})` },
      })
    else if (
      values.get(id) === value &&
      !override.grid &&
      LAYERS.indexOf(layer) >= LAYERS.indexOf('scenario')
    )
      wrong('override-changes-nothing', {
        message: {
          zh: `“${id}”已经是 ${formatValue(parameter, value)},此处设置没有改变任何东西`,
          en: `${id} is ${formatValue(parameter, value)} already: setting it changes nothing`,
        },
        fix: { zh: '删去它,或给出另一个值', en: 'Leave it out, or give another value' },
      })
    else {
      values.set(id, value)
      layers.set(id, layer)
      points.set(id, value)
    }
  }
  if (findings.length > 0) throw new InputError(findings)
  return { values, layers, points }
}

/** What was written for a parameter as its number; a month may be written "2016-07". @returns undefined where it is none. */
export function parseValue({ unit }: Pick<Parameter, 'unit'>, written: number | string): number | undefined {
  if (typeof written === 'number') return Number.isFinite(written) ? written : undefined
  const month = unit === MONTH_UNIT ? parseMonth(written.trim()) : undefined
  const value = month ?? (written.trim() === '' ? NaN : Number(written))
  return Number.isFinite(value) ? value : undefined
}

export const formatValue = ({ unit }: Pick<Parameter, 'unit'>, value: number): string =>
  unit === MONTH_UNIT ? formatMonth(value) : String(value)
