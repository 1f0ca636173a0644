/** Cells as people write them: what number of a slot one stands for, and how it is named where it stands for none. */
import type { Area } from '../pack/pack.js'
import type { Finding } from '../reading/finding.js'
import { nearest } from '../reading/nearest.js'
import { personalData } from '../reading/personalData.js'
import { indexOfArea } from './compile.js'
import type { FactDefinition } from './facts.js'
import { valueWords } from './words.js'

/** Full-width digits, letters and spaces are read as the plain ones. */
export const tidy = (cell: string): string => (/^[!-~]*$/.test(cell) ? cell : cell.normalize('NFKC').trim())

const TRUTH: Record<string, number> = { true: 1, 是: 1, yes: 1, '1': 1, false: 0, 否: 0, no: 0, '0': 0 }

/** Text of a cell to the number of its slot, undefined where the fact has no such value. */
export function cellReader(
  fact: FactDefinition,
  areas: readonly Area[],
): (cell: string) => number | undefined {
  const { type, valueLabels = [], spellings = {} } = fact
  switch (type.kind) {
    case 'boolean':
      return cell => TRUTH[cell.toLowerCase()]
    case 'number':
      return cell => {
        const value = /^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(cell) ? Number(cell) : NaN
        const fits = value >= type.min && value <= type.max && (!type.whole || Number.isInteger(value))
        return fits ? value : undefined
      }
    case 'area':
      return cell => indexOfArea(areas, cell)
    default: {
      const codes = new Map<string, number>()
      for (const [code, { zh, en }] of valueLabels.entries()) codes.set(tidy(zh), code).set(en, code)
      for (const [word, value] of Object.entries(spellings)) codes.set(word, type.values.indexOf(value))
      for (const [code, value] of type.values.entries()) codes.set(value, code)
      return cell => codes.get(cell) ?? codes.get(cell.toLowerCase())
    }
  }
}

export function expectedOf(fact: FactDefinition, areas: readonly Area[], cell: string): Partial<Finding> {
  const { type, valueLabels } = fact
  if (type.kind === 'boolean')
    return { expected: { zh: '是/否(true/false、1/0)', en: 'true/false (or 1/0)' } }
  if (type.kind === 'number') {
    const most = valueWords(fact, type.max)
    const [zh, en] = [`${type.min} … ${most.zh}`, `${type.min} … ${most.en}`]
    return type.whole
      ? { expected: { zh: `整数,${zh}`, en: `a whole number, ${en}` } }
      : { expected: { zh: `数,${zh}`, en: `a number, ${en}` } }
  }
  const values = type.kind === 'area' ? areas.map(({ id }) => id) : type.values
  const labels =
    type.kind === 'area' ? areas.map(({ name }) => name.zh) : (valueLabels ?? []).map(({ zh }) => zh)
  return {
    expected: { zh: (labels.length > 0 ? labels : values).join('、'), en: values.join(', ') },
    nearest: nearest(cell.slice(0, REPEATED), [...values, ...labels]),
  }
}

/** Characters of a cell that a message repeats. */
const REPEATED = 40

/** A cell as a message repeats it: not longer than a line, nothing in it that a terminal would obey, nothing of a person. */
export function shown(cell: string): string {
  if (personalData(cell)) return '***'
  const whole = cell.length <= REPEATED
  const begins = whole ? cell : cell.slice(0, REPEATED)
  const plain = begins.replace(/[\0-\x1f\x7f]/g, sign =>
    sign === '\x7f' ? '\u2421' : String.fromCharCode(0x2400 + sign.charCodeAt(0)),
  )
  return whole ? plain : `${plain}… (${cell.length})`
}
