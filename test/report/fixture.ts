/** An invented comparison in the shape and size of a real one; none of its numbers means anything. */
import { monthOf } from '../../src/evidence/month.js'
import type {
  BandColumn,
  BandedTable,
  Comparison,
  Difference,
  Estimate,
  Headline,
} from '../../src/results/comparison.js'
import type { Measure } from '../../src/results/table.js'
import type { Text } from '../../src/reading/text.js'

const text = (zh: string, en: string): Text => ({ zh, en })

export const AREAS: [id: string, zh: string, en: string, size: number][] = [
  ['duanzhou', '端州区', 'Duanzhou', 0.36],
  ['dinghu', '鼎湖区', 'Dinghu', 0.07],
  ['gaoyao', '高要区', 'Gaoyao', 0.15],
  ['sihui', '四会市', 'Sihui', 0.14],
  ['guangning', '广宁县', 'Guangning', 0.05],
  ['huaiji', '怀集县', 'Huaiji', 0.06],
  ['fengkai', '封开县', 'Fengkai', 0.04],
  ['deqing', '德庆县', 'Deqing', 0.03],
  ['hightech', '肇庆高新区', 'High-tech Zone', 0.1],
]
export const CHANNELS: [id: string, zh: string, en: string, points: number, open: number][] = [
  ['rent', '租赁居住', 'Renting', 0, 0.13],
  ['kin', '亲属投靠', 'Joining kin', 0.18, 0.2],
  ['purchase', '购房', 'Home purchase', 0.14, 0.17],
  ['invest', '投资兴业', 'Investment', 0, 0.03],
  ['talent', '人才', 'Talent', 0, 0.05],
  ['employment', '稳定就业', 'Employment', 0, 0.12],
  ['points', '积分', 'Points', 0.04, 0],
  ['ordinary', '常规迁移', 'Ordinary moves', 0.64, 0.64],
]
const YEARS = [2015, 2016, 2017, 2018, 2019, 2020]
const AREA_SHARES: [string, number][] = [
  ...AREAS.map(([id, , , size]): [string, number] => [id, size]),
  ['city', 1],
]
const LEVEL = [9400, 10800, 12100, 12400, 12300, 12600]
/** What the opening adds in persons a year: nothing, half a year, then a slow decline. */
const ADDED = [0, 2100, 8800, 7400, 6100, 5200]

const spread = (means: number[], share: (row: number) => number): BandColumn => {
  const mean = Float64Array.from(means)
  return {
    mean,
    p05: mean.map((value, row) => value - Math.abs(value) * share(row) * 0.8),
    p50: mean.map((value, row) => value - Math.abs(value) * share(row) * 0.05),
    p95: mean.map((value, row) => value + Math.abs(value) * share(row)),
  }
}

/** A table from two functions of the row's keys: the mean of each measure under points and what the opening adds. */
function banded(
  id: string,
  title: Text,
  keys: string[],
  measures: Measure[],
  rows: string[][],
  value: (row: string[], measure: string) => [points: number, added: number],
): BandedTable {
  const wide = (row: number) => 0.12 + 0.05 * Math.max(0, YEARS.indexOf(Number(rows[row][0].slice(0, 4))))
  const column = (of: (pair: [number, number]) => number, width: (row: number) => number) =>
    measures.map(measure =>
      spread(
        rows.map(row => of(value(row, measure.id))),
        width,
      ),
    )
  return {
    schema: { id, title, keys, measures },
    rows,
    scenarios: {
      points: column(([a]) => a, wide),
      'zero-threshold': column(
        ([a, b]) => a + b,
        row => wide(row) * 1.4,
      ),
    },
    difference: {
      'zero-threshold': column(
        ([, b]) => b,
        row => 0.5 + wide(row) * 2,
      ),
    },
  }
}

const measure = (id: string, unit: string, zh: string, en: string, assumed?: boolean): Measure => ({
  id,
  unit,
  label: text(zh, en),
  ...(assumed && { assumed }),
})
const cross = (...lists: string[][]): string[][] =>
  lists.reduce<string[][]>((rows, list) => rows.flatMap(row => list.map(item => [...row, item])), [[]])
const years = YEARS.map(String)
const areaIds = AREA_SHARES.map(([id]) => id)
const size = (area: string) => AREA_SHARES.find(([id]) => id === area)![1]
const at = (list: number[], year: string) => list[Number(year.slice(0, 4)) - 2015]

const BASIS: Record<string, number> = { external: 1, districtIn: 1.9, event: 2.4 }
const registrations = banded(
  'registrations_year',
  text('每年落户', 'Registrations a year'),
  ['year', 'area', 'basis'],
  [
    measure('persons', 'persons', '落户人数', 'Registrations'),
    measure('cases', 'cases', '落户件数', 'Cases'),
  ],
  cross(years, areaIds, Object.keys(BASIS)),
  ([year, area, basis], id) => {
    const factor = size(area) * BASIS[basis] * (id === 'cases' ? 0.6 : 1)
    return [at(LEVEL, year) * factor, at(ADDED, year) * factor]
  },
)
const cells = banded(
  'registrations_cell',
  text('落户明细', 'Registrations by cell'),
  ['month', 'area', 'channel', 'origin'],
  [measure('persons', 'persons', '落户人数', 'Registrations')],
  cross(
    years.flatMap(year => Array.from({ length: 12 }, (_, m) => `${year}-${String(m + 1).padStart(2, '0')}`)),
    AREAS.map(([id]) => id),
    CHANNELS.map(([id]) => id),
    ['province', 'other_province'],
  ),
  ([month, area, channel]) => {
    const [, , , points, open] = CHANNELS.find(([id]) => id === channel)!
    const factor = (size(area) * BASIS.districtIn) / 24
    const opened = Math.max(0, open - points) / 0.36
    return [at(LEVEL, month) * points * factor, at(ADDED, month) * opened * factor]
  },
)
const presence = banded(
  'presence',
  text('落户者原先在哪里', 'Where registrants lived before'),
  ['year', 'area'],
  [
    measure('already_here', 'persons', '原已在本地居住', 'already living here'),
    measure('moves_in', 'persons', '随户口迁来居住', 'moves in with it'),
    measure('paper_only', 'persons', '只迁户口不居住', 'on paper only'),
  ],
  cross(years, areaIds),
  ([year, area], id) => {
    const [base, added] = { already_here: [0.2, 0.62], moves_in: [0.68, 0.22], paper_only: [0.12, 0.16] }[id]!
    return [at(LEVEL, year) * base * size(area), at(ADDED, year) * added * size(area)]
  },
)
const LOCAL: Record<string, number> = { primary: 262000, junior: 118000 }
const seats = banded(
  'seats',
  text('学位', 'School seats'),
  ['september', 'area', 'stage'],
  [
    measure('demand', 'seats', '公办学位总需求', 'Public seats wanted'),
    measure('demand_local', 'seats', '本地户籍需求', 'Local cohort'),
    measure('soft_cap', 'seats', '标准容量', 'Standard capacity', true),
    measure('gap_soft', 'seats', '按标准班额的缺口', 'Gap at standard class size', true),
    measure('added_net', 'seats', '因落户净增的公办学位需求', 'Net public seats added by registration'),
  ],
  cross(years, areaIds, ['primary', 'junior']),
  ([september, area, stage], id) => {
    const local = LOCAL[stage] * size(area) * (1 + 0.022 * (Number(september.slice(0, 4)) - 2015))
    const added = at([0, 20, 160, 310, 430, 520], september) * size(area) * (stage === 'primary' ? 0.7 : 0.3)
    const capacity = LOCAL[stage] * size(area) * (september >= '2018' ? 1.17 : 1.12)
    const demand = local * 1.06
    const pairs: Record<string, [number, number]> = {
      demand: [demand, added],
      demand_local: [local, 0],
      soft_cap: [capacity, 0],
      gap_soft: [demand - capacity, added],
      added_net: [0, added],
    }
    return pairs[id]
  },
)
const prh = banded(
  'prh',
  text('公共租赁住房', 'Public rental housing'),
  ['year', 'area', 'status'],
  [
    measure('waiting_hh', 'households', '轮候户数', 'Households waiting', true),
    measure(
      'added_net_hh',
      'households',
      '因落户净增的合格户数',
      'Eligible households added by registration',
    ),
  ],
  cross(years, areaIds, ['permit', 'hukou']),
  ([year, area, status], id) => {
    const base = at([120, 260, 420, 560, 680, 790], year) * size(area) * (status === 'permit' ? 1 : 0.4)
    const added = at([0, 6, 44, 80, 105, 124], year) * size(area) * (status === 'permit' ? -0.4 : 1)
    return id === 'waiting_hh' ? [base, added] : [0, Math.abs(added)]
  },
)
const fund = banded(
  'med_fund',
  text('基本医疗保险基金', 'Medical insurance funds'),
  ['year', 'scheme'],
  [
    measure('members', 'persons', '参保人数', 'Members'),
    measure('revenue_personal_wan', 'wan_yuan', '个人缴费', 'Contributions'),
    measure('revenue_subsidy_wan', 'wan_yuan', '财政补助', 'Subsidy'),
    measure('expenditure_wan', 'wan_yuan', '支出', 'Expenditure'),
    measure('balance_wan', 'wan_yuan', '当年结余变化', 'Change in balance', true),
  ],
  cross(years, ['employee', 'resident']),
  ([year, scheme], id) => {
    const resident = scheme === 'resident'
    const pairs: Record<string, [number, number]> = {
      members: [at([61, 60, 59, 57, 55, 54], year) * 1000, resident ? at(ADDED, year) * 1.4 : 0],
      revenue_personal_wan: [
        at([730, 900, 1060, 1250, 1390, 1510], year),
        resident ? at(ADDED, year) / 50 : 0,
      ],
      revenue_subsidy_wan: [
        at([2300, 2520, 2650, 2790, 2860, 2970], year),
        resident ? at(ADDED, year) / 18 : 0,
      ],
      expenditure_wan: [at([2800, 3150, 3480, 3890, 4260, 4700], year), resident ? at(ADDED, year) / 15 : 0],
      balance_wan: [at([230, 270, 230, 150, -10, -220], year), resident ? at(ADDED, year) / 250 : 0],
    }
    return pairs[id]
  },
)

const shares = { structure: 0.41, parameters: 0.52, noise: 0, luck: 0.07 }
function headline(
  table: BandedTable,
  measureId: string,
  keys: Record<string, string>,
  rest: Pick<Headline, 'grade' | 'assumedStock'>,
  signCertain: Difference['signCertain'] = true,
): Headline {
  const row = table.rows.findIndex(values => table.schema.keys.every((key, i) => values[i] === keys[key]))
  const column = table.schema.measures.findIndex(({ id }) => id === measureId)
  const estimate = (columns: BandColumn[]): Estimate => {
    const { mean, p05, p50, p95 } = columns[column]
    return { mean: mean[row], p05: p05[row], p50: p50[row], p95: p95[row] }
  }
  const difference = estimate(table.difference!['zero-threshold'])
  const width = difference.p95 - difference.p05
  const sure = width === 0 || difference.mean === 0 ? false : signCertain
  return {
    id: `${table.schema.id}.${measureId}`,
    label: table.schema.measures[column].label,
    unit: table.schema.measures[column].unit,
    keys,
    values: Object.fromEntries(
      Object.entries(table.scenarios).map(([id, columns]) => [id, estimate(columns)]),
    ),
    differences: {
      'zero-threshold': {
        ...difference,
        shares,
        members: {
          permanent: difference.mean * 1.5,
          decaying: difference.mean * 1.1,
          return_only: difference.mean * 0.3,
          return_decay_floor: difference.mean * 0.9,
        },
        mcse: width * 0.021,
        mcseP05: width * 0.06,
        mcseP95: width * 0.055,
        signCertain: sure,
        varianceReduction: width === 0 ? null : 38.4,
      },
    },
    ...rest,
  }
}

export const comparison: Comparison = {
  pack: { id: 'zhaoqing', title: text('肇庆市', 'Zhaoqing'), version: '0.1.0' },
  horizon: { from: monthOf(2015, 1), to: monthOf(2020, 12) },
  scenarios: [
    { id: 'points', title: text('积分入户', 'Points') },
    { id: 'zero-threshold', title: text('“零门槛”入户', 'Zero threshold') },
  ],
  baseline: 'points',
  seed: 'zhaoqing',
  replicates: 50,
  draws: 400,
  scale: 0.1,
  tables: [registrations, cells, presence, seats, prh, fund],
  headline: [
    headline(
      registrations,
      'persons',
      { year: '2017', area: 'city', basis: 'external' },
      { grade: 'assumed' },
    ),
    ...[2015, 2016, 2018, 2019, 2020].map(year =>
      headline(
        registrations,
        'persons',
        { year: String(year), area: 'city', basis: 'external' },
        { grade: 'assumed' },
      ),
    ),
    ...['primary', 'junior'].flatMap(stage =>
      years.map(year =>
        headline(
          seats,
          'added_net',
          { september: year, area: 'city', stage },
          { grade: 'assumed' },
          'by construction',
        ),
      ),
    ),
    ...years.map(year =>
      headline(
        prh,
        'waiting_hh',
        { year, area: 'city', status: 'hukou' },
        { grade: 'assumed', assumedStock: true },
      ),
    ),
    ...years.map(year => headline(fund, 'members', { year, scheme: 'resident' }, { grade: 'derived' })),
    ...years.map(year =>
      headline(
        fund,
        'balance_wan',
        { year, scheme: 'resident' },
        { grade: 'assumed', assumedStock: true },
        false,
      ),
    ),
  ],
  findings: [
    {
      severity: 'warning',
      code: 'part-above-whole',
      file: 'data/zhaoqing/figures.csv',
      line: 2,
      message: text(
        '端州、鼎湖、高新区三者之和 10,407 大于全市的 9,444：各数口径不同',
        'Duanzhou, Dinghu and the High-tech Zone sum to 10,407, above the 9,444 of the whole city: they are not counted alike',
      ),
    },
    {
      severity: 'note',
      code: 'stock-unknown',
      message: text(
        '学位存量未公布，缺口只在假定存量旁给出',
        'The stock of seats is not published; a gap stands only beside an assumed stock',
      ),
      fix: text('--set stock.seats.duanzhou.primary=N', '--set stock.seats.duanzhou.primary=N'),
    },
  ],
  assumptions: [
    {
      parameter: 'apply.conversion',
      label: text('每年落户意愿兑现率', 'Yearly conversion of the migrant stock'),
      value: 0.01,
      unit: '1/yr',
      range: [0.004, 0.027],
      grade: 'calibrated',
      layer: 'calibration',
      source: '肇庆统计年鉴; 肇庆市委改革办 2017-09-05',
      contraction: 0.46,
      influence: { 'registrations_year.persons': 0.71, 'seats.added_net': 0.55 },
    },
    {
      parameter: 'moves.return',
      label: text('中断迁移的回流份额', 'Share of the broken-off moves that returns'),
      value: 0.5,
      unit: 'share',
      range: [0.05, 0.95],
      grade: 'calibrated',
      layer: 'calibration',
      source: '肇庆统计年鉴',
      contraction: 0.08,
      influence: { 'registrations_year.persons': -0.52 },
    },
    {
      parameter: 'edu.pubPermit.primary',
      label: text('持证随迁子女就读公办小学的比例', 'Permit holders’ children in public primary school'),
      value: 0.8,
      unit: 'prob',
      range: [0.6, 0.95],
      grade: 'observed',
      layer: 'pack',
      source: '全国教育事业发展统计 2017: 79.00%',
    },
    {
      parameter: 'med.localShare',
      label: text('补助中地方负担的份额', 'Local share of the subsidy'),
      value: 0.5,
      unit: 'share',
      range: [0.2, 0.8],
      grade: 'assumed',
      layer: 'default',
      source: 'modelling assumption',
      note: 'central share varies by region',
    },
    {
      parameter: 'stock.seats.duanzhou.primary',
      label: text('端州区小学学位存量', 'Primary seats in Duanzhou'),
      value: undefined,
      unit: 'seats',
      range: [NaN, NaN],
      grade: 'assumed',
      layer: 'default',
      source: 'not published',
    },
  ],
  confounders: [text('同期楼市升温', 'A housing boom at the same time')],
  names: {
    area: Object.fromEntries(AREAS.map(([id, zh, en]) => [id, text(zh, en)])),
    channel: Object.fromEntries(CHANNELS.map(([id, zh, en]) => [id, text(zh, en)])),
  },
}
