/** Points that nobody reaches, caps and factors that change nothing, steps against their order, gaps between bands. */
import type { Text } from '../../reading/text.js'
import type { People } from '../people.js'
import type { CompiledChannel } from '../policy.js'
import { greatest, least } from '../ranges.js'
import type { ChannelRules, InForce } from '../schema.js'
import type { ScoreGroup, ScoreLine, ScorePart, ScoreTree } from '../score.js'
import { plainNumber, quantityWords, valueWords } from '../words.js'
import { decisionDoubts, withinDoubts } from './conditions.js'
import { casesOf, gapsOf, isKnown, partPoints, together, totalPoints, unbounded, uncapped } from './reach.js'
import { at, passersOf, type Doubt, type Scene } from './scene.js'

export function pointDoubts(scene: Scene): Doubt[] {
  return scene.law.channels.flatMap(channel => {
    const people = passersOf(channel, scene)
    if (!channel.points || !people) return []
    return new Ledger(channel, channel.points, people, scene).doubts()
  })
}

/** A level, step or band: where it is written, and what it asks. */
interface Written {
  path: string[]
  words: Text
}

class Ledger {
  private readonly rules: InForce<ChannelRules>
  private readonly path: readonly string[]

  constructor(
    private readonly channel: CompiledChannel,
    private readonly points: NonNullable<CompiledChannel['points']>,
    /** Who meets the conditions of the channel. */
    private readonly people: People,
    private readonly scene: Scene,
  ) {
    this.rules = scene.rules.channels?.[channel.id] ?? {}
    this.path = ['channels', channel.id]
  }

  doubts(): Doubt[] {
    const { tree } = this.points
    return [...tree.parts.flatMap(part => this.partDoubts(part)), ...this.totalDoubts(tree)]
  }

  private partDoubts(part: ScorePart): Doubt[] {
    if (part.kind === 'line') return this.lineDoubts(part)
    return [...part.of.flatMap(inner => this.partDoubts(inner)), ...this.groupDoubts(part)]
  }

  private lineDoubts(line: ScoreLine): Doubt[] {
    const { scene, people } = this
    const where = this.words(line)
    const guardPath = [...line.path, 'when']
    if (line.guard && people.none(line.guard))
      return decisionDoubts(line.guard, people, where, { path: guardPath }, scene)
    const guard = line.guard ? decisionDoubts(line.guard, people, where, { path: guardPath }, scene) : []
    const quantity =
      'of' in line.rule
        ? withinDoubts(
            line.rule.of,
            people,
            where,
            { path: [...line.path, line.rule.kind === 'each' ? 'each' : 'by'] },
            scene,
          )
        : []
    const { from, to } = uncapped(line, people)
    if (from === 0 && to === 0)
      return [
        ...guard,
        ...quantity,
        {
          ...this.doubt('warning', 'idle-line', line.path, where, {
            zh: '此行从不加分或减分',
            en: 'this line never gives or takes a point',
          }),
          throughout: true,
        },
      ]
    return [
      ...guard,
      ...quantity,
      ...this.unreachable(line),
      ...this.falling(line),
      ...this.gaps(line),
      ...this.lineCap(line),
    ]
  }

  /** Levels, steps and bands that no value reaches. */
  private unreachable(line: ScoreLine): Doubt[] {
    const reached = this.reached(line, this.people)
    // The conditions of the channel may shut out a level of a table that is used elsewhere too: worth a word only.
    const byAnybody = this.reached(line, this.scene.everybody)
    return [...reached.values()].flatMap(({ place: { path, words }, isReached }) =>
      isReached
        ? []
        : [
            byAnybody.get(path.join())?.isReached
              ? this.doubt('note', 'unreachable-points', path, this.words(line), {
                  zh: `符合此渠道条件的人都不在“${words.zh}”一档`,
                  en: `nobody who meets the conditions of the channel is at "${words.en}"`,
                })
              : this.doubt('warning', 'unreachable-points', path, this.words(line), {
                  zh: `没有人能在“${words.zh}”一档`,
                  en: `nobody can be at "${words.en}"`,
                }),
          ],
    )
  }

  /** The steps of a line as written, and whether some of these people are at them. */
  private reached(line: ScoreLine, people: People) {
    const steps = new Map<string, { place: Written; isReached: boolean }>()
    let carried: Written | undefined
    for (const { step, people: those } of casesOf(line, people)) {
      if (step === undefined) continue
      // A level that is not written has the points of the one below.
      const place: Written | undefined =
        this.written(line, step) ?? (this.isOrdered(line) ? carried : undefined)
      carried = place
      if (!place) continue
      const key = place.path.join()
      steps.set(key, { place, isReached: those !== undefined || steps.get(key)?.isReached === true })
    }
    return steps
  }

  /** @returns undefined for a level that is not written */
  private written(line: ScoreLine, step: number): Written | undefined {
    const { rule } = line
    const { points, bands } = this.rules.score?.[line.id] ?? {}
    const keys = typeof points === 'object' ? Object.keys(points) : []
    const { facts } = this.scene.policy
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
  private falling(line: ScoreLine): Doubt[] {
    const { rule } = line
    if (rule.kind !== 'steps' && (rule.kind !== 'levels' || !this.isOrdered(line))) return []
    const points = rule.kind === 'steps' ? rule.steps.map(step => step.points) : rule.byCode
    const falls = points.flatMap((value, i) => (i > 0 && value < points[i - 1] ? [i] : []))
    const rises = points.filter((value, i) => value > (i > 0 ? points[i - 1] : 0)).length
    if (falls.length >= rises) return []
    return falls.flatMap(step => {
      const place = this.written(line, step)
      return place
        ? [
            this.doubt('note', 'points-fall', place.path, this.words(line), {
              zh: `更高一档“${place.words.zh}”(${points[step]} 分)反而少于前一档(${points[step - 1]} 分)`,
              en: `the higher step "${place.words.en}" has ${points[step]} points, the one below it ${points[step - 1]}`,
            }),
          ]
        : []
    })
  }

  private isOrdered({ rule }: ScoreLine): boolean {
    return rule.kind === 'levels' && this.scene.policy.facts[rule.slot].type.kind === 'ordered'
  }

  private gaps(line: ScoreLine): Doubt[] {
    const { rule } = line
    if (rule.kind !== 'bands') return []
    const unit = rule.of.op === 'fact' ? this.scene.policy.facts[rule.of.slot].unit : undefined
    return gapsOf(rule, this.people).map(gap => {
      const { zh, en } = gap.whole
        ? rangeWords(least(gap), greatest(gap), unit)
        : betweenWords(rule.bands, least(gap), unit)
      return this.doubt('warning', 'bands-gap', [...line.path, 'bands'], this.words(line), {
        zh: `各段之间有空档:${zh}不得分`,
        en: `there is a gap between the bands: ${en} gets no points`,
      })
    })
  }

  private lineCap(line: ScoreLine): Doubt[] {
    const { cap } = line
    if (cap === undefined) return []
    const { from, to } = uncapped(line, this.people)
    if (cap < 0 ? from < cap : to > cap) return []
    return [this.idleCap([...line.path, 'cap'], this.words(line), cap, cap < 0 ? from : to)]
  }

  private groupDoubts(group: ScoreGroup): Doubt[] {
    const { to } = together(group, this.people)
    const where = this.words(group)
    return [
      ...(group.cap < Infinity && to <= group.cap
        ? [this.idleCap([...group.path, 'cap'], where, group.cap, to)]
        : []),
      ...(group.highest ? this.neverHighest(group) : []),
    ]
  }

  /** Members of a "highest" whose points another member always has too. */
  private neverHighest(group: ScoreGroup): Doubt[] {
    const left = new Set(group.of)
    const beaten = [...group.of].reverse().filter(member => {
      const others = [...left].filter(other => other !== member)
      const isBeaten = outcomes(member, this.people).every(({ people, points }) =>
        others.some(other => partPoints(other, people).from >= points.to),
      )
      const idle = partPoints(member, this.people)
      if (isBeaten) left.delete(member)
      // A line of no points at all has been told of.
      return isBeaten && !(member.kind === 'line' && idle.from === 0 && idle.to === 0)
    })
    return beaten.reverse().map(member =>
      this.doubt('warning', 'never-highest', member.path, this.words(member), {
        zh: `在“${this.words(group, '').zh}”取最高时从不高于其他各行`,
        en: `never above the others of "${this.words(group, '').en}", of which the highest counts`,
      }),
    )
  }

  private totalDoubts(tree: ScoreTree): Doubt[] {
    const { people, channel, path } = this
    const { atLeast } = this.points
    const doubts: Doubt[] = tree.factors.flatMap(factor => {
      const where = at(channel.title, { zh: factor.id, en: factor.id })
      if (factor.times === 1)
        return [
          this.doubt('warning', 'idle-factor', factor.path, where, {
            zh: '乘以 1,没有作用',
            en: 'times 1 changes nothing',
          }),
        ]
      return factor.guard
        ? decisionDoubts(factor.guard, people, where, { path: [...factor.path, 'when'] }, this.scene)
        : []
    })
    const { from, to } = unbounded(tree, people)
    const admit = [...path, 'admit']
    const most = Math.max(to, tree.floor)
    if (tree.cap < Infinity && most <= tree.cap)
      doubts.push(this.idleCap([...admit, 'cap'], channel.title, tree.cap, most))
    if (tree.floor > -Infinity && from >= tree.floor)
      doubts.push(
        this.doubt('note', 'idle-floor', [...admit, 'floor'], channel.title, {
          zh: `总分不会低于 ${plainNumber(from)},下限 ${plainNumber(tree.floor)} 从不起作用`,
          en: `the total is never below ${plainNumber(from)}, so the floor of ${plainNumber(tree.floor)} never holds it`,
        }),
      )
    const total = totalPoints(tree, people)
    const threshold = [...admit, 'at_least']
    if (total.to < atLeast)
      doubts.push(
        this.doubt('warning', 'unreachable-threshold', threshold, channel.title, {
          zh: `最多只能得 ${plainNumber(total.to)} 分,无人能达到 ${plainNumber(atLeast)} 分`,
          en: `no score is above ${plainNumber(total.to)}, so nobody reaches ${plainNumber(atLeast)}`,
        }),
      )
    if (atLeast > -Infinity && total.from >= atLeast && isKnown(tree, people))
      doubts.push(
        this.doubt('warning', 'idle-threshold', threshold, channel.title, {
          zh: `最少也有 ${plainNumber(total.from)} 分,人人达到 ${plainNumber(atLeast)} 分`,
          en: `no score is below ${plainNumber(total.from)}, so everybody reaches ${plainNumber(atLeast)}`,
        }),
      )
    return doubts
  }

  private idleCap(path: string[], where: Text, cap: number, most: number): Doubt {
    const [bound, reached] = [plainNumber(cap), plainNumber(most)]
    return this.doubt('note', 'idle-cap', path, where, {
      zh: `${cap < 0 ? '最多扣到' : '最多得'} ${reached} 分,上限 ${bound} 从不起作用`,
      en: `never ${cap < 0 ? 'below' : 'above'} ${reached}, so the cap of ${bound} never holds it`,
    })
  }

  /** `points scheme: education`. */
  private words({ id, title }: ScorePart, channel: string | Text = this.channel.title): Text {
    const name = title ?? { zh: id, en: id }
    return channel === '' ? name : at(channel, name)
  }

  private doubt(
    severity: Doubt['severity'],
    code: string,
    path: readonly string[],
    where: Text,
    message: Text,
  ): Doubt {
    return { severity, code, path, message: at(where, message) }
  }
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
