/** menkan policy ablate: each clause of a rule set taken away in turn, through the whole simulation. */
import { MEASURES, type Ablation, type Effect } from '../experiment/ablation.js'
import { channelClauses, clausesWithin } from '../experiment/clauses.js'
import { readScenario } from '../experiment/scenario.js'
import { MOST_CLAUSES } from '../experiment/shapley.js'
import { ablate as ablateOnThreads } from '../node/ablation.js'
import { chartDocument } from '../node/document.js'
import { gather } from '../node/experiment.js'
import { readText, resolveShipped, shippedNames } from '../node/files.js'
import { writeFolder } from '../node/folder.js'
import { loadPolicy } from '../node/policies.js'
import { progress } from '../node/progress.js'
import { compileLaw } from '../policy/compile.js'
import type { Law } from '../policy/policy.js'
import { InputError } from '../reading/finding.js'
import { nearest } from '../reading/nearest.js'
import type { Lang } from '../reading/text.js'
import { tornado } from '../report/charts/tornado.js'
import { wrap } from '../report/lines.js'
import { renderTable } from '../report/terminal.js'
import { number } from '../report/wording/wording.js'
import { csv, formatNumber } from '../results/csv.js'
import { RUN } from './options.js'
import { mistake, POLICY, POLICY_OPTIONS, readPolicyInput } from './policyInput.js'
import { unprotectedCounts } from './unprotected.js'
import type { Given, Terminal, Verb } from './verb.js'

/** Enough for a first look on two cores within a few minutes; the errors printed say whether it was. */
const REPLICATES = 10
const SCALE = 0.05
const BUDGET = 80

export const ablate: Verb = {
  path: ['policy', 'ablate'],
  does: {
    zh: '逐条去掉政策的条款,经完整模拟成对比较,给出各条款的效果与份额',
    en: 'Take each clause away in turn, simulate in pairs, and tell what each does and its share',
  },
  takes: [POLICY],
  options: {
    scenario: {
      type: 'string',
      does: {
        zh: '采用该政策的情景(默认使用它的内置情景)',
        en: 'Scenario that uses the policy (default: the shipped one that does)',
      },
    },
    channel: {
      type: 'string',
      does: {
        zh: '分解一个渠道内的条款(默认以各渠道为条款)',
        en: 'Take apart one channel (default: each channel is a clause)',
      },
    },
    budget: {
      type: 'number',
      whole: true,
      range: [2, 100_000],
      default: BUDGET,
      does: {
        zh: '条款多于 6 条时,最多模拟多少种组合',
        en: 'With more than 6 clauses: greatest number of sets of clauses to simulate',
      },
    },
    at: POLICY_OPTIONS.at,
    set: RUN.set,
    seed: RUN.seed,
    replicates: { ...RUN.replicates, default: REPLICATES },
    scale: { ...RUN.scale, default: SCALE },
    jobs: RUN.jobs,
    out: {
      type: 'string',
      does: { zh: '结果文件夹:表和图(默认不写)', en: 'Folder for tables and charts (default: none)' },
    },
  },
  example: 'menkan policy ablate zhaoqing-zero-threshold --replicates 20 --out ablation',
  async act(given, terminal) {
    const { options } = given
    const settings = (options.set ?? []) as string[]
    const ofPolicy = settings.filter(setting => setting.startsWith('policy.'))
    const { policy, month } = await readPolicyInput({ ...given, options: { ...options, set: ofPolicy } })
    const source = await gather([await scenarioFor(policy.id, given)], {
      settings,
      seed: options.seed as string | undefined,
      replicates: options.replicates as number,
      scale: options.scale as number,
    })
    const refused = unprotectedCounts(source.pack)
    if (refused.length > 0) throw new InputError(refused)
    const { areas } = source.pack
    const law = compileLaw(policy, month, { areas })
    const channel = channelOf(law, options.channel as string | undefined)
    const clauses = channel ? clausesWithin(policy, channel, areas) : channelClauses(law)
    if (clauses.length < 2 || clauses.length > MOST_CLAUSES)
      throw mistake(
        'number-of-clauses',
        `有 ${clauses.length} 个条款,可分析 2 至 ${MOST_CLAUSES} 个`,
        `There are ${clauses.length} clauses; 2 to ${MOST_CLAUSES} can be taken apart`,
        { fix: { zh: '用 --channel 选一个渠道', en: 'Choose a channel with --channel' } },
      )
    const bar = progress({
      what: { zh: '模拟', en: 'Simulating' },
      lang: terminal.lang,
      quiet: terminal.quiet,
    })
    let result
    try {
      const request = { source, policy, month, clauses, budget: options.budget as number }
      result = await ablateOnThreads(request, options.jobs as number | undefined, (done, total) =>
        bar.step(done, total),
      )
    } finally {
      bar.end()
    }
    if (options.out !== undefined) await writeFolder({ out: options.out as string }, files(result))
    if (terminal.format === 'json') terminal.print(JSON.stringify(recordOf(result, terminal.lang), null, 2))
    else if (terminal.format === 'csv') terminal.print(effectsCsv(result).replace('\uFEFF', '').trimEnd())
    else print(result, terminal)
    return 0
  },
}

/** The scenario asked for, else the shipped one whose last rule set is this policy. */
async function scenarioFor(policy: string, { options }: Given): Promise<string> {
  if (options.scenario !== undefined) return options.scenario as string
  const load = async (wanted: string, beside?: string) => {
    const file = resolveShipped('scenarios', wanted, beside)
    return { text: await readText(file), file }
  }
  for (const name of shippedNames('scenarios')) {
    const { use, file } = (await readScenario(name, load)).policy.at(-1)!
    if ((await loadPolicy(use, file)).id === policy) return name
  }
  throw mistake(
    'missing-option',
    `没有内置情景采用政策“${policy}”,请用 --scenario 指定`,
    `No shipped scenario uses the policy "${policy}": name one with --scenario`,
  )
}

function channelOf({ channels }: Law, id: string | undefined) {
  if (id === undefined) return undefined
  const found = channels.find(channel => channel.id === id)
  if (found) return found
  const known = channels.map(channel => channel.id)
  throw mistake('unknown-channel', `没有渠道“${id}”`, `There is no channel "${id}"`, {
    nearest: nearest(id, known),
    expected: { zh: known.join('、'), en: known.join(', ') },
  })
}

function files(result: Ablation): Map<string, string> {
  const document = chartDocument()
  return new Map([
    ['tables/rule_effect.csv', effectsCsv(result)],
    ['tables/rule_pairs.csv', pairsCsv(result)],
    ...(['zh', 'en'] as const).map((lang): [string, string] => [
      `charts/${lang}/tornado.svg`,
      tornado(result, { lang, document }),
    ]),
  ])
}

/** Table T5. */
function effectsCsv({ clauses, scenario }: Ablation): string {
  const header = (measure: string, unit: string) => [
    `${measure}[${unit}]`,
    ...['p05', 'p50', 'p95', 'error'].map(part => `${measure}_${part}`),
  ]
  const cells = ({ mean, p05, p50, p95, error }: Effect) => [mean, p05, p50, p95, error].map(formatNumber)
  return csv([
    [
      ...['scenario', 'clause', 'change', 'words_zh', 'words_en'],
      ...MEASURES.flatMap(({ id: measure, unit }) => [
        ...header(measure, unit),
        ...header(`share_${measure}`, unit),
        `share_${measure}_sampling_error`,
      ]),
    ],
    ...clauses.map(({ clause, effect, share }) => [
      scenario,
      clause.id,
      'taken away',
      clause.words.zh,
      clause.words.en,
      ...MEASURES.flatMap((_, m) => [
        ...cells(effect[m]),
        ...cells(share[m]),
        formatNumber(share[m].sampling),
      ]),
    ]),
  ])
}

function pairsCsv({ clauses, pairs }: Ablation): string {
  return csv([
    ['clause_a', 'clause_b', 'interaction[persons]', 'interaction_error'],
    ...pairs.map(({ a, b, interaction: { mean, error } }) => [
      clauses[a].clause.id,
      clauses[b].clause.id,
      formatNumber(mean),
      formatNumber(error),
    ]),
  ])
}

function recordOf({ clauses, together, pairs, ...rest }: Ablation, lang: Lang) {
  const byMeasure = <T>(values: T[]) => Object.fromEntries(MEASURES.map(({ id }, m) => [id, values[m]]))
  return {
    ...rest,
    clauses: clauses.map(({ clause, effect, share }) => ({
      ...clause,
      words: clause.words[lang],
      effect: byMeasure(effect),
      share: byMeasure(share),
    })),
    together: byMeasure(together),
    pairs: pairs.map(({ a, b, interaction }) => ({
      clauses: [clauses[a].clause.id, clauses[b].clause.id],
      interaction,
    })),
  }
}

const WORDS = {
  zh: {
    title: (policy: string, scenario: string) =>
      `政策 ${policy} 在情景 ${scenario} 中:逐条去掉,与完整政策成对比较`,
    clause: '条款',
    alone: '去掉后登记(人)',
    share: 'Shapley 份额',
    seats: '学位(个)',
    cost: '补助(万元)',
    together: (all: string, error: string) => `全部条款合计:市外迁入登记 ${all} 人(标准误 ${error})。`,
    pairs: '相互影响的条款(一并去掉与分别去掉之差,人):',
    none: '各条款之间没有超出误差的相互影响。',
    method: ({ exact, coalitions, orders, replicates, scale }: Ablation) =>
      `${exact ? `全部 ${coalitions} 种组合` : `${coalitions} 种组合、${orders} 个随机次序`} × ${replicates} 次模拟,人口抽样 ${number(scale * 100)}%;± 为标准误${exact ? '' : '(份额含抽取次序的误差)'}。合成人口,不是统计数。`,
  },
  en: {
    title: (policy: string, scenario: string) =>
      `Policy ${policy} in scenario ${scenario}: each clause taken away, paired with the whole rule set`,
    clause: 'clause',
    alone: 'without it, persons',
    share: 'Shapley share',
    seats: 'seats',
    cost: 'subsidy, 万元',
    together: (all: string, error: string) =>
      `All clauses together: ${all} registrations from outside (standard error ${error}).`,
    pairs: 'Clauses that interact (both taken away, less each alone; persons):',
    none: 'No two clauses interact beyond the error.',
    method: ({ exact, coalitions, orders, replicates, scale }: Ablation) =>
      `${exact ? `All ${coalitions} sets of clauses` : `${coalitions} sets of clauses, ${orders} random orders`} × ${replicates} simulations of ${number(scale * 100)}% of the migrants; ± is a standard error${exact ? '' : ' (of shares also of the orders drawn)'}. Synthetic population; not a count.`,
  },
}

function print(result: Ablation, { print: line, lang, width }: Terminal): void {
  const words = WORDS[lang]
  const { clauses, together, pairs } = result
  const value = ({ mean, error }: Effect, more = 0) =>
    `${number(mean, true)} ± ${number(Math.hypot(Number.isNaN(error) ? 0 : error, more))}`
  for (const part of wrap(words.title(result.policy, result.scenario), width)) line(part)
  line('')
  const sorted = [...clauses].sort((a, b) => Math.abs(b.effect[0].mean) - Math.abs(a.effect[0].mean))
  const rows = sorted.map(({ clause, effect, share }) => [
    clause.words[lang],
    value(effect[0]),
    value(share[0], share[0].sampling),
    number(effect[1].mean, true),
    number(effect[2].mean, true),
  ])
  const columns = [
    { header: words.clause, align: 'left' as const },
    ...[words.alone, words.share, words.seats, words.cost].map(header => ({
      header,
      align: 'right' as const,
    })),
  ]
  for (const row of renderTable(columns, rows, { width })) line(row)
  line('')
  for (const part of wrap(words.together(number(together[0].mean, true), number(together[0].error)), width))
    line(part)
  const strong = pairs.filter(
    ({ interaction: { mean, error } }) => Math.abs(mean) > 2 * error && Math.abs(mean) >= 1,
  )
  for (const part of wrap(strong.length > 0 ? words.pairs : words.none, width)) line(part)
  for (const { a, b, interaction } of strong.slice(0, 8))
    line(`  ${clauses[a].clause.words[lang]} × ${clauses[b].clause.words[lang]}: ${value(interaction)}`)
  for (const part of wrap(words.method(result), width)) line(part)
}
