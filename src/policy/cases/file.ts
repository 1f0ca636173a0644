/** A file of cases against the rule set that it tests: names resolved, persons as rows, all mistakes at once. */
import { parseMonth, type Month } from '../../evidence/month.js'
import type { Area } from '../../pack/pack.js'
import { InputError, type Finding } from '../../reading/finding.js'
import { nearest } from '../../reading/nearest.js'
import type { Text } from '../../reading/text.js'
import { readYaml, type Positions } from '../../reading/yaml.js'
import { caseFile, type CaseFile, type Quota, type RoundTest, type Test } from './schema.js'
import { compileLaw } from '../compile.js'
import { inForce } from '../dated.js'
import type { Condition } from '../expressions.js'
import { parse, textOf } from '../expression/parse.js'
import type { FactDefinition, FactRow } from '../facts.js'
import { cellReader, expectedOf, tidy } from '../persons.js'
import type { Law, Policy } from '../policy.js'
import { compute } from '../supply.js'

/** What a person is known by: stated facts, and what the file says of the others. */
export interface CasePerson {
  row: FactRow
  /** Slots of the facts that are stated; a computed one among them is not computed. */
  stated: ReadonlySet<number>
}

/** The facts of a person under a law: what is stated, and what the rules compute from it. */
export function rowUnder(law: Law, { row, stated }: CasePerson): FactRow {
  const copy = row.slice()
  compute(law.declared, copy, stated)
  return copy
}

/** One test in one month. */
export interface Case {
  name: string
  month: Month
  person: CasePerson
  /** As written; names are known to exist. */
  expected: Test
  /** By channel, for each entry of `failed` the conditions that it names (`conditionKeys`). */
  failed: Record<string, { written: string; keys: string[] }[]>
  tolerance: number
  source?: string
  line: number
}

export interface RoundCase {
  name: string
  month: Month
  channel: string
  persons: (CasePerson & { id: string; applied?: Month })[]
  expected: RoundTest
  source?: string
  line: number
}

export interface Cases {
  /** As the file names the rule set. */
  policy: string
  file: string
  areas?: readonly Area[]
  cases: Case[]
  rounds: RoundCase[]
}

/** The head of a file of cases: what must be loaded before `readCases`. @throws InputError as `readYaml` */
export function readCaseHead(text: string, file: string): Pick<CaseFile, 'cases' | 'pack'> {
  const { cases, pack } = readYaml(text, file, caseFile).value
  return { cases, pack }
}

/**
 * @param areas those of the file's `pack`, where it names one
 * @throws InputError with every mistake of the file: of its form, and `unknown-fact`, `unknown-value`,
 *   `unknown-person`, `unknown-channel`, `unknown-line`, `unknown-condition`, `unknown-path`, `wrong-month`
 */
export function readCases(text: string, file: string, policy: Policy, areas?: readonly Area[]): Cases {
  const { value, positions } = readYaml(text, file, caseFile)
  const known = areas ?? value.areas?.map(bareArea)
  const reader = new CaseReader(value, positions, policy, known)
  const cases = value.tests.flatMap((test, index) => reader.test(test, ['tests', index]))
  const rounds = value.rounds.flatMap((round, index) => reader.round(round, ['rounds', index]))
  if (reader.findings.length > 0) throw new InputError(reader.findings)
  return { policy: value.cases, file, areas: known, cases, rounds }
}

/** An area that is a name and nothing else. */
const bareArea = (id: string): Area => ({ id, code: id, name: { zh: id, en: id }, aliases: [] })

/** The conditions of a channel by names that a change of a number in them leaves as they are. */
export function conditionKeys(conditions: readonly Condition[]): [string, Condition][] {
  const seen = new Map<string, number>()
  return conditions.map(condition => {
    const path = condition.path.join('.')
    const index = seen.get(path) ?? 0
    seen.set(path, index + 1)
    return [`${path}#${index}`, condition]
  })
}

type Path = readonly PropertyKey[]
type Facts = Record<string, number | boolean | string | null>

class CaseReader {
  readonly findings: Finding[] = []
  private readonly laws = new Map<Month, Law | undefined>()
  private readonly channels: Record<string, Record<string, Record<string, unknown> | undefined>>

  constructor(
    private readonly file: CaseFile,
    private readonly positions: Positions,
    private readonly policy: Policy,
    private readonly areas: readonly Area[] | undefined,
  ) {
    this.channels = (policy.tree.channels ?? {}) as typeof this.channels
  }

  /** One case a month. */
  test(test: Test, path: Path): Case[] {
    const { at = this.file.at, source = this.file.source, tolerance = this.file.tolerance } = test
    const months = this.months(at, path)
    const person = this.person(test.person, [...path, 'person'])
    const named = [
      ...(['channels', 'not'] as const).flatMap(key =>
        (test[key] ?? []).map((id, index) => [id, [...path, key, index]] as const),
      ),
      ...(['score', 'ledger', 'failed', 'unknown'] as const).flatMap(key =>
        Object.keys(test[key] ?? {}).map(id => [id, [...path, key, id]] as const),
      ),
    ]
    for (const [id, place] of named) this.channel(id, place)
    for (const key of ['score', 'ledger'] as const)
      for (const id of Object.keys(test[key] ?? {})) this.ledger(id, test[key]![id], [...path, key, id])
    for (const [id, facts] of Object.entries(test.unknown ?? {}))
      facts.forEach((name, index) => this.slot(name, [...path, 'unknown', id, index]))
    return months.map(month => {
      for (const key of Object.keys(test.law ?? {})) this.rulePath(key, month, [...path, 'law', key])
      const failed = Object.entries(test.failed ?? {}).map(([id, entries]) => [
        id,
        entries.map((entry, index) => ({
          written: entry,
          keys: this.conditions(id, entry, month, [...path, 'failed', id, index]),
        })),
      ])
      return {
        name: test.case,
        month,
        person,
        expected: test,
        failed: Object.fromEntries(failed) as Case['failed'],
        tolerance,
        source,
        line: this.positions.at(path).line,
      }
    })
  }

  round(round: RoundTest, path: Path): RoundCase[] {
    const { channel, source = this.file.source } = round
    this.channel(channel, [...path, 'channel'])
    const months = this.months(round.at ?? this.file.at, path)
    if (months.length > 1) this.report(path, 'wrong-month', ONE_MONTH)
    const persons = Object.entries(round.persons).map(([id, written]) => {
      const place = [...path, 'persons', id]
      const { applied, ...facts } = typeof written === 'string' ? { like: written } : (written as Facts)
      const person = this.person(facts, place)
      const since =
        applied === undefined ? undefined : this.months(String(applied), [...place, 'applied']).at(0)
      return { ...person, id, applied: since }
    })
    const ids = Object.keys(round.persons)
    for (const key of ['admitted', 'ranked', 'must_admit', 'exactly_one_of', 'waiting', 'refused'] as const) {
      const expected = round[key] ?? []
      const entries = Array.isArray(expected)
        ? expected.map((id, index) => [id, index] as const)
        : Object.keys(expected).map(id => [id, id] as const)
      for (const [id, step] of entries) this.known(id, ids, 'unknown-person', PERSON, [...path, key, step])
    }
    const areas = (this.areas ?? []).map(({ id }) => id)
    for (const key of ['with_places', 'places', 'admitted_before', 'unfilled'] as const)
      for (const area of Object.keys(areasOf(key === 'unfilled' ? { areas: round[key] } : round[key])))
        this.known(area, areas, 'unknown-area', AREA, [
          ...path,
          key,
          ...(key === 'unfilled' ? [] : ['areas']),
          area,
        ])
    const { line } = this.positions.at(path)
    return months.map(month => ({
      name: round.round,
      month,
      channel,
      persons,
      expected: round,
      source,
      line,
    }))
  }

  private months(written: string | string[] | undefined, path: Path): Month[] {
    if (written === undefined) {
      this.report(path, 'wrong-month', { zh: '缺少月份 at', en: 'The month "at" is missing' })
      return []
    }
    return [written].flat().flatMap(text => {
      const month = parseMonth(text)
      if (month === undefined)
        this.report([...path, 'at'], 'wrong-month', { zh: `“${text}”不是月份`, en: `"${text}" is no month` })
      return month ?? []
    })
  }

  private person(written: string | Facts | undefined, path: Path): CasePerson {
    const facts = this.factsOf(typeof written === 'string' ? { like: written } : (written ?? {}), path, [])
    const row = Float64Array.from(this.policy.facts, fact =>
      this.file.otherwise === 'none' ? nothing(fact) : NaN,
    )
    for (const [slot, value] of facts) row[slot] = value
    return { row, stated: new Set(facts.keys()) }
  }

  /** By slot, those of `like` first. */
  private factsOf({ like, ...facts }: Facts, path: Path, within: readonly string[]): Map<number, number> {
    const { persons } = this.file
    const result = new Map<number, number>()
    if (like !== undefined) {
      const name = String(like)
      const place = [...path, 'like']
      if (within.includes(name))
        this.report(place, 'circular-person', {
          zh: `案例人物循环引用:${[...within, name].join(' → ')}`,
          en: `Persons who are like each other: ${[...within, name].join(' → ')}`,
        })
      else if (this.known(name, Object.keys(persons), 'unknown-person', PERSON, place))
        for (const entry of this.factsOf(persons[name], ['persons', name], [...within, name]))
          result.set(...entry)
    }
    for (const [name, value] of Object.entries(facts)) {
      const slot = this.slot(name, [...path, name])
      const code =
        slot === undefined ? undefined : this.value(this.policy.facts[slot], value, [...path, name])
      if (slot !== undefined && code !== undefined) result.set(slot, code)
    }
    return result
  }

  /** A fact by its name or its Chinese label. */
  private slot(name: string, path: Path): number | undefined {
    const { facts } = this.policy
    const slot = facts.findIndex(fact => fact.name === name || fact.label.zh === name)
    if (slot >= 0) return slot
    const names = facts.flatMap(({ name, label }) => [name, label.zh])
    this.report(
      path,
      'unknown-fact',
      { zh: `没有名为“${name}”的事实`, en: `Unknown fact "${name}"` },
      {
        nearest: nearest(name, [...names, 'like']),
      },
    )
    return undefined
  }

  private value(fact: FactDefinition, written: Facts[string], path: Path): number | undefined {
    const text = tidy(String(written ?? UNKNOWN[0]))
    const value = cellReader(fact, this.areas ?? [])(text)
    if (value !== undefined) return value
    if (UNKNOWN.includes(text)) return NaN
    if (fact.type.kind === 'area' && !this.areas)
      this.report(path, 'unknown-area', {
        zh: '案例写了地区,文件须写 pack 或 areas',
        en: 'A case names an area: the file must say "pack" or "areas"',
      })
    else
      this.report(
        path,
        'unknown-value',
        { zh: `“${fact.name}”不能是“${text}”`, en: `"${fact.name}" cannot be "${text}"` },
        expectedOf(fact, this.areas ?? [], text),
      )
    return undefined
  }

  private channel(id: string, path: Path): void {
    this.known(id, Object.keys(this.channels), 'unknown-channel', CHANNEL, path)
  }

  private ledger(id: string, expected: number | Record<string, number>, path: Path): void {
    const { score, groups = {}, factors = {} } = this.channels[id] ?? {}
    if (this.channels[id] !== undefined && score === undefined)
      this.report(path, 'unknown-line', {
        zh: `渠道“${id}”不计分`,
        en: `The channel "${id}" counts no points`,
      })
    const lines = [score ?? {}, groups, factors].flatMap(Object.keys)
    if (score !== undefined && typeof expected === 'object')
      for (const line of Object.keys(expected))
        this.known(line, [...lines, 'floor', 'cap'], 'unknown-line', LINE, [...path, line])
  }

  /** The conditions of a channel that an entry of `failed` names. */
  private conditions(id: string, entry: string, month: Month, path: Path): string[] {
    const channel = this.law(month)?.channels.find(channel => channel.id === id)
    if (!channel) return []
    const parsed = parse(entry)
    const text = 'syntax' in parsed ? textOf(parsed.syntax) : entry
    const names = (condition: Condition) => [
      ...(condition.kind === 'prerequisite' || condition.kind === 'veto'
        ? [condition.path.at(-2)!]
        : [condition.kind]),
      condition.text,
      ...(condition.kind === 'veto' ? [condition.text.replace(/^!\((.*)\)$/s, '$1')] : []),
      condition.clause,
    ]
    const all = conditionKeys(channel.conditions)
    const found = all.filter(([, condition]) =>
      names(condition).some(name => name === entry || name === text),
    )
    if (found.length > 0) return found.map(([key]) => key)
    const known = all.flatMap(([, condition]) => names(condition))
    this.report(
      path,
      'unknown-condition',
      {
        zh: `渠道“${id}”此时没有条件“${entry}”`,
        en: `The channel "${id}" has no condition "${entry}" then`,
      },
      { nearest: nearest(entry, known), expected: listed([...new Set(known)]) },
    )
    return []
  }

  private rulePath(written: string, month: Month, path: Path): void {
    let node = inForce(this.policy.tree, month, true)
    for (const key of written.split('.')) {
      const keys = typeof node === 'object' && node !== null ? Object.keys(node) : []
      if (!this.known(key, keys, 'unknown-path', RULE(written), path)) return
      node = (node as Record<string, unknown>)[key]
    }
  }

  private law(month: Month): Law | undefined {
    if (!this.laws.has(month))
      this.laws.set(month, compileLaw(this.policy, month, { ...(this.areas && { areas: this.areas }) }))
    return this.laws.get(month)
  }

  /** Reports a name that is not among those known. */
  private known(
    name: string,
    known: readonly string[],
    code: string,
    says: (name: string) => Text,
    path: Path,
  ): boolean {
    if (known.includes(name)) return true
    this.report(path, code, says(name), { nearest: nearest(name, known), expected: listed(known) })
    return false
  }

  private report(path: Path, code: string, message: Text, more: Partial<Finding> = {}): void {
    this.findings.push({
      severity: 'error',
      code,
      file: this.positions.file,
      ...this.positions.at(path),
      message,
      ...more,
    })
  }
}

const UNKNOWN = ['unknown', '未知', '?']

/** What `otherwise: none` makes of a fact that no case states. */
function nothing({ type }: FactDefinition): number {
  switch (type.kind) {
    case 'boolean':
    case 'ordered':
      return 0
    case 'number':
      return Math.min(Math.max(0, type.min), type.max)
    case 'named':
      return type.values.includes('none') ? type.values.indexOf('none') : NaN
    case 'area':
      return NaN
  }
}

/** Places by area. */
export const areasOf = (quota: Quota | undefined): Record<string, number> =>
  typeof quota === 'object' ? (quota.areas ?? {}) : {}

const PERSON = (name: string): Text => ({
  zh: `没有名为“${name}”的案例人物`,
  en: `There is no person "${name}"`,
})
const CHANNEL = (name: string): Text => ({ zh: `没有渠道“${name}”`, en: `There is no channel "${name}"` })
const LINE = (name: string): Text => ({ zh: `没有名为“${name}”的积分行`, en: `There is no line "${name}"` })
const AREA = (name: string): Text => ({ zh: `没有名为“${name}”的地区`, en: `Unknown area "${name}"` })
const RULE =
  (path: string) =>
  (name: string): Text => ({ zh: `“${path}”中没有“${name}”`, en: `There is no "${name}" in "${path}"` })
const ONE_MONTH: Text = { zh: '一轮只能写一个月份', en: 'A round is held in one month' }

const listed = (names: readonly string[]): Text => ({ zh: names.join('、'), en: names.join(', ') })
