/** The form of a policy file: one schema for a rule set without dates, one for a set that amends another. */
import { z } from 'zod'
import { SCOPES } from './policy.js'

const text = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) })

const source = z.strictObject({
  document: z.string().min(1),
  url: z.string().optional(),
  note: text.optional(),
})

const name = z.string().regex(/^[a-z][a-z0-9_-]*$/)

const fact = z.strictObject({
  label: text.optional(),
  type: z.enum(['boolean', 'number', 'named', 'ordered']),
  unit: z.string().optional(),
  /** Of a named or ordered fact, in order. */
  values: z.array(name).min(2).optional(),
  min: z.number().optional(),
  max: z.number().optional(),
})

/** A condition in CEL; `true` for everybody. */
const condition = z.union([z.string().min(1), z.boolean()])

const prerequisite = z.strictObject({ clause: z.string().optional(), when: condition, note: text.optional() })

const line = z
  .strictObject({
    clause: z.string().optional(),
    /** An ordered fact (a level means "at least") or a named one. */
    by: z.string().optional(),
    /** A quantity: points for each whole unit of it. */
    each: z.string().optional(),
    when: condition.optional(),
    round: z.enum(['down', 'up', 'nearest']).optional(),
    points: z.union([z.number(), z.record(z.string(), z.number())]),
    cap: z.number().optional(),
    note: text.optional(),
  })
  .superRefine((value, context) => {
    const forms = [value.by, value.each, value.when].filter(form => form !== undefined)
    if (forms.length !== 1)
      mistake(
        context,
        '每行须在 by、each、when 中恰好写一个',
        'a line has exactly one of "by", "each" and "when"',
      )
    else if ((typeof value.points === 'object') !== (value.by !== undefined))
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
    of: z.array(z.string()).min(1),
    take: z.enum(['highest', 'sum']),
    cap: z.number().optional(),
    clause: z.string().optional(),
    note: text.optional(),
  })
  .readonly()

const places = z.number().min(0)

const admit = z.strictObject({
  at_least: z.number(),
  quota: z
    .strictObject({ year: places.optional(), areas: z.record(z.string(), places).optional() })
    .optional(),
  /** `score desc`, `months_insured desc`: an expression and its direction. */
  rank: z
    .array(z.string().regex(/ (asc|desc)$/))
    .min(1)
    .optional(),
  rounds: z.array(z.int().min(1).max(12)).min(1).optional(),
  ties: z.enum(['draw', 'admit_all', 'admit_none']).optional(),
  spill: z.boolean().optional(),
  /** The score is not let below this. */
  floor: z.number().optional(),
  note: text.optional(),
})

const channel = z
  .strictObject({
    title: text.optional(),
    clause: z.string().min(1),
    prerequisites: z.record(name, prerequisite).optional(),
    when: condition.optional(),
    score: z.record(name, line).optional(),
    groups: z.record(name, group).optional(),
    admit: admit.optional(),
    brings: z.enum(SCOPES),
    note: text.optional(),
  })
  .superRefine((value, context) => {
    if (value.when === undefined && value.score === undefined && value.prerequisites === undefined)
      mistake(
        context,
        '须写 when、prerequisites 或 score',
        'a channel needs "when", "prerequisites" or "score"',
      )
    if ((value.score === undefined) !== (value.admit === undefined))
      mistake(context, 'score 与 admit 须同时写', '"score" and "admit" go together')
    if (value.groups !== undefined && value.score === undefined)
      mistake(context, 'groups 须有 score', '"groups" need a "score"')
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

/** A rule set in whole, after its dated values are resolved. */
export const ruleSet = z.strictObject({
  ...head,
  facts: z.record(name, fact).optional(),
  channels: z.record(name, channel),
  entitlements: z.record(name, service).optional(),
})

/** A rule set as another one with some paths changed. */
export const amendment = z.strictObject({
  ...head,
  extends: z.string().min(1),
  patch: z.record(z.string(), z.unknown()),
})

/** Maps whose keys the author chooses: a name that is not there is a slip, unless a patch means to add it. */
export const OPEN_MAPS = ['channels', 'score', 'groups', 'prerequisites', 'entitlements', 'facts', 'points']

export type RuleSet = z.output<typeof ruleSet>
export type ChannelRules = z.output<typeof channel>
export type LineRules = z.output<typeof line>
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
