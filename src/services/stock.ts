/** Findings about stocks that nobody has published: what is not known, and the line by which planners enter their own. */
import type { Values } from '../evidence/parameter.js'
import type { Finding } from '../reading/finding.js'
import type { Text } from '../reading/text.js'

/**
 * One note for all stocks of a service whose values are absent; none if every one is given.
 * @param ids   `stock.seats.duanzhou.primary` …
 * @param what  what is not known, and what is shown instead
 */
export function unknownStock(ids: string[], values: Values, what: Text): Finding[] {
  const missing = ids.filter(id => !values.has(id))
  if (missing.length === 0) return []
  const line = `--set ${missing[0]}=N`
  return [
    {
      severity: 'note',
      code: 'stock-unknown',
      message: {
        zh: `${what.zh}（${missing.length} 项未知：${missing.join('、')}）`,
        en: `${what.en} (${missing.length} not known: ${missing.join(', ')})`,
      },
      fix: { zh: `填入本地数据：${line}`, en: `Enter your own figure: ${line}` },
    },
  ]
}
