/** What is wrong in a file of cases, each at its place; names that do not exist with the nearest that does. */
import type { Finding } from '../../reading/finding.js'
import { nearest } from '../../reading/nearest.js'
import type { Text } from '../../reading/text.js'
import type { Positions } from '../../reading/yaml.js'

export type Path = readonly PropertyKey[]

export class Mistakes {
  private readonly told = new Map<string, Finding>()

  constructor(private readonly positions: Positions) {}

  get findings(): Finding[] {
    return [...this.told.values()]
  }

  /** A mistake that shows in several months is told once. */
  report(path: Path, code: string, message: Text, more: Partial<Finding> = {}): void {
    const place = { file: this.positions.file, ...this.positions.at(path) }
    const finding: Finding = { severity: 'error', code, ...place, message, ...more }
    const key = `${place.line}:${place.column} ${code}`
    this.told.set(key, this.told.get(key) ?? finding)
  }

  /** Reports a name that is not among those known. */
  known(name: string, known: readonly string[], [code, says]: Naming, path: Path): boolean {
    if (known.includes(name)) return true
    const expected = { zh: known.join('、'), en: known.join(', ') }
    this.report(path, code, says(name), {
      nearest: nearest(name, known),
      ...(known.length > 0 && { expected }),
    })
    return false
  }
}

/** The code of a name that does not exist, and the words for it. */
export type Naming = readonly [code: string, says: (name: string) => Text]

export const PERSON: Naming = [
  'unknown-person',
  name => ({ zh: `没有名为“${name}”的案例人物`, en: `There is no person "${name}"` }),
]
export const CHANNEL: Naming = [
  'unknown-channel',
  name => ({ zh: `没有渠道“${name}”`, en: `There is no channel "${name}"` }),
]
export const LINE: Naming = [
  'unknown-line',
  name => ({ zh: `没有名为“${name}”的积分行`, en: `There is no line "${name}"` }),
]
export const AREA: Naming = [
  'unknown-area',
  name => ({ zh: `没有名为“${name}”的地区`, en: `Unknown area "${name}"` }),
]
export const RULE = (path: string): Naming => [
  'unknown-path',
  name => ({ zh: `“${path}”中没有“${name}”`, en: `There is no "${name}" in "${path}"` }),
]
