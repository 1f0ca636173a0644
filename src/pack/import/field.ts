/** What a column of a file may become. */
import type { Text } from '../../reading/text.js'
import { BASES } from '../pack.js'
import { GRADES } from '../../evidence/parameter.js'

/** A fact of the rule language, as far as an import needs to know it. */
export interface Fact {
  name: string
  label: Text
  type:
    | { kind: 'boolean' }
    | { kind: 'number'; min: number; max: number; whole: boolean }
    | { kind: 'named' | 'ordered'; values: string[] }
    | { kind: 'area' }
  unit?: string
  valueLabels?: Text[]
}

export type FieldType =
  /** Replaced by a keyed hash. */
  | { kind: 'id' }
  | { kind: 'area' }
  | { kind: 'boolean' }
  | { kind: 'number'; min?: number; max?: number; whole?: boolean }
  | { kind: 'words'; values: string[]; labels: Text[]; others?: RegExp }
  | { kind: 'month' }
  | { kind: 'year' }
  | { kind: 'text' }
  /** Age groups and the like: `0-14`, `65+`. */
  | { kind: 'band' }

export interface Field {
  name: string
  label: Text
  type: FieldType
  unit?: string
}

export const FORMS = ['persons', 'counts', 'margins'] as const
export type Form = (typeof FORMS)[number]

export const ID = 'id'

const field = (name: string, zh: string, en: string, type: FieldType): Field => ({
  name,
  label: { zh, en },
  type,
})
const text = { kind: 'text' } as const
const count = { kind: 'number', min: 0 } as const

function fieldOf({ name, label, type, unit, valueLabels = [] }: Fact): Field {
  return {
    name,
    label,
    unit,
    type: 'values' in type ? { kind: 'words', values: type.values, labels: valueLabels } : type,
  }
}

const AREA = field('area', '地区', 'area', { kind: 'area' })

/** Words of a rule set's own making are lower-case names. */
const NAME = /^[a-z][A-Za-z0-9_]*$/

/** By name of the pack's labels: quantities and channels that it has words for. */
function named(labels: Readonly<Record<string, Text>>): FieldType {
  const names = Object.keys(labels)
  return { kind: 'words', values: names, labels: names.map(name => labels[name]), others: NAME }
}

/**
 * The fields of one form of file, in the order in which they are written.
 *
 * @param facts of the rule language
 * @param labels the pack's words for quantities and channels
 */
export function fieldsOf(
  form: Form,
  facts: readonly Fact[],
  labels: Readonly<Record<string, Text>>,
): Field[] {
  switch (form) {
    case 'persons':
      return [
        field(ID, '编号', 'id', { kind: 'id' }),
        field('household', '户编号', 'household', { kind: 'id' }),
        field('weight', '权重', 'weight', count),
        ...facts.map(fieldOf),
        field('birth_month', '出生年月', 'month of birth', { kind: 'month' }),
      ]
    case 'counts':
      return [
        field('quantity', '指标', 'quantity', named(labels)),
        AREA,
        field('channel', '渠道', 'channel', named({})),
        field('basis', '口径', 'basis', { kind: 'words', values: [...BASES], labels: [] }),
        ...facts.filter(({ name }) => name === 'origin').map(fieldOf),
        field('year', '年份', 'year', { kind: 'year' }),
        field('month', '月份', 'month', { kind: 'month' }),
        field('from', '起始月份', 'from', { kind: 'month' }),
        field('to', '截止月份', 'to', { kind: 'month' }),
        field('value', '数值', 'value', { kind: 'number' }),
        field('low', '下限', 'low', { kind: 'number' }),
        field('high', '上限', 'high', { kind: 'number' }),
        field('unit', '单位', 'unit', text),
        field('covers', '范围', 'covers', text),
        field('grade', '等级', 'grade', { kind: 'words', values: [...GRADES], labels: [] }),
        field('source', '资料来源', 'source', text),
        field('note', '备注', 'note', text),
      ]
    case 'margins':
      return [
        ...facts
          .map(fieldOf)
          .map(one => (one.type.kind === 'number' ? { ...one, type: { kind: 'band' } as const } : one)),
        field('household', '家庭类型', 'household', { kind: 'band' }),
        field('total', '合计', 'total', count),
      ]
  }
}

/** A name of the user's own. */
export const ownField = (name: string, type: 'number' | 'boolean' | 'text' | 'band'): Field =>
  field(name, name, name, { kind: type })
