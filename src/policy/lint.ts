/**
 * What can be known of a rule set without running it: conditions that are dead, points that nobody reaches, caps that
 * never bind, dates out of order, sources that are missing. Told by proof from the types of the facts: what is called
 * dead is dead, whatever persons there are (people.ts); what is not told of need not be alive.
 */
import { formatMonth, type Month } from '../evidence/month.js'
import type { Finding } from '../reading/finding.js'
import type { Text } from '../reading/text.js'
import { BEFORE_ALL, changesOf, writtenPath } from './dated.js'
import { channelDoubts } from './lint/channels.js'
import { conditionDoubts } from './lint/conditions.js'
import { dateFindings } from './lint/dates.js'
import { entitlementDoubts } from './lint/entitlements.js'
import { factFindings } from './lint/facts.js'
import { pointDoubts } from './lint/points.js'
import { roundDoubts, roundsOutside } from './lint/rounds.js'
import { sceneOf, type Doubt, type PlaceNames, type Scene } from './lint/scene.js'
import { sourceFindings } from './lint/sources.js'
import type { Policy } from './policy.js'

export type { PlaceNames } from './lint/scene.js'

/**
 * @param place whose areas and parameters the rules may name; without it names of either are not checked
 * @returns warnings, then notes, each by its place in the file; where the place lacks a name, that error alone
 */
export function lintPolicy(policy: Policy, place?: PlaceNames): Finding[] {
  const errors: Finding[] = []
  const scenes = [BEFORE_ALL, ...changesOf(policy.tree)].map(month => sceneOf(policy, month, place, errors))
  if (errors.length > 0) return distinct(errors)
  const sceneIn = (month: Month) => scenes.findLast(({ law }) => law.month <= month)!
  const doubts = scenes.map(scene => [
    ...conditionDoubts(scene),
    ...pointDoubts(scene),
    ...channelDoubts(scene),
    ...roundDoubts(scene),
    ...roundsOutside(scene, sceneIn),
    ...entitlementDoubts(scene),
  ])
  return inOrder([
    ...acrossTime(policy, scenes, doubts),
    ...dateFindings(policy),
    ...sourceFindings(policy),
    ...factFindings(policy, scenes),
  ])
}

/** One finding for a doubt, however many epochs it holds in; the months are told where there are others. */
function acrossTime(policy: Policy, scenes: readonly Scene[], doubts: readonly Doubt[][]): Finding[] {
  const epochs = new Map<string, { doubt: Doubt; in: number[] }>()
  for (const [epoch, found] of doubts.entries())
    for (const doubt of found) {
      const key = JSON.stringify(doubt)
      const known = epochs.get(key) ?? { doubt, in: [] }
      epochs.set(key, { doubt, in: [...known.in, epoch] })
    }
  return [...epochs.values()].flatMap(
    ({ doubt: { path, index, message, throughout, ...doubt }, in: held }) => {
      const always = scenes.every((scene, epoch) => held.includes(epoch) || !isInForce(path, scene))
      if (throughout && !always) return []
      const when = always ? { zh: '', en: '' } : monthsOf(held, scenes)
      const month = scenes[held[0]].law.month
      return {
        ...doubt,
        ...policy.place(writtenPath(policy.tree, path, month), index),
        message: { zh: message.zh + when.zh, en: message.en + when.en },
      }
    },
  )
}

function isInForce(path: readonly string[], { rules, law }: Scene): boolean {
  if (path[0] === 'channels' && !law.channels.some(({ id }) => id === path[1])) return false
  const node = path.reduce<unknown>(
    (inner, key) => (inner as Record<string, unknown> | undefined)?.[key],
    rules,
  )
  return node !== undefined
}

/** ` (2010-07 … 2011-12)`. */
function monthsOf(held: readonly number[], scenes: readonly Scene[]): Text {
  const spans: { from: number; to: number }[] = []
  for (const epoch of held) {
    const last = spans.at(-1)
    if (last && last.to === epoch - 1) last.to = epoch
    else spans.push({ from: epoch, to: epoch })
  }
  const first = (epoch: number) => formatMonth(scenes[epoch].law.month)
  const words = spans.map(({ from, to }): Text => {
    const end = to + 1 < scenes.length ? formatMonth(scenes[to + 1].law.month - 1) : undefined
    if (from === 0) return end ? { zh: `至 ${end}`, en: `until ${end}` } : { zh: '', en: '' }
    return end === undefined
      ? { zh: `${first(from)} 起`, en: `from ${first(from)}` }
      : { zh: `${first(from)} 至 ${end}`, en: `${first(from)} to ${end}` }
  })
  const [zh, en] = [words.map(text => text.zh).join('、'), words.map(text => text.en).join(', ')]
  return { zh: `(${zh})`, en: ` (${en})` }
}

const RANK = { error: 0, warning: 1, note: 2 }

const inOrder = (findings: readonly Finding[]): Finding[] =>
  distinct(findings).sort(
    (a, b) =>
      RANK[a.severity] - RANK[b.severity] ||
      (a.line ?? 0) - (b.line ?? 0) ||
      (a.column ?? 0) - (b.column ?? 0),
  )

const distinct = (findings: readonly Finding[]): Finding[] => [
  ...new Map(findings.map(finding => [JSON.stringify(finding), finding])).values(),
]
