/** The table of contents of the command line. A verb is loaded only when it is asked for. */
import type { Text } from '../reading/text.js'
import type { Verb } from './verb.js'

export interface VerbEntry {
  path: string[]
  does: Text
  load(): Promise<Verb>
}

export const VERBS: VerbEntry[] = []
