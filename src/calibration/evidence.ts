/** What the counts of a pack hand to the ridge: the one excess, and the further counts that could collapse it. */
import { monthOfYear, yearOf, type Month } from '../evidence/month.js'
import { InputError } from '../reading/finding.js'
import type { FurtherCounts, Pulse } from './ridge.js'
import type { Observations, WindowCount } from './targets.js'

/** Two counts of the same months, a year apart: the later one last. */
const pairOf = <T extends WindowCount>(counts: readonly T[]): [T, T] | undefined => {
  for (const late of counts) {
    const early = counts.find(
      c => c.window.from === late.window.from - 12 && c.window.to === late.window.to - 12,
    )
    if (early) return [early, late]
  }
  return undefined
}

/**
 * The excess of the whole place's count (external) over the same months a year before.
 * @throws InputError `no-excess` where the pack has no such pair
 */
export function pulseOf({ external }: Observations, reform: Month): Pulse {
  const pair = pairOf(external)
  if (!pair || pair[1].window.to < reform)
    throw new InputError([
      {
        severity: 'error',
        code: 'no-excess',
        message: {
          zh: '没有可用的超额:需要全市(external)同月份两年的计数,且后一年不早于改革月份',
          en: 'There is no excess to read: the ridge needs two counts of the whole place (external) for the same months of two years, the later one not before the reform',
        },
      },
    ])
  const [early, late] = pair
  return { reform, excess: late.count - early.count, from: late.window.from, to: late.window.to }
}

/**
 * Persons a month of the areas that are counted in the window's months of both years: in the window, and in the rest of each year by
 * the yearbook.
 * @returns undefined where there are none, or the two do not begin in January
 */
export function furtherCounts({
  parts,
  moves,
  years,
  areas,
}: Observations): (FurtherCounts & { areas: string[] }) | undefined {
  const pairs = areas.flatMap((_, a) => {
    const pair = pairOf(parts.filter(part => part.area === a))
    return pair ? [pair] : []
  })
  const first = pairs[0]?.[0].window
  if (!first || monthOfYear(first.from) !== 1) return undefined
  const months = first.to - first.from + 1
  const mean = (which: 0 | 1) => {
    let [inside, year] = [0, 0]
    for (const pair of pairs) {
      const { area, count, window } = pair[which]
      const y = area * years.length + years.indexOf(yearOf(window.from))
      inside += count
      year += moves[y * 2] + moves[y * 2 + 1]
    }
    return { inside: inside / months, rest: (year - inside) / (12 - months) }
  }
  const [early, late] = [mean(0), mean(1)]
  return {
    areas: pairs.map(([{ area }]) => areas[area]),
    early: early.inside,
    earlyRest: early.rest,
    late: late.inside,
    lateRest: late.rest,
  }
}
