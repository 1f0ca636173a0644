/** One difference between two laws, and what it does to those who want in. */
import type { Text } from '../../reading/text.js'

/**
 * For who may register: `looser` shuts nobody out who was let in, `tighter` lets nobody in who was shut out, `none`
 * neither; `unclear` where the text does not show it. Places are another matter: among those who may, they decide.
 */
export type Effect = 'looser' | 'tighter' | 'unclear' | 'none'

export type Part =
  | 'channel'
  | 'prerequisite'
  | 'veto'
  | 'condition'
  | 'line'
  | 'group'
  | 'factor'
  | 'score'
  | 'threshold'
  | 'selection'
  | 'quota'
  | 'rounds'
  | 'rank'
  | 'brings'
  | 'clause'
  | 'legacy'
  | 'entitlement'
  | 'fact'

/** One step of a table of points whose value differs. */
export interface Step {
  level: Text
  before: number
  after: number
}

export interface Change {
  /** Id of the channel; absent for what belongs to none. */
  channel?: string
  part: Part
  /** Id of the line, gate, group, fact, service … */
  name?: string
  kind: 'added' | 'removed' | 'changed'
  /** What the rule is about, in the planner's words. */
  subject: Text
  before?: Text
  after?: Text
  effect: Effect
  /** Of a table of points: the steps that differ. */
  table?: Step[]
  /** Of a channel that opens or closes: what it asks and gives, one by one. */
  rules?: Text[]
  /** The whole change as a sentence. */
  words: Text
}

/** Made by each comparison of a part; at least one of `before` and `after` is there. */
export function change(made: Omit<Change, 'kind' | 'words'>): Change {
  const { subject, before, after } = made
  const kind = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed'
  return { ...made, kind, words: { zh: said('zh'), en: said('en') } }

  function said(lang: keyof Text): string {
    const colon = lang === 'zh' ? ':' : ': '
    const about = subject[lang]
    if (kind === 'changed') return `${about}${colon}${before![lang]} → ${after![lang]}`
    const word = { added: { zh: '新增', en: 'new' }, removed: { zh: '取消', en: 'gone' } }[kind][lang]
    const what = (after ?? before)![lang]
    return `${word}${colon}${about}${what === '' ? '' : colon + what}`
  }
}

/** Another text of law for the same rule. @param where the rule that it is the clause of; the channel's own without */
export function clauseChange(
  about: Pick<Change, 'channel' | 'name'>,
  before: string | undefined,
  after: string | undefined,
  where?: Text,
): Change[] {
  if (before === after) return []
  return [
    change({
      ...about,
      part: 'clause',
      subject: where ? { zh: `${where.zh}·条款`, en: `${where.en}, clause` } : { zh: '条款', en: 'clause' },
      before: same(before ?? '–'),
      after: same(after ?? '–'),
      effect: 'none',
    }),
  ]
}

/** The effect seen from the other side. */
export const reversed = (effect: Effect): Effect =>
  effect === 'looser' ? 'tighter' : effect === 'tighter' ? 'looser' : effect

/** More of it lets more in. */
export const more = (before: number, after: number): Effect =>
  after > before ? 'looser' : after < before ? 'tighter' : 'none'

/** More of it lets fewer in. */
export const less = (before: number, after: number): Effect => more(after, before)

/** Of several changes at once. */
export function together(effects: readonly Effect[]): Effect {
  const said = new Set(effects.filter(effect => effect !== 'none'))
  return said.size === 0 ? 'none' : said.size === 1 ? [...said][0] : 'unclear'
}

export const same = (text: string): Text => ({ zh: text, en: text })

/** Words side by side in each language. */
export const joined = (parts: readonly Text[], zh: string, en: string): Text => ({
  zh: parts.map(part => part.zh).join(zh),
  en: parts.map(part => part.en).join(en),
})

/** What is in only one of two lists comes with `undefined` for the other; in the order of the first, then the second. */
export function paired<T>(
  before: Readonly<Record<string, T>>,
  after: Readonly<Record<string, T>>,
): [id: string, before: T | undefined, after: T | undefined][] {
  const ids = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return ids.map(id => [id, before[id], after[id]])
}

/** Something said behind it in each language. */
export const affix = ({ zh, en }: Text, tail: string, enTail = tail): Text => ({
  zh: zh + tail,
  en: en + enTail,
})
