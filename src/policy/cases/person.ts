/** The persons of a file of cases: named ones, what is like them, and what is not said. */
import type { Area } from '../../pack/pack.js'
import { nearest } from '../../reading/nearest.js'
import type { FactDefinition, FactRow } from '../facts.js'
import { cellReader, expectedOf, tidy } from '../cells.js'
import type { Law } from '../policy.js'
import { compute } from '../supply.js'
import { PERSON, type Mistakes, type Path } from './mistakes.js'
import type { CaseFile, Facts } from './schema.js'

export interface CasePerson {
  /** Stated facts, and what the file says of the others. */
  row: FactRow
  /** Slots of the facts that are stated: a computed one among them is taken as stated. */
  stated: ReadonlySet<number>
}

/** The facts of a person under a law: what is stated, and what the rules compute from it. */
export function rowUnder(law: Law, { row, stated }: CasePerson): FactRow {
  const copy = row.slice()
  compute(law.declared, copy, stated)
  return copy
}

const UNKNOWN = ['', 'unknown', '未知']

export class PersonReader {
  /** Named persons by slot; undefined while one is being read. */
  private readonly named = new Map<string, ReadonlyMap<number, number> | undefined>()

  constructor(
    private readonly file: Pick<CaseFile, 'persons' | 'otherwise'>,
    private readonly facts: readonly FactDefinition[],
    private readonly areas: readonly Area[] | undefined,
    private readonly mistakes: Mistakes,
  ) {
    for (const name of Object.keys(file.persons)) this.like(name, ['persons', name])
  }

  person(written: string | Facts | undefined, path: Path): CasePerson {
    const stated = this.factsOf(typeof written === 'string' ? { like: written } : (written ?? {}), path)
    const row = Float64Array.from(this.facts, fact => (this.file.otherwise === 'none' ? nothing(fact) : NaN))
    for (const [slot, value] of stated) row[slot] = value
    return { row, stated: new Set(stated.keys()) }
  }

  /** A fact by its name or its Chinese label. */
  slot(name: string, path: Path): number | undefined {
    const slot = this.facts.findIndex(fact => fact.name === name || fact.label.zh === name)
    if (slot >= 0) return slot
    const known = this.facts.flatMap(({ name, label }) => [name, label.zh])
    this.mistakes.report(
      path,
      'unknown-fact',
      { zh: `没有名为“${name}”的事实`, en: `Unknown fact "${name}"` },
      { nearest: nearest(name, [...known, 'like']) },
    )
    return undefined
  }

  /** By slot, those of the person that this one is like first. */
  factsOf({ like, ...facts }: Facts, path: Path): ReadonlyMap<number, number> {
    const result = new Map(like === undefined ? [] : this.like(like, [...path, 'like']))
    for (const [name, written] of Object.entries(facts)) {
      const slot = this.slot(name, [...path, name])
      const value = slot === undefined ? undefined : this.value(this.facts[slot], written, [...path, name])
      if (slot !== undefined && value !== undefined) result.set(slot, value)
    }
    return result
  }

  private like(name: string, path: Path): ReadonlyMap<number, number> {
    const { persons } = this.file
    if (!this.mistakes.known(name, Object.keys(persons), PERSON, path)) return new Map()
    if (!this.named.has(name)) {
      this.named.set(name, undefined)
      this.named.set(name, this.factsOf(persons[name], ['persons', name]))
    }
    const facts = this.named.get(name)
    if (facts) return facts
    this.mistakes.report(path, 'circular-person', {
      zh: `案例人物“${name}”引用了自身`,
      en: `The person "${name}" is like itself`,
    })
    return new Map()
  }

  private value(fact: FactDefinition, written: Facts[string], path: Path): number | undefined {
    const text = tidy(String(written ?? ''))
    const areas = this.areas ?? []
    const value = cellReader(fact, areas)(text)
    if (value !== undefined) return value
    if (UNKNOWN.includes(text)) return NaN
    if (fact.type.kind === 'area' && !this.areas)
      this.mistakes.report(path, 'unknown-area', {
        zh: '案例写了地区,文件须写 pack 或 areas',
        en: 'A case names an area: the file must say "pack" or "areas"',
      })
    else
      this.mistakes.report(
        path,
        'unknown-value',
        { zh: `“${fact.name}”不能是“${text}”`, en: `"${fact.name}" cannot be "${text}"` },
        expectedOf(fact, areas, text),
      )
    return undefined
  }
}

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
