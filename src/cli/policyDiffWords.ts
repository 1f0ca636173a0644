/** The changes from one policy to another, for people. */
import { formatMonth } from '../evidence/month.js'
import type { Change, Effect, LawOf } from '../policy/diff.js'
import { plainNumber } from '../policy/words.js'
import type { Lang, Text } from '../reading/text.js'
import { wrap } from '../report/lines.js'
import { renderTable } from '../report/terminal.js'
import type { Terminal } from './verb.js'

const EFFECTS: Record<Effect, Text> = {
  looser: { zh: '(放宽)', en: ' (looser)' },
  tighter: { zh: '(收紧)', en: ' (tighter)' },
  unclear: { zh: '(松紧不定)', en: ' (effect unclear)' },
  none: { zh: '(对谁都没有影响)', en: ' (makes no difference to anybody)' },
}

const labelOf = ({ part, effect }: Change, lang: Lang): string =>
  effect === 'none' && ['clause', 'fact', 'group'].includes(part) ? '' : EFFECTS[effect][lang]

/** Long lines go on under their beginning, two columns further in. */
export function paragraphs({ print, width }: Terminal) {
  return (text: string) => {
    const indent = /^ */.exec(text)![0]
    const [first, ...more] = wrap(text.trimStart(), Math.max(20, width - indent.length - 2))
    print(indent + first)
    for (const line of more) print(`${indent}  ${line}`)
  }
}

/** @param unasked some law changes over time and no month was named */
export function printChanges(
  [a, b]: readonly [LawOf, LawOf],
  changes: readonly Change[],
  unasked: boolean,
  terminal: Terminal,
): void {
  const { lang, print } = terminal
  const zh = lang === 'zh'
  const say = paragraphs(terminal)
  const title = ({ policy, law }: LawOf) =>
    `${formatMonth(law.month)} ${policy.title[lang]}${zh ? `(${policy.id})` : ` (${policy.id})`}`
  say(`${zh ? '原规定' : 'Old law'}  ${title(a)}`)
  say(`${zh ? '新规定' : 'New law'}  ${title(b)}`)
  if (unasked)
    say(
      zh
        ? '  未指定月份:各按最近一次修订后的规定。'
        : '  No month was named: each law stands as last amended (--at MONTH, or NAME@MONTH).',
    )
  if (changes.length === 0) {
    print('')
    say(zh ? '含义没有差别。' : 'No difference in meaning.')
    return
  }
  const titles = new Map([a, b].flatMap(({ law }) => law.channels.map(({ id, title }) => [id, title])))
  const whole = changes.filter(({ part }) => part === 'channel')
  const section = (heading: string, list: readonly Change[], withEffect = true) => {
    if (list.length === 0) return
    print('')
    say(heading)
    for (const each of list) printChange(each, withEffect, terminal)
  }
  section(
    zh ? '关闭的渠道' : 'Channels closed',
    whole.filter(({ kind }) => kind === 'removed'),
    false,
  )
  section(
    zh ? '新开的渠道' : 'Channels opened',
    whole.filter(({ kind }) => kind === 'added'),
    false,
  )
  const rest = changes.filter(({ part }) => part !== 'channel')
  for (const id of new Set(rest.flatMap(({ channel }) => channel ?? []))) {
    const name = titles.get(id)?.[lang] ?? id
    section(
      name === id ? id : zh ? `${name}(${id})` : `${name} (${id})`,
      rest.filter(({ channel }) => channel === id),
    )
  }
  const other = rest.filter(({ channel }) => channel === undefined)
  section(
    zh ? '待遇' : 'Entitlements',
    other.filter(({ part }) => part === 'entitlement'),
  )
  const facts = other.filter(({ part }) => part === 'fact')
  section(
    zh ? '两者另设、含义不同的事实' : 'Facts that both add and mean differently',
    facts.filter(({ kind }) => kind === 'changed'),
  )
  const names = (kind: Change['kind']) =>
    facts.filter(change => change.kind === kind).map(({ subject }) => subject[lang])
  const alone = (heading: string, labels: string[]) => {
    if (labels.length === 0) return
    print('')
    say(heading)
    say(`  ${labels.join(zh ? '、' : ', ')}`)
  }
  alone(zh ? '只有原政策另设的事实' : 'Facts that the old policy alone adds', names('removed'))
  alone(zh ? '只有新政策另设的事实' : 'Facts that the new policy alone adds', names('added'))
}

function printChange(change: Change, withEffect: boolean, terminal: Terminal): void {
  const { lang, width, print } = terminal
  const say = paragraphs(terminal)
  const { table, words, subject, part, kind, channel, rules } = change
  const label = withEffect ? labelOf(change, lang) : ''
  if (table && table.length > 1) {
    say(`  · ${subject[lang]}${label}${lang === 'zh' ? ':' : ':'}`)
    const rows = table.map(({ level, before, after }) => [
      level[lang],
      plainNumber(before),
      '→',
      plainNumber(after),
    ])
    const columns = (['left', 'right', 'left', 'right'] as const).map(align => ({ header: '', align }))
    for (const line of renderTable(columns, rows, { width: width - 6 }).slice(1)) print(`      ${line}`)
  } else if (part === 'channel') {
    say(
      `  ${kind === 'added' ? '+' : '−'} ${subject[lang]}${lang === 'zh' ? `(${channel})` : ` (${channel})`}`,
    )
    for (const rule of rules ?? []) say(`      ${rule[lang]}`)
  } else say(`  · ${words[lang]}${label}`)
}
