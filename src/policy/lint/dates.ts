/** Dated values and amendments that never take force, change nothing, or stand against the order of time. */
import type { Month } from '../../evidence/month.js'
import type { Finding } from '../../reading/finding.js'
import type { Text } from '../../reading/text.js'
import { BEFORE_ALL, changesOf, dateInForce, isDate, isDated } from '../dated.js'
import type { Amended, Policy } from '../policy.js'

export function dateFindings(policy: Policy): Finding[] {
  const used = usedDates(policy.tree, [BEFORE_ALL, ...changesOf(policy.tree)])
  return [...overruled(policy), ...datedNodes(policy.tree).flatMap(node => nodeFindings(node, used, policy))]
}

interface DatedNode {
  path: readonly string[]
  dated: Record<string, unknown>
}

function datedNodes(value: unknown, path: readonly string[] = []): DatedNode[] {
  if (typeof value !== 'object' || value === null) return []
  const inner = Object.entries(value).flatMap(([key, node]) => datedNodes(node, [...path, key]))
  return isDated(value) ? [{ path, dated: value }, ...inner] : inner
}

const keyOf = (path: readonly string[]) => path.join('\n')

/** The paths of all dates that are in force in some month. */
function usedDates(tree: unknown, months: readonly Month[]): Set<string> {
  const used = new Set<string>()
  const visit = (value: unknown, month: Month, path: readonly string[]): void => {
    if (typeof value !== 'object' || value === null) return
    if (isDated(value)) {
      const date = dateInForce(value, month, false)
      if (date === undefined) return
      used.add(keyOf([...path, date]))
      visit(value[date], month, [...path, date])
    } else for (const [key, inner] of Object.entries(value)) visit(inner, month, [...path, key])
  }
  for (const month of months) visit(tree, month, [])
  return used
}

function nodeFindings({ path, dated }: DatedNode, used: ReadonlySet<string>, policy: Policy): Finding[] {
  // What amendments laid over one another is in order as it is: they have been judged on their own.
  if (isAmended(path, policy.amendments)) return []
  // Within a date that never takes force nothing does: told of once, there.
  if (path.some((step, i) => isDate(step) && !used.has(keyOf(path.slice(0, i + 1))))) return []
  const name = path.filter(step => !isDate(step)).join('.')
  const tell = (code: string, date: string, message: Text): Finding => ({
    severity: 'warning',
    code,
    ...policy.place([...path, date]),
    message: { zh: `${name}:${message.zh}`, en: `${name}: ${message.en}` },
  })
  const written = Object.keys(dated)
  const dates = [...written].sort()
  const idle = dates.filter(date => !used.has(keyOf([...path, date])))
  const kept = dates.filter(date => !idle.includes(date))
  return [
    ...idle.map(date =>
      tell('never-in-force', date, {
        zh: `${date} 起的值从未生效:同月或更晚的另一值取代了它`,
        en: `the value of ${date} never takes force: a later one has taken its place by then`,
      }),
    ),
    ...written
      .filter((date, i) => i > 0 && date < written[i - 1] && isBelow(policy, path, written[i - 1], date))
      .map(date =>
        tell('dates-out-of-order', date, {
          zh: `${date} 写在更晚的日期之后`,
          en: `${date} stands after a later date`,
        }),
      ),
    ...kept.flatMap((date, i) => {
      const value = dated[date]
      if (i === 0)
        return value === null
          ? [
              tell('ends-before-begin', date, {
                zh: `${date} 终止时尚未生效`,
                en: `it ends on ${date} before it begins`,
              }),
            ]
          : []
      return JSON.stringify(value) === JSON.stringify(dated[kept[i - 1]])
        ? [
            tell('no-change', date, {
              zh: `${date} 起的值与之前相同,没有改变`,
              en: `the value of ${date} is the same as before: nothing changes`,
            }),
          ]
        : []
    }),
  ]
}

/** Does one date stand below another in the same file? A patch adds dates where it stands. */
function isBelow({ place }: Policy, path: readonly string[], first: string, second: string): boolean {
  const [above, below] = [place([...path, first]), place([...path, second])]
  if (above.file !== below.file || above.line === undefined || below.line === undefined) return false
  return below.line > above.line || (below.line === above.line && (below.column ?? 0) > (above.column ?? 0))
}

function isAmended(path: readonly string[], amendments: readonly Amended[]): boolean {
  const plain = path.filter(step => !isDate(step)).join('.')
  const inside = (a: string, b: string) => a === b || a.startsWith(`${b}.`)
  return amendments.some(({ paths }) =>
    paths.some(amended => inside(plain, plainPath(amended)) || inside(plainPath(amended), plain)),
  )
}

const plainPath = (path: string) =>
  path
    .split('.')
    .filter(step => !isDate(step))
    .join('.')

/** Amendments whose every path a later one replaces for the whole of their time. */
function overruled({ amendments, place }: Policy): Finding[] {
  return amendments.flatMap((amended, i) => {
    const { id, from, to = Infinity, paths } = amended
    const over = amendments.slice(i + 1).filter(later => later.from <= from && (later.to ?? Infinity) >= to)
    const gone = paths.every(path =>
      over.some(later => later.paths.some(outer => path === outer || path.startsWith(`${outer}.`))),
    )
    if (!gone) return []
    const by = over.map(later => later.id)
    return [
      {
        severity: 'warning' as const,
        code: 'never-in-force',
        ...place(['amendments', String(i)]),
        message: {
          zh: `修正“${id}”从未生效:之后的“${by.join('、')}”取代了它的全部内容`,
          en: `Amendment "${id}" never takes force: "${by.join('", "')}" replaces all of it`,
        },
      },
    ]
  })
}
