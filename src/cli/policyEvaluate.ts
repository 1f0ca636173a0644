/** menkan policy evaluate: what a rule set says of each person of a CSV, however long. */
import { resolve } from 'node:path'
import { formatMonth } from '../evidence/month.js'
import { startWhole, type OutFile } from '../node/outFile.js'
import { progress } from '../node/progress.js'
import { readPieces } from '../node/textPieces.js'
import { compileLaw, type CompileOptions } from '../policy/compile.js'
import { missingFacts, PersonReader } from '../policy/persons.js'
import type { Law, Policy } from '../policy/policy.js'
import { InputError, type Finding } from '../reading/finding.js'
import { nearest } from '../reading/nearest.js'
import { evaluationWriter, type EvaluationWriter } from './policyEvaluateForms.js'
import { mistake, POLICY, POLICY_OPTIONS, readPolicyInput } from './policyInput.js'
import { Refusals } from './policyEvaluateRefusals.js'
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
      does: {
        zh: '人员 CSV,表头为事实名或中文名;- 为标准输入',
        en: 'CSV of persons; headers are fact names; - for standard input',
      },
    },
    channel: { type: 'string', does: { zh: '只看一个渠道', en: 'Look at one channel alone' } },
    out: {
      type: 'string',
      does: {
        zh: '结果写入文件,要么完整要么没有;.csv、.json 决定格式',
        en: 'File of the results, whole or not at all; .csv or .json says which form',
      },
    },
    refused: {
      type: 'string',
      does: { zh: '把全部被拒的行写入 CSV 文件', en: 'CSV file that lists every refused row' },
    },
  },
  example: 'menkan policy evaluate guangdong-points --at 2015-06 --persons persons.csv',
  async act(given, terminal) {
    const { policy, month, areas } = await readPolicyInput(given)
    const { persons: file, channel, out, refused } = given.options as Record<string, string | undefined>
    if (file === undefined) throw mistake('missing-option', '缺少 --persons', '--persons is missing')
    const lawWith = (options: CompileOptions) =>
      only(compileLaw(policy, month, { areas, ...options }), policy, channel)
    if (out !== undefined && refused !== undefined && resolve(out) === resolve(refused))
      throw mistake(
        'repeated-option',
        '--out 与 --refused 不能是同一个文件',
        '--out and --refused cannot be the same file',
      )
    const whole = lawWith({})
    const notes: Finding[] = []
    const files: OutFile[] = []
    const start = async (path: string) => {
      const made = await startWhole(path)
      files.push(made)
      return made
    }
    const bar = progress({ what: { zh: '审核', en: 'Judging' }, ...terminal })
    try {
      const target = out === undefined ? undefined : await start(out)
      const refusals = new Refusals(terminal.lang, refused === undefined ? undefined : await start(refused))
      let writer: EvaluationWriter | undefined
      const reader = new PersonReader(file, policy.facts, areas, {
        header(columns) {
          const { without, notes: skipped } = needed(whole, policy, columns, file)
          notes.push(...skipped)
          writer = evaluationWriter(
            formOf(out, terminal),
            lawWith({ without }),
            policy,
            columns,
            terminal.lang,
          )
        },
        person: (id, row) => writer!.person(id, row),
        refused: mistakes => refusals.add(mistakes),
      })
      const sink = target
        ? (text: string) => target.write(text + '\n')
        : async (text: string) => terminal.print(text)
      for await (const { text, read, total, last } of readPieces(file)) {
        reader.read(text, last)
        if (last) writer!.end()
        await writer?.flush(sink, last)
        await refusals.flush()
        if (total > 0) bar.step(read, total)
      }
      for (const made of files) await made.keep()
      bar.end()
      if (target) summary(out!, writer!.count, refusals.rows, terminal)
      if (writer!.count + refusals.rows === 0) notes.push(nobody(file))
      terminal.report([...refusals.shown(), ...notes])
      return refusals.rows > 0 ? 3 : 0
    } catch (error) {
      for (const made of files) await made.drop()
      throw error
    } finally {
      bar.end()
    }
  },
}

/** A name that ends in .csv or .json says what is wanted. */
function formOf(out: string | undefined, { format }: Terminal): Terminal['format'] {
  if (format !== 'text') return format
  return out?.endsWith('.csv') ? 'csv' : out?.endsWith('.json') ? 'json' : 'text'
}

function summary(out: string, persons: number, refused: number, { format, print, tell, lang }: Terminal) {
  if (format === 'json') print(JSON.stringify({ out, persons, refused }, null, 2))
  else
    tell(
      {
        zh: `已审核 ${persons} 人,拒收 ${refused} 行 → ${out}`,
        en: `${persons} persons judged, ${refused} rows refused → ${out}`,
      }[lang],
    )
}

const nobody = (file: string): Finding => ({
  severity: 'note',
  code: 'no-persons',
  file,
  message: { zh: '只有表头,没有人员', en: 'There is a header and no person' },
})

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
function needed(law: Law, policy: Policy, columns: ReadonlySet<number>, file: string) {
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
