/** Who may claim which service, by status: the two matrices side by side. */
import type { Area } from '../../pack/pack.js'
import type { Text } from '../../reading/text.js'
import { STATUSES, type Entitlement, type Law, type Status } from '../policy.js'
import { plainNumber } from '../words.js'
import { change, joined, more, paired, same, type Change, type Effect } from './change.js'

const SERVICES: Record<string, Text> = {
  education: { zh: '义务教育', en: 'compulsory school' },
  housing: { zh: '公共租赁住房', en: 'public rental housing' },
  insurance: { zh: '居民医保', en: 'resident medical insurance' },
}

const STATUS_WORDS: Record<Status, Text> = {
  none: { zh: '无居住证者', en: 'without a permit' },
  permit: { zh: '持居住证者', en: 'permit holders' },
  hukou: { zh: '本地户籍', en: 'the registered' },
}

type Matrix = Law['entitlements']
type Value = Entitlement[string]

export function entitlementChanges(a: Matrix, b: Matrix, areas: readonly Area[]): Change[] {
  const none = Object.fromEntries(
    STATUSES.map(status => [status, { claim: false }]),
  ) as unknown as Matrix[string]
  return paired(a, b).flatMap(([service, x = none, y = none]) =>
    STATUSES.flatMap(status =>
      paired(x[status], y[status]).flatMap(([key, before, after]): Change[] => {
        if (isSame(before, after)) return []
        const who = STATUS_WORDS[status]
        const what = SERVICES[service] ?? same(service)
        const claim = key === 'claim'
        return [
          change({
            part: 'entitlement',
            name: `${service}.${status}.${key}`,
            subject: claim
              ? { zh: `${what.zh}·${who.zh}`, en: `${what.en}, ${who.en}` }
              : {
                  zh: `${what.zh}·${who.zh}·${KEYS[key]?.zh ?? key}`,
                  en: `${what.en}, ${who.en}, ${KEYS[key]?.en ?? key}`,
                },
            before: before === undefined ? undefined : say(before, claim, areas),
            after: after === undefined ? undefined : say(after, claim, areas),
            effect: effectOf(key, before, after),
          }),
        ]
      }),
    ),
  )
}

const KEYS: Record<string, Text> = {
  areas: { zh: '地区', en: 'areas' },
  use: { zh: '使用率', en: 'share who use it' },
  switch: { zh: '转学率', en: 'share who switch' },
  join: { zh: '随后入学率', en: 'share who join' },
  paper: { zh: '只落户口者入学率', en: 'share of those on paper' },
  apply: { zh: '申请率', en: 'share who apply' },
  takeup: { zh: '参保率', en: 'share who take it up' },
  insured: { zh: '须参保', en: 'insurance needed' },
}

const isSame = (a: Value | undefined, b: Value | undefined): boolean =>
  Array.isArray(a) && Array.isArray(b)
    ? a.length === b.length && a.every(item => b.includes(item))
    : JSON.stringify(a) === JSON.stringify(b)

function say(value: Value, claim: boolean, areas: readonly Area[]): Text {
  if (typeof value === 'boolean') {
    if (!claim) return value ? { zh: '是', en: 'yes' } : { zh: '否', en: 'no' }
    return value ? { zh: '可申请', en: 'may claim' } : { zh: '不可申请', en: 'may not claim' }
  }
  if (!Array.isArray(value)) return same(typeof value === 'number' ? plainNumber(value) : value)
  return joined(
    value.map(item => areas.find(({ id }) => id === item)?.name ?? same(item)),
    '、',
    ', ',
  )
}

function effectOf(key: string, before: Value | undefined, after: Value | undefined): Effect {
  if (key === 'claim') return more(Number(before), Number(after))
  if (key !== 'areas' || !Array.isArray(before) || !Array.isArray(after)) return 'unclear'
  if (before.every(area => after.includes(area))) return 'looser'
  return after.every(area => before.includes(area)) ? 'tighter' : 'unclear'
}
