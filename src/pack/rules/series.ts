/** A series of years against itself: breaks of level, and net against in and out. */
import type { Finding } from '../../reading/finding.js'
import type { Pack, YearbookRow } from '../pack.js'
import { about, grouped, label, placeName } from './words.js'

/** So large a change at once in most areas speaks of the count, not of people. */
const BREAK = 0.4

const SERIES: Record<string, (row: YearbookRow) => number> = {
  moves_in: row => row.inProvince + row.inOtherProvinces,
  moves_out: row => row.outProvince + row.outOtherProvinces,
  births: row => row.births,
  deaths: row => row.deaths,
}

/** `level-break`: from one year to the next, one way, by more than 40 % in more than half of all areas. */
export function breakDoubts(pack: Pack): Finding[] {
  const { yearbook, areas } = pack
  const at = (area: string, year: number) => yearbook.find(row => row.area === area && row.year === year)
  const years = [...new Set(yearbook.map(({ year }) => year))].sort((a, b) => a - b)
  const findings: Finding[] = []
  for (const [quantity, count] of Object.entries(SERIES))
    for (const year of years) {
      const changes = areas.flatMap(({ id }) => {
        const [before, after] = [at(id, year - 1), at(id, year)]
        return before && after && count(before) > 0 ? [count(after) / count(before) - 1] : []
      })
      for (const way of [-1, 1]) {
        const large = changes.map(change => change * way).filter(change => change > BREAK)
        if (large.length * 2 <= areas.length) continue
        const [least, most] = [Math.min(...large), Math.max(...large)].map(change => Math.round(100 * change))
        const [what, words] = [label(quantity, pack), `${least}–${most}`]
        findings.push(
          about(
            'yearbook.csv',
            yearbook.find(row => row.year === year)!.line,
            'warning',
            'level-break',
            {
              zh: `${what.zh}:${year - 1} 至 ${year} 年,${areas.length} 个地区中有 ${large.length} 个同时${way < 0 ? '下降' : '上升'} ${words}%`,
              en: `${what.en}: from ${year - 1} to ${year}, ${large.length} of ${areas.length} areas ${way < 0 ? 'fell' : 'rose'} by ${words} % at once`,
            },
            {
              zh: '若非口径变化,变动应因地而异;跨断点的增长率不可作为政策效果',
              en: 'changes that differ by area, unless the count itself changed; growth across a break is no effect of a policy',
            },
          ),
        )
      }
    }
  return findings
}

/** `net-does-not-match`: printed net moves against in minus out. */
export function netDoubts(pack: Pack): Finding[] {
  return pack.yearbook.flatMap(row =>
    [
      {
        printed: row.netProvince,
        net: row.inProvince - row.outProvince,
        zh: '省内',
        en: 'with the province',
      },
      {
        printed: row.netOtherProvinces,
        net: row.inOtherProvinces - row.outOtherProvinces,
        zh: '省外',
        en: 'with other provinces',
      },
    ]
      .filter(({ printed, net }) => printed !== undefined && printed !== net)
      .map(({ printed, net, zh, en }) => {
        const place = placeName(row.area, pack)
        return about('yearbook.csv', row.line, 'warning', 'net-does-not-match', {
          zh: `${place.zh} ${row.year} 年:${zh}净迁入印为 ${grouped(printed!)},迁入减迁出为 ${grouped(net)}`,
          en: `${place.en}, ${row.year}: net moves ${en} are printed as ${grouped(printed!)}, in minus out is ${grouped(net)}`,
        })
      }),
  )
}
