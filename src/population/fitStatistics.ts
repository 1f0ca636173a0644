/**
 * How far a table of counts is from the one that was asked, in the measures of the field: TAE and SAE, and cells' Z
 * scores with RSSZ (Voas & Williamson, "Evaluating goodness-of-fit measures for synthetic microdata", Geographical and
 * Environmental Modelling 5 (2001), 177–200); SRMSE (Knudsen & Fotheringham, International Regional Science Review 10
 * (1986), 127–147).
 */
import gammaQuantile from '@stdlib/stats-base-dists-gamma-quantile'

export interface FitStatistics {
  /** Total absolute error: Σ |made − asked|. */
  tae: number
  /** TAE over the persons (or households) asked for. */
  sae: number
  /** Root of the mean squared error, over the mean cell. */
  srmse: number
  /** Σ Z² over the 5 % point of χ² with a degree of freedom a cell: the table fits where it is at most 1. */
  rssz: number
  /** Z score of each cell: its share made against that asked, in binomial standard errors. */
  z: number[]
}

/**
 * @param made  counts
 * @param asked counts of the same length, brought to any total; negative ones are not allowed
 * @param scale share of the population that was counted: errors are of that many, counts are at full size
 */
export function fitStatistics(made: ArrayLike<number>, asked: ArrayLike<number>, scale = 1): FitStatistics {
  const [all, total] = [sum(made), sum(asked)]
  let [tae, squares] = [0, 0]
  for (let cell = 0; cell < asked.length; cell++) {
    const gap = made[cell] - asked[cell]
    tae += Math.abs(gap)
    squares += gap * gap
  }
  const n = all * scale
  const z = Array.from(asked, (count, cell) => {
    if (n === 0 || total === 0) return 0
    const [r, p] = [made[cell] / all, count / total]
    // A cell that should be empty (or hold all) has no binomial error: that of one person takes its place.
    const q = Math.min(1 - 1 / n, Math.max(1 / n, p))
    return r === p ? 0 : (r - p) / Math.sqrt((q * (1 - q)) / n)
  })
  return {
    tae,
    sae: total > 0 ? tae / total : 0,
    srmse: total > 0 ? Math.sqrt(squares / asked.length) / (total / asked.length) : 0,
    rssz: z.reduce((all, one) => all + one * one, 0) / gammaQuantile(0.95, asked.length / 2, 0.5),
    z,
  }
}

/** A cell whose Z lies beyond this does not fit (5 %, two sides). */
export const CRITICAL_Z = 1.96

const sum = (counts: ArrayLike<number>): number => {
  let total = 0
  for (let i = 0; i < counts.length; i++) total += counts[i]
  return total
}
