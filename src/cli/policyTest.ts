/** menkan policy test: the cases that lie beside rule sets, what they cover, and what change they would miss. */
import { formatMonth } from '../evidence/month.js'
import { loadCases, shippedCases } from '../node/cases.js'
import { coverageOf, type Coverage } from '../policy/cases/coverage.js'
import { mutate, type Caught, type Mutation } from '../policy/cases/mutate.js'
import { runCases, type CaseResult } from '../policy/cases/run.js'
import type { Policy } from '../policy/policy.js'
import { InputError } from '../reading/finding.js'
import type { Lang, Text } from '../reading/text.js'
import type { Terminal, Verb } from './verb.js'

export const test: Verb = {
  path: ['policy', 'test'],
  does: {
    zh: '运行政策旁的案例,并指出没有案例触及的条款',
    en: 'Run the cases beside a policy and tell which clause no case exercises',
  },
  takes: [
    {
      name: 'policies',
      many: true,
      does: {
        zh: '政策名称、政策文件或案例文件(默认所有内置案例)',
        en: 'Names or files of policies, or files of cases (default: all shipped cases)',
      },
    },
  ],
  options: {
    mutate: {
      type: 'boolean',
      does: {
        zh: '逐一改动政策中的数、比较与日期,看案例能否发现',
        en: 'Change each number, comparison and date of the policy in turn: do the cases notice?',
      },
    },
  },
  example: 'menkan policy test guangdong-points --mutate',
  async act({ positionals, options }, terminal) {
    const named = (positionals.policies ?? []) as string[]
    const one = named.length === 1
    const records = []
    for (const tested of await loadAll(named.length > 0 ? named : shippedCases())) {
      const { policy, cases } = tested
      const results = runCases(policy, cases)
      const coverage = coverageOf(policy, cases)
      const holds = results.every(({ differences }) => differences.length === 0)
      // What a case notices is only known where all hold.
      const mutation = options.mutate === true && holds ? mutate(policy, cases) : undefined
      const outcome = { policy, file: cases.file, results, coverage, mutation }
      records.push(recordOf(outcome, terminal.lang))
      if (terminal.format !== 'json') printOutcome(outcome, one, terminal)
    }
    if (terminal.format === 'json') terminal.print(JSON.stringify(one ? records[0] : records, null, 2))
    return records.some(({ failed }) => failed > 0) ? 3 : 0
  },
}

/** @throws InputError with the mistakes of all files */
async function loadAll(names: readonly string[]) {
  const read = await Promise.allSettled(names.map(loadCases))
  const mistakes = read.flatMap(result => {
    if (result.status === 'fulfilled') return []
    if (result.reason instanceof InputError) return result.reason.findings
    throw result.reason
  })
  if (mistakes.length > 0) throw new InputError(mistakes)
  return read.flatMap(result => (result.status === 'fulfilled' ? [result.value] : []))
}

interface Outcome {
  policy: Policy
  /** Of the cases. */
  file: string
  results: CaseResult[]
  coverage: Coverage
  mutation?: Mutation
}

/** `policy test --format json`, one file of cases. */
function recordOf({ policy, file, results, coverage, mutation }: Outcome, lang: Lang) {
  const failed = results.filter(({ differences }) => differences.length > 0).length
  return {
    policy: policy.id,
    file,
    passed: results.length - failed,
    failed,
    cases: results.map(({ name, month, line, source, differences }) => ({
      case: name,
      at: formatMonth(month),
      line,
      passed: differences.length === 0,
      ...(source !== undefined && { source }),
      differences: differences.map(({ what, expected, got }) => ({
        what: what[lang],
        expected: expected[lang],
        got: got[lang],
      })),
    })),
    coverage,
    ...(mutation && { mutation }),
  }
}

/** @param all every case has its line, not only those that do not hold */
function printOutcome(outcome: Outcome, all: boolean, { print, lang }: Terminal): void {
  const { policy, file, results, coverage, mutation } = outcome
  const say = (text: Text) => print(text[lang])
  const failed = results.filter(({ differences }) => differences.length > 0)
  print(`${policy.title[lang]} (${policy.id})`)
  for (const { name, month, line, differences } of all ? results : failed) {
    const mark = differences.length === 0 ? { zh: '通过', en: 'ok  ' } : { zh: '不符', en: 'FAIL' }
    const place = differences.length === 0 ? '' : `  ${file}:${line}`
    print(`  ${mark[lang]}  ${name}, ${formatMonth(month)}${place}`)
    for (const { what, expected, got } of differences)
      say({
        zh: `        ${what.zh}:应为 ${expected.zh},实为 ${got.zh}`,
        en: `        ${what.en}: expected ${expected.en}, got ${got.en}`,
      })
  }
  const [total, passed] = [results.length, results.length - failed.length]
  say({ zh: `案例:${total} 个,${passed} 个通过`, en: `Cases: ${passed} of ${total} hold` })

  const missed = coverage.clauses.filter(({ both }) => !both)
  const covered = coverage.clauses.length - missed.length
  const missing = missed.length > 0 ? { zh: ';没有的是:', en: '; not by any case:' } : { zh: '', en: '' }
  say({
    zh: `条款:${coverage.clauses.length} 条中 ${covered} 条有案例检验,条件两面都见到${missing.zh}`,
    en: `Clauses: ${covered} of ${coverage.clauses.length} exercised, conditions from both sides${missing.en}`,
  })
  for (const { file, line, column, path, exercised } of missed)
    say({
      zh: `  ${placeOf(file, line, column)}  ${path}${exercised ? '(只见一面)' : ''}`,
      en: `  ${placeOf(file, line, column)}  ${path}${exercised ? ' (seen from one side only)' : ''}`,
    })
  if (mutation) printMutation(mutation, say)
}

function printMutation({ numbers, all, survivors }: Mutation, say: (text: Text) => void): void {
  const left = survivors.length > 0 ? { zh: ';未发现的是:', en: '; not noticed:' } : { zh: '', en: '' }
  say({
    zh: `逐一改动:${numbers.changed} 个数发现 ${numbers.caught} 个(${percent(numbers)});连同比较、取值和日期 ${all.changed} 处发现 ${all.caught} 处(${percent(all)})${left.zh}`,
    en: `Changes noticed: ${numbers.caught} of ${numbers.changed} numbers (${percent(numbers)}); ${all.caught} of ${all.changed} with comparisons, values and dates (${percent(all)})${left.en}`,
  })
  for (const { file, line, column, path, from, to } of survivors)
    say({
      zh: `  ${placeOf(file, line, column)}  ${path}: ${from} → ${to}`,
      en: `  ${placeOf(file, line, column)}  ${path}: ${from} → ${to}`,
    })
}

/** Never rounded up to the whole. */
const percent = ({ share }: Caught) => `${Math.floor(share * 1000) / 10} %`

const placeOf = (...parts: (string | number | undefined)[]) =>
  parts.filter(part => part !== undefined).join(':')
