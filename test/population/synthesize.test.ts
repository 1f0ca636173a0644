import { beforeAll, describe, expect, it } from 'vitest'
import { seedKey } from '../../src/evidence/luck.js'
import { monthOf, NEVER, type Horizon } from '../../src/evidence/month.js'
import { loadPack } from '../../src/node/packs.js'
import { DIMENSIONS } from '../../src/pack/margins.js'
import type { Pack } from '../../src/pack/pack.js'
import { CORE_FACTS } from '../../src/policy/facts.js'
import { COMPOSITIONS, compositionOf } from '../../src/population/composition.js'
import {
  ORIGIN,
  ORIGINS,
  PLACE,
  RELATION,
  RELATIONS,
  type Population,
} from '../../src/population/population.js'
import { synthesize } from '../../src/population/synthesize.js'
import { InputError } from '../../src/reading/finding.js'

const horizon: Horizon = { from: monthOf(2015, 1), to: monthOf(2020, 12) }
const key = seedKey('zhaoqing')
let pack: Pack
let shipped: Map<string, number>
/** A town: a fiftieth of the city, with as little headroom. */
const TOWN = { 'pop.stockFactor': 0.02, 'pool.ordinaryMax': 0.04 }
const make = (
  overrides: Record<string, number> = {},
  { scale = 1, over = horizon, seed = key } = {},
): Population => synthesize(pack, new Map([...shipped, ...Object.entries(overrides)]), over, seed, scale)
let town: Population

beforeAll(async () => {
  pack = await loadPack('zhaoqing')
  shipped = new Map(pack.parameters.flatMap(({ id, value }) => (value === undefined ? [] : [[id, value]])))
  town = make(TOWN)
})

const valuesOf = (fact: string) =>
  (CORE_FACTS.find(({ name }) => name === fact)!.type as { values: string[] }).values
const rowsOf = ({ households }: Population) => Array.from({ length: households.count }, (_, h) => h)
const membersOf = ({ households }: Population, h: number) =>
  Array.from({ length: households.first[h + 1] - households.first[h] }, (_, i) => households.first[h] + i)
/** Ages are those of the month before the household's own. */
const anchorOf = ({ households }: Population, h: number) =>
  (households.place[h] === PLACE.arrival || households.place[h] === PLACE.ordinary
    ? households.month[h]
    : horizon.from) - 1

/** Everything that is known of a household and its members, by its key. */
function lives({ households, persons }: Population): Map<number, string> {
  const { first, count, ...columns } = households
  const { count: personCount, household, ...traits } = persons
  expect(household.length).toBe(personCount)
  const known = new Map<number, string>()
  for (let h = 0; h < count; h++) {
    const own = Object.values(columns).map(column => (column as Uint8Array)[h])
    const members = []
    for (let p = first[h]; p < first[h + 1]; p++)
      members.push(Object.values(traits).map(column => (column as Uint8Array)[p]))
    known.set(households.key[h], JSON.stringify([own, members]))
  }
  return known
}

describe('the population of the shipped pack', () => {
  it('keeps every margin, nearly to the person', () => {
    const { fit, households, persons } = make()
    expect(fit.converged).toBe(true)
    const most: Record<string, number> = {
      'area × origin': 0,
      household: 25,
      tenure: 1,
      stay: 1,
      'age × sex': 100,
      education: 100,
      work: 400,
      skill: 200,
      arrival_month: 60,
    }
    for (const [margin, gap] of Object.entries(most)) {
      const { largestGap, relativeGap } = fit.margins.find(one => one.margin === margin)!
      expect(largestGap, margin).toBeLessThanOrEqual(gap)
      expect(relativeGap, margin).toBeLessThan(0.02)
    }
    // The rest is drawn: within chance (a χ² beyond twice its 5 % point is one in a thousand).
    expect(fit.margins.filter(({ rssz }) => rssz > 2).map(({ margin }) => margin)).toEqual([])
    // Every target of the pack is reported, the two readings of the mix of households in one line.
    const targets = pack.margins
      .filter(({ unit }) => unit !== 'weight')
      .map(({ dimensions }) => dimensions.join(' × ').replace(/^household[.].*/, 'household'))
    expect(fit.margins.map(({ margin }) => margin).sort()).toEqual([...new Set(targets)].sort())
    // Counted again from the columns, against the file.
    const made = new Map<string, number>()
    for (let h = 0; h < households.count; h++) {
      if (households.place[h] !== PLACE.here) continue
      const cell = `${pack.areas[households.area[h]].id}*${ORIGINS[households.origin[h]]}`
      for (let p = households.first[h]; p < households.first[h + 1]; p++)
        if (!persons.away[p]) made.set(cell, (made.get(cell) ?? 0) + 1)
    }
    const asked = pack.margins.find(({ dimensions }) => dimensions.join('*') === 'area*origin')!
    expect(made.size).toBe(asked.cells.length)
    for (const { groups, value } of asked.cells) expect(made.get(groups.join('*'))).toBe(value)
  }, 60_000)

  it('has families as the survey of 2014 met them, where they come together', () => {
    const { households, persons } = make({ ...TOWN, 'pop.together': 1 })
    let [families, members, here, all] = [0, 0, 0, 0]
    for (let h = 0; h < households.count; h++) {
      if (households.place[h] !== PLACE.here) continue
      let size = 0
      for (let p = households.first[h]; p < households.first[h + 1]; p++) {
        all++
        if (!persons.away[p]) size++
      }
      here += size
      if (size > 1) {
        families++
        members += size
      }
    }
    expect(members / families).toBeGreaterThan(2.86 - 0.08)
    expect(members / families).toBeLessThan(2.86 + 0.08)
    expect(here / all).toBeGreaterThan(0.862 - 0.03)
    expect(here / all).toBeLessThan(0.862 + 0.03)
  })
})

describe('households', () => {
  it('have unique keys, ascending, each the key of its head', () => {
    const { households, persons } = town
    for (let h = 1; h < households.count; h++) expect(households.key[h] > households.key[h - 1]).toBe(true)
    for (const h of rowsOf(town)) expect(persons.key[households.first[h]]).toBe(households.key[h])
    for (let p = 1; p < persons.count; p++) expect(persons.key[p] > persons.key[p - 1]).toBe(true)
  })

  it('hold every person once', () => {
    const { households, persons } = town
    expect(households.first[0]).toBe(0)
    expect(households.first[households.count]).toBe(persons.count)
    for (const h of rowsOf(town)) for (const p of membersOf(town, h)) expect(persons.household[p]).toBe(h)
  })

  it('begin with their one head, an adult who is here', () => {
    const { persons } = town
    for (const h of rowsOf(town)) {
      const [head, ...others] = membersOf(town, h)
      expect(persons.relation[head]).toBe(RELATION.head)
      expect(persons.away[head]).toBe(0)
      expect(anchorOf(town, h) - persons.birth[head]).toBeGreaterThanOrEqual(18 * 12)
      for (const p of others) expect(persons.relation[p]).not.toBe(RELATION.head)
    }
  })

  it('have members whose ages fit: spouses, children and their parents, grandparents', () => {
    const { persons } = town
    let [children, apart] = [0, 0]
    for (const h of rowsOf(town)) {
      const [head, ...others] = membersOf(town, h)
      const spouses = others.filter(p => persons.relation[p] === RELATION.spouse)
      expect(spouses.length).toBeLessThan(2)
      const couple = [head, ...spouses]
      for (const p of spouses) {
        expect(persons.sex[p]).not.toBe(persons.sex[head])
        if (Math.abs(persons.birth[p] - persons.birth[head]) > 15 * 12) apart++
      }
      for (const p of others) {
        const months = anchorOf(town, h) - persons.birth[p]
        expect(months).toBeGreaterThanOrEqual(0)
        if (persons.relation[p] === RELATION.child) {
          children++
          expect(months).toBeLessThan(18 * 12)
          for (const one of couple) expect(persons.birth[p] - persons.birth[one]).toBeGreaterThan(15 * 12)
        } else expect(months).toBeGreaterThanOrEqual(18 * 12)
        if (persons.relation[p] === RELATION.parent)
          for (const one of couple)
            expect(persons.birth[one] - persons.birth[p]).toBeGreaterThanOrEqual(18 * 12)
      }
    }
    expect(children).toBeGreaterThan(1000)
    expect(apart / town.households.count).toBeLessThan(0.01)
  })

  it('are of eight kinds, as often as the two readings of the margins mixed: by hand .7 and .3', () => {
    // Who belongs to which; − marks who was left behind.
    const kinds: Record<string, { members: string[]; share: number }> = {
      single: { members: ['head'], share: 0.7 * 0.22 + 0.3 * 0.41 },
      single_away: {
        members: ['child− child− head spouse−', 'child− head spouse−'],
        share: 0.7 * 0.08 + 0.3 * 0.31,
      },
      couple: { members: ['head spouse'], share: 0.7 * 0.15 + 0.3 * 0.04 },
      couple_away: { members: ['child− child− head spouse', 'child− head spouse'], share: 0.1 },
      couple_1: { members: ['child head spouse'], share: 0.7 * 0.25 + 0.3 * 0.08 },
      couple_2: { members: ['child child head spouse'], share: 0.7 * 0.12 + 0.3 * 0.04 },
      extended: { members: ['child head parent spouse'], share: 0.7 * 0.05 + 0.3 * 0.01 },
      kin: { members: ['head other'], share: 0.7 * 0.03 + 0.3 * 0.01 },
    }
    const { households, persons } = town
    const counts = new Map<string, number>()
    let [here, oneLeft, left] = [0, 0, 0]
    for (const h of rowsOf(town)) {
      const rows = membersOf(town, h)
      const members = rows
        .map(p => RELATIONS[persons.relation[p]] + (persons.away[p] ? '−' : ''))
        .sort()
        .join(' ')
      const kind = Object.keys(kinds).find(name => kinds[name].members.includes(members))
      expect(kind, members).toBeDefined()
      expect(COMPOSITIONS[compositionOf(persons, rows[0], rows[0] + rows.length)].name).toBe(kind)
      // Movers are alone; who lives elsewhere has nobody left behind.
      if (households.place[h] === PLACE.ordinary) expect(kind).toBe('single')
      if (households.place[h] === PLACE.elsewhere) expect(members).not.toContain('−')
      if (households.place[h] !== PLACE.here) continue
      here++
      counts.set(kind!, (counts.get(kind!) ?? 0) + 1)
      if (!members.includes('child−')) continue
      left++
      if (!members.includes('child− child−')) oneLeft++
    }
    for (const [kind, { share }] of Object.entries(kinds))
      expect(Math.abs(counts.get(kind)! / here - share), kind).toBeLessThan(0.005)
    // pop.secondLeftBehind: four families in ten with a child left behind have two there.
    expect(Math.abs(oneLeft / left - 0.6)).toBeLessThan(5 * Math.sqrt(0.24 / left))
  })

  it('share origin, area and kind of registration; who was left behind holds nothing of the place', () => {
    const { persons } = town
    const none = valuesOf('work').indexOf('none')
    for (const h of rowsOf(town)) {
      const [head, ...others] = membersOf(town, h)
      for (const p of others) {
        expect(persons.hukouKind[p]).toBe(persons.hukouKind[head])
        if (!persons.away[p]) continue
        expect([RELATION.spouse, RELATION.child] as number[]).toContain(persons.relation[p])
        expect([persons.insuredSince[p], persons.employmentRegistered[p]]).toEqual([NEVER, 0])
        if (persons.relation[p] === RELATION.spouse) expect(persons.work[p]).toBe(none)
      }
    }
  })

  it('hold nothing that their place or tenure excludes', () => {
    const { households, persons } = town
    const [rent, formal] = [valuesOf('tenure').indexOf('rent'), valuesOf('work').indexOf('formal')]
    const spouse = valuesOf('kin_here').indexOf('spouse')
    for (const h of rowsOf(town)) {
      const place = households.place[h]
      const month = households.month[h]
      if (households.leaseFiled[h]) expect([households.tenure[h], place]).toEqual([rent, PLACE.here])
      if (households.permitSince[h] !== NEVER) {
        expect(place).toBe(PLACE.here)
        expect(households.permitSince[h]).toBeGreaterThanOrEqual(month)
        expect(households.permitSince[h]).toBeLessThan(horizon.from)
      }
      if (place === PLACE.here) expect(month).toBeLessThan(horizon.from)
      else if (place === PLACE.elsewhere) expect(month).toBe(NEVER)
      else {
        expect(month).toBeGreaterThanOrEqual(horizon.from)
        expect(month).toBeLessThanOrEqual(horizon.to)
        expect(households.u[h]).toBeGreaterThan(0)
        expect(households.u[h]).toBeLessThan(1)
      }
      for (const p of membersOf(town, h)) {
        const insured = persons.insuredSince[p] !== NEVER
        expect(insured).toBe(persons.work[p] === formal)
        if (insured) {
          expect(persons.insuredSince[p]).toBeGreaterThanOrEqual(month)
          if (place === PLACE.here) expect(persons.insuredSince[p]).toBeLessThanOrEqual(horizon.from)
        }
        if (persons.relation[p] === RELATION.spouse && !persons.away[p])
          expect(households.kinHere[h]).not.toBe(spouse)
      }
    }
  })

  it('are as often insured, registered and housed as the parameters say', () => {
    const { households, persons } = town
    const share = (of: (h: number) => boolean, among: (h: number) => boolean) => {
      const all = rowsOf(town).filter(h => households.place[h] === PLACE.here && among(h))
      return all.filter(of).length / all.length
    }
    const rent = valuesOf('tenure').indexOf('rent')
    const head = (h: number) => persons.work[households.first[h]]
    const employee = ['formal', 'informal'].map(name => valuesOf('work').indexOf(name))
    const near = (made: number, asked: number) => expect(Math.abs(made - asked)).toBeLessThan(0.025)
    near(
      share(
        h => households.leaseFiled[h] === 1,
        h => households.tenure[h] === rent,
      ),
      0.2,
    )
    near(
      share(
        h => households.permitSince[h] !== NEVER,
        h => horizon.from - households.month[h] >= 6,
      ),
      0.55,
    )
    near(
      share(
        h => head(h) === employee[0],
        h => employee.includes(head(h)),
      ),
      0.25,
    )
    near(
      share(
        h => households.kinHere[h] > 0,
        () => true,
      ),
      0.12,
    )
    near(
      share(
        h => persons.insuredSince[households.first[h]] <= horizon.from - 6,
        h => employee.includes(head(h)),
      ),
      0.18,
    )
  })
})

describe('registered kin', () => {
  it('are of each kind as often as the margin says, though couples have no other spouse', () => {
    const { households } = town
    const kin = rowsOf(town).filter(h => households.place[h] === PLACE.here && households.kinHere[h] > 0)
    expect(kin.length).toBeGreaterThan(700)
    const { cells } = pack.margins.find(({ dimensions }) => dimensions.join() === 'kin_here')!
    for (const { groups, value } of cells) {
      const made = kin.filter(h => households.kinHere[h] === valuesOf('kin_here').indexOf(groups[0])).length
      // Four standard deviations of a draw of so many.
      const allowed = 4 * Math.sqrt((value * (1 - value)) / kin.length)
      expect(Math.abs(made / kin.length - value), groups[0]).toBeLessThan(allowed)
    }
  })
})

describe('luck and keys', () => {
  it('are the same for the same key and others for another', () => {
    const again = make(TOWN)
    expect(lives(again)).toEqual(lives(town))
    const other = lives(make(TOWN, { seed: seedKey('other') }))
    const mine = lives(town)
    const unchanged = [...other].filter(([id, life]) => mine.get(id) === life).length
    expect(unchanged / other.size).toBeLessThan(0.1)
  })

  it('keep at a scale a part of every larger one, with the same lives', () => {
    const [tenth, fifth, whole] = [
      lives(make(TOWN, { scale: 0.1 })),
      lives(make(TOWN, { scale: 0.2 })),
      lives(town),
    ]
    for (const [id, life] of tenth) expect(fifth.get(id)).toBe(life)
    for (const [id, life] of fifth) expect(whole.get(id)).toBe(life)
    // Binomial, five standard deviations.
    const sd = Math.sqrt(whole.size * 0.1 * 0.9)
    expect(Math.abs(tenth.size - whole.size * 0.1)).toBeLessThan(5 * sd)
  })

  it('rename nobody when a pool grows or the horizon is longer', () => {
    const larger = [
      make({ ...TOWN, 'pool.elsewhere.kin': 2, 'pool.elsewhere.purchase': 3 }),
      make(TOWN, { over: { from: horizon.from, to: monthOf(2022, 12) } }),
    ]
    const mine = lives(town)
    for (const population of larger) {
      const theirs = lives(population)
      expect(theirs.size).toBeGreaterThan(mine.size)
      for (const [id, life] of mine) expect(theirs.get(id)).toBe(life)
    }
  })
})

describe('an area larger than 19 bits of numbers', () => {
  it('goes on in further blocks, ascending by key, and holds everybody once', () => {
    // Twenty times the stock: 1.4 million households in Duanzhou from the province, of which one in five hundred is made.
    const large = { 'pop.stockFactor': 20, 'pool.ordinaryMax': 0.04 }
    const { households, persons } = make(large, {
      scale: 0.002,
      over: { from: horizon.from, to: horizon.from },
    })
    const numbers = new Set<number>()
    for (let h = 0; h < households.count; h++) {
      const slot = Math.floor(households.key[h] / 2 ** 24) % 64
      expect(slot % pack.areas.length).toBe(households.area[h])
      expect(Math.floor(households.key[h] / 2 ** 22) % 4).toBe(households.origin[h])
      if (h > 0) expect(households.key[h] > households.key[h - 1]).toBe(true)
      numbers.add(Math.floor(slot / pack.areas.length))
    }
    expect([...numbers].sort()).toEqual([0, 1, 2])
    let here = 0
    for (let p = 0; p < persons.count; p++)
      if (!persons.away[p] && households.place[persons.household[p]] === PLACE.here) here++
    // 15 million asked for; a household of mean 2.04 and at most 4 persons is kept with one chance in 500.
    const expected = 15_000_000 * 0.002
    expect(Math.abs(here - expected)).toBeLessThan(5 * Math.sqrt(expected * 3))
  }, 120_000)

  it('keeps the keys that it had while it was smaller', () => {
    const keys = (factor: number) => {
      const { households } = make(
        { 'pop.stockFactor': factor, 'pool.ordinaryMax': 0.04 },
        { scale: 0.002, over: { from: horizon.from, to: horizon.from } },
      )
      return new Set(households.key.filter((_, h) => households.place[h] === PLACE.here))
    }
    const [small, large] = [keys(1), keys(16)]
    for (const household of small) expect(large.has(household)).toBe(true)
  }, 120_000)

  it('is refused where no block is left', () => {
    // Of 64 slots 40 areas leave one each: 524,288 households, and Duanzhou has 700,000 at ten times the stock.
    const others = Array.from({ length: 31 }, (_, a) => ({ ...pack.areas[0], id: `area${a}` }))
    const crowded = { ...pack, areas: [...pack.areas, ...others] }
    const values = new Map([...shipped, ['pop.stockFactor', 10]])
    expect(() => synthesize(crowded, values, { from: horizon.from, to: horizon.from }, key, 0.0001)).toThrow(
      /At most 524288 households of one area and origin, with 40 areas/,
    )
  }, 60_000)
})

describe('the pools', () => {
  it('hold what their greatest monthly numbers say, arrivals by season', () => {
    const { households, maxima } = town
    const counts = {
      arrivals: new Float64Array(maxima.arrivals.length),
      ordinary: new Float64Array(maxima.ordinary.length),
    }
    const byMonth = new Float64Array(12)
    for (const h of rowsOf(town)) {
      const cell = households.area[h] * ORIGINS.length + households.origin[h]
      if (households.place[h] === PLACE.arrival) {
        counts.arrivals[cell]++
        byMonth[households.month[h] % 12]++
      }
      if (households.place[h] === PLACE.ordinary) counts.ordinary[cell]++
    }
    for (const pool of ['arrivals', 'ordinary'] as const)
      for (const [cell, most] of maxima[pool].entries())
        expect(Math.abs(counts[pool][cell] - most * 72)).toBeLessThanOrEqual(0.51)
    const all = byMonth.reduce((a, b) => a + b, 0)
    // Twice as many in March as in November and a little more, by the margin.
    expect(byMonth[2] / all).toBeCloseTo(0.14, 2)
    expect(byMonth[10] / all).toBeCloseTo(0.06, 2)
  })

  it('have room for all the ordinary moves that the yearbook saw', () => {
    const { maxima } = make({ 'pop.stockFactor': 0.02 }, { scale: 0.001 })
    for (const { area, inProvince, inOtherProvinces, year } of pack.yearbook) {
      if (year < 2015) continue
      const a = pack.areas.findIndex(({ id }) => id === area) * ORIGINS.length
      expect(maxima.ordinary[a + ORIGIN.cityOtherArea] * 12).toBeGreaterThanOrEqual(inProvince)
      expect(maxima.ordinary[a + ORIGIN.province] * 12).toBeGreaterThanOrEqual(inProvince)
      expect(maxima.ordinary[a + ORIGIN.otherProvince] * 12).toBeGreaterThanOrEqual(inOtherProvinces)
    }
  })
})

describe('what synthesis asks of a pack', () => {
  it('is every margin it needs: all that are missing at once', () => {
    const bare = {
      ...pack,
      margins: pack.margins.filter(({ dimensions }) => !/tenure|skill/.test(dimensions.join('*'))),
    }
    try {
      synthesize(bare, shipped, horizon, key, 0.01)
      expect.unreachable()
    } catch (error) {
      expect((error as InputError).findings.map(({ code }) => code)).toEqual([
        'missing-margin',
        'missing-margin',
      ])
    }
  })

  it('speaks of groups by the values of facts', () => {
    for (const fact of ['origin', 'sex', 'education', 'tenure', 'skill', 'title'])
      expect(DIMENSIONS[fact]).toEqual(valuesOf(fact))
    expect(['none', ...DIMENSIONS.kin_here]).toEqual(valuesOf('kin_here'))
    for (const work of DIMENSIONS.work) if (work !== 'employee') expect(valuesOf('work')).toContain(work)
  })
})
