/** The files of a run's folder: manifest, tables, replicates, charts, page, workbook. Whatever is in them follows from the plan. */
import { inWords } from '../reading/finding.js'
import { formatMonth, monthsOf } from '../evidence/month.js'
import type { PlanSource } from '../experiment/plan.js'
import { layoutOf } from '../experiment/tables.js'
import type { Lang } from '../reading/text.js'
import { CHARTS } from '../report/charts/charts.js'
import { reportHtml } from '../report/document.js'
import { hiddenNote } from '../report/wording/wording.js'
import type { Suppression } from '../results/comparison.js'
import { csv, formatNumber, HIDDEN_MARK, tableFiles } from '../results/csv.js'
import { toTens } from '../results/suppression/rule.js'
import { chartDocument } from './document.js'
import type { Outcome } from './experiment.js'
import { sha256 } from './hash.js'
import { comparisonXlsx } from './xlsx.js'

/** Larger tables (a row a month, area, channel and origin) are not kept for every replicate. */
const ROWS_KEPT = 2000

export async function runFiles(
  { plan, prepared, comparison, runs }: Outcome,
  lang: Lang,
  version: string,
): Promise<Map<string, string | Uint8Array>> {
  const files = new Map<string, string | Uint8Array>()
  for (const [name, content] of tableFiles(comparison.tables, comparison.baseline))
    files.set(`tables/${name}`, content)

  const layout = layoutOf(plan)
  for (const { schema, rows, offset } of layout.tables) {
    // Of real persons no single simulation is shown: its counts would undo what bands hide.
    if (rows.length > ROWS_KEPT || comparison.suppression) continue
    const header = [
      'scenario',
      'replicate',
      ...schema.keys,
      ...schema.measures.map(({ id, unit }) => `${id}[${unit}]`),
    ]
    const lines = plan.scenarios.flatMap(({ id }, s) =>
      runs.replicates.flatMap(({ simulated }, r) =>
        rows.map((keys, row) => [
          id,
          String(r),
          ...keys,
          ...schema.measures.map((_, m) => formatNumber(simulated[s][offset + m * rows.length + row])),
        ]),
      ),
    )
    files.set(`replicates/${schema.id}.csv`, '\ufeff' + csv([header, ...lines]))
  }

  const document = chartDocument()
  for (const language of ['zh', 'en'] as const)
    for (const [name, chart] of Object.entries(CHARTS)) {
      const svg = chart(comparison, { lang: language, document })
      if (svg !== undefined) files.set(`charts/${language}/${name}.svg`, svg)
    }
  files.set('report.html', reportHtml(comparison, { lang, document }))
  if (comparison.suppression)
    files.set(
      'tables/README.txt',
      ['zh', 'en']
        .flatMap(language => hiddenNote(comparison, language as Lang))
        .map(note => `${HIDDEN_MARK} = ${note}`)
        .join('\n') + '\n',
    )
  files.set('comparison.xlsx', await comparisonXlsx(comparison, lang))
  files.set(
    'manifest.json',
    JSON.stringify(manifest(plan.source, { plan, prepared, comparison }, files, lang, version), null, 2) +
      '\n',
  )
  return files
}

/** What `menkan verify` needs to do the run again, and what anybody needs to know what it was made of. */
export interface Manifest {
  menkan: string
  node: string
  lang: Lang
  source: Omit<PlanSource, 'pack'> & { pack: { id: string; version: string; files: Record<string, string> } }
  inputs: Record<string, string>
  horizon: { from: string; to: string }
  scenarios: {
    id: string
    parameters: Record<string, { value: number | null; layer: string; grade: string }>
  }[]
  /** Persons of the synthetic pool, months, and runs (replicates × scenarios): the work that was done. */
  counts: { persons: number; households: number; months: number; runs: number }
  tables: { name: string; rows: number; sha256: string }[]
  /** The rule by which counts of real persons were hidden, and the earlier releases that it took into account. */
  suppression?: Suppression
  findings: string[]
  files: Record<string, string>
}

function manifest(
  { pack, ...source }: PlanSource,
  { plan, prepared, comparison }: Omit<Outcome, 'runs'>,
  files: ReadonlyMap<string, string | Uint8Array>,
  lang: Lang,
  version: string,
): Manifest {
  const whole = comparison.suppression ? toTens : (count: number) => count
  return {
    menkan: version,
    node: process.versions.node,
    lang,
    source: { ...source, pack: { id: pack.id, version: pack.version, files: pack.files } },
    inputs: Object.fromEntries(Object.values(source.policies).map(({ file, text }) => [file, sha256(text)])),
    horizon: { from: formatMonth(plan.horizon.from), to: formatMonth(plan.horizon.to) },
    scenarios: plan.scenarios.map(({ id, layered }) => ({
      id,
      parameters: Object.fromEntries(
        pack.parameters.map(parameter => [
          parameter.id,
          {
            value: layered.values.get(parameter.id) ?? null,
            layer: layered.layers.get(parameter.id) ?? 'pack',
            grade: parameter.grade,
          },
        ]),
      ),
    })),
    counts: {
      persons: whole(prepared.population.persons.count),
      households: whole(prepared.population.households.count),
      months: monthsOf(plan.horizon),
      runs: plan.source.replicates * plan.scenarios.length,
    },
    tables: comparison.tables.map(({ schema, rows }) => ({
      name: schema.id,
      rows: rows.length,
      sha256: sha256(files.get(`tables/${schema.id}.csv`)!),
    })),
    ...(comparison.suppression && { suppression: comparison.suppression }),
    findings: comparison.findings.map(finding => inWords(finding, 'en')),
    files: Object.fromEntries([...files].map(([name, content]) => [name, sha256(content)])),
  }
}
