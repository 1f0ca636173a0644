/** When those who register and move in are here: the median lag of model §2.8, in whole months. */
import type { Values } from '../evidence/parameter.js'

/**
 * Months between registering and living here. Services work on sums, for which the spread of the lag does not matter
 * beyond the season in which it falls; so the median stands for all.
 */
export const movingLag = (values: Values): number => Math.ceil(values.get('presence.lagMedian') ?? 0)
