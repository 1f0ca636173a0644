/** Lines of a ledger: levels that nobody is at, steps against their order, gaps between bands, caps that never bind. */
import type { Text } from '../../reading/text.js'
import type { People } from '../people.js'
import type { CompiledChannel } from '../policy.js'
import { greatest, least } from '../ranges.js'
import type { ChannelRules, InForce } from '../schema.js'
import type { ScoreLine, ScorePart } from '../score.js'
import { plainNumber, quantityWords, valueWords } from '../words.js'
import { decisionDoubts, withinDoubts } from './conditions.js'
import { casesOf, gapsOf, uncapped } from './reach.js'
import { at, type Doubt, type Scene } from './scene.js'

/** The points of one channel. */
export interface Sheet {
  channel: CompiledChannel
  /** The channel as written, in force. */
  rules: InForce<ChannelRules>
  /** Who meets the conditions of the channel. */
  people: People
  scene: Scene
}

export const doubt = (
  severity: Doubt['severity'],
  code: string,
  path: readonly string[],
  where: Text,
  message: Text,
): Doubt => ({ severity, code, path, message: at(where, message) })

/** `points scheme: education`. */
export const nameOf = ({ id, title }: ScorePart, { channel }: Sheet): Text =>
  at(channel.title, title ?? { zh: id, en: id })

export function idleCap(path: string[], where: Text, cap: number, most: number): Doubt {
  const [bound, reached] = [plainNumber(cap), plainNumber(most)]
  return doubt('note', 'idle-cap', path, where, {
    zh: `${cap < 0 ? '最多扣到' : '最多得'} ${reached} 分,上限 ${bound} 从不起作用`,
    en: `never ${cap < 0 ? 'below' : 'above'} ${reached}, so the cap of ${bound} never holds it`,
  })
}

export function lineDoubts(line: ScoreLine, sheet: Sheet): Doubt[] {
  const { scene, people } = sheet
  const where = nameOf(line, sheet)
  const { guard, rule } = line
  const decided = guard ? decisionDoubts(guard, people, where, { path: [...line.path, 'when'] }, scene) : []
  if (guard && people.none(guard)) return decided
  const quantity = { path: [...line.path, rule.kind === 'each' ? 'each' : 'by'] }
  const within = [...decided, ...('of' in rule ? withinDoubts(rule.of, people, where, quantity, scene) : [])]
  const { from, to } = uncapped(line, people)
  if (from === 0 && to === 0) {
    const message = { zh: '此行从不加分或减分', en: 'this line never gives or takes a point' }
    return [...within, { ...doubt('warning', 'idle-line', line.path, where, message), throughout: true }]
  }
  return [
    ...within,
    ...unreachable(line, sheet),
    ...falling(line, sheet),
    ...gaps(line, sheet),
    ...lineCap(line, sheet),
  ]
}

/** A level, step or band: where it is written, and what it asks. */
interface Written {
  path: string[]
  words: Text
}

/** Levels, steps and bands that no value reaches. */
function unreachable(line: ScoreLine, sheet: Sheet): Doubt[] {
  const reached = stepsOf(line, sheet.people, sheet)
  // The conditions of the channel may shut out a level of a table that is used elsewhere too: worth a word only.
  const byAnybody = stepsOf(line, sheet.scene.everybody, sheet)
  return [...reached.values()].flatMap(({ place: { path, words }, isReached }) =>
    isReached
      ? []
      : [
          byAnybody.get(path.join())?.isReached
            ? doubt('note', 'unreachable-points', path, nameOf(line, sheet), {
                zh: `符合此渠道条件的人都不在“${words.zh}”一档`,
                en: `nobody who meets the conditions of the channel is at "${words.en}"`,
              })
            : doubt('warning', 'unreachable-points', path, nameOf(line, sheet), {
                zh: `没有人能在“${words.zh}”一档`,
                en: `nobody can be at "${words.en}"`,
              }),
        ],
  )
}

/** The steps of a line as written, and whether some of these people are at them. */
function stepsOf(line: ScoreLine, people: People, sheet: Sheet) {
  const steps = new Map<string, { place: Written; isReached: boolean }>()
  let carried: Written | undefined
  for (const { step, people: those } of casesOf(line, people)) {
    if (step === undefined) continue
    // A level that is not written has the points of the one below.
    const place: Written | undefined =
      written(line, step, sheet) ?? (isOrdered(line, sheet) ? carried : undefined)
    carried = place
    if (!place) continue
    const key = place.path.join()
    steps.set(key, { place, isReached: those !== undefined || steps.get(key)?.isReached === true })
  }
  return steps
}

/** @returns undefined for a level that is not written */
function written(line: ScoreLine, step: number, sheet: Sheet): Written | undefined {
  const { rule } = line
  const { points, bands } = sheet.rules.score?.[line.id] ?? {}
  const keys = typeof points === 'object' ? Object.keys(points) : []
  const { facts } = sheet.scene.policy
  if (rule.kind === 'levels') {
    const { type } = facts[rule.slot]
    const level = 'values' in type ? type.values[step] : ''
    return keys.includes(level)
      ? { path: [...line.path, 'points', level], words: valueWords(facts[rule.slot], step) }
      : undefined
  }
  if (rule.kind !== 'steps' && rule.kind !== 'bands') return undefined
  const unit = rule.of.op === 'fact' ? facts[rule.of.slot].unit : undefined
  if (rule.kind === 'steps') {
    const { from } = rule.steps[step]
    const key = keys.find(written => Number(written) === from)!
    return { path: [...line.path, 'points', key], words: quantityWords(from, unit) }
  }
  const band = rule.bands[step]
  const index = (bands ?? []).findIndex(({ from = -Infinity }) => from === band.from)
  return { path: [...line.path, 'bands', String(index)], words: rangeWords(band.from, band.to, unit) }
}

/** A higher level with fewer points, in a line that otherwise rises. */
function falling(line: ScoreLine, sheet: Sheet): Doubt[] {
  const { rule } = line
  if (rule.kind !== 'steps' && (rule.kind !== 'levels' || !isOrdered(line, sheet))) return []
  const points = rule.kind === 'steps' ? rule.steps.map(step => step.points) : rule.byCode
  const falls = points.flatMap((value, i) => (i > 0 && value < points[i - 1] ? [i] : []))
  const rises = points.filter((value, i) => value > (i > 0 ? points[i - 1] : 0)).length
  if (falls.length >= rises) return []
  return falls.flatMap(step => {
    const place = written(line, step, sheet)
    return place
      ? [
          doubt('note', 'points-fall', place.path, nameOf(line, sheet), {
            zh: `更高一档“${place.words.zh}”(${points[step]} 分)反而少于前一档(${points[step - 1]} 分)`,
            en: `the higher step "${place.words.en}" has ${points[step]} points, the one below it ${points[step - 1]}`,
          }),
        ]
      : []
  })
}

function isOrdered({ rule }: ScoreLine, sheet: Sheet): boolean {
  return rule.kind === 'levels' && sheet.scene.policy.facts[rule.slot].type.kind === 'ordered'
}

function gaps(line: ScoreLine, sheet: Sheet): Doubt[] {
  const { rule } = line
  if (rule.kind !== 'bands') return []
  const unit = rule.of.op === 'fact' ? sheet.scene.policy.facts[rule.of.slot].unit : undefined
  return gapsOf(rule, sheet.people).map(gap => {
    const { zh, en } = gap.whole
      ? rangeWords(least(gap), greatest(gap), unit)
      : betweenWords(rule.bands, least(gap), unit)
    return doubt('warning', 'bands-gap', [...line.path, 'bands'], nameOf(line, sheet), {
      zh: `各段之间有空档:${zh}不得分`,
      en: `there is a gap between the bands: ${en} gets no points`,
    })
  })
}

function lineCap(line: ScoreLine, sheet: Sheet): Doubt[] {
  const { cap } = line
  if (cap === undefined) return []
  const { from, to } = uncapped(line, sheet.people)
  if (cap < 0 ? from < cap : to > cap) return []
  return [idleCap([...line.path, 'cap'], nameOf(line, sheet), cap, cap < 0 ? from : to)]
}

function rangeWords(from: number, to: number, unit: string | undefined): Text {
  const [first, last] = [quantityWords(from, unit), quantityWords(to, unit)]
  if (from === to) return first
  if (from === -Infinity) return { zh: `至多 ${last.zh}`, en: `at most ${last.en}` }
  if (to === Infinity) return { zh: `至少 ${first.zh}`, en: `at least ${first.en}` }
  return { zh: `${plainNumber(from)}–${last.zh}`, en: `${plainNumber(from)}–${last.en}` }
}

/** A gap of a quantity that is not of whole units lies between two numbers, neither in it. */
function betweenWords(
  bands: readonly { from: number; to: number }[],
  value: number,
  unit: string | undefined,
): Text {
  const below = Math.max(...bands.map(({ to }) => to).filter(to => to < value))
  const above = quantityWords(Math.min(...bands.map(({ from }) => from).filter(from => from > value)), unit)
  return {
    zh: `${plainNumber(below)} 与 ${above.zh}之间`,
    en: `what lies between ${plainNumber(below)} and ${above.en}`,
  }
}
