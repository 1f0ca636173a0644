import { describe, expect, it } from 'vitest'
import { MONTH_UNIT } from '../../src/evidence/draw.js'
import { GRADES } from '../../src/evidence/parameter.js'
import { loadPack } from '../../src/node/packs.js'
import { findArea, readPack } from '../../src/pack/read.js'
import { figure, FIGURES_HEADER, PACK, PARAMETER, refused, sha256, toy } from './pack.js'

const codes = (changed: Record<string, string>) => refused(changed).map(({ code }) => code)

describe('reading a pack', () => {
  it('gives every parameter its unit, range, grade and source', () => {
    expect(toy().parameters).toEqual([
      {
        id: 'will.base',
        label: { zh: '意愿', en: 'willingness' },
        value: 0.3,
        unit: 'probability',
        dist: 'normal',
        interval90: [0.1, 0.5],
        support: [0, 1],
        grade: 'assumed',
        source: 'test',
      },
    ])
  })

  it.each(['unit', 'interval90', 'support', 'grade', 'source', 'dist', 'label'])(
    'refuses a parameter without %s',
    key => {
      const lines = PARAMETER.split('\n').filter(line => !line.trim().startsWith(key))
      const [finding] = refused({ 'parameters/behaviour.yaml': lines.join('\n') })
      expect(finding).toMatchObject({
        severity: 'error',
        code: 'wrong-value',
        file: 'parameters/behaviour.yaml',
        line: 2,
      })
      expect(finding.message.en).toContain(key)
    },
  )

  it('names an unknown key, its line and the nearest one that exists', () => {
    expect(refused({ 'parameters/behaviour.yaml': PARAMETER + '    colour: red\n' })).toMatchObject([
      { code: 'unknown-key', line: 11 },
    ])
    const misspelt = refused({ 'parameters/behaviour.yaml': PARAMETER.replace('support', 'suport') })
    expect(misspelt.find(({ code }) => code === 'unknown-key')).toMatchObject({ nearest: 'support', line: 8 })
  })

  it('refuses values, intervals and supports that do not hold one another', () => {
    const change = (from: string, to: string) =>
      codes({ 'parameters/behaviour.yaml': PARAMETER.replace(from, to) })
    expect(change('[0.1, 0.5]', '[0.5, 0.1]')).toEqual(['bad-interval'])
    expect(change('[0, 1]', '[0.2, 1]')).toEqual(['bad-support'])
    expect(change('value: 0.3', 'value: 1.3')).toEqual(['bad-support'])
    const logarithms = PARAMETER.replace('normal', 'lognormal')
    expect(toy({ 'parameters/behaviour.yaml': logarithms }).parameters).toHaveLength(1)
    expect(codes({ 'parameters/behaviour.yaml': logarithms.replace('[0.1', '[0') })).toEqual(['bad-interval'])
    expect(codes({ 'parameters/behaviour.yaml': logarithms.replace('value: 0.3', 'value: 0') })).toEqual([
      'bad-interval',
    ])
  })

  it('tells the mistakes of all files at once', () => {
    expect(
      codes({
        'parameters/behaviour.yaml': PARAMETER.replace('    grade: assumed\n', ''),
        'figures.csv': [FIGURES_HEADER, figure({ value: -5 }), figure({ area: 'eest' })].join('\n'),
        'yearbok.csv': 'x',
      }),
    ).toEqual(['unknown-file', 'wrong-value', 'negative-population', 'unknown-area'])
  })

  it('refuses a negative population, with its line', () => {
    expect(
      refused({ 'figures.csv': [FIGURES_HEADER, figure({}), figure({ value: -5 })].join('\n') }),
    ).toMatchObject([{ code: 'negative-population', file: 'figures.csv', line: 3 }])
  })

  it('refuses windows that end before they begin, months that are none, unknown grades and bases', () => {
    const rows = (cells: Record<string, string | number>) =>
      codes({ 'figures.csv': [FIGURES_HEADER, figure(cells)].join('\n') })
    expect(rows({ to: '2015-12' })).toEqual(['bad-window'])
    expect(rows({ to: '2016-13' })).toEqual(['wrong-value'])
    expect(rows({ grade: 'read' })).toEqual(['wrong-value'])
    expect(rows({ basis: 'all' })).toEqual(['wrong-value'])
    expect(rows({ low: 101 })).toEqual(['bad-range'])
  })

  it('refuses a parameter given twice and a name that means two areas', () => {
    expect(codes({ 'parameters/more.yaml': PARAMETER })).toEqual(['duplicate-id'])
    expect(
      codes({ 'pack.yaml': PACK.replace('code: ', 'aliases: [West], code: ').replace(', aliases: [E]', '') }),
    ).toEqual(['ambiguous-area'])
  })

  it('lets a stock be without a value, and nothing else', () => {
    const text = PARAMETER.replace('will.base', 'stock.units.east').replace('    value: 0.3\n', '')
    expect(toy({ 'stocks.yaml': text }).parameters[1]).toMatchObject({
      id: 'stock.units.east',
      value: undefined,
    })
    expect(codes({ 'parameters/more.yaml': text })).toEqual(['wrong-value'])
  })

  it('reads calibrated rows only under their hash', () => {
    const rows = 'member,lambda\n0,0.04\n1,0.05\n'
    const posterior = { 'calibrated.csv': rows, 'calibrated.sha256': sha256(rows) + '  calibrated.csv\n' }
    expect(toy(posterior).calibrated).toEqual({
      columns: ['member', 'lambda'],
      rows: [
        [0, 0.04],
        [1, 0.05],
      ],
      sha256: sha256(rows),
    })
    expect(codes({ ...posterior, 'calibrated.csv': rows.replace('0.05', '0.06') })).toEqual(['hash-mismatch'])
    expect(codes({ 'calibrated.csv': rows })).toEqual(['missing-file'])
    const bad = rows.replace('0.05', 'x')
    expect(refused({ 'calibrated.csv': bad, 'calibrated.sha256': sha256(bad) })).toMatchObject([
      { code: 'wrong-value', line: 3, column: 2 },
    ])
  })

  it('hashes every file that it was given', () => {
    expect(toy().files).toEqual({ 'pack.yaml': sha256(PACK), 'parameters/behaviour.yaml': sha256(PARAMETER) })
  })

  it('needs pack.yaml', () => {
    expect(() => readPack(new Map(), sha256)).toThrow(
      expect.objectContaining({ findings: [expect.objectContaining({ code: 'missing-file' })] }),
    )
  })
})

describe('the areas of a pack', () => {
  it('are found by id, code, name in both languages and other spellings', () => {
    const { areas } = toy()
    for (const name of ['east', '1', '东区', 'EAST', 'e', ' E'])
      expect(findArea(areas, name)?.id).toBe('east')
    expect(findArea(areas, '4')).toBeUndefined()
  })
})

describe('the shipped pack', async () => {
  const pack = await loadPack('zhaoqing')

  it('has nine areas, Gaoyao under its former code too', () => {
    expect(pack.areas.map(({ code }) => code)).toEqual([
      '441202',
      '441203',
      '441204',
      '441284',
      '441223',
      '441224',
      '441225',
      '441226',
      '441284450',
    ])
    expect(findArea(pack.areas, '441283')?.id).toBe('gaoyao')
  })

  it('gives every number a unit, a grade and a source', () => {
    for (const number of [...pack.figures, ...pack.targets, ...pack.parameters]) {
      expect(GRADES).toContain(number.grade)
      expect(number.unit).not.toBe('')
      expect(number.source).not.toBe('')
    }
  })

  it('has only stocks without a value', () => {
    const without = pack.parameters.filter(({ value }) => value === undefined)
    expect(without.filter(({ id }) => !id.startsWith('stock.'))).toEqual([])
  })

  it('has the moves of 2008–2017 in nine areas: the printed totals of 2014 and 2017', () => {
    const total = (year: number) =>
      pack.yearbook
        .filter(row => row.year === year)
        .reduce((sum, { inProvince, inOtherProvinces }) => sum + inProvince + inOtherProvinces, 0)
    expect(pack.yearbook).toHaveLength(90)
    expect([2014, 2015, 2016, 2017].map(total)).toEqual([43525, 18712, 24944, 40685])
    const moves = pack.targets.filter(({ quantity }) => quantity.startsWith('moves_'))
    expect(moves).toHaveLength(360)
    expect(moves.every(({ use }) => use === 'fit')).toBe(true)
  })

  it('has the twelve counts of the article among its targets', () => {
    const counts = pack.targets.filter(({ id }) => id.startsWith('seed.')).map(({ value }) => value)
    expect(counts).toEqual([9444, 5023, 7819, 3071, 741, 412, 1847, 419, 8362, 6504, 8002, 4356])
  })

  it('keeps months of the reform as months', () => {
    expect(pack.parameters.find(({ id }) => id === 'reform.inForce')).toMatchObject({
      unit: MONTH_UNIT,
      support: [2016 * 12 + 1, 2017 * 12],
    })
  })
})
