/**
 * Points of a channel held against those of another: lines, factors, the total and the threshold. The score
 * rises with every line and every cap, so a change of one shows its direction whatever the others do.
 */
import type { Text } from '../../reading/text.js'
import type { CompiledChannel } from '../policy.js'
import type { ScoreFactor, ScoreGroup, ScoreTree } from '../score.js'
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
import { groupChanges, groupName, ledgerOf, limitWords, type Ledger } from './groups.js'
import { isGain, isLoss, lineChanges, nameOf, ruleWords, type CommonLine } from './lines.js'
import { meaningOf } from './meaning.js'
import { conditionWords, pointsWords } from './words.js'

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

const neverNegative = ({ lines }: Ledger, ground: Ground): boolean =>
  Object.values(lines).every(line => isGain(line, ground))

function thresholdChange(channel: string, before: number, after: number): Change[] {
  if (before === after) return []
  const say = (atLeast: number): Text =>
    atLeast === -Infinity ? { zh: '无', en: 'none' } : pointsWords(atLeast)
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
