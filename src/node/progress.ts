/**
 * A progress line with the time left, on standard error: only for people (a terminal), and only once the work has
 * taken two seconds.
 */
import type { Lang, Text } from '../reading/text.js'

export interface Progress {
  /** `done` of `total` parts are finished. */
  step(done: number, total: number): void
  /** Remove the line. Call it before anything else is printed, also after an error. */
  end(): void
}

export interface ProgressOptions {
  what: Text
  lang: Lang
  quiet?: boolean
  /** For tests: where to draw, and milliseconds. */
  stream?: { isTTY?: boolean; write(text: string): unknown }
  now?: () => number
}

const PATIENCE = 2000
const REDRAW = 200

export function progress({
  what,
  lang,
  quiet = false,
  stream = process.stderr,
  now = () => performance.now(),
}: ProgressOptions): Progress {
  if (quiet || !stream.isTTY) return { step() {}, end() {} }
  const began = now()
  let drawn = -Infinity
  return {
    step(done, total) {
      const at = now()
      const taken = at - began
      if (taken < PATIENCE || at - drawn < REDRAW || done <= 0) return
      drawn = at
      const left = (taken / done) * (total - done)
      const percent = `${Math.floor((100 * done) / total)} %`
      const rest = lang === 'zh' ? `还需约 ${duration(left, lang)}` : `about ${duration(left, lang)} left`
      stream.write(`\r\x1b[K${what[lang]}  ${percent}  ${rest}`)
    },
    end() {
      if (drawn > -Infinity) stream.write('\r\x1b[K')
      drawn = -Infinity
    },
  }
}

function duration(milliseconds: number, lang: Lang): string {
  const seconds = Math.ceil(milliseconds / 1000)
  const [minute, second] = lang === 'zh' ? [' 分 ', ' 秒'] : [' min ', ' s']
  return seconds < 60 ? `${seconds}${second}` : `${Math.floor(seconds / 60)}${minute}${seconds % 60}${second}`
}
