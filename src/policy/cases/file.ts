/** A file of cases against the rule set that it tests: names resolved, persons as rows, all mistakes at once. */
import { parseMonth, type Month } from '../../evidence/month.js'
import type { Area } from '../../pack/pack.js'
import { InputError } from '../../reading/finding.js'
import { nearest } from '../../reading/nearest.js'
import { readYaml, type Positions } from '../../reading/yaml.js'
import { compileLaw } from '../compile.js'
import { inForce } from '../dated.js'
import { parse, textOf } from '../expression/parse.js'
import type { Condition } from '../expressions.js'
import type { Law, Policy } from '../policy.js'
import { AREA, CHANNEL, LINE, Mistakes, PERSON, RULE, type Path } from './mistakes.js'
import { PersonReader, type CasePerson } from './person.js'
import { caseFile, type CaseFile, type Facts, type Quota, type RoundTest, type Test } from './schema.js'

/** One test in one month. */
export interface Case {
  name: string
  month: Month
  person: CasePerson
  /** As written; names are known to exist. */
  expected: Test
  /** By channel, for each entry of `failed` the conditions that it names (`conditionKeys`). */
  failed: Record<string, { written: string; keys: string[] }[]>
  /** By slot, values of facts as the rules must compute them. */
  computed: ReadonlyMap<number, number>
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
  if (reader.mistakes.findings.length > 0) throw new InputError(reader.mistakes.findings)
  return { file, areas: known, cases, rounds }
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

class CaseReader {
  readonly mistakes: Mistakes
  private readonly persons: PersonReader
  private readonly laws = new Map<Month, Law>()
  private readonly channels: Record<string, Record<string, Record<string, unknown> | undefined>>

  constructor(
    private readonly file: CaseFile,
    private readonly positions: Positions,
    private readonly policy: Policy,
    private readonly areas: readonly Area[] | undefined,
  ) {
    this.mistakes = new Mistakes(positions)
    this.persons = new PersonReader(file, policy.facts, areas, this.mistakes)
    this.channels = (policy.tree.channels ?? {}) as typeof this.channels
  }

  /** One case a month. */
  test(test: Test, path: Path): Case[] {
    const { at = this.file.at, source = this.file.source, tolerance = this.file.tolerance } = test
    const months = this.months(at, test.at ? [...path, 'at'] : this.file.at ? ['at'] : path)
    const person = this.persons.person(test.person, [...path, 'person'])
    const computed = this.persons.factsOf(test.facts ?? {}, [...path, 'facts'])
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
      facts.forEach((name, index) => this.persons.slot(name, [...path, 'unknown', id, index]))
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
        computed,
        tolerance,
        source,
        line: this.positions.at(path).line,
      }
    })
  }

  round(round: RoundTest, path: Path): RoundCase[] {
    const { channel, source = this.file.source } = round
    this.channel(channel, [...path, 'channel'])
    const months = this.months(
      round.at ?? this.file.at,
      round.at ? [...path, 'at'] : this.file.at ? ['at'] : path,
    )
    if (months.length > 1)
      this.mistakes.report(path, 'wrong-month', {
        zh: '一轮只能写一个月份',
        en: 'A round is held in one month',
      })
    const persons = Object.entries(round.persons).map(([id, written]) => {
      const place = [...path, 'persons', id]
      const { applied, ...facts } = typeof written === 'string' ? { like: written } : (written as Facts)
      const person = this.persons.person(facts, place)
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
      for (const [id, step] of entries) this.mistakes.known(id, ids, PERSON, [...path, key, step])
    }
    const areas = (this.areas ?? []).map(({ id }) => id)
    for (const key of ['with_places', 'places', 'admitted_before', 'unfilled'] as const)
      for (const area of Object.keys(areasOf(key === 'unfilled' ? { areas: round[key] } : round[key])))
        this.mistakes.known(area, areas, AREA, [...path, key, ...(key === 'unfilled' ? [] : ['areas']), area])
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
    if (written === undefined)
      this.mistakes.report(path, 'wrong-month', { zh: '缺少月份 at', en: 'The month "at" is missing' })
    const listed = Array.isArray(written)
    return [written ?? []].flat().flatMap((text, index) => {
      const month = parseMonth(text)
      if (month === undefined)
        this.mistakes.report(
          listed ? [...path, index] : path,
          'wrong-month',
          { zh: `“${text}”不是月份`, en: `"${text}" is no month` },
          { expected: { zh: '如 2015-06', en: 'such as 2015-06' } },
        )
      return month ?? []
    })
  }

  private channel(id: string, path: Path): void {
    this.mistakes.known(id, Object.keys(this.channels), CHANNEL, path)
  }

  private ledger(id: string, expected: number | Record<string, number>, path: Path): void {
    const { score, groups = {}, factors = {} } = this.channels[id] ?? {}
    if (this.channels[id] !== undefined && score === undefined)
      this.mistakes.report(path, 'unknown-line', {
        zh: `渠道“${id}”不计分`,
        en: `The channel "${id}" counts no points`,
      })
    const lines = [score ?? {}, groups, factors].flatMap(Object.keys)
    if (score !== undefined && typeof expected === 'object')
      for (const line of Object.keys(expected))
        this.mistakes.known(line, [...lines, 'floor', 'cap'], LINE, [...path, line])
  }

  /** The conditions of a channel that an entry of `failed` names. */
  private conditions(id: string, entry: string, month: Month, path: Path): string[] {
    const channel = this.law(month).channels.find(channel => channel.id === id)
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
    this.mistakes.report(
      path,
      'unknown-condition',
      {
        zh: `渠道“${id}”此时没有条件“${entry}”`,
        en: `The channel "${id}" has no condition "${entry}" then`,
      },
      {
        nearest: nearest(entry, known),
        expected: { zh: [...new Set(known)].join('、'), en: [...new Set(known)].join(', ') },
      },
    )
    return []
  }

  private rulePath(written: string, month: Month, path: Path): void {
    let node = inForce(this.policy.tree, month, true)
    for (const key of written.split('.')) {
      const keys = typeof node === 'object' && node !== null ? Object.keys(node) : []
      if (!this.mistakes.known(key, keys, RULE(written), path)) return
      node = (node as Record<string, unknown>)[key]
    }
  }

  private law(month: Month): Law {
    const law = this.laws.get(month) ?? compileLaw(this.policy, month, this.areas && { areas: this.areas })
    this.laws.set(month, law)
    return law
  }
}

/** Places by area. */
export const areasOf = (quota: Quota | undefined): Record<string, number> =>
  typeof quota === 'object' ? (quota.areas ?? {}) : {}
