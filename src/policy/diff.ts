/**
 * Two laws compared by what they mean, clause by clause, with the direction of each change as far as it can be proved.
 * What is only spelling – order, spaces, another way of writing the same condition or table – is no difference.
 */
import type { Area } from '../pack/pack.js'
import type { Text } from '../reading/text.js'
import { admissionChanges } from './diff/admission.js'
import { change, clauseChange, joined, more, paired, same, type Change, type Effect } from './diff/change.js'
import { conditionChanges, conditionsInWords } from './diff/conditions.js'
import { factChanges } from './diff/declared.js'
import { entitlementChanges } from './diff/entitlements.js'
import { commonGround, type Ground, type LawOf, type Side } from './diff/ground.js'
import { pointsChanges, pointsInWords } from './diff/ledger.js'
import { SCOPES, type CompiledChannel, type Law, type Legacy } from './policy.js'
import { SCOPE_WORDS, SELECTION_WORDS } from './words.js'

export type { Change, Effect, Part, Step } from './diff/change.js'
export type { LawOf } from './diff/ground.js'

/**
 * What differs from law `a` to law `b`: channels in the order of `a`, then those of `b` alone, then what belongs to
 * none. Channels, lines, groups, gates and facts are the same where their names are.
 *
 * @param areas with which both laws were compiled
 * @returns nothing where both mean the same
 */
export function diffLaws(a: LawOf, b: LawOf, areas: readonly Area[]): Change[] {
  const { ground, sides } = commonGround(a, b, areas)
  const byId = ({ channels }: Law) => Object.fromEntries(channels.map(channel => [channel.id, channel]))
  return [
    ...paired(byId(a.law), byId(b.law)).flatMap(([id, x, y]) =>
      x && y
        ? channelChanges(id, [x, y], sides, ground)
        : [wholeChannel((y ?? x)!, y !== undefined, sides, ground)],
    ),
    ...legacyChanges(a.law.legacy, b.law.legacy),
    ...entitlementChanges(a.law.entitlements, b.law.entitlements, areas),
    ...factChanges(sides, ground),
  ]
}

function channelChanges(
  id: string,
  channels: readonly [CompiledChannel, CompiledChannel],
  sides: readonly [Side, Side],
  ground: Ground,
): Change[] {
  const [a, b] = channels
  const changes = [
    ...conditionChanges(id, channels, sides, ground),
    ...pointsChanges(id, channels, sides, ground),
    ...admissionChanges(id, channels, sides, ground),
  ]
  if (a.brings !== b.brings)
    changes.push(
      change({
        channel: id,
        part: 'brings',
        subject: { zh: '随迁', en: 'may bring' },
        before: SCOPE_WORDS[a.brings],
        after: SCOPE_WORDS[b.brings],
        effect: more(SCOPES.indexOf(a.brings), SCOPES.indexOf(b.brings)),
      }),
    )
  return [...changes, ...clauseChange({ channel: id }, a.clause, b.clause)]
}

function wholeChannel(
  channel: CompiledChannel,
  opened: boolean,
  sides: readonly [Side, Side],
  ground: Ground,
): Change {
  const { id, title, clause, brings, selection, points } = channel
  const asked = conditionsInWords(channel, sides[opened ? 1 : 0], ground)
  const rules: Text[] = [
    same(clause),
    ...(asked.length > 0 ? asked : points ? [] : [{ zh: '人人可走', en: 'open to everybody' }]),
    ...(points ? [pointsInWords(points)] : []),
    ...(selection === 'open' ? [] : [SELECTION_WORDS[selection]]),
    { zh: `随迁:${SCOPE_WORDS[brings].zh}`, en: `may bring ${SCOPE_WORDS[brings].en}` },
  ]
  const said = joined(rules, ';', '; ')
  return change({
    channel: id,
    part: 'channel',
    subject: title,
    rules,
    ...(opened ? { after: said } : { before: said }),
    effect: opened ? 'looser' : 'tighter',
  })
}

const LEGACY: Text = { zh: '旧规定的延续', en: 'what outlives the former channel' }

function legacyChanges(a: readonly Legacy[], b: readonly Legacy[]): Change[] {
  const byChannel = (rights: readonly Legacy[]) =>
    Object.fromEntries(rights.map(right => [right.channel, right]))
  const say = ({ months, who }: Legacy): Text => ({
    zh: `此前已${who === 'applied' ? '申请' : '符合'}者 ${months} 个月内仍可办理`,
    en: `who had ${who === 'applied' ? 'applied' : 'qualified'} may still register for ${months} months`,
  })
  return paired(byChannel(a), byChannel(b)).flatMap(([channel, x, y]): Change[] => {
    if (x && y && x.months === y.months && x.who === y.who)
      return clauseChange({ channel }, x.clause, y.clause, LEGACY)
    const effect: Effect = !x
      ? 'looser'
      : !y
        ? 'tighter'
        : x.who === y.who
          ? more(x.months, y.months)
          : 'unclear'
    return [
      change({
        channel,
        part: 'legacy',
        subject: LEGACY,
        before: x && say(x),
        after: y && say(y),
        effect,
      }),
    ]
  })
}
