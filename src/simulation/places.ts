/**
 * The places of a channel's rounds as the months go by, for the place and for each area: shares of a year's quota or
 * the places of dated rounds, and what becomes of those that a round left empty.
 */
import { monthOfYear, yearOf, type Month } from '../evidence/month.js'
import type { DatedRound, Rounds } from '../policy/policy.js'
import { placesInRound } from '../policy/ranking.js'

const EVERY_MONTH = Array.from({ length: 12 }, (_, i) => i + 1)

export interface RoundHeld {
  /** Places of the whole place, then of each area; undefined is without limit. */
  places: (number | undefined)[]
  when?: DatedRound['when']
}

/**
 * Of something that comes to `amount` at full scale, the whole number that falls to the part after `before`: sums over
 * any number of parts stay within one of the scaled total, so that small numbers are not rounded away.
 */
const part = (before: number, amount: number, scale: number): number =>
  Math.floor((before + amount) * scale + 0.5) - Math.floor(before * scale + 0.5)

/** How many rounds the rules hold in a month. */
export const roundsIn = ({ months, dated }: Rounds, month: Month): number =>
  dated
    ? dated.filter(round => round.month === month).length
    : Number(!months || months.includes(monthOfYear(month)))

export class Places {
  private year = NaN
  /** By cell (the place, then each area): admitted this year, left empty by the last round, carried from years before. */
  private readonly admitted: Float64Array
  private readonly empty: Float64Array
  private readonly carried: Float64Array

  /** @param scale of the population: places are scaled with it */
  constructor(
    private readonly areas: readonly string[],
    private readonly scale: number,
  ) {
    this.admitted = new Float64Array(areas.length + 1)
    this.empty = new Float64Array(areas.length + 1)
    this.carried = new Float64Array(areas.length + 1)
  }

  /**
   * Hold the rounds of a month, in order.
   * @param hold takes the places of one round, returns how many were admitted by cell
   */
  hold(rules: Rounds, month: Month, hold: (round: RoundHeld) => ArrayLike<number>): void {
    if (yearOf(month) !== this.year) {
      this.year = yearOf(month)
      this.admitted.fill(0)
      if (rules.unfilled === 'always') this.carried.set(this.empty)
      else this.empty.fill(0)
    }
    for (const { places, when } of rules.dated ? this.dated(rules, month) : this.yearly(rules, month)) {
      const open = places()
      const admitted = hold({ places: open, when })
      open.forEach((cell, i) => {
        this.admitted[i] += admitted[i]
        this.empty[i] = cell === undefined ? 0 : cell - admitted[i]
      })
    }
  }

  private yearly({ months, quota, unfilled }: Rounds, month: Month) {
    const held = months ? [...new Set(months)].sort((a, b) => a - b) : EVERY_MONTH
    const round = held.indexOf(monthOfYear(month))
    if (round < 0) return []
    const perYear = [quota?.year, ...this.areas.map(area => quota?.areas?.[area])]
    const places = () =>
      perYear.map((year, i) => {
        if (year === undefined) return undefined
        const whole = part(year * this.year, year, this.scale)
        const before =
          unfilled === 'never'
            ? Math.floor((whole * round) / held.length)
            : this.admitted[i] - this.carried[i]
        return placesInRound(whole, held.length, round, before)
      })
    return [{ places, when: undefined }]
  }

  private dated({ dated = [], unfilled }: Rounds, month: Month) {
    let sum = 0
    const ordered = [...dated].sort((a, b) => a.month - b.month)
    return ordered.flatMap(round => {
      const places = part(sum, round.places, this.scale)
      sum += round.places
      if (round.month !== month) return []
      const open = () => [
        Math.max(0, places + (unfilled === 'never' ? 0 : this.empty[0])),
        ...this.areas.map(() => undefined),
      ]
      return [{ places: open, when: round.when }]
    })
  }
}
