/**
 * Points of a channel held against those of another: lines, groups, factors, the total and the threshold. The score
 * rises with every line and every cap, so a change of one shows its direction whatever the others do.
 */
import type { Text } from '../../reading/text.js'
import type { CompiledChannel } from '../policy.js'
import type { ScoreFactor, ScoreGroup, ScorePart, ScoreTree } from '../score.js'
import { plainNumber } from '../words.js'
import {
  affix,
  change,
  clauseChange,
  joined,
  less,
  more,
  paired,
  reversed,
  same,
  type Change,
  type Effect,
} from './change.js'
import { guardChange } from './conditions.js'
import type { Ground, Side } from './ground.js'
import { commonLine, isGain, isLoss, lineChanges, nameOf, ruleWords, type CommonLine } from './lines.js'
import { meaningOf } from './meaning.js'
import { conditionWords, pointsWords } from './words.js'

interface Ledger {
  tree: ScoreTree
  lines: Record<string, CommonLine>
  groups: Record<string, ScoreGroup>
  /** Groups that hold a line or group, the outermost first. */
  within: Record<string, ScoreGroup[]>
}

type Sides = readonly [Side, Side]

export function pointsChanges(
  id: string,
  channels: readonly [CompiledChannel, CompiledChannel],
  sides: Sides,
  ground: Ground,
): Change[] {
  const [a, b] = channels.map(({ points }) => points)
  if (!a && !b) return []
  const about = { channel: id, subject: { zh: '积分', en: 'points' } }
  if (!a || !b) {
    const limits = (a ?? b)!.atLeast > -Infinity
    const said = pointsInWords((a ?? b)!)
    const effect: Effect = limits ? (b ? 'tighter' : 'looser') : 'none'
    return [change({ ...about, part: 'score', ...(b ? { after: said } : { before: said }), effect })]
  }
  const ledgers: [Ledger, Ledger] = [ledgerOf(a.tree, sides[0]), ledgerOf(b.tree, sides[1])]
  // A score below zero fails a threshold above it, whatever multiplies it.
  const positive = (a.atLeast > 0 && b.atLeast > 0) || ledgers.every(ledger => neverNegative(ledger, ground))
  return [
    ...thresholdChange(id, a.atLeast, b.atLeast),
    ...paired(ledgers[0].lines, ledgers[1].lines).flatMap(([name, x, y]) =>
      x && y
        ? lineChanges(id, x, y, ground)
        : [addedLine(id, name, (x ?? y)!, x ? ledgers[0] : ledgers[1], y !== undefined, ground)],
    ),
    ...groupChanges(id, ledgers, ground),
    ...factorChanges(id, ledgers, sides, positive, ground),
    ...totalChanges(id, a.tree, b.tree),
  ]
}

/** `at least 60 points of 18 lines`. */
export function pointsInWords({ atLeast, tree }: NonNullable<CompiledChannel['points']>): Text {
  const lines = tree.order.length
  return atLeast === -Infinity
    ? { zh: `按 ${lines} 项计分`, en: `${lines} lines count` }
    : {
        zh: `${lines} 项合计不少于 ${plainNumber(atLeast)} 分`,
        en: `at least ${plainNumber(atLeast)} by ${lines} lines`,
      }
}

function ledgerOf(tree: ScoreTree, side: Side): Ledger {
  const ledger: Ledger = { tree, lines: {}, groups: {}, within: {} }
  const visit = (part: ScorePart, within: ScoreGroup[]) => {
    ledger.within[part.id] = within
    if (part.kind === 'line') ledger.lines[part.id] = commonLine(part, side)
    else {
      ledger.groups[part.id] = part
      for (const inner of part.of) visit(inner, [...within, part])
    }
  }
  for (const part of tree.parts) visit(part, [])
  return ledger
}

const neverNegative = ({ lines }: Ledger, ground: Ground): boolean =>
  Object.values(lines).every(line => isGain(line, ground))

function thresholdChange(channel: string, before: number, after: number): Change[] {
  if (before === after) return []
  const say = (atLeast: number): Text =>
    atLeast === -Infinity ? { zh: '无', en: 'none' } : affix(pointsWords(atLeast), '')
  return [
    change({
      channel,
      part: 'threshold',
      subject: { zh: '最低分', en: 'points needed' },
      before: say(before),
      after: say(after),
      effect: less(before, after),
    }),
  ]
}

function addedLine(
  channel: string,
  name: string,
  line: CommonLine,
  { within }: Ledger,
  isNew: boolean,
  ground: Ground,
): Change {
  const [gain, loss] = [isGain(line, ground), isLoss(line, ground)]
  // The highest of a group may be another line: then nothing is lost by this one.
  const effect: Effect =
    gain && loss
      ? 'none'
      : gain
        ? 'looser'
        : loss && !within[name].some(({ highest }) => highest)
          ? 'tighter'
          : 'unclear'
  const group = within[name].at(-1)
  const guard =
    line.guard && line.rule.kind !== 'flag'
      ? conditionWords(meaningOf(line.guard, ground.facts), ground)
      : undefined
  const { cap } = line.line
  const notes: Text[] = [
    ...(guard ? [{ zh: `限:${guard.zh}`, en: `only if ${guard.en}` }] : []),
    ...(cap !== undefined ? [{ zh: `上限 ${plainNumber(cap)}`, en: `at most ${plainNumber(cap)}` }] : []),
    ...(group ? [groupNote(group)] : []),
  ]
  const rule = ruleWords(line, ground)
  const tail = joined(notes, ';', '; ')
  const said = notes.length === 0 ? rule : { zh: `${rule.zh}(${tail.zh})`, en: `${rule.en} (${tail.en})` }
  return change({
    channel,
    part: 'line',
    name,
    subject: nameOf(line, ground),
    ...(isNew ? { after: said } : { before: said }),
    effect: isNew ? effect : reversed(effect),
  })
}

const groupNote = (group: ScoreGroup): Text => {
  const { zh, en } = groupName(group)
  return { zh: `属“${zh}”`, en: `in the group "${en}"` }
}

const groupName = ({ title, id }: ScoreGroup): Text => title ?? same(id)

function groupChanges(channel: string, ledgers: readonly [Ledger, Ledger], ground: Ground): Change[] {
  const [a, b] = ledgers
  const known = (id: string) => id in a.within && id in b.within
  const members = ({ of }: ScoreGroup) => of.map(({ id }) => id).filter(known)
  const name = (id: string): Text => {
    const line = b.lines[id] ?? a.lines[id]
    return line ? nameOf(line, ground) : groupName(b.groups[id] ?? a.groups[id])
  }
  const list = (ids: readonly string[]): Text =>
    ids.length === 0 ? { zh: '无', en: 'none' } : joined(ids.map(name), '、', ', ')
  const gains = (id: string) =>
    ledgers.every(ledger => partLines(ledger, id).every(line => isGain(line, ground)))

  return paired(a.groups, b.groups).flatMap(([id, x, y]): Change[] => {
    const group = (y ?? x)!
    const about = { channel, part: 'group' as const, name: id }
    const title = groupName(group)
    if (!x || !y) {
      const [own, other] = y ? [b, a] : [a, b]
      const said = takeWords(group, list(group.of.map(part => part.id)))
      const effect = wrapEffect(group, members(group), own, other, gains)
      return [
        change({
          ...about,
          subject: affix({ zh: `组“${title.zh}”`, en: `group "${title.en}"` }, ''),
          ...(y ? { after: said } : { before: said }),
          effect: y ? effect : reversed(effect),
        }),
      ]
    }
    const subject = { zh: `组“${title.zh}”`, en: `group "${title.en}"` }
    const changes: Change[] = []
    const [was, is] = [members(x), members(y)]
    if ([...was].sort().join() !== [...is].sort().join())
      changes.push(change({ ...about, subject, before: list(was), after: list(is), effect: 'unclear' }))
    if (x.highest !== y.highest) {
      const effect: Effect = !is.every(gains) ? 'unclear' : y.highest ? 'tighter' : 'looser'
      changes.push(change({ ...about, subject, before: takeName(x), after: takeName(y), effect }))
    }
    if (x.cap !== y.cap) {
      const [before, after] = [x.cap, y.cap].map(limitWords)
      changes.push(
        change({
          ...about,
          subject: affix(subject, '上限', ', limit'),
          before,
          after,
          effect: more(x.cap, y.cap),
        }),
      )
    }
    return [...changes, ...clauseChange({ channel, name: id }, x.clause, y.clause, subject)]
  })
}

const partLines = ({ lines, groups }: Ledger, id: string): CommonLine[] =>
  id in lines
    ? [lines[id]]
    : id in groups
      ? groups[id].of.flatMap(part => partLines({ lines, groups } as Ledger, part.id))
      : []

/** What it does to put parts that counted on their own into a group. */
function wrapEffect(
  { id, cap, highest }: ScoreGroup,
  members: readonly string[],
  own: Ledger,
  other: Ledger,
  gains: (id: string) => boolean,
): Effect {
  if (members.length === 0) return cap < 0 ? 'unclear' : 'none'
  const alone = own.within[id].length === 0 && members.every(member => other.within[member].length === 0)
  if (!alone) return 'unclear'
  if (!highest) return cap === Infinity ? 'none' : 'tighter'
  return members.every(gains) ? 'tighter' : 'unclear'
}

const takeName = ({ highest }: ScoreGroup): Text =>
  highest ? { zh: '取最高', en: 'the highest counts' } : { zh: '合计', en: 'the sum counts' }

const takeWords = (group: ScoreGroup, { zh, en }: Text): Text => {
  const limit =
    group.cap === Infinity
      ? same('')
      : { zh: `,上限 ${plainNumber(group.cap)} 分`, en: `, at most ${plainNumber(group.cap)}` }
  return group.highest
    ? { zh: `${zh}中取最高${limit.zh}`, en: `the highest of ${en}${limit.en}` }
    : { zh: `${zh}合计${limit.zh}`, en: `the sum of ${en}${limit.en}` }
}

const limitWords = (value: number): Text =>
  Number.isFinite(value) ? pointsWords(value) : { zh: '无', en: 'none' }

function factorChanges(
  channel: string,
  [a, b]: readonly [Ledger, Ledger],
  sides: Sides,
  positive: boolean,
  ground: Ground,
): Change[] {
  const byId = ({ tree }: Ledger) => Object.fromEntries(tree.factors.map(factor => [factor.id, factor]))
  const guardOf = ({ guard }: ScoreFactor, side: Side) => guard && side.common(guard)
  const sure = (effect: Effect): Effect => (positive || effect === 'none' ? effect : 'unclear')
  return paired(byId(a), byId(b)).flatMap(([id, x, y]): Change[] => {
    const about = {
      channel,
      part: 'factor' as const,
      name: id,
      subject: { zh: `系数“${id}”`, en: `factor "${id}"` },
    }
    if (!x || !y) {
      const { times } = (x ?? y)!
      const guard = guardOf((x ?? y)!, sides[y ? 1 : 0])
      const when = guard && conditionWords(meaningOf(guard, ground.facts), ground)
      const said = {
        zh: `${when ? `${when.zh}时` : ''}总分乘以 ${plainNumber(times)}`,
        en: `the total times ${plainNumber(times)}${when ? ` if ${when.en}` : ''}`,
      }
      const effect = sure(more(1, times))
      return [
        change({
          ...about,
          ...(y ? { after: said } : { before: said }),
          effect: y ? effect : reversed(effect),
        }),
      ]
    }
    const changes: Change[] = []
    if (x.times !== y.times)
      changes.push(
        change({
          ...about,
          before: same(`× ${plainNumber(x.times)}`),
          after: same(`× ${plainNumber(y.times)}`),
          effect: sure(more(x.times, y.times)),
        }),
      )
    const guard = guardChange(guardOf(x, sides[0]), guardOf(y, sides[1]), ground)
    if (guard) {
      const [up, down] = [x.times >= 1 && y.times >= 1, x.times <= 1 && y.times <= 1]
      const effect = sure(up ? guard.effect : down ? reversed(guard.effect) : 'unclear')
      changes.push(
        change({ ...about, ...guard, subject: affix(about.subject, '·适用于', ', for whom'), effect }),
      )
    }
    return [...changes, ...clauseChange({ channel, name: id }, x.clause, y.clause, about.subject)]
  })
}

function totalChanges(channel: string, a: ScoreTree, b: ScoreTree): Change[] {
  const ends = [
    ['floor', { zh: '总分下限', en: 'least total' }],
    ['cap', { zh: '总分上限', en: 'greatest total' }],
  ] as const
  return ends.flatMap(([end, subject]) =>
    a[end] === b[end]
      ? []
      : [
          change({
            channel,
            part: 'score',
            name: end,
            subject,
            before: limitWords(a[end]),
            after: limitWords(b[end]),
            effect: more(a[end], b[end]),
          }),
        ],
  )
}
