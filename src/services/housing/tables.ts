/** T9 (model §9): what its columns are. */
import type { Measure, TableSchema } from '../../results/table.js'

const households = (id: string, zh: string, en: string, assumed = false): Measure => ({
  id,
  unit: 'households',
  label: { zh, en },
  ...(assumed && { assumed }),
})

/** Status of the household when counted; those present without hukou are `permit`. */
export const HOUSING_STATUSES = ['permit', 'hukou'] as const

/** The rows of an area and year: each status, then the two together. */
export const HOUSING_ROWS = [...HOUSING_STATUSES, 'all'] as const

/** `_hh` at the year's last month, but applied, allocated and the subsidy over the year; added_net since the horizon's first month. */
export const PRH: TableSchema = {
  id: 'prh',
  title: { zh: '公共租赁住房', en: 'Public rental housing' },
  keys: ['year', 'area', 'status'],
  measures: [
    households('eligible_hh', '符合条件户数', 'eligible'),
    households('applied_hh', '当年申请户数', 'applied in the year', true),
    households('waiting_hh', '轮候户数', 'waiting for a dwelling', true),
    households('allocated_hh', '当年配租户数', 'given a dwelling in the year', true),
    {
      id: 'mean_wait_months',
      unit: 'months',
      label: { zh: '当年配租户平均轮候月数', en: 'mean wait of those given a dwelling in the year' },
      assumed: true,
    },
    households('subsidy_hh', '领取租赁补贴户数', 'receiving the rent subsidy', true),
    {
      id: 'subsidy_wan',
      unit: '10,000 yuan',
      label: { zh: '当年租赁补贴', en: 'rent subsidy of the year' },
      assumed: true,
    },
    {
      id: 'units_needed',
      unit: 'dwellings',
      label: { zh: '无人轮候所需房源', en: 'dwellings with which nobody would wait' },
      assumed: true,
    },
    households(
      'added_net_hh',
      '入户净增申请户（累计）',
      'applications through registration beyond those of the same households as permit holders, cumulated',
    ),
  ],
}
