/**
 * Ctrl-C: what lies half-written is removed before the program ends. Signals are caught only while there is
 * something to remove; at any other time the system ends the program at once, even inside a long loop.
 */
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const

const cleanups = new Set<() => void>()

/**
 * Have `cleanup` run (synchronously) if the program is interrupted.
 * @returns a function that takes it off again
 */
export function onInterrupt(cleanup: () => void): () => void {
  if (cleanups.size === 0) for (const signal of names()) process.on(signal, end)
  cleanups.add(cleanup)
  return () => {
    cleanups.delete(cleanup)
    if (cleanups.size === 0) for (const signal of names()) process.off(signal, end)
  }
}

const names = () => Object.keys(SIGNALS) as (keyof typeof SIGNALS)[]

function end(signal: NodeJS.Signals) {
  for (const cleanup of cleanups)
    try {
      cleanup()
    } catch {
      // The others still get their turn.
    }
  process.exit(SIGNALS[signal as keyof typeof SIGNALS])
}
