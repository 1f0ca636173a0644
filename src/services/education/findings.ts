/** What users have to know about the level of school seats. */
import type { Values } from '../../evidence/parameter.js'
import type { Pack } from '../../pack/pack.js'
import type { Finding } from '../../reading/finding.js'
import { unknownStock } from '../stock.js'
import { STAGES } from './claims.js'

export function unknownSeats(pack: Pack, values: Values): Finding[] {
  const ids = pack.areas.flatMap(({ id }) => STAGES.map(stage => `stock.seats.${id}.${stage.id}`))
  const baseYear = values.get('edu.baseYear')
  const findings = unknownStock(ids, values, {
    zh: `公办学位数未公布：容量与缺口按 ${baseYear} 年需求加假定余量推算，结果以入户净增学位（added_net）为准；缺口为零所需学位见 stock_zero_gap`,
    en: `The number of public seats is not published: capacity and gaps rest on the demand of ${baseYear} and an assumed slack. Read added_net first; stock_zero_gap is the stock with which the gap would be zero`,
  })
  const first = Math.min(...pack.yearbook.map(({ year }) => year))
  if (pack.yearbook.length > 0)
    findings.push({
      severity: 'note',
      code: 'births-before-yearbook',
      message: {
        zh: `${first} 年以前的出生数没有分地区数据，按假定推算（edu.birthsBefore）：${first + 7} 年以前入学的本地学生数是假定值；随迁家庭在模拟期内的新生子女未计入，幼儿园与高中不作推算`,
        en: `Births by area before ${first} are assumed (edu.birthsBefore), and with them local children who enter before ${first + 7}. Children born to migrants within the horizon, kindergarten and senior secondary are left out`,
      },
    })
  return findings
}
