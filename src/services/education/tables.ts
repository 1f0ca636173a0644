/** T7 and T8 (model §9): what their columns are. */
import type { Measure, TableSchema } from '../../results/table.js'

const seats = (id: string, zh: string, en: string, assumed = false): Measure => ({
  id,
  unit: 'seats',
  label: { zh, en },
  ...(assumed && { assumed }),
})

/** Seats in September. `demand` is the sum of the five parts; `added_net` of the last three: what registration adds. */
export const SEATS: TableSchema = {
  id: 'seats',
  title: { zh: '义务教育公办学位', en: 'Public seats of compulsory school' },
  keys: ['september', 'area', 'stage'],
  measures: [
    seats('demand_local', '本地户籍学生需求', 'demand of children with local hukou before'),
    seats(
      'demand_migrant_permit',
      '随迁子女按居住证就学的需求（含已入户者原有部分）',
      'demand of migrants’ children here at the rate of permit holders, registered or not',
    ),
    seats(
      'demand_registered',
      '入户后净增需求（民办转公办、随迁入）',
      'net demand of registered children: from private school, or moved in',
    ),
    seats('demand_joined', '留守子女随入户前来的净增需求', 'net demand of left-behind children who join'),
    seats('demand_paper', '空挂户子女的学位需求', 'demand of children registered on paper only'),
    seats('demand', '学位总需求', 'demand in all'),
    {
      id: 'gross_registered',
      unit: 'children',
      label: { zh: '已入户学龄子女（毛数）', en: 'registered children at this stage (gross)' },
    },
    seats('added_net', '入户净增学位需求', 'added net demand through registration'),
    seats('soft_cap', '标准班额容量', 'capacity at standard class size', true),
    seats('hard_cap', '最大班额容量', 'capacity at greatest class size', true),
    seats('pipeline_open', '基准年以来新开学位', 'seats opened since the base year', true),
    seats('gap_soft', '学位缺口（标准班额）', 'seats short at standard class size', true),
    seats('gap_hard', '学位缺口（最大班额）', 'seats short at greatest class size', true),
    seats(
      'stock_zero_gap',
      '缺口为零所需的基准年学位',
      'seats in the base year with which the gap would be zero',
      true,
    ),
    { id: 'mean_class', unit: 'pupils', label: { zh: '平均班额', en: 'mean class size' }, assumed: true },
    {
      id: 'teachers_added',
      unit: 'teachers',
      label: { zh: '入户净增教师需求', en: 'added net teachers through registration' },
    },
  ],
}

/** Over the horizon, a thousand persons registered, `ordinary` moves left out. */
export const SEATS_PER_1000: TableSchema = {
  id: 'seats_per_1000',
  title: { zh: '每千名入户人员的学位需求', en: 'Seats per 1,000 registrants' },
  keys: ['area'],
  measures: [
    {
      id: 'gross_eligible',
      unit: 'children',
      label: { zh: '学龄子女（毛数）', en: 'children of compulsory school age (gross)' },
    },
    seats('switch', '民办转公办', 'from private to public school'),
    seats('join', '留守子女前来', 'left-behind children who join'),
    seats('movein', '随迁入', 'moved in'),
    seats('paper', '空挂户', 'on paper only'),
    seats('net', '净增学位', 'net seats'),
  ],
}
