/** Areas as files name them: former codes, padded codes, the place's name before the area's. */
import type { Text } from '../../reading/text.js'
import type { Area } from '../pack.js'
import { trouble, type Reading } from './trouble.js'

/** The code of the pack's area list. */
export type AreaReader = (text: string) => Reading

/** Codes of the area of which the other one, printed within it, is to be taken. */
export interface Holder {
  code: string
  inner: string[]
}

/** A name that says itself that the other area is out, or in. */
const WITHOUT = /不含|不包括|除外|without|excluding|excl\./i
const WITH = /[((]?\s*(?:含|包括|including|incl\.|with\s)/i

const plainName = (name: string): string => name.normalize('NFKC').replace(/\s+/g, '').toLowerCase()

/**
 * An area that another one was once printed within may hold it or not: a row must say so itself, or the mapping must.
 * No parent is read from the digits of a code.
 *
 * @param holding by the area's id: what the mapping says
 * @param place the whole place's name, which may stand before an area's
 */
export function areaReader(
  areas: readonly Area[],
  place: Text,
  holding: Readonly<Record<string, 'with' | 'without'>>,
): AreaReader {
  const known = new Map<string, Reading>()
  for (const area of areas) {
    const held = areas.some(({ inside }) => inside?.area === area.id)
    for (const name of [area.id, area.code, area.name.zh, area.name.en, ...area.aliases]) {
      const declared = WITHOUT.test(name) ? 'without' : holding[area.id]
      known.set(
        plainName(name),
        !held || declared === 'without'
          ? area.code
          : trouble[declared === 'with' ? 'holds-another-area' : 'undeclared-area'],
      )
    }
  }
  const before = new RegExp(`^(?:\\p{Script=Han}{2,8}(?:省|自治区))?${escaped(plainName(place.zh))}`, 'u')
  return text => {
    const name = plainName(text).replace(/^(\d+)\.0+$/, '$1')
    const found =
      known.get(name) ??
      known.get(name.replace(before, '')) ??
      // The statistical form of a code: the same area in twelve digits.
      known.get(/^(?=\d{12}$)(\d{6}|\d{9})0+$/.exec(name)?.[1] ?? '')
    if (found !== undefined) return found
    const bare = plainName(name.replace(/[((].*$/, '').replace(WITH, ''))
    const held = known.get(bare) ?? known.get(bare.replace(before, ''))
    return held === trouble['undeclared-area'] && WITH.test(name) && !WITHOUT.test(name)
      ? trouble['holds-another-area']
      : trouble['unknown-area']
  }
}

/** The area that a name stands for together with those once printed within it, undefined for any other name. */
export function holderOf(text: string, areas: readonly Area[], place: Text): Holder | undefined {
  // Declared to be without, the name is that of an area; which one is all that is asked.
  const holding = Object.fromEntries(areas.map(({ id }) => [id, 'without' as const]))
  const bare = text.normalize('NFKC').replace(/[((].*$/, '')
  const code = areaReader(areas, place, holding)(bare)
  const area = areas.find(one => one.code === code)
  const inner = areas.filter(({ inside }) => area && inside?.area === area.id).map(one => one.code)
  return area && inner.length > 0 ? { code: area.code, inner } : undefined
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
