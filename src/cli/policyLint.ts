/** menkan policy lint: everything that can be known of rule sets without running them. */
import { loadPack } from '../node/packs.js'
import { loadPolicy } from '../node/policies.js'
import { lintPolicy, type PlaceNames } from '../policy/lint.js'
import { InputError, plain, type Finding, type Severity } from '../reading/finding.js'
import type { Lang, Text } from '../reading/text.js'
import { wrap } from '../report/lines.js'
import { POLICY } from './policyInput.js'
import type { Terminal, Verb } from './verb.js'

export const lint: Verb = {
  path: ['policy', 'lint'],
  does: {
    zh: '不运行就检查政策:错误、死条款、达不到的分数、不起作用的上限、日期、缺少的来源',
    en: 'Check rule sets without running them: errors, dead clauses, points out of reach, idle caps, dates, sources',
  },
  takes: [{ ...POLICY, many: true }],
  options: {
    pack: {
      type: 'string',
      does: {
        zh: '数据包:同时检查地区和参数的名称',
        en: 'A pack: names of areas and parameters are checked too',
      },
    },
    strict: { type: 'boolean', does: { zh: '有警告即以 3 退出', en: 'Exit with 3 if there is a warning' } },
  },
  example: 'menkan policy lint zhaoqing-zero-threshold --pack zhaoqing',
  async act({ positionals, options }, terminal) {
    const place = options.pack === undefined ? undefined : await placeOf(options.pack as string)
    const checked: Checked[] = []
    for (const name of positionals.policy as string[]) checked.push(await check(name, place))
    if (terminal.format === 'json') {
      const documents = checked.map(({ policy, findings }) => ({
        policy,
        findings: findings.map(finding => plain(finding, terminal.lang)),
      }))
      terminal.print(JSON.stringify(documents.length === 1 ? documents[0] : documents, null, 2))
    } else terminal.print(checked.map(one => inText(one, terminal).join('\n')).join('\n\n'))
    const severities = checked.flatMap(({ findings }) => findings.map(({ severity }) => severity))
    if (severities.includes('error')) return 2
    return options.strict && severities.includes('warning') ? 3 : 0
  },
}

/** A rule set, by its id where it could be read, and all that is to say of it. */
interface Checked {
  policy: string
  title?: Text
  findings: Finding[]
}

async function placeOf(name: string): Promise<PlaceNames> {
  const { areas, parameters } = await loadPack(name)
  return { areas, parameters: parameters.map(({ id }) => id) }
}

async function check(name: string, place: PlaceNames | undefined): Promise<Checked> {
  try {
    const policy = await loadPolicy(name)
    return { policy: policy.id, title: policy.title, findings: lintPolicy(policy, place) }
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return { policy: name, findings: error.findings }
  }
}

const SEVERITIES: Record<Severity, { heading: Text; one: string; many: string; zh: string; color: number }> =
  {
    error: { heading: { zh: '错误', en: 'Errors' }, one: 'error', many: 'errors', zh: '处错误', color: 31 },
    warning: {
      heading: { zh: '警告', en: 'Warnings' },
      one: 'warning',
      many: 'warnings',
      zh: '条警告',
      color: 33,
    },
    note: { heading: { zh: '说明', en: 'Notes' }, one: 'note', many: 'notes', zh: '条说明', color: 36 },
  }
const ORDER = Object.keys(SEVERITIES) as Severity[]

/** Grouped by severity and file, the places in a column, the words beside them. */
function inText({ policy, title, findings }: Checked, { lang, width, color }: Terminal): string[] {
  const painted = (text: string, code: number) => (color ? `\u001b[${code}m${text}\u001b[0m` : text)
  const files = [...new Set(findings.map(({ file }) => file))]
  const placeOf = ({ line, column }: Finding) => [line, column].filter(part => part !== undefined).join(':')
  const margin = Math.max(0, ...findings.map(finding => placeOf(finding).length))
  const room = Math.max(30, width - margin - 4)
  const lines = [title ? `${title[lang]} (${policy})` : policy]
  if (files.length === 1 && files[0] !== undefined) lines.push(files[0])
  for (const severity of ORDER) {
    const those = findings.filter(finding => finding.severity === severity)
    if (those.length === 0) continue
    lines.push('', painted(SEVERITIES[severity].heading[lang], SEVERITIES[severity].color))
    for (const file of files) {
      const inFile = those.filter(finding => finding.file === file)
      if (files.length > 1 && file !== undefined && inFile.length > 0) lines.push(`  ${file}`)
      for (const finding of inFile)
        for (const [i, text] of wordsOf(finding, lang, room).entries())
          lines.push(`  ${(i === 0 ? placeOf(finding) : '').padEnd(margin)}  ${text}`)
    }
  }
  return [...lines, '', count(findings, lang)]
}

function wordsOf({ code, message, expected, nearest, fix }: Finding, lang: Lang, width: number): string[] {
  const zh = lang === 'zh'
  const more = [
    expected && (zh ? `应为:${expected.zh}` : `Expected: ${expected.en}`),
    nearest && (zh ? `是否想写“${nearest}”?` : `Did you mean "${nearest}"?`),
    fix?.[lang],
  ].filter(text => text !== undefined)
  return [
    ...wrap(`${message[lang]} [${code}]`, width),
    ...more.flatMap(text => wrap(text, width - 2).map(line => `  ${line}`)),
  ]
}

function count(findings: readonly Finding[], lang: Lang): string {
  const counts = ORDER.map(severity => {
    const number = findings.filter(finding => finding.severity === severity).length
    const { one, many, zh } = SEVERITIES[severity]
    return lang === 'zh' ? `${number} ${zh}` : `${number} ${number === 1 ? one : many}`
  })
  return lang === 'zh' ? `${counts.join('、')}。` : `${counts.join(', ')}.`
}
