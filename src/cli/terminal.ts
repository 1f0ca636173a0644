/** Where a verb speaks: results to standard output, all else to standard error. */
import { inWords, plain, type Finding, type Severity } from '../reading/finding.js'
import type { Lang, Text } from '../reading/text.js'
import type { Given, Terminal } from './verb.js'

export interface Streams {
  stdout: { write(text: string): unknown; isTTY?: boolean; columns?: number }
  stderr: { write(text: string): unknown; isTTY?: boolean }
  environment: Record<string, string | undefined>
}

const SEVERITY: Record<Severity, Text & { color: number }> = {
  error: { zh: '错误', en: 'error', color: 31 },
  warning: { zh: '注意', en: 'warning', color: 33 },
  note: { zh: '说明', en: 'note', color: 36 },
}

export function terminal({ options }: Given, lang: Lang, { stdout, stderr, environment }: Streams): Terminal {
  const plainly = Boolean(environment.NO_COLOR) || options['no-color'] === true
  const quiet = options.quiet === true
  const format = (options.format ?? 'text') as Terminal['format']
  const label = (severity: Severity) => {
    const { color, [lang]: word } = SEVERITY[severity]
    return stderr.isTTY && !plainly ? `\x1b[${color}m${word}\x1b[0m` : word
  }
  return {
    lang,
    format,
    quiet,
    color: !plainly && stdout.isTTY === true,
    width: stdout.columns ?? 80,
    print: text => void stdout.write(text + '\n'),
    tell: text => void (quiet || stderr.write(text + '\n')),
    report(findings: Finding[]) {
      const shown = quiet ? findings.filter(({ severity }) => severity === 'error') : findings
      if (shown.length === 0) return
      stderr.write(
        format === 'json'
          ? JSON.stringify({ findings: shown.map(finding => plain(finding, lang)) }, null, 2) + '\n'
          : shown.map(finding => `${label(finding.severity)}: ${inWords(finding, lang)}\n`).join(''),
      )
    },
  }
}
