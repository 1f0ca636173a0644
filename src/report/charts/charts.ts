/** The charts by name: the file names under charts/ and what `menkan chart` takes. */
import type { Chart } from './frame.js'
import { channels } from './channels.js'
import { fan } from './fan.js'
import { fund } from './fund.js'
import { presence } from './presence.js'
import { seats } from './seats.js'
import { waiting } from './waiting.js'

export const CHARTS: Record<string, Chart> = {
  fan,
  channels,
  presence,
  'seats-primary': seats('primary'),
  'seats-junior': seats('junior'),
  waiting,
  fund,
}
