/**
 * One row of joint draws of everything that is fitted: the base flow by area and origin and the reform's effect.
 * Calibration writes such rows, simulation and the mean-field recurrence read them.
 */

/** The four readings of 2017 that the data cannot choose among (model §7); stacked with equal weight. */
export const MEMBERS = ['permanent', 'decaying', 'return_only', 'return_decay_floor'] as const
export type Member = (typeof MEMBERS)[number]

export interface CalibratedRow {
  member: Member
  /** Share of the migrant stock that the opening converts in its first year once known to all: by origin. */
  conversion: { province: number; otherProvince: number }
  /** Monthly hazard of the ready (λ_w). The yearly decay is γ = exp(−12 λ). */
  lambda: number
  /** φ: share of the opening's flow that is permanent, the rest comes from a stock of ready households that empties. */
  permanent: number
  /** ρ: share of the intra-city moves lost in the break of 2015 that returns from 2017 on. */
  returned: number
  /** Share of the intra-city moves lost in the break, 2015–16. */
  breakLoss: number
  /** Month in which the reform takes force (absolute month). */
  inForce: number
  /** Bass awareness: p_c + q·A a month; level at the opening. */
  awareP: number
  awareQ: number
  awareInit: number
  /** By area, in pack order: */
  areas: {
    /** log effect of the area on the conversion (r_a). */
    effect: number
    /** Base flow in persons a year before the break: from other areas of the city, from the province outside it, from other provinces. */
    intra: number
    province: number
    otherProvince: number
    /** log deviations of the base flow in 2015, 2016 and 2017 (area and city walk together). */
    deviation: [number, number, number]
    /** sd of the yearly steps of the area's walk after 2017. */
    walk: number
  }[]
  /** sd of the city's common yearly steps after 2017. */
  cityWalk: number
  /** Shares of the external base flow that come through the kin, purchase and points channels; the rest is `ordinary`. */
  share: { kin: number; purchase: number; points: number }
  /** event / districtIn over all channels, and the share of double tags (kin and purchase). */
  eventOverDistrictIn: number
  doubleTag: number
}

/** Column names of the calibrated file for these areas, in order. `toColumns` and `fromColumns` are inverse. */
export function columnNames(areaIds: string[]): string[] {
  return [
    'member',
    'conversion.province',
    'conversion.otherProvince',
    'lambda',
    'permanent',
    'returned',
    'breakLoss',
    'inForce',
    'awareP',
    'awareQ',
    'awareInit',
    'cityWalk',
    'share.kin',
    'share.purchase',
    'share.points',
    'eventOverDistrictIn',
    'doubleTag',
    ...areaIds.flatMap(id =>
      [
        'effect',
        'intra',
        'province',
        'otherProvince',
        'deviation2015',
        'deviation2016',
        'deviation2017',
        'walk',
      ].map(name => `${id}.${name}`),
    ),
  ]
}

export function toColumns(row: CalibratedRow): number[] {
  return [
    MEMBERS.indexOf(row.member),
    row.conversion.province,
    row.conversion.otherProvince,
    row.lambda,
    row.permanent,
    row.returned,
    row.breakLoss,
    row.inForce,
    row.awareP,
    row.awareQ,
    row.awareInit,
    row.cityWalk,
    row.share.kin,
    row.share.purchase,
    row.share.points,
    row.eventOverDistrictIn,
    row.doubleTag,
    ...row.areas.flatMap(area => [
      area.effect,
      area.intra,
      area.province,
      area.otherProvince,
      ...area.deviation,
      area.walk,
    ]),
  ]
}

export function fromColumns(columns: number[]): CalibratedRow {
  const [
    member,
    province,
    otherProvince,
    lambda,
    permanent,
    returned,
    breakLoss,
    inForce,
    awareP,
    awareQ,
    awareInit,
    cityWalk,
    kin,
    purchase,
    points,
    eventOverDistrictIn,
    doubleTag,
    ...rest
  ] = columns
  const areas: CalibratedRow['areas'] = []
  for (let i = 0; i < rest.length; i += 8) {
    const [effect, intra, inProvince, fromOther, d2015, d2016, d2017, walk] = rest.slice(i, i + 8)
    areas.push({
      effect,
      intra,
      province: inProvince,
      otherProvince: fromOther,
      deviation: [d2015, d2016, d2017],
      walk,
    })
  }
  return {
    member: MEMBERS[member],
    conversion: { province, otherProvince },
    lambda,
    permanent,
    returned,
    breakLoss,
    inForce,
    awareP,
    awareQ,
    awareInit,
    cityWalk,
    share: { kin, purchase, points },
    eventOverDistrictIn,
    doubleTag,
    areas,
  }
}

/** Parameters that a calibrated row holds: an override replaces that part of the joint draw. */
export const ROW_PARAMETERS: Record<string, (row: CalibratedRow, value: number) => void> = {
  'apply.conversion.province': (row, value) => (row.conversion.province = value),
  'apply.conversion.otherProvince': (row, value) => (row.conversion.otherProvince = value),
  'apply.lambdaWilling': (row, value) => (row.lambda = value),
  'reform.permanent': (row, value) => (row.permanent = value),
  'reform.inForce': (row, value) => (row.inForce = value),
  'moves.return': (row, value) => (row.returned = value),
  'moves.break': (row, value) => (row.breakLoss = value),
  'moves.walkCity': (row, value) => (row.cityWalk = value),
  'aware.pc': (row, value) => (row.awareP = value),
  'aware.q': (row, value) => (row.awareQ = value),
  'aware.init': (row, value) => (row.awareInit = value),
  'apply.share.kin': (row, value) => (row.share.kin = value),
  'apply.share.purchase': (row, value) => (row.share.purchase = value),
  'apply.share.points': (row, value) => (row.share.points = value),
  'bases.eventOverDistrictIn': (row, value) => (row.eventOverDistrictIn = value),
  'bases.doubleTag': (row, value) => (row.doubleTag = value),
}
