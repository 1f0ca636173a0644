/**
 * Amendments: changes by path that hold from one date to another. Each becomes dated values in the tree, so that the
 * law of a month needs to know nothing of them. All paths of an amendment apply or none; two that touch the same
 * path in the same months contradict each other unless the later one says that it replaces the earlier.
 */
import { formatMonth, parseMonth, type Month } from '../evidence/month.js'
import type { Finding } from '../reading/finding.js'
import { nearest } from '../reading/nearest.js'
import { BEFORE_ALL, firstMonth, inForce, isDated } from './dated.js'
import { resolvePatch, withValue } from './patch.js'
import type { Amended, Place, Policy } from './policy.js'

export interface AmendmentRules {
  id: string
  from: string
  to?: string
  replaces?: readonly string[]
  set: Readonly<Record<string, unknown>>
  /** Where a path in the amendment was written: `from`, or `set` and its keys. */
  place: Place
}

/** What an amendment reads and changes of a policy. */
export type Amendable = Pick<Policy, 'tree' | 'place' | 'amendments'>

/** One amendment laid over a policy. What does not fit is added to `findings`, and nothing of it applies. */
export function amend(policy: Amendable, rules: AmendmentRules, findings: Finding[]): Amendable {
  const mistakes: Finding[] = []
  const { id, set, place } = rules
  const from = firstMonth(rules.from)
  const lastMonth = rules.to === undefined ? undefined : firstMonth(rules.to) && parseMonth(rules.to)
  if (from === undefined) mistakes.push(wrongDate(rules.from, place(['from'])))
  if (rules.to !== undefined && lastMonth === undefined) mistakes.push(wrongDate(rules.to, place(['to'])))
  else if (from !== undefined && lastMonth !== undefined && lastMonth < from)
    mistakes.push({
      severity: 'error',
      code: 'bad-window',
      ...place(['to']),
      message: { zh: `修正“${id}”的终止早于生效`, en: `Amendment "${id}" ends before it takes force` },
    })
  const known = policy.amendments.map(amended => amended.id)
  for (const name of rules.replaces ?? [])
    if (!known.includes(name))
      mistakes.push({
        severity: 'error',
        code: 'unknown-amendment',
        ...place(['replaces']),
        message: { zh: `没有名为“${name}”的修正`, en: `There is no amendment "${name}" before this one` },
        nearest: nearest(name, known),
      })
  if (known.includes(id))
    mistakes.push({
      severity: 'error',
      code: 'duplicate-id',
      ...place([]),
      message: { zh: `修正“${id}”重复`, en: `Two amendments are called "${id}"` },
    })
  if (mistakes.length > 0 || from === undefined) {
    findings.push(...mistakes)
    return policy
  }
  const window = { id, from, to: lastMonth, paths: Object.keys(set) }
  mistakes.push(...conflicts(window, policy.amendments, rules))
  let result: Amendable = policy
  for (const [path, value] of Object.entries(set)) {
    const keys = path.split('.')
    const fits = resolvePatch(
      result.tree,
      keys,
      { path, value, place: at(rules, path), mayAdd: true },
      mistakes,
    )
    if (!fits) continue
    const dated = overlaid(fits.before, fits.after, rules.from, window)
    if (mistakes.length === 0) mistakes.push(...inTheWay(fits.before, path, window, rules))
    if (isSame(fits.before, dated, window)) mistakes.push(noChange(path, fits.after, at(rules, path)([])))
    result = {
      ...result,
      tree: withValue(result.tree, keys, dated) as Policy['tree'],
      place: amendedPlace(result.place, keys, rules, path, isDated(fits.before) ? fits.before : {}),
    }
  }
  if (mistakes.length > 0) {
    findings.push(...mistakes)
    return policy
  }
  return { ...result, amendments: [...policy.amendments, window] }
}

const ALWAYS = formatMonth(BEFORE_ALL)

/** What was there, except from the amendment's month to its last. */
function overlaid(before: unknown, after: unknown, from: string, { from: first, to }: Amended) {
  const earlier = isDated(before) ? before : before === undefined ? {} : { [ALWAYS]: before }
  const outside = Object.entries(earlier).filter(([date]) => {
    const month = firstMonth(date)!
    return month < first || (to !== undefined && month > to)
  })
  const again = to === undefined ? undefined : formatMonth(to + 1)
  const resumes =
    again === undefined || outside.some(([date]) => firstMonth(date) === to! + 1)
      ? []
      : [[again, before === undefined ? null : (inForce(earlier, to! + 1) ?? null)]]
  return Object.fromEntries([...outside, [from, after], ...resumes]) as Record<string, unknown>
}

function isSame(before: unknown, after: unknown, { from, to }: Amended): boolean {
  const text = (value: unknown, month: Month) => JSON.stringify(inForce({ value }, month))
  const months = [from, ...(to === undefined ? [] : [to])]
  return months.every(month => text(before, month) === text(after, month))
}

/** Dates that the author of the rules wrote within the window: the amendment would hide them. */
function inTheWay(
  before: unknown,
  path: string,
  { id, from, to }: Amended,
  rules: AmendmentRules,
): Finding[] {
  if (!isDated(before) || rules.replaces) return []
  return Object.keys(before)
    .filter(date => firstMonth(date)! > from && (to === undefined || firstMonth(date)! <= to))
    .map(date => ({
      severity: 'error',
      code: 'amendments-conflict',
      ...at(rules, path)([]),
      message: {
        zh: `修正“${id}”会盖过“${path}”自 ${date} 起的规定`,
        en: `Amendment "${id}" would hide what "${path}" says from ${date} on`,
      },
      fix: {
        zh: `给修正写上 to,或用路径“${path}.${date}”改那个日期的值`,
        en: `Give the amendment a "to", or change that date's value by the path "${path}.${date}"`,
      },
    }))
}

function conflicts(window: Amended, earlier: readonly Amended[], rules: AmendmentRules): Finding[] {
  return earlier
    .filter(({ id }) => !rules.replaces?.includes(id))
    .filter(other => (other.to ?? Infinity) >= window.from && (window.to ?? Infinity) >= other.from)
    .flatMap(other =>
      window.paths
        .filter(path => other.paths.some(touched => isWithin(path, touched) || isWithin(touched, path)))
        .map(path => ({
          severity: 'error' as const,
          code: 'amendments-conflict',
          ...at(rules, path)([]),
          message: {
            zh: `修正“${window.id}”(${span(window)})与“${other.id}”(${span(other)})都改动“${path}”`,
            en: `Amendments "${window.id}" (${span(window)}) and "${other.id}" (${span(other)}) both change "${path}"`,
          },
          fix: {
            zh: `写 replaces: [${other.id}],或使两者的时段不重叠`,
            en: `Write replaces: [${other.id}], or keep their months apart`,
          },
        })),
    )
}

const isWithin = (path: string, outer: string) => path === outer || path.startsWith(`${outer}.`)

const span = ({ from, to }: Amended) =>
  `${formatMonth(from)} … ${to === undefined ? '' : formatMonth(to)}`.trim()

const at =
  ({ place }: AmendmentRules, path: string): Place =>
  (rest, index) =>
    place(['set', path, ...rest], index)

/** The amendment's own value was written there; what it resumes stands where it always stood. */
function amendedPlace(
  before: Place,
  keys: readonly string[],
  rules: AmendmentRules,
  path: string,
  earlier: Record<string, unknown>,
): Place {
  return (asked, index) => {
    if (!keys.every((key, i) => asked[i] === key)) return before(asked, index)
    const [date, ...rest] = asked.slice(keys.length)
    if (date === undefined || date === rules.from) return at(rules, path)(rest, index)
    return before(date in earlier ? asked : [...keys, ...rest], index)
  }
}

const wrongDate = (date: string, place: ReturnType<Place>): Finding => ({
  severity: 'error',
  code: 'wrong-date',
  ...place,
  message: { zh: `“${date}”不是日期`, en: `"${date}" is no date` },
  expected: { zh: '如 2012-01-01 或 2012-01', en: 'such as 2012-01-01 or 2012-01' },
})

const noChange = (path: string, value: unknown, place: ReturnType<Place>): Finding => ({
  severity: 'error',
  code: 'no-op-patch',
  ...place,
  message: { zh: `“${path}”没有改变任何内容`, en: `"${path}" changes nothing` },
  fix: { zh: `当时已是 ${JSON.stringify(value)}。`, en: `It is ${JSON.stringify(value)} then already.` },
})
