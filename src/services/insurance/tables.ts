/** T10 (model §9): what its columns are. */
import type { Measure, TableSchema } from '../../results/table.js'

export const SCHEMES = ['employee', 'resident'] as const

const members = (id: string, zh: string, en: string, assumed = false): Measure => ({
  id,
  unit: 'persons',
  label: { zh, en },
  ...(assumed && { assumed }),
})
const money = (id: string, zh: string, en: string, assumed = false): Measure => ({
  id,
  unit: '10,000 yuan',
  label: { zh, en },
  ...(assumed && { assumed }),
})

/**
 * Members at the year's last month, money of the year. Unless the planner gives `stock.members.SCHEME`, members are the
 * migrants here and those who registered since the horizon's first month; unless `stock.fund.SCHEME` is given, the
 * balance starts from 0, so that it is the change since then, and months of reserve are not known.
 */
export const MED_FUND: TableSchema = {
  id: 'med_fund',
  title: { zh: '基本医疗保险基金', en: 'Medical insurance fund' },
  keys: ['year', 'scheme'],
  measures: [
    members('members', '参保人数', 'members', true),
    members(
      'registered_gross',
      '入户人员中不参加职工医保者（毛数）',
      'registered persons whom the scheme may take (gross)',
    ),
    members('new_members_from_registration', '入户净增参保人数', 'members through registration, net'),
    money(
      'revenue_personal_wan',
      '个人缴费（职工医保含单位缴费）',
      'contributions (employee scheme: with the employers’)',
      true,
    ),
    money('revenue_subsidy_wan', '财政补助', 'subsidy', true),
    money('local_subsidy_wan', '其中地方财政补助', 'of it from local budgets', true),
    money('added_subsidy_wan', '入户净增财政补助', 'subsidy for members through registration, net'),
    money('expenditure_wan', '基金支出', 'expenditure', true),
    money(
      'balance_wan',
      '累计结余（期初未知时为期内变动）',
      'balance (change since the start where the opening fund is unknown)',
      true,
    ),
    {
      id: 'reserve_months',
      unit: 'months',
      label: { zh: '可支付月数', en: 'months of reserve' },
      assumed: true,
    },
  ],
}
