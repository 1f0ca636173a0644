/** menkan calibrate: fit base flows and the reform's effect to a pack's counts; --ridge: what one excess alone can say. */
import { access, constants, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { furtherCounts, pulseOf } from '../calibration/evidence.js'
import { BUDGET, fitPack, type MemberFit } from '../calibration/fit.js'
import { permanentRidge, predictions, ridge, shown } from '../calibration/ridge.js'
import { calibratedCsv } from '../calibration/rows.js'
import { observations } from '../calibration/targets.js'
import {
  DERIVED_LABELS,
  fitFindings,
  groupLabel,
  MEMBER_LABELS,
  QUANTITY_LABELS,
} from '../calibration/wording.js'
import { formatMonth, parseMonth } from '../evidence/month.js'
import { valueOf } from '../evidence/parameter.js'
import { sha256 } from '../node/hash.js'
import { loadPack } from '../node/packs.js'
import { progress } from '../node/progress.js'
import type { Pack } from '../pack/pack.js'
import { InputError, plain } from '../reading/finding.js'
import type { Text } from '../reading/text.js'
import { renderTable, type Column } from '../report/terminal.js'
import { MEMBERS, type Member } from '../simulation/calibrated.js'
import { seasonOf } from '../simulation/rates.js'
import type { Given, Terminal, Verb } from './verb.js'

export const calibrate: Verb = {
  path: ['calibrate'],
  does: {
    zh: '把基础迁移与改革效应拟合到数据包的计数;--ridge 显示单一超额所能说明的',
    en: 'Fit base flows and the reform’s effect to a pack’s counts; --ridge: what one excess alone can say',
  },
  takes: [{ name: 'pack', does: { zh: '数据包名称或文件夹(默认 zhaoqing)', en: 'Name or folder of a pack (default: zhaoqing)' } }],
  options: {
    ridge: { type: 'boolean', does: { zh: '只输出强度与存量的脊线表', en: 'Only the ridge of hazard and stock' } },
    reform: { type: 'string', does: { zh: '脊线的改革月份,如 2016-02(默认取自数据包)', en: 'The ridge’s month of the reform, e.g. 2016-02 (default: the pack’s)' } },
    out: { type: 'string', does: { zh: '写出联合抽样行的文件(.csv),旁边写 .sha256', en: 'File (.csv) for the rows of joint draws; their .sha256 beside it' } },
    draws: { type: 'number', whole: true, range: [10, 100_000], default: BUDGET.draws, does: { zh: '每种解读的行数', en: 'Rows a reading' } },
    iterations: { type: 'number', whole: true, range: [300, 10_000_000], default: BUDGET.iterations, does: { zh: '每条链的遍数,其中三分之一为预热', en: 'Sweeps a chain, a third of them warm-up' } },
    chains: { type: 'number', whole: true, range: [1, 64], default: BUDGET.chains, does: { zh: '每种解读的链数', en: 'Chains a reading' } },
    seed: { type: 'string', default: BUDGET.seed, does: { zh: '随机种子:任意文字', en: 'Seed of luck: any words' } },
    member: { type: 'string', choices: [...MEMBERS], does: { zh: '只拟合一种解读', en: 'Fit one reading only' } },
  },
  example: 'menkan calibrate zhaoqing --out calibrated.csv',
  async act(given, terminal) {
    const pack = await loadPack((given.positionals.pack as string | undefined) ?? 'zhaoqing')
    return given.options.ridge ? showRidge(pack, given, terminal) : fit(pack, given, terminal)
  },
} // prettier-ignore

const point = (pack: Pack) =>
  new Map(pack.parameters.flatMap(({ id, value }) => (value === undefined ? [] : [[id, value] as const])))

function showRidge(pack: Pack, { options }: Given, terminal: Terminal): 0 {
  const { lang, format } = terminal
  const typed = options.reform as string | undefined
  const reform = typed === undefined ? valueOf(point(pack), 'reform.inForce') : parseMonth(typed)
  if (reform === undefined)
    throw new InputError([
      { severity: 'error', code: 'wrong-value', message: { zh: `--reform:“${typed}”不是月份`, en: `--reform: "${typed}" is not a month` }, expected: { zh: '年-月,如 2016-07', en: 'year-month, e.g. 2016-07' } },
    ]) // prettier-ignore
  const seen = observations(pack)
  const pulse = pulseOf(seen, reform)
  const rows = ridge(pulse)
  const beyond = predictions(pulse)
  if (format === 'json') {
    terminal.print(
      JSON.stringify(
        rows.map((row, i) => ({ ...row, ...beyond[i] })),
        null,
        2,
      ),
    )
    return 0
  }
  if (format === 'csv') {
    const names = Object.keys(rows[0]) as (keyof (typeof rows)[number])[]
    terminal.print([names.join(','), ...rows.map(row => names.map(name => row[name]).join(','))].join('\n'))
    return 0
  }
  const say = (text: Text) => terminal.print(text[lang])
  const n = (value: number, digits = 0) => value.toFixed(digits)
  say({
    zh: `${formatMonth(pulse.from)}–${formatMonth(pulse.to)} 比上年同期多 ${pulse.excess} 人;改革月份 ${formatMonth(reform)}。每一行都精确符合这一个数字。`,
    en: `${pulse.excess} persons above the year before in ${formatMonth(pulse.from)}–${formatMonth(pulse.to)}; reform in ${formatMonth(reform)}. Every row meets this one number exactly.`,
  })
  table(
    terminal,
    [{ zh: '月强度 λ', en: 'hazard λ' }, { zh: '意愿存量', en: 'willing stock' }, { zh: '峰值月', en: 'peak month' }, { zh: '36 个月超额', en: 'excess 36 mo' }, { zh: '60 个月超额', en: 'excess 60 mo' }, { zh: '第 24 月', en: 'month 24' }, { zh: '第 36 月', en: 'month 36' }],
    rows.map(r => [String(r.lambda), n(r.stock), String(r.peakMonth), n(r.excess36), n(r.excess60), n(r.rate24), n(r.rate36)]),
  ) // prettier-ignore
  const further = furtherCounts(seen)
  if (further) {
    const seenNow = shown(further)
    say({ zh: '\n更多计数可使脊线坍缩(每月人数):', en: '\nWhat would collapse it (persons a month):' })
    table(
      terminal,
      [{ zh: '月强度 λ', en: 'hazard λ' }, { zh: '改革当年每月超额', en: 'excess a month, reform’s year' }, { zh: '次年余月/窗口', en: 'rest of next year / window' }],
      [
        ...beyond.map(b => [String(b.lambda), n(b.firstMonths), n(b.restOverWindow, 2)]),
        [{ zh: '实际', en: 'shown' }[lang], n(seenNow.firstMonths), n(seenNow.restOverWindow, 2)],
      ],
    ) // prettier-ignore
    const contradicted = beyond.filter(b => seenNow.firstMonths <= 0 && b.firstMonths > 0).length
    if (contradicted > 0)
      say({
        zh: `${contradicted} 个强度都预测改革当年即有超额,而这些地区没有(${further.areas.join('、')}):单一脉冲解释不了,须连同生效月份与永久比例一起拟合。`,
        en: `${contradicted} hazards predict an excess in the reform’s own year where these areas (${further.areas.join(', ')}) show none: no pulse explains that; month in force and permanent share must be fitted with it.`,
      })
  }
  say({
    zh: '\n新的脊线:永久比例 φ × λ(36 个月超额)',
    en: '\nThe next ridge: permanent share φ × λ (excess in 36 months)',
  })
  const next = permanentRidge(pulse)
  const shares = [...new Set(next.map(r => r.permanent))]
  table(
    terminal,
    [{ zh: 'λ \\ φ', en: 'λ \\ φ' }, ...shares.map(share => ({ zh: String(share), en: String(share) }))],
    rows.map(({ lambda }) => [
      String(lambda),
      ...shares.map(share => n(next.find(r => r.lambda === lambda && r.permanent === share)!.excess36)),
    ]),
  )
  return 0
}

function table(terminal: Terminal, headers: Text[], rows: string[][]): void {
  const columns: Column[] = headers.map((header, i) => ({
    header: header[terminal.lang],
    align: i === 0 ? 'left' : 'right',
  }))
  for (const line of renderTable(columns, rows, terminal)) terminal.print(line)
}

async function fit(pack: Pack, { options }: Given, terminal: Terminal): Promise<0> {
  const { lang, format } = terminal
  const members = options.member === undefined ? MEMBERS : [options.member as Member]
  const budget = {
    seed: options.seed as string,
    draws: options.draws as number,
    iterations: options.iterations as number,
    chains: options.chains as number,
  }
  const out = options.out as string | undefined
  if (out !== undefined) await checkWritable(out)
  const bar = progress({ what: { zh: '拟合', en: 'Fitting' }, lang, quiet: terminal.quiet })
  const fits = fitPack(pack, seasonOf(point(pack)), budget, members, share => bar.step(share, 1))
  bar.end()
  const text = calibratedCsv(fits.flatMap(({ rows }) => rows), pack.areas.map(({ id }) => id)) // prettier-ignore
  const hash = sha256(text)
  if (out !== undefined) {
    await writeFile(out, text)
    await writeFile(out.replace(/\.csv$/, '') + '.sha256', hash + '\n')
  }
  const findings = fitFindings(fits)
  if (format === 'json') {
    const document = {
      pack: pack.id,
      ...budget,
      rows: fits.reduce((sum, { rows }) => sum + rows.length, 0),
      sha256: hash,
      members: fits.map(({ member, learnt, held, derived, ridges, worstRhat, leastEffectiveSize }) => ({ member, learnt, coverage: coverage(held), missed: held.filter(c => !c.inside), derived, ridges, worstRhat, leastEffectiveSize })),
      findings: findings.map(finding => plain(finding, lang)),
    } // prettier-ignore
    terminal.print(JSON.stringify(document, null, 2))
    return 0
  }
  for (const one of fits) describe(one, terminal)
  terminal.report(findings)
  if (out !== undefined) terminal.print(`${out}  sha256 ${hash}`)
  return 0
}

/** Known before the fit, not after it. @throws InputError `cannot-write` */
async function checkWritable(out: string): Promise<void> {
  try {
    await access(dirname(out), constants.W_OK)
  } catch {
    throw new InputError([
      {
        severity: 'error',
        code: 'cannot-write',
        file: out,
        message: {
          zh: '无法写入该文件所在的文件夹',
          en: 'The folder of this file does not exist or cannot be written to',
        },
      },
    ])
  }
}

const coverage = (held: MemberFit['held']) =>
  [...new Set(held.map(({ group }) => group))].map(group => {
    const counts = held.filter(c => c.group === group)
    return { group, inside: counts.filter(({ inside }) => inside).length, counts: counts.length }
  })

function describe(
  { member, learnt, held, derived, ridges, worstRhat, leastEffectiveSize }: MemberFit,
  terminal: Terminal,
): void {
  const { lang } = terminal
  const say = (text: Text) => terminal.print(text[lang])
  const short = (value: number) => String(Number(value.toPrecision(3)))
  const quantity = (name: string) => QUANTITY_LABELS[name as keyof typeof QUANTITY_LABELS][lang]
  terminal.print(`\n${MEMBER_LABELS[member][lang]} (${member})`)
  table(
    terminal,
    [{ zh: '数量', en: 'quantity' }, { zh: '5%', en: '5 %' }, { zh: '中位', en: 'median' }, { zh: '95%', en: '95 %' }, { zh: '收缩', en: 'contraction' }, { zh: 'R-hat', en: 'R-hat' }, { zh: '有效样本', en: 'effective' }],
    learnt.map(l => {
      const value = (x: number) => (l.name === 'inForce' ? formatMonth(Math.round(x)) : short(x))
      const learned = l.identified ? l.contraction.toFixed(2) : `${l.contraction.toFixed(2)} ${{ zh: '未识别', en: 'not identified' }[lang]}`
      return [quantity(l.name), value(l.p05), value(l.p50), value(l.p95), learned, l.rhat.toFixed(2), l.effectiveSize.toFixed(0)]
    }),
  ) // prettier-ignore
  say({ zh: '90% 预测区间内的计数:', en: 'Counts inside their 90 % interval:' })
  terminal.print(coverage(held).map(({ group, inside, counts }) => `  ${groupLabel(group)[lang]}: ${inside}/${counts}`).join('\n')) // prettier-ignore
  say({
    zh: '由拟合推出、未参与拟合(5% / 中位 / 95%):',
    en: 'Follows from the fit, was not fitted (5 % / median / 95 %):',
  })
  for (const { name, year, check, p05, p50, p95 } of derived) {
    const against = check === undefined ? '' : ` (${{ zh: '检验值', en: 'check' }[lang]} ${short(check)})`
    terminal.print(
      `  ${DERIVED_LABELS[name][lang]} ${year}: ${[p05, p50, p95].map(short).join(' / ')}${against}`,
    )
  }
  say({ zh: '脊线(相关系数):', en: 'Ridges (correlation):' })
  terminal.print(
    ridges.map(r => `  ${quantity(r.a)} × ${quantity(r.b)}: ${r.correlation.toFixed(2)}`).join('\n'),
  )
  say({
    zh: `全部坐标:R-hat 最大 ${worstRhat.toFixed(2)},有效样本最少 ${leastEffectiveSize.toFixed(0)}`,
    en: `All coordinates: greatest R-hat ${worstRhat.toFixed(2)}, least effective size ${leastEffectiveSize.toFixed(0)}`,
  })
}
