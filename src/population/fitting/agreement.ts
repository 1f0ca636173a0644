/** Before fitting: whether margins say the same of what they share. */
import type { Margin } from './margin.js'

/** Two margins whose totals differ: over all, or over a category of dimensions that both have. */
export interface Disagreement {
  first: Margin
  second: Margin
  /** Empty where the sums over all differ. */
  cell: Record<string, string>
  totals: [number, number]
  /** Categories of the shared dimensions over which they differ; 0 where the sums do. */
  more: number
}

/** Rounding that sums of decimal totals bring. */
const ROUNDING = 1e-9

export function disagreements(margins: readonly Margin[]): Disagreement[] {
  const found: Disagreement[] = []
  for (const [m, first] of margins.entries())
    for (const second of margins.slice(m + 1))
      if (first.of === second.of) {
        const shared = first.dimensions.filter(name => second.dimensions.includes(name))
        const gap = differing(first, second, []) ?? differing(first, second, shared)
        if (gap) found.push(gap)
      }
  return found
}

function differing(first: Margin, second: Margin, shared: string[]): Disagreement | undefined {
  const sums = new Map<string, { values: string[]; totals: [number, number] }>()
  for (const [side, { dimensions, groups, totals }] of [first, second].entries()) {
    const at = shared.map(name => dimensions.indexOf(name))
    for (const [g, values] of groups.entries()) {
      const own = at.map(d => values[d])
      const key = JSON.stringify(own)
      const sum = sums.get(key) ?? { values: own, totals: [0, 0] }
      sum.totals[side] += totals[g]
      sums.set(key, sum)
    }
  }
  const gap = ({ totals: [a, b] }: { totals: [number, number] }) => Math.abs(a - b)
  const differ = [...sums.values()].filter(
    sum => gap(sum) > ROUNDING * Math.max(1, sum.totals[0], sum.totals[1]),
  )
  if (differ.length === 0) return undefined
  const worst = differ.reduce((a, b) => (gap(b) > gap(a) ? b : a))
  return {
    first,
    second,
    cell: Object.fromEntries(shared.map((name, d) => [name, worst.values[d]])),
    totals: worst.totals,
    more: shared.length > 0 ? differ.length - 1 : 0,
  }
}

/** Margins with all their totals multiplied so that they sum to what one of them does. */
export function scaledTo(margins: readonly Margin[], to: Margin): { margins: Margin[]; factors: number[] } {
  const factors = margins.map(margin =>
    margin.of === to.of && marginTotal(margin) > 0 ? marginTotal(to) / marginTotal(margin) : 1,
  )
  return {
    factors,
    margins: margins.map((margin, m) =>
      factors[m] === 1 ? margin : { ...margin, totals: margin.totals.map(total => total * factors[m]) },
    ),
  }
}

export const marginTotal = ({ totals }: Margin): number => totals.reduce((a, b) => a + b, 0)
