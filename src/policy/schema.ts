/** The form of a policy file: one schema for a rule set without dates, one for a set that amends another. */
import { z } from 'zod'

/** Who comes along when the head registers. Ordered: each contains the one before. */
export const SCOPES = ['none', 'spouse_and_minors', 'direct_kin', 'co_resident_kin'] as const
export type Scope = (typeof SCOPES)[number]

/**
 * How those who pass are let in (model §11). `open`: whoever passes and applies is registered. `quota`: the best
 * within the places of a round. `pool`: as quota, but each round has a stated number of invitations. `lottery`: places
 * by lot among those who pass. `none`: no application; who passes is registered.
 */
export const SELECTIONS = ['open', 'quota', 'pool', 'lottery', 'none'] as const
export type Selection = (typeof SELECTIONS)[number]

const text = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) })

const source = z.strictObject({
  document: z.string().min(1),
  url: z.string().optional(),
  note: text.optional(),
})

const name = z.string().regex(/^[a-z][a-z0-9_-]*$/)

/** A rule that could not be sourced is `assumed`, and every page that shows it says so. */
const grade = z
  .enum(['observed', 'derived', 'assumed'])
  .describe('证据等级:未能查到出处的写 assumed · evidence; what has no source is assumed')

/** What may stand beside any rule. */
const cited = {
  clause: z.string().optional().describe('条款 · the clause it comes from'),
  grade: grade.optional(),
  source: z.string().optional().describe('出处 · where the figure was read'),
  note: text.optional(),
}

const condition = z
  .union([z.string().min(1), z.boolean()])
  .describe('条件(CEL 表达式),true 表示所有人 · a condition in CEL; true for everybody')

const fact = z
  .strictObject({
    label: text.optional(),
    type: z.enum(['boolean', 'number', 'named', 'ordered']),
    unit: z.string().optional(),
    values: z
      .union([z.array(name).min(2), z.record(name, text)])
      .optional()
      .describe('取值,按次序;可附中英文名 · values in order; a map gives each its words'),
    min: z.number().optional(),
    max: z.number().optional(),
    whole: z.boolean().optional().describe('整数 · whole units: 35 is followed by 36'),
    // How a population gives it a value: one of three, or none where only a column of a file does.
    is: z
      .union([z.string().min(1), z.boolean()])
      .optional()
      .describe('由其他事实算出 · made of other facts'),
    window: z
      .strictObject({ of: z.enum(['insured']), months: z.int().min(1).max(64) })
      .optional()
      .describe(
        '最近若干个月(含本月)中参保的月数 · months insured among the last so many, this one included',
      ),
    assume: z
      .strictObject({
        shares: z.record(z.string(), z.number().min(0).max(1)),
        grade: grade.default('assumed'),
        source: z.string().optional(),
        note: text.optional(),
      })
      .optional()
      .describe('假定的取值占比 · assumed shares of persons with each value'),
    grade: grade.optional(),
    source: z.string().optional(),
    note: text.optional(),
  })
  .superRefine((value, context) => {
    const coded = value.type === 'named' || value.type === 'ordered'
    if (coded !== (value.values !== undefined))
      mistake(
        context,
        coded ? '须列出 values' : 'values 只用于 named 和 ordered',
        coded ? 'a named or ordered fact needs its "values"' : '"values" go with named and ordered facts',
      )
    if (value.type !== 'number' && (value.min !== undefined || value.max !== undefined || value.whole))
      mistake(context, 'min、max、whole 只用于数', '"min", "max" and "whole" go with numbers')
    if (value.min !== undefined && value.max !== undefined && value.min > value.max)
      mistake(context, 'min 大于 max', '"min" is above "max"')
    if ([value.is, value.window, value.assume].filter(form => form !== undefined).length > 1)
      mistake(context, 'is、window、assume 只能写一个', 'only one of "is", "window" and "assume"')
    if (value.assume && (value.grade ?? value.source) !== undefined)
      mistake(
        context,
        'assume 的 grade、source 写在 assume 之内',
        'the "grade" and "source" of an assumption stand inside "assume"',
      )
    if (value.window && value.type !== 'number')
      mistake(context, 'window 须是数', 'a fact with a "window" is a number')
  })

const prerequisite = z.strictObject({ ...cited, when: condition })

/** So that no sum of them overflows. */
const points = z.number().min(-1e9).max(1e9)

/** A range of a quantity, both ends within it; an end left out is open. */
const bandOfPoints = z.strictObject({
  from: z.number().optional(),
  to: z.number().optional(),
  points,
  clause: z.string().optional(),
})

const line = z
  .strictObject({
    ...cited,
    title: text.optional(),
    by: z
      .string()
      .optional()
      .describe(
        '按此事实或数量的档次计分(达到即得) · points by its levels; a level or number means "at least"',
      ),
    each: z.string().optional().describe('每一单位计分的数量 · points for each unit of it'),
    when: condition
      .optional()
      .describe(
        '单独写:符合即得分;与 by、each 同写:不符合则不得分 · alone: points where it holds; beside by or each: none where it does not',
      ),
    round: z.enum(['down', 'up', 'nearest']).optional(),
    points: z.union([points, z.record(z.string(), points)]).optional(),
    bands: z
      .array(bandOfPoints)
      .min(1)
      .optional()
      .describe('与 by 同写:按区间计分,两端均含 · beside by: points by ranges, both ends within'),
    cap: z
      .number()
      .optional()
      .describe('上限;负数为扣分下限 · the most it gives; negative: the most it takes'),
  })
  .superRefine((value, context) => {
    if (value.by !== undefined && value.each !== undefined)
      mistake(context, 'by 与 each 只能写一个', 'a line has one of "by" and "each"')
    else if (value.by === undefined && value.each === undefined && value.when === undefined)
      mistake(context, '每行须有 by、each 或 when', 'a line has "by", "each" or "when"')
    else if ((value.points === undefined) === (value.bands === undefined))
      mistake(context, 'points 与 bands 须恰好写一个', 'a line has exactly one of "points" and "bands"')
    else if ((typeof value.points === 'object' || value.bands !== undefined) !== (value.by !== undefined))
      mistake(
        context,
        '有 by 时 points 按档次列出,否则是一个数',
        'with "by", points are listed by level; else they are one number',
      )
    if (value.round !== undefined && value.each === undefined)
      mistake(context, 'round 只用于 each', '"round" goes with "each"')
  })

const group = z
  .strictObject({
    ...cited,
    title: text.optional(),
    of: z.array(z.string()).min(1).describe('积分行或其他组 · names of lines and of other groups'),
    take: z.enum(['highest', 'sum']).describe('取最高或合计 · the highest of them, or their sum'),
    cap: z.number().optional(),
  })
  .readonly()

/** The total, or one group of it, is multiplied where the condition holds. */
const factor = z.strictObject({
  ...cited,
  when: condition.optional(),
  times: z.number().min(0),
})

const places = z.number().min(0)

const round = z.strictObject({
  on: z.string().describe('日期,该月举行 · a date; the round is held in its month'),
  places,
  when: condition.optional(),
  cut_off: z
    .number()
    .optional()
    .describe('公布的最低分,仅供对照 · the published score of the last one let in; decides nothing'),
  source: z.string().optional(),
  note: text.optional(),
})

const admit = z
  .strictObject({
    ...cited,
    select: z
      .enum(SELECTIONS)
      .optional()
      .describe(
        '准入方式 · open, ranked in a quota, pool with invitations, by lot, or none: registered without applying',
      ),
    at_least: z.number().optional().describe('最低分 · the lowest score that passes'),
    quota: z
      .strictObject({ year: places.optional(), areas: z.record(z.string(), places).optional() })
      .optional(),
    rank: z
      .array(z.string().regex(/ (asc|desc)$/))
      .min(1)
      .optional()
      .describe('排名依据,如 score desc · the order: an expression and its direction, such as score desc'),
    rounds: z
      .union([z.array(z.int().min(1).max(12)).min(1), z.array(round).min(1)])
      .optional()
      .describe('轮次:每年的月份,或按日期列出 · months of the year, or rounds by date'),
    ties: z.enum(['draw', 'admit_all', 'admit_none']).optional(),
    spill: z
      .boolean()
      .optional()
      .describe('空余名额归其他地区 · places an area leaves empty go to other areas'),
    valid_months: z.int().min(1).optional().describe('申请有效月数 · months for which an application stands'),
    waits: z
      .boolean()
      .optional()
      .describe('落选者留待下轮(默认) · who is not admitted waits for the next round (default)'),
    unfilled: z
      .enum(['year', 'always', 'never'])
      .optional()
      .describe(
        '未用名额结转:本年、一直、不结转 · unused places: to later rounds of the year, any later round, none',
      ),
    floor: z.number().optional().describe('总分不低于 · the total is not let below this'),
    cap: z.number().optional().describe('总分不高于 · the total is not let above this'),
  })
  .superRefine((value, context) => {
    const { select, quota, rounds, rank } = value
    const limited = quota !== undefined || rounds !== undefined
    if (select !== undefined && ['quota', 'pool', 'lottery'].includes(select) && !limited)
      mistake(
        context,
        `select: ${select} 须有 quota 或 rounds`,
        `"select: ${select}" needs "quota" or "rounds"`,
      )
    if ((select === 'open' || select === 'none') && limited)
      mistake(
        context,
        `select: ${select} 不能有 quota 或 rounds`,
        `"select: ${select}" has neither "quota" nor "rounds"`,
      )
    if (select === 'lottery' && rank !== undefined) mistake(context, '抽签不排名', 'a lottery has no "rank"')
    if (quota !== undefined && typeof rounds?.[0] === 'object')
      mistake(
        context,
        '按日期列出的轮次自带名额,不用 quota',
        'rounds by date have their own places: no "quota"',
      )
  })

const channel = z
  .strictObject({
    title: text.optional(),
    clause: z.string().min(1),
    grade: grade.optional(),
    source: z.string().optional(),
    prerequisites: z.record(name, prerequisite).optional(),
    vetoes: z
      .record(name, prerequisite)
      .optional()
      .describe('一票否决 · one such thing and the applicant is refused'),
    when: condition.optional(),
    score: z.record(name, line).optional(),
    groups: z.record(name, group).optional(),
    factors: z.record(name, factor).optional(),
    admit: admit.optional(),
    brings: z.enum(SCOPES).describe('可随迁者 · who may come along'),
    note: text.optional(),
  })
  .superRefine((value, context) => {
    if (value.when === undefined && value.score === undefined && value.prerequisites === undefined)
      mistake(
        context,
        '须写 when、prerequisites 或 score',
        'a channel needs "when", "prerequisites" or "score"',
      )
    if (value.score !== undefined && value.admit === undefined)
      mistake(context, '有 score 须写 admit', 'a "score" needs "admit"')
    if (value.score === undefined && (value.groups ?? value.factors) !== undefined)
      mistake(context, 'groups、factors 须有 score', '"groups" and "factors" need a "score"')
    if (
      value.score === undefined &&
      (value.admit?.at_least ?? value.admit?.floor ?? value.admit?.cap) !== undefined
    )
      mistake(context, 'at_least、floor、cap 须有 score', '"at_least", "floor" and "cap" need a "score"')
  })

const legacy = z.strictObject({
  clause: z.string().min(1),
  months: z.int().min(1),
  who: z
    .enum(['applied', 'qualified'])
    .describe(
      '此前已申请者,或此前已符合者 · who had applied when the channel closed, or whoever qualified then',
    ),
  grade: grade.optional(),
  note: text.optional(),
})

const entitlement = z
  .object({ claim: z.boolean() })
  .catchall(z.union([z.number(), z.boolean(), z.string(), z.array(z.string())]))

const service = z.strictObject({
  none: entitlement.optional(),
  permit: entitlement.optional(),
  hukou: entitlement.optional(),
  note: text.optional(),
})

const head = { policy: z.string().regex(/^[a-z0-9][a-z0-9-]*$/), title: text, source }

/** A rule set in whole, after amendments are laid over it and dated values resolved. */
export const ruleSet = z.strictObject({
  ...head,
  facts: z.record(name, fact).optional(),
  channels: z.record(name, channel),
  legacy: z
    .record(name, legacy)
    .optional()
    .describe('旧渠道关闭后的延续,按渠道 · what outlives a channel of the rule set before this one'),
  entitlements: z.record(name, service).optional(),
})

const id = z.string().regex(/^[a-z0-9][a-z0-9-]*$/)

/** Changes by path that hold from one date to another, all of them or none. */
export const amendment = z.strictObject({
  amendment: id,
  title: text.optional(),
  source: source.optional(),
  from: z.string().describe('生效日期或月份 · a date or month'),
  to: z.string().optional().describe('最后日期(含) · the last day or month; for good where absent'),
  replaces: z.array(id).min(1).optional().describe('可盖过的修正 · amendments that this one may overrule'),
  set: z.record(z.string(), z.unknown()).refine(paths => Object.keys(paths).length > 0),
})

/** A rule set as another one with some paths changed: as if it had always been so, or from a date on. */
export const extension = z.strictObject({
  ...head,
  extends: z.string().min(1),
  patch: z.record(z.string(), z.unknown()),
  from: z.string().optional(),
  to: z.string().optional(),
  replaces: z.array(id).min(1).optional(),
})

/** Maps whose keys the author chooses: a name that is not there is a slip, unless a patch means to add it. */
export const OPEN_MAPS = [
  'channels',
  'score',
  'groups',
  'factors',
  'prerequisites',
  'vetoes',
  'legacy',
  'entitlements',
  'facts',
  'points',
  'shares',
]

export type RuleSet = z.output<typeof ruleSet>
export type ChannelRules = z.output<typeof channel>
export type LineRules = z.output<typeof line>
export type GroupRules = z.output<typeof group>
export type FactRules = z.output<typeof fact>
export type Amendment = z.output<typeof amendment>

/** What is in force in a month: parts that have not begun, or have ended, are missing. */
export type InForce<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { [K in keyof T]?: InForce<T[K]> }
    : T

function mistake(context: z.RefinementCtx, zh: string, en: string) {
  context.addIssue({ code: 'custom', message: en, params: { zh, en } })
}
