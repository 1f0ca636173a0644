/** menkan policy diff: what one rule set changes in another, and who would newly qualify. */
import { formatMonth, type Month } from '../evidence/month.js'
import { applicants } from '../experiment/applicants.js'
import { readText } from '../node/files.js'
import { loadPack } from '../node/packs.js'
import type { Area } from '../pack/pack.js'
import { compileLaw } from '../policy/compile.js'
import { diffLaws, type LawOf } from '../policy/diff.js'
import { QualifyingCount } from '../policy/diff/qualifying.js'
import { missingFacts, readPersons, type Persons } from '../policy/persons.js'
import type { FactRow, Law, Policy } from '../policy/policy.js'
import { changeMonths } from '../policy/read.js'
import { compute } from '../policy/supply.js'
import { unsuppliedFacts } from '../policy/unsupplied.js'
import { InputError, type Finding } from '../reading/finding.js'
import { nearest } from '../reading/nearest.js'
import { RUN } from './options.js'
import { printPopulation, recordOfPopulation, type PopulationMoves } from './policyDiffPopulation.js'
import { printChanges } from './policyDiffWords.js'
import { mistake, POLICY_OPTIONS, readPolicyInput } from './policyInput.js'
import { unprotectedCounts } from './unprotected.js'
import type { Given, Verb } from './verb.js'

/** Each person is counted by its value of these. */
const GROUPS = ['education', 'tenure', 'origin', 'area']

const SCALE = 0.1

export const diff: Verb = {
  path: ['policy', 'diff'],
  does: {
    zh: '按含义比较两个政策:逐条的差别,谁将新符合条件',
    en: 'Compare two policies by meaning: clause by clause, and who would newly qualify',
  },
  takes: [
    {
      name: 'a',
      required: true,
      does: { zh: '原政策,可写作 名称@月份', en: 'The old policy; NAME@MONTH for a month' },
    },
    {
      name: 'b',
      required: true,
      does: { zh: '新政策,可写作 名称@月份', en: 'The new policy; NAME@MONTH for a month' },
    },
  ],
  options: {
    ...POLICY_OPTIONS,
    at: {
      type: 'string',
      does: {
        zh: '两者都看哪个月的规定(默认各自最近一次修订后)',
        en: 'Month of both laws (default: each as last amended)',
      },
    },
    set: {
      type: 'strings',
      does: {
        zh: '改新政策的一个值,如 policy.名称.channels.rent.when=…',
        en: 'Change one value of the new policy, e.g. policy.NAME.channels.rent.when=…',
      },
    },
    persons: {
      type: 'string',
      does: {
        zh: '用一份人员 CSV 代替合成人口',
        en: 'A CSV of persons instead of the synthetic population',
      },
    },
    channel: { type: 'string', does: { zh: '只看一个渠道', en: 'Look at one channel alone' } },
    scale: {
      ...RUN.scale,
      does: {
        zh: `合成人口的比例(默认 ${SCALE})`,
        en: `Share of the synthetic population (default ${SCALE})`,
      },
    },
    seed: {
      ...RUN.seed,
      default: 'zhaoqing',
      does: { zh: '合成人口的种子', en: 'Seed of the synthetic population' },
    },
  },
  example: 'menkan policy diff guangdong-points@2011-12 guangdong-points@2012-01',
  async act(given, terminal) {
    const a = await side(given, 'a')
    const b = await side(given, 'b')
    const { areas } = a
    const only = given.options.channel as string | undefined
    const laws: [LawOf, LawOf] = [lawOf(a, areas), lawOf(b, areas)]
    const changes = diffLaws(...laws, areas).filter(({ channel }) => only === undefined || channel === only)
    if (only !== undefined) keepChannel(only, laws)
    const { population, findings } = await populationOf(given, laws, areas)
    const unasked = [a, b].some(({ asked, policy }) => !asked && changeMonths(policy).length > 0)
    if (terminal.format === 'json') {
      const about = ({ policy, law }: LawOf) => ({
        policy: policy.id,
        title: policy.title,
        at: formatMonth(law.month),
      })
      const record = {
        a: about(laws[0]),
        b: about(laws[1]),
        at: formatMonth(Math.max(a.month, b.month)),
        changes,
        ...(population && { population: recordOfPopulation(population, laws, areas) }),
      }
      terminal.print(JSON.stringify(record, null, 2))
    } else {
      printChanges(laws, changes, unasked, terminal)
      if (population && changes.length > 0) printPopulation(population, laws, areas, terminal)
    }
    terminal.report(findings)
    return findings.some(({ severity }) => severity === 'error') ? 3 : 0
  },
}

interface Input {
  policy: Policy
  month: Month
  areas: Area[]
  /** A month was named. */
  asked: boolean
}

async function side({ positionals, options }: Given, which: 'a' | 'b'): Promise<Input> {
  const [, policy, month] = /^(.*?)(?:@([^@/\\]*))?$/s.exec(positionals[which] as string)!
  const at = month ?? (options.at as string | undefined)
  const input = await readPolicyInput({
    positionals: { policy },
    options: { ...options, at, set: which === 'b' ? options.set : undefined },
  })
  return { ...input, asked: at !== undefined }
}

const lawOf = ({ policy, month }: Input, areas: Area[]): LawOf => ({
  policy,
  law: compileLaw(policy, month, { areas }),
})

function keepChannel(id: string, laws: [LawOf, LawOf]): void {
  const known = [...new Set(laws.flatMap(({ law }) => law.channels.map(channel => channel.id)))]
  if (!known.includes(id))
    throw mistake('unknown-channel', `没有渠道“${id}”`, `There is no channel "${id}"`, {
      nearest: nearest(id, known),
      expected: { zh: known.join('、'), en: known.join(', ') },
    })
  for (const side of laws)
    side.law = { ...side.law, channels: side.law.channels.filter(channel => channel.id === id) }
}

/** Who qualifies, in a file or in the synthetic population; `findings` say what was refused or could not be known. */
async function populationOf(
  given: Given,
  laws: [LawOf, LawOf],
  areas: Area[],
): Promise<{ population?: PopulationMoves; findings: Finding[] }> {
  const file = given.options.persons as string | undefined
  if (file !== undefined) {
    if (given.options.scale !== undefined)
      throw mistake(
        'wrong-value',
        '--persons 与 --scale 不能同用',
        '--persons and --scale do not go together',
      )
    return fromFile(file, await readText(file), laws, areas)
  }
  const missing = laws.flatMap(({ policy, law }) => unsuppliedFacts(policy, law))
  if (missing.length > 0) {
    // Who did not ask for a population still gets the comparison.
    if (given.options.scale !== undefined) throw new InputError(missing)
    return { findings: missing.map(finding => ({ ...finding, severity: 'note' })) }
  }
  const pack = await loadPack(given.options.pack as string)
  const refused = unprotectedCounts(pack)
  if (refused.length > 0) {
    if (given.options.scale !== undefined) throw new InputError(refused)
    return { findings: refused.map(finding => ({ ...finding, severity: 'note' })) }
  }
  const month = Math.max(...laws.map(({ law }) => law.month))
  const [scale, seed] = [(given.options.scale as number | undefined) ?? SCALE, given.options.seed as string]
  const people = applicants({ pack, scale, seed, month })
  const [a, b] = laws.map(({ law }) => law)
  const count = new QualifyingCount(a, b, GROUPS)
  for (let i = 0; i < people.heads.length; i++) count.add(people.facts(i, a), people.facts(i, b))
  return {
    population: { source: { kind: 'synthetic', pack: pack.id, month, scale, seed }, counted: count.counted },
    findings: [],
  }
}

/** Each law reads the file with its own facts; a column that only the other one knows is passed over. */
function fromFile(file: string, text: string, laws: [LawOf, LawOf], areas: Area[]) {
  const read = laws.map(({ policy }, i) => {
    const others = laws[1 - i].policy.facts.filter(
      ({ name }) => !policy.facts.some(fact => fact.name === name),
    )
    return readPersons(text, file, [...policy.facts, ...others], areas)
  })
  const errors: Finding[] = []
  const ready = laws.map(({ policy, law }, i) => withColumns(policy, law, read[i], file, areas, errors))
  if (errors.length > 0) throw new InputError(errors)
  const rows = read.map(({ rows }, i) => rows.map(row => row.subarray(0, laws[i].policy.facts.length)))
  ready.forEach(({ law }, i) =>
    rows[i].forEach((row: FactRow) => compute(law.declared, row, read[i].columns)),
  )
  const index = new Map(read[1].ids.map((id, i) => [id, i]))
  const [a, b] = ready.map(({ law }) => law)
  const count = new QualifyingCount(
    a,
    b,
    GROUPS.filter(name => read[0].columns.has(laws[0].policy.facts.findIndex(fact => fact.name === name))),
  )
  read[0].ids.forEach((id, i) => {
    const other = index.get(id)
    if (other !== undefined) count.add(rows[0][i], rows[1][other])
  })
  const findings = [...read.flatMap(({ refused }) => refused), ...ready.flatMap(({ notes }) => notes)]
  return {
    population: { source: { kind: 'file' as const, file }, counted: count.counted },
    findings: [...new Map(findings.map(finding => [JSON.stringify(finding), finding])).values()],
  }
}

/** The law without conditions on facts that may be missing; other missing facts are errors. */
function withColumns(
  policy: Policy,
  law: Law,
  { columns }: Persons,
  file: string,
  areas: Area[],
  errors: Finding[],
): { law: Law; notes: Finding[] } {
  const notes: Finding[] = []
  const without: string[] = []
  for (const [slot, channels] of missingFacts(law, columns)) {
    const { name, label, skippedWhenMissing } = policy.facts[slot]
    if (skippedWhenMissing) without.push(name)
    ;(skippedWhenMissing ? notes : errors).push({
      severity: skippedWhenMissing ? 'note' : 'error',
      code: skippedWhenMissing ? 'condition-skipped' : 'missing-column',
      file,
      line: 1,
      message: {
        zh: `缺少列“${name}”(${label.zh}),${policy.title.zh}的渠道 ${channels.join('、')} 需要它${skippedWhenMissing ? ',略过该条件' : ''}`,
        en: `Column "${name}" is missing; ${policy.id} needs it for ${channels.join(', ')}${skippedWhenMissing ? ': the condition is skipped' : ''}`,
      },
    })
  }
  if (without.length === 0) return { law, notes }
  const { channels, ...rest } = compileLaw(policy, law.month, { areas, without })
  return {
    law: { ...rest, channels: channels.filter(({ id }) => law.channels.some(kept => kept.id === id)) },
    notes,
  }
}
