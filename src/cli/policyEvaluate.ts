/** menkan policy evaluate: what a rule set says of each person of a CSV. */
import { formatMonth } from '../evidence/month.js'
import { readText } from '../node/files.js'
import { compileLaw } from '../policy/compile.js'
import { evaluate as evaluateRow, type Evaluation } from '../policy/evaluate.js'
import { missingFacts, readPersons, type Persons } from '../policy/persons.js'
import type { Law, Policy } from '../policy/policy.js'
import { compute } from '../policy/supply.js'
import { InputError, type Finding } from '../reading/finding.js'
import { nearest } from '../reading/nearest.js'
import { csv } from '../results/csv.js'
import { mistake, POLICY, POLICY_OPTIONS, readPolicyInput } from './policyInput.js'
import type { Terminal, Verb } from './verb.js'

export const evaluate: Verb = {
  path: ['policy', 'evaluate'],
  does: {
    zh: '按政策审核一份人员 CSV:可走的渠道、积分、未满足的条件',
    en: 'Judge a CSV of persons by a policy: open channels, score, failed conditions',
  },
  takes: [POLICY],
  options: {
    ...POLICY_OPTIONS,
    persons: {
      type: 'string',
      does: { zh: '人员 CSV,表头为事实名或中文名', en: 'CSV of persons; headers are fact names' },
    },
    channel: { type: 'string', does: { zh: '只看一个渠道', en: 'Look at one channel alone' } },
  },
  example: 'menkan policy evaluate guangdong-points --at 2015-06 --persons persons.csv',
  async act(given, terminal) {
    const { policy, month, areas } = await readPolicyInput(given)
    const file = given.options.persons as string | undefined
    if (file === undefined) throw mistake('missing-option', '缺少 --persons', '--persons is missing')
    const persons = readPersons(await readText(file), file, policy.facts, areas)
    const whole = only(
      compileLaw(policy, month, { areas }),
      policy,
      given.options.channel as string | undefined,
    )
    const { without, notes } = needed(whole, policy, persons, file)
    const law = only(compileLaw(policy, month, { areas, without }), policy, given.options.channel as string)
    for (const row of persons.rows) compute(law.declared, row, persons.columns)
    terminal.report([...persons.refused, ...notes])
    write(persons, law, policy, terminal)
    return persons.refused.length > 0 ? 3 : 0
  },
}

function only(law: Law, policy: Policy, id: string | undefined): Law {
  if (id === undefined) return law
  const channels = law.channels.filter(channel => channel.id === id)
  if (channels.length > 0) return { ...law, channels }
  const known = law.channels.map(channel => channel.id)
  const month = formatMonth(law.month)
  const written = Object.hasOwn((policy.tree.channels ?? {}) as object, id)
  throw written
    ? mistake(
        'channel-not-in-force',
        `渠道“${id}”在 ${month} 尚未生效或已失效`,
        `Channel "${id}" is not in force in ${month}`,
      )
    : mistake('unknown-channel', `没有渠道“${id}”`, `There is no channel "${id}"`, {
        nearest: nearest(id, known),
        expected: { zh: known.join('、'), en: known.join(', ') },
      })
}

/** What to do about facts without a column: leave out the conditions that may be, refuse the file for the others. */
function needed(law: Law, policy: Policy, { columns }: Persons, file: string) {
  const without: string[] = []
  const notes: Finding[] = []
  const errors: Finding[] = []
  for (const [slot, channels] of missingFacts(law, columns)) {
    const { name, label, skippedWhenMissing } = policy.facts[slot]
    const place = { file, line: 1 }
    if (skippedWhenMissing) {
      without.push(name)
      notes.push({
        severity: 'note',
        code: 'condition-skipped',
        ...place,
        message: {
          zh: `没有“${name}”(${label.zh})一列,略过以此为条件的规定:${channels.join('、')}`,
          en: `There is no column "${name}": conditions on it are skipped in ${channels.join(', ')}`,
        },
      })
    } else
      errors.push({
        severity: 'error',
        code: 'missing-column',
        ...place,
        message: {
          zh: `缺少列“${name}”(${label.zh}),渠道 ${channels.join('、')} 需要它`,
          en: `Column "${name}" is missing; channels that need it: ${channels.join(', ')}`,
        },
      })
  }
  if (errors.length > 0) throw new InputError(errors)
  return { without, notes }
}

function write({ ids, rows }: Persons, law: Law, policy: Policy, { format, print, lang }: Terminal) {
  const results = rows.map(row => evaluateRow(law, policy.facts, row))
  if (format === 'json')
    print(
      JSON.stringify(
        results.map((result, i) => ({ id: ids[i], ...result })),
        null,
        2,
      ),
    )
  else if (format === 'csv') {
    const lines = results.map((result, i) => [ids[i], result.channels.join(';'), String(best(result) ?? '')])
    print(plainCsv([['id', 'channels', 'score'], ...lines]))
  } else for (const [i, result] of results.entries()) print(inText(ids[i], result, lang))
}

/** For a pipe: no byte order mark, plain line ends. */
const plainCsv = (rows: string[][]) => csv(rows).replace('\uFEFF', '').replaceAll('\r\n', '\n').trimEnd()

/** The highest score that is known. */
function best({ score }: Evaluation): number | undefined {
  const known = Object.values(score).filter(value => !Number.isNaN(value))
  return known.length > 0 ? Math.max(...known) : undefined
}

function inText(id: string, result: Evaluation, lang: 'zh' | 'en'): string {
  const zh = lang === 'zh'
  const { channels, score, ledger, failed, unknown } = result
  const lines = [`${id}  ${channels.join(', ') || (zh ? '没有可走的渠道' : 'no channel open')}`]
  for (const [channel, value] of Object.entries(score)) {
    const counted = ledger.filter(line => line.channel === channel && line.points !== 0)
    const parts = counted
      .map(({ line, points }) => `${line} ${Number.isNaN(points) ? '?' : points}`)
      .join(', ')
    const total = Number.isNaN(value) ? '?' : value
    lines.push(`    ${channel}: ${zh ? `${total} 分` : `${total} points`}${parts && ` (${parts})`}`)
  }
  for (const channel of new Set(failed.map(item => item.channel))) {
    const conditions = failed.filter(item => item.channel === channel).map(item => item.condition)
    lines.push(`    ${zh ? '未满足' : 'failed'} ${channel}: ${conditions.join('; ')}`)
  }
  for (const { channel, facts } of unknown)
    lines.push(`    ${zh ? '未知' : 'unknown'} ${channel}: ${facts.join(', ')}`)
  return lines.join('\n')
}
