/** Names of what the fit learns and misses, in both languages. */
import type { Finding } from '../reading/finding.js'
import type { Text } from '../reading/text.js'
import type { Member } from '../simulation/calibrated.js'
import type { DERIVED, MemberFit } from './fit.js'
import type { PLACE } from './priors.js'

export const MEMBER_LABELS: Record<Member, Text> = {
  permanent: { zh: '永久抬升', en: 'permanent step' },
  decaying: { zh: '逐步衰减', en: 'decaying step' },
  return_only: { zh: '仅为恢复(无改革效应)', en: 'return only (no effect of the reform)' },
  return_decay_floor: { zh: '恢复+衰减+常量', en: 'return, decay and floor' },
}

export const QUANTITY_LABELS: Record<(typeof PLACE)[number], Text> = {
  'conversion.province': { zh: '年转化率:本省外市', en: 'yearly conversion, same province' },
  'conversion.otherProvince': { zh: '年转化率:外省', en: 'yearly conversion, other provinces' },
  lambda: { zh: '申请强度 λ', en: 'hazard of the ready, λ' },
  permanent: { zh: '永久比例 φ', en: 'permanent share, φ' },
  returned: { zh: '恢复比例 ρ', en: 'share that returned, ρ' },
  breakLoss: { zh: '断点损失', en: 'share lost in the break' },
  inForce: { zh: '生效月份', en: 'month in force' },
  awareP: { zh: '自行获知率', en: 'awareness: by itself' },
  awareQ: { zh: '口口相传', en: 'awareness: word of mouth' },
  awareInit: { zh: '首月知晓比例', en: 'awareness: first month' },
  cityWalk: { zh: '全市游走标准差', en: 'sd of the city’s walk' },
  breakRest: { zh: '断点对其余迁移', en: 'break, other moves (log)' },
  cityStep2015: { zh: '全市 2015 年步长', en: 'city’s step 2015' },
  cityStep2016: { zh: '全市 2016 年步长', en: 'city’s step 2016' },
  cityStep2017: { zh: '全市 2017 年步长', en: 'city’s step 2017' },
  effectSd: { zh: '地区效应标准差', en: 'sd of area effects' },
  intraShare: { zh: '市内迁移占比 (logit)', en: 'share within the city (logit)' },
  outElsewhere: { zh: '迁往省内外市', en: 'moves out of the city' },
  'share.kin': { zh: '基础:亲属占比', en: 'base: share of kin' },
  'share.purchase': { zh: '基础:购房占比', en: 'base: share of purchase' },
  'share.points': { zh: '基础:积分占比', en: 'base: share of points' },
  eventOverDistrictIn: { zh: '办理/各区口径', en: 'event over districtIn' },
  doubleTag: { zh: '重复计入比例', en: 'counted twice' },
  'event.kin': { zh: '全部办理:亲属占比', en: 'all events: share of kin' },
  'event.purchase': { zh: '全部办理:购房占比', en: 'all events: share of purchase' },
  'opening.kin': { zh: '新开放:亲属占比', en: 'opening: share of kin' },
  'opening.purchase': { zh: '新开放:购房占比', en: 'opening: share of purchase' },
  sizeOut: { zh: '迁出计数的规模', en: 'size, moves out' },
  sizeWindow: { zh: '年内计数的规模', en: 'size, counts within a year' },
  'trend.province': { zh: '省内迁入趋势', en: 'trend, from the province' },
  'trend.otherProvince': { zh: '外省迁入趋势', en: 'trend, other provinces' },
  yearShock: { zh: '年度共同冲击', en: 'sd of the years’ shock' },
}

export const DERIVED_LABELS: Record<(typeof DERIVED)[number], Text> = {
  districtInOverExternal: { zh: '各区口径/市外口径', en: 'districtIn over external' },
  external: { zh: '市外迁入(人/年)', en: 'from outside the place, persons a year' },
  opening: { zh: '其中新开放所带来(人/年)', en: 'of them by the opening, persons a year' },
}

const GROUPS: Record<string, Text> = {
  part: { zh: '各区年内计数', en: 'areas, part of a year' },
  out: { zh: '省内迁出', en: 'moves out within the province' },
  external: { zh: '全市(市外迁入)', en: 'whole place (external)' },
  channel: { zh: '亲属与购房(办理口径)', en: 'kin and purchase (event)' },
  before: { zh: '断点前', en: 'before the break' },
  province: { zh: '省内迁入', en: 'from the province' },
  other_province: { zh: '外省迁入', en: 'from other provinces' },
}

/** Name of a group of counts: `before.province`, `2017.other_province`, `part` … */
export const groupLabel = (group: string): Text => ({
  zh: group.split('.').map(part => GROUPS[part]?.zh ?? part).join(' '),
  en: group.split('.').map(part => GROUPS[part]?.en ?? part).join(', '),
}) // prettier-ignore

/** Chains that differ more than this have not found the same answer. */
export const GREATEST_RHAT = 1.1

/** `target-missed` (one a member), `check-missed`, `not-identified`, `chains-disagree`: what a reader of the fit must know. */
export function fitFindings(fits: readonly MemberFit[]): Finding[] {
  return fits.flatMap(({ member, held, learnt, derived, worstRhat }): Finding[] => {
    const label = MEMBER_LABELS[member]
    const missed = held.filter(count => !count.inside)
    const names = missed
      .map(({ id, observed, p05, p95 }) => `${id} ${observed} [${Math.round(p05)}, ${Math.round(p95)}]`)
      .join('; ')
    const weak = learnt.filter(l => !l.identified).map(({ name }) => name as (typeof PLACE)[number])
    const list = (lang: 'zh' | 'en') =>
      weak.map(name => QUANTITY_LABELS[name][lang]).join(lang === 'zh' ? '、' : ', ')
    const findings: Finding[] = []
    if (missed.length > 0)
      findings.push({
        severity: 'note',
        code: 'target-missed',
        message: {
          zh: `“${label.zh}”:${held.length} 个计数中 ${missed.length} 个在 90% 预测区间之外(应约 ${Math.round(held.length / 10)} 个):${names}`,
          en: `${label.en}: ${missed.length} of ${held.length} counts lie outside their 90 % interval (about ${Math.round(held.length / 10)} should): ${names}`,
        },
      })
    for (const { name, year, check, p05, p95 } of derived)
      if (check !== undefined && (check < p05 || check > p95))
        findings.push({
          severity: 'note',
          code: 'check-missed',
          message: {
            zh: `“${label.zh}”:${DERIVED_LABELS[name].zh} ${year}:检验值 ${check} 在 ${Math.round(p05)}–${Math.round(p95)} 之外(未参与拟合)`,
            en: `${label.en}: ${DERIVED_LABELS[name].en}, ${year}: the check of ${check} lies outside ${Math.round(p05)}–${Math.round(p95)} (it was not fitted)`,
          },
        })
    if (weak.length > 0)
      findings.push({
        severity: 'note',
        code: 'not-identified',
        message: {
          zh: `“${label.zh}”:数据几乎没有说明:${list('zh')}`,
          en: `${label.en}: the data say next to nothing of: ${list('en')}`,
        },
      })
    if (worstRhat > GREATEST_RHAT)
      findings.push({
        severity: 'warning',
        code: 'chains-disagree',
        message: {
          zh: `“${label.zh}”:各链尚未一致(R-hat ${worstRhat.toFixed(2)})`,
          en: `${label.en}: the chains do not agree yet (R-hat ${worstRhat.toFixed(2)})`,
        },
        fix: { zh: '增大 --iterations', en: 'Give more --iterations' },
      })
    return findings
  })
}
