/** What a status gives: services where it makes no difference, permits above registration, names that are not there. */
import { nearest } from '../../reading/nearest.js'
import { STATUSES, type Status } from '../policy.js'
import type { Doubt, Scene } from './scene.js'

const STATUS_WORDS: Record<Status, { zh: string; en: string }> = {
  none: { zh: '无证者', en: 'who has no permit' },
  permit: { zh: '持居住证者', en: 'a permit holder' },
  hukou: { zh: '本地户籍者', en: 'who is registered' },
}

export function entitlementDoubts(scene: Scene): Doubt[] {
  return Object.entries(scene.law.entitlements).flatMap(([service, given]): Doubt[] => {
    const path = ['entitlements', service]
    const texts = STATUSES.map(status => JSON.stringify(given[status]))
    const same: Doubt[] = texts.every(text => text === texts[0])
      ? [
          {
            severity: 'note',
            code: 'entitlement-never-differs',
            path,
            message: {
              zh: `${service}:三种身份的待遇相同,入户与否没有差别`,
              en: `${service}: every status gives the same, so registration makes no difference`,
            },
          },
        ]
      : []
    const above = STATUSES.slice(0, -1).flatMap((status, i): Doubt[] => {
      const better = STATUSES.slice(i + 1).find(
        later => given[status].claim === true && given[later].claim === false,
      )
      if (!better) return []
      const [low, high] = [STATUS_WORDS[status], STATUS_WORDS[better]]
      return [
        {
          severity: 'warning',
          code: 'lower-status-claims-more',
          path: [...path, status],
          message: {
            zh: `${service}:${low.zh}可以享受,${high.zh}反而不能`,
            en: `${service}: ${low.en} may claim, ${high.en} may not`,
          },
        },
      ]
    })
    return [...same, ...above, ...unknownParameters(service, scene)]
  })
}

/** A text names a parameter of the pack, or several that go on from it (`edu.pubPermit` with a stage). */
function unknownParameters(service: string, { law, place }: Scene): Doubt[] {
  if (!place) return []
  // A stage is the last part of an id.
  const names = [...place.parameters, ...place.parameters.map(id => id.replace(/\.[^.]+$/, ''))]
  return STATUSES.flatMap(status =>
    Object.entries(law.entitlements[service][status]).flatMap(([key, value]): Doubt[] =>
      typeof value !== 'string' || names.includes(value)
        ? []
        : [
            {
              severity: 'error',
              code: 'unknown-parameter',
              path: ['entitlements', service, status, key],
              message: { zh: `数据包没有参数“${value}”`, en: `The pack has no parameter "${value}"` },
              nearest: nearest(value, names),
            },
          ],
    ),
  )
}
