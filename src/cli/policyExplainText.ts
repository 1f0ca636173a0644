/** An explanation as text: an answer in one line each, then each channel with its reasons and what would change it. */
import type { ConditionTree, FactValue } from '../policy/explain/conditionTree.js'
import type {
  ExplainedChannel,
  ExplainedProposal,
  ExplainedWait,
  Explanation,
} from '../policy/explain/explain.js'
import type { ExplainedLine } from '../policy/explain/ledger.js'
import { clauseWords, plainNumber, SCOPE_WORDS, SELECTION_WORDS } from '../policy/words.js'
import type { Lang, Text } from '../reading/text.js'
import { wrap } from '../report/lines.js'
import { EXPLANATION_WORDS, type Words } from './policyExplainWords.js'
import type { Terminal } from './verb.js'

/** Proposals of a channel that are read out; the others are counted. */
const READ_OUT = 5

interface Page {
  /** A line at a depth; a long one goes on under its beginning, two columns further in. */
  print(depth: number, text: string): void
  lang: Lang
  words: Words
}

export function printExplanation(explanation: Explanation, { print, lang, width }: Terminal): void {
  const words = EXPLANATION_WORDS[lang]
  const page: Page = {
    lang,
    words,
    print(depth, text) {
      const [first, ...more] = wrap(text, Math.max(20, width - depth - 2))
      print(' '.repeat(depth) + first)
      for (const line of more) print(' '.repeat(depth + 2) + line)
    },
  }
  const { person, policy, at, channels, nearest, waiting } = explanation
  const who = person.id === null ? '' : person.id + words.colon
  page.print(0, `${who}${policy.title[lang]}${words.brackets(at)}`)
  for (const open of [true, null, false] as const) {
    const titles = channels.filter(channel => channel.open === open).map(({ title }) => title[lang])
    if (titles.length > 0)
      page.print(0, `${mark(open)} ${words.summary[`${open}`]}${words.colon}${titles.join(words.list)}`)
    else if (open === true) page.print(0, words.nothing)
  }
  for (const channel of channels) {
    print('')
    printChannel(channel, page)
    const wait = waiting.find(one => one.channel === channel.id)
    if (wait) page.print(2, `${words.waiting}${words.colon}${waitWords(wait, page)}`)
    const proposals = nearest.filter(proposal => proposal.channel === channel.id)
    if (channel.open !== true) printProposals(channel, proposals, wait?.month !== null, page)
  }
  const later = waiting.filter(wait => channels.every(({ id }) => id !== wait.channel))
  if (later.length > 0) print('')
  if (later.length > 0) page.print(0, words.later)
  for (const wait of later) page.print(2, `${wait.title[lang]}${words.colon}${waitWords(wait, page)}`)
}

const MARKS = { true: '✓', false: '✗', null: '?' }
const mark = (holds: boolean | null) => MARKS[`${holds}`]

function printChannel(channel: ExplainedChannel, page: Page) {
  const { words, lang, print } = page
  const { title, clause, open, selection, places, conditions, brings, unknown, fixed } = channel
  print(0, `${mark(open)} ${title[lang]}${words.dash}${words.summary[`${open}`]}`)
  print(2, `${words.basis}${words.colon}${lang === 'zh' ? clauseWords(clause).zh : clause}`)
  if (selection !== 'open') {
    const limits = [
      SELECTION_WORDS[selection][lang],
      ...(places?.year === undefined ? [] : [words.places(places.year)]),
      ...(places?.months ? [words.rounds(places.months)] : []),
      ...(selection === 'none' ? [] : [words.passing]),
    ]
    print(2, `${words.selection}${words.colon}${limits.join(words.semicolon)}`)
  }
  for (const condition of conditions) {
    if (condition.kind === 'score') continue
    const own = condition.clause === clause ? '' : clauseWords(condition.clause)[lang]
    const note = [words.kinds[condition.kind], own].filter(text => text !== '').join(words.colon)
    printCondition(condition, 2, note, page)
  }
  if (channel.ledger) printScore(channel, channel.ledger, page)
  if (unknown.length > 0 && open === null) print(2, `${words.unknown}${words.colon}${labels(unknown, page)}`)
  print(2, `${words.brings}${words.colon}${SCOPE_WORDS[brings][lang]}`)
  if (fixed.length > 0 && open !== true) {
    const reasons = fixed.map(({ label, reason }) => label[lang] + words.brackets(reason[lang]))
    print(2, `${words.fixed}${words.colon}${reasons.join(words.list)}`)
  }
}

const labels = (facts: readonly { label: Text }[], { lang, words }: Page) =>
  facts.map(({ label }) => label[lang]).join(words.list)

function printCondition(
  { holds, words: asked, facts, all, any }: ConditionTree,
  depth: number,
  note: string,
  page: Page,
) {
  const { words, lang, print } = page
  const after = note === '' ? '' : words.brackets(note)
  const line = facts
    ? `${asked[lang]}${words.dash}${nowWords(facts, all === undefined, page)}`
    : all
      ? words.all
      : words.any
  print(depth, `${mark(holds)} ${line}${after}`)
  for (const part of all ?? any ?? []) printCondition(part, depth + 2, '', page)
}

/** The value alone where the condition is about one fact, else each with its label; on demand what it is made of. */
function nowWords(facts: readonly FactValue[], withBasis: boolean, page: Page): string {
  const { words, lang } = page
  if (facts.length === 0) return ''
  const made = withBasis ? facts.flatMap(({ from = [] }) => from) : []
  const values = facts.length === 1 ? facts[0].words[lang] : said(facts, page)
  return words.now(values) + (made.length > 0 ? words.made(said(made, page)) : '')
}

const said = (facts: readonly FactValue[], { words, lang }: Page) =>
  facts.map(fact => fact.label[lang] + words.colon + fact.words[lang]).join(words.list)

function printScore({ score, atLeast }: ExplainedChannel, ledger: readonly ExplainedLine[], page: Page) {
  const { words, lang, print } = page
  const limit = atLeast ?? undefined
  const least = limit === undefined ? '' : plainNumber(limit)
  if (score === null || score === undefined)
    print(2, `? ${words.unscored}${limit === undefined ? '' : words.needed(least)}`)
  else {
    const passes = limit === undefined || score >= limit
    const beside =
      limit === undefined
        ? words.unlimited
        : passes
          ? words.enough(least)
          : words.short(least, plainNumber(limit - score))
    print(2, `${mark(passes)} ${words.score(plainNumber(score))}${beside}`)
  }
  const counts = ({ points, worth }: ExplainedLine) => points !== 0 || worth !== undefined
  for (const { points, title, why } of ledger.filter(counts))
    if (points !== null) print(4, `${words.points(signed(points))}  ${title[lang]}${words.dash}${why[lang]}`)
  const titles = (lines: readonly ExplainedLine[]) =>
    lines.map(({ title }) => title[lang]).join(words.semicolon)
  const [unknown, nothing] = [
    ledger.filter(({ points }) => points === null),
    ledger.filter(line => !counts(line)),
  ]
  if (unknown.length > 0) print(4, `${words.unknownPoints}${words.colon}${titles(unknown)}`)
  if (nothing.length > 0) print(4, `${words.noPoints}${words.colon}${titles(nothing)}`)
}

const signed = (points: number) =>
  points < 0 ? `−${plainNumber(-points)}` : points > 0 ? `+${plainNumber(points)}` : '0'

/** @param waits whether waiting alone does it: then it is no matter that nothing else does */
function printProposals(
  { open }: ExplainedChannel,
  proposals: readonly ExplainedProposal[],
  waits: boolean,
  { words, lang, print }: Page,
) {
  const learnt = ({ changes }: ExplainedProposal) => changes.every(({ by }) => by === 'learn')
  if (proposals.length === 0 && !waits) print(2, open === null ? words.noneUnknown : words.none)
  if (proposals.length === 0) return
  print(2, open === null && learnt(proposals[0]) ? words.learn : words.nearest)
  for (const [index, { changes, month }] of proposals.slice(0, READ_OUT).entries()) {
    const all = changes.map(change => change.words[lang]).join(words.and)
    print(4, `${index + 1}. ${all}${month === undefined ? '' : words.dash + words.thenOpen(month)}`)
  }
  if (proposals.length > READ_OUT) print(4, words.more(proposals.length - READ_OUT))
}

function waitWords(wait: ExplainedWait, page: Page): string {
  const { month, months, assumes, closes, lost, unknown } = wait
  const { words, lang } = page
  if (month === null) {
    const answer = unknown.length > 0 ? words.hangs(labels(unknown, page)) : words.never
    return answer + (lost ? words.lost(lost.condition[lang], lost.month) : '') + words.stop
  }
  if (months === 0) return words.openUntil(closes!) + words.stop
  return (
    words.until(month, months!) +
    (assumes.length > 0 ? words.goOn(labels(assumes, page)) : words.lawAlone) +
    (assumes.some(({ fact }) => fact === 'age') ? words.birthday : '') +
    (closes === undefined ? '' : words.closes(closes)) +
    words.stop
  )
}
