import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadPack } from '../../src/node/packs.js'
import { checkPack } from '../../src/pack/check.js'
import { recoverBase } from '../../src/pack/rules/growth.js'
import { grouped, rounding } from '../../src/pack/rules/words.js'
import { PACK, toy, withFigures } from './pack.js'
import growth from './growth.json' with { type: 'json' }

const codes = (...rows: Record<string, string | number>[]) =>
  checkPack(withFigures(...rows)).map(({ code }) => code)
const east = { area: 'east' }
const west = { area: 'west' }
const north = { area: 'north' }

describe('the base that a printed growth allows', () => {
  it.each(growth)('$value after +$growthPct %', ({ value, growthPct, decimals, candidates }) => {
    expect(recoverBase(value, growthPct, decimals)).toEqual({ low: candidates[0], high: candidates[1] })
  })

  it('holds every whole number whose growth is printed so', () => {
    const count = fc.integer({ min: 1, max: 100_000 })
    fc.assert(
      fc.property(count, count, fc.integer({ min: 0, max: 2 }), (value, base, decimals) => {
        const printed = Number((100 * (value / base - 1)).toFixed(decimals))
        const { low, high } = recoverBase(value, printed, decimals) ?? { low: Infinity, high: -Infinity }
        return printed <= -100 || (low <= base && base <= high)
      }),
    )
  })

  it('is none where no whole number fits', () => {
    expect(recoverBase(3, 10.55, 2)).toBeUndefined()
  })
})

describe('general rules', () => {
  it('let figures pass that fit together', () => {
    expect(
      codes({ value: 100 }, { ...east, value: 30 }, { ...west, value: 30 }, { ...north, value: 40 }),
    ).toEqual([])
    expect(codes({ value: 100 }, { ...east, value: 30 })).toEqual([])
    expect(codes({ value: 100 }, { channel: 'kin', value: 99 })).toEqual([])
  })

  it('find parts above their whole, and areas that do not sum', () => {
    expect(codes({ value: 101 }, { ...east, value: 51 }, { ...west, value: 53 })).toEqual([
      'part-above-whole',
    ])
    expect(
      codes({ value: 101 }, { ...east, value: 31 }, { ...west, value: 31 }, { ...north, value: 31 }),
    ).toEqual(['areas-do-not-sum'])
  })

  it('do not mix bases, channels, windows or quantities', () => {
    const part = { ...east, value: 999 }
    expect(codes({ basis: 'external' }, { ...part, basis: 'districtIn' })).toEqual([])
    expect(codes({}, { ...part, channel: 'kin' })).toEqual([])
    expect(codes({}, { ...part, to: '2016-11' })).toEqual([])
    expect(codes({}, { ...part, quantity: 'births' })).toEqual([])
  })

  it('allow for rounding', () => {
    expect(codes({ value: 100_000 }, { ...east, value: 53_000 }, { ...west, value: 47_400 })).toEqual([])
  })

  it('do not sum an area with the one whose row holds it', () => {
    const inside = PACK.replace("code: '3'", "inside: { area: west, until: 2015-12 }, code: '3'")
    const rows = [{ value: 103 }, { ...east, value: 51 }, { ...west, value: 52 }, { ...north, value: 11 }]
    const doubts = (year: number) => {
      const pack = withFigures(...rows.map(row => ({ ...row, from: `${year}-01`, to: `${year}-12` })))
      return checkPack({ ...pack, areas: toy({ 'pack.yaml': inside }).areas }).map(({ code }) => code)
    }
    expect(doubts(2015)).toEqual([])
    expect(doubts(2016)).toEqual(['areas-do-not-sum'])
  })

  it('compare channels with the total by the month', () => {
    const half = { channel: 'kin', to: '2016-06' }
    expect(codes({ value: 121 }, { ...half, value: 59 })).toEqual(['windows-differ'])
    expect(codes({ value: 121 }, { ...half, value: 63 })).toEqual(['channels-above-total', 'windows-differ'])
    expect(codes({ value: 121 }, { channel: 'kin', value: 122 })).toEqual(['channels-above-total'])
  })

  it('test a quotient by what it is made of', () => {
    const money = { quantity: 'money', value: 1000, unit: 'yuan' }
    const places = { quantity: 'places', value: 101, unit: 'places' }
    const price = { quantity: 'price', value: 9.9, unit: 'yuan/place', ratio_of: 'money / places' }
    expect(codes(money, places, price)).toEqual([])
    expect(codes(money, { ...places, covers: 'finished' }, price)).toEqual(['ratio-mixes-coverage'])
    expect(codes(money, { ...places, to: '2016-11' }, price)).toEqual(['ratio-mixes-coverage'])
    expect(codes(money, places, { ...price, value: 10.9 })).toEqual(['ratio-does-not-match'])
    expect(codes(money, price)).toEqual(['ratio-without-parts'])
  })

  it('test printed growth by the year before', () => {
    const last = { from: '2015-01', to: '2015-12', value: 67 }
    expect(codes({ value: 101, growth_pct: '50.75' }, last)).toEqual([])
    expect(codes({ value: 101, growth_pct: '50.74' }, last)).toEqual(['growth-impossible'])
    expect(codes({ value: 101, growth_pct: '50.75' }, { ...last, value: 68 })).toEqual([
      'growth-does-not-match',
    ])
    expect(codes({ value: 9444, growth_pct: '88' })).toEqual(['base-not-unique'])
  })

  it('tell two values for one thing', () => {
    expect(codes({ value: 101 }, { value: 103 })).toEqual(['figures-disagree'])
    expect(codes({ value: 4_440_000 }, { value: 4_437_001 })).toEqual([])
  })

  it('tell a break of level only where most areas share it', () => {
    const header = 'area,year,in_province,in_other_provinces,out_province,out_other_provinces,births,deaths'
    const doubts = (east2: number, west2: number) => {
      const rows = ['east,2014,100,0,9,9,9,9', 'west,2014,100,0,9,9,9,9', 'north,2014,100,0,9,9,9,9']
      const next = [
        `east,2015,${east2},0,9,9,9,9`,
        `west,2015,${west2},0,9,9,9,9`,
        'north,2015,100,0,9,9,9,9',
      ]
      return checkPack(toy({ 'yearbook.csv': [header, ...rows, ...next].join('\n') })).map(({ code }) => code)
    }
    expect(doubts(59, 41)).toEqual(['level-break'])
    expect(doubts(141, 190)).toEqual(['level-break'])
    expect(doubts(59, 61)).toEqual([])
    expect(doubts(59, 141)).toEqual([])
  })

  it('test printed net moves by in and out', () => {
    const header =
      'area,year,in_province,in_other_provinces,out_province,out_other_provinces,net_province,net_other_provinces,births,deaths'
    const doubts = (net: number) =>
      checkPack(toy({ 'yearbook.csv': `${header}\neast,2014,10,5,4,5,${net},0,1,1` })).map(({ code }) => code)
    expect(doubts(6)).toEqual([])
    expect(doubts(7)).toEqual(['net-does-not-match'])
  })

  it('group digits and read off the rounding of a figure', () => {
    expect([7, 1234, 1234567.5, -8250].map(grouped)).toEqual(['7', '1,234', '1,234,567.5', '-8,250'])
    expect([602_400, 9444, 120].map(rounding)).toEqual([50, 0.5, 5])
  })
})

describe('the shipped pack', async () => {
  const findings = checkPack(await loadPack('zhaoqing'))
  const told = (code: string) => findings.filter(finding => finding.code === code)

  it('has contradictions, none of them an error', () => {
    expect(findings.map(({ severity }) => severity)).not.toContain('error')
  })

  it('tells that three districts exceed the city by 963 (10.2 %) in 2017, and do not in 2016', () => {
    const [{ message }] = told('part-above-whole')
    for (const words of [message.en, message.zh])
      for (const number of ['10,407', '9,444', '963', '10.2', '3,902', '5,023'])
        expect(words).toContain(number)
  })

  it('tells that two channels in four months exceed all channels in five: at least 54 % is not in the total', () => {
    const [{ message }] = told('channels-above-total')
    for (const words of [message.en, message.zh])
      for (const number of ['16,364', '9,444', '54']) expect(words).toContain(number)
    expect(told('windows-differ')).toHaveLength(1)
  })

  it('tells that money per place divides unlike things', () => {
    expect(told('ratio-mixes-coverage')[0].message.en).toMatch(
      /all new and enlarged projects.*finished projects/,
    )
    expect(told('ratio-does-not-match')).toEqual([])
  })

  it('tells the break of 2015: 41–76 % in eight of nine areas', () => {
    expect(told('level-break')[0].message.en).toMatch(/2014 to 2015, 8 of 9 areas fell by 41–76 %/)
  })

  it('finds the whole numbers of 2016 in agreement with the printed growth, the city alone not unique', () => {
    expect(told('growth-does-not-match')).toEqual([])
    expect(told('growth-impossible')).toEqual([])
    expect(told('base-not-unique').map(({ message }) => message.en)).toEqual([
      expect.stringContaining('5,011–5,036'),
    ])
  })

  it('finds the yearbook to add up', () => {
    expect(told('net-does-not-match')).toEqual([])
    expect(told('areas-do-not-sum').map(({ message }) => message.en)).toEqual([
      expect.stringContaining('2011-12'),
    ])
    expect(told('target-differs-from-figure')).toEqual([])
  })
})
