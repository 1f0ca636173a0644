/** What the verbs on rule sets are given: the policy as changed on the line, a month, and the areas of a place. */
import { parseMonth, type Month } from '../evidence/month.js'
import { loadPack } from '../node/packs.js'
import { loadPolicy, withOverrides } from '../node/policies.js'
import type { Area } from '../pack/pack.js'
import { parsePolicyOverride } from '../policy/patch.js'
import type { Policy } from '../policy/policy.js'
import { changeMonths } from '../policy/read.js'
import { InputError, type Finding } from '../reading/finding.js'
import { nearest } from '../reading/nearest.js'
import { RUN } from './options.js'
import type { Given, Option, Verb } from './verb.js'

export const POLICY: Verb['takes'][number] = {
  name: 'policy',
  required: true,
  does: { zh: '政策名称或文件', en: 'Name or file of a policy' },
}

export const POLICY_OPTIONS: Record<string, Option> = {
  at: {
    type: 'string',
    does: {
      zh: '哪个月的规定,如 2015-06(默认最近一次修订后)',
      en: 'Month of the law, e.g. 2015-06 (default: as last amended)',
    },
  },
  pack: {
    type: 'string',
    default: 'zhaoqing',
    does: { zh: '数据包(地区名称由此而来)', en: 'Pack that names the areas' },
  },
  set: RUN.set,
}

/** The policy with the overrides that were typed, the month asked for, and the areas of the place. */
export async function readPolicyInput({
  positionals,
  options,
}: Given): Promise<{ policy: Policy; month: Month; areas: Area[] }> {
  const overrides = ((options.set as string[] | undefined) ?? []).map(text => {
    const override = parsePolicyOverride(text)
    if (override) return override
    throw mistake(
      'wrong-override',
      `这里只能改政策:“${text}”`,
      `Only a policy can be changed here: "${text}"`,
    )
  })
  const original = await loadPolicy(positionals.policy as string)
  for (const { policy } of overrides)
    if (policy !== original.id)
      throw mistake('wrong-override', `政策是“${original.id}”`, `The policy is "${original.id}"`, {
        nearest: nearest(policy, [original.id]),
      })
  const policy = withOverrides(original, overrides)
  const { areas } = await loadPack((options.pack as string | undefined) ?? 'zhaoqing')
  return { policy, month: monthOf(options.at as string | undefined, policy), areas }
}

function monthOf(at: string | undefined, policy: Policy): Month {
  const month = parseMonth(at ?? changeMonths(policy).at(-1) ?? LATEST)
  if (month !== undefined) return month
  throw mistake('wrong-month', `“${at}”不是月份`, `"${at}" is no month`, {
    expected: { zh: '如 2015-06', en: 'such as 2015-06' },
  })
}

/** For a rule set that never changes any month will do. */
const LATEST = '2017-01'

export const mistake = (code: string, zh: string, en: string, more: Partial<Finding> = {}) =>
  new InputError([{ severity: 'error', code, message: { zh, en }, ...more }])
