/** menkan policy explain: what a rule set says of one person, and what would change it. */
import { extname } from 'node:path'
import { formatMonth } from '../evidence/month.js'
import { applicant, applicants } from '../experiment/applicants.js'
import { displayPath, readText } from '../node/files.js'
import { loadPack } from '../node/packs.js'
import { compileLaw } from '../policy/compile.js'
import { explain as explainPerson } from '../policy/explain/explain.js'
import { channelsOf, outlook } from '../policy/explain/waiting.js'
import { readPerson, readPersonOfCsv, type Person, type PersonContext } from '../policy/person.js'
import type { Policy } from '../policy/policy.js'
import { nearest } from '../reading/nearest.js'
import { printExplanation } from './policyExplainText.js'
import { mistake, POLICY, POLICY_OPTIONS, readPolicyInput } from './policyInput.js'
import { RUN } from './options.js'
import type { Given, Verb } from './verb.js'

export const explain: Verb = {
  path: ['policy', 'explain'],
  does: {
    zh: '向一个人解释政策:缺什么、最小的改变、等到何时',
    en: 'Explain a policy to one person: what fails, the smallest changes, how long to wait',
  },
  takes: [POLICY],
  options: {
    ...POLICY_OPTIONS,
    person: {
      type: 'string',
      does: {
        zh: '一人的 YAML、JSON 或 CSV 文件,或合成人口中家庭的编号',
        en: 'File of a person (YAML, JSON or CSV), or key of a household of the synthetic population',
      },
    },
    id: { type: 'string', does: { zh: 'CSV 中的哪一人', en: 'Which person of the CSV' } },
    channel: { type: 'string', does: { zh: '只看一个渠道', en: 'Look at one channel alone' } },
    seed: {
      ...RUN.seed,
      default: 'zhaoqing',
      does: { zh: '合成人口的种子', en: 'Seed of the synthetic population' },
    },
    scale: { ...RUN.scale, default: 0.05 },
  },
  example: 'menkan policy explain zhaoqing-zero-threshold --person a.yaml --at 2017-03',
  async act(given, terminal) {
    const { policy, month, areas } = await readPolicyInput(given)
    const person = await readPersonInput(given, policy, { facts: policy.facts, areas, month })
    const only = given.options.channel as string | undefined
    if (only !== undefined) requireChannel(only, channelsOf(outlook(policy, person, areas).laws), month)
    const explanation = explainPerson(policy, person, areas, only === undefined ? undefined : [only])
    if (terminal.format === 'json') terminal.print(JSON.stringify(explanation, null, 2))
    else printExplanation(explanation, terminal)
    return 0
  },
}

async function readPersonInput({ options }: Given, policy: Policy, context: PersonContext): Promise<Person> {
  const named = options.person as string | undefined
  if (named === undefined) throw mistake('missing-option', '缺少 --person', '--person is missing')
  if (/^\d+$/.test(named)) return synthetic(named, options, policy, context)
  const [text, file] = [await readText(named), displayPath(named)]
  return extname(named).toLowerCase() === '.csv'
    ? readPersonOfCsv(text, file, options.id as string | undefined, context)
    : readPerson(text, file, context)
}

/** All facts of a synthetic person are known. */
async function synthetic(
  key: string,
  options: Given['options'],
  policy: Policy,
  { areas, month }: PersonContext,
): Promise<Person> {
  const pack = await loadPack(options.pack as string)
  const population = applicants({
    pack,
    scale: options.scale as number,
    seed: options.seed as string,
    month,
  })
  const law = compileLaw(policy, month, { areas })
  const { id, row } = applicant(key, population, policy, law)
  const computed = new Set(law.declared.flatMap(({ kind, slot }) => (kind === 'computed' ? [slot] : [])))
  const given = new Set(
    [...policy.facts.keys()].filter(slot => !computed.has(slot) && !Number.isNaN(row[slot])),
  )
  return { id, row, given, month }
}

function requireChannel(id: string, known: readonly string[], month: number) {
  if (known.includes(id)) return
  const at = formatMonth(month)
  throw mistake(
    'unknown-channel',
    `自 ${at} 起没有渠道“${id}”`,
    `There is no channel "${id}" from ${at} on`,
    { nearest: nearest(id, known), expected: { zh: known.join('、'), en: known.join(', ') } },
  )
}
