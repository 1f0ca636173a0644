/**
 * The reference workload: one population and seven monthly processes, exact enough that any two implementations give
 * the same distribution. Run twice over the same columns: as a plain monthly loop with a fast generator that keeps a
 * stream, and on the kernel with keyed luck. It is a benchmark, not the model.
 */
import exp from '@stdlib/math-base-special-exp'
import { uniform, type SeedKey } from '../src/evidence/luck.js'
import { monthly } from '../src/simulation/expected.js'
import { AtRisk } from '../src/simulation/hazard.js'
import { Candidates } from '../src/simulation/kernel.js'
import { eventMonth, GroupWait } from '../src/simulation/waiting.js'

export const MONTHS = 60
const FIRST_ARRIVAL = -36
const NEVER = 32767
const TENURES = { rentUnfiled: 0, rentFiled: 1, dorm: 2, own: 3 } as const
export const CHANNELS = ['purchase', 'kin', 'talent', 'employment', 'rent', 'invest'] as const

const EXITS = [0.22, 0.14, 0.09, 0.05].map(monthly)
const exitAt = (stay: number): number =>
  stay < 12 ? EXITS[0] : stay < 36 ? EXITS[1] : stay < 60 ? EXITS[2] : EXITS[3]
const LOSES = 0.02
const GAINS = 0.03
const BUYS = 0.004
const FILES = 0.03
const PERMIT = 0.1
const LEARNS = 0.03
const IMITATES = 0.35
const APPLIES = 1 - exp(-0.04)

interface Columns {
  arrival: Int8Array
  education: Uint8Array
  tenure: Uint8Array
  kin: Uint8Array
  legal: Uint8Array
  skill: Uint8Array
  willing: Uint8Array
  permit: Uint8Array
  aware: Uint8Array
  /** Month the running spell began; NEVER without insurance. */
  insuredSince: Int16Array
  /** 0 not gone, 1 exited, 2 registered. */
  gone: Uint8Array
}

export interface Counts {
  channel: number[]
  year: number[]
  exits: number
  present: number
  presentMonths: number
  aware: number
  permit: number
  insured: number
  tenure: number[]
}

/** @param next uniform on (0, 1) for attribute `k` of person `i` */
function draw(n: number, next: (i: number, k: number) => number): Columns {
  const byte = () => new Uint8Array(n)
  const columns: Columns = {
    arrival: new Int8Array(n),
    education: byte(),
    tenure: byte(),
    kin: byte(),
    legal: byte(),
    skill: byte(),
    willing: byte(),
    permit: byte(),
    aware: byte(),
    insuredSince: new Int16Array(n),
    gone: byte(),
  }
  const pick = (u: number, cumulative: number[]) => {
    let k = 0
    while (k < cumulative.length && u >= cumulative[k]) k++
    return k
  }
  for (let i = 0; i < n; i++) {
    columns.arrival[i] = FIRST_ARRIVAL + Math.floor(next(i, 0) * 96)
    columns.education[i] = pick(next(i, 1), [0.25, 0.6, 0.8, 0.92])
    columns.tenure[i] = pick(next(i, 2), [0.6, 0.8, 0.95])
    columns.insuredSince[i] = next(i, 3) < 0.55 ? columns.arrival[i] : NEVER
    columns.kin[i] = next(i, 4) < 0.3 ? 1 : 0
    columns.legal[i] = next(i, 5) < 0.03 ? 1 : 0
    columns.skill[i] = next(i, 6) < 0.2 ? 1 : 0
    columns.willing[i] = next(i, 7) < 0.28 ? 1 : 0
  }
  return columns
}

/** First open channel in the workload's order, −1 if none. */
function channelOf(c: Columns, i: number, m: number): number {
  const stay = m - c.arrival[i]
  if (c.tenure[i] === TENURES.own) return 0
  if (c.kin[i] && stay >= 1) return 1
  if (c.education[i] >= 3 || c.skill[i]) return 2
  if (m - c.insuredSince[i] >= 6) return 3
  if (c.tenure[i] === TENURES.rentFiled && c.permit[i] && stay >= 6) return 4
  return c.legal[i] ? 5 : -1
}

const emptyCounts = (): Counts => ({
  channel: CHANNELS.map(() => 0),
  year: [0, 0, 0, 0, 0],
  exits: 0,
  present: 0,
  presentMonths: 0,
  aware: 0,
  permit: 0,
  insured: 0,
  tenure: [0, 0, 0, 0],
})

function countEnd(c: Columns, counts: Counts): Counts {
  for (let i = 0; i < c.gone.length; i++) {
    if (c.gone[i]) continue
    counts.present++
    counts.aware += c.aware[i]
    counts.permit += c.permit[i]
    if (c.insuredSince[i] !== NEVER) counts.insured++
    counts.tenure[c.tenure[i]]++
  }
  return counts
}

/** The plain way: every month asks everybody everything. The generator (sfc32) keeps a stream. */
export function plainLoop(n: number, seed: number): Counts {
  let a = seed | 0,
    b = 0x9e3779b9 | 0,
    d = 0x243f6a88 | 0,
    counter = 1
  const random = () => {
    const t = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (d + (d << 3)) | 0
    d = (((d << 21) | (d >>> 11)) + t) | 0
    return ((t >>> 0) + 0.5) / 4294967296
  }
  for (let i = 0; i < 20; i++) random()
  const c = draw(n, random)
  const counts = emptyCounts()
  let share = 0
  for (let m = 0; m < MONTHS; m++) {
    const learns = LEARNS + IMITATES * share
    let present = 0
    let aware = 0
    for (let i = 0; i < n; i++) {
      if (c.gone[i] || c.arrival[i] > m) continue
      if (random() < exitAt(m - c.arrival[i])) {
        c.gone[i] = 1
        counts.exits++
        continue
      }
      if (c.insuredSince[i] !== NEVER) {
        if (random() < LOSES) c.insuredSince[i] = NEVER
      } else if (random() < GAINS) c.insuredSince[i] = m
      if (c.tenure[i] !== TENURES.own && random() < BUYS) c.tenure[i] = TENURES.own
      if (c.tenure[i] === TENURES.rentUnfiled && random() < FILES) c.tenure[i] = TENURES.rentFiled
      if (!c.permit[i] && random() < PERMIT) c.permit[i] = 1
      if (!c.aware[i] && random() < learns) c.aware[i] = 1
      if (c.willing[i] && c.aware[i]) {
        const channel = channelOf(c, i, m)
        if (channel >= 0 && random() < APPLIES) {
          c.gone[i] = 2
          counts.channel[channel]++
          counts.year[Math.floor(m / 12)]++
          continue
        }
      }
      present++
      aware += c.aware[i]
    }
    share = present > 0 ? aware / present : 0
    counts.presentMonths += present
  }
  return countEnd(c, counts)
}

/** On the kernel: candidates at a bound, lists at risk, keyed luck. The same columns, the same distribution. */
export function kernelLoop(n: number, key: SeedKey): Counts {
  const c = draw(n, (i, k) => uniform(key, i, 1000 + k, 0))
  const counts = emptyCounts()
  const here = (i: number, m: number) => c.gone[i] === 0 && c.arrival[i] <= m
  const DECISION = { exit: 1, insurance: 2, purchase: 3, filing: 4, permit: 5, aware: 6, apply: 7 }
  const exits = new Candidates(key, DECISION.exit, n, EXITS[0])
  const insurance = new Candidates(key, DECISION.insurance, n, GAINS)
  const unaware = new AtRisk(n)
  const waiting = new GroupWait(1, n)
  // Months in which a home is bought, a lease filed, a permit taken out; they are counted when they are read.
  const bought = new Int16Array(n).fill(NEVER)
  const filed = new Int16Array(n).fill(NEVER)
  const permit = new Int16Array(n)
  const applications = new Candidates(key, DECISION.apply, n, APPLIES)
  // Those who come in each month, in one array sorted by month.
  const start = new Uint32Array(MONTHS + 1)
  for (let i = 0; i < n; i++) start[Math.max(0, c.arrival[i]) + 1]++
  for (let m = 0; m < MONTHS; m++) start[m + 1] += start[m]
  const order = new Uint32Array(n)
  const at = start.slice()
  for (let i = 0; i < n; i++) order[at[Math.max(0, c.arrival[i])]++] = i

  let present = 0
  let aware = 0
  let share = 0
  const leaves = (i: number, how: number) => {
    c.gone[i] = how
    present--
    aware -= c.aware[i]
  }
  for (let m = 0; m < MONTHS; m++) {
    for (let k = start[m]; k < start[m + 1]; k++) {
      const i = order[k]
      present++
      if (c.tenure[i] !== TENURES.own) bought[i] = eventMonth(key, i, DECISION.purchase, m, BUYS)
      if (c.tenure[i] === TENURES.rentUnfiled) filed[i] = eventMonth(key, i, DECISION.filing, m, FILES)
      permit[i] = eventMonth(key, i, DECISION.permit, m, PERMIT)
      waiting.begin(i, 0, uniform(key, i, DECISION.aware, m))
      unaware.add(i)
    }
    exits.visit(m, i => {
      if (!here(i, m)) return
      const p = exitAt(m - c.arrival[i])
      if (p < exits.bound && uniform(key, i, DECISION.exit, m) * exits.bound >= p) return
      leaves(i, 1)
      counts.exits++
    })
    insurance.visit(m, i => {
      if (!here(i, m)) return
      if (c.insuredSince[i] === NEVER) c.insuredSince[i] = m
      else if (uniform(key, i, DECISION.insurance, m) * GAINS < LOSES) c.insuredSince[i] = NEVER
    })
    waiting.pass(0, LEARNS + IMITATES * share)
    unaware.visit(i => {
      if (c.gone[i]) return false
      if (!waiting.isDue(i, 0)) return true
      c.aware[i] = 1
      aware++
      return false
    })
    applications.visit(m, i => {
      if (!c.willing[i] || !c.aware[i] || !here(i, m)) return
      if (bought[i] <= m) c.tenure[i] = TENURES.own
      else if (filed[i] <= m) c.tenure[i] = TENURES.rentFiled
      if (permit[i] <= m) c.permit[i] = 1
      const channel = channelOf(c, i, m)
      if (channel < 0) return
      leaves(i, 2)
      counts.channel[channel]++
      counts.year[Math.floor(m / 12)]++
    })
    share = present > 0 ? aware / present : 0
    counts.presentMonths += present
  }
  const last = MONTHS - 1
  for (let i = 0; i < n; i++) {
    if (permit[i] <= last) c.permit[i] = 1
    if (bought[i] <= last) c.tenure[i] = TENURES.own
    else if (filed[i] <= last) c.tenure[i] = TENURES.rentFiled
  }
  return countEnd(c, counts)
}

/** The rows of the published table, in its order. */
export function rowsOf(counts: Counts): Record<string, number> {
  const registrations = counts.channel.reduce((a, b) => a + b, 0)
  return {
    ...Object.fromEntries(CHANNELS.map((id, i) => [id, counts.channel[i]])),
    registrations,
    ...Object.fromEntries(counts.year.map((n, i) => [`year ${i + 1}`, n])),
    exits: counts.exits,
    present: counts.present,
    presentMonths: counts.presentMonths,
    aware: counts.aware,
    permit: counts.permit,
    insured: counts.insured,
    rentUnfiled: counts.tenure[0],
    rentFiled: counts.tenure[1],
    dorm: counts.tenure[2],
    own: counts.tenure[3],
  }
}
