/** The pictures of a population: observed against synthetic, largest gaps, age pyramid by origin. */
import * as Plot from '@observablehq/plot'
import { ORIGINS } from '../../population/population.js'
import { AGE_BAND, AGE_BANDS } from '../../population/structure.js'
import type { Lang } from '../../reading/text.js'
import { drawFrame, fillOf, type ChartOptions, type Panel } from '../charts/frame.js'
import { fit as cut } from '../lines.js'
import { number } from '../wording/wording.js'
import { caption, worstCells, type Account, type Misfit } from './account.js'
import { groupWords, marginWords, ORIGIN_WORDS } from './words.js'

const WORDS = {
  zh: {
    observed: '边际表与合成人口：每格一点',
    asked: '边际表要求（对数）',
    made: '合成人口（对数）',
    fits: '与要求之差在机遇之内的边际表',
    weak: '弱：与要求之差超过机遇（RSSZ > 1）',
    line: '相等',
    numbered: '数字为差距名次，见“差距最大的格”。两边均为 0 的格不画。',
    gaps: '差距最大的格',
    gap: '合成人口比要求多（+）少（−），占要求的百分比',
    gapsNote: '按标准误 z 排列。右侧：要求 → 合成（z）；|z| 小于 1.96 的格在机遇之内。超出横轴的条截在边上。',
    pyramid: '本地流动人口的年龄金字塔，按来源地',
    share: '占该来源人口的百分比，每 5 岁一组',
    male: '男',
    female: '女',
    people: (n: string) => `${n} 人`,
    fromMargins:
      '成人的年龄与性别取自边际表 age*sex，夫妻的搭配与孩子的年龄由模型推定。留守的配偶、子女不在其中；除同住的老人外，成人最大 64 岁。',
  },
  en: {
    observed: 'Margins and the synthetic population: a point a cell',
    asked: 'asked for by the margin (log scale)',
    made: 'synthetic population (log scale)',
    fits: 'margins as near as chance allows',
    weak: 'weak margins: further off than chance allows (RSSZ > 1)',
    line: 'equal',
    numbered: 'Numbers are ranks in “Cells that fit worst”. Cells that are 0 on both sides are not drawn.',
    gaps: 'Cells that fit worst',
    gap: 'more (+) or fewer (−) than asked for, % of what was asked',
    gapsNote:
      'Ranked by standard errors, z; at the right: asked → made (z). A cell with |z| below 1.96 is within chance. Bars that leave the axis are cut at its edge.',
    pyramid: 'Ages of the migrants here, by origin',
    share: '% of the migrants of that origin, bands of five years',
    male: 'men',
    female: 'women',
    people: (n: string) => `${n} persons`,
    fromMargins:
      'Ages and sex of adults follow the margin age*sex; couples and the ages of children are made by the model. Spouses and children left behind are left out. Adults are 64 at most, but for parents who live with the household.',
  },
}

/** Cells in the picture of the largest gaps. */
const WORST = 15
/** Ranks that are written into the picture of all cells. */
const RANKED = 5

/** @returns one standalone SVG each, by file name without ending */
export const populationCharts = (account: Account, options: ChartOptions): Record<string, string> => ({
  observed: observed(account, options),
  gaps: gaps(account, options),
  pyramid: pyramid(account, options),
})

const id = (name: string, lang: Lang) => `population-${name}-${lang}`

function observed(account: Account, options: ChartOptions): string {
  const { lang } = options
  const words = WORDS[lang]
  const worst = worstCells(account.fit, RANKED)
  // Nothing lies at 0 on a logarithmic scale: such a cell is drawn at half a person.
  const drawn = (count: number) => Math.max(0.5, count)
  const cells = account.fit.margins.flatMap(margin =>
    margin.groups
      .map((group, cell) => ({ margin, group, asked: margin.asked[cell], made: margin.made[cell] }))
      .filter(({ asked, made }) => asked > 0 || made > 0)
      .map(cell => ({
        asked: drawn(cell.asked),
        made: drawn(cell.made),
        weak: margin.weak,
        rank: worst.findIndex(one => one.margin === margin && one.group === cell.group) + 1,
      })),
  )
  const ends = [
    Math.min(...cells.map(({ asked, made }) => Math.min(asked, made))) / 1.5,
    Math.max(...cells.map(({ asked, made }) => Math.max(asked, made))) * 1.5,
  ]
  const axis = { type: 'log' as const, domain: ends, grid: true, tickFormat: powers, ticks: 6 }
  return drawFrame(options, {
    chart: id('observed', lang),
    title: words.observed,
    keys: [
      { label: words.fits, fill: '#0b4f8a' },
      { label: words.weak, fill: '#fff', stroke: '#a33b00' },
      { label: words.line, stroke: '#595959', dash: '6 4' },
    ],
    across: 1,
    height: 560,
    panels: [
      {
        plot: {
          marginLeft: 80,
          marginBottom: 46,
          x: { ...axis, label: words.asked, labelAnchor: 'center', labelArrow: 'none' },
          y: { ...axis, label: words.made, labelArrow: 'none' },
          marks: [
            Plot.line(
              ends.map(end => [end, end] as [number, number]),
              { stroke: '#595959', strokeDasharray: '6 4' },
            ),
            Plot.dot(
              cells.filter(({ weak }) => !weak),
              { x: 'asked', y: 'made', r: 3.5, fill: '#0b4f8a', fillOpacity: 0.65 },
            ),
            Plot.dot(
              cells.filter(({ weak }) => weak),
              {
                x: 'asked',
                y: 'made',
                r: 5,
                symbol: 'diamond',
                stroke: '#a33b00',
                strokeWidth: 2,
                fill: '#fff',
              },
            ),
            Plot.text(
              cells.filter(({ rank }) => rank > 0),
              {
                x: 'asked',
                y: 'made',
                text: ({ rank }: (typeof cells)[number]) => String(rank),
                dx: 12,
                dy: 10,
                fontSize: 13,
                fontWeight: 'bold',
                stroke: '#fff',
                strokeWidth: 4,
                fill: '#111',
              },
            ),
          ],
        },
      },
    ],
    notes: [words.numbered, caption(account, lang)],
  })
}

const powers = (value: number): string => (/^1(0*)$/.test(String(value)) ? number(value) : '')

function gaps(account: Account, options: ChartOptions): string {
  const { lang } = options
  const words = WORDS[lang]
  const rows = worstCells(account.fit, WORST).map((cell, index) => ({
    ...cell,
    row: `${index + 1}. ${cut(cellWords(cell, account, lang), 44)}`,
    percent: cell.asked > 0 ? (cell.made / cell.asked - 1) * 100 : 100,
  }))
  // Whole tens at either end.
  const most = Math.min(
    100,
    10 * Math.ceil(Math.max(1, ...rows.map(({ percent }) => Math.abs(percent))) / 10),
  )
  const sign = (z: number) => (z < 0 ? '−' : '+') + Math.abs(z).toFixed(1)
  return drawFrame(options, {
    chart: id('gaps', lang),
    title: words.gaps,
    keys: [
      { label: words.fits, fill: fillOf(id('gaps', lang), 2) },
      { label: words.weak, fill: fillOf(id('gaps', lang), 4) },
    ],
    across: 1,
    height: 70 + 26 * rows.length,
    panels: [
      {
        plot: {
          marginLeft: 320,
          marginRight: 200,
          marginBottom: 44,
          x: {
            label: words.gap,
            labelAnchor: 'center',
            labelArrow: 'none',
            domain: [-most, most],
            grid: true,
          },
          y: { label: null, domain: rows.map(({ row }) => row) },
          marks: [
            Plot.barX(rows, {
              x: ({ percent }: (typeof rows)[number]) => Math.max(-most, Math.min(most, percent)),
              y: 'row',
              fill: ({ margin }: Misfit) => fillOf(id('gaps', lang), margin.weak ? 4 : 2),
              insetTop: 4,
              insetBottom: 4,
            }),
            Plot.text(rows, {
              x: most,
              y: 'row',
              text: ({ asked, made, z }: Misfit) => `${number(asked)} → ${number(made)} (${sign(z)})`,
              dx: 8,
              textAnchor: 'start',
              fill: '#333',
            }),
            Plot.ruleX([0]),
          ],
        },
      },
    ],
    notes: [words.gapsNote, caption(account, lang)],
  })
}

const cellWords = ({ margin, group }: Misfit, { areas }: Account, lang: Lang): string =>
  `${marginWords(margin, lang)}${lang === 'zh' ? ':' : ': '}${groupWords(margin.dimensions, group, areas, lang)}`

function pyramid(account: Account, options: ChartOptions): string {
  const { lang } = options
  const words = WORDS[lang]
  const chart = id('pyramid', lang)
  const bands = Array.from({ length: AGE_BANDS }, (_, band) =>
    band === AGE_BANDS - 1 ? `${band * AGE_BAND}+` : `${band * AGE_BAND}–${band * AGE_BAND + AGE_BAND - 1}`,
  )
  const origins = account.structure.pyramid
    .map((sexes, origin) => ({
      origin: ORIGINS[origin],
      total: sexes.flat().reduce((a, b) => a + b, 0),
      sexes,
    }))
    .filter(({ total }) => total > 0)
  const most = Math.max(1, ...origins.flatMap(({ sexes, total }) => sexes.flat().map(n => (n / total) * 100)))
  const panels = origins.map(({ origin, total, sexes }): Panel => ({
    title: ORIGIN_WORDS[origin][lang],
    aside: words.people(number(total)),
    plot: {
      marginLeft: 52,
      marginBottom: 44,
      x: {
        label: words.share,
        labelAnchor: 'center',
        labelArrow: 'none',
        domain: [-most, most],
        nice: true,
        grid: true,
        tickFormat: (value: number) => String(Math.abs(value)),
      },
      y: { label: null, domain: [...bands].reverse() },
      marks: [
        ...[0, 1].map(sex =>
          Plot.barX(
            bands.map((band, b) => ({ band, share: ((sex === 1 ? -1 : 1) * sexes[sex][b] * 100) / total })),
            {
              x: 'share',
              y: 'band',
              fill: fillOf(chart, sex === 1 ? 2 : 1),
              stroke: '#333',
              strokeWidth: 0.5,
            },
          ),
        ),
        Plot.ruleX([0]),
      ],
    },
  }))
  return drawFrame(options, {
    chart,
    title: words.pyramid,
    keys: [
      { label: words.male, fill: fillOf(chart, 2) },
      { label: words.female, fill: fillOf(chart, 1) },
    ],
    across: Math.min(2, panels.length),
    height: 400,
    panels,
    notes: [words.fromMargins, caption(account, lang)],
  })
}
