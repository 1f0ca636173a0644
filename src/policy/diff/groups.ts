/**
 * Groups of lines held against those of another table: who is in them, what of them counts, how much at most. What
 * becomes of a line that is new or gone is told with the line.
 */
import type { Text } from '../../reading/text.js'
import type { ScoreGroup, ScorePart, ScoreTree } from '../score.js'
import { plainNumber } from '../words.js'
import {
  affix,
  change,
  clauseChange,
  joined,
  more,
  paired,
  reversed,
  same,
  type Change,
  type Effect,
} from './change.js'
import type { Ground, Side } from './ground.js'
import { commonLine, isGain, nameOf, type CommonLine } from './lines.js'
import { pointsWords } from './words.js'

/** A table of points on common ground. */
export interface Ledger {
  tree: ScoreTree
  lines: Record<string, CommonLine>
  groups: Record<string, ScoreGroup>
  /** Groups that hold a line or group, the outermost first. */
  within: Record<string, ScoreGroup[]>
}

export function ledgerOf(tree: ScoreTree, side: Side): Ledger {
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

export const groupName = ({ title, id }: ScoreGroup): Text => title ?? same(id)

export function groupChanges(channel: string, ledgers: readonly [Ledger, Ledger], ground: Ground): Change[] {
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
    const subject = { zh: `组“${title.zh}”`, en: `group "${title.en}"` }
    if (!x || !y) {
      const [own, other] = y ? [b, a] : [a, b]
      const said = takeWords(group, list(group.of.map(part => part.id)))
      const effect = wrapEffect(group, members(group), own, other, gains)
      return [
        change({
          ...about,
          subject,
          ...(y ? { after: said } : { before: said }),
          effect: y ? effect : reversed(effect),
        }),
      ]
    }
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

export const limitWords = (value: number): Text =>
  Number.isFinite(value) ? pointsWords(value) : { zh: '无', en: 'none' }
