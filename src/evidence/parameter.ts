/** A number that knows its unit, range, grade and source, and where its value in force comes from. */
import type { Text } from '../reading/text.js'

export const GRADES = ['observed', 'derived', 'calibrated', 'assumed'] as const
export type Grade = (typeof GRADES)[number]

export interface Evidence {
  unit: string
  grade: Grade
  source: string
  note?: string
}

export const DISTRIBUTIONS = ['uniform', 'normal', 'lognormal', 'loguniform', 'fixed'] as const
export type Distribution = (typeof DISTRIBUTIONS)[number]

export interface Parameter extends Evidence {
  /** Dotted: `edu.pubPermit.primary`. */
  id: string
  label: Text
  /** `undefined` only for a stock that nobody has published (`stock.…`): the planner may enter it. */
  value: number | undefined
  dist: Distribution
  /** 5 % and 95 % points of what is believed. */
  interval90: [number, number]
  /** Hard limits: draws are truncated to them, an override outside them is an error. */
  support: [number, number]
}

/** Layers, lowest first. */
export const LAYERS = ['default', 'pack', 'calibration', 'scenario', 'command line'] as const
export type Layer = (typeof LAYERS)[number]

/** The values of one draw, by parameter id. */
export type Values = ReadonlyMap<string, number>

/** @throws Error if there is no such parameter: a slip of the programmer, not of the user. */
export function valueOf(values: Values, id: string): number {
  const value = values.get(id)
  if (value === undefined) throw new Error(`no parameter ${id}`)
  return value
}
