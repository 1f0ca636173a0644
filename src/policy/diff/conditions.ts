/**
 * Conditions of a channel – prerequisites, vetoes and the rest – held against those of another. All of them must hold,
 * so what is asked of one quantity is one condition, wherever it is written; others are matched by what they are about.
 */
import type { Text } from '../../reading/text.js'
import type { Expression } from '../expression/check.js'
import { no, yes } from '../people.js'
import type { CompiledChannel, Condition } from '../policy.js'
import { change, clauseChange, type Change, type Effect, type Part } from './change.js'
import type { Ground, Side } from './ground.js'
import { combined, meaningOf, plainKey, quantitiesOf, textOf, type Meaning } from './meaning.js'
import { conditionWords, setWords, subjectWords } from './words.js'

/** All that is asked about one quantity, or by one condition on several. */
interface Asked {
  meaning: Meaning
  part: Part
  /** Of a gate that has a name. */
  name?: string
  /** Where it is not the channel's. */
  clause?: string
  expressions: Expression[]
}

export function conditionChanges(
  id: string,
  channels: readonly [CompiledChannel, CompiledChannel],
  sides: readonly [Side, Side],
  ground: Ground,
): Change[] {
  const [before, after] = channels.map((channel, i) => askedBy(channel, sides[i], ground))
  const [allBefore, allAfter] = [before, after].map(asked => asked.flatMap(({ expressions }) => expressions))
  const follows = (given: readonly Expression[], asked: Asked): boolean =>
    asked.expressions.every(
      expression => ground.everybody.who([...given.map(yes), no(expression)]) === undefined,
    )
  const changes: Change[] = []
  for (const [a, b] of matched(before, after)) {
    const about = { channel: id, part: (b ?? a)!.part, name: (b ?? a)!.name }
    if (a && b) {
      const [looser, tighter] = [follows(a.expressions, b), follows(b.expressions, a)]
      // Two spellings, or a fact of that name that is another one: said under its own heading.
      const alike = (looser && tighter) || plainKey(textOf(a.meaning)) === plainKey(textOf(b.meaning))
      if (!alike)
        changes.push(change({ ...about, ...pairWords(a, b, ground), effect: effectOf(looser, tighter) }))
      // A condition that moves between the text of a channel and a gate is the same rule.
      else if (a.part === b.part)
        changes.push(...clauseChange(about, a.clause, b.clause, conditionWords(b.meaning, ground)))
    } else if (b)
      changes.push(
        change({
          ...about,
          ...words(b, ground, 'after'),
          effect: follows(allBefore, b) ? 'none' : 'tighter',
        }),
      )
    else if (a)
      changes.push(
        change({ ...about, ...words(a, ground, 'before'), effect: follows(allAfter, a) ? 'none' : 'looser' }),
      )
  }
  return changes
}

/** What a guard, or the condition of a round, has become. @returns undefined where nothing changed */
export function guardChange(
  before: Expression | undefined,
  after: Expression | undefined,
  ground: Ground,
): { before: Text; after: Text; effect: Effect } | undefined {
  const follows = (a: Expression | undefined, b: Expression | undefined) =>
    b === undefined || ground.everybody.who([...(a ? [yes(a)] : []), no(b)]) === undefined
  const [looser, tighter] = [follows(before, after), follows(after, before)]
  if (looser && tighter) return undefined
  const say = (e: Expression | undefined): Text =>
    e ? conditionWords(meaningOf(e, ground.facts), ground) : { zh: '不限', en: 'everybody' }
  if (before && after) {
    const [a, b] = [before, after].map(e => textOf(meaningOf(e, ground.facts)))
    if (plainKey(a) === plainKey(b)) return undefined
  }
  return { before: say(before), after: say(after), effect: effectOf(looser, tighter) }
}

const effectOf = (looser: boolean, tighter: boolean): Effect =>
  looser && tighter ? 'none' : looser ? 'looser' : tighter ? 'tighter' : 'unclear'

/** The conditions of a channel in words. */
export const conditionsInWords = (channel: CompiledChannel, side: Side, ground: Ground): Text[] =>
  askedBy(channel, side, ground).map(asked => {
    const { subject, after } = words(asked, ground, 'after')
    return after.en === '' ? subject : { zh: `${subject.zh}:${after.zh}`, en: `${subject.en}: ${after.en}` }
  })

function askedBy({ conditions, clause }: CompiledChannel, side: Side, ground: Ground): Asked[] {
  const merged = new Map<string, Asked>()
  for (const condition of conditions) {
    if (!condition.expression) continue
    const expression = side.common(condition.expression)
    const meaning = meaningOf(expression, ground.facts)
    // A veto on either of two things refuses for each.
    for (const part of meaning.kind === 'all' ? meaning.parts : [meaning]) {
      const key = part.kind === 'atom' ? part.key : textOf(part)
      const known = merged.get(key)
      if (known) {
        known.meaning = combined('all', [known.meaning, part])
        known.expressions.push(expression)
      } else merged.set(key, { ...kindOf(condition, clause), meaning: part, expressions: [expression] })
    }
  }
  return [...merged.values()]
}

function kindOf({ kind, path, clause }: Condition, own: string): Pick<Asked, 'part' | 'name' | 'clause'> {
  if (kind !== 'prerequisite' && kind !== 'veto') return { part: 'condition' }
  return { part: kind, name: path[3], ...(clause !== own && { clause }) }
}

/** Pairs about the same thing; what is alone comes with `undefined`. In the order of the first, then of the second. */
function matched(
  before: readonly Asked[],
  after: readonly Asked[],
): [Asked | undefined, Asked | undefined][] {
  const partner = new Map<Asked, Asked>()
  const likeness = (a: Asked, b: Asked): number => {
    if (textOf(a.meaning) === textOf(b.meaning)) return 4
    const [x, y] = [a, b].map(({ meaning }) => new Set(quantitiesOf(meaning).map(plainKey)))
    const shared = [...x].filter(quantity => y.has(quantity)).length
    if (shared > 0) return 1 + (2 * shared) / Math.max(x.size, y.size)
    return a.name !== undefined && a.name === b.name && a.part === b.part ? 1 : 0
  }
  const pairs = before
    .flatMap(a =>
      after.map(b => ({
        a,
        b,
        like: likeness(a, b),
        text: [textOf(a.meaning), textOf(b.meaning)].sort().join(),
      })),
    )
    .filter(({ like }) => like > 0)
    .sort((p, q) => q.like - p.like || (p.text < q.text ? -1 : 1))
  for (const { a, b } of pairs)
    if (!partner.has(a) && !partner.has(b)) {
      partner.set(a, b)
      partner.set(b, a)
    }
  return [
    ...before.map((a): [Asked, Asked | undefined] => [a, partner.get(a)]),
    ...after.filter(b => !partner.has(b)).map((b): [undefined, Asked] => [undefined, b]),
  ]
}

const REFUSED: Text = { zh: '一票否决', en: 'refused if' }

function words(asked: Asked, ground: Ground, where: 'before' | 'after') {
  const { meaning, part, expressions } = asked
  if (part === 'veto' && expressions.length === 1 && expressions[0].op === '!') {
    const refused = conditionWords(meaningOf(expressions[0].of, ground.facts), ground)
    return { subject: REFUSED, [where]: refused } as { subject: Text; before: Text; after: Text }
  }
  const empty = { zh: '', en: '' }
  const said =
    meaning.kind === 'atom'
      ? { subject: subjectWords(meaning, ground), [where]: plainYes(setWords(meaning, ground)) }
      : { subject: conditionWords(meaning, ground), [where]: empty }
  return said as { subject: Text; before: Text; after: Text }
}

/** Of a condition that is simply asked for its name says enough. */
const plainYes = (text: Text): Text => (text.en === 'yes' ? { zh: '', en: '' } : text)

function pairWords({ meaning: a }: Asked, { meaning: b }: Asked, ground: Ground) {
  if (a.kind === 'atom' && b.kind === 'atom' && plainKey(a.key) === plainKey(b.key))
    return { subject: subjectWords(b, ground), before: setWords(a, ground), after: setWords(b, ground) }
  return {
    subject: { zh: '条件', en: 'condition' },
    before: conditionWords(a, ground),
    after: conditionWords(b, ground),
  }
}
