/** What may be wrong with one cell. */
import type { Text } from '../../reading/text.js'

export const TROUBLES = {
  'wrong-cell': { zh: '不是该列可有的值', en: 'is no value of this column' },
  'ambiguous-cell': { zh: '可作多种理解', en: 'may mean several things' },
  'formula-cell': { zh: '以 = + - @ 开头而不是数', en: 'begins with = + - or @ and is no number' },
  'personal-cell': { zh: '含有个人信息', en: 'holds personal data' },
  'unknown-area': { zh: '不是数据包中的地区', en: 'is no area of the pack' },
  'undeclared-area': {
    zh: '未说明是否包含另一地区',
    en: 'does not say whether it holds another area',
  },
  'holds-another-area': { zh: '包含另一地区,无法分开', en: 'holds another area and cannot be parted' },
} satisfies Record<string, Text>
export type TroubleCode = keyof typeof TROUBLES

export class Trouble {
  constructor(readonly code: TroubleCode) {}
}
export const trouble = Object.fromEntries(
  Object.keys(TROUBLES).map(code => [code, new Trouble(code as TroubleCode)]),
) as Record<TroubleCode, Trouble>

export type Reading = string | Trouble
