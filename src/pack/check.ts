/** What does not fit together in a pack's published numbers, by general rules (pack/rules). Warnings and notes, never errors. */
import type { Finding } from '../reading/finding.js'
import type { Pack } from './pack.js'
import { growthDoubts, targetDoubts } from './rules/growth.js'
import { markDoubts } from './rules/marks.js'
import { areaDoubts, channelDoubts } from './rules/parts.js'
import { disagreementDoubts, ratioDoubts } from './rules/ratios.js'
import { breakDoubts, netDoubts } from './rules/series.js'

/** @returns findings, warnings before notes; what is wrong in form was refused by `readPack` already */
export function checkPack(pack: Pack): Finding[] {
  const findings = [
    ...markDoubts(pack),
    ...areaDoubts(pack),
    ...channelDoubts(pack),
    ...ratioDoubts(pack),
    ...growthDoubts(pack),
    ...disagreementDoubts(pack),
    ...targetDoubts(pack),
    ...breakDoubts(pack),
    ...netDoubts(pack),
  ]
  const rank = { error: 0, warning: 1, note: 2 }
  return findings.sort((a, b) => rank[a.severity] - rank[b.severity])
}
