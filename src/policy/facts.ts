/** The facts that rules may read: name, type, unit, values in order. A row of facts is a Float64Array, one slot a fact. */
import type { Text } from '../reading/text.js'

/**
 * Facts of one applicant: one number a slot: true 1, false 0, an ordered or named value its index, NaN unknown.
 */
export type FactRow = Float64Array

export type FactType =
  | { kind: 'boolean' }
  /** `whole`: only whole units, so that 35 is followed by 36. */
  | { kind: 'number'; min: number; max: number; whole: boolean }
  | { kind: 'named'; values: string[] }
  | { kind: 'ordered'; values: string[] }
  | { kind: 'area' }

export interface FactDefinition {
  name: string
  label: Text
  type: FactType
  unit?: string
  /** Words for the values, in their order (for cells of a CSV and for explanations). */
  valueLabels?: Text[]
  /** Other words that a cell may have for a value. */
  spellings?: Record<string, string>
  /** A gate on this fact is skipped, with a note, where a file of persons lacks the column. */
  skippedWhenMissing?: boolean
}

const named = (...values: string[]): FactType => ({ kind: 'named', values })
const ordered = (...values: string[]): FactType => ({ kind: 'ordered', values })
const number = (min: number, max: number): FactType => ({ kind: 'number', min, max, whole: true })
const boolean: FactType = { kind: 'boolean' }

const labels = (pairs: [zh: string, en: string][]): Text[] => pairs.map(([zh, en]) => ({ zh, en }))

/** The core facts; their names are part of the contract with policy files and with files of persons. */
export const CORE_FACTS: FactDefinition[] = [
  { name: 'area', label: { zh: '地区', en: 'area' }, type: { kind: 'area' } },
  { name: 'age', label: { zh: '年龄', en: 'age' }, type: number(0, 120), unit: 'years' },
  {
    name: 'sex',
    label: { zh: '性别', en: 'sex' },
    type: named('female', 'male'),
    valueLabels: labels([
      ['女', 'female'],
      ['男', 'male'],
    ]),
  },
  {
    name: 'education',
    label: { zh: '文化程度', en: 'education' },
    type: ordered(
      'primary',
      'junior_secondary',
      'senior_secondary',
      'junior_college',
      'bachelor',
      'master',
      'doctorate',
    ),
    valueLabels: labels([
      ['小学', 'primary'],
      ['初中', 'junior secondary'],
      ['高中', 'senior secondary'],
      ['大专', 'junior college'],
      ['本科', 'bachelor'],
      ['硕士', 'master'],
      ['博士', 'doctorate'],
    ]),
  },
  { name: 'vocational', label: { zh: '中专', en: 'secondary vocational' }, type: boolean },
  {
    name: 'hukou_kind',
    label: { zh: '户口性质', en: 'kind of hukou' },
    type: named('rural', 'urban'),
    valueLabels: labels([
      ['农业', 'rural'],
      ['非农业', 'urban'],
    ]),
    skippedWhenMissing: true,
  },
  {
    name: 'skill',
    label: { zh: '职业资格', en: 'skill certificate' },
    type: ordered(
      'none',
      'junior_worker',
      'middle_worker',
      'senior_worker',
      'technician',
      'senior_technician',
    ),
    valueLabels: labels([
      ['无', 'none'],
      ['初级工', 'junior worker'],
      ['中级工', 'middle worker'],
      ['高级工', 'senior worker'],
      ['技师', 'technician'],
      ['高级技师', 'senior technician'],
    ]),
  },
  {
    name: 'title',
    label: { zh: '职称', en: 'professional title' },
    type: ordered('none', 'junior', 'middle', 'senior'),
    valueLabels: labels([
      ['无', 'none'],
      ['初级', 'junior'],
      ['中级', 'middle'],
      ['高级', 'senior'],
    ]),
  },
  {
    name: 'tenure',
    label: { zh: '居住方式', en: 'tenure' },
    type: named('own', 'rent', 'dorm', 'kin_housing'),
    valueLabels: labels([
      ['自有住房', 'own'],
      ['租赁', 'rent'],
      ['宿舍', 'dormitory'],
      ['亲属住房', 'housing of kin'],
    ]),
  },
  { name: 'lease_filed', label: { zh: '租赁备案', en: 'lease on file' }, type: boolean },
  {
    name: 'owns_nonresidential',
    label: { zh: '自有非住宅', en: 'owns non-residential premises' },
    type: boolean,
  },
  { name: 'has_permit', label: { zh: '持居住证', en: 'holds a residence permit' }, type: boolean },
  {
    name: 'months_permit',
    label: { zh: '持证月数', en: 'months with permit' },
    type: number(0, 1200),
    unit: 'months',
  },
  {
    name: 'months_resident',
    label: { zh: '连续居住月数', en: 'months resident without a break' },
    type: number(0, 1200),
    unit: 'months',
  },
  { name: 'employment_registered', label: { zh: '就业登记', en: 'employment registered' }, type: boolean },
  {
    name: 'work',
    label: { zh: '就业', en: 'work' },
    type: named('formal', 'informal', 'self_employed', 'legal_representative', 'student', 'retired', 'none'),
    valueLabels: labels([
      ['正规就业', 'formal'],
      ['灵活就业', 'informal'],
      ['自雇', 'self-employed'],
      ['法定代表人', 'legal representative'],
      ['学生', 'student'],
      ['退休', 'retired'],
      ['无业', 'none'],
    ]),
    spellings: { 无: 'none' },
  },
  {
    name: 'months_insured',
    label: { zh: '连续参保月数', en: 'months insured in a row' },
    type: number(0, 1200),
    unit: 'months',
  },
  {
    name: 'pension_months',
    label: { zh: '养老保险累计月数', en: 'pension insurance, months in all' },
    type: number(0, 1200),
    unit: 'months',
  },
  {
    name: 'medical_months',
    label: { zh: '医疗保险累计月数', en: 'medical insurance, months in all' },
    type: number(0, 1200),
    unit: 'months',
  },
  {
    name: 'unemployment_months',
    label: { zh: '失业保险累计月数', en: 'unemployment insurance, months in all' },
    type: number(0, 1200),
    unit: 'months',
  },
  {
    name: 'injury_months',
    label: { zh: '工伤保险累计月数', en: 'work-injury insurance, months in all' },
    type: number(0, 1200),
    unit: 'months',
  },
  {
    name: 'maternity_months',
    label: { zh: '生育保险累计月数', en: 'maternity insurance, months in all' },
    type: number(0, 1200),
    unit: 'months',
  },
  { name: 'has_premises', label: { zh: '有固定经营场所', en: 'fixed legal premises' }, type: boolean },
  {
    name: 'kin_here',
    label: { zh: '同住户籍亲属', en: 'nearest registered relative lived with' },
    type: named('none', 'spouse', 'parent', 'child', 'other'),
    valueLabels: labels([
      ['无', 'none'],
      ['配偶', 'spouse'],
      ['父母', 'parent'],
      ['子女', 'child'],
      ['其他亲属', 'another relative'],
    ]),
    spellings: { 其他: 'other' },
  },
  {
    name: 'household_size',
    label: { zh: '家庭人数', en: 'household size' },
    type: number(1, 30),
    unit: 'persons',
  },
  {
    name: 'children_6_14_here',
    label: { zh: '随迁6–14岁子女', en: 'children aged 6–14 here' },
    type: number(0, 20),
    unit: 'persons',
  },
  {
    name: 'origin',
    label: { zh: '来源地', en: 'origin' },
    type: named('city_other_area', 'province', 'other_province', 'in_place'),
    valueLabels: labels([
      ['市内其他县区', 'elsewhere in the city'],
      ['省内', 'the province'],
      ['省外', 'other provinces'],
      ['本地', 'in place'],
    ]),
  },
  {
    name: 'blood_donations_5y',
    label: { zh: '近5年献血次数', en: 'blood donations in 5 years' },
    type: number(0, 200),
    unit: 'times',
  },
  {
    name: 'volunteer_hours_5y',
    label: { zh: '近5年志愿服务小时', en: 'volunteer hours in 5 years' },
    type: number(0, 50000),
    unit: 'hours',
  },
  {
    name: 'donated_yuan_5y',
    label: { zh: '近5年捐款', en: 'money donated in 5 years' },
    type: { kind: 'number', min: 0, max: 1e9, whole: false },
    unit: 'yuan',
  },
  { name: 'reeducation', label: { zh: '劳动教养', en: 're-education through labour' }, type: boolean },
  { name: 'sentenced', label: { zh: '刑事处罚', en: 'criminal sentence' }, type: boolean },
  {
    name: 'unlawful_birth_5y',
    label: { zh: '近5年政策外生育子女数', en: 'children over the rule, 5 years' },
    type: number(0, 20),
    unit: 'children',
  },
]

const tenures = (CORE_FACTS.find(({ name }) => name === 'tenure')!.type as { values: string[] }).values
export const OWN_TENURE = tenures.indexOf('own')
export const RENT_TENURE = tenures.indexOf('rent')
