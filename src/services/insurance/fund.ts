/** What a member pays, is subsidised with and costs in a year, and how a fund goes on (model §4.3). */
import pow from '@stdlib/math-base-special-pow'
import { valueOf, type Values } from '../../evidence/parameter.js'

/**
 * A yearly amount in yuan a member: `id.YEAR` where it is known; before the first and after the last known year it goes on
 * by `id.step` yuan a year, never below 0.
 * @throws Error where no year is known
 */
export function scheduled(values: Values, id: string, year: number): number {
  const known = [...values.keys()]
    .filter(key => key.startsWith(`${id}.`) && /^\d{4}$/.test(key.slice(id.length + 1)))
    .map(key => Number(key.slice(id.length + 1)))
  if (known.length === 0) throw new Error(`no parameter ${id}.YEAR`)
  const nearest = known.reduce((a, b) => (Math.abs(b - year) < Math.abs(a - year) ? b : a))
  const amount = valueOf(values, `${id}.${nearest}`)
  return nearest === year ? amount : Math.max(0, amount + (year - nearest) * valueOf(values, `${id}.step`))
}

/** A yearly amount in yuan that grows at `trend` a year from `baseYear` on, and was smaller before. */
export const grown = (amount: number, trend: number, baseYear: number, year: number): number =>
  amount * pow(1 + trend, year - baseYear)

/** Balance = previous × (1 + interest) + revenue − expenditure. */
export const carry = (previous: number, interest: number, revenue: number, expenditure: number): number =>
  previous * (1 + interest) + revenue - expenditure

/** Months for which a balance pays expenditure at this year's rate; NaN where there is none. */
export const reserveMonths = (balance: number, expenditure: number): number =>
  expenditure > 0 ? balance / (expenditure / 12) : NaN

/**
 * Resident members that registration adds, net of those who would have been members as permit holders.
 *
 * @param here   registered persons outside the employee scheme who lived here before
 * @param moved  those who moved in: all they take up is new
 * @param paper  those registered on paper only
 */
export const newMembers = (
  here: number,
  moved: number,
  paper: number,
  takeup: { permit: number; hukou: number; paper: number },
): number => here * (takeup.hukou - takeup.permit) + moved * takeup.hukou + paper * takeup.paper
