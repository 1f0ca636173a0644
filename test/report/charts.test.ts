import { parseHTML } from 'linkedom'
import { describe, expect, it } from 'vitest'
import { chartDocument } from '../../src/node/document.js'
import { CHARTS } from '../../src/report/charts/charts.js'
import { points } from '../../src/report/charts/series.js'
import { tableOf, type Comparison } from '../../src/results/comparison.js'
import { AREAS, comparison } from './fixture.js'

const document = chartDocument()
const draw = (id: string, lang: 'zh' | 'en', of: Comparison = comparison): string =>
  CHARTS[id](of, { lang, document })!
const each = Object.keys(CHARTS).flatMap(id => [[id, 'zh'] as const, [id, 'en'] as const])

describe('charts', () => {
  it.each(each)(
    '%s (%s) says scenarios, n, interval, that it is synthetic, the pack and the grade',
    (id, lang) => {
      const { document: page } = parseHTML(draw(id, lang))
      const text = [...page.querySelectorAll('text')]
        .map(node => node.textContent)
        .join('')
        .replaceAll(/\s+/g, '')
      const said = {
        zh: [
          '积分入户',
          '“零门槛”入户',
          'n = 50',
          '400',
          'p05–p95',
          '合成人口，非实际统计',
          'zhaoqing 0.1.0',
          '依据等级：',
        ],
        en: [
          'Points',
          'Zero threshold',
          'n = 50',
          '400',
          'p05–p95',
          'synthetic population; not a count',
          'zhaoqing 0.1.0',
          'grade of evidence: ',
        ],
      }[lang]
      for (const part of said) expect(text).toContain(part.replaceAll(/\s+/g, ''))
    },
  )

  it.each(each)(
    '%s (%s) is one standalone SVG, the same bytes each time, with ids of its own',
    (id, lang) => {
      const svg = draw(id, lang)
      expect(svg).toBe(CHARTS[id](comparison, { lang, document: chartDocument() }))
      expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/)
      expect(svg).not.toMatch(/NaN|undefined|Infinity|<script|plot-[0-9a-f]{6}/)
      const ids = [...svg.matchAll(/ id="([^"]+)"/g)].map(([, name]) => name)
      expect(new Set(ids).size).toBe(ids.length)
      for (const name of ids) expect(name.startsWith(`${id}-${lang}-`)).toBe(true)
      for (const [, used] of svg.matchAll(/url\(#([^)]+)\)/g)) expect(ids).toContain(used)
    },
  )

  it('the bars of a stack are as high as their parts, on one scale', () => {
    const { document: page } = parseHTML(draw('presence', 'en'))
    const table = tableOf(comparison, 'presence')!
    const heights = [...page.querySelectorAll('g[aria-label="bar"] rect')].map(rect =>
      Number(rect.getAttribute('height')),
    )
    const means = comparison.scenarios.flatMap(({ id }) =>
      ['already_here', 'moves_in', 'paper_only'].flatMap(part =>
        points(table, id, part, { area: 'city' }).map(({ mean }) => mean),
      ),
    )
    expect(heights).toHaveLength(means.length)
    const pixels = heights.reduce((a, b) => a + b) / means.reduce((a, b) => a + b)
    means.forEach((mean, index) => expect(heights[index]).toBeCloseTo(mean * pixels, 6))
  })

  it('seats have a panel an area, each with what registration adds', () => {
    const svg = draw('seats-primary', 'zh')
    for (const [, zh] of AREAS) expect(svg).toContain(`>${zh}</text>`)
    expect(svg).toContain('>+131 [+1, +294]</text>')
  })

  it('a chart whose table the run does not hold is left out', () => {
    for (const chart of Object.values(CHARTS))
      expect(chart({ ...comparison, tables: [] }, { lang: 'en', document })).toBeUndefined()
  })

  it('levels that are not known leave a gap, not a wrong line', () => {
    const unknown = structuredClone(comparison)
    for (const { schema, scenarios } of unknown.tables)
      schema.measures.forEach(({ assumed }, index) => {
        if (assumed)
          for (const columns of Object.values(scenarios))
            Object.values(columns[index] as object).forEach((column: Float64Array) => column.fill(NaN))
      })
    for (const id of Object.keys(CHARTS)) expect(draw(id, 'en', unknown)).not.toContain('NaN')
  })

  it('one scenario, or three, are drawn too', () => {
    const again = <T>(of: Record<string, T>): Record<string, T> => ({ ...of, third: of['zero-threshold'] })
    const three: Comparison = {
      ...comparison,
      scenarios: [...comparison.scenarios, { id: 'third', title: { zh: '第三', en: 'Third' } }],
      tables: comparison.tables.map(table => ({
        ...table,
        scenarios: again(table.scenarios),
        difference: again(table.difference!),
      })),
    }
    const one = { ...comparison, scenarios: comparison.scenarios.slice(0, 1) }
    for (const id of Object.keys(CHARTS)) {
      expect(draw(id, 'en', three)).toContain('Third')
      expect(draw(id, 'en', one)).not.toContain('Zero threshold')
    }
  })
})
