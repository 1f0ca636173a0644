import { parseHTML } from 'linkedom'
import { beforeAll, describe, expect, it } from 'vitest'
import { seedKey } from '../../src/evidence/luck.js'
import { chartDocument } from '../../src/node/document.js'
import { populationSource } from '../../src/node/populationSource.js'
import { structureOf } from '../../src/population/structure.js'
import { populationKey, synthesize } from '../../src/population/synthesize.js'
import { worstCells, type Account } from '../../src/report/population/account.js'
import { populationCharts } from '../../src/report/population/charts.js'
import { populationPage } from '../../src/report/population/page.js'

let account: Account

beforeAll(async () => {
  const { pack, horizon, seed, layered } = await populationSource('points', { settings: [] })
  const population = synthesize(pack, layered.values, horizon, populationKey(seedKey(seed)), 0.05)
  account = {
    pack: `${pack.id} ${pack.version}`,
    title: pack.title,
    areas: pack.areas,
    horizon: { from: '2015-01', to: '2020-12' },
    seed,
    scale: 0.05,
    fit: population.fit,
    structure: structureOf(population, horizon.from, 0.05),
  }
}, 60_000)

const draw = (lang: 'zh' | 'en') => populationCharts(account, { lang, document: chartDocument() })

describe.each(['zh', 'en'] as const)('the pictures of a population (%s)', lang => {
  it('are standalone, the same bytes each time, with ids of their own', () => {
    const charts = draw(lang)
    expect(charts).toEqual(draw(lang))
    const ids = Object.values(charts).flatMap(svg => [...svg.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id))
    expect(new Set(ids).size).toBe(ids.length)
    for (const svg of Object.values(charts)) {
      expect(svg).not.toMatch(/NaN|undefined|Infinity|<script/)
      for (const [, used] of svg.matchAll(/url\(#([^)]+)\)/g)) expect(ids).toContain(used)
    }
  })

  it('say that nobody is real, what they were made of and the grade they lean on', () => {
    for (const svg of Object.values(draw(lang))) {
      const text = [...parseHTML(svg).document.querySelectorAll('text')]
        .map(node => node.textContent)
        .join('')
      for (const part of lang === 'zh'
        ? ['合成人口，非实际统计', 'zhaoqing 0.1.0', '5%', '依据等级：假定']
        : ['synthetic population; not a count', 'zhaoqing 0.1.0', '5%', 'grade of evidence: assumed'])
        expect(text.replaceAll(/\s+/g, '')).toContain(part.replaceAll(/\s+/g, ''))
    }
  })

  it('name every group in words: no id of the data is left', () => {
    const page = populationPage(account, { lang, document: chartDocument() })
    expect(page).not.toMatch(/other_province|kin_housing|junior_secondary|single_away|duanzhou/)
  })
})

it('the pyramid’s bars are as long as the shares of the persons that they stand for', () => {
  const { document } = parseHTML(draw('en').pyramid)
  const widths = [...document.querySelectorAll('g[aria-label="bar"] rect')].map(rect =>
    Number(rect.getAttribute('width')),
  )
  const shares = account.structure.pyramid
    .filter(sexes => sexes.flat().some(n => n > 0))
    .flatMap(sexes => {
      const total = sexes.flat().reduce((a, b) => a + b)
      return sexes.flat().map(n => n / total)
    })
  expect(widths).toHaveLength(shares.length)
  const pixels = widths.reduce((a, b) => a + b) / shares.reduce((a, b) => a + b)
  shares.forEach((share, bar) => expect(widths[bar]).toBeCloseTo(share * pixels, 4))
})

it('the cells that fit worst come by their standard errors', () => {
  const z = worstCells(account.fit, 20).map(cell => Math.abs(cell.z))
  expect(z).toEqual([...z].sort((a, b) => b - a))
  const all = account.fit.margins.flatMap(margin => margin.z.map(Math.abs))
  expect(z[0]).toBe(Math.max(...all))
})
