/** A document for charts where there is no browser. */
import { parseHTML } from 'linkedom'
import type { ChartOptions } from '../report/charts/frame.js'

/** An empty page; charts build their SVG with it and leave nothing behind. */
export function chartDocument(): ChartOptions['document'] {
  return parseHTML('<!doctype html><html><body></body></html>')
    .document as unknown as ChartOptions['document']
}
