/**
 * Seats there are: the planner's own figure where the values hold `stock.seats.AREA.STAGE`, else the demand of the base
 * year times one plus the area's slack (model §4.1). The assumed stock must be the same under every scenario of a
 * replicate, so it leans on nothing that registration changes: births, and migrants' children at the horizon's first
 * September at the rate of `edu.pubPermit`, whatever the law gives later.
 */
import { valueOf, type Values } from '../../evidence/parameter.js'
import type { Pack } from '../../pack/pack.js'
import { STAGES } from './claims.js'

export interface Capacity {
  /** At standard class size. */
  soft: number
  hard: number
  /** Seats opened since the base year; before it, less those that were yet to open. */
  opened: number
}

/**
 * @param base demand of the base year by [area][stage], in seats
 * @returns capacity in September of `year`; what opens within a year (`stock.pipeline.YEAR`, for the whole place)
 *          is shared among areas and stages in proportion to `base`
 */
export function capacity(
  pack: Pack,
  values: Values,
  base: readonly (readonly number[])[],
): (area: number, stage: number, year: number) => Capacity {
  const total = base.flat().reduce((sum, demand) => sum + demand, 0)
  const baseYear = valueOf(values, 'edu.baseYear')
  const opening = (year: number) => values.get(`stock.pipeline.${year}`) ?? 0
  return (area, stage, year) => {
    const { id } = pack.areas[area]
    const name = STAGES[stage].id
    let openedInAll = 0
    for (let y = baseYear + 1; y <= year; y++) openedInAll += opening(y)
    for (let y = year + 1; y <= baseYear; y++) openedInAll -= opening(y)
    const opened = total > 0 ? (openedInAll * base[area][stage]) / total : 0
    const stock =
      values.get(`stock.seats.${id}.${name}`) ??
      base[area][stage] * (1 + (values.get(`edu.slack.${id}`) ?? 0))
    const soft = Math.max(0, stock + opened)
    const larger = valueOf(values, 'edu.classMax') / valueOf(values, `edu.classStd.${name}`)
    return { soft, hard: soft * larger, opened }
  }
}
