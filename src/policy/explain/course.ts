/**
 * How the facts of one person go on by themselves. Waiting changes ages and durations and nothing else: who is insured
 * stays insured, who lives here stays, the law is that of each month. A duration that stands at zero does not run; it
 * may be begun.
 */
import type { Month } from '../../evidence/month.js'
import type { Text } from '../../reading/text.js'
import type { FactDefinition, FactRow } from '../facts.js'
import type { Law } from '../policy.js'
import type { Person } from '../person.js'
import { compute } from '../supply.js'

/** Months beyond which nobody waits: twenty years. */
export const LONGEST_WAIT = 240

const INSURANCE = [
  'pension_months',
  'medical_months',
  'unemployment_months',
  'injury_months',
  'maternity_months',
]

/** What no one can change for the sake of an application, and why. Ages and durations change by waiting alone. */
export const FIXED: Record<string, Text> = {
  area: {
    zh: '迁往别处会使居住月数重新计算',
    en: 'a move to another area would begin the months of residence anew',
  },
  sex: { zh: '生来如此', en: 'one is born with it' },
  hukou_kind: { zh: '要改的正是户口', en: 'the hukou is what the application is to change' },
  origin: { zh: '来处已定', en: 'where one came from is past' },
  kin_here: {
    zh: '亲属是否有户籍不由本人决定',
    en: 'whether kin are registered is not the applicant’s to decide',
  },
  household_size: { zh: '家庭人数不为申请而变', en: 'a household does not grow for an application' },
  children_6_14_here: { zh: '子女人数不为申请而变', en: 'children are not had for an application' },
  reeducation: { zh: '已有的记录不能消除', en: 'a record cannot be undone' },
  sentenced: { zh: '已有的记录不能消除', en: 'a record cannot be undone' },
  unlawful_birth_5y: { zh: '已有的记录不能消除', en: 'a record cannot be undone' },
}

/** What is attained or given is not lost again: these are changed upwards alone. */
export const RISING: readonly string[] = [
  'education',
  'vocational',
  'skill',
  'title',
  'blood_donations_5y',
  'volunteer_hours_5y',
  'donated_yuan_5y',
]

/** Whether a fact changes by the passing of time alone. */
export function isClock({ name, type, unit }: FactDefinition): boolean {
  return name === 'age' || (type.kind === 'number' && (unit === 'months' || unit === 'years'))
}

/** A fact that goes on by itself. */
export interface Clock {
  slot: number
  /** Its value after so many months. */
  after(months: number): number
}

/**
 * The clocks of a person that run: of known, given facts alone.
 * @param row the person's facts, perhaps changed
 * @param begun slots of clocks that stand at zero and are begun now
 */
export function clocksOf(
  person: Person,
  facts: readonly FactDefinition[],
  { declared }: Law,
  row: FactRow,
  begun: readonly number[] = [],
): Clock[] {
  const computed = new Set(
    declared.flatMap(({ kind, slot }) => (kind === 'computed' && !person.given.has(slot) ? [slot] : [])),
  )
  const windows = new Map(
    declared.flatMap(fact => (fact.kind === 'window' ? [[fact.slot, fact.months]] : [])),
  )
  const slotOf = (name: string) => facts.findIndex(fact => fact.name === name)
  const [permit, insured] = [row[slotOf('has_permit')], row[slotOf('months_insured')]]
  const insuranceRuns = !(insured === 0) || begun.includes(slotOf('months_insured'))
  return facts.flatMap((fact, slot): Clock[] => {
    const { name, type, unit } = fact
    const now = row[slot]
    if (Number.isNaN(now) || computed.has(slot) || !isClock(fact) || type.kind !== 'number') return []
    const window = windows.get(slot)
    const runs =
      name === 'age' ||
      begun.includes(slot) ||
      (name === 'months_permit'
        ? permit === 1 || (Number.isNaN(permit) && now > 0)
        : INSURANCE.includes(name) || window !== undefined
          ? now > 0 && insuranceRuns
          : now > 0)
    if (!runs) return []
    if (name === 'age' && person.birth !== undefined) {
      const { birth } = person
      return [{ slot, after: months => now + birthdays(birth, months) }]
    }
    const grows =
      window !== undefined
        ? // The months of insurance before the running spell may lie where they are the next to fall out. A month adds
          // at most one, whatever a file says that contradicts itself.
          (months: number) =>
            Math.max(now, Math.min(window, now + months, (insured > 0 ? insured : 0) + months))
        : unit === 'years'
          ? (months: number) => now + (type.whole ? Math.floor(months / 12) : months / 12)
          : (months: number) => now + months
    return [{ slot, after: months => Math.min(type.max, grows(months)) }]
  })

  function birthdays(birth: Month, months: number): number {
    const sinceBirthday = (((person.month - birth) % 12) + 12) % 12
    return Math.floor((sinceBirthday + months) / 12)
  }
}

/** A row after some clocks have run on, computed facts filled by the law of that month. */
export function advanced(
  person: Person,
  { declared }: Law,
  row: FactRow,
  clocks: readonly Clock[],
  months: number,
): FactRow {
  const later = row.slice()
  for (const { slot, after } of clocks) later[slot] = after(months)
  compute(declared, later, person.given)
  return later
}
