/** Where rules and figures come from: sources that are missing, and figures that are assumed. */
import type { Finding } from '../../reading/finding.js'
import type { Text } from '../../reading/text.js'
import { isDate, isDated } from '../dated.js'
import type { Policy } from '../policy.js'

export function sourceFindings(policy: Policy): Finding[] {
  const { source, place } = policy
  const url: Finding[] =
    source.url === undefined
      ? [
          {
            severity: 'note',
            code: 'missing-url',
            ...place(['source']),
            message: { zh: '来源没有网址', en: 'the source has no url' },
          },
        ]
      : []
  const rules = new Sources(policy)
  return [...url, ...rules.findings, ...assumedFigures(rules.figures, policy)]
}

/** The grade that holds at a place of the rules, and where it was given. */
interface Graded {
  grade?: unknown
  path: readonly string[]
}

/** Rules that stand alone in a document, and so have a clause there. */
const RULES = /^channels\.[^.]+\.(?:(?:prerequisites|vetoes|score|factors)\.[^.]+|groups\.[^.]+|admit)$/
/** Of a group or of `admit` these are figures that somebody decided; without them there is nothing to source. */
const DECIDED = ['cap', 'floor', 'at_least', 'quota']
const EXPRESSIONS = new Set(['when', 'each', 'by', 'is'])
/** For comparison only, or no number of the rules. */
const NO_FIGURES = new Set(['cut_off', 'min', 'max', 'note', 'title', 'clause', 'source', 'rank'])

class Sources {
  readonly findings: Finding[] = []
  /** By what each figure of the rules is graded. */
  readonly figures: Graded[] = []

  constructor(private readonly policy: Policy) {
    const { channels, legacy, facts } = policy.tree
    for (const [key, value] of Object.entries({ channels, legacy, facts }))
      this.visit(value, [key], { path: [] })
  }

  private visit(value: unknown, path: readonly string[], above: Graded): void {
    if (typeof value === 'number') this.figures.push(above)
    else if (typeof value === 'string') {
      const key = path.findLast(step => !isDate(step))!
      if (EXPRESSIONS.has(key)) this.figures.push(...numbersIn(value).map(() => above))
    } else if (typeof value === 'object' && value !== null) {
      const node = value as Record<string, unknown>
      const grade = node.grade ?? (path.at(-1) === 'assume' ? 'assumed' : undefined)
      const here = grade === undefined ? above : { grade, path }
      if (!isDated(value)) this.judge(node, path, here.grade)
      for (const [key, inner] of Object.entries(node))
        if (!NO_FIGURES.has(key)) this.visit(inner, [...path, key], here)
    }
  }

  private judge(node: Record<string, unknown>, path: readonly string[], grade: unknown): void {
    const steps = path.filter(step => !isDate(step))
    const name = steps.slice(1).join('.')
    const tell = (severity: Finding['severity'], code: string, message: Text, fix: Text) =>
      this.findings.push({
        severity,
        code,
        ...this.policy.place(path),
        message: { zh: `${name}:${message.zh}`, en: `${name}: ${message.en}` },
        fix,
      })
    const isRule =
      RULES.test(steps.join('.')) &&
      (!/^(groups|admit)$/.test(steps[2]) || DECIDED.some(key => node[key] !== undefined))
    if (isRule && node.clause === undefined && node.source === undefined && grade !== 'assumed')
      tell(
        'warning',
        'missing-clause',
        { zh: '没有条款,也没有来源', en: 'it names neither clause nor source' },
        {
          zh: '写上 clause 或 source;找不到来源则写 grade: assumed。',
          en: 'Give it a clause or a source; where none was found, write grade: assumed.',
        },
      )
    const { zh = '', en = '' } = (node.note ?? {}) as Partial<Text>
    // An assumption has a grade of its own.
    if (grade === undefined && node.assume === undefined && (/假定|假设/.test(zh) || /\bassum/.test(en)))
      tell(
        'note',
        'assumed-in-words-only',
        { zh: '说明中称为假定,但未标出', en: 'its note speaks of an assumption, but no grade does' },
        { zh: '写 grade: assumed,各处才会显示。', en: 'Write grade: assumed, so that every page shows it.' },
      )
  }
}

const numbersIn = (text: string): string[] =>
  [...text.replace(/"[^"]*"|'[^']*'/g, '').matchAll(/(?<![\w.])\d+(?:\.\d+)?/g)].map(([number]) => number)

function assumedFigures(figures: readonly Graded[], { place }: Policy): Finding[] {
  const assumed = figures.filter(({ grade }) => grade === 'assumed')
  if (assumed.length === 0) return []
  const byRule = new Map<string, number>()
  for (const { path } of assumed) {
    const rule = path
      .slice(1)
      .filter(step => step !== 'assume' && !isDate(step))
      .join('.')
    byRule.set(rule, (byRule.get(rule) ?? 0) + 1)
  }
  const rules = [...byRule].map(([rule, count]) => (count === 1 ? rule : `${rule} (${count})`))
  return [
    {
      severity: 'note',
      code: 'assumed-figures',
      ...place(assumed[0].path),
      message: {
        zh: `${figures.length} 个数字中有 ${assumed.length} 个是假定:${rules.join('、')}`,
        en: `${assumed.length} of ${figures.length} figures are assumed: ${rules.join(', ')}`,
      },
    },
  ]
}
