/** What a status gives at a service, as a number: the only way in which services read the law. */
import { valueOf, type Values } from '../evidence/parameter.js'
import type { Law, Status } from '../policy/policy.js'

/**
 * The entitlement `key` of `status` at `service`: a number as it stands, a flag as 1 or 0, a parameter's id as its
 * value (with `stage`, the parameter `id.stage` where there is one: `edu.pubPermit` + `junior`).
 *
 * @returns 0 where the law says nothing about the service, status or key, and for every key where `claim` is false
 * @throws Error if the law names a parameter that does not exist
 */
export function entitled(
  law: Law,
  service: string,
  status: Status,
  values: Values,
  key: string,
  stage?: string,
): number {
  const entitlement = law.entitlements[service]?.[status]
  const given = entitlement?.[key]
  if (given === undefined || entitlement?.claim === false) return 0
  if (typeof given !== 'string') return Number(given)
  const staged = stage === undefined ? undefined : values.get(`${given}.${stage}`)
  return staged ?? valueOf(values, given)
}

/** Whether `status` may claim the service in this area: an entitlement may name the areas (by id) in which alone it holds. */
export function mayClaim(law: Law, service: string, status: Status, area: string): boolean {
  const { claim, areas } = law.entitlements[service]?.[status] ?? {}
  return Boolean(claim) && (!Array.isArray(areas) || areas.includes(area))
}
