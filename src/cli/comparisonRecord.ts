/** The document that `compare` and `run` print with --format json. Its names are a contract: add, never rename. */
import { plain } from '../reading/finding.js'
import type { Lang } from '../reading/text.js'
import {
  isHidden,
  type Band,
  type Comparison,
  type Difference,
  type Headline,
} from '../results/comparison.js'

/** A hidden number is null and says so: a program must not take it for one that is not known. */
const bandOf = (band: Band) => {
  const { mean, p05, p50, p95 } = band
  return isHidden(band)
    ? { mean: null, p05: null, p50: null, p95: null, hidden: true }
    : { mean, p05, p50, p95 }
}

function differenceOf(difference: Difference) {
  if (isHidden(difference)) return bandOf(difference)
  const { mcse, mcseP05, mcseP95, signCertain, varianceReduction, shares, members } = difference
  return { ...bandOf(difference), mcse, mcseP05, mcseP95, signCertain, varianceReduction, shares, members }
}

const headlineOf = (
  { id, label, unit, keys, values, differences, grade, assumedStock }: Headline,
  lang: Lang,
) => {
  const [first, ...more] = Object.entries(differences)
  return {
    id,
    label: label[lang],
    unit,
    ...keys,
    grade,
    ...(assumedStock && { assumedStock }),
    values: Object.fromEntries(Object.entries(values).map(([scenario, band]) => [scenario, bandOf(band)])),
    ...(first && { difference: differenceOf(first[1]) }),
    // With several scenarios each has its own difference to the baseline; `difference` is the first one's.
    ...(more.length > 0 && {
      differences: Object.fromEntries(
        Object.entries(differences).map(([scenario, difference]) => [scenario, differenceOf(difference)]),
      ),
    }),
  }
}

/** @param run the folder's path as printed to the user */
export const comparisonRecord = (run: string, comparison: Comparison, lang: Lang) => ({
  run,
  seed: comparison.seed,
  replicates: comparison.replicates,
  draws: comparison.draws,
  scale: comparison.scale,
  scenarios: comparison.scenarios.map(({ id }) => id),
  headline: comparison.headline.map(headline => headlineOf(headline, lang)),
  ...(comparison.suppression && { suppression: comparison.suppression }),
  findings: comparison.findings.map(finding => plain(finding, lang)),
})
