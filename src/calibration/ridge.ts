/**
 * What one excess over last year can say about the reform, and what it cannot: the ridge of hazard and stock.
 *
 * A stock of willing households N hears of the opening (Bass awareness in continuous time, from 0) and registers with
 * hazard λ. For every λ there is an N that meets the one number observed, and the futures differ several times over.
 * The ridge lists them; `contradictions` then holds every λ against what further counts say. Mean-field recurrence:
 * r_m = B_m(1 − e^(−λ·A(m + ½))), B₍ₘ₊₁₎ = B_m − r_m, B₀ = N.
 * @see Bass, Management Science 15 (1969), 215–227, for the closed form of A(t)
 */
import exp from '@stdlib/math-base-special-exp'
import type { Month } from '../evidence/month.js'

/** The hazards a month that the table lists. */
export const RIDGE_HAZARDS = [0.01, 0.02, 0.04, 0.08, 0.15]

/** Share that knows of an opening t months after it, nobody at t = 0. */
export function bass(p: number, q: number, t: number): number {
  const decay = exp(-(p + q) * t)
  return (1 - decay) / (1 + (q / p) * decay)
}

export interface Pulse {
  /** Month in which the opening takes force, absolute. */
  reform: Month
  /** Persons above the year before, in all, over the months `from` … `to` (both belong to it). */
  excess: number
  from: Month
  to: Month
  /** Awareness: innovation and imitation a month. */
  p?: number
  q?: number
  /** Share of the flow that is permanent (φ): N·λ·A each month beside the stock's, both in one scale. */
  permanent?: number
}

export interface RidgeRow {
  lambda: number
  /** Willing stock at the opening, persons. */
  stock: number
  /** Month of the greatest flow, counted from 0 = the reform's month. */
  peakMonth: number
  /** Registrations above the base in the first 36 and 60 months, persons. */
  excess36: number
  excess60: number
  /** Registrations in month 24 and month 36 (r₂₄, r₃₆), persons a month. */
  rate24: number
  rate36: number
}

/**
 * Registrations a month for a stock of one, `months` long: (1 − φ) from a stock that empties, φ from one that does not.
 */
function unitFlow(
  lambda: number,
  months: number,
  { p = 0.03, q = 0.35, permanent = 0 }: Partial<Pulse>,
): Float64Array {
  const flow = new Float64Array(months)
  let ready = 1
  for (let m = 0; m < months; m++) {
    const applied = 1 - exp(-lambda * bass(p, q, m + 0.5))
    flow[m] = permanent * applied + (1 - permanent) * ready * applied
    ready -= ready * applied
  }
  return flow
}

const sum = (flow: Float64Array, from: number, to: number): number => {
  let total = 0
  for (let m = Math.max(0, from); m <= to; m++) total += flow[m]
  return total
}

/**
 * The flow of one λ, scaled so that the window's excess is met.
 * @returns persons a month from the reform on, and the stock behind it
 * @throws RangeError where the window ends before the reform: nothing could scale it
 */
export function pulseFlow(
  lambda: number,
  pulse: Pulse,
  months: number,
): { flow: Float64Array; stock: number } {
  const last = pulse.to - pulse.reform
  if (last < 0) throw new RangeError('the window ends before the reform')
  const flow = unitFlow(lambda, Math.max(months, last + 1), pulse)
  const stock = pulse.excess / sum(flow, pulse.from - pulse.reform, last)
  return { flow: flow.map(r => r * stock), stock }
}

/** The table: one row a hazard, every row meets the same excess exactly. */
export function ridge(pulse: Pulse, hazards: readonly number[] = RIDGE_HAZARDS): RidgeRow[] {
  return hazards.map(lambda => {
    const { flow, stock } = pulseFlow(lambda, pulse, 61)
    return {
      lambda,
      stock,
      peakMonth: flow.indexOf(Math.max(...flow.subarray(0, 61))),
      excess36: sum(flow, 0, 35),
      excess60: sum(flow, 0, 59),
      rate24: flow[24],
      rate36: flow[36],
    }
  })
}

/** Counts that could collapse the ridge: persons a month of the same areas, before and after the turn of the year. */
export interface FurtherCounts {
  /** Mean of the months compared with (the same areas, the year before the window), and of the rest of that year. */
  early: number
  earlyRest: number
  /** Mean of the window's months, and of the rest of the window's year. */
  late: number
  lateRest: number
}

export interface Contradiction {
  lambda: number
  /** Excess a month that the pulse predicts for the reform's first half-year up to its year's end, persons. */
  firstMonths: number
  /** The pulse's flow a month in the rest of the window's year over that in the window. */
  restOverWindow: number
}

/** What each λ of the ridge predicts beyond the one number it was fitted to. */
export function predictions(pulse: Pulse, hazards: readonly number[] = RIDGE_HAZARDS): Contradiction[] {
  const monthsLeft = 11 - (pulse.reform % 12)
  const windowFrom = pulse.from - pulse.reform
  const windowTo = pulse.to - pulse.reform
  const yearEnd = windowTo + 11 - (pulse.to % 12)
  return hazards.map(lambda => {
    const { flow } = pulseFlow(lambda, pulse, yearEnd + 1)
    return {
      lambda,
      firstMonths: sum(flow, 0, monthsLeft) / (monthsLeft + 1),
      restOverWindow:
        sum(flow, windowTo + 1, yearEnd) /
        (yearEnd - windowTo) /
        (sum(flow, windowFrom, windowTo) / (windowTo - windowFrom + 1)),
    }
  })
}

/** What the further counts show of the same two quantities. */
export const shown = ({
  early,
  earlyRest,
  late,
  lateRest,
}: FurtherCounts): Omit<Contradiction, 'lambda'> => ({
  firstMonths: earlyRest - early,
  restOverWindow: (lateRest - earlyRest) / (late - early),
})

/** The next ridge: permanent share × hazard, each pair meeting the same excess. */
export function permanentRidge(
  pulse: Pulse,
  shares: readonly number[] = [0, 0.25, 0.5, 0.75, 1],
  hazards: readonly number[] = RIDGE_HAZARDS,
): (RidgeRow & { permanent: number; restOverWindow: number })[] {
  return shares.flatMap(permanent => {
    const rows = ridge({ ...pulse, permanent }, hazards)
    const beyond = predictions({ ...pulse, permanent }, hazards)
    return rows.map((row, i) => ({ permanent, ...row, restOverWindow: beyond[i].restOverWindow }))
  })
}
