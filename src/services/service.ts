/**
 * One interface for every service. A service is a fold over months: it reads the month's flows (who registered,
 * from where, with which children; who lives here without) and the law's entitlements, keeps its own stocks and
 * fills its tables. None knows another. It works on aggregates and draws no luck of its own.
 */
import type { Values } from '../evidence/parameter.js'
import type { Horizon } from '../evidence/month.js'
import type { Pack } from '../pack/pack.js'
import type { Law } from '../policy/policy.js'
import type { Finding } from '../reading/finding.js'
import type { Table, TableSchema } from '../results/table.js'
import type { Flows } from '../simulation/flows.js'

export interface ServiceContext {
  pack: Pack
  horizon: Horizon
  /** The values of this draw, stocks included (`stock.…`); a stock that is not known is absent. */
  values: Values
  /** The law in force in a month of the horizon (0 = its first). */
  law(month: number): Law
}

export interface Service<State = unknown> {
  /** `education`, `housing`, `insurance`. */
  id: string
  schemas: TableSchema[]
  /** Row keys of each schema, from pack and horizon alone. */
  rows(schema: TableSchema, pack: Pack, horizon: Horizon): string[][]
  begin(context: ServiceContext): State
  /** Month counts from 0. Changes `state` only. */
  month(state: State, month: number, flows: Flows, context: ServiceContext): void
  end(state: State, context: ServiceContext): Table[]
  /** What the user has to know about levels and stocks: unknown stock, the line to enter one's own. */
  findings(pack: Pack, values: Values): Finding[]
}
