import { describe, expect, it } from 'vitest'
import { layer, type Override } from '../../src/evidence/layered.js'
import { MONTH_UNIT } from '../../src/evidence/draw.js'
import type { Parameter } from '../../src/evidence/parameter.js'
import { InputError } from '../../src/reading/finding.js'

const parameter = (id: string, changed: Partial<Parameter> = {}): Parameter => ({
  id,
  label: { zh: id, en: id },
  value: 3,
  unit: 'x',
  dist: 'normal',
  interval90: [1, 5],
  support: [0, 10],
  grade: 'assumed',
  source: 'test',
  ...changed,
})
const PARAMETERS = [
  parameter('adm.enquiries'),
  parameter('stock.seats', { value: undefined }),
  parameter('apply.lambda', { grade: 'calibrated' }),
  parameter('reform.inForce', { unit: MONTH_UNIT, value: 24198, support: [24193, 24204] }),
]
const typed = (id: string, value: number | string): Override => ({ id, value, layer: 'command line' })

function findings(...overrides: Override[]) {
  try {
    layer(PARAMETERS, overrides)
    return []
  } catch (error) {
    if (error instanceof InputError) return error.findings
    throw error
  }
}

describe('layers', () => {
  it('know where each value comes from; the highest wins, in whatever order they are given', () => {
    const { values, layers, points } = layer(PARAMETERS, [
      typed('adm.enquiries', '8'),
      { id: 'adm.enquiries', value: 7, layer: 'scenario' },
      { id: 'stock.seats', value: 5, layer: 'scenario' },
    ])
    expect(values.get('adm.enquiries')).toBe(8)
    expect(Object.fromEntries(layers)).toEqual({
      'adm.enquiries': 'command line',
      'stock.seats': 'scenario',
      'apply.lambda': 'calibration',
      'reform.inForce': 'pack',
    })
    expect(Object.fromEntries(points)).toEqual({ 'adm.enquiries': 8, 'stock.seats': 5 })
  })

  it('leave a stock out that nobody has entered', () => {
    expect(layer(PARAMETERS, []).values.has('stock.seats')).toBe(false)
  })

  it('read a month as one', () => {
    expect(layer(PARAMETERS, [typed('reform.inForce', '2016-05')]).values.get('reform.inForce')).toBe(24196)
  })

  it('tell every mistake at once: unknown, no number, outside, without effect', () => {
    expect(
      findings(
        typed('adm.enquiry', 1),
        typed('stock.seats', 'many'),
        typed('adm.enquiries', 11),
        typed('apply.lambda', 3),
      ),
    ).toMatchObject([
      { code: 'unknown-parameter', nearest: 'adm.enquiries' },
      { code: 'wrong-value' },
      { code: 'outside-support', expected: { en: '0 to 10 (x)' } },
      { code: 'override-changes-nothing' },
    ])
  })

  it('allow no-op values in a grid and in the layers below the user', () => {
    expect(findings({ ...typed('adm.enquiries', 3), grid: true })).toEqual([])
    expect(findings({ id: 'adm.enquiries', value: 3, layer: 'calibration' })).toEqual([])
    expect(findings({ id: 'adm.enquiries', value: 3, layer: 'scenario' })).toHaveLength(1)
  })

  it('take an empty value for no number', () => {
    expect(findings(typed('adm.enquiries', ' '))).toMatchObject([{ code: 'wrong-value' }])
  })
})
