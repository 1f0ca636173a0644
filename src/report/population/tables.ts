/** The tables of a population: who is in it, and how well each margin is kept. For the terminal and the page. */
import { PLACES } from '../../population/population.js'
import { COMPOSITION_NAMES } from '../../population/composition.js'
import { AGE_BAND } from '../../population/structure.js'
import type { Lang } from '../../reading/text.js'
import { number, percent, wordsOf } from '../wording/wording.js'
import { worstCells, type Account } from './account.js'
import { COMPOSITION_WORDS, groupWords, marginWords, PLACE_WORDS, UNIVERSE_WORDS } from './words.js'

export interface PopulationTable {
  title: string
  /** Columns that hold words: aligned to the left. */
  words: number[]
  /** Columns for which a terminal has no room. */
  pageOnly?: number[]
  header: string[]
  rows: string[][]
  note?: string
}

const add = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0)

export function populationTables(account: Account, lang: Lang): PopulationTable[] {
  return [byArea, byComposition, byAge, byMargin, worst].map(table => table(account, lang))
}

function byArea({ structure, areas }: Account, lang: Lang): PopulationTable {
  const zh = lang === 'zh'
  const behind = structure.leftBehind.map(({ spouses, children }) => [spouses, children])
  const rows = structure.areas.map((id, a) => [
    areas.find(area => area.id === id)?.name[lang] ?? id,
    ...structure.persons[a].map(n => number(n)),
    ...behind[a].map(n => number(n)),
  ])
  const all = [
    ...PLACES.map((_, place) => add(structure.persons.map(row => row[place]))),
    ...[0, 1].map(who => add(behind.map(row => row[who]))),
  ]
  return {
    title: zh ? '各地区人数' : 'Persons by area',
    words: [0],
    header: [
      zh ? '地区' : 'area',
      ...PLACES.map(place => PLACE_WORDS[place][lang]),
      ...(zh ? ['留守配偶', '留守子女'] : ['spouses', 'children']),
    ],
    rows: [...rows, [zh ? '合计' : 'all', ...all.map(n => number(n))]],
    note: zh
      ? '可能流入、常规迁入者是整个时段里的上限,不是预测;住在外地的是本地家庭的亲属和购房者;留守配偶、子女属于已在本地的家庭。'
      : 'Those who may arrive, and movers (marriage, study, posting), are the most that a run can draw on over the horizon, not a forecast. Elsewhere: kin of those here, and buyers. Spouses and children: left behind by those here.',
  }
}

function byComposition({ structure }: Account, lang: Lang): PopulationTable {
  const zh = lang === 'zh'
  const of = PLACES.slice(0, 3)
  const totals = of.map((_, place) => add(structure.households.map(row => row[place])))
  const mean = add(structure.sizes.map((n, i) => n * (i + 1))) / Math.max(1, add(structure.sizes))
  return {
    title: zh ? '家庭构成(户)' : 'Households by composition',
    words: [0],
    header: [zh ? '构成' : 'composition', ...of.flatMap(place => [PLACE_WORDS[place][lang], '%'])],
    rows: COMPOSITION_NAMES.map((name, c) => [
      COMPOSITION_WORDS[name][lang],
      ...of.flatMap((_, place) => [
        number(structure.households[c][place]),
        percent(structure.households[c][place] / totals[place]),
      ]),
    ]),
    note: zh
      ? `已在本地的家庭平均 ${mean.toFixed(2)} 人(不含留守者)。`
      : `Households here have ${mean.toFixed(2)} persons on average, without those left behind.`,
  }
}

/** First ages of the bands that are read in a terminal, in years. */
const AGES = [0, 5, 15, 20, 30, 40, 50, 60]

function byAge({ structure }: Account, lang: Lang): PopulationTable {
  const zh = lang === 'zh'
  const counts = AGES.map((from, i) => {
    const [first, next] = [from / AGE_BAND, (AGES[i + 1] ?? Infinity) / AGE_BAND]
    return [1, 0].map(sex => add(structure.pyramid.map(sexes => add(sexes[sex].slice(first, next)))))
  })
  const total = add(counts.flat())
  return {
    title: zh ? '本地流动人口的年龄' : 'Ages of the migrants here',
    words: [0],
    header: zh ? ['年龄', '男', '女', '%'] : ['age', 'men', 'women', '%'],
    rows: counts.map(([men, women], i) => [
      i === AGES.length - 1 ? `${AGES[i]}+` : `${AGES[i]}–${AGES[i + 1] - 1}`,
      number(men),
      number(women),
      percent((men + women) / total),
    ]),
  }
}

function byMargin({ fit }: Account, lang: Lang): PopulationTable {
  const zh = lang === 'zh'
  return {
    title: zh ? '与边际表的拟合' : 'Fit to the margins',
    words: [0, 1, 8],
    pageOnly: [1, 4],
    header: zh
      ? ['边际表', '对象', '要求', 'TAE', 'SAE', 'SRMSE', 'RSSZ', '不合格', '依据']
      : ['margin', 'counts', 'asked', 'TAE', 'SAE', 'SRMSE', 'RSSZ', 'misfits', 'grade'],
    rows: fit.margins.map(margin => [
      marginWords(margin, lang) + (margin.weak ? (zh ? '(弱)' : ' (weak)') : ''),
      UNIVERSE_WORDS[margin.universe][lang],
      number(add(margin.asked)),
      number(margin.tae),
      small(margin.sae),
      small(margin.srmse),
      small(margin.rssz),
      `${margin.misfits}/${margin.groups.length}`,
      wordsOf(lang).grades[margin.grade],
    ]),
    note: zh
      ? 'TAE:各格绝对差之和;SAE = TAE ÷ 要求总数;SRMSE:均方根误差 ÷ 平均格;RSSZ:各格 z² 之和 ÷ χ² 的 5% 临界值,大于 1 为“弱”;不合格:|z| > 1.96 的格(Voas & Williamson 2001;Knudsen & Fotheringham 1986)。'
      : 'TAE: sum of absolute gaps; SAE = TAE ÷ what was asked; SRMSE: root mean squared error ÷ the mean cell; RSSZ: sum of z² ÷ the 5 % point of χ², weak above 1; misfits: cells with |z| > 1.96 (Voas & Williamson 2001; Knudsen & Fotheringham 1986).',
  }
}

const small = (value: number): string =>
  value === 0 ? '0' : value < 0.0001 ? '<0.0001' : value < 10 ? value.toFixed(4) : number(value)

/** Cells that are told. */
const WORST = 8

function worst({ fit, areas }: Account, lang: Lang): PopulationTable {
  const zh = lang === 'zh'
  return {
    title: zh ? '差距最大的格' : 'Cells that fit worst',
    words: [0, 1],
    header: zh
      ? ['边际表', '格', '要求', '合成', '差', 'z']
      : ['margin', 'cell', 'asked', 'made', 'gap', 'z'],
    rows: worstCells(fit, WORST).map(({ margin, group, asked, made, z }) => [
      marginWords(margin, lang),
      groupWords(margin.dimensions, group, areas, lang),
      number(asked),
      number(made),
      number(made - asked, true),
      z.toFixed(1).replace('-', '−'),
    ]),
  }
}
