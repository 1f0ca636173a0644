/**
 * Points as a function of a level, a quantity or a count, laid side by side: the steps of a table whose value differs,
 * however either table is written.
 */
import type { Text } from '../../reading/text.js'
import type { Expression } from '../expression/check.js'
import type { FactDefinition } from '../facts.js'
import { after, before, between, both, isEmpty, type Values } from '../ranges.js'
import type { LineRule } from '../score.js'
import { valueWords } from '../words.js'
import type { Step } from './change.js'
import type { Ground } from './ground.js'
import { spanWords } from './words.js'

type Levels = Extract<LineRule, { kind: 'levels' }>
type Scale = Extract<LineRule, { kind: 'steps' | 'bands' }>

/** Every step on which the two tables agree or differ; runs of levels with the same points are one step. */
export function levelSteps(a: Levels, b: Levels, facts: readonly [FactDefinition, FactDefinition]): Step[] {
  const [names, others] = facts.map(({ type }) => ('values' in type ? type.values : []))
  const all = [...names, ...others.filter(name => !names.includes(name))]
  const ordered = facts.every(({ type }) => type.kind === 'ordered')
  const points = (rule: Levels, values: readonly string[], name: string) =>
    rule.byCode[values.indexOf(name)] ?? 0
  const label = (name: string): Text => {
    const fact = names.includes(name) ? 0 : 1
    return valueWords(facts[fact], (fact === 0 ? names : others).indexOf(name))
  }
  const steps: Step[] = []
  for (const name of all) {
    const step = { level: label(name), before: points(a, names, name), after: points(b, others, name) }
    const last = steps.at(-1)
    // An ordered fact carries the points of a level on to those above.
    if (!(ordered && last && last.before === step.before && last.after === step.after)) steps.push(step)
  }
  return steps
}

/** As `levelSteps`, over the ranges of a quantity. */
export function scaleSteps(a: Scale, b: Scale, of: Expression, ground: Ground): Step[] {
  const unit = of.op === 'fact' ? ground.facts[of.slot].unit : undefined
  const all = ground.everybody.values(of)
  const cuts = new Set([...startsOf(a), ...startsOf(b)].filter(start => start > -Infinity))
  const starts = [-Infinity, ...[...cuts].sort((x, y) => x - y)]
  const runs: { before: number; after: number; values: Values }[] = []
  starts.forEach((from, i) => {
    const values = both(between(from, i + 1 < starts.length ? before(starts[i + 1]) : Infinity), all)
    if (isEmpty(values)) return
    const run = { before: pointsAt(a, from), after: pointsAt(b, from), values }
    const last = runs.at(-1)
    if (last && last.before === run.before && last.after === run.after)
      last.values = { ...values, spans: [[last.values.spans[0][0], values.spans.at(-1)![1]]] }
    else runs.push(run)
  })
  return runs.map(({ values, ...points }) => {
    const [from, to] = [values.spans[0][0], values.spans.at(-1)![1]]
    const open = to === all.spans.at(-1)![1] ? Infinity : to
    const below = from === all.spans[0][0] && open < Infinity ? -Infinity : from
    return { level: spanWords([below, open], unit), ...points }
  })
}

/** Where the points change: each holds from here to just before the next. */
const startsOf = (rule: Scale): number[] =>
  rule.kind === 'steps'
    ? rule.steps.map(({ from }) => from)
    : rule.bands.flatMap(({ from, to }) => [from, ...(to < Infinity ? [after(to)] : [])])

function pointsAt(rule: Scale, value: number): number {
  if (rule.kind === 'steps') return rule.steps.findLast(({ from }) => value >= from)?.points ?? 0
  return rule.bands.find(({ from, to }) => value >= from && value <= to)?.points ?? 0
}
