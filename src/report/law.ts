/**
 * The law of a month as readable sections: what `policy show` prints and `policy docs` sets as a page. Words come from
 * the compiled law; clauses, grades and notes from the rules as written. What is assumed says so in its row.
 */
import { formatMonth } from '../evidence/month.js'
import type { Area } from '../pack/pack.js'
import { inForce } from '../policy/dated.js'
import { STATUSES, type CompiledChannel, type Law, type Policy } from '../policy/policy.js'
import type { Expression } from '../policy/expression/check.js'
import type { ChannelRules, FactRules, InForce, RuleSet } from '../policy/schema.js'
import type { ScoreGroup, ScoreLine, ScorePart, ScoreTree } from '../policy/score.js'
import {
  describe,
  plainNumber,
  quantityWords,
  SCOPE_WORDS,
  SELECTION_WORDS,
  valueWords,
  type Vocabulary,
} from '../policy/words.js'
import type { Text } from '../reading/text.js'

/** One rule: what it is about, what it says, and what it stands on. */
export interface LawRow {
  name: Text
  rule: Text
  clause?: string
  /** The figure or the rule was not read in any source. */
  assumed: boolean
  /** Where the figure was read, if it is not where the policy was. */
  source?: string
  note?: Text
}

export interface LawSection {
  /** Id of the channel, where the section is one. */
  channel?: string
  title: Text
  clause?: string
  assumed: boolean
  note?: Text
  parts: { title: Text; rows: LawRow[] }[]
}

type Cited = InForce<{ clause?: string; grade?: string; source?: string; note?: Text; title?: Text }>

const same = (text: string): Text => ({ zh: text, en: text })

export function lawSections(policy: Policy, law: Law, areas: readonly Area[] = []): LawSection[] {
  const rules = inForce(policy.tree, law.month) as InForce<RuleSet>
  const vocabulary: Vocabulary = { facts: policy.facts, areas }
  const sections = law.channels.map(channel =>
    channelSection(channel, rules.channels?.[channel.id] ?? {}, vocabulary),
  )
  const facts = factRows(policy, law, rules, vocabulary)
  if (facts.length > 0)
    sections.push({
      title: { zh: '本政策另设的事实', en: 'Facts that this policy adds' },
      assumed: false,
      parts: [{ title: { zh: '取值来源', en: 'How they are known' }, rows: facts }],
    })
  if (law.legacy.length > 0)
    sections.push({
      title: { zh: '旧规定的延续', en: 'Rights that outlive a closed channel' },
      assumed: false,
      parts: [
        {
          title: { zh: '过渡', en: 'Transition' },
          rows: law.legacy.map(({ channel, months, who, clause }) => ({
            ...cited(rules.legacy?.[channel]),
            name: same(channel),
            clause,
            rule:
              who === 'applied'
                ? { zh: `此前已申请者,${months} 个月内仍可办理`, en: `who had applied, for ${months} months` }
                : { zh: `此前已符合者,${months} 个月内仍可办理`, en: `who qualified, for ${months} months` },
          })),
        },
      ],
    })
  if (Object.keys(law.entitlements).length > 0) sections.push(entitlementSection(law, rules))
  return sections
}

/** How many rules and figures are assumed, of how many. */
export function assumedShare(sections: readonly LawSection[]): { assumed: LawRow[]; all: number } {
  const rows = sections.flatMap(({ parts }) => parts.flatMap(part => part.rows))
  return { assumed: rows.filter(({ assumed }) => assumed), all: rows.length }
}

function channelSection(
  channel: CompiledChannel,
  rules: InForce<ChannelRules>,
  vocabulary: Vocabulary,
): LawSection {
  const parts = [
    {
      title: { zh: '条件(须全部满足)', en: 'Conditions, all of them' },
      rows: conditionRows(channel, rules, vocabulary),
    },
    { title: { zh: '积分', en: 'Points' }, rows: scoreRows(channel, rules, vocabulary) },
    { title: { zh: '准入', en: 'Who is let in' }, rows: admissionRows(channel, rules) },
  ]
  return {
    channel: channel.id,
    title: channel.title,
    clause: channel.clause,
    assumed: rules.grade === 'assumed',
    note: rules.note as Text | undefined,
    parts: parts.filter(({ rows }) => rows.length > 0),
  }
}

const KINDS: Record<string, Text> = {
  prerequisite: { zh: '前提', en: 'gate' },
  veto: { zh: '一票否决', en: 'veto' },
  when: { zh: '条件', en: 'condition' },
}

function conditionRows(
  { conditions, clause }: CompiledChannel,
  rules: InForce<ChannelRules>,
  vocabulary: Vocabulary,
): LawRow[] {
  return conditions.flatMap(condition => {
    if (!condition.expression) return []
    const [, , map, name] = condition.path
    const written =
      map === 'prerequisites'
        ? rules.prerequisites?.[name]
        : map === 'vetoes'
          ? rules.vetoes?.[name]
          : undefined
    const { expression } = condition
    const rule =
      condition.kind === 'veto' && expression.op === '!'
        ? describe(expression.of, vocabulary)
        : describe(expression, vocabulary)
    return [
      {
        ...cited(written as Cited),
        name: KINDS[condition.kind],
        rule,
        ...(condition.clause !== clause && { clause: condition.clause }),
      },
    ]
  })
}

function scoreRows(
  { points }: CompiledChannel,
  rules: InForce<ChannelRules>,
  vocabulary: Vocabulary,
): LawRow[] {
  if (!points) return []
  const { tree } = points
  const rows: LawRow[] = []
  const visit = (part: ScorePart) => {
    if (part.kind === 'group') {
      part.of.forEach(visit)
      rows.push({ ...cited(rules.groups?.[part.id]), name: nameOf(part), rule: groupRule(part) })
    } else rows.push(...lineRows(part, cited(rules.score?.[part.id]), vocabulary))
  }
  tree.parts.forEach(visit)
  for (const { id, guard, times } of tree.factors) {
    const when = guard ? describe(guard, vocabulary) : undefined
    rows.push({
      ...cited(rules.factors?.[id]),
      name: same(id),
      rule: {
        zh: `${when ? `${when.zh}:` : ''}总分乘以 ${plainNumber(times)}`,
        en: `the total times ${plainNumber(times)}${when ? `, if: ${when.en}` : ''}`,
      },
    })
  }
  return [...rows, ...totalRows(tree, rules)]
}

const nameOf = ({ id, title }: ScoreLine | ScoreGroup): Text => title ?? same(id)

/** One row for a line of one value; one for each level, step or band otherwise. */
function lineRows(line: ScoreLine, about: Omit<LawRow, 'name' | 'rule'>, vocabulary: Vocabulary): LawRow[] {
  const { rule, guard, cap } = line
  const only = guard && rule.kind !== 'flag' ? describe(guard, vocabulary) : undefined
  const row = (what: Text, points: number, first: boolean): LawRow => ({
    assumed: about.assumed,
    ...(first && about),
    name: nameOf(line),
    rule: {
      zh: `${what.zh}:${plainNumber(points)} 分${only && first ? `(限:${only.zh})` : ''}`,
      en: `${what.en}: ${plainNumber(points)}${only && first ? ` (only if: ${only.en})` : ''}`,
    },
  })
  const rows = lineCells(line, vocabulary).map(({ what, points }, index) => row(what, points, index === 0))
  if (cap !== undefined)
    rows.push({
      assumed: about.assumed,
      name: nameOf(line),
      rule: {
        zh: `${cap < 0 ? '最多扣' : '上限'} ${plainNumber(Math.abs(cap))} 分`,
        en: `at most ${plainNumber(cap)}`,
      },
    })
  return rows
}

function lineCells({ rule, guard }: ScoreLine, vocabulary: Vocabulary): { what: Text; points: number }[] {
  const { facts, areas } = vocabulary
  switch (rule.kind) {
    case 'flag':
      return [
        { what: guard ? describe(guard, vocabulary) : { zh: '一律', en: 'everybody' }, points: rule.points },
      ]
    case 'each': {
      const round = rule.round && ROUNDING[rule.round]
      const { what, unit } = unitOf(rule.of, vocabulary)
      return [
        {
          what: {
            zh: `${what.zh}每 ${unit.zh}${round ? `(${round.zh})` : ''}`,
            en: `${what.en}: each ${unit.en}${round ? ` (${round.en})` : ''}`,
          },
          points: rule.points,
        },
      ]
    }
    case 'levels': {
      const fact = facts[rule.slot]
      const ordered = fact.type.kind === 'ordered'
      return rule.byCode.flatMap((points, code) => {
        if (points === (ordered && code > 0 ? rule.byCode[code - 1] : 0)) return []
        const value = valueWords(fact, code, areas)
        return [
          {
            what: {
              zh: `${value.zh}${ordered ? '及以上' : ''}`,
              en: `${value.en}${ordered ? ' or above' : ''}`,
            },
            points,
          },
        ]
      })
    }
    case 'steps': {
      const of = describe(rule.of, vocabulary)
      return rule.steps.map(({ from, points }) => ({
        what: { zh: `${of.zh}达到 ${plainNumber(from)}`, en: `${of.en} from ${plainNumber(from)}` },
        points,
      }))
    }
    case 'bands': {
      const of = describe(rule.of, vocabulary)
      return rule.bands.map(({ from, to, points }) => {
        const range =
          from === -Infinity
            ? { zh: `不超过 ${plainNumber(to)}`, en: `up to ${plainNumber(to)}` }
            : to === Infinity
              ? { zh: `${plainNumber(from)} 及以上`, en: `${plainNumber(from)} or more` }
              : same(`${plainNumber(from)}–${plainNumber(to)}`)
        return { what: { zh: `${of.zh} ${range.zh}`, en: `${of.en} ${range.en}` }, points }
      })
    }
  }
}

/** `months / 12` is counted by 12 months, anything else by one. */
function unitOf(of: Expression, vocabulary: Vocabulary): { what: Text; unit: Text } {
  const divided = of.op === '/' && of.right.op === 'constant'
  const what = divided ? of.left : of
  const unit = what.op === 'fact' ? vocabulary.facts[what.slot].unit : undefined
  const size = divided && of.right.op === 'constant' ? of.right.value : 1
  return { what: describe(what, vocabulary), unit: quantityWords(size, unit) }
}

const ROUNDING: Record<'down' | 'up' | 'nearest', Text> = {
  down: { zh: '不足不计', en: 'full ones only' },
  up: { zh: '不足按 1 计', en: 'begun ones count' },
  nearest: { zh: '四舍五入', en: 'rounded' },
}

function groupRule({ of, highest, cap }: ScoreGroup): Text {
  const [zh, en] = (['zh', 'en'] as const).map(lang => of.map(part => nameOf(part)[lang]))
  const limit = Number.isFinite(cap)
    ? { zh: `,上限 ${plainNumber(cap)} 分`, en: `, at most ${plainNumber(cap)}` }
    : same('')
  return highest
    ? { zh: `${zh.join('、')}中取最高${limit.zh}`, en: `the highest of ${en.join(', ')}${limit.en}` }
    : { zh: `${zh.join('、')}合计${limit.zh}`, en: `the sum of ${en.join(', ')}${limit.en}` }
}

function totalRows({ floor, cap }: ScoreTree, { admit }: InForce<ChannelRules>): LawRow[] {
  const rows: LawRow[] = []
  const name = { zh: '总分', en: 'total' }
  if (Number.isFinite(floor))
    rows.push({ ...cited(admit), name, rule: { zh: `不低于 ${floor} 分`, en: `not below ${floor}` } })
  if (Number.isFinite(cap))
    rows.push({ ...cited(admit), name, rule: { zh: `不高于 ${cap} 分`, en: `not above ${cap}` } })
  return rows
}

const TIES = {
  draw: { zh: '仍相同者抽签', en: 'full ties by lot' },
  admit_all: { zh: '并列者全部录取', en: 'all of a tie are admitted' },
  admit_none: { zh: '并列超额者均不录取', en: 'a tie that does not fit is left out' },
}

function admissionRows(
  { selection, points, rounds, brings }: CompiledChannel,
  { admit }: InForce<ChannelRules>,
): LawRow[] {
  const rows: LawRow[] = []
  const add = (name: Text, rule: Text) => rows.push({ ...cited(admit), name, rule })
  add({ zh: '方式', en: 'selection' }, SELECTION_WORDS[selection])
  if (points && Number.isFinite(points.atLeast))
    add({ zh: '最低分', en: 'threshold' }, { zh: `${points.atLeast} 分`, en: `${points.atLeast} points` })
  if (rounds) {
    const { quota, months, dated, rank, ties, spill, validMonths, waits, unfilled } = rounds
    if (quota?.year !== undefined)
      add({ zh: '年度名额', en: 'yearly quota' }, { zh: `${quota.year} 人`, en: `${quota.year} persons` })
    for (const [area, places] of Object.entries(quota?.areas ?? {}))
      add({ zh: `名额·${area}`, en: `quota of ${area}` }, { zh: `${places} 人`, en: `${places} persons` })
    if (months)
      add(
        { zh: '轮次', en: 'rounds' },
        { zh: `每年 ${months.join('、')} 月`, en: `in month ${months.join(', ')} of each year` },
      )
    if (dated)
      add(
        { zh: '轮次', en: 'rounds' },
        {
          zh: `${dated.length} 轮,${formatMonth(dated[0].month)} 至 ${formatMonth(dated.at(-1)!.month)},共 ${total(dated)} 个名额`,
          en: `${dated.length} from ${formatMonth(dated[0].month)} to ${formatMonth(dated.at(-1)!.month)}, ${total(dated)} places in all`,
        },
      )
    if (rank.length > 0)
      add(
        { zh: '排名', en: 'order' },
        {
          zh: `依次按 ${rank.map(({ text, descending }) => `${text}${descending ? '(高者先)' : '(低者先)'}`).join('、')},${TIES[ties].zh}`,
          en: `by ${rank.map(({ text, descending }) => `${text} (${descending ? 'highest' : 'lowest'} first)`).join(', then ')}; ${TIES[ties].en}`,
        },
      )
    if (spill)
      add(
        { zh: '空余名额', en: 'empty places' },
        { zh: '归其他地区的最优者', en: 'go to the best of other areas' },
      )
    if (unfilled !== 'year')
      add(
        { zh: '未用名额', en: 'unused places' },
        unfilled === 'always'
          ? { zh: '结转至以后各轮', en: 'are carried to any later round' }
          : { zh: '作废', en: 'lapse' },
      )
    if (validMonths !== undefined)
      add(
        { zh: '有效期', en: 'validity' },
        { zh: `申请 ${validMonths} 个月内有效`, en: `an application stands for ${validMonths} months` },
      )
    if (!waits) add({ zh: '落选', en: 'not admitted' }, { zh: '须重新申请', en: 'has to apply again' })
  }
  rows.push({ assumed: false, name: { zh: '随迁', en: 'brings' }, rule: SCOPE_WORDS[brings] })
  return rows
}

const total = (rounds: readonly { places: number }[]): number =>
  rounds.reduce((sum, { places }) => sum + places, 0)

function factRows(policy: Policy, law: Law, rules: InForce<RuleSet>, vocabulary: Vocabulary): LawRow[] {
  const writtenOf = (slot: number) => rules.facts?.[policy.facts[slot].name] as InForce<FactRules> | undefined
  const isAssumed = (slot: number): boolean => {
    const written = writtenOf(slot)
    return written?.assume ? written.assume.grade !== 'observed' : written?.grade === 'assumed'
  }
  /** The nearest assumed facts of which a computed one is made. */
  const assumedIn = (slot: number): number[] => {
    const made = law.declared.find(fact => fact.slot === slot)
    return made?.kind === 'computed'
      ? made.reads.flatMap(read => (isAssumed(read) ? [read] : assumedIn(read)))
      : []
  }
  return law.declared.map((fact): LawRow => {
    const definition = policy.facts[fact.slot]
    const written = writtenOf(fact.slot)
    const about = {
      name: definition.label,
      assumed: isAssumed(fact.slot),
      source: written?.source,
      note: written?.note as Text | undefined,
    }
    switch (fact.kind) {
      case 'computed': {
        const rule = describe(fact.expression, vocabulary)
        const leansOn = [...new Set(assumedIn(fact.slot))]
        if (leansOn.length === 0) return { ...about, rule }
        const labels = (lang: 'zh' | 'en') => leansOn.map(slot => policy.facts[slot].label[lang])
        return {
          ...about,
          assumed: true,
          rule: {
            zh: `${rule.zh}(其中假定:${labels('zh').join('、')})`,
            en: `${rule.en} (of this assumed: ${labels('en').join(', ')})`,
          },
        }
      }
      case 'window':
        return {
          ...about,
          rule: {
            zh: `近 ${fact.months} 个月内的参保月数`,
            en: `months insured among the last ${fact.months}`,
          },
        }
      case 'assumed': {
        const shares = (lang: 'zh' | 'en') =>
          fact.shares
            .map(({ value, share }) => `${valueWords(definition, value)[lang]} ${plainNumber(share * 100)}%`)
            .join(lang === 'zh' ? '、' : ', ')
        return {
          ...about,
          rule: { zh: `按占比设定:${shares('zh')}`, en: `by shares: ${shares('en')}` },
          source: written?.assume?.source,
          note: (written?.assume?.note ?? written?.note) as Text | undefined,
        }
      }
      case 'column':
        return { ...about, rule: { zh: '只能由名单的一列给出', en: 'given by a column of a file alone' } }
    }
  })
}

const SERVICES: Record<string, Text> = {
  education: { zh: '义务教育', en: 'compulsory school' },
  housing: { zh: '公共租赁住房', en: 'public rental housing' },
  insurance: { zh: '居民医保', en: 'resident medical insurance' },
}

const STATUS_WORDS: Record<(typeof STATUSES)[number], Text> = {
  none: { zh: '无证', en: 'no permit' },
  permit: { zh: '持居住证', en: 'permit' },
  hukou: { zh: '本地户籍', en: 'registered' },
}

function entitlementSection(law: Law, rules: InForce<RuleSet>): LawSection {
  return {
    title: { zh: '待遇', en: 'Entitlements' },
    assumed: false,
    parts: Object.entries(law.entitlements).map(([service, statuses]) => ({
      title: SERVICES[service] ?? same(service),
      rows: STATUSES.map((status, index): LawRow => {
        const { claim, ...more } = statuses[status]
        const given = Object.entries(more).map(([key, value]) => `${key} ${String(value)}`)
        const detail = given.length > 0 ? ` (${given.join(', ')})` : ''
        return {
          name: STATUS_WORDS[status],
          rule: claim
            ? { zh: `可申请${detail}`, en: `may claim${detail}` }
            : { zh: '不可申请', en: 'no claim' },
          assumed: false,
          ...(index === 0 && { note: rules.entitlements?.[service]?.note as Text | undefined }),
        }
      }),
    })),
  }
}

function cited(written: Cited | undefined): Omit<LawRow, 'name' | 'rule'> {
  return {
    assumed: written?.grade === 'assumed',
    clause: written?.clause,
    source: written?.source,
    note: written?.note as Text | undefined,
  }
}
