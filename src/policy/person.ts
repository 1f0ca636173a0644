/** One person: from a YAML or JSON file of facts, or a row of a CSV. What is not written is unknown, never guessed. */
import { z } from 'zod'
import { parseMonth, type Month } from '../evidence/month.js'
import type { Area } from '../pack/pack.js'
import { InputError, type Finding } from '../reading/finding.js'
import { nearest } from '../reading/nearest.js'
import { readYaml } from '../reading/yaml.js'
import type { FactDefinition, FactRow } from './facts.js'
import { cellReader, expectedOf, tidy } from './cells.js'
import { readPersons } from './persons.js'

export interface Person {
  id?: string
  /** As long as the policy's facts; NaN unknown. Computed facts are filled by whoever knows the law. */
  row: FactRow
  /** Slots of the facts that were written: a computed one among them is taken as written. */
  given: ReadonlySet<number>
  /** In which the facts are as written. */
  month: Month
  /** Month of birth, where it was written: birthdays are then known. */
  birth?: Month
}

export interface PersonContext {
  facts: readonly FactDefinition[]
  areas: readonly Area[]
  /** In which the facts are as written: the age follows from the month of birth. */
  month: Month
}

const cell = z.union([z.string(), z.number(), z.boolean(), z.null()])
const written = z.record(z.string(), cell)

const IDS = ['id', '编号']
const BIRTHS = ['birth', '出生年月']
const UNKNOWN = ['', 'unknown', '未知']

/**
 * A file of one person: `{ id?, birth?, facts… }`, keys being names of facts or their Chinese labels, values as in a
 * CSV of persons. Empty, null and `unknown` are unknown.
 *
 * @throws InputError `unknown-key`, `duplicate-key`, `wrong-value`, all at once; or as `readYaml`
 */
export function readPerson(text: string, file: string, { facts, areas, month }: PersonContext): Person {
  const { value, positions } = readYaml(text, file, written)
  const findings: Finding[] = []
  const row = new Float64Array(facts.length).fill(NaN)
  const given = new Set<number>()
  const person: Person = { row, given, month }
  const labels = facts.map(({ label }) => tidy(label.zh))
  const age = facts.findIndex(({ name }) => name === 'age')
  const mistake = (key: string, code: string, zh: string, en: string, more: Partial<Finding> = {}) =>
    void findings.push({
      severity: 'error',
      code,
      file,
      ...positions.at([key]),
      message: { zh, en },
      ...more,
    })
  for (const [key, content] of Object.entries(value)) {
    const name = tidy(key)
    const entry = content === null ? '' : tidy(String(content))
    if (IDS.includes(name)) {
      if (entry !== '') person.id = entry
      continue
    }
    if (BIRTHS.includes(name)) {
      const birth = parseMonth(entry)
      if (birth !== undefined && birth <= month) person.birth = birth
      else if (!UNKNOWN.includes(entry.toLowerCase()))
        mistake(key, 'wrong-value', `出生年月不能是“${entry}”`, `The month of birth cannot be "${entry}"`, {
          expected: { zh: '如 1985-07,不晚于所查月份', en: 'such as 1985-07, not after the month asked for' },
        })
      continue
    }
    const slot = facts.findIndex((fact, index) => fact.name === name || labels[index] === name)
    if (slot < 0) {
      const names = facts.map(fact => fact.name)
      const known = [...IDS, ...BIRTHS, ...names, ...labels]
      mistake(key, 'unknown-key', `没有名为“${key}”的事实`, `There is no fact "${key}"`, {
        nearest: nearest(name, known),
        expected: { zh: labels.join('、'), en: names.join(', ') },
      })
      continue
    }
    if (given.has(slot)) {
      mistake(key, 'duplicate-key', `“${key}”写了两次`, `"${key}" is written twice`)
      continue
    }
    if (UNKNOWN.includes(entry.toLowerCase())) continue
    const number = cellReader(facts[slot], areas)(entry)
    if (number === undefined)
      mistake(
        key,
        'wrong-value',
        `“${facts[slot].label.zh}”不能是“${entry}”`,
        `"${facts[slot].name}" cannot be "${entry}"`,
        expectedOf(facts[slot], areas, entry),
      )
    else {
      row[slot] = number
      given.add(slot)
    }
  }
  if (person.birth !== undefined && age >= 0) {
    const years = Math.floor((month - person.birth) / 12)
    if (given.has(age) && row[age] !== years)
      mistake(
        Object.keys(value).find(key => BIRTHS.includes(tidy(key)))!,
        'wrong-value',
        `按出生年月应为 ${years} 岁,而年龄写作 ${row[age]} 岁`,
        `Born then one is ${years} years old, but the age is written as ${row[age]}`,
      )
    row[age] = years
    given.add(age)
  }
  if (findings.length > 0) throw new InputError(findings)
  return person
}

/**
 * One row of a CSV of persons.
 * @param id the row's; may be left out where the file has one row
 * @throws InputError `unknown-person`, `missing-option`, or what is wrong in that row or in the header
 */
export function readPersonOfCsv(
  text: string,
  file: string,
  id: string | undefined,
  { facts, areas, month }: PersonContext,
): Person {
  const { ids, rows, columns, refused } = readPersons(text, file, facts, areas)
  const index = id === undefined ? (ids.length === 1 ? 0 : -1) : ids.indexOf(id)
  if (index < 0) {
    if (refused.length > 0) throw new InputError(refused)
    const few = ids.slice(0, 20)
    const more = ids.length > few.length ? ' …' : ''
    throw new InputError([
      {
        severity: 'error',
        code: id === undefined ? 'missing-option' : 'unknown-person',
        file,
        message:
          id === undefined
            ? { zh: '文件中不止一人,用 --id 指明', en: 'The file holds several persons: name one with --id' }
            : { zh: `文件中没有编号为“${id}”的人`, en: `The file holds no person "${id}"` },
        expected: { zh: few.join('、') + more, en: few.join(', ') + more },
        nearest: id === undefined ? undefined : nearest(id, ids),
      },
    ])
  }
  const row = rows[index]
  const given = new Set([...columns].filter(slot => !Number.isNaN(row[slot])))
  return { id: ids[index], row, given, month }
}
