/**
 * Lines for rounds in expectation. Who applies joins the line of the channel; a round admits a part of it, the same of
 * all who stand there from one area, within the places that `Places` gives to simulations as well. So a year never
 * brings more cases than it has places.
 *
 * Left out, and thus part of the bias: that the best are admitted first, that those who no longer pass leave, and who
 * may take part in a single dated round.
 */
import type { Month } from '../evidence/month.js'
import type { Law, Rounds } from '../policy/policy.js'
import { ORIGINS } from '../population/population.js'
import type { RoundFlow } from './flows.js'
import type { Arising } from './legacy.js'
import { Places } from './places.js'
import { WAYS, type Profile } from './profile.js'

/** Of one way and cell: persons and cases; what they took from the weight and from the ready, given back if they leave the line. */
export interface Joined {
  persons: number
  cases: number
  gone: number
  ready: number
}

/** The make-up of those in line: as of the last who joined. */
export interface Sample {
  profile: Profile
  nearest: number
}

export interface LineVisitor {
  /** Share of those here who stayed in the city this month, by area. */
  staying: ArrayLike<number>
  admit(channel: string, way: number, cell: number, taken: Joined, of: Sample): void
  release(way: number, cell: number, given: Joined): void
  held(channel: string, round: Omit<RoundFlow, 'month' | 'channel'>): void
}

const QUANTITIES = ['persons', 'cases', 'gone', 'ready'] as const

class Line {
  readonly held: Record<(typeof QUANTITIES)[number], Float64Array>
  /** Cases by month of application. */
  readonly cohorts: Float64Array
  readonly places: Places
  of?: Sample
  /** Cases whose application expired since the last round: in all, then by area. */
  expired: Float64Array
  /** By right: goes on under these rules before that month. */
  kept?: { rules: Rounds; until: Month }

  constructor(
    readonly areas: readonly string[],
    months: number,
  ) {
    const cells = WAYS * areas.length * ORIGINS.length
    const column = () => new Float64Array(cells)
    this.held = { persons: column(), cases: column(), gone: column(), ready: column() }
    this.cohorts = new Float64Array(months)
    this.places = new Places(areas, 1)
    this.expired = new Float64Array(areas.length + 1)
  }

  areaOf = (at: number): number => Math.floor((at % (this.areas.length * ORIGINS.length)) / ORIGINS.length)

  /** Cases in line: in all, then by area. */
  cases(): Float64Array {
    const cases = new Float64Array(this.areas.length + 1)
    this.held.cases.forEach((count, at) => {
      cases[0] += count
      cases[this.areaOf(at) + 1] += count
    })
    return cases
  }

  /** Take a share of the line out, by area. @param each what is taken */
  take(share: (area: number) => number, each: (way: number, cell: number, taken: Joined) => void): void {
    const cells = this.areas.length * ORIGINS.length
    for (let at = 0; at < this.held.cases.length; at++) {
      if (this.held.cases[at] === 0) continue
      const part = share(this.areaOf(at))
      const taken = { persons: 0, cases: 0, gone: 0, ready: 0 }
      for (const quantity of QUANTITIES) {
        taken[quantity] = this.held[quantity][at] * part
        this.held[quantity][at] -= taken[quantity]
      }
      if (part > 0) each(Math.floor(at / cells), at % cells, taken)
    }
  }

  /** Let out those who applied before month `from`; who left the line since then did so from all months alike. */
  expire(from: number, release: LineVisitor['release']): void {
    const all = this.cohorts.reduce((a, b) => a + b, 0)
    const old = this.cohorts.subarray(0, Math.max(0, from)).reduce((a, b) => a + b, 0)
    if (old === 0) return
    const before = this.cases()
    this.take(() => old / all, release)
    this.cases().forEach((left, i) => (this.expired[i] += before[i] - left))
    this.cohorts.fill(0, 0, from)
  }

  /** Scale the months of application to those still in line. */
  settle(): void {
    const all = this.cohorts.reduce((a, b) => a + b, 0)
    if (all === 0) return
    const left = this.cases()[0] / all
    for (let m = 0; m < this.cohorts.length; m++) this.cohorts[m] *= left
  }
}

export class ExpectedLines {
  private readonly lines = new Map<string, Line>()
  private law?: Law

  constructor(
    private readonly areas: readonly string[],
    private readonly months: number,
  ) {}

  /** Does who applies through the channel this month stand in line? */
  has(channel: string): boolean {
    const own = this.law?.channels.find(({ id }) => id === channel)
    return own ? own.rounds !== undefined : this.lines.has(channel)
  }

  join(channel: string, m: number, way: number, cell: number, joined: Joined, of: Sample): void {
    const line = this.line(channel)
    const at = way * this.areas.length * ORIGINS.length + cell
    for (const quantity of QUANTITIES) line.held[quantity][at] += joined[quantity]
    line.cohorts[m] += joined.cases
    line.of = of
  }

  private line(channel: string): Line {
    const line = this.lines.get(channel) ?? new Line(this.areas, this.months)
    this.lines.set(channel, line)
    return line
  }

  /** Rounds of month m (from 0), before anybody applies. @param arising the rights that arise with it */
  month(m: number, month: Month, law: Law, arising: Arising | undefined, visitor: LineVisitor): void {
    this.law = law
    this.keep(arising, month)
    const now = new Map(law.channels.flatMap(({ id, rounds }) => (rounds ? [[id, rounds] as const] : [])))
    for (const channel of now.keys()) this.line(channel)
    for (const [channel, line] of this.lines) {
      // Ways of those here come first of each pair.
      const stays = (at: number) =>
        Math.floor(at / (this.areas.length * ORIGINS.length)) % 2 === 0 ? visitor.staying[line.areaOf(at)] : 1
      for (const quantity of QUANTITIES) {
        const column = line.held[quantity]
        for (let at = 0; at < column.length; at++) column[at] *= stays(at)
      }
      const rules = line.kept && month < line.kept.until ? line.kept.rules : now.get(channel)
      if (!rules) {
        line.take(() => 1, visitor.release)
        this.lines.delete(channel)
        continue
      }
      if (rules.validMonths !== undefined) line.expire(m - rules.validMonths, visitor.release)
      line.places.hold(rules, month, ({ places }) => {
        const cases = line.cases()
        const admitted = admittedOf(cases, places, rules.spill)
        const share = (a: number) => (cases[a + 1] > 0 ? admitted[a + 1] / cases[a + 1] : 0)
        line.take(share, (way, cell, taken) => visitor.admit(channel, way, cell, taken, line.of!))
        if (!rules.waits) line.take(() => 1, visitor.release)
        visitor.held(channel, {
          places: Float64Array.from(places, limit => limit ?? NaN),
          inLine: cases,
          takingPart: cases,
          admitted,
          lowestScore: new Float64Array(cases.length).fill(NaN),
          waiting: line.cases(),
          expired: line.expired,
        })
        line.expired = new Float64Array(cases.length)
        return admitted
      })
      line.settle()
    }
  }

  /** The lines of the law before to which there are rights go on under its rules. */
  private keep(arising: Arising | undefined, month: Month): void {
    for (const { channel: id, months } of arising?.rights ?? []) {
      const rules = arising!.before.channels.find(channel => channel.id === id)?.rounds
      const line = this.lines.get(id)
      if (rules && line) line.kept = { rules, until: month + months }
    }
  }
}

/**
 * Cases admitted of those in line, in all and by area: within each area's places, then within those of the whole,
 * each area giving up the same part; with `spill`, empty places of areas go to those refused, in proportion.
 */
export function admittedOf(
  cases: ArrayLike<number>,
  [whole = Infinity, ...areas]: readonly (number | undefined)[],
  spill: boolean,
): Float64Array {
  const admitted = Float64Array.from(cases, (count, i) =>
    i === 0 ? 0 : Math.min(count, areas[i - 1] ?? Infinity),
  )
  const sum = () => admitted.subarray(1).reduce((a, b) => a + b, 0)
  const fitting = sum()
  if (fitting > whole) for (let i = 1; i < admitted.length; i++) admitted[i] *= whole / fitting
  else if (spill) {
    const empty = areas.reduce<number>(
      (total, places, a) => total + (places === undefined ? 0 : Math.max(0, places - admitted[a + 1])),
      0,
    )
    const refused = cases[0] - fitting
    const more = Math.min(empty, refused, whole - fitting)
    if (more > 0)
      for (let i = 1; i < admitted.length; i++) admitted[i] += ((cases[i] - admitted[i]) * more) / refused
  }
  admitted[0] = sum()
  return admitted
}
