/** What points a ledger can give: of each line case by case, then of groups and of the whole. */
import type { Expression } from '../expression/check.js'
import { no, yes, type Claim, type People } from '../people.js'
import { among, between, greatest, isEmpty, least, type Values } from '../ranges.js'
import {
  ROUND,
  toMillionths,
  type LineRule,
  type ScoreGroup,
  type ScoreLine,
  type ScorePart,
  type ScoreTree,
} from '../score.js'

export interface Points {
  from: number
  to: number
}

/** One of the ways in which a line comes to its points: a level, a step, a band; or to none. */
export interface Case {
  /** The key under `points`, or the place among `bands` by their lower ends. @see written */
  step?: number
  /** Who is in this case; undefined where nobody can be. */
  people?: People
  /** Before the line's cap. */
  points: Points
}

const NONE: Points = { from: 0, to: 0 }

/** Every case of a line, the one that its guard fails included: everybody among `people` is in one of them. */
export function casesOf(line: ScoreLine, people: People): Case[] {
  const { guard } = line
  const within = guard ? people.who([yes(guard)]) : people
  const outside = guard && people.who([no(guard)])
  return [
    ...stepsOf(line.rule).map(({ claims, ...step }) => {
      const those = within?.who(claims)
      return { ...step, people: those, points: those ? pointsOf(line.rule, step.points, those) : NONE }
    }),
    ...(outside ? [{ people: outside, points: NONE }] : []),
  ]
}

interface Step {
  step?: number
  claims: Claim[]
  points: number
}

function stepsOf(rule: LineRule): Step[] {
  switch (rule.kind) {
    case 'flag':
    case 'each':
      return [{ claims: [], points: rule.points }]
    case 'levels':
      return rule.byCode.map((points, code) => ({
        step: code,
        claims: [yes({ op: 'in', of: { op: 'fact', slot: rule.slot }, values: [code] })],
        points,
      }))
    case 'steps': {
      const reached = (i: number) => atLeast(rule.of, rule.steps[i].from)
      const below = rule.steps.length === 0 ? [] : [no(reached(0))]
      return [
        { claims: below, points: 0 },
        ...rule.steps.map(({ points }, i) => ({
          step: i,
          claims: [yes(reached(i)), ...(i + 1 < rule.steps.length ? [no(reached(i + 1))] : [])],
          points,
        })),
      ]
    }
    case 'bands': {
      const bands = rule.bands.map(({ from, to }) => [atLeast(rule.of, from), atMost(rule.of, to)])
      return [
        ...rule.bands.map(({ points }, i) => ({ step: i, claims: bands[i].map(yes), points })),
        { claims: bands.map(([left, right]) => no({ op: '&&', left, right })), points: 0 },
      ]
    }
  }
}

const constant = (value: number): Expression => ({ op: 'constant', value })
const atLeast = (left: Expression, value: number): Expression => ({ op: '>=', left, right: constant(value) })
const atMost = (left: Expression, value: number): Expression => ({ op: '<=', left, right: constant(value) })

function pointsOf(rule: LineRule, points: number, people: People): Points {
  if (rule.kind !== 'each' || points === 0) return { from: points, to: points }
  const units = people.values(rule.of)
  if (isEmpty(units)) return NONE
  const rounded = rule.round ? ROUND[rule.round] : (value: number) => value
  const ends = [least(units), greatest(units)].map(value => rounded(value) * points)
  return { from: Math.min(...ends), to: Math.max(...ends) }
}

const hull = (all: readonly Points[]): Points =>
  all.length === 0
    ? NONE
    : { from: Math.min(...all.map(({ from }) => from)), to: Math.max(...all.map(({ to }) => to)) }

/** What the line gives before its cap. */
export const uncapped = (line: ScoreLine, people: People): Points =>
  hull(casesOf(line, people).flatMap(({ people: those, points }) => (those ? [points] : [])))

export function withCap({ from, to }: Points, cap: number | undefined): Points {
  if (cap === undefined) return { from, to }
  const hold = (value: number) => (cap < 0 ? Math.max(value, cap) : Math.min(value, cap))
  return { from: hold(from), to: hold(to) }
}

/** What a group gives before its cap. */
export function together({ of, highest }: Pick<ScoreGroup, 'of' | 'highest'>, people: People): Points {
  const parts = of.map(part => partPoints(part, people))
  if (parts.length === 0) return NONE
  return highest
    ? { from: Math.max(...parts.map(({ from }) => from)), to: Math.max(...parts.map(({ to }) => to)) }
    : parts.reduce((a, b) => ({ from: a.from + b.from, to: a.to + b.to }))
}

export function partPoints(part: ScorePart, people: People): Points {
  if (part.kind === 'line') return withCap(uncapped(part, people), part.cap)
  const { from, to } = together(part, people)
  return { from: Math.min(from, part.cap), to: Math.min(to, part.cap) }
}

/** The total before its floor and cap. */
export function unbounded(tree: ScoreTree, people: People): Points {
  let points = together({ of: tree.parts, highest: false }, people)
  for (const { guard, times } of tree.factors) {
    const multiplied = { from: scaled(points.from, times), to: scaled(points.to, times) }
    if (!guard || people.all(guard)) points = multiplied
    else if (!people.none(guard)) points = hull([points, multiplied])
  }
  return points
}

export function totalPoints(tree: ScoreTree, people: People): Points {
  const { from, to } = unbounded(tree, people)
  const hold = (value: number) => {
    const held = Math.min(Math.max(value, tree.floor), tree.cap)
    return tree.fractional ? toMillionths(held) : held
  }
  return { from: hold(from), to: hold(to) }
}

/** Is the score known for all of these people? Not where a line may divide by 0. */
export function isKnown(tree: ScoreTree, people: People): boolean {
  const knows = (expression: Expression | undefined) => expression === undefined || people.decides(expression)
  const isPartKnown = (part: ScorePart): boolean =>
    part.kind === 'group'
      ? part.of.every(isPartKnown)
      : knows(part.guard) && (!('of' in part.rule) || knows(part.rule.of))
  return tree.parts.every(isPartKnown) && tree.factors.every(({ guard }) => knows(guard))
}

/** No number of points is endless: nothing times anything is nothing. */
const scaled = (points: number, times: number): number => (times === 0 ? 0 : points * times)

/** Numbers between two neighbouring bands, for these people. */
export function gapsOf(rule: Extract<LineRule, { kind: 'bands' }>, people: People): Values[] {
  const { of, bands } = rule
  return bands.slice(1).flatMap((band, i) => {
    const inside = people.who([no(atMost(of, bands[i].to)), no(atLeast(of, band.from))])
    const values = inside?.values(of) ?? among([])
    return isEmpty(values) || !isFinite(least(values))
      ? []
      : [between(least(values), greatest(values), values.whole)]
  })
}
