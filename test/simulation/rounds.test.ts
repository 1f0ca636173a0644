import { describe, expect, it } from 'vitest'
import { formatMonth, monthOf, NEVER, parseMonth, yearOf, type Horizon } from '../../src/evidence/month.js'
import { PLACE } from '../../src/population/population.js'
import type { Run } from '../../src/simulation/run.js'
import { STATUS } from '../../src/simulation/world.js'
import answers from '../policy/quotaRanking.json' with { type: 'json' }
import { flatRates, laws, live, NO_CHANNEL, quiet, rowWith, total, town, type Household } from './town.js'

const horizon: Horizon = { from: monthOf(2015, 1), to: monthOf(2017, 12) }
const DEGREES = ['senior_secondary', 'junior_college', 'bachelor', 'master']
/** Forty households with 50, 60, 80 or 90 points each in two areas. */
const list = Array.from({ length: 160 }, (_, h): Household => ({
  education: DEGREES[h % 4],
  area: h < 120 ? 0 : 1,
}))
const population = town(list)
const pointsOf = (h: number) => [50, 60, 80, 90][h % 4]

const points = (admit: string) =>
  [
    'score:',
    '  education:',
    '    clause: c',
    '    by: education',
    '    points: { senior_secondary: 50, junior_college: 60, bachelor: 80, master: 90 }',
    'admit:',
    '  at_least: 60',
    ...admit.split('\n').map(line => `  ${line}`),
  ].join('\n')
/** Everybody who may applies in the first month. */
const eager = flatRates(horizon, { base: [0, 0, 0], ready: 1, lambda: 50 })
const hold = (admit: string, more: Partial<Parameters<typeof live>[0]> = {}) =>
  live({ population, horizon, law: laws('law', { ranked: points(admit) }, horizon), rates: eager, ...more })

const registered = (world: { registeredIn: Int16Array }) =>
  Array.from(world.registeredIn, (month, h) => ({ h, month })).filter(({ month }) => month !== NEVER)

describe('rounds of a quota', () => {
  it('admit in each year no more than the quota, and all of it while there are applicants', () => {
    const { world } = hold('quota: { year: 50 }\nrounds: [3, 9]')
    for (const [year, admitted] of [
      [2015, 50],
      [2016, 50],
      [2017, 20],
    ])
      // 120 have enough points.
      expect(registered(world).filter(({ month }) => yearOf(month) === year).length).toBe(admitted)
  })

  it('are held in their months alone, in equal shares of the year', () => {
    const { world } = hold('quota: { year: 50 }\nrounds: [3, 9]')
    const counts = new Map<number, number>()
    for (const { month } of registered(world)) counts.set(month, (counts.get(month) ?? 0) + 1)
    expect([...counts].sort((a, b) => a[0] - b[0])).toEqual([
      [monthOf(2015, 3), 25],
      [monthOf(2015, 9), 25],
      [monthOf(2016, 3), 25],
      [monthOf(2016, 9), 25],
      [monthOf(2017, 3), 20],
    ])
  })

  it('admit by rank: nobody with fewer points before one with more who waited', () => {
    const { world } = hold('quota: { year: 50 }\nrounds: [3, 9]')
    const admitted = registered(world)
    expect(admitted.every(({ h }) => pointsOf(h) >= 60)).toBe(true)
    for (const a of admitted)
      for (const b of admitted)
        if (pointsOf(a.h) > pointsOf(b.h)) expect(a.month).toBeLessThanOrEqual(b.month)
    // 40 have 90 points: 25 in the first round, the other 15 are first in the second.
    const best = admitted.filter(({ h }) => pointsOf(h) === 90).map(({ month }) => month)
    expect(best.filter(month => month === monthOf(2015, 3)).length).toBe(25)
    expect(best.filter(month => month === monthOf(2015, 9)).length).toBe(15)
  })

  it('keep the quota of each area', () => {
    const { world } = hold('quota: { areas: { west: 4 } }\nrounds: [6]')
    for (const year of [2015, 2016, 2017]) {
      const inWest = registered(world).filter(({ h, month }) => h >= 120 && yearOf(month) === year)
      expect(inWest.length).toBe(4)
    }
    // The east has no quota: its 90 with enough points are through in the first round.
    expect(registered(world).filter(({ h, month }) => h < 120 && month === monthOf(2015, 6)).length).toBe(90)
  })

  it('let those wait on who are not admitted, as migrants who live here', () => {
    const { world, flows } = hold('quota: { year: 10 }\nrounds: [12]')
    const waiting = world.status.filter(status => status === STATUS.waiting).length
    expect(registered(world).length).toBe(30)
    expect(waiting).toBe(90)
    // 160 single persons less those registered, of both areas.
    expect(flows.present[flows.present.length - 2] + flows.present[flows.present.length - 1]).toBe(130)
  })

  it('release all who wait where points are abolished: they register another way', () => {
    const law = laws('law', { ranked: points('quota: { year: 10 }\nrounds: [12]') }, horizon)
    const free = laws('free', { rent: 'when: has_permit' }, horizon)
    const { world } = live({
      population,
      horizon,
      law,
      then: [[monthOf(2016, 6), free]],
      rates: eager,
      row: rowWith({ awareInit: 1 }),
    })
    expect(registered(world).filter(({ month }) => month < monthOf(2016, 6)).length).toBe(10)
    expect(registered(world).filter(({ month }) => month === monthOf(2016, 6)).length).toBe(150)
    const none = live({
      population,
      horizon,
      law,
      then: [[monthOf(2016, 6), laws('none', NO_CHANNEL, horizon)]],
      rates: eager,
    })
    expect(none.world.status.includes(STATUS.waiting)).toBe(false)
  })

  it('let applicants from elsewhere wait elsewhere', () => {
    const abroad = town(list.map(household => ({ ...household, place: PLACE.elsewhere })))
    const { world, flows } = hold('quota: { year: 10 }\nrounds: [12]', {
      population: abroad,
      then: [[monthOf(2017, 1), laws('none', NO_CHANNEL, horizon)]],
    })
    expect(registered(world).length).toBe(20)
    expect(world.status.includes(STATUS.here)).toBe(false)
    expect(flows.present.every(persons => persons === 0)).toBe(true)
  })

  it('do not keep anybody from leaving the city', () => {
    const yearly = 0.1
    const many = town(Array.from({ length: 4000 }, (): Household => ({ education: 'bachelor' })))
    const { world, flows } = hold('quota: { year: 0 }\nrounds: [12]', {
      population: many,
      values: quiet({ 'mig.exit.later': yearly }),
    })
    const left = world.status.filter(status => status === STATUS.gone).length
    const gone = 1 - (1 - yearly) ** 3
    expect(Math.abs(left - 4000 * gone)).toBeLessThan(4 * Math.sqrt(4000 * gone * (1 - gone)))
    expect(total(flows.exits)).toBe(left)
    expect(world.status.filter(status => status === STATUS.waiting).length).toBe(4000 - left)
  })

  it('without a quota admit at once whoever has enough points', () => {
    const { world } = hold('ties: draw')
    expect(registered(world).length).toBe(120)
    expect(registered(world).every(({ month }) => month === horizon.from)).toBe(true)
  })
})

/** A channel without points over the same town. */
const line = (admit: string, when = 'has_permit', more: Partial<Parameters<typeof live>[0]> = {}) =>
  live({
    population,
    horizon,
    law: laws(
      'law',
      { line: [`when: ${when}`, 'admit:', ...admit.split('\n').map(text => `  ${text}`)].join('\n') },
      horizon,
    ),
    rates: eager,
    ...more,
  })

/** How many registered in each month that has any: [month, how many]. */
const byMonth = (world: { registeredIn: Int16Array }): [month: number, count: number][] => {
  const counts = new Map<number, number>()
  for (const { month } of registered(world)) counts.set(month, (counts.get(month) ?? 0) + 1)
  return [...counts].sort((a, b) => a[0] - b[0])
}
const counts = (world: { registeredIn: Int16Array }) => byMonth(world).map(([, count]) => count)

/** Everybody applies in the first month, if at all. */
const once = () => {
  const rates = flatRates(horizon, { ready: 1, lambda: 50 })
  const waiting: number[] = []
  const observe = (_: number, run: Run) => {
    waiting.push(run.world.status.filter(status => status === STATUS.waiting).length)
    run.rates.lambda = 0
  }
  return { waiting, more: { rates, observe } }
}

describe('rounds by date', () => {
  const dated = (rounds: string) => `select: pool\nrank: [age desc]\nrounds: [${rounds}]`

  it('admit in their month as many as they have places, several in one month in order', () => {
    const { world } = line(
      dated('{ on: 2015-03-04, places: 10 }, { on: 2015-03-18, places: 5 }, { on: 2016-07-01, places: 20 }'),
    )
    expect(byMonth(world)).toEqual([
      [monthOf(2015, 3), 15],
      [monthOf(2016, 7), 20],
    ])
  })

  it('are for those alone who meet the condition of the round', () => {
    const { world } = line(dated(`{ on: 2015-03-04, places: 100, when: 'education >= "bachelor"' }`))
    const admitted = registered(world).map(({ h }) => h)
    expect(admitted.length).toBe(80)
    expect(admitted.every(h => pointsOf(h) >= 80)).toBe(true)
  })

  it('lose the places that they leave empty, unless these are carried on', () => {
    const rounds = dated('{ on: 2015-03-04, places: 100 }, { on: 2015-09-02, places: 10 }')
    // 80 bachelors from the first month on, everybody from July.
    const when = 'education >= "bachelor" || months_resident >= 66'
    expect(counts(line(rounds, when).world)).toEqual([80, 10])
    expect(counts(line(`${rounds}\nunfilled: year`, when).world)).toEqual([80, 30])
  })

  it('have places in proportion at a smaller scale, however small each round is', () => {
    const rounds = Array.from(
      { length: 30 },
      (_, i) => `{ on: ${formatMonth(monthOf(2015, 2) + i)}-01, places: 5 }`,
    )
    const { world } = line(dated(rounds.join(', ')), 'has_permit', {
      population: { ...population, scale: 0.1 },
    })
    // 150 places in all.
    expect(registered(world).length).toBe(15)
  })
})

describe('a lottery', () => {
  const admit = 'select: lottery\nquota: { year: 40 }\nrounds: [6]'
  const drawn = (seed: string) =>
    registered(line(admit, 'has_permit', { seed }).world)
      .filter(({ month }) => month === monthOf(2015, 6))
      .map(({ h }) => h)

  it('fills its places, with others for another seed', () => {
    expect(drawn('a').length).toBe(40)
    expect(drawn('a')).toEqual(drawn('a'))
    expect(drawn('a')).not.toEqual(drawn('b'))
  })

  it('gives all who pass the same chance, whatever their degree', () => {
    const masters = Array.from({ length: 30 }, (_, i) => drawn(`lot ${i}`).filter(h => h % 4 === 3).length)
    // 40 of 160 have one; hypergeometric, within 4 standard errors of the mean of 30 draws.
    const sd = Math.sqrt((40 * 0.25 * 0.75 * (120 / 159)) / 30)
    expect(Math.abs(total(masters) / 30 - 10)).toBeLessThan(4 * sd)
  })
})

describe('places that a round left empty', () => {
  // The 40 masters from the first month on, everybody from 2016.
  const when = 'education >= "master" || months_resident >= 72'
  it.each([
    ['never', [30, 10, 30, 30, 30, 30]],
    ['year', [30, 10, 30, 30, 30, 30]],
    ['always', [30, 10, 50, 30, 30, 10]],
  ])('go on to the next year only with unfilled: always (%s)', (unfilled, expected) => {
    const { world } = line(`quota: { year: 60 }\nrounds: [3, 9]\nunfilled: ${unfilled}`, when)
    expect(counts(world)).toEqual(expected)
  })

  // Ten pass in March, everybody from July.
  const later = 'area == "west" && education >= "master" || months_resident >= 66'
  it.each([
    ['never', [10, 30]],
    ['year', [10, 50]],
  ])('go on to the next round of the year unless unfilled: never (%s)', (unfilled, expected) => {
    const { world } = line(`quota: { year: 60 }\nrounds: [3, 9]\nunfilled: ${unfilled}`, later)
    expect(counts(world).slice(0, 2)).toEqual(expected)
  })
})

describe('those in line', () => {
  it('fall out if the rules say so: only who applies again takes part in the next round', () => {
    const { more, waiting } = once()
    const { world } = line('quota: { year: 10 }\nrounds: [6]\nwaits: false', 'has_permit', more)
    expect(byMonth(world)).toEqual([[monthOf(2015, 6), 10]])
    expect(waiting.slice(3, 7)).toEqual([160, 160, 0, 0])
    expect(counts(line('quota: { year: 10 }\nrounds: [6]\nwaits: false').world)).toEqual([10, 10, 10])
  })

  it('leave it at a round where they no longer pass', () => {
    const { more, waiting } = once()
    const { world } = line('quota: { year: 10 }\nrounds: [9]', 'months_resident <= 65', more)
    expect(registered(world)).toEqual([])
    expect(waiting.slice(6, 9)).toEqual([160, 160, 0])
  })

  it.each([
    [11, [160, 0, 0]],
    [12, [160, 160, 0]],
  ])('stay for as long as an application is valid: %i months', (valid, expected) => {
    const { more, waiting } = once()
    line(`quota: { year: 0 }\nrounds: [7]\nvalid_months: ${valid}`, 'has_permit', more)
    // December 2015, January and February 2016: 11, 12 and 13 months after the application.
    expect(waiting.slice(11, 14)).toEqual(expected)
  })
})

describe('what is told of a round', () => {
  it('by hand: places, line, admitted, lowest score and who waits, for the place and each area', () => {
    const { flows } = hold('quota: { year: 50 }\nrounds: [3, 9]')
    expect(flows.rounds.map(({ month }) => month)).toEqual([2, 8, 14, 20, 26, 32])
    const [first, second, , , fifth, last] = flows.rounds
    // Forty each have 90, 80 and 60 points; those with 50 have too few.
    expect([first.places[0], first.inLine[0], first.takingPart[0]]).toEqual([25, 120, 120])
    expect([first.admitted[0], first.lowestScore[0], first.waiting[0]]).toEqual([25, 90, 95])
    // Fifteen with 90 points are left, and ten of those with 80 come after them.
    expect([second.inLine[0], second.admitted[0], second.lowestScore[0], second.waiting[0]]).toEqual([
      95, 25, 80, 70,
    ])
    expect([fifth.admitted[0], fifth.waiting[0]]).toEqual([20, 0])
    // What the round before left of the year is carried on, and nobody is there to take it.
    expect([last.places[0], last.admitted[0], last.lowestScore[0]]).toEqual([30, 0, NaN])
    for (const round of flows.rounds)
      for (const each of [round.inLine, round.takingPart, round.admitted, round.waiting])
        expect(each[0]).toBe(each[1] + each[2])
    expect([...first.places.subarray(1)]).toEqual([NaN, NaN])
  })

  it('tells the score of an area apart, and no score where the order is another', () => {
    const { flows } = hold('quota: { areas: { east: 100, west: 4 } }\nrounds: [6]')
    const [{ places, lowestScore }] = flows.rounds
    expect([...places]).toEqual([NaN, 100, 4])
    expect([...lowestScore]).toEqual([60, 60, 90])
    const others = [
      hold('quota: { year: 50 }\nrounds: [6]\nrank: [age desc, score desc]'),
      hold('select: lottery\nquota: { year: 50 }\nrounds: [6]'),
    ]
    for (const { flows } of others)
      for (const round of flows.rounds) expect([...round.lowestScore]).toEqual([NaN, NaN, NaN])
  })

  it('tells those apart who no longer pass, who may not take part, and whose application expired', () => {
    const admit = 'select: pool\nrounds: [{ on: 2015-06-01, places: 10, when: \'education >= "bachelor"\' }]'
    const [{ inLine, takingPart, admitted, waiting }] = line(admit, 'has_permit && months_resident >= 0')
      .flows.rounds
    expect([inLine[0], takingPart[0], admitted[0], waiting[0]]).toEqual([160, 80, 10, 150])
    const { more } = once()
    const left = line('quota: { year: 10 }\nrounds: [9]', 'months_resident <= 65', more).flows.rounds[0]
    expect([left.inLine[0], left.takingPart[0], left.waiting[0], left.expired[0]]).toEqual([160, 0, 0, 0])
    const { more: again } = once()
    const valid = 'quota: { year: 0 }\nrounds: [7]\nvalid_months: 11'
    const expired = line(valid, 'has_permit', again).flows.rounds.map(round => [...round.expired])
    expect(expired).toEqual([
      [0, 0, 0],
      [160, 120, 40],
      [0, 0, 0],
    ])
  })

  it('is at full scale, the score as it is', () => {
    const law = laws('law', { ranked: points('quota: { year: 500 }\nrounds: [6]') }, horizon)
    const { flows } = live({ population: { ...population, scale: 0.1 }, horizon, law, rates: eager })
    const [{ places, admitted, waiting, lowestScore }] = flows.rounds
    for (const [array, value] of [
      [places, 500],
      [admitted, 500],
      [waiting, 700],
      [lowestScore, 80],
    ] as const)
      expect(array[0]).toBeCloseTo(value, 9)
  })
})

describe('known answers, held by a town', () => {
  interface Person {
    id: string
    area: string
    score: number
    months_insured: number
    assessed?: string
  }
  interface Case {
    name: string
    persons: Person[]
    admitted: string[]
    rounds: { month: string; applicants: Person[]; admitted: string[] }[]
  }
  const given = (name: string) => (answers.cases as unknown as Case[]).find(item => item.name === name)!
  const LEVELS = ['junior_secondary', 'senior_secondary', 'junior_college', 'bachelor', 'master', 'doctorate']
  const month = (text: string) => parseMonth(text)!

  /** These persons as households that may apply from a month on; a score is a degree. @returns ids by month of registration */
  function admitted(persons: (Person & { from: number })[], round: number, admit: string, to = round) {
    const scores = [...new Set(persons.map(({ score }) => score))].sort((a, b) => a - b)
    const levels = scores.map((score, i) => `${LEVELS[i]}: ${score}`).join(', ')
    const text = [
      'when: has_permit',
      `score: { degree: { by: education, points: { ${levels} } } }`,
      'admit:',
      '  at_least: 60',
      '  rank: [score desc, months_insured desc]',
      ...admit.split('\n').map(each => `  ${each}`),
    ].join('\n')
    const span = { from: Math.min(...persons.map(({ from }) => from)), to }
    const { world } = live({
      population: town(
        persons.map(({ area, score, months_insured, from }) => ({
          area: ['D', 'E'].indexOf(area),
          education: LEVELS[scores.indexOf(score)],
          permitSince: from,
          insuredSince: round - months_insured,
          month: monthOf(2000, 1),
        })),
      ),
      horizon: span,
      law: laws('law', { ranked: text }, span),
      rates: flatRates(span, { ready: 1, lambda: 50 }),
    })
    const made = new Map<number, string[]>()
    world.registeredIn.forEach((at, h) => {
      if (at !== NEVER) made.set(at, [...(made.get(at) ?? []), persons[h].id])
    })
    return made
  }
  const round = monthOf(2012, 9)
  const before = (persons: Person[]) => persons.map(person => ({ ...person, from: round - 1 }))

  it.each([
    ['quota-second-key', 'quota: { year: 3 }\nrounds: [9]'],
    ['full-tie-admit-all', 'quota: { year: 2 }\nrounds: [9]\nties: admit_all'],
    ['full-tie-admit-none', 'quota: { year: 2 }\nrounds: [9]\nties: admit_none'],
    ['area-quotas-no-spill', 'quota: { areas: { east: 2, west: 2 } }\nrounds: [9]'],
    ['area-quotas-spill', 'quota: { areas: { east: 2, west: 2 } }\nrounds: [9]\nspill: true'],
  ])('%s', (name, admit) => {
    const { persons, admitted: expected } = given(name)
    expect(admitted(before(persons), round, admit).get(round)).toEqual(expected.toSorted())
  })

  it('rounds-carry-over: what March left goes to September, and March begins anew', () => {
    const { rounds } = given('rounds-carry-over')
    const [first, second, third] = rounds.map(each => month(each.month))
    const persons = rounds.flatMap(({ applicants, month: at }) =>
      applicants.map(person => ({ ...person, from: month(at) - 1 })),
    )
    const made = admitted(persons, second, 'quota: { year: 4 }\nrounds: [3, 9]', third)
    expect(made.get(first)).toEqual(rounds[0].admitted)
    expect(made.get(second)).toEqual(rounds[1].admitted)
    // The one left waits on, and is first in the new year.
    expect(made.get(third)).toEqual(['e'])
  })

  it('expiry: twelve months exactly is in, thirteen is out', () => {
    const { persons, admitted: expected } = given('expiry')
    const applied = persons.map(person => ({ ...person, from: month(person.assessed!) }))
    const admit = 'select: pool\nrounds: [{ on: 2012-09-01, places: 3 }]\nvalid_months: 12'
    expect(admitted(applied, round, admit).get(round)).toEqual(expected)
  })
})
