/** The public API. Above node/ everything is free of a machine: hand in texts, get values back. */

// Reading and findings
export { InputError, inWords, plain, type Finding, type PlainFinding } from './reading/finding.js'
export type { Lang, Text } from './reading/text.js'

// Numbers with evidence
export { drawParameter } from './evidence/draw.js'
export { seedKey, subKey, uniform, type SeedKey } from './evidence/luck.js'
export { formatMonth, monthOf, parseMonth, type Horizon, type Month } from './evidence/month.js'
export type { Evidence, Grade, Layer, Parameter, Values } from './evidence/parameter.js'

// A place
export { checkPack } from './pack/check.js'
export { readPack } from './pack/read.js'
export type { Area, Pack } from './pack/pack.js'

// Rule sets
export { compileLaw, compileLaws } from './policy/compile.js'
export { CORE_FACTS, type FactDefinition } from './policy/facts.js'
export { evaluate } from './policy/evaluate.js'
export { readPolicy, resolvePolicy } from './policy/read.js'
export type { Law, Policy } from './policy/policy.js'

// Population
export { integerise } from './population/integerise.js'
export { rake } from './population/rake.js'
export { synthesize } from './population/synthesize.js'
export type { Population } from './population/population.js'

// Simulation
export { meanField } from './simulation/meanField.js'
export { simulate } from './simulation/simulate.js'
export type { Flows } from './simulation/flows.js'

// Services
export { SERVICES } from './services/list.js'
export type { Service } from './services/service.js'

// Experiments
export { compare } from './experiment/compare.js'
export { openPlan, type Plan, type PlanSource } from './experiment/plan.js'
export { prepare } from './experiment/prepare.js'
export { readScenario, type Scenario } from './experiment/scenario.js'
export { worker } from './experiment/runs.js'
export type { Comparison } from './results/comparison.js'

// Calibration
export { ridge } from './calibration/ridge.js'

// Reports
export { CHARTS } from './report/charts/charts.js'
export { reportHtml } from './report/document.js'
