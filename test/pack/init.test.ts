/** A new pack is whole, says of every field where it comes from, and holds nothing of the other place unmarked. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { parse } from 'yaml'
import { describe, expect, it } from 'vitest'
import { parameterFiles } from '../../src/pack/parameters.js'
import { checkPack } from '../../src/pack/check.js'
import { TABLES } from '../../src/pack/figures.js'
import { fieldsOf } from '../../src/pack/init/fields.js'
import { newPack, type Like } from '../../src/pack/init/init.js'
import { areasInLine, areasInTable, type NewPlace } from '../../src/pack/init/place.js'
import { isToBeFilled, takenFrom } from '../../src/pack/marks.js'
import { packHead, readPack } from '../../src/pack/read.js'
import { InputError } from '../../src/reading/finding.js'
import { sha256 } from './pack.js'

const folder = 'data/zhaoqing'
const files = new Map(
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(name => /\.(yaml|csv|md|sha256)$/.test(name))
    .map(name => [name, readFileSync(join(folder, name), 'utf8')]),
)
const policy = (name: string) => readFileSync(`scenarios/policies/${name}.yaml`, 'utf8')
const likeOf = (texts: ReadonlyMap<string, string>): Like => ({
  pack: readPack(texts, sha256),
  files: texts,
  rules: {
    before: { policy: policy('guangdong-points'), cases: policy('guangdong-points.test') },
    after: { policy: policy('zhaoqing-zero-threshold'), cases: policy('zhaoqing-zero-threshold.test') },
  },
  scenario: {
    horizon: { from: '2015-01', to: '2020-12' },
    replicates: 50,
    from: ['2015-01', 'reform.inForce'],
  },
})
const like = likeOf(files)

const town = (more: Partial<NewPlace> = {}): NewPlace => ({
  id: 'foshan',
  title: { zh: '佛山市', en: 'Foshan' },
  areas: areasInLine('chancheng:禅城区:Chancheng:440604,nanhai:南海区:Nanhai'),
  ...more,
})
const made = (place = town(), from = like) => {
  const texts = newPack(from, place, { pack: '{}' })
  return { texts, pack: readPack(texts, sha256) }
}

const family = (id: string, areas: readonly { id: string }[]) =>
  id
    .split('.')
    .map(part => (areas.some(area => area.id === part) ? 'AREA' : part))
    .join('.')
const families = ({ parameters, areas }: ReturnType<typeof made>['pack']) =>
  new Set(parameters.map(({ id }) => family(id, areas)))

describe('parameters', () => {
  it('are those of the other pack, the families of areas for each new area', () => {
    const { pack } = made()
    expect(families(pack)).toEqual(families(like.pack))
    for (const id of ['edu.outFlow', 'edu.slack', 'stock.prh'])
      expect(pack.parameters.map(p => p.id).filter(p => p.startsWith(id))).toEqual([
        `${id}.chancheng`,
        `${id}.nanhai`,
      ])
  })

  it('a parameter that is new there is in the next new pack, with every field that it has', () => {
    const added = `
  - id: mig.new.sihui
    label: { zh: 四会市的新参数, en: new in Sihui }
    value: 0.25
    unit: share
    dist: uniform
    interval90: [0.1, 0.4]
    support: [0, 1]
    grade: observed
    source: a census
    note: of that year
`
    const name = 'parameters/migration.yaml'
    const { pack } = made(town(), likeOf(new Map(files).set(name, files.get(name)!.trimEnd() + added)))
    expect(pack.parameters.filter(({ id }) => id.startsWith('mig.new'))).toEqual(
      [
        ['chancheng', '禅城区', 'Chancheng'],
        ['nanhai', '南海区', 'Nanhai'],
      ].map(([id, zh, en]) => ({
        id: `mig.new.${id}`,
        label: { zh: `${zh}的新参数`, en: `new in ${en}` },
        value: 0.25,
        unit: 'share',
        dist: 'uniform',
        interval90: [0.1, 0.4],
        support: [0, 1],
        grade: 'assumed',
        source: 'taken over from zhaoqing, not checked for foshan: a census',
        note: 'of that year',
      })),
    )
  })

  it('of an area range over every area there', () => {
    const { pack } = made()
    for (const { id, interval90, value } of pack.parameters.filter(p => p.id.endsWith('.nanhai')))
      for (const there of like.pack.parameters.filter(
        p => family(p.id, like.pack.areas) === family(id, pack.areas) && value !== undefined,
      )) {
        expect(interval90[0]).toBeLessThanOrEqual(there.interval90[0])
        expect(interval90[1]).toBeGreaterThanOrEqual(there.interval90[1])
      }
  })

  it('of stocks have no value, though the other place has some', () => {
    const stocks = (pack: typeof like.pack) => pack.parameters.filter(({ id }) => id.startsWith('stock.'))
    expect(stocks(like.pack).some(({ value }) => value !== undefined)).toBe(true)
    expect(stocks(made().pack).filter(({ value }) => value !== undefined)).toEqual([])
  })
})

describe('evidence', () => {
  it('nothing is graded better than assumed, and every source says what it is', () => {
    for (const migrants of [undefined, 1000]) {
      const { pack } = made(town({ migrants }))
      const graded = [...pack.parameters, ...pack.margins, ...pack.targets]
      expect(new Set(graded.map(({ grade }) => grade))).toEqual(new Set(['assumed']))
      expect(
        pack.sources!.filter(({ source }) => takenFrom(source) === undefined && !isToBeFilled(source)),
      ).toEqual([])
    }
  })

  it('what was counted in records of persons stays protected', () => {
    const head = files.get('pack.yaml')!.replace('microdata: false', 'microdata: true')
    expect(made().pack.microdata).toBe(false)
    expect(made(town(), likeOf(new Map(files).set('pack.yaml', head))).pack.microdata).toBe(true)
  })

  it('what is left to do is told by file, with numbers; what is filled is told no more', () => {
    const { texts } = made()
    const told = (code: string) =>
      checkPack(readPack(texts, sha256))
        .filter(finding => finding.code === code)
        .map(({ file, message }) => [file, Number(/\d+/.exec(message.en)![0])])
    expect(told('to-be-filled')).toEqual([
      ['pack.yaml', 1],
      ['targets.csv', 1],
      ['yearbook.csv', 1],
      ['margins.csv', 1],
      ['stocks.yaml', like.pack.areas.length > 0 ? 2 * 3 + 15 + 4 : 0],
    ])
    expect(told('still-assumed')).toContainEqual(['parameters/coregistration.yaml', 6])
    const name = 'parameters/coregistration.yaml'
    texts.set(name, texts.get(name)!.replace(/taken over from[^\n]*foshan: /, 'a survey of Foshan: '))
    expect(told('still-assumed')).toContainEqual([name, 5])
  })
})

describe('migrants', () => {
  const total = (pack: typeof like.pack) =>
    pack.margins
      .find(({ dimensions }) => dimensions.join('*') === 'area*origin')!
      .cells.reduce((sum, { value }) => sum + value, 0)

  it('a total is split to the last person, and the yearbook in proportion', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 20, max: 5_000_000 }),
        fc.integer({ min: 1, max: 7 }),
        (migrants, count) => {
          const areas = areasInLine(Array.from({ length: count }, (_, i) => `a${i}:区${i}:A${i}`).join(','))
          const { pack } = made(town({ migrants, areas }))
          expect(total(pack)).toBe(migrants)
          for (const year of [2008, 2015]) {
            const births = (rows: typeof pack.yearbook) =>
              rows.filter(row => row.year === year).reduce((sum, row) => sum + row.births, 0)
            // Until 2010 Sihui's rows hold those of the High-tech Zone.
            const there = like.pack.yearbook.filter(row => row.area !== 'hightech' || row.year > 2010)
            expect(Math.abs(births(pack.yearbook) - (births(there) * migrants) / 750_000)).toBeLessThan(0.51)
          }
        },
      ),
      { numRuns: 12 },
    )
  }, 30_000)

  it('numbers by origin stand as given, one by area is split as there', () => {
    const areas = areasInTable(
      'id,name_zh,name_en,code,migrants,migrants_province,migrants_other_province\na,甲,A,1,,70,50\nb,乙,B,2,200,,\n',
      'areas.csv',
      ['province', 'other_province'],
    )
    const cells = made(town({ areas })).pack.margins[0].cells.map(({ groups, value }) => [...groups, value])
    // 488,700 of the 750,000 there come from the province.
    expect(cells).toEqual([
      ['a', 'province', 70],
      ['a', 'other_province', 50],
      ['b', 'province', 130],
      ['b', 'other_province', 70],
    ])
  })

  it('none known: zeros that say so, and a yearbook of headers', () => {
    const { pack, texts } = made()
    expect(total(pack)).toBe(0)
    expect(isToBeFilled(pack.margins[0].source)).toBe(true)
    expect(texts.get('yearbook.csv')!.trimEnd().split('\n')).toHaveLength(1)
  })

  it('both a total and a part of an area are refused', () => {
    const both = 'id,name_zh,name_en,migrants,migrants_province\na,甲,A,5,3\n'
    expect(() => areasInTable(both, 'areas.csv', ['province'])).toThrow(InputError)
    expect(() => areasInLine('a:甲')).toThrow(InputError)
  })

  it('shares are those of the other place', () => {
    const shares = (pack: typeof like.pack) =>
      pack.margins
        .filter(({ dimensions }) => !dimensions.includes('area'))
        .map(({ dimensions, unit, cells }) => [
          dimensions,
          unit,
          cells.map(({ groups, value }) => [groups, value]),
        ])
    expect(shares(made().pack)).toEqual(shares(like.pack))
  })
})

describe('forms', () => {
  const { texts } = made()
  it('every key of pack.yaml is there and explained as its schema explains it', () => {
    const head = texts.get('pack.yaml')!
    expect(Object.keys(parse(head) as object).sort()).toEqual(Object.keys(packHead.shape).sort())
    for (const { description } of fieldsOf(packHead)) expect(head).toContain(description)
  })
  it('every description has Chinese and English', () => {
    const forms = [packHead, parameterFiles.required, ...Object.values(TABLES)]
    for (const { name, description } of forms.flatMap(fieldsOf))
      if (name !== 'parameters') expect(description, name).toMatch(/\p{Script=Han}.* · .*[a-z]/u)
  })
  it('every table has the columns of its form, explained in the guide', () => {
    for (const [file, form] of Object.entries(TABLES)) {
      expect(texts.get(file)!.split('\n')[0]).toBe(Object.keys(form.shape).join(','))
      for (const { name } of fieldsOf(form))
        expect(texts.get('README.md')).toMatch(new RegExp(`- \`${name}\`.*: `))
      expect(texts.get('README.md')).toContain(fieldsOf(form)[0].description)
    }
  })
  it('no rule names an area of the other place', () => {
    for (const [name, text] of texts)
      if (name.startsWith('scenarios/'))
        for (const { id } of like.pack.areas)
          expect(text.replace(/#.*$/gm, ''), name).not.toMatch(new RegExp(`\\b${id}\\b`))
  })
})
