/** Points that nobody reaches, or everybody; groups, factors, floors and caps that change nothing. */
import type { People } from '../people.js'
import type { ScoreGroup, ScoreLine, ScorePart, ScoreTree } from '../score.js'
import { plainNumber } from '../words.js'
import { decisionDoubts } from './conditions.js'
import { doubt, idleCap, lineDoubts, nameOf, type Sheet } from './lines.js'
import { casesOf, isKnown, partPoints, together, totalPoints, unbounded } from './reach.js'
import { at, passersOf, type Doubt, type Scene } from './scene.js'

export function pointDoubts(scene: Scene): Doubt[] {
  return scene.law.channels.flatMap(channel => {
    const people = passersOf(channel, scene)
    if (!channel.points || !people) return []
    const { tree, atLeast } = channel.points
    const sheet = { channel, rules: scene.rules.channels?.[channel.id] ?? {}, people, scene }
    return [...tree.parts.flatMap(part => partDoubts(part, sheet)), ...totalDoubts(tree, atLeast, sheet)]
  })
}

function partDoubts(part: ScorePart, sheet: Sheet): Doubt[] {
  if (part.kind === 'line') return lineDoubts(part, sheet)
  return [...part.of.flatMap(inner => partDoubts(inner, sheet)), ...groupDoubts(part, sheet)]
}

function groupDoubts(group: ScoreGroup, sheet: Sheet): Doubt[] {
  const { to } = together(group, sheet.people)
  const where = nameOf(group, sheet)
  return [
    ...(group.cap < Infinity && to <= group.cap
      ? [idleCap([...group.path, 'cap'], where, group.cap, to)]
      : []),
    ...(group.highest ? neverHighest(group, sheet) : []),
  ]
}

/** Members of a "highest" whose points another member always has too. */
function neverHighest(group: ScoreGroup, sheet: Sheet): Doubt[] {
  const left = new Set(group.of)
  const beaten = [...group.of].reverse().filter(member => {
    const others = [...left].filter(other => other !== member)
    const isBeaten = outcomes(member, sheet.people).every(({ people, points }) =>
      others.some(other => partPoints(other, people).from >= points.to),
    )
    const idle = partPoints(member, sheet.people)
    if (isBeaten) left.delete(member)
    // A line of no points at all has been told of.
    return isBeaten && !(member.kind === 'line' && idle.from === 0 && idle.to === 0)
  })
  const { zh, en } = group.title ?? { zh: group.id, en: group.id }
  return beaten.reverse().map(member =>
    doubt('warning', 'never-highest', member.path, nameOf(member, sheet), {
      zh: `在“${zh}”取最高时从不高于其他各行`,
      en: `never above the others of "${en}", of which the highest counts`,
    }),
  )
}

function totalDoubts(tree: ScoreTree, atLeast: number, sheet: Sheet): Doubt[] {
  const { people, channel } = sheet
  const doubts: Doubt[] = tree.factors.flatMap(factor => {
    const where = at(channel.title, { zh: factor.id, en: factor.id })
    if (factor.times === 1)
      return [
        doubt('warning', 'idle-factor', factor.path, where, {
          zh: '乘以 1,没有作用',
          en: 'times 1 changes nothing',
        }),
      ]
    return factor.guard
      ? decisionDoubts(factor.guard, people, where, { path: [...factor.path, 'when'] }, sheet.scene)
      : []
  })
  const { from, to } = unbounded(tree, people)
  const admit = ['channels', channel.id, 'admit']
  const most = Math.max(to, tree.floor)
  if (tree.cap < Infinity && most <= tree.cap)
    doubts.push(idleCap([...admit, 'cap'], channel.title, tree.cap, most))
  if (tree.floor > -Infinity && from >= tree.floor)
    doubts.push(
      doubt('note', 'idle-floor', [...admit, 'floor'], channel.title, {
        zh: `总分不会低于 ${plainNumber(from)},下限 ${plainNumber(tree.floor)} 从不起作用`,
        en: `the total is never below ${plainNumber(from)}, so the floor of ${plainNumber(tree.floor)} never holds it`,
      }),
    )
  const total = totalPoints(tree, people)
  const threshold = [...admit, 'at_least']
  if (total.to < atLeast)
    doubts.push(
      doubt('warning', 'unreachable-threshold', threshold, channel.title, {
        zh: `最多只能得 ${plainNumber(total.to)} 分,无人能达到 ${plainNumber(atLeast)} 分`,
        en: `no score is above ${plainNumber(total.to)}, so nobody reaches ${plainNumber(atLeast)}`,
      }),
    )
  if (atLeast > -Infinity && total.from >= atLeast && isKnown(tree, people))
    doubts.push(
      doubt('warning', 'idle-threshold', threshold, channel.title, {
        zh: `最少也有 ${plainNumber(total.from)} 分,人人达到 ${plainNumber(atLeast)} 分`,
        en: `no score is below ${plainNumber(total.from)}, so everybody reaches ${plainNumber(atLeast)}`,
      }),
    )
  return doubts
}

/** A line case by case; a group as a whole. */
const outcomes = (part: ScorePart, people: People): { people: People; points: { to: number } }[] =>
  part.kind === 'group'
    ? [{ people, points: partPoints(part, people) }]
    : casesOf(part, people).flatMap(({ people: those, points }) =>
        those ? [{ people: those, points: { to: capTo(part, points.to) } }] : [],
      )

const capTo = ({ cap }: ScoreLine, to: number): number =>
  cap === undefined ? to : cap < 0 ? Math.max(to, cap) : Math.min(to, cap)
